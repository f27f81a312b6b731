"""Detente: safety and record for airspace shared by parties who do not coordinate.

>>> import detente
>>> detente.Separation.parse("5nm", "1000ft").horizontal
9260.0
"""

import sys
from importlib import import_module
from types import ModuleType
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
    from detente.detect import Index, detect
    from detente.errors import InputError
    from detente.formats import read_flights, read_volumes, write_conflicts, write_flights
    from detente.simulate import simulate

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
    "detect",
    "drop_outliers",
    "read_flights",
    "read_volumes",
    "simulate",
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


class _Face(ModuleType):
    """Keeps a verb from being hidden by the room of the same name.

    Importing ``detente.simulate`` (the room) would set it as this package's ``simulate``, which
    is the function.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
