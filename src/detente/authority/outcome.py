"""What came of one command: an entry of the ledger, as it is written and read."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec
from msgspec import Struct

from detente.authority.event import Event

__all__ = ["SCHEMA", "Outcome", "decode_outcome", "encode_outcome"]

SCHEMA: Final = 2
"""The version of the events' form that is written now; 2 added the watch and the record."""


def _kinds(base: type[Event]) -> list[type[Event]]:
    below = base.__subclasses__()
    return [kind for one in below for kind in (_kinds(one) or [one])]


_ANY: Any = reduce(or_, _kinds(Event))


class Outcome(Struct, frozen=True, gc=False):
    """What came of one command: one entry of the ledger.

    Parameters
    ----------
    schema : the version of the events' form.
    at, by, key : of the command.
    digest : of the command without its time, hex; tells a retry from another command.
    events : in order; never none.
    """

    schema: int
    at: datetime
    by: str
    key: str
    digest: str
    events: tuple[_ANY, ...]


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(type=Outcome)


def encode_outcome(outcome: Outcome) -> bytes:
    """Write an outcome as a line of JSON."""
    return _ENCODER.encode(outcome)


def decode_outcome(body: bytes) -> Outcome:
    """Read an outcome, written now or by an older version.

    Fields that a newer version added have defaults; what a version renamed or took out is
    mended here, by its ``schema``, and a ledger of each is kept in the tests.

    Raises
    ------
    msgspec.ValidationError : it is not one, or of a newer schema.
    """
    outcome = _DECODER.decode(body)
    if outcome.schema > SCHEMA:
        raise msgspec.ValidationError(f"schema {outcome.schema}; this version reads up to {SCHEMA}")
    return outcome
