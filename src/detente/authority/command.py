"""What may be asked of the authority: commands, each with who, when, and its key.

Time and identifiers come in the command, so that nothing below needs a clock or a die. A key is
the caller's own: the same command under the same key again is the same request.
"""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import msgspec
from msgspec import Struct

from detente.authority.charter import Charter
from detente.authority.extent import Extent, Volume4D
from detente.authority.register import AUTHORITY, Aircraft, Alert, Effect, Sharing
from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Statement
from detente.watch.track import Indication, Track, Unseen

__all__ = [
    "Activate",
    "Amend",
    "AmendConstraint",
    "AmendOccurrence",
    "CloseCycle",
    "Command",
    "DeclareContingency",
    "End",
    "EnterOccurrence",
    "EnterStatement",
    "File",
    "FormCoalition",
    "Found",
    "GradeStatement",
    "Hold",
    "Impose",
    "Indicate",
    "Invite",
    "Join",
    "Leave",
    "LiftConstraint",
    "NameAircraft",
    "Observe",
    "OpenCycle",
    "Override",
    "PublishConstraint",
    "Reexamine",
    "RegisterParty",
    "Reinstate",
    "Release",
    "ReportNonconforming",
    "ShareStatement",
    "Suspend",
    "Sweep",
    "Take",
    "Withdraw",
    "decode_command",
    "encode_command",
]


