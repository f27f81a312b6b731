"""The tracker: what is one aircraft, where it is, and how well that is known."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detente.airspace.sighting import Sighting
from detente.earth import GEOD
from detente.errors import InputError
from detente.watch.motion import QUANTILE, moved, spread
from detente.watch.picture import Picture
from detente.watch.settings import Tracking
from detente.watch.track import Track
from detente.watch.tracker import Tracker

SECOND = 1_000_000_000
NOON = 1_782_907_200 * SECOND  # 2026-07-01T12:00Z
DAY = Path(__file__).parents[2] / "data" / "switzerland-2018-08-01.parquet"
FAR = 3.2 / QUANTILE
"""In units of what 95 of 100 are within: one of a thousand million is further away than 2.63."""


def seen(lat: float | None, lon: float | None, at: float, **said) -> Sighting:
    """Give a sighting ``at`` seconds past noon, of one aircraft unless it says otherwise."""
    said = {"source": "radar", "address": "4b1812"} | said
    return Sighting(lat=lat, lon=lon, time=NOON + round(at * SECOND), **said)


def along(
    seconds: Iterable[float], lat=47.0, lon=8.0, course=90.0, speed=220.0, noise=0.0, seed=0, **said
) -> list[Sighting]:
    """Give sightings of a straight flight; ``noise`` is 95 of 100 times not exceeded."""
    rng = np.random.default_rng(seed)
    out = []
    for at in seconds:
        x, y, _ = GEOD.fwd(lon, lat, course, speed * at)
        off = rng.normal(0.0, 1.0, 2) * noise / QUANTILE
        x, y, _ = GEOD.fwd(x, y, math.degrees(math.atan2(off[0], off[1])), math.hypot(*off))
        out.append(seen(y, x, at, **said))
    return out


def later(seconds: float) -> int:
    return NOON + round(seconds * SECOND)


def look(tracker: Tracker, *batches: Sequence[Sighting], at: float | None = None) -> Picture:
    """Take batches, and give the picture at a moment, or at the last sighting's."""
    for batch in batches:
        tracker.take(batch)
    now = later(at) if at is not None else max(s.time for s in batches[-1])
    return tracker.advance(now)


def off(picture: Picture, k: int, lat: float, lon: float) -> float:
    """Give the metres from a track to where it should be."""
    return GEOD.inv(picture.lon[k], picture.lat[k], lon, lat)[2]


def same(a: Picture, b: Picture) -> bool:
    return all(
        np.array_equal(getattr(a, f.name), getattr(b, f.name), equal_nan=True)
        if isinstance(getattr(a, f.name), np.ndarray) and getattr(a, f.name).dtype.kind == "f"
        else np.array_equal(getattr(a, f.name), getattr(b, f.name))
        if isinstance(getattr(a, f.name), np.ndarray)
        else getattr(a, f.name) == getattr(b, f.name)
        for f in fields(Picture)
    )


# where it is, and how well that is known


