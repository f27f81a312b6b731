"""What holds of every plan, checked by the engine over the flights that it gives."""

from dataclasses import replace

import numpy as np
import pytest

from detente import Altitude, Circle, Constraint, Flights, InputError, Volume
from detente.detect.detection import detect_conflicts
from detente.resolve.manoeuvre import Manoeuvres
from detente.resolve.resolution import resolve_conflicts
from tests.resolve.crossings import MINUTE, START, crossing, few
from tests.resolve.routes import at, flown, metres_apart

COLUMNS = ("time", "lat", "lon", "alt", "protection_h", "protection_v", "gap")
WAYS = pytest.mark.parametrize("exact_up_to", [0, 12], ids=["search", "exact"])
WAIT = Manoeuvres(level_steps=(), offsets=())
STAY = Manoeuvres(delay_most=0, level_steps=(), offsets=())


def same_flight(one, other) -> bool:
    """Whether two trajectories are the same to the last bit."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("time", "lat", "lon", "alt", "gap")
    )


def what_is_left(plan, *, volumes=(), same_party=True):
    """The engine's own answer on the flights of a plan."""
    found = detect_conflicts(plan.flights, volumes=volumes, same_party=same_party)
    return [(c.kind, c.a, c.b, c.entry, c.exit) for c in found if c.kind != "volume-volume"]


def honest(plan, **asked) -> bool:
    """Whether a plan's remainder is what the engine finds, each row with a reason."""
    rows = [(c.kind, c.a, c.b, c.entry, c.exit) for c in plan.remainder]
    return rows == what_is_left(plan, **asked) and len(plan.unsolved) == len(rows)


def moves(plan, names=None):
    """What a plan changes, without parties: flight, level, offset, delay, cost."""
    back = names or {}
    return [
        (back.get(c.flight, c.flight), c.level, c.offset, c.delay, c.cost) for c in plan.changes
    ]


def pair(**more) -> Flights:
    """Two flights on one way at one time, of two parties."""
    level = [35e3, (90, 230, 1800, 35e3)]
    return Flights.from_trajectories(
        [flown(level, id="A", party="red"), flown(level, id="B", **{"party": "blue"} | more)]
    )


@WAYS
def test_no_conflict_is_left_or_it_is_reported(exact_up_to):
    solved = 0
    for seed in range(10):
        flights = crossing(
            seed, 5 + seed % 8, minutes=2.0, levels=(34e3, 35e3), classes=1 + seed % 3
        )
        plan = resolve_conflicts(flights, manoeuvres=few(seed), exact_up_to=exact_up_to)
        assert honest(plan), seed
        assert plan.before.pairs == detect_conflicts(flights).pairs
        assert plan.cost == sum(b.cost for b in plan.accounts) == sum(m[-1] for m in moves(plan))
        solved += plan.solved
    assert solved >= 5


@WAYS
def test_fixed_flights_are_the_same_to_the_last_bit_and_limits_hold(exact_up_to):
    changes = 0
    for seed in range(8):
        flights = crossing(seed, 9, minutes=3.0)
        limits = {
            id: Manoeuvres.none() if k % 3 == 0 else few(10 * seed + k)
            for k, id in enumerate(flights.ids)
        }
        plan = resolve_conflicts(flights, manoeuvres=limits, exact_up_to=exact_up_to)
        assert honest(plan), seed
        changed = {c.flight: c for c in plan.changes}
        for before, after in zip(flights, plan.flights, strict=True):
            if before.id not in changed:
                assert same_flight(before, after), (seed, before.id)
        for id, change in changed.items():
            own = limits[id]
            assert not own.fixed, (seed, id)
            assert change.delay % own.delay_step == 0
            assert 0 <= change.delay <= own.delay_most
            assert change.level in (0, *own.level_steps)
            assert change.feet == 1000.0 * change.level
            assert change.offset in (0.0, *own.offsets)
            assert change.level == 0 or change.offset == 0.0  # not combined
            assert change.speed == 1.0
            k = flights.ids.index(id)
            assert plan.flights[k].time[0] - flights[k].time[0] == change.delay * 1_000_000_000
            assert plan.flights[k].alt.max() - flights[k].alt.max() == change.feet
        changes += len(changed)
    assert changes >= 8


