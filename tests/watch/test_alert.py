"""Short-term alerts: in time where separation will be lost, none where it will not, no flicker."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from detente import Altitude, Circle, Polygon, Reference, Separation, Trajectory, Volume
from detente.errors import InputError
from detente.watch.alert import Alerting, ShortTermAlerts
from detente.watch.avoidance import Cells
from detente.watch.prediction import Outlook
from detente.watch.track import Conformance
from tests.watch.encounters import (
    AT_ONCE,
    EXAMPLES,
    PLACES,
    SURE,
    USUAL,
    of,
    once,
    pairs,
    places,
    scenes,
)
from tests.watch.sky import NOON, SECOND, WGS84, Looks, Seen, from_place, on, picture, straight

# properties


@EXAMPLES
@given(
    st.sampled_from(PLACES), st.integers(0, 359), st.integers(0, 359), st.floats(60.0, 300.0),
    st.floats(60.0, 300.0), st.floats(0.0, 4000.0), st.sampled_from([1.0, 200.0]),
)  # fmt: skip
def test_a_collision_is_always_told_in_time(centre, one, other, slow, fast, aside, uncertainty):
    """Two that will meet in 240 s: raised by the second look, 200 s and more before the loss."""
    assume(abs((one - other + 180) % 360 - 180) > 20)
    here = from_place(*centre, one, 240.0 * slow)
    side = WGS84.Direct(*centre, one + 90.0, aside)
    there = from_place(side["lat2"], side["lon2"], other, 240.0 * fast)
    a = Seen("A", *here, slow, uncertainty=uncertainty)
    b = Seen("B", *there, fast, uncertainty=uncertainty)
    looks = Looks(ShortTermAlerts())
    for k in range(2):
        looks.look([a.later(5.0 * k), b.later(5.0 * k)])
    (alert,) = looks.told
    assert (alert.a, alert.b, alert.over) == ("track:A", "track:B", False)
    # they are too near where less than 9,260 m is left, but for a tenth that the minima allow for
    lost = next(
        t for t in range(0, 241, 4)
        if WGS84.Inverse(*places(a, t), *places(b, t))["s12"] < 0.9 * 9_260.0
    )  # fmt: skip
    assert alert.start <= NOON + max(lost, 5) * SECOND


@EXAMPLES
@given(
    st.sampled_from(PLACES), st.integers(0, 359), st.integers(-60, 60), st.floats(50.0, 300.0),
    st.floats(9_400.0, 60_000.0),
)  # fmt: skip
def test_what_diverges_never_alerts(centre, axis, spread, speed, apart):
    """Each flies away from the other, up to 60 degrees off the line between them."""
    other = WGS84.Direct(*centre, axis, apart)
    a = Seen("A", *centre, axis + 180.0 + spread, speed)
    b = Seen("B", other["lat2"], other["lon2"], other["azi2"] - spread, speed)
    assert once([a, b], settings=replace(AT_ONCE, outlook=SURE)) == ()


@EXAMPLES
@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_seen_and_declared_does_not_matter(scene, rng):
    seen, declared = scene
    first = once(seen, *declared)
    seen, declared = list(seen), list(declared)
    rng.shuffle(seen)
    rng.shuffle(declared)
    again = once(seen, *declared)
    assert [(x.id, x.a, x.b, x.avoid) for x in first] == [(x.id, x.a, x.b, x.avoid) for x in again]
    for one, other in zip(first, again, strict=True):
        assert abs(one.start - other.start) <= 2_000
        assert one.closest == pytest.approx(other.closest, abs=1e-3)
        assert one.vertical == pytest.approx(other.vertical, abs=1e-6, nan_ok=True)


@EXAMPLES
@given(scenes(), st.floats(0.0, 5_000.0), st.floats(1.0, 4.0))
def test_uncertainty_only_adds_alerts_and_makes_them_earlier(scene, more, faster):
    seen, declared = scene
    start = {(x.a, x.b): x.start for x in once(seen, *declared)}
    wider = [replace(s, uncertainty=s.uncertainty + more) for s in seen]
    outlook = replace(
        USUAL, held=USUAL.held * faster, drift=USUAL.drift * faster, turn=USUAL.turn * faster,
        climb=USUAL.climb * faster,
    )  # fmt: skip
    for again in (
        once(wider, *declared), once(seen, *declared, settings=replace(AT_ONCE, outlook=outlook))
    ):  # fmt: skip
        sooner = {(x.a, x.b): x.start for x in again}
        assert start.keys() <= sooner.keys()
        assert all(sooner[pair] <= at + 2_000 for pair, at in start.items())


def test_scenes_are_worth_looking_at():
    seen = []

    @hypothesis_settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(scenes())
    def look(scene):
        seen.extend(once(*[scene[0]], *scene[1]))

    look()
    assert sum(x.b.startswith("intent:") for x in seen) > 10
    assert sum(x.b.startswith("track:") for x in seen) > 10
    assert sum(x.vertical is None for x in seen) > 5
    assert sum(len(x.avoid) == 2 for x in seen) > 5


@EXAMPLES
@given(scenes())
def test_what_is_found_is_what_a_slow_look_finds(scene):
    """Tracks against tracks, second by second on the ellipsoid, with the formulas of the docs."""
    seen = [replace(s, intent="", verdict=Conformance.UNDECLARED) for s in scene[0]]
    found = pairs(once(seen))
    for a in seen:
        for b in seen:
            if a.id < b.id:
                tight = any(slow(a, b, t, 0.99) for t in range(0, 301, 5))
                wide = any(slow(a, b, t, 1.01, ahead=30.0) for t in range(0, 301, 5))
                alerted = (f"track:{a.id}", f"track:{b.id}") in found
                assert not tight or alerted
                assert wide or not alerted


def slow(a, b, t, factor, ahead=0.0):
    """Tell whether two may be too near after t seconds; ``ahead`` as much later uncertain."""
    u = [s.uncertainty + USUAL.drift * (t + ahead) + min(
        0.5 * s.speed * math.radians(USUAL.turn) * (t + ahead) ** 2, 2.0 * s.speed * (t + ahead))
        for s in (a, b)]  # fmt: skip
    if WGS84.Inverse(*places(a, t), *places(b, t))["s12"] >= factor * (0.9 * 9_260.0 + sum(u)):
        return False
    for name in ("pressure", "geometric"):
        high = [getattr(s, name) for s in (a, b)]
        if not any(map(math.isnan, high)):
            bands = []
            for s, z in zip((a, b), high, strict=True):
                rate = 0.0 if math.isnan(s.climb) else s.climb
                middle = z + 0.5 * rate * t / 60.0
                bands.append((middle, (0.5 * abs(rate) + 100.0) * (t + ahead) / 60.0))
            (p, w), (q, v) = bands
            return abs(p - q) < factor * (800.0 + w + v)
    return True


# stories


def test_an_alert_is_raised_by_two_of_three_looks_and_is_over_after_three_without():
    meet = from_place(47.0, 8.0, 90.0, 80_000.0)
    a, b = Seen("A", 47.0, 8.0, 90.0), Seen("B", *meet)
    away = replace(b, course=b.course + 180.0)
    looks = Looks(ShortTermAlerts())
    told = [looks.look([a, b if towards else away]) for towards in
            (1, 0, 1, 0, 0, 1, 0, 0, 0, 0)]  # fmt: skip
    assert [len(each) for each in told] == [0, 0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert [each[0].over for each in told[2:9]] == [False] * 6 + [True]
    assert len({each[0].id for each in told[2:9]}) == 1
    again = [looks.look([a, b]) for _ in range(2)][-1]
    assert again[0].id != told[2][0].id


def test_what_is_lost_within_a_minute_is_told_at_once():
    a, b = Seen("A", 47.0, 8.0, 90.0), Seen("B", *from_place(47.0, 8.0, 90.0, 30_000.0))
    assert len(ShortTermAlerts().look(*picture(NOON, [a, b]))) == 1
    far = Seen("B", *from_place(47.0, 8.0, 90.0, 80_000.0))
    assert ShortTermAlerts().look(*picture(NOON, [a, far])) == ()


@pytest.mark.parametrize(("lat", "lon"), [(89.9, 0.0), (-89.95, 45.0), (10.0, 179.8)])
def test_over_a_pole_and_across_the_antimeridian(lat, lon):
    a = Seen("A", lat, lon, 0.0 if lat > 0 else 180.0)
    if lat == 10.0:
        a = replace(a, course=90.0)
    there = a.later(400.0)
    b = replace(there, id="B", course=there.course + 180.0)
    (alert,) = once([a, b], settings=replace(AT_ONCE, outlook=SURE))
    assert (alert.closest_at - NOON) / SECOND == pytest.approx(200.0, abs=0.1)
    assert alert.closest < 5.0


def test_an_undeclared_one_against_an_intent_that_nobody_sees():
    """Who filed is told where and when; who is not declared is told nothing."""
    intent = straight("red/one", 47.0, 8.0, 90.0)
    stranger = Seen("S", *from_place(47.0, 8.0, 90.0, 80_000.0))
    (alert,) = once([stranger], intent)
    assert (alert.a, alert.b) == ("track:S", "intent:red/one")
    assert [(told.party, told.intent) for told in alert.avoid] == [("red", "red/one")]
    assert alert.vertical == 0.0


def test_a_conforming_track_is_predicted_along_its_intent():
    """It will turn before it comes near: no alert, and one where it does not hold its course."""
    time = NOON + np.array([0, 120, 600]) * SECOND
    corner = WGS84.Direct(47.0, 8.0, 90.0, 120 * 230.0)
    end = WGS84.Direct(corner["lat2"], corner["lon2"], 0.0, 480 * 230.0)
    turning = of("red", Trajectory(
        "red/one", time, np.array([47.0, corner["lat2"], end["lat2"]]),
        np.array([8.0, corner["lon2"], end["lon2"]]), np.full(3, 35_000.0)))  # fmt: skip
    a = Seen("A", 47.0, 8.0, 90.0)
    stands = Seen("B", *from_place(47.0, 8.0, 90.0, 230.0 * 280)[:2], 180.0, 30.0, 35_000.0)
    assert once([replace(a, **on("red/one")), stands], turning) == ()
    strays = replace(a, intent="red/one", verdict=Conformance.NONCONFORMING)
    assert ("track:A", "track:B") in pairs(once([strays, stands], turning))


def test_a_late_track_is_predicted_as_late_as_it_is():
    intent = straight("red/one", 47.0, 8.0, 90.0)
    here = Seen("A", 47.0, 8.0, 90.0, **on("red/one")).later(60.0)
    there = WGS84.Direct(47.0, 8.0, 90.0, 230.0 * 200.0)
    stands = Seen("B", there["lat2"], there["lon2"], 0.0, 0.0, uncertainty=0.0)
    late = once([here, stands], intent, now=NOON + 120 * SECOND,
                settings=replace(AT_ONCE, outlook=SURE))  # fmt: skip
    assert (late[0].closest_at - NOON) / SECOND == pytest.approx(260.0, abs=0.5)


def test_one_party_does_not_alert_with_itself_and_a_track_not_with_its_own_intent():
    own = straight("red/one", 47.0, 8.0, 90.0)
    second = straight("red/two", 47.0, 8.1, 90.0)
    strays = {"intent": "red/one", "verdict": Conformance.NONCONFORMING}
    a = Seen("A", 47.0, 8.0, 90.0, **strays)
    b = Seen("B", 47.0, 8.1, 90.0, **on("red/two"))
    assert once([a, b], own, second) == ()
    asked = once([a, b], own, second, settings=replace(AT_ONCE, same_party=True))
    assert pairs(asked) == {("track:A", "track:B"), ("track:B", "intent:red/one")}


def test_altitudes_above_different_references_are_not_compared():
    """Nothing says that they are apart, so they are taken to be at one level, and that is said."""
    lat, lon, back = from_place(47.0, 8.0, 90.0, 60_000.0)
    a = Seen("A", 47.0, 8.0, 90.0, pressure=35_000.0)
    b = Seen("B", lat, lon, back, pressure=math.nan, geometric=10_000.0)
    (alert,) = once([a, b])
    assert alert.vertical is None
    assert once([replace(a, geometric=35_900.0), b]) == ()
    assert once([a, replace(b, pressure=10_100.0)]) == ()
    # above sea level is neither of a track's two
    sea = straight("red/one", lat, lon, back, alt=10_000.0, reference=Reference.MSL_EGM96)
    (against,) = once([replace(a, geometric=35_900.0)], sea)
    assert against.vertical is None
    assert against.avoid[0].volume.lower == Altitude(34_000.0)


def test_adjacent_levels_are_separated_though_altimeters_are_a_little_off():
    lat, lon, back = from_place(47.0, 8.0, 90.0, 60_000.0)
    a = Seen("A", 47.0, 8.0, 90.0, pressure=35_080.0, **on("red/one"))
    b = Seen("B", lat, lon, back, pressure=35_910.0, **on("blue/one"))
    red = straight("red/one", 47.0, 8.0, 90.0)
    blue = straight("blue/one", lat, lon, back, alt=36_000.0)
    assert once([a, b], red, blue) == ()
    assert len(once([replace(a, pressure=35_500.0), b], red, blue)) == 1


def test_a_climber_may_level_off_anywhere_below_where_it_climbs_to():
    lat, lon, back = from_place(47.0, 8.0, 90.0, 100_000.0)
    climbs = Seen("A", 47.0, 8.0, 90.0, pressure=31_000.0, climb=2_000.0)
    for level, count in ((33_000.0, 1), (36_000.0, 1), (28_000.0, 0), (43_000.0, 0)):
        assert len(once([climbs, Seen("B", lat, lon, back, pressure=level)])) == count


def test_volumes_of_intents_are_kept_clear_of_by_all_but_their_own_track():
    corners = ((46.9, 8.5), (46.9, 8.7), (47.1, 8.7), (47.1, 8.5))
    area = Volume("v", Polygon(corners), Altitude(34_000.0), Altitude(36_000.0), NOON,
                  NOON + 900 * SECOND)  # fmt: skip
    declared = of("blue", (area,))
    a = Seen("A", 47.0, 8.0, 90.0)
    (alert,) = once([a], declared)
    assert (alert.a, alert.b, alert.vertical) == ("track:A", "intent:blue/one", 0.0)
    border = WGS84.Inverse(47.0, 8.0, 47.0, 8.5)["s12"]
    assert (alert.start - NOON) / SECOND < border / 230.0
    assert once([replace(a, **on("blue/one"))], declared) == ()
    assert once([replace(a, pressure=37_500.0)], declared) == ()
    assert once([replace(a, course=270.0)], declared) == ()
    assert len(once([replace(a, pressure=math.nan, geometric=37_500.0)], declared)) == 1
    later = replace(area, start=NOON + 600 * SECOND)
    assert once([a], of("blue", (later,))) == ()
    # where it may be off its plan counts too
    elsewhere = straight("blue/one", 10.0, 8.0, 90.0)
    assert pairs(once([a], replace(elsewhere, off_nominal=(area,)))) == {
        ("track:A", "intent:blue/one")
    }


def test_what_is_on_the_ground_or_flies_nowhere_yet_does_not_alert():
    a = Seen("A", 47.0, 8.0, 90.0)
    b = Seen("B", *from_place(47.0, 8.0, 90.0, 20_000.0))
    assert len(once([a, b])) == 1
    assert once([a, replace(b, on_ground=True)]) == ()
    assert once([a, replace(b, speed=math.nan)]) == ()


def test_a_flight_with_minima_of_its_own_keeps_them():
    intent = straight("red/one", 47.0, 8.0, 90.0, protection=Separation(30_000.0, 1_000.0))
    beside = WGS84.Direct(47.0, 8.0, 0.0, 25_000.0)
    parallel = Seen("B", beside["lat2"], beside["lon2"], 90.0)
    sure = replace(AT_ONCE, outlook=SURE)
    assert len(once([parallel], intent, settings=sure)) == 1
    assert once([parallel], straight("red/one", 47.0, 8.0, 90.0), settings=sure) == ()


def test_a_gap_in_an_intent_holds_no_position():
    time = NOON + np.array([0, 60, 400, 500]) * SECOND
    lat, lon = np.full(4, 47.0), np.array([8.0, 8.2, 9.4, 9.8])
    flight = Trajectory("red/one", time, lat, lon, np.full(4, 35_000.0),
                        gap=np.array([False, True, False, False]))  # fmt: skip
    stands = Seen("B", 47.0, 8.8, 0.0, 0.0, uncertainty=0.0)
    sure = replace(AT_ONCE, outlook=SURE)
    assert once([stands], of("red", flight), settings=sure) == ()
    whole = replace(flight, gap=np.zeros(0, dtype=np.bool_))
    assert len(once([stands], of("red", whole), settings=sure)) == 1


def test_a_fast_one_is_predicted_just_as_well():
    """At 1,000 m/s a step is longer than a leg may be, and is cut."""
    lat, lon, back = from_place(47.0, 8.0, 90.0, 400_000.0)
    a, b = Seen("A", 47.0, 8.0, 90.0, 1_000.0), Seen("B", lat, lon, back, 1_000.0)
    (alert,) = once([a, b], settings=replace(AT_ONCE, outlook=SURE))
    assert (alert.closest_at - NOON) / SECOND == pytest.approx(200.0, abs=0.1)


def test_a_track_without_a_verdict_alerts_with_tracks_only():
    """It may be the very aircraft of an intent that is not seen yet."""
    new = Seen("A", 47.0, 8.0, 90.0, verdict=Conformance.TENTATIVE)
    b = Seen("B", *from_place(47.0, 8.0, 90.0, 60_000.0))
    area = Volume("v", Circle(47.0, 8.2, 9_000.0), None, None, NOON, NOON + 900 * SECOND)
    declared = (straight("red/one", 47.0, 8.0, 90.0), of("blue", (area,)))
    assert pairs(once([new, b], *declared)) == {
        ("track:A", "track:B"), ("track:B", "intent:red/one"), ("track:B", "intent:blue/one"),
    }  # fmt: skip


def test_withdrawn_intents_are_forgotten():
    alerts = ShortTermAlerts(settings=AT_ONCE)
    alerts.declare(straight("red/one", 47.0, 8.0, 90.0))
    stranger = Seen("S", *from_place(47.0, 8.0, 90.0, 80_000.0))
    assert len(alerts.look(*picture(NOON, [stranger]))) == 1
    alerts.withdraw("red/one")
    alerts.withdraw("red/one")
    (over,) = alerts.look(*picture(NOON + 5 * SECOND, [stranger]))
    assert over.over
    assert alerts.look(*picture(NOON + 10 * SECOND, [])) == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Outlook(ahead=0.0),
        lambda: Outlook(drift=math.inf),
        lambda: Alerting(allowed=(1.0, 0.0)),
        lambda: Alerting(least=4, looks=3),
        lambda: Alerting(clear=0),
        lambda: Cells(0.5, 1_000.0),
        lambda: Cells(100.0, 0.0),
    ],
)
def test_settings_that_are_none_are_refused(make):
    with pytest.raises(InputError):
        make()
