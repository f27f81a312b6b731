"""File, amend, take: how the authority answers a party that wants to fly.

The rule: no two accepted intents of different parties conflict, nor one with a constraint in
force. Who files first is accepted first; a higher precedence displaces a lower one that has not
begun; a flight in the air is displaced by nobody.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import Extent, Path4D, instant, span
from detente.authority.offers import flown, offers_for
from detente.authority.precedence import priority_in
from detente.authority.register import Cause, Cycle, Intent, IntentState, Offer, Party
from detente.authority.rejection import Rejected, check_identifier
from detente.authority.standing import Met
from detente.authority.state import State

__all__ = ["amend", "checked", "file", "intent_of", "judge", "not_by_hand", "take"]

Events = tuple[e.Event, ...]

_NEW = (IntentState.REFUSED, IntentState.ENDED)


def file(state: State, ask: c.File) -> Events:
    """Accept, refuse with alternatives, or keep until the cut-off of a cycle."""
    party = state.parties[ask.by]
    known = state.intents.get(f"{ask.by}/{ask.intent}")
    if known is not None and known.state not in _NEW:
        raise Rejected(
            "exists", f"intent {ask.intent!r} is {known.state.value}", field="intent",
            mend="amend it, or file under another identifier",
        )  # fmt: skip
    check_identifier(ask.intent, "intent")
    precedence = _precedence(state, party, ask.precedence)
    intent = Intent(
        party=ask.by,
        id=ask.intent,
        version=known.version if known else 0,
        state=IntentState.REFUSED,
        precedence=precedence,
        priority=priority_in(state.charter, precedence),
        extent=None,
        filed=ask.at,
    )
    checked(state, intent, ask.extent, ask.at)
    cycle = _cycle_of(state, ask.extent, ask.at)
    if cycle is not None:
        return (_pending(intent, ask.extent, precedence, cycle),)
    return judge(state, intent, ask.extent, precedence, ask.at)


def amend(state: State, ask: c.Amend) -> Events:
    """Accept a flight otherwise than before, or refuse and leave it as it was."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    if intent.state in (IntentState.ENDED, IntentState.CONTINGENT):
        raise Rejected(
            "state", f"an intent that is {intent.state.value} cannot be amended",
            mend="file another; one that is contingent is ended first",
        )  # fmt: skip
    not_by_hand(intent)
    asked = ask.precedence or intent.asked or intent.precedence
    precedence = _precedence(state, state.parties[ask.by], asked)
    checked(state, intent, ask.extent, ask.at)
    cycle = None if intent.airborne else _cycle_of(state, ask.extent, ask.at)
    if cycle is None:
        return judge(state, intent, ask.extent, precedence, ask.at)
    if intent.stands:
        raise Rejected(
            "state", f"it would fall into cycle {cycle.id!r}, which is being planned",
            field="extent", mend="withdraw it, and file it for the cycle",
        )  # fmt: skip
    return (_pending(intent, ask.extent, precedence, cycle),)


