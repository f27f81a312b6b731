"""``decide(state, command) -> events``: the authority's rules, one function for each command."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from detente.authority import (
    closing,
    cycle,
    filing,
    flying,
    hand,
    membership,
    recording,
    watching,
)
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.outcome import SCHEMA, Outcome
from detente.authority.register import AUTHORITY, handle_of
from detente.authority.rejection import Rejected
from detente.authority.state import State
from detente.errors import InputError

__all__ = ["decide", "digest_of", "outcome_of", "repeated"]

Events = tuple[e.Event, ...]
Rule = Callable[[State, Any], Events]

PARTY: dict[type[c.Command], Rule] = {
    c.File: filing.file,
    c.Amend: filing.amend,
    c.Take: filing.take,
    c.Activate: flying.activate,
    c.ReportNonconforming: flying.off_nominal,
    c.DeclareContingency: flying.off_nominal,
    c.End: flying.end,
    c.Withdraw: flying.withdraw,
    c.Join: membership.join,
    c.Leave: membership.leave,
    c.NameAircraft: watching.name_aircraft,
    c.EnterStatement: recording.enter_statement,
    c.ShareStatement: recording.share,
}
"""What a party may ask, each for itself."""

OWN: dict[type[c.Command], Rule] = {
    c.Found: membership.found,
    c.RegisterParty: membership.register,
    c.Suspend: membership.suspend,
    c.Reinstate: membership.reinstate,
    c.FormCoalition: membership.form,
    c.Invite: membership.invite,
    c.Leave: membership.leave,
    c.PublishConstraint: closing.publish,
    c.AmendConstraint: closing.publish,
    c.LiftConstraint: closing.lift,
    c.Override: hand.override,
    c.Hold: hand.hold,
    c.Release: hand.release,
    c.Impose: hand.impose,
    c.Reexamine: hand.reexamine,
    c.Sweep: hand.sweep,
    c.OpenCycle: cycle.open_,
    c.CloseCycle: cycle.close,
    c.Observe: watching.observe,
    c.Indicate: watching.indicate,
    c.EnterOccurrence: recording.enter_occurrence,
    c.AmendOccurrence: recording.enter_occurrence,
    c.EnterStatement: recording.enter_statement,
    c.ShareStatement: recording.share,
    c.GradeStatement: recording.grade,
}
"""What only the authority may do."""

LEAD: dict[type[c.Command], Rule] = {
    c.Invite: membership.invite,
    c.Leave: membership.leave,
}
"""What a coalition's lead may do, in its own coalition; it is "coalition:ID" in ``Command.by``."""

_WHILE_SUSPENDED = (
    c.Activate, c.ReportNonconforming, c.DeclareContingency, c.End, c.Withdraw, c.Leave,
    c.NameAircraft, c.EnterStatement, c.ShareStatement,
)  # fmt: skip
"""What a suspended party may still say: what keeps others safe from its flights, and its word."""


def decide(state: State, command: c.Command) -> Events:
    """Say what comes of a command. Nothing is changed, and nothing else is looked at.

    Parameters
    ----------
    state : what is known; is only read.
    command : with its time and identifiers.

    Returns
    -------
    The events; where the command cannot be done, one ``CommandRejected``. None where there is
    nothing to do (``Reexamine`` of what is not due any more).

    See Also
    --------
    evolve : lets them have happened.
    """
    try:
        return _handled(state, command, _rule(state, command)(state, command))
    except Rejected as error:
        return (
            e.CommandRejected(
                code=error.code, what=error.what, field=error.field, mend=error.mend, met=error.met
            ),
        )
    except InputError as error:
        return (
            e.CommandRejected(
                code="invalid", what=error.what, field=error.field or "", mend=error.mend or ""
            ),
        )


def outcome_of(state: State, command: c.Command) -> Outcome | None:
    """Decide, and write down what comes of it: the next entry of the ledger, if there is one."""
    events = decide(state, command)
    if not events:
        return None
    digest = digest_of(command).hex() if command.key else ""
    return Outcome(SCHEMA, command.at, command.by, command.key, digest, events)


def repeated(state: State, command: c.Command) -> int | None:
    """Tell whether this very command was answered, and where in the ledger.

    Raises
    ------
    Rejected : another command came under its key.
    """
    known = state.answered(command.by, command.key)
    if known is None:
        return None
    if known.digest != digest_of(command):
        raise Rejected(
            "key", "another command came under this key", field="key",
            mend="give each command a key of its own, and a retry the first one's",
        )  # fmt: skip
    return known.position


def digest_of(command: c.Command) -> bytes:
    """Give what tells two commands apart, their times left aside: 16 bytes."""
    same = replace(command, at=_ANY_TIME)
    return sha256(c.encode_command(same)).digest()[:16]


def _handled(state: State, command: c.Command, events: Events) -> Events:
    """Give the handle to events about intents whose volumes others may see."""

    def handled(event: e.Event) -> e.Event:
        if not isinstance(event, e.IntentEvent) or not state.audience(event.party):
            return event
        known = state.intents.get(event.name)
        if known is None:
            return replace(
                event, handle=handle_of(event.name, digest_of(command).hex(), state.salt)
            )
        return replace(event, handle=known.handle)

    return tuple(handled(event) for event in events)


def _rule(state: State, command: c.Command) -> Rule:
    kind = type(command)
    if not state.founded and kind is not c.Found:
        raise Rejected("state", "no charter is laid down", mend="found the airspace first")
    if command.by == AUTHORITY:
        if kind in OWN:
            return OWN[kind]
        raise Rejected(
            "forbidden", "only a party may ask that", field="by", mend="ask as the party"
        )
    if isinstance(command, c.Invite | c.Leave) and command.by == f"coalition:{command.coalition}":
        return LEAD[kind]
    party = state.parties.get(command.by)
    if party is None:
        raise Rejected("forbidden", f"no party {command.by!r}", field="by",
                       mend="have the authority register it")  # fmt: skip
    if kind not in PARTY:
        raise Rejected(
            "forbidden", "only the authority may do that", field="by", mend="ask the authority"
        )
    if party.suspended and kind not in _WHILE_SUSPENDED:
        raise Rejected("suspended", "this party is suspended", mend="ask the authority")
    return PARTY[kind]


_ANY_TIME = datetime.fromtimestamp(0, UTC)
