"""Who hears of an event: the one that it concerns, those with whom it shares, or everybody."""

from collections.abc import Iterable, Set

from msgspec.structs import replace

from detente.authority import event as e
from detente.authority.outcome import Outcome
from detente.authority.register import AUTHORITY, IntentState, Sharing
from detente.authority.state import State
from detente.record.entry import Entered, Said

__all__ = ["COMMON", "concerning", "hearers", "is_open", "is_shared", "sharing_with"]


def hearers(state: State, event: e.Event, outcome: Outcome) -> Iterable[str]:
    """Name the parties that an event concerns: see ``disclosure.disclosed`` for what each hears."""
    if isinstance(event, e.IntentEvent):
        audience = state.audience(event.party)
        if audience:
            return (event.party, *(p for p, level in audience.items() if is_shared(event, level)))
        return (event.party,)
    if isinstance(event, e.CommandRejected):
        return (outcome.by,) if outcome.by in state.parties else ()
    if isinstance(event, (e.ConstraintPublished, e.ConstraintLifted, e.CycleOpened,
                          e.CyclePublished)):  # fmt: skip
        return tuple(state.parties)
    if isinstance(event, (e.PartyRegistered, e.PartySuspended, e.PartyReinstated)):
        return (event.party,)
    if isinstance(event, (e.CoalitionJoined, e.CoalitionLeft)):
        return tuple({event.party, *state.coalitions[event.coalition].members})
    if isinstance(event, (e.CoalitionFormed, e.PartiesInvited)):
        invited = event.invited if isinstance(event, e.CoalitionFormed) else event.parties
        return tuple(p for p in invited if p in state.parties)
    if isinstance(event, (e.AlertRaised, e.AlertEnded)):
        if isinstance(event, e.AlertEnded):
            return tuple({a.party for a in event.avoid})
        return tuple({a.party for a in event.alert.avoid if a.handle in event.told})
    if isinstance(event, (e.OccurrenceEntered, e.StatementEntered, e.StatementShared)):
        if event.public:
            return tuple(state.parties)
        own = (event.by,) if isinstance(event, e.StatementEntered) else ()
        if isinstance(event, e.StatementShared):
            own = (state.statements[event.statement].by,)
        return tuple(p for p in {*own, *event.shared} if p in state.parties)
    return ()


def concerning(outcome: Outcome, party: str, fellows: Set[str]) -> Outcome:
    """Leave of an outcome what a party's view follows from: nothing of what others plan.

    Parameters
    ----------
    fellows : members of its coalitions that share their intents with it at some time.
    """
    events: list[e.Event] = []
    for event in outcome.events:
        if isinstance(event, COMMON):
            events.append(event)
        elif isinstance(event, e.IntentEvent):
            if event.party == party or event.party in fellows:
                events.append(event)
        elif isinstance(event, e.AlertRaised):
            own = tuple(a for a in event.alert.avoid if a.party == party)
            events.append(replace(event, alert=replace(event.alert, avoid=own)))
        elif isinstance(event, e.AlertEnded):
            events.append(event)
    return replace(outcome, events=tuple(events))


def sharing_with(state: State, party: str) -> dict[str, Sharing]:
    """Tell which members of a party's coalitions share their intents with it now, and how much."""
    known = state.parties.get(party)
    member_of = known.coalitions if known else ()
    others = {m for id in member_of for m in state.coalitions[id].members} - {party}
    levels = {other: state.audience(other).get(party, Sharing.NOTHING) for other in others}
    return {other: level for other, level in levels.items() if level is not Sharing.NOTHING}


def is_open(record: Entered | Said, party: str) -> bool:
    """Tell whether a party, or the authority, may see an event of the record, or a statement."""
    if record.public or party == AUTHORITY or party in record.shared:
        return True
    return isinstance(record, Said) and record.by == party


def is_shared(event: e.IntentEvent, level: Sharing) -> bool:
    """Tell whether coalition members hear of an event.

    They hear what changes where others are kept clear of a flight; who sees volumes only, does
    not hear when it is flown.
    """
    if isinstance(event, e.IntentEnded):
        return level is not Sharing.NOTHING and event.stood
    if isinstance(event, e.IntentReleased) and event.state is IntentState.NONCONFORMING:
        return False
    if level is Sharing.VOLUMES:
        if isinstance(event, e.IntentActivated):
            return event.back
        if isinstance(event, e.IntentHeld):
            return not event.airborne
    return level is not Sharing.NOTHING and isinstance(event, _SHARED)


_SHARED = (
    e.IntentAccepted, e.IntentHeld, e.IntentReleased, e.IntentActivated, e.IntentNonconforming,
    e.IntentContingent, e.IntentOverridden, e.IntentImposed,
)  # fmt: skip

COMMON = (
    e.Founded, e.PartyRegistered, e.PartySuspended, e.PartyReinstated, e.CoalitionFormed,
    e.PartiesInvited, e.CoalitionJoined, e.CoalitionLeft, e.ConstraintPublished,
    e.ConstraintLifted, e.CycleOpened, e.CyclePublished, e.OccurrenceEntered, e.StatementEntered,
    e.StatementShared, e.Swept,
)  # fmt: skip
"""What is public, or says who may see what: needed to know what any party may know."""
