"""Outlines on the Earth: the checks that a polygon or a circle must pass, and its plane.

The central (gnomonic) projection maps every plane through the Earth's centre to a straight
line. So polygon edges, and the legs of a flight, are straight lines in it, and inside/outside
is a question of plane geometry, for any outline that fits in a hemisphere (J. P. Snyder, "Map
Projections: A Working Manual", USGS Professional Paper 1395, 1987, ch. 22).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from detente.earth import GEOD, surface
from detente.errors import InputError

__all__ = ["LARGEST_RADIUS", "Plane", "check_circle", "check_polygon", "ring"]

LARGEST_RADIUS = 500_000.0
"""Metres; beyond this a circle on the ellipsoid is no longer one distance from its centre."""
_WIDEST = np.cos(np.radians(80.0))
_LONGEST_EDGE = 50_000.0


@dataclass(frozen=True, slots=True)
class Plane:
    """The central projection about one direction.

    ``basis`` is (3, 3): rows are the two axes of the plane and its normal, unit ECEF vectors.
    """

    basis: NDArray[np.float64]

    @classmethod
    def about(cls, points: NDArray[np.float64]) -> "Plane":
        """Centre it on (n, 3) ECEF points."""
        units = points / np.linalg.norm(points, axis=1, keepdims=True)
        w = units.sum(axis=0)
        length = np.linalg.norm(w)
        w = units[0] if length < 1e-9 else w / length
        # Written out: np.cross takes 20 us, and every polygon that is filed pays for it.
        x, y, z = w.tolist()
        flat = min((abs(x), 0), (abs(y), 1), (abs(z), 2))[1]
        u = np.array([(0.0, z, -y), (-z, 0.0, x), (y, -x, 0.0)][flat])
        u /= np.linalg.norm(u)
        a, b, c = u.tolist()
        return cls(np.array([u, (y * c - z * b, z * a - x * c, x * b - y * a), w]))

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Project (n, 3) ECEF points of this hemisphere to (n, 2), in Earth radii."""
        p = points @ self.basis.T
        xy: NDArray[np.float64] = p[:, :2] / p[:, 2:]
        return xy

    def covers(self, points: NDArray[np.float64]) -> bool:
        """Tell whether all points lie within 80 degrees of the centre."""
        p = points @ self.basis.T
        return bool((p[:, 2] > _WIDEST * np.linalg.norm(p, axis=1)).all())


def ring(
    corners: Sequence[tuple[float, float]], *, longest: float = _LONGEST_EDGE
) -> NDArray[np.float64]:
    """Follow the sides as geodesics: (n, 3) ECEF points, at most ``longest`` metres apart."""
    lats: list[float] = []
    lons: list[float] = []
    for (lat, lon), (lat1, lon1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        lats.append(lat)
        lons.append(lon)
        azimuth, _, length = GEOD.inv(lon, lat, lon1, lat1)
        pieces = int(np.ceil(length / longest))
        if pieces > 1:
            along = length * np.arange(1, pieces) / pieces
            there = np.full(pieces - 1, 1.0)
            lon_i, lat_i, _ = GEOD.fwd(lon * there, lat * there, azimuth * there, along)
            lats.extend(lat_i)
            lons.extend(lon_i)
    return np.array([surface(lat, lon) for lat, lon in zip(lats, lons, strict=True)])


def _position(lat: float, lon: float, corner: int) -> None:
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90.0 and abs(lon) <= 360.0):
        raise InputError(
            f"corner {corner} at latitude {lat!r}, longitude {lon!r}",
            field="corners",
            mend="give degrees, latitude within 90 and longitude within 360",
        )


def check_polygon(corners: Sequence[tuple[float, float]]) -> None:
    """Refuse what is no polygon on the Earth.

    Raises
    ------
    InputError : a corner out of range, fewer than three different corners, an extent of more
        than a hemisphere, or sides that cross (it says which).
    """
    for i, (lat, lon) in enumerate(corners, 1):
        _position(lat, lon, i)
    if len(set(corners)) < 3:
        raise InputError(
            f"a polygon with {len(set(corners))} different corners",
            field="corners",
            mend="give at least three",
        )
    if len(set(corners)) < len(corners):
        raise InputError(
            "a corner that comes twice",
            field="corners",
            mend="give each corner once and do not repeat the first at the end",
        )
    points = ring(corners)
    plane = Plane.about(points)
    if not plane.covers(points):
        raise InputError(
            "a polygon that is larger than a hemisphere or nearly so",
            field="corners",
            mend="split it: every corner must lie within 80 degrees of its middle",
        )
    own = plane.project(np.array([surface(lat, lon) for lat, lon in corners]))
    if not shapely.Polygon(own).is_valid:
        raise InputError(
            f"a polygon that crosses itself: {_crossing(own)}",
            field="corners",
            mend="give the corners in order along the border",
        )


def _crossing(xy: NDArray[np.float64]) -> str:
    n = len(xy)
    sides = [shapely.LineString([xy[i], xy[(i + 1) % n]]) for i in range(n)]
    for i in range(n):
        for j in range(i + 1, n):
            meet = sides[i].intersection(sides[j])
            neighbours = j == i + 1 or (i == 0 and j == n - 1)
            if not meet.is_empty and (not neighbours or meet.length > 0.0):
                a, b, c, d = i + 1, (i + 1) % n + 1, j + 1, (j + 1) % n + 1
                return f"the side from corner {a} to {b} meets that from {c} to {d}"
    return "its corners lie on one line"


def check_circle(lat: float, lon: float, radius: float) -> None:
    """Refuse a centre out of range and a radius not above 0 or over 500 km."""
    _position(lat, lon, 1)
    if not 0.0 < radius <= LARGEST_RADIUS:
        raise InputError(
            f"a circle with a radius of {radius:g} m",
            field="radius",
            mend="give one above 0 and at most 500 km, or a polygon",
        )
