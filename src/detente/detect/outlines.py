"""Volumes laid out for the engine: planes, borders, bounds, and the cells that they touch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.airspace import Constraint, Polygon, Reference, Volume
from detente.airspace.outline import ring
from detente.detect.encounter import TOLERANCE_FT
from detente.detect.grid import Grid, bands_of_disk, lons_of_disk
from detente.detect.legs import chord_minimum, turned
from detente.earth import E2, A, B, surface
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
    """Volumes as flat arrays.

    Parameters
    ----------
    bounds : (n, 8) start and end (s since the epoch), lowest and highest altitude (ft, with
        buffer, tolerance off), an anchor (ECEF metres), and the metres from it that hold all
        of the volume and its buffer.
    round : (n,) bool, whether it is a circle.
    limits : (n, 6) lower and upper altitude (ft), buffers (m, ft), and of a circle the chord
        radius of what is kept clear, and its own radius.
    basis : (n, 9) the plane of a polygon.
    span : (n, 2) int64, where its border begins and ends.
    border : (m, 3) ECEF metres, none of a border's points more than 20 km apart; of a circle
        its centre.
    plane : (m, 2) the same points in their polygon's plane.
    lat, lon : (n,) the anchor in degrees, lon in [0, 360).
    """

    bounds: NDArray[np.float64]
    round: NDArray[np.bool_]
    limits: NDArray[np.float64]
    basis: NDArray[np.float64]
    span: NDArray[np.int64]
    border: NDArray[np.float64]
    plane: NDArray[np.float64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]

    @classmethod
    def room(cls, volumes: int, points: int) -> "Outlines":
        """Make room for so many volumes, and so many points of their borders."""
        return cls(
            bounds=np.empty((volumes, 8)),
            round=np.empty(volumes, dtype=np.bool_),
            limits=np.empty((volumes, 6)),
            basis=np.empty((volumes, 9)),
            span=np.empty((volumes, 2), dtype=np.int64),
            border=np.empty((points, 3)),
            plane=np.empty((points, 2)),
            lat=np.empty(volumes),
            lon=np.empty(volumes),
        )

    def put(self, laid: "Outlines", at: int, point: int) -> None:
        """Copy others here: volumes from ``at``, their borders from ``point``."""
        end = at + len(laid)
        for name in ("bounds", "round", "limits", "basis", "lat", "lon"):
            getattr(self, name)[at:end] = getattr(laid, name)
        self.span[at:end] = laid.span + point
        last = point + len(laid.border)
        self.border[point:last] = laid.border
        self.plane[point:last] = laid.plane

    def grown(self, volumes: int, points: int) -> "Outlines":
        """Give a copy with room for so many."""
        more = Outlines.room(volumes, points)
        for name in ("bounds", "round", "limits", "basis", "span", "lat", "lon"):
            getattr(more, name)[: len(self)] = getattr(self, name)
        more.border[: len(self.border)] = self.border
        more.plane[: len(self.plane)] = self.plane
        return more

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """What the kernels take, in their order."""
        return (
            self.bounds, self.round, self.limits, self.basis, self.span, self.border, self.plane,
        )  # fmt: skip

    def __len__(self) -> int:
        """Count the volumes there is room for."""
        return len(self.round)


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
    corners: list[tuple[float, float]] = []
    stated: list[tuple[float, ...]] = []
    for volume in volumes:
        lower, upper, outline = volume.lower, volume.upper, volume.outline
        if reference is not None:
            bound = lower or upper
            if bound is not None and bound.reference is not reference:
                raise InputError(
                    f"its altitudes are above {volume.reference}, the flights' above "
                    f"{reference.value}",
                    flight=volume.id,
                    field="altitude",
                    mend="give both in one reference",
                )
        if isinstance(outline, Polygon):
            corners.extend(outline.corners)
            radius = -1.0
        else:
            corners.append((outline.lat, outline.lon))
            radius = outline.radius
        stated.append(
            (
                len(corners),
                ((ALWAYS[0] if volume.start is None else volume.start) - epoch) * 1e-9,
                ((ALWAYS[1] if volume.end is None else volume.end) - epoch) * 1e-9,
                -LIMITLESS if lower is None else lower.feet,
                LIMITLESS if upper is None else upper.feet,
                volume.buffer_h,
                volume.buffer_v,
                radius,
            )
        )
    numbers = np.array(stated, dtype=np.float64).reshape(-1, 8)
    border, long = _on_earth(
        np.array(corners, dtype=np.float64).reshape(-1, 2), numbers, 0.999 * _BORDER_PIECE
    )
    if long.any():
        border = _followed(volumes, numbers, border, long)
    out = replace(Outlines.room(len(numbers), 0), border=border, plane=np.empty((len(border), 2)))
    _lay(numbers, out.lat, out.lon, *out.arrays)
    return out


def _followed(
    volumes: Sequence[Volume],
    numbers: NDArray[np.float64],
    border: NDArray[np.float64],
    long: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Give the borders with the points that long sides need, and count them in numbers."""
    parts = np.split(border, numbers[:-1, 0].astype(np.int64))
    for k in np.flatnonzero(long).tolist():
        outline = volumes[k].outline
        if isinstance(outline, Polygon):
            parts[k] = ring(outline.corners, longest=_BORDER_PIECE)
    numbers[:, 0] = np.cumsum([len(part) for part in parts])
    return np.concatenate(parts)


