"""Options that no best choice needs: left out before anything is searched."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.resolve.problem import Problem

__all__ = [
    "Kept",
    "Neighbours",
    "affordable",
    "everything",
    "neighbours",
    "possible",
    "undominated",
]

Kept: TypeAlias = list[NDArray[np.int64]]
"""For each flight the options still in question, in increasing order."""
Neighbours: TypeAlias = list[list[tuple[int, NDArray[np.bool_]]]]
"""For each flight f the flights g that it may clash with, and ``clash[o_f, o_g]``."""


def everything(problem: Problem) -> Kept:
    """Keep all options."""
    return [np.arange(len(cost), dtype=np.int64) for cost in problem.cost]


def neighbours(problem: Problem) -> Neighbours:
    """List for each flight whom it may clash with, in a fixed order."""
    near: Neighbours = [[] for _ in problem.cost]
    for (f, g), matrix in sorted(problem.clash.items(), key=lambda item: item[0]):
        near[f].append((g, matrix))
        near[g].append((f, np.ascontiguousarray(matrix.T)))
    return near


def undominated(problem: Problem, near: Neighbours, kept: Kept) -> Kept:
    """Leave out each option that another of the same flight makes needless.

    One does if it costs no more, is blocked no more, and clashes with nothing that the other
    does not clash with. Taking it instead never adds a conflict, and either saves cost or
    changes no one's burden: so each item of the value stays or falls, in lexicographic order.
    """
    kept = list(kept)
    waiting = list(range(len(kept)))
    while waiting:
        f = waiting.pop(0)
        better = _undominated(problem, near[f], kept, f)
        if len(better) < len(kept[f]):
            kept[f] = better
            waiting += [g for g, _ in near[f] if g not in waiting]
    return kept


def _undominated(
    problem: Problem, near: list[tuple[int, NDArray[np.bool_]]], kept: Kept, f: int
) -> NDArray[np.int64]:
    mine = kept[f]
    if len(mine) == 1:
        return mine
    cost, blocked = problem.cost[f][mine], problem.blocked[f][mine]
    parts = [matrix[np.ix_(mine, kept[g])] for g, matrix in near]
    clash = np.concatenate(parts, axis=1) if parts else np.zeros((len(mine), 1), np.bool_)
    order = np.lexsort((mine, clash.sum(axis=1), blocked, cost))
    words = _words(clash[order])
    blocked = blocked[order]
    stays: list[int] = []
    for i in range(len(order)):
        free = ~words[i]
        before = np.array(stays, dtype=np.int64)
        if not np.any(((words[before] & free) == 0).all(axis=1) & (blocked[before] <= blocked[i])):
            stays.append(i)
            if blocked[i] == 0 and not words[i].any():
                break  # costs no more than the rest and meets nobody
    return np.sort(mine[order[stays]])


def _words(matrix: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Pack rows of truth into 64-bit words."""
    width = -(-matrix.shape[1] // 64) * 64
    wide = np.zeros((len(matrix), width), dtype=np.bool_)
    wide[:, : matrix.shape[1]] = matrix
    return np.packbits(wide, axis=1).view(np.uint64)


def possible(problem: Problem, near: Neighbours, kept: Kept) -> Kept | None:
    """Leave out what is in no choice without conflicts; None where there is no such choice.

    An option goes if it is blocked, or if it clashes with all that another flight may do; until
    nothing more goes (arc consistency: Mackworth, Artificial Intelligence 8(1), 1977).
    """
    kept = [mine[problem.blocked[f][mine] == 0] for f, mine in enumerate(kept)]
    waiting = list(range(len(kept)))
    while waiting:
        f = waiting.pop(0)
        mine = kept[f]
        for g, matrix in near[f]:
            mine = mine[~matrix[np.ix_(mine, kept[g])].all(axis=1)]
        if not len(mine):
            return None
        if len(mine) < len(kept[f]):
            kept[f] = mine
            waiting += [g for g, _ in near[f] if g not in waiting]
    return kept


def affordable(problem: Problem, kept: Kept, rank: int, most: int) -> Kept:
    """Leave out what makes one class pay more than ``most``, however little its others pay."""
    members = np.flatnonzero(problem.rank == rank)
    least = {int(f): int(problem.cost[f][kept[f]].min()) for f in members}
    spare = most - sum(least.values())
    kept = list(kept)
    for f, low in least.items():
        kept[f] = kept[f][problem.cost[f][kept[f]] <= low + spare]
    return kept
