"""The tracker: where an aircraft is, how well that is known, and for how long."""

import math
from collections import defaultdict
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
from detente.watch.settings import Tracking
from detente.watch.tracker import Tracker
from tests.watch.paths import SECOND, along, later, look, off, seen

DAY = Path(__file__).parents[2] / "data" / "switzerland-2018-08-01.parquet"
FAR = 3.2 / QUANTILE
"""In units of what 95 of 100 are within: one of a thousand million is further away than 2.63."""


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
