"""Who bears what of a plan, and how far that is from each party's share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Conflicts, Flights
from detente.resolve.problem import Fairness, unfairness

__all__ = ["Account", "Balance", "Burden", "balance", "jain", "met", "shares"]


@dataclass(frozen=True, slots=True)
class Account:
    """What one party bears.

    Parameters
    ----------
    party : its name ("" for the flights of no known party).
    flights : how many it has.
    share : how many of them were in conflict as filed.
    moved : how many are changed.
    delay : seconds, all its delays together.
    cost : of all its changes together.
    """

    party: str
    flights: int
    share: int
    moved: int
    delay: int
    cost: int


@dataclass(frozen=True, slots=True)
class Balance:
    """How fairly costs are spread.

    Parameters
    ----------
    measure : "proportional" or "max-min".
    unfairness : the whole number that was made small; 0 is fair. See
        :func:`~detente.resolve.problem.unfairness`.
    jain : Jain's index of the cost for each conflicting flight: 1 where it is the same for all
        parties, 1 / n where one of n bears everything.
    most : the largest relative burden of a party: its part of the cost over its part of the
        share. 1 is fair; a party without share is not counted.
    """

    measure: Fairness
    unfairness: int
    jain: float
    most: float


class Burden:
    """What each party bears while a plan is being sought, kept up to date.

    Parameters
    ----------
    share : (parties,) int64, how many of each party's flights were in conflict as filed.
    fairness : the measure.

    Examples
    --------
    >>> burden = Burden(np.array([2, 2]))
    >>> burden.add(0, 100)
    >>> burden.measure(), burden.after(1, 100)
    (400, 0)
    """

    def __init__(self, share: NDArray[np.int64], fairness: Fairness = "proportional") -> None:
        self.share = share
        self.fairness = fairness
        self.cost = np.zeros(len(share), dtype=np.int64)

    def add(self, party: int, cost: int) -> None:
        """Let a party bear more (or less)."""
        self.cost[party] += cost

    def measure(self) -> int:
        """Give the unfairness now; see :func:`~detente.resolve.problem.unfairness`."""
        return unfairness(self.cost, self.share, self.fairness)

    def after(self, party: int, more: int) -> int:
        """Give what the unfairness would be if a party bore more."""
        cost = self.cost.copy()
        cost[party] += more
        return unfairness(cost, self.share, self.fairness)


def met(conflicts: Conflicts, flights: Flights) -> NDArray[np.bool_]:
    """Tell which flights conflict with another flight or with closed airspace: (n,) bool."""
    number = {id: i for i, id in enumerate(flights.ids)}
    there = np.zeros(len(flights), dtype=np.bool_)
    pairs = conflicts.table.group_by(["kind", "a", "b"]).aggregate([]).to_pydict()
    for kind, a, b in zip(pairs["kind"], pairs["a"], pairs["b"], strict=True):
        if kind != "volume-volume":
            there[number[a]] = True
        if kind == "flight-flight":
            there[number[b]] = True
    return there


def shares(there: NDArray[np.bool_], parties: Sequence[str]) -> dict[str, int]:
    """Count each party's flights that are in conflict as filed: what its burden is held against.

    Why: a party brings as much of the work as its flights meet others. One that meets nobody
    owes nothing, however many flights it has; and a pair counts once on each side, whoever
    filed first.

    >>> shares(np.array([True, False, True]), ["red", "blue", "red"])
    {'red': 2, 'blue': 0}
    """
    count = dict.fromkeys(parties, 0)
    for party, meets in zip(parties, there.tolist(), strict=True):
        count[party] += meets
    return count


def jain(values: Sequence[float]) -> float:
    """Give Jain's index of fairness: (sum x)^2 / (n sum x^2), 1 where all are 0.

    R. Jain, D. Chiu, W. Hawe, "A Quantitative Measure of Fairness and Discrimination for
    Resource Allocation in Shared Computer Systems", DEC Research Report TR-301, 1984.

    >>> jain([2.0, 2.0]), jain([4.0, 0.0])
    (1.0, 0.5)
    """
    squares = sum(x * x for x in values)
    return 1.0 if not squares else sum(values) ** 2 / (len(values) * squares)


def balance(accounts: Sequence[Account], measure: Fairness = "proportional") -> Balance:
    """Weigh what parties bear against their shares.

    Examples
    --------
    >>> red, blue = Account("red", 9, 2, 1, 60, 100), Account("blue", 9, 2, 0, 0, 0)
    >>> balance([red, blue])
    Balance(measure='proportional', unfairness=400, jain=0.5, most=2.0)
    """
    cost = np.array([b.cost for b in accounts], dtype=np.int64)
    share = np.array([b.share for b in accounts], dtype=np.int64)
    owing = share > 0
    relative = cost[owing] / share[owing]
    # the mean over all conflicting flights, those of parties without cost among them
    mean = cost.sum() / share.sum() if share.any() else 0.0
    return Balance(
        measure=measure,
        unfairness=unfairness(cost, share, measure),
        jain=jain(relative.tolist()),
        most=float(relative.max() / mean) if mean else 0.0,
    )
