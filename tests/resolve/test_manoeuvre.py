"""What a flight may do: limits are kept, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente import InputError
from detente.earth import GEOD
from detente.resolve.manoeuvre import Manoeuvres, delayed, variants
from detente.resolve.variant import RATE, Cruise, direction, keeps_direction, stepped

from .routes import SECOND, START, airliner, at, flown, metres_apart, routes, speeds

ALL = Manoeuvres(speeds=(0.95, 1.05), combined=True)
MINUTE = 60 * SECOND


def same(one, two):
    return all(
        np.array_equal(getattr(one, name), getattr(two, name))
        for name in ("time", "lat", "lon", "alt", "gap")
    )


@given(routes())
def test_a_fixed_flight_is_only_as_filed(flight):
    (only,) = variants(flight, Manoeuvres.none())
    assert only.trajectory is flight
    assert (only.cost, Manoeuvres.none().delays) == (0, (0,))


@settings(max_examples=30, deadline=None)
@given(routes(), st.booleans())
def test_variants_are_whole_flights_within_limits(flight, combined):
    limits = Manoeuvres(speeds=(0.95, 1.05), combined=combined, floor=8_000.0, ceiling=39_000.0)
    found = variants(flight, limits)
    assert found[0].trajectory is flight
    assert found[0].cost == 0
    assert [v.cost for v in found] == sorted(v.cost for v in found)
    keys = [(v.level, v.offset, v.speed) for v in found]
    assert len(set(keys)) == len(keys)
    assert keys == [(v.level, v.offset, v.speed) for v in variants(flight, limits)]
    for v in found[1:]:
        t = v.trajectory
        assert isinstance(v.cost, int)
        assert v.cost > 0
        assert v.level in (0, *limits.level_steps)
        assert v.offset in (0.0, *limits.offsets)
        assert v.speed in (1.0, *limits.speeds)
        assert combined or (v.level != 0) + (v.offset != 0) + (v.speed != 1) == 1
        assert (np.diff(t.time) > 0).all()
        assert (t.id, t.party, t.priority, t.protection) == (
            flight.id, flight.party, flight.priority, flight.protection,
        )  # fmt: skip
        assert t.time[0] == flight.time[0]
        if v.level < 0:
            assert t.alt.max() <= flight.alt.max()
            assert t.alt.min() >= min(flight.alt.min(), 8_000.0)
        if v.level > 0:
            assert t.alt.max() <= 39_000.0


@settings(max_examples=30, deadline=None)
@given(routes(), st.sampled_from([-2, -1, 1, 2]))
def test_levels_are_exact_feet_on_the_same_path(flight, level):
    found = [v for v in variants(flight, Manoeuvres(offsets=())) if v.level == level]
    assume(found)
    moved = found[0].trajectory
    filed = stepped(flight)
    assert (moved.time == filed.time).all()
    assert (moved.lat == filed.lat).all()
    difference = moved.alt - filed.alt
    assert found[0].feet == level * 1000.0
    assert np.abs(difference).max() == pytest.approx(abs(level) * 1000.0)
    assert (np.sign(difference) * np.sign(level) >= 0).all()
    # somewhere in cruise a whole leg is on the new level
    whole = moved.alt == filed.alt + level * 1000.0
    assert (whole[1:] & whole[:-1]).any()
    # no leg is steeper than filed by more than the rate
    minutes = np.diff(filed.time) / MINUTE
    steeper = np.abs(np.diff(moved.alt)) - np.abs(np.diff(filed.alt))
    assert (steeper <= RATE * minutes + 1e-6).all()


def test_a_lower_cruise_is_on_the_same_climb_and_descent():
    flight = airliner()
    (lower,) = variants(flight, Manoeuvres(level_steps=(-2,), offsets=()))[1:]
    instants = np.arange(flight.time[0], flight.time[-1], MINUTE)
    filed, moved = at(flight, instants)[2], at(lower.trajectory, instants)[2]
    assert lower.feet == -2000.0
    # a fix stands every two minutes, between which the climb is 3,500 ft
    assert np.abs(moved - np.minimum(filed, 33_000.0)).max() < 1_800.0
    assert (moved[25:75] == 33_000.0).all()
    assert moved[15] == pytest.approx(filed[15])


def test_a_higher_cruise_begins_and_ends_where_the_filed_one_does():
    flight = airliner()
    (higher,) = variants(flight, Manoeuvres(level_steps=(2,), offsets=()))[1:]
    instants = np.arange(flight.time[0], flight.time[-1], MINUTE)
    filed, moved = at(flight, instants)[2], at(higher.trajectory, instants)[2]
    assert (moved[:21] == filed[:21]).all()
    assert (moved[80:] == filed[80:]).all()
    assert (moved[22:79] == 37_000.0).all()


def test_levels_keep_above_the_floor_and_below_the_ceiling():
    def levels(**limits):
        return sorted(v.level for v in variants(airliner(), Manoeuvres(offsets=(), **limits)))

    assert levels() == [-2, -1, 0, 1, 2]
    assert levels(floor=34_000.0) == [-1, 0, 1, 2]
    assert levels(ceiling=36_000.0) == [-2, -1, 0, 1]


@pytest.mark.parametrize(
    ("level", "feet", "kept"),
    [
        (35e3, 1e3, False), (35e3, -2e3, True), (35_020.0, 2e3, True), (39e3, 2e3, True),
        (41e3, 2e3, False), (41e3, 4e3, True), (40e3, 3e3, True), (40e3, 2e3, False),
        (43e3, -3e3, True), (45e3, -2e3, False), (8_500.0, 2e3, True), (8_500.0, 1e3, False),
    ],
)  # fmt: skip
def test_the_semicircular_rule(level, feet, kept):
    assert keeps_direction(level, feet) is kept


@settings(max_examples=30, deadline=None)
@given(routes())
def test_semicircular_levels_stay_of_their_direction(flight):
    cruise = Cruise.of(flight)
    assume(cruise is not None)
    for v in variants(flight, Manoeuvres(semicircular=True, offsets=(), ceiling=49_000.0)):
        assert direction(cruise.levels[1] + v.feet) == direction(cruise.levels[1])


@settings(max_examples=30, deadline=None)
@given(routes(), st.sampled_from([-18_520.0, -9_260.0, 3_000.0, 18_520.0]))
def test_an_offset_leaves_the_route_and_rejoins_it(flight, offset):
    found = variants(flight, Manoeuvres(level_steps=(), offsets=(offset,)))[1:]
    assume(found)
    cruise = Cruise.of(flight)
    path = cruise.beside(offset)
    filed, beside, fixes = cruise.flight, found[0].trajectory, path.fixes
    begin, end = cruise.begin, int(np.flatnonzero(fixes == cruise.end)[0])
    assert fixes[: begin + 1].tolist() == list(range(begin + 1))
    assert (beside.alt == filed.alt[fixes]).all()
    on_route = filed.lat[fixes], filed.lon[fixes]
    aside = np.asarray(metres_apart(on_route, (beside.lat, beside.lon)))
    assert (aside[: begin + 1] == 0.0).all()
    assert (aside[end:] == 0.0).all()
    # at a turn a fix is further out, so that both legs keep their distance
    assert abs(offset) - 0.01 <= aside.max() <= 1.2 * abs(offset) + 0.01
    # the same ground speeds, and later fixes later by one time
    thinned = replace(filed, time=filed.time[fixes], lat=on_route[0], lon=on_route[1],
                      alt=beside.alt)  # fmt: skip
    assert speeds(beside) == pytest.approx(speeds(thinned), rel=1e-4)
    later = beside.time - thinned.time
    assert (later[: begin + 1] == 0).all()
    assert len(set(later[end:].tolist())) == 1
    assert path.extra >= 0.0


def test_a_recorded_flight_is_thinned_before_it_is_moved_aside():
    rng = np.random.default_rng(3)
    flight = airliner()
    dense = np.arange(flight.time[0], flight.time[-1], 5 * SECOND)
    lat, lon, alt = at(flight, dense)
    noise = rng.normal(scale=2e-4, size=(2, len(dense)))  # 20 m
    recorded = replace(flight, time=dense, lat=lat + noise[0], lon=lon + noise[1],
                       alt=np.round(alt / 25.0) * 25.0)  # fmt: skip
    found = variants(recorded, Manoeuvres())
    assert {(v.level, v.offset) for v in found} == {
        (v.level, v.offset) for v in variants(flight, Manoeuvres())
    }
    for v in found:
        if v.offset:
            assert v.cost == pytest.approx(
                next(w.cost for w in variants(flight, Manoeuvres()) if w.offset == v.offset), abs=25
            )
            cruise = speeds(v.trajectory)[v.trajectory.alt[1:] == 35_000.0]
            assert np.median(cruise) == pytest.approx(230.0, abs=1.0)
            assert cruise.min() > 200.0
            assert cruise.max() < 260.0


def test_no_offset_on_the_inner_side_of_a_sharp_turn():
    legs = [35e3, *[(10 * k, 230, 20, 35e3) for k in range(19)]]
    around = flown([*legs[:1], (0, 230, 900, 35e3), *legs[1:], (180, 230, 900, 35e3)])
    offsets = {v.offset for v in variants(around, Manoeuvres(level_steps=()))}
    # the turn's radius is 26 km
    assert offsets == {-18520.0, -9260.0, 0.0, 9260.0}


def test_an_offset_is_parallel_on_its_side_and_costs_its_way():
    flight = airliner()
    right, left = variants(flight, Manoeuvres(level_steps=(), offsets=(9260.0, -9260.0)))[1:]
    right, left = sorted((right, left), key=lambda v: -v.offset)
    instants = flight.time[1] + np.arange(15, 25) * MINUTE
    route = at(flight, np.arange(flight.time[1], flight.time[3], 4 * SECOND))
    for v, turned in ((right, 90.0), (left, -90.0)):
        lat, lon, _ = at(v.trajectory, instants)
        far = [
            np.min(metres_apart(route, (np.full(len(route[0]), y), np.full(len(route[0]), x))))
            for y, x in zip(lat, lon, strict=True)
        ]
        # fixes on the route are up to 0.5 km off the nearest point
        assert far == pytest.approx([9260.0] * 10, rel=2e-3)
        here = at(flight, instants[:1])
        course = GEOD.inv(here[1], here[0], lon[:1], lat[:1])[0][0]
        side = (course - 60.0 - turned + 180.0) % 360.0 - 180.0
        assert abs(side) < 60.0
    # the turn is to the right: the way inside it is shorter
    assert left.cost > right.cost
    # away and back on two legs of 27.6 km: 2 x (hypot(27.6, 9.26) - 27.6) = 3.02 km
    between = 0.5 * (left.cost + right.cost)
    assert between == pytest.approx(20 + 10 * 3.02, abs=1.5)


def test_an_offset_is_reached_at_30_degrees_where_fixes_allow_it():
    # on the equator, where a course of 090 is a geodesic
    legs = [(90, 150, 1200, 35e3), *[(90, 230, 5, 35e3)] * 400, (90, 140, 1200, 0.0)]
    flight = flown([0.0, *legs], lat=0.0)
    (right,) = variants(flight, Manoeuvres(level_steps=(), offsets=(9260.0,)))[1:]
    # 2 x 9.26 km x (1 / sin 30 - 1 / tan 30) = 4.96 km, less corners that are cut at fixes
    assert right.cost == pytest.approx(20 + 10 * 4.96, abs=3.0)


def test_a_cruise_too_short_for_an_offset_has_none():
    legs = [0.0, (60, 150, 1200, 35e3), (60, 230, 120, 35e3), (75, 140, 1200, 0.0)]
    found = variants(flown(legs), Manoeuvres(level_steps=()))
    assert [v.offset for v in found] == [0.0]


@settings(max_examples=30, deadline=None)
@given(routes(), st.sampled_from([0.9, 0.97, 1.1]))
def test_a_speed_changes_cruise_only(flight, factor):
    found = variants(flight, Manoeuvres(level_steps=(), offsets=(), speeds=(factor,)))[1:]
    assume(found)
    faster, filed, cruise = found[0].trajectory, stepped(flight), Cruise.of(flight)
    expected = speeds(filed)
    expected[cruise.begin : cruise.end] *= factor
    assert speeds(faster) == pytest.approx(expected, rel=1e-6)
    assert (faster.lat == filed.lat).all()
    assert (faster.alt == filed.alt).all()


@settings(max_examples=30, deadline=None)
@given(routes(), st.floats(-0.1, 1.1))
def test_nothing_before_a_flight_is_airborne_changes(flight, part):
    span = int(flight.time[-1] - flight.time[0])
    now = int(flight.time[0]) + int(part * span)
    limits = Manoeuvres.airborne(now, combined=True)
    assert limits.delays == (0,)
    before = np.linspace(flight.time[0], now, 20).astype(np.int64)
    before = before[(before >= flight.time[0]) & (before <= flight.time[-1])]
    filed = at(flight, before) if len(before) else None
    for v in variants(flight, limits)[1:]:
        assert v.trajectory.time[0] == flight.time[0]
        assert v.trajectory.alt[0] == flight.alt[0]
        steep = np.abs(np.diff(v.trajectory.alt)) / (np.diff(v.trajectory.time) / MINUTE)
        filed_steep = np.abs(np.diff(flight.alt)) / (np.diff(flight.time) / MINUTE)
        assert steep.max() <= (filed_steep.max() + RATE) / 0.5 * 1.001
        if filed is not None:
            there = at(v.trajectory, before)
            assert np.max(metres_apart(there, filed)) < 0.01
            assert there[2] == pytest.approx(filed[2], abs=1e-3)


def test_an_airborne_flight_leaves_its_level_from_where_it_is():
    flight = airliner()
    now = int(flight.time[1]) + 10 * MINUTE
    limits = Manoeuvres.airborne(now, level_steps=(-2,), offsets=(), speeds=())
    (lower,) = variants(flight, limits)[1:]
    feet = at(lower.trajectory, now + np.arange(-3, 8) * MINUTE)[2]
    assert (feet[:4] == 35_000.0).all()
    assert feet[-4:].tolist() == [33_000.0] * 4
    assert (np.diff(feet) <= 0.0).all()
    assert (np.diff(feet) >= -RATE).all()


def test_a_flight_past_its_cruise_can_do_nothing():
    flight = airliner()
    late = int(flight.time[3]) + MINUTE
    assert len(variants(flight, Manoeuvres.airborne(late))) == 1


def test_variants_of_one_path_share_its_arrays():
    flight = stepped(airliner())
    found = variants(flight, ALL)
    for offset in (0.0, 9260.0):
        paths = {id(v.trajectory.lat) for v in found if v.offset == offset and v.speed == 1.0}
        assert len(paths) == 1
    assert len(found) == 25 + 2


def test_gaps_stay_gaps():
    flight = airliner(gap=np.array([False, True, False, False, False]))
    for v in variants(flight, ALL):
        t = v.trajectory
        assert t.gap.sum() == 1
        i = int(np.flatnonzero(t.gap)[0])
        assert (t.time[i + 1] - t.time[i]) / MINUTE == pytest.approx(30.0, abs=4.0)


def test_a_balloon_that_stands_still_may_change_its_level():
    hovering = flown([20e3, (0, 0, 600, 20e3), (0, 0, 600, 20e3)])
    assert {v.level for v in variants(hovering, ALL)} == {-2, -1, 0, 1, 2}


def test_a_delay_moves_all_times():
    flight = airliner()
    later = delayed(flight, 120)
    assert (later.time - flight.time == 120 * SECOND).all()
    assert same(delayed(later, -120), flight)
    assert delayed(flight, 0) is flight


def test_delays_and_their_costs():
    limits = Manoeuvres(delay_step=30, delay_most=90, delay_cost=15)
    assert limits.delays == (0, 30, 60, 90)
    assert [limits.cost_of_delay(d) for d in limits.delays] == [0, 8, 15, 23]


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"delay_step": 0}, "delay_step"),
        ({"delay_step": 7}, "delay_most"),
        ({"delay_most": -60}, "delay_most"),
        ({"delay_most": 90_000}, "delay_most"),
        ({"delay_cost": -1}, "delay_cost"),
        ({"offset_cost": 1.5}, "offset_cost"),
        ({"level_steps": (0,)}, "level_steps"),
        ({"level_steps": (1, 1)}, "level_steps"),
        ({"level_gap": 0.0}, "level_gap"),
        ({"offsets": (0.0,)}, "offsets"),
        ({"offsets": (float("nan"),)}, "offsets"),
        ({"offsets": (200_000.0,)}, "offsets"),
        ({"speeds": (0.8,)}, "speeds"),
        ({"speeds": (1.0,)}, "speeds"),
        ({"floor": 41_000.0}, "floor"),
        ({"airborne_at": START}, "delay_most"),
        ({"fixed": True}, "level_steps"),
        ({"fixed": True, "level_steps": (), "offsets": ()}, "delay_most"),
    ],
)
def test_limits_that_contradict_are_refused_by_name(limits, field):
    with pytest.raises(InputError) as caught:
        Manoeuvres(**limits)
    assert caught.value.field == field
    assert caught.value.mend
