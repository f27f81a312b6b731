"""Which track of its aircraft a position may be of.

Of those that could have come there, it is the one of the greatest likelihood: r²/S + ln |S| least,
r being the distance from where the track is expected and S the variance of that distance in each
direction (Bar-Shalom, Li and Kirubarajan 2001, section 5.4: the innovation is normal with
covariance S I). Where none could have come there, it is of none of them.
"""

import math
from typing import Any, Final

from numba import njit

from detente.watch.motion import QUANTILE, moved, spread
from detente.watch.slot import SHOWN

__all__ = ["held", "nearest", "only", "reach"]

_SECOND: Final = 1e-9


@njit(nogil=True, cache=True)
def reach(slot: Any, x: float, y: float, z: float, time: int, r: float, bounds: Any) -> Any:
    """Give (in reach, r² of the innovation, predicted pp, pv, vv) of a track and a position."""
    dt = (time - slot.time) * _SECOND
    far = abs(dt)
    px, py, pz, _, _, _ = moved(slot.x, slot.y, slot.z, slot.u, slot.v, slot.w, dt)
    off = (x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2
    pp, pv, vv = spread(slot.pp, slot.pv, slot.vv, dt, bounds.wander)
    farthest = bounds.fastest * far
    noise = slot.pp
    if slot.going:
        speed = math.sqrt(slot.u**2 + slot.v**2 + slot.w**2)
        farthest = min(0.5 * bounds.hardest * far * far, farthest + speed * far)
        noise = pp
    farthest += 3.0 * QUANTILE * math.sqrt(noise + r)
    return off <= farthest * farthest, off, pp, pv, vv


@njit(nogil=True, cache=True)
def nearest(
    slots: Any, first: int, x: float, y: float, z: float, time: int, r: float, bounds: Any
) -> Any:
    """Give the likeliest track of an aircraft for a position; -1 where none could be there."""
    best, least = -1, math.inf
    s = first
    while s >= 0:
        near, off, pp, _, _ = reach(slots[s], x, y, z, time, r, bounds)
        if near:
            cost = off / (pp + r) + 2.0 * math.log(pp + r)
            if cost < least:
                best, least = s, cost
        s = slots[s].next
    return best


@njit(nogil=True, cache=True)
def only(slots: Any, first: int) -> Any:
    """Give the one track of an aircraft that is shown; -1 where there is none, or several."""
    found = -1
    s = first
    while s >= 0:
        if slots[s].state == SHOWN:
            if found >= 0:
                return -1
            found = s
        s = slots[s].next
    return found


@njit(nogil=True, cache=True)
def _repeats(
    slot: Any, x: float, y: float, z: float, rx: float, ry: float, rz: float, since: int,
    time: int, speed: float, near: float, bounds: Any,
) -> Any:  # fmt: skip
    """Tell whether a position only says again what was said at ``since``.

    Receivers hold a position until a new one comes, and two feeds give one broadcast twice. An
    aircraft that stands still repeats itself too, and that is news: where it cannot be told
    which, it is taken for held at first.
    """
    if (x - rx) ** 2 + (y - ry) ** 2 + (z - rz) ** 2 > 4.0 or abs(time - since) > bounds.held:
        return False
    age = abs(time - since) * _SECOND
    if age < 1.0:
        return True
    if math.isnan(speed):
        if not slot.going:
            return True
        speed = math.sqrt(slot.u**2 + slot.v**2 + slot.w**2)
    return speed * age > near


@njit(nogil=True, cache=True)
def held(
    slots: Any, first: int, lane: Any, x: float, y: float, z: float, time: int, speed: float,
    near: float, bounds: Any,
) -> Any:  # fmt: skip
    """Give the track of an aircraft that a position is only repeated for; -1 where it is news."""
    repeated = -1
    s = first
    while s >= 0:
        slot = slots[s]
        if _repeats(slot, x, y, z, slot.rx, slot.ry, slot.rz, slot.since, time, speed, near,
                    bounds):  # fmt: skip
            return s
        if _repeats(slot, x, y, z, lane.x, lane.y, lane.z, lane.since, time, speed, near,
                    bounds):  # fmt: skip
            repeated = s
        s = slot.next
    return repeated
