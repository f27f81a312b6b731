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
        Trajectory,
        Volume,
        drop_outliers,
    )
    from detente.detect import Index, detect_conflicts
    from detente.errors import InputError
    from detente.formats import read_flights, read_volumes, write_conflicts, write_flights
    from detente.simulate import simulate_flights

__all__ = [
    "Altitude",
    "Circle",
    "Conflict",
    "Conflicts",
    "Constraint",
    "Flights",
    "Index",
    "InputError",
    "Polygon",
    "Reference",
    "Separation",
    "Trajectory",
    "Volume",
    "detect_conflicts",
    "drop_outliers",
    "read_flights",
    "read_volumes",
    "simulate_flights",
    "write_conflicts",
    "write_flights",
]

_ROOMS = ("errors", "airspace", "formats", "simulate", "detect")
"""Where the names above are from, in the order in which they are sought."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Fetch a name when it is first used (PEP 562).

        The engine takes most of a second to import, and the command line's ``--help`` and
        every mistyped option would wait for it.
        """
        if name in __all__:
            for room in map(import_module, (f"{__name__}.{room}" for room in _ROOMS)):
                if name in room.__all__:
                    return globals().setdefault(name, getattr(room, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
