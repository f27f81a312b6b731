"""When volumes overlap: against sampled places, at a hair's breadth, and the quick proof of it."""

from dataclasses import replace

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from detente import Altitude, Circle, Polygon, Volume, VolumeIndex
from detente.detect.apart import apart
from detente.detect.outlines import outlines_of
from detente.detect.overlap import overlap, overlaps
from detente.errors import InputError
from tests.detect.strategies import EPOCH, SECOND, WGS84, centres, place

FEW = settings(max_examples=150, deadline=None)


def shape(centre, corners, size, turn, notch) -> Polygon:
    """A polygon about a place, with every other corner drawn in where it has a notch."""
    at = [
        place(centre, turn + 360.0 * k / corners, size * (0.4 if notch and k % 2 else 1.0))
        for k in range(corners)
    ]
    return Polygon(tuple(at))


@st.composite
def shapes(draw, centre):
    size = draw(st.sampled_from([50.0, 400.0, 3_000.0, 30_000.0]))
    kind = draw(st.sampled_from(["circle", "polygon", "notched"]))
    if kind == "circle":
        return Circle(*centre, size)
    corners = draw(st.integers(3, 8)) if kind == "polygon" else 8
    return shape(centre, corners, size, draw(st.integers(0, 359)), kind == "notched")


def extent(outline) -> float:
    if isinstance(outline, Circle):
        return outline.radius
    lat = [c[0] for c in outline.corners]
    lon = [c[1] for c in outline.corners]
    return max(WGS84.Inverse(lat[0], lon[0], a, b)["s12"] for a, b in zip(lat, lon, strict=True))


@st.composite
def neighbours(draw):
    """Two outlines: far, near, touching as well as numbers allow, or one in the other."""
    centre = draw(centres)
    a = draw(shapes(centre))
    how = draw(st.sampled_from(["corner", "side", "near", "round"]))
    azimuth = draw(st.integers(0, 359))
    gap = draw(st.sampled_from([-1.0, -0.1, 0.0, 0.0, 1e-6, 0.1, 1.0, 500.0]))
    if how == "round" or isinstance(a, Circle):
        radius = draw(st.sampled_from([50.0, 400.0, 3_000.0]))
        if isinstance(a, Circle):
            return a, Circle(*place(centre, azimuth, a.radius + radius + gap), radius)
        (lat0, lon0), (lat1, lon1) = a.corners[:2]
        side = WGS84.InverseLine(lat0, lon0, lat1, lon1)
        middle = side.Position(0.5 * side.s13)
        at = place((middle["lat2"], middle["lon2"]), middle["azi2"] - 90.0, radius + gap)
        return a, Circle(*at, radius)
    if how == "near":
        return a, draw(shapes(place(centre, azimuth, extent(a) * draw(st.floats(0.2, 2.5)))))
    if how == "corner":
        corner = draw(st.sampled_from(a.corners))
        outward = WGS84.Inverse(*centre, *corner)["azi2"]
        tip = place(corner, outward, gap)
        wide = draw(st.sampled_from([30.0, 2_000.0]))
        sides = [place(tip, outward + turn, wide) for turn in (-20.0, 20.0)]
        return a, Polygon((tip, *sides))
    (lat0, lon0), (lat1, lon1) = a.corners[:2]
    side = WGS84.Inverse(lat0, lon0, lat1, lon1)
    far = draw(st.sampled_from([20.0, 1_000.0]))
    left = side["azi1"] - 90.0
    one, two = place((lat0, lon0), left, gap), place((lat1, lon1), side["azi2"] - 90.0, gap)
    try:
        # on a short side at a pole this may cross itself
        b = Polygon((one, place(one, left, far), place(two, side["azi2"] - 90.0, far), two))
    except InputError:
        reject()
    return a, b


def laid(outline, buffer=0.0):
    return outlines_of([Volume("v", outline, buffer_h=buffer)], EPOCH, None)


def proven(a, b) -> bool:
    return bool(apart(0, *a.arrays, 0, *b.arrays))


