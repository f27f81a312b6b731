"""The geometry of a flight flown otherwise: its cruise higher, lower, beside the route, faster.

Only the cruise moves. It goes from the first to the last fix at the lowest cruise level, and
each cruise level moves by the same feet. Nothing before a flight's freedom begins is touched:
that is its first fix, or for a flight in the air the first fix from then on.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Trajectory
from detente.earth import GEOD

__all__ = ["Beside", "Cruise", "direction", "keeps_direction", "stepped"]

LONGEST_STEP = 120.0
"""Seconds between fixes; where a leg is longer, fixes are put along its geodesic, so that a
change of level or course begins and ends where it should."""
MOST_STEPS = 500
"""A flight of days has longer steps instead of more."""
RATE = 1_000.0
"""Feet a minute at which a level is left: the middle of the 500 to 1,500 that FAA AIM 4-4-10
asks for in the last 1,000 ft."""
INTERCEPT = math.radians(30.0)
"""The angle at which the route is left and rejoined."""
HELD = 180.0
"""Seconds at one level (to the nearest 1,000 ft) that make it a cruise level."""
LEVEL_RATE = 500.0
"""Feet a minute; who climbs faster is not at a level."""
_BELOW_TOP, _PART_OF_TOP = 8_000.0, 0.6  # a level lower than both is a hold, not cruise
_ABOUT = 200.0
_SHORT = 1.0  # metres; the course of a shorter leg is noise
_SHARPEST = 0.5  # of a leg, left on the inner side of a turn
_RVSM_TOP = 41


@dataclass(frozen=True, eq=False)
class Cruise:
    """One flight, and which part of it is cruise.

    Parameters
    ----------
    flight : its steps are no longer than :data:`LONGEST_STEP`.
    begin, end : the first and the last fix in cruise.
    free : the first fix from which anything may change.
    levels : feet, the lowest and the highest cruise level.
    aloft : whether it is in the air already.
    """

    flight: Trajectory
    begin: int
    end: int
    free: int
    levels: tuple[float, float]
    aloft: bool
    _routes: dict[float, "_Route"] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, flight: Trajectory, airborne_at: int | None = None) -> "Cruise | None":
        """Find the cruise; None where none is left to change.

        Parameters
        ----------
        flight : the flight as filed.
        airborne_at : nanoseconds since 1970; what is before it has been flown.
        """
        flight = stepped(flight)
        alt, seconds = flight.alt, np.diff(flight.time) * 1e-9
        top = float(alt.max())
        bins = np.rint(0.0005 * (alt[1:] + alt[:-1])).astype(np.int64)
        lowest = int(bins.min())
        level = np.abs(np.diff(alt)) * 60.0 <= LEVEL_RATE * seconds
        held = np.bincount(bins - lowest, weights=seconds * level)
        levels = (np.flatnonzero(held >= HELD) + lowest) * 1000.0
        levels = levels[levels >= max(top - _BELOW_TOP, _PART_OF_TOP * top) - 500.0]
        least = min(float(levels.min()), top) if len(levels) else top
        high = np.flatnonzero(alt >= least - _ABOUT)
        free = 0
        if airborne_at is not None:
            free = int(np.searchsorted(flight.time, airborne_at))
        begin, end = int(high[0]), int(high[-1])
        if max(begin, free) >= end:
            return None
        return cls(flight, begin, end, free, (least, top), airborne_at is not None)

    @property
    def start(self) -> int:
        """The first fix in cruise from which anything may change."""
        return max(self.begin, self.free)

    def at_level(self, feet: float) -> NDArray[np.float64] | None:
        """Move the cruise by feet; None where it is too short, or the ground is in the way.

        A lower cruise is reached earlier and left later, on the same climb and descent. A higher
        one is reached by climbing on from where the filed level began, at :data:`RATE`. A
        flight that is already there leaves its level at that rate too.

        Returns
        -------
        (n,) feet; on the new level each is the old one plus ``feet``, exactly.
        """
        alt, time, first, last = self.flight.alt, self.flight.time, self.begin, self.end
        takes = abs(feet) * 60.0 / RATE
        early, late = self.start, last
        weight = np.ones(last - early + 1)
        clipped = feet < 0.0
        entry, exit = alt[first] + feet, alt[last] + feet
        climbs, descends = first > 0, last < len(alt) - 1
        if (climbs and entry <= alt[0]) or (descends and exit <= alt[-1]):
            return None
        # a climb that went above the new level before the flight was free cannot stop below it
        known = self.aloft and bool(alt[: self.free + 1].max() > entry)
        since = (time[early : last + 1] - time[early]) * 1e-9
        if known or ((climbs or self.aloft) and not clipped):
            weight = np.minimum(weight, since / takes)
        if descends and not clipped:
            weight = np.minimum(weight, (since[-1] - since) / takes)
        whole = weight >= 1.0
        if not (whole[1:] & whole[:-1]).any():
            return None
        out = alt.copy()
        out[early : late + 1] += np.where(whole, feet, feet * weight)
        if clipped and climbs and not known:
            out[:first] = np.minimum(alt[:first], entry)
        if clipped and descends:
            out[last + 1 :] = np.minimum(alt[last + 1 :], exit)
        return out

    def beside(self, offset: float) -> "Beside | None":
        """Fly the cruise beside the route; None where it is too short or too winding for that.

        The route is left at the cruise's first free fix and rejoined at its last, both at
        :data:`INTERCEPT` or, where fixes are far apart, at less; between, the flight is
        ``offset`` metres to the right of it (left: negative). Ground speeds stay, so later
        fixes are later by what the way is longer.
        """
        flight, a, b = self.flight, self.start, self.end
        route = self._route(0.5 * abs(offset))
        along = np.concatenate([np.zeros(1), np.cumsum(route.metres)])
        ramp = abs(offset) / math.tan(INTERCEPT)
        weight = np.minimum(along, along[-1] - along) / ramp
        if not (weight >= 1.0).any() or along[-1] < 2.0 * ramp + abs(offset):
            return None
        aside = offset * np.minimum(weight, 1.0) * route.stretch
        fixes = route.fixes
        lon, lat = flight.lon[fixes], flight.lat[fixes]
        inner = slice(a + 1, len(fixes) - (len(flight.time) - b))
        lon[inner], lat[inner], _ = GEOD.fwd(
            lon[inner], lat[inner], route.course[1:-1] + 90.0, aside[1:-1]
        )
        own = slice(a, inner.stop + 1)
        _, _, now = GEOD.inv(lon[own][:-1], lat[own][:-1], lon[own][1:], lat[own][1:])
        longer = np.asarray(now) - route.metres
        still = route.metres <= _SHORT
        ratio = np.where(still, 1.0, now / np.maximum(route.metres, _SHORT))
        if ratio.min() < _SHARPEST or longer[still].max(initial=0.0) > _SHORT:
            return None
        time = _paced(flight.time[fixes], a, ratio)
        return Beside(fixes, time, lat, lon, max(0.0, float(longer.sum())))

    def at_speed(self, speed: float) -> NDArray[np.int64]:
        """Give the times (n,) of flying the rest of the cruise at so many times the speed."""
        legs = self.end - self.start
        return _paced(self.flight.time, self.start, np.full(legs, 1.0 / speed))

    def _route(self, spacing: float) -> "_Route":
        """Give the free cruise with fixes no nearer than this, so that no course is noise."""
        if spacing not in self._routes:
            flight, a, b = self.flight, self.start, self.end
            lat, lon = flight.lat[a : b + 1], flight.lon[a : b + 1]
            out, back, metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
            along = np.concatenate([np.zeros(1), np.cumsum(metres)]) // max(spacing, _SHORT)
            keep = np.ones(len(along), dtype=np.bool_)
            keep[1:-1] = along[1:-1] > along[:-2]
            if len(flight.gap):
                gap = flight.gap[a:b]
                keep[:-1] |= gap
                keep[1:] |= gap
            if not keep.all():
                lat, lon = lat[keep], lon[keep]
                out, back, metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
            fixes = np.concatenate(
                [np.arange(a), a + np.flatnonzero(keep), np.arange(b + 1, len(flight.time))]
            )
            self._routes[spacing] = _Route.of(fixes, out, back, np.asarray(metres))
        return self._routes[spacing]


@dataclass(frozen=True, eq=False, slots=True)
class Beside:
    """A flight beside its route.

    Parameters
    ----------
    fixes : (k,) which of the flight's fixes it has.
    time, lat, lon : (k,) when and where it passes them.
    extra : further metres flown.
    """

    fixes: NDArray[np.int64]
    time: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    extra: float


@dataclass(frozen=True, eq=False, slots=True)
class _Route:
    """The free cruise: its fixes' course and stretch, and the length of each leg.

    At a turn the course is halfway between those before and after, and a point beside the
    route is further off by 1 / cos(turn / 2), so that both its legs are parallel to theirs.
    """

    fixes: NDArray[np.int64]
    course: NDArray[np.float64]
    stretch: NDArray[np.float64]
    metres: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        fixes: NDArray[np.int64],
        out: NDArray[np.float64],
        back: NDArray[np.float64],
        metres: NDArray[np.float64],
    ) -> "_Route":
        moving = np.where(metres > _SHORT, np.arange(len(metres)), 0)
        known = np.maximum.accumulate(moving)
        after = np.radians(np.append(out[known], back[known[-1]] + 180.0))
        before = np.radians(np.append(out[known[0]], back[known] + 180.0))
        turn = np.remainder(after - before + math.pi, 2.0 * math.pi) - math.pi
        stretch = np.minimum(1.0 / np.maximum(np.cos(0.5 * turn), 0.1), 1.2)
        return cls(fixes, np.degrees(before + 0.5 * turn), stretch, metres)


def _paced(time: NDArray[np.int64], first: int, ratio: NDArray[np.float64]) -> NDArray[np.int64]:
    """Make legs from ``first`` on so many times as long in time; the rest follows."""
    step = np.diff(time)
    last = first + len(ratio)
    step[first:last] = np.maximum(1, np.rint(step[first:last] * ratio)).astype(np.int64)
    paced = time.copy()
    paced[first + 1 :] = time[first] + np.cumsum(step[first:])
    return paced


def direction(feet: float) -> int | None:
    """Tell which way a level is for: 1 eastbound, 0 westbound, None where it is no level.

    ICAO Annex 2, appendix 3, with reduced vertical separation: odd thousands are eastbound up
    to FL410; above it, levels are 2,000 ft apart and take turns.

    >>> [direction(level) for level in (35_000.0, 36_000.0, 43_000.0, 45_000.0, 35_500.0)]
    [1, 0, 0, 1, None]
    """
    if feet % 1000.0:
        return None
    thousands = int(feet // 1000.0)
    if thousands <= _RVSM_TOP:
        return thousands % 2
    above = thousands - _RVSM_TOP
    return None if above % 2 else (above // 2 + 1) % 2


def keeps_direction(level: float, feet: float) -> bool:
    """Tell whether a level moved by feet is for the same direction (levels to 100 ft)."""
    level = round(level / 100.0) * 100.0
    way = direction(level)
    if way is None:
        return feet % 2000.0 == 0.0
    return direction(level + feet) == way


def stepped(flight: Trajectory) -> Trajectory:
    """Put fixes along the geodesics of legs that take long; the flight itself where none does."""
    seconds = np.diff(flight.time) * 1e-9
    longest = max(LONGEST_STEP, float(seconds.sum()) / MOST_STEPS)
    pieces = np.ceil(seconds / longest - 1e-6).astype(np.int64)
    if len(flight.gap):
        pieces[flight.gap[:-1]] = 1
    if not (pieces > 1).any():
        return flight
    on = np.repeat(np.arange(len(pieces)), pieces)
    nth = np.arange(len(on)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    new = nth > 0
    leg, part = on[new], (nth / pieces[on])[new]
    lat, lon, time, alt = flight.lat, flight.lon, flight.time, flight.alt
    azimuth, _, metres = GEOD.inv(lon[leg], lat[leg], lon[leg + 1], lat[leg + 1])
    new_lon, new_lat, _ = GEOD.fwd(lon[leg], lat[leg], azimuth, np.asarray(metres) * part)
    between = np.rint((time[leg + 1] - time[leg]) * part).astype(np.int64)
    at = leg + 1
    return replace(
        flight,
        time=np.insert(time, at, time[leg] + between),
        lat=np.insert(lat, at, new_lat),
        lon=np.insert(lon, at, new_lon),
        alt=np.insert(alt, at, alt[leg] + (alt[leg + 1] - alt[leg]) * part),
        gap=np.insert(flight.gap, at, False) if len(flight.gap) else flight.gap,
    )
