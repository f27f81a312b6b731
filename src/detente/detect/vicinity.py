"""Where standing volumes lie, and which are near a leg or another volume.

A volume is under the keys of its cell (on the level that fits its reach), its time bins and its
altitude bins, each on the level that fits how long it holds and how tall it is: so at most two
bins of each. Volumes that hold always or have no limit have one bin; those that are larger than
the largest cells have one cell, the Earth.
"""

import math
from typing import Any, Final

import numpy as np
from numba import njit

from detente.detect.apart import apart
from detente.detect.buckets import (
    TIMES,
    bin_width,
    drop,
    key_of,
    listed,
    locate,
    put,
    time_level,
)
from detente.detect.encounter import INSTANT, TOLERANCE_FT
from detente.detect.grid import LEVELS, bands_of_disk, cell_of, level_of, lons_of_disk
from detente.detect.passage import passage
from detente.detect.sketch import eighth, layer, sketch

__all__ = ["HEIGHTS", "leave", "meetings", "nearby", "passages", "settle", "surroundings"]

HEIGHTS: Final = 5
"""How many altitude levels there are; the last has one bin, for all that is taller."""
_STOREY = 128.0  # feet of the finest altitude bin
_EARTH = -1  # the cell of what is larger than all cells
_ANY = 1e9  # feet beyond all limits
_SCAN = 8  # one look into a cell costs about as much as so many volumes in a row


@njit(nogil=True, cache=True, inline="always")
def _storey(level: int) -> float:
    """Give the feet of an altitude level's bins."""
    return _STOREY * 4.0**level if level < HEIGHTS - 1 else math.inf


@njit(nogil=True, cache=True, inline="always")
def _place(
    bounds: Any, k: int, lat: float, lon: float, scale: Any, start: Any, count: Any, cell0: Any,
    size: Any,
) -> Any:  # fmt: skip
    """Give a volume's level, cell, time level and bins, altitude level and bins."""
    reach = bounds[k, 7]
    level, cell = LEVELS, _EARTH
    if 2.0 * reach <= size[LEVELS - 1]:
        level = level_of(reach, size)
        cell = cell_of(lat, lon, level, scale, start, count, cell0)
    t = time_level(bounds[k, 1] - bounds[k, 0])
    width = bin_width(t)
    h = 0
    while h < HEIGHTS - 1 and bounds[k, 3] - bounds[k, 2] > _storey(h):
        h += 1
    tall = _storey(h)
    return (
        level, cell, t, math.floor(bounds[k, 0] / width), math.floor(bounds[k, 1] / width),
        h, math.floor(bounds[k, 2] / tall), math.floor(bounds[k, 3] / tall),
    )  # fmt: skip


@njit(nogil=True, cache=True, inline="always")
def _key(cell: int, t: int, x: int, h: int, y: int) -> Any:
    return key_of(cell * 8 + h, t, x * 4096 + (y & 4095))


@njit(nogil=True, cache=True)
def settle(
    bounds: Any, lat: Any, lon: Any, lo: int, hi: int, table: Any, blocks: Any, free: Any,
    tops: Any, used: Any, bins: Any, scale: Any, start: Any, count: Any, cell0: Any,
    poleward: Any, size: Any,
) -> int:  # fmt: skip
    """Put volumes lo to hi into their cells; give how many keys are new.

    ``tops`` (largest reach of each level), ``used`` (how many are on each level of place, time
    and altitude) and ``bins`` (first and last bin of each level of time, then of altitude)
    follow.
    """
    new = 0
    for k in range(lo, hi):
        level, cell, t, x0, x1, h, y0, y1 = _place(
            bounds, k, lat[k], lon[k], scale, start, count, cell0, size
        )
        tops[level] = max(tops[level], bounds[k, 7])
        used[level, t, h] += 1
        bins[t, 0], bins[t, 1] = min(bins[t, 0], x0), max(bins[t, 1], x1)
        bins[TIMES + h, 0] = min(bins[TIMES + h, 0], y0)
        bins[TIMES + h, 1] = max(bins[TIMES + h, 1], y1)
        for x in range(x0, x1 + 1):
            for y in range(y0, y1 + 1):
                drawn = sketch(
                    bounds[k, 2], bounds[k, 3], bounds[k, 0], bounds[k, 1], x, bin_width(t),
                    x == x0, y == y0,
                )  # fmt: skip
                new += put(table, blocks, free, _key(cell, t, x, h, y), k, drawn)
    return new


@njit(nogil=True, cache=True)
def leave(
    bounds: Any, lat: Any, lon: Any, lo: int, hi: int, owner: Any, table: Any, blocks: Any,
    free: Any, used: Any, scale: Any, start: Any, count: Any, cell0: Any, poleward: Any, size: Any,
) -> None:  # fmt: skip
    """Take volumes lo to hi out of their cells."""
    for k in range(lo, hi):
        level, cell, t, x0, x1, h, y0, y1 = _place(
            bounds, k, lat[k], lon[k], scale, start, count, cell0, size
        )
        used[level, t, h] -= 1
        for x in range(x0, x1 + 1):
            for y in range(y0, y1 + 1):
                drop(table, blocks, free, _key(cell, t, x, h, y), k)
        owner[k] = -1


