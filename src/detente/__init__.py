"""Detente: safety and record for airspace shared by parties who do not coordinate.

>>> import detente
>>> detente.Separation.parse("5nm", "1000ft").horizontal
9260.0
"""

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
    "InputError",
    "Polygon",
    "Reference",
    "Separation",
    "Trajectory",
    "Volume",
    "drop_outliers",
    "read_flights",
    "read_volumes",
    "simulate",
    "write_conflicts",
    "write_flights",
]
