"""The watch as a whole: sightings in; what changed, and what is due for the record, out."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from detente import Circle, Volume
from detente.airspace.sighting import Sighting
from detente.errors import InputError
from detente.watch.gate import Matching
from detente.watch.track import Conformance, Track
from detente.watch.watch import Observation, Watch, Watching
from tests.watch.looks import NOON, SECOND, Aircraft
from tests.watch.paths import along, closing

EAST = Aircraft("east", 47.0, 8.0, address="4b0001", callsign="EAST1")
STRAY = Aircraft("stray", 45.0, 9.0, course=10.0, address="4b0002")
COVERED = Matching(coverage=(Volume("radar", Circle(47.0, 8.0, 400_000.0)),))


def sighting(aircraft: Aircraft, seconds: float, **said) -> Sighting:
    there = aircraft.at(seconds)
    said = {
        "source": "radar", "time": NOON + round(seconds * SECOND), "address": there.address,
        "callsign": there.callsign, "lat": there.lat, "lon": there.lon, "accuracy": 50.0,
        "pressure": there.pressure, "speed": there.speed, "course": there.course % 360.0,
    } | said  # fmt: skip
    return Sighting(**said)


def run(
    watch: Watch, *aircraft: Aircraft, start: int = 0, end: int, every: int = 1
) -> dict[int, Observation]:
    """Look each second (or so), and give what was told when, in seconds past noon."""
    told = {}
    for at in range(start, end, every):
        watch.see([sighting(one, at) for one in aircraft])
        told[at] = watch.step(NOON + at * SECOND)
    return told


def of(told: dict[int, Observation], aircraft: Aircraft) -> dict[int, Track]:
    """Give what was told of one aircraft."""
    return {
        at: track
        for at, observation in told.items()
        for track in observation.tracks
        if track.address == aircraft.address
    }


def test_a_track_is_told_when_it_is_new_when_it_is_judged_and_when_it_is_due():
    watch = Watch()
    watch.declare(EAST.intent("north/7"))
    told = run(watch, EAST, STRAY, end=200)
    ours, stray = of(told, EAST), of(told, STRAY)
    # new, and judged
    assert ours[0].conformance is stray[0].conformance is Conformance.TENTATIVE
    judged = next(at for at, track in ours.items() if track.intent)
    assert 0 < judged < 60
    assert ours[judged].conformance is Conformance.CONFORMING
    assert ours[judged].intent == "north/7"
    assert ours[judged].deviation.lateral == pytest.approx(0.0, abs=50.0)
    # due: each minute, and each 10 s
    after = [at for at in ours if at >= judged]
    assert after == list(range(judged, 200, 60))
    judged = next(at for at, t in stray.items() if t.conformance is Conformance.UNDECLARED)
    assert [at for at in stray if at >= judged] == list(range(judged, 200, 10))
    assert stray[judged].intent == ""
    assert stray[judged].deviation is None
    # and never twice in one step
    assert all(len({t.id for t in o.tracks}) == len(o.tracks) for o in told.values())


def test_a_fix_is_where_it_was_last_seen():
    watch = Watch()
    run(watch, EAST, end=30)
    watch.see([sighting(EAST, 30, callsign="OTHER", lat=None, lon=None)])
    [track] = watch.step(NOON + 33 * SECOND + SECOND // 2).tracks
    assert track.callsign == "OTHER"
    there = EAST.at(29)
    assert (track.fix.lat, track.fix.lon) == pytest.approx((there.lat, there.lon), abs=2e-4)
    assert track.fix.at.timestamp() == NOON / SECOND + 29
    assert track.coasted == pytest.approx(4.5)
    assert track.fix.pressure == 35_000.0
    assert track.speed == pytest.approx(230.0, abs=1.0)
    assert track.course == pytest.approx(90.0, abs=1.0)
    # what was not seen since is not told again
    for at in range(34, 60):
        assert watch.step(NOON + at * SECOND).tracks == ()


def test_who_it_is_is_told_at_once():
    watch = Watch()
    run(watch, STRAY, end=62)
    for field, value in (("callsign", "XYZ9"), ("squawk", "7500"), ("kind", "F4")):
        at = {"callsign": 63, "squawk": 64, "kind": 65}[field]
        watch.see([sighting(STRAY, at, **{field: value})])
        [track] = watch.step(NOON + at * SECOND).tracks
        assert getattr(track, field) == value


def test_an_ended_track_is_told_once_as_it_was_last_judged():
    watch = Watch()
    watch.declare(EAST.intent("north/7"))
    run(watch, EAST, end=60)
    told = of(run(watch, end=200, start=60), EAST)
    [(at, track)] = [(at, track) for at, track in told.items() if track.ended]
    assert at == max(told) == 59 + 61
    assert (track.ended, track.conformance, track.intent) == (
        True, Conformance.CONFORMING, "north/7",
    )  # fmt: skip
    assert track.fix.at.timestamp() == NOON / SECOND + 59
    # the same aircraft, seen again, is another track
    [again] = of(run(watch, EAST, start=200, end=201), EAST).values()
    assert again.id != track.id


def test_of_what_proved_to_be_another_before_it_was_told_nothing_is_told():
    watch = Watch()
    watch.see(along(range(80), accuracy=50.0) + closing(np.arange(10.5, 80.0)))
    [track] = watch.step(NOON + 80 * SECOND).tracks
    assert not track.ended
    assert track.sources == ("mlat", "radar")
    assert len(watch.tracker.ended) == 1


def test_who_leaves_its_intent_is_told_by_how_much():
    watch = Watch()
    watch.declare(EAST.intent("north/7"))
    run(watch, EAST, end=60)
    turned = replace(EAST.at(59), course=150.0)
    told = {}
    for at in range(60, 240):
        there = turned.at(at - 59)
        watch.see([sighting(there, 0, time=NOON + at * SECOND)])
        told[at] = watch.step(NOON + at * SECOND)
    verdicts = [t for t in of(told, EAST).values() if t.conformance is Conformance.NONCONFORMING]
    assert verdicts
    assert verdicts[-1].intent == "north/7"
    assert verdicts[-1].deviation.lateral > 10_000.0
    assert len(verdicts) > 5  # each 10 s, not each minute


def test_a_flight_that_is_not_seen_is_told_once_and_again_when_it_is_over():
    watch = Watch(Watching(matching=COVERED))
    watch.declare(EAST.intent("north/7"))
    watch.declare(EAST.moved(90.0, 50_000.0).intent("north/8"))
    told = run(watch, STRAY, end=340, every=2)
    [(at, names)] = [(at, [u.intent for u in o.unseen]) for at, o in told.items() if o.unseen]
    assert names == ["north/7", "north/8"]
    # it may be three minutes late, and is missed for two
    assert 300 <= at <= 306
    watch.withdraw("north/8")
    [over] = watch.step(NOON + 340 * SECOND).unseen
    assert (over.intent, over.over) == ("north/8", True)
    told = run(watch, STRAY, EAST, start=341, end=400)
    [over] = [u for o in told.values() for u in o.unseen]
    assert (over.intent, over.over) == ("north/7", True)


def test_an_alert_is_told_when_it_is_raised_when_it_is_due_and_when_it_is_over():
    watch = Watch()
    meets = EAST.at(240.0)
    other = replace(meets, id="other", course=270.0, address="4b0003", callsign="WEST1")
    other = replace(other.moved(180.0, 240.0 * 230.0), course=270.0, speed=230.0)
    watch.declare(EAST.intent("north/7"))
    told = run(watch, EAST, other, end=320)
    alerts = {at: o.alerts for at, o in told.items() if o.alerts}
    flat = [alert for found in alerts.values() for alert in found]
    assert len({alert.id for alert in flat}) == 1
    assert [alert.over for alert in flat].count(True) == 1
    assert flat[-1].over
    first = min(alerts)
    assert first < 180
    # as soon as it is known whose flight that is, and no one else is told
    assert {a.party for alert in flat[:-1] for a in alert.avoid} == {"north"}
    assert all(alert.avoid for at, [alert] in alerts.items() if at >= 30 and not alert.over)
    # looked for each 5 s; told where the volume to avoid is another one, or 10 s went by
    assert all((at - first) % 5 == 0 for at in alerts)
    changed = [
        at for (before, a), (at, b) in zip(alerts.items(), list(alerts.items())[1:], strict=False)
        if at - before < 10
    ]  # fmt: skip
    for at in changed:
        [now] = alerts[at]
        [before] = alerts[max(t for t in alerts if t < at)]
        assert now.over or now.avoid != before.avoid


def test_the_same_steps_give_the_same_observations():
    def go(mix: bool) -> list[Observation]:
        watch = Watch()
        watch.declare(EAST.intent("north/7"))
        rng = random.Random(3)
        out = []
        for at in range(0, 60, 2):
            seen = [sighting(one, at + k / 2) for one in (EAST, STRAY) for k in range(3)]
            if mix:
                rng.shuffle(seen)
            watch.see(seen[:3])
            watch.see(seen[3:])
            out.append(watch.step(NOON + (at + 1) * SECOND))
        return out

    first = go(mix=False)
    assert any(first)
    assert go(mix=True) == first


def test_nothing_is_told_of_nothing():
    watch = Watch()
    assert not watch.step(NOON)
    watch.withdraw("north/none")
    watch.see([sighting(EAST, 100)])  # of the future
    assert not watch.step(NOON + SECOND)
    assert watch.tracker.counts == {"sightings of the future": 1}


@pytest.mark.parametrize("field", ["often", "seldom", "looks"])
def test_settings_are_checked(field):
    for wrong in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError) as error:
            Watching(**{field: wrong})
        assert error.value.field == field
