"""Local search over the flights that are in conflict, against one standing index.

Repair: a flight in conflict takes the option that leaves it with the fewest conflicts, of those
the cheapest; of a pair the cheaper one goes. Improve: a flight that pays looks again for less,
and may push one other flight aside if both together then pay less. All steps keep to what was
reached: the number of conflicts never grows, and among plans without conflict neither does the
cost (min-conflicts: S. Minton et al., Artificial Intelligence 58, 1992; ejection chains:
F. Glover, Discrete Applied Mathematics 65, 1996).

Flights are weighed several at a time, in batches whose size does not depend on the number of
threads; each is tried against the index again before it moves, so the result does not either.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from detente.airspace import Trajectory
from detente.detect.index import Index
from detente.resolve.closed import Closed
from detente.resolve.fairness import Burden
from detente.resolve.manoeuvre import Manoeuvres, Variant, delayed, variants
from detente.resolve.offers import Offers, offers

__all__ = ["Progress", "Seat", "search"]

_BATCH = 48
_FEW = 16
_DEAR = 2


@dataclass(slots=True, eq=False)
class Seat:
    """One flight in the search: what it may do and what it does now.

    Parameters
    ----------
    trajectory : as filed.
    manoeuvres : what it may do.
    party : a number.
    variant, slot, cost : what it does now; ``met`` are the flights it conflicts with,
        ``closed`` how many constraints.
    """

    trajectory: Trajectory
    manoeuvres: Manoeuvres
    party: int
    variant: Variant
    slot: int = 0
    cost: int = 0
    met: set[str] = field(default_factory=set)
    closed: int = 0
    choices: list[Variant] = field(default_factory=list)
    all_choices: bool = False

    @property
    def now(self) -> Trajectory:
        """What it flies now."""
        return delayed(self.variant.trajectory, self.slot * self.manoeuvres.delay_step)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search is: conflicts left, cost so far, seconds gone, and what it does."""

    stage: str
    conflicts: int
    cost: int
    seconds: float


