"""The page of conflicts: who flew where, and where separation was lost."""

import os
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detente.airspace import Conflicts, Constraint, Flights, Separation, Volume
from detente.chart.columns import pack
from detente.chart.land import SOURCE, land
from detente.chart.page import assemble, write_page
from detente.chart.thinning import Thinned, thin
from detente.chart.traffic import DEGREE, Clock, flights_block, volumes_block
from detente.errors import InputError

__all__ = ["write_conflict_chart"]

_KINDS = ("flight-flight", "flight-volume", "volume-volume")
_MOST_FIXES = 400_000
"""About 3 MB of page and a third of a second to draw in full."""
_WHOLE = 120 * 1_000_000_000
"""Nanoseconds before and after a conflict in which no fix is left out."""
_STYLES = ("shell.css", "map.css", "conflicts.css")
_SCRIPTS = (
    "shell.js",
    "columns.js",
    "traffic.js",
    "globe.js",
    "gestures.js",
    "land.js",
    "volumes.js",
    "tracks.js",
    "labels.js",
    "clock.js",
    "strip.js",
    "marks.js",
    "list.js",
    "facts.js",
    "stage.js",
    "keys.js",
    "conflicts.js",
)


def _nanoseconds(table: pa.Table, name: str) -> NDArray[np.int64]:
    values: NDArray[np.int64] = table[name].cast(pa.int64()).to_numpy()
    return values


def _places(
    table: pa.Table,
    flights: Sequence[str],
    volumes: Sequence[Volume | Constraint],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find both of each conflict: the place of a flight, or of a volume among the volumes."""
    # Of two sets, a is in the first and b in the second, also where they share a name.
    last = {name: i for i, name in enumerate(flights)}
    first = {name: i for i, name in reversed(list(enumerate(flights)))}
    shapes: dict[str, int] = {}
    row = 0
    for given in volumes:
        shapes.setdefault(given.id, row)
        row += len(given.volumes) if isinstance(given, Constraint) else 1
    kinds = table["kind"].to_pylist()
    sides: list[NDArray[np.int64]] = []
    for side, known in (("a", first), ("b", last)):
        volume_kinds = _KINDS[2:] if side == "a" else _KINDS[1:]
        places = np.zeros(len(kinds), dtype=np.int64)
        for row, (kind, name) in enumerate(zip(kinds, table[side].to_pylist(), strict=True)):
            found = (shapes if kind in volume_kinds else known).get(name)
            if found is None:
                raise InputError(
                    f"a conflict names {name!r}, which is not among the flights and volumes given",
                    row=row + 1,
                    field=side,
                    mend="give the flights and volumes that the conflicts were found in",
                )
            places[row] = found
        sides.append(places)
    return sides[0], sides[1]


def _together(flights: Flights, against: Flights | None) -> Flights:
    if against is None:
        return flights
    return Flights.from_trajectories([*flights, *against])


def _conflicts_block(
    table: pa.Table,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    clock: Clock,
) -> dict[str, object]:
    def whole(name: str, scale: float = 1.0) -> NDArray[np.int64]:
        scaled: NDArray[np.int64] = np.rint(table[name].to_numpy() * scale).astype(np.int64)
        return scaled

    kind = np.array([_KINDS.index(name) for name in table["kind"].to_pylist()], dtype=np.int64)
    return {
        "packed": pack(
            {
                "kind": kind,
                "a": a,
                "b": b,
                "entry": clock.ticks(_nanoseconds(table, "entry")),
                "exit": clock.ticks(_nanoseconds(table, "exit")),
                "closest": clock.ticks(_nanoseconds(table, "closest")),
                "horizontal": whole("horizontal_m"),
                "vertical": whole("vertical_ft"),
                "lat": whole("lat", DEGREE),
                "lon": whole("lon", DEGREE),
                "alt": whole("alt_ft"),
                "severity": whole("severity", 10_000),
            }
        )
    }


def _notes(thinned: Thinned, of: Flights) -> list[str]:
    notes = []
    if thinned.fixes_left_out:
        notes.append(
            f"Drawn with {thinned.flights.fixes:,} of {of.fixes:,} fixes: those left out lie "
            f"within {thinned.metres:,.0f} m and {thinned.feet:,.0f} ft of the motion drawn, and "
            "none within two minutes of a conflict."
        )
    if thinned.flights_left_out:
        notes.append(
            f"{thinned.flights_left_out:,} of {len(of):,} flights are not drawn; none of them "
            "is in a conflict."
        )
    return [*notes, SOURCE]


def write_conflict_chart(
    flights: Flights,
    conflicts: Conflicts,
    path: str | os.PathLike[str],
    *,
    volumes: Sequence[Volume | Constraint] = (),
    against: Flights | None = None,
    separation: Separation | None = None,
    title: str = "Conflicts",
    most_fixes: int = _MOST_FIXES,
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
    table = conflicts.table
    everyone = _together(flights, against)
    if not len(everyone):
        raise InputError("no flights to draw", mend="give at least one flight")
    a, b = _places(table, everyone.ids, volumes)
    entry, leave = _nanoseconds(table, "entry"), _nanoseconds(table, "exit")
    kind = np.array(table["kind"].to_pylist(), dtype=object)
    a_flies, b_flies = kind != _KINDS[2], kind == _KINDS[0]
    near = [
        (int(i), int(entry[row]) - _WHOLE, int(leave[row]) + _WHOLE)
        for side, flies in ((a, a_flies), (b, b_flies))
        for row, i in enumerate(side)
        if flies[row]
    ]
    thinned = thin(everyone, most_fixes, whole=near, needed={i for i, _, _ in near})
    drawn = thinned.flights
    if thinned.flights_left_out:
        place = np.full(len(everyone), -1, dtype=np.int64)
        place[thinned.kept] = np.arange(len(drawn))
        a, b = np.where(a_flies, place[a], a), np.where(b_flies, place[b], b)
    times = [everyone.time, entry, leave]
    clock = Clock.spanning(
        min(int(t.min()) for t in times if len(t)), max(int(t.max()) for t in times if len(t))
    )
    minima = separation and {"metres": separation.horizontal, "feet": separation.vertical}
    page = assemble(
        title=title,
        body="conflicts.html",
        styles=_STYLES,
        scripts=_SCRIPTS,
        data={
            "clock": clock.block(),
            "flights": flights_block(drawn, clock),
            "conflicts": _conflicts_block(table, a, b, clock),
            "volumes": volumes_block(volumes, clock),
            "about": {
                "flights": len(everyone),
                "pairs": conflicts.pairs,
                "minima": minima,
                "notes": _notes(thinned, everyone),
            },
            "land": land(),
        },
    )
    write_page(page, path)
