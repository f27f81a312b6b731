"""Local search against the proven optimum, and that against every choice, by the engine."""

from dataclasses import replace

import numpy as np
import pytest

from detente import Flights
from detente.detect.detection import detect_conflicts
from detente.resolve.manoeuvre import Manoeuvres, delayed, variants
from detente.resolve.problem import Problem
from detente.resolve.resolution import resolve_conflicts
from tests.resolve.crossings import crossing, few
from tests.resolve.enumeration import all_values, least


def test_search_is_near_the_optimum_and_solves_what_can_be_solved():
    ratios, unsolvable = [], 0
    for seed in range(24):
        levels = (34e3,) if seed % 2 else (34e3, 35e3)
        flights = crossing(seed, 4 + seed % 9, minutes=2.5, levels=levels)
        limits = few(seed)
        best = resolve_conflicts(flights, manoeuvres=limits, exact_up_to=12)
        found = resolve_conflicts(flights, manoeuvres=limits, exact_up_to=0)
        assert best.optimal, seed
        assert not found.optimal
        assert len(found.remainder) >= len(best.remainder), seed
        assert found.solved or not best.solved, (seed, len(flights), limits)
        unsolvable += not best.solved
        if found.solved:
            assert found.cost >= best.cost, seed
            if best.cost:
                ratios.append(found.cost / best.cost)
    assert np.median(ratios) <= 1.05, sorted(ratios)
    # the instances are neither all idle nor all hopeless
    assert len(ratios) >= 12
    assert 1 <= unsolvable <= 12


def options_of(flight, limits):
    """Every way a flight may be flown: (cost, trajectory), as filed first."""
    return [
        (v.cost + limits.cost_of_delay(wait), delayed(v.trajectory, wait))
        for v in variants(flight, limits)
        for wait in limits.delays
    ]


def problem_by_engine(flights, limits):
    """What conflicts with what, from one run of the engine over all options of all flights."""
    options = [options_of(flight, limits[k]) for k, flight in enumerate(flights)]
    every = [
        replace(trajectory, id=f"{f}/{o}", party=str(f))
        for f, mine in enumerate(options)
        for o, (_, trajectory) in enumerate(mine)
    ]
    clash = {
        (f, g): np.zeros((len(options[f]), len(options[g])), dtype=np.bool_)
        for f in range(len(flights))
        for g in range(f + 1, len(flights))
    }
    for c in detect_conflicts(Flights.from_trajectories(every), same_party=False):
        (f, o), (g, p) = sorted(tuple(map(int, name.split("/"))) for name in (c.a, c.b))
        clash[f, g][o, p] = True
    return Problem(
        cost=[np.array([cost for cost, _ in mine]) for mine in options],
        rank=np.zeros(len(flights), np.int16),
        party=np.array([ord(p) - ord("A") for p in flights.parties], np.int32),
        clash=clash,
        blocked=[np.zeros(len(mine), np.int64) for mine in options],
    )


@pytest.mark.parametrize("fairness", ["proportional", "max-min"])
def test_the_proven_plan_is_the_best_of_all_that_the_engine_allows(fairness):
    moved = unfair = 0
    for seed in range(30):
        flights = crossing(seed + 500, 2 + seed % 3, minutes=2.0, levels=(34e3, 35e3))
        limits = [few(7 * seed + k, delay_most=360, delay_step=120) for k in range(len(flights))]
        if seed % 5 == 0:
            limits[0] = Manoeuvres(delay_most=0, level_steps=(), offsets=())
        problem = problem_by_engine(flights, limits)
        assert max(map(len, problem.cost)) <= 16
        reference = least(all_values(problem, fairness))
        named = dict(zip(flights.ids, limits, strict=True))
        plan = resolve_conflicts(flights, manoeuvres=named, fairness=fairness)
        assert plan.optimal
        worth = plan.remainder.pairs, plan.cost, plan.fairness.unfairness
        assert worth == reference, (seed, worth, reference)
        moved += plan.cost > 0
        unfair += plan.fairness.unfairness > 0
    assert moved >= 10
    assert unfair >= 5
