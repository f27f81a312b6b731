"""The ways that are predicted: along a path, and straight on; each written fix by fix."""

import math
from typing import Any, Final

from numba import njit

from detente.detect.encounter import lifted
from detente.earth import E2, MEAN_RADIUS, surface

__all__ = ["LONGEST", "along", "place", "straight"]

_LATEST = 1800.0
"""Seconds that a track may be early or late to be predicted along its intent."""
_PULL = 5.0
"""Metres that a second of lateness weighs when the place on the path is sought: where a path comes
to one place twice, the time tells which."""
LONGEST: Final = 20_000.0
"""Metres that a straight way goes between two fixes."""
_FARTHEST = 5e6
_SHORTEST = 1e-3  # seconds that a fix of a step keeps from one of the path
_INSTANT = 1e-6


@njit(nogil=True, cache=True)
def place(
    rows: Any, flight: Any, lo: int, hi: int, now: float, x: float, y: float, z: float
) -> Any:
    """Find where on its path something is: seconds late, metres (ECEF) off, and the altitude there.

    The nearest place of the path counts, a little less the further its time is from now.
    """
    best = math.inf
    when = 0.0
    leg = -1
    for i in range(lo, hi - 1):
        o = 8 * i
        if flight[i] < 0 or rows[o] > now + _LATEST or rows[o + 8] < now - _LATEST:
            continue
        dx, dy = rows[o + 9] - rows[o + 1], rows[o + 10] - rows[o + 2]
        dz = rows[o + 11] - rows[o + 3]
        px, py, pz = x - rows[o + 1], y - rows[o + 2], z - rows[o + 3]
        long = dx * dx + dy * dy + dz * dz
        length = rows[o + 8] - rows[o]
        if long > 1.0:
            u = (px * dx + py * dy + pz * dz) / long
        else:
            u = (now - rows[o]) / length
        u = min(max(u, 0.0), 1.0)
        away = math.sqrt((px - u * dx) ** 2 + (py - u * dy) ** 2 + (pz - u * dz) ** 2)
        time = rows[o] + u * length
        cost = away + _PULL * abs(time - now)
        if cost < best:
            best, when, leg = cost, time, i
    if leg < 0:
        return False, 0.0, 0.0, 0.0, 0.0, 0.0
    a, b, c, _, _, _ = lifted(rows, 8 * leg, when)
    o = 8 * leg
    high = rows[o + 4] + (rows[o + 12] - rows[o + 4]) * (when - rows[o]) * rows[o + 7]
    return True, now - when, x - a, y - b, z - c, high


@njit(nogil=True, cache=True)
def along(
    rows: Any, flight: Any, lo: int, hi: int, late: float, x: float, y: float, z: float,
    now: float, until: float, step: float, out: Any, gap: Any, n: int,
) -> Any:  # fmt: skip
    """Write the fixes of a path from now on, so late and moved by (x, y, z); count them."""
    for i in range(lo, hi - 1):
        o = 8 * i
        a = rows[o] + late
        b = rows[o + 8] + late
        if flight[i] < 0 or b < now + _INSTANT or a > until - _INSTANT:
            continue
        begin = max(a, now)
        end = min(b, until)
        _fix(rows, o, begin - late, begin, x, y, z, out, n)
        gap[n] = False
        n += 1
        k = math.floor((begin - now) / step) + 1
        while now + k * step < end - _SHORTEST:
            t = now + k * step
            k += 1
            if t > begin + _SHORTEST:
                _fix(rows, o, t - late, t, x, y, z, out, n)
                gap[n] = False
                n += 1
        if b > until - _INSTANT or i + 2 >= hi or flight[i + 1] < 0:
            _fix(rows, o, end - late, end, x, y, z, out, n)
            gap[n] = True
            n += 1
    return n


@njit(nogil=True, cache=True)
def _fix(
    rows: Any, o: int, when: float, time: float, x: float, y: float, z: float, out: Any, n: int
) -> None:
    """Write where a leg is at ``when``, moved by (x, y, z), as a fix of ``time``."""
    a, b, c, _, _, _ = lifted(rows, o, when)
    out[n, 0] = time
    _degrees(a + x, b + y, c + z, out, n)
    out[n, 3] = rows[o + 4] + (rows[o + 12] - rows[o + 4]) * (when - rows[o]) * rows[o + 7]


@njit(nogil=True, cache=True)
def straight(
    lat: float, lon: float, north: float, east: float, now: float, until: float, step: float,
    out: Any, gap: Any, n: int,
) -> Any:  # fmt: skip
    """Write the fixes of a flight straight on; count them.

    The way lies in the plane of its velocity and the Earth's centre: within 2 m of the geodesic
    for 100 km.
    """
    x, y, z = surface(lat, lon)
    phi, lam = math.radians(lat), math.radians(lon)
    up = north * -math.sin(phi)
    dx = up * math.cos(lam) - east * math.sin(lam)
    dy = up * math.sin(lam) + east * math.cos(lam)
    dz = north * math.cos(phi)
    fast = math.hypot(north, east)
    steps = max(1, math.ceil((until - now) / min(step, LONGEST / max(fast, 1e-9)) - 1e-9))
    for k in range(steps + 1):
        t = (until - now) * k / steps
        way = min(fast * t, _FARTHEST) / MEAN_RADIUS
        # as far along the tangent as leads, seen from the Earth's centre, to there
        on = math.tan(way) * MEAN_RADIUS / fast if fast > 0.0 else 0.0
        out[n, 0] = now + t
        _degrees(x + on * dx, y + on * dy, z + on * dz, out, n)
        out[n, 3] = math.nan
        gap[n] = k == steps
        n += 1
    return n


@njit(nogil=True, cache=True)
def _degrees(x: float, y: float, z: float, out: Any, n: int) -> None:
    """Write latitude and longitude of where a ray from the Earth's centre meets the ellipsoid."""
    out[n, 1] = math.degrees(math.atan2(z, (1.0 - E2) * math.hypot(x, y)))
    out[n, 2] = math.degrees(math.atan2(y, x))
