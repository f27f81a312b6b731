"""Tables of what was seen (Parquet, CSV, in memory) as sightings, in the order of their times.

A table that is not in that order is gone through several times, each time for the rows of the
next span of time, so that it is never held whole.
"""

from collections import Counter
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from detente.airspace.altitude import Reference
from detente.errors import InputError
from detente.formats.altitudes import to_feet
from detente.formats.csv import open_csv
from detente.formats.decoded import SECOND, Decoded
from detente.formats.faults import Faults
from detente.formats.frame import open_frame
from detente.formats.observed import Observed, observe
from detente.formats.parquet import open_parquet
from detente.formats.source import Source, head
from detente.formats.values import NO_TIME, is_text, nanoseconds, numbers, plain

__all__ = ["MOST", "read_sightings"]

MOST = 500_000
"""Rows that are sorted at once."""
_GIVEN = 4096
_MINUTE = 60 * SECOND
_TRUE = ["true", "t", "1", "yes"]
_ARROW_ERRORS = (pa.ArrowInvalid, pa.ArrowNotImplementedError)


def read_sightings(
    table: str | PathLike[str] | Any,
    *,
    source: str,
    altitude: str | None = None,
    most: int = MOST,
) -> Iterator[Decoded]:
    """Read a table of what was seen, a few thousand rows at a time, earlier ones first.

    The columns are those of :func:`detente.read_flights`, of which neither an altitude nor a
    party is needed, and those of docs/watch-inputs.md. Rows that cannot be used are left out
    and counted in ``refused``.

    Parameters
    ----------
    table : a path to Parquet or CSV (also gzipped), or a table in memory.
    source : the feed's name.
    altitude : what the altitudes are, where their column does not say it:
        ``[unit:]reference[:column]``, as "ft:pressure".
    most : rows that are sorted at once.

    Raises
    ------
    InputError : no such file, a column that is missing, or one of no use (naive times).
    """
    if isinstance(table, str | PathLike):
        path = Path(table)
        file: str | None = str(path)
        parquet = head(path).startswith(b"PAR1")
        faults = Faults(file, skip=True)
    else:
        file, faults = None, Faults(None, skip=True)
        # a stream can be read only once
        table = pa.table(table) if hasattr(table, "__arrow_c_stream__") else table

    def opened() -> Source:
        if file is None:
            return open_frame(table)
        return open_parquet(path) if parquet else open_csv(path, faults)

    first = opened()
    columns = observe(first.names or [], file=file, altitude=altitude, stated=first.stated)
    reading = _Reading(columns, file, source)
    counts: Counter[int] = Counter()
    last, ordered = NO_TIME, True
    start = Decoded()
    for chunk in first.chunks(columns.names):
        times, wrong = reading.times(chunk.batch)
        start.refused["time: not one"] += wrong
        times = times[times != NO_TIME]
        if len(times):
            ordered &= bool(times[0] >= last and (np.diff(times) >= 0).all())
            last = int(times[-1])
            minutes, n = np.unique(times // _MINUTE, return_counts=True)
            counts.update(dict(zip(minutes.tolist(), n.tolist(), strict=True)))
    start.refused.update(faults.counts)
    start.refused = +start.refused
    yield start
    if ordered:
        for chunk in opened().chunks(columns.names):
            yield from reading.given(chunk.batch, reading.times(chunk.batch)[0])
        return
    for begin, end in _spans(counts, most):
        batches, times_of = [], []
        for chunk in opened().chunks(columns.names):
            times, _ = reading.times(chunk.batch)
            within = (times >= begin) & (times < end)
            if within.any():
                batches.append(_plainly(chunk.batch).filter(pa.array(within)))
                times_of.append(times[within])
        if batches:
            times = np.concatenate(times_of)
            order = np.argsort(times, kind="stable")
            whole = pa.Table.from_batches(batches).combine_chunks().take(pa.array(order))
            yield from reading.given(whole.to_batches()[0], times[order])


def _spans(counts: Counter[int], most: int) -> Iterator[tuple[int, int]]:
    """Cut time into spans of at most so many rows, or of a minute where a minute has more."""
    begin, held, end = None, 0, 0
    for minute in sorted(counts):
        if begin is not None and held + counts[minute] > most:
            yield begin, end
            begin, held = None, 0
        if begin is None:
            begin = minute * _MINUTE
        held += counts[minute]
        end = (minute + 1) * _MINUTE
    if begin is not None:
        yield begin, end


def _plainly(batch: Any) -> Any:
    """Undo the encodings that Arrow cannot choose rows of."""
    columns = [plain(batch[name]) for name in batch.schema.names]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


class _Reading:
    """Turns batches of one table into sightings."""

    def __init__(self, columns: Observed, file: str | None, source: str) -> None:
        self._columns = columns
        self._file = file
        self._source = source
        self._now = NO_TIME
        self._then: set[str] = set()

    def times(self, batch: Any) -> tuple[NDArray[np.int64], int]:
        """Give each row's time (NO_TIME where it has none), and how many have none."""
        columns = self._columns
        times = self._column_of_times(batch, columns.time)
        if columns.position_time is not None and columns.position_time != columns.time:
            positions = self._column_of_times(batch, columns.position_time)
            times = np.where(positions == NO_TIME, times, positions)
        return times, int((times == NO_TIME).sum())

    def _column_of_times(self, batch: Any, name: str) -> NDArray[np.int64]:
        try:
            # those that are unread or naive are without a time
            return nanoseconds(batch[name], name, self._file)[0]
        except pa.ArrowException as error:
            raise InputError(
                f"times that cannot be read: {str(error).splitlines()[0]}",
                file=self._file,
                field=name,
                mend="give timestamps with a zone, or seconds since 1970",
            ) from error

    def given(self, batch: Any, times: NDArray[np.int64]) -> Iterator[Decoded]:
        """Give the rows of a batch that is in the order of time."""
        for start in range(0, batch.num_rows, _GIVEN):
            yield self._some(batch.slice(start, _GIVEN), times[start : start + _GIVEN])

    def _some(self, batch: Any, times: NDArray[np.int64]) -> Decoded:
        decoded = Decoded()
        columns = self._columns
        repeats = columns.position_time is not None
        rows = zip(
            times.tolist(),
            self._texts(batch, columns.address),
            self._texts(batch, columns.number),
            self._texts(batch, columns.callsign),
            self._texts(batch, columns.squawk),
            self._numbers(batch, columns.lat, "position", decoded.refused),
            self._numbers(batch, columns.lon, "position", decoded.refused),
            *self._altitudes(batch, decoded.refused),
            self._quantity(batch, "speed", decoded.refused),
            self._quantity(batch, "course", decoded.refused),
            self._quantity(batch, "climb", decoded.refused),
            self._quantity(batch, "accuracy", decoded.refused),
            self._flags(batch, columns.ground),
            self._texts(batch, columns.kind),
            strict=True,
        )
        for (
            time, address, number, callsign, squawk, lat, lon, pressure, geometric, speed, course,
            climb, accuracy, on_ground, kind,
        ) in rows:  # fmt: skip
            if time == NO_TIME:
                continue
            if repeats and self._repeated(time, address or number or callsign):
                decoded.unwanted["table: seen before"] += 1
                continue
            decoded.add(
                self._source,
                time,
                address.lower(),
                number,
                callsign,
                squawk.zfill(4) if squawk else "",
                lat,
                lon,
                pressure,
                geometric,
                speed,
                course,
                climb,
                accuracy,
                on_ground,
                kind.upper() if kind.isalnum() and len(kind) <= 4 else "",
            )
        return decoded

    def _repeated(self, time: int, key: str) -> bool:
        """Tell whether an aircraft's position of that time was given: tables repeat old ones."""
        if time != self._now:
            self._now = time
            self._then.clear()
        if key in self._then:
            return True
        self._then.add(key)
        return False

    def _texts(self, batch: Any, name: str | None) -> list[str]:
        if name is None:
            return [""] * batch.num_rows
        column = plain(batch[name])
        if pa.types.is_floating(column.type):
            # pandas makes 7000.0 of 7000 where another row has none
            column = pc.round(column).cast(pa.int64(), safe=False)
        try:
            column = column.cast(pa.string())
        except _ARROW_ERRORS as error:
            raise InputError(
                f"a column of type {column.type}", file=self._file, field=name, mend="give text"
            ) from error
        texts: list[str] = pc.utf8_trim_whitespace(column).fill_null("").to_pylist()
        return texts

    def _numbers(
        self, batch: Any, name: str, field: str, refused: Counter[str]
    ) -> list[float | None]:
        column = batch[name]
        values, wrong = numbers(column, name, self._file)
        if len(wrong):
            refused[f"{field}: not a number"] += len(wrong)
        # NaN is what pandas writes where there is nothing
        listed: list[float | None] = pa.array(values, from_pandas=True).to_pylist()
        return listed

    def _quantity(self, batch: Any, role: str, refused: Counter[str]) -> list[float | None]:
        quantity = self._columns.quantities.get(role)
        if quantity is None:
            return [None] * batch.num_rows
        values = self._numbers(batch, quantity.name, role, refused)
        if quantity.unit == 1.0:
            return values
        return [None if value is None else value * quantity.unit for value in values]

    def _altitudes(
        self, batch: Any, refused: Counter[str]
    ) -> tuple[list[float | None], list[float | None]]:
        none: list[float | None] = [None] * batch.num_rows
        found = {Reference.PRESSURE: none, Reference.WGS84: none}
        for column in self._columns.altitudes:
            values, wrong = numbers(batch[column.name], column.name, self._file)
            if len(wrong):
                refused["altitude: not a number"] += len(wrong)
            single = pa.types.is_float32(batch[column.name].type)
            feet = pa.array(to_feet(values, column.unit, single=single), from_pandas=True)
            if column.reference is not None:
                found[column.reference] = feet.to_pylist()
                continue
            stated = pc.utf8_lower(
                pa.array(self._texts(batch, self._columns.reference), pa.string())
            )
            for reference in found:
                here = pc.equal(stated, reference.value)
                found[reference] = pc.if_else(here, feet, None).to_pylist()
        return found[Reference.PRESSURE], found[Reference.WGS84]

    def _flags(self, batch: Any, name: str | None) -> list[bool]:
        if name is None:
            return [False] * batch.num_rows
        column = plain(batch[name])
        if pa.types.is_boolean(column.type):
            flags = column
        elif is_text(column.type):
            # made here: the first array makes Arrow import pandas, where there is one
            true = pa.array(_TRUE)
            flags = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=true)
        else:
            values, _ = numbers(column, name, self._file)
            flags = pa.array(values == 1.0)
        listed: list[bool] = flags.fill_null(False).to_pylist()
        return listed
