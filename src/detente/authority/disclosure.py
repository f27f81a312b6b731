"""What each party may learn: decided here, and nowhere else.

Answers, streams and views for a party are made of :class:`Notice`, :class:`OwnIntent`,
:class:`SharedIntent`, :class:`SharedVolumes` and :class:`PublicConstraint`. They are made here, out
of the party's own filings, the verdicts that it was given, what is shared with it, and what is
public; whoever answers a party is handed them, and never an event, an outcome or the state. The
ledger's positions stay here too: they would count what others do.

The test is non-interference (J. A. Goguen and J. Meseguer, Security Policies and Security
Models, IEEE S&P 1982): of two worlds that differ only in other parties' plans and give a party the
same verdicts, it cannot tell which one it is in.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from detente.airspace import occupied_volumes
from detente.authority import event as e
from detente.authority.evolution import is_shared
from detente.authority.extent import (
    Extent,
    Path4D,
    Volume4D,
    trajectory_of,
    volume4d_of,
)
from detente.authority.register import Cycle, Effect, Intent, IntentState, Offer, Sharing
from detente.authority.state import State

__all__ = [
    "Alternatives",
    "Content",
    "Message",
    "Notice",
    "OwnIntent",
    "PublicConstraint",
    "Refusal",
    "SharedIntent",
    "SharedVolumes",
    "View",
    "own",
    "told",
    "view",
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
    reason : the authority's, in words.
    ended : "ended", "withdrawn" or "expired".
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


class SharedIntent(Struct, frozen=True, tag=True):
    """Another member's intent, shared whole."""

    party: str
    intent: str
    version: int
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


Content = OwnIntent | SharedIntent | SharedVolumes | PublicConstraint | Message | Refusal


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


class View(Struct, frozen=True):
    """All that a party may know now.

    Parameters
    ----------
    notices : how many it was sent.
    intents : its own, by identifier. shared : other members'. constraints : all in force.
    cycles : announced. coalitions : its own, and who is in them.
    """

    party: str
    notices: int
    intents: tuple[OwnIntent, ...]
    shared: tuple[SharedIntent | SharedVolumes, ...]
    constraints: tuple[PublicConstraint, ...]
    cycles: tuple[Cycle, ...]
    coalitions: dict[str, tuple[str, ...]]


def told(state: State, outcome: e.Outcome, position: int, party: str) -> Notice:
    """Give what a party was told in an outcome, the same whenever it is asked for.

    Parameters
    ----------
    state : knows who shared what at that position.
    position : of the outcome; one of ``state.heard(party)``.
    """
    heard = state.heard(party)
    contents = tuple(
        content
        for event in outcome.events
        for content in _disclosed(state, event, outcome, position, party)
    )
    return Notice(bisect_left(heard, position) + 1, outcome.at, contents)


def view(state: State, party: str) -> View:
    """Give all that a party may know."""
    known = state.parties[party]
    others = sorted({m for id in known.coalitions for m in state.coalitions[id].members} - {party})
    shared = []
    for other in others:
        level = state.audience(other).get(party, Sharing.NOTHING)
        if level is not Sharing.NOTHING:
            shared += [
                _shared_intent(i) if level is Sharing.INTENTS else _shared_volumes(state, i)
                for i in state.of_party(other)
                if i.stands
            ]
    return View(
        party=party,
        notices=len(state.heard(party)),
        intents=tuple(_own(intent) for intent in state.of_party(party)),
        shared=tuple(sorted(shared, key=_order)),
        constraints=tuple(
            PublicConstraint(
                c.id, c.version, c.volumes, c.effect, party in c.permitted, c.reason
            )
            for c in sorted(state.constraints.values(), key=lambda c: c.id)
        ),
        cycles=tuple(sorted(state.cycles.values(), key=lambda c: c.id)),
        coalitions={
            id: tuple(sorted(state.coalitions[id].members)) for id in sorted(known.coalitions)
        },
    )  # fmt: skip


def own(state: State, party: str, id: str) -> OwnIntent | None:
    """Give one intent of a party's own; None for what is unknown, and for what is another's."""
    intent = state.intents.get(f"{party}/{id}")
    return None if intent is None or intent.party != party else _own(intent)


def _order(shared: SharedIntent | SharedVolumes) -> tuple[str, str]:
    if isinstance(shared, SharedIntent):
        return shared.party, shared.intent
    return "", shared.handle


