"""The broad phase of a whole set: slabs of time, each sorted into cells of the Earth.

In each slab the legs that are under way in it are sorted by cell. Each looks at the cells that
its disk reaches, at neighbouring cells as one run of memory, and what overlaps it in time and
could be near in height goes to the exact phase.

Nothing is missed: two points of two legs are at most r apart only if their anchors are within
reach_i + reach_j + r, and the disk has the largest reach_j and r that there are. A pair that
overlaps in time from t on is compared in the slab that holds t, where both are; of two bands
(or levels) the lower (the higher) one looks, of one band the leg that comes first.

Cells are folded into a table of fixed size: two that fall together only add comparisons.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.detect.buffer import encounter_buffered
from detente.detect.encounter import clear, encounter, widest
from detente.detect.grid import LEVELS, Grid, bands_of_disk, cell_of, level_of, lons_of_disk
from detente.detect.legs import Legs
from detente.detect.parallel import spread

__all__ = ["HIT", "record", "sweep"]

HIT: Final = 12
"""Numbers of a hit: flights a < b, entry, exit, closest (s), chord (m), height (ft), severity,
and half-way between the two at the closest approach: ECEF x, y, z (m) and altitude (ft)."""

_SLABS: Final = 20_000
_PIECES: Final = 16


def sweep(
    legs: Legs,
    *,
    party: NDArray[np.int32],
    side: NDArray[np.int8],
    time_buffer: float,
    threads: int,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float64]:
    """Find every leg-level hit of a set against itself, or of one side against another.

    Parameters
    ----------
    legs : all flights, both sides together.
    party : (flights,) a party's number; pairs of one party are left out. Empty: none left out.
    side : (flights,) 0 or 1; only pairs of different sides are compared. Empty: all are.
    time_buffer : seconds.
    threads : how many; the result does not depend on it.
    progress : called with (done, total) as slabs are done.

    Returns
    -------
    (k, HIT) float64, in no particular order; a hit may come twice.
    """
    begin, end, mean, reach, r, v, fastest, count = _extremes(legs.rows, legs.flight, legs.reach)
    if count == 0:
        return np.empty((0, HIT))
    q = widest(r) + time_buffer * fastest
    grid = Grid(max(3.0 * reach, 1.2 * q))
    tops = np.zeros(LEVELS)
    _tops(legs.flight, legs.reach, grid.size, tops)
    width = max(4.0 * mean + time_buffer, 0.5, (end - begin) / _SLABS)
    slabs = int((end - begin) / width) + 1
    buffer = time_buffer if time_buffer > 0.0 else None
    first, member = _slabs(legs.rows, legs.flight, begin, width, slabs, time_buffer)

    def piece(lo: int, hi: int) -> NDArray[np.float64]:
        found: NDArray[np.float64] = _sweep(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, first, member, lo, hi,
            begin, width, q, v, buffer, party, side, tops, *grid.arrays,
        )  # fmt: skip
        return found

    return np.concatenate(
        spread(piece, slabs, threads, pieces=_PIECES * threads, progress=progress)
    )


@njit(nogil=True, cache=True)
def _extremes(rows: Any, flight: Any, reach: Any) -> Any:
    """Give the first start, last end, mean duration, largest reach, minima and speed; the count."""
    begin = 1e300
    end = -1e300
    total = far = r = v = fastest = 0.0
    count = 0
    for i in range(len(flight)):
        if flight[i] < 0:
            continue
        o = 8 * i
        count += 1
        begin = min(begin, rows[o])
        end = max(end, rows[o + 8])
        total += rows[o + 8] - rows[o]
        far = max(far, reach[i])
        r = max(r, rows[o + 5])
        v = max(v, rows[o + 6])
        # a leg is no longer than twice its reach
        fastest = max(fastest, 2.0 * reach[i] * rows[o + 7])
    return begin, end, total / max(1, count), far, r, v, fastest, count


@njit(nogil=True, cache=True)
def _tops(flight: Any, reach: Any, size: Any, tops: Any) -> None:
    """Find the largest reach on each level; 0 where a level is empty."""
    for i in range(len(flight)):
        if flight[i] >= 0:
            level = level_of(reach[i], size)
            tops[level] = max(tops[level], reach[i])


@njit(nogil=True, cache=True)
def _slabs(rows: Any, flight: Any, begin: float, width: float, slabs: int, buffer: float) -> Any:
    """List each slab's legs: slab s has member[first[s]:first[s + 1]], by position."""
    first = np.zeros(slabs + 1, dtype=np.int64)
    for fill in range(2):
        if fill == 1:
            for s in range(slabs):
                first[s + 1] += first[s]
            member = np.empty(first[slabs], dtype=np.int32)
            at = first[:-1].copy()
        for i in range(len(flight)):
            if flight[i] < 0:
                continue
            s0 = int((rows[8 * i] - begin) / width)
            s1 = min(int((rows[8 * i + 8] + buffer - begin) / width), slabs - 1)
            for s in range(s0, s1 + 1):
                if fill == 0:
                    first[s + 1] += 1
                else:
                    member[at[s]] = i
                    at[s] += 1
    return first, member


