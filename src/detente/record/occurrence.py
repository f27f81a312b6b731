"""An event of the record: something that happened, or is said to have, in a place and a time."""

from datetime import datetime

from msgspec import Struct

__all__ = ["Occurrence"]


class Occurrence(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What statements are about: "the event".

    ICAO Annex 13 says occurrence; so does the code, where an event stands in the ledger.

    Parameters
    ----------
    id : such as "diyala-2014".
    description : in neutral words: what is said to have happened, never that it did.
    start, end : the time span.
    place : its name.
    corners : (lat, lon) of the area's outline, or
    centre, radius : (lat, lon) degrees and metres of a circle.
    questions : scope and the question that it stands for: ("flown", "Were ... flown?"). The
        first is what the event is about.
    tracks, intents : what was seen and declared that belongs to it, by identifier and by name;
        tracks seen in the place and the span belong to it too.
    synthetic : positions and flights are made up.
    """

    id: str
    description: str
    start: datetime
    end: datetime
    place: str = ""
    corners: tuple[tuple[float, float], ...] = ()
    centre: tuple[float, float] | None = None
    radius: float = 0.0
    questions: tuple[tuple[str, str], ...] = ()
    tracks: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    synthetic: bool = False
