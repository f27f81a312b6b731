"""A synthetic European day, flown: from demand to timed fixes."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Flights, Reference
from detente.errors import InputError
from detente.simulate.aircraft import BANDS, KINDS, Profile, bands_between
from detente.simulate.airport import Airports, european_airports
from detente.simulate.demand import Demand, draw_demand
from detente.simulate.party import draw_parties
from detente.simulate.route import Routes, draw_routes

__all__ = ["LONGEST_LEG", "simulate_flights"]

LONGEST_LEG = (21_900.0, 90.0)
"""Metres and seconds that no leg exceeds."""
BELOW_LEVEL = 0.75
"""The part of a route that climb and descent may take."""
CHUNK = 20_000
"""Flights worked on at a time, so that memory goes with the result and not with the work."""

_MICROSECOND = 1_000
_INSTANT = 2e-6


def simulate_flights(
    flights: int = 30_000,
    seed: int = 1,
    *,
    date: str | dt.date = "2026-06-01",
    days: int = 1,
    parties: int = 60,
) -> Flights:
    """Make a synthetic European day: the same arguments give the same flights.

    For trying things out and for measuring speed, with as many flights as wanted. Nobody
    separates these flights: they cruise on semicircular levels and that is all, so conflicts
    are many, above all near large airports.

    Parameters
    ----------
    flights : int
        How many.
    seed : int
        Of the random numbers, 0 or more.
    date : str or datetime.date
        The first day (UTC), YYYY-MM-DD.
    days : int
        Spread the flights over so many days: ten times the flights in ten days are as dense
        as before.
    parties : int
        How many parties fly; their sizes follow Zipf's law.

    Returns
    -------
    Flights
        In the order of departure, ``SIM00001`` first. About 50 legs a flight, none longer than
        22 km or 90 seconds. Altitudes are pressure altitudes, cruise is on exact flight
        levels, flights begin and end on the ground.

    Raises
    ------
    InputError
        A number below 1, a negative seed, or a date that is none.

    Examples
    --------
    >>> day = simulate_flights(flights=200, seed=7)
    >>> len(day), day.ids[0], day.reference.value
    (200, 'SIM00001', 'pressure')
    """
    for field, value, least in (
        ("flights", flights, 1),
        ("days", days, 1),
        ("parties", parties, 1),
        ("seed", seed, 0),
    ):
        if value < least:
            raise InputError(f"{value} is too small", field=field, mend=f"give {least} or more")
    midnight = _midnight(date)

    rng = np.random.default_rng(seed)
    airports = european_airports()
    profile = Profile.of(KINDS)
    demand = draw_demand(flights, airports, profile, days, rng)
    routes = draw_routes(airports, demand.origin, demand.destination, rng)
    feet = _levels(profile, demand, routes, rng) * np.float64(1000.0)
    # pilots, masses and winds differ
    pace = _about_one(0.015, flights, rng)
    steepness = _about_one(0.05, flights, rng)
    names = draw_parties(flights, parties, rng)

    chunks = []
    for lo in range(0, flights, CHUNK):
        rows = np.arange(lo, min(lo + CHUNK, flights))
        nodes = _nodes(airports, profile, demand, routes, rows, feet, pace, steepness)
        chunks.append(_fixes(*nodes, routes, rows, demand.departure[rows]))
    counts, time, lat, lon, alt = (np.concatenate(columns) for columns in zip(*chunks, strict=True))
    m = len(time)
    return Flights(
        ids=[f"SIM{i:05d}" for i in range(1, flights + 1)],
        parties=names,
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        time=time + midnight,
        lat=lat,
        lon=lon,
        alt=alt,
        reference=Reference.PRESSURE,
        priority=np.zeros(flights, dtype=np.int16),
        protection_h=np.full(m, np.nan),
        protection_v=np.full(m, np.nan),
        gap=np.zeros(m, dtype=np.bool_),
    )


def _midnight(date: str | dt.date) -> int:
    """Give the nanoseconds since 1970 of a day's beginning, UTC."""
    try:
        day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    except ValueError:
        raise InputError(
            f"{date!r} is no date", field="date", mend="write it as YYYY-MM-DD"
        ) from None
    return (day.toordinal() - dt.date(1970, 1, 1).toordinal()) * 86_400 * 1_000_000_000


