"""What one sensor saw of one aircraft at one time: what tracks are made of."""

from msgspec import Struct

__all__ = ["Sighting"]


class Sighting(Struct, frozen=True, gc=False, kw_only=True):
    """One report of one sensor; what it did not say is None or "".

    The altitudes stay apart by their reference: none is ever turned into another in silence.

    Parameters
    ----------
    source : the feed that it came by.
    time : when it was true, nanoseconds since 1970-01-01T00:00Z.
    address : 24-bit aircraft address, six hexadecimal digits in lower case (ICAO Annex 10, III,
        ch. 9); evidence of an identity, not proof.
    number : the sensor's own name for what it follows, such as its track number.
    callsign : as sent, without blanks at its ends.
    squawk : four octal digits.
    lat, lon : degrees on WGS84, both or neither.
    pressure : feet, pressure altitude.
    geometric : feet above the WGS84 ellipsoid.
    speed : metres per second over ground.
    course : degrees from true north of the way made good, 0 up to 360.
    climb : feet per minute.
    accuracy : metres that the position is within, 95 of 100 times.
    on_ground : whether it said that it is on the ground.
    kind : the type of aircraft that the sensor claims, as an ICAO Doc 8643 designator.
    """

    source: str
    time: int
    address: str = ""
    number: str = ""
    callsign: str = ""
    squawk: str = ""
    lat: float | None = None
    lon: float | None = None
    pressure: float | None = None
    geometric: float | None = None
    speed: float | None = None
    course: float | None = None
    climb: float | None = None
    accuracy: float | None = None
    on_ground: bool = False
    kind: str = ""

    @property
    def key(self) -> str:
        """What tells this aircraft from others of the feed: its address, else the feed's number."""
        return self.address or f"{self.source}/{self.number or self.callsign}"
