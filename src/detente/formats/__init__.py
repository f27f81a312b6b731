"""Reading flights, closed airspace and what was seen; writing flights, conflicts and plans."""

from detente.formats.manoeuvres import read_manoeuvres
from detente.formats.plans import write_plan
from detente.formats.reading import read_flights
from detente.formats.recording import read_asterix, read_opensky, read_remote_id, read_sbs
from detente.formats.sightings import read_sightings
from detente.formats.volumes import read_volumes
from detente.formats.writing import write_conflicts, write_flights

__all__ = [
    "read_asterix",
    "read_flights",
    "read_manoeuvres",
    "read_opensky",
    "read_remote_id",
    "read_sbs",
    "read_sightings",
    "read_volumes",
    "write_conflicts",
    "write_flights",
    "write_plan",
]
