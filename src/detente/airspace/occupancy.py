"""The airspace that a flight takes up, told coarsely: what coalition members may be shown.

Each piece of the flight is enclosed in its own plane, the central projection about its middle,
by the lines that touch it from eight sides: the support lines of the convex set that the piece
and its protection make, an 8-DOP (J. T. Klosowski et al., "Efficient collision detection using
bounding volume hierarchies of k-DOPs", IEEE TVCG 4, 1998). The corners are then rounded. The
lines stand off by more than rounding can move a corner, so the outline contains what it must.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.airspace.altitude import Altitude
from detente.airspace.separation import Separation
from detente.airspace.trajectory import Trajectory
from detente.airspace.volume import Polygon, Volume
from detente.earth import GEOD, B, geodetic, surfaces
from detente.errors import InputError

__all__ = ["occupied_volumes"]

STEP_FT = 500.0
"""Feet to which altitudes are rounded, outward."""
STEP_DEGREE = 0.01
"""Degrees of latitude to which corners are rounded; in longitude about as many metres."""
_MARGIN = 1000.0
"""Metres that the lines stand off: a corner moves by up to 820 m when it is rounded, and the
sides, which are geodesics, lie up to 50 m within the plane's lines where they are longest."""
_LONGEST = 250_000.0
"""Metres between places on a leg; the geodesic there errs from the plane's line by 5 cm."""
_WIDEST = math.tan(math.radians(10.0))
"""In a piece's plane, how far from its middle it may reach, before it is halved."""
_SIDES = 8
_TURN = 2.0 * math.pi / _SIDES
_FLATTEST = 1.0 / math.cos(0.5 * _TURN)
"""How much further from the middle than a line a corner can be."""


def occupied_volumes(
    trajectory: Trajectory, separation: Separation, *, piece: float = 600.0
) -> tuple[Volume, ...]:
    """Give the 4D volumes that contain a flight and its protection, in place of the flight.

    Time is cut at whole multiples of ``piece`` since 1970, and a volume holds for all of its
    piece, so that neither cut nor ends tell when the flight begins, ends or turns. Altitudes
    are rounded outward to 500 ft; outlines are convex, of up to eight corners, on a grid of
    0.01 degree. The same flight gives the same volumes.

    Parameters
    ----------
    trajectory : the flight. A leg that was not flown (``gap``) occupies nothing.
    separation : the minima where the flight has none of its own; metres and feet.
    piece : seconds.

    Returns
    -------
    In order of time, under the flight's identifier and party; one for each piece, and more
    where a piece spans more than about 2,000 km.

    Raises
    ------
    InputError : a piece that is no time, or that does not fit 64-bit nanoseconds.

    >>> time = np.array([0, 500]) * 1_000_000_000
    >>> flight = Trajectory("A1", time, np.array([47.0, 47.0]), np.array([8.0, 8.5]),
    ...                     np.array([31000.0, 32200.0]))
    >>> (volume,) = occupied_volumes(flight, Separation())
    >>> volume.lower.feet, volume.upper.feet, len(volume.outline.corners)
    (30000.0, 33500.0, 8)
    """
    if not 0.0 < piece < 4e9:
        raise InputError(
            f"a piece of {piece:g} s", field="piece", mend="give seconds, above 0 and below 4e9"
        )
    step = max(1, round(piece * 1e9))
    own = trajectory.protection or separation
    time, points, alt, flown = _places(trajectory, step)
    legs = np.flatnonzero(flown)
    if not len(legs):
        return ()
    cell = time[legs] // step
    begin, outlines = _outlines(points, legs, _starts(cell), own.horizontal)
    lowest = np.minimum.reduceat(np.minimum(alt[legs], alt[legs + 1]), begin) - own.vertical
    highest = np.maximum.reduceat(np.maximum(alt[legs], alt[legs + 1]), begin) + own.vertical
    return tuple(
        Volume(
            trajectory.id,
            Polygon(outline),
            Altitude(lower, trajectory.reference),
            Altitude(upper, trajectory.reference),
            start,
            start + step,
            trajectory.party,
        )
        for outline, lower, upper, start in zip(
            outlines,
            (np.floor(lowest / STEP_FT) * STEP_FT).tolist(),
            (np.ceil(highest / STEP_FT) * STEP_FT).tolist(),
            (cell[begin] * step).tolist(),
            strict=True,
        )
    )


