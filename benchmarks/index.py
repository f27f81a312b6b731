"""One flight against a standing index, and adding and removing one."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.result import Result, write
from benchmarks.synthetic import day
from detente import Index, Trajectory

__all__ = ["run"]


def _each(function: Callable[[Trajectory], object], rows: list[Trajectory]) -> np.ndarray:
    """Give the microseconds of each call."""
    out = np.empty(len(rows))
    for i, row in enumerate(rows):
        start = time.perf_counter_ns()
        function(row)
        out[i] = (time.perf_counter_ns() - start) / 1000.0
    return out


def run(quick: bool) -> list[Result]:
    """Measure each call from Python, its answer as objects included."""
    standing, asked = (3_000, 500) if quick else (30_000, 3_000)
    index = Index()
    for row in day(standing):
        index.add(row)
    guests = [replace(row, id=f"guest-{i}") for i, row in enumerate(day(asked, seed=2))]
    _each(index.query, guests[:50])  # compile
    found = sum(len(index.query(row)) for row in guests)
    query = _each(index.query, guests)
    add = _each(index.add, guests)
    remove = _each(lambda row: index.remove(row.id), guests)
    again = sum(len(index.query(row)) for row in guests)
    if again != found:
        raise AssertionError(f"{found} conflicts before, {again} after adding and removing")
    name = f"one flight against {standing:,} standing"
    note = f"{asked:,} other flights of the same day, {found / asked:.2f} intervals each"
    median, high = np.median(query), np.percentile(query, 99)
    added, removed = np.median(add), np.median(remove)
    return [
        Result(f"{name}: median", f"{median:.0f} µs", "≤ 150 µs", bool(median <= 150), note),
        Result(f"{name}: 99th percentile", f"{high:.0f} µs", "≤ 400 µs", bool(high <= 400)),
        Result(
            "adding one: median",
            f"{added:.0f} µs",
            "≤ 50 µs",
            bool(added <= 50),
            f"99th percentile {np.percentile(add, 99):.0f} µs",
        ),
        Result(
            "removing one: median",
            f"{removed:.0f} µs",
            "≤ 50 µs",
            bool(removed <= 50),
            f"99th percentile {np.percentile(remove, 99):.0f} µs",
        ),
    ]


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
