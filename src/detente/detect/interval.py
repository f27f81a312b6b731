"""From leg-level hits to conflicts: one row for each interval in which separation is lost."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from detente.airspace import CONFLICTS_SCHEMA, Conflict, Conflicts
from detente.airspace.conflict import Kind
from detente.detect.encounter import INSTANT
from detente.earth import arc_of_chord, geodetic

__all__ = ["conflicts_of", "merged", "no_conflicts", "told"]

_TIME = pa.timestamp("ns", tz="UTC")
_NUMBER = pa.float64()


def merged(hits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Join hits of one pair whose intervals touch, in the order of pair and entry.

    A joined row keeps the closest approach (the first of equals) and the largest severity.
    """
    if not len(hits):
        return hits
    pair = hits[:, 0] * (hits[:, 1].max() + 1.0) + hits[:, 1]
    ordered = hits[np.lexsort((hits[:, 4], hits[:, 2], pair))]
    return ordered[: _merge(ordered)]


@njit(nogil=True, cache=True)
def _merge(rows: Any) -> int:
    last = 0
    for i in range(1, len(rows)):
        same = rows[i, 0] == rows[last, 0] and rows[i, 1] == rows[last, 1]
        if same and rows[i, 2] <= rows[last, 3] + INSTANT:
            rows[last, 3] = max(rows[last, 3], rows[i, 3])
            rows[last, 7] = max(rows[last, 7], rows[i, 7])
            if rows[i, 5] < rows[last, 5]:
                rows[last, 4:7] = rows[i, 4:7]
                rows[last, 8:12] = rows[i, 8:12]
        else:
            last += 1
            if last != i:
                rows[last] = rows[i]
    return last + 1


def conflicts_of(
    rows: NDArray[np.float64],
    kind: Kind,
    a: tuple[list[str], list[str]],
    b: tuple[list[str], list[str]],
    epoch: int,
) -> Conflicts:
    """Name the rows of :func:`merged`.

    Parameters
    ----------
    rows : (k, 12) merged hits; column 5 holds chord metres.
    kind : what the pairs are.
    a, b : identifiers and parties that columns 0 and 1 point into.
    epoch : nanoseconds since 1970-01-01T00:00Z, where the rows' seconds begin.
    """
    first = rows[:, 0].astype(np.int64)
    second = rows[:, 1].astype(np.int64)
    lat, lon = geodetic(rows[:, 8:11])

    def names(values: list[str], index: NDArray[np.int64]) -> pa.Array:
        return _text([values[k] for k in index.tolist()])

    def instants(seconds: NDArray[np.float64]) -> pa.Array:
        return _column(epoch + np.rint(seconds * 1e9).astype(np.int64), _TIME)

    columns = [
        _text([kind] * len(rows)),
        names(a[0], first),
        names(b[0], second),
        names(a[1], first),
        names(b[1], second),
        instants(rows[:, 2]),
        instants(rows[:, 3]),
        instants(rows[:, 4]),
        _column(arc_of_chord(rows[:, 5]), _NUMBER),
        _column(np.abs(rows[:, 6]), _NUMBER),
        _column(lat, _NUMBER),
        _column(lon, _NUMBER),
        _column(rows[:, 11], _NUMBER),
        _column(rows[:, 7], _NUMBER),
    ]
    return Conflicts(pa.Table.from_arrays(columns, schema=CONFLICTS_SCHEMA))


def _column(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Hand the numbers over as they lie: pa.array() would import pandas where there is one."""
    lie = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [None, lie])


def _text(values: list[str]) -> pa.Array:
    said = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, said)]).astype(np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(said))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def told(
    kind: Kind,
    rows: NDArray[np.float64],
    a: Callable[[int], tuple[str, str]],
    b: Callable[[int], tuple[str, str]],
    epoch: int,
) -> list[Conflict]:
    """Name the rows of :func:`merged`, as objects: quicker than a table where there are few.

    Parameters
    ----------
    kind, rows, epoch : as of :func:`conflicts_of`.
    a, b : give the identifier and the party of a number in column 0 and 1.
    """
    lat, lon = geodetic(rows[:, 8:11])
    times = (epoch + np.rint(rows[:, 2:5] * 1e9).astype(np.int64)).tolist()
    apart = arc_of_chord(rows[:, 5]).tolist()
    found = []
    for row, time, distance, north, east in zip(
        rows.tolist(), times, apart, lat.tolist(), lon.tolist(), strict=True
    ):
        first, party_a = a(int(row[0]))
        second, party_b = b(int(row[1]))
        found.append(
            Conflict(
                kind=kind,
                a=first,
                b=second,
                party_a=party_a,
                party_b=party_b,
                entry=time[0],
                exit=time[1],
                closest=time[2],
                horizontal_m=distance,
                vertical_ft=abs(row[6]),
                lat=north,
                lon=east,
                alt_ft=row[11],
                severity=row[7],
            )
        )
    return found


def no_conflicts() -> Conflicts:
    """Give an empty answer."""
    return Conflicts(CONFLICTS_SCHEMA.empty_table())
