"""Random problems of every kind that the exact solver must face."""

import numpy as np

from detente.resolve.problem import Problem


def random_problem(seed: int, *, flights: int | None = None, most: float = 2e6) -> Problem:
    """Make a problem whose choices number at most ``most``.

    Half of them are of unstructured clashes; half of delays and variants, with intervals of
    differences that conflict. Some have ranks, flights that may not move, blocked options and no
    choice without conflicts.
    """
    rng = np.random.default_rng(seed)
    n = flights or int(rng.integers(2, 13))
    fixed = rng.random(n) < 0.1
    sizes = np.where(fixed, 1, 2)
    budget = max(2.0**n, most ** rng.uniform(0.5, 1.0))
    while not fixed.all():
        f = rng.choice(np.flatnonzero(~fixed))
        if sizes[f] == 300 or sizes.prod() / sizes[f] * (sizes[f] + 1) > budget:
            break
        sizes[f] += 1
    density = rng.choice([0.05, 0.15, 0.3, 0.5])
    meets = rng.choice([0.2, 0.5, 0.9])
    delayed = rng.random() < 0.5
    cost = []
    for size in sizes:
        if delayed:
            cost.append(np.arange(size, dtype=np.int64) * 100)
        else:
            cost.append(np.concatenate([[0], rng.integers(0, 12, size - 1)]) * 50)
    clash = {}
    for f in range(n):
        for g in range(f + 1, n):
            if rng.random() > meets:
                continue
            if delayed:
                low = rng.uniform(-2, 1)
                high = low + rng.exponential(2)
                difference = np.arange(sizes[g]) - np.arange(sizes[f])[:, None]
                clash[f, g] = (low < difference) & (difference < high)
            else:
                clash[f, g] = rng.random((sizes[f], sizes[g])) < density
    closed = rng.choice([0.0, 0.0, 0.1])
    blocked = [rng.integers(1, 3, size) * (rng.random(size) < closed) for size in sizes]
    return Problem(
        cost=cost,
        rank=rng.integers(0, rng.integers(1, 4), n).astype(np.int16),
        party=rng.integers(0, rng.integers(1, 5), n).astype(np.int32),
        clash=clash,
        blocked=blocked,
    )
