"""A good choice in milliseconds: one flight at a time takes what is best for it."""

import numpy as np
from numpy.typing import NDArray

from detente.resolve.problem import Fairness, Problem, value
from detente.resolve.pruning import Kept, Neighbours

__all__ = ["descend"]

_PASSES = 40


def descend(
    problem: Problem,
    near: Neighbours,
    kept: Kept,
    *,
    fairness: Fairness = "proportional",
    starts: int = 8,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Search by descent from several starts, and give the best choice met.

    Why: the exact solver needs a bound to leave options out by. Flights choose in turn, those of
    a higher class first; a clash costs a flight more than any option, and each clash that is
    still there after a round costs more in the next (the breakout method: Morris, AAAI 1993).

    Parameters
    ----------
    problem, near, kept : the problem, whom each flight may clash with, what may be chosen.
    fairness : by which measure choices are compared.
    starts : how many random orders are tried.
    seed : what makes them.

    Returns
    -------
    (n,) int64, an option for each flight; the same for the same arguments.
    """
    random = np.random.default_rng(seed)
    best: NDArray[np.int64] | None = None
    for _ in range(max(1, starts)):
        order = random.permutation(len(problem))
        order = order[np.argsort(problem.rank[order], kind="stable")]
        for choice in _rounds(problem, near, kept, order):
            if best is None or value(problem, choice, fairness) < value(problem, best, fairness):
                best = choice
    assert best is not None
    return best


def _rounds(
    problem: Problem, near: Neighbours, kept: Kept, order: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Go round until nothing changes; give the choice without conflicts, or all that were met."""
    n = len(problem)
    dear = 1 + max(int(problem.cost[f][mine].max()) for f, mine in enumerate(kept))
    weight = {(f, g): dear for f in range(n) for g, _ in near[f]}
    choice = np.full(n, -1, dtype=np.int64)
    met = []
    for _ in range(_PASSES):
        before = choice.copy()
        for f in order:
            mine = kept[f]
            price = problem.cost[f][mine] + dear * problem.blocked[f][mine]
            for g, matrix in near[f]:
                if choice[g] >= 0:
                    price = price + weight[f, g] * matrix[mine, choice[g]]
            choice[f] = mine[np.argmin(price)]
        clashing = [
            (f, g) for f in range(n) for g, matrix in near[f] if matrix[choice[f], choice[g]]
        ]
        met.append(choice.copy())
        if np.array_equal(choice, before):
            if not clashing:
                break
            for pair in clashing:
                weight[pair] += dear
    return met
