"""The standing index: one new flight against all that stand, added to and removed from in place."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Conflict, Flights, Reference, Separation, Trajectory
from detente.detect.buckets import BLOCK, SLOT, TIMES, rehash
from detente.detect.encounter import ROW
from detente.detect.grid import LEVELS, Grid
from detente.detect.interval import merged
from detente.detect.legs import Legs, lay_one, legs_of, room
from detente.detect.standing import erase, insert, look
from detente.earth import arc_of_chord, geodetic
from detente.errors import InputError

__all__ = ["Index"]


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
        self._grid = Grid(cell or max(2.5 * self.separation.horizontal, 500.0))
        self._slots: dict[str, int] = {}
        self._names: list[str] = []
        self._party_names: list[str] = []
        self._span: list[tuple[int, int]] = []
        self._vacant: list[int] = []
        self._free_spans: dict[int, list[int]] = {}
        self._parties: dict[str, int] = {}
        self._party = np.empty(64, dtype=np.int32)
        self._epoch: int | None = None
        self._legs = room(1024)
        self._end = 0
        self._table = np.zeros(SLOT * 4096, dtype=np.int32)
        self._keys = 0
        self._blocks = np.empty(BLOCK * 256, dtype=np.int32)
        self._free = np.array([-1, 0], dtype=np.int32)
        self._tops = np.zeros(LEVELS)
        self._used = np.zeros(TIMES, dtype=np.int64)
        self._r = self._fastest = 0.0
        self._desk = room(256)

    def __len__(self) -> int:
        """Count the flights that stand."""
        return len(self._slots)

    def __contains__(self, id: object) -> bool:
        """Tell whether a flight of this identifier stands."""
        return id in self._slots

    def __iter__(self) -> Iterator[str]:
        """Go through the identifiers, oldest first."""
        return iter(self._slots)

    def add(self, flight: Trajectory) -> None:
        """Let a flight stand.

        Raises
        ------
        InputError : one of this identifier stands already, or its altitudes have another
            reference than the index.
        """
        if flight.id in self._slots:
            raise InputError(
                "it stands already", flight=flight.id, mend="remove it before adding it again"
            )
        legs, n = self._laid(flight)
        self._keep(flight.id, flight.party, legs, 0, n)

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
        seen: set[str] = set()
        for id in flights.ids:
            if id in self._slots or id in seen:
                raise InputError(
                    "it stands already", flight=id, mend="remove it before adding it again"
                )
            seen.add(id)
        legs = legs_of(flights, self.separation, epoch=self._since(int(flights.time.min())))
        own = np.flatnonzero(legs.flight >= 0)
        edges = np.searchsorted(legs.flight[own], np.arange(len(flights) + 1))
        for k in range(len(flights)):
            lo, hi = edges[k], edges[k + 1]
            first = int(own[lo]) if hi > lo else 0
            n = int(own[hi - 1]) + 2 - first if hi > lo else 0
            self._keep(flights.ids[k], flights.parties[k], legs, first, n)

    def remove(self, id: str) -> None:
        """Take a flight out.

        Raises
        ------
        KeyError : none of this identifier stands.
        """
        slot = self._slots.pop(id)
        first, n = self._span[slot]
        legs = self._legs
        erase(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, first, first + n,
            self._table, self._blocks, self._free, self._used, *self._grid.arrays,
        )  # fmt: skip
        self._free_spans.setdefault(_rounded(n), []).append(first)
        self._vacant.append(slot)

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
        hits = look(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, n, party,
            self._legs.rows, self._legs.flight, self._party, self._table, self._blocks,
            self._tops, self._used, self._r, self._fastest,
            time_buffer if time_buffer > 0.0 else None, *self._grid.arrays,
        )  # fmt: skip
        if not len(hits):
            return []
        own = self.number(flight.id)
        rows = merged(hits)
        rows = rows[rows[:, 1] != own] if own >= 0 else rows
        return sorted(self._conflicts(flight, rows), key=lambda c: (c.b, c.entry))

    @property
    def memory(self) -> tuple[Any, ...]:
        """What the kernels of other rooms take: legs, parties, table, and the largest minimum."""
        legs = self._legs
        return (
            legs.rows, legs.flight, self._party, self._table, self._blocks, self._tops, self._used,
            self._r, *self._grid.arrays,
        )  # fmt: skip

    @property
    def epoch(self) -> int:
        """Where the kernels' seconds begin: nanoseconds since 1970-01-01T00:00Z."""
        return self._since(0)

    def number(self, id: str) -> int:
        """Give the number under which the kernels know a flight; -1 where it does not stand."""
        return self._slots.get(id, -1)

    def party_number(self, party: str) -> int:
        """Give the number under which the kernels know a party; -1 for "" and for a new one."""
        return self._parties.get(party, -1) if party else -1

    def name(self, number: int) -> str:
        """Give the identifier of a number."""
        return self._names[number]

    def _conflicts(self, flight: Trajectory, rows: NDArray[np.float64]) -> list[Conflict]:
        lat, lon = geodetic(rows[:, 8:11])
        times = (self.epoch + np.rint(rows[:, 2:5] * 1e9).astype(np.int64)).tolist()
        apart = arc_of_chord(rows[:, 5]).tolist()
        return [
            Conflict(
                kind="flight-flight",
                a=flight.id,
                b=self._names[int(row[1])],
                party_a=flight.party,
                party_b=self._party_names[int(row[1])],
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
            for row, time, distance, north, east in zip(
                rows.tolist(), times, apart, lat.tolist(), lon.tolist(), strict=True
            )
        ]

    def _since(self, time: int) -> int:
        """Give where seconds begin: the whole day before the first flight that came."""
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
        """Lay out one flight on the desk; give the legs and how many rows they have."""
        if flight.reference is not self.reference:
            self._refuse(flight.id, flight.reference)
        n = len(flight.time)
        epoch = self._since(int(flight.time[0]))
        if n > len(self._desk):
            self._desk = room(2 * n)
        if lay_one(self._desk, flight, epoch, self.separation):
            legs = legs_of(Flights.from_trajectories([flight]), self.separation, epoch=epoch)
            return legs, len(legs)
        return self._desk, n

    def _keep(self, id: str, party: str, legs: Legs, first: int, n: int) -> None:
        at = self._place(n)
        if self._vacant:
            slot = self._vacant.pop()
        else:
            slot = len(self._names)
            self._names.append("")
            self._party_names.append("")
            self._span.append((0, 0))
            if slot == len(self._party):
                self._party = np.concatenate([self._party, np.empty_like(self._party)])
        self._slots[id] = slot
        self._names[slot], self._party_names[slot] = id, party
        self._span[slot] = (at, n)
        self._party[slot] = self._parties.setdefault(party, len(self._parties))
        own = self._legs
        own.rows[ROW * at : ROW * (at + n)] = legs.rows[ROW * first : ROW * (first + n)]
        own.lat[at : at + n] = legs.lat[first : first + n]
        own.lon[at : at + n] = legs.lon[first : first + n]
        own.reach[at : at + n] = legs.reach[first : first + n]
        flown = legs.flight[first : first + n] >= 0
        own.flight[at : at + n] = np.where(flown, slot, -1)
        if n:
            rows = legs.rows[ROW * first : ROW * (first + n)]
            self._r = max(self._r, float(rows[5::ROW].max()))
            speed = 2.0 * legs.reach[first : first + n] * rows[7::ROW]
            self._fastest = max(self._fastest, float(speed.max()))
        self._make_room(n)
        self._keys += insert(
            own.rows, own.flight, own.lat, own.lon, own.reach, at, at + n, self._table,
            self._blocks, self._free, self._tops, self._used, *self._grid.arrays,
        )  # fmt: skip

    def _place(self, n: int) -> int:
        size = _rounded(n)
        spans = self._free_spans.get(size)
        if spans:
            return spans.pop()
        if self._end + size > len(self._legs):
            more = room(max(2 * len(self._legs), self._end + size))
            for name in ("flight", "lat", "lon", "reach"):
                getattr(more, name)[: self._end] = getattr(self._legs, name)[: self._end]
            more.rows[: ROW * self._end] = self._legs.rows[: ROW * self._end]
            self._legs = more
        at = self._end
        self._end += size
        return at

    def _make_room(self, legs: int) -> None:
        """Let the table have a third of its slots free, and enough blocks, for so many legs."""
        if 3 * (self._keys + 2 * legs) > 2 * (len(self._table) // SLOT):
            table = np.zeros(2 * len(self._table), dtype=np.int32)
            self._keys = rehash(self._table, table)
            self._table = table
        while (int(self._free[1]) + 2 * legs) * BLOCK > len(self._blocks):
            self._blocks = np.concatenate([self._blocks, np.empty_like(self._blocks)])


def _rounded(n: int) -> int:
    """Round a number of rows up to a multiple of eight, so that freed places fit again."""
    return -(-n // 8) * 8
