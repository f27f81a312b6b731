"""Tracks matched to intents: one to one, by place, time and course, and who they say they are."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detente.detect.grid import grid_of
from detente.detect.nearness import GEOMETRIC, PRESSURE, compare, filed, near_routes, near_volumes
from detente.earth import surfaces
from detente.watch.absence import Absence
from detente.watch.assignment import assigned
from detente.watch.conformance import TENTATIVE, UNKNOWN, Verdicts
from detente.watch.declarations import Declarations, address_of, callsign_of
from detente.watch.declared import Declared
from detente.watch.gate import Gate, Matching
from detente.watch.likeness import Likeness, identity
from detente.watch.matches import Matches
from detente.watch.picture import Picture

__all__ = ["Matcher"]

_LONGEST: Final = 60.0
"""Seconds that a look stands for at most."""


class Matcher:
    """Says of each track which intent it flies, if any; and which intents nobody flies.

    Pure: what it says follows from what was declared and the pictures, in their order.

    Parameters
    ----------
    settings : what it goes by.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Trajectory
    >>> from detente.watch.declared import Declared
    >>> matcher = Matcher()
    >>> route = Trajectory("7", np.array([0, 600_000_000_000]), np.array([50.0, 50.0]),
    ...                    np.array([4.0, 6.0]), np.array([35000.0, 35000.0]))
    >>> matcher.declare(Declared("north/7", "north", route))
    >>> len(matcher)
    1
    """

    def __init__(self, settings: Matching | None = None) -> None:
        self.settings = settings or Matching()
        self._declared = Declarations()
        self._gone: list[int] = []
        self._grid = grid_of(max(2.0 * self.settings.gate.lateral, 1000.0)).arrays
        self._rows: dict[str, int] = {}
        self._verdicts = Verdicts.new(0, 0)
        self._likeness = Likeness.nothing()
        self._absence = Absence(self.settings)
        self._last: int | None = None

    def __len__(self) -> int:
        """Count the intents that tracks are compared with."""
        return len(self._declared)

    def __contains__(self, name: object) -> bool:
        """Tell whether an intent of this name is declared."""
        return name in self._declared.numbers

    def declare(self, declared: Declared) -> None:
        """Compare tracks with an intent from now on; it takes the place of one of its name.

        Raises
        ------
        InputError : its trajectory cannot be laid out.
        """
        self._declared.put(declared)

    def withdraw(self, name: str) -> None:
        """Compare tracks with an intent no more; those that flew it are judged anew.

        Raises
        ------
        KeyError : none of this name is declared.
        """
        number = self._declared.take(name)
        self._absence.forget(number)
        self._gone.append(number)

    def match(self, picture: Picture) -> Matches:
        """Look once more, and give the verdict on every track.

        Parameters
        ----------
        picture : the next one in time. The same moment again changes no verdict.
        """
        now, settings, own = picture.now, self.settings, self._declared
        seconds = 0.0 if self._last is None else max(0.0, (now - self._last) * 1e-9)
        seconds = min(seconds, _LONGEST)
        verdicts, likeness = self._carried(picture)
        altitudes = np.full((3, len(picture)), np.nan)
        altitudes[PRESSURE], altitudes[GEOMETRIC] = picture.pressure, picture.geometric
        flies = ~picture.on_ground & np.isfinite(picture.lat) & np.isfinite(picture.lon)
        fresh = now - picture.seen <= round(settings.stale * 1e9)
        address = np.array([own.known(address_of(said)) for said in picture.address], np.int64)
        callsign = np.array([own.known(callsign_of(said)) for said in picture.callsign], np.int64)
        flies &= ~_superseded(address, flies & fresh)

        said = _said(address, own) | _said(callsign, own)
        standing = np.flatnonzero(flies & (verdicts.intent >= 0))
        stands = (standing << 32) | verdicts.intent[standing]
        aloft = flies[likeness.pairs >> 32]
        likeness = Likeness(likeness.pairs[aloft], likeness.cost[aloft])
        named = np.array(sorted(said), dtype=np.int64)
        named = named[flies[named >> 32]]
        pairs = _once(self._near(picture, flies, altitudes), named, stands, likeness.pairs)
        track, intent = pairs >> 32, pairs & 0xFFFFFFFF
        evidence, same = identity(
            address[track], callsign[track], own.address[intent], own.callsign[intent]
        )
        found = self._compared(pairs, same, picture, altitudes)
        looked = flies & fresh
        likeness = likeness.seen(
            pairs, found[:, 3] + evidence, looked[track], verdicts.intent[track] == UNKNOWN,
            seconds, settings,
        )  # fmt: skip
        chosen = self._assigned(picture, likeness, verdicts)
        age = np.minimum(np.full(len(picture), seconds), (now - picture.first) * 1e-9)
        before = verdicts.intent
        verdicts = verdicts.weighed(chosen, looked, age, settings, now)
        turned = verdicts.intent != before

        at, differs = _at(pairs, verdicts.intent)
        lateral, vertical, time = (
            np.where(differs, found[at, column], np.nan) if len(pairs) else np.full(len(at), np.nan)
            for column in range(3)
        )
        lateral[~np.isfinite(lateral)] = np.nan
        in_volume = differs & (found[at, 4] > 0.0) if len(pairs) else differs
        excess = self._excess(
            verdicts.intent, lateral, vertical, time, in_volume, picture.uncertainty
        )
        excess[~looked] = np.nan
        verdicts = verdicts.judged(excess, turned, age, settings, now)
        self._verdicts, self._likeness = verdicts, likeness
        self._rows = {name: k for k, name in enumerate(picture.ids)}
        self._last = now
        number = np.maximum(verdicts.intent, 0)
        matched = verdicts.intent >= 0
        unseen = self._absence.look(
            now, own, verdicts.intent, chosen, picture.lat[looked], picture.lon[looked],
            altitudes[:, looked],
        )  # fmt: skip
        return Matches(
            now=now,
            verdict=verdicts.verdict,
            since=verdicts.since,
            intent=[own.names[k] if k >= 0 else "" for k in verdicts.intent.tolist()],
            lateral=lateral,
            vertical=vertical,
            time=time,
            address_differs=matched & _differ(address, own.address[number]),
            callsign_differs=matched & _differ(callsign, own.callsign[number]),
            claims=self._claims(verdicts, named, now),
            unseen=unseen,
        )

    def _carried(self, picture: Picture) -> tuple[Verdicts, Likeness]:
        """Give what is known by the rows of this picture, without what was withdrawn."""
        gone = np.zeros(len(self._declared.route), dtype=np.bool_)
        gone[self._gone] = True
        rows = np.array([self._rows.get(name, -1) for name in picture.ids], dtype=np.int64)
        onward = np.full(len(self._rows), -1, dtype=np.int64)
        stays = rows >= 0
        onward[rows[stays]] = np.flatnonzero(stays)
        likeness = self._likeness.carried(onward, gone)
        verdicts = self._verdicts.carried(rows, picture.now)
        if self._gone:
            verdicts = verdicts.without(gone, picture.now)
            for number in self._gone:
                self._declared.release(number)
            self._gone.clear()
        return verdicts, likeness

    def _near(
        self, picture: Picture, flies: NDArray[np.bool_], altitudes: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """List the pairs within the gate."""
        own, count = self._declared, len(self._declared.names)
        which = np.flatnonzero(flies)
        lat, lon = picture.lat[which], picture.lon[which]
        points = surfaces(lat, lon)
        scale, start, cells, first, poleward, _ = self._grid
        order, table = filed(lat, lon, scale, start, cells, first)
        grid = (order, table, scale, start, cells, first, poleward)
        now, gate, laid = picture.now * 1e-9, _numbers(self.settings.gate), own.outlines
        near = near_routes(
            now, gate, own.route[:count], own.rows, own.leg, own.lat, own.lon, own.reach,
            own.reference, points, altitudes[:, which], *grid,
        )  # fmt: skip
        about = near_volumes(
            now, gate, self.settings.spread_lateral, own.volumes[:count], laid.bounds, laid.lat,
            laid.lon, points, *grid,
        )  # fmt: skip
        pairs = np.concatenate([near, about])
        whole: NDArray[np.int64] = (which[pairs >> 32] << 32) | (pairs & 0xFFFFFFFF)
        return whole

    def _compared(
        self,
        pairs: NDArray[np.int64],
        wide: NDArray[np.bool_],
        picture: Picture,
        altitudes: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        own, settings = self._declared, self.settings
        asked: tuple[Any, ...] = (
            pairs, wide, picture.now * 1e-9, _numbers(settings.gate), _numbers(settings.known),
            (settings.spread_lateral, settings.spread_vertical, settings.spread_time),
            own.route, own.rows, own.leg, own.reference, own.volumes, own.own,
            *own.outlines.arrays, surfaces(picture.lat, picture.lon), altitudes, _going(picture),
            picture.uncertainty,
        )  # fmt: skip
        found: NDArray[np.float64] = compare(*asked)
        return found

    def _assigned(
        self, picture: Picture, likeness: Likeness, verdicts: Verdicts
    ) -> NDArray[np.int64]:
        """Give the intent of each track by this look; among equals names decide, not arrival."""
        track, intent = likeness.pairs >> 32, likeness.pairs & 0xFFFFFFFF
        cost = likeness.cost - np.where(
            verdicts.intent[track] == intent, self.settings.switching, 0.0
        )
        order = self._declared.order
        rank = np.empty(len(picture), dtype=np.int64)
        by_name = np.array(sorted(range(len(picture)), key=picture.ids.__getitem__), np.int64)
        rank[by_name] = np.arange(len(picture))
        ranked = assigned(rank[track], order[intent], cost, len(picture), self.settings.undeclared)[
            rank
        ]
        back = np.empty(len(order) + 1, dtype=np.int64)
        back[order] = np.arange(len(order))
        back[-1] = -1
        return back[ranked]

    def _excess(
        self,
        intent: NDArray[np.int64],
        lateral: NDArray[np.float64],
        vertical: NDArray[np.float64],
        time: NDArray[np.float64],
        in_volume: NDArray[np.bool_],
        uncertainty: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Give the largest deviation in tolerances; NaN where there is none."""
        route, volume = self.settings.route, self.settings.volume
        wide, tall = self._declared.room[np.maximum(intent, 0)].T
        wide, tall = np.minimum(wide, route.lateral), np.minimum(tall, route.vertical)
        beside = np.maximum(lateral - uncertainty, 0.0)
        out = beside / np.where(in_volume, volume.lateral, wide)
        out = np.fmax(out, np.abs(vertical) / np.where(in_volume, volume.vertical, tall))
        out = np.fmax(out, np.abs(time) / np.where(in_volume, volume.time, route.time))
        return np.where(np.isnan(lateral), np.nan, out)

    def _claims(self, verdicts: Verdicts, named: NDArray[np.int64], now: int) -> list[str]:
        """Name the intent whose aircraft a track says it is, where it is not matched to that."""
        own = self._declared
        out = [""] * len(verdicts)
        track, intent = named >> 32, named & 0xFFFFFFFF
        other = (verdicts.intent[track] != intent) & (verdicts.verdict[track] != TENTATIVE)
        for k, number in zip(track[other].tolist(), intent[other].tolist(), strict=True):
            name = own.names[number]
            if own.holds(number, now * 1e-9) and (not out[k] or name < out[k]):
                out[k] = name
        return out


