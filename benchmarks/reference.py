"""Random encounters against the independent reference: ``python -m benchmarks.reference``."""

import argparse
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from tests.reference.comparison import Comparison, compare, worst
from tests.reference.encounters import KINDS, encounters

from benchmarks.result import Result, write

__all__ = ["run"]

_CHUNK = 1_000
COUNT = 100_000


def _part(seed: int) -> Comparison:
    return compare(encounters(seed, _CHUNK), f"seed {seed} no. ")


def measure(count: int, workers: int = 2) -> Comparison:
    """Compare ``count`` encounters, each thousand from a seed of its own."""
    total = Comparison()
    with ProcessPoolExecutor(workers) as pool:
        for part in pool.map(_part, range(1000, 1000 + max(1, count // _CHUNK))):
            total.add(part)
    return total


def _spread(values: Iterable[float], scale: float, unit: str) -> str:
    column = np.array([*values, 0.0]) * scale
    return f"median {np.median(column):.2g} {unit}, 99.9 % {np.percentile(column, 99.9):.2g} {unit}"


def results_of(total: Comparison, seconds: float) -> list[Result]:
    """Put a comparison into rows."""
    sharp, slow = total.well_conditioned, total.slow
    crossing = worst(edge.seconds for edge in sharp)
    metres = worst(edge.metres for edge in total.crossings)
    vertical, boundary = worst(total.vertical_seconds), worst(total.boundary_seconds)
    closest = worst(total.closest_metres)
    return [
        Result(
            f"{total.encounters:,} encounters of {len(KINDS)} kinds",
            f"{total.conflicts:,} conflicts",
            note=f"{seconds:.0f} s with two processes",
        ),
        Result(
            "missed outside the band of 1 m, 0.01 ft, 0.1 s",
            str(len(total.missed)),
            "0",
            not total.missed,
            "; ".join(total.missed[:5]),
        ),
        Result(
            "false outside the band",
            str(len(total.false)),
            "0",
            not total.false,
            "; ".join(total.false[:5]),
        ),
        Result("differing within the band", str(total.in_band - _outside(total))),
        Result(
            "conflicts between adjacent levels",
            str(total.level_conflicts),
            "0",
            total.level_conflicts == 0,
        ),
        Result(
            f"largest error of {len(sharp):,} entries and exits where the distance changes by "
            "20 m/s or more (1 m is worth 50 ms or less)",
            f"{crossing * 1000:.2f} ms",
            "≤ 50 ms",
            crossing <= 0.05,
            _spread((edge.seconds for edge in sharp), 1000.0, "ms"),
        ),
        Result(
            f"the {len(slow):,} others: raw time",
            f"{worst(edge.seconds for edge in slow):.2f} s",
            note=_spread((edge.seconds for edge in slow), 1000.0, "ms")
            + "; ill-conditioned, so the distance at that time counts:",
        ),
        Result(
            "largest distance from the minimum at an entry or exit, all horizontal ones",
            f"{metres * 1000:.1f} mm",
            "≤ 1 m",
            metres <= 1.0,
            _spread((edge.metres for edge in total.crossings), 1000.0, "mm"),
        ),
        Result(
            f"largest error of {len(total.vertical_seconds):,} vertical entries and exits",
            f"{vertical * 1e6:.2f} µs",
            "≤ 50 ms",
            vertical <= 0.05,
        ),
        Result(
            f"largest error of {len(total.boundary_seconds):,} that fall on a fix",
            f"{boundary * 1e6:.2f} µs",
            "≤ 50 ms",
            boundary <= 0.05,
        ),
        Result(
            "largest error of the closest distance",
            f"{closest * 1000:.1f} mm",
            "≤ 1 m",
            closest <= 1.0,
            _spread(total.closest_metres, 1000.0, "mm"),
        ),
        Result("largest error of the severity", f"{worst(total.severities):.2g}"),
    ]


def _outside(total: Comparison) -> int:
    return len(set(total.missed) | set(total.false))


def run(quick: bool) -> list[Result]:
    """Measure 100,000 encounters, or 4,000."""
    start = time.perf_counter()
    total = measure(4_000 if quick else COUNT)
    return results_of(total, time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", help="write the rows here, for the runner")
    parser.add_argument("--quick", action="store_true", help="4,000 encounters")
    arguments = parser.parse_args()
    rows = run(arguments.quick)
    if arguments.out:
        write(rows, arguments.out)
        return
    for row in rows:
        mark = {True: "kept", False: "NOT KEPT", None: ""}[row.kept]
        sys.stdout.write(f"{row.what}: {row.value} [{row.target}] {mark} {row.note}\n")


if __name__ == "__main__":
    main()
