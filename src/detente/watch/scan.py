"""A batch of sightings, in order of time: each to the track that it is of, or to a new one."""

import math
from typing import Any, Final

from numba import njit

from detente.earth import surface
from detente.watch.height import climbing, rising
from detente.watch.motion import ACROSS, QUANTILE, axes, ground, moved, spread, tangent, update
from detente.watch.reach import held, nearest, only, reach
from detente.watch.slot import FREE, HIDDEN, NEVER, SHOWN

__all__ = ["ALTITUDE", "ENDED", "FULL", "HELD", "JUMP", "REASONS", "SUPERSEDED", "UNPLACED",
           "VELOCITY", "absorb", "release"]  # fmt: skip

ENDED: Final = 3
"""The state of a track that was merged into another, until it is told."""

UNPLACED: Final = 0
HELD: Final = 1
SUPERSEDED: Final = 2
JUMP: Final = 3
ALTITUDE: Final = 4
VELOCITY: Final = 5
FULL: Final = 6
REASONS: Final = (
    "sightings without a position, of an aircraft that has no one track",
    "positions that only repeat the last",
    "positions older than the track's last",
    "positions out of reach",
    "altitudes out of reach",
    "velocities out of reach",
    "sightings of more aircraft than are followed",
)
"""What was left out, in words; the numbers above count into it."""

_SECOND: Final = 1e-9
_STRAYS: Final = 3
"""Hidden tracks of one aircraft at most, whatever is sent in its name."""


@njit(nogil=True, cache=True)
def _correct(slot: Any, x: float, y: float, z: float, time: int, r: float, bounds: Any) -> None:
    """Move a track on to a position's time, and take the position in."""
    dt = (time - slot.time) * _SECOND
    q = bounds.wander
    px, py, pz, u, v, w = moved(slot.x, slot.y, slot.z, slot.u, slot.v, slot.w, dt)
    pp, pv, vv = spread(slot.pp, slot.pv, slot.vv, dt, q)
    ex, ey, ez = x - px, y - py, z - pz
    off = ex * ex + ey * ey + ez * ez
    k, g, pp, pv, vv = update(pp, pv, vv, off, r, dt, q, bounds.hardest, ACROSS)
    slot.x, slot.y, slot.z = ground(px + k * ex, py + k * ey, pz + k * ez)
    _turn(slot, u + g * ex, v + g * ey, w + g * ez, vv, bounds)
    slot.pp, slot.pv, slot.fix = pp, pv, pp
    slot.time = slot.seen = time
    slot.count += 1


@njit(nogil=True, cache=True)
def _turn(slot: Any, u: float, v: float, w: float, vv: float, bounds: Any) -> None:
    """Give a track a velocity, and its variance."""
    speed = min(math.sqrt(u * u + v * v + w * w), bounds.fastest)
    slot.u, slot.v, slot.w = tangent(slot.x, slot.y, slot.z, u, v, w, speed)
    slot.vv = vv
    if vv <= bounds.known:
        slot.going = 1


@njit(nogil=True, cache=True)
def _steer(
    slot: Any, lon: float, speed: float, course: float, time: int, before: int, bounds: Any
) -> Any:
    """Take in a velocity; False where it could not have been reached and was set aside."""
    if time < slot.time:
        return True
    dt = (time - slot.time) * _SECOND
    x, y, z, u, v, w = moved(slot.x, slot.y, slot.z, slot.u, slot.v, slot.w, dt)
    pp, pv, vv = spread(slot.pp, slot.pv, slot.vv, dt, bounds.wander)
    if math.isnan(lon):
        lon = math.atan2(y, x)
    nx, ny, nz, ex, ey, ez = axes(x, y, z, lon)
    north, east = speed * math.cos(course), speed * math.sin(course)
    du = north * nx + east * ex - u
    dv = north * ny + east * ey - v
    dw = north * nz + east * ez - w
    off = du * du + dv * dv + dw * dw
    s = vv + bounds.velocity
    gap = (time - before) * _SECOND
    if slot.going:
        if math.sqrt(off) > bounds.hardest * max(gap, 1.0) + 6.0 * math.sqrt(s):
            return False
        # it turns: as with positions, what was known of the velocity holds no more
        vv += max(0.0, min(off / ACROSS - s, bounds.hardest * bounds.hardest * gap * gap))
        s = vv + bounds.velocity
    k, g = pv / s, vv / s
    slot.x, slot.y, slot.z = ground(x + k * du, y + k * dv, z + k * dw)
    _turn(slot, u + g * du, v + g * dv, w + g * dw, vv * (1.0 - g), bounds)
    slot.pp, slot.pv = pp - k * pv, pv * (1.0 - g)
    if slot.seen == time:
        slot.fix = slot.pp
    slot.time = time
    return True


