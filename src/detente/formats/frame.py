"""Tables in memory: pyarrow, polars, pandas, DuckDB, and all that speak Arrow's C stream.

Source: the Arrow PyCapsule interface (arrow.apache.org, Arrow C data interface).
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from detente.errors import InputError
from detente.formats.source import BATCH, Chunk, Source, stated_reference

__all__ = ["open_frame"]


def open_frame(frame: Any) -> Source:
    """Open a table that is in memory, without copying it where Arrow allows.

    Raises
    ------
    InputError : the object holds no table, or a column of mixed types.
    """
    reader = _reader(frame)
    metadata = reader.schema.metadata or {}
    reference = metadata.get(b"altitude_reference")
    stated = stated_reference(None if reference is None else reference.decode(), None)

    def chunks(wanted: list[str] | None) -> Iterator[Chunk]:
        try:
            for batch in reader:
                own = batch if wanted is None else batch.select(wanted)
                for start in range(0, own.num_rows, BATCH):
                    yield Chunk(own.slice(start, BATCH))
        except pa.ArrowException as error:
            raise InputError(f"a table that cannot be read: {error}") from error

    return Source(chunks, list(reader.schema.names), stated)


def _reader(frame: Any) -> Any:
    try:
        # pandas before 2.2 has no Arrow stream; pyarrow knows its frames without importing it
        if type(frame).__module__.split(".")[0] == "pandas" and hasattr(frame, "columns"):
            return pa.Table.from_pandas(frame, preserve_index=False).to_reader()
        if hasattr(frame, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(frame)
        if hasattr(frame, "__arrow_c_array__"):
            batch = pa.record_batch(frame)
            return pa.RecordBatchReader.from_batches(batch.schema, [batch])
    except (pa.ArrowException, TypeError) as error:
        raise InputError(
            f"a table that cannot be turned into Arrow: {error}",
            mend="give each column one type",
        ) from error
    raise InputError(
        f"an object of type {type(frame).__name__}",
        mend="give a path, or a table of pyarrow, polars, pandas or DuckDB",
    )
