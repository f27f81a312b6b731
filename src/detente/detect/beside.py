"""A place and a volume: how far beside it, how far above it, and whether inside."""

import math
from typing import Any

import numpy as np
from numba import njit

from detente.detect.outlines import LIMITLESS

__all__ = ["apart2", "feet_above", "metres_beside", "within"]


@njit(nogil=True, cache=True, inline="always")
def apart2(bounds: Any, v: int, points: Any, t: int) -> Any:
    """Give the squared metres between a place and a volume's anchor."""
    dx, dy, dz = (
        bounds[v, 4] - points[t, 0], bounds[v, 5] - points[t, 1], bounds[v, 6] - points[t, 2],
    )  # fmt: skip
    return dx * dx + dy * dy + dz * dz


@njit(nogil=True, cache=True)
def metres_beside(
    v: int, bounds: Any, disc: Any, limits: Any, basis: Any, sides: Any, border: Any, plane: Any,
    points: Any, t: int,
) -> Any:  # fmt: skip
    """Give the metres from place t to volume v; 0 inside."""
    if disc[v]:
        return max(0.0, math.sqrt(apart2(bounds, v, points, t)) - limits[v, 5])
    return _beside_polygon(basis, v, sides[v, 0], sides[v, 1], border, plane, points, t)


@njit(nogil=True, cache=True, inline="always")
def feet_above(v: int, limits: Any, altitude: float) -> Any:
    """Give the feet above volume v, below 0 under it, 0 within; NaN where that is not known."""
    if limits[v, 0] <= -LIMITLESS and limits[v, 1] >= LIMITLESS:
        return 0.0
    return altitude - min(max(altitude, limits[v, 0]), limits[v, 1])


@njit(nogil=True, cache=True)
def within(
    now: float, own: Any, bounds: Any, disc: Any, limits: Any, basis: Any, sides: Any,
    border: Any, plane: Any, points: Any, altitudes: Any,
) -> Any:  # fmt: skip
    """Tell which places are inside one of the volumes at a time.

    ``altitudes`` is (3, n) feet by reference, ``own`` (v,) the volumes' references; an altitude
    that cannot be compared is not inside.
    """
    inside = np.zeros(len(points), dtype=np.bool_)
    for v in range(len(own)):
        if bounds[v, 0] > now or bounds[v, 1] < now:
            continue
        reach = bounds[v, 7]
        for t in range(len(points)):
            if not inside[t] and apart2(bounds, v, points, t) <= reach * reach:
                inside[t] = (
                    feet_above(v, limits, altitudes[own[v], t]) == 0.0
                    and metres_beside(
                        v, bounds, disc, limits, basis, sides, border, plane, points, t
                    )
                    == 0.0
                )
    return inside


@njit(nogil=True, cache=True)
def _beside_polygon(
    basis: Any, v: int, lo: int, hi: int, border: Any, plane: Any, points: Any, t: int
) -> Any:
    """Give the metres from a place to a polygon; 0 inside."""
    x, y, z = points[t, 0], points[t, 1], points[t, 2]
    w = basis[v, 6] * x + basis[v, 7] * y + basis[v, 8] * z
    inside = False
    least = np.inf
    a = (basis[v, 0] * x + basis[v, 1] * y + basis[v, 2] * z) / w if w > 0.0 else np.inf
    b = (basis[v, 3] * x + basis[v, 4] * y + basis[v, 5] * z) / w if w > 0.0 else np.inf
    for e in range(lo, hi):
        f = e + 1 if e + 1 < hi else lo
        x0, y0, x1, y1 = plane[e, 0], plane[e, 1], plane[f, 0], plane[f, 1]
        if (y0 > b) != (y1 > b) and a < x0 + (b - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
        dx, dy, dz = border[f, 0] - border[e, 0], border[f, 1] - border[e, 1], (
            border[f, 2] - border[e, 2]
        )  # fmt: skip
        px, py, pz = x - border[e, 0], y - border[e, 1], z - border[e, 2]
        u = (px * dx + py * dy + pz * dz) / max(dx * dx + dy * dy + dz * dz, 1e-9)
        u = min(max(u, 0.0), 1.0)
        least = min(least, (px - u * dx) ** 2 + (py - u * dy) ** 2 + (pz - u * dz) ** 2)
    return 0.0 if inside else math.sqrt(least)
