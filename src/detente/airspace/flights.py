"""Many trajectories as columns: what every reader makes and the engine takes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detente.airspace.altitude import Reference
from detente.airspace.separation import Separation
from detente.airspace.trajectory import Trajectory

__all__ = ["FLIGHTS_SCHEMA", "Flights"]

FLIGHTS_SCHEMA = pa.schema(
    [
        pa.field("flight_id", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("ns", tz="UTC"), nullable=False),
        pa.field("lat", pa.float64(), nullable=False, metadata={"unit": "degree"}),
        pa.field("lon", pa.float64(), nullable=False, metadata={"unit": "degree"}),
        pa.field("alt_ft", pa.float64(), nullable=False, metadata={"unit": "ft"}),
        pa.field("gap", pa.bool_(), nullable=False),
        pa.field("priority", pa.int16(), nullable=False),
        pa.field("protection_m", pa.float64(), metadata={"unit": "m"}),
        pa.field("protection_ft", pa.float64(), metadata={"unit": "ft"}),
    ]
)
"""One row a fix, sorted by flight and time. ``altitude_reference`` stands in the schema's
metadata; ``protection_*`` are null where the run's minima hold."""


def _nothing() -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, eq=False, slots=True)
class Flights:
    """A set of flights, column by column.

    Parameters
    ----------
    ids : (n,) identifiers, unique.
    parties : (n,) who flies each ("" where unknown).
    offsets : (n + 1,) int64; the fixes of flight i are ``offsets[i]:offsets[i + 1]``.
    time : (m,) int64, nanoseconds since 1970-01-01T00:00Z, strictly increasing in a flight.
    lat, lon : (m,) float64, degrees on WGS84.
    alt : (m,) float64, feet above ``reference``.
    reference : what ``alt`` is measured from, for the whole set.
    priority : (n,) int16, a larger number goes first.
    protection_h, protection_v : (m,) float64 metres and feet, the minima that hold from this
        fix to the next; NaN where the run's hold. A flight's own protection and the minima of
        its separation class (terminal, en-route) are both written here.
    gap : (m,) bool, true where the leg to the next fix holds no position.
    dropped : what the reader left out, reason by reason, with how many.

    See Also
    --------
    detente.read_flights : makes one from a file or a table.
    """

    ids: list[str]
    parties: list[str]
    offsets: NDArray[np.int64]
    time: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    alt: NDArray[np.float64]
    reference: Reference
    priority: NDArray[np.int16]
    protection_h: NDArray[np.float64]
    protection_v: NDArray[np.float64]
    gap: NDArray[np.bool_]
    dropped: Mapping[str, int] = field(default_factory=_nothing)

    def __len__(self) -> int:
        """Count the flights."""
        return len(self.ids)

    def __iter__(self) -> Iterator[Trajectory]:
        """Go through the flights, one trajectory at a time."""
        return (self[i] for i in range(len(self)))

    def __getitem__(self, i: int) -> Trajectory:
        """Take one flight as a trajectory (views, not copies)."""
        lo, hi = int(self.offsets[i]), int(self.offsets[i + 1])
        h, v = self.protection_h[lo:hi], self.protection_v[lo:hi]
        own = not np.isnan(h).all()
        return Trajectory(
            id=self.ids[i],
            party=self.parties[i],
            time=self.time[lo:hi],
            lat=self.lat[lo:hi],
            lon=self.lon[lo:hi],
            alt=self.alt[lo:hi],
            reference=self.reference,
            priority=int(self.priority[i]),
            protection=Separation(float(np.nanmax(h)), float(np.nanmax(v))) if own else None,
            gap=self.gap[lo:hi],
        )

    @property
    def fixes(self) -> int:
        """How many fixes all flights have together."""
        return len(self.time)

    @classmethod
    def from_trajectories(cls, trajectories: Iterable[Trajectory]) -> "Flights":
        """Put trajectories side by side.

        Raises
        ------
        ValueError : their altitude references differ, or there is none.
        """
        rows = list(trajectories)
        references = {row.reference for row in rows}
        if len(references) != 1:
            raise ValueError(f"one altitude reference is needed, not {sorted(references)}")
        sizes = np.array([len(row.time) for row in rows], dtype=np.int64)
        own_h = [np.nan if row.protection is None else row.protection.horizontal for row in rows]
        own_v = [np.nan if row.protection is None else row.protection.vertical for row in rows]
        gaps = [
            row.gap if len(row.gap) else np.zeros(len(row.time), dtype=np.bool_) for row in rows
        ]
        return cls(
            ids=[row.id for row in rows],
            parties=[row.party for row in rows],
            offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
            time=np.concatenate([row.time for row in rows]).astype(np.int64, copy=False),
            lat=np.concatenate([row.lat for row in rows]).astype(np.float64, copy=False),
            lon=np.concatenate([row.lon for row in rows]).astype(np.float64, copy=False),
            alt=np.concatenate([row.alt for row in rows]).astype(np.float64, copy=False),
            reference=references.pop(),
            priority=np.array([row.priority for row in rows], dtype=np.int16),
            protection_h=np.repeat(np.array(own_h, dtype=np.float64), sizes),
            protection_v=np.repeat(np.array(own_v, dtype=np.float64), sizes),
            gap=np.concatenate(gaps),
        )

    def take(self, indices: Iterable[int]) -> "Flights":
        """Keep the flights at these positions, in this order."""
        which = np.fromiter(indices, dtype=np.int64)
        lo = self.offsets[which]
        sizes = self.offsets[which + 1] - lo
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        rows = np.repeat(lo - offsets[:-1], sizes) + np.arange(offsets[-1], dtype=np.int64)
        return replace(
            self._at(rows, offsets),
            ids=[self.ids[i] for i in which],
            parties=[self.parties[i] for i in which],
            priority=self.priority[which],
            dropped={},
        )

    def keep(self, rows: NDArray[np.int64]) -> "Flights":
        """Keep the fixes at these positions, which increase; a flight may be left with none."""
        return self._at(rows, np.searchsorted(rows, self.offsets))

    def _at(self, rows: NDArray[np.int64], offsets: NDArray[np.int64]) -> "Flights":
        return replace(
            self,
            offsets=offsets,
            time=self.time[rows],
            lat=self.lat[rows],
            lon=self.lon[rows],
            alt=self.alt[rows],
            protection_h=self.protection_h[rows],
            protection_v=self.protection_v[rows],
            gap=self.gap[rows],
        )

    def to_arrow(self) -> pa.Table:
        """Give the set as one Arrow table of :data:`FLIGHTS_SCHEMA`."""
        index = pa.array(
            np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offsets)), pa.int32()
        )

        def spread(values: list[str]) -> pa.Array:
            return pa.DictionaryArray.from_arrays(index, pa.array(values, pa.string())).cast(
                pa.string()
            )

        def nullable(values: NDArray[np.float64]) -> pa.Array:
            return pa.array(values, pa.float64(), mask=np.isnan(values))

        columns = [
            spread(self.ids),
            spread(self.parties),
            pa.array(self.time, pa.timestamp("ns", tz="UTC")),
            pa.array(self.lat),
            pa.array(self.lon),
            pa.array(self.alt),
            pa.array(self.gap),
            pa.array(np.repeat(self.priority, np.diff(self.offsets))),
            nullable(self.protection_h),
            nullable(self.protection_v),
        ]
        metadata = {"altitude_reference": self.reference.value}
        return pa.Table.from_arrays(columns, schema=FLIGHTS_SCHEMA.with_metadata(metadata))
