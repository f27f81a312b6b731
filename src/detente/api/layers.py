"""The layers of a GIS: what is in each, and whose it is, from the same functions as all else."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Struct

from detente.api.airspace import clashes
from detente.api.caller import Caller, Role
from detente.api.shapes import Row, Spot
from detente.authority import State
from detente.authority.disclosure import (
    OwnIntent,
    PublicConstraint,
    SharedIntent,
    SharedVolumes,
    ToldOccurrence,
    alerts_for,
    constraints_for,
    occurrences_for,
    own_after,
    shared_with,
)
from detente.authority.extent import Volume4D
from detente.authority.register import Alert, Intent
from detente.record.entry import Seen

__all__ = ["LAYERS", "Layer"]


class Layer(Struct, frozen=True):
    """One layer.

    Parameters
    ----------
    roles : whose it is; to the others it is unknown.
    rows : gives what the caller may see of it.
    """

    title: str
    roles: frozenset[Role]
    rows: Callable[[State, Caller], Iterator[Row]]


def _constraints(state: State, caller: Caller) -> Iterator[Row]:
    for c in constraints_for(state, caller.subject if caller.role is Role.PARTY else ""):
        yield Row(c.constraint, c.volumes, partial(_constraint_facts, c))


def _constraint_facts(c: PublicConstraint) -> dict[str, Any]:
    return {
        "version": c.version, "effect": c.effect, "permitted": c.permitted, "reason": c.reason
    }  # fmt: skip


def _intents(state: State, caller: Caller) -> Iterator[Row]:
    if caller.role is Role.AUTHORITY:
        for name, intent in sorted(state.intents.items()):
            place = intent.extent or intent.proposal
            yield Row(name, place, partial(_intent_facts, intent), intent.off_nominal)
    else:
        for mine in own_after(state, caller.subject):
            place = mine.extent or mine.asked
            yield Row(mine.intent, place, partial(_intent_facts, mine), mine.off_nominal)


def _intent_facts(intent: Intent | OwnIntent) -> dict[str, Any]:
    aircraft = intent.aircraft
    return {
        **({"party": intent.party} if isinstance(intent, Intent) else {}),
        "version": intent.version,
        "state": intent.state,
        "precedence": intent.precedence,
        "cycle": intent.cycle,
        "callsign": aircraft.callsign if aircraft else "",
        "registration": aircraft.registration if aircraft else "",
    }


def _shared(state: State, caller: Caller) -> Iterator[Row]:
    for s in shared_with(state, caller.subject):
        if isinstance(s, SharedVolumes):
            yield Row(s.handle, s.volumes, dict, s.off_nominal)
        else:
            yield Row(f"{s.party}/{s.intent}", s.extent, partial(_shared_facts, s), s.off_nominal)


def _shared_facts(s: SharedIntent) -> dict[str, Any]:
    return {"party": s.party, "state": s.state}


def _conflicts(state: State, caller: Caller) -> Iterator[Row]:
    for name, clash in clashes(state, ""):
        intent = state.intents[name]
        yield Row(name, intent.proposal or intent.extent, partial(msgspec.to_builtins, clash))


def _tracks(state: State, caller: Caller) -> Iterator[Row]:
    for id, seen in sorted(state.tracks.items()):
        track = seen.track
        fix = track.fix
        yield Row(id, Spot(fix.lat, fix.lon, track.first, fix.at), partial(_track_facts, seen))


def _track_facts(seen: Seen) -> dict[str, Any]:
    track, by = seen.track, seen.track.deviation
    return {
        "conformance": track.conformance,
        "intent": track.intent,
        "callsign": track.callsign,
        "address": track.address,
        "squawk": track.squawk,
        "kind": track.kind,
        "course_deg": track.course,
        "speed_mps": track.speed,
        "climb_fpm": track.climb,
        "pressure_ft": track.fix.pressure,
        "geometric_ft": track.fix.geometric,
        "accuracy_m": track.fix.accuracy,
        "lateral_m": by.lateral if by else None,
        "vertical_ft": by.vertical if by else None,
        "late_s": by.time if by else None,
        "sources": ", ".join(track.sources),
        "indications": "; ".join(f"{i.indication.what} ({i.indication.by})"
                                 for i in seen.indications),
        "ended": track.ended,
        "synthetic": track.synthetic,
    }  # fmt: skip


def _alerts(state: State, caller: Caller) -> Iterator[Row]:
    if caller.role is Role.AUTHORITY:
        for id, alert in sorted(state.alerts.items()):
            yield Row(id, tuple(a.volume for a in alert.avoid), partial(_alert_facts, alert))
    else:
        for told in alerts_for(state, caller.subject):
            place = () if told.volume is None else (told.volume,)
            yield Row(told.alert, place, partial(dict, intent=told.intent))


def _alert_facts(alert: Alert) -> dict[str, Any]:
    return {
        "a": alert.a,
        "b": alert.b,
        "separation_lost": alert.start,
        "closest_m": alert.closest,
        "closest_ft": alert.vertical,
        "warned": ", ".join(sorted({avoid.party for avoid in alert.avoid})),
        "synthetic": alert.synthetic,
    }


def _events(state: State, caller: Caller) -> Iterator[Row]:
    for what in occurrences_for(state, caller.reader):
        if what.corners or what.centre is not None:
            area = Volume4D(corners=what.corners, centre=what.centre, radius=what.radius,
                            start=what.start, end=what.end)  # fmt: skip
            yield Row(what.event, (area,), partial(_event_facts, what), flat=True)


def _event_facts(what: ToldOccurrence) -> dict[str, Any]:
    return {
        "version": what.version,
        "description": what.description,
        "place": what.place,
        "question": what.questions[0][1] if what.questions else "",
        "synthetic": what.synthetic,
    }


_ALL = frozenset(Role)
_AUTHORITY = frozenset({Role.AUTHORITY})
_PARTY = frozenset({Role.PARTY})

LAYERS: Final = {
    "constraints": Layer("Constraints in force", _ALL, _constraints),
    "intents": Layer(
        "Intents: a party's own; the authority's are all", _PARTY | _AUTHORITY, _intents
    ),
    "shared": Layer("What other members of a coalition share", _PARTY, _shared),
    "conflicts": Layer("Intents that something is in the way of", _AUTHORITY, _conflicts),
    "tracks": Layer("Aircraft, where they were seen last", _AUTHORITY, _tracks),
    "alerts": Layer(
        "What a party must avoid now; the authority's are all", _PARTY | _AUTHORITY, _alerts
    ),
    "events": Layer("Events of the record that have a place", _ALL, _events),
}
"""Each layer by its name."""
