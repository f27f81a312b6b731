"""The standing index: one new flight against all that stand, added to and removed from in place."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Conflict, Flights, Reference, Separation, Trajectory, Volume
from detente.detect.buckets import TIMES, Buckets
from detente.detect.encounter import ROW
from detente.detect.grid import LEVELS, grid_of
from detente.detect.interval import merged, told
from detente.detect.legs import Desk, Legs, legs_of, room
from detente.detect.outlines import outlines_of
from detente.detect.register import Places, Register
from detente.detect.standing import erase, insert, keep, keep_all, look, look_in
from detente.errors import InputError

__all__ = ["Index"]

_PIECE: Final = 65_536
"""Rows put in at once, so that the table grows with what it holds and not with what it might."""


class Index:
    """Flights that stand, ready to be asked about one more.

    An authority asks at every filing, so a question, an addition and a removal each cost
    microseconds and none rebuilds anything. A conflict is just what ``detect_conflicts`` means.

    Parameters
    ----------
    separation : the minima of flights that carry none; by default 5 NM and 1,000 ft.
    cell : metres, the width of the finest cells; by default it follows from the minima, so
        that an airliner's legs and a drone's are each on a fitting level.
    reference : what all altitudes are measured from.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Index, Trajectory
    >>> def flight(id, lat, lon):
    ...     return Trajectory(id, np.array([0, 600_000_000_000]), np.array(lat), np.array(lon),
    ...                       np.array([35000.0, 35000.0]))
    >>> index = Index()
    >>> index.add(flight("east", [50.0, 50.0], [4.0, 6.0]))
    >>> [c.b for c in index.query(flight("north", [49.4, 50.6], [5.0, 5.0]))]
    ['east']
    >>> index.remove("east")
    >>> index.query(flight("north", [49.4, 50.6], [5.0, 5.0]))
    []

    See Also
    --------
    detect_conflicts : a whole set at once.
    """

    def __init__(
        self,
        separation: Separation | None = None,
        *,
        cell: float | None = None,
        reference: Reference = Reference.PRESSURE,
    ) -> None:
        self.separation = separation or Separation()
        self.reference = reference
        self._grid = grid_of(cell or max(2.5 * self.separation.horizontal, 250.0))
        self._register = Register()
        self._places = Places(step=4)
        self._buckets = Buckets()
        self._epoch: int | None = None
        self._legs = room(1024)
        self._tops = np.zeros(LEVELS)
        self._used = np.zeros((TIMES, 3), dtype=np.int64)
        self._most = np.zeros(3)
        self._desk = Desk()

    def __len__(self) -> int:
        """Count the flights that stand."""
        return len(self._register.numbers)

    def __contains__(self, id: object) -> bool:
        """Tell whether a flight of this identifier stands."""
        return id in self._register.numbers

    def __iter__(self) -> Iterator[str]:
        """Go through the identifiers, oldest first."""
        return iter(self._register.numbers)

    def add(self, flight: Trajectory) -> None:
        """Let a flight stand.

        Raises
        ------
        InputError : one of this identifier stands already, or its altitudes have another
            reference than the index.
        """
        self._register.check((flight.id,))
        legs, n = self._laid(flight)
        at = self._places.take(n)
        number = self._register.enter(flight.id, flight.party, at, n)
        self._make_room()
        own = self._legs
        keep(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, 0, n, number,
            own.rows, own.flight, own.lat, own.lon, own.reach, at, self._most,
        )  # fmt: skip
        self._insert(at, at + n)

    def extend(self, flights: Flights) -> None:
        """Let many flights stand; as :meth:`add` for each, but faster.

        Raises
        ------
        InputError : as :meth:`add`; then none of them is added.
        """
        if not len(flights):
            return
        if flights.reference is not self.reference:
            self._refuse(flights.ids[0], flights.reference)
        self._register.check(flights.ids)
        legs = legs_of(flights, self.separation, epoch=self.since(int(flights.time.min())))
        first, n = _rows_of(legs, len(flights))
        lo = self._places.end
        at = self._places.take_all(n)
        number = self._register.enter_all(flights.ids, flights.parties, at, n)
        self._make_room()
        own = self._legs
        keep_all(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, first, n, number,
            own.rows, own.flight, own.lat, own.lon, own.reach, at, self._most,
        )  # fmt: skip
        for piece in range(lo, self._places.end, _PIECE):
            self._insert(piece, min(piece + _PIECE, self._places.end))

    def remove(self, id: str) -> None:
        """Take a flight out.

        Raises
        ------
        KeyError : none of this identifier stands.
        """
        at, n = self._register.leave(id)
        legs, buckets = self._legs, self._buckets
        erase(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, at, at + n,
            buckets.table, buckets.blocks, buckets.free, self._used, *self._grid.arrays,
        )  # fmt: skip
        self._places.give(at, n)

    def query(
        self, flight: Trajectory, *, same_party: bool = True, time_buffer: float = 0.0
    ) -> list[Conflict]:
        """Find the conflicts that a flight would have with those that stand.

        Parameters
        ----------
        flight : the new one; it is ``a`` in each conflict. One that stands under the same
            identifier is not compared with it.
        same_party : whether those of its own party count.
        time_buffer : seconds, as in ``detect_conflicts``.

        Returns
        -------
        In the order of identifier, then of entry.

        Raises
        ------
        InputError : its altitudes have another reference than the index.
        """
        legs, n = self._laid(flight)
        party = -1 if same_party else self.party_number(flight.party)
        own, buckets = self._legs, self._buckets
        hits = look(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, n,
            self.number(flight.id), party, own.rows, own.flight, self._register.party,
            buckets.table, buckets.blocks, self._tops, self._used, self._most,
            time_buffer if time_buffer > 0.0 else None, *self._grid.arrays,
        )  # fmt: skip
        if not len(hits):
            return []
        one = (flight.id, flight.party)
        found = told("flight-flight", merged(hits), lambda _: one, self._register.named, self.epoch)
        return sorted(found, key=lambda c: (c.b, c.entry))

    def query_volumes(
        self, id: str, volumes: Sequence[Volume], *, party: str = "", same_party: bool = True
    ) -> list[Conflict]:
        """Find which of the flights that stand enter volumes, as ``detect_conflicts`` means it.

        Parameters
        ----------
        id : the name of all of them; it is ``b`` in each conflict. A flight that stands under
            the same identifier is not compared with them.
        volumes : where; altitudes in the index's reference.
        party : whose they are.
        same_party : whether that party's own flights count.

        Returns
        -------
        In the order of identifier, then of entry.

        Raises
        ------
        InputError : altitudes of another reference.
        """
        outlines = outlines_of(volumes, self._epoch or 0, self.reference)
        own, buckets = self._legs, self._buckets
        hits = look_in(
            outlines.lat, outlines.lon, self.number(id),
            -1 if same_party else self.party_number(party),
            own.rows, own.flight, own.reach, self._places.end, self._register.party,
            buckets.table, buckets.blocks, self._tops, self._used, *self._grid.arrays,
            *outlines.arrays,
        )  # fmt: skip
        if not len(hits):
            return []
        one = (id, party)
        found = told("flight-volume", merged(hits), self._register.named, lambda _: one, self.epoch)
        return sorted(found, key=lambda c: (c.a, c.entry))

    @property
    def memory(self) -> tuple[Any, ...]:
        """What the kernels of other rooms take: legs, parties, table, and the largest minima."""
        legs, buckets = self._legs, self._buckets
        return (
            legs.rows, legs.flight, self._register.party, buckets.table, buckets.blocks,
            self._tops, self._used, self._most, *self._grid.arrays,
        )  # fmt: skip

    @property
    def epoch(self) -> int:
        """Where the kernels' seconds begin: nanoseconds since 1970-01-01T00:00Z."""
        return self.since(0)

    def number(self, id: str) -> int:
        """Give the number under which the kernels know a flight; -1 where it does not stand."""
        return self._register.number(id)

    def party_number(self, party: str) -> int:
        """Give the number under which the kernels know a party; -1 for "" and for a new one."""
        return self._register.party_number(party)

    def name(self, number: int) -> str:
        """Give the identifier of a number."""
        return self._register.name(number)

    def since(self, time: int) -> int:
        """Give where seconds begin: the whole day before the first flight that came.

        An index that is empty takes ``time`` for that; from 1970 on, the seconds of today would
        have too few digits left for their fractions.
        """
        if self._epoch is None:
            self._epoch = time - time % 86_400_000_000_000
        return self._epoch

    def _refuse(self, id: str, reference: Reference) -> None:
        raise InputError(
            f"altitudes above {reference.value}, the index's above {self.reference.value}",
            flight=id,
            field="altitude",
            mend="give all in one reference",
        )

    def _laid(self, flight: Trajectory) -> tuple[Legs, int]:
        """Lay out one flight; give the legs and how many rows they have."""
        if flight.reference is not self.reference:
            self._refuse(flight.id, flight.reference)
        return self._desk.lay(flight, self.since(int(flight.time[0])), self.separation)

    def _make_room(self) -> None:
        end = self._places.end
        if end > len(self._legs):
            more = room(max(2 * len(self._legs), end))
            n = len(self._legs)
            for name in ("flight", "lat", "lon", "reach"):
                getattr(more, name)[:n] = getattr(self._legs, name)
            more.rows[: ROW * n] = self._legs.rows
            self._legs = more

    def _insert(self, lo: int, hi: int) -> None:
        buckets, own = self._buckets, self._legs
        buckets.make_room(2 * (hi - lo))
        buckets.keys += insert(
            own.rows, own.flight, own.lat, own.lon, own.reach, lo, hi, buckets.table,
            buckets.blocks, buckets.free, self._tops, self._used, *self._grid.arrays,
        )  # fmt: skip


def _rows_of(legs: Legs, flights: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each flight's first row that begins a leg, and how many rows from there hold all."""
    own = np.flatnonzero(legs.flight >= 0)
    edges = np.searchsorted(legs.flight[own], np.arange(flights + 1))
    lo, hi = edges[:-1], edges[1:]
    own = np.append(own, 0)
    first = own[lo]
    return first, np.where(hi > lo, own[hi - 1] + 2 - first, 0)
