"""The exact phase: when two legs are nearer than both minima, in closed form.

It exists once: the day's sweep, the standing index and the resolver all call it.

A leg is two consecutive rows of eight float64, flat in memory (a row is one cache line):

====  =======================================================================
0     time, seconds since the set's epoch
1-3   surface point, ECEF metres
4     altitude, feet
5     horizontal minimum from here to the next row: chord metres, tolerance off
6     vertical minimum likewise: feet, tolerance off
7     1 / (seconds to the next row)
====  =======================================================================

Between its rows a leg moves on the chord, linearly in time, and each position is put back on
the ellipsoid along the normal. For legs of up to :data:`LONGEST_LEG` this errs by at most
4.2 mm along the track and 0.1 mm across it, so two flights together err by less than
:data:`TOLERANCE`: what is reported is true, and what is missed is shallower than twice the
tolerance. docs/geometry.md has the derivation.
"""

import math
from typing import Any, Final

from numba import njit

from detente.earth import A, B

__all__ = [
    "INSTANT",
    "LONGEST_LEG",
    "ROW",
    "TOLERANCE",
    "TOLERANCE_FT",
    "clear",
    "encounter",
    "lifted",
    "slack",
    "widest",
]

ROW: Final = 8
"""Numbers in a row."""
LONGEST_LEG: Final = 22_000.0
"""Metres; a longer leg is cut along its geodesic before it comes here."""
TOLERANCE: Final = 0.01
"""Metres; a loss of horizontal separation shallower than this is equality."""
TOLERANCE_FT: Final = 1e-6
"""Feet; likewise vertically. It only absorbs rounding: altitudes stay in feet."""
INSTANT: Final = 1e-6
"""Seconds; a loss that lasts no longer is none."""

_SETTLED = 1e-7  # seconds: what is left is of second order in it
_DIP2 = 91.0  # (sagitta of the longest leg)^2: 22 km^2 / 8 R = 9.52 m
_A2 = 1.0 / (A * A)
_B2 = 1.0 / (B * B)


@njit(nogil=True, cache=True, inline="always")
def slack(r: float) -> float:
    """Give what a squared chord distance may exceed r^2 by before lifting (square metres).

    The two chord points lie up to 9.52 m below the ellipsoid, each along its own normal;
    0.07 r covers the angle between normal and radius (at most 0.00336) on that depth.
    """
    return _DIP2 + 0.07 * r


@njit(nogil=True, cache=True, inline="always")
def widest(r: float) -> float:
    """Give the metres within which an anchor's neighbours are sought, for a chord minimum r."""
    return math.sqrt(r * r + slack(r)) * 1.001 + 1.0


@njit(nogil=True, cache=True, inline="always")
def lifted(F: Any, i: int, t: float) -> Any:
    """Give where a leg is at time t, put back on the ellipsoid, and its rate: six numbers."""
    u = t - F[i]
    k = F[i + 7]
    vx = (F[i + 9] - F[i + 1]) * k
    vy = (F[i + 10] - F[i + 2]) * k
    vz = (F[i + 11] - F[i + 3]) * k
    x = F[i + 1] + vx * u
    y = F[i + 2] + vy * u
    z = F[i + 3] + vz * u
    # half the gradient of x^2 / a^2 + y^2 / a^2 + z^2 / b^2, and one step of Newton along it
    mx = x * _A2
    my = y * _A2
    mz = z * _B2
    mm = mx * mx + my * my + mz * mz
    up = 0.5 * (1.0 - (x * mx + y * my + z * mz)) / mm
    vm = (vx * mx + vy * my + vz * mz) / mm
    return x + up * mx, y + up * my, z + up * mz, vx - vm * mx, vy - vm * my, vz - vm * mz


@njit(nogil=True, cache=True)
def apart(F: Any, i: int, G: Any, j: int, t: float) -> Any:
    """Give B minus A at time t on the ellipsoid, and its rate: six numbers, metres and m/s."""
    ax, ay, az, vx, vy, vz = lifted(F, i, t)
    bx, by, bz, wx, wy, wz = lifted(G, j, t)
    return bx - ax, by - ay, bz - az, wx - vx, wy - vy, wz - vz


