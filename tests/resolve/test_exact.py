"""The exact solver against trying every choice, and the properties that any optimum has."""

import dataclasses
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.resolve.exact import optimum
from detente.resolve.problem import Problem, value
from tests.resolve.enumeration import all_values, least
from tests.resolve.problems import random_problem

FAIRNESS = ("proportional", "max-min")
seeds = st.integers(0, 10**6)
COUNT = 100
few = settings(max_examples=25, deadline=None)


@cache
def reference(seed, fairness):
    return least(all_values(random_problem(seed), fairness))


@pytest.mark.parametrize("first", range(0, COUNT, 20))
def test_optimum_is_that_of_trying_every_choice(first):
    for seed in range(first, first + 20):
        problem = random_problem(seed)
        for fairness in FAIRNESS:
            found = optimum(problem, fairness=fairness)
            assert found.value == reference(seed, fairness), (seed, fairness)
            assert found.value == value(problem, found.choice, fairness), (seed, fairness)
            assert found.proven
            assert found.bound == found.value


def test_the_problems_are_of_every_kind():
    problems = [random_problem(seed) for seed in range(COUNT)]
    values = [reference(seed, "proportional") for seed in range(COUNT)]
    assert max(map(len, problems)) == 12
    assert 20 < sum(v[0] > 0 for v in values) < 80  # no plan without conflict
    assert sum(problem.ranks > 1 for problem in problems) > 30
    assert sum(v[-1] > 0 for v in values) > 30  # no plan that is quite fair
    assert sum(any(len(c) == 1 for c in problem.cost) for problem in problems) > 20
    choices = [np.prod([float(len(c)) for c in problem.cost]) for problem in problems]
    assert max(choices) <= 2e6
    assert np.median(choices) > 1e4


def test_value_of_any_choice_is_what_its_description_says():
    rng = np.random.default_rng(5)
    for seed in range(40):
        problem = random_problem(seed, most=1e4)
        sizes = [len(c) for c in problem.cost]
        for fairness in FAIRNESS:
            every = all_values(problem, fairness)
            for _ in range(10):
                choice = [int(rng.integers(size)) for size in sizes]
                column = every[:, np.ravel_multi_index(choice, sizes)]
                assert value(problem, choice, fairness) == tuple(column.tolist())


@few
@given(seeds, st.sampled_from(FAIRNESS), st.data())
def test_another_option_never_makes_the_optimum_worse(seed, fairness, data):
    problem = random_problem(seed, most=1e5)
    rng = np.random.default_rng(seed + 1)
    f = data.draw(st.integers(0, len(problem) - 1))
    cost, blocked, clash = list(problem.cost), list(problem.blocked), dict(problem.clash)
    cost[f] = np.append(cost[f], rng.integers(0, 1000))
    blocked[f] = np.append(blocked[f], rng.integers(0, 2))
    for (a, b), matrix in problem.clash.items():
        if f == a:
            clash[a, b] = np.vstack([matrix, rng.random((1, matrix.shape[1])) < 0.2])
        elif f == b:
            clash[a, b] = np.hstack([matrix, rng.random((matrix.shape[0], 1)) < 0.2])
    more = dataclasses.replace(problem, cost=cost, blocked=blocked, clash=clash)
    assert optimum(more, fairness=fairness).value <= optimum(problem, fairness=fairness).value


