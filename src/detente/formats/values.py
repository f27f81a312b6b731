"""One column of a batch as numbers or times, with the rows that cannot be read."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from detente.errors import InputError

__all__ = ["NO_TIME", "is_text", "nanoseconds", "nanoseconds_of", "numbers", "plain", "written"]

NO_TIME = np.iinfo(np.int64).min
"""Stands where there is no time."""
_UTC = pa.timestamp("ns", tz="UTC")
_EARLIEST, _LATEST = 1e8, 1e11
_WRITE = "write it as 2026-07-01T12:00:00Z, or with its offset from UTC"

Rows = NDArray[np.intp]


def is_text(kind: Any) -> bool:
    """Tell whether an Arrow type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def plain(column: Any) -> Any:
    """Undo encodings that Arrow cannot compute with: dictionaries and string views."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    return column


def _cast(column: Any, kind: Any, start: int = 0) -> tuple[Any, list[int]]:
    """Cast text, halving until the values that cannot be read stand alone (and become null)."""
    try:
        return column.cast(kind), []
    except pa.ArrowInvalid:
        if len(column) == 1:
            trimmed = pc.utf8_trim_whitespace(column)
            if trimmed[0].as_py() != column[0].as_py():
                return _cast(trimmed, kind, start)
            return pa.nulls(1, kind), [start]
        half = len(column) // 2
        left, wrong = _cast(column[:half], kind, start)
        right, more = _cast(column[half:], kind, start + half)
        return pa.concat_arrays([left, right]), wrong + more


def numbers(column: Any, field: str, file: str | None) -> tuple[NDArray[np.float64], Rows]:
    """Give floats (NaN where null), and the rows whose text is no number."""
    column = plain(column)
    wrong: list[int] = []
    if is_text(column.type):
        column, wrong = _cast(column, pa.float64())
    elif pa.types.is_null(column.type):
        column = column.cast(pa.float64())
    elif not (
        pa.types.is_floating(column.type)
        or pa.types.is_integer(column.type)
        or pa.types.is_decimal(column.type)
    ):
        raise InputError(
            f"a column of type {column.type}", file=file, field=field, mend="give numbers"
        )
    else:
        column = column.cast(pa.float64(), safe=False)
    return column.to_numpy(zero_copy_only=False), np.array(wrong, dtype=np.intp)


def _unix(column: Any, field: str, file: str | None) -> NDArray[np.int64]:
    seconds = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    known = np.isfinite(seconds)
    out = ~((seconds[known] >= _EARLIEST) & (seconds[known] < _LATEST))
    if out.any():
        raise InputError(
            f"a time of {seconds[known][out][0]:.15g}, which is not in seconds since 1970",
            file=file,
            field=field,
            mend=f"give seconds since 1970-01-01T00:00Z (not milliseconds), or {_WRITE}",
        )
    # doubles of this size are good to a quarter of a microsecond
    time = np.full(len(seconds), NO_TIME, dtype=np.int64)
    time[known] = np.round(seconds[known] * 1e6).astype(np.int64) * 1000
    return time


def nanoseconds(column: Any, field: str, file: str | None) -> tuple[NDArray[np.int64], Rows, Rows]:
    """Give nanoseconds since 1970 (NO_TIME where null), unreadable rows, and naive rows.

    Arrow timestamps with a zone, ISO 8601 text with an offset, and numbers, which are seconds
    since 1970-01-01T00:00Z.

    Raises
    ------
    InputError : the whole column is naive, is no time, or holds numbers that are not seconds.
    """
    none = np.zeros(0, dtype=np.intp)
    column = plain(column)
    kind = column.type
    if is_text(kind):
        first = pc.drop_null(column)[:1]
        if len(first) and not _cast(first, pa.float64())[1]:
            column, wrong = _cast(column, pa.float64())
            return _unix(column, field, file), np.array(wrong, dtype=np.intp), none
        times, wrong = _cast(column, _UTC)
        naive = [i for i in wrong if not _cast(column[i : i + 1], pa.timestamp("ns"))[1]]
        unread = sorted(set(wrong) - set(naive))
        return _stamps(times), np.array(unread, dtype=np.intp), np.array(naive, dtype=np.intp)
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            raise InputError(
                "a naive time",
                file=file,
                field=field,
                mend="give the column its time zone (in pandas: .dt.tz_localize('UTC'))",
            )
        try:
            return _stamps(column.cast(pa.timestamp("ns", tz=kind.tz))), none, none
        except pa.ArrowInvalid as error:
            raise InputError(
                f"a time out of range: {error}", file=file, field=field, mend="years 1678 to 2261"
            ) from error
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _unix(column, field, file), none, none
    if pa.types.is_null(kind):
        return np.full(len(column), NO_TIME, dtype=np.int64), none, none
    raise InputError(f"a column of type {kind}", file=file, field=field, mend=_WRITE)


def _stamps(times: Any) -> NDArray[np.int64]:
    stamps: NDArray[np.int64] = times.cast(pa.int64()).fill_null(NO_TIME).to_numpy()
    return stamps


def nanoseconds_of(text: object, field: str) -> int:
    """Read one time with its offset.

    >>> nanoseconds_of("1970-01-01T01:00:01+01:00", "start")
    1000000000
    """
    if not isinstance(text, str):
        raise InputError(f"{text!r} is no time", field=field, mend=_WRITE)
    times, unread, naive = nanoseconds(pa.array([text]), field, None)
    if len(naive) or len(unread):
        what = f"a naive time {text!r}" if len(naive) else f"{text!r} is no time"
        raise InputError(what, field=field, mend=_WRITE)
    return int(times[0])


def written(times: Any) -> Any:
    """Write nanoseconds (an int64 or timestamp array) as ISO 8601 text in UTC."""
    return pc.strftime(times.cast(_UTC), format="%Y-%m-%dT%H:%M:%SZ")
