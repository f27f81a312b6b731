"""The slow path that re-checks the rule: against cases made by hand, and against the engine."""

from dataclasses import replace

import numpy as np
import pytest

from detente import (
    Altitude,
    Circle,
    Constraint,
    Flights,
    Polygon,
    Separation,
    Trajectory,
    Volume,
    detect_conflicts,
)
from tests.detect.intervals import intervals, within
from tests.reference.rule import DEEP, EXACT, NEAR_MISS, Checker, Standing, violations
from tests.reference.surface import WGS84, arc, cartesian, legs

SECOND = 1_000_000_000
EPOCH = 1_533_081_600 * SECOND  # 2018-08-01T00:00Z
MINIMA = (9260.0, 1000.0)
CENTRES = [
    (47.0, 8.0), (0.0, 0.0), (-33.0, 151.0), (0.1, 180.0), (64.0, -179.9), (90.0, 0.0),
    (-89.9, 30.0),
]  # fmt: skip


def away(centre, azimuth, metres):
    at = WGS84.Direct(*centre, azimuth, metres)
    return at["lat2"], at["lon2"]


def flight(name, fixes, times, alt=35000.0, party=None, **more):
    lat, lon = np.array(fixes, dtype=float).T
    return Trajectory(
        name,
        EPOCH + np.round(np.array(times) * 1e9).astype(np.int64),
        lat,
        lon,
        np.broadcast_to(np.asarray(alt, dtype=float), lat.shape).copy(),
        party=name if party is None else party,
        **more,
    )


def through(name, centre, heading, *, aside=0.0, alt=35000.0, speed=200.0, half=60_000.0, **more):
    """Fly straight on a heading, passing a centre to its right, at 300 s."""
    middle = WGS84.Direct(*centre, heading + 90.0, aside)
    line = WGS84.Line(middle["lat2"], middle["lon2"], middle["azi2"] - 90.0)
    ends = [line.Position(s) for s in (-half, half)]
    t = half / speed
    fixes = [(p["lat2"], p["lon2"]) for p in ends]
    return flight(name, fixes, [300.0 - t, 300.0 + t], alt, **more)


def found(*extents, minima=MINIMA, tolerance=EXACT, constraints=()):
    standing = [Standing(e.id, e.party, e) for e in extents]
    return violations(standing, constraints, minima, tolerance)


def seconds(violation):
    return (violation.start - EPOCH) / 1e9, (violation.end - EPOCH) / 1e9


@pytest.mark.parametrize("centre", CENTRES)
def test_two_that_cross_at_right_angles(centre):
    # 200 m/s each, at right angles: they close at 283 m/s, so 9,260 m is 32.74 s either way
    [v] = found(through("a", centre, 20.0), through("b", centre, 110.0))
    half = 9260.0 / (200.0 * np.sqrt(2.0))
    assert seconds(v) == pytest.approx((300.0 - half, 300.0 + half), abs=0.01)
    assert (v.kind, v.pair) == ("flight-flight", ("a", "b"))


@pytest.mark.parametrize("centre", CENTRES)
def test_one_that_overtakes(centre):
    [v] = found(
        through("a", centre, 70.0, speed=200.0, half=100_000.0),
        through("b", centre, 70.0, speed=250.0, half=125_000.0),
    )
    assert seconds(v) == pytest.approx((300.0 - 185.2, 300.0 + 185.2), abs=0.05)


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("half", [9_000.0, 60_000.0, 400_000.0])
def test_a_metre_decides_however_long_the_legs(centre, half):
    # parallel tracks, head-on: the least distance is that of the two tracks
    a = through("a", centre, 33.0, half=half)
    for aside, counts in ((9260.5, 0), (9259.5, 1), (9258.5, 1)):
        b = through("b", centre, 33.0, aside=aside, half=half)
        b = replace(b, lat=b.lat[::-1].copy(), lon=b.lon[::-1].copy())
        assert len(found(a, b)) == counts, aside
        assert len(found(a, b, tolerance=DEEP)) == (aside < 9259.0), aside
        assert len(found(a, b, tolerance=NEAR_MISS)) == 1