@few
@given(seeds, st.sampled_from(FAIRNESS), st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(seed, fairness, random):
    problem = random_problem(seed, most=1e5)
    order = random.sample(range(len(problem)), len(problem))
    renamed = np.array(random.sample(range(problem.parties), problem.parties), dtype=np.int32)
    place = {f: i for i, f in enumerate(order)}
    clash = {}
    for (f, g), matrix in problem.clash.items():
        i, j = place[f], place[g]
        clash[min(i, j), max(i, j)] = matrix if i < j else matrix.T
    other = Problem(
        cost=[problem.cost[f] for f in order],
        rank=problem.rank[order],
        party=renamed[problem.party[order]],
        clash=clash,
        blocked=[problem.blocked[f] for f in order],
    )
    assert optimum(other, fairness=fairness).value == optimum(problem, fairness=fairness).value


@few
@given(seeds, st.integers(2, 1000))
def test_a_higher_class_never_pays_for_a_lower_one(seed, factor):
    problem = random_problem(seed, most=1e5)
    # however dear the lowest class's options become, nobody above it pays more
    low = problem.ranks - 1
    dearer = [c * (factor if problem.rank[f] == low else 1) for f, c in enumerate(problem.cost)]
    found = optimum(problem)
    other = optimum(dataclasses.replace(problem, cost=dearer))
    assert other.value[: 1 + low] == found.value[: 1 + low]
    assert other.value[1 + low] == factor * found.value[1 + low]


@few
@given(seeds)
def test_the_same_question_has_the_same_answer(seed):
    problem = random_problem(seed, most=1e5)
    first, again = optimum(problem, seed=3), optimum(problem, seed=3)
    assert first.choice.tolist() == again.choice.tolist()


@few
@given(seeds, st.sampled_from(FAIRNESS))
def test_without_time_the_answer_is_a_choice_and_a_bound_that_hold(seed, fairness):
    problem = random_problem(seed, most=1e5)
    best = least(all_values(problem, fairness))
    hasty = optimum(problem, fairness=fairness, seconds=0.0)
    assert hasty.bound <= best <= hasty.value
    assert hasty.value == value(problem, hasty.choice, fairness)
    assert hasty.proven == (hasty.bound == hasty.value)


def delays(rng, flights, minutes, variants):
    """Many options: each two flights conflict in an interval of differences, by variant."""
    wait = np.arange(minutes)
    difference = wait - wait[:, None]
    clash = {}
    for f in range(flights):
        for g in range(f + 1, flights):
            matrix = np.zeros((variants, minutes, variants, minutes), dtype=bool)
            for v in range(variants):
                low = rng.uniform(-8, 6)
                high = low + rng.uniform(1, 6)
                matrix[v, :, v, :] = (low < difference) & (difference < high)
            clash[f, g] = matrix.reshape(variants * minutes, -1)
    cost = [(np.arange(variants)[:, None] * 150 + wait * 100).ravel() for _ in range(flights)]
    return Problem(
        cost=cost,
        rank=np.zeros(flights, np.int16),
        party=np.arange(flights, dtype=np.int32) % 3,
        clash=clash,
        blocked=[np.zeros(variants * minutes, np.int64)] * flights,
    )


def test_305_options_of_each_flight_are_proven():
    problem = delays(np.random.default_rng(2), 8, 61, 5)
    found = optimum(problem)
    assert found.proven
    assert found.value[0] == 0
    # nothing near is better: no flight alone, and no two together
    for f in range(len(problem)):
        for option in range(305):
            choice = found.choice.copy()
            choice[f] = option
            assert value(problem, choice) >= found.value
    rng = np.random.default_rng(3)
    for _ in range(3000):
        choice = found.choice.copy()
        choice[rng.choice(len(problem), 2, replace=False)] = rng.integers(0, 305, 2)
        assert value(problem, choice) >= found.value


def test_flights_that_may_not_move_stay_in_conflict_and_are_counted():
    problem = Problem(
        cost=[np.array([0]), np.array([0]), np.array([0, 100])],
        rank=np.zeros(3, np.int16),
        party=np.arange(3, dtype=np.int32),
        clash={(0, 1): np.array([[True]]), (1, 2): np.array([[True, False]])},
        blocked=[np.zeros(1, np.int64), np.ones(1, np.int64), np.zeros(2, np.int64)],
    )
    found = optimum(problem)
    assert found.choice.tolist() == [0, 0, 1]
    assert found.value[:2] == (2, 100)
    assert found.proven


@pytest.mark.parametrize("fairness", FAIRNESS)
def test_of_two_equal_choices_the_party_that_has_borne_nothing_pays(fairness):
    either = Problem(
        cost=[np.array([0, 100]), np.array([0, 100])],
        rank=np.zeros(2, np.int16),
        party=np.array([0, 1], dtype=np.int32),
        clash={(0, 1): np.array([[True, False], [False, True]])},
        blocked=[np.zeros(2, np.int64)] * 2,
        share=np.array([1, 1]),
        borne=np.array([100, 0]),
    )
    assert optimum(either, fairness=fairness).choice.tolist() == [0, 1]
    other = dataclasses.replace(either, borne=np.array([0, 100]))
    assert optimum(other, fairness=fairness).choice.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rank": np.zeros(1, np.int16)}, "different lengths"),
        ({"cost": [np.array([0]), np.array([-1, 0])]}, "below 0"),
        ({"cost": [np.array([0]), np.array([0])]}, "costs and"),
        ({"clash": {(1, 0): np.array([[True], [False]])}}, "a clash of 1 with 0"),
        ({"clash": {(0, 1): np.array([[True]])}}, r"is \(1, 1\)"),
        ({"share": np.array([1])}, "is missing"),
        ({"party": np.array([0, -1], np.int32)}, "below 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changed, message):
    whole = Problem(
        cost=[np.array([0]), np.array([0, 1])],
        rank=np.zeros(2, np.int16),
        party=np.array([0, 1], np.int32),
        clash={},
        blocked=[np.zeros(1, np.int64), np.zeros(2, np.int64)],
    )
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(whole, **changed)
