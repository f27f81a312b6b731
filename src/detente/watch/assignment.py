"""Who is who: each track to one intent at most, each intent to one track at most."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import (  # type: ignore[import-untyped]
    min_weight_full_bipartite_matching,
)

__all__ = ["NOBODY", "assigned"]

NOBODY: Final = -1


def assigned(
    track: NDArray[np.int64],
    intent: NDArray[np.int64],
    cost: NDArray[np.float64],
    tracks: int,
    undeclared: float,
) -> NDArray[np.int64]:
    """Give the assignment of least cost, where a track may stay without an intent.

    Parameters
    ----------
    track, intent : (p,) the pairs, each once; among equals, the lower numbers go together.
    cost : (p,) of each, finite.
    tracks : how many there are, with those in no pair.
    undeclared : the cost of a track without an intent; dearer pairs are left out.

    Returns
    -------
    (tracks,) the intent of each, or :data:`NOBODY`.

    Notes
    -----
    A pair of two that are in no other pair needs no search. The rest goes to the sparse
    Jonker-Volgenant algorithm (R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for
    dense and sparse linear assignment problems", Computing 38, 1987), with a column for each
    track that stands for no intent.

    >>> import numpy as np
    >>> pairs = np.array([0, 0, 1]), np.array([4, 5, 4])
    >>> assigned(*pairs, np.array([1.0, 2.0, 1.5]), 3, 7.0).tolist()
    [5, 4, -1]
    """
    out = np.full(tracks, NOBODY, dtype=np.int64)
    cheap = cost < undeclared
    track, intent, cost = track[cheap], intent[cheap], cost[cheap]
    if not len(track):
        return out
    alone = np.bincount(track)[track] == 1
    alone &= np.bincount(intent)[intent] == 1
    out[track[alone]] = intent[alone]
    if alone.all():
        return out
    rows, row = np.unique(track[~alone], return_inverse=True)
    columns, column = np.unique(intent[~alone], return_inverse=True)
    n, m = len(rows), len(columns)
    # Every track takes just one column, so a constant changes nothing; weights must not be 0.
    least = 1.0 - min(0.0, float(cost.min()))
    weights = csr_array(
        (
            np.concatenate([cost[~alone], np.full(n, undeclared)]) + least,
            (
                np.concatenate([row, np.arange(n)]),
                np.concatenate([column, m + np.arange(n)]),
            ),
        ),
        shape=(n, m + n),
    )
    _, taken = min_weight_full_bipartite_matching(weights)
    out[rows] = np.where(taken < m, columns[np.minimum(taken, m - 1)], NOBODY)
    return out
