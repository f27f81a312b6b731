"""What must hold for any flights: symmetry, invariance, order, and the same bytes always."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import Flights, Separation, Trajectory, detect_conflicts
from tests.detect.intervals import Intervals, intervals, ipc, within
from tests.detect.strategies import SECOND, WGS84, flight_sets, separations

EXAMPLES = settings(max_examples=100, deadline=None)
CLOSE = 0.1
"""Metres, and thousandths of a foot, by which invariances on the ellipsoid may err."""
MICROSECOND = 1_000


def changed(minima: Separation, metres: float) -> Separation:
    return Separation(minima.horizontal + metres, minima.vertical + metres / 1000.0)


def own_changed(flights: Flights, metres: float) -> Flights:
    return replace(
        flights,
        protection_h=flights.protection_h + metres,
        protection_v=flights.protection_v + metres / 1000.0,
    )


def same_but_for(other: Flights, flights: Flights, minima: Separation, metres: float) -> bool:
    """Tell whether ``other``'s conflicts lie between those of slightly smaller and larger minima.

    So the tolerance is one of distance, and holds where entry and exit are ill-conditioned.
    """
    found = intervals(detect_conflicts(other, separation=minima))
    slack = MICROSECOND * 1000

    def at(by: float) -> Intervals:
        return intervals(detect_conflicts(own_changed(flights, by), separation=changed(minima, by)))

    return within(found, at(metres), slack) and within(at(-metres), found, slack)


def test_the_sets_meet():
    """The sets that hypothesis draws do conflict, or nothing here would be tested."""
    seen = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(flight_sets(), separations)
    def look(flights, minima):
        seen.append(len(detect_conflicts(flights, separation=minima)))

    look()
    assert sum(n > 0 for n in seen) > 20


@EXAMPLES
@given(flight_sets(), separations)
def test_order_of_the_flights_does_not_matter(flights, minima):
    there = list(detect_conflicts(flights, separation=minima))
    backwards = flights.take(range(len(flights) - 1, -1, -1))
    back = sorted(
        (replace(c, a=c.b, b=c.a, party_a=c.party_b, party_b=c.party_a)
         for c in detect_conflicts(backwards, separation=minima)),
        key=lambda c: (c.a, c.b, c.entry),
    )  # fmt: skip
    there.sort(key=lambda c: (c.a, c.b, c.entry))
    assert [(c.a, c.b, c.party_a, c.party_b) for c in there] == [
        (c.a, c.b, c.party_a, c.party_b) for c in back
    ]
    for one, other in zip(there, back, strict=True):
        assert abs(one.entry - other.entry) <= MICROSECOND
        assert abs(one.exit - other.exit) <= MICROSECOND
        assert one.horizontal_m == pytest.approx(other.horizontal_m, abs=1e-3)
        assert one.severity == pytest.approx(other.severity, abs=1e-6)


@EXAMPLES
@given(flight_sets(), separations, st.integers(-(10**9), 10**9))
def test_moving_all_by_whole_seconds_moves_the_conflicts_and_nothing_else(flights, minima, by):
    nanoseconds = by * SECOND
    there = detect_conflicts(flights, separation=minima).table
    moved = detect_conflicts(
        replace(flights, time=flights.time + nanoseconds), separation=minima
    ).table
    for name in there.column_names:
        one, other = there[name], moved[name]
        if pa.types.is_timestamp(one.type):
            one, other = one.cast(pa.int64()), other.cast(pa.int64())
            assert [t + nanoseconds for t in one.to_pylist()] == other.to_pylist()
        else:
            assert one.equals(other), name


@EXAMPLES
@given(flight_sets(), separations, st.integers(-(10**18), 10**18))
def test_moving_all_by_nanoseconds_moves_the_conflicts(flights, minima, by):
    there = list(detect_conflicts(flights, separation=minima))
    moved = list(detect_conflicts(replace(flights, time=flights.time + by), separation=minima))
    assert [(c.a, c.b) for c in there] == [(c.a, c.b) for c in moved]
    for one, other in zip(there, moved, strict=True):
        assert abs(one.entry + by - other.entry) <= MICROSECOND
        assert abs(one.exit + by - other.exit) <= MICROSECOND
        assert one.horizontal_m == pytest.approx(other.horizontal_m, abs=1e-6)
        assert one.severity == pytest.approx(other.severity, abs=1e-9)


@EXAMPLES
@given(flight_sets(), separations, st.floats(-360.0, 360.0))
def test_turning_the_earth_changes_nothing(flights, minima, degrees):
    lon = (flights.lon + degrees + 180.0) % 360.0 - 180.0
    assert same_but_for(replace(flights, lon=lon), flights, minima, CLOSE)


@EXAMPLES
@given(flight_sets(), separations, st.data())
def test_a_fix_halfway_along_a_leg_changes_nothing(flights, minima, data):
    rows = list(flights)
    which = data.draw(st.integers(0, len(rows) - 1))
    row = rows[which]
    leg = data.draw(st.integers(0, len(row.time) - 2))
    rows[which] = halved(row, leg)
    assert same_but_for(Flights.from_trajectories(rows), flights, minima, CLOSE)


def halved(row: Trajectory, i: int) -> Trajectory:
    """Put a fix in the middle of leg i, by geodesic, by time and by altitude."""
    line = WGS84.InverseLine(row.lat[i], row.lon[i], row.lat[i + 1], row.lon[i + 1])
    middle = line.Position(line.s13 / 2)
    return replace(
        row,
        time=np.insert(row.time, i + 1, (row.time[i] + row.time[i + 1]) // 2),
        lat=np.insert(row.lat, i + 1, middle["lat2"]),
        lon=np.insert(row.lon, i + 1, middle["lon2"]),
        alt=np.insert(row.alt, i + 1, (row.alt[i] + row.alt[i + 1]) / 2),
        gap=np.insert(row.gap, i + 1, row.gap[i]),
    )


@EXAMPLES
@given(flight_sets(), separations, st.floats(1.0, 3.0), st.floats(1.0, 3.0))
def test_larger_minima_hold_all_that_smaller_ones_found(flights, minima, wider, taller):
    larger = Separation(minima.horizontal * wider, minima.vertical * taller)
    few = detect_conflicts(flights, separation=minima)
    many = detect_conflicts(flights, separation=larger)
    assert few.pairs <= many.pairs
    assert within(intervals(few), intervals(many), MICROSECOND)


@EXAMPLES
@given(flight_sets(least=4, most=8), separations)
def test_any_number_of_threads_gives_the_same_bytes(flights, minima):
    one = ipc(detect_conflicts(flights, separation=minima, threads=1))
    assert all(
        ipc(detect_conflicts(flights, separation=minima, threads=n)) == one for n in (2, 3, 7)
    )


@EXAMPLES
@given(flight_sets(), separations)
def test_leaving_one_party_out_drops_its_own_pairs_and_no_others(flights, minima):
    everything = detect_conflicts(flights, separation=minima)
    others = detect_conflicts(flights, separation=minima, same_party=False)
    kept = [c for c in everything if c.party_a == "" or c.party_a != c.party_b]
    assert list(others) == kept


@EXAMPLES
@given(flight_sets(level=True, most=8), st.sampled_from([5_000.0, 20_000.0]))
def test_adjacent_levels_never_conflict(flights, horizontal):
    found = detect_conflicts(flights, separation=Separation(horizontal, 1000.0))
    level = {row.id: row.alt[0] for row in flights}
    assert all(level[c.a] == level[c.b] for c in found)


@EXAMPLES
@given(flight_sets(least=2, most=2), st.floats(-90.0, 90.0), st.integers(1, 9))
def test_climbing_together_a_level_apart_is_separation(flights, rate, start):
    first = flights[0]
    lower = 1000.0 * start + rate * (first.time - first.time[0]) / 1e9
    pair = [
        replace(first, alt=lower, protection=None),
        replace(first, id="above", alt=lower + 1000.0, protection=None),
    ]
    assert len(detect_conflicts(Flights.from_trajectories(pair))) == 0
    pair[1] = replace(pair[1], alt=lower + 999.9)
    flown = not first.gap[:-1].all()
    assert (len(detect_conflicts(Flights.from_trajectories(pair))) > 0) == flown


@EXAMPLES
@given(flight_sets(least=3, most=6), separations, st.integers(1, 2))
def test_one_set_against_another_is_the_part_that_crosses(flights, minima, cut):
    first, second = flights.take(range(cut)), flights.take(range(cut, len(flights)))
    crossing = intervals(detect_conflicts(first, against=second, separation=minima))
    names = set(first.ids)
    expected = intervals(
        c for c in detect_conflicts(flights, separation=minima) if (c.a in names) != (c.b in names)
    )
    assert within(crossing, expected, MICROSECOND)
    assert within(expected, crossing, MICROSECOND)
