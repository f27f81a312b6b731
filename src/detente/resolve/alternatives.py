"""One new flight against a standing set that may not move: what it could fly instead."""

from dataclasses import dataclass

import numpy as np

from detente.airspace import Trajectory
from detente.detect.index import Index
from detente.resolve.closed import Closed
from detente.resolve.manoeuvre import Manoeuvres, Variant, delayed, variants
from detente.resolve.offers import offers

__all__ = ["Alternative", "find_alternatives"]


@dataclass(frozen=True, eq=False, slots=True)
class Alternative:
    """One way to fly in which nothing is met.

    Parameters
    ----------
    trajectory : what would be flown.
    delay : seconds later than filed.
    variant : the level, offset or speed.
    cost : as the flight's manoeuvres count it.
    """

    trajectory: Trajectory
    delay: int
    variant: Variant
    cost: int


def find_alternatives(
    index: Index,
    flight: Trajectory,
    *,
    manoeuvres: Manoeuvres | None = None,
    closed: Closed | None = None,
    most: int = 5,
    same_party: bool = True,
) -> list[Alternative]:
    """Rank what a flight could fly instead, on a grid of slots, levels and offsets.

    The grid is public: it follows from the flight and its manoeuvres alone. What stands only
    decides which of its points are given, never where they lie.

    Parameters
    ----------
    index : what stands and may not move.
    flight : the new one.
    manoeuvres : what it may do.
    closed : constraints.
    most : how many to give.
    same_party : whether flights of its own party are kept clear.

    Returns
    -------
    The cheapest first, of equal cost the less delayed; as filed first of all, if it is free. Of
    each variant the earliest free slot only, so that there is something to choose from.

    Examples
    --------
    >>> import numpy as np
    >>> def flight(id, lat, lon):
    ...     return Trajectory(id, np.array([0, 600_000_000_000]), np.array(lat), np.array(lon),
    ...                       np.array([35000.0, 35000.0]))
    >>> index = Index()
    >>> index.add(flight("east", [50.0, 50.0], [4.0, 6.0]))
    >>> offers = find_alternatives(index, flight("north", [49.4, 50.6], [5.0, 5.0]), most=3)
    >>> [(o.variant.level, o.delay, o.cost) for o in offers]
    [(-1, 0, 25), (1, 0, 25), (-2, 0, 50)]

    See Also
    --------
    resolve_conflicts : a whole set jointly.
    """
    own = manoeuvres or Manoeuvres()
    index.since(int(flight.time[0]))
    found = offers(index, flight.id, variants(flight, own), own, closed, same_party=same_party)
    delays = own.delays
    free = []
    for v, variant in enumerate(found.variants):
        slots = np.flatnonzero(found.count[v] == 0)
        if len(slots):
            k = int(slots[0])
            free.append((int(found.cost[v, k]), delays[k], v, variant))
    free.sort(key=lambda row: row[:3])
    return [
        Alternative(delayed(variant.trajectory, delay), delay, variant, cost)
        for cost, delay, _, variant in free[:most]
    ]