@njit(nogil=True, cache=True)
def _root(a: float, b: float, c: float, side: float) -> Any:
    """Give the root of a t^2 + 2 b t + c, the lower for side -1, without cancellation."""
    if a < 1e-12:
        return 0.0
    root = b * b - a * c
    if root <= 0.0:
        return -b / a
    q = math.sqrt(root)
    if side < 0.0:
        return c / (q - b) if b < 0.0 else -(b + q) / a
    return -c / (q + b) if b > 0.0 else (q - b) / a


@njit(nogil=True, cache=True)
def _edge(F: Any, i: int, G: Any, j: int, t: float, r: float, side: float) -> Any:
    """Mend a time at which the distance is about r; side -1 where it shrinks, 1 where it grows.

    The relative motion is straight but for the Earth's curvature, so the closed-form root from
    where one is mends the one before.
    """
    for _ in range(4):
        dx, dy, dz, vx, vy, vz = apart(F, i, G, j, t)
        a = vx * vx + vy * vy + vz * vz
        b = dx * vx + dy * vy + dz * vz
        step = _root(a, b, dx * dx + dy * dy + dz * dz - r * r, side)
        t += step
        if abs(step) < _SETTLED:
            return t
    return t


@njit(nogil=True, cache=True)
def _severity(
    t0: float,
    t1: float,
    dd: float,
    b: float,
    a: float,
    tc: float,
    z: float,
    s: float,
    r: float,
    v: float,
) -> float:
    """Give 1 - the least of max(distance / r, |height| / v) in [t0, t1].

    Around tc the squared distance is dd + 2 b u + a u^2, the height z + s u. Both are convex,
    so their larger is least at an end, at either's own minimum, or where they cross.
    """
    r2 = 1.0 / (r * r)
    v2 = 1.0 / (v * v)
    worst = 1e300
    # where (dd + 2 b u + a u^2) / r^2 = (z + s u)^2 / v^2
    qa = a * r2 - s * s * v2
    qb = b * r2 - z * s * v2
    qc = dd * r2 - z * z * v2
    disc = qb * qb - qa * qc
    root = math.sqrt(disc) if disc > 0.0 else 0.0
    for k in range(6):
        if k == 0:
            u = t0 - tc
        elif k == 1:
            u = t1 - tc
        elif k == 2:
            u = -b / a if a > 1e-12 else 0.0
        elif k == 3:
            u = -z / s if s != 0.0 else 0.0
        elif disc < 0.0:
            continue
        elif abs(qa) < 1e-300:
            u = -0.5 * qc / qb if qb != 0.0 else 0.0
        else:
            u = (-qb + (root if k == 4 else -root)) / qa
        u = min(max(u, t0 - tc), t1 - tc)
        height = z + s * u
        f = max((dd + 2.0 * b * u + a * u * u) * r2, height * height * v2)
        worst = min(worst, f)
    return 1.0 - math.sqrt(min(1.0, max(0.0, worst)))


@njit(nogil=True, cache=True, inline="always")
def clear(F: Any, i: int, G: Any, j: int) -> Any:
    """Tell whether two legs that overlap in time are surely separated: true for nearly all.

    By their highest and lowest, and on their chords, which lie a little deeper than the
    ellipsoid. It is inlined, for a call costs more than the arithmetic.
    """
    v = max(F[i + 6], G[j + 6])
    if min(F[i + 4], F[i + 12]) - max(G[j + 4], G[j + 12]) >= v:
        return True
    if min(G[j + 4], G[j + 12]) - max(F[i + 4], F[i + 12]) >= v:
        return True
    t0 = max(F[i], G[j])
    length = min(F[i + 8], G[j + 8]) - t0
    r = max(F[i + 5], G[j + 5])
    u = t0 - F[i]
    w = t0 - G[j]
    vx = (F[i + 9] - F[i + 1]) * F[i + 7]
    vy = (F[i + 10] - F[i + 2]) * F[i + 7]
    vz = (F[i + 11] - F[i + 3]) * F[i + 7]
    wx = (G[j + 9] - G[j + 1]) * G[j + 7]
    wy = (G[j + 10] - G[j + 2]) * G[j + 7]
    wz = (G[j + 11] - G[j + 3]) * G[j + 7]
    dx = (G[j + 1] + wx * w) - (F[i + 1] + vx * u)
    dy = (G[j + 2] + wy * w) - (F[i + 2] + vy * u)
    dz = (G[j + 3] + wz * w) - (F[i + 3] + vz * u)
    wx -= vx
    wy -= vy
    wz -= vz
    a = wx * wx + wy * wy + wz * wz
    b = dx * wx + dy * wy + dz * wz
    near = min(max(-b / a, 0.0), length) if a > 0.0 else 0.0
    least = dx * dx + dy * dy + dz * dz + (2.0 * b + a * near) * near
    return least >= r * r + slack(r)


