"""``evolve(state, event) -> state``: what each event changes. No rule is decided here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from detente.authority import event as e
from detente.authority.audience import hearers
from detente.authority.extent import instant, span
from detente.authority.keeping import KEEPING, forget_tracks, on_record
from detente.authority.outcome import Outcome
from detente.authority.precedence import priority_in
from detente.authority.register import (
    Answered,
    Cause,
    Coalition,
    Cycle,
    Intent,
    IntentState,
    Party,
    Published,
    Sharing,
    handle_of,
)
from detente.authority.state import State

__all__ = ["evolve", "fold"]


def evolve(state: State, event: e.Event, outcome: Outcome) -> State:
    """Let an event have happened.

    Parameters
    ----------
    state : is changed in place and given back: nobody else may hold it.
    event : one of the outcome's.
    outcome : gives when, and under which key.
    """
    _EVOLVE[type(event)](state, event, outcome)
    return state


def fold(state: State, outcome: Outcome) -> State:
    """Let all events of the next outcome of the ledger have happened, and note who was told."""
    position = state.position + 1
    for event in outcome.events:
        evolve(state, event, outcome)
        for party in hearers(state, event, outcome):
            state.tell(party, position)
    if outcome.key:
        answered = Answered(bytes.fromhex(outcome.digest), position, outcome.at)
        state.put("answered", f"{outcome.by}\n{outcome.key}", answered)
    state.advance()
    return state


def _intent(state: State, event: e.IntentEvent, outcome: Outcome) -> Intent:
    """Give the intent that an event is about, a new one where there is none."""
    known = state.intents.get(event.name)
    if known is not None:
        return known
    return Intent(
        party=event.party,
        id=event.intent,
        version=0,
        state=IntentState.REFUSED,
        precedence="",
        priority=0,
        extent=None,
        filed=outcome.at,
        handle=handle_of(event.name, outcome.digest, state.salt),
        entry=state.position + 1,
    )


def _accept(state: State, event: Any, outcome: Outcome, precedence: str, **changes: Any) -> None:
    """Let an intent be accepted as an event says."""
    intent = _intent(state, event, outcome)
    cycle = intent.cycle if intent.state is not IntentState.ENDED else ""
    changes.setdefault("cycle", cycle)
    if intent.state is IntentState.ENDED:  # the same identifier, and another flight
        changes |= {"aircraft": None, "flown": False, "entry": state.position + 1}
    _change(
        state,
        intent,
        outcome,
        version=event.version,
        state=event.state,
        extent=event.extent,
        filed=outcome.at,
        off_nominal=(),
        changed=getattr(event, "changed", None),
        reason=getattr(event, "reason", ""),
        ended="",
        **_class(state, precedence),
        **_ANSWERED,
        **changes,
    )


_ANSWERED: dict[str, Any] = {
    "proposal": None, "asked": "", "offers": (), "until": None, "cause": None, "waits": (),
    "because": "", "constraints": (),
}  # fmt: skip


def _change(state: State, intent: Intent, outcome: Outcome, /, **changes: Any) -> None:
    """Write an intent anew; look again at what was held because of where it was."""
    now = replace(intent, **changes, latest=state.position + 1)
    state.put("intents", intent.name, now)
    for name in set(intent.despite) - set(now.despite):
        # what was overridden was the pair, as it was: the other's side of it ends too
        other = state.intents.get(name)
        if other is not None:
            rest = tuple(n for n in other.despite if n != intent.name)
            state.put("intents", name, replace(other, despite=rest))
    if intent.name in state.due and not (now.state is IntentState.HELD and not now.offers):
        state.put("due", intent.name, None)
    moved = now.extent is not intent.extent or now.off_nominal is not intent.off_nominal
    if intent.stands and (moved or not now.stands):
        for name in state.waiting(intent.name):
            state.put("due", name, outcome.at)


def _accepted(state: State, event: e.IntentAccepted, outcome: Outcome) -> None:
    cycle = {"cycle": event.cycle} if event.cycle else {}
    _accept(state, event, outcome, event.precedence, despite=(), **cycle)


def _overridden(state: State, event: e.IntentOverridden, outcome: Outcome) -> None:
    _accept(state, event, outcome, event.precedence, despite=event.despite)
    for name in event.despite:
        # the other need not be kept clear of it either
        other = state.intents.get(name)
        if other is not None:
            both = tuple(sorted({*other.despite, event.name}))
            state.put("intents", name, replace(other, despite=both))


def _imposed(state: State, event: e.IntentImposed, outcome: Outcome) -> None:
    _accept(state, event, outcome, event.precedence, despite=())


def _refused(state: State, event: e.IntentRefused, outcome: Outcome) -> None:
    intent = _intent(state, event, outcome)
    changes: dict[str, Any] = {
        "version": event.version,
        "proposal": event.extent,
        "asked": event.precedence,
        "offers": event.offers,
        "until": event.until,
        "because": event.because,
        "constraints": event.constraints,
        "reason": "",
        "latest": state.position + 1,
    }
    if event.state is IntentState.REFUSED:
        changes |= {"state": IntentState.REFUSED, "extent": None, "airborne": False, "cycle": "",
                    "changed": None, "ended": "", **_class(state, event.precedence)}  # fmt: skip
    state.put("intents", intent.name, replace(intent, **changes))
    if event.cycle:
        # the plan refused it, not an answer to a question; alternatives follow
        state.put("due", event.name, outcome.at)
    elif event.because != "probes":
        _count_probe(state, event.party, outcome.at)


def _class(state: State, precedence: str) -> dict[str, Any]:
    return {"precedence": precedence, "priority": priority_in(state.charter, precedence)}


def _count_probe(state: State, party: str, at: datetime) -> None:
    window = instant(at) // 1_000_000_000 // state.charter.probe_window
    for who in (party, *(f"coalition:{c}" for c in state.parties[party].coalitions)):
        state.put("probes", who, (window, state.probes(who, window) + 1))


def _pending(state: State, event: e.IntentPending, outcome: Outcome) -> None:
    intent = _intent(state, event, outcome)
    _change(
        state, intent, outcome, version=event.version, state=event.state,
        extent=None, airborne=False, despite=(), filed=outcome.at, cycle=event.cycle,
        changed=None, reason="", ended="", **_class(state, event.precedence),
        **{**_ANSWERED, "proposal": event.extent, "asked": event.precedence},
    )  # fmt: skip


def _held(state: State, event: e.IntentHeld, outcome: Outcome) -> None:
    intent = state.intents[event.name]
    _change(
        state, intent, outcome, version=event.version, state=event.state,
        cause=event.cause, waits=_waits(event.cause), offers=(), until=None, proposal=None,
        asked="", because=event.cause.kind, constraints=event.cause.constraints,
        reason=event.reason,
    )  # fmt: skip
    if event.cause.kind != "authority":
        state.put("due", event.name, outcome.at)


def _waits(cause: Cause) -> tuple[str, ...]:
    if cause.constraints:
        return (f"constraint:{cause.of}",)
    return (cause.of,) if cause.of else ()


def _released(state: State, event: e.IntentReleased, outcome: Outcome) -> None:
    intent = state.intents[event.name]
    _change(state, intent, outcome, version=event.version, state=event.state,
            reason=event.reason, **_ANSWERED)  # fmt: skip


def _offered(state: State, event: e.AlternativesOffered, outcome: Outcome) -> None:
    intent = state.intents[event.name]
    now = replace(intent, offers=event.offers, until=event.until)
    if intent.state is IntentState.HELD and event.waits:
        now = replace(now, waits=event.waits)
    state.put("intents", event.name, now)
    state.put("due", event.name, None)


def _activated(state: State, event: e.IntentActivated, outcome: Outcome) -> None:
    _change(
        state, state.intents[event.name], outcome, version=event.version,
        state=event.state, airborne=True, flown=True, off_nominal=(),
    )  # fmt: skip


def _off_nominal(state: State, event: Any, outcome: Outcome) -> None:
    intent = state.intents[event.name]
    # nothing that its party says lets it go that the authority's own hand holds
    kept = {"cause": intent.cause, "because": intent.because} if intent.by_hand else {}
    _change(
        state, intent, outcome, version=event.version, airborne=True, flown=True,
        state=event.state, off_nominal=event.off_nominal, **{**_ANSWERED, **kept},
    )  # fmt: skip


def _ended(state: State, event: e.IntentEnded, outcome: Outcome) -> None:
    _change(
        state, state.intents[event.name], outcome, version=event.version,
        state=event.state, airborne=False, off_nominal=(), despite=(), reason="",
        ended=event.how, **_ANSWERED,
    )  # fmt: skip


def _registered(state: State, event: e.PartyRegistered, outcome: Outcome) -> None:
    state.put("parties", event.party, Party(event.party, event.name, event.highest))


def _suspended(state: State, event: Any, outcome: Outcome) -> None:
    suspended = isinstance(event, e.PartySuspended)
    party = replace(state.parties[event.party], suspended=suspended)
    state.put("parties", event.party, party)


def _formed(state: State, event: e.CoalitionFormed, outcome: Outcome) -> None:
    made = Coalition(event.coalition, event.name, event.invited, {})
    state.put("coalitions", event.coalition, made)


def _invited(state: State, event: e.PartiesInvited, outcome: Outcome) -> None:
    known = state.coalitions[event.coalition]
    invited = (*known.invited, *(p for p in event.parties if p not in known.invited))
    state.put("coalitions", event.coalition, replace(known, invited=invited))


def _joined(state: State, event: Any, outcome: Outcome) -> None:
    known, party = state.coalitions[event.coalition], state.parties[event.party]
    members = {k: v for k, v in known.members.items() if k != event.party}
    member_of = tuple(c for c in party.coalitions if c != event.coalition)
    if isinstance(event, e.CoalitionJoined):
        members[event.party] = event.shares
        member_of = tuple(sorted((*member_of, event.coalition)))
    state.put("coalitions", event.coalition, replace(known, members=members))
    state.put("parties", event.party, replace(party, coalitions=member_of))
    for each in sorted({*known.members, event.party}):
        _set_audience(state, each)


def _set_audience(state: State, party: str) -> None:
    """Work out again who may see how much of a party's intents, from this outcome on."""
    found: dict[str, Sharing] = {}
    for id in state.parties[party].coalitions:
        members = state.coalitions[id].members
        for viewer in members:
            if viewer != party and members[party] is not Sharing.NOTHING:
                best = max(found.get(viewer, Sharing.NOTHING), members[party], key=_MORE.index)
                found[viewer] = best
    history = state._tables.audiences.get(party, ())
    row = (state.position + 1, dict(sorted(found.items())))
    state.put("audiences", party, (*(h for h in history if h[0] < row[0]), row))


