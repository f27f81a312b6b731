"""The maps of a day: what the authority knows, and what each party was told."""

from collections.abc import Iterable
from dataclasses import replace as with_
from datetime import datetime
from pathlib import Path

from detente.airspace import Constraint, Flights, Trajectory, Volume
from detente.authority import IntentState, Outcome, Path4D, State, Volume4D
from detente.authority import event as e
from detente.authority.disclosure import OwnIntent, PublicConstraint, SharedVolumes
from detente.authority.extent import instant, trajectory_of, volumes_of
from detente.authority.register import Effect
from detente.chart import DecisionRow, write_airspace_chart
from detente.cli.rehearsal.account import in_words
from detente.cli.rehearsal.player import Player, last_of

__all__ = ["draw_authority", "draw_party"]


_NOTE = "A flight is drawn as it was last decided on."


def draw_party(path: Path, player: Player) -> None:
    """Draw what a party was told during the day, and nothing else."""
    flights: list[Trajectory] = []
    for own in player.flights.values():
        extent = own.extent or own.asked
        if isinstance(extent, Path4D):
            flights.append(trajectory_of(extent, own.intent, player.name))
    constraints: dict[str, Constraint] = {}
    shared: dict[str, tuple[Volume, ...]] = {}
    decisions: list[DecisionRow] = []
    for line in player.diary:
        told = line.content
        if isinstance(told, PublicConstraint) and told.lifted:
            constraints[told.constraint] = _lifted(constraints[told.constraint], line.at)
        elif isinstance(told, PublicConstraint):
            constraints[told.constraint] = _constraint(
                told.constraint, told.volumes, told.effect, told.reason
            )
        elif isinstance(told, SharedVolumes) and told.volumes:
            shared[told.handle] = volumes_of(told.volumes, told.handle)
        elif isinstance(told, OwnIntent) and line.kind in _DECISIONS:
            why = ", ".join((told.because, *told.constraints)).strip(", ")
            taken = in_words(told.changed) if line.kind == "accepted" else why
            decisions.append(DecisionRow(instant(line.at), told.intent, line.kind, taken))
    write_airspace_chart(
        path,
        f"The airspace as {player.name} sees it",
        flights=_together(flights),
        states={own.intent: own.last.value for own in player.flights.values()},
        constraints=list(constraints.values()),
        shared=[volume for volumes in shared.values() for volume in volumes],
        decisions=decisions,
        note=f"All that this party was told during the day. {_NOTE}",
    )


def draw_authority(
    path: Path,
    state: State,
    outcomes: Iterable[Outcome],
    *,
    title: str = "The airspace as the authority knows it",
    note: str = "",
    undeclared: Iterable[Trajectory] = (),
) -> None:
    """Draw all that the authority knows.

    Parameters
    ----------
    title, note : of the page; the note comes before what is said of every such page.
    undeclared : tracks that nobody declared, as they were seen.
    """
    tracks = list(undeclared)
    flights: list[Trajectory] = []
    for intent in state.intents.values():
        extent = intent.extent or intent.proposal
        if isinstance(extent, Path4D):
            flights.append(trajectory_of(extent, intent.name, intent.party))
    constraints: dict[str, Constraint] = {}
    decisions: list[DecisionRow] = []
    last: dict[str, IntentState] = {}
    for outcome in outcomes:
        for event in outcome.events:
            if isinstance(event, e.ConstraintPublished):
                constraints[event.constraint] = _constraint(
                    event.constraint, event.volumes, event.effect, event.reason
                )
            elif isinstance(event, e.ConstraintLifted):
                before = constraints[event.constraint]
                constraints[event.constraint] = _lifted(before, outcome.at)
            elif isinstance(event, e.IntentEvent):
                known = last.get(event.name, IntentState.REFUSED)
                last[event.name] = last_of(event.state, known)
                said = _said(event)
                if said is not None:
                    decisions.append(DecisionRow(instant(outcome.at), event.name, *said))
    write_airspace_chart(
        path,
        title,
        flights=_together([*flights, *tracks]),
        states={name: last[name].value for name in state.intents}
        | {track.id: "undeclared" for track in tracks},
        constraints=list(constraints.values()),
        decisions=decisions,
        note=f"{note} All parties' flights. Only the authority sees this. {_NOTE}".strip(),
    )


_DECISIONS = ("accepted", "refused", "pending", "held", "released")


def _said(event: e.IntentEvent) -> tuple[str, str] | None:
    """Say what the authority decided, and why."""
    if isinstance(event, e.IntentAccepted):
        return "accepted", in_words(event.changed)
    if isinstance(event, e.IntentRefused):
        return "refused", ", ".join((*event.constraints, *event.met)) or event.because
    if isinstance(event, e.IntentPending):
        return "pending", event.cycle
    if isinstance(event, e.IntentHeld):
        return "held", f"{event.cause.kind} {event.cause.of}".strip()
    if isinstance(event, e.IntentReleased):
        return "released", event.reason
    return None


def _constraint(id: str, volumes: tuple[Volume4D, ...], effect: Effect, reason: str) -> Constraint:
    closed = effect is Effect.CLOSED
    return Constraint(id, volumes_of(volumes, id), "closed" if closed else "limited", reason)


def _lifted(constraint: Constraint, at: datetime) -> Constraint:
    """Let a constraint have held until it was lifted."""
    time = instant(at)
    held = (v for v in constraint.volumes if v.start is None or v.start < time)
    volumes = tuple(with_(v, end=time if v.end is None else min(v.end, time)) for v in held)
    return with_(constraint, volumes=volumes)


def _together(flights: list[Trajectory]) -> Flights | None:
    return Flights.from_trajectories(flights) if flights else None
