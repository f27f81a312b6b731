"""What the events of the watch and of the record change in the state: a part of ``evolve``."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from detente.authority import event as e
from detente.authority.outcome import Outcome
from detente.authority.state import State
from detente.record.bearing import seen_of
from detente.record.entry import Compared, Entered, Indicated, Said, Seen
from detente.watch.track import Track

__all__ = ["KEEPING", "forget_tracks", "on_record"]

_LONGEST = 256
"""Fixes of a path that the state keeps at most; then every other one goes. The ledger has all."""


def _tracks(state: State, event: e.TracksReported, outcome: Outcome) -> None:
    position = state.position + 1
    for track in event.tracks:
        known = state.tracks.get(track.id)
        state.put("tracks", track.id, _seen(known, track, position))
    for unseen in event.unseen:
        row = None if unseen.over else (position, unseen)
        if row is not None or unseen.intent in state.unseen:
            state.put("unseen", unseen.intent, row)


def _seen(known: Seen | None, track: Track, position: int) -> Seen:
    now = Compared(position, track.fix.at, track.conformance, track.intent)
    if known is None:
        return Seen(track, (track.fix,), (now,), (), position, position)
    path, history = known.path, known.history
    if track.fix.at > path[-1].at:
        path = (*path, track.fix)
        if len(path) > _LONGEST:
            path = (path[0], *path[1:-1:2], path[-1])
    last = history[-1]
    if (last.conformance, last.intent) != (track.conformance, track.intent):
        history = (*history, now)
    return replace(known, track=track, path=path, history=history, latest=position)


def _indicated(state: State, event: e.TrackIndicated, outcome: Outcome) -> None:
    position = state.position + 1
    known = state.tracks[event.track]
    said = (*known.indications, Indicated(event.indication, position))
    state.put("tracks", event.track, replace(known, indications=said, latest=position))


def _raised(state: State, event: e.AlertRaised, outcome: Outcome) -> None:
    state.put("alerts", event.alert.id, event.alert)


def _alert_ended(state: State, event: e.AlertEnded, outcome: Outcome) -> None:
    if event.whole:
        state.put("alerts", event.id, None)


def _occurrence(state: State, event: e.OccurrenceEntered, outcome: Outcome) -> None:
    position = state.position + 1
    known = state.occurrences.get(event.occurrence.id)
    made = Entered(
        event.occurrence,
        at=outcome.at if known is None else known.at,
        position=position if known is None else known.position,
        latest=position,
        version=event.version,
        public=event.public,
        shared=event.shared,
        amended=None if known is None else outcome.at,
    )
    state.put("occurrences", event.occurrence.id, made)


def _statement(state: State, event: e.StatementEntered, outcome: Outcome) -> None:
    made = Said(
        event.statement, event.by, outcome.at, state.position + 1, event.public, event.shared
    )
    state.put("statements", made.name, made)


def _shared(state: State, event: e.StatementShared, outcome: Outcome) -> None:
    known = state.statements[event.statement]
    shared = tuple(sorted({*known.shared, *event.shared}))
    now = replace(known, public=known.public or event.public, shared=shared)
    state.put("statements", event.statement, now)


def _graded(state: State, event: e.StatementGraded, outcome: Outcome) -> None:
    known = state.statements[event.statement]
    now = replace(known, grade=event.grade, graded=state.position + 1)
    state.put("statements", event.statement, now)


def _aircraft(state: State, event: e.AircraftNamed, outcome: Outcome) -> None:
    known = state.intents[event.name]
    now = replace(known, aircraft=event.aircraft, latest=state.position + 1)
    state.put("intents", event.name, now)


def forget_tracks(state: State, event: e.Swept) -> None:
    """Keep no track that was last seen long ago, unless it belongs to an event of the record."""
    old = {id: seen for id, seen in state.tracks.items() if seen.track.fix.at <= event.before}
    if old:
        for entered in state.occurrences.values():
            for seen in seen_of(entered.occurrence, old.values())[0]:
                old.pop(seen.track.id, None)
            for id in entered.occurrence.tracks:
                old.pop(id, None)
    for id in old:
        state.put("tracks", id, None)
    for name in [n for n in state.unseen if n not in state.intents]:
        state.put("unseen", name, None)


def on_record(state: State) -> frozenset[str]:
    """Name the intents that an event of the record names: they are kept."""
    return frozenset(n for x in state.occurrences.values() for n in x.occurrence.intents)


KEEPING: dict[type[e.Event], Callable[[State, Any, Outcome], None]] = {
    e.TracksReported: _tracks,
    e.TrackIndicated: _indicated,
    e.AlertRaised: _raised,
    e.AlertEnded: _alert_ended,
    e.OccurrenceEntered: _occurrence,
    e.StatementEntered: _statement,
    e.StatementShared: _shared,
    e.StatementGraded: _graded,
    e.AircraftNamed: _aircraft,
}
"""As ``evolution`` has it for the other kinds."""
