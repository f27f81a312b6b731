"""A snapshot of 20,000 aircraft and 300 s of look-ahead, with minisky and bluesky-simulator.

The peers extrapolate each aircraft on a flat Earth whose axes are those at the aircraft itself;
Detente flies it along its geodesic. Each pair that only one of them reports is put to the
independent reference (tests/reference), and its difference is explained by class or said to be
unexplained.
"""

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from tests.reference.geodesic import Track, losses, pieces

import detente
from benchmarks.peer import Pairs, answer, run_peer
from benchmarks.result import Result, best, write
from benchmarks.synthetic import directory
from detente import Flights, Reference
from detente.earth import GEOD

__all__ = ["run"]

H, V = 9260.0, 1000.0
LOOK_AHEAD = 300.0
FOOT = 0.3048
_RADIUS = 6371000.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Snapshot:
    """State vectors: degrees, feet, metres a second, degrees from north, feet a second."""

    names: list[str]
    lat: Floats
    lon: Floats
    alt: Floats
    speed: Floats
    track: Floats
    climb: Floats

    @classmethod
    def random(cls, count: int, seed: int = 1) -> "Snapshot":
        """Spread over Europe at flight levels, three in ten climbing or descending."""
        rng = np.random.default_rng(seed)
        climbing = rng.random(count) < 0.3
        return cls(
            [f"AC{i:05d}" for i in range(count)],
            rng.uniform(36.0, 60.0, count),
            rng.uniform(-10.0, 30.0, count),
            rng.integers(29, 42, count) * 1000.0 + climbing * rng.uniform(0.0, 1000.0, count),
            rng.uniform(190.0, 260.0, count),
            rng.uniform(0.0, 360.0, count),
            np.where(climbing, rng.uniform(-35.0, 35.0, count), 0.0),
        )

    def ahead(self, seconds: float) -> tuple[Floats, Floats, Floats]:
        """Extrapolate each along its geodesic."""
        lon, lat, _ = GEOD.fwd(self.lon, self.lat, self.track, self.speed * seconds)
        return np.asarray(lat), np.asarray(lon), self.alt + self.climb * seconds

    def flights(self) -> Flights:
        """Make each a flight of two fixes."""
        n = len(self.names)
        lat, lon, alt = self.ahead(LOOK_AHEAD)
        nothing = np.full(2 * n, np.nan)
        return Flights(
            ids=self.names,
            parties=[""] * n,
            offsets=np.arange(0, 2 * n + 1, 2, dtype=np.int64),
            time=np.tile(np.array([0, int(LOOK_AHEAD * 1e9)], np.int64), n),
            lat=np.stack([self.lat, lat], 1).ravel(),
            lon=np.stack([self.lon, lon], 1).ravel(),
            alt=np.stack([self.alt, alt], 1).ravel(),
            reference=Reference.PRESSURE,
            priority=np.zeros(n, np.int16),
            protection_h=nothing,
            protection_v=nothing,
            gap=np.zeros(2 * n, np.bool_),
        )

    def write(self, path: str) -> None:
        """Give it to the peers in their units."""
        columns = {
            "id": self.names,
            "lat": self.lat,
            "lon": self.lon,
            "alt_m": self.alt * FOOT,
            "gs_ms": self.speed,
            "trk_deg": self.track,
            "vs_ms": self.climb * FOOT,
        }
        pq.write_table(pa.table(columns), path)

    def track_of(self, i: int, seconds: float) -> Track:
        """Give one as the reference's track."""
        out = self.ahead(seconds)
        lat, lon, alt = (
            np.array([now[i], then[i]])
            for now, then in zip((self.lat, self.lon, self.alt), out, strict=True)
        )
        return Track(np.array([0, int(seconds * 1e9)]), lat, lon, alt, np.zeros(2, np.bool_))

    def one(self, i: int) -> "Snapshot":
        """Take one aircraft."""
        columns = (self.lat, self.lon, self.alt, self.speed, self.track, self.climb)
        return Snapshot([self.names[i]], *(column[i : i + 1] for column in columns))

    def flat(self, i: int, j: int, t: Floats) -> Floats:
        """Give the distance that the peers' flat Earth has between two at t."""
        east = np.radians((self.lon[j] - self.lon[i] + 180.0) % 360.0 - 180.0)
        east *= np.cos(np.radians(0.5 * (self.lat[i] + self.lat[j])))
        north = np.radians(self.lat[j] - self.lat[i])
        track = np.radians(self.track)
        du = self.speed[j] * np.sin(track[j]) - self.speed[i] * np.sin(track[i])
        dv = self.speed[j] * np.cos(track[j]) - self.speed[i] * np.cos(track[i])
        return np.hypot(_RADIUS * east + du * t, _RADIUS * north + dv * t)


