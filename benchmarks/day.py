"""A synthetic European day: all pairs of 30,000 flights at 5 NM and 1,000 ft."""

import os
import sys

import detente
from benchmarks.result import Result, best, peak_memory, start_peak, write
from benchmarks.synthetic import day

__all__ = ["run"]


def run(quick: bool) -> list[Result]:
    """Measure the time, with the sort, and the largest memory."""
    count = 3_000 if quick else 30_000
    flights = day(count)
    legs = flights.fixes - len(flights)
    detente.detect_conflicts(flights)  # compile
    start_peak()
    detente.detect_conflicts(flights)
    peak = peak_memory()
    runs = 5 if quick else 11
    least, median, found = best(lambda: detente.detect_conflicts(flights), runs)
    one, _, _ = best(lambda: detente.detect_conflicts(flights, threads=1), 3)
    threads = os.cpu_count()
    return [
        Result(
            f"{count:,} flights, {legs:,} legs, all pairs, {threads} threads",
            f"{median:.3f} s (best {least:.3f} s)",
            "≤ 0.5 s",
            median <= 0.5,
            f"{found.pairs:,} pairs in conflict, {len(found):,} intervals; with the sort, warm; "
            f"median of {runs} runs",
        ),
        Result("the same with one thread", f"{one:.3f} s"),
        Result(
            "largest resident memory of the process during it",
            f"{peak:.0f} MB",
            "≤ 700 MB",
            peak <= 700.0,
            "the flights, Python and its libraries included",
        ),
    ]


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
