"""What the standing index does with each leg: put it in its cells, take it out, look around it."""

import math
from typing import Any

import numpy as np
from numba import njit

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
from detente.detect.buffer import encounter_buffered
from detente.detect.encounter import clear, encounter, widest
from detente.detect.grid import bands_of_disk, cell_of, level_of, lons_of_disk
from detente.detect.passage import passage
from detente.detect.sketch import eighth, layer, sketch
from detente.detect.sweep import record

__all__ = ["erase", "gather", "insert", "keep", "keep_all", "look", "look_in"]


@njit(nogil=True, cache=True)
def keep(
    laid: Any, laid_flight: Any, laid_lat: Any, laid_lon: Any, laid_reach: Any, first: int, n: int,
    number: int, rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, at: int, most: Any,
) -> None:  # fmt: skip
    """Copy n rows from where they were laid out, as those of a flight's number.

    ``most`` (largest minima across and up, largest speed) follows.
    """
    for i in range(n):
        p, q = first + i, at + i
        for x in range(8):
            rows[8 * q + x] = laid[8 * p + x]
        lat[q], lon[q], reach[q] = laid_lat[p], laid_lon[p], laid_reach[p]
        flight[q] = number if laid_flight[p] >= 0 else -1
        most[0] = max(most[0], laid[8 * p + 5])
        most[1] = max(most[1], laid[8 * p + 6])
        most[2] = max(most[2], 2.0 * laid_reach[p] * laid[8 * p + 7])


@njit(nogil=True, cache=True)
def keep_all(
    laid: Any, laid_flight: Any, laid_lat: Any, laid_lon: Any, laid_reach: Any, first: Any, n: Any,
    number: int, rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, at: Any, most: Any,
) -> None:  # fmt: skip
    """Do as :func:`keep` for many flights, whose numbers are consecutive."""
    for k in range(len(first)):
        keep(
            laid, laid_flight, laid_lat, laid_lon, laid_reach, first[k], n[k],
            number + k, rows, flight, lat, lon, reach, at[k], most,
        )  # fmt: skip


@njit(nogil=True, cache=True)
def insert(
    rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, lo: int, hi: int, table: Any,
    blocks: Any, free: Any, tops: Any, used: Any, scale: Any, start: Any, count: Any, cell0: Any,
    poleward: Any, size: Any,
) -> int:  # fmt: skip
    """Put legs lo to hi into their cells; give how many keys are new.

    ``tops`` (largest reach of each level) and ``used`` follow: of each time level how many legs
    are on it, and from which bin to which there have ever been any.
    """
    new = 0
    for i in range(lo, hi):
        if flight[i] < 0:
            continue
        level = level_of(reach[i], size)
        tops[level] = max(tops[level], reach[i])
        cell = cell_of(lat[i], lon[i], level, scale, start, count, cell0)
        t = time_level(rows[8 * i + 8] - rows[8 * i])
        width = bin_width(t)
        x0, x1 = math.floor(rows[8 * i] / width), math.floor(rows[8 * i + 8] / width)
        used[t, 1] = min(used[t, 1], x0) if used[t, 0] else x0
        used[t, 2] = max(used[t, 2], x1) if used[t, 0] else x1
        used[t, 0] += 1
        for x in range(x0, x1 + 1):
            drawn = sketch(
                min(rows[8 * i + 4], rows[8 * i + 12]), max(rows[8 * i + 4], rows[8 * i + 12]),
                rows[8 * i], rows[8 * i + 8], x, width, x == x0, True,
            )  # fmt: skip
            new += put(table, blocks, free, key_of(cell, t, x), i, drawn)
    return new


