"""The first call in a fresh process: with nothing compiled yet, and with all of it cached."""

import os
import subprocess
import sys
import tempfile
import time

from benchmarks.result import Result, write

__all__ = ["run"]

_CALL = """
import numpy as np
from detente import Flights, Index, Trajectory, detect_conflicts

def flight(name, lat, lon):
    return Trajectory(name, np.array([0, 600_000_000_000]), np.array(lat), np.array(lon),
                      np.array([35000.0, 35000.0]))

east = flight("east", [50.0, 50.0], [4.0, 6.0])
north = flight("north", [49.4, 50.6], [5.0, 5.0])
assert len(detect_conflicts(Flights.from_trajectories([east, north]))) == 1
"""


def _seconds(cache: str, program: str = _CALL) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program], check=True, env={**os.environ, "NUMBA_CACHE_DIR": cache}
    )
    return time.perf_counter() - start


def run(quick: bool) -> list[Result]:
    """Measure whole processes, from their start to their end."""
    with tempfile.TemporaryDirectory() as cache:
        first = _seconds(cache)
        again = min(_seconds(cache) for _ in range(1 if quick else 3))
    with tempfile.TemporaryDirectory() as empty:
        alone = min(
            _seconds(empty, "from detente import Flights, Index, Trajectory, detect_conflicts")
            for _ in range(1 if quick else 3)
        )
    return [
        Result(
            "first process, nothing compiled",
            f"{first:.2f} s",
            "≤ 10 s",
            first <= 10.0,
            "the whole process: Python, import, compilation, one detect",
        ),
        Result("second process, cached", f"{again:.2f} s", "≤ 2 s", again <= 2.0),
        Result("of which the import, no detect", f"{alone:.2f} s"),
    ]


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