def test_exactly_1000_ft_apart_is_separated():
    for level in range(1, 60):
        a = through("a", (47.0, 8.0), 0.0, alt=1000.0 * level)
        b = through("b", (47.0, 8.0), 90.0, alt=1000.0 * (level + 1))
        assert found(a, b) == []
        assert len(found(a, b, tolerance=NEAR_MISS)) == 1
    assert len(found(a, replace(b, alt=b.alt - 0.005))) == 1
    assert found(a, replace(b, alt=b.alt - 0.005), tolerance=DEEP) == []
    assert len(found(a, replace(b, alt=b.alt - 0.02), tolerance=DEEP)) == 1


def test_a_climb_through_the_level_of_another():
    # 50 ft/s through a level: 1,000 ft either way is 20 s; they stand over one place
    a = flight("a", [(47, 8), (47, 8)], [0, 100], 30000.0)
    b = flight("b", [(47, 8), (47, 8)], [0, 100], [28000.0, 33000.0])
    [v] = found(a, b)
    assert seconds(v) == pytest.approx((20.0, 60.0), abs=1e-6)


def test_the_time_must_be_shared():
    there, back = (47.0, 8.0), (47.05, 8.0)
    a = flight("a", [there, back], [0, 100])
    assert found(a, flight("b", [there, back], [100, 200])) == []
    brief = flight("b", [there, back], [99.95, 200])
    assert len(found(a, brief)) == 1
    assert found(a, brief, tolerance=DEEP) == []
    assert len(found(a, flight("b", [there, back], [99.8, 200]), tolerance=DEEP)) == 1


def test_losses_on_both_sides_of_a_fix_are_one():
    # it dips below 1,000 ft for 0.08 s before the fix and for as long after it
    a = flight("a", [(47, 8)] * 2, [0, 200], 30000.0)
    b = flight("b", [(47, 8)] * 3, [0, 100, 200], [31100.0, 30999.91, 31100.0])
    rate = (31100.0 - 30999.91) / 100
    [v] = found(a, b)
    assert seconds(v) == pytest.approx((100 - 0.09 / rate, 100 + 0.09 / rate), abs=1e-6)
    assert len(found(a, b, tolerance=DEEP)) == 1
    assert found(a, replace(b, time=b.time[:2], lat=b.lat[:2], lon=b.lon[:2], alt=b.alt[:2]),
                 tolerance=DEEP) == []  # fmt: skip


def test_who_counts():
    a, b = through("a", (47.0, 8.0), 0.0), through("b", (47.0, 8.0), 90.0)
    assert found(a, replace(b, party="a")) == []
    assert len(found(replace(a, party=""), replace(b, party=""))) == 1
    rows = [Standing("a", "a", a, free=False), Standing("b", "b", b, free=False)]
    assert violations(rows) == []
    assert len(violations([rows[0], Standing("b", "b", b)])) == 1


def test_the_larger_minima_hold_and_a_gap_holds_no_position():
    a = through("a", (47.0, 8.0), 33.0)
    b = through("b", (47.0, 8.0), 33.0, aside=12_000.0, alt=36_500.0)
    assert found(a, b) == []
    assert len(found(replace(a, protection=Separation(13_000.0, 2_000.0)), b)) == 1
    assert found(replace(a, protection=Separation(13_000.0, 1_000.0)), b) == []
    crossing = through("b", (47.0, 8.0), 90.0)
    assert len(found(a, crossing)) == 1
    assert found(replace(a, gap=np.array([True, False])), crossing) == []


RING = tuple(range(0, 360, 10))


