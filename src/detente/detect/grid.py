"""Cells on the Earth, in latitude bands: the poles and the antimeridian are ordinary places.

Each band holds as many equal cells in longitude as keep them about as wide as the band is
high. A disk of radius q about (lat, lon) lies

- within q / M of lat, M >= a (1 - e^2) being the meridian's radius of curvature; and
- within q / (a cos L) of lon, L being the disk's largest absolute latitude: a path from the
  centre to its easternmost point stays at latitudes up to L, where a radian of longitude is
  at least a cos L metres long (N >= a), so its length q is at least that times the angle.

Both bounds hold on the ellipsoid, so the cells that :func:`disk` gives miss nothing.

Things of different sizes live on different levels, each with cells four times as wide, so
that none spans more than a few cells of its own level.
"""

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.earth import E2, A

__all__ = ["LEVELS", "Grid", "bands_of_disk", "cell_of", "grid_of", "level_of", "lons_of_disk"]

LEVELS: Final = 6
"""How many levels there are; the last takes all that is larger."""
SPREAD: Final = 4.0
"""How much wider the cells of the next level are."""
SMALLEST_CELL: Final = 50.0
_MERIDIAN = A * (1.0 - E2)


class Grid:
    """The bands of every level, as flat arrays that kernels take.

    Parameters
    ----------
    cell : metres, the width of a cell of level 0 (at least 50).

    Attributes
    ----------
    scale : (LEVELS,) float64, bands per degree of latitude.
    start : (LEVELS + 1,) int64, where a level's bands begin in ``count`` and ``first``.
    count : cells in each band. first : the number of the band's first cell.
    poleward : cosine of each band's latitude at its poleward edge.
    size : (LEVELS,) metres, the width of a level's cells.
    """

    def __init__(self, cell: float) -> None:
        cell = max(cell, SMALLEST_CELL)
        self.size = cell * SPREAD ** np.arange(LEVELS)
        bands = [max(1, int(math.pi * A / size)) for size in self.size]
        self.scale: NDArray[np.float64] = np.array([n / 180.0 for n in bands])
        self.start: NDArray[np.int64] = np.concatenate([[0], np.cumsum(bands)]).astype(np.int64)
        edges = [np.linspace(-90.0, 90.0, n + 1) for n in bands]
        self.poleward: NDArray[np.float64] = np.concatenate(
            [np.cos(np.radians(np.maximum(np.abs(e[:-1]), np.abs(e[1:])))) for e in edges]
        )
        widest = np.concatenate(
            [
                np.cos(
                    np.radians(
                        np.where(
                            e[:-1] * e[1:] < 0.0, 0.0, np.minimum(np.abs(e[:-1]), np.abs(e[1:]))
                        )
                    )
                )
                for e in edges
            ]
        )
        sizes = np.repeat(self.size, bands)
        self.count: NDArray[np.int64] = np.maximum(
            1, (2.0 * math.pi * A * widest / sizes).astype(np.int64)
        )
        self.first: NDArray[np.int64] = np.concatenate([[0], np.cumsum(self.count)[:-1]]).astype(
            np.int64
        )

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """What the kernels take, in their order."""
        return self.scale, self.start, self.count, self.first, self.poleward, self.size


@lru_cache(maxsize=4)
def grid_of(cell: float) -> Grid:
    """Give the grid of a cell's width: nobody writes to it, so many may share it."""
    return Grid(cell)


@njit(nogil=True, cache=True, inline="always")
def level_of(reach: float, size: Any) -> int:
    """Give the finest level on which a thing of this reach spans at most a cell."""
    level = 0
    while level < LEVELS - 1 and 2.0 * reach > size[level]:
        level += 1
    return level


@njit(nogil=True, cache=True, inline="always")
def cell_of(
    lat: float, lon: float, level: int, scale: Any, start: Any, count: Any, first: Any
) -> Any:
    """Give the number of the cell at degrees lat, lon in [0, 360)."""
    band = min(int((lat + 90.0) * scale[level]), start[level + 1] - start[level] - 1)
    band += start[level]
    n = count[band]
    return first[band] + min(int(lon * (n / 360.0)), n - 1)


@njit(nogil=True, cache=True, inline="always")
def bands_of_disk(lat: float, q: float, level: int, scale: Any, start: Any, poleward: Any) -> Any:
    """Give the first and last band that a disk touches, and its half-width in degrees of lon.

    The half-width is 180 where the disk holds or touches a pole's band.
    """
    tall = math.degrees(q / _MERIDIAN)
    last = start[level + 1] - start[level] - 1
    b0 = min(max(math.floor((lat - tall + 90.0) * scale[level]), 0), last) + start[level]
    b1 = min(max(math.floor((lat + tall + 90.0) * scale[level]), 0), last) + start[level]
    cosine = min(poleward[b0], poleward[b1])
    wide = 180.0
    if cosine > 1e-9:
        wide = min(180.0, math.degrees(q / (A * cosine)))
    return b0, b1, wide


@njit(nogil=True, cache=True, inline="always")
def lons_of_disk(lon: float, wide: float, n: int) -> Any:
    """Give the first cell of n around a band, and how many follow it (itself counted)."""
    if wide >= 180.0:
        return 0, n
    k0 = math.floor((lon - wide) * (n / 360.0))
    k1 = math.floor((lon + wide) * (n / 360.0))
    if k1 - k0 + 1 >= n:
        return 0, n
    cells = k1 - k0 + 1
    if k0 < 0:
        k0 += n
    return min(k0, n - 1), cells
