"""Conflicts as the pages carry them: which flights and volumes, when, where, how near."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detente.airspace import Conflicts, Constraint, Volume
from detente.chart.columns import pack
from detente.chart.traffic import DEGREE, Clock
from detente.errors import InputError

__all__ = ["Marks"]

_KINDS = ("flight-flight", "flight-volume", "volume-volume")
_WHOLE = 120 * 1_000_000_000
"""Nanoseconds before and after a conflict in which no fix is left out."""
_BEFORE, _AFTER = 1, 2
"""Bits: separation is lost before the page's time begins, or after it ends."""


@dataclass(frozen=True, eq=False, slots=True)
class Marks:
    """Conflicts, with the places of both of each among what a page draws.

    Parameters
    ----------
    table : of :data:`~detente.airspace.CONFLICTS_SCHEMA`.
    a, b : (n,) int64, the place of a flight among the flights, of a volume among the volumes.
    """

    table: pa.Table
    a: NDArray[np.int64]
    b: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        conflicts: Conflicts,
        flights: Sequence[str],
        volumes: Sequence[Volume | Constraint],
    ) -> "Marks":
        """Find both of each conflict.

        Raises
        ------
        InputError : a flight or a volume that was not given.
        """
        # Of two sets, a is in the first and b in the second, also where they share a name.
        last = {name: i for i, name in enumerate(flights)}
        first = {name: i for i, name in reversed(list(enumerate(flights)))}
        shapes: dict[str, int] = {}
        row = 0
        for given in volumes:
            shapes.setdefault(given.id, row)
            row += len(given.volumes) if isinstance(given, Constraint) else 1
        table = conflicts.table
        kinds = table["kind"].to_pylist()
        sides: list[NDArray[np.int64]] = []
        for side, known in (("a", first), ("b", last)):
            volume_kinds = _KINDS[2:] if side == "a" else _KINDS[1:]
            places = np.zeros(len(kinds), dtype=np.int64)
            for row, (kind, name) in enumerate(zip(kinds, table[side].to_pylist(), strict=True)):
                found = (shapes if kind in volume_kinds else known).get(name)
                if found is None:
                    raise InputError(
                        f"a conflict names {name!r}, which is not among the flights and volumes "
                        "given",
                        row=row + 1,
                        field=side,
                        mend="give the flights and volumes that the conflicts were found in",
                    )
                places[row] = found
            sides.append(places)
        return cls(table, *sides)

    @property
    def _kind(self) -> NDArray[np.int64]:
        kinds = self.table["kind"].to_pylist()
        return np.array([_KINDS.index(name) for name in kinds], dtype=np.int64)

    def with_flights_at(self, place: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> "Marks":
        """Give the same for flights that stand elsewhere; ``place`` gives the new places."""
        kind = self._kind
        a, b = self.a.copy(), self.b.copy()
        a[kind < 2], b[kind == 0] = place(a[kind < 2]), place(b[kind == 0])
        return replace(self, a=a, b=b)

    def stretches(self) -> Iterator[tuple[int, int, int]]:
        """Give (flight, from, to) in nanoseconds: where a drawing should leave nothing out."""
        kind = self._kind
        entry, leave = _nanoseconds(self.table, "entry"), _nanoseconds(self.table, "exit")
        for side, flies in ((self.a, kind < 2), (self.b, kind == 0)):
            for row in np.flatnonzero(flies).tolist():
                yield int(side[row]), int(entry[row]) - _WHOLE, int(leave[row]) + _WHOLE

    def block(self, clock: Clock) -> dict[str, object]:
        """Give what ``page/marks.js`` reads. Times outside the clock's become its ends."""
        table = self.table

        def whole(name: str, scale: float = 1.0) -> NDArray[np.int64]:
            scaled: NDArray[np.int64] = np.rint(table[name].to_numpy() * scale).astype(np.int64)
            return scaled

        def ticks(name: str) -> NDArray[np.int64]:
            return clock.ticks(np.clip(_nanoseconds(table, name), clock.start, clock.end))

        beyond = _BEFORE * (_nanoseconds(table, "entry") < clock.start)
        beyond += _AFTER * (_nanoseconds(table, "exit") > clock.end)
        return {
            "packed": pack(
                {
                    "kind": self._kind,
                    "a": self.a,
                    "b": self.b,
                    "entry": ticks("entry"),
                    "exit": ticks("exit"),
                    "closest": ticks("closest"),
                    "beyond": beyond,
                    "horizontal": whole("horizontal_m"),
                    "vertical": whole("vertical_ft"),
                    "lat": whole("lat", DEGREE),
                    "lon": whole("lon", DEGREE),
                    "alt": whole("alt_ft"),
                    "severity": whole("severity", 10_000),
                }
            )
        }


def _nanoseconds(table: pa.Table, name: str) -> NDArray[np.int64]:
    values: NDArray[np.int64] = table[name].cast(pa.int64()).to_numpy()
    return values