@pytest.mark.parametrize("centre", CENTRES)
def test_through_a_circle_and_a_polygon(centre):
    # the polygon's sides lie within 25 km (1 - cos 5 degrees) = 95 m of the circle
    path = through("f", centre, 40.0, speed=250.0)
    circle = Volume("v", Circle(*centre, 25_000.0), party="other")
    [v] = found(path, circle)
    assert seconds(v) == pytest.approx((200.0, 400.0), abs=0.01)
    assert v.kind == "flight-volume"
    ring = Volume("v", Polygon(tuple(away(centre, az, 25_000.0) for az in RING)))
    [v] = found(path, ring)
    assert seconds(v) == pytest.approx((200.0, 400.0), abs=0.01)  # over two corners
    [v] = found(path, replace(ring, buffer_h=5_000.0))
    assert seconds(v) == pytest.approx((180.0, 420.0), abs=0.01)
    [v] = found(path, replace(circle, buffer_h=5_000.0))
    assert seconds(v) == pytest.approx((180.0, 420.0), abs=0.01)


def test_a_volume_has_heights_and_times():
    path = through("f", (47.0, 8.0), 40.0, speed=250.0)
    for outline in (
        Circle(47.0, 8.0, 25_000.0),
        Polygon(tuple(away((47.0, 8.0), az, 25_000.0) for az in RING)),
    ):
        always = Volume("v", outline)
        assert len(found(path, always)) == 1
        for heights, buffer, counts in (
            ((34_000.0, 35_000.0), 0.0, 0),
            ((34_000.0, 35_000.0), 0.5, 1),
            ((35_000.0, None), 0.0, 0),
            ((34_999.0, None), 0.0, 1),
            ((None, 34_500.0), 500.0, 0),
            ((None, 34_500.0), 501.0, 1),
        ):
            lower, upper = (None if h is None else Altitude(h) for h in heights)
            volume = replace(always, lower=lower, upper=upper, buffer_v=buffer)
            assert len(found(path, volume, tolerance=DEEP)) == counts, (heights, buffer)
        for start, end, spans in (
            (400, 900, []),
            (350, 380, [(350, 380)]),
            (None, 250, [(200, 250)]),
        ):
            volume = replace(
                always,
                start=None if start is None else EPOCH + start * SECOND,
                end=EPOCH + end * SECOND,
            )
            got = [seconds(v) for v in found(path, volume, tolerance=DEEP)]
            assert got == [pytest.approx(span, abs=0.05) for span in spans]
    [v] = found(always, replace(always, id="w"))
    assert (v.start, v.end) == (None, None)


def square(centre, half, **more):
    east, north = away(centre, 90.0, half)[1] - centre[1], away(centre, 0.0, half)[0] - centre[0]
    lat, lon = centre
    corners = ((lat - north, lon - east), (lat - north, lon + east), (lat + north, lon + east),
               (lat + north, lon - east))  # fmt: skip
    return Volume(**{"id": "v", "outline": Polygon(corners), "party": "v", **more})


def test_along_a_border_and_along_an_edge_shared_by_two():
    one = square((0.0, 0.0), 10_000.0)
    side = max(lat for lat, _ in one.outline.corners)
    for north, counts in ((0.5, 0), (-0.5, 0), (-2.0, 1)):
        path = flight("f", [away((side, lon), 0.0, north) for lon in (-0.05, 0.05)], [0, 60])
        assert len(found(one, path, tolerance=DEEP)) == counts, north
        assert len(found(one, path, tolerance=NEAR_MISS)) == 1, north
    other = square((2 * side, 0.0), 10_000.0, id="w", party="w")
    assert found(one, other, tolerance=DEEP) == []
    assert len(found(one, other, tolerance=NEAR_MISS)) == 1
    assert len(found(one, replace(other, buffer_h=3.0), tolerance=DEEP)) == 1
    assert len(found(one, square((1.99 * side, 0.0), 10_000.0, id="w", party="w"), tolerance=DEEP))


