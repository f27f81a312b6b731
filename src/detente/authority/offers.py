"""Alternatives: the points of the public grid that are free for one flight."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from detente.airspace import Trajectory
from detente.authority.extent import (
    Extent,
    Path4D,
    Volume4D,
    instant,
    later,
    path_of,
)
from detente.authority.register import Intent, Offer
from detente.authority.state import State
from detente.resolve import Manoeuvres, find_alternatives
from detente.resolve.closed import Closed
from detente.resolve.manoeuvre import delayed, variants

__all__ = ["flown", "offers_for", "point"]


def offers_for(state: State, intent: Intent, extent: Extent, at: datetime) -> tuple[Offer, ...]:
    """Find what an intent could be instead of ``extent``: the cheapest points of the grid first.

    Each was asked of the same indexes as a filing, so it would be accepted now.
    """
    if isinstance(extent, Path4D):
        return tuple(_of_path(state, intent, extent, at))
    return tuple(_of_volumes(state, intent, extent, at))


def flown(state: State, intent: Intent, extent: Extent, offer: Offer) -> Extent | None:
    """Give what an intent becomes at a point of the grid.

    None where there is no such point, or the intent's shape does not allow it.

    Parameters
    ----------
    extent : what the offer is an alternative to.
    """
    own = _manoeuvres(state, offer.since)
    if offer.delay not in own.delays:
        return None
    if not isinstance(extent, Path4D):
        levels = {steps * own.level_gap for steps in (0, *own.level_steps)}
        return _moved(extent, offer) if offer.feet in levels else None
    flight = state.standing.flight(extent, intent.name, intent.party)
    for variant in variants(flight, own):
        if (variant.feet, variant.offset, variant.speed) == (
            offer.feet, offer.offset, offer.speed,
        ):  # fmt: skip
            return path_of(delayed(variant.trajectory, offer.delay))
    return None


def point(
    delay: int, feet: float, offset: float, speed: float, cost: int, since: datetime | None
) -> Offer:
    """Name a point of the grid by what it is.

    >>> point(300, -1000.0, 0.0, 1.0, 525, None).id
    'delay+300s,level-1000ft'
    """
    parts = [
        f"delay+{delay}s" if delay else "",
        f"level{feet:+.0f}ft" if feet else "",
        f"offset{offset:+.0f}m" if offset else "",
        f"speed{speed:g}" if speed != 1.0 else "",
    ]
    name = ",".join(part for part in parts if part) or "as-asked"
    return Offer(name, delay, feet, offset, speed, cost, since)


def _manoeuvres(state: State, since: datetime | None) -> Manoeuvres:
    grid = state.charter.grid
    return grid.on_ground() if since is None else grid.aloft(instant(since))


def _of_path(state: State, intent: Intent, path: Path4D, at: datetime) -> Iterator[Offer]:
    since = at if intent.airborne else None
    own = _manoeuvres(state, since)
    flight = state.standing.flight(path, intent.name, intent.party)
    permitted = state.permitted(intent.party)
    index, volumes = state.standing.near(flight, *_reach(own, flight), permitted)
    found = find_alternatives(
        index,
        flight,
        manoeuvres=own,
        closed=Closed(volumes, index) if volumes else None,
        most=state.charter.offers,
        same_party=False,
    )
    for one in found:
        if not state.standing.met_by(one.trajectory, permitted):
            v = one.variant
            yield point(one.delay, v.feet, v.offset, v.speed, one.cost, since)


def _reach(own: Manoeuvres, flight: Trajectory) -> tuple[float, float]:
    """Give how far aside and how much later any alternative may be, metres and seconds."""
    aside = max((abs(x) for x in own.offsets), default=0.0)
    slowest = min((*own.speeds, 1.0))
    slower = (1.0 / slowest - 1.0) * float(flight.time[-1] - flight.time[0]) * 1e-9
    # an offset is flown at the same speed over a longer way: at most two oblique ends more
    return aside + 1_000.0, own.delay_most + slower + 600.0 + aside / 20.0


def _of_volumes(
    state: State, intent: Intent, extent: tuple[Volume4D, ...], at: datetime
) -> Iterator[Offer]:
    """Of each level, the earliest free slot; volumes are not moved aside."""
    own = _manoeuvres(state, None)
    since = at if intent.airborne else None
    floor = state.charter.grid.floor
    found = []
    for steps in (0, *own.level_steps):
        feet = steps * own.level_gap
        lower = min(v.lower if v.lower is not None else float("-inf") for v in extent)
        if steps and lower + min(feet, 0.0) < min(floor, lower):
            continue
        cost = abs(steps) * (own.lower_cost if steps < 0 else own.higher_cost)
        for delay in (0,) if since else own.delays:
            offer = point(delay, feet, 0.0, 1.0, cost + own.cost_of_delay(delay), since)
            moved = _moved(extent, offer)
            if moved is not None and not state.met(intent, moved, despite=()):
                found.append(offer)
                break
    found.sort(key=lambda o: (o.cost, o.delay, abs(o.feet), o.feet))
    yield from found[: state.charter.offers]


def _moved(extent: tuple[Volume4D, ...], offer: Offer) -> tuple[Volume4D, ...] | None:
    """Move volumes to a point of the grid; of a flight in the air, those that it has not left."""
    if offer.offset or offer.speed != 1.0:
        return None
    if offer.since is None:
        return later(extent, offer.delay, offer.feet)
    gone = tuple(v for v in extent if cast(datetime, v.end) <= offer.since)
    rest = tuple(v for v in extent if cast(datetime, v.end) > offer.since)
    return (*gone, *later(rest, 0, offer.feet)) if rest else None