_MORE = [Sharing.NOTHING, Sharing.VOLUMES, Sharing.INTENTS]


def _published(state: State, event: e.ConstraintPublished, outcome: Outcome) -> None:
    made = Published(
        event.constraint, event.version, event.volumes, event.effect, event.permitted, event.reason
    )
    state.put("constraints", event.constraint, made)
    for name in state.waiting(f"constraint:{event.constraint}"):
        state.put("due", name, outcome.at)


def _lifted(state: State, event: e.ConstraintLifted, outcome: Outcome) -> None:
    state.put("constraints", event.constraint, None)
    excused = f"constraint:{event.constraint}"
    for intent in [i for i in state.intents.values() if excused in i.despite]:
        rest = tuple(d for d in intent.despite if d != excused)
        state.put("intents", intent.name, replace(intent, despite=rest))
    for name in state.waiting(f"constraint:{event.constraint}"):
        state.put("due", name, outcome.at)


def _cycle_opened(state: State, event: e.CycleOpened, outcome: Outcome) -> None:
    made = Cycle(event.cycle, event.start, event.end, event.cutoff)
    state.put("cycles", event.cycle, made)


def _cycle_published(state: State, event: e.CyclePublished, outcome: Outcome) -> None:
    known = state.cycles[event.cycle]
    state.put("cycles", event.cycle, replace(known, published=outcome.at))


