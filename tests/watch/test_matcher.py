"""Tracks matched to intents: stories, and the recorded day."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.accuracy import scored
from benchmarks.sensed import CASES, recorded

from detente import Reference, Separation
from detente.errors import InputError
from detente.watch.gate import Gate, Matching, Tolerance
from detente.watch.likeness import Likeness
from detente.watch.matcher import Matcher
from tests.watch.looks import EAST, NOON, Aircraft, Sky, picture


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
