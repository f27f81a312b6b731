"""A problem of real flights means what the detection engine means."""

from dataclasses import replace

import numpy as np
import pytest

from detente.airspace import Altitude, Circle, Flights, Reference, Separation, Trajectory, Volume
from detente.detect.detection import detect_conflicts
from detente.detect.index import Index
from detente.resolve.closed import Closed
from detente.resolve.component import problem_of
from detente.resolve.exact import optimum
from detente.resolve.manoeuvre import Manoeuvres, variants
from detente.resolve.problem import conflicts_left

MINUTE = 60_000_000_000


def crossing(seed, flights):
    """Flights of 90 minutes that all pass near one place within a few minutes."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(flights):
        course, height = rng.uniform(0, 2 * np.pi), rng.choice([33e3, 34e3, 35e3])
        start = rng.uniform(-6, 6)
        along = np.array([-5.0, -3.4, 3.4, 5.0])
        lat = 50 + along * np.cos(course) + rng.uniform(-0.05, 0.05)
        lon = 5 + along * np.sin(course) / np.cos(np.radians(50))
        time = np.rint((start + np.array([600, 614.4, 675.6, 690.0])) * MINUTE).astype(np.int64)
        alt = np.array([0.0, height, height, 0.0])
        made.append(
            Trajectory(f"F{k}", time, lat, lon, alt, party="ABC"[k % 3], priority=10 * (k % 2))
        )
    return made


def standing_of(flights):
    index = Index(Separation())
    index.extend(Flights.from_trajectories(flights))
    return index


def put(seed, *, movable=6, fixed=3, closed=True):
    """Some flights that may move, some that stay, and one closed volume."""
    flights = crossing(seed, movable + fixed)
    limits = [Manoeuvres(delay_most=600, offsets=(-18_520.0, 9_260.0))] * movable
    choices = [variants(f, m) for f, m in zip(flights[:movable], limits, strict=True)]
    standing = standing_of(flights)
    volumes = []
    if closed:
        low, high = Altitude(32_500.0, Reference.PRESSURE), Altitude(33_500.0, Reference.PRESSURE)
        circle = Circle(50.6, 5.0, 30_000.0)
        volumes = [Volume("shut", circle, low, high, start=600 * MINUTE, end=645 * MINUTE)]
    shut = Closed(volumes, standing) if volumes else None
    component = problem_of(choices, limits, standing=standing, closed=shut)
    return component, flights[movable:], volumes


def found(component, choice, fixed, volumes):
    """Count with the engine what a choice leaves, conflicts among fixed flights left out."""
    flown = component.flown(choice)
    everyone = Flights.from_trajectories([*flown, *fixed])
    table = detect_conflicts(everyone, volumes=volumes).table.to_pydict()
    stays = {flight.id for flight in fixed}
    met = {
        frozenset(pair)
        for pair in zip(table["a"], table["b"], strict=True)
        if not set(pair) <= stays | {"shut"}
    }
    return len(met)


@pytest.mark.parametrize("seed", range(5))
def test_conflicts_of_any_choice_are_those_of_the_engine(seed):
    component, fixed, volumes = put(seed)
    rng = np.random.default_rng(seed)
    counts = []
    for _ in range(60):
        choice = [int(rng.integers(len(cost))) for cost in component.problem.cost]
        left = conflicts_left(component.problem, choice)
        assert left == found(component, choice, fixed, volumes)
        counts.append(left)
    assert max(counts) > 2
    assert len(set(counts)) > 2


def test_the_optimum_is_free_of_conflict_for_the_engine():
    component, fixed, volumes = put(11, movable=9, fixed=2)
    as_filed = np.zeros(9, np.int64)
    assert found(component, as_filed, fixed, volumes) > 3
    best = optimum(component.problem)
    assert best.proven
    assert best.value[0] == 0
    assert found(component, best.choice, fixed, volumes) == 0


def test_flights_that_may_do_nothing_are_as_filed():
    flights = crossing(4, 8)
    limits = [Manoeuvres.none() if k % 2 else Manoeuvres() for k in range(8)]
    choices = [variants(f, m) for f, m in zip(flights, limits, strict=True)]
    component = problem_of(choices, limits, standing=standing_of(flights))
    best = optimum(component.problem)
    flown = component.flown(best.choice)
    for k in range(1, 8, 2):
        for column in ("time", "lat", "lon", "alt"):
            assert np.array_equal(getattr(flown[k], column), getattr(flights[k], column))
    moved = [flown[k] for k in range(0, 8, 2)]
    assert any(not np.array_equal(m.time, flights[2 * k].time) for k, m in enumerate(moved)) or any(
        not np.array_equal(m.alt, flights[2 * k].alt) for k, m in enumerate(moved)
    )


def test_an_option_is_named_by_its_variant_and_delay():
    component, _, _ = put(3)
    for option in (0, 1, 12, len(component.problem.cost[2]) - 1):
        variant, delay = component.option(2, option)
        at = component.variants[2].index(variant)
        assert component.number(2, at, delay) == option
        assert component.problem.cost[2][option] == variant.cost + 100 * delay // 60


def test_classes_and_parties_are_those_of_the_flights():
    component, _, _ = put(3)
    assert component.problem.rank.tolist() == [1, 0, 1, 0, 1, 0]  # the larger priority first
    assert component.problem.party.tolist() == [0, 1, 2, 0, 1, 2]


def test_flights_that_are_near_only_when_one_is_late_may_clash():
    early, late = crossing(0, 2)
    late = replace(late, alt=early.alt, time=early.time + 55 * MINUTE)
    limits = [Manoeuvres(level_steps=(), offsets=())] * 2
    choices = [variants(f, m) for f, m in zip((early, late), limits, strict=True)]
    component = problem_of(choices, limits, standing=standing_of([early, late]))
    assert conflicts_left(component.problem, [0, 0]) == found(component, [0, 0], [], []) == 0
    left = [conflicts_left(component.problem, [wait, 0]) for wait in range(61)]
    assert left == [found(component, [wait, 0], [], []) for wait in range(61)]
    assert 1 in left


def test_flights_far_apart_make_no_clash():
    near, far = crossing(0, 2)
    far = replace(far, lat=far.lat - 40.0)
    limits = [Manoeuvres()] * 2
    choices = [variants(f, m) for f, m in zip((near, far), limits, strict=True)]
    assert problem_of(choices, limits, standing=standing_of([near, far])).problem.clash == {}
