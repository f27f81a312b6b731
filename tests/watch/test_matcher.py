"""Tracks matched to intents: what holds always, and stories."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.accuracy import scored
from benchmarks.sensed import CASES, recorded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente import Altitude, Circle, Polygon, Reference, Separation, Volume
from detente.errors import InputError
from detente.watch.declared import Declared
from detente.watch.gate import Gate, Matching, Tolerance
from detente.watch.likeness import Likeness
from detente.watch.matcher import Matcher
from tests.detect.strategies import centres
from tests.watch.looks import NOON, SECOND, WGS84, Aircraft, Sky, picture

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EAST = Aircraft("east", 50.0, 4.0)


@st.composite
def skies(draw, most: int = 6):
    """Some aircraft about one place, some of them declared, some that say who they are."""
    lat, lon = draw(centres)
    count = draw(st.integers(1, most))
    flying = []
    for k in range(count):
        there = WGS84.Direct(lat, lon, draw(st.integers(0, 359)), draw(st.integers(0, 20_000)))
        flying.append(
            Aircraft(
                f"t{k}", there["lat2"], there["lon2"], course=draw(st.integers(0, 359)),
                speed=draw(st.sampled_from([60.0, 230.0])),
                pressure=draw(st.sampled_from([34_000.0, 35_000.0])),
                address=draw(st.sampled_from(["", f"00000{k}", "000000"])),
            )
        )  # fmt: skip
    declared = [a.intent() for a in flying if draw(st.booleans())]
    return flying, declared


@quick
@given(skies(), st.randoms(use_true_random=False))
def test_one_to_one_and_no_order_matters(sky, random):
    flying, declared = sky
    one, other = Sky(*declared), Sky(*random.sample(declared, len(declared)))
    for step in range(10):
        verdicts = one.look(*flying, seconds=10.0)
        again = other.look(*random.sample(flying, len(flying)), seconds=10.0)
        assert {k: repr(v) for k, v in again.items()} == {k: repr(v) for k, v in verdicts.items()}
        matched = [v.intent for v in verdicts.values() if v.intent]
        assert len(matched) == len(set(matched))
        if step == 5 and declared:
            one.matcher.withdraw(declared[0].name)
            other.matcher.withdraw(declared[0].name)


@quick
@given(st.data())
def test_who_follows_his_intent_conforms(data):
    lat, lon = data.draw(centres)
    flying = []
    for k in range(data.draw(st.integers(1, 4))):
        there = WGS84.Direct(lat, lon, 90.0 * k, data.draw(st.integers(15_000, 40_000)))
        flying.append(
            Aircraft(
                f"t{k}", there["lat2"], there["lon2"], course=data.draw(st.integers(0, 359)),
                climb=data.draw(st.sampled_from([-1500.0, 0.0, 1500.0])),
            )
        )  # fmt: skip
    sky = Sky(*(a.intent() for a in flying))
    verdicts = sky.watch(*flying, seconds=30.0)
    for a in flying:
        found = verdicts[a.id]
        assert (found.said, found.intent) == ("conforming", f"party/{a.id}")
        assert found.lateral < 12.0
        assert abs(found.vertical) < 5.0
        assert abs(found.time) < 0.5


@quick
@given(
    st.floats(0.0, 360.0), st.floats(0.0, 300_000.0), st.floats(-20_000.0, 20_000.0),
    st.sampled_from([1.0, 5.0, 20.0, 300.0]), st.booleans(), st.sampled_from([0.0, 30.0]),
)  # fmt: skip
def test_one_outlier_changes_no_verdict(bearing, metres, feet, pause, declared, memory):
    sky = Sky(*[EAST.intent()] * declared, settings=Matching(memory=memory))
    before = sky.watch(EAST)["east"]
    assert before.said == ("conforming" if declared else "undeclared")
    sky.seconds += pause
    off = EAST.at(sky.seconds).moved(bearing, metres)
    for found in (sky.show(replace(off, pressure=35_000.0 + feet)), sky.look(EAST), sky.look(EAST)):
        assert (found["east"].said, found["east"].intent) == (before.said, before.intent)
        assert found["east"].since == before.since


@quick
@given(centres, st.integers(0, 359), st.integers(60_000, 5_000_000))
def test_far_from_every_intent_is_undeclared(centre, bearing, metres):
    there = WGS84.Direct(*centre, bearing, metres)
    declared = Aircraft("plan", *centre).intent(seconds=100.0)
    stranger = Aircraft("stranger", there["lat2"], there["lon2"], course=there["azi2"])
    sky = Sky(declared)
    found = sky.watch(stranger, seconds=30.0)["stranger"]
    assert (found.said, found.intent) == ("undeclared", "")
    assert np.isnan(found.lateral)
    assert sky.matches.deviation(0) is None


@quick
@given(skies(4))
def test_the_same_moment_again_changes_nothing(sky):
    flying, declared = sky
    one = Sky(*declared)
    for _ in range(6):
        verdicts = one.look(*flying)
        for _ in range(5):
            again = one.show(*(a.at(one.seconds) for a in flying))
            assert {k: (v.said, v.intent, v.since) for k, v in again.items()} == {
                k: (v.said, v.intent, v.since) for k, v in verdicts.items()
            }


# Stories


def test_too_little_seen_is_tentative_and_then_it_conforms():
    sky = Sky(EAST.intent())
    assert [sky.look(EAST)["east"].said for _ in range(5)] == [
        "tentative", "tentative", "tentative", "conforming", "conforming",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "lateral", "vertical", "time"),
    [
        ({"metres": 9_000.0, "bearing": 90.0}, 9_000.0, 0.0, 0.0),
        ({"metres": 1.0, "bearing": 90.0, "pressure": 36_000.0}, 0.0, 1_000.0, 0.0),
        ({"metres": 1.0, "bearing": 90.0, "pressure": 33_500.0}, 0.0, -1_500.0, 0.0),
        ({"metres": 230.0 * 240.0, "bearing": 180.0}, 0.0, 0.0, 240.0),
        ({"metres": 230.0 * 240.0, "bearing": 0.0}, 0.0, 0.0, -240.0),
    ],
)
def test_who_deviates_does_not_conform_and_it_is_said_by_how_much(change, lateral, vertical, time):
    known = replace(EAST, address="4b1801")
    flown = known.moved(change.pop("bearing"), change.pop("metres"), **change)
    sky = Sky(known.intent())
    sky.seconds = 400.0
    found = sky.watch(flown)["east"]
    assert (found.said, found.intent) == ("nonconforming", "party/east")
    assert found.lateral == pytest.approx(lateral, abs=60.0)
    assert found.vertical == pytest.approx(vertical, abs=1.0)
    assert found.time == pytest.approx(time, abs=1.0)
    deviation = sky.matches.deviation(0)
    assert (deviation.lateral, deviation.time) == (found.lateral, found.time)


def test_a_wrong_address_in_just_the_right_place_is_matched_and_told():
    sky = Sky(replace(EAST, address="4b1801", callsign="SWR1").intent())
    found = sky.watch(replace(EAST, address="3c0001", callsign="dlh9"))["east"]
    assert (found.said, found.intent) == ("conforming", "party/east")
    assert found.differs == (True, True)
    found = sky.watch(replace(EAST, address="4B1801", callsign=" swr1 "))["east"]
    assert found.differs == (False, False)


def test_the_right_address_in_the_wrong_place_does_not_conform():
    plan = replace(EAST, address="4b1801")
    sky = Sky(plan.intent())
    sky.seconds = 400.0
    off = sky.watch(plan.moved(90.0, 25_000.0))["east"]
    assert (off.said, off.intent) == ("nonconforming", "party/east")
    assert off.lateral == pytest.approx(25_000.0, rel=0.01)
    far = sky.watch(replace(plan.moved(90.0, 250_000.0), id="far"))["far"]
    assert (far.said, far.intent, far.claims) == ("undeclared", "", "party/east")


def test_without_an_address_that_far_off_is_undeclared():
    sky = Sky(EAST.intent())
    sky.seconds = 400.0
    assert sky.watch(EAST.moved(90.0, 25_000.0))["east"].said == "undeclared"


def test_identity_decides_between_two_who_fly_side_by_side():
    plan = replace(EAST, address="4b1801")
    left, right = plan.moved(-90.0, 900.0, id="left"), plan.moved(90.0, 900.0, id="right")
    for one, other in ((left, right), (right, left)):
        found = Sky(plan.intent()).watch(one, replace(other, address=""))
        assert found[one.id].intent == "party/east"
        assert found[other.id].said == "undeclared"


def test_the_nearer_of_two_is_the_one():
    near, far = EAST.moved(90.0, 300.0, id="near"), EAST.moved(-90.0, 3_000.0, id="far")
    found = Sky(EAST.intent()).watch(far, near)
    assert (found["near"].said, found["far"].said) == ("conforming", "undeclared")


def test_one_look_at_the_place_of_an_intent_is_not_enough():
    stranger = EAST.moved(90.0, 100_000.0)
    for memory in (0.0, 30.0):
        sky = Sky(EAST.intent(), settings=Matching(memory=memory))
        sky.watch(stranger)
        sky.seconds += 200.0
        for there in (EAST, stranger, stranger, EAST, stranger):
            assert sky.look(replace(there, id="east"), seconds=30.0)["east"].said == "undeclared"


def test_among_equals_names_decide_and_not_who_came_first():
    one, other = EAST.intent("party/a"), EAST.intent("party/b")
    twins = replace(EAST, id="x"), replace(EAST, id="y")
    for intents in ((one, other), (other, one)):
        assert Sky(*intents).watch(EAST)["east"].intent == "party/a"
        for flying in (twins, twins[::-1]):
            found = Sky(*intents).watch(*flying)
            assert (found["x"].intent, found["y"].intent) == ("party/a", "party/b")


def test_what_a_pair_costs_is_averaged_over_its_looks():
    pair, settings = np.array([5], dtype=np.int64), Matching(memory=30.0)
    yes, no = np.array([True]), np.array([False])

    def cost(known, now, looked, new, seconds):
        return known.seen(pair, np.array([now]), looked, new, seconds, settings).cost

    known, nothing = Likeness(pair, np.array([2.0])), Likeness.nothing()
    share = 1.0 - np.exp(-5.0 / 30.0)
    assert cost(known, 6.0, yes, no, 5.0) == pytest.approx(2.0 + share * 4.0)
    assert cost(known, np.inf, yes, no, 60.0) == pytest.approx(2.0 + (13.0 - 2.0) / 3.0)
    assert cost(known, 6.0, no, no, 5.0) == [2.0]
    assert cost(nothing, 2.0, yes, yes, 5.0) == [2.0]
    assert cost(nothing, 2.0, yes, no, 5.0) == pytest.approx(8.0 - share * 6.0)


def test_who_flies_the_other_way_is_another():
    back = replace(EAST.at(200.0), id="back")
    back = replace(back, course=back.course + 180.0)
    sky = Sky(EAST.intent())
    sky.seconds = 0.0
    assert sky.watch(replace(back, speed=20.0), seconds=50.0)["back"].said == "undeclared"


def test_two_references_are_never_compared():
    only_geometric = replace(EAST, pressure=np.nan, geometric=31_000.0)
    found = Sky(EAST.intent()).watch(only_geometric)["east"]
    assert found.said == "conforming"
    assert np.isnan(found.vertical)
    above_ground = EAST.intent(reference=Reference.AGL)
    high = replace(EAST, geometric=9_000.0)
    sky = Sky(above_ground)
    assert sky.watch(high)["east"].said == "conforming"
    assert sky.matches.deviation(0).vertical is None
    geometric = EAST.intent(reference=Reference.WGS84)
    assert Sky(geometric).watch(replace(EAST, geometric=35_000.0, pressure=20_000.0))[
        "east"
    ].vertical == pytest.approx(0.0, abs=0.1)
    assert Sky(geometric).watch(replace(EAST, geometric=20_000.0))["east"].said == "undeclared"


def test_a_deviation_about_the_tolerance_does_not_flicker():
    sky = Sky(EAST.intent(), settings=Matching(route=Tolerance(1_000.0, 300.0, 180.0)))
    near, far = EAST.moved(90.0, 900.0), EAST.moved(90.0, 1_200.0)
    sky.watch(near)
    said = [sky.watch(far if k % 2 else near, seconds=40.0)["east"].said for k in range(8)]
    assert said == ["conforming"] * 8
    beyond = EAST.moved(90.0, 1_500.0)
    assert sky.watch(beyond)["east"].said == "nonconforming"
    said = [sky.watch(far if k % 2 else beyond, seconds=40.0)["east"].said for k in range(8)]
    assert said == ["nonconforming"] * 8
    assert sky.watch(near)["east"].said == "conforming"


def test_a_route_with_its_own_protection_has_less_room():
    off = EAST.moved(90.0, 1_000.0, uncertainty=10.0)
    for own, said in ((None, "conforming"), (Separation(1_500.0, 400.0), "nonconforming")):
        intent = EAST.intent()
        intent = replace(intent, extent=replace(intent.extent, protection=own))
        assert Sky(intent).watch(off)["east"].said == said


def test_who_leaves_his_route_does_not_conform_and_then_is_no_longer_matched():
    sky = Sky(EAST.intent())
    sky.watch(EAST)
    heard = []
    for k in range(60):
        off = EAST.moved(90.0, 300.0 * k)
        heard.append(sky.look(off)["east"].said)
    assert [heard[0], *(b for a, b in itertools.pairwise(heard) if a != b)] == [
        "conforming", "nonconforming", "undeclared",
    ]  # fmt: skip


def test_an_intent_goes_over_to_another_track_only_when_the_first_gives_it_up():
    sky = Sky(EAST.intent())
    near, better = EAST.moved(90.0, 2_500.0, id="first"), replace(EAST, id="second")
    assert sky.watch(near)["first"].intent == "party/east"
    owners = []
    for _ in range(12):
        found = sky.look(near, better)
        owners.append([k for k, v in found.items() if v.intent])
    assert all(len(one) == 1 for one in owners)
    assert (owners[0], owners[-1]) == (["first"], ["second"])


def test_a_track_that_coasts_keeps_its_verdict_and_its_intent():
    sky = Sky(EAST.intent())
    sky.watch(EAST)
    lost = replace(EAST.moved(90.0, 60_000.0), coasted=30.0)
    for _ in range(20):
        assert sky.look(lost)["east"].said == "conforming"


def test_of_two_tracks_of_one_aircraft_the_one_that_is_seen_has_the_intent():
    old = replace(EAST, id="old", address="4b1801")
    sky = Sky(old.intent())
    sky.watch(old)
    left = replace(old.at(sky.seconds), coasted=25.0)
    again = replace(old, id="new")
    for _ in range(4):
        sky.seconds += 5.0
        found = sky.show(left, again.at(sky.seconds))
        assert found["new"].said in {"tentative", "conforming"}
    assert (found["new"].said, found["old"].intent) == ("conforming", "")


def test_aircraft_on_the_ground_are_no_undeclared_flights():
    parked = replace(EAST, id="parked", on_ground=True, speed=0.0)
    assert Sky().watch(parked)["parked"].said == "tentative"
    sky = Sky(EAST.intent())
    sky.watch(EAST)
    landed = replace(EAST.at(sky.seconds), on_ground=True, speed=0.0)
    for _ in range(20):
        sky.seconds += 5.0
        assert sky.show(landed)["east"].said == "conforming"


def test_a_withdrawn_intent_is_forgotten_and_its_place_given_on():
    other = Aircraft("north", 40.0, 4.0)
    sky = Sky(EAST.intent())
    sky.watch(EAST)
    sky.matcher.withdraw("party/east")
    assert "party/east" not in sky.matcher
    assert sky.look(EAST)["east"].said == "tentative"
    assert sky.watch(EAST)["east"].said == "undeclared"
    sky.matcher.declare(other.intent())
    found = sky.watch(EAST, other)
    assert (found["east"].said, found["north"].intent) == ("undeclared", "party/north")
    with pytest.raises(KeyError):
        sky.matcher.withdraw("party/east")


def test_an_amended_intent_keeps_its_track():
    sky = Sky(EAST.intent())
    before = sky.watch(EAST)["east"]
    sky.matcher.declare(replace(EAST, pressure=35_100.0).intent("party/east"))
    assert len(sky.matcher) == 1
    after = sky.look(EAST)["east"]
    assert (after.said, after.since) == (before.said, before.since)
    assert after.vertical == pytest.approx(-100.0, abs=0.5)


def test_many_come_and_go_and_each_has_its_own():
    flying = [Aircraft(f"a{k}", 40.0 + 0.3 * k, 4.0) for k in range(100)]
    sky = Sky()
    for turn in range(3):
        for a in flying:
            sky.matcher.declare(a.intent())
            if int(a.id[1:]) % 3 == turn:
                sky.matcher.withdraw(f"party/{a.id}")
        found = sky.watch(*flying)
        for k, a in enumerate(flying):
            gone = k % 3 == turn
            assert found[a.id].intent == ("" if gone else f"party/{a.id}")


# Volumes


def circle(name="party/drone", *, radius=300.0, lat=47.0, lon=8.0, start=NOON, **changes):
    volume = Volume(
        name, Circle(lat, lon, radius), Altitude(0.0, Reference.WGS84),
        Altitude(400.0, Reference.WGS84), start, start + 1800 * SECOND,
    )  # fmt: skip
    return Declared(name, "party", (volume,), **changes)


def drone(metres=0.0, **changes):
    there = WGS84.Direct(47.0, 8.0, 90.0, metres)
    about = {"speed": 0.0, "pressure": np.nan, "geometric": 200.0, "uncertainty": 5.0}
    return Aircraft("drone", there["lat2"], there["lon2"], **(about | changes))


def test_within_a_volume_is_conforming_and_outside_by_so_much_is_not():
    assert Sky(circle()).watch(drone(250.0))["drone"].said == "conforming"
    sky = Sky(circle(address="abcdef"))
    sky.watch(drone(address="abcdef"))
    out = sky.watch(drone(500.0, address="abcdef", geometric=520.0))["drone"]
    assert out.said == "nonconforming"
    assert (out.lateral, out.vertical, out.time) == pytest.approx((200.0, 120.0, 0.0), abs=1.0)
    assert Sky(circle()).watch(drone(3_000.0))["drone"].said == "undeclared"


def test_a_polygon_over_the_antimeridian_and_about_the_pole():
    for corners, inside in (
        (((-17.0, 179.9), (-17.0, -179.9), (-17.2, -179.9), (-17.2, 179.9)), (-17.1, 180.0)),
        (((89.9, 0.0), (89.9, 90.0), (89.9, 180.0), (89.9, -90.0)), (90.0, 0.0)),
    ):
        intent = Declared("party/area", "party", (Volume("party/area", Polygon(corners)),))
        there = replace(drone(), lat=inside[0], lon=inside[1])
        found = Sky(intent).watch(there)["drone"]
        assert (found.said, found.lateral) == ("conforming", 0.0)
        away = WGS84.Direct(*inside, 45.0, 100_000.0)
        there = replace(there, lat=away["lat2"], lon=away["lon2"])
        assert Sky(intent).watch(there)["drone"].said == "undeclared"


def test_a_volume_that_is_over_holds_nobody():
    sky = Sky(circle())
    sky.watch(drone())
    sky.seconds = 1800.0
    early = sky.watch(drone(address="1"), seconds=60.0)["drone"]
    assert (early.said, early.time) == ("nonconforming", pytest.approx(60.0))
    sky.seconds = 1800.0 + 3600.0
    assert sky.watch(drone())["drone"].said == "undeclared"


def test_off_nominal_volumes_count():
    astray = circle("party/east", lat=50.2, lon=4.2, radius=5_000.0)
    intent = replace(EAST.intent(), off_nominal=astray.extent)
    there = replace(EAST, lat=50.21, lon=4.2, speed=0.0, geometric=300.0, pressure=np.nan)
    found = Sky(intent).watch(there)["east"]
    assert (found.said, found.intent, found.lateral) == ("conforming", "party/east", 0.0)
    assert Sky(EAST.intent()).watch(there)["east"].said == "undeclared"
    assert Sky(intent).watch(EAST)["east"].said == "conforming"


def test_a_wide_volume_does_not_excuse_strangers():
    wide = Declared("party/wide", "party", (Volume("party/wide", Circle(50.0, 5.0, 400_000.0)),))
    stranger = replace(EAST, address="abcdef")
    assert Sky(wide).watch(stranger)["east"].said == "undeclared"
    assert Sky(replace(wide, address="abcdef")).watch(stranger)["east"].said == "conforming"


# Declared and not seen


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


# The whole


@pytest.mark.parametrize("case", [8, 9])
def test_on_an_hour_of_the_recorded_day_all_undeclared_are_found_and_no_other(case):
    found = scored(recorded(8.0, 9.0), CASES[case], seed=1)
    assert (found.right, found.missed, found.false, found.none) == (4, 0, 0, 0)
    assert found.changes / found.hours < 0.5


def test_settings_that_cannot_be():
    for wrong in (
        {"undeclared": 0.0}, {"settle": -1.0}, {"leave": 0.5}, {"scans": 0},
        {"memory": float("nan")}, {"known": Gate(1.0, 1.0, 1.0, 1.0)},
    ):  # fmt: skip
        with pytest.raises(InputError):
            Matching(**wrong)
    with pytest.raises(InputError):
        Gate(lateral=0.0)
    with pytest.raises(InputError):
        Tolerance(1.0, -1.0, 1.0)


def test_an_empty_sky_and_no_intents():
    assert len(Matcher().match(picture(NOON, []))) == 0
    sky = Sky(EAST.intent())
    assert len(sky.matcher.match(picture(NOON, []))) == 0