def test_volumes_above_and_after_one_another():
    one = square((47.0, 8.0), 10_000.0, upper=Altitude(5000.0), end=EPOCH + 100 * SECOND)
    above = square((47.0, 8.0), 3_000.0, id="w", party="w", lower=Altitude(5000.0))
    later = square((47.0, 8.0), 3_000.0, id="w", party="w", start=EPOCH + 100 * SECOND)
    assert found(one, above, tolerance=DEEP) == found(one, later, tolerance=DEEP) == []
    assert len(found(one, replace(above, buffer_v=10.0), tolerance=DEEP)) == 1
    assert len(found(one, replace(later, start=later.start - SECOND), tolerance=DEEP)) == 1
    assert len(found(one, replace(above, lower=None), tolerance=DEEP)) == 1


def test_circles_and_polygons_touch_where_geographiclib_says():
    one = Volume("a", Circle(47.0, 8.0, 30_000.0), party="a")
    for azimuth in (0.0, 77.0, 200.0):
        there = away((47.0, 8.0), azimuth, 50_000.0)
        for more, counts in ((-2.0, 0), (2.0, 1)):
            disc = Volume("b", Circle(*there, 20_000.0 + more), party="b")
            assert len(found(one, disc)) == counts
            # a triangle that points at the circle
            tip = away(there, azimuth + 180.0, 20_000.0 + more)
            outline = Polygon(
                (tip, away(there, azimuth + 20.0, 9e3), away(there, azimuth - 20.0, 9e3))
            )
            assert len(found(one, Volume("b", outline, party="b"))) == counts


def test_constraints_bind_flights_and_not_one_another():
    closed = square((47.0, 8.0), 10_000.0, party="")
    rows = [Constraint("x", (closed,)), Constraint("y", (closed,))]
    assert violations([], rows) == []
    [v] = found(through("x/f", (47.0, 8.0), 0.0), constraints=rows[:1])
    assert v.pair == ("x", "x/f")


def test_distance_and_legs_are_those_of_geographiclib():
    rng = np.random.default_rng(5)
    for reach, tolerance in ((20e3, 1e-5), (100e3, 1e-3), (500e3, 0.1)):
        for _ in range(60):
            lat, azimuth, s = rng.uniform(-90, 90), rng.uniform(0, 360), rng.uniform(0, reach)
            line = WGS84.Line(lat, 0.0, azimuth)
            end, share = line.Position(s), rng.random()
            one, other = cartesian(np.array([lat, end["lat2"]]), np.array([0.0, end["lon2"]]))
            assert float(arc(one, other)) == pytest.approx(s, abs=tolerance)
            t = np.array([0.0, 100.0])
            laid = legs(t, np.array([lat, end["lat2"]]), np.array([0.0, end["lon2"]]), t, None)
            k = min(int(np.searchsorted(laid.end, 100 * share)), len(laid) - 1)
            u = (100.0 * share - laid.begin[k]) / (laid.end[k] - laid.begin[k])
            at = laid.start[k] + u * laid.chord[k] + u * (1 - u) * laid.bulge[k]
            true = line.Position(s * share)
            assert np.linalg.norm(at - cartesian(true["lat2"], true["lon2"])) < 0.005


def test_what_was_dropped_or_replaced_no_longer_counts():
    rng = np.random.default_rng(3)
    extents = crowd(rng, (47.0, 8.0), 40, 10)
    checker = Checker(MINIMA)
    for e in extents:
        checker.put(e.id, e.party, e)
    for e in extents[::2]:
        checker.drop(e.id)
        assert checker.violations_of(e.id) == []
    for e in extents[1::4]:
        moved = replace(e, id=f"{e.id}'")
        checker.drop(e.id)
        checker.put(moved.id, moved.party, moved)
        checker.put(moved.id, moved.party, moved)
    left = [replace(e, id=f"{e.id}'") for e in extents[1::4]] + extents[3::4]
    assert checker.violations() == found(*left, tolerance=DEEP)
    assert len(checker) == len(left) == len(list(checker))
    for e in extents[::2]:
        around = [v for v in found(e, *left, tolerance=DEEP) if e.id in v.pair]
        assert checker.asked(e.id, e.party, e) == around


