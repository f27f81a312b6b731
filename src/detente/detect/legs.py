"""Flights laid out for the engine: rows of eight numbers, and where each leg is on the Earth."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.airspace import Flights, Separation, Trajectory
from detente.detect.encounter import LONGEST_LEG, ROW, TOLERANCE, TOLERANCE_FT
from detente.detect.parallel import spread
from detente.earth import E2, GEOD, MEAN_RADIUS, surface

__all__ = ["Desk", "Legs", "chord_minimum", "lay_one", "legs_of", "room", "turned"]

_SLACK = 10.0


@dataclass(frozen=True, eq=False, slots=True)
class Legs:
    """All legs of a set of flights; leg i goes from row i to row i + 1.

    Parameters
    ----------
    rows : (8 m,) float64, flat; see :mod:`detente.detect.encounter`.
    flight : (m,) int32, whose leg it is; -1 where row i begins none (a flight's last row, a gap).
    lat, lon : (m,) float64 degrees, an anchor near the leg's middle, lon in [0, 360).
    reach : (m,) float64 metres; every point of the leg is nearer to its anchor.
    epoch : int nanoseconds since 1970-01-01T00:00Z, where the rows' seconds begin.
    """

    rows: NDArray[np.float64]
    flight: NDArray[np.int32]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    reach: NDArray[np.float64]
    epoch: int

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.flight)


def legs_of(
    flights: Flights, separation: Separation, *, epoch: int | None = None, threads: int = 1
) -> Legs:
    """Lay out flights for the engine; long legs are cut along their geodesics.

    Parameters
    ----------
    flights : the set.
    separation : the minima where a flight has none of its own.
    epoch : where seconds begin; by default the whole second before the first fix.
    threads : how many threads compute.
    """
    if epoch is None:
        first = int(flights.time.min()) if flights.fixes else 0
        epoch = first - first % 1_000_000_000
    legs, long = _laid_out(flights, separation, epoch, threads)
    if long:
        legs, _ = _laid_out(_cut(flights, legs), separation, epoch, threads)
    return legs


def room(rows: int, epoch: int = 0) -> Legs:
    """Make room for so many rows; none begins a leg yet."""
    # rows begin on a cache line, so that a leg lies on two and not on three
    wide = np.empty(ROW * (rows + 1))
    skip = -(wide.ctypes.data // 8) % ROW
    return Legs(
        rows=wide[skip : skip + ROW * rows],
        flight=np.full(rows, -1, dtype=np.int32),
        lat=np.empty(rows),
        lon=np.empty(rows),
        reach=np.empty(rows),
        epoch=epoch,
    )


def lay_one(legs: Legs, flight: Trajectory, epoch: int, separation: Separation) -> int:
    """Lay out one flight in room that is already there; give how many legs are too long.

    For the standing index, which has microseconds: nothing is allocated that the flight's
    length decides. Where a leg is too long, :func:`legs_of` must be used.
    """
    own = flight.protection or separation
    return int(
        _lay_one(
            flight.time, flight.lat, flight.lon, flight.alt, flight.gap, epoch,
            own.horizontal, own.vertical,
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach,
        )
    )  # fmt: skip


class Desk:
    """Room where one flight after another is laid out, for the standing indexes."""

    def __init__(self) -> None:
        self._legs = room(256)

    def lay(self, flight: Trajectory, epoch: int, separation: Separation) -> tuple[Legs, int]:
        """Give a flight's legs, and how many rows they have; they hold until the next."""
        n = len(flight.time)
        if n > len(self._legs):
            self._legs = room(2 * n)
        if lay_one(self._legs, flight, epoch, separation):
            legs = legs_of(Flights.from_trajectories([flight]), separation, epoch=epoch)
            return legs, len(legs)
        return self._legs, n


def _laid_out(
    flights: Flights, separation: Separation, epoch: int, threads: int
) -> tuple[Legs, int]:
    legs = room(flights.fixes, epoch)

    def lay(lo: int, hi: int) -> int:
        return int(
            _lay(
                flights.offsets, flights.time, flights.lat, flights.lon, flights.alt,
                flights.protection_h, flights.protection_v, flights.gap, lo, hi, epoch,
                separation.horizontal, separation.vertical,
                legs.rows, legs.flight, legs.lat, legs.lon, legs.reach,
            )
        )  # fmt: skip

    return legs, sum(spread(lay, len(flights), threads))


@njit(nogil=True, cache=True)
def _lay(
    offsets: Any, time: Any, lat: Any, lon: Any, alt: Any, own_h: Any, own_v: Any, gap: Any,
    lo: int, hi: int, epoch: int, horizontal: float, vertical: float,
    rows: Any, flight: Any, alat: Any, alon: Any, reach: Any,
) -> int:  # fmt: skip
    """Fill in the rows of flights lo to hi; count their legs over LONGEST_LEG."""
    long = 0
    last_h = chord = math.nan
    for f in range(lo, hi):
        for i in range(offsets[f], offsets[f + 1]):
            o = ROW * i
            rows[o] = (time[i] - epoch) * 1e-9
            rows[o + 1], rows[o + 2], rows[o + 3] = surface(lat[i], lon[i])
            rows[o + 4] = alt[i]
            h = horizontal if math.isnan(own_h[i]) else own_h[i]
            if h != last_h:
                last_h, chord = h, chord_minimum(h)
            rows[o + 5] = chord
            rows[o + 6] = (vertical if math.isnan(own_v[i]) else own_v[i]) - TOLERANCE_FT
        long += _join(rows, flight, lat, lon, gap, alat, alon, reach, offsets[f], offsets[f + 1], f)
    return long


@njit(nogil=True, cache=True)
def _lay_one(
    time: Any, lat: Any, lon: Any, alt: Any, gap: Any, epoch: int, horizontal: float,
    vertical: float, rows: Any, flight: Any, alat: Any, alon: Any, reach: Any,
) -> Any:  # fmt: skip
    n = len(time)
    chord = chord_minimum(horizontal)
    for i in range(n):
        o = ROW * i
        rows[o] = (time[i] - epoch) * 1e-9
        rows[o + 1], rows[o + 2], rows[o + 3] = surface(lat[i], lon[i])
        rows[o + 4] = alt[i]
        rows[o + 5] = chord
        rows[o + 6] = vertical - TOLERANCE_FT
    return _join(rows, flight, lat, lon, gap, alat, alon, reach, 0, n, 0)


@njit(nogil=True, cache=True)
def _join(
    rows: Any, flight: Any, lat: Any, lon: Any, gap: Any, alat: Any, alon: Any, reach: Any,
    lo: int, hi: int, f: int,
) -> Any:  # fmt: skip
    """Fill in what the rows of one flight know of the next ones; count those too far."""
    long = 0
    for i in range(lo, hi):
        o = ROW * i
        if i + 1 == hi or (len(gap) > 0 and gap[i]):
            flight[i] = -1
            rows[o + 7] = 0.0
            alat[i], alon[i], reach[i] = lat[i], turned(lon[i]), 0.0
            continue
        flight[i] = f
        rows[o + 7] = 1.0 / (rows[o + 8] - rows[o])
        x = rows[o + 9] - rows[o + 1]
        y = rows[o + 10] - rows[o + 2]
        z = rows[o + 11] - rows[o + 3]
        length = math.sqrt(x * x + y * y + z * z)
        long += length > LONGEST_LEG
        alat[i], alon[i], reach[i] = anchor(lat[i], lon[i], lat[i + 1], lon[i + 1], rows, o, length)
    return long


@njit(nogil=True, cache=True)
def chord_minimum(arc: float) -> float:
    """Turn a horizontal minimum into what rows hold: chord metres, tolerance off."""
    return 2.0 * MEAN_RADIUS * math.sin(0.5 * arc / MEAN_RADIUS) - TOLERANCE


@njit(nogil=True, cache=True)
def anchor(
    lat0: float, lon0: float, lat1: float, lon1: float, rows: Any, o: int, length: float
) -> Any:
    """Give (lat, lon, reach) of a leg: a point near its middle, and how far it goes from there.

    Away from the poles the mean of the degrees is within L^2 tan(lat) / 8 R of the true middle
    (108 m for 22 km at 85 degrees), which 150 m cover; nearer to a pole, and across the
    antimeridian, the middle is computed from the rows.
    """
    if abs(lat0) < 85.0 and abs(lat1) < 85.0 and abs(lon0 - lon1) < 180.0:
        extra = 150.0 * min(1.0, length / 1000.0)
        lon = 0.5 * (lon0 + lon1)
        return 0.5 * (lat0 + lat1), turned(lon), 0.5 * length + extra + _SLACK
    x = 0.5 * (rows[o + 1] + rows[o + 9])
    y = 0.5 * (rows[o + 2] + rows[o + 10])
    z = 0.5 * (rows[o + 3] + rows[o + 11])
    lat = math.degrees(math.atan2(z, (1.0 - E2) * math.hypot(x, y)))
    return lat, turned(math.degrees(math.atan2(y, x))), 0.5 * length + _SLACK


@njit(nogil=True, cache=True)
def turned(lon: float) -> float:
    """Bring a longitude of -360 to 720 degrees into [0, 360)."""
    if lon < 0.0:
        lon += 360.0
    if lon >= 360.0:
        lon -= 360.0
    return min(max(lon, 0.0), 359.9999999999)


def _cut(flights: Flights, legs: Legs) -> Flights:
    """Put fixes along the geodesics of long legs, none more than LONGEST_LEG apart."""
    lat, lon, time, alt = flights.lat, flights.lon, flights.time, flights.alt
    xyz = legs.rows.reshape(-1, ROW)[:, 1:4]
    length = np.linalg.norm(np.diff(xyz, axis=0), axis=1)
    long = np.flatnonzero((length > LONGEST_LEG) & (legs.flight[:-1] >= 0))
    azimuth, _, metres = GEOD.inv(lon[long], lat[long], lon[long + 1], lat[long + 1])
    pieces = np.ceil(metres / (LONGEST_LEG * 0.999)).astype(np.int64)
    # one entry for each new fix: which long leg it is on, and which part of it is behind
    on = np.repeat(np.arange(len(long)), pieces - 1)
    step = np.arange(len(on)) - np.repeat(np.cumsum(pieces - 1) - (pieces - 1), pieces - 1) + 1
    part = step / pieces[on]
    source = long[on]
    new_lon, new_lat, _ = GEOD.fwd(lon[source], lat[source], azimuth[on], metres[on] * part)
    more = np.zeros(len(flights), dtype=np.int64)
    np.add.at(more, legs.flight[long], pieces - 1)

    def with_new(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        return np.insert(old, source + 1, new)

    return replace(
        flights,
        offsets=flights.offsets + np.concatenate([np.zeros(1, np.int64), np.cumsum(more)]),
        time=with_new(
            time, time[source] + np.rint((time[source + 1] - time[source]) * part).astype(np.int64)
        ),
        lat=with_new(lat, new_lat),
        lon=with_new(lon, new_lon),
        alt=with_new(alt, alt[source] + (alt[source + 1] - alt[source]) * part),
        protection_h=with_new(flights.protection_h, flights.protection_h[source]),
        protection_v=with_new(flights.protection_v, flights.protection_v[source]),
        gap=with_new(flights.gap, np.zeros(len(source), dtype=np.bool_)),
    )
