"""The nouns: trajectory, volume, constraint, separation, conflict, sighting."""

from detente.airspace.altitude import Altitude, Reference
from detente.airspace.conflict import CONFLICTS_SCHEMA, Conflict, Conflicts
from detente.airspace.constraint import Constraint
from detente.airspace.flights import FLIGHTS_SCHEMA, Flights
from detente.airspace.occupancy import occupied_volumes
from detente.airspace.outlier import drop_outliers
from detente.airspace.separation import Separation
from detente.airspace.sighting import Sighting
from detente.airspace.trajectory import Trajectory
from detente.airspace.volume import Circle, Polygon, Volume

__all__ = [
    "CONFLICTS_SCHEMA",
    "FLIGHTS_SCHEMA",
    "Altitude",
    "Circle",
    "Conflict",
    "Conflicts",
    "Constraint",
    "Flights",
    "Polygon",
    "Reference",
    "Separation",
    "Sighting",
    "Trajectory",
    "Volume",
    "drop_outliers",
    "occupied_volumes",
]
