"""What a decoder of the watch gives: the sightings, and what was left out, counted by reason.

What comes from a sensor is never an error: one bad line must not hide all other aircraft.
A value that cannot be is left out and counted by its field; the rest of the report stays. A
report without a usable time, position (where it sends one) or identity is left out whole.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from detente.airspace.sighting import Sighting

__all__ = ["SECOND", "Decoded", "Decoder"]

SECOND = 1_000_000_000
"""Nanoseconds in a second."""
_EARLIEST, _LATEST = 10**17, 9 * 10**18
_LOWEST, _HIGHEST = -5_000.0, 200_000.0
_FASTEST = 1_500.0
_STEEPEST = 100_000.0
_WIDEST = 1_000_000.0
_LONGEST = 255
_NOBODY = frozenset(("", "000000", "ffffff"))
_HEX = frozenset("0123456789abcdef")
_OCTAL = frozenset("01234567")
_SPOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -")


class Decoder(Protocol):
    """What turns a feed's bytes into sightings."""

    def decode(self, chunk: bytes, received: int) -> "Decoded":
        """Decode what came at ``received`` (nanoseconds since 1970); never raises."""
        ...

    def reset(self) -> None:
        """Forget what is half read: the connection ended, or the file."""
        ...


@dataclass(slots=True)
class Decoded:
    """The sightings of a chunk.

    Parameters
    ----------
    sightings : in the order they came in.
    refused : what was left out because something is wrong with it: "field: what" to how often.
        The reasons are a fixed set, so they can name a metric.
    unwanted : what is in order and not read: the kind of message to how often.
    """

    sightings: list[Sighting] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    unwanted: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        source: str,
        time: int,
        address: str = "",
        number: str = "",
        callsign: str = "",
        squawk: str = "",
        lat: float | None = None,
        lon: float | None = None,
        pressure: float | None = None,
        geometric: float | None = None,
        speed: float | None = None,
        course: float | None = None,
        climb: float | None = None,
        accuracy: float | None = None,
        on_ground: bool = False,
        kind: str = "",
    ) -> None:
        """Take one report in, as far as its values can be; see :class:`Sighting` for them.

        Refused are: times before 1973 or after 2255; one of latitude and longitude without the
        other, or outside 90 and 180 degrees; altitudes outside -5,000 to 200,000 ft; speeds
        above 1,500 m/s; courses outside 0 to 360; climbs beyond 100,000 ft/min; accuracies not
        above 0 or beyond 1,000 km; addresses that are not six hexadecimal digits, or all zeros
        or all ones (Annex 10, III, ch. 9: never assigned); numbers of more than 255 characters
        or with some that cannot be printed.
        """
        refused = self.refused
        if not _EARLIEST <= time <= _LATEST:
            refused["time: out of range"] += 1
            return
        if lat is None or lon is None:
            if lat is not lon:
                refused["position: half of it"] += 1
                return
        elif not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            refused["position: out of range"] += 1
            return
        if address and (len(address) != 6 or address in _NOBODY or not _HEX.issuperset(address)):
            refused["address: not one"] += 1
            address = ""
        if callsign:
            callsign = callsign.strip()
            if len(callsign) > 8 or not _SPOKEN.issuperset(callsign):
                refused["callsign: not one"] += 1
                callsign = ""
        if number and (len(number) > _LONGEST or not number.isprintable()):
            refused["number: not one"] += 1
            number = ""
        if not (address or number or callsign):
            refused["identity: none"] += 1
            return
        if squawk and (len(squawk) != 4 or not _OCTAL.issuperset(squawk)):
            refused["squawk: not four octal digits"] += 1
            squawk = ""
        # "not within" and not "beyond", so that NaN is refused too
        if pressure is not None and not _LOWEST <= pressure <= _HIGHEST:
            refused["pressure: out of range"] += 1
            pressure = None
        if geometric is not None and not _LOWEST <= geometric <= _HIGHEST:
            refused["geometric: out of range"] += 1
            geometric = None
        if speed is not None and not 0.0 <= speed <= _FASTEST:
            refused["speed: out of range"] += 1
            speed = None
        if course is not None:
            if course == 360.0:
                course = 0.0
            elif not 0.0 <= course < 360.0:
                refused["course: out of range"] += 1
                course = None
        if climb is not None and not -_STEEPEST <= climb <= _STEEPEST:
            refused["climb: out of range"] += 1
            climb = None
        if accuracy is not None and not 0.0 < accuracy <= _WIDEST:
            refused["accuracy: out of range"] += 1
            accuracy = None
        self.sightings.append(
            Sighting(
                source=source,
                time=time,
                address=address,
                number=number,
                callsign=callsign,
                squawk=squawk,
                lat=lat,
                lon=lon,
                pressure=pressure,
                geometric=geometric,
                speed=speed,
                course=course,
                climb=climb,
                accuracy=accuracy,
                on_ground=on_ground,
                kind=kind,
            )
        )
