"""The page of a plan: how flights were filed, how they fly in the plan, and who bears it."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Constraint, Flights, Separation, Volume
from detente.chart.columns import Packed, pack
from detente.chart.conflicts import MOST_FIXES, minima_block, notes
from detente.chart.land import land
from detente.chart.marks import Marks
from detente.chart.page import MAP_SCRIPTS, MAP_STYLES, assemble, write_page
from detente.chart.thinning import thin
from detente.chart.traffic import Clock, fixes_columns, flights_block, volumes_block
from detente.errors import InputError
from detente.resolve.change import Change
from detente.resolve.fairness import Balance
from detente.resolve.plan import Plan
from detente.resolve.precedence import name_of

__all__ = ["write_plan_chart"]


def write_plan_chart(
    filed: Flights,
    plan: Plan,
    path: str | os.PathLike[str],
    *,
    volumes: Sequence[Volume | Constraint] = (),
    separation: Separation | None = None,
    title: str = "Plan",
    most_fixes: int = MOST_FIXES,
) -> None:
    """Write one self-contained page that shows a plan: before and after, and what it costs whom.

    It opens in a browser with no network. It names the other side of each conflict, so it is
    for the authority's eyes.

    Parameters
    ----------
    filed : the flights that the plan was made for.
    plan : what they are to do.
    path : the page to write; replaced whole if it exists.
    volumes : volumes and constraints that the flights are kept from.
    separation : the minima of the run.
    title : the page's heading.
    most_fixes : with more than these, fixes that add little to the picture are left out, and
        the page says how many and by how much it errs.

    Raises
    ------
    InputError : no flights, a plan for other flights or volumes, or a path that cannot be
        written.

    See Also
    --------
    write_conflict_chart : the same flights, where nothing is planned.
    """
    if not len(filed):
        raise InputError("no flights to draw", mend="give at least one flight")
    if filed.ids != plan.flights.ids:
        raise InputError("the plan is for other flights", mend="give the flights as filed")
    number = {id: i for i, id in enumerate(filed.ids)}
    moved = np.array([number[change.flight] for change in plan.changes], dtype=np.int64)
    # One set: all as filed, then the moved ones as they fly in the plan.
    both = Flights.from_trajectories([*filed, *(plan.flights[i] for i in moved.tolist())])
    flown = np.arange(len(filed), dtype=np.int64)
    flown[moved] = len(filed) + np.arange(len(moved))

    before = Marks.of(plan.before, filed.ids, volumes)
    after = Marks.of(plan.remainder, filed.ids, volumes).with_flights_at(lambda i: flown[i])
    near = [*before.stretches(), *after.stretches()]
    needed = {*moved.tolist(), *flown[moved].tolist(), *(i for i, _, _ in near)}
    thinned = thin(both, most_fixes, whole=near, needed=needed)
    kept, drawn = thinned.kept, thinned.flights
    first = int(np.searchsorted(kept, len(filed)))

    def place(of: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(kept, of)

    clock = Clock.spanning(int(both.time.min()), int(both.time.max()))
    page = assemble(
        title=title,
        body="plan.html",
        styles=(*MAP_STYLES, "plan.css"),
        scripts=(
            *MAP_SCRIPTS,
            "drawing.js",
            "changes.js",
            "changelist.js",
            "planfacts.js",
            "bars.js",
            "plan.js",
        ),
        data={
            "clock": clock.block(),
            "flights": flights_block(drawn.take(range(first)), clock),
            "planned": _planned(drawn.take(range(first, len(drawn))), place(moved), clock),
            "before": before.with_flights_at(place).block(clock),
            "after": after.with_flights_at(place).block(clock),
            "unsolved": list(plan.unsolved),
            "changes": [_change(change) for change in plan.changes],
            "burden": [
                [one.party, one.flights, one.share, one.moved, one.delay, one.cost]
                for one in plan.accounts
            ],
            "volumes": volumes_block(volumes, clock),
            "about": {
                "flights": len(filed),
                "before": plan.before.pairs,
                "after": plan.remainder.pairs,
                "cost": plan.cost,
                "optimal": plan.optimal,
                "fairness": _fair(plan.fairness),
                "minima": minima_block(separation),
                "notes": notes(thinned, both, flights=len(filed)),
            },
            "land": land(),
        },
    )
    write_page(page, path)


def _planned(flights: Flights, of: NDArray[np.int64], clock: Clock) -> Packed:
    """Give the moved flights as ``page/changes.js`` reads them; ``of`` is where each was filed."""
    return pack({"of": of, **fixes_columns(flights, clock)})


def _change(change: Change) -> dict[str, Any]:
    said: dict[str, Any] = {
        "words": str(change).removeprefix(f"{change.flight}: "),
        "delay": change.delay,
        "feet": change.feet,
        "offset": change.offset,
        "speed": change.speed,
        "cost": change.cost,
    }
    if change.priority:
        said["precedence"] = name_of(change.priority)
    return said


def _fair(fairness: Balance) -> dict[str, Any]:
    return {"measure": fairness.measure, "jain": fairness.jain, "most": fairness.most}
