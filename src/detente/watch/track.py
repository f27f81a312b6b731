"""A track: what was seen of one aircraft, and how it compares with what was declared."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

__all__ = ["Conformance", "Deviation", "Fix", "Indication", "Track", "Unseen"]


class Conformance(StrEnum):
    """How a track compares with the intents that were accepted.

    ``TENTATIVE`` is a track of which too little was seen to say.
    """

    TENTATIVE = "tentative"
    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    UNDECLARED = "undeclared"


class Fix(Struct, frozen=True, gc=False, array_like=True):
    """Where it was.

    Parameters
    ----------
    at : when.
    lat, lon : degrees on WGS84.
    pressure, geometric : feet; each above its own reference, None where not known.
    accuracy : metres that the position is within, 95 of 100 times.
    """

    at: datetime
    lat: float
    lon: float
    pressure: float | None = None
    geometric: float | None = None
    accuracy: float = 0.0


class Deviation(Struct, frozen=True, gc=False):
    """By how much a track differs from its intent; 0 within it, None where that is not known.

    Parameters
    ----------
    lateral : metres from the route, or from the nearest volume.
    vertical : feet, up positive.
    time : seconds along the route, late positive.
    """

    lateral: float | None = None
    vertical: float | None = None
    time: float | None = None


class Indication(Struct, frozen=True, gc=False):
    """Evidence of what kind of aircraft it is: it is attached to a track, and proves nothing.

    Parameters
    ----------
    what : such as "F-4".
    by : from whom: a sensor, an observer, an outlet.
    sure : from 0 to 1 as they say it; None where they do not say.
    at : when it was said.
    note : in words.
    """

    what: str
    by: str
    at: datetime
    sure: float | None = None
    note: str = ""


class Track(Struct, frozen=True, gc=False):
    """What was seen of one aircraft, up to its last fix.

    Parameters
    ----------
    id : of this track; the same aircraft gets another after a long gap.
    conformance : how it compares with what was declared.
    first : when it was first seen.
    fix : where it was last.
    speed, course, climb : metres per second over ground, degrees true, feet per minute; smoothed.
    intent : the name of the intent that it is matched to ("party/id"); "" for none.
    deviation : by how much it differs from that.
    address, callsign, squawk, kind : as it said; evidence, not proof.
    sources : the feeds that saw it, sorted.
    coasted : seconds since it was last seen, when this was written.
    ended : it is followed no more.
    synthetic : it was made up: for a scenario, a test, an exercise.
    """

    id: str
    conformance: Conformance
    first: datetime
    fix: Fix
    speed: float | None = None
    course: float | None = None
    climb: float | None = None
    intent: str = ""
    deviation: Deviation | None = None
    address: str = ""
    callsign: str = ""
    squawk: str = ""
    kind: str = ""
    sources: tuple[str, ...] = ()
    coasted: float = 0.0
    ended: bool = False
    synthetic: bool = False


class Unseen(Struct, frozen=True, gc=False):
    """An intent that should be in the air, where the sensors look, and that nothing matches.

    Parameters
    ----------
    intent : its name.
    since : from when on it should have been seen.
    over : it was seen after all, or is over.
    """

    intent: str
    since: datetime
    over: bool = False
