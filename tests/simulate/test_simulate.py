"""The synthetic day keeps its promises: levels, legs, peaks, and the same bytes each time."""

import datetime as dt
from dataclasses import fields

import airportsdata
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

import detente
from detente import InputError, Trajectory
from detente.earth import GEOD
from detente.simulate.aircraft import KINDS, Profile, true_airspeed
from detente.simulate.airport import european_airports
from detente.simulate.party import party_names

SECOND = 1_000_000_000
N = 6_000


@pytest.fixture(scope="module")
def day():
    return detente.simulate_flights(flights=N, seed=3)


@pytest.fixture(scope="module")
def legs(day):
    """Give per leg: its first row, metres and seconds."""
    rows = np.delete(np.arange(day.fixes), day.offsets[1:] - 1)
    _, _, metres = GEOD.inv(day.lon[rows], day.lat[rows], day.lon[rows + 1], day.lat[rows + 1])
    return rows, metres, (day.time[rows + 1] - day.time[rows]) / SECOND


def ends(day):
    return day.offsets[:-1], day.offsets[1:] - 1


def test_the_same_seed_gives_the_same_bytes(day):
    again = detente.simulate_flights(flights=N, seed=3)
    for field in fields(day):
        a, b = getattr(day, field.name), getattr(again, field.name)
        equal = a.tobytes() == b.tobytes() if isinstance(a, np.ndarray) else a == b
        assert equal, field.name


def test_another_seed_gives_another_day(day):
    assert not np.array_equal(detente.simulate_flights(flights=N, seed=4).offsets, day.offsets)


def test_every_flight_is_a_valid_trajectory(day):
    assert len(day) == len(set(day.ids)) == N
    assert day.ids[0] == "SIM00001"
    assert sum(isinstance(flight, Trajectory) for flight in day) == N  # each checks itself
    starts, _ = ends(day)
    assert (np.diff(day.time[starts]) >= 0).all()
    assert not day.gap.any()
    assert np.isnan(day.protection_h).all()


def test_legs_are_short_and_about_fifty(day, legs):
    _, metres, seconds = legs
    assert metres.max() <= 22_000.0
    assert seconds.max() <= 90.0
    assert len(metres) / N == pytest.approx(50.0, abs=2.0)


def test_speeds_are_those_of_aircraft(legs):
    _, metres, seconds = legs
    long = seconds > 1.0
    speed = metres[long] / seconds[long]
    assert speed.min() > 60.0
    assert speed.max() < 270.0


def test_cruise_is_on_exact_levels_by_the_semicircular_rule(day, legs):
    rows, _, _ = legs
    starts, stops = ends(day)
    top = np.maximum.reduceat(day.alt, starts)
    assert (top % 1000.0 == 0.0).all()
    course, _, _ = GEOD.inv(day.lon[starts], day.lat[starts], day.lon[stops], day.lat[stops])
    odd = (top / 1000.0) % 2 == 1
    assert np.array_equal(odd, course % 360.0 < 180.0)
    flight = np.searchsorted(day.offsets, rows, side="right") - 1
    level = (day.alt[rows] == top[flight]) & (day.alt[rows + 1] == top[flight])
    assert np.array_equal(np.unique(flight[level]), np.arange(N))


def test_flights_go_up_then_level_then_down_and_end_on_airports(day):
    airports = european_airports()
    fields_at = set(
        zip(np.round(airports.lat, 5), np.round(airports.lon, 5), airports.elevation, strict=True)
    )
    for flight in day:
        slope = np.sign(np.diff(flight.alt))
        assert (np.diff(slope) <= 0).all()
        assert (slope[0], slope[-1]) == (1, -1)
        for end in (0, -1):
            place = round(flight.lat[end], 5), round(flight.lon[end], 5), flight.alt[end]
            assert place in fields_at


def test_longer_flights_go_higher(day):
    starts, stops = ends(day)
    top = np.maximum.reduceat(day.alt, starts)
    _, _, metres = GEOD.inv(day.lon[starts], day.lat[starts], day.lon[stops], day.lat[stops])
    assert top[metres < 250e3].mean() < 20_000.0
    assert top[metres > 1500e3].mean() > 34_000.0


