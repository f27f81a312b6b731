"""The optimum by trying every choice: slow, plain, and of no code of the package.

The value is written out here a second time, from its description alone.
"""

import numpy as np


def all_values(problem, fairness):
    """Give the value of every choice, a column each: (items, choices) int64."""
    sizes = [len(c) for c in problem.cost]

    def of(table, *flights):
        """Lay a table by the options of some flights along their axes of all choices."""
        return np.reshape(table, [n if f in flights else 1 for f, n in enumerate(sizes)])

    conflicts = np.zeros(sizes, np.int64)
    for f in range(len(sizes)):
        conflicts += of(problem.blocked[f], f)
    for (f, g), matrix in problem.clash.items():
        conflicts += of(matrix, f, g)
    ranks = max(problem.rank.tolist()) + 1
    by_rank = np.zeros((ranks, *sizes), np.int64)
    owed = dict.fromkeys(range(max(problem.party.tolist()) + 1), 0)
    burden = {p: np.zeros(sizes, np.int64) for p in owed}
    for f in range(len(sizes)):
        paid = of(problem.cost[f], f)
        by_rank[problem.rank[f]] += paid
        burden[problem.party[f]] += paid
        meets = any(m[0, 0] for pair, m in problem.clash.items() if f in pair)
        owed[problem.party[f]] += bool(meets or problem.blocked[f][0])
    everyone = sum(owed.values())
    if fairness == "proportional":
        total = by_rank.sum(axis=0)
        unfair = sum(np.abs(everyone * burden[p] - total * owed[p]) for p in owed)
    else:
        # relative burden b S / s, rounded up; a party that owes nothing counts as half a flight
        scale = max(1, 2 * everyone)
        relative = [np.ceil(burden[p] * scale / (2 * owed[p] or 1) - 1e-9) for p in owed]
        unfair = np.max(relative, axis=0).astype(np.int64)
    return np.reshape([conflicts, *by_rank, unfair], (ranks + 2, -1))


def least(values):
    """Give the lexicographically least column."""
    which = np.ones(values.shape[1], dtype=bool)
    for item in values:
        which &= item == item[which].min()
    return tuple(int(item[which][0]) for item in values)
