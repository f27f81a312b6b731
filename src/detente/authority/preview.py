"""What a planning cycle would come to, were it closed now: nothing is decided by looking."""

from datetime import UTC, datetime

from msgspec import Struct

from detente.airspace import Conflict, Flights
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.cycle import close, obstacles
from detente.authority.extent import Extent, Path4D, span
from detente.authority.register import Offer
from detente.authority.rejection import Rejected
from detente.authority.state import State
from detente.detect import detect_conflicts

__all__ = ["Borne", "Meeting", "Planning", "Preview", "preview"]


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


class Meeting(Struct, frozen=True):
    """Where two would lose their separation, were all flown as they were asked for.

    Parameters
    ----------
    a, b : an intent of the cycle, and another, one that stands, or ``constraint:ID``.
    start, end : separation is lost between them. at : they are nearest then.
    lat, lon, alt : degrees, feet; half-way between the two at that time.
    """

    a: str
    b: str
    start: datetime
    end: datetime
    at: datetime
    lat: float
    lon: float
    alt: float


class Preview(Struct, frozen=True):
    """The plan that closing the cycle would publish, as things stand.

    Parameters
    ----------
    early : the cut-off is still to come, so that more may be filed.
    intents : in the order in which they would be answered. burden : by party. cost : of all.
    conflicts : those of the intents as they were asked for, in time's order.
    """

    cycle: str
    at: datetime
    early: bool
    intents: tuple[Planning, ...]
    burden: tuple[Borne, ...]
    cost: int
    conflicts: tuple[Meeting, ...]


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
    conflicts = _conflicts(state, asked)
    return Preview(cycle, at, at < known.cutoff, tuple(plans), burden, cost, conflicts)


def _conflicts(state: State, asked: dict[str, Extent]) -> tuple[Meeting, ...]:
    if not asked:
        return ()
    flights = []
    spans = [span(extent) for extent in asked.values()]
    fixed, volumes = obstacles(state, (min(s for s, _ in spans), max(e for _, e in spans)))
    for name, extent in asked.items():
        party = state.intents[name].party
        if isinstance(extent, Path4D):
            flights.append(state.standing.flight(extent, name, party))
        else:
            volumes.extend(state.standing.volumes(extent, name, party))
    everything = Flights.from_trajectories([*flights, *fixed])
    found = detect_conflicts(
        everything, volumes=volumes, separation=state.charter.separation, same_party=False
    )
    meetings = [_meeting(one) for one in found if one.a in asked or one.b in asked]
    return tuple(sorted(meetings, key=lambda one: (one.at, one.a, one.b)))


def _meeting(one: Conflict) -> Meeting:
    def at(time: int) -> datetime:
        return datetime.fromtimestamp(time // 1_000_000 / 1e3, UTC)

    return Meeting(
        one.a, one.b, at(one.entry), at(one.exit), at(one.closest), one.lat, one.lon, one.alt_ft
    )


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
