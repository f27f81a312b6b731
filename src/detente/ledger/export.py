"""A ledger as JSON Lines or Parquet: for those who read it without Detente."""

from collections.abc import Callable, Iterator
from io import BufferedWriter
from os import PathLike
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from detente.formats.draft import draft
from detente.ledger.chain import Broken, Entry
from detente.ledger.log import Ledger

__all__ = ["export_ledger"]

_ROWS, _BYTES = 16_384, 32 << 20
"""A row group ends at so many rows, or so many bytes of bodies."""

_SCHEMA = pa.schema(
    [
        pa.field("position", pa.int64(), nullable=False),
        pa.field("hash", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("ns", tz="UTC"), nullable=False),
        pa.field("by", pa.string()),
        pa.field("kinds", pa.list_(pa.string()), nullable=False),
        pa.field("body", pa.string(), nullable=False),
    ]
)


class _Event(msgspec.Struct):
    type: str


class _Outcome(msgspec.Struct):
    """What every body has, whatever else stands in it."""

    at: str
    events: list[_Event]
    by: str | None = None


_decode = msgspec.json.Decoder(_Outcome).decode


def export_ledger(
    ledger: Ledger,
    path: str | PathLike[str],
    *,
    after: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the entries up to the present head; the file appears only when it is whole.

    JSON Lines have ``position``, ``hash`` (hex) and ``body``, the body's JSON as it is, so that
    the chain can be checked from the file. Parquet has ``position``, ``hash``, ``at`` (UTC,
    nanoseconds), ``by``, ``kinds`` (its events' types, in order) and ``body`` (text).
    The chain is not checked here: see :func:`~detente.ledger.verify`.

    Parameters
    ----------
    ledger : any.
    path : ends in .jsonl or .parquet.
    after : the position after which to begin.
    progress : told how many entries are written, and of how many.

    Returns
    -------
    How many entries were written.

    Raises
    ------
    InputError : another ending, or it cannot be written there.
    Broken : a body that is no outcome.
    Unavailable : the ledger cannot be read now.
    """
    path = Path(path)
    with draft(path, (".jsonl", ".parquet")) as beside:
        total = max(0, ledger.head()[0] - after)
        entries = _told(ledger.read(after, total), total, progress)
        if path.suffix.lower() == ".parquet":
            _write_parquet(beside, entries)
        else:
            with beside.open("wb") as stream:
                _write_lines(stream, entries)
    return total


def _told(
    entries: Iterator[Entry], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[Entry, _Outcome]]:
    for done, entry in enumerate(entries, 1):
        yield entry, _outcome(entry)
        if progress is not None and (done % 1024 == 0 or done == total):
            progress(done, total)


def _outcome(entry: Entry) -> _Outcome:
    try:
        return _decode(entry.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Broken(entry.position, f"its body is no outcome: {error}") from error


def _write_lines(stream: BufferedWriter, entries: Iterator[tuple[Entry, _Outcome]]) -> None:
    for (position, digest, body), _ in entries:
        # JSON's own line ends stand only between its parts, where a space is as good
        line = body.replace(b"\n", b" ").replace(b"\r", b" ")
        stream.write(
            b'{"position":%d,"hash":"%s","body":%s}\n' % (position, digest.hex().encode(), line)
        )


def _write_parquet(path: Path, entries: Iterator[tuple[Entry, _Outcome]]) -> None:
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
        group: list[tuple[Entry, _Outcome]] = []
        size = 0
        for pair in entries:
            group.append(pair)
            size += len(pair[0].body)
            if len(group) >= _ROWS or size >= _BYTES:
                writer.write_batch(_batch(group))
                group, size = [], 0
        if group:
            writer.write_batch(_batch(group))


def _batch(group: list[tuple[Entry, _Outcome]]) -> Any:
    columns = [
        pa.array([entry.position for entry, _ in group], pa.int64()),
        pa.array([entry.hash.hex() for entry, _ in group], pa.string()),
        _times(group),
        pa.array([outcome.by for _, outcome in group], pa.string()),
        pa.array([[event.type for event in outcome.events] for _, outcome in group]).cast(
            pa.list_(pa.string())
        ),
        pa.array([entry.body for entry, _ in group], pa.binary()).cast(pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=_SCHEMA)


def _times(group: list[tuple[Entry, _Outcome]]) -> Any:
    kind = _SCHEMA.field("at").type
    try:
        return pa.array([outcome.at for _, outcome in group], pa.string()).cast(kind)
    except pa.ArrowInvalid as error:
        if len(group) > 1:  # find the one
            return pa.concat_arrays([_times([pair]) for pair in group])
        raise Broken(group[0][0].position, f"its time is no time: {error}") from error
