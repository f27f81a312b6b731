"""Where tracks are believed to be at a moment."""

import math
from typing import Any

import numpy as np
from numba import njit

from detente.watch.motion import QUANTILE, axes, moved, spread
from detente.watch.slot import NEVER

__all__ = ["COLUMNS", "view"]

COLUMNS = 8
"""Latitude, longitude, pressure, geometric, north, east, climb, uncertainty: as in a picture."""

_SECOND = 1e-9
_RATE = 1500.0 / 60.0 / 1.959964
"""A rate of climb is told once it is known to within 1,500 ft/min, 95 of 100 times."""


@njit(nogil=True, cache=True)
def _place(slot: Any, now: int, wander: float, row: Any) -> None:
    dt = (now - slot.time) * _SECOND
    x, y, z, u, v, w = moved(slot.x, slot.y, slot.z, slot.u, slot.v, slot.w, dt)
    lon = math.atan2(y, x)
    nx, ny, nz, ex, ey, ez = axes(x, y, z, lon)
    # axes point north: their last is the cosine of the latitude
    row[0] = math.degrees(math.atan2(math.copysign(math.hypot(nx, ny), z), nz))
    row[1] = math.degrees(lon)
    row[4] = row[5] = math.nan
    if slot.going:
        row[4] = u * nx + v * ny + w * nz
        row[5] = u * ex + v * ey + w * ez
    pp = slot.fix
    if now != slot.seen:
        pp, _, _ = spread(slot.pp, slot.pv, slot.vv, dt, wander)
    row[7] = QUANTILE * math.sqrt(pp)


@njit(nogil=True, cache=True)
def view(slots: Any, heights: Any, which: Any, now: Any, old: int, wander: float) -> Any:
    """Give the (n, 8) columns of these tracks at ``now``, (n,) nanoseconds.

    An altitude that is older than ``old`` nanoseconds is not known any more.
    """
    out = np.empty((len(which), COLUMNS))
    for k in range(len(which)):
        s = which[k]
        _place(slots[s], now[k], wander, out[k])
        out[k, 6] = math.nan
        for h in (1, 0):  # the rate of pressure altitude is preferred
            height = heights[s, h]
            out[k, 2 + h] = math.nan
            if height.time != NEVER and now[k] - height.seen <= old:
                dt = (now[k] - height.time) * _SECOND
                out[k, 2 + h] = height.a + dt * height.c
                if height.vv <= _RATE * _RATE:
                    out[k, 6] = 60.0 * height.c
    return out
