"""The page of conflicts: who flew where, and where separation was lost."""

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Conflicts, Constraint, Flights, Separation, Volume
from detente.chart.land import SOURCE, land
from detente.chart.marks import Marks
from detente.chart.page import MAP_SCRIPTS, MAP_STYLES, assemble, write_page
from detente.chart.thinning import Thinned, thin
from detente.chart.traffic import Clock, flights_block, volumes_block
from detente.errors import InputError

__all__ = ["MOST_FIXES", "minima_block", "notes", "write_conflict_chart"]

MOST_FIXES = 400_000
"""About 3 MB of page and a third of a second to draw in full."""


def notes(
    thinned: Thinned,
    of: Flights,
    *,
    flights: int,
    fixes_but: str = ", and none within two minutes of a conflict",
    flights_but: str = "in a conflict",
) -> list[str]:
    """Say what a page does not draw of these fixes and so many flights; and whence its land."""
    notes = []
    if thinned.fixes_left_out:
        notes.append(
            f"Drawn with {thinned.flights.fixes:,} of {of.fixes:,} fixes: those left out lie "
            f"within {thinned.metres:,.0f} m and {thinned.feet:,.0f} ft of the motion drawn"
            f"{fixes_but}."
        )
    if thinned.flights_left_out:
        notes.append(
            f"{thinned.flights_left_out:,} of {flights:,} flights are not drawn; none of them "
            f"is {flights_but}."
        )
    return [*notes, SOURCE]


def minima_block(separation: Separation | None) -> dict[str, float] | None:
    """Give the minima of a run as the pages read them."""
    if separation is None:
        return None
    return {"metres": separation.horizontal, "feet": separation.vertical}


def write_conflict_chart(
    flights: Flights,
    conflicts: Conflicts,
    path: str | os.PathLike[str],
    *,
    volumes: Sequence[Volume | Constraint] = (),
    against: Flights | None = None,
    separation: Separation | None = None,
    title: str = "Conflicts",
    most_fixes: int = MOST_FIXES,
) -> None:
    """Write one self-contained page that shows flights, volumes and conflicts over time.

    It opens in a browser with no network: coastlines, code and data are in it. Anything that
    came from a file (identifiers, names, the title) is shown as text and never run.

    Parameters
    ----------
    flights : the flights that were searched.
    conflicts : what was found.
    path : the page to write; replaced whole if it exists.
    volumes : volumes and constraints that the conflicts were sought with.
    against : the other set, where flights were compared with another.
    separation : the minima of the run; shown in words and as circles around close pairs.
    title : the page's heading.
    most_fixes : with more than these, fixes that add little to the picture are left out, and
        the page says how many and by how much it errs.

    Raises
    ------
    InputError : no flights, a conflict of flights or volumes that were not given, or a path
        that cannot be written.
    """
    everyone = flights if against is None else Flights.from_trajectories([*flights, *against])
    if not len(everyone):
        raise InputError("no flights to draw", mend="give at least one flight")
    marks = Marks.of(conflicts, everyone.ids, volumes)
    near = list(marks.stretches())
    thinned = thin(everyone, most_fixes, whole=near, needed={i for i, _, _ in near})
    drawn = thinned.flights

    def place(of: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(thinned.kept, of)

    clock = Clock.spanning(int(everyone.time.min()), int(everyone.time.max()))
    page = assemble(
        title=title,
        body="conflicts.html",
        styles=MAP_STYLES,
        scripts=(*MAP_SCRIPTS, "legend.js", "list.js", "conflicts.js"),
        data={
            "clock": clock.block(),
            "flights": flights_block(drawn, clock),
            "conflicts": marks.with_flights_at(place).block(clock),
            "volumes": volumes_block(volumes, clock),
            "about": {
                "flights": len(everyone),
                "pairs": conflicts.pairs,
                "minima": minima_block(separation),
                "notes": notes(thinned, everyone, flights=len(everyone)),
            },
            "land": land(),
        },
    )
    write_page(page, path)
