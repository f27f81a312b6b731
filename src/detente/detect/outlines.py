"""Volumes laid out for the engine: planes, borders, bounds, and the cells that they touch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.airspace import Circle, Constraint, Polygon, Reference, Volume
from detente.airspace.outline import Plane, ring
from detente.detect.encounter import TOLERANCE_FT
from detente.detect.grid import Grid, bands_of_disk, lons_of_disk
from detente.detect.legs import chord_minimum
from detente.earth import geodetic, surface
from detente.errors import InputError

__all__ = ["ALWAYS", "LIMITLESS", "Outlines", "named_volumes", "outlines_of"]

ALWAYS: Final = (0, 9_223_372_036_000_000_000)
"""Nanoseconds that stand for "always": 1970-01-01 to 2262-04-11."""
LIMITLESS: Final = 1e7
"""Feet that stand for no limit."""
_MOST_CELLS = 4_000_000
_BORDER_PIECE = 20_000.0


@dataclass(frozen=True, eq=False, slots=True)
class Outlines:
    """Volumes as flat arrays; volume k has border points ``start[k]:start[k + 1]``.

    Parameters
    ----------
    bounds : (n, 6) start and end (s since the epoch), lowest and highest altitude (ft, with
        buffer, tolerance off), lower and upper (ft, without).
    round : (n,) bool, whether it is a circle.
    centre : (n, 4) ECEF metres, and the chord radius of what is kept clear of a circle.
    buffer : (n, 2) horizontal metres and vertical feet.
    basis : (n, 9) the plane of a polygon.
    start : (n + 1,) int64.
    border : (m, 3) ECEF metres, none of a border's points more than 20 km apart.
    plane : (m, 2) the same points in their polygon's plane.
    lat, lon, reach : (n,) an anchor in degrees, and the metres from it that hold all of it.
    """

    bounds: NDArray[np.float64]
    round: NDArray[np.bool_]
    centre: NDArray[np.float64]
    buffer: NDArray[np.float64]
    basis: NDArray[np.float64]
    start: NDArray[np.int64]
    border: NDArray[np.float64]
    plane: NDArray[np.float64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    reach: NDArray[np.float64]

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """What the kernels take, in their order."""
        return (
            self.bounds, self.round, self.centre, self.buffer, self.basis, self.start,
            self.border, self.plane,
        )  # fmt: skip


def named_volumes(
    volumes: Sequence[Volume | Constraint],
) -> tuple[list[Volume], NDArray[np.int32], list[str], list[str]]:
    """Take constraints apart: the volumes, whose each is, and the names and parties of those."""
    flat: list[Volume] = []
    owner: list[int] = []
    for k, item in enumerate(volumes):
        parts = item.volumes if isinstance(item, Constraint) else (item,)
        flat.extend(parts)
        owner.extend([k] * len(parts))
    parties = [
        next((v.party for v in item.volumes), "") if isinstance(item, Constraint) else item.party
        for item in volumes
    ]
    return flat, np.array(owner, dtype=np.int32), [item.id for item in volumes], parties


def outlines_of(volumes: Sequence[Volume], epoch: int, reference: Reference | None) -> Outlines:
    """Lay out volumes.

    Parameters
    ----------
    volumes : any number.
    epoch : where seconds begin.
    reference : what their altitudes must be measured from; None where none is compared.

    Raises
    ------
    InputError : a volume's altitudes have another reference.
    """
    bounds, discs, centres, buffers, bases = [], [], [], [], []
    borders: list[NDArray[np.float64]] = []
    planes: list[NDArray[np.float64]] = []
    for volume in volumes:
        if reference is not None and volume.reference not in (None, reference):
            raise InputError(
                f"its altitudes are above {volume.reference}, the flights' above {reference.value}",
                flight=volume.id,
                field="altitude",
                mend="give both in one reference",
            )
        start = ALWAYS[0] if volume.start is None else volume.start
        end = ALWAYS[1] if volume.end is None else volume.end
        lower = -LIMITLESS if volume.lower is None else volume.lower.feet
        upper = LIMITLESS if volume.upper is None else volume.upper.feet
        clear = volume.buffer_v - TOLERANCE_FT
        bounds.append(
            [
                (start - epoch) * 1e-9,
                (end - epoch) * 1e-9,
                lower - clear,
                upper + clear,
                lower,
                upper,
            ]
        )
        outline = volume.outline
        buffers.append([volume.buffer_h, volume.buffer_v])
        discs.append(isinstance(outline, Circle))
        if isinstance(outline, Polygon):
            points = ring(outline.corners, longest=_BORDER_PIECE)
            plane = Plane.about(points)
            middle = plane.basis[2]
            lat, lon = geodetic(middle[None, :])
            at = np.array(surface(float(lat[0]), float(lon[0])))
            # a chord of up to 160 degrees against its arc: at most (pi / 2) times it
            far = float(np.linalg.norm(points - at, axis=1).max())
            reach = 2.0 * 6.4e6 * math.asin(min(1.0, far / 2.0 / 6.35e6)) + _BORDER_PIECE
            centres.append([*at, reach])
            bases.append(plane.basis.ravel())
            borders.append(points)
            planes.append(plane.project(points))
        else:
            at = np.array(surface(outline.lat, outline.lon))
            centres.append([*at, chord_minimum(outline.radius + volume.buffer_h)])
            bases.append(np.zeros(9))
            borders.append(np.empty((0, 3)))
            planes.append(np.empty((0, 2)))
    middle_of = np.array(centres).reshape(-1, 4)
    lat, lon = geodetic(middle_of[:, :3])
    clear_of = np.array(buffers).reshape(-1, 2)
    is_round = np.array(discs, dtype=np.bool_)
    return Outlines(
        bounds=np.array(bounds).reshape(-1, 6),
        round=is_round,
        centre=middle_of,
        buffer=clear_of,
        basis=np.array(bases).reshape(-1, 9),
        start=np.concatenate([[0], np.cumsum([len(b) for b in borders])]).astype(np.int64),
        border=np.concatenate([*borders, np.empty((0, 3))]),
        plane=np.concatenate([*planes, np.empty((0, 2))]),
        lat=lat,
        lon=np.mod(lon, 360.0),
        reach=1.02 * middle_of[:, 3] + np.where(is_round, 0.0, clear_of[:, 0]) + 100.0,
    )


def cells_of(
    outlines: Outlines, reach: float
) -> tuple[Grid, NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """List, for each cell, the volumes that a leg anchored in it could touch.

    Parameters
    ----------
    outlines : the volumes.
    reach : the largest reach of a leg, metres.

    Returns
    -------
    grid : its level 0 is used.
    cells : (c,) the cells that have any, sorted.
    start : (c + 1,) where each one's list begins. member : the lists.
    """
    q = outlines.reach + reach + 100.0
    cell = max(1000.0, float(np.median(q)))
    while float(((2.0 * q / cell + 2.0) ** 2).sum()) > _MOST_CELLS:
        cell *= 2.0
    grid = Grid(cell)
    pairs = _touched(outlines.lat, outlines.lon, q, *grid.arrays)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    cells, first = np.unique(pairs[:, 0], return_index=True)
    start = np.concatenate([first, [len(pairs)]]).astype(np.int64)
    return grid, cells, start, pairs[:, 1].astype(np.int32)


@njit(nogil=True, cache=True)
def _touched(
    lat: Any,
    lon: Any,
    q: Any,
    scale: Any,
    start: Any,
    count: Any,
    cell0: Any,
    poleward: Any,
    size: Any,
) -> Any:
    pairs = np.empty((1024, 2), dtype=np.int64)
    n = 0
    for k in range(len(lat)):
        b0, b1, wide = bands_of_disk(lat[k], q[k], 0, scale, start, poleward)
        for band in range(b0, b1 + 1):
            c, cells = lons_of_disk(lon[k], wide, count[band])
            for x in range(cells):
                if n == len(pairs):
                    pairs = np.concatenate((pairs, np.empty_like(pairs)))
                pairs[n, 0] = cell0[band] + (c + x) % count[band]
                pairs[n, 1] = k
                n += 1
    return pairs[:n].copy()
