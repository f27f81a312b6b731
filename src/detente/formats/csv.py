"""CSV, plain or gzipped: streamed, one block at a time."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from detente.errors import InputError
from detente.formats.faults import Faults
from detente.formats.source import Chunk, Source, open_binary

__all__ = ["open_csv"]

_BLOCK = 1 << 20
_LONGEST_HEADER = 1 << 20


def open_csv(path: Path, faults: Faults) -> Source:
    """Open a file with a header line; commas, semicolons or tabs between the fields.

    Fields are read as text and turned into numbers and times by what they must be, so that
    an error can show what stands there.

    Raises
    ------
    InputError : not UTF-8, or a header that cannot be read.
    """
    file = str(path)
    with open_binary(path) as stream:
        line = stream.readline(_LONGEST_HEADER)
    try:
        header = line.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError("not text in UTF-8", file=file, mend="save it as UTF-8") from error
    delimiter = max(",;\t", key=header.count)
    names = next(csv.reader(io.StringIO(header), delimiter=delimiter))
    total = path.stat().st_size

    def chunks(wanted: list[str] | None) -> Iterator[Chunk]:
        yield from _read(path, delimiter, names if wanted is None else wanted, faults)

    return Source(chunks, names=names, total=total)


def _read(path: Path, delimiter: str, wanted: list[str], faults: Faults) -> Iterator[Chunk]:
    file = str(path)
    skipped: list[int] = []

    def crooked(row: Any) -> str:
        number = row.number - 1  # the header is Arrow's first row
        if faults.skip:
            skipped.append(number)
        else:
            found.append(
                InputError(
                    f"{row.actual_columns} fields instead of {row.expected_columns}",
                    file=file,
                    row=number,
                    mend="quote fields that hold a separator (skip_bad leaves the row out)",
                )
            )
        return "skip" if faults.skip else "error"

    found: list[InputError] = []
    raw = pa.OSFile(file)
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    stream = pa.CompressedInputStream(raw, "gzip") if packed else raw
    good = 0
    try:
        # one thread: only so does Arrow number the rows
        reader = pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(block_size=_BLOCK, use_threads=False),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, invalid_row_handler=crooked),
            convert_options=pa_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        for batch in reader:
            rows = _rows(good, batch.num_rows, skipped) if skipped else None
            yield Chunk(batch, raw.tell(), rows)
            good += batch.num_rows
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as error:
        if found:
            raise found[0] from None
        raise InputError(f"cannot be read as CSV: {error}", file=file) from error
    finally:
        raw.close()
    for number in skipped:
        faults.refuse(
            InputError("a row with too few or too many fields", file=file, row=number),
            "row: too few or too many fields",
        )


def _rows(good: int, n: int, skipped: list[int]) -> NDArray[np.int64]:
    """Count n rows, of which ``good`` came before, passing over those left out."""
    own = np.arange(good, good + n, dtype=np.int64)
    before = np.array(skipped, dtype=np.int64) - 1 - np.arange(len(skipped))
    return own + 1 + np.searchsorted(before, own, side="right")
