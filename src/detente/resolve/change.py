"""What one flight changes and why; and a set of flights with its changes made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from detente.airspace import Flights
from detente.resolve.manoeuvre import Variant, delayed

__all__ = ["PLAN_SCHEMA", "Change", "Reason", "changed", "is_filed", "table_of"]

_TIME = pa.timestamp("ns", tz="UTC")
_COLUMNS = ("time", "lat", "lon", "alt", "protection_h", "protection_v", "gap")

PLAN_SCHEMA = pa.schema(
    [
        pa.field("flight_id", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),
        pa.field("priority", pa.int16(), nullable=False),
        pa.field("moved", pa.bool_(), nullable=False),
        pa.field("delay_s", pa.int32(), nullable=False, metadata={"unit": "s"}),
        pa.field("level_ft", pa.float64(), nullable=False, metadata={"unit": "ft"}),
        pa.field("offset_m", pa.float64(), nullable=False, metadata={"unit": "m"}),
        pa.field("speed", pa.float64(), nullable=False),
        pa.field("cost", pa.int64(), nullable=False),
        pa.field(
            "reasons",
            pa.list_(
                pa.struct(
                    [
                        pa.field("kind", pa.string(), nullable=False),
                        pa.field("other", pa.string(), nullable=False),
                        pa.field("party", pa.string(), nullable=False),
                        pa.field("entry", _TIME, nullable=False),
                        pa.field("exit", _TIME, nullable=False),
                    ]
                )
            ),
            nullable=False,
        ),
    ]
)
"""One row a flight, in the set's order; 0 (of speed 1) where nothing changes."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A conflict that a flight was in as filed. It names the other: for the authority's eyes.

    Parameters
    ----------
    kind : "flight" or "constraint".
    other : the other's identifier.
    party : whose the other is.
    entry, exit : nanoseconds since 1970-01-01T00:00Z; separation was lost between them.
    """

    kind: str
    other: str
    party: str
    entry: int
    exit: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one flight does otherwise than it filed.

    Parameters
    ----------
    flight, party : which, and whose.
    priority : its precedence.
    level : by how many gaps the cruise is moved; ``feet`` is the same in feet.
    offset : metres beside the route, right positive.
    speed : the factor of ground speed.
    delay : seconds.
    cost : of all this.
    reasons : the conflicts that it was in as filed. None where it makes way for a flight that
        itself had to move.
    """

    flight: str
    party: str
    priority: int
    level: int
    feet: float
    offset: float
    speed: float
    delay: int
    cost: int
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        """Say it in words.

        >>> print(Change("A", "", 0, -2, -2000.0, 0.0, 1.0, 120, 250, ()))
        A: 2 min later, 2,000 ft lower
        """
        side = "right" if self.offset > 0.0 else "left"
        said = [
            f"{self.delay / 60:g} min later" if self.delay else "",
            f"{abs(self.feet):,.0f} ft {'lower' if self.feet < 0 else 'higher'}"
            if self.feet
            else "",
            f"{abs(self.offset) / 1000:g} km to the {side}" if self.offset else "",
            f"{self.speed:.0%} of its speed" if self.speed != 1.0 else "",
        ]
        return f"{self.flight}: {', '.join(part for part in said if part) or 'as filed'}"


_AS_FILED = Change("", "", 0, 0, 0.0, 0.0, 1.0, 0, 0, ())


def table_of(flights: Flights, changes: Iterable[Change]) -> pa.Table:
    """Give a row for each flight, by :data:`PLAN_SCHEMA`."""
    moved = {change.flight: change for change in changes}
    rows = [
        {
            "flight_id": id,
            "party": party,
            "priority": priority,
            "moved": id in moved,
            "delay_s": change.delay,
            "level_ft": change.feet,
            "offset_m": change.offset,
            "speed": change.speed,
            "cost": change.cost,
            "reasons": [_row(reason) for reason in change.reasons],
        }
        for id, party, priority in zip(
            flights.ids, flights.parties, flights.priority.tolist(), strict=True
        )
        for change in (moved.get(id) or _AS_FILED,)
    ]
    return pa.Table.from_pylist(rows, schema=PLAN_SCHEMA)


def changed(flights: Flights, chosen: Mapping[int, tuple[Variant, int]]) -> Flights:
    """Give the set with some flights flown otherwise: by position, the variant and the delay.

    The others stay as they are, to the last bit. Of a flight whose minima differ from leg to
    leg, the larger hold for all of a variant that is not as filed.
    """
    parts: list[Flights] = []
    done = 0
    for i in sorted(chosen):
        variant, delay = chosen[i]
        if not delay and is_filed(variant):
            continue
        if i > done:
            parts.append(_between(flights, done, i))
        if is_filed(variant):
            one = _between(flights, i, i + 1)
            parts.append(replace(one, time=one.time + np.int64(delay) * 1_000_000_000))
        else:
            parts.append(Flights.from_trajectories([delayed(variant.trajectory, delay)]))
        done = i + 1
    if not parts:
        return flights
    if done < len(flights):
        parts.append(_between(flights, done, len(flights)))

    sizes = np.concatenate([np.diff(part.offsets) for part in parts])
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS
    }
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return replace(flights, offsets=offsets, **columns)


def _between(flights: Flights, first: int, last: int) -> Flights:
    """Take flights next to each other (views, not copies)."""
    lo, hi = int(flights.offsets[first]), int(flights.offsets[last])
    columns: dict[str, Any] = {name: getattr(flights, name)[lo:hi] for name in _COLUMNS}
    return replace(
        flights,
        ids=flights.ids[first:last],
        parties=flights.parties[first:last],
        offsets=flights.offsets[first : last + 1] - lo,
        priority=flights.priority[first:last],
        **columns,
    )


def is_filed(variant: Variant) -> bool:
    """Tell whether a variant is the flight as filed."""
    return variant.level == 0 and variant.offset == 0.0 and variant.speed == 1.0


def _row(reason: Reason) -> dict[str, Any]:
    return {name: getattr(reason, name) for name in ("kind", "other", "party", "entry", "exit")}
