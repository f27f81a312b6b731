"""Fewer fixes for a picture: those that the others already tell are left out.

A fix is left out where the straight motion between its neighbours passes it at its time within
a tolerance, in place and in level. What that costs is measured afterwards, on every fix, and
stands on the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Flights
from detente.earth import MEAN_RADIUS

__all__ = ["Thinned", "thin"]

_TOLERANCES = ((25.0, 25.0), (100.0, 50.0), (400.0, 100.0), (1600.0, 200.0))
"""Metres and feet, tried in turn until few enough fixes remain."""
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Thinned:
    """What was kept of a set of flights.

    Parameters
    ----------
    flights : those kept, with the fixes kept.
    kept : (n,) int64, the place that each had in the whole set.
    fixes_left_out, flights_left_out : how many are not on the page; fixes counts those of
        kept flights only.
    metres, feet : the furthest that a fix left out lies from the motion drawn.
    """

    flights: Flights
    kept: NDArray[np.int64]
    fixes_left_out: int = 0
    flights_left_out: int = 0
    metres: float = 0.0
    feet: float = 0.0


def _units(flights: Flights) -> NDArray[np.float64]:
    phi, lam = np.radians(flights.lat), np.radians(flights.lon)
    cos = np.cos(phi)
    return np.stack([cos * np.cos(lam), cos * np.sin(lam), np.sin(phi)], axis=1)


def _deviation(
    flights: Flights,
    units: NDArray[np.float64],
    before: NDArray[np.int64],
    at: NDArray[np.int64],
    after: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres and feet from fix ``at`` to the motion from ``before`` to ``after`` at its time."""
    time = flights.time
    share = (time[at] - time[before]) / (time[after] - time[before])
    there = units[before] + (units[after] - units[before]) * share[:, None]
    there /= np.linalg.norm(there, axis=1, keepdims=True)
    level = flights.alt[before] + (flights.alt[after] - flights.alt[before]) * share
    return (
        np.linalg.norm(units[at] - there, axis=1) * MEAN_RADIUS,
        np.abs(flights.alt[at] - level),
    )


def _select(
    flights: Flights,
    units: NDArray[np.float64],
    flight: NDArray[np.int64],
    fixed: NDArray[np.bool_],
    tolerance: tuple[float, float],
) -> NDArray[np.int64]:
    rows = np.arange(flights.fixes, dtype=np.int64)
    for turn in range(_ROUNDS):
        # Every second fix, so that two neighbours never leave in the same round.
        at = np.arange(1 + turn % 2, len(rows) - 1, 2)
        before, here, after = rows[at - 1], rows[at], rows[at + 1]
        free = ~fixed[here] & (flight[before] == flight[here]) & (flight[after] == flight[here])
        at, before, here, after = at[free], before[free], here[free], after[free]
        metres, feet = _deviation(flights, units, before, here, after)
        leave = at[(metres <= tolerance[0]) & (feet <= tolerance[1])]
        if not len(leave):
            break
        rows = np.delete(rows, leave)
    return rows


def _cost(
    flights: Flights, units: NDArray[np.float64], rows: NDArray[np.int64]
) -> tuple[float, float]:
    out = np.ones(flights.fixes, dtype=np.bool_)
    out[rows] = False
    at = np.flatnonzero(out)
    if not len(at):
        return 0.0, 0.0
    next_kept = np.searchsorted(rows, at)
    metres, feet = _deviation(flights, units, rows[next_kept - 1], at, rows[next_kept])
    return float(metres.max()), float(feet.max())


def thin(
    flights: Flights,
    most: int,
    *,
    whole: Iterable[tuple[int, int, int]] = (),
    needed: Iterable[int] = (),
) -> Thinned:
    """Bring a set of flights to about ``most`` fixes, if it has more.

    Parameters
    ----------
    flights : all of them.
    most : how many fixes are wanted. Fixes go first; if too many remain at the widest
        tolerance (1,600 m, 200 ft), every so many-th of the flights not ``needed`` is kept.
    whole : (flight, from, to), the time in which a flight keeps every fix.
    needed : flights that are never left out.
    """
    if flights.fixes <= most:
        return Thinned(flights, np.arange(len(flights), dtype=np.int64))
    sizes = np.diff(flights.offsets)
    flight = np.repeat(np.arange(len(flights), dtype=np.int64), sizes)
    fixed = flights.gap.copy()
    fixed[1:] |= flights.gap[:-1]
    for i, start, end in whole:
        lo, hi = int(flights.offsets[i]), int(flights.offsets[i + 1])
        first, last = np.searchsorted(flights.time[lo:hi], [start, end])
        fixed[lo + max(first - 1, 0) : lo + last + 1] = True
    units = _units(flights)
    rows = np.arange(flights.fixes, dtype=np.int64)
    for tolerance in _TOLERANCES:
        rows = _select(flights, units, flight, fixed, tolerance)
        if len(rows) <= most:
            break
    metres, feet = _cost(flights, units, rows)
    kept = flights.keep(rows)
    if len(rows) <= most:
        everyone = np.arange(len(flights), dtype=np.int64)
        return Thinned(kept, everyone, flights.fixes - len(rows), 0, metres, feet)
    keep = np.zeros(len(flights), dtype=np.bool_)
    keep[list(needed)] = True
    left = np.diff(kept.offsets)
    room = max(most - int(left[keep].sum()), 0)
    others = np.flatnonzero(~keep)
    every = int(np.ceil(left[others].sum() / max(room, 1)))
    keep[others[:: max(every, 1)]] = True
    chosen = kept.take(np.flatnonzero(keep))
    return Thinned(
        chosen,
        np.flatnonzero(keep),
        int(sizes[keep].sum()) - chosen.fixes,
        len(flights) - len(chosen),
        metres,
        feet,
    )
