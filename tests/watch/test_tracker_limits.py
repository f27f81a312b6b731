"""The tracker: what is left out, and what holds of any sightings."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detente.airspace.sighting import Sighting
from detente.watch.picture import Picture
from detente.watch.settings import Tracking
from detente.watch.track import Track
from detente.watch.tracker import Tracker
from tests.watch.paths import NOON, SECOND, along, later, look, off, same, seen

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
