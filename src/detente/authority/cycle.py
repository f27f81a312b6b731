"""Planning cycles: what is filed for a period until its cut-off is resolved jointly."""

from dataclasses import replace as with_
from datetime import datetime, timedelta

from msgspec.structs import replace

from detente.airspace import Flights, Trajectory, Volume
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import Extent, Path4D, instant, path_of, span, volumes_of
from detente.authority.offers import point
from detente.authority.precedence import priority_in
from detente.authority.register import Cycle, Effect, Intent, IntentState, Offer
from detente.authority.rejection import Rejected, check_identifier
from detente.authority.standing import Standing
from detente.authority.state import State
from detente.resolve import Manoeuvres, Plan, resolve_conflicts

__all__ = ["close", "obstacles", "open_"]

Events = tuple[e.Event, ...]


def open_(state: State, ask: c.OpenCycle) -> Events:
    """Announce that a period will be planned jointly."""
    check_identifier(ask.cycle, "cycle")
    if ask.cycle in state.cycles:
        raise Rejected(
            "exists", f"cycle {ask.cycle!r} is there", field="cycle", mend="give it another name"
        )
    for time in (ask.cutoff, ask.start, ask.end):
        instant(time)
    if not ask.at < ask.cutoff <= ask.start < ask.end:
        raise Rejected(
            "invalid", "its times are out of order", field="cutoff",
            mend="give now < cutoff <= start < end",
        )  # fmt: skip
    for other in state.cycles.values():
        if other.published is None and other.start < ask.end and ask.start < other.end:
            raise Rejected(
                "invalid", f"it overlaps cycle {other.id!r}, which is not published",
                field="start", mend="give a period of its own",
            )  # fmt: skip
    return (e.CycleOpened(cycle=ask.cycle, start=ask.start, end=ask.end, cutoff=ask.cutoff),)


def close(state: State, ask: c.CloseCycle) -> Events:
    """Resolve jointly what is pending, and publish the airspace use plan.

    Intents of volumes are taken first, by precedence and then by the time of filing: volumes
    are not moved, and what is accepted of them is closed to the flights. All flights are then
    resolved together, among what stands, which is not moved either.
    """
    cycle = state.cycles.get(ask.cycle)
    if cycle is None or cycle.published is not None:
        raise Rejected(
            "unknown", f"no cycle {ask.cycle!r} that is open", field="cycle", mend="open it first"
        )
    if ask.at < cycle.cutoff:
        raise Rejected(
            "time", f"its cut-off is {cycle.cutoff:%Y-%m-%dT%H:%M:%SZ}", mend="close it after that"
        )
    pending = [
        replace(i, priority=priority_in(state.charter, i.asked))
        for i in state.intents.values()
        if i.cycle == cycle.id and i.state is IntentState.PENDING
    ]
    pending.sort(key=lambda i: (-i.priority, i.filed, i.name))
    volumes = [i for i in pending if not isinstance(i.proposal, Path4D)]
    flights = [i for i in pending if isinstance(i.proposal, Path4D)]
    taken = Standing(state.charter)
    first = _take_volumes(state, volumes, taken, cycle)
    planned = [
        volume
        for event in first
        if isinstance(event, e.IntentAccepted) and not isinstance(event.extent, Path4D)
        for volume in state.standing.volumes(event.extent, event.name, event.party)
    ]
    second, cost = _plan_flights(state, flights, planned, taken, cycle)
    events = (*first, *second)
    accepted = sum(isinstance(event, e.IntentAccepted) for event in events)
    published = e.CyclePublished(
        cycle=cycle.id, accepted=accepted, refused=len(events) - accepted, cost=cost
    )
    return (*events, published)


def _take_volumes(
    state: State, pending: list[Intent], taken: Standing, cycle: Cycle
) -> list[e.Event]:
    events: list[e.Event] = []
    for intent in pending:
        extent = intent.proposal
        if extent is None or isinstance(extent, Path4D):
            continue
        met = state.met(intent, extent, despite=())
        among = taken.met(intent.name, intent.party, extent)
        if met or among:
            names = (*met.intents, *among.intents)
            events.append(_refused(intent, extent, cycle, names, met.constraints))
        else:
            taken.put(intent.name, intent.party, extent)
            events.append(_accepted(intent, extent, cycle))
    return events


