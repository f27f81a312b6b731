"""A pair, and the interval in which separation is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

__all__ = ["CONFLICTS_SCHEMA", "Conflict", "Conflicts", "Kind"]

Kind = Literal["flight-flight", "flight-volume", "volume-volume"]

_TIME = pa.timestamp("ns", tz="UTC")

CONFLICTS_SCHEMA = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("a", pa.string(), nullable=False),
        pa.field("b", pa.string(), nullable=False),
        pa.field("party_a", pa.string(), nullable=False),
        pa.field("party_b", pa.string(), nullable=False),
        pa.field("entry", _TIME, nullable=False),
        pa.field("exit", _TIME, nullable=False),
        pa.field("closest", _TIME, nullable=False),
        pa.field("horizontal_m", pa.float64(), nullable=False, metadata={"unit": "m"}),
        pa.field("vertical_ft", pa.float64(), nullable=False, metadata={"unit": "ft"}),
        pa.field("lat", pa.float64(), nullable=False, metadata={"unit": "degree"}),
        pa.field("lon", pa.float64(), nullable=False, metadata={"unit": "degree"}),
        pa.field("alt_ft", pa.float64(), nullable=False, metadata={"unit": "ft"}),
        pa.field("severity", pa.float64(), nullable=False),
    ]
)
"""One row a conflict, sorted by the position of a, then of b in their sets, then by entry."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One pair and one interval in which separation is lost.

    Parameters
    ----------
    kind : what a and b are.
    a, b : identifiers; of a flight and a volume the flight is ``a``.
    party_a, party_b : whose they are.
    entry, exit : int nanoseconds since 1970-01-01T00:00Z; separation is lost between them.
    closest : the instant of the least horizontal distance in that interval.
    horizontal_m, vertical_ft : the distances at ``closest``. 0 inside a volume.
    lat, lon, alt_ft : half-way between the two at ``closest`` (for a volume: the flight).
    severity : 0 at the minima to 1 at the same place: the largest of
        1 - max(horizontal / minimum, vertical / minimum) over the interval.
    """

    kind: Kind
    a: str
    b: str
    party_a: str
    party_b: str
    entry: int
    exit: int
    closest: int
    horizontal_m: float
    vertical_ft: float
    lat: float
    lon: float
    alt_ft: float
    severity: float


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All conflicts of a run, as an Arrow table of :data:`CONFLICTS_SCHEMA`.

    Iterating gives each as a :class:`Conflict`; ``pairs`` counts each pair once.
    """

    table: pa.Table

    def __len__(self) -> int:
        """Count the intervals."""
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Conflict]:
        """Go through them in the table's order."""
        for batch in self.table.to_batches():
            columns = {
                name: (
                    batch.column(name).cast(pa.int64())
                    if pa.types.is_timestamp(batch.column(name).type)
                    else batch.column(name)
                ).to_pylist()
                for name in CONFLICTS_SCHEMA.names
            }
            for i in range(batch.num_rows):
                yield Conflict(**{name: column[i] for name, column in columns.items()})

    @property
    def pairs(self) -> int:
        """How many different pairs are in conflict at least once."""
        return int(self.table.group_by(["kind", "a", "b"]).aggregate([]).num_rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table to any Arrow consumer."""
        return self.table.__arrow_c_stream__(requested_schema)
