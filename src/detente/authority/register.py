"""The things that the authority knows: parties, coalitions, intents, constraints, cycles."""

from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from msgspec import Struct

from detente.authority.extent import Extent, Volume4D

__all__ = [
    "AUTHORITY",
    "Aircraft",
    "Alert",
    "Answered",
    "Avoid",
    "Cause",
    "Coalition",
    "Cycle",
    "Effect",
    "Intent",
    "IntentState",
    "Offer",
    "Party",
    "Published",
    "Sharing",
    "handle_of",
]

AUTHORITY = "authority"
"""Who the authority is in ``Command.by``; no party may be called so."""


class Sharing(StrEnum):
    """What a member of a coalition lets the others see of its intents."""

    NOTHING = "nothing"
    VOLUMES = "volumes"
    INTENTS = "intents"


class Effect(StrEnum):
    """What a constraint does: closes to all, or limits to the parties that it permits."""

    CLOSED = "closed"
    LIMITED = "limited"


class IntentState(StrEnum):
    """Where an intent is. Accepted to Contingent are the states of ASTM F3548-21, 4.4."""

    PENDING = "pending"
    REFUSED = "refused"
    HELD = "held"
    ACCEPTED = "accepted"
    ACTIVATED = "activated"
    NONCONFORMING = "nonconforming"
    CONTINGENT = "contingent"
    ENDED = "ended"

    @property
    def flown(self) -> bool:
        """Whether a flight in it is in the air, by its party's word; held ones may be or not."""
        return self in (IntentState.ACTIVATED, IntentState.NONCONFORMING, IntentState.CONTINGENT)


class Cause(Struct, frozen=True, gc=False):
    """Why an intent is held.

    Parameters
    ----------
    kind : "constraint", "precedence", "off-nominal", or "authority".
    of : the constraint's identifier, or the name of the other intent (for the authority only).
    """

    kind: str
    of: str = ""

    @property
    def constraints(self) -> tuple[str, ...]:
        """The constraint that it is, which is public; never another intent."""
        return (self.of,) if self.kind == "constraint" else ()


class Offer(Struct, frozen=True, gc=False):
    """One alternative: a point of the public grid that was free when it was offered.

    Parameters
    ----------
    id : says which point it is, and nothing else.
    delay : seconds later than asked for.
    feet : higher.
    offset : metres beside the route, right positive.
    speed : factor of the ground speed in cruise.
    cost : as the grid counts it.
    since : for a flight in the air, from when on it would change.
    """

    id: str
    delay: int = 0
    feet: float = 0.0
    offset: float = 0.0
    speed: float = 1.0
    cost: int = 0
    since: datetime | None = None