def _plan_flights(
    state: State, pending: list[Intent], planned: list[Volume], taken: Standing, cycle: Cycle
) -> tuple[list[e.Event], int]:
    if not pending:
        return [], 0
    asked: dict[str, Trajectory] = {}
    for intent in pending:
        path = intent.proposal
        if isinstance(path, Path4D):
            flight = state.standing.flight(path, intent.name, intent.party)
            asked[intent.name] = with_(flight, priority=intent.priority)
    latest = max(span(i.proposal)[1] for i in pending if i.proposal is not None)
    window = (cycle.start, latest + timedelta(seconds=2 * state.charter.grid.delay_most))
    fixed, closed = obstacles(state, window)
    grid = state.charter.grid.on_ground()
    still = Manoeuvres.none()
    everything = Flights.from_trajectories([*asked.values(), *fixed])
    plan = resolve_conflicts(
        everything,
        volumes=[*closed, *planned],
        manoeuvres={**dict.fromkeys(asked, grid), **{f.id: still for f in fixed}},
        separation=state.charter.separation,
        same_party=False,
    )
    return _answers(state, pending, plan, taken, cycle), plan.cost


def _answers(
    state: State, pending: list[Intent], plan: Plan, taken: Standing, cycle: Cycle
) -> list[e.Event]:
    """Answer each flight; where the plan left a conflict, who comes first has it."""
    change = {row.flight: row for row in plan.changes}
    flies = dict(zip(plan.flights.ids, range(len(plan.flights)), strict=True))
    events: list[e.Event] = []
    for intent in pending:
        if not isinstance(intent.proposal, Path4D):
            continue
        row = change.get(intent.name)
        moved = intent.proposal if row is None else path_of(plan.flights[flies[intent.name]])
        met = state.met(intent, moved, despite=())
        among = taken.met(intent.name, intent.party, moved)
        if met or among:
            names = (*met.intents, *among.intents)
            events.append(_refused(intent, intent.proposal, cycle, names, met.constraints))
            continue
        taken.put(intent.name, intent.party, moved)
        offer = None
        if row is not None:
            offer = point(row.delay, row.feet, row.offset, row.speed, row.cost, None)
        events.append(_accepted(intent, moved, cycle, offer))
    return events


def obstacles(
    state: State, window: tuple[datetime, datetime]
) -> tuple[list[Trajectory], list[Volume]]:
    """Give what stands during a window: trajectories, and volumes with constraints.

    A limited constraint is open to one party in the joint search if it permits just one; else
    it is closed there, and a party that may enter it can file outside the cycle.
    """
    flights: list[Trajectory] = []
    volumes: list[Volume] = []
    # by name: what is decided may not hang on the order in which a desk came to know things
    for _, intent in sorted(state.intents.items()):
        if not intent.stands or intent.extent is None:
            continue
        begin, end = span(intent.extent)
        extent: Extent = intent.extent
        if isinstance(extent, Path4D):
            if begin < window[1] and end > window[0]:
                flights.append(state.standing.flight(extent, intent.name, intent.party))
        else:
            volumes.extend(state.standing.volumes(extent, intent.name, intent.party))
        if intent.off_nominal:
            volumes.extend(state.standing.volumes(intent.off_nominal, intent.name, intent.party))
    for _, constraint in sorted(state.constraints.items()):
        alone = constraint.effect is Effect.LIMITED and len(constraint.permitted) == 1
        owner = constraint.permitted[0] if alone else ""
        volumes.extend(volumes_of(constraint.volumes, f"constraint:{constraint.id}", owner))
    return flights, volumes


def _accepted(
    intent: Intent, extent: Extent, cycle: Cycle, changed: Offer | None = None
) -> e.IntentAccepted:
    return e.IntentAccepted(
        party=intent.party, intent=intent.id, version=intent.version + 1,
        state=IntentState.ACCEPTED, extent=extent, precedence=intent.asked, changed=changed,
        cycle=cycle.id,
    )  # fmt: skip


def _refused(
    intent: Intent, extent: Extent, cycle: Cycle, met: tuple[str, ...], constraints: tuple[str, ...]
) -> e.IntentRefused:
    return e.IntentRefused(
        party=intent.party, intent=intent.id, version=intent.version + 1,
        state=IntentState.REFUSED, extent=extent, precedence=intent.asked,
        because="constraint" if constraints else "conflict",
        constraints=constraints, met=tuple(sorted(met)), cycle=cycle.id,
    )  # fmt: skip
