"""The synthetic sky: where each aircraft of a scenario is, and what the sensor reports of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import cos, radians

import numpy as np

from detente.airspace import Trajectory
from detente.airspace.sighting import Sighting
from detente.authority import Path4D
from detente.authority.extent import instant, trajectory_of
from detente.cli.demo.scenario import Flight, Made, Stranger
from detente.earth import geodetic, surfaces

__all__ = ["Sky", "climbing", "path_of_flight"]

_MINUTE = 60.0
_SECOND = 1_000_000_000
_DEGREE = 111_195.0
"""Metres to a degree of a great circle: enough for scatter."""


def path_of_flight(flight: Flight | Stranger) -> Path4D:
    """Give what is flown, or filed, as timed positions."""
    minutes, lat, lon, feet = zip(*flight.fixes, strict=True)
    return Path4D(
        start=flight.start,
        seconds=tuple(_MINUTE * each for each in minutes),
        lat=lat,
        lon=lon,
        alt=feet,
    )


def climbing(path: Path4D, at: datetime, feet: float, rate: float = 1_500.0) -> Path4D | None:
    """Give the rest of a path from a time on, higher by so many feet.

    Parameters
    ----------
    rate : feet a minute.

    Returns
    -------
    None where it is over before it could be there.
    """
    flown = trajectory_of(path, "flight", "")
    now = instant(at)
    there = now + round(abs(feet) / rate * _MINUTE * 1e9)
    if not flown.time[0] <= now < there < flown.time[-1]:
        return None
    times = sorted({now, there, *(int(t) for t in flown.time if t > now)})
    places = [_at(flown, t) for t in times]
    climbed = [feet * min(1.0, (t - now) / (there - now)) for t in times]
    return Path4D(
        start=at,
        seconds=tuple((t - now) / 1e9 for t in times),
        lat=tuple(place[0] for place in places),
        lon=tuple(place[1] for place in places),
        alt=tuple(place[2] + more for place, more in zip(places, climbed, strict=True)),
        reference=path.reference,
        protection=path.protection,
    )


class Sky:
    """What the sensor reports.

    Parameters
    ----------
    made : the synthetic part of a scenario. Its seed decides the scatter: the same scenario
        gives the same reports.
    """

    def __init__(self, made: Made) -> None:
        self._made = made
        self._flights = {flight.name: flight for flight in made.flights}
        self._strangers = [
            (each, trajectory_of(path_of_flight(each), each.number, "")) for each in made.undeclared
        ]
        self._chance = np.random.default_rng(made.sensor.seed)

    @property
    def ends(self) -> datetime:
        """When the last is gone, if all fly as they asked to."""
        flown: list[Flight | Stranger] = [*self._made.flights, *self._made.undeclared]
        return max(each.start + timedelta(minutes=each.fixes[-1][0]) for each in flown)

    def place(self, stranger: Stranger, at: datetime) -> tuple[float, float]:
        """Give latitude and longitude of one that nobody declared."""
        path = next(path for each, path in self._strangers if each is stranger)
        return _at(path, instant(at))[:2]

    def reports(self, now: datetime, flown: Mapping[str, Path4D]) -> list[Sighting]:
        """Give what is seen at a time.

        Parameters
        ----------
        flown : by intent's name, the path that each flight keeps to.
        """
        time = instant(now)
        seen = [self._of(each.number, "", path, time) for each, path in self._strangers]
        for name, path in flown.items():
            flight = self._flights[name]
            track = trajectory_of(path, name, flight.party)
            if time > track.time[-1] - self._made.sensor.low * _SECOND:
                continue
            seen.append(self._of(flight.id, flight.callsign, track, time))
        return [each for each in seen if each is not None]

    def _of(self, number: str, callsign: str, path: Trajectory, time: int) -> Sighting | None:
        if not path.time[0] <= time <= path.time[-1]:
            return None
        lat, lon, feet = _at(path, time)
        sensor = self._made.sensor
        north, east = self._chance.normal(0.0, sensor.scatter, 2)
        return Sighting(
            source=sensor.source,
            time=time,
            number=number,
            callsign=callsign,
            lat=lat + float(north) / _DEGREE,
            lon=lon + float(east) / (_DEGREE * cos(radians(lat))),
            pressure=feet,
            accuracy=sensor.accuracy,
        )


def _at(path: Trajectory, time: int) -> tuple[float, float, float]:
    """Give latitude, longitude and feet at a time: linear between fixes, as the engine has it."""
    k = int(np.clip(np.searchsorted(path.time, time, side="right") - 1, 0, len(path.time) - 2))
    part = (time - path.time[k]) / (path.time[k + 1] - path.time[k])
    ends = surfaces(path.lat[k : k + 2], path.lon[k : k + 2])
    lat, lon = geodetic((ends[0] + part * (ends[1] - ends[0]))[np.newaxis])
    feet = path.alt[k] + part * (path.alt[k + 1] - path.alt[k])
    return float(lat[0]), float(lon[0]), float(feet)
