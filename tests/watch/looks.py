"""Aircraft that fly as told, seen one look after another by a matcher."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from geographiclib.geodesic import Geodesic

from detente import Altitude, Circle, Reference, Trajectory, Volume
from detente.watch.declared import Declared
from detente.watch.gate import Matching
from detente.watch.matcher import Matcher
from detente.watch.matches import Matches
from detente.watch.picture import Picture

WGS84 = Geodesic.WGS84
SECOND = 1_000_000_000
NOON = 1_782_907_200 * SECOND  # 2026-07-01T12:00Z


@dataclass(frozen=True)
class Aircraft:
    """One that flies straight on from a place at noon; course in degrees, speed in m/s."""

    id: str
    lat: float
    lon: float
    course: float = 90.0
    speed: float = 230.0
    pressure: float = 35_000.0
    geometric: float = np.nan
    climb: float = 0.0
    address: str = ""
    callsign: str = ""
    uncertainty: float = 50.0
    on_ground: bool = False
    coasted: float = 0.0

    def at(self, seconds: float) -> "Aircraft":
        """Give it so many seconds after noon."""
        there = WGS84.Direct(self.lat, self.lon, self.course, self.speed * seconds)
        return replace(
            self, lat=there["lat2"], lon=there["lon2"], course=there["azi2"],
            pressure=self.pressure + self.climb * seconds / 60.0,
        )  # fmt: skip

    def moved(self, bearing: float, metres: float, **changes: Any) -> "Aircraft":
        """Give one that flies beside it, on the same course."""
        there = WGS84.Direct(self.lat, self.lon, self.course + bearing, metres)
        changes = {"course": there["azi2"] - bearing} | changes
        return replace(self, lat=there["lat2"], lon=there["lon2"], **changes)

    def intent(self, name: str = "", *, seconds: float = 1800.0, **changes: Any) -> Declared:
        """Give the intent to fly so, from noon on."""
        name = name or f"party/{self.id}"
        every = [self.at(s) for s in np.linspace(0.0, seconds, 5)]
        path = Trajectory(
            name, NOON + (np.linspace(0.0, seconds, 5) * SECOND).astype(np.int64),
            np.array([a.lat for a in every]), np.array([a.lon for a in every]),
            np.array([a.pressure for a in every]),
            reference=changes.pop("reference", Reference.PRESSURE),
        )  # fmt: skip
        return Declared(
            name, "party", path, **({"address": self.address, "callsign": self.callsign} | changes)
        )


def picture(now: int, seen: Sequence[Aircraft]) -> Picture:
    """Make the picture of aircraft that are where they are now."""

    def column(name: str) -> Any:
        return np.array([getattr(a, name) for a in seen], dtype=np.float64)

    course, speed, n = np.radians(column("course")), column("speed"), len(seen)
    at = now - (column("coasted") * SECOND).astype(np.int64)
    return Picture(
        now=now, ids=[a.id for a in seen], seen=at, first=np.full(n, NOON - 600 * SECOND),
        lat=column("lat"), lon=column("lon"), pressure=column("pressure"),
        geometric=column("geometric"), north=speed * np.cos(course), east=speed * np.sin(course),
        climb=column("climb"), uncertainty=column("uncertainty"), count=np.full(n, 60),
        on_ground=column("on_ground").astype(np.bool_), address=[a.address for a in seen],
        callsign=[a.callsign for a in seen], squawk=[""] * n, kind=[""] * n, sources=[()] * n,
    )  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What was found of one track."""

    said: str
    intent: str
    lateral: float
    vertical: float
    time: float
    differs: tuple[bool, bool]
    claims: str
    since: int


def told(found: Matches, seen: Sequence[Aircraft]) -> dict[str, Verdict]:
    """Give the verdicts by track."""
    return {
        a.id: Verdict(
            found.conformance(k).value, found.intent[k], found.lateral[k], found.vertical[k],
            found.time[k], (bool(found.address_differs[k]), bool(found.callsign_differs[k])),
            found.claims[k], int(found.since[k]),
        )
        for k, a in enumerate(seen)
    }  # fmt: skip


EAST = Aircraft("east", 50.0, 4.0)


def circle(
    name: str = "party/drone", *, radius: float = 300.0, lat: float = 47.0, lon: float = 8.0,
    **changes: Any,
) -> Declared:  # fmt: skip
    """Give an intent to stay in a circle, up to 400 ft, for half an hour from noon."""
    volume = Volume(
        name, Circle(lat, lon, radius), Altitude(0.0, Reference.WGS84),
        Altitude(400.0, Reference.WGS84), NOON, NOON + 1800 * SECOND,
    )  # fmt: skip
    return Declared(name, "party", (volume,), **changes)


def drone(metres: float = 0.0, **changes: Any) -> Aircraft:
    """Give one that hovers at 200 ft, so far east of the circle's centre."""
    there = WGS84.Direct(47.0, 8.0, 90.0, metres)
    about: dict[str, Any] = {
        "speed": 0.0,
        "pressure": np.nan,
        "geometric": 200.0,
        "uncertainty": 5.0,
    }
    return Aircraft("drone", there["lat2"], there["lon2"], **(about | changes))


class Sky:
    """A matcher, the aircraft that it sees, and the time."""

    def __init__(self, *intents: Declared, settings: Matching | None = None) -> None:
        self.matcher = Matcher(settings)
        for intent in intents:
            self.matcher.declare(intent)
        self.seconds = 60.0
        self.matches: Matches | None = None

    def look(self, *flying: Aircraft, seconds: float = 5.0, **changes: Any) -> dict[str, Verdict]:
        """Let time pass, and look at where they have got to."""
        self.seconds += seconds
        return self.show(*(replace(a.at(self.seconds), **changes) for a in flying))

    def show(self, *seen: Aircraft) -> dict[str, Verdict]:
        """Look at aircraft that are just there."""
        now = NOON + round(self.seconds * SECOND)
        self.matches = self.matcher.match(picture(now, seen))
        return told(self.matches, seen)

    def watch(self, *flying: Aircraft, seconds: float = 60.0) -> dict[str, Verdict]:
        """Look every 5 s, for so long."""
        for _ in range(round(seconds / 5.0)):
            verdicts = self.look(*flying)
        return verdicts