def _swept(state: State, event: e.Swept, outcome: Outcome) -> None:
    kept = on_record(state)
    gone = [
        name
        for name, intent in state.intents.items()
        if name not in kept
        and intent.state in (IntentState.ENDED, IntentState.REFUSED)
        and _over(intent) <= event.before
    ]
    for name in gone:
        state.put("intents", name, None)
        state.put("due", name, None)
    for key in [k for k, a in state._tables.answered.items() if a.at <= event.before]:
        state.put("answered", key, None)
    forget_tracks(state, event)


def _over(intent: Intent) -> datetime:
    ends = [span(x)[1] for x in (intent.extent, intent.proposal) if x is not None]
    return max((intent.filed, *ends))


def _founded(state: State, event: e.Founded, outcome: Outcome) -> None:
    state.lay_down(event.charter, event.salt)


def _rejected(state: State, event: e.CommandRejected, outcome: Outcome) -> None:
    """Change nothing: it is kept for the record, and for a retry. What was not free is a probe."""
    if event.code == "conflict" and outcome.by in state.parties:
        _count_probe(state, outcome.by, outcome.at)


_EVOLVE: dict[type[e.Event], Callable[[State, Any, Outcome], None]] = {
    e.Founded: _founded,
    e.PartyRegistered: _registered,
    e.PartySuspended: _suspended,
    e.PartyReinstated: _suspended,
    e.CoalitionFormed: _formed,
    e.PartiesInvited: _invited,
    e.CoalitionJoined: _joined,
    e.CoalitionLeft: _joined,
    e.IntentAccepted: _accepted,
    e.IntentRefused: _refused,
    e.IntentPending: _pending,
    e.IntentHeld: _held,
    e.IntentReleased: _released,
    e.AlternativesOffered: _offered,
    e.IntentActivated: _activated,
    e.IntentNonconforming: _off_nominal,
    e.IntentContingent: _off_nominal,
    e.IntentEnded: _ended,
    e.IntentOverridden: _overridden,
    e.IntentImposed: _imposed,
    e.ConstraintPublished: _published,
    e.ConstraintLifted: _lifted,
    e.CycleOpened: _cycle_opened,
    e.CyclePublished: _cycle_published,
    e.Swept: _swept,
    e.CommandRejected: _rejected,
    **KEEPING,
}
