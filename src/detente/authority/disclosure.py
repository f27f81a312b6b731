"""What each party may learn: decided here, and nowhere else.

Answers, streams and views for a party are made of :class:`Notice`, :class:`OwnIntent`,
:class:`SharedIntent`, :class:`SharedVolumes` and :class:`PublicConstraint`. They are made here, out
of the party's own filings, the verdicts that it was given, what is shared with it, and what is
public; whoever answers a party is handed them, and never an event, an outcome or the state. The
ledger's positions stay here too: they would count what others do.

The test is non-interference (J. A. Goguen and J. Meseguer, Security Policies and Security
Models, IEEE S&P 1982): of two worlds that differ only in other parties' plans and give a party the
same verdicts, it cannot tell which one it is in.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from detente.airspace import Separation, occupied_volumes
from detente.authority import event as e
from detente.authority.audience import is_open, is_shared, sharing_with
from detente.authority.extent import (
    Extent,
    Path4D,
    Volume4D,
    trajectory_of,
    volume4d_of,
)
from detente.authority.notice import (
    Alternatives,
    Belonging,
    Content,
    LaidDown,
    Message,
    Notice,
    OwnIntent,
    PublicConstraint,
    Refusal,
    SharedIntent,
    SharedVolumes,
    ToldAlert,
    ToldOccurrence,
    ToldStatement,
    View,
)
from detente.authority.outcome import Outcome
from detente.authority.precedence import claimable
from detente.authority.register import Avoid, Cycle, Intent, IntentState, Sharing
from detente.authority.state import State
from detente.record.entry import Said
from detente.record.occurrence import Occurrence

__all__ = [
    "Alternatives",
    "Belonging",
    "Content",
    "LaidDown",
    "Message",
    "Notice",
    "OwnIntent",
    "PublicConstraint",
    "Refusal",
    "SharedIntent",
    "SharedVolumes",
    "ToldAlert",
    "ToldOccurrence",
    "ToldStatement",
    "View",
    "alerts_for",
    "coalitions_of",
    "constraints_for",
    "cycles_of",
    "laid_down",
    "memberships_of",
    "occurrences_for",
    "of_coalition",
    "own",
    "own_after",
    "shared_with",
    "statements_for",
    "told",
    "view",
]


def told(state: State, outcome: Outcome, position: int, party: str) -> Notice:
    """Give what a party was told in an outcome, the same whenever it is asked for.

    Parameters
    ----------
    state : knows who shared what at that position.
    position : of the outcome; one of ``state.heard(party)``.
    """
    heard = state.heard(party)
    contents = tuple(
        content
        for event in outcome.events
        for content in _disclosed(state, event, outcome, position, party)
    )
    return Notice(bisect_left(heard, position) + 1, outcome.at, contents)


def view(state: State, party: str) -> View:
    """Give all that a party may know; who is not registered is nobody (""), and knows what all may.

    What it knew at a time is this view of the state as it was then.
    """
    party = party if party in state.parties else ""
    return View(
        party=party,
        notices=len(state.heard(party)),
        intents=tuple(own_after(state, party)),
        shared=tuple(shared_with(state, party)),
        constraints=tuple(constraints_for(state, party)),
        cycles=tuple(cycles_of(state)),
        coalitions=coalitions_of(state, party),
        alerts=tuple(alerts_for(state, party)),
        occurrences=tuple(occurrences_for(state, party)),
        statements=tuple(statements_for(state, party)),
    )


def own_after(state: State, party: str, after: str = "") -> Iterator[OwnIntent]:
    """Give a party's own intents, in the order of their identifiers, after one of them."""
    return (_own(intent) for intent in state.of_party(party) if intent.id > after)


def shared_with(state: State, party: str) -> list[SharedIntent | SharedVolumes]:
    """Give what other members of a party's coalitions share with it."""
    shared = [
        _shared_intent(i) if level is Sharing.INTENTS else _shared_volumes(state, i)
        for other, level in sharing_with(state, party).items()
        for i in state.of_party(other)
        if i.stands
    ]
    return sorted(shared, key=_order)


def constraints_for(state: State, party: str) -> list[PublicConstraint]:
    """Give the constraints in force, and whether a party ("" for nobody) may enter each."""
    return [
        PublicConstraint(c.id, c.version, c.volumes, c.effect, party in c.permitted, c.reason)
        for c in sorted(state.constraints.values(), key=lambda c: c.id)
    ]


def cycles_of(state: State) -> list[Cycle]:
    """Give the cycles that were announced: they are public."""
    return sorted(state.cycles.values(), key=lambda c: c.id)


def alerts_for(state: State, party: str) -> list[ToldAlert]:
    """Give what a party must avoid now."""
    own = (a for alert in state.alerts.values() for a in alert.avoid if a.party == party)
    return sorted((_avoid(a) for a in own), key=lambda alert: alert.alert)


def occurrences_for(state: State, party: str) -> list[ToldOccurrence]:
    """Give the events of the record that a party ("" for nobody) may see, by identifier."""
    return [
        _occurrence(entered.occurrence, entered.version)
        for _, entered in sorted(state.occurrences.items())
        if is_open(entered, party)
    ]


