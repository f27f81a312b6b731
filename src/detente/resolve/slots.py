"""Which delays conflict: for one flight against all that stand, each pair of legs at once.

If a flight leaves d seconds later, its position at s meets another's at t where t - s = d. The
pairs (s, t) of two legs that are too near form a convex region: the squared distance of two
straight motions is a convex quadratic in (s, t), the legs' times are a rectangle, and the
vertical minimum a strip. So the delays at which two legs conflict are one open interval, and
its ends are in closed form: on a side of the rectangle or the strip, or where the quadratic's
ellipse touches a line of equal t - s.

The chords' own distance is used, against r^2 plus the slack of
:func:`detente.detect.encounter.slack`: a slot that is free here is free on the ellipsoid too. A
slot that is taken here may graze by centimetres.
"""

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.detect.encounter import slack, widest
from detente.detect.legs import Legs
from detente.detect.standing import gather

__all__ = ["forbidden_differences", "taken"]


@njit(nogil=True, cache=True)
def _along(
    u0: float, w0: float, du: float, dw: float, l0: float, l1: float,
    dd: float, dp: float, dq: float, pp: float, qq: float, pq: float, r2: float,
) -> Any:  # fmt: skip
    """Give (found, least, largest) of w - u on a piece of a line where the distance is below r."""
    f0 = dd + 2.0 * (dp * w0 - dq * u0) + pp * w0 * w0 + qq * u0 * u0 - 2.0 * pq * u0 * w0
    fb = dp * dw - dq * du + pp * w0 * dw + qq * u0 * du - pq * (u0 * dw + w0 * du)
    fa = pp * dw * dw + qq * du * du - 2.0 * pq * du * dw
    if fa > 1e-9:
        root = fb * fb - fa * (f0 - r2)
        if root <= 0.0:
            return False, 0.0, 0.0
        root = math.sqrt(root)
        l0 = max(l0, (-fb - root) / fa)
        l1 = min(l1, (-fb + root) / fa)
    elif f0 >= r2:
        return False, 0.0, 0.0
    if l1 < l0:
        return False, 0.0, 0.0
    g0 = w0 - u0 + l0 * (dw - du)
    g1 = w0 - u0 + l1 * (dw - du)
    return True, min(g0, g1), max(g0, g1)


@njit(nogil=True, cache=True)
def _clip(c0: float, c1: float, low: float, high: float, l0: float, l1: float) -> Any:
    """Give the part of [l0, l1] in which low <= c0 + c1 l <= high."""
    if c1 == 0.0:
        return (l0, l1) if low <= c0 <= high else (1.0, 0.0)
    e0, e1 = (low - c0) / c1, (high - c0) / c1
    return max(l0, min(e0, e1)), min(l1, max(e0, e1))


@njit(nogil=True, cache=True)
def difference(
    dx: float, dy: float, dz: float, ax: float, ay: float, az: float, bx: float, by: float,
    bz: float, long_a: float, long_b: float, r2: float, z: float, sa: float, sb: float, v: float,
) -> Any:  # fmt: skip
    """Give (found, least, largest) of w - u over the conflicts of two legs.

    The first is at a u after its beginning, u in [0, long_a]; the second at d + b w, w in
    [0, long_b]; its height above the first is z + sb w - sa u.
    """
    dd = dx * dx + dy * dy + dz * dz
    dp = dx * bx + dy * by + dz * bz
    dq = dx * ax + dy * ay + dz * az
    pp = bx * bx + by * by + bz * bz
    qq = ax * ax + ay * ay + az * az
    pq = ax * bx + ay * by + az * bz
    level = sa == 0.0 and sb == 0.0
    if level and abs(z) >= v:
        return False, 0.0, 0.0
    found = False
    low, high = 1e300, -1e300
    for side in range(6):
        if side < 2:
            u0, w0, du, dw, l0, l1 = side * long_a, 0.0, 0.0, 1.0, 0.0, long_b
            if not level:
                l0, l1 = _clip(z - sa * u0, sb, -v, v, l0, l1)
        elif side < 4:
            u0, w0, du, dw, l0, l1 = 0.0, (side - 2) * long_b, 1.0, 0.0, 0.0, long_a
            if not level:
                l0, l1 = _clip(z + sb * w0, -sa, -v, v, l0, l1)
        elif level:
            continue
        else:
            edge = v if side == 4 else -v
            if abs(sb) >= abs(sa):
                u0, du, l0, l1 = 0.0, 1.0, 0.0, long_a
                w0, dw = (edge - z) / sb, sa / sb
                l0, l1 = _clip(w0, dw, 0.0, long_b, l0, l1)
            else:
                w0, dw, l0, l1 = 0.0, 1.0, 0.0, long_b
                u0, du = (z - edge) / sa, sb / sa
                l0, l1 = _clip(u0, du, 0.0, long_a, l0, l1)
        if l1 < l0:
            continue
        some, g0, g1 = _along(u0, w0, du, dw, l0, l1, dd, dp, dq, pp, qq, pq, r2)
        if some:
            found = True
            low, high = min(low, g0), max(high, g1)
    det = pp * qq - pq * pq
    if det > 1e-9 * (pp + qq) * (pp + qq):
        cu = (dq * pp - pq * dp) / det
        cw = (pq * dq - qq * dp) / det
        f = dd + 2.0 * (dp * cw - dq * cu) + pp * cw * cw + qq * cu * cu - 2.0 * pq * cu * cw
        if f < r2:
            # H^-1 (-1, 1): where the ellipse touches a line of equal w - u
            gu = (pq - pp) / det
            gw = (qq - pq) / det
            if gw > gu:
                size = math.sqrt((r2 - max(f, 0.0)) / (gw - gu))
                for turn in range(2):
                    k = size if turn else -size
                    u, w = cu + k * gu, cw + k * gw
                    if 0.0 <= u <= long_a and 0.0 <= w <= long_b and abs(z + sb * w - sa * u) < v:
                        found = True
                        low, high = min(low, w - u), max(high, w - u)
    return found, low, high


