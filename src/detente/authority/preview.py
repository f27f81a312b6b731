"""What a planning cycle would come to, were it closed now: nothing is decided by looking."""

from datetime import datetime

from msgspec import Struct

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.cycle import close
from detente.authority.extent import Extent
from detente.authority.register import Offer
from detente.authority.rejection import Rejected
from detente.authority.state import State

__all__ = ["Borne", "Planning", "Preview", "preview"]


class Planning(Struct, frozen=True):
    """What would become of one intent.

    Parameters
    ----------
    intent, party : its name, and whose.
    asked : as it was filed.
    accepted : as it would be flown; None if it would be refused.
    changed : how that differs from what was asked.
    met, constraints : what would be in the way of one that is refused.
    """

    intent: str
    party: str
    asked: Extent
    accepted: Extent | None = None
    changed: Offer | None = None
    met: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()


class Borne(Struct, frozen=True):
    """What a party would bear: its flights, how many are moved and refused, seconds, and cost."""

    party: str
    flights: int
    moved: int
    refused: int
    delay: int
    cost: int


class Preview(Struct, frozen=True):
    """The plan that closing the cycle would publish, as things stand.

    Parameters
    ----------
    early : the cut-off is still to come, so that more may be filed.
    intents : in the order in which they would be answered. burden : by party. cost : of all.
    """

    cycle: str
    at: datetime
    early: bool
    intents: tuple[Planning, ...]
    burden: tuple[Borne, ...]
    cost: int


def preview(state: State, cycle: str, at: datetime) -> Preview:
    """Work out what closing a cycle would publish.

    It is the very rule that closes one; after the cut-off, with nothing filed or changed in
    between, closing publishes just this.

    Parameters
    ----------
    state : is only read.
    at : now; before the cut-off, the cut-off is supposed to be now.

    Raises
    ------
    Rejected : no such cycle is open.
    """
    known = state.cycles.get(cycle)
    if known is None:
        raise Rejected("unknown", f"no cycle {cycle!r} that is open", field="cycle")
    asked = {i.name: i.proposal for i in state.intents.values() if i.cycle == cycle and i.proposal}
    events = close(state, c.CloseCycle(at=max(at, known.cutoff), cycle=cycle))
    plans: list[Planning] = []
    cost = 0
    for event in events:
        if isinstance(event, e.CyclePublished):
            cost = event.cost
        elif isinstance(event, e.IntentAccepted):
            plans.append(
                Planning(event.name, event.party, asked[event.name], event.extent, event.changed)
            )
        elif isinstance(event, e.IntentRefused):
            plans.append(
                Planning(
                    event.name, event.party, event.extent, met=event.met,
                    constraints=event.constraints,
                )
            )  # fmt: skip
    parties = sorted({plan.party for plan in plans})
    burden = tuple(_borne(party, [p for p in plans if p.party == party]) for party in parties)
    return Preview(cycle, at, at < known.cutoff, tuple(plans), burden, cost)


def _borne(party: str, plans: list[Planning]) -> Borne:
    changes = [plan.changed for plan in plans if plan.changed is not None]
    return Borne(
        party,
        flights=len(plans),
        moved=len(changes),
        refused=sum(plan.accepted is None for plan in plans),
        delay=sum(change.delay for change in changes),
        cost=sum(change.cost for change in changes),
    )