def test_two_peaks_and_a_quiet_night(day):
    starts, _ = ends(day)
    hour = (day.time[starts] // SECOND // 3600) % 24
    counts = np.bincount(hour, minlength=24)
    assert counts[0:2].sum() < 0.002 * N
    morning, noon, evening = counts[6:8].mean(), counts[10:12].mean(), counts[16:18].mean()
    assert morning > 1.5 * noon
    assert evening > 1.5 * noon


def test_sizes_and_parties_are_skewed(day):
    starts, _ = ends(day)
    busy = airportsdata.load("ICAO")["EHAM"]
    at_busy = np.isclose(day.lat[starts], busy["lat"]) & np.isclose(day.lon[starts], busy["lon"])
    airports = european_airports()
    share = airports.size[airports.icao.index("EHAM")] / airports.size.sum()
    assert at_busy.mean() == pytest.approx(share, rel=0.2)

    names, sizes = np.unique(day.parties, return_counts=True)
    assert len(names) == 60
    assert sizes.max() > 10 * np.median(sizes)


def test_days_spread_the_flights(day):
    week = detente.simulate_flights(flights=2000, seed=1, days=7, date=dt.date(2026, 7, 1))
    starts, _ = ends(week)
    july = dt.datetime(2026, 7, 1, tzinfo=dt.UTC).timestamp()
    counts = np.bincount(((week.time[starts] / SECOND - july) // 86_400).astype(int))
    assert len(counts) == 7
    assert counts.min() > 200


def test_one_flight_of_one_party():
    flights = detente.simulate_flights(flights=1, seed=0, parties=1)
    assert (len(flights), flights.parties) == (1, ["Velmora Air"])


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"flights": 0}, "flights"),
        ({"days": 0}, "days"),
        ({"parties": 0}, "parties"),
        ({"seed": -1}, "seed"),
        ({"date": "1 June"}, "date"),
    ],
)
def test_bad_arguments_are_named(arguments, field):
    with pytest.raises(InputError) as caught:
        detente.simulate_flights(**arguments)
    assert caught.value.field == field
    assert caught.value.mend


def test_party_names_do_not_repeat():
    assert len(set(party_names(1000))) == 1000


def test_true_airspeed_meets_mach_at_the_crossover_altitude():
    # the altitude where 290 kt CAS is Mach 0.78, from the impact pressures alone
    cas, mach = 290 * 1852 / 3600, 0.78
    ratio = ((1 + 0.2 * (cas / 340.294) ** 2) ** 3.5 - 1) / ((1 + 0.2 * mach**2) ** 3.5 - 1)
    temperature = 288.15 * ratio ** (1 / 5.25588)
    feet = (288.15 - temperature) / 0.0065 / 0.3048
    sound = 340.294 * np.sqrt(temperature / 288.15)
    assert true_airspeed(np.array([cas]), np.array([feet]))[0] == pytest.approx(
        mach * sound, rel=1e-4
    )


def test_every_kind_has_rates_and_speeds_in_every_band():
    profile = Profile.of(KINDS)
    for table in (profile.speed, profile.climb, profile.descent):
        assert table.shape[0] == len(KINDS)
        assert (table > 0.0).all()
    assert (np.diff(profile.least_distance(), axis=1) > 0.0).all()


def test_routes_stay_near_the_geodesic(day):
    """By geographiclib: no fix is farther from its airports than the detour allows."""
    starts, stops = ends(day)
    for i in range(0, N, 500):
        a, b = starts[i], stops[i]
        direct = Geodesic.WGS84.Inverse(day.lat[a], day.lon[a], day.lat[b], day.lon[b])["s12"]
        for row in range(a, b, 7):
            here = day.lat[row], day.lon[row]
            to_a = Geodesic.WGS84.Inverse(*here, day.lat[a], day.lon[a])["s12"]
            to_b = Geodesic.WGS84.Inverse(*here, day.lat[b], day.lon[b])["s12"]
            assert to_a + to_b <= 1.02 * direct