@njit(nogil=True, cache=True)
def _sweep(
    rows: Any, flight: Any, lat: Any, lon: Any, reach: Any, first: Any, member: Any, lo: int,
    hi: int, begin: float, width: float, q: float, v: float, buffer: Any, party: Any, side: Any,
    tops: Any, scale: Any, start: Any, count: Any, cell0: Any, poleward: Any, size: Any,
) -> Any:  # fmt: skip
    most = 1
    for s in range(lo, hi):
        most = max(most, first[s + 1] - first[s])
    slots = 1 << 10
    while slots < 2 * most and slots < 1 << 16:
        slots *= 2
    at = np.empty(slots + 1, dtype=np.int32)
    slot_of = np.empty(most, dtype=np.int32)
    leg_of = np.empty(most, dtype=np.int32)
    # start, end, lowest, highest of the slab's legs in the order of their cells
    box = np.empty((most, 4))
    near = np.empty(most + 1, dtype=np.int32)
    hits = np.empty((64, 12))
    found = 0
    late = 0.0 if buffer is None else buffer
    for s in range(lo, hi):
        f0 = first[s]
        n = first[s + 1] - f0
        floor = begin + s * width
        _into_cells(
            rows, lat, lon, reach, member, f0, n, late, at, slot_of, leg_of, box, slots,
            scale, start, count, cell0, size,
        )  # fmt: skip
        for k in range(n):
            i = leg_of[k]
            own = level_of(reach[i], size)
            mine = _band(lat[i], own, scale, start)
            low = box[k, 2] - v
            high = box[k, 3] + v
            t0 = box[k, 0]
            t1 = box[k, 1]
            some = 0
            for level in range(own + 1):
                if tops[level] == 0.0:
                    continue
                b0, b1, wide = bands_of_disk(
                    lat[i], reach[i] + tops[level] + q, level, scale, start, poleward
                )
                if level == own:
                    b0 = mine
                for band in range(b0, b1 + 1):
                    m = count[band]
                    c, cells = lons_of_disk(lon[i], wide, m)
                    while cells > 0:
                        # a run of cells ends where the band or the table ends
                        slot = (cell0[band] + c) & (slots - 1)
                        run = min(cells, m - c, slots - slot)
                        p0 = at[slot]
                        p1 = at[slot + run]
                        if level == own and band == mine:
                            p0 = max(p0, k + 1)
                        if some + p1 - p0 > len(near):
                            near = np.concatenate(
                                (near[:some], np.empty(some + p1 - p0 + most, dtype=np.int32))
                            )
                        for p in range(p0, p1):
                            near[some] = p
                            some += (
                                (box[p, 0] <= t1)
                                & (box[p, 1] >= t0)
                                & (max(box[p, 0], t0) >= floor)
                                & (box[p, 2] < high)
                                & (box[p, 3] > low)
                            )
                        cells -= run
                        c = (c + run) % m
            f = flight[i]
            for x in range(some):
                j = leg_of[near[x]]
                g = flight[j]
                if g == f or (len(party) > 0 and party[f] == party[g]):
                    continue
                if len(side) > 0 and side[f] == side[g]:
                    continue
                if f < g:
                    a, b, oa, ob = f, g, 8 * i, 8 * j
                else:
                    a, b, oa, ob = g, f, 8 * j, 8 * i
                if buffer is None:
                    if clear(rows, oa, rows, ob):
                        continue
                    hit = encounter(rows, oa, rows, ob)
                else:
                    hit = encounter_buffered(rows, oa, rows, ob, buffer)
                if hit[0]:
                    if found == len(hits):
                        hits = np.concatenate((hits, np.empty_like(hits)))
                    record(hits, found, a, b, rows, oa, rows, ob, hit)
                    found += 1
    return hits[:found].copy()


@njit(nogil=True, cache=True, inline="always")
def _band(lat: float, level: int, scale: Any, start: Any) -> Any:
    return start[level] + min(int((lat + 90.0) * scale[level]), start[level + 1] - start[level] - 1)


@njit(nogil=True, cache=True)
def _into_cells(
    rows: Any, lat: Any, lon: Any, reach: Any, member: Any, f0: int, n: int, late: float,
    at: Any, slot_of: Any, leg_of: Any, box: Any, slots: int,
    scale: Any, start: Any, count: Any, cell0: Any, size: Any,
) -> None:  # fmt: skip
    """Sort a slab's legs by cell; those of slot s come to lie at at[s]:at[s + 1]."""
    at[:] = 0
    for k in range(n):
        i = member[f0 + k]
        level = level_of(reach[i], size)
        slot = cell_of(lat[i], lon[i], level, scale, start, count, cell0) & (slots - 1)
        slot_of[k] = slot
        at[slot] += 1
    total = 0
    for s in range(slots):
        total += at[s]
        at[s] = total
    at[slots] = total
    for k in range(n - 1, -1, -1):
        i = member[f0 + k]
        p = at[slot_of[k]] - 1
        at[slot_of[k]] = p
        o = 8 * i
        leg_of[p] = i
        box[p, 0] = rows[o]
        box[p, 1] = rows[o + 8] + late
        box[p, 2] = min(rows[o + 4], rows[o + 12])
        box[p, 3] = max(rows[o + 4], rows[o + 12])


@njit(nogil=True, cache=True)
def record(hits: Any, k: int, a: int, b: int, F: Any, i: int, G: Any, j: int, found: Any) -> None:
    """Write what :func:`encounter` found as row k of hits."""
    hits[k, 0] = a
    hits[k, 1] = b
    hits[k, 2] = found[1]
    hits[k, 3] = found[2]
    hits[k, 4] = 0.5 * (found[3] + found[4])
    hits[k, 5] = found[5]
    hits[k, 6] = found[6]
    hits[k, 7] = found[7]
    u = (found[3] - F[i]) * F[i + 7]
    w = (found[4] - G[j]) * G[j + 7]
    for x in range(1, 5):
        here = F[i + x] + (F[i + 8 + x] - F[i + x]) * u
        there = G[j + x] + (G[j + 8 + x] - G[j + x]) * w
        hits[k, 7 + x] = 0.5 * (here + there)
