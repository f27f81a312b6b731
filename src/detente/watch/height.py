"""One altitude of one track, estimated: a Kalman filter with a constant rate of climb.

Sources as in :mod:`detente.watch.motion`, in one dimension. Pressure and geometric altitude have
a filter each; neither is ever turned into the other.
"""

import math
from typing import Any, Final

from numba import njit

from detente.watch.motion import spread, update
from detente.watch.slot import NEVER

__all__ = ["climbing", "rising"]

ALONG: Final = 10.827566
"""What the normalised innovation squared, of one degree of freedom, exceeds 1 of 1,000 times."""
_UNKNOWN: Final = 100.0**2  # of a rate of climb that nothing is known of, ft²/s²
_SECOND: Final = 1e-9


@njit(nogil=True, cache=True)
def rising(height: Any, time: int, altitude: float, bounds: Any) -> Any:
    """Take in an altitude; False where it could not have been reached and was set aside."""
    r = bounds.altimetry
    q = bounds.climb_wander
    if height.time != NEVER:
        if time < height.time:
            return True
        dt = (time - height.time) * _SECOND
        pp, pv, vv = spread(height.pp, height.pv, height.vv, dt, q)
        off = altitude - (height.a + dt * height.c)
        reach = min(0.5 * bounds.lifting * dt * dt, (bounds.steepest + abs(height.c)) * dt)
        if abs(off) <= reach + 6.0 * math.sqrt(pp + r):
            k, g, pp, pv, vv = update(pp, pv, vv, off * off, r, dt, q, bounds.lifting, ALONG)
            height.a += dt * height.c + k * off
            height.c += g * off
            height.pp, height.pv, height.vv = pp, pv, vv
            height.time = time
            height.seen = time
            height.misses = 0
            return True
        height.misses += 1
        if height.misses < bounds.persistent:
            return False
    height.time = time
    height.seen = time
    height.misses = 0
    height.a = altitude
    height.c = 0.0
    height.pp, height.pv, height.vv = r, 0.0, _UNKNOWN
    return True


@njit(nogil=True, cache=True)
def climbing(height: Any, time: int, rate: float, bounds: Any) -> Any:
    """Take in a rate of climb, feet per second, where there is an altitude that it is of."""
    if height.time == NEVER or time < height.time or abs(rate) > bounds.steepest:
        return
    dt = (time - height.time) * _SECOND
    pp, pv, vv = spread(height.pp, height.pv, height.vv, dt, bounds.climb_wander)
    off = rate - height.c
    s = vv + bounds.climb_rate
    k, g = pv / s, vv / s
    height.a += dt * height.c + k * off
    height.c += g * off
    height.pp, height.pv, height.vv = pp - k * pv, pv * (1.0 - g), vv * (1.0 - g)
    height.time = time
