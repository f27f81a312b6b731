"""Places against routes and volumes: who is near what, by how much, and how alike that is.

The question is that of a watch: an aircraft is seen *here*, *now*; which of those routes could it
be on, and how far off? It is asked of the route's nearest place within a span of times around
now, so that being late is one thing and being beside the route another.
"""

import math
from typing import Any, Final

import numpy as np
from numba import njit

from detente.detect.beside import apart2, feet_above, metres_beside
from detente.detect.encounter import ROW
from detente.detect.grid import bands_of_disk, cell_of, lons_of_disk
from detente.detect.legs import turned

__all__ = [
    "GEOMETRIC",
    "PRESSURE",
    "compare",
    "filed",
    "near_routes",
    "near_volumes",
    "whereabouts",
]

PRESSURE: Final = 1
"""Altitudes above the standard atmosphere's 1013.25 hPa surface."""
GEOMETRIC: Final = 2
"""Altitudes above the WGS84 ellipsoid. Others, and none, are never compared."""
_HASH: Final = 2654435761
_OPPOSITE: Final = 3.0  # what it costs to fly square to the route; twice that, against it
_SLOW: Final = 20.0  # metres per second below which a direction says less
_UNKNOWN: Final = 1.0  # what it costs that altitudes cannot be compared
_EDGE: Final = 0.25  # how far off a volume aircraft are usually, of its reach
_NEAREST_EDGE: Final = 20.0
_FAR: Final = 12.0  # times that; a cost of 10
_LARGE: Final = 5.0  # spreads of a route; a volume that is larger says less of who is in it


@njit(nogil=True, cache=True)
def filed(lat: Any, lon: Any, scale: Any, start: Any, count: Any, first: Any) -> Any:
    """File places by their cell: their order, and a hash table of (cell, where, how many)."""
    n = len(lat)
    own = np.empty(n, dtype=np.int64)
    for i in range(n):
        own[i] = cell_of(lat[i], turned(lon[i]), 0, scale, start, count, first)
    order = np.argsort(own, kind="mergesort")
    size = 16
    while size < 4 * n:
        size *= 2
    table = np.full((size, 3), -1, dtype=np.int64)
    for k in range(n):
        cell = own[order[k]]
        at = (cell * _HASH) & (size - 1)
        while table[at, 0] >= 0 and table[at, 0] != cell:
            at = (at + 1) & (size - 1)
        if table[at, 0] < 0:
            table[at, 0], table[at, 1], table[at, 2] = cell, k, 0
        table[at, 2] += 1
    return order, table


@njit(nogil=True, cache=True, inline="always")
def _found(table: Any, cell: int) -> int:
    at = (cell * _HASH) & (len(table) - 1)
    while table[at, 0] >= 0:
        if table[at, 0] == cell:
            return at
        at = (at + 1) & (len(table) - 1)
    return -1


@njit(nogil=True, cache=True, inline="always")
def _first_leg(rows: Any, lo: int, hi: int, time: float) -> int:
    """Give the first leg of rows lo to hi that ends at this time or later."""
    a, b = lo, hi - 1
    while a < b:
        middle = (a + b) // 2
        if rows[ROW * (middle + 1)] < time:
            a = middle + 1
        else:
            b = middle
    return a


@njit(nogil=True, cache=True, inline="always")
def _foot(rows: Any, o: int, x: float, y: float, z: float) -> Any:
    """Give where on a leg, from 0 to 1, a place is nearest to it, and the squared metres."""
    dx, dy, dz = rows[o + 9] - rows[o + 1], rows[o + 10] - rows[o + 2], rows[o + 11] - rows[o + 3]
    px, py, pz = x - rows[o + 1], y - rows[o + 2], z - rows[o + 3]
    long = dx * dx + dy * dy + dz * dz
    u = 0.0 if long < 1.0 else min(max((px * dx + py * dy + pz * dz) / long, 0.0), 1.0)
    return u, (px - u * dx) ** 2 + (py - u * dy) ** 2 + (pz - u * dz) ** 2, long


@njit(nogil=True, cache=True, inline="always")
def _added(pairs: Any, n: int, track: int, intent: int) -> Any:
    if n == len(pairs):
        pairs = np.concatenate((pairs, np.empty_like(pairs)))
    pairs[n] = (track << 32) | intent
    return pairs, n + 1


