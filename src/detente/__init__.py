"""Detente: safety and record for airspace shared by parties who do not coordinate.

>>> import detente
>>> detente.Separation.parse("5nm", "1000ft").horizontal
9260.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.airspace import (
        Altitude,
        Circle,
        Conflict,
        Conflicts,
        Constraint,
        Flights,
        Polygon,
        Reference,
        Separation,
        Sighting,
        Trajectory,
        Volume,
        drop_outliers,
    )
    from detente.authority import Charter, Path4D, Volume4D, path_of
    from detente.client import AsyncClient, Client, Problem
    from detente.detect import Index, VolumeIndex, detect_conflicts
    from detente.errors import InputError
    from detente.formats import (
        read_flights,
        read_sightings,
        read_volumes,
        write_conflicts,
        write_flights,
    )
    from detente.ledger import open_ledger
    from detente.ledger.desk import Desk
    from detente.record import Occurrence, Statement
    from detente.record.report import report_of
    from detente.record.standing import standing_of
    from detente.resolve import (
        Alternative,
        Manoeuvres,
        Plan,
        find_alternatives,
        resolve_conflicts,
    )
    from detente.simulate import simulate_flights
    from detente.watch import Track
    from detente.watch.watch import Watch

__all__ = [
    "Alternative",
    "Altitude",
    "AsyncClient",
    "Charter",
    "Circle",
    "Client",
    "Conflict",
    "Conflicts",
    "Constraint",
    "Desk",
    "Flights",
    "Index",
    "InputError",
    "Manoeuvres",
    "Occurrence",
    "Path4D",
    "Plan",
    "Polygon",
    "Problem",
    "Reference",
    "Separation",
    "Sighting",
    "Statement",
    "Track",
    "Trajectory",
    "Volume",
    "Volume4D",
    "VolumeIndex",
    "Watch",
    "detect_conflicts",
    "drop_outliers",
    "find_alternatives",
    "open_ledger",
    "path_of",
    "read_flights",
    "read_sightings",
    "read_volumes",
    "report_of",
    "resolve_conflicts",
    "simulate_flights",
    "standing_of",
    "write_conflicts",
    "write_flights",
]

_HOME = {
    **dict.fromkeys(("Charter", "Path4D", "Volume4D", "path_of"), "authority"),
    "Desk": "ledger.desk",
    "open_ledger": "ledger",
    **dict.fromkeys(("AsyncClient", "Client", "Problem"), "client"),
    **dict.fromkeys(("Index", "VolumeIndex", "detect_conflicts"), "detect"),
    **dict.fromkeys(("InputError",), "errors"),
    **dict.fromkeys(
        ("read_flights", "read_sightings", "read_volumes", "write_conflicts", "write_flights"),
        "formats",
    ),
    **dict.fromkeys(
        ("Alternative", "Manoeuvres", "Plan", "find_alternatives", "resolve_conflicts"), "resolve"
    ),
    "simulate_flights": "simulate",
    **dict.fromkeys(("Occurrence", "Statement"), "record"),
    "report_of": "record.report",
    "standing_of": "record.standing",
    "Track": "watch",
    "Watch": "watch.watch",
}
"""The room of each name above; of those not here, the airspace's."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Fetch a name when it is first used (PEP 562).

        The engine takes most of a second to import, and the command line's ``--help`` and
        every mistyped option would wait for it.
        """
        if name in __all__:
            room = import_module(f"{__name__}.{_HOME.get(name, 'airspace')}")
            return globals().setdefault(name, getattr(room, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
