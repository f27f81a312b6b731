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
from detente.authority.register import AUTHORITY, Effect, Sharing

__all__ = [
    "Activate",
    "Amend",
    "AmendConstraint",
    "CloseCycle",
    "Command",
    "DeclareContingency",
    "End",
    "File",
    "FormCoalition",
    "Found",
    "Hold",
    "Impose",
    "Invite",
    "Join",
    "Leave",
    "LiftConstraint",
    "OpenCycle",
    "Override",
    "PublishConstraint",
    "Reexamine",
    "RegisterParty",
    "Reinstate",
    "Release",
    "ReportNonconforming",
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