@njit(nogil=True, cache=True)
def near_routes(
    now: float, gate: Any, span: Any, rows: Any, leg: Any, lat: Any, lon: Any, reach: Any,
    reference: Any, points: Any, altitudes: Any, order: Any, table: Any, scale: Any, start: Any,
    count: Any, first: Any, poleward: Any,
) -> Any:  # fmt: skip
    """List pairs of a place and a route that passes within the gate of it, about now.

    Parameters
    ----------
    gate : (lateral, vertical, early, late) metres, feet, seconds.
    span : (k, 2) where each route's rows begin and how many they are, 0 for none.
    reference : (k,) of each route's altitudes.
    points, altitudes : (n, 3) ECEF metres, and (3, n) feet by reference; row 0 is NaN.

    Returns
    -------
    (p,) int64, the place's number shifted by 32 bits, and the route's.
    """
    lateral, vertical, early, late = gate
    pairs = np.empty(1024, dtype=np.int64)
    n = 0
    met = np.full(len(points), -1, dtype=np.int64)
    for k in range(len(span)):
        lo, hi = span[k, 0], span[k, 0] + span[k, 1] - 1
        if hi <= lo or rows[ROW * lo] > now + early or rows[ROW * hi] < now - late:
            continue
        for i in range(_first_leg(rows, lo, hi, now - late), hi):
            o = ROW * i
            if rows[o] > now + early:
                break
            if leg[i] < 0:
                continue
            b0, b1, wide = bands_of_disk(lat[i], reach[i] + lateral, 0, scale, start, poleward)
            for band in range(b0, b1 + 1):
                c, wanted = lons_of_disk(lon[i], wide, count[band])
                for x in range(wanted):
                    at = _found(table, first[band] + (c + x) % count[band])
                    if at < 0:
                        continue
                    for m in range(table[at, 1], table[at, 1] + table[at, 2]):
                        t = order[m]
                        if met[t] == k:
                            continue
                        u, far, long = _foot(rows, o, points[t, 0], points[t, 1], points[t, 2])
                        if far > lateral * lateral:
                            continue
                        there = rows[o] + u * (rows[o + 8] - rows[o])
                        if long < 1.0:
                            there = min(max(now, rows[o]), rows[o + 8])
                        if now - there > late or there - now > early:
                            continue
                        up = altitudes[reference[k], t] - rows[o + 4]
                        if abs(up - u * (rows[o + 12] - rows[o + 4])) > vertical:
                            continue
                        met[t] = k
                        pairs, n = _added(pairs, n, t, k)
    return pairs[:n].copy()


@njit(nogil=True, cache=True)
def near_volumes(
    now: float, gate: Any, spread: float, span: Any, bounds: Any, lat: Any, lon: Any, points: Any,
    order: Any, table: Any, scale: Any, start: Any, count: Any, first: Any, poleward: Any,
) -> Any:  # fmt: skip
    """List pairs of a place and a set of volumes of which one may be within the gate, about now.

    As :func:`near_routes`; ``span`` says where each set's volumes begin and how many they are,
    ``spread`` how many metres flights differ from routes. The gate of a small volume is narrower.
    """
    lateral, _, early, late = gate
    pairs = np.empty(1024, dtype=np.int64)
    n = 0
    met = np.full(len(points), -1, dtype=np.int64)
    for k in range(len(span)):
        for v in range(span[k, 0], span[k, 0] + span[k, 1]):
            if bounds[v, 0] > now + early or bounds[v, 1] < now - late:
                continue
            q = bounds[v, 7] + min(lateral, _FAR * _edge(bounds[v, 7], spread))
            b0, b1, wide = bands_of_disk(lat[v], q, 0, scale, start, poleward)
            many = 0
            for band in range(b0, b1 + 1):
                many += lons_of_disk(lon[v], wide, count[band])[1]
            if many > len(points):
                for t in range(len(points)):
                    if met[t] != k and apart2(bounds, v, points, t) <= q * q:
                        met[t] = k
                        pairs, n = _added(pairs, n, t, k)
                continue
            for band in range(b0, b1 + 1):
                c, wanted = lons_of_disk(lon[v], wide, count[band])
                for x in range(wanted):
                    at = _found(table, first[band] + (c + x) % count[band])
                    if at < 0:
                        continue
                    for m in range(table[at, 1], table[at, 1] + table[at, 2]):
                        t = order[m]
                        if met[t] != k and apart2(bounds, v, points, t) <= q * q:
                            met[t] = k
                            pairs, n = _added(pairs, n, t, k)
    return pairs[:n].copy()