class _Search:
    def __init__(
        self,
        index: Index,
        seats: dict[str, Seat],
        closed: Closed | None,
        same_party: bool,
        burden: Burden,
        threads: int,
        seed: int,
        report: Callable[[Progress], None] | None,
        deadline: float,
        begun: float,
    ) -> None:
        self.index = index
        self.seats = seats
        self.closed = closed
        self.same_party = same_party
        self.burden = burden
        self.rng = np.random.default_rng(seed)
        self.report = report
        self.deadline = deadline
        self.begun = begun
        self.pool = ThreadPoolExecutor(threads)
        self.cost = sum(seat.cost for seat in seats.values())
        self.last_report = 0.0
        self.open = {id for id, seat in seats.items() if seat.met or seat.closed}

    def late(self) -> bool:
        return time.perf_counter() > self.deadline

    def tell(self, stage: str, *, now: bool = False) -> None:
        seconds = time.perf_counter() - self.begun
        if self.report is not None and (now or seconds - self.last_report > 0.2):
            self.last_report = seconds
            mine = (self.seats[id] for id in self.open)
            # a pair of two seats counts in both
            left = sum(
                sum(1 if g in self.seats else 2 for g in seat.met) + 2 * seat.closed
                for seat in mine
            )
            self.report(Progress(stage, left // 2, self.cost, seconds))

    def weigh(self, id: str, *, thoroughly: bool = False) -> Offers:
        """Weigh a flight's options; its other routes only where the others are dear."""
        seat = self.seats[id]
        if not seat.choices:
            seat.choices = variants(seat.trajectory, replace(seat.manoeuvres, offsets=()))
        if not seat.all_choices:
            found = offers(
                self.index,
                id,
                seat.choices,
                seat.manoeuvres,
                self.closed,
                same_party=self.same_party,
            )
            least = found.cost[found.count == 0].min(initial=np.iinfo(np.int64).max)
            if least <= _DEAR * seat.manoeuvres.delay_cost and not thoroughly:
                return found
            seat.choices = variants(seat.trajectory, seat.manoeuvres)
            seat.all_choices = True
        return offers(
            self.index, id, seat.choices, seat.manoeuvres, self.closed, same_party=self.same_party
        )

    def weigh_all(self, ids: Sequence[str]) -> list[Offers]:
        return list(self.pool.map(self.weigh, ids))

    def place(self, id: str, variant: Variant, slot: int, cost: int, closed: int) -> None:
        """Let a flight take an option: in the index, in its own seat and in its partners'."""
        seat = self.seats[id]
        touched = set(seat.met)
        for other in seat.met:
            if other in self.seats:
                self.seats[other].met.discard(id)
        self.cost += cost - seat.cost
        self.burden.add(seat.party, cost - seat.cost)
        seat.variant, seat.slot, seat.cost, seat.closed = variant, slot, cost, closed
        self.index.remove(id)
        seat.met = {c.b for c in self.index.query(seat.now, same_party=self.same_party)}
        for other in seat.met:
            if other in self.seats:
                self.seats[other].met.add(id)
        self.index.add(seat.now)
        for one in (id, *touched, *seat.met):
            if one in self.seats:
                if self.seats[one].met or self.seats[one].closed:
                    self.open.add(one)
                else:
                    self.open.discard(one)

    def take(self, id: str, found: Offers, at: tuple[int, int], allowed: int) -> bool:
        """Take an option if, as the index is now, it has no more than these conflicts."""
        seat = self.seats[id]
        v, k = at
        step = seat.manoeuvres.delay_step
        trial = delayed(found.variants[v].trajectory, k * step)
        met = {c.b for c in self.index.query(trial, same_party=self.same_party)}
        closed = int(found.count[v, k] - found.met[:, v, k].sum())
        if len(met) + closed > allowed:
            return False
        self.place(id, found.variants[v], k, int(found.cost[v, k]), closed)
        return True

    def repair(self, *, stage: str = "repair") -> None:
        """Move flights until none is in conflict, or none can better its own conflicts."""
        stuck: set[str] = set()
        while not self.late():
            waiting = [
                (-(len(s.met) + s.closed), s.party, id)
                for id in self.open - stuck
                for s in (self.seats[id],)
            ]
            if not waiting:
                return
            waiting.sort()
            chosen: list[str] = []
            beside: set[str] = set()
            for _, _, id in waiting:
                if id in beside:
                    continue
                chosen.append(id)
                beside |= self.seats[id].met
                if len(chosen) == _BATCH:
                    break
            self._move(chosen, stuck)
            self.tell(stage)

    def _move(self, ids: list[str], stuck: set[str]) -> None:
        rivals = {
            id: next(iter(self.seats[id].met))
            for id in ids
            if len(self.seats[id].met) == 1 and not self.seats[id].closed
        }
        rivals = {
            id: other
            for id, other in rivals.items()
            if other in self.seats and len(self.seats[other].met) == 1
        }
        both = [*ids, *rivals.values()]
        weighed = dict(zip(both, self.weigh_all(both), strict=True))
        for id in ids:
            candidates = [id, rivals[id]] if id in rivals else [id]
            ranked = sorted(
                (self._worth(one, weighed[one]) for one in candidates if self._open(one)),
            )
            for worth in ranked:
                one, at = worth[-2], worth[-1]
                seat = self.seats[one]
                now = len(seat.met) + seat.closed
                if worth[0] < now and self.take(one, weighed[one], at, min(now - 1, worth[0])):
                    # its neighbours may have more room now
                    stuck.difference_update(
                        other
                        for g in weighed[one].who
                        if (other := self.index.name(int(g))) in stuck
                    )
                    break
                if worth[0] >= now and now:
                    stuck.add(one)

    def _open(self, id: str) -> bool:
        return id in self.open

    def _worth(self, id: str, found: Offers) -> tuple[int, int, int, str, tuple[int, int]]:
        seat = self.seats[id]
        at = found.best()
        more = int(found.cost[at]) - seat.cost
        return int(found.count[at]), more, self.burden.after(seat.party, more), id, at

    def push(self) -> None:
        """Let flights that are stuck take the place of one other, which then repairs itself."""
        for id in sorted(self.open):
            if self.late():
                return
            seat = self.seats[id]
            if seat.met or seat.closed:
                self._eject(id, len(seat.met) + seat.closed, thoroughly=True)
                self.tell("repair")

    def _eject(self, id: str, now: int, *, thoroughly: bool = False) -> bool:
        """Try options that one movable flight is in the way of; keep the first that pays."""
        seat = self.seats[id]
        found = self.weigh(id, thoroughly=thoroughly)
        limit = seat.cost if not now else int(found.cost.max()) + 1
        places = np.argwhere((found.count == 1) & (found.cost < limit))
        order = np.argsort(found.cost[places[:, 0], places[:, 1]], kind="stable")
        tried: set[int] = set()
        for v, k in places[order].tolist():
            partners = found.partners(v, k)
            if len(partners) != 1 or partners[0] in tried:
                continue
            tried.add(partners[0])
            other = self.index.name(partners[0])
            if other in self.seats and self._swap(id, found, (v, k), other):
                return True
            if len(tried) == 4 or self.late():
                return False
        return False

    def _swap(self, id: str, found: Offers, at: tuple[int, int], other: str) -> bool:
        """Put a flight where another is in its way, and that one elsewhere, if it pays."""
        first, second = self.seats[id], self.seats[other]
        before = [(s.variant, s.slot, s.cost, s.closed) for s in (first, second)]
        conflicts = len(first.met | second.met) + first.closed + second.closed
        cost, weight = self.cost, self.burden.measure()
        self.place(id, found.variants[at[0]], at[1], int(found.cost[at]), 0)
        answer = self.weigh(other)
        best = answer.best()
        closed = int(answer.count[best] - answer.met[:, best[0], best[1]].sum())
        self.place(other, answer.variants[best[0]], best[1], int(answer.cost[best]), closed)
        after = len(first.met | second.met) + first.closed + second.closed
        if (after, self.cost, self.burden.measure()) < (conflicts, cost, weight):
            return True
        self.place(id, *before[0])
        self.place(other, *before[1])
        return False

    def improve(self, rounds: int) -> None:
        """Let those who pay look for less, the dearest first, in so many rounds."""
        for _ in range(rounds):
            paying = sorted(
                (id for id, s in self.seats.items() if s.cost > 0),
                key=lambda id: (-self.seats[id].cost, id),
            )
            before = self.cost, self.burden.measure()
            for lo in range(0, len(paying), _BATCH):
                if self.late():
                    return
                ids = paying[lo : lo + _BATCH]
                for id, found in zip(ids, self.weigh_all(ids), strict=True):
                    seat = self.seats[id]
                    at = found.best()
                    if not found.count[at] and found.cost[at] < seat.cost:
                        self.take(id, found, at, len(seat.met) + seat.closed)
                    else:
                        self._eject(id, 0)
                self.tell("improve")
            if (self.cost, self.burden.measure()) == before:
                return


def search(
    index: Index,
    seats: dict[str, Seat],
    *,
    closed: Closed | None,
    same_party: bool,
    burden: Burden,
    threads: int,
    seed: int,
    rounds: int,
    deadline: float,
    begun: float,
    report: Callable[[Progress], None] | None,
) -> None:
    """Take conflicts out of the flights in ``seats``, which stand in ``index``, at little cost.

    Parameters
    ----------
    index : every flight, the movable ones and those that stay.
    seats : the movable ones, with the conflicts that they are in; changed in place.
    closed : constraints.
    same_party : whether flights of one party are kept apart.
    burden : what each party bears, kept up to date.
    threads, seed : the result depends on the seed alone, unless the deadline ends it.
    rounds : of improvement.
    deadline, begun : by ``time.perf_counter``.
    report : called now and then.
    """
    work = _Search(index, seats, closed, same_party, burden, threads, seed, report, deadline, begun)
    try:
        work.repair()
        work.push()
        work.repair()
        work.tell("repair", now=True)
        work.improve(rounds)
        work.tell("improve", now=True)
    finally:
        work.pool.shutdown()
