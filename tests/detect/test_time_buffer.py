"""A time buffer: too near also when one of the two is a little earlier or later."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import Conflicts, Flights, Separation, Trajectory, detect_conflicts
from tests.detect.intervals import ipc
from tests.detect.strategies import EPOCH, SECOND, flight_sets, separations
from tests.reference.geodesic import Floats, Leg, Track, legs

EXAMPLES = settings(max_examples=60, deadline=None)
STEP = 7.0
"""Seconds between samples."""


@EXAMPLES
@given(flight_sets(), separations, st.integers(1, 120), st.integers(1, 120))
def test_a_time_buffer_only_adds(flights, minima, seconds, more):
    none = detect_conflicts(flights, separation=minima)
    assert ipc(detect_conflicts(flights, separation=minima, time_buffer=0.0)) == ipc(none)
    some = detect_conflicts(flights, separation=minima, time_buffer=float(seconds))
    many = detect_conflicts(flights, separation=minima, time_buffer=float(seconds + more))

    def pairs(found: Conflicts) -> set[tuple[str, str]]:
        return {(c.a, c.b) for c in found}

    assert pairs(none) <= pairs(some) <= pairs(many)


def test_a_time_buffer_catches_who_flies_where_another_just_was():
    def along(flight: str, late: int) -> Trajectory:
        return Trajectory(
            flight,
            EPOCH + np.array([late, late + 600]) * SECOND,
            np.array([47.0, 48.0]),
            np.array([8.0, 8.0]),
            np.array([35000.0, 35000.0]),
        )

    # 1 degree of latitude in 600 s: 185 m/s, so 120 s are 22 km and 20 s less are 18.5 km
    flights = Flights.from_trajectories([along("first", 0), along("second", 120)])
    apart = Separation(9_260.0, 1000.0)
    assert len(detect_conflicts(flights, separation=apart)) == 0
    assert len(detect_conflicts(flights, separation=apart, time_buffer=60.0)) == 0
    assert len(detect_conflicts(flights, separation=apart, time_buffer=80.0)) == 1


def fastest(these: list[Leg]) -> float:
    return max((leg.length / (leg.end - leg.start) for leg in these), default=0.0)


def samples(these: list[Leg]) -> tuple[Floats, Floats, Floats]:
    """Give times, places (ECEF) and heights of all that was flown."""
    t, at, z = [], [], []
    for leg in these:
        now = np.linspace(leg.start, leg.end, max(2, int((leg.end - leg.start) / STEP)))
        t.append(now)
        at.append(leg.points(now))
        z.append([leg.height(s) for s in now])
    return np.concatenate(t), np.concatenate(at), np.concatenate(z)


@EXAMPLES
@given(
    flight_sets(least=2, most=2),
    st.sampled_from([3_000.0, 9_260.0]),
    st.sampled_from([300.0, 1000.0]),
    st.integers(1, 300),
)
def test_against_all_samples_of_both_at_all_times(flights, horizontal, vertical, seconds):
    rows = list(flights)
    plain = [Trajectory(row.id, row.time, row.lat, row.lon, row.alt, gap=row.gap) for row in rows]
    found = detect_conflicts(
        Flights.from_trajectories(plain),
        separation=Separation(horizontal, vertical),
        time_buffer=float(seconds),
    )
    flown = [
        [
            leg
            for leg in legs(Track(row.time, row.lat, row.lon, row.alt, row.gap), EPOCH)
            if not leg.gap
        ]
        for row in rows
    ]
    if not all(flown):
        assert len(found) == 0
        return
    (t, p, z), (u, q, w) = (samples(these) for these in flown)
    near = np.abs(t[:, None] - u[None, :])
    metres = np.linalg.norm(p[:, None] - q[None, :], axis=2)
    feet = np.abs(z[:, None] - w[None, :])
    # whatever the samples show must be found
    shown = (near < seconds - 0.01) & (metres < horizontal - 1.0) & (feet < vertical - 0.01)
    if shown.any():
        assert found.pairs == 1
    # and what is found must show in the samples, but for what is flown between two of them
    farther = STEP * (fastest(flown[0]) + fastest(flown[1]))
    climb = STEP * sum(
        max(abs(leg.alt[1] - leg.alt[0]) / (leg.end - leg.start) for leg in these)
        for these in flown
    )
    if len(found):
        assert (
            (near < seconds + 2 * STEP)
            & (metres < horizontal + farther)
            & (feet < vertical + climb)
        ).any()
