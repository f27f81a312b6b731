"""A plan: what each flight changes, why, who bears it, and the check that nothing conflicts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detente.airspace import Conflict, Conflicts, Constraint, Flights, Separation, Volume
from detente.detect.detection import detect_conflicts
from detente.resolve.change import Change, Reason, changed, is_filed, table_of
from detente.resolve.fairness import Account, Balance, balance, met, shares
from detente.resolve.manoeuvre import Variant
from detente.resolve.problem import Fairness

__all__ = ["Part", "Plan", "checked_plan"]


@dataclass(frozen=True, slots=True)
class Part:
    """Flights that were solved together, because they may meet.

    Parameters
    ----------
    flights : how many.
    cost : of the choice made.
    bound : no choice that leaves as few conflicts costs less, as far as is known.
    proven : the choice is the best there is.
    """

    flights: int
    cost: int
    bound: int
    proven: bool


_CHECKED = object()


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """Flights that keep apart, and how they were brought to it.

    Only :func:`checked_plan` makes one, and it runs the detection engine over the result: no
    plan can hide a conflict.

    Parameters
    ----------
    flights : as they are to fly now, in the set's order.
    changes : one for each flight that is moved, in the set's order.
    before : the conflicts as filed.
    remainder : the conflicts that are left; none in a plan that succeeded.
    unsolved : for each row of ``remainder``, why it is left.
    accounts : for each party, in order of their names.
    fairness : how fairly the cost is spread.
    filed_fairness : the same before fairness was sought, where it was; else None.
    parts : what was solved together; empty where the plan comes from search alone.
    seed : what makes the search's order.
    seconds : that the search took.
    """

    flights: Flights
    changes: tuple[Change, ...]
    before: Conflicts
    remainder: Conflicts
    unsolved: tuple[str, ...]
    accounts: tuple[Account, ...]
    fairness: Balance
    _: KW_ONLY
    check: object
    filed_fairness: Balance | None = None
    parts: tuple[Part, ...] = ()
    seed: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.check is not _CHECKED:
            raise TypeError("a plan is made by checked_plan(), which runs the engine over it")

    @property
    def cost(self) -> int:
        """The cost of all changes."""
        return sum(change.cost for change in self.changes)

    @property
    def cost_by_priority(self) -> dict[int, int]:
        """What the flights of each priority bear, the highest first."""
        found = {int(p): 0 for p in np.unique(self.flights.priority)[::-1]}
        for change in self.changes:
            found[change.priority] += change.cost
        return found

    @property
    def delay(self) -> int:
        """Seconds, all delays together."""
        return sum(change.delay for change in self.changes)

    @property
    def solved(self) -> bool:
        """Whether the engine found nothing left."""
        return len(self.remainder) == 0

    @property
    def optimal(self) -> bool:
        """Whether all was solved as one part and proven to be the best there is."""
        return len(self.parts) == 1 and self.parts[0].proven

    def to_arrow(self) -> pa.Table:
        """Give a row for each flight, by :data:`~detente.resolve.change.PLAN_SCHEMA`."""
        return table_of(self.flights, self.changes)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table to any Arrow consumer."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_dict(self) -> dict[str, Any]:
        """Give the sums, for JSON: what was done, what is left, who bears it."""
        return {
            "flights": len(self.flights),
            "conflicts_before": self.before.pairs,
            "conflicts_after": self.remainder.pairs,
            "moved": len(self.changes),
            "delayed": sum(change.delay > 0 for change in self.changes),
            "levels": sum(change.feet != 0.0 for change in self.changes),
            "offsets": sum(change.offset != 0.0 for change in self.changes),
            "speeds": sum(change.speed != 1.0 for change in self.changes),
            "delay_s": self.delay,
            "cost": self.cost,
            "cost_by_priority": {str(p): cost for p, cost in self.cost_by_priority.items()},
            "burden": [
                {
                    "party": b.party,
                    "flights": b.flights,
                    "share": b.share,
                    "moved": b.moved,
                    "delay_s": b.delay,
                    "cost": b.cost,
                }
                for b in self.accounts
            ],
            "fairness": _said(self.fairness),
            "fairness_before": None if self.filed_fairness is None else _said(self.filed_fairness),
            "remainder": [
                {"kind": c.kind, "a": c.a, "b": c.b, "why": why}
                for c, why in zip(self.remainder, self.unsolved, strict=True)
            ],
            "checked": True,
            "optimal": self.optimal,
            "parts": len(self.parts),
            "seed": self.seed,
            "seconds": self.seconds,
        }


def checked_plan(
    flights: Flights,
    chosen: Mapping[int, tuple[Variant, int, int]],
    *,
    before: Conflicts | None = None,
    why: Callable[[Conflict], str] | None = None,
    volumes: Sequence[Volume | Constraint] = (),
    separation: Separation | None = None,
    time_buffer: float = 0.0,
    same_party: bool = True,
    threads: int | None = None,
    fairness: Fairness = "proportional",
    unfair_costs: Mapping[str, int] | None = None,
    parts: Sequence[Part] = (),
    seed: int = 0,
    seconds: float = 0.0,
) -> Plan:
    """Make a plan of what was chosen, and have the detection engine check it.

    Parameters
    ----------
    flights : as filed.
    chosen : by position in the set: the variant, the delay in seconds, the cost of both. A
        flight that is not there, or that flies as filed, is unchanged.
    before : the conflicts as filed, where they are known already.
    why : says of a conflict that is left, why.
    volumes, separation, time_buffer, same_party, threads : as for
        :func:`detente.detect_conflicts`.
    fairness : the measure that the cost is weighed by.
    unfair_costs : what each party bore before fairness was sought.
    parts, seed, seconds : how it was found.
    """

    def conflicts(of: Flights) -> Conflicts:
        return detect_conflicts(
            of,
            volumes=volumes,
            separation=separation,
            time_buffer=time_buffer,
            same_party=same_party,
            threads=threads,
        )

    filed = conflicts(flights) if before is None else before
    after = changed(flights, {i: (variant, delay) for i, (variant, delay, _) in chosen.items()})
    left = _flown(conflicts(after))
    filed = _flown(filed)
    changes = _changes(flights, chosen, filed)
    accounts = _accounts(flights, changes, filed)
    unfair = None
    if unfair_costs is not None:
        unfair = balance(
            [replace(b, cost=unfair_costs.get(b.party, 0)) for b in accounts], fairness
        )
    return Plan(
        after,
        changes,
        filed,
        left,
        tuple((why or _unknown)(conflict) for conflict in left),
        accounts,
        balance(accounts, fairness),
        check=_CHECKED,
        filed_fairness=unfair,
        parts=tuple(parts),
        seed=seed,
        seconds=seconds,
    )


def _flown(conflicts: Conflicts) -> Conflicts:
    """Leave out volumes in conflict with volumes: no flight can mend that."""
    kind = conflicts.table.column("kind")
    return Conflicts(conflicts.table.filter(pc.not_equal(kind, "volume-volume")))


def _reasons(conflicts: Conflicts, of: set[str]) -> dict[str, list[Reason]]:
    found: dict[str, list[Reason]] = {id: [] for id in of}
    for c in conflicts:
        kind = "flight" if c.kind == "flight-flight" else "constraint"
        if c.a in found:
            found[c.a].append(Reason(kind, c.b, c.party_b, c.entry, c.exit))
        if kind == "flight" and c.b in found:
            found[c.b].append(Reason(kind, c.a, c.party_a, c.entry, c.exit))
    return found


def _changes(
    flights: Flights, chosen: Mapping[int, tuple[Variant, int, int]], filed: Conflicts
) -> tuple[Change, ...]:
    moved = [i for i in sorted(chosen) if chosen[i][1] or not is_filed(chosen[i][0])]
    reasons = _reasons(filed, {flights.ids[i] for i in moved})
    return tuple(
        Change(
            flight=flights.ids[i],
            party=flights.parties[i],
            priority=int(flights.priority[i]),
            level=variant.level,
            feet=variant.feet,
            offset=variant.offset,
            speed=variant.speed,
            delay=delay,
            cost=cost,
            reasons=tuple(reasons[flights.ids[i]]),
        )
        for i in moved
        for variant, delay, cost in (chosen[i],)
    )


def _accounts(flights: Flights, changes: Sequence[Change], filed: Conflicts) -> tuple[Account, ...]:
    share = shares(met(filed, flights), flights.parties)
    number = dict.fromkeys(share, 0)
    for party in flights.parties:
        number[party] += 1
    own: dict[str, list[Change]] = {party: [] for party in share}
    for change in changes:
        own[change.party].append(change)
    return tuple(
        Account(
            party,
            number[party],
            share[party],
            len(own[party]),
            sum(change.delay for change in own[party]),
            sum(change.cost for change in own[party]),
        )
        for party in sorted(share)
    )


def _said(fair: Balance) -> dict[str, Any]:
    return {
        "measure": fair.measure,
        "unfairness": fair.unfairness,
        "jain": fair.jain,
        "most": fair.most,
    }


def _unknown(_: Conflict) -> str:
    return "no better plan was found"
