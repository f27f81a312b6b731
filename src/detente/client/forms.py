"""What the service answers that has no form in the authority's own room."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

from detente.authority.charter import Charter
from detente.authority.notice import (
    Notice,
    OwnIntent,
    PublicConstraint,
    SharedIntent,
    SharedVolumes,
    ToldAlert,
    ToldOccurrence,
    ToldStatement,
)
from detente.authority.register import Alert, Cycle, Intent, IntentState, Published
from detente.record import entry
from detente.watch.track import Unseen

__all__ = [
    "Clash",
    "Entered",
    "Head",
    "Measure",
    "Notices",
    "Observed",
    "OwnPicture",
    "Page",
    "Picture",
    "Planned",
    "Roll",
    "Rules",
    "Webhook",
]

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """Some of a list; ``next`` is the cursor of what follows, None at the end."""

    items: list[T]
    next: str | None = None


class Measure(Struct, frozen=True):
    """What the service takes: of one request, and of one party (docs/service.md has the units)."""

    body: int
    fixes: int
    volumes: int
    corners: int
    area: float
    duration: float
    ahead: float
    highest: float
    open_intents: int
    requests: int
    statements: int
    followers: int


class Rules(Struct, frozen=True):
    """What whoever files must keep to.

    Parameters
    ----------
    claims : the classes that the caller may claim, the highest first; none for whoever is no party.
    """

    charter: Charter
    claims: tuple[str, ...]
    limits: Measure


class Notices(Struct, frozen=True):
    """Some of what a party was told, in order; ``next`` is the following page's ``after``."""

    items: list[Notice]
    next: int | None = None


class Clash(Struct, frozen=True):
    """An intent and what stands in its way, for the authority.

    Parameters
    ----------
    intent : its name. state : where it is.
    met : the names of the intents that it conflicts with, or would as it was asked for.
    constraints : those it enters, or would.
    overridden : they are accepted in spite of each other, as the authority said.
    """

    intent: str
    state: IntentState
    met: tuple[str, ...]
    constraints: tuple[str, ...]
    overridden: bool


class Planned(Struct, frozen=True):
    """The caller's part of an airspace use plan, as it stands now.

    Parameters
    ----------
    cycle : and when it was published.
    intents : the caller's own that were planned in it, by identifier.
    """

    cycle: Cycle
    intents: list[OwnIntent]


class Roll(Struct, frozen=True):
    """A coalition and its members."""

    coalition: str
    members: tuple[str, ...]


class Entered(Struct, frozen=True):
    """One entry of the ledger: its position, its hash in hex, and the outcome as written."""

    position: int
    hash: str
    outcome: dict[str, Any]


class Head(Struct, frozen=True):
    """Where the ledger ends: note it elsewhere, and a lost tail will be found."""

    position: int
    hash: str


class Webhook(Struct, frozen=True):
    """Where a party's notices are sent.

    Parameters
    ----------
    acknowledged : the number of the last notice that was taken.
    parked : why nothing is sent until the party asks for it.
    secret : signs what is sent; told when it is made, and never again.
    """

    url: str
    acknowledged: int
    parked: str = ""
    secret: str = ""


class Observed(Struct, frozen=True):
    """What was recorded of an observation: how many tracks, and alerts raised and ended."""

    tracks: int
    raised: int
    ended: int


class Picture(Struct, frozen=True):
    """All that the authority knew at a time; intents are those neither ended nor refused."""

    at: datetime
    position: int
    intents: list[Intent]
    constraints: list[Published]
    tracks: list[entry.Seen]
    unseen: list[Unseen]
    alerts: list[Alert]
    occurrences: list[entry.Entered]
    statements: list[entry.Said]
    cycles: list[Cycle] = []


class OwnPicture(Struct, frozen=True):
    """All that a party knew at a time.

    Parameters
    ----------
    registered : whether the party was; before that, this is what was public then.
    intents : its own. shared : what fellow members shared with it.
    """

    at: datetime
    registered: bool
    intents: tuple[OwnIntent, ...]
    shared: tuple[SharedIntent | SharedVolumes, ...]
    constraints: tuple[PublicConstraint, ...]
    cycles: tuple[Cycle, ...]
    coalitions: list[Roll]
    alerts: tuple[ToldAlert, ...]
    occurrences: tuple[ToldOccurrence, ...]
    statements: tuple[ToldStatement, ...]
