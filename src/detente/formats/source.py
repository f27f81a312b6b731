"""What every format hands over: the names of its columns, and its fixes batch by batch."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.airspace.altitude import Reference
from detente.errors import InputError

__all__ = ["BATCH", "Chunk", "Source", "head", "open_binary", "stated_reference"]

BATCH = 131_072
"""Fixes a batch, about: large enough for columns to pay, small enough to stay in memory."""


class Chunk(NamedTuple):
    """A batch of fixes.

    Parameters
    ----------
    batch : an Arrow record batch.
    done : bytes of the file that were read so far.
    rows : (n,) row or feature of each fix, where these are not simply counted.
    """

    batch: Any
    done: int = 0
    rows: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One file or table, opened.

    Parameters
    ----------
    chunks : given the columns wanted (None: all), goes through its batches.
    names : its columns; None where they are known only batch by batch.
    stated : the altitude reference in its metadata.
    third : unit and reference of the points' third coordinate, as far as known; None where
        points have none.
    total : its size in bytes, 0 where unknown.
    """

    chunks: Callable[[list[str] | None], Iterator[Chunk]]
    names: list[str] | None = None
    stated: Reference | None = None
    third: tuple[str | None, Reference | None] | None = None
    total: int = 0


def head(path: Path, size: int = 4096) -> bytes:
    """Give the first bytes, unpacked where the file is gzipped.

    Raises
    ------
    InputError : no such file, not readable, or empty.
    """
    if not path.exists():
        raise InputError("no such file", file=str(path), mend="check the path")
    if path.is_dir():
        raise InputError("a directory", file=str(path), mend="give one file")
    try:
        with open_binary(path) as stream:
            start = stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be read: {error}", file=str(path)) from error
    if not start.strip():
        raise InputError("an empty file", file=str(path), mend="give at least one flight")
    return start


def open_binary(path: Path) -> IO[bytes]:
    """Open a file, unpacking it where it is gzipped (by its first two bytes)."""
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def stated_reference(text: str | None, file: str | None) -> Reference | None:
    """Read an altitude reference from metadata."""
    if text is None:
        return None
    try:
        return Reference(text)
    except ValueError:
        raise InputError(
            f"unknown altitude reference {text!r}",
            file=file,
            field="altitude_reference",
            mend="write pressure, wgs84, msl-egm96 or msl-egm2008",
        ) from None