def explain(snapshot: Snapshot, i: int, j: int, *, ours: bool) -> str:
    """Say why a pair is reported by one side only. ``ours``: it is Detente that reports it."""

    def lost(seconds: float, by: float = 0.0) -> bool:
        a, b = (snapshot.one(k).track_of(0, seconds) for k in (i, j))
        return bool(losses(pieces(a, b, 0), H + by, V, depth=False))

    if lost(LOOK_AHEAD) != ours:
        return "unexplained: the reference disagrees with Detente"
    a, b = (snapshot.one(k).track_of(0, LOOK_AHEAD) for k in (i, j))
    [piece] = pieces(a, b, 0)
    level = snapshot.climb[i] == snapshot.climb[j] == 0.0
    if not ours and level and abs(snapshot.alt[i] - snapshot.alt[j]) == V:
        return "adjacent levels: 1,000 ft apart is taken for less"
    t = np.linspace(0.0, LOOK_AHEAD, 301)
    error = float(np.abs(snapshot.flat(i, j, t) - piece.distances(t)).max())
    if ours != lost(LOOK_AHEAD, -error if ours else error):
        return "flat Earth: its error in this pair's distance is larger than the margin"
    if lost(LOOK_AHEAD + 5.0) != lost(LOOK_AHEAD - 5.0):
        return "look-ahead: it begins within 5 s of the end"
    return "unexplained"


def _explained(snapshot: Snapshot, ours: Pairs, theirs: Pairs) -> tuple[str, int]:
    number = {name: i for i, name in enumerate(snapshot.names)}
    lines = []
    unexplained = 0
    for which, who, own in (
        (theirs - ours, "only the peer", False),
        (ours - theirs, "only Detente", True),
    ):
        indices = [(number[a], number[b]) for a, b in sorted(which)]
        classes = Counter(explain(snapshot, i, j, ours=own) for i, j in indices)
        lines += [f"{who}, {name}: {count:,}" for name, count in classes.most_common()]
        unexplained += sum(n for name, n in classes.items() if name.startswith("unexplained"))
    return "; ".join(lines) or "the same pairs", unexplained


def run(quick: bool) -> list[Result]:
    """Measure all three on the same snapshot."""
    count = 2_000 if quick else 20_000
    snapshot = Snapshot.random(count)
    here = directory()
    path = here / "snapshot.parquet"
    snapshot.write(str(path))
    _, median, found = best(lambda: detente.detect_conflicts(snapshot.flights()), 7)
    ours = {(min(c.a, c.b), max(c.a, c.b)) for c in found}
    results = [
        Result(
            f"Detente, {count:,} aircraft, {LOOK_AHEAD:g} s ahead",
            f"{median:.4f} s",
            note=f"{len(ours):,} pairs; the extrapolation from the state vectors included",
        )
    ]
    fastest = np.inf
    for peer in ("minisky", "bluesky"):
        out = here / f"{peer}.parquet", here / f"{peer}.json"
        run_peer("snapshot.py", peer, path, *out)
        theirs, measured = answer(*out)
        warm = float(np.median(measured["seconds"][1:]))
        fastest = min(fastest, warm)
        text, unexplained = _explained(snapshot, ours, theirs)
        name = f"{measured['peer']} {measured['version']}"
        results.append(Result(name, f"{warm:.3f} s", note=f"{len(theirs):,} pairs; {text}"))
        results.append(
            Result(
                f"pairs that differ from {measured['peer']} without an explanation",
                str(unexplained),
                "0",
                unexplained == 0,
            )
        )
    times = fastest / median
    results.append(
        Result(
            "times as fast as the faster peer",
            f"{times:.1f}",
            "≥ 10",
            None if quick else bool(times >= 10.0),
        )
    )
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
