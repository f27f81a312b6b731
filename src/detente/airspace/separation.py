"""Separation: the horizontal and vertical minima that must hold between two flights."""

from dataclasses import dataclass

from detente.errors import InputError
from detente.units import NAUTICAL_MILE, parse_altitude, parse_length

__all__ = ["Separation"]

_LARGEST_HORIZONTAL = 500_000.0


@dataclass(frozen=True, slots=True)
class Separation:
    """The minima between two flights: both must be infringed for a conflict.

    Parameters
    ----------
    horizontal : metres along the WGS84 ellipsoid, above 0 and at most 500 km.
    vertical : feet, above 0.

    The default is radar separation in European upper airspace: 5 NM and
    1,000 ft (ICAO Doc 4444, 8.7.3.1 and 5.3.2).

    >>> Separation.parse("3nm", "1000ft")
    Separation(horizontal=5556.0, vertical=1000.0)
    """

    horizontal: float = 5.0 * NAUTICAL_MILE
    vertical: float = 1000.0

    def __post_init__(self) -> None:
        if not 0.0 < self.horizontal <= _LARGEST_HORIZONTAL:
            raise InputError(
                f"a horizontal minimum of {self.horizontal:g} m",
                field="horizontal",
                mend="give one above 0 and at most 500 km",
            )
        if not 0.0 < self.vertical < float("inf"):
            raise InputError(
                f"a vertical minimum of {self.vertical:g} ft",
                field="vertical",
                mend="give one above 0",
            )

    @classmethod
    def parse(cls, horizontal: str, vertical: str) -> "Separation":
        """Read both minima from text with units, as the command line gives them."""
        return cls(
            parse_length(horizontal, field="horizontal"), parse_altitude(vertical, field="vertical")
        )
