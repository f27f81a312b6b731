"""Fixes as compact columns, gathered batch by batch, so that a file is never held whole."""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detente.airspace.altitude import Reference
from detente.airspace.separation import Separation
from detente.errors import InputError
from detente.formats.altitudes import to_feet
from detente.formats.columns import Columns
from detente.formats.compact import Column, Keys
from detente.formats.faults import KINDS, Code, Faults
from detente.formats.values import NO_TIME, is_text, nanoseconds, numbers, plain
from detente.resolve.precedence import ORDER, priority_of

__all__ = ["Fixes"]

_DESIGNATOR = re.compile(r"([A-Z]{3})\d")
_DEFAULTS: dict[str, tuple[Any, float]] = {
    "party": (np.int32, 0),
    "priority": (np.int16, 0),
    "protection_h": (np.float64, np.nan),
    "protection_v": (np.float64, np.nan),
    "gap": (np.bool_, 0),
    "fault": (np.uint8, 0),
}


def airline(callsign: object) -> str:
    """Give the airline's ICAO designator: three letters before a figure (ICAO Doc 8585).

    >>> airline("DLH8JW"), airline("DEABC")
    ('DLH', '')
    """
    match = _DESIGNATOR.match(str(callsign or "").strip().upper())
    return match[1] if match else ""


def _default(name: str, start: int, n: int) -> NDArray[Any]:
    if name == "row":
        return np.arange(start + 1, start + n + 1, dtype=np.int64)
    kind, value = _DEFAULTS[name]
    return np.full(n, value, dtype=kind)