def _disclosed(
    state: State, event: e.Event, outcome: e.Outcome, position: int, party: str
) -> Iterable[Content]:
    """Give what one event tells a party: nothing, unless it is named here."""
    if isinstance(event, e.IntentEvent):
        if event.party == party:
            yield _own_event(event)
        else:
            yield from _shared_event(state, event, position, party)
    elif isinstance(event, e.CommandRejected):
        if outcome.by == party:
            yield Refusal(event.code, event.what, event.field, event.mend)
    elif isinstance(event, e.ConstraintPublished):
        yield PublicConstraint(
            event.constraint, event.version, event.volumes, event.effect,
            party in event.permitted, event.reason,
        )  # fmt: skip
    elif isinstance(event, e.ConstraintLifted):
        yield PublicConstraint(event.constraint, event.version, lifted=True)
    elif isinstance(event, e.CycleOpened):
        yield _message(event, cycle=event.cycle, start=event.start, end=event.end,
                       cutoff=event.cutoff)  # fmt: skip
    elif isinstance(event, e.CyclePublished):
        yield _message(event, cycle=event.cycle)
    elif isinstance(event, (e.PartyRegistered, e.PartySuspended, e.PartyReinstated)):
        if event.party == party:
            reason = event.reason if isinstance(event, e.PartySuspended) else ""
            yield _message(event, party=party, reason=reason)
    elif isinstance(event, (e.CoalitionFormed, e.PartiesInvited)):
        invited = event.invited if isinstance(event, e.CoalitionFormed) else event.parties
        if party in invited:
            yield _message(event, coalition=event.coalition)
    elif isinstance(event, e.CoalitionJoined):
        # the level is the joining party's own affair; what it shares arrives, or does not
        shares = event.shares.value if event.party == party else ""
        yield _message(event, coalition=event.coalition, party=event.party, shares=shares)
    elif isinstance(event, e.CoalitionLeft):
        yield _message(event, coalition=event.coalition, party=event.party)


def _message(event: e.Event, **facts: Any) -> Message:
    told = {
        name: fact.isoformat() if isinstance(fact, datetime) else fact
        for name, fact in facts.items()
        if fact
    }
    return Message(type(event).__name__, told)


def _own_event(event: e.IntentEvent) -> OwnIntent:
    """Give an event about a party's own intent, without what was met."""
    told: dict[str, Any] = {}
    if isinstance(event, e.IntentAccepted | e.IntentImposed | e.IntentOverridden):
        told = {"extent": event.extent, "precedence": event.precedence}
        if not isinstance(event, e.IntentOverridden):
            told["changed"] = event.changed
        if not isinstance(event, e.IntentAccepted):
            told["reason"] = event.reason
        else:
            told["cycle"] = event.cycle
    elif isinstance(event, e.IntentRefused):
        told = {
            "asked": event.extent,
            "precedence": event.precedence,
            "because": event.because,
            "constraints": event.constraints,
            "alternatives": Alternatives(event.offers, event.until),
            "cycle": event.cycle,
        }
    elif isinstance(event, e.IntentPending):
        told = {"asked": event.extent, "precedence": event.precedence, "cycle": event.cycle}
    elif isinstance(event, e.IntentHeld):
        constraint = event.cause.kind == "constraint"
        told = {
            "because": event.cause.kind,
            "constraints": (event.cause.of,) if constraint else (),
            "reason": event.reason,
        }
    elif isinstance(event, e.IntentReleased):
        told = {"reason": event.reason}
    elif isinstance(event, e.AlternativesOffered):
        told = {"alternatives": Alternatives(event.offers, event.until)}
    elif isinstance(event, e.IntentNonconforming | e.IntentContingent):
        told = {"off_nominal": event.off_nominal}
    elif isinstance(event, e.IntentEnded):
        told = {"ended": event.how}
    return OwnIntent(event.intent, event.version, event.state, **told)


def _own(intent: Intent) -> OwnIntent:
    cause = intent.cause
    offered = intent.until is not None
    return OwnIntent(
        intent=intent.id,
        version=intent.version,
        state=intent.state,
        precedence=intent.precedence,
        extent=intent.extent,
        off_nominal=intent.off_nominal,
        asked=intent.proposal,
        because=cause.kind if cause else "",
        constraints=(cause.of,) if cause and cause.kind == "constraint" else (),
        alternatives=Alternatives(intent.offers, intent.until) if offered else None,
        cycle=intent.cycle,
    )


def _shared_event(
    state: State, event: e.IntentEvent, position: int, party: str
) -> Iterable[Content]:
    """Give another member's event as that member shared at the time."""
    level = state.audience(event.party, position).get(party, Sharing.NOTHING)
    if not is_shared(event, level):
        return
    extent: Extent | None = getattr(event, "extent", None)
    off_nominal: tuple[Volume4D, ...] = getattr(event, "off_nominal", ())
    if level is Sharing.INTENTS:
        yield SharedIntent(
            event.party, event.intent, event.version, event.state, extent, off_nominal
        )
    else:
        volumes = () if extent is None else _occupied(state, extent)
        gone = isinstance(event, e.IntentEnded | e.IntentHeld)
        yield SharedVolumes(event.handle, volumes, off_nominal, gone)


def _shared_intent(intent: Intent) -> SharedIntent:
    return SharedIntent(
        intent.party, intent.id, intent.version, intent.state, intent.extent, intent.off_nominal
    )


def _shared_volumes(state: State, intent: Intent) -> SharedVolumes:
    volumes = () if intent.extent is None else _occupied(state, intent.extent)
    return SharedVolumes(intent.handle, volumes, intent.off_nominal)


def _occupied(state: State, extent: Extent) -> tuple[Volume4D, ...]:
    """Give the volumes of an extent, without a path and without a name."""
    if not isinstance(extent, Path4D):
        return extent
    flight = trajectory_of(extent, "", "")
    volumes = occupied_volumes(flight, state.charter.separation)
    return tuple(volume4d_of(volume) for volume in volumes)
