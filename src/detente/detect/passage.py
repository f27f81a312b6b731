"""The exact phase of a leg and a volume: when it is inside, or nearer than the volume's buffer.

A leg and the border are straight lines in the polygon's central projection, so a leg crosses a
side where a linear function of time is zero, and inside is a question of the plane. A buffer
is kept from each piece of the border: a capsule about a segment in the plane that touches the
Earth under the leg's middle, which for pieces of up to 20 km and buffers of up to 10 km errs
by less than 5 cm. A circle is a flight that stands still, for the same exact phase.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from detente.detect.encounter import INSTANT, TOLERANCE, encounter
from detente.earth import MEAN_RADIUS, A, B

__all__ = ["depth", "passage"]

_A2 = 1.0 / (A * A)
_B2 = 1.0 / (B * B)


@njit(nogil=True, cache=True)
def passage(
    hits: Any, n: int, out: Any, rows: Any, o: int, flight: int, k: int,
    bounds: Any, disc: Any, limits: Any, basis: Any, span: Any, border: Any, plane: Any,
) -> Any:  # fmt: skip
    """Write the intervals in which a leg is in volume k, as those of the sweep.

    Parameters
    ----------
    hits, n : rows of twelve, and how many are written. out : room to write in.
    rows, o : flat rows of flights, and the position of the leg's.
    flight : what to write as the first of the pair; k is the second.
    bounds ... plane : as :attr:`detente.detect.outlines.Outlines.arrays`.

    Returns
    -------
    hits, n, out : as they came; hits and out larger where they had to be.
    """
    t0, t1 = _window(rows, o, bounds, k)
    if t1 - t0 <= INSTANT:
        return hits, n, out
    if disc[k]:
        some = _in_circle(rows, o, t0, t1, bounds, limits, k, out)
    else:
        out, some = _in_polygon(rows, o, t0, t1, limits, basis, span, border, plane, k, out)
    for x in range(some):
        if n == len(hits):
            hits = np.concatenate((hits, np.empty_like(hits)))
        _record(hits, n, flight, k, rows, o, limits, out, x)
        n += 1
    return hits, n, out


@njit(nogil=True, cache=True)
def _window(rows: Any, o: int, bounds: Any, k: int) -> Any:
    """Give the times of a leg that are in the volume's times and altitudes."""
    t0 = max(rows[o], bounds[k, 0])
    t1 = min(rows[o + 8], bounds[k, 1])
    z = rows[o + 4]
    s = (rows[o + 12] - z) * rows[o + 7]
    if s == 0.0:
        if not bounds[k, 2] < z < bounds[k, 3]:
            return 0.0, 0.0
        return t0, t1
    e0 = rows[o] + (bounds[k, 2] - z) / s
    e1 = rows[o] + (bounds[k, 3] - z) / s
    return max(t0, min(e0, e1)), min(t1, max(e0, e1))


@njit(nogil=True, cache=True)
def _in_circle(
    rows: Any, o: int, t0: float, t1: float, bounds: Any, limits: Any, k: int, out: Any
) -> int:
    leg = np.empty(16)
    leg[:] = rows[o : o + 16]
    leg[5] = leg[6] = 0.0
    spot = np.zeros(16)
    spot[0], spot[8] = t0, t1
    for x in range(3):
        spot[1 + x] = spot[9 + x] = bounds[k, 4 + x]
    spot[4], spot[12] = leg[4], leg[4]
    spot[5] = limits[k, 4]
    spot[6] = 1e9
    spot[7] = 1.0 / (t1 - t0)
    hit = encounter(leg, 0, spot, 0)
    if not hit[0]:
        return 0
    out[0, 0], out[0, 1], out[0, 2] = hit[1], hit[2], hit[3]
    chord = hit[5]
    arc = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord / MEAN_RADIUS))
    full = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * (limits[k, 4] + TOLERANCE) / MEAN_RADIUS))
    out[0, 3] = max(0.0, arc - (full - limits[k, 2]))
    return 1