def crowd(rng, centre, flights, volumes):
    """Random flights and volumes about a place: climbing, hovering, short legs and long ones."""
    out = []
    for i in range(flights):
        n = int(rng.integers(2, 6))
        reach = rng.choice([15e3, 60e3, 60e3, 250e3])
        fixes = [away(centre, rng.uniform(0, 360), reach * rng.random()) for _ in range(n)]
        if rng.random() < 0.1:
            fixes = fixes[:1] * n
        level = 1000.0 * rng.integers(29, 33, n)
        alt = level if rng.random() < 0.4 else level[0]
        times = np.cumsum(rng.integers(20, 600, n)) + (0 if rng.random() < 0.5 else rng.random())
        own = Separation(12_000.0, 1500.0) if rng.random() < 0.2 else None
        gap = rng.random(n) < 0.1
        party = str(rng.choice(["", "red", "blue", "green"]))
        out.append(flight(f"f{i}", fixes, times, alt, party, protection=own, gap=gap))
    for i in range(volumes):
        at = away(centre, rng.uniform(0, 360), 80e3 * rng.random())
        size = rng.choice([3e3, 15e3, 15e3, 70e3])
        outline = Circle(*at, size * rng.uniform(0.5, 1.0))
        if rng.random() < 0.6:
            turns = np.sort(rng.choice(18, int(rng.integers(4, 9)), replace=False)) * 20.0
            turns = (
                turns if np.diff([*turns, turns[0] + 360]).max() < 150 else np.arange(0, 360, 90)
            )
            outline = Polygon(tuple(away(at, az, size * rng.uniform(0.4, 1.0)) for az in turns))
        bounds = [(None, None), (29_500.0, None), (None, 30_500.0), (30_000.0, 31_000.0)]
        lower, upper = (None if h is None else Altitude(h) for h in bounds[rng.integers(4)])
        start = None if rng.random() < 0.3 else EPOCH + int(rng.integers(1500)) * SECOND
        end = None if rng.random() < 0.3 else (start or EPOCH) + int(rng.integers(1, 900)) * SECOND
        buffers = [(0.0, 0.0), (500.0, 100.0), (4_000.0, 0.0), (0.0, 500.0)][rng.integers(4)]
        party = str(rng.choice(["", "red", "blue", "green"]))
        out.append(Volume(f"v{i}", outline, lower, upper, start, end, party, *buffers))
    return out


@pytest.mark.parametrize("centre", CENTRES)
def test_it_agrees_with_the_engine(centre):
    rng = np.random.default_rng(CENTRES.index(centre))
    count = {"flight-flight": 0, "flight-volume": 0, "volume-volume": 0}
    extents = crowd(rng, centre, 45, 24)
    flights = Flights.from_trajectories([e for e in extents if isinstance(e, Trajectory)])
    volumes = [e for e in extents if isinstance(e, Volume)]
    engine = detect_conflicts(
        flights, volumes=volumes, separation=Separation(*MINIMA), same_party=False, threads=1
    )
    deep, near = (found(*extents, tolerance=t) for t in (DEEP, NEAR_MISS))
    for v in deep:
        count[v.kind] += 1
    theirs = {p: [_bounded(*s) for s in several] for p, several in intervals(engine).items()}
    assert within(_spans(deep), theirs, SECOND // 1000)
    assert within(theirs, _spans(near), SECOND // 1000)
    assert min(count.values()) > 12, count


_ALWAYS = (EPOCH - 10**18, EPOCH + 10**18)


def _bounded(start, end):
    """Let what has no beginning or end last for thirty years on either side."""
    return (
        max(_ALWAYS[0], _ALWAYS[0] if start is None else start),
        min(_ALWAYS[1], _ALWAYS[1] if end is None else end),
    )


def _spans(these):
    out = {}
    for v in these:
        out.setdefault(v.pair, []).append(_bounded(v.start, v.end))
    return out
