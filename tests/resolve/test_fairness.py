"""Shares, burdens and Jain's index."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import Flights
from detente.detect.detection import detect_conflicts
from detente.resolve.fairness import Account, Burden, balance, jain, met, shares
from detente.resolve.problem import unfairness

from .routes import flown

costs = st.lists(st.integers(0, 10_000), min_size=1, max_size=6)


@given(costs)
def test_jains_index_is_between_one_of_n_and_one(values):
    assert 1.0 / len(values) - 1e-9 <= jain(values) <= 1.0 + 1e-9
    assert jain([3 * v for v in values]) == pytest.approx(jain(values))


def test_jains_index_of_one_who_bears_all():
    assert jain([0, 0, 7, 0]) == 0.25
    assert jain([5] * 9) == 1.0


def test_a_share_is_the_flights_that_meet_somebody():
    level = [35e3, (90, 230, 600, 35e3)]
    flights = Flights.from_trajectories(
        [
            flown(level, id="A", party="red"),
            flown(level, id="B", party="red"),
            flown(level, id="C", party="blue"),
            flown(level, id="D", party="green", lat=10.0),
        ]
    )
    there = met(detect_conflicts(flights), flights)
    assert there.tolist() == [True, True, True, False]
    assert shares(there, flights.parties) == {"red": 2, "blue": 1, "green": 0}


@pytest.mark.parametrize("measure", ["proportional", "max-min"])
def test_a_burden_in_proportion_to_shares_is_fair(measure):
    fair = [Account("red", 9, 4, 2, 0, 400), Account("blue", 9, 2, 1, 0, 200)]
    unfair = [Account("red", 9, 4, 2, 0, 300), Account("blue", 9, 2, 1, 0, 300)]
    one, two = balance(fair, measure), balance(unfair, measure)
    assert one.unfairness < two.unfairness
    assert (one.jain, one.most) == (1.0, 1.0)
    assert two.jain == pytest.approx(225**2 / (2 * (75**2 + 150**2)))
    assert two.most == pytest.approx(1.5)


def test_a_plan_without_cost_is_fair():
    nothing = balance([Account("red", 9, 4, 0, 0, 0), Account("blue", 9, 0, 0, 0, 0)])
    assert (nothing.unfairness, nothing.jain, nothing.most) == (0, 1.0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1), st.data())
def test_the_running_burden_is_the_measure_of_the_whole(steps, data):
    measure = data.draw(st.sampled_from(["proportional", "max-min"]))
    share = np.array(data.draw(st.lists(st.integers(0, 5), min_size=3, max_size=3)))
    burden, cost = Burden(share, measure), np.zeros(3, np.int64)
    for more, party in steps:
        expected = burden.after(party, more)
        burden.add(party, more)
        cost[party] += more
        assert burden.measure() == expected == unfairness(cost, share, measure)