@njit(nogil=True, cache=True)
def compare(
    pairs: Any, wide: Any, now: float, near: Any, far: Any, spread: Any, span: Any, rows: Any,
    leg: Any, reference: Any, volumes: Any, own: Any, bounds: Any, disc: Any, limits: Any,
    basis: Any, sides: Any, border: Any, plane: Any, points: Any, altitudes: Any, going: Any,
    uncertain: Any,
) -> Any:  # fmt: skip
    """Say by how much each place differs from its route or volumes, and how unlikely that is.

    Parameters
    ----------
    pairs : as :func:`near_routes` gives them. wide : (p,) bool, whose gate is ``far``.
    near, far : gates. spread : metres, feet, seconds by which flights differ usually.
    volumes, own : (k, 2) which volumes are each intent's, and (v,) their references.
    going : (n, 3) metres per second in ECEF; NaN where not known.
    uncertain : (n,) metres that the place is within, 95 of 100 times.

    Returns
    -------
    (p, 5): metres beside, feet above, seconds late, cost, 1 where that is of a volume. Metres
    and cost are infinite where nothing is within the gate; feet are NaN where not known.
    """
    out = np.empty((len(pairs), 5))
    for p in range(len(pairs)):
        t, k = pairs[p] >> 32, pairs[p] & 0xFFFFFFFF
        out[p, 0] = out[p, 3] = np.inf
        out[p, 1] = out[p, 2] = np.nan
        out[p, 4] = 0.0
        lateral, vertical, early, late = far if wide[p] else near
        lo, hi = span[k, 0], span[k, 0] + span[k, 1] - 1
        if hi > lo and rows[ROW * lo] <= now + early and rows[ROW * hi] >= now - late:
            _on_route(
                out, p, now, early, late, spread, rows, leg, lo, hi, points, t,
                altitudes[reference[k], t], going, uncertain[t],
            )  # fmt: skip
        for v in range(volumes[k, 0], volumes[k, 0] + volumes[k, 1]):
            if bounds[v, 0] <= now + early and bounds[v, 1] >= now - late:
                _in_volume(
                    out, p, now, lateral, spread, v, bounds, disc, limits, basis, sides, border,
                    plane, points, t, altitudes[own[v], t], uncertain[t],
                )  # fmt: skip
        if (
            out[p, 0] > lateral or abs(out[p, 1]) > vertical or out[p, 2] > late
            or -out[p, 2] > early
        ):  # fmt: skip
            out[p, 3] = np.inf
    return out


@njit(nogil=True, cache=True)
def _on_route(
    out: Any, p: int, now: float, early: float, late: float, spread: Any, rows: Any, leg: Any,
    lo: int, hi: int, points: Any, t: int, altitude: float, going: Any, uncertain: float,
) -> None:  # fmt: skip
    best, at, along, away = np.inf, -1, 0.0, 0.0
    time = 0.0
    for i in range(_first_leg(rows, lo, hi, now - late), hi):
        o = ROW * i
        if rows[o] > now + early:
            break
        if leg[i] < 0:
            continue
        u, far, long = _foot(rows, o, points[t, 0], points[t, 1], points[t, 2])
        there = rows[o] + u * (rows[o + 8] - rows[o])
        if long < 1.0:
            there = min(max(now, rows[o]), rows[o + 8])
            u = (there - rows[o]) * rows[o + 7]
        c = far / spread[0] ** 2 + ((now - there) / spread[2]) ** 2
        if c < best:
            best, at, along, away, time = c, i, u, far, now - there
    if at < 0:
        return
    o = ROW * at
    up = altitude - rows[o + 4] - along * (rows[o + 12] - rows[o + 4])
    vx = (rows[o + 9] - rows[o + 1]) * rows[o + 7]
    vy = (rows[o + 10] - rows[o + 2]) * rows[o + 7]
    vz = (rows[o + 11] - rows[o + 3]) * rows[o + 7]
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    gx, gy, gz = going[t, 0], going[t, 1], going[t, 2]
    own = math.sqrt(gx * gx + gy * gy + gz * gz)
    beside = math.sqrt(away)
    cost = _unlikely(beside, spread[0], uncertain) + _unlikely_height(up, spread[1])
    cost += _unlikely(time, spread[2], uncertain / max(speed, 10.0))
    if own > 1.0 and speed > 1.0:  # false where it is not known
        turn = 1.0 - (gx * vx + gy * vy + gz * vz) / (own * speed)
        cost += _OPPOSITE * turn * min(1.0, min(own, speed) / _SLOW)
    out[p, 0], out[p, 1], out[p, 2], out[p, 3] = beside, up, time, cost