def _numbers(gate: Gate) -> tuple[float, float, float, float]:
    return gate.lateral, gate.vertical, gate.early, gate.late


def _said(codes: NDArray[np.int64], declared: Declarations) -> set[int]:
    """List the pairs of a track and an intent whose aircraft it says it is."""
    rows = np.flatnonzero(codes > 0)
    return {
        (k << 32) | number
        for k, code in zip(rows.tolist(), codes[rows].tolist(), strict=True)
        for number in declared.of(code)
    }


def _once(*lists: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give what is in any of the lists, sorted, each once (a sort beats np.unique's hash here)."""
    every = np.sort(np.concatenate(lists))
    once: NDArray[np.int64] = every[np.diff(every, prepend=-1) != 0]
    return once


def _superseded(address: NDArray[np.int64], fresh: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which tracks coast while another of their address is seen: that is the aircraft."""
    known = address > 0
    seen = np.zeros(int(address.max(initial=0)) + 1, dtype=np.bool_)
    seen[address[known & fresh]] = True
    gone: NDArray[np.bool_] = known & ~fresh & seen[np.maximum(address, 0)]
    return gone


def _differ(said: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.bool_]:
    differ: NDArray[np.bool_] = (said != 0) & (own != 0) & (said != own)
    return differ


def _at(
    pairs: NDArray[np.int64], intent: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give where the pair of each track and its intent is, and whether there is one."""
    key = (np.arange(len(intent), dtype=np.int64) << 32) | np.maximum(intent, 0)
    if not len(pairs):
        return np.zeros(len(intent), dtype=np.int64), np.zeros(len(intent), dtype=np.bool_)
    at = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
    return at, (intent >= 0) & (pairs[at] == key)


def _going(picture: Picture) -> NDArray[np.float64]:
    """Give (n, 3) ECEF metres per second."""
    lat, lon = np.radians(picture.lat), np.radians(picture.lon)
    north, east = picture.north, picture.east
    toward = -np.sin(lat) * north
    return np.column_stack(
        [
            toward * np.cos(lon) - np.sin(lon) * east,
            toward * np.sin(lon) + np.cos(lon) * east,
            np.cos(lat) * north,
        ]
    )