@njit(nogil=True, cache=True, inline="always")
def _pair(F: Any, o: int, alt0: float, alt1: float, G: Any, p: int, r2: float, v: float) -> Any:
    """Give (found, least, largest) of t - s of two legs, the first at altitudes of its own."""
    ka, kb = F[o + 7], G[p + 7]
    found, low, high = difference(
        G[p + 1] - F[o + 1], G[p + 2] - F[o + 2], G[p + 3] - F[o + 3],
        (F[o + 9] - F[o + 1]) * ka, (F[o + 10] - F[o + 2]) * ka, (F[o + 11] - F[o + 3]) * ka,
        (G[p + 9] - G[p + 1]) * kb, (G[p + 10] - G[p + 2]) * kb, (G[p + 11] - G[p + 3]) * kb,
        F[o + 8] - F[o], G[p + 8] - G[p], r2, G[p + 4] - alt0, (alt1 - alt0) * ka,
        (G[p + 12] - G[p + 4]) * kb, v,
    )  # fmt: skip
    shift = G[p] - F[o]
    return found, low + shift, high + shift


def forbidden_differences(first: Legs, second: Legs) -> NDArray[np.float64]:
    """Give by how much later the second must not leave than the first.

    Parameters
    ----------
    first, second : one flight each, with one epoch.

    Returns
    -------
    (k, 2) float64, open intervals of seconds, sorted and apart: the two conflict where the
    second's delay minus the first's is inside one.
    """
    found = _differences(first.rows, first.flight, second.rows, second.flight)
    merged: list[list[float]] = []
    for low, high in found[np.lexsort((found[:, 1], found[:, 0]))].tolist():
        if merged and low < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    return np.array(merged).reshape(-1, 2)


@njit(nogil=True, cache=True)
def _differences(F: Any, own: Any, G: Any, other: Any) -> Any:
    out = np.empty((16, 2))
    n = 0
    for i in range(len(own)):
        if own[i] < 0:
            continue
        o = 8 * i
        for j in range(len(other)):
            if other[j] < 0:
                continue
            p = 8 * j
            v = max(F[o + 6], G[p + 6])
            if _apart(F[o + 4], F[o + 12], G, p, v):
                continue
            r = max(F[o + 5], G[p + 5])
            r2 = r * r + slack(r)
            if _far(F, o, G, p, r2):
                continue
            found, low, high = _pair(F, o, F[o + 4], F[o + 12], G, p, r2, v)
            if found and high > low:
                if n == len(out):
                    out = np.concatenate((out, np.empty_like(out)))
                # leaving later by d, the first meets the second where t - s = d
                out[n, 0], out[n, 1] = -high, -low
                n += 1
    return out[:n].copy()


@njit(nogil=True, cache=True, inline="always")
def _apart(alt0: float, alt1: float, G: Any, p: int, v: float) -> Any:
    low, high = min(alt0, alt1), max(alt0, alt1)
    return min(G[p + 4], G[p + 12]) - high >= v or low - max(G[p + 4], G[p + 12]) >= v