def test_another_option_never_makes_the_optimum_worse():
    better = 0
    for seed in range(6):
        flights = crossing(seed + 40, 6, minutes=1.0, levels=(34e3,))
        worth = []
        for more in (
            {"delay_most": 120, "level_steps": (), "offsets": ()},
            {"delay_most": 240, "level_steps": (), "offsets": ()},
            {"delay_most": 240, "level_steps": (-1,), "offsets": ()},
            {"delay_most": 240, "level_steps": (-1, 1), "offsets": (9260.0,)},
            {"delay_most": 240, "level_steps": (-1, 1), "offsets": (9260.0,), "combined": True},
        ):
            plan = resolve_conflicts(flights, manoeuvres=Manoeuvres(delay_step=60, **more))
            assert plan.optimal
            worth.append((plan.remainder.pairs, plan.cost))
        assert worth == sorted(worth, reverse=True), seed
        better += worth[0] > worth[-1]
    assert better >= 3


@WAYS
def test_other_names_change_nothing(exact_up_to):
    for seed in range(2):
        flights = crossing(seed, 10, minutes=2.0, levels=(34e3,))
        plan = resolve_conflicts(flights, manoeuvres=few(seed), exact_up_to=exact_up_to)
        names = [f"a flight {id}é" for id in flights.ids]
        renamed = replace(
            flights,
            ids=names,
            parties=[{"A": "m", "B": "nord", "C": "z"}[p] for p in flights.parties],
        )
        other = resolve_conflicts(renamed, manoeuvres=few(seed), exact_up_to=exact_up_to)
        assert moves(other, dict(zip(names, flights.ids, strict=True))) == moves(plan)
        assert (other.cost, other.remainder.pairs) == (plan.cost, plan.remainder.pairs)
        assert other.fairness == plan.fairness


def test_another_order_of_names_and_flights_leaves_the_optimum():
    for seed in range(6):
        flights = crossing(seed, 8, minutes=2.0, levels=(34e3,))
        rng = np.random.default_rng(seed)
        order = rng.permutation(8)
        mixed = replace(
            flights.take(order),
            ids=[f"G{k}" for k in rng.permutation(8)],
            parties=["CBA"["ABC".index(flights.parties[k])] for k in order],
        )
        one, other = (resolve_conflicts(f, manoeuvres=few(seed)) for f in (flights, mixed))
        assert one.optimal
        assert other.optimal
        assert (one.remainder.pairs, one.cost) == (other.remainder.pairs, other.cost)
        assert one.fairness.unfairness == other.fairness.unfairness


@WAYS
def test_the_same_seed_gives_the_same_plan_with_one_thread_and_two(exact_up_to):
    for seed in range(2):
        many, minutes = (12, 4.0) if exact_up_to else (40, 20.0)
        flights = crossing(seed, many, minutes=minutes, levels=(33e3, 34e3))
        assert detect_conflicts(flights).pairs >= 6
        limits = Manoeuvres(delay_most=900, level_steps=(-1, 1), offsets=(9260.0,))
        plans = [
            resolve_conflicts(
                flights, manoeuvres=limits, threads=threads, seed=seed, exact_up_to=exact_up_to
            )
            for threads in (1, 2)
        ]
        one, other = plans
        assert moves(one) == moves(other) != []
        for name in COLUMNS:
            first, second = getattr(one.flights, name), getattr(other.flights, name)
            assert np.array_equal(first, second, equal_nan=name != "gap")


@WAYS
def test_a_higher_class_never_pays_for_a_lower_one(exact_up_to):
    paid = 0
    for seed in range(5):
        flights = crossing(seed, 9, minutes=2.0, levels=(34e3, 35e3), classes=3)
        limits = Manoeuvres(delay_most=600, level_steps=(-1, 1), offsets=())
        whole = resolve_conflicts(flights, manoeuvres=limits, exact_up_to=exact_up_to)
        for lowest in (20, 10):
            above = flights.take(np.flatnonzero(flights.priority >= lowest))
            alone = resolve_conflicts(above, manoeuvres=limits, exact_up_to=exact_up_to)
            for priority, cost in alone.cost_by_priority.items():
                assert whole.cost_by_priority[priority] == cost, (seed, priority)
        paid += whole.cost_by_priority[0] > 0
    assert paid >= 3