@FEW
@given(neighbours(), st.sampled_from([0.0, 0.0, 50.0, 2_000.0]))
def test_what_is_proven_apart_is_apart(pair, buffer):
    a, b = laid(pair[0], buffer), laid(pair[1])
    for one, two in ((a, b), (b, a)):
        if proven(one, two):
            assert overlap(one, 0, two, 0) is None


@FEW
@given(st.data())
def test_outlines_about_a_common_place_overlap(data):
    centre = data.draw(centres)
    one = data.draw(shapes(centre))
    off = place(
        centre, data.draw(st.integers(0, 359)), data.draw(st.floats(0.0, 0.1)) * extent(one)
    )
    a, b = laid(one), laid(data.draw(shapes(off)))
    assert overlap(a, 0, b, 0) is not None
    assert not proven(a, b)
    assert not proven(b, a)


def test_nearly_all_that_are_apart_are_proven_so():
    apart_at_all = []

    @FEW
    @given(neighbours())
    def look(pair):
        a, b = laid(pair[0]), laid(pair[1])
        if overlap(a, 0, b, 0) is None:
            apart_at_all.append(proven(a, b))

    look()
    assert sum(apart_at_all) > 0.8 * len(apart_at_all) > 20


def square(row: float, column: float, size: float = 100.0) -> Polygon:
    """A tile of a grid that is straight in degrees, as people draw them."""
    step = size / 111_195.0
    south, west = 47.0 + row * step, 8.0 + column * step * 1.46
    north, east = 47.0 + (row + 1) * step, 8.0 + (column + 1) * step * 1.46
    return Polygon(((south, west), (south, east), (north, east), (north, west)))


@pytest.mark.parametrize(("row", "column"), [(0, 1), (1, 0), (1, 1), (-1, 1), (1, 0.5), (-1, -0.3)])
def test_tiles_that_touch_are_apart_and_proven_so(row, column):
    a, b = laid(square(0, 0)), laid(square(row, column))
    assert proven(a, b)
    assert overlap(a, 0, b, 0) is None
    closer = laid(square(0.99 * row, 0.99 * column))
    assert not proven(a, closer)
    assert overlap(a, 0, closer, 0) is not None


@pytest.mark.parametrize("radius", [50.0, 700.0, 5_000.0])
@pytest.mark.parametrize("azimuth", [0.0, 45.0, 90.0, 200.0])
def test_circles_that_touch_are_apart_and_proven_so(radius, azimuth):
    for gap, met in ((0.0, False), (1e-6, False), (-1e-6, False), (-0.05, True)):
        a = laid(Circle(47.0, 8.0, radius))
        b = laid(Circle(*place((47.0, 8.0), azimuth, radius + 300.0 + gap), 300.0))
        assert proven(a, b) is not met
        assert (overlap(a, 0, b, 0) is not None) is met


def test_a_circle_that_touches_a_side_is_apart_and_proven_so():
    tile = square(0, 0, 1_000.0)
    (lat0, lon0), (lat1, lon1) = tile.corners[1:3]
    side = WGS84.InverseLine(lat0, lon0, lat1, lon1)
    half = side.Position(0.5 * side.s13)
    for gap, met in ((0.0, False), (-0.05, True)):
        at = place((half["lat2"], half["lon2"]), half["azi2"] + 90.0, 80.0 + gap)
        circle = laid(Circle(*at, 80.0))
        assert proven(laid(tile), circle) is not met
        assert (overlap(laid(tile), 0, circle, 0) is not None) is met


def test_adjacent_levels_and_times_touch_and_do_not_overlap():
    low = Volume("low", square(0, 0), Altitude(0.0), Altitude(400.0), EPOCH, EPOCH + 600 * SECOND)
    high = replace(low, id="high", lower=Altitude(400.0), upper=Altitude(500.0))
    next_ = replace(low, id="next", start=low.end, end=EPOCH + 900 * SECOND)
    assert len(overlaps([low, high, next_])) == 0
    index = VolumeIndex()
    index.add("low", [low])
    for one in (high, next_):
        assert index.query_volumes(one.id, [one]) == []
    deeper = replace(high, lower=Altitude(399.0))
    assert len(index.query_volumes("deeper", [deeper])) == 1