class Aircraft(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Which aircraft flies an intent, by its party's word.

    Parameters
    ----------
    callsign : as it will send it (ICAO Doc 4444, item 7).
    address : 24-bit aircraft address, six hexadecimal digits.
    registration : its marks.
    kind : its type, an ICAO Doc 8643 designator.
    """

    callsign: str = ""
    address: str = ""
    registration: str = ""
    kind: str = ""


class Avoid(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a party must avoid, and nothing of why.

    Parameters
    ----------
    party, intent : whose flight is warned; ``intent`` is the party's own identifier, "" for any.
    volume : where the other may be, and when.
    handle : what the alert is called to that party; the authority gives it.
    """

    party: str
    intent: str
    volume: Volume4D
    handle: str = ""


class Alert(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A loss of separation that is near: a short-term conflict alert (ICAO Doc 4444, 15.7.2).

    Parameters
    ----------
    id : the same as long as it lasts.
    a, b : what would lose separation: "track:ID" or "intent:party/id".
    start : when separation would be lost.
    closest : metres at the closest approach.
    vertical : feet then; None where it is not known.
    avoid : what each party is told.
    over : it is no more.
    synthetic : it was made up.
    """

    id: str
    a: str
    b: str
    start: datetime
    closest: float
    vertical: float | None = None
    avoid: tuple[Avoid, ...] = ()
    over: bool = False
    synthetic: bool = False


class Party(Struct, frozen=True, gc=False):
    """One that flies. ``highest`` is the highest precedence that it may claim."""

    id: str
    name: str
    highest: str
    suspended: bool = False
    coalitions: tuple[str, ...] = ()


class Coalition(Struct, frozen=True):
    """Parties that see of each other what each has chosen to share."""

    id: str
    name: str
    invited: tuple[str, ...] = ()
    members: dict[str, Sharing] = {}


class Published(Struct, frozen=True, gc=False):
    """A constraint in force."""

    id: str
    version: int
    volumes: tuple[Volume4D, ...]
    effect: Effect
    permitted: tuple[str, ...]
    reason: str


class Cycle(Struct, frozen=True, gc=False):
    """A period that is planned jointly."""

    id: str
    start: datetime
    end: datetime
    cutoff: datetime
    published: datetime | None = None


class Answered(Struct, frozen=True, gc=False):
    """A command that was answered: what it was, where in the ledger, and when."""

    digest: bytes
    position: int
    at: datetime


class Intent(Struct, frozen=True, gc=False):
    """A flight that a party means to make.

    Parameters
    ----------
    party, id : whose, and the party's own identifier.
    version : changes at every mutation.
    state : where it is.
    precedence, priority : its class, and that as a number; a larger goes first.
    extent : what is accepted, or was last.
    filed : when what is in force was filed; earlier goes first within a class.
    airborne : it was activated, and is in the air until it ends.
    off_nominal : where else it may be.
    proposal : what was last asked for and not accepted; alternatives are alternatives to it.
    asked : the precedence that the proposal asks for.
    offers, until : alternatives, and when they expire.
    cause : why it is held.
    because, constraints, reason : why it is as it is, as its party was last told: the kind of
        cause, the constraints in the way, and the authority's words.
    changed : how ``extent`` differs from what was asked for.
    ended : how it ended.
    waits : what must move before a held one can be accepted again: names, and "constraint:ID".
    cycle : the cycle in which it was planned.
    despite : what the authority accepted it in spite of: names, and "constraint:ID".
    handle : under which coalition members may see its volumes; says nothing about it.
    aircraft : which one flies it, where its party has said so.
    entry, latest : the ledger's first and last entry of it.
    flown : its party said that it was in the air.
    """

    party: str
    id: str
    version: int
    state: IntentState
    precedence: str
    priority: int
    extent: Extent | None
    filed: datetime
    airborne: bool = False
    off_nominal: tuple[Volume4D, ...] = ()
    proposal: Extent | None = None
    asked: str = ""
    offers: tuple[Offer, ...] = ()
    until: datetime | None = None
    cause: Cause | None = None
    because: str = ""
    constraints: tuple[str, ...] = ()
    reason: str = ""
    changed: Offer | None = None
    ended: str = ""
    waits: tuple[str, ...] = ()
    cycle: str = ""
    despite: tuple[str, ...] = ()
    handle: str = ""
    aircraft: Aircraft | None = None
    entry: int = 0
    latest: int = 0
    flown: bool = False

    @property
    def name(self) -> str:
        """How the authority calls it: no two are the same."""
        return f"{self.party}/{self.id}"

    @property
    def accepted(self) -> bool:
        """Whether it is accepted: the rule holds for it."""
        return self.state in _ACCEPTED

    @property
    def by_hand(self) -> bool:
        """Whether the authority's own hand holds it, or will when it conforms again."""
        return self.cause is not None and self.cause.kind == "authority"

    @property
    def flying(self) -> IntentState:
        """What it is once it is accepted: activated, if it is in the air."""
        return IntentState.ACTIVATED if self.airborne else IntentState.ACCEPTED

    @property
    def stands(self) -> bool:
        """Whether others are kept clear of it: accepted, off nominal, or in the air."""
        return self.state in _STANDING or (self.airborne and self.state is IntentState.HELD)


def handle_of(name: str, digest: str, salt: str) -> str:
    """Give what a new intent is called where only its volumes are shared.

    It follows from the command that first filed it and from the airspace's salt, which no party
    knows: a guess at the identifier cannot be tried out.
    """
    seed = f"{name}\n{digest}".encode()
    return blake2b(seed, key=salt.encode()[:64], digest_size=8).hexdigest()


# tuples: a set would hash the state, which takes longer than to compare it with all
_ACCEPTED = (IntentState.ACCEPTED, IntentState.ACTIVATED)
_STANDING = (*_ACCEPTED, IntentState.NONCONFORMING, IntentState.CONTINGENT)
