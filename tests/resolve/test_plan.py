"""A plan says what changed and why, and cannot be made without the engine's check."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import Altitude, Circle, Flights, Separation, Volume
from detente.detect.detection import detect_conflicts
from detente.resolve.change import PLAN_SCHEMA, Reason, changed
from detente.resolve.manoeuvre import Manoeuvres, variants
from detente.resolve.plan import Part, Plan, checked_plan

from .routes import SECOND, flown, routes

LEVEL = [35e3, (90, 230, 1800, 35e3)]
COLUMNS = ("time", "lat", "lon", "alt", "protection_h", "protection_v", "gap")


def three() -> Flights:
    """A and B fly one way at one time; C, far off, meets nobody."""
    return Flights.from_trajectories(
        [
            flown(LEVEL, id="A", party="red"),
            flown(LEVEL, id="B", party="blue", priority=30),
            flown(LEVEL, id="C", party="blue", lat=10.0),
        ]
    )


def options(flights, i, **limits):
    found = variants(flights[i], Manoeuvres(offsets=(), **limits))
    return {v.level: v for v in found}


def test_a_plan_that_is_solved_says_what_changed_and_why():
    flights = three()
    lower = options(flights, 0)[-1]
    plan = checked_plan(flights, {0: (lower, 0, 25), 1: (options(flights, 1)[0], 0, 0)})
    assert plan.solved
    assert (plan.before.pairs, len(plan.remainder), plan.unsolved) == (1, 0, ())
    (change,) = plan.changes
    assert (change.flight, change.party, change.feet, change.delay) == ("A", "red", -1000.0, 0)
    (conflict,) = plan.before
    assert change.reasons == (Reason("flight", "B", "blue", conflict.entry, conflict.exit),)
    assert str(change) == "A: 1,000 ft lower"
    assert plan.cost == 25
    assert plan.cost_by_priority == {30: 0, 0: 25}
    assert [(a.party, a.flights, a.share, a.moved, a.cost) for a in plan.accounts] == [
        ("blue", 2, 1, 0, 0),
        ("red", 1, 1, 1, 25),
    ]
    assert (plan.fairness.jain, plan.fairness.most) == (0.5, 2.0)
    assert not plan.optimal


def test_a_plan_cannot_hide_a_conflict():
    flights = three()
    late = {0: (options(flights, 0)[0], 30, 50)}  # 6.9 km behind
    plan = checked_plan(flights, late, why=lambda c: f"{c.a} has no more slots")
    assert not plan.solved
    assert [(c.a, c.b) for c in plan.remainder] == [("A", "B")]
    assert plan.unsolved == ("A has no more slots",)
    with pytest.raises(TypeError, match="runs the engine"):
        Plan(
            plan.flights, plan.changes, plan.before, plan.before, (), plan.accounts,
            plan.fairness, check=object(),
        )  # fmt: skip


def test_a_constraint_is_a_reason():
    flights = three()
    place = flights[2]
    closed = Volume(
        "R1", Circle(float(place.lat[0]), float(place.lon[0]), 20_000.0),
        lower=Altitude(34_500.0), upper=Altitude(36_000.0), party="tower",
    )  # fmt: skip
    two = Volume("R2", closed.outline, lower=Altitude(35_500.0), upper=Altitude(37_000.0))
    lower = options(flights, 2)[-1]
    plan = checked_plan(flights, {2: (lower, 0, 25)}, volumes=[closed, two])
    (reason,) = plan.changes[0].reasons
    assert (reason.kind, reason.other, reason.party) == ("constraint", "R1", "tower")
    # what no flight can mend, one volume in another, is no conflict of the plan
    assert plan.before.pairs == 2
    assert [(c.a, c.b) for c in plan.remainder] == [("A", "B")]
    assert {a.party: a.share for a in plan.accounts} == {"blue": 2, "red": 1}


def test_known_conflicts_are_not_sought_again():
    flights = three()
    lower = options(flights, 0)[-1]
    before = detect_conflicts(flights)
    plan = checked_plan(flights, {0: (lower, 0, 25)}, before=before)
    assert plan.before.table.equals(before.table)
    assert plan.to_dict() == checked_plan(flights, {0: (lower, 0, 25)}).to_dict()


def test_the_check_uses_the_minima_of_the_run():
    flights = three()
    lower = options(flights, 0)[-1]
    plan = checked_plan(flights, {0: (lower, 0, 25)}, separation=Separation(9260.0, 2000.0))
    assert [(c.a, c.b) for c in plan.remainder] == [("A", "B")]


def test_a_plan_as_a_table_and_as_json():
    flights = three()
    lower = options(flights, 0)[-2]
    plan = checked_plan(
        flights, {0: (lower, 120, 250)}, unfair_costs={"blue": 250}, seed=7, seconds=0.5,
        parts=[Part(2, 250, 250, True)],
    )  # fmt: skip
    table = pa.table(plan)
    assert table.schema.equals(PLAN_SCHEMA)
    assert table.column("flight_id").to_pylist() == ["A", "B", "C"]
    assert table.column("moved").to_pylist() == [True, False, False]
    assert table.column("delay_s").to_pylist() == [120, 0, 0]
    assert table.column("level_ft").to_pylist() == [-2000.0, 0.0, 0.0]
    assert [len(reasons) for reasons in table.column("reasons").to_pylist()] == [1, 0, 0]
    said = json.loads(json.dumps(plan.to_dict()))
    assert (said["conflicts_before"], said["conflicts_after"], said["moved"]) == (1, 0, 1)
    assert (said["cost"], said["delay_s"], said["optimal"], said["seed"]) == (250, 120, True, 7)
    assert said["cost_by_priority"] == {"30": 0, "0": 250}
    assert said["fairness_before"]["unfairness"] == said["fairness"]["unfairness"] == 500


@settings(max_examples=25, deadline=None)
@given(st.lists(routes(), min_size=2, max_size=4), st.data())
def test_flights_that_are_not_chosen_stay_to_the_last_bit(drawn, data):
    flights = Flights.from_trajectories(replace(t, id=f"F{i}") for i, t in enumerate(drawn))
    chosen = {}
    for i in data.draw(st.sets(st.integers(0, len(flights) - 1))):
        variant = data.draw(st.sampled_from(variants(flights[i], Manoeuvres())))
        chosen[i] = variant, data.draw(st.sampled_from([0, 60, 3600]))
    after = changed(flights, chosen)
    assert (after.ids, after.parties) == (flights.ids, flights.parties)
    assert after.priority.tolist() == flights.priority.tolist()
    for i in range(len(flights)):
        variant, delay = chosen.get(i, (None, 0))
        filed = flights[i] if variant is None else variant.trajectory
        assert np.array_equal(after[i].time, filed.time + delay * SECOND)
        for name in ("lat", "lon", "alt"):
            assert np.array_equal(getattr(after[i], name), getattr(filed, name))
        assert after[i].protection == flights[i].protection


def test_minima_that_differ_from_leg_to_leg_stay_where_a_flight_is_only_delayed():
    flights = three()
    flights.protection_h[0], flights.protection_v[0] = 5_000.0, 500.0
    after = changed(flights, {0: (variants(flights[0], Manoeuvres.none())[0], 60)})
    for name in COLUMNS[3:]:
        assert np.array_equal(getattr(after, name), getattr(flights, name), equal_nan=name != "gap")
    assert after.time[:2].tolist() == (flights.time[:2] + 60 * SECOND).tolist()
    assert after.time[2:].tolist() == flights.time[2:].tolist()