@njit(nogil=True, cache=True)
def release(slots: Any, heads: Any, s: int, state: int) -> None:
    """Take a track from its aircraft, and leave it in this state."""
    a = slots[s].aircraft
    if heads[a] == s:
        heads[a] = slots[s].next
    else:
        before = heads[a]
        while slots[before].next != s:
            before = slots[before].next
        slots[before].next = slots[s].next
    slots[s].next = -1
    slots[s].state = state


@njit(nogil=True, cache=True)
def _begin(
    slots: Any, heights: Any, heads: Any, free: Any, stack: Any, a: int, x: float, y: float,
    z: float, time: int, r: float, bounds: Any,
) -> Any:  # fmt: skip
    """Begin a track; hidden where its aircraft has others. -1 where there is no place for it."""
    strays, oldest = 0, -1
    s = heads[a]
    while s >= 0:
        if slots[s].state == HIDDEN:
            strays += 1
            if oldest < 0 or slots[s].seen < slots[oldest].seen:
                oldest = s
        s = slots[s].next
    if strays >= _STRAYS:
        release(slots, heads, oldest, FREE)
        free[stack[0]] = oldest
        stack[0] += 1
    if stack[0] == 0 or len(slots) - stack[0] >= bounds.most:
        return -1
    stack[0] -= 1
    s = free[stack[0]]
    slot = slots[s]
    slot.state = SHOWN if heads[a] < 0 else HIDDEN
    slot.aircraft, slot.next = a, heads[a]
    heads[a] = s
    slot.time = slot.seen = slot.first = slot.since = time
    slot.count, slot.going, slot.accord, slot.sources = 1, 0, 0, 0
    slot.x, slot.y, slot.z = x, y, z
    slot.rx, slot.ry, slot.rz = x, y, z
    slot.u = slot.v = slot.w = 0.0
    slot.pp, slot.pv, slot.vv, slot.fix = r, 0.0, bounds.unknown, r
    slot.on_ground = 0
    for f in range(4):
        slot.lanes[f], slot.said[f] = 0, NEVER
    for h in range(2):
        heights[s, h].time = heights[s, h].seen = NEVER
        heights[s, h].misses = 0
    return s


@njit(nogil=True, cache=True)
def _accord(
    slots: Any, heights: Any, heads: Any, s: int, x: float, y: float, z: float, time: int,
    r: float, bounds: Any,
) -> Any:  # fmt: skip
    """Find a track of the same aircraft that cannot be told from ``s`` any more.

    The one that was seen first keeps its name and takes the newer estimate. Gives that one and
    the other, which is no more; -1 for the other where there is none.
    """
    o = heads[slots[s].aircraft]
    while o >= 0:
        if o != s:
            near, off, pp, _, _ = reach(slots[o], x, y, z, time, r, bounds)
            if near and off <= ACROSS * (pp + r):
                slots[o].accord += 1
                if slots[o].accord >= bounds.persistent:
                    break
            else:
                slots[o].accord = 0
        o = slots[o].next
    if o < 0:
        return s, -1
    older, younger = o, s
    if slots[s].state == SHOWN and (slots[o].state != SHOWN or slots[s].first <= slots[o].first):
        older, younger = s, o
    else:
        _take_over(slots[o], slots[s])
        for h in range(2):
            if heights[s, h].seen >= heights[o, h].seen:
                heights[o, h] = heights[s, h]
    slots[older].sources |= slots[younger].sources
    slots[older].accord = 0
    return older, younger


@njit(nogil=True, cache=True)
def _take_over(slot: Any, other: Any) -> None:
    slot.time, slot.seen, slot.since = other.time, other.seen, other.since
    slot.going = max(slot.going, other.going)
    slot.x, slot.y, slot.z = other.x, other.y, other.z
    slot.u, slot.v, slot.w = other.u, other.v, other.w
    slot.rx, slot.ry, slot.rz = other.rx, other.ry, other.rz
    slot.pp, slot.pv, slot.vv, slot.fix = other.pp, other.pv, other.vv, other.fix


