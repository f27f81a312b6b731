"""Pictures and verdicts made by hand: what an alert's tests look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from geographiclib.geodesic import Geodesic

from detente import Trajectory
from detente.watch.declared import Declared
from detente.watch.matches import CONFORMANCES, Matches
from detente.watch.picture import Picture
from detente.watch.track import Conformance

WGS84 = Geodesic.WGS84
SECOND = 1_000_000_000
NOON = 1_782_907_200 * SECOND  # 2026-07-01T12:00Z


@dataclass(frozen=True)
class Seen:
    """One track at a moment; ``course`` and ``speed`` in degrees and m/s."""

    id: str
    lat: float
    lon: float
    course: float = 90.0
    speed: float = 230.0
    pressure: float = 35_000.0
    geometric: float = np.nan
    climb: float = 0.0
    uncertainty: float = 50.0
    on_ground: bool = False
    intent: str = ""
    verdict: Conformance = Conformance.UNDECLARED

    def later(self, seconds: float, **changes: Any) -> "Seen":
        """Give it after it flew straight on."""
        there = WGS84.Direct(self.lat, self.lon, self.course, self.speed * seconds)
        return replace(
            self, lat=there["lat2"], lon=there["lon2"], course=there["azi2"],
            pressure=self.pressure + self.climb * seconds / 60.0, **changes,
        )  # fmt: skip


def on(intent: str) -> dict[str, Any]:
    """Give what a track is that conforms to an intent."""
    return {"intent": intent, "verdict": Conformance.CONFORMING}


def picture(now: int, seen: Sequence[Seen]) -> tuple[Picture, Matches]:
    """Make both of what is seen."""
    n = len(seen)

    def column(name: str) -> Any:
        return np.array([getattr(s, name) for s in seen], dtype=np.float64)

    course, speed = np.radians(column("course")), column("speed")
    at = np.full(n, now)
    blank = [""] * n
    nothing = np.full(n, np.nan)
    return (
        Picture(
            now=now, ids=[s.id for s in seen], seen=at, first=at - 60 * SECOND,
            lat=column("lat"), lon=column("lon"), pressure=column("pressure"),
            geometric=column("geometric"), north=speed * np.cos(course),
            east=speed * np.sin(course), climb=column("climb"),
            uncertainty=column("uncertainty"), count=np.full(n, 60),
            on_ground=np.array([s.on_ground for s in seen], dtype=np.bool_),
            address=blank, callsign=blank, squawk=blank, kind=blank, sources=[()] * n,
        ),
        Matches(
            now=now, verdict=np.array([CONFORMANCES.index(s.verdict) for s in seen], dtype=np.int8),
            since=at, intent=[s.intent for s in seen], lateral=nothing, vertical=nothing,
            time=nothing, address_differs=np.zeros(n, dtype=np.bool_),
            callsign_differs=np.zeros(n, dtype=np.bool_), claims=blank, unseen=(),
        ),
    )  # fmt: skip


def straight(
    name: str, lat: float, lon: float, course: float, *, start: int = NOON, seconds: float = 900.0,
    speed: float = 230.0, alt: float = 35_000.0, **of_flight: Any,
) -> Declared:  # fmt: skip
    """Give an intent that flies straight from a place on."""
    there = WGS84.Direct(lat, lon, course, speed * seconds)
    flight = Trajectory(
        name, np.array([start, start + round(seconds * SECOND)]), np.array([lat, there["lat2"]]),
        np.array([lon, there["lon2"]]), np.array([alt, alt]), name.partition("/")[0], **of_flight,
    )  # fmt: skip
    return Declared(name, name.partition("/")[0], flight)


def from_place(lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float, float]:
    """Give a place that far away, and the course from there back."""
    there = WGS84.Direct(lat, lon, bearing, metres)
    return there["lat2"], there["lon2"], (there["azi2"] + 180.0) % 360.0


@dataclass
class Looks:
    """Looks, one after another; ``every`` seconds apart."""

    alerts: Any
    every: float = 5.0
    now: int = NOON
    told: list[Any] = field(default_factory=list)

    def look(self, seen: Sequence[Seen]) -> Any:
        """Look at a picture and let time pass."""
        self.told = self.alerts.look(*picture(self.now, seen))
        self.now += round(self.every * SECOND)
        return self.told
