"""ASTERIX records as numbers: which items a record has, and where each field stands in them.

Source: EUROCONTROL-SPEC-0149, part 1 (the structure of data blocks), and the tables of
libasterix, taken out by ``scripts/lay_out_asterix.py`` into ``data/asterix.json``. UAP, the user
application profile, is the specification's word for the order of a category's items.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from detente.errors import InputError

__all__ = ["Field", "Profile", "RecordError", "Values", "editions"]

_LAYOUTS = Path(__file__).with_name("data") / "asterix.json"
_MOST_PLANS = 4096
Values = dict[str, int]
"""The items of a record, each as one whole number; parts of a compound one as "item.part"."""
Walk = Callable[[bytes, int, int, Values], int]


class RecordError(ValueError):
    """Where a record ends cannot be told, so the rest of its data block is lost."""


@cache
def _layouts() -> dict[str, dict[str, Any]]:
    layouts: dict[str, dict[str, Any]] = json.loads(_LAYOUTS.read_text())
    return layouts


def editions(category: int) -> list[str]:
    """Give the editions of a category that are known, the newest last.

    >>> editions(62)[-1]
    '1.21'
    """
    return list(_layouts().get(str(category), {}))


class Field:
    """Where one number stands in an item.

    Parameters
    ----------
    item : the item, or "item.part" of a compound one; "" where the edition has no such field.
    shift : bits after it.
    size : its bits.
    signed : whether it is in two's complement.
    unit : the value of its last bit.
    """

    __slots__ = ("_half", "_item", "_mask", "_shift", "_unit")

    def __init__(self, item: str, shift: int, size: int, signed: bool, unit: float) -> None:
        self._item = item
        self._shift = shift
        self._mask = (1 << size) - 1
        self._half = 1 << (size - 1) if signed else 1 << size
        self._unit = unit

    def raw(self, values: Values) -> int | None:
        """Give it as it is; None where the record has no such item."""
        whole = values.get(self._item)
        return None if whole is None else whole >> self._shift & self._mask

    def __call__(self, values: Values) -> float | None:
        """Give it in the unit of its specification; None where the record has no such item."""
        whole = values.get(self._item)
        if whole is None:
            return None
        number = whole >> self._shift & self._mask
        if number >= self._half:
            number -= self._mask + 1
        return number * self._unit


class Profile:
    """One edition of one category.

    Parameters
    ----------
    category : 21 or 62.
    edition : such as "2.7"; "" for the newest.

    Raises
    ------
    InputError : no such edition.
    """

    def __init__(self, category: int, edition: str = "") -> None:
        known = editions(category)
        if not known or (edition and edition not in known):
            raise InputError(
                f"edition {edition!r} of category {category:03d} is not known",
                field="edition",
                mend=f"give one of {', '.join(known)}" if known else "categories are 21 and 62",
            )
        self.category = category
        self.edition = edition or known[-1]
        layout = _layouts()[str(category)][self.edition]
        self._fields: Mapping[str, list[Any]] = layout["fields"]
        self._bits: dict[str, int] = {}
        read = {name.partition(".")[0] for name in self._fields}
        self._items = _Items(
            (
                None
                if entry is None
                else (entry[0] if entry[0] in read else "", self._shape(entry[0], entry[1]))
                for entry in layout["items"]
            ),
            needed=True,
        )

    def field(self, name: str) -> Field:
        """Find a field by "item.field", or by the item where that is a single number."""
        if name not in self._fields:
            return Field("", 0, 1, False, 1)
        offset, size, signed, unit = self._fields[name]
        item = next(
            item
            for item in (name, name.rpartition(".")[0], name.partition(".")[0])
            if item in self._bits
        )
        return Field(item, self._bits[item] - offset - size, size, bool(signed), unit)

    def record(self, block: bytes, at: int) -> tuple[Values, int]:
        """Read the record that begins at a byte of a data block.

        Returns
        -------
        The items that it has, each as one whole number, and where the next record begins.

        Raises
        ------
        RecordError : it is cut short, or has an item that this edition does not know.
        """
        values: Values = {}
        return values, self._items.walk(block, at, len(block), values)

    def _shape(self, name: str, shape: Any) -> int | Walk:
        if isinstance(shape, int):
            self._bits[name] = 8 * shape
            return shape
        ((kind, size),) = shape.items()
        if kind in ("extended", "closed"):
            self._bits[name] = 8 * size
            return _extended(name, size, closed=kind == "closed")
        if kind == "repeated":
            return _repeated(size)
        if kind == "chained":
            return _chained(size)
        if kind == "explicit":
            return _explicit
        parts = _Items(
            None if part is None else (own := f"{name}.{part[0]}", self._shape(own, part[1]))
            for part in size
        )
        return parts.walk


class _Items:
    """Items behind a field specification: those of a record, or the parts of a compound one.

    Parameters
    ----------
    items : in their order, None where there is none.
    needed : there must be one; what fills up a block has none.
    """

    def __init__(
        self, items: Iterable[tuple[str, int | Walk] | None], *, needed: bool = False
    ) -> None:
        self._items = list(items)
        self._needed = needed
        self._most = -(-len(self._items) // 7)
        self._plans: dict[bytes, list[tuple[str, int | Walk]]] = {}

    def walk(self, block: bytes, at: int, end: int, values: Values) -> int:
        start = at
        while True:
            if at == end:
                raise RecordError("cut short")
            at += 1
            if not block[at - 1] & 1:
                break
        plan = self._plans.get(block[start:at])
        if plan is None:
            plan = self._plan(block[start:at])
        for name, shape in plan:
            if isinstance(shape, int):
                stop = at + shape
                if stop > end:
                    raise RecordError("cut short")
                if name:
                    values[name] = int.from_bytes(block[at:stop], "big")
                at = stop
            else:
                at = shape(block, at, end, values)
        return at

    def _plan(self, specification: bytes) -> list[tuple[str, int | Walk]]:
        """Pick the items whose bits are set; each eighth bit only says that a byte follows."""
        if len(specification) > self._most:
            raise RecordError("an item that the edition has not")
        plan = []
        for k in range(7 * len(specification)):
            if specification[k // 7] >> (7 - k % 7) & 1:
                item = self._items[k] if k < len(self._items) else None
                if item is None:
                    raise RecordError("an item that the edition has not")
                plan.append(item)
        if self._needed and not plan:
            raise RecordError("empty")
        # senders use few patterns; whoever tries them all must not fill the memory
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        self._plans[specification] = plan
        return plan


def _extended(name: str, size: int, *, closed: bool) -> Walk:
    def walk(block: bytes, at: int, end: int, values: Values) -> int:
        start = at
        while True:
            if at == end:
                raise RecordError("cut short")
            at += 1
            if not block[at - 1] & 1 or (closed and at - start == size):
                break
        known = block[start : min(at, start + size)]
        # bytes that did not come are zeros, which say nothing
        values[name] = int.from_bytes(known, "big") << 8 * (size - len(known))
        return at

    return walk


def _repeated(size: int) -> Walk:
    def walk(block: bytes, at: int, end: int, _: Values) -> int:
        if at == end or (stop := at + 1 + block[at] * size) > end:
            raise RecordError("cut short")
        return stop

    return walk


def _chained(size: int) -> Walk:
    def walk(block: bytes, at: int, end: int, _: Values) -> int:
        while True:
            at += size
            if at > end:
                raise RecordError("cut short")
            if not block[at - 1] & 1:
                return at

    return walk


def _explicit(block: bytes, at: int, end: int, _: Values) -> int:
    if at == end or (stop := at + block[at]) > end:
        raise RecordError("cut short")
    if stop == at:
        raise RecordError("an item of no length")
    return stop
