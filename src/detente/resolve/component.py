"""A few real flights as a problem: a part of the conflict graph, taken out to be solved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.airspace import Flights, Trajectory
from detente.detect.encounter import ROW
from detente.detect.index import Index
from detente.detect.legs import Legs, legs_of
from detente.resolve.closed import Closed
from detente.resolve.manoeuvre import Manoeuvres, Variant, delayed
from detente.resolve.offers import offers
from detente.resolve.precedence import ranks
from detente.resolve.problem import Problem
from detente.resolve.slots import forbidden_differences

__all__ = ["Component", "problem_of"]


@dataclass(frozen=True, eq=False, slots=True)
class Component:
    """Some flights, what each may do, and the problem that this makes.

    Parameters
    ----------
    problem : option ``v * len(delays[f]) + k`` of flight f is its variant v, delayed by
        ``delays[f][k]``.
    variants : for each flight, as filed first.
    delays : for each flight, seconds, 0 first.
    """

    problem: Problem
    variants: list[Sequence[Variant]]
    delays: list[tuple[int, ...]]

    def option(self, flight: int, option: int) -> tuple[Variant, int]:
        """Give the variant and the seconds of delay of an option."""
        v, k = divmod(int(option), len(self.delays[flight]))
        return self.variants[flight][v], self.delays[flight][k]

    def number(self, flight: int, variant: int, delay: int) -> int:
        """Give the option of a variant (by position) and a delay in seconds."""
        return variant * len(self.delays[flight]) + self.delays[flight].index(delay)

    def flown(self, choice: ArrayLike) -> Flights:
        """Give the flights as a choice makes them."""
        options = (self.option(f, o) for f, o in enumerate(np.asarray(choice).tolist()))
        return Flights.from_trajectories(delayed(v.trajectory, d) for v, d in options)


def problem_of(
    choices: Sequence[Sequence[Variant]],
    manoeuvres: Sequence[Manoeuvres],
    *,
    standing: Index,
    closed: Closed | None = None,
    rank: NDArray[np.int16] | None = None,
    party: NDArray[np.int32] | None = None,
    share: NDArray[np.int64] | None = None,
    borne: NDArray[np.int64] | None = None,
    same_party: bool = True,
) -> Component:
    """Make a problem of a few flights among others that stay as they are.

    Two flights conflict by the difference of their delays alone, so each two variants are
    compared once, whatever the number of delays.

    Parameters
    ----------
    choices : for each flight its variants, as filed first
        (:func:`detente.resolve.manoeuvre.variants`).
    manoeuvres : for each flight its delays and what a minute costs.
    standing : what may not move. The flights themselves may stand in it; they are left out.
        Its separation and its seconds hold.
    closed : constraints, laid out for ``standing``.
    rank, party, share, borne : as in :class:`~detente.resolve.problem.Problem`; by default from
        the flights' priorities and parties.
    same_party : whether flights of one party are kept apart.

    Returns
    -------
    Component : its conflicts are those of :func:`detente.resolve.slots.forbidden_differences`,
        so an option that is free here is free for the engine.

    See Also
    --------
    detente.resolve.exact.optimum : solves it.
    """
    first = [variants[0].trajectory for variants in choices]
    delays = [limits.delays for limits in manoeuvres]
    cost, blocked = [], []
    members = {flight.id for flight in first}
    for flight, variants, limits in zip(first, choices, manoeuvres, strict=True):
        found = offers(standing, flight.id, variants, limits, closed, same_party=same_party)
        mine = [standing.name(int(g)) in members for g in found.who]
        met = found.count - found.met[np.array(mine, dtype=np.bool_)].sum(axis=0)
        cost.append(found.cost.ravel().astype(np.int64))
        blocked.append(met.ravel().astype(np.int64))
    legs = [[_laid(v.trajectory, standing) for v in variants] for variants in choices]
    boxes = [_box(mine, waits[-1]) for mine, waits in zip(legs, delays, strict=True)]
    clash = {}
    for f in range(len(first)):
        for g in range(f + 1, len(first)):
            if not same_party and first[f].party and first[f].party == first[g].party:
                continue
            if (boxes[f][0] >= boxes[g][1]).any() or (boxes[g][0] >= boxes[f][1]).any():
                continue
            matrix = _clashes(legs[f], legs[g], delays[f], delays[g])
            if matrix.any():
                clash[f, g] = matrix
    if rank is None:
        rank = ranks(np.array([flight.priority for flight in first], dtype=np.int16))
    if party is None:
        names = sorted({flight.party for flight in first})
        party = np.array([names.index(flight.party) for flight in first], dtype=np.int32)
    nothing = np.empty(0, dtype=np.int64)
    problem = Problem(
        cost=cost,
        rank=rank,
        party=party,
        clash=clash,
        blocked=blocked,
        share=nothing if share is None else share,
        borne=nothing if borne is None else borne,
    )
    return Component(problem, list(choices), delays)


def _laid(flight: Trajectory, standing: Index) -> Legs:
    """Lay out one variant as the standing flights are."""
    return legs_of(Flights.from_trajectories([flight]), standing.separation, epoch=standing.epoch)


def _box(legs: Sequence[Legs], latest: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the least and the largest (time, x, y, z) of a flight's options, with its minimum."""
    rows = np.concatenate([mine.rows for mine in legs]).reshape(-1, ROW)
    # each side takes the whole minimum, and chords lie up to 10 m below the ellipsoid
    margin = np.array([0.0, 1.0, 1.0, 1.0]) * (rows[:, 5].max() + 20.0)
    low, high = rows[:, :4].min(axis=0) - margin, rows[:, :4].max(axis=0) + margin
    high[0] += latest
    return low, high


def _clashes(
    one: Sequence[Legs], other: Sequence[Legs], waits: Sequence[int], others: Sequence[int]
) -> NDArray[np.bool_]:
    """Tell which options of two flights conflict."""
    difference = np.array(others)[None, :] - np.array(waits)[:, None]
    clash = np.zeros((len(one), len(waits), len(other), len(others)), dtype=np.bool_)
    for v, mine in enumerate(one):
        for w, theirs in enumerate(other):
            for low, high in forbidden_differences(mine, theirs).tolist():
                clash[v, :, w, :] |= (low < difference) & (difference < high)
    return clash.reshape(len(one) * len(waits), len(other) * len(others))
