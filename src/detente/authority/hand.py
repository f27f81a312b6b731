"""The authority's own hand: override, hold, release, impose; and what it does by itself."""

from datetime import datetime, timedelta

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import Extent, span
from detente.authority.filing import checked, intent_of
from detente.authority.flying import expired
from detente.authority.offers import flown, offers_for, point
from detente.authority.register import Cause, Intent, IntentState, Offer
from detente.authority.rejection import Rejected
from detente.authority.state import State

__all__ = ["hold", "impose", "override", "reexamine", "release", "sweep"]

Events = tuple[e.Event, ...]

_OFF = "wait until it is back on its intent, or ended; then it is filed anew"


def override(state: State, ask: c.Override) -> Events:
    """Accept in spite of conflicts; what they were is kept with the reason."""
    intent = _of(state, ask)
    extent = intent.proposal or intent.extent
    if extent is None or intent.state in (
        IntentState.NONCONFORMING, IntentState.CONTINGENT, IntentState.ENDED,
    ):  # fmt: skip
        raise Rejected(
            "state", f"an intent that is {intent.state.value} cannot be accepted", mend=_OFF
        )
    checked(state, intent, extent, ask.at)
    met = state.met(intent, extent, despite=())
    return (
        e.IntentOverridden(
            party=intent.party, intent=intent.id, version=intent.version + 1,
            state=intent.flying, extent=extent, reason=ask.reason,
            precedence=intent.asked or intent.precedence,
            despite=(*met.intents, *(f"constraint:{id}" for id in met.constraints)),
        ),
    )  # fmt: skip


def hold(state: State, ask: c.Hold) -> Events:
    """Take an acceptance back for now."""
    intent = _of(state, ask)
    if not intent.accepted:
        raise Rejected(
            "state", f"an intent that is {intent.state.value} is not accepted",
            mend="hold what is accepted or activated",
        )  # fmt: skip
    return (
        e.IntentHeld(
            party=intent.party, intent=intent.id, version=intent.version + 1,
            state=IntentState.HELD, cause=Cause("authority"), reason=ask.reason,
            airborne=intent.airborne,
        ),
    )  # fmt: skip


def release(state: State, ask: c.Release) -> Events:
    """Accept a held intent again as it was; one off its intent, once it conforms again."""
    intent = _of(state, ask)
    if intent.state is IntentState.NONCONFORMING and intent.by_hand and intent.extent is not None:
        return (_released(intent, intent.extent, ask.reason, IntentState.NONCONFORMING),)
    if intent.state is not IntentState.HELD or intent.extent is None:
        raise Rejected(
            "state", f"an intent that is {intent.state.value} is not held",
            mend="release what is held; what was refused is overridden",
        )  # fmt: skip
    met = state.met(intent, intent.extent)
    if met:
        raise Rejected(
            "conflict", "something is in its way", met=(*met.intents, *met.constraints),
            mend="impose a manoeuvre, let it take an alternative, or override",
        )  # fmt: skip
    return (_released(intent, intent.extent, ask.reason),)


def impose(state: State, ask: c.Impose) -> Events:
    """Change a flight to a point of the grid that is free."""
    intent = _of(state, ask)
    extent = intent.proposal or intent.extent
    if extent is None or intent.state in (
        IntentState.NONCONFORMING, IntentState.CONTINGENT, IntentState.ENDED,
    ):  # fmt: skip
        raise Rejected(
            "state", f"an intent that is {intent.state.value} cannot be changed", mend=_OFF
        )
    since = ask.at if intent.airborne else None
    offer = point(ask.delay, ask.feet, ask.offset, 1.0, 0, since)
    changed = flown(state, intent, extent, offer)
    if changed is None:
        raise Rejected(
            "invalid", "the flight's shape or the grid does not allow that",
            mend="give a point of the grid that its shape allows",
        )  # fmt: skip
    checked(state, intent, changed, ask.at)
    met = state.met(intent, changed, despite=())
    if met:
        raise Rejected(
            "conflict", "that is not free", met=(*met.intents, *met.constraints),
            mend="impose another point, or override",
        )  # fmt: skip
    return (
        e.IntentImposed(
            party=intent.party, intent=intent.id, version=intent.version + 1,
            state=intent.flying, extent=changed, precedence=intent.asked or intent.precedence,
            changed=offer, reason=ask.reason,
        ),
    )  # fmt: skip


def reexamine(state: State, ask: c.Reexamine) -> Events:
    """Look again at an intent that is due: accept it again, or say what it could do instead."""
    intent = state.intents.get(ask.name)
    if intent is None or ask.name not in state.due:
        if ask.key:
            raise Rejected(
                "state", f"{ask.name!r} is not due", field="name", mend="nothing has to be done"
            )
        return ()
    wanted = intent.proposal or intent.extent
    waits: tuple[str, ...] = ()
    if intent.state is IntentState.HELD and intent.extent is not None:
        met = state.met(intent, intent.extent)
        if not met and span(intent.extent)[1] > ask.at:
            return (_released(intent, intent.extent, ""),)
        waits = (*met.intents, *(f"constraint:{id}" for id in met.constraints))
    offers: tuple[Offer, ...] = ()
    if wanted is not None and span(wanted)[1] > ask.at:
        offers = offers_for(state, intent, wanted, ask.at)
    return (
        e.AlternativesOffered(
            party=intent.party, intent=intent.id, version=intent.version,
            state=intent.state, offers=offers, waits=waits,
            until=ask.at + timedelta(seconds=state.charter.offer_lifetime),
        ),
    )  # fmt: skip


def sweep(state: State, ask: c.Sweep) -> Events:
    """End what is over.

    The authority does so by its own clock, never on another's filing: when a party hears that
    its intent expired must not tell when others filed.
    """
    over = (
        expired(intent)
        for _, intent in sorted(state.intents.items())
        if intent.state is not IntentState.ENDED and _end(intent) <= ask.at
    )
    before = ask.at - timedelta(seconds=state.charter.retention)
    return (*over, e.Swept(before=before))


def _end(intent: Intent) -> datetime:
    extents = [x for x in (intent.extent or intent.proposal, intent.off_nominal) if x]
    return max((span(x)[1] for x in extents), default=intent.filed)


def _released(
    intent: Intent, extent: Extent, reason: str, now: IntentState | None = None
) -> e.IntentReleased:
    return e.IntentReleased(
        party=intent.party, intent=intent.id, version=intent.version + 1,
        state=now or intent.flying, extent=extent, reason=reason,
    )  # fmt: skip


def _of(state: State, ask: c.Override | c.Hold | c.Release | c.Impose) -> Intent:
    if not ask.reason.strip():
        raise Rejected("invalid", "no reason", field="reason", mend="say why; it is kept")
    return intent_of(state, ask.party, ask.intent, ask.version)
