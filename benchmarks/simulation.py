"""Whole histories of an authority, each from a seed, everything checked after every step."""

import os
import sys
import time
from collections import Counter
from multiprocessing import get_context

from rich.progress import track
from tests.authority.simulation import run as history

from benchmarks.result import Result, write

__all__ = ["run"]

_FIRST = 1_000_000  # other seeds than the tests'
_SHORT, _LONG, _EVERY = 30, 120, 20
"""Steps of a history, and of each so-manieth."""


def _ran(seed: int) -> tuple[int, int, Counter[str]]:
    done = history(seed, _SHORT if seed % _EVERY else _LONG)
    return done.steps, done.entries, done.happened


def run(quick: bool) -> list[Result]:
    """Run them on all cores; a failure stops it and names its seed."""
    count = 100 if quick else 10_000
    cores = len(os.sched_getaffinity(0))
    happened: Counter[str] = Counter()
    steps = entries = 0
    start = time.perf_counter()
    with get_context("spawn").Pool(cores) as pool:
        seeds = range(_FIRST, _FIRST + count)
        runs = pool.imap_unordered(_ran, seeds, chunksize=4)
        for more, written, own in track(runs, "histories", total=count):
            steps, entries, happened = steps + more, entries + written, happened + own
    seconds = time.perf_counter() - start
    what = ", ".join(f"{name} {times:,}" for name, times in sorted(happened.items()))
    return [
        Result(
            f"{count:,} histories of {_SHORT} to {_LONG} steps: failures", "0", "0", True,
            f"seeds from {_FIRST:,}; {steps:,} steps, {entries:,} entries; {what}; "
            f"{seconds:.0f} s",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
