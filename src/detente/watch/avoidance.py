"""What a party is told of an alert: a volume and a time to avoid, and nothing of what is there.

The volume is a circle whose middle is that of a cell of a public grid, and whose size is a whole
number of cells; its altitudes are whole steps, its times whole minutes. It contains where the other
may be in that time, and follows from those cells only: two others that are in the same ones give
the same volume, byte for byte.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Altitude, Circle, Reference, Volume
from detente.airspace.outline import LARGEST_RADIUS
from detente.earth import MEAN_RADIUS, arc_of_chord, geodetic, surfaces
from detente.errors import InputError

__all__ = ["Avoidance", "Cells", "Whereabouts", "together"]

F8 = NDArray[np.float64]

_MINUTE = 60_000_000_000
_DEGREE = math.radians(1.0) * MEAN_RADIUS
_HALF = 0.72
"""The most that a place is from the middle of its cell, in widths: half the diagonal of a square,
and 1.5 % for the ellipsoid and for cells that are wider towards the equator."""
_ROUNDING = 3.0
"""Metres: by which chords and the circle's radius err, at 500 km."""


@dataclass(frozen=True, slots=True)
class Avoidance:
    """What a party must avoid with one of its flights.

    Parameters
    ----------
    party : whose flight is warned.
    intent : the name of that flight's intent, "party/id".
    volume : where and when.
    """

    party: str
    intent: str
    volume: Volume


@dataclass(frozen=True, eq=False, slots=True)
class Whereabouts:
    """Where something may be during a time.

    Parameters
    ----------
    start, end : nanoseconds.
    points : (n, 3) ECEF metres on the ellipsoid, on the way that it is predicted; the way between
        two of them is straight but for the Earth's curve.
    wide : (n,) metres that it may be from there.
    lower, upper : feet between which it may be; None where that is not known, or not bounded.
    """

    start: int
    end: int
    points: F8
    wide: F8
    lower: float | None = None
    upper: float | None = None


def together(where: Sequence[Whereabouts]) -> Whereabouts:
    """Join several places where one thing may be; altitudes that are not known stay so."""
    if len(where) == 1:
        return where[0]
    lower = [w.lower for w in where if w.lower is not None]
    upper = [w.upper for w in where if w.upper is not None]
    return Whereabouts(
        start=min(w.start for w in where),
        end=max(w.end for w in where),
        points=np.concatenate([w.points for w in where]),
        wide=np.concatenate([w.wide for w in where]),
        lower=min(lower) if len(lower) == len(where) else None,
        upper=max(upper) if len(upper) == len(where) else None,
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """The public grid that volumes to avoid are told on.

    Parameters
    ----------
    width : metres, of a cell; sizes are whole multiples of it.
    height : feet, to whose whole multiples altitudes are widened.
    reference : what those are measured from.

    Cells are bands of latitude, cut into as many equal parts as make them ``width`` wide at
    their edge nearer to the equator. All follows from the airspace's charter.

    Raises
    ------
    InputError : a width of under 1 m or over 100 km, a height that is not above 0.
    """

    width: float
    height: float
    reference: Reference = Reference.PRESSURE

    def __post_init__(self) -> None:
        if not 1.0 <= self.width <= 1e5:
            raise InputError(
                f"cells {self.width:g} m wide", field="width", mend="give 1 m to 100 km"
            )
        if not 0.0 < self.height < float("inf"):
            raise InputError(
                f"cells {self.height:g} ft high", field="height", mend="give one above 0"
            )

    def volume(self, where: Whereabouts) -> Volume:
        """Give the volume that contains where something may be."""
        points, reach = where.points, where.wide
        middle = 0.5 * (points.min(axis=0) + points.max(axis=0))
        lats, lons = geodetic(middle[None, :])
        lat, lon = float(lats[0]), float(lons[0])
        away = arc_of_chord(np.linalg.norm(points - surfaces(lats, lons), axis=1))
        size = math.ceil((float((away + reach).max()) + _ROUNDING) / self.width) * self.width
        lat, lon = self.middle(lat, lon)
        radius = min(size + math.ceil(_HALF * self.width), LARGEST_RADIUS)
        return Volume(
            id="avoid",
            outline=Circle(lat, lon, radius),
            # on the border is outside, so a whole step is not its own border
            lower=self._level(where.lower, lambda steps: math.ceil(steps) - 1),
            upper=self._level(where.upper, lambda steps: math.floor(steps) + 1),
            start=where.start // _MINUTE * _MINUTE,
            end=-(-where.end // _MINUTE) * _MINUTE,
        )

    def middle(self, lat: float, lon: float) -> tuple[float, float]:
        """Give the middle of the cell that a place is in, degrees to seven digits.

        >>> Cells(9260.0, 1000.0).middle(47.01, 8.02)
        (46.9981499, 7.9905117)
        """
        bands = max(2, 2 * round(90.0 * _DEGREE / self.width))
        high = 180.0 / bands
        band = min(int((lat + 90.0) / high), bands - 1)
        low = -90.0 + band * high
        nearest = min(abs(low), abs(low + high))
        count = max(3, math.ceil(360.0 * _DEGREE * math.cos(math.radians(nearest)) / self.width))
        part = min(int((lon % 360.0) / 360.0 * count), count - 1)
        east = (part + 0.5) * 360.0 / count
        return round(low + 0.5 * high, 7), round(east - 360.0 if east > 180.0 else east, 7)

    def _level(self, feet: float | None, widened: Callable[[float], int]) -> Altitude | None:
        if feet is None:
            return None
        return Altitude(widened(feet / self.height) * self.height, self.reference)