def _starts(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give where each run of one value begins."""
    return np.flatnonzero(np.diff(values, prepend=values[0] - 1))


def _places(
    flight: Trajectory, step: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Give the fixes, with a place at each cut in time and along each long leg.

    Times, (n, 3) ECEF metres, feet, and which of the n - 1 legs between them are flown.
    """
    time, lat, lon, alt = flight.time, flight.lat, flight.lon, flight.alt
    flown = ~flight.gap[:-1] if len(flight.gap) else np.ones(len(time) - 1, dtype=np.bool_)
    azimuth, _, metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    first = time[:-1] // step + 1
    cuts = np.where(flown, np.maximum((time[1:] - 1) // step - first + 1, 0), 0)
    more = np.where(flown, np.ceil(metres / _LONGEST).astype(np.int64) - 1, 0).clip(0)
    on, nth = _numbered(cuts)
    at = (first[on] + nth) * step
    far, part = _numbered(more)
    span = time[far + 1] - time[far]
    between = time[far] + ((part + 1) / (more[far] + 1) * span).astype(np.int64)
    on, at = np.concatenate([on, far]), np.concatenate([at, between])
    share = (at - time[on]) / (time[on + 1] - time[on])
    new_lon, new_lat, _ = GEOD.fwd(lon[on], lat[on], azimuth[on], metres[on] * share)
    order = np.lexsort((np.concatenate([np.full(len(time), -1), on]), np.concatenate([time, at])))
    whole = np.concatenate([time, at])[order]
    leg = np.concatenate([np.arange(len(time)), on])[order]
    points = surfaces(np.concatenate([lat, new_lat])[order], np.concatenate([lon, new_lon])[order])
    heights = np.concatenate([alt, alt[on] + share * (alt[on + 1] - alt[on])])[order]
    return whole, points, heights, flown[leg[:-1]]


def _numbered(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Say of each of so many things where it belongs, and which there it is, from 0."""
    where = np.repeat(np.arange(len(counts)), counts)
    return where, np.arange(len(where)) - (np.cumsum(counts) - counts)[where]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Places in the plane of their piece: the central projection about its middle.

    ``begin`` (n,) is where the places of each piece begin, ``of`` (m,) whose each is; ``basis``
    is (n, 3, 3), as :class:`~detente.airspace.outline.Plane` has it; ``reach`` (n,) how far from
    the middle the piece goes, in Earth radii, infinite where it is more than a hemisphere.
    """

    begin: NDArray[np.int64]
    of: NDArray[np.int64]
    basis: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    reach: NDArray[np.float64]

    @classmethod
    def of_places(cls, places: NDArray[np.float64], begin: NDArray[np.int64]) -> "_Pieces":
        """Project (m, 3) unit vectors, those of one piece one after the other."""
        of = np.repeat(np.arange(len(begin)), np.diff(begin, append=len(places)))
        w = np.add.reduceat(places, begin)
        length = np.linalg.norm(w, axis=1, keepdims=True)
        w = np.where(length < 1e-9, places[begin], w / np.maximum(length, 1e-9))
        u = np.cross(w, np.eye(3)[np.argmin(np.abs(w), axis=1)])
        u /= np.linalg.norm(u, axis=1, keepdims=True)
        basis = np.stack([u, np.cross(w, u), w], axis=1)
        x, y, z = np.einsum("nij,nj->in", basis[of], places)
        seen = z > 0.01
        z = np.where(seen, z, 1.0)
        x, y = x / z, y / z
        away = np.where(seen, np.hypot(x, y), np.inf)
        return cls(begin, of, basis, x, y, np.maximum.reduceat(away, begin))


def _outlines(
    points: NDArray[np.float64],
    legs: NDArray[np.int64],
    begin: NDArray[np.int64],
    protection: float,
) -> tuple[NDArray[np.int64], list[tuple[tuple[float, float], ...]]]:
    """Enclose each piece, by halves where it spans too much.

    Leg i goes from point i to i + 1; ``begin`` is where the legs of each piece begin. Gives
    that again, for the pieces as enclosed, and the corners of each.
    """
    places = points[np.column_stack([legs, legs + 1]).ravel()]
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    while True:
        pieces = _Pieces.of_places(places, 2 * begin)
        size = np.diff(begin, append=len(legs))
        wide = (pieces.reach > _WIDEST) & (size > 1)
        if not wide.any():
            break
        begin = np.sort(np.concatenate([begin, (begin + size // 2)[wide]]))
    corners = _corners(pieces, protection)
    # Any point of a ray tells where the ray meets the ellipsoid: latitude is a ratio.
    rays = np.einsum("nki,nij->nkj", corners, pieces.basis)
    lat, lon = _rounded(*geodetic(rays.reshape(-1, 3)))
    rays = np.einsum("nij,nkj->nki", pieces.basis, surfaces(lat, lon).reshape(-1, _SIDES, 3))
    xy = (rays[..., :2] / rays[..., 2:]).tolist()
    lats, lons = lat.reshape(-1, _SIDES).tolist(), lon.reshape(-1, _SIDES).tolist()
    return begin, [
        tuple((lats[k][i], lons[k][i]) for i in _convex(xy[k])) for k in range(len(begin))
    ]


def _corners(pieces: _Pieces, protection: float) -> NDArray[np.float64]:
    """Give (n, 8, 3): where the lines about each piece meet, in its plane, with 1 as the third."""
    # A metre on the Earth is at most 1 / B radian seen from its centre, and that is at most
    # 1 + t^2 in the plane where it is t from the middle; t bounds even the corners here.
    clear = (protection + _MARGIN) / B
    t = _FLATTEST * (pieces.reach + 1.5 * clear)
    x, y, of = pieces.x, pieces.y, pieces.of
    # One pair of lines goes along the piece: the main axis of its places.
    dx = x - (np.add.reduceat(x, pieces.begin) / np.bincount(of))[of]
    dy = y - (np.add.reduceat(y, pieces.begin) / np.bincount(of))[of]
    main = 0.5 * np.arctan2(
        np.add.reduceat(2.0 * dx * dy, pieces.begin),
        np.add.reduceat(dx * dx - dy * dy, pieces.begin),
    )
    angle = main[:, None] + np.arange(_SIDES) * _TURN
    cos, sin = np.cos(angle), np.sin(angle)
    line = np.maximum.reduceat(x[:, None] * cos[of] + y[:, None] * sin[of], pieces.begin)
    line += (clear * (1.0 + t * t))[:, None]
    # How far along a line the next one is met.
    on = (np.roll(line, -1, axis=1) - line * math.cos(_TURN)) / math.sin(_TURN)
    return np.stack([line * cos - on * sin, line * sin + on * cos, np.ones_like(line)], axis=2)


def _rounded(
    lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move places to the grid: in longitude the steps double where they would be half as long."""
    lat = np.round(np.rint(lat / STEP_DEGREE) * STEP_DEGREE, 2)
    pole = np.abs(lat) == 90.0
    step = STEP_DEGREE * np.exp2(-np.ceil(np.log2(np.cos(np.radians(lat)))))
    lon = (np.round(np.rint(lon / step) * step, 2) + 180.0) % 360.0 - 180.0
    return lat, np.where(pole, 0.0, np.round(lon, 2))


def _convex(xy: list[list[float]]) -> list[int]:
    """Give which places are corners of the convex hull, in order (A. M. Andrew, 1979)."""
    places = sorted({(x, y): i for i, (x, y) in enumerate(xy)}.items())
    hull: list[int] = []
    for way in (places, places[::-1]):
        chain: list[tuple[tuple[float, float], int]] = []
        for place in way:
            while len(chain) > 1 and _turn(chain[-2][0], chain[-1][0], place[0]) <= 0.0:
                chain.pop()
            chain.append(place)
        hull += [i for _, i in chain[:-1]]
    return hull


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