@njit(nogil=True, cache=True, inline="always")
def _near(
    bounds: Any, k: int, x: float, y: float, z: float, far: float, t0: float, t1: float,
    low: float, high: float,
) -> Any:  # fmt: skip
    dx, dy, dz = bounds[k, 4] - x, bounds[k, 5] - y, bounds[k, 6] - z
    return (
        bounds[k, 0] < t1
        and bounds[k, 1] > t0
        and bounds[k, 2] < high
        and bounds[k, 3] > low
        and dx * dx + dy * dy + dz * dz < (far + bounds[k, 7]) ** 2
    )


@njit(nogil=True, cache=True)
def nearby(
    near: Any, lat: float, lon: float, ex: float, ey: float, ez: float, far: float, t0: float,
    t1: float, low: float, high: float, bounds: Any, owner: Any, end: int, table: Any, blocks: Any,
    tops: Any, used: Any, bins: Any, scale: Any, start: Any, count: Any, cell0: Any,
    poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """List the standing volumes that come within far of a place, between two times and altitudes.

    Parameters
    ----------
    near : room to write in. lat, lon, ex, ey, ez : the place, in degrees and in ECEF metres.
    end : volumes beyond it were never laid out; where cells are more, all up to it are gone
        through instead.

    Returns
    -------
    near, larger if it had to be, and how many there are; none comes twice.
    """
    cells = 0.0
    for level in range(LEVELS + 1):
        if tops[level] == 0.0:
            continue
        places = 1.0
        if level < LEVELS:
            b0, b1, wide = bands_of_disk(lat, far + tops[level], level, scale, start, poleward)
            places = (b1 - b0 + 1) * (1.0 + wide / 180.0 * count[(b0 + b1) // 2])
        for t in range(TIMES):
            width = bin_width(t)
            x0 = max(math.floor(t0 / width), bins[t, 0])
            x1 = min(math.floor(t1 / width), bins[t, 1])
            for h in range(HEIGHTS):
                if used[level, t, h] > 0 and x1 >= x0:
                    tall = _storey(h)
                    up = TIMES + h
                    y0 = max(math.floor(low / tall), bins[up, 0])
                    y1 = min(math.floor(high / tall), bins[up, 1])
                    cells += places * (x1 - x0 + 1) * max(0, y1 - y0 + 1)
    some = 0
    if cells * _SCAN > end:
        for k in range(end):
            if owner[k] >= 0 and _near(bounds, k, ex, ey, ez, far, t0, t1, low, high):
                if some == len(near):
                    near = np.concatenate((near, np.empty_like(near)))
                near[some] = k
                some += 1
        return near, some
    for level in range(LEVELS + 1):
        if tops[level] == 0.0:
            continue
        b0, b1, wide = 0, 0, 0.0
        if level < LEVELS:
            b0, b1, wide = bands_of_disk(lat, far + tops[level], level, scale, start, poleward)
        for t in range(TIMES):
            width = bin_width(t)
            x0 = max(math.floor(t0 / width), bins[t, 0])
            x1 = min(math.floor(t1 / width), bins[t, 1])
            for h in range(HEIGHTS):
                if used[level, t, h] == 0:
                    continue
                tall = _storey(h)
                y0 = max(math.floor(low / tall), bins[TIMES + h, 0])
                y1 = min(math.floor(high / tall), bins[TIMES + h, 1])
                for band in range(b0, b1 + 1):
                    m, c, cell_count = 1, 0, 1
                    if level < LEVELS:
                        m = count[band]
                        c, cell_count = lons_of_disk(lon, wide, m)
                    for _ in range(cell_count):
                        if c >= m:
                            c -= m
                        cell = cell0[band] + c if level < LEVELS else _EARTH
                        c += 1
                        for x in range(x0, x1 + 1):
                            for y in range(y0, y1 + 1):
                                s = locate(table, _key(cell, t, x, h, y))
                                if table[s] != 0:
                                    near, some = listed(
                                        near, some, table, blocks, s, layer(low), layer(high),
                                        eighth(t0, x, width), eighth(t1, x, width),
                                        x == x0, y == y0,
                                    )  # fmt: skip
    found = 0
    for e in range(some):
        near[found] = near[e]
        found += _near(bounds, near[e], ex, ey, ez, far, t0, t1, low, high)
    return near, found


@njit(nogil=True, cache=True)
def passages(
    rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, n: int, own: int, party: int,
    owner: Any, party_of: Any, end: int, bounds: Any, disc: Any, limits: Any, basis: Any,
    span: Any, border: Any, plane: Any, table: Any, blocks: Any, tops: Any, used: Any, bins: Any,
    scale: Any, start: Any, count: Any, cell0: Any, poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """Find when n legs are in standing volumes; hits as the sweep's, a being 0, b the owner.

    ``own`` is the number of an owner, ``party`` of one whose volumes are left out; or -1.
    """
    hits = np.empty((16, 12))
    found = 0
    out = np.empty((16, 6))
    near = np.empty(256, dtype=np.int32)
    for i in range(n):
        if flight[i] < 0:
            continue
        o = 8 * i
        near, some = nearby(
            near, lat[i], lon[i], 0.5 * (rows[o + 1] + rows[o + 9]),
            0.5 * (rows[o + 2] + rows[o + 10]), 0.5 * (rows[o + 3] + rows[o + 11]),
            reach[i], rows[o], rows[o + 8], min(rows[o + 4], rows[o + 12]),
            max(rows[o + 4], rows[o + 12]), bounds, owner, end, table, blocks, tops, used, bins,
            scale, start, count, cell0, poleward, size,
        )  # fmt: skip
        for x in range(some):
            k = near[x]
            g = owner[k]
            if g == own or (party >= 0 and party_of[g] == party):
                continue
            before = found
            hits, found, out = passage(
                hits, found, out, rows, o, 0, k, bounds, disc, limits, basis, span, border, plane
            )
            for h in range(before, found):
                hits[h, 1] = g
    return hits[:found].copy()


@njit(nogil=True, cache=True)
def meetings(
    lat: Any, lon: Any, own: int, party: int, owner: Any, party_of: Any, end: int,
    own_bounds: Any, own_disc: Any, own_limits: Any, own_basis: Any, own_span: Any,
    own_border: Any, own_plane: Any, bounds: Any, disc: Any, limits: Any, basis: Any,
    span: Any, border: Any, plane: Any, table: Any, blocks: Any, tops: Any, used: Any, bins: Any,
    scale: Any, start: Any, count: Any, cell0: Any, poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """Give (k, 2) volumes and standing volumes that are not surely apart.

    ``own`` is the number of an owner, ``party`` of one whose volumes are left out; or -1.
    """
    pairs = np.empty((16, 2), dtype=np.int64)
    found = 0
    near = np.empty(256, dtype=np.int32)
    for i in range(len(own_bounds)):
        near, some = nearby(
            near, lat[i], lon[i], own_bounds[i, 4], own_bounds[i, 5], own_bounds[i, 6],
            own_bounds[i, 7], own_bounds[i, 0], own_bounds[i, 1], own_bounds[i, 2],
            own_bounds[i, 3], bounds, owner, end, table, blocks, tops, used, bins,
            scale, start, count, cell0, poleward, size,
        )  # fmt: skip
        for x in range(some):
            k = near[x]
            g = owner[k]
            if g == own or (party >= 0 and party_of[g] == party):
                continue
            if min(own_bounds[i, 1], bounds[k, 1]) - max(own_bounds[i, 0], bounds[k, 0]) <= INSTANT:
                continue
            height = max(own_limits[i, 0] - limits[k, 1], limits[k, 0] - own_limits[i, 1])
            if height >= max(own_limits[i, 3], limits[k, 3]) - TOLERANCE_FT:
                continue
            if apart(
                i, own_bounds, own_disc, own_limits, own_basis, own_span, own_border, own_plane,
                k, bounds, disc, limits, basis, span, border, plane,
            ):  # fmt: skip
                continue
            if found == len(pairs):
                pairs = np.concatenate((pairs, np.empty_like(pairs)))
            pairs[found, 0], pairs[found, 1] = i, k
            found += 1
    return pairs[:found].copy()


@njit(nogil=True, cache=True)
def surroundings(
    rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, n: int, margin: float, later: float,
    party: int, owner: Any, party_of: Any, end: int, bounds: Any, table: Any, blocks: Any,
    tops: Any, used: Any, bins: Any, scale: Any, start: Any, count: Any, cell0: Any,
    poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """Give the standing volumes within a margin of n legs, at any altitude, now or later."""
    found = np.empty(64, dtype=np.int32)
    many = 0
    near = np.empty(256, dtype=np.int32)
    for i in range(n):
        if flight[i] < 0:
            continue
        o = 8 * i
        near, some = nearby(
            near, lat[i], lon[i], 0.5 * (rows[o + 1] + rows[o + 9]),
            0.5 * (rows[o + 2] + rows[o + 10]), 0.5 * (rows[o + 3] + rows[o + 11]),
            reach[i] + margin, rows[o], rows[o + 8] + later, -_ANY, _ANY,
            bounds, owner, end, table, blocks, tops, used, bins,
            scale, start, count, cell0, poleward, size,
        )  # fmt: skip
        for x in range(some):
            if party >= 0 and party_of[owner[near[x]]] == party:
                continue
            if many == len(found):
                found = np.concatenate((found, np.empty_like(found)))
            found[many] = near[x]
            many += 1
    return np.unique(found[:many])