class Command(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A request.

    Parameters
    ----------
    at : when it was received.
    by : the party that asks, or ``AUTHORITY``.
    key : its idempotency key; "" for what the authority does by itself.
    """

    at: datetime
    by: str = AUTHORITY
    key: str = ""


class Found(Command, frozen=True, kw_only=True):
    """Begin: lay down the charter. ``salt`` is drawn once, and kept from all but the ledger."""

    charter: Charter
    salt: str = ""


class RegisterParty(Command, frozen=True, kw_only=True):
    """Let a party file; ``highest`` is the highest class of precedence that it may claim."""

    party: str
    name: str = ""
    highest: str = "state"


class Suspend(Command, frozen=True, kw_only=True):
    """Let a party file no more; what it has stands until the authority says otherwise."""

    party: str
    reason: str


class Reinstate(Command, frozen=True, kw_only=True):
    """Let a suspended party file again."""

    party: str


class FormCoalition(Command, frozen=True, kw_only=True):
    """Name a coalition and who may join it."""

    coalition: str
    name: str = ""
    invited: tuple[str, ...] = ()


class Invite(Command, frozen=True, kw_only=True):
    """Let more parties join a coalition."""

    coalition: str
    parties: tuple[str, ...]


class Join(Command, frozen=True, kw_only=True):
    """Be a member, and say what the other members may see; joining again changes that."""

    coalition: str
    shares: Sharing = Sharing.NOTHING


class Leave(Command, frozen=True, kw_only=True):
    """Be a member no more; the authority names the party, a party leaves by itself."""

    coalition: str
    party: str = ""


class File(Command, frozen=True, kw_only=True):
    """Declare a flight under an identifier of the party's own."""

    intent: str
    extent: Extent
    precedence: str = ""


class Amend(Command, frozen=True, kw_only=True):
    """Change a declared flight; if that is refused, what was accepted still is."""

    intent: str
    version: int
    extent: Extent
    precedence: str = ""


class Activate(Command, frozen=True, kw_only=True):
    """Say that the flight begins, or that it conforms again."""

    intent: str
    version: int


class ReportNonconforming(Command, frozen=True, kw_only=True):
    """Say that the flight is not where it was declared, and where it may be."""

    intent: str
    version: int
    off_nominal: tuple[Volume4D, ...]


class DeclareContingency(Command, frozen=True, kw_only=True):
    """Say that the flight will not come back to its intent, and where it may go."""

    intent: str
    version: int
    off_nominal: tuple[Volume4D, ...]


class End(Command, frozen=True, kw_only=True):
    """Say that the flight is over."""

    intent: str
    version: int


class Withdraw(Command, frozen=True, kw_only=True):
    """Take a flight back that has not begun."""

    intent: str
    version: int


class Take(Command, frozen=True, kw_only=True):
    """Take one of the alternatives offered, by its identifier, before it expires."""

    intent: str
    version: int
    offer: str


class PublishConstraint(Command, frozen=True, kw_only=True):
    """Close or limit a part of the airspace; ``permitted`` parties may enter a limited one."""

    constraint: str
    volumes: tuple[Volume4D, ...]
    effect: Effect = Effect.CLOSED
    permitted: tuple[str, ...] = ()
    reason: str = ""


class AmendConstraint(Command, frozen=True, kw_only=True):
    """Publish a constraint anew."""

    constraint: str
    version: int
    volumes: tuple[Volume4D, ...]
    effect: Effect = Effect.CLOSED
    permitted: tuple[str, ...] = ()
    reason: str = ""


class LiftConstraint(Command, frozen=True, kw_only=True):
    """Let a constraint hold no more."""

    constraint: str
    version: int


class Override(Command, frozen=True, kw_only=True):
    """Accept an intent in spite of what it conflicts with; the reason is kept."""

    party: str
    intent: str
    version: int
    reason: str


class Hold(Command, frozen=True, kw_only=True):
    """Take an acceptance back for now."""

    party: str
    intent: str
    version: int
    reason: str


class Release(Command, frozen=True, kw_only=True):
    """Accept a held intent again, if nothing is in its way."""

    party: str
    intent: str
    version: int
    reason: str


class Impose(Command, frozen=True, kw_only=True):
    """Change a flight by the authority's hand, to a point of the public grid."""

    party: str
    intent: str
    version: int
    reason: str
    delay: int = 0
    feet: float = 0.0
    offset: float = 0.0


class OpenCycle(Command, frozen=True, kw_only=True):
    """Plan a period jointly: what departs in it may be filed until the cut-off."""

    cycle: str
    start: datetime
    end: datetime
    cutoff: datetime


class CloseCycle(Command, frozen=True, kw_only=True):
    """Resolve all that was filed for a cycle, and publish the airspace use plan."""

    cycle: str


class Reexamine(Command, frozen=True, kw_only=True):
    """Look again at an intent whose case has changed: release it, or offer alternatives.

    The authority gives itself this command for each name in ``State.due``.
    """

    name: str


class NameAircraft(Command, frozen=True, kw_only=True):
    """Say which aircraft flies an intent; often that is known later than where it flies."""

    intent: str
    version: int
    aircraft: Aircraft


class Observe(Command, frozen=True, kw_only=True):
    """Record what the watch saw: tracks that began, changed or are due, and alerts."""

    tracks: tuple[Track, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    alerts: tuple[Alert, ...] = ()


class Indicate(Command, frozen=True, kw_only=True):
    """Attach evidence of what kind of aircraft it is to a track."""

    track: str
    indication: Indication


class EnterOccurrence(Command, frozen=True, kw_only=True):
    """Open the record of an event; ``public`` to all, or ``shared`` with parties."""

    occurrence: Occurrence
    public: bool = False
    shared: tuple[str, ...] = ()


class AmendOccurrence(Command, frozen=True, kw_only=True):
    """Enter an event anew. Who may see it may be more than before, never fewer."""

    occurrence: Occurrence
    version: int
    public: bool = False
    shared: tuple[str, ...] = ()


class EnterStatement(Command, frozen=True, kw_only=True):
    """Put on record what was said: by a party itself, or what the authority heard or read."""

    statement: Statement
    public: bool = False
    shared: tuple[str, ...] = ()


class ShareStatement(Command, frozen=True, kw_only=True):
    """Let more see a statement that one has entered, by its identifier."""

    statement: str
    public: bool = False
    shared: tuple[str, ...] = ()


class GradeStatement(Command, frozen=True, kw_only=True):
    """Grade a statement, by its name ("by/id"); the grading stays the authority's own."""

    statement: str
    grade: Grade


class Sweep(Command, frozen=True, kw_only=True):
    """End the intents whose time is over, and forget what was kept long enough."""


_ANY: Any = reduce(or_, Command.__subclasses__())
_DECODER = msgspec.json.Decoder(type=_ANY)
_ENCODER = msgspec.json.Encoder()


def decode_command(body: bytes) -> Command:
    """Read a command of its JSON.

    Raises
    ------
    msgspec.ValidationError : it is not one; the text says where.
    """
    command: Command = _DECODER.decode(body)
    return command


def encode_command(command: Command) -> bytes:
    """Write a command as JSON."""
    return _ENCODER.encode(command)