@given(
    lat=st.one_of(st.sampled_from([-90.0, 90.0, 89.999, 0.0]), st.floats(-90.0, 90.0)),
    lon=st.one_of(st.sampled_from([-180.0, 180.0, 179.999]), st.floats(-180.0, 180.0)),
    course=st.floats(0.0, 359.9),
    speed=st.floats(20.0, 400.0),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_a_straight_flight_is_found_within_the_noise_anywhere(lat, lon, course, speed, seed):
    tracker = Tracker()
    noise = 60.0
    sightings = along(range(60), lat, lon, course, speed, noise, seed, accuracy=noise)
    picture = look(tracker, sightings, at=65.0)
    assert len(picture) == 1
    lon2, lat2, back = GEOD.fwd(lon, lat, course, speed * 65.0)
    assert off(picture, 0, lat2, lon2) <= FAR * picture.uncertainty[0]
    going = math.hypot(picture.north[0], picture.east[0])
    assert going == pytest.approx(speed, abs=15.0)
    if abs(picture.lat[0]) < 89.9:  # nearer a pole, north turns within the noise
        heading = math.degrees(math.atan2(picture.east[0], picture.north[0]))
        assert abs((heading - back - 180.0 + 180.0) % 360.0 - 180.0) * going < 15.0 * 57.3


@pytest.mark.parametrize(
    ("lat", "lon"), [(47.0, 8.0), (90.0, 0.0), (-89.95, 120.0), (-17.0, 180.0), (0.0, -179.97)]
)
def test_uncertainty_holds_95_of_100_and_narrows(lat, lon):
    tracker = Tracker()
    n, noise = 300, 100.0
    flights = [
        along(range(40), lat, lon, 360.0 * k / n, 240.0, noise, k, address=f"{k:06x}",
              accuracy=noise)
        for k in range(n)
    ]  # fmt: skip
    picture = look(tracker, [s for flight in flights for s in flight])
    assert len(picture) == n
    there = {f"{k:06x}": GEOD.fwd(lon, lat, 360.0 * k / n, 240.0 * 39)[:2] for k in range(n)}
    errors = np.array([off(picture, k, *there[a][::-1]) for k, a in enumerate(picture.address)])
    assert np.mean(errors <= picture.uncertainty) >= 0.93
    assert np.all(picture.uncertainty < 0.8 * noise)
    # and it is no more than what it must be: half of it would not do
    assert np.mean(errors <= 0.5 * picture.uncertainty) < 0.9
    speeds = np.hypot(picture.north, picture.east)
    assert np.mean(np.abs(speeds - 240.0)) < 6.0


def test_over_the_pole_with_reported_course_is_one_smooth_track():
    """What is reported is off by 40 m, and its course is that of the place that it reports."""
    tracker = Tracker()
    rng = np.random.default_rng(7)
    for at in range(120):
        x, y, back = GEOD.fwd(30.0, 89.9, 0.0, 230.0 * at)
        there_x, there_y, _ = GEOD.fwd(x, y, rng.uniform(0.0, 360.0), 40.0)
        course = (back + 180.0 + there_x - x) % 360.0
        said = {"speed": 230.0, "course": course, "accuracy": 100.0}
        picture = look(tracker, [seen(there_y, there_x, at, **said)])
        assert len(picture) == 1
        assert off(picture, 0, y, x) < 45.0
        assert math.hypot(picture.north[0], picture.east[0]) == pytest.approx(230.0, abs=2.0)
    assert tracker.counts == {}


def test_a_turn_is_followed_and_never_set_aside():
    tracker, place, course = Tracker(), (47.0, 8.0), 0.0
    worst = 0.0
    for at in range(180):
        if at >= 60:
            course += 3.0
        x, y, _ = GEOD.fwd(place[1], place[0], course, 200.0)
        place = (y, x)
        picture = look(tracker, [seen(*place, at, accuracy=50.0)])
        worst = max(worst, off(picture, 0, *place))
    assert len(picture) == 1
    assert tracker.counts == {}
    assert worst < 60.0


@given(
    pp=st.floats(1.0, 1e4), vv=st.floats(0.1, 1e3), share=st.floats(-0.9, 0.9),
    a=st.floats(0.01, 60.0), b=st.floats(0.01, 60.0), q=st.floats(0.1, 20.0),
)  # fmt: skip
def test_uncertainty_grows_the_same_in_two_steps_as_in_one(pp, vv, share, a, b, q):
    start = (pp, share * math.sqrt(pp * vv), vv)
    assert spread(*spread(*start, a, q), b, q) == pytest.approx(spread(*start, a + b, q))


@given(
    lat=st.floats(-90.0, 90.0), lon=st.floats(-180.0, 180.0), course=st.floats(0.0, 360.0),
    seconds=st.floats(-120.0, 120.0),
)  # fmt: skip
def test_motion_goes_along_the_geodesic(lat, lon, course, seconds):
    """To 1 part in 3,000: the great circle's radius is the mean one (docs/tracks.md)."""
    from detente.earth import geodetic, surface
    from detente.watch.motion import axes

    x, y, z = surface(lat, lon)
    nx, ny, nz, ex, ey, ez = axes(x, y, z, math.radians(lon))
    n, e = 250.0 * math.cos(math.radians(course)), 250.0 * math.sin(math.radians(course))
    moved_to = moved(x, y, z, n * nx + e * ex, n * ny + e * ey, n * nz + e * ez, seconds)
    there_lat, there_lon = geodetic(np.array([moved_to[:3]]))
    true_lon, true_lat, _ = GEOD.fwd(lon, lat, course, 250.0 * seconds)
    assert GEOD.inv(there_lon[0], there_lat[0], true_lon, true_lat)[2] < 0.5
    back = moved(*moved_to, -seconds)
    assert back[:3] == pytest.approx((x, y, z), abs=0.01)


# what is left over from one look to the next


def test_a_track_coasts_for_a_bounded_time_and_is_ended_once():
    tracker = Tracker(Tracking(coast=40.0, lateness=10.0))
    sightings = along(range(20), accuracy=50.0)
    tracker.take(sightings)
    wide = []
    for at in range(19, 60):
        picture = tracker.advance(later(at))
        assert len(picture) == 1
        assert picture.seen[0] == later(19)
        wide.append(picture.uncertainty[0])
        x, y, _ = GEOD.fwd(8.0, 47.0, 90.0, 220.0 * at)
        assert off(picture, 0, y, x) < wide[-1]
    assert all(np.diff(wide) > 0.0)
    [id_] = picture.ids
    assert tracker.ended == ()
    assert len(tracker.advance(later(59.1))) == 0
    [track] = tracker.ended
    assert (track.id, track.ended, track.coasted) == (id_, True, pytest.approx(40.1))
    assert track.fix.at.timestamp() == later(19) / SECOND
    assert GEOD.inv(track.fix.lon, track.fix.lat, sightings[-1].lon, sightings[-1].lat)[2] < 10.0
    assert track.speed == pytest.approx(220.0, abs=1.0)
    tracker.advance(later(61))
    assert tracker.ended == ()
    # the same aircraft is another track after that
    assert look(tracker, [seen(47.0, 9.0, 70.0)]).ids != [id_]


def test_nothing_is_left_of_aircraft_that_are_gone():
    tracker = Tracker()
    for turn in range(12):
        at = 200.0 * turn
        crowd = [
            seen(40.0 + k / 100, 8.0, at, address=f"{1000 * turn + k:06x}", callsign=f"C{turn}-{k}")
            for k in range(200)
        ] + [seen(None, None, at, address=f"f{turn:05x}"), seen(1.0, 1.0, at, address="",
                                                                number=f"{turn}")]  # fmt: skip
        assert len(look(tracker, crowd)) == 201
    at += 100.0
    for address, seconds in (("aaaaaa", 0.0), ("", 50.0), ("", 100.0), ("bbbbbb", 110.0)):
        look(tracker, [seen(None, None, at + seconds, address=address, number="7")])
    assert len(tracker.advance(later(at + 171))) == 0
    tracker.advance(later(at + 400))
    assert len(tracker._names._lane_of) == 0
    assert len(tracker._names._addresses) == len(tracker._names._numbers) == 0
    assert len(tracker._names.keys) < 500
    assert len(tracker._slots) < 1000


# what is one aircraft


def test_two_feeds_of_one_address_make_one_track():
    tracker = Tracker()
    one = along(np.arange(0, 20, 1.0), noise=40.0, accuracy=50.0, callsign="ABC1")
    other = along(np.arange(0.3, 20, 1.0), noise=90.0, seed=1, source="mlat", accuracy=100.0)
    picture = look(tracker, one + other)
    assert len(picture) == 1
    assert picture.sources == [("mlat", "radar")]
    assert picture.callsign == ["ABC1"]
    assert picture.count[0] == 40
    assert picture.first[0] == NOON


def test_numbers_are_of_their_feed():
    picture = look(
        Tracker(),
        along([0.0], address="", number="7")
        + along([0.0], lat=48.0, address="", number="8")
        + along([0.0], lat=49.0, address="", number="7", source="other")
        + along([0.0], lat=50.0, address="", callsign="XYZ", source="other"),
    )
    assert len(picture) == 4


def test_a_number_that_gets_an_address_stays_the_same_track():
    tracker = Tracker()
    before = look(tracker, along(range(10), address="", number="7"))
    after = look(tracker, along(range(10, 20), number="7"))
    assert after.ids == before.ids
    assert after.address == ["4b1812"]
    again = look(tracker, along(range(20, 30), address="", number="7"))
    assert again.ids == before.ids
    assert look(tracker, along(range(30, 33), source="other")).ids == before.ids


def test_a_number_that_gets_an_address_joins_that_addresss_track():
    tracker = Tracker()
    numbered = along(np.arange(0.0, 10.0), address="", number="7", accuracy=50.0)
    addressed = along(np.arange(3.5, 10.0), source="adsb", accuracy=50.0)
    two = look(tracker, numbered + addressed)
    assert len(two) == 2
    one = look(tracker, along(np.arange(10.0, 16.0), number="7", accuracy=50.0))
    assert len(one) == 1
    assert one.ids[0] in two.ids
    assert one.first[0] == NOON
    [gone] = tracker.ended
    assert {gone.id, one.ids[0]} == set(two.ids)
    assert one.sources == [("adsb", "radar")]
    assert tracker.counts == {}


def test_a_number_that_gets_an_address_of_elsewhere_does_not_move_that_track():
    tracker = Tracker()
    here = along(range(10), address="", number="7")
    there = along(range(10), lat=50.0, source="adsb")
    two = look(tracker, here + there)
    assert len(two) == 2
    picture = look(tracker, along(range(10, 20), lat=50.0, number="7"))
    assert sorted(picture.ids) == sorted(two.ids)
    moving = [k for k in range(2) if picture.seen[k] == later(19)]
    assert len(moving) == 1
    assert picture.lat[moving[0]] == pytest.approx(50.0, abs=0.01)


def test_one_jump_is_set_aside():
    tracker = Tracker()
    good = along(range(30), accuracy=50.0)
    alone = look(Tracker(), good)
    picture = look(tracker, [*good, seen(48.0, 8.0, 20.5), seen(46.0, 8.5, 25.5)])
    assert len(picture) == 1
    assert (picture.lat[0], picture.lon[0]) == (alone.lat[0], alone.lon[0])
    assert picture.north[0] == alone.north[0]
    assert tracker.counts == {"positions out of reach": 2}


def test_jumps_that_are_far_apart_in_time_do_not_add_up():
    tracker = Tracker()
    for turn in range(4):
        begin = 40.0 * turn
        jump = seen(48.0, 8.0, begin + 5.5)
        picture = look(tracker, [*along(np.arange(begin, begin + 40.0), accuracy=50.0), jump])
        assert len(picture) == 1
    assert tracker.counts == {"positions out of reach": 4}


def test_two_aircraft_with_one_address_are_two_tracks():
    tracker = Tracker()
    one = along(range(60), accuracy=50.0)
    other = along(np.arange(10.5, 60.0), lat=47.3, course=270.0, accuracy=50.0)
    picture = look(tracker, one + other)
    assert len(picture) == 2
    assert len(set(picture.ids)) == 2
    assert picture.address == ["4b1812"] * 2
    assert sorted(np.sign(picture.east)) == [-1.0, 1.0]
    assert sorted(picture.count) == [50, 60]


def test_one_that_was_two_becomes_one_again():
    """A first position in the wrong place leaves a ghost; it ends, and does no harm."""
    tracker = Tracker(Tracking(coast=20.0, lateness=10.0))
    sightings = [seen(10.0, 10.0, -0.5), *along(range(40), accuracy=50.0)]
    picture = look(tracker, sightings)
    assert len(picture) == 1
    assert picture.lat[0] == pytest.approx(47.0, abs=0.01)
    assert len(tracker.ended) == 1


def closing(seconds: Iterable[float]) -> list[Sighting]:
    """Give sightings of what comes nearer to :func:`along` from 3 km away, and stays with it."""
    out = []
    for at in seconds:
        [there] = along([at])
        x, y, _ = GEOD.fwd(there.lon, there.lat, 0.0, max(0.0, 3000.0 - 75.0 * (at - 10.0)))
        out.append(seen(y, x, at, source="mlat", accuracy=50.0))
    return out


def test_two_that_prove_to_be_one_go_by_the_older_name():
    tracker = Tracker()
    one = look(tracker, along(range(20), accuracy=50.0))
    two = look(tracker, along(range(20, 25), accuracy=50.0), closing(np.arange(10.5, 25.0)))
    assert len(two) == 2
    last = look(tracker, along(range(25, 80), accuracy=50.0) + closing(np.arange(25.5, 80.0)))
    assert last.ids == one.ids
    [gone] = tracker.ended
    assert gone.ended
    assert {gone.id, *last.ids} == set(two.ids)


# what is left out


def test_late_and_early_sightings_are_dropped_by_rule_and_counted():
    tracker = Tracker()
    flight = along(range(100), accuracy=50.0)
    tracker.take(flight[:60], later(60))
    before = tracker.advance(later(60))
    tracker.take(flight[:20], later(60))  # 41 s old and more
    assert tracker.counts == {"sightings too old to be used": 20}
    tracker.take([flight[50]], later(60))  # not too old, but known better by now
    assert tracker.counts["positions older than the track's last"] == 1
    tracker.take([flight[99]], later(60))
    assert tracker.counts["sightings of the future"] == 1
    assert same(tracker.advance(later(60)), before)
    # what it says of the aircraft is news all the same, where nothing newer was said
    tracker.take([replace(flight[50], callsign="ABC1")], later(60))
    assert tracker.advance(later(60)).callsign == ["ABC1"]
    # a clock that is set back ends nothing, and moves nothing
    assert same(tracker.advance(later(10)), tracker.advance(later(60)))


def test_times_that_cannot_be_are_counted():
    tracker = Tracker()
    for time in (-1, -(2**80), 2**62, 2**63, 10**30):
        tracker.take([replace(seen(47.0, 8.0, 0.0), time=time)])
    assert len(tracker.advance(NOON)) == 0
    assert tracker.counts == {"sightings too old to be used": 2, "sightings of the future": 3}


def test_no_position_no_track():
    tracker = Tracker()
    tracker.take([seen(None, None, k, callsign="ABC1", pressure=1000.0) for k in range(5)])
    assert len(tracker.advance(later(5))) == 0
    picture = look(tracker, along(range(5, 8)), [seen(None, None, 8.0, callsign="ABC1"),
                   seen(None, None, 8.0, squawk="7000", geometric=35_500.0, kind="A320")],
                   )  # fmt: skip
    assert (picture.callsign, picture.squawk, picture.kind) == (["ABC1"], ["7000"], ["A320"])
    assert picture.geometric[0] == 35_500.0
    assert np.isnan(picture.pressure[0])
    assert picture.seen[0] == later(7)
    reason = "sightings without a position, of an aircraft that has no one track"
    assert tracker.counts == {reason: 5}


def test_sightings_of_nobody_and_of_nowhere_are_counted():
    tracker = Tracker()
    nowhere = [seen(lat, lon, 0.0) for lat, lon in
               [(91.0, 8.0), (math.nan, 8.0), (47.0, math.inf), (47.0, None)]]  # fmt: skip
    tracker.take([seen(47.0, 8.0, 0.0, address=""), *nowhere])
    assert len(tracker.advance(NOON)) == 0
    assert tracker.counts["sightings that do not say of whom"] == 1
    assert tracker.counts["positions that are no place on Earth"] == 4


def test_more_aircraft_than_may_be_followed_are_counted():
    tracker = Tracker(Tracking(most=5))
    crowd = [seen(40.0 + k, 8.0, 0.0, address=f"{k:06x}") for k in range(9)]
    later_on = [replace(s, lat=s.lat + 0.001, time=s.time + SECOND) for s in crowd]
    assert len(look(tracker, crowd, later_on)) == 5
    assert tracker.counts == {"sightings of more aircraft than are followed": 8}


def test_a_position_that_is_held_does_not_stop_the_aircraft():
    tracker = Tracker()
    flight = along(range(30), accuracy=50.0)
    held = [replace(s, lat=flight[19].lat, lon=flight[19].lon) for s in flight[20:27]]
    picture = look(tracker, flight[:20] + held)
    assert picture.seen[0] == later(19)
    assert picture.east[0] == pytest.approx(220.0, abs=3.0)
    assert off(picture, 0, flight[26].lat, flight[26].lon) < 30.0
    assert tracker.counts == {"positions that only repeat the last": 7}
    # but one that really stands still is believed before long
    still = [replace(s, lat=flight[19].lat, lon=flight[19].lon) for s in along(range(27, 60))]
    picture = look(tracker, still)
    assert picture.seen[0] > later(50)


def test_a_feed_that_is_stuck_does_not_hold_back_another():
    tracker = Tracker()
    stuck = along(range(5), accuracy=50.0)
    stuck += [replace(stuck[-1], time=later(at)) for at in range(5, 18)]
    picture = look(tracker, stuck + along(np.arange(0.5, 18.0), source="b", accuracy=50.0))
    assert len(picture) == 1
    assert picture.east[0] == pytest.approx(220.0, abs=2.0)
    assert tracker.counts == {"positions that only repeat the last": 13}


def test_one_broadcast_by_two_feeds_counts_once():
    flight = along(range(10), accuracy=50.0)
    twice = [replace(s, source="other", time=s.time + 200_000_000) for s in flight]
    once, both = look(Tracker(), flight, at=10.0), look(Tracker(), flight + twice, at=10.0)
    assert both.uncertainty[0] == once.uncertainty[0]
    assert both.sources == [("other", "radar")]


def test_one_that_hovers_is_seen_all_the_time():
    tracker = Tracker()
    picture = look(tracker, [seen(47.0, 8.0, at, accuracy=10.0) for at in range(60)])
    assert picture.seen[0] == later(59)
    assert math.hypot(picture.north[0], picture.east[0]) < 1.0


def test_a_reported_velocity_is_taken_at_once_and_an_absurd_one_never():
    tracker = Tracker()
    picture = look(tracker, [seen(47.0, 8.0, 0.0, speed=200.0, course=90.0, accuracy=50.0)])
    assert (picture.north[0], picture.east[0]) == pytest.approx((0.0, 200.0), abs=1.0)
    assert np.isnan(look(Tracker(), [seen(47.0, 8.0, 0.0)]).east[0])
    flight = along(range(1, 10), speed=200.0, accuracy=50.0)
    wrong = [replace(s, speed=200.0, course=270.0) for s in flight]
    picture = look(tracker, flight[:-1] + wrong[-1:])
    assert picture.east[0] == pytest.approx(200.0, abs=2.0)
    assert tracker.counts == {"velocities out of reach": 1}


# altitudes


def test_altitudes_are_smoothed_apart_and_give_a_climb():
    tracker = Tracker()
    flight = [
        replace(s, pressure=25.0 * round((20_000.0 + 30.0 * k) / 25.0), geometric=20_600.0 + 30 * k)
        for k, s in enumerate(along(range(60)))
    ]
    picture = look(tracker, flight)
    assert picture.pressure[0] == pytest.approx(21_770.0, abs=20.0)
    assert picture.geometric[0] == pytest.approx(22_370.0, abs=20.0)
    assert picture.climb[0] == pytest.approx(1_800.0, abs=200.0)
    on = tracker.advance(later(69.0))
    assert on.pressure[0] == pytest.approx(22_070.0, abs=60.0)


def test_an_altitude_out_of_reach_is_set_aside_unless_it_stays():
    tracker = Tracker()
    flight = [replace(s, pressure=35_000.0) for s in along(range(20))]
    flight[10] = replace(flight[10], pressure=123_100.0)
    assert look(tracker, flight).pressure[0] == pytest.approx(35_000.0, abs=1.0)
    assert tracker.counts == {"altitudes out of reach": 1}
    picture = look(tracker, [replace(s, pressure=12_000.0) for s in along(range(20, 24))])
    assert picture.pressure[0] == pytest.approx(12_000.0, abs=1.0)
    assert tracker.counts == {"altitudes out of reach": 3}


def test_an_altitude_that_is_not_said_any_more_is_not_known_any_more():
    tracker = Tracker()
    flight = [replace(s, pressure=35_000.0) for s in along(range(5))]
    assert look(tracker, flight, along(range(5, 60)), at=64.0).pressure[0] == 35_000.0
    assert np.isnan(look(tracker, along(range(65, 68))).pressure[0])


# what holds of any sightings

_SKY = st.builds(
    Sighting,
    source=st.sampled_from(["a", "b/c"]),
    time=st.integers(0, 25).map(lambda s: NOON + s * SECOND // 2),
    address=st.sampled_from(["", "4b1812", "3c0001"]),
    number=st.sampled_from(["", "", "1", "2:#/ü"]),
    callsign=st.sampled_from(["", "ABC1", "XY\x07Z"]),
    squawk=st.sampled_from(["", "7000"]),
    lat=st.sampled_from([47.0, 47.0, 47.001, 47.002, 48.0]),
    lon=st.sampled_from([8.0, 8.001, 8.002, -170.0]),
    pressure=st.sampled_from([None, 35_000.0, 36_000.0, 99_000.0]),
    geometric=st.sampled_from([None, 35_500.0]),
    speed=st.sampled_from([None, 0.0, 220.0]),
    course=st.sampled_from([None, 0.0, 271.0]),
    climb=st.sampled_from([None, 1000.0]),
    accuracy=st.sampled_from([None, 0.0, 80.0]),
    on_ground=st.booleans(),
    kind=st.sampled_from(["", "A320"]),
).flatmap(lambda s: st.sampled_from([s, s, replace(s, lat=None, lon=None)]))


@given(st.lists(_SKY, max_size=40), st.lists(_SKY, max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_within_a_batch_changes_nothing(first, second, random):
    one, other = Tracker(), Tracker()
    everything: list[Track] = []
    for batch, now in ((first, 14.0), (second, 20.0), ([], 82.0)):
        mixed = random.sample(batch, len(batch))
        one.take(batch)
        other.take(mixed)
        a, b = one.advance(later(now)), other.advance(later(now))
        assert same(a, b)
        assert (one.counts, one.ended) == (other.counts, other.ended)
        _holds(a, [*first, *second])
        everything += one.ended
    assert len(a) == 0
    assert len({track.id for track in everything}) == len(everything)


def _holds(picture: Picture, sightings: Sequence[Sighting]) -> None:
    """Check what is so of every picture."""
    placed = {s.time for s in sightings if s.lat is not None}
    assert len(picture) <= len([s for s in sightings if s.lat is not None])
    assert set(picture.first.tolist()) | set(picture.seen.tolist()) <= placed
    assert len(set(picture.ids)) == len(picture)
    for id_ in picture.ids:
        assert id_.isascii()
        assert id_.isprintable()
        assert not set(id_) & set("/#: ")
        assert len(id_) <= 200
    assert np.all(np.isfinite(picture.lat))
    assert np.all(np.isfinite(picture.lon))
    assert np.all(picture.uncertainty > 0.0)
    assert np.all(picture.count >= 1)


_NUMBER = st.one_of(st.none(), st.floats())


@given(
    st.lists(
        st.builds(
            Sighting, source=st.just("a"), time=st.integers(NOON, NOON + 9 * SECOND),
            address=st.text(max_size=3), callsign=st.text(max_size=300), lat=_NUMBER, lon=_NUMBER,
            pressure=_NUMBER, geometric=_NUMBER, speed=_NUMBER, course=_NUMBER, climb=_NUMBER,
            accuracy=_NUMBER,
        ),
        max_size=12,
    )
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_no_value_breaks_it(sightings):
    tracker = Tracker()
    tracker.take(sightings, NOON)
    _holds(tracker.advance(later(10)), sightings)


# a recorded day


def test_a_recorded_day_is_joined_to_its_flights():
    """Each of its 1,244 flights is one track, and each track one flight."""
    table = pq.read_table(DAY).sort_by("timestamp")
    time = (table["timestamp"].cast("int64").to_numpy() * 1_000_000).tolist()
    rows = [
        Sighting(source="opensky", time=t, address=a, callsign=c, lat=y, lon=x, pressure=z)
        for t, a, c, y, x, z in zip(
            time,
            *(table[n].to_pylist() for n in
              ("icao24", "callsign", "latitude", "longitude", "altitude")),
            strict=True,
        )
    ]  # fmt: skip
    flight_of = dict(
        zip(((s.address, s.time) for s in rows), table["flight_id"].to_pylist(), strict=True)
    )
    tracker = Tracker()
    tracks: dict[str, set[str]] = defaultdict(set)
    begin = 0
    for end in range(1, len(rows) + 1):
        if end < len(rows) and time[end] < time[begin] + 60 * SECOND:
            continue
        tracker.take(rows[begin:end], time[end - 1])
        picture = tracker.advance(time[end - 1])
        for id_, address, at in zip(
            picture.ids, picture.address, picture.seen.tolist(), strict=True
        ):
            tracks[id_].add(flight_of[address, at])
        begin = end
    assert all(len(flights) == 1 for flights in tracks.values())
    flights = [flight for found in tracks.values() for flight in found]
    assert len(flights) == len(set(flights)) == 1_244
    assert tracker.counts == {"positions that only repeat the last": 204}


# what it goes by


def test_feeds_are_told_apart_up_to_64():
    tracker = Tracker()
    tracker.take([seen(47.0, 8.0, k / 100, source=f"s{k:02}") for k in range(64)])
    assert len(tracker.advance(later(1)).sources[0]) == 64
    with pytest.raises(InputError, match="one feed too many"):
        tracker.take([seen(47.0, 8.0, 1.0, source="another")])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"coast": 0.0}, "coast"), ({"wander": math.nan}, "wander"), ({"lateness": 60.0}, "lateness"),
     ({"lowest": 9e9}, "lowest"), ({"persistent": -1}, "persistent")],
)  # fmt: skip
def test_settings_are_checked(wrong, field):
    with pytest.raises(InputError) as error:
        Tracking(**wrong)
    assert error.value.field == field
