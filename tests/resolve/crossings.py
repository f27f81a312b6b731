"""Flights that all pass near one place within a few minutes, and what they may do."""

import numpy as np

from detente import Flights, Trajectory
from detente.resolve.manoeuvre import Manoeuvres

MINUTE = 60_000_000_000
START = 600  # minutes after 1970-01-01T00:00Z


def crossing(seed, flights, *, minutes=6.0, levels=(33e3, 34e3, 35e3), classes=1):
    """So many flights of 90 minutes, of three parties, over one place near 50 N 5 E."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(flights):
        course, height = rng.uniform(0, 2 * np.pi), rng.choice(levels)
        begin = START + rng.uniform(-minutes, minutes)
        along = np.array([-5.0, -3.4, 3.4, 5.0])
        lat = 50 + along * np.cos(course) + rng.uniform(-0.05, 0.05)
        lon = 5 + along * np.sin(course) / np.cos(np.radians(50))
        time = np.rint((begin + np.array([0, 14.4, 75.6, 90.0])) * MINUTE).astype(np.int64)
        alt = np.array([0.0, height, height, 0.0])
        made.append(
            Trajectory(
                f"F{k:02}", time, lat, lon, alt,
                party="ABC"[k % 3], priority=10 * (k % classes),
            )
        )  # fmt: skip
    return Flights.from_trajectories(made)


def few(seed, **more):
    """A few options, drawn: some delays, one or two levels, an offset or none."""
    rng = np.random.default_rng(seed + 1_000)
    step = int(rng.choice([60, 120, 180]))
    limits = {
        "delay_step": step,
        "delay_most": step * int(rng.integers(1, 6)),
        "level_steps": ((-1,), (1,), (-1, 1), ())[rng.integers(4)],
        "offsets": ((), (9_260.0,), (-18_520.0,))[rng.integers(3)],
    }
    return Manoeuvres(**(limits | more))
