"""What happens on a rehearsed day besides the flights: all follows from them and a seed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

import numpy as np

from detente.airspace import Flights, Trajectory
from detente.authority import Volume4D
from detente.authority.extent import instant, moment

__all__ = ["LEAD", "LEAD_OF_CYCLE", "Scenario", "dealt"]

LEAD = timedelta(hours=1)
"""How long before its departure a flight is filed."""

LEAD_OF_CYCLE = timedelta(hours=2)
"""The same, of a flight that departs in a planning cycle."""

_CELL = 0.5  # degrees
_RADIUS = 30_000.0
_LONGEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Scenario:
    """When what is done by the authority.

    Parameters
    ----------
    begin : of the day, before anything is filed. end : after the last arrival.
    announced, closed, lifted, reopened : when it is said that a place will be closed, from when
        on, when that is lifted early, and until when it was said to hold.
    place : what is closed.
    joined : when two parties begin to share.
    cycle : the first and the last departure that are planned jointly; the cut-off is an hour
        before.
    """

    begin: datetime
    end: datetime
    announced: datetime
    closed: datetime
    lifted: datetime
    reopened: datetime
    place: tuple[Volume4D, ...]
    joined: datetime
    cycle: tuple[datetime, datetime]

    @classmethod
    def of(cls, flights: Flights) -> "Scenario":
        """Lay out a day: a closure in its middle, then sharing, then joint planning.

        Parameters
        ----------
        flights : at least one.
        """
        first, last = int(flights.time.min()), int(flights.time.max())
        length = timedelta(microseconds=(last - first) // 1_000)

        def at(part: float) -> datetime:
            return (moment(first) + part * length).replace(second=0, microsecond=0)

        closed = at(0.4)
        reopened = closed + min(_LONGEST, length / 8)
        place = _busiest(flights, instant(closed), instant(reopened))
        start = at(0.75)
        return cls(
            begin=moment(first) - timedelta(hours=3),
            end=moment(last) + timedelta(hours=3),
            announced=closed - (reopened - closed) / 8,
            closed=closed,
            lifted=closed + (reopened - closed) * 0.3,
            reopened=reopened,
            place=(
                Volume4D(
                    centre=place,
                    radius=_RADIUS,
                    reference=flights.reference,
                    start=closed,
                    end=reopened,
                ),
            ),
            joined=at(0.6),
            cycle=(start, start + min(LEAD_OF_CYCLE - LEAD, length / 16)),
        )


def dealt(flights: Flights, parties: Sequence[str], seed: int) -> list[tuple[str, Trajectory]]:
    """Deal flights to parties, and put them in order of departure.

    One operator after another, in an order that follows from the seed, goes with all its flights
    to the party with the fewest so far. Who has no operator is an operator of its own.
    """
    operators = [flight.party or f"\n{flight.id}" for flight in flights]
    held = Counter(operators)
    order = sorted(held, key=lambda name: blake2b(f"{seed}\n{name}".encode()).digest())
    fleet = dict.fromkeys(parties, 0)
    owner = {}
    for name in order:
        owner[name] = min(fleet, key=fleet.__getitem__)
        fleet[owner[name]] += held[name]
    rows = [(owner[name], flight) for name, flight in zip(operators, flights, strict=True)]
    return sorted(rows, key=lambda row: (int(row[1].time[0]), row[1].id))


def _busiest(flights: Flights, begin: int, end: int) -> tuple[float, float]:
    """Find the cell that most flights pass in a time, and give its middle."""
    flight = np.repeat(np.arange(len(flights)), np.diff(flights.offsets))
    then = (flights.time >= begin) & (flights.time < end)
    if not then.any():
        then = np.ones(len(flight), dtype=np.bool_)
    cells = np.stack(
        [
            np.floor(flights.lat[then] / _CELL).astype(np.int64),
            np.floor(flights.lon[then] / _CELL).astype(np.int64),
            flight[then],
        ]
    )
    visited, passes = np.unique(np.unique(cells, axis=1)[:2], axis=1, return_counts=True)
    lat, lon = visited[:, passes.argmax()] * _CELL + _CELL / 2
    return float(lat), float(lon)
