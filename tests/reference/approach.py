"""How near two come: legs to legs, legs to outlines, outlines to outlines; for the slow path.

Legs are rows of a numpy table with origin (s), rate (1/s), start, chord and bulge (ECEF metres);
a row of rate 0 stands still.
"""

from typing import Any

import numpy as np
import shapely

from tests.reference.surface import Floats, Plane, arc

_GRID = np.linspace(0.0, 1.0, 21)
_ZOOMS = 4
_ROUNDS = 6
_FINE = 0.05
"""Metres: a piece of path this short is judged by its middle."""


def places(rows: Any, t: Floats) -> Floats:
    """Give (k, s, 3) surface points of k rows at (k, s) times."""
    u = ((t - rows["origin"][:, None]) * rows["rate"][:, None])[..., None]
    return (
        rows["start"][:, None] + u * rows["chord"][:, None] + u * (1 - u) * rows["bulge"][:, None]
    )


def least_distance(a: Any, b: Any, t0: Floats, t1: Floats) -> tuple[Floats, Floats]:
    """Give the least distance of each pair in its time, and when: sampled, then zoomed in on."""
    each, last = np.arange(len(a)), len(_GRID) - 1
    least, when = np.full(len(a), np.inf), t0.copy()
    lo, hi = t0, t1
    for _ in range(_ZOOMS):
        t = lo[:, None] + (hi - lo)[:, None] * _GRID
        d = arc(places(a, t), places(b, t))
        k = d.argmin(axis=1)
        better = d[each, k] < least
        least, when = np.where(better, d[each, k], least), np.where(better, t[each, k], when)
        lo, hi = t[each, np.maximum(k - 1, 0)], t[each, np.minimum(k + 1, last)]
    return least, when


def edge(a: Any, b: Any, near: Floats, far: Floats, r: Floats) -> Floats:
    """Give when each distance passes r between a time when it is less and another.

    That other time where it is less then too.
    """
    each = np.arange(len(a))
    lo, hi = near, far
    for _ in range(_ROUNDS):
        t = lo[:, None] + (hi - lo)[:, None] * _GRID
        past = arc(places(a, t), places(b, t)) >= r[:, None]
        past[:, 0], past[:, -1] = False, True
        k = past.argmax(axis=1)
        lo, hi = t[each, k - 1], t[each, k]
    return hi


def stays(
    leg: Any, plane: Plane, shape: Any, clear: float, t0: float, t1: float
) -> list[tuple[float, float]]:
    """Give when a leg is within ``clear`` metres of a shape (below 0: so deep inside it).

    The distance to the border changes by no more than the way that is flown, so a piece of path
    whose middle is farther from it than half its length is on one side throughout.
    """
    rim = shapely.boundary(shape)
    shapely.prepare(shape)
    speed = 1.001 * float(np.linalg.norm(leg["chord"][0])) * float(leg["rate"][0]) + 1e-9
    lo, hi = np.array([t0]), np.array([t1])
    spans: list[tuple[float, float]] = []
    while len(lo):
        middle, half = 0.5 * (lo + hi), 0.5 * speed * (hi - lo)
        xy = plane.project(places(leg, middle[None])[0])
        away = shapely.distance(shapely.points(xy), rim)
        depth = np.where(shapely.contains_xy(shape, xy), -away, away) - clear
        settled = (np.abs(depth) >= half) | (half < _FINE)
        within = settled & (depth < 0)
        spans += zip(lo[within].tolist(), hi[within].tolist(), strict=True)
        lo, middle, hi = lo[~settled], middle[~settled], hi[~settled]
        lo, hi = np.concatenate([lo, middle]), np.concatenate([middle, hi])
    return spans


def outlines_near(one: Floats, other: Floats, middle: Floats, within: float) -> bool:
    """Tell whether two borders are nearer than this; below 0: overlap by more than this."""
    plane = Plane.about(middle)
    for _ in range(3):  # at last about the place where the two are nearest
        a, b = shapely.Polygon(plane.project(one)), shapely.Polygon(plane.project(other))
        if shapely.distance(a, b) > 1.1 * max(within, 0.0) + 100.0:
            return False
        ends = shapely.get_coordinates(shapely.shortest_line(a, b))
        plane = Plane.about(plane.place(ends.mean(axis=0)))
    if within >= 0.0:
        common = bool(shapely.intersection(a, b).area > 0.0)
        return common or bool(0.0 < shapely.distance(a, b) < within)
    return any(shapely.intersects(shapely.buffer(x, within), y) for x, y in ((a, b), (b, a)))
