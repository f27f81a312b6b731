"""What holds of every sky that is matched, the poles and the antimeridian included."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.watch.gate import Matching
from tests.detect.strategies import centres
from tests.watch.looks import EAST, WGS84, Aircraft, Sky

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


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
