"""Activate, report non-conforming, declare contingency, end, withdraw: a flight's own course.

The states and the steps between them are those of ASTM F3548-21, 4.4.
"""

from datetime import timedelta

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import Volume4D, from_now, span
from detente.authority.filing import intent_of, not_by_hand
from detente.authority.register import Cause, Intent, IntentState
from detente.authority.rejection import Rejected
from detente.authority.state import State

__all__ = ["activate", "end", "expired", "held_by", "off_nominal", "withdraw"]

Events = tuple[e.Event, ...]

_FLOWN = (IntentState.ACTIVATED, IntentState.NONCONFORMING)


def activate(state: State, ask: c.Activate) -> Events:
    """Begin an accepted flight; or let one that was off its intent conform again."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    if intent.extent is None or intent.state not in (
        IntentState.ACCEPTED, IntentState.NONCONFORMING,
    ):  # fmt: skip
        raise Rejected(
            "state", f"an intent that is {intent.state.value} cannot be activated",
            mend="activate what is accepted, or non-conforming and back on its intent",
        )  # fmt: skip
    not_by_hand(intent)
    start, end = span(intent.extent)
    lead = timedelta(seconds=state.charter.activation_lead)
    if not start - lead <= ask.at < end:
        raise Rejected(
            "time", f"it runs from {start:%H:%M:%SZ} to {end:%H:%M:%SZ}",
            mend=f"activate it from {state.charter.activation_lead} s before its start on",
        )  # fmt: skip
    if intent.state is IntentState.NONCONFORMING:
        met = state.met(intent, intent.extent)
        if met:
            raise Rejected(
                "conflict", "its intent is not free any more", met=met.intents,
                mend="amend it to where it can fly, or declare contingency",
            )  # fmt: skip
    return (
        e.IntentActivated(
            party=intent.party, intent=intent.id, version=intent.version + 1,
            state=IntentState.ACTIVATED, back=intent.state is IntentState.NONCONFORMING,
        ),
    )  # fmt: skip


def off_nominal(state: State, ask: c.ReportNonconforming | c.DeclareContingency) -> Events:
    """Say where a flight may be that is not where it was declared; who is in its way is held."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    contingent = isinstance(ask, c.DeclareContingency)
    allowed = (*_FLOWN, IntentState.CONTINGENT) if contingent else _FLOWN
    if intent.state not in allowed and not (intent.state is IntentState.HELD and intent.airborne):
        raise Rejected(
            "state", f"an intent that is {intent.state.value} is not being flown",
            mend="activate it first",
        )  # fmt: skip
    volumes = from_now(ask.off_nominal, ask.at, "off_nominal")
    span(volumes)
    hit = state.standing.entering(volumes, intent.name, intent.party)
    made = e.IntentContingent if contingent else e.IntentNonconforming
    now = IntentState.CONTINGENT if contingent else IntentState.NONCONFORMING
    return (
        made(
            party=intent.party, intent=intent.id, version=intent.version + 1, state=now,
            off_nominal=volumes,
        ),
        *_held(state, hit.intents, Cause("off-nominal", intent.name)),
    )  # fmt: skip


def end(state: State, ask: c.End) -> Events:
    """End a flight that was begun, or will not be."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    if not intent.stands:
        raise Rejected(
            "state", f"an intent that is {intent.state.value} has nothing to end",
            mend="withdraw it, if it is pending, refused or held",
        )  # fmt: skip
    return (_over(intent, "ended"),)


def withdraw(state: State, ask: c.Withdraw) -> Events:
    """Take back a flight that has not begun."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    if intent.airborne or intent.state is IntentState.ENDED:
        raise Rejected(
            "state", f"an intent that is {intent.state.value} cannot be withdrawn",
            mend="end it, if it is being flown",
        )  # fmt: skip
    return (_over(intent, "withdrawn"),)


def expired(intent: Intent) -> e.IntentEnded:
    """End an intent whose time is over."""
    return _over(intent, "expired")


def _over(intent: Intent, how: str) -> e.IntentEnded:
    return e.IntentEnded(
        party=intent.party, intent=intent.id, version=intent.version + 1,
        state=IntentState.ENDED, how=how, stood=intent.stands,
    )  # fmt: skip


def _held(state: State, names: tuple[str, ...], cause: Cause) -> Events:
    """Hold those of the named that are accepted."""
    hit = (state.intents[name] for name in names)
    return tuple(
        e.IntentHeld(
            party=i.party,
            intent=i.id,
            version=i.version + 1,
            state=IntentState.HELD,
            cause=cause,
            airborne=i.airborne,
        )
        for i in hit
        if i.accepted
    )


def held_by(
    state: State, volumes: tuple[Volume4D, ...], id: str, permitted: tuple[str, ...]
) -> Events:
    """Hold what is accepted in a constraint and may not enter it.

    What the authority accepted in spite of this constraint keeps its override.
    """
    own = f"constraint:{id}"
    hit = (state.intents[name] for name in state.standing.entering(volumes, own).intents)
    barred = tuple(i.name for i in hit if i.party not in permitted and own not in i.despite)
    return _held(state, barred, Cause("constraint", id))
