"""Columns of whole numbers as compact text: what a page carries of flights and conflicts.

Each column becomes differences from one row to the next, zigzag-coded so that small ones are
small whatever their sign, and split into byte planes: the high bytes are then almost all zero,
and gzip removes them. ``page/columns.js`` undoes it.
"""

import base64
import gzip
from collections.abc import Mapping
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

__all__ = ["Packed", "pack"]


class Packed(TypedDict):
    """What ``page/columns.js`` unpacks: names and lengths in order, and the bytes as base64."""

    columns: list[tuple[str, int]]
    bytes: str


def pack(columns: Mapping[str, NDArray[np.integer]]) -> Packed:
    """Pack columns of whole numbers that fit 32 bits, each of its own length.

    The same columns give the same text.

    Raises
    ------
    OverflowError : a value does not fit.

    >>> packed = pack({"level": np.array([350, 350, 370])})
    >>> packed["columns"]
    [('level', 3)]
    """
    planes = []
    for name, values in columns.items():
        wide = np.asarray(values, dtype=np.int64)
        if wide.size and (wide.max() >= 2**31 or wide.min() < -(2**31)):
            raise OverflowError(f"column {name!r} does not fit 32 bits")
        # Differences may wrap around 32 bits; the running sums wrap back.
        step = np.diff(wide, prepend=0).astype(np.int32)
        zigzag = ((step << 1) ^ (step >> 31)).astype("<u4")
        planes.append(zigzag.view(np.uint8).reshape(-1, 4).T.tobytes())
    data = gzip.compress(b"".join(planes), compresslevel=9, mtime=0)
    return {
        "columns": [(name, len(values)) for name, values in columns.items()],
        "bytes": base64.b64encode(data).decode("ascii"),
    }
