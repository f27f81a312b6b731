"""The rule, checked over all that stands at once: for whoever audits a ledger.

It asks the engine that searches a whole day, not the indexes that decisions were made with.
"""

from detente.airspace import Conflict, Flights, Trajectory, Volume
from detente.authority.extent import Path4D, volumes_of
from detente.authority.register import Effect
from detente.authority.state import State
from detente.detect import detect_conflicts
from detente.detect.overlap import overlaps

__all__ = ["broken"]

_CONSTRAINT = "constraint:"


def broken(state: State, *, threads: int | None = None) -> list[Conflict]:
    """Find where the rule does not hold.

    The rule: no two accepted intents of different parties conflict, nor one with a constraint in
    force that it may not enter, nor with another's flight that others are kept clear of; except
    where the authority overrode.

    Parameters
    ----------
    state : settled.
    threads : how many; by default all processors.

    Returns
    -------
    The conflicts that must not be. Intents have their names, constraints "constraint:ID".

    See Also
    --------
    detente.detect_conflicts : does the work.
    """
    flights: list[Trajectory] = []
    volumes: list[Volume] = []
    for intent in state.intents.values():
        if not intent.stands or intent.extent is None:
            continue
        if isinstance(intent.extent, Path4D):
            flights.append(state.standing.flight(intent.extent, intent.name, intent.party))
        else:
            volumes += state.standing.volumes(intent.extent, intent.name, intent.party)
        volumes += state.standing.volumes(intent.off_nominal, intent.name, intent.party)
    for constraint in state.constraints.values():
        volumes += volumes_of(constraint.volumes, f"{_CONSTRAINT}{constraint.id}")
    if flights:
        found = detect_conflicts(
            Flights.from_trajectories(flights),
            volumes=volumes,
            separation=state.charter.separation,
            same_party=False,
            threads=threads,
        )
    else:
        found = overlaps(volumes, same_party=False)
    return [c for c in found if _counts(state, c.a, c.b)]


def _counts(state: State, a: str, b: str) -> bool:
    """Tell whether the rule forbids two to conflict: one is accepted, and nothing excuses it."""
    accepted = any(name in state.intents and state.intents[name].accepted for name in (a, b))
    return accepted and not _excused(state, a, b) and not _excused(state, b, a)


def _excused(state: State, name: str, other: str) -> bool:
    """Tell whether an intent was overridden to conflict with another, or may enter it."""
    intent = state.intents.get(name)
    if intent is None:
        return False
    constraint = state.constraints.get(other.removeprefix(_CONSTRAINT))
    if other.startswith(_CONSTRAINT) and constraint is not None:
        limited = constraint.effect is Effect.LIMITED
        return other in intent.despite or (limited and intent.party in constraint.permitted)
    return other in intent.despite