@njit(nogil=True, cache=True)
def encounter(F: Any, i: int, G: Any, j: int) -> Any:
    """Give the interval in which two legs are nearer than both minima.

    Parameters
    ----------
    F, i : flat rows and the position of the first leg's row in them.
    G, j : likewise of the second.

    Returns
    -------
    found : whether there is one of positive length.
    entry, exit : seconds since the epoch.
    closest, closest : when the first and the second are nearest: the same instant twice, as
        :func:`detente.detect.buffer.encounter_buffered` gives two.
    distance : chord metres at the closest approach.
    height : feet of the second above the first, there.
    severity : 0 to 1.
    """
    t0 = max(F[i], G[j])
    t1 = min(F[i + 8], G[j + 8])
    none = (False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if t1 - t0 <= INSTANT:
        return none

    if clear(F, i, G, j):
        return none
    v = max(F[i + 6], G[j + 6])
    r = max(F[i + 5], G[j + 5])
    u = t0 - F[i]
    w = t0 - G[j]

    # the height is linear in time: the window in which it is below v
    sa = (F[i + 12] - F[i + 4]) * F[i + 7]
    sb = (G[j + 12] - G[j + 4]) * G[j + 7]
    s = sb - sa
    z0 = (G[j + 4] + sb * w) - (F[i + 4] + sa * u)
    start = t0
    if s != 0.0:
        e0 = (-v - z0) / s
        e1 = (v - z0) / s
        t1 = min(t1, t0 + max(e0, e1))
        start = max(start, t0 + min(e0, e1))
    elif abs(z0) >= v:
        return none
    if t1 - start <= INSTANT:
        return none

    # the least distance on the ellipsoid in that window
    tc = 0.5 * (start + t1)
    dd = a = b = 0.0
    for _ in range(6):
        dx, dy, dz, wx, wy, wz = apart(F, i, G, j, tc)
        dd = dx * dx + dy * dy + dz * dz
        a = wx * wx + wy * wy + wz * wz
        b = dx * wx + dy * wy + dz * wz
        if a < 1e-12:
            break
        nxt = min(max(tc - b / a, start), t1)
        if abs(nxt - tc) < _SETTLED:
            break
        tc = nxt
    if dd >= r * r:
        return none

    entry = start
    dx, dy, dz, wx, wy, wz = apart(F, i, G, j, start)
    if dx * dx + dy * dy + dz * dz >= r * r:
        guess = tc + _root(a, b, dd - r * r, -1.0)
        entry = min(max(_edge(F, i, G, j, guess, r, -1.0), start), tc)
    leave = t1
    dx, dy, dz, wx, wy, wz = apart(F, i, G, j, t1)
    if dx * dx + dy * dy + dz * dz >= r * r:
        guess = tc + _root(a, b, dd - r * r, 1.0)
        leave = max(min(_edge(F, i, G, j, guess, r, 1.0), t1), tc)
    if leave - entry <= INSTANT:
        return none
    z = z0 + s * (tc - t0)
    severity = _severity(entry, leave, dd, b, a, tc, z, s, r, v)
    return True, entry, leave, tc, tc, math.sqrt(dd), z, severity
