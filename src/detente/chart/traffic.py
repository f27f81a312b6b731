"""Flights, their parties and volumes as the pages carry them.

Whole numbers only: positions in 1e-5 degree (about 1 m), altitudes in feet, times in
milliseconds (seconds, where a set spans more than 24 days) since the first fix.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Altitude, Circle, Constraint, Flights, Polygon, Reference, Volume
from detente.chart.columns import Packed, pack
from detente.earth import MEAN_RADIUS

__all__ = [
    "DEGREE",
    "Clock",
    "altitude_text",
    "fixes_columns",
    "flights_block",
    "party_ranks",
    "volumes_block",
]

DEGREE = 100_000
"""Whole numbers to a degree."""
_MILLISECOND = 1_000_000
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """How a page counts time: whole ``unit`` nanoseconds since ``start`` nanoseconds."""

    start: int
    end: int
    unit: int

    @classmethod
    def spanning(cls, first: int, last: int) -> "Clock":
        """Take milliseconds where 32 bits hold the span, else seconds."""
        start = first // _SECOND * _SECOND
        short = (last - start) // _MILLISECOND < 2**31 - 1
        return cls(start, last, _MILLISECOND if short else _SECOND)

    def ticks(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give nanoseconds as this clock's whole units, rounded."""
        ticks: NDArray[np.int64] = (time - self.start + self.unit // 2) // self.unit
        return ticks

    def block(self) -> dict[str, int]:
        """Give what ``page/clock.js`` needs: milliseconds since 1970 and to a unit."""
        return {
            "start": self.start // _MILLISECOND,
            "span": int(self.ticks(np.array([self.end]))[0]),
            "unit": self.unit // _MILLISECOND,
        }


def party_ranks(parties: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Name the parties by size (flights, then name), and give each flight its party's place.

    >>> names, rank = party_ranks(["B", "A", "B"])
    >>> names, rank.tolist()
    (['B', 'A'], [0, 1, 0])
    """
    names = sorted((counted := Counter(parties)), key=lambda name: (-counted[name], name))
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[party] for party in parties], dtype=np.int64)


def fixes_columns(flights: Flights, clock: Clock) -> dict[str, NDArray[np.int64]]:
    """Give how many fixes each flight has, and where and when they are."""
    return {
        "size": np.diff(flights.offsets),
        "time": clock.ticks(flights.time),
        "lat": np.rint(flights.lat * DEGREE).astype(np.int64),
        "lon": np.rint(flights.lon * DEGREE).astype(np.int64),
        "alt": np.rint(flights.alt).astype(np.int64),
        "gap": np.flatnonzero(flights.gap),
    }


def flights_block(flights: Flights, clock: Clock) -> dict[str, object]:
    """Give flights as ``page/traffic.js`` reads them."""
    names, rank = party_ranks(flights.parties)
    packed: Packed = pack({"party": rank, **fixes_columns(flights, clock)})
    return {
        "ids": flights.ids,
        "parties": names,
        "pressure": flights.reference is Reference.PRESSURE,
        "reference": flights.reference.value,
        "packed": packed,
    }


def altitude_text(altitude: Altitude | None, otherwise: str) -> str:
    """Write an altitude as a controller would read it.

    >>> altitude_text(Altitude(24500.0), "ground"), altitude_text(None, "ground")
    ('FL245', 'ground')
    """
    if altitude is None:
        return otherwise
    if altitude.reference is Reference.PRESSURE:
        return f"FL{altitude.feet / 100:03.0f}"
    return f"{altitude.feet:,.0f} ft {altitude.reference.value}"


def volumes_block(volumes: Sequence[Volume | Constraint], clock: Clock) -> list[dict[str, Any]]:
    """Give volumes as ``page/volumes.js`` reads them; times in the clock's units.

    The volumes of a constraint stand one after the other, each under the constraint's name.
    """

    def tick(time: int | None) -> int | None:
        return None if time is None else int(clock.ticks(np.array([time]))[0])

    return [
        {
            "id": given.id,
            "party": volume.party,
            "effect": given.effect if isinstance(given, Constraint) else "",
            "reason": given.reason if isinstance(given, Constraint) else "",
            "lower": altitude_text(volume.lower, "ground"),
            "upper": altitude_text(volume.upper, "unlimited"),
            "start": tick(volume.start),
            "end": tick(volume.end),
            **_shape(volume.outline),
        }
        for given in volumes
        for volume in (given.volumes if isinstance(given, Constraint) else (given,))
    ]


def _shape(outline: Polygon | Circle) -> dict[str, Any]:
    if isinstance(outline, Polygon):
        return {"corners": [[lon, lat] for lat, lon in outline.corners]}
    return {
        "centre": [outline.lon, outline.lat],
        "degrees": float(np.degrees(outline.radius / MEAN_RADIUS)),
    }
