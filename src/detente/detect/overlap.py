"""Volumes against volumes: where, when and at which heights two of them overlap.

There are few of them, so the library decides the geometry: shapely, in the central projection
about both outlines, where sides are straight.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from detente.airspace import Circle, Conflicts, Constraint, Volume
from detente.airspace.outline import Plane, ring
from detente.detect.encounter import INSTANT, TOLERANCE
from detente.detect.interval import conflicts_of, merged, no_conflicts
from detente.detect.outlines import LIMITLESS, Outlines, named_volumes, outlines_of
from detente.earth import GEOD, A, B, geodetic, surface
from detente.errors import InputError

__all__ = ["overlaps"]


def overlaps(volumes: Sequence[Volume | Constraint], *, same_party: bool = True) -> Conflicts:
    """Find the pairs of volumes that overlap for an interval of positive length.

    Touching is no overlap. Where a volume has buffers, the larger of the two holds between
    them. Volumes of one constraint are never compared with each other.

    Parameters
    ----------
    volumes : what is compared, each with each.
    same_party : whether two volumes of one party count.

    Raises
    ------
    InputError : two that could overlap have altitudes of different references.
    """
    flat, owner, names, parties = named_volumes(volumes)
    if len(flat) < 2:
        return no_conflicts()
    epoch = min((v.start for v in flat if v.start is not None), default=0)
    epoch -= epoch % 1_000_000_000
    outlines = outlines_of(flat, epoch, None)
    rows = []
    for i, j in _candidates(outlines):
        a, b = int(owner[i]), int(owner[j])
        if a == b or (not same_party and parties[a] and parties[a] == parties[b]):
            continue
        row = _overlap(flat[i], flat[j], outlines.bounds[i], outlines.bounds[j])
        if row is not None:
            rows.append([min(a, b), max(a, b), *row])
    if not rows:
        return no_conflicts()
    named = (names, parties)
    return conflicts_of(merged(np.array(rows)), "volume-volume", named, named, epoch)


def _candidates(outlines: Outlines) -> Iterator[tuple[int, int]]:
    """Give the pairs that overlap in time and whose surrounding circles do on the Earth."""
    order = np.argsort(outlines.bounds[:, 0], kind="stable")
    ends = outlines.bounds[:, 1]
    under_way = np.empty(0, dtype=np.int64)
    for j in order:
        under_way = under_way[ends[under_way] > outlines.bounds[j, 0]]
        gap = np.linalg.norm(outlines.centre[under_way, :3] - outlines.centre[j, :3], axis=1)
        for i in under_way[gap < outlines.reach[under_way] + outlines.reach[j]]:
            yield int(i), int(j)
        under_way = np.append(under_way, j)


def _overlap(
    a: Volume,
    b: Volume,
    bounds_a: np.ndarray[tuple[int], np.dtype[np.float64]],
    bounds_b: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> list[float] | None:
    entry, leave = max(bounds_a[0], bounds_b[0]), min(bounds_a[1], bounds_b[1])
    if leave - entry <= INSTANT:
        return None
    clear_v = max(a.buffer_v, b.buffer_v)
    clear_h = max(a.buffer_h, b.buffer_h)
    apart = max(bounds_a[4] - bounds_b[5], bounds_b[4] - bounds_a[5])
    if apart >= clear_v - 1e-6:
        return None
    found = _distance(a, b)
    distance, at = found
    if distance >= max(0.0, clear_h - TOLERANCE):
        return None
    if a.reference is not None and b.reference is not None and a.reference is not b.reference:
        raise InputError(
            f"volumes {a.id!r} and {b.id!r} have altitudes above {a.reference.value} and "
            f"{b.reference.value}",
            field="altitude",
            mend="give both in one reference",
        )
    low, high = max(bounds_a[4], bounds_b[4]), min(bounds_a[5], bounds_b[5])
    distance, apart = max(distance, 0.0), max(float(apart), 0.0)
    infringed = max(
        distance / clear_h if distance > 0.0 else 0.0, apart / clear_v if apart > 0.0 else 0.0
    )
    # without a limit above, the lower one stands for the height
    middle = 0.5 * (low + high) if high < LIMITLESS else max(low, 0.0)
    return [entry, leave, entry, distance, apart, 1.0 - infringed, *at, middle]


def _distance(a: Volume, b: Volume) -> tuple[float, tuple[float, float, float]]:
    """Give the metres between two outlines, below 0 where they overlap, and where that is."""
    points = np.concatenate([_points(a), _points(b)])
    plane = Plane.about(points)
    metres, at = 0.0, np.zeros(3)
    # the second time the plane touches the Earth where the two are nearest: no distortion there
    for _ in range(2):
        if not plane.covers(points):
            plane = Plane.about(_points(a))
        one, two = _shape(a, plane), _shape(b, plane)
        common = shapely.intersection(one, two)
        if common.area > 0.0:
            return -1.0, _on_earth(plane, common.representative_point())
        ends = shapely.get_coordinates(shapely.shortest_line(one, two))
        (lat_a, lon_a), (lat_b, lon_b) = (_degrees(plane, xy) for xy in ends)
        metres = GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]
        at = 0.5 * (np.array(surface(lat_a, lon_a)) + np.array(surface(lat_b, lon_b)))
        plane = Plane.about(at[None, :])
    for volume in (a, b):
        if isinstance(volume.outline, Circle):
            metres -= volume.outline.radius
    return metres if metres != 0.0 else 0.0, (at[0], at[1], at[2])


def _points(volume: Volume) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    outline = volume.outline
    if isinstance(outline, Circle):
        return np.array([surface(outline.lat, outline.lon)])
    return ring(outline.corners)


def _shape(volume: Volume, plane: Plane) -> shapely.Geometry:
    xy = plane.project(_points(volume))
    return shapely.Point(xy[0]) if len(xy) == 1 else shapely.Polygon(xy)


def _degrees(plane: Plane, xy: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    ray = np.array([xy[0], xy[1], 1.0]) @ plane.basis
    # along the ray to the ellipsoid
    lat, lon = geodetic(_on_ellipsoid(ray)[None, :])
    return float(lat[0]), float(lon[0])


def _on_ellipsoid(
    ray: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    scale = np.array([1.0 / A, 1.0 / A, 1.0 / B])
    on: np.ndarray[tuple[int], np.dtype[np.float64]] = ray / np.linalg.norm(ray * scale)
    return on


def _on_earth(plane: Plane, point: shapely.Point) -> tuple[float, float, float]:
    on = _on_ellipsoid(np.array([point.x, point.y, 1.0]) @ plane.basis)
    return float(on[0]), float(on[1]), float(on[2])
