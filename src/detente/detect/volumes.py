"""The standing index of volumes: one new flight, or one more volume, against all that stand."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Conflict, Reference, Separation, Trajectory, Volume
from detente.airspace.conflict import Kind
from detente.detect.buckets import TIMES, Buckets
from detente.detect.grid import LEVELS, grid_of
from detente.detect.interval import merged, told
from detente.detect.legs import Desk, Legs
from detente.detect.outlines import Outlines, outlines_of
from detente.detect.overlap import overlap
from detente.detect.register import Places, Register
from detente.detect.vicinity import HEIGHTS, leave, meetings, passages, settle, surroundings
from detente.errors import InputError

__all__ = ["VolumeIndex"]

_CELL = 250.0
_DAY = 86_400_000_000_000
_PIECE = 32_768
_NO_BINS = (2**62, -(2**62))
_SEPARATION = Separation()  # a volume has its own buffer


class VolumeIndex:
    """Volumes that stand, ready to be asked about one more flight or one more volume.

    The counterpart of :class:`Index`, for intents that are filed as volumes and for constraints:
    several volumes stand under one identifier. A conflict is just what ``detect_conflicts``
    means.

    Parameters
    ----------
    reference : what all altitudes are measured from.
    cell : metres, the width of the finest cells; 250 by default, as volumes of drones are a
        few hundred metres wide. Larger volumes lie on coarser levels.

    Examples
    --------
    >>> from detente import Circle, Volume, VolumeIndex
    >>> index = VolumeIndex()
    >>> index.add("fire", [Volume("fire", Circle(47.0, 8.0, 500.0))])
    >>> near, far = (Volume("new", Circle(47.0, lon, 100.0)) for lon in (8.005, 8.05))
    >>> [c.b for c in index.query_volumes("new", [near])]
    ['fire']
    >>> index.query_volumes("new", [far])
    []

    See Also
    --------
    Index : flights that stand.
    detect_conflicts : a whole set at once.
    """

    def __init__(
        self, *, reference: Reference = Reference.PRESSURE, cell: float | None = None
    ) -> None:
        self.reference = reference
        self._grid = grid_of(cell or _CELL)
        self._register = Register()
        self._places = Places()
        self._points = Places()
        self._buckets = Buckets()
        self._epoch: int | None = None
        self._outlines = Outlines.room(256, 1024)
        self._owner = np.full(256, -1, dtype=np.int32)
        self._held: list[Volume | None] = []
        self._tops = np.zeros(LEVELS + 1)
        self._used = np.zeros((LEVELS + 1, TIMES, HEIGHTS), dtype=np.int64)
        self._bins = np.array([_NO_BINS] * (TIMES + HEIGHTS), dtype=np.int64)
        self._desk = Desk()

    def __len__(self) -> int:
        """Count the identifiers under which volumes stand."""
        return len(self._register.numbers)

    def __contains__(self, id: object) -> bool:
        """Tell whether volumes stand under this identifier."""
        return id in self._register.numbers

    def __iter__(self) -> Iterator[str]:
        """Go through the identifiers, oldest first."""
        return iter(self._register.numbers)

    def add(self, id: str, volumes: Sequence[Volume], party: str = "") -> None:
        """Let volumes stand.

        Parameters
        ----------
        id : what they stand under. volumes : one or more; their own names and parties do not
            count. party : whose they are.

        Raises
        ------
        InputError : some stand under this identifier already, or their altitudes have another
            reference than the index.
        """
        self.extend([(id, volumes, party)])

    def extend(self, many: Iterable[tuple[str, Sequence[Volume], str]]) -> None:
        """Let many volumes stand; as :meth:`add` for each, but faster.

        Raises
        ------
        InputError : as :meth:`add`; then none of them is added.
        """
        rows = list(many)
        if not rows:
            return
        ids, sets, parties = zip(*rows, strict=True)
        self._register.check(ids)
        volumes = sets[0] if len(sets) == 1 else [v for several in sets for v in several]
        laid = outlines_of(volumes, self._since(volumes), self.reference)
        sizes = np.array([len(several) for several in sets], dtype=np.int64)
        ends = np.cumsum(sizes)
        if len(rows) == 1:
            at = self._places.take(len(volumes))
            point = self._points.take(len(laid.border))
            number = self._register.enter(ids[0], parties[0], at, len(volumes))
        else:
            at = self._places.append(len(volumes))
            point = self._points.append(len(laid.border))
            number = self._register.enter_all(ids, parties, at + ends - sizes, sizes)
        self._make_room()
        end = at + len(volumes)
        self._held[at:end] = volumes
        self._owner[at:end] = np.repeat(np.arange(number, number + len(rows)), sizes)
        self._outlines.put(laid, at, point)
        own, buckets = self._outlines, self._buckets
        for lo in range(at, end, _PIECE):
            hi = min(lo + _PIECE, end)
            buckets.make_room(4 * (hi - lo))
            buckets.keys += settle(
                own.bounds, own.lat, own.lon, lo, hi, buckets.table, buckets.blocks, buckets.free,
                self._tops, self._used, self._bins, *self._grid.arrays,
            )  # fmt: skip

    def remove(self, id: str) -> None:
        """Take the volumes of an identifier out.

        Raises
        ------
        KeyError : none stand under it.
        """
        at, n = self._register.leave(id)
        own, buckets = self._outlines, self._buckets
        leave(
            own.bounds, own.lat, own.lon, at, at + n, self._owner,
            buckets.table, buckets.blocks, buckets.free, self._used, *self._grid.arrays,
        )  # fmt: skip
        self._held[at : at + n] = [None] * n
        if n:
            first, last = int(own.span[at, 0]), int(own.span[at + n - 1, 1])
            self._points.give(first, last - first)
            self._places.give(at, n)

    def query(self, flight: Trajectory, *, same_party: bool = True) -> list[Conflict]:
        """Find which of the volumes that stand a flight would enter.

        Parameters
        ----------
        flight : the new one; it is ``a`` in each conflict. Volumes that stand under the same
            identifier are not compared with it.
        same_party : whether those of its own party count.

        Returns
        -------
        In the order of identifier, then of entry.

        Raises
        ------
        InputError : its altitudes have another reference than the index.
        """
        legs, n = self._laid(flight)
        hits = passages(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, n,
            self._register.number(flight.id), self._excluded(flight.party, same_party),
            self._owner, self._register.party, self._places.end, *self._outlines.arrays,
            *self._memory,
        )  # fmt: skip
        return self._told("flight-volume", hits, (flight.id, flight.party))

    def query_volumes(
        self, id: str, volumes: Sequence[Volume], *, party: str = "", same_party: bool = True
    ) -> list[Conflict]:
        """Find which of the volumes that stand overlap with new ones.

        Parameters
        ----------
        id : the name of the new ones; it is ``a`` in each conflict. Those that stand under the
            same identifier are not compared with them.
        volumes : the new ones. party : whose they are.
        same_party : whether those of the same party count.

        Returns
        -------
        In the order of identifier, then of entry.

        Raises
        ------
        InputError : altitudes of another reference than the index's.
        """
        mine = outlines_of(volumes, self._since(volumes), self.reference)
        pairs = meetings(
            mine.lat, mine.lon, self._register.number(id), self._excluded(party, same_party),
            self._owner, self._register.party, self._places.end,
            *mine.arrays, *self._outlines.arrays, *self._memory,
        )  # fmt: skip
        if not len(pairs):
            return []
        rows = []
        for i, k in pairs.tolist():
            row = overlap(mine, i, self._outlines, k)
            if row is not None:
                rows.append([0, self._owner[k], *row])
        return self._told("volume-volume", np.array(rows), (id, party))

    def around(
        self, flight: Trajectory, *, margin: float, later: float, same_party: bool = True
    ) -> list[tuple[str, Volume]]:
        """Give the volumes that a flight could meet if it were moved a little.

        Parameters
        ----------
        flight : as it is. margin : metres, by which it may be moved to a side.
        later : seconds, by which it may be delayed. Its altitude does not count.
        same_party : whether volumes of its own party are among them.

        Returns
        -------
        Each with the identifier it stands under; a few that it could not meet are among them.

        Raises
        ------
        InputError : its altitudes have another reference than the index.
        """
        legs, n = self._laid(flight)
        found = surroundings(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, n, margin, later,
            self._excluded(flight.party, same_party), self._owner, self._register.party,
            self._places.end, self._outlines.bounds, *self._memory,
        )  # fmt: skip
        out = []
        for k in found.tolist():
            volume = self._held[k]
            if volume is not None:
                out.append((self._register.name(int(self._owner[k])), volume))
        return out

    @property
    def _memory(self) -> tuple[NDArray[np.generic], ...]:
        """What the kernels take last."""
        buckets = self._buckets
        return (
            buckets.table, buckets.blocks, self._tops, self._used, self._bins, *self._grid.arrays,
        )  # fmt: skip

    def _excluded(self, party: str, same_party: bool) -> int:
        return -1 if same_party else self._register.party_number(party)

    def _laid(self, flight: Trajectory) -> tuple[Legs, int]:
        if flight.reference is not self.reference:
            raise InputError(
                f"altitudes above {flight.reference.value}, the index's above "
                f"{self.reference.value}",
                flight=flight.id,
                field="altitude",
                mend="give all in one reference",
            )
        return self._desk.lay(flight, self._begun(int(flight.time[0])), _SEPARATION)

    def _told(self, kind: Kind, hits: NDArray[np.float64], one: tuple[str, str]) -> list[Conflict]:
        if not len(hits):
            return []
        found = told(kind, merged(hits), lambda _: one, self._register.named, self._epoch or 0)
        return sorted(found, key=lambda c: (c.b, c.entry))

    def _since(self, volumes: Sequence[Volume]) -> int:
        """Give where seconds begin."""
        if self._epoch is None:
            for v in volumes:
                time = v.end if v.start is None else v.start
                if time is not None:
                    return self._begun(time)
        return self._epoch or 0

    def _begun(self, time: int) -> int:
        """Let seconds begin with the whole day before the first time that came."""
        if self._epoch is None:
            self._epoch = time - time % _DAY
            # what stands so far holds always, so no bin changes
            self._outlines.bounds[: self._places.end, :2] -= self._epoch * 1e-9
        return self._epoch

    def _make_room(self) -> None:
        own = self._outlines
        volumes, points = self._places.end, self._points.end
        if volumes > len(self._held):
            self._held.extend([None] * (volumes - len(self._held)))
        if volumes > len(own) or points > len(own.border):
            v = len(own) if volumes <= len(own) else max(2 * len(own), volumes)
            p = len(own.border)
            p = p if points <= p else max(2 * p, points)
            self._outlines = own.grown(v, p)
        if volumes > len(self._owner):
            owner = np.full(len(self._outlines), -1, dtype=np.int32)
            owner[: len(self._owner)] = self._owner
            self._owner = owner