def statements_for(state: State, party: str) -> list[ToldStatement]:
    """Give the statements that a party ("" for nobody) may see, by name."""
    return [_statement(said) for _, said in sorted(state.statements.items())
            if is_open(said, party)]  # fmt: skip


def laid_down(state: State, party: str) -> LaidDown:
    """Give what holds for all, and the classes that a party ("" for nobody) may claim."""
    known = state.parties.get(party)
    return LaidDown(state.charter, claimable(state.charter, known.highest) if known else ())


def coalitions_of(state: State, party: str) -> dict[str, tuple[str, ...]]:
    """Give a party's coalitions, and who is in them."""
    known = state.parties.get(party)
    return {
        id: tuple(sorted(state.coalitions[id].members))
        for id in sorted(known.coalitions if known else ())
    }


def memberships_of(state: State, party: str) -> list[Belonging]:
    """Give a party's coalitions and what it shares in each, and those that it may join."""
    return [
        Belonging(id, tuple(sorted(known.members)), known.members[party])
        if party in known.members
        else Belonging(id)
        for id, known in sorted(state.coalitions.items())
        if party in known.members or party in known.invited
    ]


def of_coalition(outcome: Outcome) -> Message | None:
    """Give what became of a coalition, as whoever leads it is told."""
    for event in outcome.events:
        if isinstance(event, e.PartiesInvited):
            return _message(event, coalition=event.coalition)
        if isinstance(event, e.CoalitionLeft):
            return _message(event, coalition=event.coalition, party=event.party)
    return None


def own(state: State, party: str, id: str) -> OwnIntent | None:
    """Give one intent of a party's own; None for what is unknown, and for what is another's."""
    intent = state.intents.get(f"{party}/{id}")
    return None if intent is None or intent.party != party else _own(intent)


def _order(shared: SharedIntent | SharedVolumes) -> tuple[str, str]:
    if isinstance(shared, SharedIntent):
        return shared.party, shared.intent
    return "", shared.handle


def _disclosed(
    state: State, event: e.Event, outcome: Outcome, position: int, party: str
) -> Iterable[Content]:
    """Give what one event tells a party: nothing, unless it is named here."""
    if isinstance(event, e.IntentEvent):
        if event.party == party:
            yield _own_event(event)
        else:
            yield from _shared_event(state, event, position, party)
    elif isinstance(event, e.CommandRejected):
        if outcome.by == party:
            yield Refusal(event.code, event.what, event.field, event.mend)
    elif isinstance(event, e.ConstraintPublished):
        yield PublicConstraint(
            event.constraint, event.version, event.volumes, event.effect,
            party in event.permitted, event.reason,
        )  # fmt: skip
    elif isinstance(event, e.ConstraintLifted):
        yield PublicConstraint(event.constraint, event.version, lifted=True)
    elif isinstance(event, e.CycleOpened):
        yield _message(event, cycle=event.cycle, start=event.start, end=event.end,
                       cutoff=event.cutoff)  # fmt: skip
    elif isinstance(event, e.CyclePublished):
        yield _message(event, cycle=event.cycle)
    elif isinstance(event, (e.PartyRegistered, e.PartySuspended, e.PartyReinstated)):
        if event.party == party:
            reason = event.reason if isinstance(event, e.PartySuspended) else ""
            yield _message(event, party=party, reason=reason)
    elif isinstance(event, (e.CoalitionFormed, e.PartiesInvited)):
        invited = event.invited if isinstance(event, e.CoalitionFormed) else event.parties
        if party in invited or party == f"coalition:{event.coalition}":
            yield _message(event, coalition=event.coalition)
    elif isinstance(event, e.CoalitionJoined):
        # the level is the joining party's own affair; what it shares arrives, or does not
        shares = event.shares.value if event.party == party else ""
        yield _message(event, coalition=event.coalition, party=event.party, shares=shares)
    elif isinstance(event, e.CoalitionLeft):
        yield _message(event, coalition=event.coalition, party=event.party)
    elif isinstance(event, e.AlertRaised):
        new = (a for a in event.alert.avoid if a.party == party and a.handle in event.told)
        yield from map(_avoid, new)
    elif isinstance(event, e.AlertEnded):
        yield from (_avoid(a, over=True) for a in event.avoid if a.party == party)
    elif isinstance(event, e.OccurrenceEntered):
        if event.public or party in event.shared:
            yield _occurrence(event.occurrence, event.version)
    elif isinstance(event, e.StatementEntered):
        if event.public or party in (event.by, *event.shared):
            said = Said(event.statement, event.by, outcome.at, 0, event.public)
            yield _statement(said)
    elif isinstance(event, e.StatementShared):
        said = state.statements[event.statement]
        if event.public or party in (said.by, *event.shared):
            yield _statement(replace(said, public=event.public))


def _avoid(avoid: Avoid, *, over: bool = False) -> ToldAlert:
    return ToldAlert(avoid.handle, avoid.intent, None if over else avoid.volume, over)