@WAYS
def test_no_conflict_comes_before_precedence(exact_up_to):
    # pair() gives B priority 30; A, below it, has no way out, so B makes way
    limits = {"A": STAY, "B": WAIT}
    plan = resolve_conflicts(pair(priority=30), manoeuvres=limits, exact_up_to=exact_up_to)
    assert plan.solved
    assert [c.flight for c in plan.changes] == ["B"]


def test_however_dear_it_is_the_lower_class_gives_way():
    dear = Manoeuvres(delay_cost=10_000, level_steps=(), offsets=())
    cheap = Manoeuvres(delay_cost=1, level_steps=(), offsets=())
    plan = resolve_conflicts(pair(priority=30), manoeuvres={"A": dear, "B": cheap})
    assert plan.solved
    assert [c.flight for c in plan.changes] == ["A"]
    assert plan.cost_by_priority == {30: 0, 0: plan.cost}
    other = resolve_conflicts(pair(), manoeuvres={"A": dear, "B": cheap})
    assert [c.flight for c in other.changes] == ["B"]


def closed(**more) -> Volume:
    """A circle of 30 km over the way of most flights."""
    return Volume("shut", Circle(50.0, 5.0, 30_000.0), **more)


@WAYS
@pytest.mark.parametrize("limited", [{}, {"start": START * MINUTE, "end": (START + 45) * MINUTE}])
def test_constraints_are_avoided_or_reported(exact_up_to, limited):
    band = {"lower": Altitude(33_500.0), "upper": Altitude(34_500.0)}
    volumes = [closed(**band, **limited), Constraint("also", (closed(), closed()))]
    for seed in range(4):
        flights = crossing(seed, 6, minutes=4.0, levels=(33e3, 34e3))
        plan = resolve_conflicts(
            flights, volumes=volumes[:1], manoeuvres=few(seed), exact_up_to=exact_up_to
        )
        assert any(c.kind == "flight-volume" for c in plan.before)
        assert honest(plan, volumes=volumes[:1])
        shut = resolve_conflicts(
            flights, volumes=volumes, manoeuvres=few(seed, offsets=()), exact_up_to=exact_up_to
        )
        # nobody gets round the whole circle: all six are named, with a reason
        assert honest(shut, volumes=volumes)
        through = [c.a for c in shut.remainder if c.b == "also"]
        assert sorted(set(through)) == flights.ids


@WAYS
def test_a_volume_that_opens_again_is_waited_for_as_briefly_as_can_be(exact_up_to):
    flights = crossing(0, 1)
    for end in (30, 50, 60):
        volume = closed(start=START * MINUTE, end=(START + end) * MINUTE)
        plan = resolve_conflicts(
            flights, volumes=[volume], manoeuvres=WAIT, exact_up_to=exact_up_to
        )
        assert plan.solved
        waits = [bool(what_is_left_after(flights, 60 * k, volume)) for k in range(61)]
        assert plan.delay == 60 * waits.index(False)
    assert plan.delay > 0
    assert plan.changes[0].reasons[0].other == "shut"


def what_is_left_after(flights, wait, volume):
    late = replace(flights, time=flights.time + np.int64(wait) * 1_000_000_000)
    return len(detect_conflicts(late, volumes=[volume]))


@WAYS
def test_a_band_of_altitude_is_left_by_the_nearest_level(exact_up_to):
    flights = crossing(0, 1, levels=(34e3,))
    volume = closed(lower=Altitude(33_500.0), upper=Altitude(35_500.0))
    plan = resolve_conflicts(flights, volumes=[volume], exact_up_to=exact_up_to)
    assert plan.solved
    assert [(c.level, c.delay, c.offset) for c in plan.changes] == [(-1, 0, 0.0)]


def test_who_cannot_keep_out_is_named_with_the_reason():
    flights = crossing(0, 2, minutes=20.0)
    fixed = {"F00": Manoeuvres.none(), "F01": STAY}
    plan = resolve_conflicts(flights, volumes=[closed()], manoeuvres=fixed)
    why = {c.a: why for c, why in zip(plan.remainder, plan.unsolved, strict=True)}
    assert why["F00"] == "the flight is fixed"
    assert "keeps out of it" in why["F01"]


