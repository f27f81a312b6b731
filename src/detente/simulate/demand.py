"""Who flies from where to where, when, and in what.

Pairs follow a gravity model: demand decays exponentially with distance, and the balancing
factors see to it that each airport has its size (A. G. Wilson, "A statistical theory of spatial
distribution models", Transportation Research 1, 1967, the doubly constrained case). Departures
have a morning and an evening peak in local solar time, and stop at night.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.earth import MEAN_RADIUS
from detente.simulate.aircraft import Profile
from detente.simulate.airport import Airports

__all__ = ["Demand", "draw_demand"]

SHORTEST = 150_000.0
"""Metres between two airports with a flight between them."""
DECAY = 365_000.0
"""Metres in which demand falls to 1/e."""
BALANCE = 40
"""Iterations; the sizes are then met within 0.1 %."""
BUSIEST = 40.0 / 30_000.0
"""The largest part of all demand between two airports, each way: an assumption, a little above
what the busiest pairs of Europe see. Without it, two large airports far from all others would
be each other's only neighbours and exchange hundreds of flights a day."""
ROUNDS = 30
"""How often what is over that is shared out again; the sizes are then met within 5 %."""
DAY = 86_400.0
FIRST, LAST = 5.0, 23.0
"""Local solar hours between which flights leave."""
PEAKS = ((7.5, 1.3, 1.6), (17.5, 1.8, 1.4))
"""Hour, standard deviation in hours, height above the plateau of 1."""


@dataclass(frozen=True, eq=False, slots=True)
class Demand:
    """Flights before they are flown, in the order of their departure.

    Parameters
    ----------
    origin, destination : (n,) rows of the airports.
    departure : (n,) seconds from the first day's midnight, UTC; whole ones.
    kind : (n,) rows of the kinds of aircraft.
    """

    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    departure: NDArray[np.float64]
    kind: NDArray[np.int64]


def draw_demand(
    n: int, airports: Airports, profile: Profile, days: int, rng: np.random.Generator
) -> Demand:
    """Draw n flights over so many days."""
    distance = _distances(airports)
    near = (distance >= SHORTEST) & (distance <= profile.reach.max())
    pull = _balance(np.where(near, np.exp(-distance / DECAY), 0.0), airports.size)
    pair = _draw(np.cumsum(pull), rng.random(n))
    origin, destination = np.divmod(pair, len(airports.size))

    minutes = np.arange(24 * 60) / 60.0
    rate = np.ones(len(minutes))
    for hour, width, height in PEAKS:
        rate += height * np.exp(-0.5 * ((minutes - hour) / width) ** 2)
    rate[(minutes < FIRST) | (minutes >= LAST)] = 0.0
    local = (_draw(np.cumsum(rate), rng.random(n)) + rng.random(n)) * 60.0
    departure = np.floor(local - airports.lon[origin] / 360.0 * DAY)
    departure += DAY * rng.integers(days, size=n)

    length = distance[origin, destination]
    fits = (length[:, None] >= profile.reach[:, 0]) & (length[:, None] <= profile.reach[:, 1])
    shares = np.cumsum(np.where(fits, profile.share, 0.0), axis=1)
    kind = (shares <= (rng.random(n) * shares[:, -1])[:, None]).sum(axis=1)

    order = np.argsort(departure, kind="stable")
    return Demand(origin[order], destination[order], departure[order], kind[order])


def _balance(pull: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale a symmetric matrix so that its rows add up to the sizes (Wilson 1967, eq. 15).

    The geometric mean of the old factor and the new keeps the iteration from swinging.
    """
    factor = np.sqrt(size)
    for _ in range(BALANCE):
        factor = np.sqrt(factor * size / (pull @ factor))
    balanced: NDArray[np.float64] = pull * np.outer(factor, factor)
    most = BUSIEST * size.sum()
    for _ in range(ROUNDS):
        balanced = np.minimum(balanced, most)
        factor = np.sqrt(size / balanced.sum(axis=1))
        balanced = balanced * np.outer(factor, factor)
    held: NDArray[np.float64] = np.minimum(balanced, most)
    return held


def _draw(cumulated: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw positions in proportion to the weights that were cumulated."""
    drawn: NDArray[np.int64] = np.searchsorted(cumulated, uniform * cumulated[-1], side="right")
    return drawn


def _distances(airports: Airports) -> NDArray[np.float64]:
    """Give the metres between all airports, on a sphere: to weigh demand, no more is needed."""
    lat, lon = np.radians(airports.lat), np.radians(airports.lon)
    cosine = np.outer(np.sin(lat), np.sin(lat)) + np.outer(np.cos(lat), np.cos(lat)) * np.cos(
        lon[:, None] - lon
    )
    metres: NDArray[np.float64] = MEAN_RADIUS * np.arccos(np.clip(cosine, -1.0, 1.0))
    return metres
