"""How the cost grows: with flights at constant density, and with conflicts as density grows."""

import math
import sys

import detente
from benchmarks.result import Result, best, write
from benchmarks.synthetic import day
from detente import Flights

__all__ = ["run"]

SPREAD = 1.1
"""By how much two runs of the same work may differ."""


def _time(flights: Flights) -> tuple[float, int]:
    least, _, found = best(lambda: detente.detect_conflicts(flights), 3)
    return least, len(found)


def run(quick: bool) -> list[Result]:
    """Measure 3,000 flights a day for 1, 10 and 100 days, and 3,000 to 30,000 in one day."""
    results = []
    per_day, days = (300, (1, 10)) if quick else (3_000, (1, 10, 100))
    before: tuple[int, float] | None = None
    for d in days:
        n = per_day * d
        seconds, conflicts = _time(day(n, days=d))
        note = f"{conflicts:,} intervals"
        kept = None
        target = ""
        if before is not None:
            allowed = SPREAD * before[1] * n * math.log(n) / (before[0] * math.log(before[0]))
            target = f"≤ {allowed:.3f} s (n log n from the row above, and 10 %)"
            kept = seconds <= allowed
        results.append(
            Result(
                f"{n:,} flights at {per_day:,} a day",
                f"{seconds:.3f} s",
                target,
                kept,
                note,
            )
        )
        before = (n, seconds)
    thin: tuple[float, int] | None = None
    for n in (1_000, 3_000) if quick else (3_000, 10_000, 30_000, 60_000):
        seconds, conflicts = _time(day(n))
        target, kept = "", None
        if thin is not None:
            allowed = SPREAD * thin[0] * conflicts / thin[1]
            target = f"≤ {allowed:.3f} s (linear in conflicts from the row above, and 10 %)"
            kept = seconds <= allowed
        results.append(
            Result(
                f"{n:,} flights in one day",
                f"{seconds:.3f} s",
                target,
                kept,
                f"{conflicts:,} intervals",
            )
        )
        thin = (seconds, conflicts)
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
