"""Small, cheap flights and volumes in a small, dense airspace, from a seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from geographiclib.geodesic import Geodesic

from detente.authority import Charter, Extent, Grid, Path4D, Volume4D

_WGS84 = Geodesic.WGS84


@dataclass(frozen=True)
class Airspace:
    """Where a history takes place: a disk, a few levels, and how fast one flies there."""

    charter: Charter
    centre: tuple[float, float]
    radius: float
    levels: tuple[float, ...]
    speed: tuple[float, float]

    def place(self, rng: Random, reach: float = 1.0) -> tuple[float, float]:
        """Draw a place in the disk."""
        away = self.radius * reach * rng.random() ** 0.5
        at = _WGS84.Direct(*self.centre, rng.uniform(0.0, 360.0), away)
        return round(at["lat2"], 7), round(at["lon2"], 7)

    def path(self, rng: Random, now: datetime) -> Path4D:
        """Draw a flight of two to four fixes that begins within a quarter of an hour."""
        fixes = [self.place(rng) for _ in range(rng.choice((2, 2, 3, 4)))]
        seconds = [0.0]
        for one, other in pairwise(fixes):
            metres = _WGS84.Inverse(*one, *other)["s12"]
            seconds.append(seconds[-1] + round(30.0 + metres / rng.uniform(*self.speed), 3))
        level = rng.choice(self.levels)
        climbs = rng.random() < 0.25
        alt = [rng.choice(self.levels) if climbs else level for _ in fixes]
        h, v = self.charter.horizontal, self.charter.vertical
        return Path4D(
            start=self._soon(rng, now),
            seconds=tuple(seconds),
            lat=tuple(lat for lat, _ in fixes),
            lon=tuple(lon for _, lon in fixes),
            alt=tuple(alt),
            protection=(1.5 * h, v) if rng.random() < 0.1 else None,
            gap=(0,) if len(fixes) > 2 and rng.random() < 0.1 else (),
        )

    def volume(
        self, rng: Random, start: datetime | None, end: datetime | None, *, size: float = 1.0
    ) -> Volume4D:
        """Draw a polygon or a circle."""
        lower = rng.choice((None, *self.levels[:-1]))
        upper = rng.choice((None, *(a for a in self.levels if lower is None or a > lower)))
        reach = size * self.charter.horizontal * rng.uniform(0.5, 2.5)
        middle = self.place(rng)
        h, v = self.charter.horizontal, self.charter.vertical
        buffer = (0.3 * h, 0.5 * v) if rng.random() < 0.2 else (0.0, 0.0)
        if rng.random() < 0.4:
            return Volume4D(centre=middle, radius=reach, lower=lower, upper=upper, start=start,
                            end=end, buffer=buffer)  # fmt: skip
        turn = rng.uniform(0.0, 360.0)
        count = rng.choice((3, 4, 4, 5))
        corners = []
        for k in range(count):
            at = _WGS84.Direct(*middle, turn + 360.0 * k / count, reach * rng.uniform(0.7, 1.0))
            corners.append((round(at["lat2"], 7), round(at["lon2"], 7)))
        return Volume4D(corners=tuple(corners), lower=lower, upper=upper, start=start, end=end,
                        buffer=buffer)  # fmt: skip

    def volumes(self, rng: Random, now: datetime) -> tuple[Volume4D, ...]:
        """Draw the volumes of an intent: one, or two of which one follows the other."""
        start = self._soon(rng, now)
        half = start + timedelta(seconds=rng.randint(60, 300))
        end = half + timedelta(seconds=rng.randint(60, 300))
        if rng.random() < 0.6:
            return (self.volume(rng, start, end),)
        return (self.volume(rng, start, half), self.volume(rng, half, end))

    def extent(self, rng: Random, now: datetime) -> Extent:
        """Draw what an intent is filed as."""
        return self.volumes(rng, now) if rng.random() < 0.14 else self.path(rng, now)

    def closure(self, rng: Random, now: datetime) -> tuple[Volume4D, ...]:
        """Draw what a constraint closes, now or soon, for a while or for good."""
        start = None if rng.random() < 0.4 else self._soon(rng, now)
        end = None
        if rng.random() < 0.7:
            end = max(now, start or now) + timedelta(seconds=rng.randint(60, 900))
        return tuple(self.volume(rng, start, end, size=1.5) for _ in range(rng.choice((1, 1, 2))))

    def _soon(self, rng: Random, now: datetime) -> datetime:
        return now + timedelta(seconds=rng.randint(-60, 600), microseconds=rng.randint(0, 999_999))


def airspace(rng: Random) -> Airspace:
    """Draw an airspace: of drones or of airliners, somewhere, also over a pole."""
    centre = rng.choice(
        ((47.0, 8.0), (0.0, 0.0), (-33.9, 151.2), (0.02, 180.0), (89.98, 0.0), (64.1, -21.9))
    )
    probes = rng.choice((0, 0, 12))
    if rng.random() < 0.6:
        charter = Charter(
            name="drones", horizontal=250.0, vertical=100.0, probes=probes, coalition_probes=40,
            retention=600, offers=3, activation_lead=300, offer_lifetime=120,
            volume_buffer=rng.choice(((0.0, 0.0), (30.0, 20.0))),
            grid=Grid(delay_most=300, level_gap=100.0, level_steps=(-1, 1), floor=100.0,
                      ceiling=1000.0, offsets=(-500.0, 500.0), speeds=(0.9, 1.1)),
        )  # fmt: skip
        return Airspace(charter, centre, 1_500.0, (200.0, 300.0, 400.0), (8.0, 30.0))
    charter = Charter(
        name="airliners", probes=probes, retention=600, offers=3, activation_lead=300,
        grid=Grid(delay_most=300, level_steps=(-1, 1), offsets=(-18_520.0, 18_520.0)),
    )  # fmt: skip
    return Airspace(charter, centre, 60_000.0, (33_000.0, 34_000.0, 35_000.0), (180.0, 250.0))
