"""A quick proof that two outlines do not overlap, for nearly all pairs that do not.

In a central projection sides are straight, so two polygons are apart where a line along one of
their sides has them on either side of it, or where no two sides cross and neither holds the
other. A circle is apart from a polygon where the nearest place on its border is. What is not
proven here, :mod:`detente.detect.overlap` decides; where it is, that agrees.
"""

import math
from typing import Any, Final

import numpy as np
from numba import njit

from detente.detect.encounter import TOLERANCE
from detente.detect.passage import depth
from detente.earth import MEAN_RADIUS, A, B

__all__ = ["apart"]

_CORNERS: Final = 64  # of both; with more, no side is tried as the line between them


@njit(nogil=True, cache=True)
def apart(
    i: int, own_bounds: Any, own_disc: Any, own_limits: Any, own_basis: Any, own_span: Any,
    own_border: Any, own_plane: Any, k: int, bounds: Any, disc: Any, limits: Any, basis: Any,
    span: Any, border: Any, plane: Any,
) -> Any:  # fmt: skip
    """Tell whether volume i of one set is surely as far from volume k of another as it must be."""
    clear = max(own_limits[i, 2], limits[k, 2])
    if own_disc[i] and disc[k]:
        d = _arc(own_bounds[i, 4], own_bounds[i, 5], own_bounds[i, 6],
                 bounds[k, 4], bounds[k, 5], bounds[k, 6])  # fmt: skip
        return d - own_limits[i, 5] - limits[k, 5] >= clear - TOLERANCE
    if own_disc[i]:
        return _circle(own_bounds, own_limits, i, clear, basis, span, border, plane, k)
    if disc[k]:
        return _circle(bounds, limits, k, clear, own_basis, own_span, own_border, own_plane, i)
    a0, a1, b0, b1 = own_span[i, 0], own_span[i, 1], span[k, 0], span[k, 1]
    if a1 - a0 >= b1 - b0:
        return _polygons(basis, k, border, plane, b0, b1, own_border, a0, a1, clear)
    return _polygons(own_basis, i, own_border, own_plane, a0, a1, border, b0, b1, clear)


@njit(nogil=True, cache=True)
def _arc(x: float, y: float, z: float, p: float, q: float, r: float) -> Any:
    """Give metres on the Earth that two places are surely apart, but for rounding."""
    chord = math.sqrt((x - p) ** 2 + (y - q) ** 2 + (z - r) ** 2)
    arc = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord / MEAN_RADIUS))
    # a chord against its arc errs by less than 0.2 mm at 10 km, and by the cube of that
    return arc - 1e-4 - 2e-4 * (arc / 1e4) ** 3


@njit(nogil=True, cache=True)
def _circle(
    bounds: Any, limits: Any, k: int, clear: float, basis: Any, span: Any, border: Any,
    plane: Any, i: int,
) -> Any:  # fmt: skip
    """Tell the same of circle k and polygon i."""
    x, y, z = bounds[k, 4], bounds[k, 5], bounds[k, 6]
    lo, hi = span[i, 0], span[i, 1]
    w = basis[i, 6] * x + basis[i, 7] * y + basis[i, 8] * z
    if w > 0.0:
        u = (basis[i, 0] * x + basis[i, 1] * y + basis[i, 2] * z) / w
        v = (basis[i, 3] * x + basis[i, 4] * y + basis[i, 5] * z) / w
        if depth(plane, lo, hi, u, v) > 0.0:
            return False
    least = clear + limits[k, 5] - TOLERANCE
    for e in range(lo, hi):
        f = e + 1 if e + 1 < hi else lo
        ax, ay, az = border[e, 0], border[e, 1], border[e, 2]
        dx, dy, dz = border[f, 0] - ax, border[f, 1] - ay, border[f, 2] - az
        long = dx * dx + dy * dy + dz * dz
        along = 0.0
        if long > 0.0:
            along = ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / long
            along = min(max(along, 0.0), 1.0)
        ax, ay, az = ax + along * dx, ay + along * dy, az + along * dz
        # up to the ellipsoid from the Earth's centre, as in the central projection
        up = 1.0 / math.sqrt((ax * ax + ay * ay) / (A * A) + az * az / (B * B))
        if _arc(x, y, z, up * ax, up * ay, up * az) < least:
            return False
    return True


