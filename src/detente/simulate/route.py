"""Routes: from airport to airport by one waypoint a little aside, on geodesics.

Without the waypoint all flights of a pair would fly one line.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.earth import GEOD
from detente.simulate.airport import Airports

__all__ = ["Routes", "draw_routes"]

ALONG = (0.3, 0.7)
"""Where the waypoint may be, as a part of the direct distance."""
ASIDE = 0.02
"""Standard deviation of its distance from the direct line, as a part of the direct distance."""


@dataclass(frozen=True, eq=False, slots=True)
class Routes:
    """Two geodesics each, as columns: degrees and metres.

    Parameters
    ----------
    lat, lon, azimuth : (n, 2) where the two begin, and where they lead.
    turn : (n,) metres from the origin to the waypoint.
    length : (n,) metres from the origin to the destination.
    eastbound : (n,) bool, the direct course is from 000 to 179 degrees (true).
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    azimuth: NDArray[np.float64]
    turn: NDArray[np.float64]
    length: NDArray[np.float64]
    eastbound: NDArray[np.bool_]

    def at(
        self, route: NDArray[np.int64], metres: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give degrees lat and lon of points so far along routes."""
        second = (metres > self.turn[route]).astype(np.int64)
        lon, lat, _ = GEOD.fwd(
            self.lon[route, second],
            self.lat[route, second],
            self.azimuth[route, second],
            metres - self.turn[route] * second,
        )
        return np.asarray(lat), np.asarray(lon)


def draw_routes(
    airports: Airports,
    origin: NDArray[np.int64],
    destination: NDArray[np.int64],
    rng: np.random.Generator,
) -> Routes:
    """Draw one route each."""
    n = len(origin)
    start = airports.lon[origin], airports.lat[origin]
    end = airports.lon[destination], airports.lat[destination]
    course, _, direct = GEOD.inv(*start, *end)
    lon, lat, back = GEOD.fwd(*start, course, direct * rng.uniform(*ALONG, n))
    aside = np.clip(rng.normal(0.0, ASIDE, n), -3.0 * ASIDE, 3.0 * ASIDE) * direct
    # back looks to the origin: 90 degrees less is to the right of the course
    lon, lat, _ = GEOD.fwd(lon, lat, back - np.copysign(90.0, aside), np.abs(aside))
    first, _, turn = GEOD.inv(*start, lon, lat)
    second, _, rest = GEOD.inv(lon, lat, *end)
    return Routes(
        lat=np.stack([start[1], lat], axis=1),
        lon=np.stack([start[0], lon], axis=1),
        azimuth=np.stack([first, second], axis=1),
        turn=np.asarray(turn),
        length=np.asarray(turn) + np.asarray(rest),
        eastbound=np.asarray(course) % 360.0 < 180.0,
    )
