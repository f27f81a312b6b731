"""A few flights of the search at a time, taken out and solved exactly among the others.

A large neighbourhood search (P. Shaw, CP 1998): what local steps leave, because several flights
must move at once, a proof over a dozen of them finds or rules out.
"""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from detente.resolve.component import problem_of
from detente.resolve.manoeuvre import variants
from detente.resolve.problem import value

if TYPE_CHECKING:
    from detente.resolve.search import Search

__all__ = ["around", "together"]


def around(work: "Search", ids: list[str], most: int) -> list[str]:
    """Add to some flights those that are most in the way of their cheaper or freer options."""
    group = list(ids)
    for id in group:
        if len(group) >= most:
            break
        seat = work.seats[id]
        found = work.weigh(id, thoroughly=True)
        worth = (found.count <= 2) & ((found.cost < seat.cost) | (id in work.open))
        weight: Counter[str] = Counter()
        for number, met in zip(found.who.tolist(), found.met, strict=True):
            other = work.index.name(number)
            if other in work.seats and other not in group:
                weight[other] += int((met & worth).sum())
        near = sorted((-n, other) for other, n in weight.items() if n)
        group.extend(other for _, other in near[: max(1, (most - len(group)) // 2)])
    return group[:most]


def together(work: "Search", ids: list[str], *, seconds: float) -> bool | None:
    """Solve some flights together, all others as they are; take the answer if it is better.

    Returns
    -------
    Whether what they now fly is proven to be their best among the others; None if nothing was
    tried, because there is no such flight.
    """
    if not ids:
        return None
    seats = [work.seats[id] for id in ids]
    for seat in seats:
        if not seat.all_choices:
            seat.choices = variants(seat.trajectory, seat.manoeuvres)
            seat.all_choices = True
    cost = work.burden.cost.copy()
    for seat in seats:
        cost[seat.party] -= seat.cost
    part = problem_of(
        [seat.choices for seat in seats],
        [seat.manoeuvres for seat in seats],
        standing=work.index,
        closed=work.closed,
        rank=np.array([seat.rank for seat in seats], dtype=np.int16),
        party=np.array([seat.party for seat in seats], dtype=np.int32),
        share=work.burden.share,
        borne=cost,
        same_party=work.same_party,
    )
    present = []
    for f, seat in enumerate(seats):
        now = seat.variant
        v = next(
            k
            for k, one in enumerate(seat.choices)
            if (one.level, one.offset, one.speed) == (now.level, now.offset, now.speed)
        )
        present.append(part.number(f, v, seat.slot * seat.manoeuvres.delay_step))
    # the solver takes most of a second to import, and few runs come here
    from detente.resolve.exact import optimum

    found = optimum(part.problem, fairness=work.burden.fairness, seconds=seconds, seed=work.seed)
    if found.value < value(part.problem, present, work.burden.fairness):
        for f, (id, option) in enumerate(zip(ids, found.choice.tolist(), strict=True)):
            if option != present[f]:
                variant, delay = part.option(f, option)
                slot = delay // seats[f].manoeuvres.delay_step
                work.place(id, variant, slot)
    return found.proven
