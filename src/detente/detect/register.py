"""Who stands: identifiers and parties as the kernels' numbers, and places in their arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError

__all__ = ["Places", "Register"]


class Register:
    """The numbers of what stands.

    Attributes
    ----------
    numbers : the number of each identifier, oldest first.
    party : int32, for each number its party's.
    span : (k, 2) int64, for each number where its rows begin, and how many they are.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.party: NDArray[np.int32] = np.empty(64, dtype=np.int32)
        self.span: NDArray[np.int64] = np.empty((64, 2), dtype=np.int64)
        self._names: list[str] = []
        self._parties: dict[str, int] = {}
        self._party_names: list[str] = []
        self._vacant: list[int] = []

    def check(self, ids: Sequence[str]) -> None:
        """Refuse an identifier that stands, or that comes twice.

        Raises
        ------
        InputError : it says which.
        """
        known = self.numbers
        if known.keys().isdisjoint(ids) and (len(ids) == 1 or len(set(ids)) == len(ids)):
            return
        seen: set[str] = set()
        for id in ids:
            if id in known or id in seen:
                raise InputError(
                    "it stands already", flight=id, mend="remove it before adding it again"
                )
            seen.add(id)

    def enter(self, id: str, party: str, at: int, rows: int) -> int:
        """Give the number of one more."""
        if self._vacant:
            number = self._vacant.pop()
            self._names[number] = id
        else:
            number = len(self._names)
            self._names.append(id)
            self._make_room(number + 1)
        self.numbers[id] = number
        self.party[number] = self._party_number(party)
        self.span[number, 0], self.span[number, 1] = at, rows
        return number

    def enter_all(
        self,
        ids: Sequence[str],
        parties: Sequence[str],
        at: NDArray[np.int64],
        rows: NDArray[np.int64],
    ) -> int:
        """Give the first of the consecutive numbers of many more."""
        first = len(self._names)
        end = first + len(ids)
        self._make_room(end)
        self._names.extend(ids)
        self.numbers.update(zip(ids, range(first, end), strict=True))
        self.party[first:end] = [self._party_number(party) for party in parties]
        self.span[first:end, 0], self.span[first:end, 1] = at, rows
        return first

    def leave(self, id: str) -> tuple[int, int]:
        """Forget one; give where its rows begin and how many they are.

        Raises
        ------
        KeyError : none of this identifier stands.
        """
        number = self.numbers.pop(id)
        self._vacant.append(number)
        at, rows = self.span[number].tolist()
        return at, rows

    def name(self, number: int) -> str:
        """Give the identifier of a number."""
        return self._names[number]

    def named(self, number: int) -> tuple[str, str]:
        """Give the identifier and the party of a number."""
        return self._names[number], self._party_names[self.party[number]]

    def number(self, id: str) -> int:
        """Give the number of an identifier; -1 where it does not stand."""
        return self.numbers.get(id, -1)

    def party_number(self, party: str) -> int:
        """Give the number of a party; -1 for "" and for a new one."""
        return self._parties.get(party, -1) if party else -1

    def _party_number(self, party: str) -> int:
        number = self._parties.setdefault(party, len(self._parties))
        if number == len(self._party_names):
            self._party_names.append(party)
        return number

    def _make_room(self, numbers: int) -> None:
        if numbers > len(self.party):
            size = max(2 * len(self.party), numbers)
            party = np.empty(size, dtype=np.int32)
            span = np.empty((size, 2), dtype=np.int64)
            party[: len(self.party)] = self.party
            span[: len(self.span)] = self.span
            self.party, self.span = party, span


class Places:
    """Consecutive rows of an array, given out and taken back.

    Parameters
    ----------
    step : sizes are rounded up to a multiple of it, so that freed places fit again.

    Attributes
    ----------
    end : int, where the rows begin that were never given out.
    """

    def __init__(self, step: int = 1) -> None:
        self.end = 0
        self._step = step
        self._free: dict[int, list[int]] = {}

    def take(self, rows: int) -> int:
        """Give where so many rows are free."""
        size = -(-rows // self._step) * self._step
        free = self._free.get(size)
        if free:
            return free.pop()
        at = self.end
        self.end += size
        return at

    def take_all(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give where the rows of many are free: behind all others."""
        size = -(-rows // self._step) * self._step
        ends = np.cumsum(size)
        at: NDArray[np.int64] = self.end + ends - size
        self.end += int(ends[-1]) if len(ends) else 0
        return at

    def append(self, rows: int) -> int:
        """Give where so many rows are free behind all others, in as many parts as one likes."""
        at = self.end
        self.end += rows
        return at

    def give(self, at: int, rows: int) -> None:
        """Take rows back."""
        self._free.setdefault(-(-rows // self._step) * self._step, []).append(at)
