"""One call: a plan for a set of flights in which nothing conflicts, at the least cost found."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from detente.airspace import Conflict, Conflicts, Constraint, Flights, Separation, Volume
from detente.detect.detection import detect_conflicts
from detente.detect.index import Index
from detente.errors import InputError
from detente.resolve.closed import Closed
from detente.resolve.fairness import Burden, met, shares
from detente.resolve.improvement import improve
from detente.resolve.manoeuvre import Manoeuvres, Variant
from detente.resolve.neighbourhood import together
from detente.resolve.plan import Part, Plan, checked_plan
from detente.resolve.precedence import ranks
from detente.resolve.problem import Fairness
from detente.resolve.search import Search
from detente.resolve.seat import Progress, Seat

__all__ = ["resolve_conflicts"]

_PROOF = 60.0


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
    flies stands for the lower. So no flight pays for one of a lower class, save where that one
    would else be left in conflict.

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
    exact_up_to : sets of up to so many movable flights are solved to the proven optimum.
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
    if flights.fixes:
        index.since(int(flights.time.min()))
    closed = Closed(volumes, index) if volumes else None
    rank = ranks(flights.priority)
    movable = [i for i, own in enumerate(limits) if not own.fixed]
    few = len(movable) <= exact_up_to
    classes = (
        [movable]
        if few
        else [[i for i in movable if rank[i] == k] for k in range(int(rank.max(initial=-1)) + 1)]
    )
    chosen: dict[int, tuple[Variant, int, int]] = {}
    parts: list[Part] = []
    every: dict[str, Seat] = {}
    with ThreadPoolExecutor(threads) as pool:

        def begin(seats: dict[str, Seat]) -> Search:
            return Search(
                index,
                seats,
                closed=closed,
                same_party=same_party,
                burden=burden,
                pool=pool,
                seed=seed,
                report=progress,
                deadline=float("inf") if seconds is None else begun + seconds,
                begun=begun,
            )

        for group in classes:
            index.extend(flights.take(group))
            seats = {
                flights.ids[i]: Seat(
                    flights[i],
                    limits[i],
                    number[flights.parties[i]],
                    int(rank[i]),
                    Variant(flights[i]),
                )
                for i in group
            }
            _meet(seats, every, index, before, same_party=same_party)
            proven = _solve(begin(seats), rounds, exactly=few)
            every.update(seats)
            cost = sum(seat.cost for seat in seats.values())
            parts.append(Part(len(group), cost, cost if proven else 0, proven))
        if len(classes) > 1:
            _relieve(every, begin)
    for i in movable:
        seat = every[flights.ids[i]]
        delay = seat.slot * seat.manoeuvres.delay_step
        chosen[i] = (seat.variant, delay, seat.cost)
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


def _solve(work: Search, rounds: int, *, exactly: bool) -> bool:
    """Search; of a few flights, prove the answer. Tells whether it is proven."""
    work.repair()
    work.tell("repair", now=True)
    if exactly and not work.late():
        left = min(_PROOF, work.deadline - time.perf_counter())
        return bool(together(work, sorted(work.seats), seconds=left))
    improve(work, rounds)
    work.tell("improve", now=True)
    return False


def _relieve(every: dict[str, Seat], begin: Callable[[dict[str, Seat]], Search]) -> None:
    """Let a higher class make way where a lower one found none: no conflict comes first."""
    for id, seat in every.items():
        for other in seat.met & every.keys():
            every[other].met.add(id)
    work = begin(every)
    work.push()
    work.tell("push", now=True)


def _meet(
    seats: dict[str, Seat],
    above: Mapping[str, Seat],
    index: Index,
    before: Conflicts,
    *,
    same_party: bool,
) -> None:
    """Tell each seat whom it meets as filed, given what the classes above it now fly."""
    moved = {id for id, seat in above.items() if seat.cost or seat.slot}
    entered = {(c.a, c.b) for c in before if c.kind == "flight-volume"}
    for id, _ in entered:
        if id in seats:
            seats[id].closed += 1
    for c in before:
        if c.kind == "flight-flight" and not {c.a, c.b} & moved:
            for own, other in ((c.a, c.b), (c.b, c.a)):
                if own in seats and other in index:
                    seats[own].met.add(other)
    for id in moved:
        for c in index.query(above[id].now, same_party=same_party):
            if c.b in seats:
                seats[c.b].met.add(id)


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
