"""Places, distances and short legs on the ellipsoid, for the slow path that re-checks the rule.

Own formulas in plain numpy; geographiclib where a leg or a side is long. Nothing of the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WGS84 = Geodesic.WGS84
LONGEST = 20_000.0
"""Metres; a longer leg is cut along its geodesic, so that a parabola errs by 3 mm at most."""
BORDER = 10_000.0
"""Metres; likewise a side of a polygon, which is straight in a plane nearby then."""
_E2 = WGS84.f * (2.0 - WGS84.f)
_EP2 = _E2 / (1.0 - _E2)
_POLAR = WGS84.a * (1.0 - WGS84.f)
_SHAPE = np.array([WGS84.a, WGS84.a, _POLAR]) ** -2.0


def cartesian(lat: Floats, lon: Floats) -> Floats:
    """Give (n, 3) ECEF metres of places in degrees."""
    phi, lam = np.radians(lat), np.radians(lon)
    sine, cosine = np.sin(phi), np.cos(phi)
    n = WGS84.a / np.sqrt(1.0 - _E2 * sine * sine)
    return np.stack(
        [n * cosine * np.cos(lam), n * cosine * np.sin(lam), n * (1.0 - _E2) * sine], axis=-1
    )


def normal(points: Floats) -> Floats:
    """Give the unit normals of the ellipsoid at (..., 3) points on it, or little below."""
    g = points * _SHAPE
    return g / np.sqrt((g * g).sum(axis=-1, keepdims=True))


def arc(a: Floats, b: Floats) -> Floats:
    """Give metres along the ellipsoid between (..., 3) surface points.

    The chord's arc on the circle that fits the ellipsoid midway in the chord's direction.
    Euler's 1/R = cos^2 / M + sin^2 / N becomes (1 + e'^2 z^2) / N, z being the unit chord's
    polar part, so the poles are no exception.
    """
    d = b - a
    squared = (d * d).sum(axis=-1)
    g = (a + b) * _SHAPE
    sine2 = g[..., 2] ** 2 / (g * g).sum(axis=-1)
    n = WGS84.a / np.sqrt(1.0 - _E2 * sine2)
    r2 = 2.0 * n / (1.0 + _EP2 * d[..., 2] ** 2 / np.maximum(squared, 1e-12))
    return r2 * np.arcsin(np.minimum(1.0, np.sqrt(squared) / r2))


def rise(middle: Floats) -> Floats:
    """Give the vectors along the normal from (n, 3) points below the ellipsoid up to it."""
    up = normal(middle)
    # |middle + d up| = 1 in the ellipsoid's own measure: a quadratic in d
    a = (up * up * _SHAPE).sum(axis=-1)
    b = (middle * up * _SHAPE).sum(axis=-1)
    c = (middle * middle * _SHAPE).sum(axis=-1) - 1.0
    d = -c / (b + np.sqrt(np.maximum(b * b - a * c, 0.0)))
    return d[..., None] * up


@dataclass(frozen=True)
class Plane:
    """The plane of true distance and direction from one place (azimuthal equidistant)."""

    centre: Floats
    axes: Floats  # (2, 3)

    @classmethod
    def about(cls, centre: Floats) -> "Plane":
        x, y, z = normal(centre).tolist()
        across = (x * x + y * y) ** 0.5
        cos, sin = (x / across, y / across) if across > 1e-6 else (1.0, 0.0)
        return cls(centre, np.array([[-sin, cos, 0.0], [-z * cos, -z * sin, across]]))

    def project(self, points: Floats) -> Floats:
        """Put (n, 3) surface points down as (n, 2) metres."""
        xy = (points - self.centre) @ self.axes.T
        short = np.sqrt((xy * xy).sum(axis=-1))
        true = arc(self.centre, points)
        return xy * (true / np.maximum(short, 1e-9))[:, None]

    def place(self, xy: Floats) -> Floats:
        """Give the surface point over (2,) metres, nearly: to choose another plane by."""
        point = self.centre + xy @ self.axes
        return point / np.sqrt((point * point * _SHAPE).sum())


@dataclass(frozen=True)
class Legs:
    """Pieces of flight of up to :data:`LONGEST`, each a parabola over its chord.

    At share u a leg is at ``start + u chord + u (1 - u) bulge``: the geodesic to second order.
    """

    begin: Floats
    end: Floats
    start: Floats
    chord: Floats
    bulge: Floats
    alt: Floats
    alt_end: Floats

    def __len__(self) -> int:
        return len(self.begin)


def legs(
    seconds: Floats, lat: Floats, lon: Floats, alt: Floats, gap: NDArray[np.bool_] | None
) -> Legs:
    """Lay the legs between fixes; those that are gaps are left out."""
    points = cartesian(lat, lon)
    flown = np.ones(len(points) - 1, dtype=bool) if gap is None else ~gap[:-1]
    away = np.sqrt(((points[1:] - points[:-1]) ** 2).sum(axis=1))
    if away.max() > LONGEST:
        seconds, points, alt, flown = _cut(seconds, lat, lon, points, alt, flown)
    a, b = points[:-1][flown], points[1:][flown]
    return Legs(
        seconds[:-1][flown],
        seconds[1:][flown],
        a,
        b - a,
        4.0 * rise(0.5 * (a + b)),
        alt[:-1][flown],
        alt[1:][flown],
    )


def _cut(
    seconds: Floats, lat: Floats, lon: Floats, points: Floats, alt: Floats, flown: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    times, places, heights, kept = [seconds[:1]], [points[:1]], [alt[:1]], []
    for i in range(len(seconds) - 1):
        between = along((lat[i], lon[i]), (lat[i + 1], lon[i + 1]), LONGEST)
        n = len(between) + 1
        share = np.arange(1, n) / n
        times += [seconds[i] + share * (seconds[i + 1] - seconds[i]), seconds[i + 1 : i + 2]]
        heights += [alt[i] + share * (alt[i + 1] - alt[i]), alt[i + 1 : i + 2]]
        places += [between, points[i + 1 : i + 2]]
        kept += [flown[i]] * n
    return (
        np.concatenate(times),
        np.concatenate(places),
        np.concatenate(heights),
        np.array(kept, dtype=bool),
    )


def along(one: tuple[float, float], other: tuple[float, float], longest: float) -> Floats:
    """Give the points between two places that cut their geodesic into even pieces."""
    line = WGS84.InverseLine(float(one[0]), float(one[1]), float(other[0]), float(other[1]))
    pieces = int(np.ceil(line.s13 / longest))
    at = [line.Position(line.s13 * k / pieces) for k in range(1, pieces)]
    return cartesian(np.array([p["lat2"] for p in at]), np.array([p["lon2"] for p in at]))


def border(corners: Sequence[tuple[float, float]]) -> Floats:
    """Give (n, 3) points on a polygon's sides, which are geodesics, up to 10 km apart."""
    own = cartesian(*np.array(corners, dtype=float).T)
    following = np.roll(own, -1, axis=0)
    if ((following - own) ** 2).sum(axis=1).max() <= BORDER**2:
        return own
    out = []
    for i, corner in enumerate(corners):
        out += [own[i : i + 1], along(corner, corners[(i + 1) % len(corners)], BORDER)]
    return np.concatenate(out)
