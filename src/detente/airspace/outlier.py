"""Fixes that no aircraft flew: left out by rule, and counted rule by rule.

A recording holds altitudes of 123,100 ft, positions that jump and come back, and transponders
that say "38,000 ft" on a stand. One such fix can make a conflict, or hide one. The rules here
are limits of flight, not of likelihood, so that they never take a real manoeuvre away.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.airspace.flights import Flights
from detente.earth import MEAN_RADIUS
from detente.units import KNOT

__all__ = ["drop_outliers"]

_SECOND = 1_000_000_000

OUT_OF_RANGE = "fixes with an altitude out of range"
JUMP = "fixes that jump away and back"
STILL = "fixes of flights that stand still up high"
SHORT = "flights with fewer than 2 fixes left"
BROKEN = "legs too fast to be flown, now gaps"


def drop_outliers(
    flights: Flights,
    *,
    lowest: float = -2_000.0,
    highest: float = 60_000.0,
    fastest: float = 1_000.0,
    steepest: float = 20_000.0,
    held: float = 2.0,
    jump: float = 60.0,
    slowest: float = 20.0,
    slowest_above: float = 20_000.0,
    max_gap: float = 60.0,
) -> Flights:
    """Leave out what no aircraft flew, and say in ``dropped`` how much of what.

    1. An altitude outside ``lowest`` to ``highest`` takes its fix away.
    2. A leg faster than ``fastest`` or steeper than ``steepest`` cuts its flight in two runs.
       (Receivers repeat an old position until a new one comes, so the leg after it looks too
       fast: each leg is given ``held`` seconds more.) A run that lasts at most ``jump`` seconds
       and has fewer fixes than a neighbour is an outlier and goes; this is repeated until no
       run goes. A leg that is too fast between two longer runs becomes a gap: which side is
       wrong cannot be known, so neither is taken away.
    3. A flight that stays within ``slowest`` times its duration, all of it above
       ``slowest_above``, goes: it is a transponder on the ground with a wrong altitude. (Low
       and slow stays: helicopters and drones hover.)
    4. A flight left with fewer than two fixes goes.

    A leg across dropped fixes that lasts longer than ``max_gap`` becomes a gap; a leg that
    spans an older gap stays one.

    Parameters
    ----------
    flights : Flights
        Any set; it is not changed.
    lowest, highest : float
        Feet, in the set's own reference.
    fastest : float
        Knots over the ground, between two fixes. A set with supersonic flight needs more.
    steepest : float
        Feet a minute, up or down. Fighters climb faster.
    held, jump : float
        Seconds.
    slowest, slowest_above : float
        Knots, feet. A set with balloons needs ``slowest=0``.
    max_gap : float
        Seconds.

    See Also
    --------
    detente.read_flights : which sets ``dropped`` for what it cannot read.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Flights, Trajectory
    >>> track = Trajectory(
    ...     id="A",
    ...     time=np.arange(5, dtype=np.int64) * 10_000_000_000,
    ...     lat=np.array([47.00, 47.02, 47.04, 47.06, 47.08]),
    ...     lon=np.full(5, 8.0),
    ...     alt=np.array([35000.0, 35000.0, 123100.0, 35000.0, 35000.0]),
    ... )
    >>> clean = drop_outliers(Flights.from_trajectories([track]))
    >>> clean.fixes, dict(clean.dropped)
    (4, {'fixes with an altitude out of range': 1})
    """
    owner = np.repeat(np.arange(len(flights)), np.diff(flights.offsets))
    kept = (flights.alt >= lowest) & (flights.alt <= highest)
    counts = {OUT_OF_RANGE: int((~kept).sum())}

    rows = np.flatnonzero(kept)
    counts[JUMP] = 0
    while True:
        broken = _too_fast(flights, owner, rows, fastest=fastest, steepest=steepest, held=held)
        away = _short_runs(broken, owner[rows], flights.time[rows], jump)
        if not away.any():
            break
        counts[JUMP] += int(away.sum())
        rows = rows[~away]

    still = _still(flights, owner, rows, slowest, slowest_above)[owner[rows]]
    counts[STILL] = int(still.sum())
    rows, broken = rows[~still], broken[~still]

    sizes = np.bincount(owner[rows], minlength=len(flights))
    counts[SHORT] = int((sizes < 2).sum())
    long_enough = sizes[owner[rows]] >= 2
    rows, broken = rows[long_enough], broken[long_enough]
    counts[BROKEN] = int(broken.sum())
    gap = _gaps(flights, owner, rows, max_gap) | broken
    return _rebuild(flights, owner, rows, gap, counts)


def _too_fast(
    flights: Flights,
    owner: NDArray[np.int64],
    rows: NDArray[np.int64],
    *,
    fastest: float,
    steepest: float,
    held: float,
) -> NDArray[np.bool_]:
    """Mark the rows whose leg to the next row of the same flight cannot be flown.

    On a sphere of the mean radius, by the haversine: half a percent off at most.
    """
    here, there = rows[:-1], rows[1:]
    seconds = (flights.time[there] - flights.time[here]) / _SECOND + held
    lat_1, lat_2 = np.radians(flights.lat[here]), np.radians(flights.lat[there])
    turn = np.radians(flights.lon[there] - flights.lon[here])
    square = (
        np.sin((lat_2 - lat_1) / 2.0) ** 2 + np.cos(lat_1) * np.cos(lat_2) * np.sin(turn / 2.0) ** 2
    )
    metres = 2.0 * MEAN_RADIUS * np.arcsin(np.sqrt(np.minimum(square, 1.0)))
    feet = np.abs(flights.alt[there] - flights.alt[here])
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[:-1] = (owner[here] == owner[there]) & (
        (metres > fastest * KNOT * seconds) | (feet * 60.0 > steepest * seconds)
    )
    return marked


def _short_runs(
    cut: NDArray[np.bool_], owner: NDArray[np.int64], time: NDArray[np.int64], jump: float
) -> NDArray[np.bool_]:
    """Mark the rows of short runs beside a cut.

    First those with a cut on both sides that are shorter than a neighbour: they went away and
    came back. Only where there is none, the shorter side of a cut (of two as short, the later).
    """
    begins = np.ones(len(owner), dtype=np.bool_)
    begins[1:] = (owner[1:] != owner[:-1]) | cut[:-1]
    run = np.cumsum(begins) - 1
    sizes = np.bincount(run)
    ends = np.cumsum(sizes) - 1
    brief = time[ends] - time[ends - sizes + 1] <= jump * _SECOND
    before = run[np.flatnonzero(cut)]
    after = before + 1
    longest = np.zeros(len(sizes), dtype=np.int64)
    np.maximum.at(longest, before, sizes[after])
    np.maximum.at(longest, after, sizes[before])
    inside = np.zeros(len(sizes), dtype=np.bool_)
    inside[before[np.isin(before, after)]] = True
    away = inside & (sizes < longest) & brief
    if not away.any():
        shorter = np.where(sizes[before] < sizes[after], before, after)
        away[shorter] = brief[shorter]
    marked: NDArray[np.bool_] = away[run]
    return marked


def _still(
    flights: Flights,
    owner: NDArray[np.int64],
    rows: NDArray[np.int64],
    slowest: float,
    slowest_above: float,
) -> NDArray[np.bool_]:
    """Mark the flights that stay in one place up high.

    The place is a box around the first fix, in arc lengths of the mean sphere.
    """
    n = len(flights)
    first = np.zeros(n, dtype=np.int64)
    last = np.zeros(n, dtype=np.int64)
    first[owner[rows[::-1]]] = rows[::-1]
    last[owner[rows]] = rows
    start = first[owner[rows]]
    turn = (flights.lon[rows] - flights.lon[start] + 180.0) % 360.0 - 180.0
    east = np.radians(turn) * np.cos(np.radians(flights.lat[start]))
    north = np.radians(flights.lat[rows] - flights.lat[start])
    away = np.zeros(n)
    np.maximum.at(away, owner[rows], MEAN_RADIUS * np.hypot(east, north))
    floor = np.full(n, np.inf)
    np.minimum.at(floor, owner[rows], flights.alt[rows])
    seconds = (flights.time[last] - flights.time[first]) / _SECOND
    present = np.bincount(owner[rows], minlength=n) > 1
    still: NDArray[np.bool_] = (
        present & (floor >= slowest_above) & (away < slowest * KNOT * seconds)
    )
    return still


def _gaps(
    flights: Flights, owner: NDArray[np.int64], rows: NDArray[np.int64], max_gap: float
) -> NDArray[np.bool_]:
    """Carry older gaps over to the kept rows, and make one where too long a time went."""
    gap = flights.gap[rows]
    here, there = rows[:-1], rows[1:]
    older = np.concatenate([np.zeros(1, np.int64), np.cumsum(flights.gap)])
    spans = older[there] > older[here]
    waited = (flights.time[there] - flights.time[here]) > max_gap * _SECOND
    gap[:-1] |= (owner[here] == owner[there]) & (spans | ((there - here > 1) & waited))
    return gap


def _rebuild(
    flights: Flights,
    owner: NDArray[np.int64],
    rows: NDArray[np.int64],
    gap: NDArray[np.bool_],
    counts: Mapping[str, int],
) -> Flights:
    """Keep these rows, and add the counts to the older ones."""
    sizes = np.bincount(owner[rows], minlength=len(flights))
    present = np.flatnonzero(sizes)
    dropped = dict(flights.dropped)
    for reason, count in counts.items():
        if count:
            dropped[reason] = dropped.get(reason, 0) + count
    kept = replace(flights.keep(rows), gap=gap)
    return replace(kept.take(present), dropped=dropped)
