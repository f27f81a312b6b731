"""Flights, what each may do, which of it clashes: and what a choice is worth."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Fairness", "Problem", "conflicts_left", "unfairness", "value"]

Fairness = Literal["proportional", "max-min"]
"""How the burden of several parties is weighed; see :func:`unfairness`."""


def _none() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Problem:
    """A choice of one option for each flight is sought; option 0 is to fly as filed.

    Why whole numbers: the exact solver, the enumeration that tests it and the search must agree
    to the last unit, and sums of whole numbers do not depend on their order.

    Parameters
    ----------
    cost : n arrays of int64, ``cost[f][o]`` >= 0 is what option o of flight f costs. A flight
        that may not move has one option.
    rank : (n,) int16, the flight's class; 0 is the highest.
    party : (n,) int32, who bears the cost, 0, 1, ...
    clash : for some pairs f < g a bool matrix, true at ``[o_f, o_g]`` where the two options
        conflict. A pair without one never conflicts.
    blocked : n arrays of int64, with how much that may not move (flights outside this problem,
        constraints) each option conflicts.
    share : (parties,) int64, what each party's burden is measured against. By default the
        number of its flights that are in conflict as filed: who meets nobody owes nothing.
    borne : (parties,) int64, what each party bears outside this problem; by default nothing.

    Raises
    ------
    ValueError : the arrays do not fit together.

    Examples
    --------
    Two flights meet; the second may wait a minute.

    >>> problem = Problem(
    ...     cost=[np.array([0]), np.array([0, 100])], rank=np.array([0, 0], np.int16),
    ...     party=np.array([0, 1], np.int32), clash={(0, 1): np.array([[True, False]])},
    ...     blocked=[np.array([0]), np.array([0, 0])])
    >>> value(problem, [0, 0]), value(problem, [0, 1])
    ((1, 0, 0), (0, 100, 200))

    See Also
    --------
    detente.resolve.exact.optimum : finds and proves the best choice.
    """

    cost: list[NDArray[np.int64]]
    rank: NDArray[np.int16]
    party: NDArray[np.int32]
    clash: dict[tuple[int, int], NDArray[np.bool_]]
    blocked: list[NDArray[np.int64]]
    share: NDArray[np.int64] = field(default_factory=_none)
    borne: NDArray[np.int64] = field(default_factory=_none)

    def __post_init__(self) -> None:
        n = len(self.cost)
        if not len(self.rank) == len(self.party) == len(self.blocked) == n:
            raise ValueError("cost, rank, party and blocked are of different lengths")
        for f, (cost, blocked) in enumerate(zip(self.cost, self.blocked, strict=True)):
            if len(cost) == 0 or len(cost) != len(blocked):
                raise ValueError(f"flight {f} has {len(cost)} costs and {len(blocked)} blocked")
            if int(cost.min()) < 0 or int(blocked.min()) < 0:
                raise ValueError(f"flight {f} has a cost or a blocked below 0")
        if n and (int(self.rank.min()) < 0 or int(self.party.min()) < 0):
            raise ValueError("a rank or a party is below 0")
        for (f, g), matrix in self.clash.items():
            if not 0 <= f < g < n:
                raise ValueError(f"a clash of {f} with {g} among {n} flights")
            if matrix.shape != (len(self.cost[f]), len(self.cost[g])):
                raise ValueError(f"the clash of {f} with {g} is {matrix.shape}")
        if not len(self.share):
            object.__setattr__(self, "share", self._shares())
        if not len(self.borne):
            object.__setattr__(self, "borne", np.zeros(self.parties, np.int64))
        if min(len(self.share), len(self.borne)) < self.parties:
            raise ValueError(f"{self.parties} parties, but a share or what is borne is missing")
        if len(self.share) != len(self.borne):
            raise ValueError("share and borne are of different lengths")

    def __len__(self) -> int:
        """Count the flights."""
        return len(self.cost)

    @cached_property
    def parties(self) -> int:
        """How many parties there are."""
        return int(self.party.max()) + 1 if len(self.party) else 0

    @cached_property
    def ranks(self) -> int:
        """How many classes there are: the lowest flight's rank, and one."""
        return int(self.rank.max()) + 1 if len(self.rank) else 0

    def _shares(self) -> NDArray[np.int64]:
        met = np.array([blocked[0] > 0 for blocked in self.blocked], dtype=np.bool_)
        for (f, g), matrix in self.clash.items():
            if matrix[0, 0]:
                met[[f, g]] = True
        return np.bincount(self.party[met], minlength=self.parties).astype(np.int64)

    def burden(self, choice: ArrayLike) -> NDArray[np.int64]:
        """Sum up what each party bears: (parties,) int64, with what it bears elsewhere."""
        burden = self.borne.copy()
        np.add.at(burden, self.party, self.paid(choice))
        return burden

    def paid(self, choice: ArrayLike) -> NDArray[np.int64]:
        """Give what each flight pays: (n,) int64."""
        chosen = np.asarray(choice, dtype=np.int64)
        return np.array([c[o] for c, o in zip(self.cost, chosen, strict=True)], dtype=np.int64)


def conflicts_left(problem: Problem, choice: ArrayLike) -> int:
    """Count the pairs that still conflict, those with what may not move among them."""
    chosen = np.asarray(choice, dtype=np.int64)
    left = sum(int(b[o]) for b, o in zip(problem.blocked, chosen, strict=True))
    return left + sum(int(m[chosen[f], chosen[g]]) for (f, g), m in problem.clash.items())


def unfairness(
    burden: NDArray[np.int64], share: NDArray[np.int64], fairness: Fairness = "proportional"
) -> int:
    """Measure how far the burden is from fair, as a whole number; 0 is fair.

    With B the sum of burdens b and S the sum of shares s:

    - ``proportional``: the sum over parties of |S b - B s|, 0 where each bears of the whole
      what its share is of all shares;
    - ``max-min``: the largest relative burden, |b S / s| rounded up, of any party. A party
      without a share counts as one with half a flight, so that it can bear, but late.

    The two follow the two notions of fairness that Bertsimas, Farias and Trichakis compare ("The
    Price of Fairness", Operations Research 59(1), 2011), for burdens in place of utilities: the
    first holds each to its proportional part, the second helps whoever bears most.

    Parameters
    ----------
    burden : (parties,) what each bears.
    share : (parties,) what each is measured against.
    fairness : which of the two.
    """
    b = [int(v) for v in burden]
    s = [int(v) for v in share]
    if fairness == "max-min":
        whole = max(1, 2 * sum(s))
        return max(
            (-(-x * whole // weight) for x, weight in zip(b, weights(s), strict=True)), default=0
        )
    total, whole = sum(b), sum(s)
    return sum(abs(whole * x - total * y) for x, y in zip(b, s, strict=True))


def weights(share: list[int]) -> list[int]:
    """Give what ``max-min`` divides each party's burden by: shares in half flights, at least 1."""
    return [max(1, 2 * s) for s in share]


def value(
    problem: Problem, choice: ArrayLike, fairness: Fairness = "proportional"
) -> tuple[int, ...]:
    """Value a choice: smaller is better, compared item by item.

    Returns
    -------
    tuple : the conflicts left; the cost borne by each class, the highest first (so that none
        ever pays for a lower one); the unfairness among parties.

    Examples
    --------
    See :class:`Problem`.
    """
    paid = problem.paid(choice)
    by_rank = np.zeros(problem.ranks, np.int64)
    np.add.at(by_rank, problem.rank, paid)
    return (
        conflicts_left(problem, choice),
        *(int(c) for c in by_rank),
        unfairness(problem.burden(choice), problem.share, fairness),
    )