class Fixes:
    """The fixes read so far.

    Parameters
    ----------
    faults : says what to do with a bad row.
    classes : the minima of each separation class.
    airlines : parties are the airlines' designators, from the callsigns.
    order : the classes of precedence, the highest first.
    """

    def __init__(
        self,
        faults: Faults,
        *,
        classes: Mapping[str, Separation],
        airlines: bool = False,
        order: Sequence[str] = ORDER,
    ) -> None:
        self.faults = faults
        self.file = faults.file
        self.classes = classes
        self.airlines = airlines
        self.order = order
        self.reference: Reference | None = None
        self.keyed = False
        self.keys = Keys()
        self.parties = Keys("")
        self.aircraft, self.callsigns = Keys(""), Keys("")
        self.names: dict[str, str] = {}
        self.stored = 0
        self.seen = 0
        self._columns: dict[str, Column] = {}

    def append(self, batch: Any, columns: Columns, rows: NDArray[np.int64] | None = None) -> None:
        """Take a batch in, reduced to a few numbers a fix.

        Parameters
        ----------
        batch : an Arrow record batch.
        columns : what its columns are.
        rows : (n,) the row or feature of each fix; without it they are counted from 1.

        Raises
        ------
        InputError : a value that cannot be used, unless bad flights are skipped.
        """
        n = batch.num_rows
        if n == 0:
            return
        counted = rows is None
        if rows is None:
            rows = np.arange(self.seen + 1, self.seen + n + 1, dtype=np.int64)
        self.seen += n
        self.names = {fault.role: columns.name(fault.role) for fault in KINDS.values()}
        fault = np.zeros(n, dtype=np.uint8)
        part: dict[str, NDArray[Any]] = {"code": self._codes(batch, columns)}
        part["time"], unread, naive = nanoseconds(batch[columns.time], columns.time, self.file)
        fault[unread], fault[naive] = Code.UNREAD_TIME, Code.NAIVE_TIME
        absent = (part["time"] == NO_TIME) & (fault == 0)
        for code, role in (
            (Code.LAT, "lat"),
            (Code.LON, "lon"),
            (Code.ALTITUDE, "altitude"),
        ):
            name = columns.name(role)
            column = batch[name]
            values, wrong = numbers(column, name, self.file)
            null = column.is_null().to_numpy(zero_copy_only=False)
            if role == "altitude":
                values = to_feet(values, columns.altitude.unit, single=_single(column.type))
            absent |= null
            _mark(fault, ~np.isfinite(values) & ~null, code)
            fault[wrong] = code
            part[role] = values
        with np.errstate(invalid="ignore"):
            _mark(fault, np.abs(part["lat"]) > 90.0, Code.LAT_RANGE)
            _mark(fault, np.abs(part["lon"]) > 360.0, Code.LON_RANGE)
        self._reference(batch, columns, rows)
        part |= self._options(batch, columns, rows, fault)
        absent |= self._nameless(part["code"])
        if not self.faults.skip:
            self._refuse(batch, columns, part["code"], fault, absent, rows)
        elif absent.any():
            # a sample that was not received: the flight goes on without it
            self.faults.count("fix: a missing value", int(absent.sum()))
            keep = ~absent
            part = {name: values[keep] for name, values in part.items()}
            fault, rows = fault[keep], rows[keep]
        if self.faults.skip or not counted:
            part["row"] = rows
        if fault.any():
            part["fault"] = fault
        self._store(part, len(rows))

    def take(self, name: str) -> NDArray[Any] | None:
        """Give one column whole and forget it here; None where no batch had it."""
        column = self._columns.pop(name, None)
        return None if column is None else column.whole()

    def label(self, code: int) -> str:
        """Name a flight as a reader would: its identifier, or callsign and aircraft."""
        key = self.keys.values[code]
        return key if isinstance(key, str) else " ".join(part for part in key if part)

    def _store(self, part: dict[str, NDArray[Any]], n: int) -> None:
        for name in {*self._columns, *part}:
            column = self._columns.get(name)
            if column is None:
                column = self._columns[name] = Column(part[name].dtype)
                if self.stored:
                    column.append(_default(name, 0, self.stored))
            values = part.get(name)
            column.append(_default(name, self.stored, n) if values is None else values)
        self.stored += n

    def _codes(self, batch: Any, columns: Columns) -> NDArray[np.int32]:
        if columns.id is not None:
            return self.keys.encode(batch[columns.id])
        self.keyed = True
        n = batch.num_rows
        none = np.zeros(n, dtype=np.int32)
        a = self.aircraft.encode(batch[columns.icao24]) if columns.icao24 else none
        c = self.callsigns.encode(batch[columns.callsign]) if columns.callsign else none
        pair = pa.array(c.astype(np.int64) << 32 | a)
        aircraft, callsigns = self.aircraft.values, self.callsigns.values

        def names(value: Any) -> Hashable:
            return (
                ("", "")
                if value is None
                else (callsigns[value >> 32], aircraft[value & 0xFFFFFFFF])
            )

        return self.keys.encode(pair, names)

    def _nameless(self, code: NDArray[np.int32]) -> NDArray[np.bool_]:
        blank = [self.keys.codes.get(key, -1) for key in ("", ("", ""))]
        nameless: NDArray[np.bool_] = (code == blank[0]) | (code == blank[1])
        return nameless

    def _reference(self, batch: Any, columns: Columns, rows: NDArray[np.int64]) -> None:
        own = columns.altitude.reference
        if columns.reference is not None:
            keys = Keys()
            code = keys.encode(batch[columns.reference])
            for value in [keys.values[i] for i in dict.fromkeys(code.tolist())]:
                row = int(rows[np.argmax(code == keys.codes[value])])
                try:
                    there = Reference(value.lower())
                except ValueError:
                    raise InputError(
                        f"unknown altitude reference {value!r}",
                        file=self.file,
                        row=row,
                        field=columns.reference,
                        mend="write pressure, wgs84, msl-egm96 or msl-egm2008",
                    ) from None
                self._same(own or there, there, columns, row)
                self._same(self.reference or there, there, columns, row)
                self.reference = there
        elif own is not None:
            self._same(self.reference or own, own, columns, int(rows[0]))
            self.reference = own

    def _same(self, one: Reference, two: Reference, columns: Columns, row: int) -> None:
        if two is Reference.AGL:
            raise InputError(
                "altitudes above ground",
                file=self.file,
                row=row,
                field=columns.altitude.name,
                mend="add the ground's elevation to each fix and name the geoid",
            )
        if one is not two:
            raise InputError(
                f"mixed altitude references: {two.value} after {one.value}",
                file=self.file,
                row=row,
                field=columns.altitude.name,
                mend="give all altitudes above one reference, or read them as two sets",
            )

    def _options(
        self,
        batch: Any,
        columns: Columns,
        rows: NDArray[np.int64],
        fault: NDArray[np.uint8],
    ) -> dict[str, NDArray[Any]]:
        part: dict[str, NDArray[Any]] = {}
        if self.airlines:
            part["party"] = self.parties.encode(batch[columns.callsign], airline)
        elif columns.party is not None:
            part["party"] = self.parties.encode(batch[columns.party])
        if columns.priority is not None:
            values, wrong = numbers(batch[columns.priority], columns.priority, self.file)
            values = np.nan_to_num(values, nan=0.0)
            fine = (np.abs(values) < 2**15) & (values == np.round(values))
            fine[wrong] = False
            _mark(fault, ~fine, Code.PRIORITY)
            part["priority"] = np.where(fine, values, 0.0).astype(np.int16)
        if columns.precedence is not None:
            part["priority"] = self._precedence(batch, columns.precedence, rows)
        if columns.gap is not None:
            part["gap"] = _flags(plain(batch[columns.gap]), columns.gap, self.file)
        h, v = self._protection(batch, columns, rows, fault)
        if h is not None and v is not None:
            part["protection_h"], part["protection_v"] = h, v
        return part

    def _precedence(self, batch: Any, field: str, rows: NDArray[np.int64]) -> NDArray[np.int16]:
        keys = Keys("")
        code = keys.encode(batch[field])
        # who says nothing is of the lowest class
        table = np.zeros(len(keys.codes), dtype=np.int16)
        for name, number in keys.codes.items():
            if name and (code == number).any():
                try:
                    table[number] = priority_of(str(name), self.order)
                except InputError as error:
                    raise InputError(
                        error.what,
                        file=self.file,
                        row=int(rows[np.argmax(code == number)]),
                        field=field,
                        mend=error.mend,
                    ) from None
        return table[code]

    def _protection(
        self, batch: Any, columns: Columns, rows: NDArray[np.int64], fault: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
        h: NDArray[np.float64] | None = None
        v: NDArray[np.float64] | None = None
        if columns.protection_h is not None or columns.protection_v is not None:
            own = []
            for name in (columns.protection_h, columns.protection_v):
                values = np.full(len(rows), np.nan)
                if name is not None:
                    values, wrong = numbers(batch[name], name, self.file)
                    values = np.where(np.isin(np.arange(len(values)), wrong), -1.0, values)
                own.append(values)
            h, v = own[0] * columns.metres, own[1]
            with np.errstate(invalid="ignore"):
                bad = (h <= 0.0) | (v <= 0.0) | np.isinf(h) | np.isinf(v) | (h > 500_000.0)
            _mark(fault, bad | (np.isnan(h) != np.isnan(v)), Code.PROTECTION)
        if columns.separation_class is not None:
            keys = Keys("")
            code = keys.encode(batch[columns.separation_class])
            for value in keys.values:
                if value and value not in self.classes:
                    raise InputError(
                        f"unknown separation class {value!r}",
                        file=self.file,
                        row=int(rows[np.argmax(code == keys.codes[value])]),
                        field=columns.separation_class,
                        mend="give its minima, as in classes={'terminal': Separation(...)}",
                    )
            minima = [self.classes.get(value) for value in keys.values]
            of_h = np.array([np.nan if m is None else m.horizontal for m in minima])[code]
            of_v = np.array([np.nan if m is None else m.vertical for m in minima])[code]
            h = of_h if h is None else np.fmax(h, of_h)
            v = of_v if v is None else np.fmax(v, of_v)
        return h, v

    def _refuse(
        self,
        batch: Any,
        columns: Columns,
        code: NDArray[np.int32],
        fault: NDArray[np.uint8],
        absent: NDArray[np.bool_],
        rows: NDArray[np.int64],
    ) -> None:
        bad = np.flatnonzero((fault > 0) | absent)
        if not len(bad):
            return
        i = int(bad[0])
        if fault[i]:
            kind = KINDS[Code(fault[i])]
            field = columns.name(kind.role)
            value = batch[field][i].as_py()
            what, mend = f"{kind.what}: {value!r}", kind.mend
        else:
            roles = ("id", "time", "lat", "lon", "altitude")
            field = next(
                (
                    name
                    for name in map(columns.name, roles)
                    if not batch[name][i].is_valid or batch[name][i].as_py() == ""
                ),
                columns.name("id"),
            )
            what, mend = "a missing value", "fill it in or remove the row"
        raise InputError(
            what,
            file=self.file,
            row=int(rows[i]),
            field=field,
            flight=self.label(int(code[i])) or None,
            mend=f"{mend} (skip_bad leaves it out)",
        )


def _mark(fault: NDArray[np.uint8], where: NDArray[np.bool_], code: int) -> None:
    fault[where & (fault == 0)] = code


def _single(kind: Any) -> bool:
    return bool(pa.types.is_float32(kind) or pa.types.is_float16(kind))


def _flags(column: Any, field: str, file: str | None) -> NDArray[np.bool_]:
    if is_text(column.type):
        column = pa.compute.utf8_lower(column)
    try:
        flags: NDArray[np.bool_] = (
            column.cast(pa.bool_()).fill_null(False).to_numpy(zero_copy_only=False)
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"a value that is neither true nor false: {error}",
            file=file,
            field=field,
            mend="write true or false",
        ) from error
    return flags