@njit(nogil=True, cache=True)
def erase(
    rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, lo: int, hi: int, table: Any,
    blocks: Any, free: Any, used: Any, scale: Any, start: Any, count: Any, cell0: Any,
    poleward: Any, size: Any,
) -> None:  # fmt: skip
    """Take legs lo to hi out of their cells."""
    for i in range(lo, hi):
        if flight[i] < 0:
            continue
        cell = cell_of(lat[i], lon[i], level_of(reach[i], size), scale, start, count, cell0)
        t = time_level(rows[8 * i + 8] - rows[8 * i])
        used[t, 0] -= 1
        width = bin_width(t)
        for x in range(math.floor(rows[8 * i] / width), math.floor(rows[8 * i + 8] / width) + 1):
            drop(table, blocks, free, key_of(cell, t, x), i)
        flight[i] = -1


@njit(nogil=True, cache=True, inline="always")
def gather(
    near: Any, lat: float, lon: float, far: float, t0: float, t1: float, low: float, high: float,
    table: Any, blocks: Any, tops: Any, used: Any, scale: Any, start: Any, count: Any, cell0: Any,
    poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """List the legs within far (and their own reach) of a place, from t0 to t1, low to high.

    Some that are further away, or at other times or altitudes, are among them; none comes twice
    but where two cells share a key. ``near`` is room to write in: it is given back, larger if
    it must be, with how many there are. Inlined, for a call costs more than a cell.
    """
    some = 0
    bottom, top = layer(low), layer(high)
    for level in range(len(size)):
        if tops[level] == 0.0:
            continue
        b0, b1, wide = bands_of_disk(lat, far + tops[level], level, scale, start, poleward)
        for t in range(TIMES):
            if used[t, 0] == 0:
                continue
            width = bin_width(t)
            x0 = max(math.floor(t0 / width), used[t, 1])
            x1 = min(math.floor(t1 / width), used[t, 2])
            for band in range(b0, b1 + 1):
                m = count[band]
                c, cells = lons_of_disk(lon, wide, m)
                for _ in range(cells):
                    if c >= m:
                        c -= m
                    for x in range(x0, x1 + 1):
                        s = locate(table, key_of(cell0[band] + c, t, x))
                        if table[s] != 0:
                            near, some = listed(
                                near, some, table, blocks, s, bottom, top,
                                eighth(t0, x, width), eighth(t1, x, width), x == x0, True,
                            )  # fmt: skip
                    c += 1
    return near, some


@njit(nogil=True, cache=True)
def look(
    mine: Any, own_flight: Any, own_lat: Any, own_lon: Any, own_reach: Any, n: int, own: int,
    party: int, rows: Any, flight: Any, party_of: Any, table: Any, blocks: Any, tops: Any,
    used: Any, most: Any, buffer: Any, scale: Any, start: Any, count: Any,
    cell0: Any, poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """Compare n legs with all that stand near them; hits as the sweep's, flight a being 0.

    ``own`` is the number of a flight, ``party`` of one whose flights are left out; or -1.
    """
    hits = np.empty((16, 12))
    found = 0
    near = np.empty(256, dtype=np.int32)
    late = 0.0 if buffer is None else buffer
    for i in range(n):
        if own_flight[i] < 0:
            continue
        o = 8 * i
        t0 = mine[o] - late
        t1 = mine[o + 8] + late
        far = own_reach[i] + widest(max(most[0], mine[o + 5]))
        far += late * max(2.0 * own_reach[i] * mine[o + 7], most[2])
        tall = max(most[1], mine[o + 6])
        near, some = gather(
            near, own_lat[i], own_lon[i], far, t0, t1, min(mine[o + 4], mine[o + 12]) - tall,
            max(mine[o + 4], mine[o + 12]) + tall, table, blocks, tops, used,
            scale, start, count, cell0, poleward, size,
        )  # fmt: skip
        for x in range(some):
            j = near[x]
            p = 8 * j
            if rows[p] >= t1 or rows[p + 8] <= t0:
                continue
            g = flight[j]
            if g == own or (party >= 0 and party_of[g] == party):
                continue
            if buffer is None:
                if clear(mine, o, rows, p):
                    continue
                hit = encounter(mine, o, rows, p)
            else:
                hit = encounter_buffered(mine, o, rows, p, buffer)
            if hit[0]:
                if found == len(hits):
                    hits = np.concatenate((hits, np.empty_like(hits)))
                record(hits, found, 0, g, mine, o, rows, p, hit)
                found += 1
    return hits[:found].copy()


@njit(nogil=True, cache=True)
def look_in(
    own_lat: Any, own_lon: Any, own: int, party: int, rows: Any, flight: Any, reach: Any,
    end: int, party_of: Any, table: Any, blocks: Any, tops: Any, used: Any, scale: Any, start: Any,
    count: Any, cell0: Any, poleward: Any, size: Any, bounds: Any, disc: Any, limits: Any,
    basis: Any, span: Any, border: Any, plane: Any,
) -> Any:  # fmt: skip
    """Find which legs that stand are in volumes; hits as the sweep's, volume b being 0.

    ``own`` is the number of a flight, ``party`` of one whose flights are left out; or -1.
    Where a volume is so large, or holds for so long, that its cells are more than the legs,
    the legs are gone through instead.
    """
    hits = np.empty((16, 12))
    found = 0
    out = np.empty((16, 6))
    near = np.empty(256, dtype=np.int32)
    for k in range(len(bounds)):
        far = bounds[k, 7]
        t0, t1 = bounds[k, 0], bounds[k, 1]
        cells = _cells(own_lat[k], far, t0, t1, tops, used, scale, start, count, poleward)
        few = cells * 8 < end
        some = end
        if few:
            near, some = gather(
                near, own_lat[k], own_lon[k], far, t0, t1, bounds[k, 2], bounds[k, 3],
                table, blocks, tops, used, scale, start, count, cell0, poleward, size,
            )  # fmt: skip
        for x in range(some):
            i = near[x] if few else x
            g = flight[i]
            if g < 0:
                continue
            o = 8 * i
            if rows[o] >= t1 or rows[o + 8] <= t0:
                continue
            if min(rows[o + 4], rows[o + 12]) >= bounds[k, 3]:
                continue
            if max(rows[o + 4], rows[o + 12]) <= bounds[k, 2]:
                continue
            dx = 0.5 * (rows[o + 1] + rows[o + 9]) - bounds[k, 4]
            dy = 0.5 * (rows[o + 2] + rows[o + 10]) - bounds[k, 5]
            dz = 0.5 * (rows[o + 3] + rows[o + 11]) - bounds[k, 6]
            if dx * dx + dy * dy + dz * dz >= (far + reach[i]) ** 2:
                continue
            if g == own or (party >= 0 and party_of[g] == party):
                continue
            before = found
            hits, found, out = passage(
                hits, found, out, rows, o, g, k,
                bounds, disc, limits, basis, span, border, plane,
            )  # fmt: skip
            for h in range(before, found):
                hits[h, 1] = 0
    return hits[:found].copy()


@njit(nogil=True, cache=True, inline="always")
def _cells(
    lat: float, far: float, t0: float, t1: float, tops: Any, used: Any, scale: Any, start: Any,
    count: Any, poleward: Any,
) -> Any:  # fmt: skip
    """Count, roughly, the cells and bins that :func:`gather` would look into."""
    bins = 0
    for t in range(TIMES):
        if used[t, 0] > 0:
            width = bin_width(t)
            x0 = max(math.floor(t0 / width), used[t, 1])
            x1 = min(math.floor(t1 / width), used[t, 2])
            bins += max(0, x1 - x0 + 1)
    cells = 0.0
    for level in range(len(tops)):
        if tops[level] > 0.0:
            b0, b1, wide = bands_of_disk(lat, far + tops[level], level, scale, start, poleward)
            cells += (b1 - b0 + 1) * (1.0 + wide / 180.0 * count[(b0 + b1) // 2])
    return cells * bins
