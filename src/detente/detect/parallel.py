"""Pieces of one loop on several threads; the kernels release the interpreter's lock."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["spread"]

T = TypeVar("T")


def spread(
    work: Callable[[int, int], T],
    count: int,
    threads: int,
    *,
    pieces: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[T]:
    """Call ``work(lo, hi)`` on pieces of range(count); the results come in the pieces' order.

    Parameters
    ----------
    work : must not depend on which thread it runs on, nor when.
    threads : how many at once.
    pieces : into how many the range is cut (by default one a thread).
    progress : called with (done, count) after each piece.
    """
    n = max(1, min(pieces or threads, count))
    edges = [count * k // n for k in range(n + 1)]
    spans = list(itertools.pairwise(edges))
    results: list[T] = []
    if threads <= 1 or n == 1:
        for lo, hi in spans:
            results.append(work(lo, hi))
            if progress is not None:
                progress(hi, count)
        return results
    with ThreadPoolExecutor(threads) as pool:
        for (_, hi), result in zip(spans, pool.map(lambda s: work(*s), spans), strict=True):
            results.append(result)
            if progress is not None:
                progress(hi, count)
    return results