@njit(nogil=True, cache=True)
def _polygons(
    basis: Any, i: int, own_border: Any, own: Any, a0: int, a1: int, border: Any, b0: int,
    b1: int, clear: float,
) -> Any:  # fmt: skip
    """Tell the same of two polygons, in the plane of the one with fewer corners."""
    n = b1 - b0
    other = np.empty((n, 2))
    far = 0.0
    for e in range(n):
        x, y, z = border[b0 + e, 0], border[b0 + e, 1], border[b0 + e, 2]
        w = basis[i, 6] * x + basis[i, 7] * y + basis[i, 8] * z
        if w <= 0.0:
            return False
        other[e, 0] = (basis[i, 0] * x + basis[i, 1] * y + basis[i, 2] * z) / w
        other[e, 1] = (basis[i, 3] * x + basis[i, 4] * y + basis[i, 5] * z) / w
        far = max(far, other[e, 0] ** 2 + other[e, 1] ** 2)
    wide = 0.0
    for e in range(a0, a1):
        wide = max(wide, own[e, 0] ** 2 + own[e, 1] ** 2)
    # a metre on the Earth is at most so much in this plane
    metre = 1.01 * (1.0 + max(far, wide)) / MEAN_RADIUS
    need = clear * metre if clear > 0.0 else -0.9 * TOLERANCE / MEAN_RADIUS
    if n + a1 - a0 <= _CORNERS and (
        _line_between(own, a0, a1, other, 0, n, need)
        or _line_between(other, 0, n, own, a0, a1, need)
    ):
        return True
    if _borders_meet(own, a0, a1, other, max(need, 1e-6 * metre)):
        return False
    return (
        depth(own, a0, a1, other[0, 0], other[0, 1]) < 0.0
        and depth(other, 0, n, own[a0, 0], own[a0, 1]) < 0.0
    )


@njit(nogil=True, cache=True)
def _line_between(P: Any, p0: int, p1: int, Q: Any, q0: int, q1: int, need: float) -> Any:
    """Tell whether a line along a side of P has Q on its other side, at least so far from P."""
    for e in range(p0, p1):
        f = e + 1 if e + 1 < p1 else p0
        x, y = P[e, 0], P[e, 1]
        dx, dy = P[f, 0] - x, P[f, 1] - y
        long = math.sqrt(dx * dx + dy * dy)
        if long == 0.0:
            continue
        dx /= long
        dy /= long
        low = high = 0.0
        for j in range(p0, p1):
            s = dx * (P[j, 1] - y) - dy * (P[j, 0] - x)
            low, high = min(low, s), max(high, s)
        least, most = 1e300, -1e300
        for j in range(q0, q1):
            s = dx * (Q[j, 1] - y) - dy * (Q[j, 0] - x)
            least, most = min(least, s), max(most, s)
        if max(least - high, low - most) >= need:
            return True
    return False


@njit(nogil=True, cache=True)
def _borders_meet(P: Any, p0: int, p1: int, Q: Any, need: float) -> Any:
    """Tell whether a side of P comes as near as that to a side of Q."""
    west = south = 1e300
    east = north = -1e300
    for e in range(p0, p1):
        west, east = min(west, P[e, 0] - need), max(east, P[e, 0] + need)
        south, north = min(south, P[e, 1] - need), max(north, P[e, 1] + need)
    n = len(Q)
    for g in range(n):
        h = g + 1 if g + 1 < n else 0
        x0, y0, x1, y1 = Q[g, 0], Q[g, 1], Q[h, 0], Q[h, 1]
        if max(x0, x1) < west or min(x0, x1) > east or max(y0, y1) < south or min(y0, y1) > north:
            continue
        for e in range(p0, p1):
            f = e + 1 if e + 1 < p1 else p0
            u0, v0, u1, v1 = P[e, 0], P[e, 1], P[f, 0], P[f, 1]
            if (
                _side(x0, y0, x1, y1, u0, v0) * _side(x0, y0, x1, y1, u1, v1) <= 0.0
                and _side(u0, v0, u1, v1, x0, y0) * _side(u0, v0, u1, v1, x1, y1) <= 0.0
            ):
                return True
            least = min(
                _gap2(x0, y0, x1, y1, u0, v0),
                _gap2(x0, y0, x1, y1, u1, v1),
                _gap2(u0, v0, u1, v1, x0, y0),
                _gap2(u0, v0, u1, v1, x1, y1),
            )
            if least <= need * need:
                return True
    return False


@njit(nogil=True, cache=True, inline="always")
def _side(x0: float, y0: float, x1: float, y1: float, x: float, y: float) -> float:
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)


@njit(nogil=True, cache=True, inline="always")
def _gap2(x0: float, y0: float, x1: float, y1: float, x: float, y: float) -> float:
    """Give the squared distance of a point from a segment."""
    dx, dy = x1 - x0, y1 - y0
    long = dx * dx + dy * dy
    u = 0.0 if long == 0.0 else min(max(((x - x0) * dx + (y - y0) * dy) / long, 0.0), 1.0)
    return (x - x0 - u * dx) ** 2 + (y - y0 - u * dy) ** 2
