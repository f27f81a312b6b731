"""A 4D volume: a polygon or a circle, between two altitudes, between two times."""

from dataclasses import dataclass

from detente.airspace.altitude import Altitude, Reference
from detente.airspace.outline import check_circle, check_polygon
from detente.errors import InputError

__all__ = ["Circle", "Polygon", "Volume"]


@dataclass(frozen=True, slots=True)
class Polygon:
    """A polygon whose edges are the shortest paths on the Earth.

    Parameters
    ----------
    corners : (lat, lon) in degrees, in either winding; the first is not repeated at the end.

    Raises
    ------
    InputError : fewer than three corners, a side that crosses another, an extent of nearly a
        hemisphere or more.
    """

    corners: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        check_polygon(self.corners)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the ellipsoid: centre (lat, lon) in degrees, radius in metres (to 500 km)."""

    lat: float
    lon: float
    radius: float

    def __post_init__(self) -> None:
        check_circle(self.lat, self.lon, self.radius)


@dataclass(frozen=True, slots=True)
class Volume:
    """A part of the airspace during a time.

    Parameters
    ----------
    id : its identifier.
    outline : polygon or circle.
    lower, upper : altitudes; None for the ground and for unlimited.
    start, end : int nanoseconds since 1970-01-01T00:00Z; None for always.
    party : whose it is ("" where it is nobody's).
    buffer_h, buffer_v : metres and feet to be kept from it; 0 for its own border.

    A flight conflicts with a volume while it is nearer to it than the buffers, and with
    buffers of 0 while it is inside: on the border is outside.

    Raises
    ------
    InputError : lower above upper, start not before end, two altitude references.
    """

    id: str
    outline: Polygon | Circle
    lower: Altitude | None = None
    upper: Altitude | None = None
    start: int | None = None
    end: int | None = None
    party: str = ""
    buffer_h: float = 0.0
    buffer_v: float = 0.0

    def __post_init__(self) -> None:
        if self.lower is not None and self.upper is not None:
            if self.lower.reference is not self.upper.reference:
                raise InputError(
                    f"lower is {self.lower.reference.value}, upper is {self.upper.reference.value}",
                    flight=self.id,
                    field="upper",
                    mend="give both in one reference",
                )
            if self.lower.feet >= self.upper.feet:
                raise InputError("the lower altitude is not below the upper", flight=self.id)
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InputError("the start is not before the end", flight=self.id)
        if self.buffer_h < 0.0 or self.buffer_v < 0.0:
            raise InputError("a negative buffer", flight=self.id, field="buffer")

    @property
    def reference(self) -> Reference | None:
        """What its altitudes are measured from; None where it has none."""
        bound = self.lower or self.upper
        return None if bound is None else bound.reference
