"""Every option of one flight, weighed against all that stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Flights, Trajectory
from detente.detect.encounter import ROW
from detente.detect.index import Index
from detente.detect.legs import Legs, lay_one, legs_of, room
from detente.resolve.closed import Closed
from detente.resolve.manoeuvre import Manoeuvres, Variant
from detente.resolve.slots import taken

__all__ = ["Offers", "offers"]


@dataclass(frozen=True, eq=False, slots=True)
class Offers:
    """What each option of a flight costs and conflicts with; slot k leaves k steps later.

    Parameters
    ----------
    variants : V of them, the first as filed.
    cost : (V, S) int64.
    count : (V, S) int32, with how many flights and constraints the option conflicts.
    who : (k,) int32, the numbers (in the index) of the flights met by any option.
    met : (k, V, S) bool, which options each of them conflicts with.
    """

    variants: Sequence[Variant]
    cost: NDArray[np.int64]
    count: NDArray[np.int32]
    who: NDArray[np.int32]
    met: NDArray[np.bool_]

    def best(self) -> tuple[int, int]:
        """Give (variant, slot) with the fewest conflicts, of those the cheapest, the first."""
        fewest = self.count.min()
        cost = np.where(self.count == fewest, self.cost, np.iinfo(np.int64).max)
        at = int(cost.argmin())
        return at // self.cost.shape[1], at % self.cost.shape[1]

    def partners(self, variant: int, slot: int) -> list[int]:
        """Give the numbers of the flights that an option conflicts with."""
        return [int(g) for g in self.who[self.met[:, variant, slot]]]


def offers(
    index: Index,
    id: str,
    variants: Sequence[Variant],
    manoeuvres: Manoeuvres,
    closed: Closed | None = None,
    *,
    same_party: bool = True,
) -> Offers:
    """Weigh the options of a flight.

    Parameters
    ----------
    index : what stands; one of this identifier in it is left out.
    id : the flight's identifier.
    variants : what it may fly, undelayed. Those that differ only in altitude are weighed in
        one go if they share their arrays of time and place.
    manoeuvres : its delays and what a minute costs.
    closed : constraints, or None.
    same_party : whether flights of its own party count.

    Notes
    -----
    Reads the index only: many threads may weigh at the same time, but none may add or remove.
    """
    step = manoeuvres.delay_step
    slots = len(manoeuvres.delays)
    own = index.number(id)
    party = -1 if same_party else index.party_number(variants[0].trajectory.party)
    waits = np.array([manoeuvres.cost_of_delay(s) for s in manoeuvres.delays], dtype=np.int64)
    cost = np.array([v.cost for v in variants], dtype=np.int64)[:, None] + waits
    count = np.zeros((len(variants), slots), dtype=np.int32)
    seen: dict[int, NDArray[np.bool_]] = {}
    for route in _routes(variants):
        legs, alts = _laid(index, [variants[v].trajectory for v in route])
        who, mask = taken(
            legs.rows, legs.flight, legs.lat, legs.lon, legs.reach, len(legs), alts, own,
            party, float(step), slots, *index.memory,
        )  # fmt: skip
        bits = np.unpackbits(mask.view(np.uint8), axis=-1, bitorder="little")[:, :, :slots]
        for g, met in zip(who.tolist(), bits.view(np.bool_), strict=True):
            place = seen.get(g)
            if place is None:
                place = seen[g] = np.zeros((len(variants), slots), dtype=np.bool_)
            place[route] = met
        if len(who):
            count[route] += bits.sum(axis=0, dtype=np.int32)
        if closed is not None:
            open_to = "" if same_party else variants[0].trajectory.party
            count[route] += closed.count(legs, alts, float(step), slots, open_to)
    met_by = np.array(list(seen.values()), dtype=np.bool_).reshape(-1, len(variants), slots)
    return Offers(variants, cost, count, np.array(list(seen), dtype=np.int32), met_by)


def _routes(variants: Sequence[Variant]) -> list[list[int]]:
    """Put together the variants that differ in altitude only."""
    routes: dict[tuple[int, int, int], list[int]] = {}
    for k, v in enumerate(variants):
        t = v.trajectory
        routes.setdefault((id(t.time), id(t.lat), id(t.lon)), []).append(k)
    return list(routes.values())


def _laid(index: Index, route: list[Trajectory]) -> tuple[Legs, NDArray[np.float64]]:
    """Lay out one route, and each variant's altitudes at its rows."""
    first = route[0]
    legs = room(len(first.time), index.epoch)
    if not lay_one(legs, first, index.epoch, index.separation):
        return legs, np.stack([t.alt for t in route])
    each = [
        legs_of(Flights.from_trajectories([t]), index.separation, epoch=index.epoch) for t in route
    ]
    return each[0], np.stack([one.rows[4::ROW] for one in each])
