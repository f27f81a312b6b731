"""What has happened: events, the only thing that changes the state.

An event holds all that is needed to fold it: nothing is worked out again when the ledger is
read. What only the authority may know of it stands in fields that
:mod:`detente.authority.disclosure` leaves out.
"""

from datetime import datetime

from msgspec import Struct

from detente.authority.charter import Charter
from detente.authority.extent import Extent, Volume4D
from detente.authority.register import (
    Aircraft,
    Alert,
    Avoid,
    Cause,
    Effect,
    IntentState,
    Offer,
    Sharing,
)
from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Statement
from detente.watch.track import Indication, Track, Unseen

__all__ = [
    "AircraftNamed",
    "AlertEnded",
    "AlertRaised",
    "AlternativesOffered",
    "CoalitionFormed",
    "CoalitionJoined",
    "CoalitionLeft",
    "CommandRejected",
    "ConstraintLifted",
    "ConstraintPublished",
    "CycleOpened",
    "CyclePublished",
    "Event",
    "Founded",
    "IntentAccepted",
    "IntentActivated",
    "IntentContingent",
    "IntentEnded",
    "IntentEvent",
    "IntentHeld",
    "IntentImposed",
    "IntentNonconforming",
    "IntentOverridden",
    "IntentPending",
    "IntentRefused",
    "IntentReleased",
    "OccurrenceEntered",
    "PartiesInvited",
    "PartyRegistered",
    "PartyReinstated",
    "PartySuspended",
    "StatementEntered",
    "StatementGraded",
    "StatementShared",
    "Swept",
    "TrackIndicated",
    "TracksReported",
]