@njit(nogil=True, cache=True)
def absorb(
    batch: Any, numbers: Any, lanes: Any, slots: Any, heights: Any, heads: Any, free: Any,
    stack: Any, born: Any, gone: Any, counts: Any, bounds: Any,
) -> Any:  # fmt: skip
    """Take in a batch.

    Parameters
    ----------
    batch : (n, 8) latitude, longitude, pressure and geometric altitude, speed, course, climb,
        accuracy; degrees, feet, m/s, ft/min, metres; NaN where not said.
    numbers : (n, 3) time, lane, on the ground.
    lanes, slots, heights : records of lanes, and of tracks.
    heads : first track of each aircraft.
    free, stack : free places among the tracks, and their number.
    born, gone : room for tracks that are shown from now on, and that were merged into others.
    counts : of what was left out, by :data:`REASONS`.
    bounds : :class:`~detente.watch.slot.Bounds`.

    Returns
    -------
    Numbers of tracks born and gone.
    """
    births = ends = 0
    for i in range(len(batch)):
        time, at, on_ground = numbers[i, 0], numbers[i, 1], numbers[i, 2]
        lat, lon = batch[i, 0], batch[i, 1]
        speed, course = batch[i, 4], batch[i, 5]
        lane = lanes[at]
        lane.heard = max(lane.heard, time)
        first = heads[lane.aircraft]
        if math.isnan(lat):
            s = only(slots, first)
            if s < 0:
                counts[UNPLACED] += 1
                continue
            before = slots[s].time
        else:
            x, y, z = surface(lat, lon)
            near = max(bounds.finest, batch[i, 7])
            if math.isnan(batch[i, 7]):
                near = bounds.accuracy
            r = (near / QUANTILE) ** 2
            same = held(slots, first, lane, x, y, z, time, speed, near, bounds)
            s = same
            if same < 0:
                s = nearest(slots, first, x, y, z, time, r, bounds)
            if s < 0:
                counts[JUMP] += first >= 0
                s = _begin(slots, heights, heads, free, stack, lane.aircraft, x, y, z, time, r,
                           bounds)  # fmt: skip
                if s < 0:
                    counts[FULL] += 1
                    continue
                before = time
                lane.x, lane.y, lane.z, lane.since = x, y, z, time
                slots[s].on_ground = on_ground
                if first < 0:
                    born[births] = s
                    births += 1
            else:
                slot = slots[s]
                before = slot.time
                if same >= 0:
                    counts[HELD] += 1
                elif time < slot.time:
                    counts[SUPERSEDED] += 1
                else:
                    _correct(slot, x, y, z, time, r, bounds)
                    slot.rx, slot.ry, slot.rz, slot.since = x, y, z, time
                    lane.x, lane.y, lane.z, lane.since = x, y, z, time
                    slot.on_ground = on_ground
                    if slot.state == HIDDEN and slot.count >= bounds.persistent:
                        slot.state = SHOWN
                        born[births] = s
                        births += 1
                    if first != s or slot.next >= 0:
                        s, o = _accord(slots, heights, heads, s, x, y, z, time, r, bounds)
                        if o >= 0:
                            if slots[o].state == SHOWN:
                                gone[ends] = o
                                ends += 1
                                release(slots, heads, o, ENDED)
                            else:
                                release(slots, heads, o, FREE)
                                free[stack[0]] = o
                                stack[0] += 1
        slot = slots[s]
        slot.sources |= lane.source
        for f in range(4):
            if lane.says[f] and time >= slot.said[f]:
                slot.lanes[f], slot.said[f] = at, time
        if not (math.isnan(speed) or math.isnan(course)) and not _steer(
            slot, math.radians(lon), speed, math.radians(course), time, before, bounds
        ):
            counts[VELOCITY] += 1
        for h in range(2):
            altitude = batch[i, 2 + h]
            if not math.isnan(altitude) and not rising(heights[s, h], time, altitude, bounds):
                counts[ALTITUDE] += 1
            if not math.isnan(batch[i, 6]):
                climbing(heights[s, h], time, batch[i, 6] / 60.0, bounds)
    return births, ends