def _about_one(deviation: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw factors around 1, none further off than three standard deviations."""
    factors: NDArray[np.float64] = 1.0 + deviation * np.clip(rng.normal(size=n), -3.0, 3.0)
    return factors


def _levels(
    profile: Profile, demand: Demand, routes: Routes, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Give cruise levels in thousands of feet.

    The level that the kind likes, or the highest from which the route is long enough to come
    down again; then by the semicircular rule odd to the east and even to the west (ICAO
    Annex 2, appendix 3; true courses here, and no national exceptions).
    """
    liked = np.rint(rng.normal(profile.cruise[demand.kind], 1.5)).astype(np.int64)
    reached = profile.least_distance()[demand.kind] <= BELOW_LEVEL * routes.length[:, None]
    level: NDArray[np.int64] = np.minimum(
        np.minimum(liked, profile.ceiling[demand.kind]), reached.sum(axis=1) - 1
    )
    level -= level % 2 != routes.eastbound
    return level


def _nodes(
    airports: Airports,
    profile: Profile,
    demand: Demand,
    routes: Routes,
    rows: NDArray[np.int64],
    feet: NDArray[np.float64],
    pace: NDArray[np.float64],
    steepness: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give metres, seconds and feet where speed, vertical rate or course change: (n, nodes).

    Between two of them motion is uniform. Bands that a flight does not cross have no length.
    """
    kind, level = demand.kind[rows], feet[rows]
    low = airports.elevation[demand.origin[rows]]
    end = airports.elevation[demand.destination[rows]]
    speed = profile.speed[kind] * pace[rows, None]
    up = bands_between(low, level) / (profile.climb[kind] * steepness[rows, None])
    down = bands_between(end, level) / (profile.descent[kind] * steepness[rows, None])
    down, slow = down[:, ::-1], speed[:, ::-1]
    cruise = routes.length[rows] - (up * speed).sum(axis=1) - (down * slow).sum(axis=1)
    level_speed = profile.cruise_speed(kind, level) * pace[rows]
    zero = np.zeros((len(rows), 1))
    seconds = np.hstack([zero, up, (cruise / level_speed)[:, None], down]).cumsum(axis=1)
    metres = np.hstack([zero, up * speed, cruise[:, None], down * slow]).cumsum(axis=1)
    climbing = np.clip(BANDS, low[:, None], level[:, None])
    altitude = np.hstack([climbing, np.clip(BANDS, end[:, None], level[:, None])[:, ::-1]])

    turn = routes.turn[rows]
    after = (metres <= turn[:, None]).sum(axis=1)
    i = np.arange(len(rows))
    a, b = after - 1, after
    part = (turn - metres[i, a]) / (metres[i, b] - metres[i, a])
    order = np.argsort(np.hstack([metres, turn[:, None]]), axis=1, kind="stable")

    def with_turn(values: NDArray[np.float64]) -> NDArray[np.float64]:
        there = values[i, a] + part * (values[i, b] - values[i, a])
        return np.take_along_axis(np.hstack([values, there[:, None]]), order, axis=1)

    return with_turn(metres), with_turn(seconds), with_turn(altitude)


def _fixes(
    metres: NDArray[np.float64],
    seconds: NDArray[np.float64],
    feet: NDArray[np.float64],
    routes: Routes,
    rows: NDArray[np.int64],
    departure: NDArray[np.float64],
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
]:
    """Divide each stretch into equal legs; give fixes per flight, time, lat, lon, alt."""
    n = len(rows)
    run, wait = np.diff(metres, axis=1), np.diff(seconds, axis=1)
    legs = np.ceil(np.maximum(run / LONGEST_LEG[0], wait / LONGEST_LEG[1])).astype(np.int64)
    legs[wait < _INSTANT] = 0
    counts = legs.sum(axis=1) + 1
    stretch = np.repeat(np.arange(legs.size), legs.ravel())
    nth = np.arange(len(stretch)) - np.repeat(np.cumsum(legs) - legs.ravel(), legs.ravel()) + 1
    part = nth / legs.ravel()[stretch]

    starts = np.cumsum(counts) - counts
    later = np.ones(counts.sum(), dtype=np.bool_)
    later[starts] = False

    def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
        begin, end = values[:, :-1].ravel()[stretch], values[:, 1:].ravel()[stretch]
        out = np.empty(len(later))
        out[starts] = values[:, 0]
        # the end itself where it is reached, so that levels are exact
        out[later] = np.where(part == 1.0, end, begin + part * (end - begin))
        return out

    flight = np.repeat(np.arange(n), counts)
    time = np.rint((departure[flight] + spread(seconds)) * 1e6).astype(np.int64) * _MICROSECOND
    lat, lon = routes.at(rows[flight], spread(metres))
    return counts, time, lat, lon, spread(feet)
