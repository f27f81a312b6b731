"""Where the sensors see: given, or learnt from where tracks are."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Reference, Volume
from detente.detect.beside import within
from detente.detect.grid import grid_of
from detente.detect.nearness import GEOMETRIC, PRESSURE, cells
from detente.detect.outlines import outlines_of
from detente.earth import surfaces

__all__ = ["Coverage"]

_BAND: Final = 5000.0
_BANDS: Final = 64
_EVERY: Final = 10_000_000_000
_ANY: Final = _BANDS - 1


class Coverage:
    """The places in which a track would be seen.

    Parameters
    ----------
    volumes : where; None to learn it: cells, 5,000 ft high, in which tracks were.
    learnt : seconds for which such a cell counts. patch : metres, its width.
    """

    def __init__(self, volumes: tuple[Volume, ...] | None, learnt: float, patch: float) -> None:
        self._given = volumes
        self._learnt = round(learnt * 1e9)
        self._keys = np.empty(0, dtype=np.int64)
        self._last = np.empty(0, dtype=np.int64)
        self._due: int | None = None
        self._grid = grid_of(patch).arrays
        if volumes is not None:
            references = {Reference.PRESSURE: PRESSURE, Reference.WGS84: GEOMETRIC}
            self._own = np.array(
                [references.get(v.reference, 0) if v.reference else 0 for v in volumes],
                dtype=np.int64,
            )
            self._outlines = outlines_of(volumes, 0, None)

    def learn(
        self,
        now: int,
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        altitudes: NDArray[np.float64],
    ) -> None:
        """Remember where tracks are: degrees, and (3, n) feet by reference, NaN where unknown."""
        if self._given is not None or (self._due is not None and abs(now - self._due) < _EVERY):
            return
        self._due = now
        cell = cells(lat, lon, *self._grid)
        found = [_key(cell, 0, np.full(len(cell), np.nan))]
        for reference in (PRESSURE, GEOMETRIC):
            known = ~np.isnan(altitudes[reference])
            found.append(_key(cell[known], reference, altitudes[reference][known]))
        new = np.unique(np.concatenate(found))
        kept = (now - self._last <= self._learnt) & ~np.isin(self._keys, new)
        keys = np.concatenate([self._keys[kept], new])
        last = np.concatenate([self._last[kept], np.full(len(new), now, dtype=np.int64)])
        order = np.argsort(keys)
        self._keys, self._last = keys[order], last[order]

    def sees(
        self,
        now: int,
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        feet: NDArray[np.float64],
        reference: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Tell which places are covered; an altitude of reference 0 is not asked for."""
        if self._given is not None:
            altitudes = np.full((3, len(lat)), np.nan)
            for own in (PRESSURE, GEOMETRIC):
                altitudes[own] = np.where(reference == own, feet, np.nan)
            laid = (self._own, *self._outlines.arrays, surfaces(lat, lon), altitudes)
            inside: NDArray[np.bool_] = within(now * 1e-9, *laid)
            return inside
        if not len(self._keys):
            return np.zeros(len(lat), dtype=np.bool_)
        key = _key(cells(lat, lon, *self._grid), reference, np.where(reference > 0, feet, np.nan))
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        found: NDArray[np.bool_] = (self._keys[at] == key) & (now - self._last[at] <= self._learnt)
        return found


def _key(
    cell: NDArray[np.int64], reference: int | NDArray[np.int64], feet: NDArray[np.float64]
) -> NDArray[np.int64]:
    band = np.clip(np.nan_to_num(feet) // _BAND + 1.0, 0, _BANDS - 2).astype(np.int64)
    key: NDArray[np.int64] = (cell * 3 + reference) * _BANDS + np.where(np.isnan(feet), _ANY, band)
    return key