@WAYS
def test_flights_in_the_air_are_not_delayed_nor_changed_in_the_past(exact_up_to):
    now = (START + 30) * MINUTE
    moved = 0
    for seed in range(5):
        flights = crossing(seed, 7, minutes=3.0, levels=(34e3, 35e3))
        plan = resolve_conflicts(
            flights, manoeuvres=Manoeuvres.airborne(now), exact_up_to=exact_up_to
        )
        assert honest(plan)
        for before, after in zip(flights, plan.flights, strict=True):
            past = np.linspace(before.time[0], now, 40).astype(np.int64)
            was, is_now = at(before, past), at(after, past)
            assert metres_apart(was, is_now).max() < 0.5, (seed, before.id)
            assert np.abs(was[2] - is_now[2]).max() < 0.01, (seed, before.id)
        assert all(change.delay == 0 for change in plan.changes)
        moved += len(plan.changes)
    assert moved >= 5


@WAYS
def test_pairs_of_one_party_are_left_alone_where_that_is_asked(exact_up_to):
    own = resolve_conflicts(
        pair(party="red"), same_party=False, manoeuvres=WAIT, exact_up_to=exact_up_to
    )
    assert own.changes == ()
    assert own.solved
    assert what_is_left(own)
    for seed in range(3):
        flights = crossing(seed, 8, minutes=2.0, levels=(34e3,))
        ask = {"manoeuvres": Manoeuvres(), "exact_up_to": exact_up_to}
        plan = resolve_conflicts(flights, same_party=False, **ask)
        assert plan.solved
        assert honest(plan, same_party=False)
        every = resolve_conflicts(flights, **ask)
        assert what_is_left(every) == []
        if exact_up_to:
            assert plan.cost <= every.cost


@WAYS
def test_without_time_there_is_a_plan_that_says_what_is_left(exact_up_to):
    flights = crossing(2, 12, minutes=1.0, levels=(34e3,))
    plan = resolve_conflicts(flights, seconds=0.0, exact_up_to=exact_up_to)
    assert honest(plan)
    assert plan.remainder.pairs <= plan.before.pairs
    assert not plan.optimal
    assert resolve_conflicts(flights, exact_up_to=exact_up_to).solved


def test_a_limit_of_time_is_kept_whatever_is_solved_how():
    flights = crossing(2, 12, minutes=1.0, levels=(34e3,))
    plan = resolve_conflicts(flights, seconds=0.0)
    # nothing was looked for
    assert plan.changes == ()
    assert not plan.optimal
    assert plan.remainder.pairs == plan.before.pairs > 0


def test_two_fixed_flights_in_conflict_are_told():
    plan = resolve_conflicts(pair(), manoeuvres=Manoeuvres.none())
    assert [(c.a, c.b) for c in plan.remainder] == [("A", "B")]
    assert plan.unsolved == ("both flights are fixed",)
    assert plan.changes == ()
    one = resolve_conflicts(pair(), manoeuvres={"A": Manoeuvres.none(), "B": STAY})
    assert one.unsolved == ("one flight is fixed, and no free option of the other was found",)
    none = resolve_conflicts(pair(), manoeuvres=STAY)
    assert none.unsolved == ("no free option of either was found",)


def test_manoeuvres_for_a_flight_that_is_not_there_are_refused_by_name():
    with pytest.raises(InputError, match=r"flight 'Z9'.*not in the set"):
        resolve_conflicts(pair(), manoeuvres={"A": STAY, "Z9": STAY})


def test_progress_ends_with_what_the_plan_has():
    heard = []
    flights = crossing(1, 20, minutes=8.0, levels=(34e3,))
    plan = resolve_conflicts(flights, exact_up_to=0, progress=heard.append)
    assert plan.cost > 0
    assert (heard[-1].conflicts, heard[-1].cost) == (plan.remainder.pairs, plan.cost)
    assert [p.seconds for p in heard] == sorted(p.seconds for p in heard)
