"""Declared and not seen: told after a while, where sensors see, not while they are silent."""

from dataclasses import replace

from detente import Altitude, Circle, Volume
from detente.watch.gate import Matching
from tests.watch.looks import EAST, NOON, SECOND, Aircraft, Sky, circle, drone


def others(count=6):
    """Aircraft above the route, so that it is known that the sensors see there."""
    return [
        replace(EAST.at(120.0 * k), id=f"o{k}", speed=0.0, pressure=39_000.0) for k in range(count)
    ]


def unseen(sky):
    return [one.intent for one in sky.matches.unseen]


def test_who_is_declared_and_not_seen_is_told_after_a_while():
    sky = Sky(EAST.intent())
    sky.seconds = 200.0
    sky.watch(*others(), seconds=110.0)
    assert unseen(sky) == []
    sky.watch(*others(), seconds=20.0)
    assert unseen(sky) == ["party/east"]
    since = sky.matches.unseen[0].since.timestamp()
    assert since * SECOND == NOON + 205 * SECOND
    sky.watch(*others(), EAST, seconds=5.0)
    sky.watch(*others(), seconds=5.0)
    assert unseen(sky) == ["party/east"]
    sky.watch(*others(), EAST, seconds=20.0)
    assert unseen(sky) == []


def test_nobody_is_missed_where_no_sensor_sees():
    sky = Sky(EAST.intent())
    sky.seconds = 200.0
    elsewhere = [replace(a, id=f"{a.id}n", lat=a.lat + 2.0) for a in others()]
    below = [replace(a, pressure=3_000.0) for a in others()]
    sky.watch(*elsewhere, *below, seconds=200.0)
    assert unseen(sky) == []


def test_nobody_is_missed_when_the_sensors_are_silent():
    sky = Sky(EAST.intent())
    sky.seconds = 200.0
    sky.watch(*others(), seconds=60.0)
    sky.watch(*(replace(a, coasted=60.0) for a in others()), seconds=200.0)
    assert unseen(sky) == []


def test_a_given_coverage_is_believed():
    seen = Volume("radar", Circle(50.0, 5.5, 150_000.0))
    low = replace(seen, upper=Altitude(10_000.0))
    far = Aircraft("far", 10.0, 10.0)
    for coverage, missed in ((seen, ["party/east"]), (low, [])):
        sky = Sky(EAST.intent(), settings=Matching(coverage=(coverage,)))
        sky.seconds = 400.0
        sky.watch(far, seconds=140.0)
        assert unseen(sky) == missed


def test_an_intent_in_volumes_is_missed_when_its_party_says_that_it_flies():
    watcher = replace(drone(3_000.0), id="watcher")
    for airborne, missed in ((False, []), (True, ["party/drone"])):
        sky = Sky(circle(airborne=airborne))
        sky.watch(watcher, seconds=140.0)
        assert unseen(sky) == missed
