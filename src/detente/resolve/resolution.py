"""One call: a plan for a set of flights in which nothing conflicts, at the least cost found."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from detente.airspace import Conflict, Conflicts, Constraint, Flights, Separation, Volume
from detente.detect.detection import detect_conflicts
from detente.detect.index import Index
from detente.errors import InputError
from detente.resolve.closed import Closed
from detente.resolve.fairness import Burden, met, shares
from detente.resolve.manoeuvre import Manoeuvres, Variant, delayed
from detente.resolve.plan import Part, Plan, checked_plan
from detente.resolve.precedence import ranks
from detente.resolve.problem import Fairness
from detente.resolve.search import search
from detente.resolve.seat import Progress, Seat

__all__ = ["resolve_conflicts"]


def resolve_conflicts(
    flights: Flights,
    *,
    volumes: Sequence[Volume | Constraint] = (),
    manoeuvres: Manoeuvres | Mapping[str, Manoeuvres] | None = None,
    separation: Separation | None = None,
    same_party: bool = True,
    fairness: Fairness = "proportional",
    seconds: float | None = None,
    rounds: int = 3,
    seed: int = 0,
    exact_up_to: int = 12,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Change as little as is needed for every flight to be separated from all others.

    Classes of precedence are planned one after the other, the highest first; what a higher one
    flies stands for the lower. So no flight pays for one of a lower class.

    Parameters
    ----------
    flights : the set, with parties and priorities.
    volumes : closed airspace.
    manoeuvres : what each flight may do, for all or by identifier; those that a mapping does
        not name may do what :class:`Manoeuvres` allows by default.
    separation, same_party : as for :func:`detente.detect_conflicts`.
    fairness : the measure by which equal costs are spread over parties.
    seconds : stop the search after so long and give the best plan so far. What a limit ends
        depends on the machine; without one the same seed gives the same plan.
    rounds : how often those who pay look for less.
    seed : of the search's order.
    exact_up_to : classes of up to so many flights are solved to the proven optimum.
    threads : how many; the plan does not depend on it.
    progress : called now and then.

    Returns
    -------
    A plan that the detection engine has checked. What could not be solved is its remainder.

    Raises
    ------
    InputError : manoeuvres for a flight that is not there; altitudes that cannot be compared.

    See Also
    --------
    find_alternatives : one new flight against a standing set.
    """
    begun = time.perf_counter()
    separation = separation or Separation()
    threads = threads or os.cpu_count() or 1
    limits = _limits(flights, manoeuvres)
    before = detect_conflicts(
        flights, volumes=volumes, separation=separation, same_party=same_party, threads=threads
    )
    share = shares(met(before, flights), flights.parties)
    number = {party: k for k, party in enumerate(share)}
    burden = Burden(np.array(list(share.values()), dtype=np.int64), fairness)
    index = Index(separation, reference=flights.reference)
    fixed = [i for i, own in enumerate(limits) if own.fixed]
    index.extend(flights.take(fixed))
    closed = Closed(volumes, index) if volumes else None
    rank = ranks(flights.priority)
    chosen: dict[int, tuple[Variant, int, int]] = {}
    parts: list[Part] = []
    for k in range(int(rank.max(initial=-1)) + 1):
        movable = [i for i in np.flatnonzero(rank == k).tolist() if not limits[i].fixed]
        group = flights.take(movable)
        index.extend(group)
        seats = {
            trajectory.id: Seat(
                trajectory, limits[i], number[trajectory.party], Variant(trajectory)
            )
            for i, trajectory in zip(movable, group, strict=True)
        }
        _meet(seats, flights, index, chosen, before, same_party=same_party)
        proven = search(
            index,
            seats,
            closed=closed,
            same_party=same_party,
            burden=burden,
            threads=threads,
            seed=seed + k,
            rounds=rounds,
            exact_up_to=exact_up_to,
            deadline=float("inf") if seconds is None else begun + seconds,
            begun=begun,
            report=progress,
        )
        for i in movable:
            seat = seats[flights.ids[i]]
            delay = seat.slot * seat.manoeuvres.delay_step
            chosen[i] = (seat.variant, delay, seat.cost)
        if movable:
            cost = sum(seat.cost for seat in seats.values())
            parts.append(Part(len(movable), cost, cost if proven else 0, proven))
    return checked_plan(
        flights,
        chosen,
        before=before,
        why=lambda conflict: _why(conflict, flights, limits),
        volumes=volumes,
        separation=separation,
        same_party=same_party,
        threads=threads,
        fairness=fairness,
        parts=parts,
        seed=seed,
        seconds=time.perf_counter() - begun,
    )


def _limits(
    flights: Flights, manoeuvres: Manoeuvres | Mapping[str, Manoeuvres] | None
) -> list[Manoeuvres]:
    if not isinstance(manoeuvres, Mapping):
        return [manoeuvres or Manoeuvres()] * len(flights)
    strange = set(manoeuvres) - set(flights.ids)
    if strange:
        raise InputError(
            "manoeuvres for a flight that is not in the set",
            flight=min(strange),
            mend="give manoeuvres for flights of the set only",
        )
    usual = Manoeuvres()
    return [manoeuvres.get(id, usual) for id in flights.ids]


def _meet(
    seats: dict[str, Seat],
    flights: Flights,
    index: Index,
    chosen: Mapping[int, tuple[Variant, int, int]],
    before: Conflicts,
    *,
    same_party: bool,
) -> None:
    """Tell each seat whom it meets as filed, given what the classes above it now fly."""
    moved = {flights.ids[i] for i, (variant, delay, cost) in chosen.items() if cost or delay}
    there = set(index)
    partners: dict[str, set[str]] = defaultdict(set)
    volumes: dict[str, set[str]] = defaultdict(set)
    for c in before:
        if c.kind == "flight-volume":
            volumes[c.a].add(c.b)
        elif c.kind == "flight-flight" and not {c.a, c.b} & moved:
            partners[c.a].add(c.b)
            partners[c.b].add(c.a)
    for i, (variant, delay, _) in chosen.items():
        if flights.ids[i] in moved:
            own = delayed(variant.trajectory, delay)
            for c in index.query(own, same_party=same_party):
                partners[c.b].add(c.a)
    for id, seat in seats.items():
        seat.met = partners[id] & there
        seat.closed = len(volumes[id])


def _why(conflict: Conflict, flights: Flights, limits: Sequence[Manoeuvres]) -> str:
    """Say why a conflict is left."""
    number = {conflict.a, conflict.b}
    own = [limits[i] for i, id in enumerate(flights.ids) if id in number]
    if conflict.kind == "flight-volume":
        if own[0].fixed:
            return "the flight is fixed"
        return "no option of the flight that was found keeps out of it without another conflict"
    if all(each.fixed for each in own):
        return "both flights are fixed"
    if any(each.fixed for each in own):
        return "one flight is fixed, and no free option of the other was found"
    return "no free option of either was found"
