"""What one new flight is offered: free, on the public grid, the cheapest first."""

from dataclasses import replace

import numpy as np
import pytest

from detente import Altitude, Circle, Flights, Volume
from detente.detect.detection import detect_conflicts
from detente.detect.index import Index
from detente.resolve.alternatives import find_alternatives
from detente.resolve.closed import Closed
from detente.resolve.manoeuvre import Manoeuvres, delayed, variants
from tests.resolve.crossings import MINUTE, START, crossing

LIMITS = Manoeuvres(delay_step=120, delay_most=1200, level_steps=(-1, 1), offsets=(9260.0, -9260.0))
COLUMNS = ("time", "lat", "lon", "alt")


def standing(flights) -> Index:
    index = Index(reference=flights.reference)
    index.extend(flights)
    return index


def asked(seed, standing_flights=14):
    """One flight, and those that stand."""
    flights = crossing(seed, standing_flights + 1, minutes=6.0, levels=(33e3, 34e3, 35e3))
    return flights[standing_flights], flights.take(range(standing_flights))


def shut() -> Volume:
    return Volume(
        "shut", Circle(50.5, 5.0, 40_000.0), Altitude(33_500.0), Altitude(34_500.0),
        start=START * MINUTE, end=(START + 50) * MINUTE,
    )  # fmt: skip


def said(alternatives):
    return [
        (a.cost, a.delay, a.variant.level, a.variant.offset, *map(tuple, columns(a)))
        for a in alternatives
    ]


def columns(alternative):
    return [getattr(alternative.trajectory, name).tolist() for name in COLUMNS]


@pytest.mark.parametrize("with_volume", [False, True])
def test_each_is_free_on_the_grid_and_the_cheapest_of_its_variant(with_volume):
    given = late = 0
    for seed in range(25):
        flight, stand = asked(seed)
        volumes = [shut()] if with_volume else []
        index = standing(stand)
        closed = Closed(volumes, index) if volumes else None
        found = find_alternatives(index, flight, manoeuvres=LIMITS, closed=closed, most=99)
        assert len(index) == len(stand)  # asking adds nothing
        grid = variants(flight, LIMITS)
        free = {}
        for v, variant in enumerate(grid):
            for wait in LIMITS.delays:
                own = delayed(variant.trajectory, wait)
                whole = Flights.from_trajectories([own])
                entered = len(detect_conflicts(whole, volumes=volumes)) if volumes else 0
                if not index.query(own) and not entered:
                    free[v] = (variant.cost + LIMITS.cost_of_delay(wait), wait, v)
                    break
        expected = sorted(free.values())
        assert [(a.cost, a.delay) for a in found] == [row[:2] for row in expected], seed
        for alternative, (_, wait, v) in zip(found, expected, strict=True):
            point = delayed(grid[v].trajectory, wait)
            for name in COLUMNS:
                own = getattr(alternative.trajectory, name)
                assert np.array_equal(own, getattr(point, name)), seed
            # and the engine agrees, over the whole set
            whole = Flights.from_trajectories([*stand, alternative.trajectory])
            met = detect_conflicts(whole, volumes=volumes)
            assert not any(flight.id in (c.a, c.b) for c in met), seed
        given += len(found)
        late += sum(a.delay > 0 for a in found)
        few = find_alternatives(index, flight, manoeuvres=LIMITS, closed=closed, most=2)
        assert said(few) == said(found)[:2]
    assert given >= 50
    assert late >= 10


def test_with_nothing_in_the_way_the_first_is_the_flight_as_filed():
    for seed in range(5):
        flight, _ = asked(seed)
        for index in (Index(), standing(Flights.from_trajectories([far(flight)]))):
            first, *rest = find_alternatives(index, flight, manoeuvres=LIMITS, most=99)
            assert (first.cost, first.delay, first.variant.level) == (0, 0, 0)
            assert first.trajectory is flight
            assert len(rest) == len(variants(flight, LIMITS)) - 1
            assert all(a.delay == 0 and a.cost > 0 for a in rest)


def far(flight):
    """The same flight, on another continent."""
    return replace(flight, id="far", lat=flight.lat - 60.0)


def test_what_no_option_meets_cannot_be_told_from_the_answer():
    for seed in range(10):
        flight, stand = asked(seed)
        before = find_alternatives(standing(stand), flight, manoeuvres=LIMITS, most=99)
        # as many again: elsewhere, far above, and long after
        unmet = []
        for k, other in enumerate(stand):
            away = (
                {"lat": other.lat - 20.0},
                {"alt": other.alt + 20_000.0},
                {"time": other.time + 600 * MINUTE},
            )[k % 3]
            unmet.append(replace(other, id=f"unmet {k}", party="secret", **away))
        index = standing(Flights.from_trajectories([*unmet, *stand]))
        grid = variants(flight, LIMITS)
        for variant in grid:
            for wait in LIMITS.delays:
                met = index.query(delayed(variant.trajectory, wait))
                assert not any(c.b.startswith("unmet") for c in met)
        after = find_alternatives(index, flight, manoeuvres=LIMITS, most=99)
        assert said(after) == said(before)
        # nor from the names, parties and order of those that are met
        renamed = [replace(o, id=f"x{k}", party="") for k, o in enumerate(reversed(list(stand)))]
        other = standing(Flights.from_trajectories(renamed))
        assert said(find_alternatives(other, flight, manoeuvres=LIMITS, most=99)) == said(before)


def test_nothing_is_offered_where_nothing_is_free():
    flight, _ = asked(0)
    index = standing(Flights.from_trajectories([replace(flight, id="same")]))
    stuck = Manoeuvres(delay_most=0, level_steps=(), offsets=())
    assert find_alternatives(index, flight, manoeuvres=stuck) == []
    assert find_alternatives(index, flight, manoeuvres=Manoeuvres.none()) == []


def test_flights_of_the_own_party_are_no_obstacle_where_that_is_asked():
    flight, _ = asked(0)
    index = standing(Flights.from_trajectories([replace(flight, id="own")]))
    (first, *_) = find_alternatives(index, flight, manoeuvres=LIMITS)
    assert first.cost > 0
    (first, *_) = find_alternatives(index, flight, manoeuvres=LIMITS, same_party=False)
    assert first.cost == 0


def test_a_flight_that_stands_itself_is_not_in_its_own_way():
    flight, stand = asked(3)
    index = standing(stand)
    before = find_alternatives(index, flight, manoeuvres=LIMITS)
    index.add(flight)
    assert said(find_alternatives(index, flight, manoeuvres=LIMITS)) == said(before)
