"""A hash table from (cell, time bin) to legs, changed in place: the standing index's memory.

A slot is eight int32, half a cache line: the key in two halves, how many entries, the first
block of those that have no room, and two entries. A block is sixteen: how many, the next block,
and seven entries. An entry is a leg and its sketch (:mod:`detente.detect.sketch`). A key may be
shared by two cells; that only adds comparisons.

What stands lies in time bins of its own size: level t has bins of 128 s x 8^t, and a leg is on
the finest level on which it spans at most a bin, so it is in at most two bins. The last level
has one bin for all times.
"""

import math
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.detect.sketch import ruled_out

__all__ = [
    "BIN",
    "BLOCK",
    "INLINE",
    "SLOT",
    "TIMES",
    "Buckets",
    "bin_width",
    "drop",
    "listed",
    "locate",
    "put",
    "rehash",
    "time_level",
]

SLOT: Final = 8
BLOCK: Final = 16
INLINE: Final = 2
_ROOM = 7
BIN: Final = 128.0
"""Seconds of the finest time bin."""
TIMES: Final = 7
"""How many time levels there are; the last has one bin, for all that is longer than 48 days."""

_NONE = np.int32(-1)


class Buckets:
    """The table and its blocks, with room for what is going to be put in.

    Attributes
    ----------
    table, blocks : int32; see above. free : the first free block and the first never used.
    keys : how many slots are taken.
    """

    def __init__(self) -> None:
        self.table: NDArray[np.int32] = np.zeros(SLOT * 4096, dtype=np.int32)
        self.blocks: NDArray[np.int32] = np.empty(BLOCK * 256, dtype=np.int32)
        self.free: NDArray[np.int32] = np.array([-1, 0], dtype=np.int32)
        self.keys = 0

    def make_room(self, entries: int) -> None:
        """Let a third of the slots be free, and enough blocks, after so many more entries."""
        slots = len(self.table) // SLOT
        if 3 * (self.keys + entries) > 2 * slots:
            while 3 * (self.keys + entries) > 2 * slots:
                slots *= 2
            table = np.zeros(SLOT * slots, dtype=np.int32)
            self.keys = rehash(self.table, table)
            self.table = table
        blocks = len(self.blocks) // BLOCK
        if int(self.free[1]) + entries > blocks:
            while int(self.free[1]) + entries > blocks:
                blocks *= 2
            more = np.empty(BLOCK * blocks, dtype=np.int32)
            more[: len(self.blocks)] = self.blocks
            self.blocks = more


@njit(nogil=True, cache=True, inline="always")
def time_level(duration: float) -> int:
    """Give the finest level whose bins are at least this long."""
    level = 0
    width = BIN
    while level < TIMES - 1 and duration > width:
        level += 1
        width *= 8.0
    return level


@njit(nogil=True, cache=True, inline="always")
def bin_width(level: int) -> float:
    """Give the seconds of a level's bins."""
    return BIN * 8.0**level if level < TIMES - 1 else math.inf


@njit(nogil=True, cache=True, inline="always")
def key_of(cell: int, level: int, index: int) -> Any:
    """Mix a cell and a bin into 64 bits, never 0 (D. Steele et al., SplitMix, OOPSLA 2014)."""
    z = np.uint64(cell) * np.uint64(0x9E3779B97F4A7C15)
    z ^= np.uint64(index * 8 + level) * np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return np.int64(z | np.uint64(1))


@njit(nogil=True, cache=True, inline="always")
def locate(table: Any, key: int) -> int:
    """Give where in the table the key's slot begins, or that of the empty slot it would take."""
    mask = len(table) // SLOT - 1
    low = np.int32(key & 0x7FFFFFFF)
    high = np.int32((key >> 31) & 0x7FFFFFFF)
    at = (key >> 20) & mask
    while True:
        s = at * SLOT
        if (table[s] == low and table[s + 1] == high) or table[s] == 0:
            return s
        at = (at + 1) & mask