@njit(nogil=True, cache=True)
def _in_volume(
    out: Any, p: int, now: float, lateral: float, spread: Any, v: int, bounds: Any, disc: Any,
    limits: Any, basis: Any, sides: Any, border: Any, plane: Any, points: Any, t: int,
    altitude: float, uncertain: float,
) -> None:  # fmt: skip
    reach = bounds[v, 7]
    if apart2(bounds, v, points, t) > (reach + lateral) ** 2:
        return
    beside = metres_beside(v, bounds, disc, limits, basis, sides, border, plane, points, t)
    up = feet_above(v, limits, altitude)
    time = now - min(max(now, bounds[v, 0]), bounds[v, 1])
    cost = _unlikely(beside, _edge(reach, spread[0]), uncertain) + _unlikely_height(up, spread[1])
    cost += _unlikely(time, spread[2], 0.0)
    cost += 2.0 * math.log(max(1.0, reach / (_LARGE * spread[0])))
    if cost < out[p, 3]:
        out[p, 0], out[p, 1], out[p, 2], out[p, 3], out[p, 4] = beside, up, time, cost, 1.0


@njit(nogil=True, cache=True, inline="always")
def _edge(reach: float, spread: float) -> float:
    """Give the metres that flights are off a volume usually."""
    return min(max(_EDGE * reach, _NEAREST_EDGE), spread)


@njit(nogil=True, cache=True, inline="always")
def _unlikely(x: float, spread: float, uncertain: float) -> float:
    """Give the cost of a difference: about its square where it is small, its logarithm far off.

    That is Student's distribution of five degrees of freedom, up to a constant (K. L. Lange et
    al., "Robust statistical modeling using the t distribution", JASA 84, 1989). What is not known
    of the place widens it, and that costs too: else a track that is anywhere would fit anybody.
    """
    ratio = 0.25 * (uncertain / spread) ** 2
    return 3.0 * math.log1p((x / spread) ** 2 / (5.0 * (1.0 + ratio))) + 0.5 * math.log1p(ratio)


@njit(nogil=True, cache=True, inline="always")
def _unlikely_height(up: float, spread: float) -> float:
    return _UNKNOWN if math.isnan(up) else _unlikely(up, spread, 0.0)


@njit(nogil=True, cache=True)
def whereabouts(now: float, span: Any, rows: Any, leg: Any) -> Any:
    """Give where routes are at a time: (k, 4) ECEF metres and feet, NaN where none is then."""
    out = np.full((len(span), 4), np.nan)
    for k in range(len(span)):
        lo, hi = span[k, 0], span[k, 0] + span[k, 1] - 1
        if hi <= lo or rows[ROW * lo] > now or rows[ROW * hi] < now:
            continue
        i = _first_leg(rows, lo, hi, now)
        if leg[i] < 0:
            continue
        o = ROW * i
        u = (now - rows[o]) * rows[o + 7]
        for c in range(4):
            out[k, c] = rows[o + 1 + c] + u * (rows[o + 9 + c] - rows[o + 1 + c])
    return out


@njit(nogil=True, cache=True)
def cells(
    lat: Any, lon: Any, scale: Any, start: Any, count: Any, first: Any, poleward: Any, size: Any
) -> Any:
    """Give the numbers of the cells of a grid's finest level that places are in."""
    out = np.empty(len(lat), dtype=np.int64)
    for i in range(len(lat)):
        out[i] = cell_of(lat[i], turned(lon[i]), 0, scale, start, count, first)
    return out
