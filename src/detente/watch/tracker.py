"""The tracker: sightings of all feeds in, tracks out."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from detente.airspace.sighting import Sighting
from detente.watch.names import Key, Names
from detente.watch.picture import Picture
from detente.watch.scan import REASONS, absorb, release
from detente.watch.settings import Tracking
from detente.watch.slot import FREE, HEIGHT, HIDDEN, NEVER, SHOWN, SLOT, Bounds, room
from detente.watch.track import Conformance, Fix, Track
from detente.watch.view import view

__all__ = ["Tracker", "going", "known", "moment"]

F8 = NDArray[np.float64]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER_YET: Final = 1 << 62
"""The year 2116: differences of times before it are still 64-bit numbers."""
_LIVE: Final = np.iinfo(np.int64).max
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]")

LATE: Final = "sightings too old to be used"
AHEAD: Final = "sightings of the future"
NAMELESS: Final = "sightings that do not say of whom"
POSITION: Final = "positions that are no place on Earth"
RANGE: Final = "altitudes, speeds and rates out of range"


class Tracker:
    """Joins sightings to tracks, smooths and coasts them, and ends them.

    The same sightings in the same batches give the same tracks, whatever their order within a
    batch.

    Parameters
    ----------
    settings : what it goes by.

    Attributes
    ----------
    counts : what was left out of sightings, by reason, since the beginning.
    ended : tracks that the last :meth:`advance` ended, each once, as they were when last seen.
    """

    def __init__(self, settings: Tracking | None = None) -> None:
        self._settings = settings or Tracking()
        self._bounds = Bounds.of(self._settings)
        self._names = Names()
        self._slots: Any = np.zeros(0, SLOT)
        self._heights: Any = np.zeros((0, 2), HEIGHT)
        self._free: NDArray[np.int64] = np.zeros(0, np.int64)
        self._stack: NDArray[np.int64] = np.zeros(1, np.int64)
        self._ids: list[str] = []
        self._taken: dict[str, int] = {}
        self._left: NDArray[np.int64] = np.zeros(len(REASONS), np.int64)
        self._refused: Counter[str] = Counter()
        self._merged: list[Track] = []
        self._now = NEVER
        self._coast = round(self._settings.coast * 1e9)
        self._rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self.ended: tuple[Track, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Give how much was left out, by reason; only what happened."""
        counted = dict(zip(REASONS, self._left.tolist(), strict=True)) | self._refused
        return {reason: count for reason, count in counted.items() if count}

    def take(self, sightings: Sequence[Sighting], now: int | None = None) -> None:
        """Take in a batch.

        Parameters
        ----------
        sightings : of any feeds, in any order.
        now : the present, nanoseconds since 1970, to refuse what claims to be of the future;
            None to believe every time.

        Raises
        ------
        InputError : sightings of more than 64 feeds.
        """
        if not sightings:
            return
        rows = list(map(msgspec.structs.astuple, sightings))
        source, time_, address, number, callsign, squawk, *said, on_ground, kind = zip(
            *rows, strict=True
        )
        time = np.array([min(max(t, -1), _NEVER_YET) for t in time_], np.int64)
        values: F8 = np.array(said, np.float64).T
        order = _ordered(rows, time, values)
        order = order[self._fit(time, sightings, now)[order]]
        if not len(order):
            return
        keys: list[Key] = list(zip(source, address, number, callsign, squawk, kind, strict=True))
        keys = [keys[i] for i in order.tolist()]
        lanes = self._names.lanes_of(keys, self._slots)
        numbers = np.empty((len(order), 3), np.int64)
        numbers[:, 0] = time[order]
        numbers[:, 1] = lanes
        numbers[:, 2] = np.array(on_ground, np.bool_)[order]
        batch = self._sound(values[order])
        self._make_room(len(order))
        born = np.empty(len(order), np.int64)
        gone = np.empty(len(order), np.int64)
        births, ends = absorb(
            batch, numbers, self._names.lanes, self._slots, self._heights, self._names.heads,
            self._free, self._stack, born, gone, self._left, self._bounds,
        )  # fmt: skip
        for s in born[:births].tolist():
            self._ids[s] = self._identify(s)
        for s in gone[:ends].tolist():
            self._merged.append(self._finish(s, NEVER))

    def advance(self, now: int) -> Picture:
        """End what was not seen for too long, and give where all others are.

        Parameters
        ----------
        now : nanoseconds since 1970; where it is before the last picture's time, that stands.
        """
        self._now = now = max(now, self._now)
        slots = self._slots
        coast = self._coast
        state, unseen = slots["state"], now - slots["seen"]
        stray = min(self._settings.stray, self._settings.coast)
        for s in np.flatnonzero((state == HIDDEN) & (unseen > round(stray * 1e9))).tolist():
            release(slots, self._names.heads, s, FREE)
            self._put_back(s)
        over = np.flatnonzero((state == SHOWN) & (unseen > coast)).tolist()
        ended = self._merged
        self._merged = []
        for s in over:
            release(slots, self._names.heads, s, FREE)
            ended.append(self._finish(s, now))
        self.ended = tuple(sorted(ended, key=lambda track: track.id))
        self._names.sweep(now - coast, slots)
        if len(self._taken) > 2 * len(slots):
            forgotten = now - 2 * coast
            self._taken = {id_: at for id_, at in self._taken.items() if at > forgotten}
        return self._picture(now)

    def fixes(self, rows: Sequence[int]) -> list[Fix]:
        """Give where these rows of the newest picture were when they were last seen.

        To be asked before the next :meth:`take`.
        """
        if not len(rows):
            return []
        return self._fixes(self._rows[np.asarray(rows, np.int64)])

    def _fit(self, time: NDArray[np.int64], sightings: Sequence[Sighting], now: int | None) -> Any:
        """Mark the sightings that can be used."""
        late = time < max(0, self._now - self._bounds.late if self._now != NEVER else 0)
        self._refuse(LATE, late)
        last = _NEVER_YET - 1 if now is None else now + round(self._settings.ahead * 1e9)
        ahead = time > last
        self._refuse(AHEAD, ahead)
        nameless = np.array([not (s.address or s.number or s.callsign) for s in sightings])
        self._refuse(NAMELESS, nameless)
        return ~(late | ahead | nameless)

    def _refuse(self, reason: str, which: Any) -> None:
        count = int(np.count_nonzero(which))
        if count:
            self._refused[reason] += count

    def _sound(self, values: F8) -> F8:
        """Leave out what cannot be: each value for itself."""
        b = self._bounds
        lat, lon = values[:, 0], values[:, 1]
        given = ~(np.isnan(lat) & np.isnan(lon))
        bad = given & ~((np.abs(lat) <= 90.0) & (np.abs(lon) <= 360.0))
        self._refuse(POSITION, bad)
        values[bad, 0:2] = np.nan
        for column, least, most in (
            (2, b.lowest, b.highest),
            (3, b.lowest, b.highest),
            (4, 0.0, b.fastest),
            (5, -360.0, 360.0),
            (6, -60.0 * b.steepest, 60.0 * b.steepest),
        ):
            value = values[:, column]
            bad = ~((value >= least) & (value <= most)) & ~np.isnan(value)
            self._refuse(RANGE, bad)
            value[bad] = np.nan
        return values

    def _make_room(self, more: int) -> None:
        """Have places for as many tracks more."""
        have = len(self._slots)
        need = have - int(self._stack[0]) + more
        if need <= have:
            return
        self._slots = room(self._slots, need)
        heights = np.zeros((len(self._slots), 2), HEIGHT)
        heights[:have] = self._heights
        self._heights = heights
        free = np.zeros(len(self._slots), np.int64)
        new = np.arange(len(self._slots) - 1, have - 1, -1)
        # new places below the old ones, which are used again first
        free[: len(new)] = new
        free[len(new) : len(new) + self._stack[0]] = self._free[: self._stack[0]]
        self._free = free
        self._stack[0] += len(new)
        self._ids += [""] * len(new)

    def _put_back(self, s: int) -> None:
        self._slots["state"][s] = FREE
        self._free[self._stack[0]] = s
        self._stack[0] += 1

    def _identify(self, s: int) -> str:
        """Give a new track its identifier: whose it is, and when it was first seen."""
        first = int(self._slots["first"][s])
        name = _UNFIT.sub("-", self._names.name(int(self._slots["aircraft"][s])))[:120]
        at = _EPOCH + timedelta(microseconds=first // 1000)
        stem = id_ = f"{name}.{at:%Y%m%dT%H%M%SZ}"
        again = 1
        while id_ in self._taken:
            again += 1
            id_ = f"{stem}.{again}"
        self._taken[id_] = _LIVE
        return id_

    def _finish(self, s: int, now: int) -> Track:
        """Write a track down for the last time, and give its place back."""
        slot = self._slots[s]
        row = np.array([s], np.int64)
        [fix] = self._fixes(row)
        seen = self._slots["seen"][row]
        columns = view(self._slots, self._heights, row, seen, self._coast, self._bounds.wander)[0]
        speed, course = going(columns[4], columns[5])
        address, callsign, squawk, kind = self._words(row)
        id_ = self._ids[s]
        self._taken[id_] = max(now, int(slot["seen"]))
        self._put_back(s)
        return Track(
            id=id_,
            conformance=Conformance.TENTATIVE,
            first=moment(int(slot["first"])),
            fix=fix,
            speed=speed,
            course=course,
            climb=known(columns[6]),
            address=address[0],
            callsign=callsign[0],
            squawk=squawk[0],
            kind=kind[0],
            sources=self._names.feeds(int(slot["sources"])),
            coasted=max(0.0, (now - int(slot["seen"])) * 1e-9) if now != NEVER else 0.0,
            ended=True,
        )

    def _words(self, rows: NDArray[np.int64]) -> tuple[list[str], ...]:
        """Give address, callsign, squawk and kind of tracks, each as last said."""
        keys = self._names.keys
        lanes = self._slots["lanes"][rows].T.tolist()
        return tuple(
            [keys[lane][part] for lane in column]
            for part, column in zip((1, 3, 4, 5), lanes, strict=True)
        )

    def _fixes(self, rows: NDArray[np.int64]) -> list[Fix]:
        seen = self._slots["seen"][rows]
        columns = view(self._slots, self._heights, rows, seen, self._coast, self._bounds.wander)
        return [
            Fix(
                at=moment(at),
                lat=round(lat, 7),  # a centimetre
                lon=round(lon, 7),
                pressure=known(pressure),
                geometric=known(geometric),
                accuracy=round(accuracy, 1),
            )
            for at, (lat, lon, pressure, geometric, _, _, _, accuracy) in zip(
                seen.tolist(), columns.tolist(), strict=True
            )
        ]

    def _picture(self, now: int) -> Picture:
        slots = self._slots
        self._rows = rows = np.flatnonzero(slots["state"] == SHOWN)
        moments = np.full(len(rows), now, np.int64)
        columns = view(slots, self._heights, rows, moments, self._coast, self._bounds.wander)
        lat, lon, pressure, geometric, north, east, climb, uncertainty = columns.T.copy()
        address, callsign, squawk, kind = self._words(rows)
        ids, feeds = self._ids, self._names.feeds
        return Picture(
            now=now,
            ids=[ids[s] for s in rows.tolist()],
            seen=slots["seen"][rows],
            first=slots["first"][rows],
            lat=lat,
            lon=lon,
            pressure=pressure,
            geometric=geometric,
            north=north,
            east=east,
            climb=climb,
            uncertainty=uncertainty,
            count=slots["count"][rows],
            on_ground=slots["on_ground"][rows].astype(np.bool_),
            address=address,
            callsign=callsign,
            squawk=squawk,
            kind=kind,
            sources=[feeds(mask) for mask in slots["sources"][rows].tolist()],
        )


def going(north: float, east: float) -> tuple[float, float] | tuple[None, None]:
    """Give speed and course of a velocity, as a track has them; None where it is not known.

    >>> going(0.0, -200.0)
    (200.0, 270.0)
    """
    if math.isnan(north):
        return None, None
    course = math.degrees(math.atan2(east, north))
    return round(math.hypot(north, east), 2), round(course, 2) % 360.0


def known(value: float) -> float | None:
    """Give a value to a tenth, as it is written down; None for NaN."""
    return None if math.isnan(value) else round(float(value), 1) + 0.0


def moment(time: int) -> datetime:
    """Give a time in nanoseconds as a datetime, to the microsecond before."""
    return _EPOCH + timedelta(microseconds=time // 1000)


def _ordered(
    rows: Sequence[tuple[Any, ...]], time: NDArray[np.int64], values: F8
) -> NDArray[np.int64]:
    """Give the order of time; among those of one time, that of what they say."""
    lat, lon = values[:, 0], values[:, 1]
    order = np.lexsort((lon, lat, time))
    here, there = order[:-1], order[1:]
    alike = time[here] == time[there]
    for column in (lat, lon):
        a, b = column[here], column[there]
        alike &= (a == b) | (np.isnan(a) & np.isnan(b))
    if alike.any():
        edges = np.flatnonzero(np.diff(np.concatenate([[0], alike.view(np.int8), [0]])))
        for begin, end in edges.reshape(-1, 2).tolist():
            run = order[begin : end + 1].tolist()
            order[begin : end + 1] = sorted(run, key=lambda i: repr(rows[i]))
    return order