@njit(nogil=True, cache=True)
def put(table: Any, blocks: Any, free: Any, key: int, leg: int, drawn: int) -> int:
    """Add a leg and its sketch under a key; 1 if the key is new.

    ``free`` holds the first free block and the first never used.
    """
    s = locate(table, key)
    new = 0
    if table[s] == 0:
        table[s] = np.int32(key & 0x7FFFFFFF)
        table[s + 1] = np.int32((key >> 31) & 0x7FFFFFFF)
        table[s + 2] = 0
        table[s + 3] = _NONE
        new = 1
    n = table[s + 2]
    table[s + 2] = n + 1
    if n < INLINE:
        table[s + 4 + 2 * n] = leg
        table[s + 5 + 2 * n] = drawn
        return new
    head = table[s + 3]
    if head < 0 or blocks[head * BLOCK] == _ROOM:
        block = free[0]
        if block >= 0:
            free[0] = blocks[block * BLOCK + 1]
        else:
            block = free[1]
            free[1] = block + 1
        blocks[block * BLOCK] = 0
        blocks[block * BLOCK + 1] = head
        table[s + 3] = block
        head = block
    b = head * BLOCK
    e = b + 2 + 2 * blocks[b]
    blocks[e] = leg
    blocks[e + 1] = drawn
    blocks[b] += 1
    return new


@njit(nogil=True, cache=True)
def drop(table: Any, blocks: Any, free: Any, key: int, leg: int) -> None:
    """Take a leg out from under its key; the last one there moves into its place."""
    s = locate(table, key)
    n = table[s + 2] - 1
    head = table[s + 3]
    if head >= 0:
        b = head * BLOCK
        e = b + 2 * blocks[b]
        last, drawn = blocks[e], blocks[e + 1]
    else:
        e = s + 4 + 2 * n
        last, drawn = table[e], table[e + 1]
    found = False
    for e in range(s + 4, s + 4 + 2 * min(n + 1, INLINE), 2):
        if table[e] == leg:
            table[e] = last
            table[e + 1] = drawn
            found = True
            break
    block = head
    while not found and block >= 0:
        b = block * BLOCK
        for e in range(b + 2, b + 2 + 2 * blocks[b], 2):
            if blocks[e] == leg:
                blocks[e] = last
                blocks[e + 1] = drawn
                found = True
                break
        block = blocks[b + 1]
    table[s + 2] = n
    if head >= 0:
        b = head * BLOCK
        blocks[b] -= 1
        if blocks[b] == 0:
            table[s + 3] = blocks[b + 1]
            blocks[b + 1] = free[0]
            free[0] = head


@njit(nogil=True, cache=True, inline="always")
def listed(
    near: Any, some: int, table: Any, blocks: Any, s: int, low: int, high: int, begin: int,
    end: int, first: bool, lowest: bool,
) -> Any:  # fmt: skip
    """Write what is in the slot at s, and is not ruled out, behind the first of near.

    The last six are those of :func:`ruled_out`. Gives near, and how many there are then.
    """
    k = table[s + 2]
    if some + k > len(near):
        more = np.empty(2 * (some + k), dtype=np.int32)
        more[:some] = near[:some]
        near = more
    for e in range(s + 4, s + 4 + 2 * min(k, INLINE), 2):
        near[some] = table[e]
        some += not ruled_out(table[e + 1], low, high, begin, end, first, lowest)
    block = table[s + 3] if k > INLINE else -1
    while block >= 0:
        b = block * BLOCK
        for e in range(b + 2, b + 2 + 2 * blocks[b], 2):
            near[some] = blocks[e]
            some += not ruled_out(blocks[e + 1], low, high, begin, end, first, lowest)
        block = blocks[b + 1]
    return near, some


@njit(nogil=True, cache=True)
def rehash(old: Any, new: Any) -> int:
    """Move the slots that hold legs to a new table; give how many."""
    kept = 0
    mask = len(new) // SLOT - 1
    for s in range(0, len(old), SLOT):
        if old[s] == 0 or old[s + 2] == 0:
            continue
        key = np.int64(old[s]) | (np.int64(old[s + 1]) << 31)
        at = (key >> 20) & mask
        while new[at * SLOT] != 0:
            at = (at + 1) & mask
        new[at * SLOT : at * SLOT + SLOT] = old[s : s + SLOT]
        kept += 1
    return kept
