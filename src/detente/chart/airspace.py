"""The page of what is known: intents by state, constraints, what is shared, and decisions."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from detente.airspace import Constraint, Flights, Reference, Volume
from detente.chart.conflicts import MOST_FIXES, notes
from detente.chart.land import land
from detente.chart.page import MAP_SCRIPTS, MAP_STYLES, assemble, write_page
from detente.chart.thinning import thin
from detente.chart.traffic import Clock, flights_block, volumes_block
from detente.errors import InputError

__all__ = ["STATES", "DecisionRow", "write_airspace_chart"]

STATES = (
    "accepted",
    "activated",
    "held",
    "refused",
    "pending",
    "nonconforming",
    "contingent",
    "ended",
    "undeclared",
)
"""The states of an intent that a page tells apart; ``page/states.js`` draws them.

Undeclared is no state of an intent: it is a track that nobody declared.
"""
_COMMON = {"accepted", "pending", "ended"}


class DecisionRow(NamedTuple):
    """One line of the table of decisions.

    Parameters
    ----------
    time : nanoseconds since 1970-01-01T00:00Z.
    flight : the intent that it is about, as the flights and volumes name it.
    decision : in a word, as "accepted".
    taken : what was taken, or why, in words.
    """

    time: int
    flight: str
    decision: str
    taken: str = ""


def write_airspace_chart(
    destination: str | os.PathLike[str],
    title: str,
    *,
    flights: Flights | None,
    states: Mapping[str, str],
    volumes: Sequence[Volume] = (),
    constraints: Sequence[Constraint] = (),
    shared: Sequence[Volume] = (),
    decisions: Sequence[DecisionRow] = (),
    note: str = "",
    most_fixes: int = MOST_FIXES,
) -> None:
    """Write one self-contained page that shows what one viewer knows of the airspace.

    It opens in a browser with no network, and shows what is given and nothing else: whoever
    calls it decides what the viewer may see. Intents are drawn by state; where they are of
    several parties, also by party.

    Parameters
    ----------
    destination : the page to write; replaced whole if it exists.
    title : the page's heading.
    flights : intents that are trajectories; None where there are none.
    states : by identifier, the state of each of the flights and volumes, of :data:`STATES`.
    volumes : intents that are volumes; those of one intent have its identifier.
    constraints : as published.
    shared : volumes that others occupy and share with the viewer.
    decisions : in any order; shown from the newest to the oldest.
    note : what else the page should say about itself.
    most_fixes : with more than these, fixes that add little to the picture are left out, and
        the page says how many and by how much it errs.

    Raises
    ------
    InputError : nothing at all that has a time, an intent with no state or an unknown one, or
        a path that cannot be written.

    See Also
    --------
    write_conflict_chart : flights and what went wrong between them.
    """
    flown = _none() if flights is None else flights
    for id in (*flown.ids, *(volume.id for volume in volumes)):
        if states.get(id) not in STATES:
            raise InputError(
                f"an intent in the state {states[id]!r}" if id in states else "no state is given",
                flight=id,
                field="states",
                mend=f"give one of {', '.join(STATES)}",
            )
    counted = Counter(states[id] for id in {*flown.ids, *(volume.id for volume in volumes)})
    clock = _clock(flown, (*volumes, *shared), constraints, decisions)
    rare = [i for i, id in enumerate(flown.ids) if states[id] not in _COMMON]
    thinned = thin(flown, most_fixes, needed=rare)
    drawn = thinned.flights
    rows = [
        {**row, "role": role, "state": STATES.index(states[row["id"]]) if role == "intent" else 0}
        for role, given in (("constraint", constraints), ("shared", shared), ("intent", volumes))
        for row in volumes_block(given, clock)
    ]
    page = assemble(
        title=title,
        body="airspace.html",
        styles=(*MAP_STYLES, "airspace.css"),
        scripts=(
            *MAP_SCRIPTS,
            "drawing.js",
            "legend.js",
            "states.js",
            "intents.js",
            "decisions.js",
            "airspace.js",
        ),
        data={
            "clock": clock.block(),
            "flights": flights_block(drawn, clock),
            "states": [STATES.index(states[id]) for id in drawn.ids],
            "volumes": rows,
            "decisions": [
                [int(clock.ticks(np.array([row.time]))[0]), row.flight, row.decision, row.taken]
                for row in sorted(decisions, key=lambda row: row.time)
            ],
            "about": {
                "note": note,
                "states": STATES,
                "counts": [counted[state] for state in STATES],
                "notes": notes(
                    thinned,
                    flown,
                    flights=len(flown),
                    fixes_but="",
                    flights_but=f"other than {', '.join(sorted(_COMMON))}",
                ),
            },
            "land": land(),
        },
    )
    write_page(page, destination)


def _none() -> Flights:
    """Make a set of no flights."""
    number, whole, no = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return Flights(
        ids=[],
        parties=[],
        offsets=np.zeros(1, np.int64),
        time=whole,
        lat=number,
        lon=number,
        alt=number,
        reference=Reference.PRESSURE,
        priority=np.zeros(0, np.int16),
        protection_h=number,
        protection_v=number,
        gap=no,
    )


def _clock(
    flights: Flights,
    volumes: Sequence[Volume],
    constraints: Sequence[Constraint],
    decisions: Sequence[DecisionRow],
) -> Clock:
    """Span the flights and the volumes; or, where neither has a time, what else has one."""
    for times in (
        [
            *(flights.time[[flights.time.argmin(), flights.time.argmax()]] if len(flights) else ()),
            *_times(volumes),
        ],
        _times(volume for constraint in constraints for volume in constraint.volumes),
        [row.time for row in decisions],
    ):
        if times:
            return Clock.spanning(int(min(times)), int(max(times)))
    raise InputError("nothing to draw", mend="give an intent, a constraint or a decision")


def _times(volumes: Iterable[Volume]) -> list[int]:
    return [t for volume in volumes for t in (volume.start, volume.end) if t is not None]