@njit(nogil=True, cache=True)
def _on_earth(corners: Any, numbers: Any, longest: float) -> Any:
    """Put corners on the ellipsoid, and tell which volumes have a side that is too long."""
    border = np.empty((len(corners), 3))
    long = np.zeros(len(numbers), dtype=np.bool_)
    for i in range(len(corners)):
        border[i, 0], border[i, 1], border[i, 2] = surface(corners[i, 0], corners[i, 1])
    lo = 0
    for k in range(len(numbers)):
        hi = int(numbers[k, 0])
        for i in range(lo, hi):
            j = i + 1 if i + 1 < hi else lo
            x = border[j, 0] - border[i, 0]
            y = border[j, 1] - border[i, 1]
            z = border[j, 2] - border[i, 2]
            long[k] |= x * x + y * y + z * z > longest * longest
        lo = hi
    return border, long


@njit(nogil=True, cache=True)
def _lay(
    numbers: Any, lat: Any, lon: Any, bounds: Any, disc: Any, limits: Any, basis: Any, span: Any,
    border: Any, plane: Any,
) -> None:  # fmt: skip
    lo = 0
    for k in range(len(numbers)):
        hi = int(numbers[k, 0])
        lower, upper = numbers[k, 3], numbers[k, 4]
        wide, tall, radius = numbers[k, 5], numbers[k, 6], numbers[k, 7]
        clear = tall - TOLERANCE_FT
        bounds[k, 0], bounds[k, 1] = numbers[k, 1], numbers[k, 2]
        bounds[k, 2], bounds[k, 3] = lower - clear, upper + clear
        limits[k, 0], limits[k, 1], limits[k, 2], limits[k, 3] = lower, upper, wide, tall
        disc[k] = radius > 0.0
        span[k, 0], span[k, 1] = lo, hi
        if radius > 0.0:
            limits[k, 4], limits[k, 5] = chord_minimum(radius + wide), radius
            for x in range(9):
                basis[k, x] = 0.0
            plane[lo, 0] = plane[lo, 1] = 0.0
            x, y, z = border[lo, 0], border[lo, 1], border[lo, 2]
            reach = radius
        else:
            limits[k, 4] = limits[k, 5] = 0.0
            x, y, z = _middle(basis, k, border, lo, hi)
            far = 0.0
            for i in range(lo, hi):
                p, q, r = border[i, 0], border[i, 1], border[i, 2]
                w = basis[k, 6] * p + basis[k, 7] * q + basis[k, 8] * r
                plane[i, 0] = (basis[k, 0] * p + basis[k, 1] * q + basis[k, 2] * r) / w
                plane[i, 1] = (basis[k, 3] * p + basis[k, 4] * q + basis[k, 5] * r) / w
                far = max(far, plane[i, 0] ** 2 + plane[i, 1] ** 2)
            # the polygon lies in the cap that holds its border's points; a radian of it is on
            # the ellipsoid at most 1.00001 times the equator's radius
            reach = 1.0001 * A * math.atan(math.sqrt(far))
        bounds[k, 4], bounds[k, 5], bounds[k, 6] = x, y, z
        bounds[k, 7] = reach + 1.001 * wide + 1.0
        lat[k] = math.degrees(math.atan2(z, (1.0 - E2) * math.hypot(x, y)))
        lon[k] = turned(math.degrees(math.atan2(y, x)))
        lo = hi


@njit(nogil=True, cache=True)
def _middle(basis: Any, k: int, border: Any, lo: int, hi: int) -> Any:
    """Centre a polygon's plane as ``Plane.about`` does; give the place on the ellipsoid there."""
    u = np.zeros(3)
    w = np.zeros(3)
    for i in range(lo, hi):
        length = math.sqrt(border[i, 0] ** 2 + border[i, 1] ** 2 + border[i, 2] ** 2)
        for x in range(3):
            w[x] += border[i, x] / length
    w /= math.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2])
    least = 0
    for x in range(1, 3):
        if abs(w[x]) < abs(w[least]):
            least = x
    # u is the cross product of w and an axis
    u[(least + 1) % 3] = w[(least + 2) % 3]
    u[(least + 2) % 3] = -w[(least + 1) % 3]
    u /= math.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2])
    for x in range(3):
        y, z = (x + 1) % 3, (x + 2) % 3
        basis[k, x] = u[x]
        basis[k, 3 + x] = w[y] * u[z] - w[z] * u[y]
        basis[k, 6 + x] = w[x]
    up = 1.0 / math.sqrt((w[0] * w[0] + w[1] * w[1]) / (A * A) + w[2] * w[2] / (B * B))
    return w[0] * up, w[1] * up, w[2] * up


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
    q = outlines.bounds[:, 7] + reach + 100.0
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