class Event(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """Something that happened."""


class Founded(Event, frozen=True, kw_only=True, gc=False):
    """The charter was laid down; ``salt`` is the authority's alone."""

    charter: Charter
    salt: str = ""


class PartyRegistered(Event, frozen=True, kw_only=True, gc=False):
    """A party may file."""

    party: str
    name: str
    highest: str


class PartySuspended(Event, frozen=True, kw_only=True, gc=False):
    """A party may file no more."""

    party: str
    reason: str


class PartyReinstated(Event, frozen=True, kw_only=True, gc=False):
    """A party may file again."""

    party: str


class CoalitionFormed(Event, frozen=True, kw_only=True, gc=False):
    """There is a coalition."""

    coalition: str
    name: str
    invited: tuple[str, ...]


class PartiesInvited(Event, frozen=True, kw_only=True, gc=False):
    """More parties may join."""

    coalition: str
    parties: tuple[str, ...]


class CoalitionJoined(Event, frozen=True, kw_only=True, gc=False):
    """A party is a member, or shares something else than before."""

    coalition: str
    party: str
    shares: Sharing


class CoalitionLeft(Event, frozen=True, kw_only=True, gc=False):
    """A party is no member any more."""

    coalition: str
    party: str


class IntentEvent(Event, frozen=True, kw_only=True, gc=False):
    """Something about one intent; ``version`` and ``state`` are what it has from now on.

    ``handle`` stands for it where only its volumes are shared; "" where nobody is shown any.
    """

    party: str
    intent: str
    version: int
    state: IntentState
    handle: str = ""

    @property
    def name(self) -> str:
        """How the authority calls the intent."""
        return f"{self.party}/{self.intent}"


class IntentAccepted(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It may be flown as ``extent`` says.

    Where that is not as asked (an alternative was taken, a cycle moved it), ``changed`` says how.
    """

    extent: Extent
    precedence: str
    changed: Offer | None = None
    cycle: str = ""


class IntentRefused(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It may not be flown as asked. Of an amendment: what was accepted still is.

    Parameters
    ----------
    because : "conflict", "constraint", or "probes" (too many refusals: nothing was looked at).
    constraints : those in the way; they are public.
    met : the names of the intents in the way; the authority's alone.
    """

    extent: Extent
    precedence: str
    because: str
    offers: tuple[Offer, ...] = ()
    until: datetime | None = None
    constraints: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    cycle: str = ""


class IntentPending(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It waits for the cut-off of a cycle."""

    extent: Extent
    precedence: str
    cycle: str


class IntentHeld(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It is accepted no more, for now; alternatives follow where there are any.

    In the air (``airborne``), others are still kept clear of it.
    """

    cause: Cause
    reason: str = ""
    airborne: bool = False


class IntentReleased(IntentEvent, frozen=True, kw_only=True, gc=False):
    """What held it holds it no more: it is accepted again, as it was.

    Off its intent, it may be activated again once it conforms.
    """

    extent: Extent
    reason: str = ""


class AlternativesOffered(IntentEvent, frozen=True, kw_only=True, gc=False):
    """What a held or refused flight could do instead; none where nothing on the grid is free.

    ``waits`` names what a held one is waiting for (the authority's alone).
    """

    offers: tuple[Offer, ...]
    until: datetime
    waits: tuple[str, ...] = ()


class IntentActivated(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It is flown; ``back`` says that it was off its intent and conforms again."""

    back: bool = False


class IntentNonconforming(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It is not flown as declared."""

    off_nominal: tuple[Volume4D, ...]


class IntentContingent(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It will not come back to its intent."""

    off_nominal: tuple[Volume4D, ...]


class IntentEnded(IntentEvent, frozen=True, kw_only=True, gc=False):
    """It is over: "ended", "withdrawn", or "expired"; ``stood`` if others were kept clear of it."""

    how: str
    stood: bool = False


class IntentOverridden(IntentEvent, frozen=True, kw_only=True, gc=False):
    """The authority accepted it in spite of ``despite`` (its own alone)."""

    extent: Extent
    precedence: str
    reason: str
    despite: tuple[str, ...]


class IntentImposed(IntentEvent, frozen=True, kw_only=True, gc=False):
    """The authority changed it."""

    extent: Extent
    precedence: str
    changed: Offer
    reason: str


class ConstraintPublished(Event, frozen=True, kw_only=True, gc=False):
    """A constraint holds; of a version above 1: holds otherwise than before."""

    constraint: str
    version: int
    volumes: tuple[Volume4D, ...]
    effect: Effect
    permitted: tuple[str, ...]
    reason: str


class ConstraintLifted(Event, frozen=True, kw_only=True, gc=False):
    """A constraint holds no more."""

    constraint: str
    version: int


class CycleOpened(Event, frozen=True, kw_only=True, gc=False):
    """A period will be planned jointly."""

    cycle: str
    start: datetime
    end: datetime
    cutoff: datetime


class CyclePublished(Event, frozen=True, kw_only=True, gc=False):
    """Its plan is made; the intents' own events, in the same outcome, are the plan.

    ``accepted``, ``refused`` and ``cost`` are the authority's sums.
    """

    cycle: str
    accepted: int
    refused: int
    cost: int


class AircraftNamed(IntentEvent, frozen=True, kw_only=True, gc=False):
    """Its party said which aircraft flies it."""

    aircraft: Aircraft


class TracksReported(Event, frozen=True, kw_only=True, gc=False):
    """What the watch saw, and which declared flights it did not see; the authority's alone."""

    tracks: tuple[Track, ...]
    unseen: tuple[Unseen, ...] = ()


class TrackIndicated(Event, frozen=True, kw_only=True, gc=False):
    """Evidence of what it is was attached to a track; the authority's alone."""

    track: str
    indication: Indication


class AlertRaised(Event, frozen=True, kw_only=True, gc=False):
    """A loss of separation is near, or what is known of it changed.

    A party hears its ``alert.avoid``, and nothing of the rest: nor that the rest changed. ``told``
    has the handles of what is new or other for those who are warned.
    """

    alert: Alert
    told: tuple[str, ...] = ()


class AlertEnded(Event, frozen=True, kw_only=True, gc=False):
    """An alert is over for those who were warned; ``whole`` if it is for all."""

    id: str
    avoid: tuple[Avoid, ...]
    whole: bool = True


class OccurrenceEntered(Event, frozen=True, kw_only=True, gc=False):
    """There is an event of the record; of a version above 1: it was amended.

    ``public`` to all, or ``shared`` with parties, who hear nothing of its tracks and intents.
    """

    occurrence: Occurrence
    version: int
    public: bool
    shared: tuple[str, ...]


class StatementEntered(Event, frozen=True, kw_only=True, gc=False):
    """Something was said, and ``by`` put it on record."""

    statement: Statement
    by: str
    public: bool
    shared: tuple[str, ...]


class StatementShared(Event, frozen=True, kw_only=True, gc=False):
    """More may see a statement: all (``public``), or the parties in ``shared``."""

    statement: str
    public: bool
    shared: tuple[str, ...]


class StatementGraded(Event, frozen=True, kw_only=True, gc=False):
    """The authority graded a statement; its own alone."""

    statement: str
    grade: Grade


class Swept(Event, frozen=True, kw_only=True, gc=False):
    """What ended, or was answered, before ``before`` is not kept in the state any more."""

    before: datetime


class CommandRejected(Event, frozen=True, kw_only=True, gc=False):
    """A command that could not be done and changed nothing.

    Parameters
    ----------
    code : "invalid", "unknown", "exists", "version", "state", "forbidden", "suspended",
        "expired", "conflict", "time".
    what, field, mend : what is wrong, where, and what to do about it.
    met : names in the way; the authority's alone.
    """

    code: str
    what: str
    field: str = ""
    mend: str = ""
    met: tuple[str, ...] = ()
