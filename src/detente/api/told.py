"""What a party is told, as it goes out: one line of JSON, the same on every way."""

from typing import Any, Final

import msgspec
from msgspec import Struct

from detente.authority.disclosure import (
    Content,
    Message,
    Notice,
    OwnIntent,
    PublicConstraint,
    Refusal,
    SharedIntent,
    SharedVolumes,
    ToldAlert,
    ToldOccurrence,
    ToldStatement,
)

__all__ = ["Told", "event_of", "written"]


class Told(Struct, frozen=True, gc=False):
    """What a party was told at one time, as it goes out.

    Parameters
    ----------
    number : by the party's own count; of the ledger, the position.
    event : of what kind it is.
    data : JSON, in one line.
    """

    number: int
    event: str
    data: bytes

    @property
    def frame(self) -> bytes:
        """As an event of a stream (WHATWG HTML, 9.2.6)."""
        return b"event: %b\nid: %d\ndata: %b\n\n" % (self.event.encode(), self.number, self.data)


class _Line(Struct, frozen=True):
    """A notice whose contents are written already."""

    number: int
    at: Any
    contents: list[msgspec.Raw]


_ENCODER = msgspec.json.Encoder()


def written(notice: Notice, kept: dict[object, bytes] | None = None) -> Told:
    """Write a notice; what others were told in the same words stands in ``kept``."""
    kept = {} if kept is None else kept
    contents = []
    for content in notice.contents:
        if isinstance(content, PublicConstraint):
            key = content.constraint, content.version, content.permitted, content.lifted
            if key not in kept:
                kept[key] = _ENCODER.encode(content)
            contents.append(msgspec.Raw(kept[key]))
        else:
            contents.append(msgspec.Raw(_ENCODER.encode(content)))
    data = _ENCODER.encode(_Line(notice.number, notice.at, contents))
    return Told(notice.number, event_of(notice.contents), data)


def event_of(contents: tuple[Content, ...]) -> str:
    """Name a notice by what matters most of what is in it."""
    for kind, name in _NAMES:
        if any(isinstance(content, kind) for content in contents):
            return name
    for content in contents:
        if isinstance(content, Message):
            return _SUBJECTS.get(content.kind, "notice")
    return "notice"


_NAMES: Final[tuple[tuple[Any, str], ...]] = (
    (OwnIntent, "intent"),
    (Refusal, "refusal"),
    (PublicConstraint, "constraint"),
    (ToldAlert, "alert"),
    (ToldStatement, "statement"),
    (ToldOccurrence, "occurrence"),
    (SharedIntent | SharedVolumes, "shared"),
)

_SUBJECTS: Final = {
    "CycleOpened": "cycle",
    "CyclePublished": "cycle",
    "PartyRegistered": "party",
    "PartySuspended": "party",
    "PartyReinstated": "party",
    "CoalitionFormed": "coalition",
    "PartiesInvited": "coalition",
    "CoalitionJoined": "coalition",
    "CoalitionLeft": "coalition",
}