def take(state: State, ask: c.Take) -> Events:
    """Accept an alternative that was offered, if it is still free."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    not_by_hand(intent)
    offer = next((o for o in intent.offers if o.id == ask.offer), None)
    if offer is None:
        raise Rejected(
            "unknown", f"no alternative {ask.offer!r} is offered to it", field="offer",
            mend="take one of those in the last answer",
        )  # fmt: skip
    if intent.until is None or ask.at > intent.until:
        raise Rejected(
            "expired", f"the alternatives expired at {intent.until:%Y-%m-%dT%H:%M:%SZ}",
            field="offer", mend="file or amend again, and take a newer one",
        )  # fmt: skip
    wanted = intent.proposal or intent.extent
    extent = None if wanted is None else flown(state, intent, wanted, offer)
    if extent is None:
        raise Rejected(
            "state", "the alternative cannot be flown any more", field="offer",
            mend="amend it, and take a newer one",
        )  # fmt: skip
    precedence = intent.asked or intent.precedence
    return judge(state, intent, extent, precedence, ask.at, changed=offer)


def judge(
    state: State,
    intent: Intent,
    extent: Extent,
    precedence: str,
    at: datetime,
    *,
    changed: Offer | None = None,
) -> Events:
    """Answer first come, first served."""
    if _probed_enough(state, intent.party, at):
        return (_refusal(intent, extent, precedence, "probes"),)
    met = state.met(intent, extent, despite=())
    priority = priority_in(state.charter, precedence)
    displaced = tuple(state.intents[name] for name in met.intents)
    if not met.constraints and all(_gives_way(other, priority) for other in displaced):
        accepted = e.IntentAccepted(
            party=intent.party,
            intent=intent.id,
            version=intent.version + 1,
            state=intent.flying,
            extent=extent,
            precedence=precedence,
            changed=changed,
        )
        return (*(_displaced(other, intent) for other in displaced), accepted)
    return (_refused(state, intent, extent, precedence, met, at),)


def checked(state: State, intent: Intent, extent: Extent, at: datetime) -> None:
    """See that an extent is one, and not over.

    Raises
    ------
    InputError : it is none. Rejected : it is in the past.
    """
    _, end = span(extent)
    if end <= at:
        raise Rejected("time", "it would be over already", field="extent", mend="give later times")
    if isinstance(extent, Path4D):
        state.standing.flight(extent, intent.name, intent.party)
    else:
        state.standing.volumes(extent, intent.name, intent.party)


def intent_of(state: State, party: str, id: str, version: int) -> Intent:
    """Find a party's intent at the version that it means.

    What is another's cannot even be named: identifiers are each party's own.
    """
    intent = state.intents.get(f"{party}/{id}")
    if intent is None:
        raise Rejected("unknown", f"no intent {id!r}", field="intent", mend="file it first")
    if intent.version != version:
        raise Rejected(
            "version", f"it is at version {intent.version}, not {version}", field="version",
            mend="read it again, and repeat with its version",
        )  # fmt: skip
    return intent


def _gives_way(other: Intent, priority: int) -> bool:
    """Say who is displaced: what is accepted, has not begun, and is of a lower class."""
    return other.state is IntentState.ACCEPTED and other.priority < priority


def _displaced(other: Intent, by: Intent) -> e.IntentHeld:
    return e.IntentHeld(
        party=other.party, intent=other.id, version=other.version + 1,
        state=IntentState.HELD, cause=Cause("precedence", by.name), airborne=other.airborne,
    )  # fmt: skip


def _refused(
    state: State, intent: Intent, extent: Extent, precedence: str, met: Met, at: datetime
) -> e.IntentRefused:
    refusal = _refusal(intent, extent, precedence, "constraint" if met.constraints else "conflict")
    return replace(
        refusal,
        offers=offers_for(state, intent, extent, at),
        until=at + timedelta(seconds=state.charter.offer_lifetime),
        constraints=met.constraints,
        met=met.intents,
    )


def _refusal(intent: Intent, extent: Extent, precedence: str, because: str) -> e.IntentRefused:
    keeps = intent.extent is not None and intent.state is not IntentState.ENDED
    return e.IntentRefused(
        party=intent.party,
        intent=intent.id,
        version=intent.version + 1,
        state=intent.state if keeps else IntentState.REFUSED,
        extent=extent,
        precedence=precedence,
        because=because,
    )


def _pending(intent: Intent, extent: Extent, precedence: str, cycle: Cycle) -> e.IntentPending:
    return e.IntentPending(
        party=intent.party,
        intent=intent.id,
        version=intent.version + 1,
        state=IntentState.PENDING,
        extent=extent,
        precedence=precedence,
        cycle=cycle.id,
    )


def _cycle_of(state: State, extent: Extent, at: datetime) -> Cycle | None:
    """Find the cycle in which a flight departs and that is still open."""
    start, _ = span(extent)
    for cycle in state.cycles.values():
        if cycle.published is None and cycle.start <= start < cycle.end:
            if at < cycle.cutoff:
                return cycle
            raise Rejected(
                "time", f"the cut-off of cycle {cycle.id!r} has passed and its plan is being made",
                field="extent", mend="file again when the plan is published",
            )  # fmt: skip
    return None


def _precedence(state: State, party: Party, asked: str) -> str:
    order = state.charter.precedence
    name = asked or order[-1]
    if priority_in(state.charter, name) > priority_in(state.charter, party.highest):
        raise Rejected(
            "forbidden", f"this party may not claim precedence {name!r}", field="precedence",
            mend=f"claim {party.highest!r} at most",
        )  # fmt: skip
    return name


def _probed_enough(state: State, party: str, at: datetime) -> bool:
    """Count what a party, and each coalition it is in, has asked in vain in this window."""
    charter = state.charter
    window = instant(at) // 1_000_000_000 // charter.probe_window
    if charter.probes and state.probes(party, window) >= charter.probes:
        return True
    return bool(charter.coalition_probes) and any(
        state.probes(f"coalition:{id}", window) >= charter.coalition_probes
        for id in state.parties[party].coalitions
    )


def not_by_hand(intent: Intent) -> None:
    """See that the authority's own hand does not hold it: only that hand lets it go."""
    if intent.by_hand:
        raise Rejected(
            "state", "the authority holds it", field="intent",
            mend="wait for its release, or withdraw or end it",
        )  # fmt: skip
