"""Who is who: which sightings are of one aircraft, by what they say of it.

An address is one aircraft's across all feeds; a number, or where there is none a callsign, is
one aircraft's within its feed. A number that is once sent with an address is that address's.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.watch.slot import FREE, LANE, NEVER, room

__all__ = ["Key", "Names"]

Key = tuple[str, str, str, str, str, str]
"""source, address, number, callsign, squawk, kind: all that a sighting says in words."""

_BLANK: Final[Key] = ("", "", "", "", "", "")
_FEEDS: Final = 64


class _Aircraft:
    """One aircraft: its name, and by what it is known."""

    __slots__ = ("address", "lanes", "name", "numbers")

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self.numbers: set[tuple[str, str]] = set()
        self.lanes: set[int] = set()


class Names:
    """Aircraft by their addresses and numbers.

    What is said alike of one aircraft is a lane: so a sighting's words are looked up once, and
    compared never. Lane 0 says nothing.
    """

    def __init__(self) -> None:
        self.lanes: Any = np.zeros(1024, LANE)
        self.lanes["heard"] = NEVER
        self.heads: NDArray[np.int64] = np.full(1024, -1, np.int64)
        self.keys: list[Key] = [_BLANK]
        self._lane_of: dict[Key, int] = {}
        self._aircraft: list[_Aircraft] = []
        self._addresses: dict[str, int] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._feeds: dict[str, int] = {}
        self._spare_lanes: list[int] = []
        self._spare_aircraft: list[int] = []
        self._bare: set[int] = set()
        self._masks: dict[int, tuple[str, ...]] = {}

    def lanes_of(self, keys: list[Key], slots: Any) -> list[int]:
        """Give the lane of each, in order; ``slots`` are the tracks.

        Raises
        ------
        InputError : a 65th feed.
        """
        found = list(map(self._lane_of.get, keys))
        return [
            self._add(key, slots) if lane is None else lane
            for key, lane in zip(keys, found, strict=True)
        ]

    def name(self, aircraft: int) -> str:
        """Give what an aircraft is called: its address, or its feed's number for it."""
        return self._aircraft[aircraft].name

    def feeds(self, mask: int) -> tuple[str, ...]:
        """Give the feeds of these bits, sorted."""
        found = self._masks.get(mask)
        if found is None:
            names = (name for name, bit in self._feeds.items() if mask >> bit & 1)
            found = self._masks[mask] = tuple(sorted(names))
        return found

    def _add(self, key: Key, slots: Any) -> int:
        known = self._lane_of.get(key)
        if known is not None:
            return known
        source, address, number, callsign, _, _ = key
        bit = self._feeds.setdefault(source, len(self._feeds))
        if bit >= _FEEDS:
            del self._feeds[source]
            raise InputError(
                f"{source!r} is one feed too many", mend=f"let at most {_FEEDS} feeds in"
            )
        aircraft = self._resolve(source, address, number if address else number or callsign, slots)
        if self._spare_lanes:
            lane = self._spare_lanes.pop()
            self.keys[lane] = key
        else:
            lane = len(self.keys)
            self.keys.append(key)
            self.lanes = room(self.lanes, lane + 1)
        self.lanes[lane] = (
            aircraft, NEVER, 1 << bit, [bool(key[k]) for k in (1, 3, 4, 5)], 0.0, 0.0, 0.0, NEVER,
        )  # fmt: skip
        self._lane_of[key] = lane
        self._aircraft[aircraft].lanes.add(lane)
        return lane

    def _resolve(self, source: str, address: str, number: str, slots: Any) -> int:
        own = (source, number)
        by_number = self._numbers.get(own) if number else None
        if not address:
            return self._begin(f"{source}-{number}", "", own) if by_number is None else by_number
        by_address = self._addresses.get(address)
        if by_number is not None and not self._aircraft[by_number].address:
            if by_address is not None:
                self._join(by_number, by_address, slots)
                return by_address
            self._addresses[address] = by_number
            aircraft = self._aircraft[by_number]
            aircraft.address = aircraft.name = address
            return by_number
        if by_address is None:
            by_address = self._begin(address, address, None)
        if number and by_number != by_address:
            self._give(own, by_address)
        return by_address

    def _begin(self, name: str, address: str, number: tuple[str, str] | None) -> int:
        aircraft = _Aircraft(name, address)
        if self._spare_aircraft:
            a = self._spare_aircraft.pop()
            self._aircraft[a] = aircraft
        else:
            a = len(self._aircraft)
            self._aircraft.append(aircraft)
            if a >= len(self.heads):
                self.heads = np.concatenate([self.heads, np.full(len(self.heads), -1)])
        self.heads[a] = -1
        if address:
            self._addresses[address] = a
        if number is not None:
            self._numbers[number] = a
            aircraft.numbers.add(number)
        return a

    def _give(self, number: tuple[str, str], to: int) -> None:
        """Make a number another aircraft's: its feed uses it anew."""
        before = self._numbers.get(number)
        if before is not None:
            self._aircraft[before].numbers.discard(number)
            for lane in sorted(self._aircraft[before].lanes):
                key = self.keys[lane]
                if not key[1] and (key[0], key[2] or key[3]) == number:
                    self._aircraft[before].lanes.discard(lane)
                    self._aircraft[to].lanes.add(lane)
                    self.lanes["aircraft"][lane] = to
            self._bare.add(before)
        self._numbers[number] = to
        self._aircraft[to].numbers.add(number)

    def _join(self, gone: int, into: int, slots: Any) -> None:
        """Make two aircraft one; their tracks become one where they prove to be in one place."""
        for number in sorted(self._aircraft[gone].numbers):
            self._give(number, into)
        s = int(self.heads[gone])
        if s >= 0:
            last = s
            while slots["next"][last] >= 0:
                last = int(slots["next"][last])
            slots["next"][last] = self.heads[into]
            self.heads[into] = s
            self.heads[gone] = -1
            while True:
                slots["aircraft"][s] = into
                if s == last:
                    break
                s = int(slots["next"][s])
        self._bare.add(gone)

    def sweep(self, before: int, slots: Any) -> None:
        """Forget what was not said since, but for what tracks still say."""
        used = len(self.keys)
        heard = self.lanes["heard"][:used]
        old = np.flatnonzero((heard < before) & (heard != NEVER))
        if len(old):
            said = np.unique(slots["lanes"][slots["state"] != FREE])
            for lane in np.setdiff1d(old, said).tolist():
                aircraft = int(self.lanes["aircraft"][lane])
                self._aircraft[aircraft].lanes.discard(lane)
                self._bare.add(aircraft)
                del self._lane_of[self.keys[lane]]
                self.keys[lane] = _BLANK
                self.lanes["heard"][lane] = NEVER
                self._spare_lanes.append(lane)
        for a in sorted(self._bare):
            aircraft_ = self._aircraft[a]
            if aircraft_.lanes:
                self._bare.discard(a)
            elif self.heads[a] < 0:
                self._bare.discard(a)
                if self._addresses.get(aircraft_.address) == a:
                    del self._addresses[aircraft_.address]
                for number in aircraft_.numbers:
                    del self._numbers[number]
                self._spare_aircraft.append(a)
