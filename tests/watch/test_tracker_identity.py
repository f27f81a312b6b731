"""The tracker: what is one aircraft, and by which name it goes."""

import numpy as np
import pytest

from detente.watch.settings import Tracking
from detente.watch.tracker import Tracker
from tests.watch.paths import NOON, along, closing, later, look, seen


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
