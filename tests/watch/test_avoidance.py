"""What a party is told of an alert: it contains where the other may be, and says no more."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from detente import Altitude, Circle, Polygon, Trajectory, Volume
from detente.earth import surface
from detente.watch.avoidance import Cells, Whereabouts
from detente.watch.declared import Declared
from detente.watch.track import Conformance
from tests.watch.encounters import (
    EXAMPLES,
    MINUTE,
    PLACES,
    USUAL,
    of,
    once,
    places,
    scenes,
)
from tests.watch.sky import NOON, SECOND, WGS84, Seen, from_place, on, straight


@EXAMPLES
@given(scenes())
def test_the_volume_contains_where_the_other_may_be(scene):
    seen, declared = scene
    by_name = {f"track:{s.id}": s for s in seen} | {f"intent:{d.name}": d for d in declared}
    for alert in once(seen, *declared):
        for told in alert.avoid:
            mine = alert.a if told_to(by_name[alert.a]) == told.intent else alert.b
            other = by_name[alert.b if mine == alert.a else alert.a]
            volume = told.volume
            assert volume.start <= alert.start
            assert volume.end >= min(alert.end, NOON + 300 * SECOND)
            assert volume.start % MINUTE == volume.end % MINUTE == 0
            for t in range(0, 301, 20):
                at = NOON + t * SECOND
                if volume.start <= at <= volume.end:
                    inside(volume, other, t)


def told_to(thing):
    return thing.name if isinstance(thing, Declared) else thing.intent


def inside(volume, other, t):
    """See that where another may be after t seconds is in a volume."""
    circle = volume.outline
    if isinstance(other, Seen):
        place = places(other, t)
        # what stands still and is on its way is predicted to go on along its intent
        gone = 10.0 * t if other.speed == 0.0 else 0.0
        reach = other.uncertainty + USUAL.held * t - gone
        if other.verdict is not Conformance.CONFORMING:
            drift, turn = USUAL.spread
            turned = min(0.5 * other.speed * math.radians(turn) * t**2, 2 * other.speed * t)
            reach = other.uncertainty + drift * t + turned
        high = other.pressure
    elif isinstance(other.extent, Trajectory):
        flight = other.extent
        line = WGS84.Inverse(flight.lat[0], flight.lon[0], flight.lat[1], flight.lon[1])
        share = (NOON + t * SECOND - flight.time[0]) / (flight.time[1] - flight.time[0])
        there = WGS84.Direct(flight.lat[0], flight.lon[0], line["azi1"], share * line["s12"])
        place, reach, high = (there["lat2"], there["lon2"]), 0.0, flight.alt[0]
    else:
        outline = other.extent[0].outline
        place, reach, high = (outline.lat, outline.lon), outline.radius, other.extent[0].lower.feet
    away = WGS84.Inverse(circle.lat, circle.lon, *place)["s12"]
    assert away + reach <= circle.radius + 1.0
    if volume.lower is not None and not math.isnan(high):
        assert volume.lower.feet <= high
        assert volume.upper is None or high <= volume.upper.feet
        assert volume.lower.feet % 1000.0 == 0.0


@EXAMPLES
@given(
    st.sampled_from(PLACES), st.floats(0.0, 0.95), st.floats(0.0, 0.95), st.floats(0.0, 6.283),
    st.integers(1, 4), st.integers(1, 59), st.data(),
)  # fmt: skip
def test_two_others_in_the_same_cells_give_the_same_volume(
    place, north, east, angle, size, second, data
):
    cells = Cells(9_260.0, 1_000.0)
    told = set()
    for _ in range(2):
        # anywhere in the cell, of any size of the class, at any height and time of the step
        lat, lon = cells.middle(*place)
        shift = data.draw(st.floats(-0.03, 0.03))
        spot = WGS84.Direct(lat, lon, math.degrees(angle), 90_000.0 * abs(shift))
        reach = 9_260.0 * (size - data.draw(st.floats(0.01, 0.99)))
        low = 34_000.0 + 1_000.0 * data.draw(st.floats(0.01, 0.98))
        start = NOON + data.draw(st.integers(0, 59)) * SECOND
        point = np.array([ecef(spot["lat2"], spot["lon2"])])
        where = Whereabouts(
            start, start + MINUTE - (start % MINUTE) + second * SECOND, point, np.array([reach]),
            low, low + 1.0,
        )  # fmt: skip
        assume(cells.middle(spot["lat2"], spot["lon2"]) == (lat, lon))
        told.add(repr(cells.volume(where)))
    assert len(told) == 1


def ecef(lat, lon):
    return surface(lat, lon)


@EXAMPLES
@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0), st.sampled_from([100.0, 9_260.0, 1e5]))
def test_a_cell_is_no_wider_than_it_says(lat, lon, width):
    cells = Cells(width, 1_000.0)
    middle = cells.middle(lat, lon)
    assert cells.middle(*middle) == middle
    assert WGS84.Inverse(lat, lon, *middle)["s12"] <= 0.72 * width


def test_a_volume_tells_nothing_of_what_the_other_is():
    """Undeclared, or declared and on its way, or declared and not seen: the same bytes."""
    own = straight("red/one", 47.0, 8.0, 90.0)
    lat, lon, back = from_place(47.0, 8.0, 90.0, 100_000.0)
    other = straight("blue/two", lat, lon, back)
    mine = Seen("A", 47.0, 8.0, 90.0, **on("red/one"))
    its = Seen("B", lat, lon, back, uncertainty=10.0)
    alone = once([mine, its], own)
    known = once([mine, replace(its, **on("blue/two"))], own, other)
    unseen = once([mine], own, other)
    told = [
        repr(x.avoid[0].volume) if x.avoid[0].party == "red" else repr(x.avoid[1].volume)
        for (x,) in (alone, known, unseen)
    ]
    assert len(set(told)) == 1
    assert [len(x.avoid) for (x,) in (alone, known, unseen)] == [1, 2, 2]
    assert "B" not in told[0]
    assert "blue" not in told[0]


def test_a_volume_that_no_circle_contains_is_told_by_its_part_about_the_flight():
    corners = ((40.0, 0.0), (40.0, 20.0), (55.0, 20.0), (55.0, 0.0))
    wide = of("blue", (Volume("v", Polygon(corners), None, None, NOON, NOON + 900 * SECOND),))
    mine = Seen("A", 47.0, 8.0, 90.0, intent="red/one", verdict=Conformance.NONCONFORMING)
    (alert,) = once([mine], wide, straight("red/one", 40.0, 8.0, 90.0))
    told = {told.party: told.volume for told in alert.avoid}
    assert told["red"].outline.radius > 490_000.0
    assert told["red"].lower is None
    assert WGS84.Inverse(47.0, 8.0, told["red"].outline.lat, told["red"].outline.lon)["s12"] < 2e4


def test_one_flight_is_told_one_volume_of_one_other():
    """Of an intent of several volumes, what contains those that are met."""
    areas = tuple(
        Volume("v", Circle(47.0, lon, 4_000.0), Altitude(low), Altitude(low + 500.0), NOON,
               NOON + 900 * SECOND)
        for lon, low in ((8.2, 34_800.0), (8.3, 34_300.0), (8.4, 35_000.0))
    )  # fmt: skip
    mine = Seen("A", 47.0, 8.0, 90.0, pressure=34_700.0, climb=600.0, intent="red/one",
                verdict=Conformance.NONCONFORMING)  # fmt: skip
    (alert,) = once([mine], of("blue", areas), straight("red/one", 40.0, 8.0, 90.0))
    assert [told.party for told in alert.avoid] == ["blue", "red"]
    volume = alert.avoid[1].volume
    assert (volume.lower, volume.upper) == (Altitude(34_000.0), Altitude(36_000.0))
    for area in areas:
        away = WGS84.Inverse(volume.outline.lat, volume.outline.lon, 47.0, area.outline.lon)["s12"]
        assert away + 4_000.0 <= volume.outline.radius
