"""One aircraft's motion, estimated: Kalman filters with constant velocity, across and vertical.

Across, the state is a point p on the ellipsoid and a velocity tangent to it, both in ECEF metres.
The errors of positions and of the model are taken to be alike in all directions, so both axes
across have one covariance [[pp, pv], [pv, vv]], and no axes need be chosen: the poles and the
antimeridian are ordinary. Between sightings p goes along a great circle.

Sources: Y. Bar-Shalom, X. R. Li and T. Kirubarajan, Estimation with Applications to Tracking and
Navigation, Wiley 2001: section 5.2.3 (the filter), section 6.2.2, eq. (6.2.2-12) (a velocity that
wanders as integrated white noise), section 11.2 (process noise adjusted to the innovations).
M. Mallick and B. La Scala, Comparison of single-point and two-point difference track initiation
algorithms using position measurements, Acta Automatica Sinica 34 (2008), section 3.
"""

import math
from typing import Any, Final

from numba import njit

from detente.earth import E2, MEAN_RADIUS, A, B

__all__ = ["ACROSS", "QUANTILE", "axes", "ground", "moved", "spread", "update", "upright"]

QUANTILE: Final = math.sqrt(-2.0 * math.log(0.05))
"""Radius within which 95 of 100 draws of a round normal distribution of the plane fall."""
ACROSS: Final = -2.0 * math.log(0.001)
"""What the normalised innovation squared, of two degrees of freedom, exceeds 1 of 1,000 times."""
_PER_A2: Final = 1.0 / (A * A)
_PER_B2: Final = 1.0 / (B * B)


@njit(nogil=True, cache=True)
def upright(x: float, y: float, z: float) -> Any:
    """Give the unit vector up from a point of the ellipsoid."""
    nx, ny, nz = x * _PER_A2, y * _PER_A2, z * _PER_B2
    long = math.sqrt(nx * nx + ny * ny + nz * nz)
    return nx / long, ny / long, nz / long


@njit(nogil=True, cache=True)
def ground(x: float, y: float, z: float) -> Any:
    """Put a point near the ellipsoid onto it, by Newton's steps along the gradient."""
    for _ in range(2):
        mx, my, mz = x * _PER_A2, y * _PER_A2, z * _PER_B2
        left = 1.0 - (x * mx + y * my + z * mz)
        step = 0.5 * left / (mx * mx + my * my + mz * mz)
        x, y, z = x + step * mx, y + step * my, z + step * mz
    return x, y, z


@njit(nogil=True, cache=True)
def tangent(x: float, y: float, z: float, u: float, v: float, w: float, speed: float) -> Any:
    """Lay a velocity into the plane that touches the ellipsoid at p, at this speed."""
    nx, ny, nz = upright(x, y, z)
    rise = u * nx + v * ny + w * nz
    u, v, w = u - rise * nx, v - rise * ny, w - rise * nz
    long = math.sqrt(u * u + v * v + w * w)
    if long == 0.0:
        return 0.0, 0.0, 0.0
    scale = speed / long
    return u * scale, v * scale, w * scale


@njit(nogil=True, cache=True)
def moved(x: float, y: float, z: float, u: float, v: float, w: float, dt: float) -> Any:
    """Give point and velocity ``dt`` seconds on (or back), along the great circle."""
    speed = math.sqrt(u * u + v * v + w * w)
    if speed * abs(dt) < 1e-3:
        return x, y, z, u, v, w
    angle = speed * dt / MEAN_RADIUS
    s, c = math.sin(angle), math.cos(angle)
    back = 2.0 * math.sin(0.5 * angle) ** 2
    nx, ny, nz = upright(x, y, z)
    u, v, w = u / speed, v / speed, w / speed
    x = x + MEAN_RADIUS * (s * u - back * nx)
    y = y + MEAN_RADIUS * (s * v - back * ny)
    z = z + MEAN_RADIUS * (s * w - back * nz)
    x, y, z = ground(x, y, z)
    u, v, w = tangent(x, y, z, c * u - s * nx, c * v - s * ny, c * w - s * nz, speed)
    return x, y, z, u, v, w


@njit(nogil=True, cache=True)
def spread(pp: float, pv: float, vv: float, dt: float, q: float) -> Any:
    """Give the covariance ``dt`` seconds on (or back): F P F' + Q, eq. (6.2.2-12) for Q."""
    far = abs(dt)
    return (
        pp + dt * (2.0 * pv + dt * vv) + q * far * far * far / 3.0,
        pv + dt * vv + q * dt * far / 2.0,
        vv + q * far,
    )


@njit(nogil=True, cache=True)
def raised(need: float, dt: float, q: float, most: float) -> Any:
    """Give the process noise to add so that the variance of position grows by ``need``.

    Up to what ``most``, the hardest acceleration, held for ``dt`` would be: q = most² dt.
    """
    if need <= 0.0 or dt <= 0.0:
        return 0.0
    return max(0.0, min(3.0 * need / (dt * dt * dt), most * most * dt - q))


@njit(nogil=True, cache=True)
def update(
    pp: float, pv: float, vv: float, off: float, r: float, dt: float, q: float, most: float,
    level: float,
) -> Any:  # fmt: skip
    """Take in a position: (gain of position, gain of velocity, pp, pv, vv).

    ``pp`` to ``vv`` are predicted over ``dt`` with process noise ``q``; ``off`` is the square of
    the innovation and ``r`` its measurement's variance. Where the normalised square exceeds
    ``level`` the aircraft manoeuvres, and the process noise is raised until it does not.
    """
    more = raised(off / level - pp - r, dt, q, most)
    if more > 0.0:
        pp += more * dt * dt * dt / 3.0
        pv += more * dt * dt / 2.0
        vv += more * dt
    s = pp + r
    k, g = pp / s, pv / s
    return k, g, pp * r / s, pv * r / s, vv - g * pv


@njit(nogil=True, cache=True)
def axes(x: float, y: float, z: float, lon: float) -> Any:
    """Give the unit vectors north and east at p, by this longitude: at a pole p tells none."""
    flat = math.hypot(x, y)
    high = z / (1.0 - E2)
    long = math.hypot(flat, high)
    s, c = high / long, flat / long
    cl, sl = math.cos(lon), math.sin(lon)
    return -s * cl, -s * sl, c, -sl, cl, 0.0
