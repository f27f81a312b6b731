"""What hypothesis draws: small sets of flights that meet often, and airspace among them."""

import numpy as np
from geographiclib.geodesic import Geodesic
from hypothesis import strategies as st

from detente import Flights, Polygon, Separation, Trajectory

WGS84 = Geodesic.WGS84
SECOND = 1_000_000_000
EPOCH = 1_533_081_600 * SECOND  # 2018-08-01T00:00Z
REACH = 60_000.0
"""Metres: how far a fix lies from the centre at most."""

centres = st.sampled_from(
    [(47.0, 8.0), (0.0, 0.0), (-33.0, 151.0), (0.1, 180.0), (64.0, -179.9), (90.0, 0.0),
     (-89.9, 30.0)]
)  # fmt: skip


def place(centre: tuple[float, float], azimuth: float, metres: float) -> tuple[float, float]:
    """Give the place at an azimuth and a distance from another."""
    out = WGS84.Direct(*centre, azimuth, metres)
    return out["lat2"], out["lon2"]


@st.composite
def trajectories(draw, flight: str, centre: tuple[float, float], *, level: bool = False):
    """One flight of two to five fixes about a centre, at or between flight levels."""
    count = draw(st.integers(2, 5))
    steps = draw(st.lists(st.integers(20, 600), min_size=count, max_size=count))
    fixes = [
        place(centre, draw(st.integers(0, 359)), draw(st.integers(0, int(REACH))))
        for _ in range(count)
    ]
    levels = st.integers(29, 32).map(lambda k: 1000.0 * k)
    first = draw(levels)
    alt = [first if level or draw(st.booleans()) else draw(levels) for _ in range(count)]
    lat, lon = np.array(fixes).T
    return Trajectory(
        id=flight,
        party=draw(st.sampled_from(["", "red", "blue"])),
        time=EPOCH + np.cumsum(np.array(steps, np.int64)) * SECOND,
        lat=lat,
        lon=lon,
        alt=np.array(alt),
        protection=draw(st.sampled_from([None, None, None, Separation(12_000.0, 1000.0)])),
        gap=np.array([draw(st.integers(0, 9)) == 0 for _ in range(count)]),
    )


@st.composite
def flight_sets(draw, *, level: bool = False, least: int = 2, most: int = 6) -> Flights:
    """A few flights about one centre."""
    centre = draw(centres)
    count = draw(st.integers(least, most))
    rows = [draw(trajectories(f"f{i}", centre, level=level)) for i in range(count)]
    return Flights.from_trajectories(rows)


separations = st.builds(
    Separation,
    st.sampled_from([500.0, 3_000.0, 9_260.0, 20_000.0]),
    st.sampled_from([300.0, 1000.0, 2000.0]),
)


@st.composite
def polygons(draw, centre: tuple[float, float]) -> Polygon:
    """A polygon whose corners lie around the centre, so no side crosses another."""
    azimuths = sorted(draw(st.sets(st.integers(0, 35), min_size=4, max_size=9)))
    gaps = np.diff([*azimuths, azimuths[0] + 36])
    if gaps.max() > 15:  # keep the centre well inside
        azimuths = [0, 9, 18, 27]
    return Polygon(
        tuple(place(centre, 10.0 * k, draw(st.integers(15_000, 70_000))) for k in azimuths)
    )
