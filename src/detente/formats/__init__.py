"""Reading flights and closed airspace, and writing flights, conflicts and plans."""

from detente.formats.manoeuvres import read_manoeuvres
from detente.formats.plans import write_plan
from detente.formats.reading import read_flights
from detente.formats.volumes import read_volumes
from detente.formats.writing import write_conflicts, write_flights

__all__ = [
    "read_flights",
    "read_manoeuvres",
    "read_volumes",
    "write_conflicts",
    "write_flights",
    "write_plan",
]