@njit(nogil=True, cache=True, inline="always")
def _far(F: Any, o: int, G: Any, p: int, r2: float) -> Any:
    """Tell whether two legs are surely apart in place, whenever they are flown."""
    mx = G[p + 1] + G[p + 9] - F[o + 1] - F[o + 9]
    my = G[p + 2] + G[p + 10] - F[o + 2] - F[o + 10]
    mz = G[p + 3] + G[p + 11] - F[o + 3] - F[o + 11]
    ax = F[o + 9] - F[o + 1]
    ay = F[o + 10] - F[o + 2]
    az = F[o + 11] - F[o + 3]
    bx = G[p + 9] - G[p + 1]
    by = G[p + 10] - G[p + 2]
    bz = G[p + 11] - G[p + 3]
    reach = (
        math.sqrt(ax * ax + ay * ay + az * az)
        + math.sqrt(bx * bx + by * by + bz * bz)
        + 2.0 * math.sqrt(r2)
    )
    return mx * mx + my * my + mz * mz >= reach * reach


@njit(nogil=True, cache=True)
def taken(
    mine: Any, own_flight: Any, own_lat: Any, own_lon: Any, own_reach: Any, n: int, alts: Any,
    own: int, party: int, step: float, slots: int, rows: Any, flight: Any, party_of: Any,
    table: Any, blocks: Any, tops: Any, used: Any, most: Any, scale: Any, start: Any, count: Any,
    cell0: Any, poleward: Any, size: Any,
) -> Any:  # fmt: skip
    """Find which slots of departure are taken by which flight that stands.

    Parameters
    ----------
    mine, own_flight, own_lat, own_lon, own_reach, n : a route's legs, without delay.
    alts : (levels, n) feet; the route is asked for at each of these profiles.
    own : the flight's number among those that stand, left out; or -1.
    party : a number whose flights are left out; or -1.
    step, slots : slot k leaves k step seconds later; any number of them.
    rows ... size : the standing index's memory.

    Returns
    -------
    who : (k,) int32 numbers of flights that take any slot.
    mask : (k, levels, slots / 64 rounded up) uint64, a bit for each slot that each takes.
    """
    levels = len(alts)
    who = np.empty(32, dtype=np.int32)
    mask = np.zeros((32, levels, (slots + 63) // 64), dtype=np.uint64)
    known = 0
    near = np.empty(1024, dtype=np.int32)
    latest = (slots - 1) * step
    for i in range(n):
        if own_flight[i] < 0:
            continue
        o = 8 * i
        low, high = 1e300, -1e300
        for a in range(levels):
            low = min(low, alts[a, i], alts[a, i + 1])
            high = max(high, alts[a, i], alts[a, i + 1])
        t0 = mine[o]
        t1 = mine[o + 8] + latest
        tall = max(most[1], mine[o + 6])
        near, some = gather(
            near, own_lat[i], own_lon[i], own_reach[i] + widest(max(most[0], mine[o + 5])), t0, t1,
            low - tall, high + tall, table, blocks, tops, used, scale, start, count, cell0,
            poleward, size,
        )  # fmt: skip
        for x in range(some):
            j = near[x]
            p = 8 * j
            g = flight[j]
            if (
                g == own
                or (party >= 0 and party_of[g] == party)
                or rows[p + 8] <= t0
                or rows[p] >= t1
            ):
                continue
            v = max(mine[o + 6], rows[p + 6])
            if _apart(low, high, rows, p, v):
                continue
            dist = max(mine[o + 5], rows[p + 5])
            r2 = dist * dist + slack(dist)
            if _far(mine, o, rows, p, r2):
                continue
            at = -1
            for a in range(levels):
                if _apart(alts[a, i], alts[a, i + 1], rows, p, v):
                    continue
                found, d0, d1 = _pair(mine, o, alts[a, i], alts[a, i + 1], rows, p, r2, v)
                if not found:
                    continue
                k0 = max(0, math.floor(d0 / step) + 1)
                k1 = min(slots - 1, math.ceil(d1 / step) - 1)
                if k1 < k0:
                    continue
                if at < 0:
                    at = 0
                    while at < known and who[at] != g:
                        at += 1
                    if at == known:
                        if known == len(who):
                            who = np.concatenate((who, np.empty_like(who)))
                            mask = np.concatenate((mask, np.zeros_like(mask)))
                        who[at] = g
                        known += 1
                for k in range(k0, k1 + 1):
                    mask[at, a, k >> 6] |= np.uint64(1) << np.uint64(k & 63)
    return who[:known].copy(), mask[:known].copy()
