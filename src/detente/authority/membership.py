"""Parties and coalitions: who may file, and who sees what of whom."""

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.precedence import priority_in
from detente.authority.register import AUTHORITY, Party
from detente.authority.rejection import Rejected, check_identifier
from detente.authority.state import State

__all__ = ["form", "found", "invite", "join", "leave", "register", "reinstate", "suspend"]

Events = tuple[e.Event, ...]


def found(state: State, ask: c.Found) -> Events:
    """Lay down the charter; once."""
    if state.founded:
        raise Rejected("exists", "the charter is laid down", mend="begin another ledger")
    _ = ask.charter.separation, ask.charter.grid.on_ground()
    priority_in(ask.charter, "")
    return (e.Founded(charter=ask.charter, salt=ask.salt),)


def register(state: State, ask: c.RegisterParty) -> Events:
    """Let a party file."""
    if ask.party in state.parties:
        raise Rejected(
            "exists", f"party {ask.party!r} is registered", field="party",
            mend="give another identifier",
        )  # fmt: skip
    check_identifier(ask.party, "party")
    if ask.party == AUTHORITY:
        raise Rejected(
            "invalid", f"no party can be called {AUTHORITY!r}", field="party",
            mend="give another identifier",
        )  # fmt: skip
    priority_in(state.charter, ask.highest)
    return (e.PartyRegistered(party=ask.party, name=ask.name or ask.party, highest=ask.highest),)


def suspend(state: State, ask: c.Suspend) -> Events:
    """Let a party file no more."""
    if _party(state, ask.party).suspended:
        raise Rejected(
            "state", f"party {ask.party!r} is suspended", field="party",
            mend="reinstate it first",
        )  # fmt: skip
    if not ask.reason.strip():
        raise Rejected("invalid", "no reason", field="reason", mend="say why; it is kept")
    return (e.PartySuspended(party=ask.party, reason=ask.reason),)


def reinstate(state: State, ask: c.Reinstate) -> Events:
    """Let it file again."""
    if not _party(state, ask.party).suspended:
        raise Rejected(
            "state", f"party {ask.party!r} is not suspended", field="party",
            mend="nothing has to be done",
        )  # fmt: skip
    return (e.PartyReinstated(party=ask.party),)


def form(state: State, ask: c.FormCoalition) -> Events:
    """Name a coalition."""
    if ask.coalition in state.coalitions:
        raise Rejected(
            "exists", f"coalition {ask.coalition!r} is there", field="coalition",
            mend="invite more parties to it, or give another identifier",
        )  # fmt: skip
    check_identifier(ask.coalition, "coalition")
    for party in ask.invited:
        _party(state, party)
    return (
        e.CoalitionFormed(
            coalition=ask.coalition, name=ask.name or ask.coalition, invited=ask.invited
        ),
    )


def invite(state: State, ask: c.Invite) -> Events:
    """Let more parties join."""
    if ask.coalition not in state.coalitions:
        raise _no_coalition(ask.coalition)
    if ask.by == AUTHORITY:
        # a lead learns nothing of who is registered: its invitation waits
        for party in ask.parties:
            _party(state, party)
    return (e.PartiesInvited(coalition=ask.coalition, parties=ask.parties),)


def join(state: State, ask: c.Join) -> Events:
    """Be a member; who is not invited cannot tell a coalition from none."""
    known = state.coalitions.get(ask.coalition)
    if known is None or ask.by not in known.invited:
        raise _no_coalition(ask.coalition)
    if known.members.get(ask.by) is ask.shares:
        raise Rejected(
            "exists", "it is a member and shares that already", field="shares",
            mend="nothing has to be done",
        )  # fmt: skip
    return (e.CoalitionJoined(coalition=ask.coalition, party=ask.by, shares=ask.shares),)


def leave(state: State, ask: c.Leave) -> Events:
    """Be a member no more."""
    party = ask.by if ask.by in state.parties else ask.party
    known = state.coalitions.get(ask.coalition)
    if known is None or party not in known.members:
        raise _no_coalition(ask.coalition)
    return (e.CoalitionLeft(coalition=ask.coalition, party=party),)


def _no_coalition(id: str) -> Rejected:
    return Rejected(
        "unknown", f"no coalition {id!r} that this party belongs to", field="coalition",
        mend="ask the authority for an invitation",
    )  # fmt: skip


def _party(state: State, id: str) -> Party:
    party = state.parties.get(id)
    if party is None:
        raise Rejected("unknown", f"no party {id!r}", field="party", mend="register it first")
    return party
