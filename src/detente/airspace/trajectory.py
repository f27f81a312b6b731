"""One flight: timed positions, and who flies it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.airspace.altitude import Reference
from detente.airspace.separation import Separation
from detente.errors import InputError

__all__ = ["Trajectory"]


def _unbroken() -> NDArray[np.bool_]:
    return np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, eq=False, slots=True)
class Trajectory:
    """Timed positions of one flight; between two fixes motion is linear in time.

    Parameters
    ----------
    id : the flight's identifier.
    party : who flies it ("" where unknown).
    time : (n,) int64, nanoseconds since 1970-01-01T00:00Z, strictly increasing, n >= 2.
    lat, lon : (n,) float64, degrees on WGS84.
    alt : (n,) float64, feet above ``reference``.
    reference : what ``alt`` is measured from.
    priority : precedence; a larger number goes first.
    protection : the flight's own minima, or None for those of the run.
    gap : (n,) bool or empty; ``gap[i]`` says that the leg from fix i to i + 1 was not flown
        (or not recorded) and holds no position.

    Raises
    ------
    InputError : arrays of different lengths, a single fix, time that does not increase, a
        value that is not finite or out of range.

    See Also
    --------
    Flights : many trajectories as columns.
    """

    id: str
    time: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    alt: NDArray[np.float64]
    party: str = ""
    reference: Reference = Reference.PRESSURE
    priority: int = 0
    protection: Separation | None = None
    gap: NDArray[np.bool_] = field(default_factory=_unbroken)

    def __post_init__(self) -> None:
        n = len(self.time)
        for name, column in (("lat", self.lat), ("lon", self.lon), ("alt", self.alt)):
            if len(column) != n:
                raise InputError(
                    f"{len(column)} values against {n} times", flight=self.id, field=name
                )
            if not np.isfinite(column).all():
                raise InputError("a value that is not finite", flight=self.id, field=name)
        if n < 2:
            raise InputError(
                "a flight of a single point", flight=self.id, mend="give at least two fixes"
            )
        if not (np.diff(self.time) > 0).all():
            raise InputError("time does not increase", flight=self.id, field="time")
        if np.abs(self.lat).max() > 90.0:
            raise InputError("latitude out of range", flight=self.id, field="lat")
        if np.abs(self.lon).max() > 360.0:
            raise InputError("longitude out of range", flight=self.id, field="lon")