@njit(nogil=True, cache=True)
def _in_polygon(
    rows: Any, o: int, t0: float, t1: float, limits: Any, basis: Any, span: Any,
    border: Any, plane: Any, k: int, out: Any,
) -> Any:  # fmt: skip
    """Write (entry, exit, closest, distance) of each interval in the polygon or its buffer."""
    n = 0
    lo, hi = span[k, 0], span[k, 1]
    # the leg in the polygon's plane: (X, Y, W) linear in time, the point is (X, Y) / W
    P = np.empty(3)
    V = np.empty(3)
    for x in range(3):
        P[x] = V[x] = 0.0
        for y in range(3):
            rate = (rows[o + 9 + y] - rows[o + 1 + y]) * rows[o + 7]
            P[x] += basis[k, 3 * x + y] * (rows[o + 1 + y] + rate * (t0 - rows[o]))
            V[x] += basis[k, 3 * x + y] * rate
    length = t1 - t0
    if P[2] > 0.0 and P[2] + V[2] * length > 0.0:
        times = np.empty(hi - lo + 2)
        times[0] = 0.0
        cuts = 1
        for e in range(lo, hi):
            f = e + 1 if e + 1 < hi else lo
            x0, y0 = plane[e, 0], plane[e, 1]
            dx, dy = plane[f, 0] - x0, plane[f, 1] - y0
            # side of the line: linear in time
            c0 = dx * (P[1] - y0 * P[2]) - dy * (P[0] - x0 * P[2])
            c1 = dx * (V[1] - y0 * V[2]) - dy * (V[0] - x0 * V[2])
            if c1 == 0.0:
                continue
            t = -c0 / c1
            if not 0.0 < t < length:
                continue
            w = P[2] + V[2] * t
            along = dx * ((P[0] + V[0] * t) / w - x0) + dy * ((P[1] + V[1] * t) / w - y0)
            if -1e-9 <= along / (dx * dx + dy * dy) <= 1.0 + 1e-9:
                times[cuts] = t
                cuts += 1
        times[cuts] = length
        ordered = np.sort(times[: cuts + 1])
        for c in range(cuts):
            a, b = ordered[c], ordered[c + 1]
            if b - a <= INSTANT:
                continue
            t = 0.5 * (a + b)
            w = P[2] + V[2] * t
            inner = depth(plane, lo, hi, (P[0] + V[0] * t) / w, (P[1] + V[1] * t) / w)
            if inner * MEAN_RADIUS > TOLERANCE:
                if n == len(out):
                    out = np.concatenate((out, np.empty_like(out)))
                out[n, 0], out[n, 1], out[n, 2], out[n, 3] = t0 + a, t0 + b, t0 + a, 0.0
                n += 1
    if limits[k, 2] > TOLERANCE:
        out, n = _near_border(rows, o, t0, t1, limits[k, 2], border, lo, hi, out, n)
    return out, n


@njit(nogil=True, cache=True)
def depth(plane: Any, lo: int, hi: int, x: float, y: float) -> float:
    """Give the distance to the border of a point inside; below 0 of one outside."""
    inside = False
    least = 1e300
    for e in range(lo, hi):
        f = e + 1 if e + 1 < hi else lo
        x0, y0, x1, y1 = plane[e, 0], plane[e, 1], plane[f, 0], plane[f, 1]
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
        dx, dy = x1 - x0, y1 - y0
        u = min(max(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0.0), 1.0)
        least = min(least, (x - x0 - u * dx) ** 2 + (y - y0 - u * dy) ** 2)
    return math.sqrt(least) if inside else -math.sqrt(least)


