"""Flights to be moved: drawn by hypothesis, or written out."""

import numpy as np
from hypothesis import strategies as st

from detente import Separation, Trajectory
from detente.earth import GEOD

SECOND = 1_000_000_000
START = 1_782_907_200 * SECOND  # 2026-07-01T12:00Z


def flown(legs, *, lat=50.0, lon=5.0, **more) -> Trajectory:
    """A flight from the feet where it begins, and legs of (course, m/s, seconds, feet after)."""
    feet, *rest = legs
    rows = [(0, lat, lon, feet)]
    for course, speed, seconds, end in rest:
        time, lat, lon, _ = rows[-1]
        lon, lat, _ = GEOD.fwd(lon, lat, course, speed * seconds)
        rows.append((time + seconds, lat, lon, end))
    time, lat, lon, alt = map(np.array, zip(*rows, strict=True))
    return Trajectory(
        **{
            "id": "A",
            "time": START + time.astype(np.int64) * SECOND,
            "lat": lat,
            "lon": lon,
            "alt": alt.astype(float),
            **more,
        }
    )


def airliner(**more) -> Trajectory:
    """Up in 20 minutes, an hour at FL350 with a turn, down in 20 minutes: four long legs."""
    legs = [0.0, (60, 150, 1200, 35e3), (60, 230, 1800, 35e3), (75, 230, 1800, 35e3)]
    return flown([*legs, (75, 140, 1200, 500.0)], **more)


@st.composite
def routes(draw) -> Trajectory:
    """Climb, one to four levels, descent; any part may be missing but the cruise."""
    course = draw(st.integers(0, 359))
    speed = draw(st.sampled_from([30, 120, 230]))
    level = 1000.0 * draw(st.integers(9, 39))
    legs = []
    first = level
    if draw(st.booleans()):
        first = draw(st.sampled_from([0.0, 1500.0]))
        legs += [(course, speed, draw(st.integers(300, 1500)), level)]
    for _ in range(draw(st.integers(1, 4))):
        course += draw(st.integers(-40, 40))
        for _ in range(draw(st.integers(1, 3))):
            legs += [(course, speed, draw(st.integers(10, 1500)), level)]
        if draw(st.integers(0, 3)) == 0:
            level += draw(st.sampled_from([-2000.0, 2000.0]))
            legs += [(course, speed, draw(st.integers(60, 300)), level)]
    if draw(st.booleans()):
        legs += [(course, speed, draw(st.integers(300, 1500)), 1000.0)]
    return flown(
        [first, *legs],
        lat=draw(st.sampled_from([0.0, 47.3, -64.0, 78.0])),
        lon=draw(st.sampled_from([8.0, 179.7, -120.0])),
        priority=draw(st.sampled_from([0, 30])),
        protection=draw(st.sampled_from([None, Separation(1000.0, 500.0)])),
    )


def at(flight: Trajectory, instants):
    """Where a flight is: lat, lon and feet at instants (ns), along geodesics."""
    instants = np.asarray(instants, dtype=np.int64)
    leg = np.clip(np.searchsorted(flight.time, instants, "right") - 1, 0, len(flight.time) - 2)
    part = (instants - flight.time[leg]) / (flight.time[leg + 1] - flight.time[leg])
    lon, lat = flight.lon, flight.lat
    azimuth, _, metres = GEOD.inv(lon[leg], lat[leg], lon[leg + 1], lat[leg + 1])
    there = GEOD.fwd(lon[leg], lat[leg], azimuth, metres * part)
    return there[1], there[0], flight.alt[leg] + part * (flight.alt[leg + 1] - flight.alt[leg])


def metres_apart(one, two):
    """Distances between places (lat, lon, ...)."""
    return GEOD.inv(one[1], one[0], two[1], two[0])[2]


def speeds(flight: Trajectory):
    """Metres per second on each leg."""
    metres = metres_apart((flight.lat[:-1], flight.lon[:-1]), (flight.lat[1:], flight.lon[1:]))
    return np.asarray(metres) / (np.diff(flight.time) * 1e-9)
