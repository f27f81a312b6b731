"""Columns that take little memory: values as numbers, and columns that grow in place."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detente.formats.values import plain

__all__ = ["Column", "Keys"]


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


class Column:
    """A column that grows in place, so that it is never in memory twice."""

    def __init__(self, kind: Any) -> None:
        self._values: NDArray[Any] = np.empty(0, dtype=kind)
        self._size = 0

    def append(self, values: NDArray[Any]) -> None:
        """Add values at the end."""
        end = self._size + len(values)
        if end > len(self._values):
            # large blocks are moved by the page table, so growing by little is cheap
            self._values.resize(max(end, len(self._values) * 9 // 8), refcheck=False)
        self._values[self._size : end] = values
        self._size = end

    def whole(self) -> NDArray[Any]:
        """Give the values; nothing can be added after."""
        self._values.resize(self._size, refcheck=False)
        return self._values


class Keys:
    """Numbers given to values in the order in which they come."""

    def __init__(self, *known: Hashable) -> None:
        self.codes: dict[Hashable, int] = {value: i for i, value in enumerate(known)}

    @property
    def values(self) -> list[Any]:
        """The values, by their numbers."""
        return list(self.codes)

    def encode(self, column: Any, clean: Callable[[object], Hashable] = _text) -> NDArray[np.int32]:
        """Give each value's number; what is done per value is done once per different value."""
        if pa.types.is_dictionary(column.type):
            encoded = column
        else:
            encoded = plain(column).dictionary_encode()
        values = [*encoded.dictionary.to_pylist(), None]
        codes = self.codes
        table = np.array([codes.setdefault(clean(v), len(codes)) for v in values], dtype=np.int32)
        chosen: NDArray[np.int32] = table[encoded.indices.fill_null(len(values) - 1).to_numpy()]
        return chosen