def _occurrence(what: Occurrence, version: int) -> ToldOccurrence:
    return ToldOccurrence(
        what.id, version, what.description, what.start, what.end, what.place, what.corners,
        what.centre, what.radius, what.questions, what.synthetic,
    )  # fmt: skip


def _statement(said: Said) -> ToldStatement:
    return ToldStatement(said.name, said.by, said.at, said.statement, said.public)


def _message(event: e.Event, **facts: Any) -> Message:
    told = {
        name: fact.isoformat() if isinstance(fact, datetime) else fact
        for name, fact in facts.items()
        if fact
    }
    return Message(type(event).__name__, told)


def _own_event(event: e.IntentEvent) -> OwnIntent:
    """Give an event about a party's own intent, without what was met."""
    told: dict[str, Any] = {}
    if isinstance(event, e.IntentAccepted | e.IntentImposed | e.IntentOverridden):
        told = {"extent": event.extent, "precedence": event.precedence}
        if not isinstance(event, e.IntentOverridden):
            told["changed"] = event.changed
        if not isinstance(event, e.IntentAccepted):
            told["reason"] = event.reason
        else:
            told["cycle"] = event.cycle
    elif isinstance(event, e.IntentRefused):
        told = {
            "asked": event.extent, "precedence": event.precedence, "cycle": event.cycle,
            "because": event.because, "constraints": event.constraints,
            "alternatives": Alternatives(event.offers, event.until),
        }  # fmt: skip
    elif isinstance(event, e.IntentPending):
        told = {"asked": event.extent, "precedence": event.precedence, "cycle": event.cycle}
    elif isinstance(event, e.IntentHeld):
        told = {
            "because": event.cause.kind, "constraints": event.cause.constraints,
            "reason": event.reason,
        }  # fmt: skip
    elif isinstance(event, e.IntentReleased):
        told = {"reason": event.reason}
    elif isinstance(event, e.AlternativesOffered):
        told = {"alternatives": Alternatives(event.offers, event.until)}
    elif isinstance(event, e.IntentNonconforming | e.IntentContingent):
        told = {"off_nominal": event.off_nominal}
    elif isinstance(event, e.IntentEnded):
        told = {"ended": event.how}
    elif isinstance(event, e.AircraftNamed):
        told = {"aircraft": event.aircraft}
    return OwnIntent(
        event.intent, event.version, event.state, airborne=_airborne_after(event), **told
    )


def _airborne_after(event: e.IntentEvent) -> bool | None:
    """Tell whether a flight is in the air, as its party said; None where that stays as it was."""
    if isinstance(event, e.IntentHeld):
        return event.airborne
    return None if event.state is IntentState.HELD else event.state.flown


def _own(intent: Intent) -> OwnIntent:
    offered = intent.until is not None
    return OwnIntent(
        intent=intent.id, version=intent.version, state=intent.state,
        precedence=intent.precedence, extent=intent.extent, off_nominal=intent.off_nominal,
        asked=intent.proposal, because=intent.because, constraints=intent.constraints,
        alternatives=Alternatives(intent.offers, intent.until) if offered else None,
        changed=intent.changed, reason=intent.reason, cycle=intent.cycle, ended=intent.ended,
        aircraft=intent.aircraft, airborne=intent.airborne,
    )  # fmt: skip


def _shared_event(
    state: State, event: e.IntentEvent, position: int, party: str
) -> Iterable[Content]:
    """Give another member's event as that member shared at the time."""
    level = state.audience(event.party, position).get(party, Sharing.NOTHING)
    if not is_shared(event, level):
        return
    extent: Extent | None = getattr(event, "extent", None)
    off_nominal: tuple[Volume4D, ...] = getattr(event, "off_nominal", ())
    if level is Sharing.INTENTS:
        yield SharedIntent(event.party, event.intent, event.state, extent, off_nominal)
    else:
        volumes = () if extent is None else _occupied(state, extent)
        gone = isinstance(event, e.IntentEnded | e.IntentHeld)
        yield SharedVolumes(event.handle, volumes, off_nominal, gone)


def _shared_intent(intent: Intent) -> SharedIntent:
    return SharedIntent(intent.party, intent.id, intent.state, intent.extent, intent.off_nominal)


def _shared_volumes(state: State, intent: Intent) -> SharedVolumes:
    volumes = () if intent.extent is None else _occupied(state, intent.extent)
    return SharedVolumes(intent.handle, volumes, intent.off_nominal)


def _occupied(state: State, extent: Extent) -> tuple[Volume4D, ...]:
    """Give the volumes of an extent, without a path and without a name."""
    if not isinstance(extent, Path4D):
        return extent
    return _occupied_by(extent, state.charter.separation)


# every member is told of the same flight; few are kept, for a path may be long
@lru_cache(maxsize=8)
def _occupied_by(path: Path4D, separation: Separation) -> tuple[Volume4D, ...]:
    volumes = occupied_volumes(trajectory_of(path, "", ""), separation)
    return tuple(volume4d_of(volume) for volume in volumes)
