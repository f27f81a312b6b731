"""Less for those who pay: alone, in place of one other, or with a few others exactly."""

import numpy as np

from detente.resolve.neighbourhood import around, together
from detente.resolve.offers import Offers
from detente.resolve.search import BATCH, Search

__all__ = ["improve"]

_TRIES = 4
_SOME = 6
_DEAREST = 100


def _eject(work: Search, id: str, found: Offers) -> None:
    """Let a flight that pays take a cheaper option from one other, if both then pay less."""
    seat = work.seats[id]
    places = np.argwhere((found.count == 1) & (found.cost < seat.cost))
    order = np.argsort(found.cost[places[:, 0], places[:, 1]], kind="stable")
    tried: set[int] = set()
    for v, k in places[order].tolist():
        partners = found.partners(v, k)
        if len(partners) != 1 or partners[0] in tried:
            continue
        tried.add(partners[0])
        other = work.index.name(partners[0])
        if other in work.seats and _swap(work, id, found, (v, k), other):
            return
        if len(tried) == _TRIES or work.late():
            return


def _swap(work: Search, id: str, found: Offers, at: tuple[int, int], other: str) -> bool:
    """Put a flight where another is in its way, and that one elsewhere, if it pays."""
    worth = work.left(), work.cost, work.burden.measure()
    before = len(work.journal)
    work.place(id, found.variants[at[0]], at[1])
    answer = work.weigh(other)
    best = answer.best()
    work.place(other, answer.variants[best[0]], best[1])
    if (work.left(), work.cost, work.burden.measure()) < worth:
        return True
    work.undo(before)
    return False


def _polish(work: Search, ids: list[str], size: int) -> None:
    """Solve each of these exactly, together with those that are in its way."""
    for id in ids:
        if work.late():
            return
        if id in work.open or work.seats[id].cost:
            together(
                work,
                around(work, [id, *sorted(work.seats[id].met & work.seats.keys())], size),
                seconds=2.0,
            )
            work.tell("polish")


def improve(work: Search, rounds: int) -> None:
    """Let those who pay look for less, the dearest first, in so many rounds."""
    for _ in range(rounds):
        work.push()
        paying = sorted(
            (id for id, s in work.seats.items() if s.cost > 0),
            key=lambda id: (-work.seats[id].cost, id),
        )
        before = work.cost, work.burden.measure()
        for lo in range(0, len(paying), BATCH):
            if work.late():
                return
            ids = paying[lo : lo + BATCH]
            for id, found in zip(ids, work.weigh_all(ids), strict=True):
                seat = work.seats[id]
                at = found.best()
                if not found.count[at] and found.cost[at] < seat.cost:
                    work.take(id, found, at, len(seat.met) + seat.closed)
                else:
                    _eject(work, id, found)
            work.tell("improve")
        _polish(work, paying[:_DEAREST], _SOME)
        if (work.cost, work.burden.measure()) == before:
            return
