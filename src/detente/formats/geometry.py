"""Lines and areas as GeoJSON geometries: cut at the antimeridian, wound as RFC 7946 asks.

RFC 7946, 3.1.9: what crosses 180 degrees is cut there into parts; 3.1.6: outer rings are wound
counter-clockwise. An outline about a pole is carried along the antimeridian to it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

from detente.airspace import Circle, Polygon
from detente.airspace.outline import ring
from detente.earth import GEOD, geodetic

__all__ = ["area_geometry", "line_geometry"]

Points = Sequence[tuple[float, float]]

_STEP = 50_000.0
"""Metres between points of an edge, which is a geodesic and not straight on a map."""
_SIDES = 64


def line_geometry(lat: Sequence[float], lon: Sequence[float]) -> dict[str, Any]:
    """Give a LineString, or a MultiLineString where the line crosses the antimeridian.

    >>> line_geometry([0.0, 0.0], [179.0, -179.0])["coordinates"]
    (((179.0, 0.0), (180.0, 0.0)), ((-180.0, 0.0), (-179.0, 0.0)))
    """
    line = shapely.LineString(_unwrapped(zip(lat, lon, strict=True)))
    return _rounded(_cut(line))


def area_geometry(outlines: Iterable[Polygon | Circle]) -> dict[str, Any]:
    """Give a Polygon, or a MultiPolygon where there are several outlines or parts.

    >>> from detente.airspace import Circle
    >>> area_geometry([Circle(50.0, 4.0, 1000.0)])["type"]
    'Polygon'
    """
    areas = [_cut(shapely.Polygon(_closed(_border(outline)))) for outline in outlines]
    parts = [part for area in areas for part in shapely.get_parts(area)]
    return _rounded(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def _border(outline: Polygon | Circle) -> list[tuple[float, float]]:
    """Give (lat, lon) about an outline."""
    if isinstance(outline, Circle):
        n = _SIDES
        azimuth = np.arange(n) * (360.0 / n)
        lon, lat, _ = GEOD.fwd(
            np.full(n, outline.lon), np.full(n, outline.lat), azimuth, np.full(n, outline.radius)
        )
    else:
        lat, lon = geodetic(ring(outline.corners, longest=_STEP))
    return list(zip(lat.tolist(), lon.tolist(), strict=True))


def _unwrapped(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Give (lon, lat) in which no step goes further than half around the Earth."""
    found: list[tuple[float, float]] = []
    for lat, lon in points:
        if found:
            before = found[-1][0]
            lon = before + (lon - before + 180.0) % 360.0 - 180.0  # noqa: PLW2901
        else:
            lon = (lon + 180.0) % 360.0 - 180.0  # noqa: PLW2901
        found.append((lon, lat))
    return found


def _closed(border: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Unwrap a ring; one that goes around a pole is closed over it."""
    points = _unwrapped([*border, border[0]])
    turned = points[-1][0] - points[0][0]
    if abs(turned) < 180.0:
        return points
    pole = 90.0 if sum(lat for _, lat in points) > 0.0 else -90.0
    return [*points, (points[-1][0], pole), (points[0][0], pole)]


def _cut(shape: shapely.Geometry) -> shapely.Geometry:
    """Bring a shape between -180 and 180, in parts if it must be."""
    west, _, east, _ = shape.bounds
    if west >= -180.0 and east <= 180.0:
        return shape
    parts = []
    for turn in range(
        int(np.floor((west + 180.0) / 360.0)), int(np.ceil((east - 180.0) / 360.0)) + 1
    ):
        window = shapely.box(360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0)
        inside = shapely.intersection(shapely.make_valid(shape), window)
        moved = shapely.transform(inside, lambda xy, by=360.0 * turn: xy - [by, 0.0])
        parts += [part for part in shapely.get_parts(moved) if part.geom_type == shape.geom_type]
    made = shapely.MultiLineString if shape.geom_type == "LineString" else shapely.MultiPolygon
    return parts[0] if len(parts) == 1 else made(parts)


def _rounded(shape: shapely.Geometry) -> dict[str, Any]:
    """Write to a tenth of a metre, outer rings counter-clockwise."""
    if "Polygon" in shape.geom_type:
        shape = shapely.orient_polygons(shape)
    plain = shapely.transform(shape, lambda xy: np.round(xy, 6))
    found: dict[str, Any] = mapping(plain)
    return found
