"""Snapshots: what was known at a position, so that a restart need not fold all of the ledger.

A snapshot is never the truth. It names the entry it was taken at by position and hash; where
that entry is not in the ledger, or anything else does not fit, it is thrown away.
"""

import os
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from detente.authority import State, Tables
from detente.ledger.log import Ledger

__all__ = ["load_snapshot", "save_snapshot"]

_MAGIC: Final = b"DETENTE-SNAPSHOT\n"
_HASH = 32
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Tables)


def save_snapshot(path: Path, state: State, ledger: Ledger) -> None:
    """Write what is known; the file is there whole, or as it was before.

    Parameters
    ----------
    path : the file.
    state : settled; at a position of the ledger.
    ledger : gives the hash of the entry at that position.
    """
    if not state.position:
        return
    (entry,) = ledger.read(state.position - 1, 1)
    body = _ENCODER.encode(state.tables())
    seal = _seal(entry.hash, body)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with part.open("wb") as file:
        file.write(_MAGIC + seal)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def load_snapshot(path: Path, ledger: Ledger) -> State | None:
    """Read a snapshot; None where there is none that fits the ledger."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    head = len(_MAGIC) + _HASH
    if data[: len(_MAGIC)] != _MAGIC or len(data) <= head:
        return None
    body = memoryview(data)[head:]
    try:
        tables = _DECODER.decode(body)
    except msgspec.DecodeError:
        return None
    entries = list(ledger.read(tables.position - 1, 1))
    if not entries:
        return None
    if _seal(entries[0].hash, body) != data[len(_MAGIC) : head]:
        return None
    return State(tables)


@cache
def _form() -> bytes:
    return (version("detente") + repr(msgspec.json.schema(Tables))).encode()


def _seal(hash: bytes, body: bytes | memoryview) -> bytes:
    """Bind a snapshot to its entry, to the form of the tables, and to what folded them."""
    seal = blake2b(hash, digest_size=_HASH)
    seal.update(_form())
    seal.update(body)
    return seal.digest()