@njit(nogil=True, cache=True)
def _near_border(
    rows: Any, o: int, t0: float, t1: float, clear: float, border: Any, lo: int, hi: int,
    out: Any, n: int,
) -> Any:  # fmt: skip
    r = clear - TOLERANCE
    # the plane that touches the Earth under the leg's middle
    tm = 0.5 * (t0 + t1)
    M = np.empty(3)
    V = np.empty(3)
    for x in range(3):
        V[x] = (rows[o + 9 + x] - rows[o + 1 + x]) * rows[o + 7]
        M[x] = rows[o + 1 + x] + V[x] * (tm - rows[o])
    N = np.array([M[0] * _A2, M[1] * _A2, M[2] * _B2])
    N /= math.sqrt(N[0] * N[0] + N[1] * N[1] + N[2] * N[2])
    U = np.array([-N[1], N[0], 0.0]) if abs(N[2]) < 0.9 else np.array([0.0, -N[2], N[1]])
    U /= math.sqrt(U[0] * U[0] + U[1] * U[1] + U[2] * U[2])
    W = np.cross(N, U)
    vx = V[0] * U[0] + V[1] * U[1] + V[2] * U[2]
    vy = V[0] * W[0] + V[1] * W[1] + V[2] * W[2]
    speed2 = vx * vx + vy * vy
    half = 0.5 * (t1 - t0)
    far = math.sqrt(speed2) * half + clear + 21_000.0
    for e in range(lo, hi):
        f = e + 1 if e + 1 < hi else lo
        D = border[e] - M
        if D[0] * D[0] + D[1] * D[1] + D[2] * D[2] > far * far:
            continue
        E = border[f] - M
        # the motion is (vx, vy) u for u in [-half, half]; the piece goes from a to b
        ax, ay = D[0] * U[0] + D[1] * U[1] + D[2] * U[2], D[0] * W[0] + D[1] * W[1] + D[2] * W[2]
        bx, by = E[0] * U[0] + E[1] * U[1] + E[2] * U[2], E[0] * W[0] + E[1] * W[1] + E[2] * W[2]
        dx, dy = bx - ax, by - ay
        long = math.sqrt(dx * dx + dy * dy)
        if long == 0.0:
            continue
        dx /= long
        dy /= long
        first, last = 1e300, -1e300
        for end in range(2):
            cx, cy = (ax, ay) if end == 0 else (bx, by)
            g0, g1 = _within(cx, cy, vx, vy, speed2, r, half)
            if g1 > g0:
                first, last = min(first, g0), max(last, g1)
        # across = c0 + c1 u within r of 0; along = l0 + l1 u within the piece
        c0, c1 = ax * dy - ay * dx, vy * dx - vx * dy
        l0, l1 = -(ax * dx + ay * dy), vx * dx + vy * dy
        g0, g1 = _between(c0, c1, -r, r, -half, half)
        g0, g1 = _between(l0, l1, 0.0, long, g0, g1)
        if g1 > g0:
            first, last = min(first, g0), max(last, g1)
        if last - first <= INSTANT:
            continue
        best, when = 1e300, 0.0
        for c in range(5):
            if c == 0:
                u = first
            elif c == 1:
                u = last
            elif c == 2:
                u = -c0 / c1 if c1 != 0.0 else 0.0
            elif c == 3:
                u = (ax * vx + ay * vy) / speed2 if speed2 > 0.0 else 0.0
            else:
                u = (bx * vx + by * vy) / speed2 if speed2 > 0.0 else 0.0
            u = min(max(u, first), last)
            along = min(max(l0 + l1 * u, 0.0), long)
            d = math.hypot(vx * u - ax - along * dx, vy * u - ay - along * dy)
            if d < best:
                best, when = d, u
        if n == len(out):
            out = np.concatenate((out, np.empty_like(out)))
        out[n, 0], out[n, 1], out[n, 2], out[n, 3] = tm + first, tm + last, tm + when, best
        n += 1
    return out, n


@njit(nogil=True, cache=True)
def _within(
    cx: float, cy: float, vx: float, vy: float, speed2: float, r: float, half: float
) -> Any:
    """Give the u in [-half, half] for which (vx, vy) u is nearer than r to (cx, cy)."""
    c = cx * cx + cy * cy - r * r
    if speed2 == 0.0:
        return (-half, half) if c < 0.0 else (0.0, 0.0)
    b = cx * vx + cy * vy
    root = b * b - speed2 * c
    if root <= 0.0:
        return 0.0, 0.0
    root = math.sqrt(root)
    return max(-half, (b - root) / speed2), min(half, (b + root) / speed2)


@njit(nogil=True, cache=True)
def _between(c0: float, c1: float, low: float, high: float, u0: float, u1: float) -> Any:
    """Give the part of [u0, u1] in which low < c0 + c1 u < high."""
    if c1 == 0.0:
        return (u0, u1) if low < c0 < high else (0.0, 0.0)
    e0, e1 = (low - c0) / c1, (high - c0) / c1
    return max(u0, min(e0, e1)), min(u1, max(e0, e1))


@njit(nogil=True, cache=True)
def _record(
    hits: Any,
    n: int,
    flight: int,
    k: int,
    rows: Any,
    o: int,
    limits: Any,
    out: Any,
    x: int,
) -> None:
    t = out[x, 2]
    u = (t - rows[o]) * rows[o + 7]
    z = rows[o + 4] + (rows[o + 12] - rows[o + 4]) * u
    # where nothing is kept from it, what is left of a distance is rounding
    height = max(0.0, limits[k, 0] - z, z - limits[k, 1]) if limits[k, 3] > 0.0 else 0.0
    d = out[x, 3] if limits[k, 2] > 0.0 else 0.0
    infringed = 0.0
    if d > 0.0:
        infringed = d / limits[k, 2]
    if height > 0.0:
        infringed = max(infringed, height / limits[k, 3])
    hits[n, 0] = flight
    hits[n, 1] = k
    hits[n, 2] = out[x, 0]
    hits[n, 3] = out[x, 1]
    hits[n, 4] = t
    hits[n, 5] = 2.0 * MEAN_RADIUS * math.sin(0.5 * d / MEAN_RADIUS)
    hits[n, 6] = height
    hits[n, 7] = max(0.0, 1.0 - infringed)
    for c in range(3):
        hits[n, 8 + c] = rows[o + 1 + c] + (rows[o + 9 + c] - rows[o + 1 + c]) * u
    hits[n, 11] = z
