"""Flights against volumes: which legs come near to which, for the exact phase to look at."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.airspace import Conflicts, Constraint, Flights, Separation, Volume
from detente.detect.grid import cell_of
from detente.detect.interval import conflicts_of, merged, no_conflicts
from detente.detect.legs import Legs, legs_of
from detente.detect.outlines import Outlines, cells_of, named_volumes, outlines_of
from detente.detect.parallel import spread
from detente.detect.passage import passage

__all__ = ["Closures", "intrusions"]


def intrusions(
    flights: Flights,
    volumes: Sequence[Volume | Constraint],
    *,
    same_party: bool = True,
    threads: int = 1,
) -> Conflicts:
    """Find when flights are in volumes, or nearer than the volumes' buffers.

    Parameters
    ----------
    flights, volumes : what is compared; altitudes in one reference.
    same_party : whether a party's flights count in its own volumes.
    threads : how many.

    Raises
    ------
    InputError : altitude references differ.
    """
    flat, owner, names, parties = named_volumes(volumes)
    if not flights.fixes or not flat:
        return no_conflicts()
    legs = legs_of(flights, Separation(), threads=threads)
    outlines = outlines_of(flat, legs.epoch, flights.reference)
    rows = Closures(outlines, float(legs.reach.max(initial=0.0))).hits(legs, threads=threads)
    rows[:, 1] = owner[rows[:, 1].astype(np.int64)]
    if not same_party:
        a = np.array(flights.parties)[rows[:, 0].astype(np.int64)]
        b = np.array(parties)[rows[:, 1].astype(np.int64)]
        rows = rows[(a != b) | (a == "")]
    return conflicts_of(
        merged(rows), "flight-volume", (flights.ids, flights.parties), (names, parties), legs.epoch
    )


class Closures:
    """Volumes in their cells, ready to be asked about many flights.

    Parameters
    ----------
    outlines : the volumes.
    reach : the largest reach that a leg will have, metres.
    """

    def __init__(self, outlines: Outlines, reach: float) -> None:
        self._outlines = outlines
        self._grid, self._cells, self._start, self._member = cells_of(outlines, reach)

    def hits(self, legs: Legs, *, threads: int = 1) -> NDArray[np.float64]:
        """Give (k, 12) hits of legs in volumes: flight, volume, then as those of the sweep."""

        def piece(lo: int, hi: int) -> NDArray[np.float64]:
            found: NDArray[np.float64] = _search(
                legs.rows, legs.flight, legs.lat, legs.lon, lo, hi, self._cells, self._start,
                self._member, *self._grid.arrays, *self._outlines.arrays,
            )  # fmt: skip
            return found

        return np.concatenate(spread(piece, len(legs), threads, pieces=4 * threads))


@njit(nogil=True, cache=True)
def _search(
    rows: Any, flight: Any, lat: Any, lon: Any, lo: int, hi: int, cells: Any, first: Any,
    member: Any, scale: Any, start: Any, count: Any, cell0: Any, poleward: Any, size: Any,
    bounds: Any, disc: Any, limits: Any, basis: Any, span: Any, border: Any, plane: Any,
) -> Any:  # fmt: skip
    hits = np.empty((64, 12))
    n = 0
    out = np.empty((64, 6))
    for i in range(lo, hi):
        if flight[i] < 0:
            continue
        cell = cell_of(lat[i], lon[i], 0, scale, start, count, cell0)
        at = np.searchsorted(cells, cell)
        if at == len(cells) or cells[at] != cell:
            continue
        o = 8 * i
        for m in range(first[at], first[at + 1]):
            k = member[m]
            if rows[o] < bounds[k, 1] and rows[o + 8] > bounds[k, 0]:
                hits, n, out = passage(
                    hits, n, out, rows, o, flight[i], k,
                    bounds, disc, limits, basis, span, border, plane,
                )  # fmt: skip
    return hits[:n].copy()
