"""Flights and closed airspace, against an independent test of inside and outside.

A place is inside a polygon when the azimuths from it to the border turn once around it:
geographiclib's azimuths to places along each side, summed. No plane, no projection.
"""

from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import (
    Altitude,
    Circle,
    Flights,
    Polygon,
    Reference,
    Trajectory,
    Volume,
    detect_conflicts,
)
from tests.detect.intervals import intervals, within
from tests.detect.strategies import (
    EPOCH,
    SECOND,
    WGS84,
    centres,
    place,
    polygons,
    trajectories,
)
from tests.reference.geodesic import Track, legs

FEW = settings(max_examples=60, deadline=None)
NEAR = 60.0
"""Metres from the border within which a sampled place is not judged."""


@cache
def border(polygon: Polygon) -> list[tuple[float, float]]:
    out = []
    for (lat, lon), (lat1, lon1) in zip(
        polygon.corners, (*polygon.corners[1:], polygon.corners[0]), strict=True
    ):
        side = WGS84.InverseLine(lat, lon, lat1, lon1)
        out += [
            (at["lat2"], at["lon2"]) for at in (side.Position(side.s13 * k / 8) for k in range(8))
        ]
    return out


def winds_around(polygon: Polygon, lat: float, lon: float) -> bool:
    azimuths = np.array([WGS84.Inverse(lat, lon, *at)["azi1"] for at in border(polygon)])
    turns = (np.diff(azimuths, append=azimuths[0]) + 180.0) % 360.0 - 180.0
    return abs(turns.sum()) > 180.0


def inside(outline: Polygon | Circle, lat: float, lon: float) -> bool | None:
    """Tell whether a place is inside; None where it is too near to the border to say."""
    if isinstance(outline, Circle):
        d = WGS84.Inverse(lat, lon, outline.lat, outline.lon)["s12"]
        return None if abs(d - outline.radius) < NEAR else d < outline.radius
    around = {winds_around(outline, *place((lat, lon), azimuth, NEAR)) for azimuth in (0, 120, 240)}
    return around.pop() if len(around) == 1 else None


def check(flight: Trajectory, volume: Volume) -> int:
    """Compare the engine's intervals with samples of the flight; give how many were inside."""
    found = intervals(detect_conflicts(Flights.from_trajectories([flight]), volumes=[volume]))
    spans = [span for several in found.values() for span in several]
    track = Track(flight.time, flight.lat, flight.lon, flight.alt, flight.gap)
    seen = 0
    for leg in legs(track, EPOCH):
        if leg.gap:
            continue
        for t in np.linspace(leg.start, leg.end, 14)[1:-1]:
            now = EPOCH + round(t * 1e9)
            there = inside(volume.outline, *leg.place(t))
            height = leg.height(t)
            bounds = [b.feet for b in (volume.lower, volume.upper) if b is not None]
            edges = [e for e in (volume.start, volume.end) if e is not None]
            if (
                there is None
                or any(abs(height - b) < 1e-3 for b in bounds)
                or any(abs(now - e) < MILLISECOND for e in edges)
            ):
                continue
            expected = (
                there
                and (volume.lower is None or height > volume.lower.feet)
                and (volume.upper is None or height < volume.upper.feet)
                and (volume.start is None or now > volume.start)
                and (volume.end is None or now < volume.end)
            )
            got = any(entry < now < exit_ for entry, exit_ in spans)
            assert got == expected, (t, leg.place(t), height)
            seen += expected
    return seen


MILLISECOND = 1_000_000


@st.composite
def meetings(draw):
    centre = draw(centres)
    flight = draw(trajectories("f", centre))
    if draw(st.booleans()):
        outline: Polygon | Circle = draw(polygons(centre))
    else:
        outline = Circle(*centre, float(draw(st.integers(2_000, 50_000))))
    bounds = draw(
        st.sampled_from([(None, None), (29_500.0, None), (None, 30_500.0), (29_500.0, 31_500.0)])
    )
    lower, upper = (b if b is None else Altitude(b, Reference.PRESSURE) for b in bounds)
    start = draw(st.sampled_from([None, 0, 200, 500]))
    end = draw(st.sampled_from([None, 900, 1500]))
    return flight, Volume(
        "v",
        outline,
        lower,
        upper,
        None if start is None else EPOCH + start * SECOND,
        None if end is None else EPOCH + end * SECOND,
    )


def test_flights_are_in_a_volume_when_and_only_when_they_are_inside():
    seen = []

    @FEW
    @given(meetings())
    def look(meeting):
        seen.append(check(*meeting))

    look()
    assert sum(n > 0 for n in seen) >= 5, "too few of the flights drawn were inside"


@FEW
@given(meetings())
def test_winding_and_first_corner_do_not_matter(meeting):
    flight, volume = meeting
    if isinstance(volume.outline, Circle):
        return
    flights = Flights.from_trajectories([flight])
    there = intervals(detect_conflicts(flights, volumes=[volume]))
    corners = volume.outline.corners
    for other in (corners[::-1], corners[1:] + corners[:1]):
        back = intervals(
            detect_conflicts(flights, volumes=[replace(volume, outline=Polygon(other))])
        )
        assert within(there, back, MILLISECOND)
        assert within(back, there, MILLISECOND)


@FEW
@given(meetings(), st.integers(1, 5_000))
def test_a_buffer_only_adds(meeting, metres):
    flight, volume = meeting
    flights = Flights.from_trajectories([flight])
    bare = intervals(detect_conflicts(flights, volumes=[volume]))
    wide = replace(volume, buffer_h=float(metres), buffer_v=100.0)
    assert within(bare, intervals(detect_conflicts(flights, volumes=[wide])), MILLISECOND)


def over(centre: tuple[float, float], level: float) -> Trajectory:
    """Fly straight over a place, from 100 km before to 100 km after."""
    (lat0, lon0), (lat1, lon1) = place(centre, 30.0, 1e5), place(centre, 210.0, 1e5)
    return Trajectory(
        "f",
        EPOCH + np.array([0, 800]) * SECOND,
        np.array([lat0, lat1]),
        np.array([lon0, lon1]),
        np.array([level, level]),
    )


def test_over_a_pole_and_across_the_antimeridian():
    # 200 km in 800 s: 250 m/s, so a circle of 25 km is crossed from 300 s to 500 s
    for centre in ((90.0, 0.0), (-90.0, 0.0), (10.0, 180.0), (10.0, -180.0), (47.0, 8.0)):
        circle = Volume("c", Circle(*centre, 25_000.0))
        corners = tuple(place(centre, azimuth, 25_000.0) for azimuth in range(0, 360, 5))
        ring = Volume("p", Polygon(corners))
        flights = Flights.from_trajectories([over(centre, 30_000.0)])
        for volume, tolerance in ((circle, 0.01), (ring, 0.2)):
            found = [
                c for c in detect_conflicts(flights, volumes=[volume]) if c.kind == "flight-volume"
            ]
            assert len(found) == 1, (centre, volume.id)
            assert abs((found[0].entry - EPOCH) / 1e9 - 300.0) < tolerance
            assert abs((found[0].exit - EPOCH) / 1e9 - 500.0) < tolerance


def test_along_the_upper_bound_is_outside():
    volume = Volume("v", Circle(47.0, 8.0, 25_000.0), None, Altitude(30_000.0))
    for level, conflicts in ((30_000.0, 0), (29_999.0, 1)):
        flights = Flights.from_trajectories([over((47.0, 8.0), level)])
        assert len(detect_conflicts(flights, volumes=[volume])) == conflicts
