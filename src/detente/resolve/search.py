"""Local search over the flights that are in conflict, against one standing index.

Repair: a flight in conflict takes the option that leaves it with the fewest conflicts, of those
the cheapest; of a pair the cheaper one goes (min-conflicts: S. Minton et al., Artificial
Intelligence 58, 1992). Push: a flight that is stuck takes one that another is in the way of, and
that one goes next (ejection chains: F. Glover, Discrete Applied Mathematics 65, 1996). The number
of conflicts never grows from one step to the next; less cost is sought afterwards, by
:mod:`detente.resolve.improvement`.

Flights are weighed several at a time, in batches whose size does not depend on the number of
threads; each is tried against the index again before it moves, so the result does not either.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from detente.detect.index import Index
from detente.resolve.closed import Closed
from detente.resolve.fairness import Burden
from detente.resolve.manoeuvre import Variant, delayed, variants
from detente.resolve.offers import Offers, offers
from detente.resolve.seat import Progress, Seat

__all__ = ["BATCH", "Search"]

BATCH = 48
"""How many flights are weighed at a time; the answer depends on it, so it is fixed."""
_DEAR = 2
_WALKS = 24
_STEPS = 40


class Search:
    """The state of one search: repair, then push; :mod:`detente.resolve.improvement` goes on.

    Parameters
    ----------
    index : every flight, the movable ones and those that stay.
    seats : the movable ones, with the conflicts that they are in; changed in place.
    closed : constraints.
    same_party : whether flights of one party are kept apart.
    burden : what each party bears, kept up to date.
    pool : the threads that weigh.
    seed : what is drawn depends on it alone.
    report : called now and then.
    deadline, begun : by ``time.perf_counter``.
    """

    def __init__(
        self,
        index: Index,
        seats: dict[str, Seat],
        *,
        closed: Closed | None,
        same_party: bool,
        burden: Burden,
        pool: ThreadPoolExecutor,
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
        self.seed = seed
        self.rng = np.random.default_rng(seed)
        self.report = report
        self.deadline = deadline
        self.begun = begun
        self.pool = pool
        self.cost = sum(seat.cost for seat in seats.values())
        self.last_report = 0.0
        self.journal: list[tuple[str, Variant, int]] = []
        self.open = {id for id, seat in seats.items() if seat.met or seat.closed}

    def late(self) -> bool:
        """Tell whether the time is up."""
        return time.perf_counter() > self.deadline

    def tell(self, stage: str, *, now: bool = False) -> None:
        """Report how far it is, a few times a second."""
        seconds = time.perf_counter() - self.begun
        if self.report is not None and (now or seconds - self.last_report > 0.2):
            self.last_report = seconds
            self.report(Progress(stage, self.left() // 2, self.cost, seconds))

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
        """Weigh several flights at the same time."""
        return list(self.pool.map(self.weigh, ids))

    def place(self, id: str, variant: Variant, slot: int) -> None:
        """Let a flight take an option: in the index, in its own seat and in its partners'."""
        seat = self.seats[id]
        cost = variant.cost + seat.manoeuvres.cost_of_delay(slot * seat.manoeuvres.delay_step)
        self.journal.append((id, seat.variant, seat.slot))
        touched = set(seat.met)
        for other in seat.met:
            if other in self.seats:
                self.seats[other].met.discard(id)
        self.cost += cost - seat.cost
        self.burden.add(seat.party, cost - seat.cost)
        seat.variant, seat.slot, seat.cost = variant, slot, cost
        seat.closed = (
            0 if self.closed is None else self.closed.entered(seat.now, same_party=self.same_party)
        )
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
        self.place(id, found.variants[v], k)
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
                if len(chosen) == BATCH:
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
        """Let flights that are stuck push others aside, who may push others in their turn.

        A way that leaves as many conflicts as before is kept too: the next begins elsewhere.
        """
        for _ in range(_WALKS):
            for id in sorted(self.open):
                if self.late():
                    return
                if id in self.open:
                    before, left = len(self.journal), self.left()
                    self._walk(id)
                    if self.left() > left:
                        self.undo(before)
                    self.tell("push")

    def _walk(self, id: str) -> None:
        """Hand a conflict on from flight to flight until each that gives way has room.

        Each takes an option that one flight is in the way of (or two, if need be), and those go
        next; none goes twice. So the way leads along a plateau that no single move leaves.
        """
        gone: set[str] = set()
        waiting = [id]
        for _ in range(_STEPS):
            waiting = [one for one in waiting if one in self.open]
            if not waiting or self.late():
                return
            one = waiting.pop(0)
            found = self.weigh(one, thoroughly=True)
            at = found.best()
            if not found.count[at]:
                self.place(one, found.variants[at[0]], at[1])
                continue
            gone.add(one)
            ways = self._ways(found, gone, 1) or self._ways(found, gone, 2)
            if not ways:
                return
            # the cheaper the likelier: the chance halves from one to the next
            _, v, k, others = ways[min(int(self.rng.geometric(0.5)) - 1, len(ways) - 1)]
            self.place(one, found.variants[v], k)
            waiting.extend(others)

    def _ways(
        self, found: Offers, gone: set[str], count: int
    ) -> list[tuple[int, int, int, tuple[str, ...]]]:
        """Give (cost, variant, slot, who is in the way), the cheapest for each who are.

        Those of a lower class come first: a higher one makes way only where it must.
        """
        places = np.argwhere((found.count == count) & (found.met.sum(axis=0) == count))
        order = np.argsort(found.cost[places[:, 0], places[:, 1]], kind="stable")
        ways: dict[tuple[str, ...], tuple[int, int, int, tuple[str, ...]]] = {}
        for v, k in places[order].tolist():
            others = tuple(self.index.name(g) for g in found.partners(v, k))
            if others not in ways and all(g in self.seats and g not in gone for g in others):
                ways[others] = (int(found.cost[v, k]), v, k, others)
        highest = {who: min(self.seats[g].rank for g in who) for who in ways}
        return sorted(ways.values(), key=lambda way: -highest[way[3]])

    def left(self) -> int:
        """Count the conflicts that are left, twice where both flights are movable."""
        return sum(
            sum(1 if g in self.seats else 2 for g in seat.met) + 2 * seat.closed
            for seat in (self.seats[id] for id in self.open)
        )

    def undo(self, to: int) -> None:
        """Take back what was placed since the journal had this length."""
        while len(self.journal) > to:
            self.place(*self.journal.pop())
            self.journal.pop()
