"""The forms in which a party is told things: no other leaves the authority for it.

Only :mod:`detente.authority.disclosure` makes them.
"""

from datetime import datetime

from msgspec import Struct

from detente.authority.charter import Charter
from detente.authority.extent import Extent, Volume4D
from detente.authority.register import Aircraft, Cycle, Effect, IntentState, Offer, Sharing
from detente.record.statement import Statement

__all__ = [
    "Alternatives",
    "Belonging",
    "Content",
    "LaidDown",
    "Message",
    "Notice",
    "OwnIntent",
    "PublicConstraint",
    "Refusal",
    "SharedIntent",
    "SharedVolumes",
    "ToldAlert",
    "ToldOccurrence",
    "ToldStatement",
    "View",
]


class Alternatives(Struct, frozen=True):
    """What a flight could do instead, and until when it may choose."""

    offers: tuple[Offer, ...]
    until: datetime | None


class OwnIntent(Struct, frozen=True, tag=True):
    """A party's own intent, after something became of it.

    Parameters
    ----------
    intent, version, state : which, and where it is.
    extent : what is in force, or was; None where nothing ever was.
    asked : what was last asked for and not accepted.
    because : why it was refused, or is held: "conflict", "constraint", "probes", "precedence",
        "off-nominal", "authority".
    constraints : those in the way.
    alternatives : to what was asked for.
    changed : how it differs from what was asked for.
    reason : the authority's, in words, of the last answer that had to do with it.
    ended : "ended", "withdrawn" or "expired".
    aircraft : which one flies it, as the party said.
    airborne : it was activated, and is in the air until it ends; None in a notice that leaves that
        as it was.
    """

    intent: str
    version: int
    state: IntentState
    precedence: str = ""
    extent: Extent | None = None
    off_nominal: tuple[Volume4D, ...] = ()
    asked: Extent | None = None
    because: str = ""
    constraints: tuple[str, ...] = ()
    alternatives: Alternatives | None = None
    changed: Offer | None = None
    reason: str = ""
    cycle: str = ""
    ended: str = ""
    aircraft: Aircraft | None = None
    airborne: bool | None = None


class SharedIntent(Struct, frozen=True, tag=True):
    """Another member's intent, shared whole.

    Without its version, which rises with what was refused to that member too.
    """

    party: str
    intent: str
    state: IntentState
    extent: Extent | None = None
    off_nominal: tuple[Volume4D, ...] = ()


class SharedVolumes(Struct, frozen=True, tag=True):
    """What another member's flight occupies; its path and identity are not shared.

    Parameters
    ----------
    handle : stands for the flight.
    volumes : in place of those before; empty in a notice that leaves them as they are.
    off_nominal : where else it may be.
    gone : it occupies nothing any more.
    """

    handle: str
    volumes: tuple[Volume4D, ...] = ()
    off_nominal: tuple[Volume4D, ...] = ()
    gone: bool = False


class PublicConstraint(Struct, frozen=True, tag=True):
    """A constraint as everybody sees it, and whether the one who asks may enter."""

    constraint: str
    version: int
    volumes: tuple[Volume4D, ...] = ()
    effect: Effect = Effect.CLOSED
    permitted: bool = False
    reason: str = ""
    lifted: bool = False


class ToldAlert(Struct, frozen=True, tag=True):
    """Something near that a party must avoid; what it is, is not said.

    Parameters
    ----------
    alert : what it is called to this party.
    intent : which of its own flights is concerned; "" for any that comes near.
    volume : where it may be, and when; None once it is over.
    """

    alert: str
    intent: str
    volume: Volume4D | None = None
    over: bool = False


class ToldOccurrence(Struct, frozen=True, tag=True):
    """An event of the record, without what was seen and declared of it.

    Parameters
    ----------
    event : its identifier. version : rises when it is amended.
    place, corners, centre, radius : where. start, end : when.
    questions : scope and question.
    """

    event: str
    version: int
    description: str
    start: datetime
    end: datetime
    place: str = ""
    corners: tuple[tuple[float, float], ...] = ()
    centre: tuple[float, float] | None = None
    radius: float = 0.0
    questions: tuple[tuple[str, str], ...] = ()
    synthetic: bool = False


class ToldStatement(Struct, frozen=True, tag=True):
    """What was said, and who put it on record; how it is graded is not told.

    Parameters
    ----------
    name : "by/id". by : who entered it. at : when.
    public : all may see it.
    """

    name: str
    by: str
    at: datetime
    statement: Statement
    public: bool = False


class Message(Struct, frozen=True, tag=True):
    """Anything else that a party is told: the kind of event, and its public facts."""

    kind: str
    facts: dict[str, str]


class Refusal(Struct, frozen=True, tag=True):
    """A command of its own that could not be done, and changed nothing."""

    code: str
    what: str
    field: str = ""
    mend: str = ""


Content = (
    OwnIntent
    | SharedIntent
    | SharedVolumes
    | PublicConstraint
    | ToldAlert
    | ToldOccurrence
    | ToldStatement
    | Message
    | Refusal
)


class LaidDown(Struct, frozen=True):
    """What the authority has laid down: the charter, whole, for it is public.

    Parameters
    ----------
    claims : the classes of precedence that the one who asks may claim, the highest first.
    """

    charter: Charter
    claims: tuple[str, ...]


class Notice(Struct, frozen=True):
    """What a party was told at one time.

    Parameters
    ----------
    number : counts the party's own notices from 1, and nobody else's.
    at : when.
    contents : what.
    """

    number: int
    at: datetime
    contents: tuple[Content, ...]


class Belonging(Struct, frozen=True):
    """A coalition that a party is in, or may join.

    Parameters
    ----------
    members : who is in it; who is not in it is told of none.
    shares : what the party lets the others see; None where it is invited only.
    """

    coalition: str
    members: tuple[str, ...] = ()
    shares: Sharing | None = None


class View(Struct, frozen=True):
    """All that a party may know now.

    Parameters
    ----------
    party : "" for one that is not registered.
    notices : how many it was sent.
    intents : its own, by identifier. shared : other members'. constraints : all in force.
    cycles : announced. coalitions : its own, and who is in them.
    alerts : what it must avoid now. occurrences, statements : public, or shared with it.
    """

    party: str
    notices: int
    intents: tuple[OwnIntent, ...]
    shared: tuple[SharedIntent | SharedVolumes, ...]
    constraints: tuple[PublicConstraint, ...]
    cycles: tuple[Cycle, ...]
    coalitions: dict[str, tuple[str, ...]]
    alerts: tuple[ToldAlert, ...] = ()
    occurrences: tuple[ToldOccurrence, ...] = ()
    statements: tuple[ToldStatement, ...] = ()
