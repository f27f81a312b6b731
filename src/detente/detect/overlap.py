"""Volumes against volumes: where, when and at which heights two of them overlap.

There are few of them, so the library decides the geometry: shapely, in the central projection
about both outlines, where sides are straight.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from detente.airspace import Conflicts, Constraint, Volume
from detente.airspace.outline import Plane
from detente.detect.encounter import INSTANT, TOLERANCE, TOLERANCE_FT
from detente.detect.interval import conflicts_of, merged, no_conflicts
from detente.detect.outlines import LIMITLESS, Outlines, named_volumes, outlines_of
from detente.earth import GEOD, MEAN_RADIUS, A, B, geodetic, surface
from detente.errors import InputError

__all__ = ["overlap", "overlaps"]


def overlaps(volumes: Sequence[Volume | Constraint], *, same_party: bool = True) -> Conflicts:
    """Find the pairs of volumes that overlap for an interval of positive length.

    Touching, to 1 cm, is no overlap. Where a volume has buffers, the larger of the two holds
    between them. Volumes of one constraint are never compared with each other.

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
        row = overlap(outlines, i, outlines, j)
        if row is None:
            continue
        one, two = flat[i].reference, flat[j].reference
        if one is not None and two is not None and one is not two:
            raise InputError(
                f"volumes {flat[i].id!r} and {flat[j].id!r} have altitudes above {one.value} and "
                f"{two.value}",
                field="altitude",
                mend="give both in one reference",
            )
        rows.append([min(a, b), max(a, b), *row])
    if not rows:
        return no_conflicts()
    named = (names, parties)
    return conflicts_of(merged(np.array(rows)), "volume-volume", named, named, epoch)


def _candidates(outlines: Outlines) -> Iterator[tuple[int, int]]:
    """Give the pairs that overlap in time and whose surrounding circles do on the Earth."""
    order = np.argsort(outlines.bounds[:, 0], kind="stable")
    ends = outlines.bounds[:, 1]
    place, reach = outlines.bounds[:, 4:7], outlines.bounds[:, 7]
    under_way = np.empty(0, dtype=np.int64)
    for j in order:
        under_way = under_way[ends[under_way] > outlines.bounds[j, 0]]
        gap = np.linalg.norm(place[under_way] - place[j], axis=1)
        for i in under_way[gap < reach[under_way] + reach[j]]:
            yield int(i), int(j)
        under_way = np.append(under_way, j)


def overlap(a: Outlines, i: int, b: Outlines, k: int) -> list[float] | None:
    """Compare volume i of one set with volume k of another; give columns 2 to 11 of a hit."""
    entry, leave = max(a.bounds[i, 0], b.bounds[k, 0]), min(a.bounds[i, 1], b.bounds[k, 1])
    if leave - entry <= INSTANT:
        return None
    lower_a, upper_a, wide_a, tall_a, *_ = a.limits[i].tolist()
    lower_b, upper_b, wide_b, tall_b, *_ = b.limits[k].tolist()
    clear_h, clear_v = max(wide_a, wide_b), max(tall_a, tall_b)
    height = max(lower_a - upper_b, lower_b - upper_a)
    if height >= clear_v - TOLERANCE_FT:
        return None
    distance, at = _distance(a, i, b, k)
    if distance >= clear_h - TOLERANCE:
        return None
    low, high = max(lower_a, lower_b), min(upper_a, upper_b)
    distance, height = max(distance, 0.0), max(height, 0.0)
    infringed = max(
        distance / clear_h if distance > 0.0 else 0.0, height / clear_v if height > 0.0 else 0.0
    )
    # without a limit above, the lower one stands for the height
    middle = 0.5 * (low + high) if high < LIMITLESS else max(low, 0.0)
    return [entry, leave, entry, distance, height, 1.0 - infringed, *at, middle]


def _distance(a: Outlines, i: int, b: Outlines, k: int) -> tuple[float, tuple[float, float, float]]:
    """Give the metres between two outlines, below 0 where they overlap, and where that is."""
    points_a, points_b = _points(a, i), _points(b, k)
    points = np.concatenate([points_a, points_b])
    plane = Plane.about(points)
    metres, at = 0.0, np.zeros(3)
    # the second time the plane touches the Earth where the two are nearest: no distortion there
    for _ in range(2):
        if not plane.covers(points):
            plane = Plane.about(points_a)
        one, two = _shape(points_a, plane), _shape(points_b, plane)
        common = shapely.intersection(one, two)
        # nowhere wider than the tolerance is touching
        if common.area > 0.0 and not shapely.buffer(common, -0.5 * TOLERANCE).is_empty:
            return -1.0, _on_earth(plane, common.representative_point())
        ends = shapely.get_coordinates(shapely.shortest_line(one, two))
        (lat_a, lon_a), (lat_b, lon_b) = (_degrees(plane, xy) for xy in ends)
        metres = GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]
        at = 0.5 * (np.array(surface(lat_a, lon_a)) + np.array(surface(lat_b, lon_b)))
        plane = Plane.about(at[None, :])
    metres -= a.limits[i, 5] + b.limits[k, 5]
    return metres if metres != 0.0 else 0.0, (at[0], at[1], at[2])


def _points(outlines: Outlines, k: int) -> NDArray[np.float64]:
    lo, hi = outlines.span[k]
    return outlines.border[lo:hi]


def _shape(points: NDArray[np.float64], plane: Plane) -> shapely.Geometry:
    """Project an outline, in metres about the plane's centre."""
    xy = MEAN_RADIUS * plane.project(points)
    return shapely.Point(xy[0]) if len(xy) == 1 else shapely.Polygon(xy)


def _degrees(plane: Plane, xy: NDArray[np.float64]) -> tuple[float, float]:
    ray = np.array([xy[0], xy[1], MEAN_RADIUS]) @ plane.basis
    # along the ray to the ellipsoid
    lat, lon = geodetic(_on_ellipsoid(ray)[None, :])
    return float(lat[0]), float(lon[0])


def _on_ellipsoid(
    ray: NDArray[np.float64],
) -> NDArray[np.float64]:
    scale = np.array([1.0 / A, 1.0 / A, 1.0 / B])
    on: NDArray[np.float64] = ray / np.linalg.norm(ray * scale)
    return on


def _on_earth(plane: Plane, point: shapely.Point) -> tuple[float, float, float]:
    on = _on_ellipsoid(np.array([point.x, point.y, MEAN_RADIUS]) @ plane.basis)
    return float(on[0]), float(on[1]), float(on[2])
