"""Random encounters of every kind that the engine must get right, from a seed.

Each is built about its closest approach: two places a wanted distance apart, and a velocity for
each whose components along the line between them are equal, so that there the distance turns.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.reference.geodesic import WGS84, Track, pieces

NAUTICAL_MILE = 1852.0
KINDS = (
    "crossing",
    "head-on",
    "overtaking",
    "parallel",
    "in-trail",
    "vertical-only",
    "stationary",
    "grazing",
    "pole",
    "antimeridian",
    "long-legs",
    "turns",
    "gaps",
    "adjacent-levels",
)
_GRAZES = (0.0, 0.5, -0.5, 2.0, -2.0)
# (horizontal metres, vertical feet, slowest and fastest m/s): drones to oceanic traffic
_CLASSES = (
    (50.0, 50.0, 0.0, 25.0),
    (250.0, 100.0, 5.0, 40.0),
    (1000.0, 500.0, 30.0, 90.0),
    (3 * NAUTICAL_MILE, 1000.0, 60.0, 180.0),
    (5 * NAUTICAL_MILE, 1000.0, 180.0, 270.0),
    (10 * NAUTICAL_MILE, 2000.0, 200.0, 270.0),
    (20 * NAUTICAL_MILE, 1000.0, 200.0, 600.0),
)
_DAY = 86_400_000_000_000
_EPOCH = 1_533_081_600_000_000_000  # 2018-08-01T00:00Z


@dataclass(frozen=True)
class Encounter:
    """Two tracks, their kind, and the minima of the run."""

    kind: str
    a: Track
    b: Track
    minima: tuple[float, float]


def encounters(seed: int, count: int) -> Iterator[Encounter]:
    """Give ``count`` encounters, each kind in turn, the same for the same seed."""
    rng = np.random.default_rng(seed)
    for i in range(count):
        yield encounter(rng, KINDS[i % len(KINDS)])


def encounter(rng: np.random.Generator, kind: str) -> Encounter:
    """Make one encounter of a kind."""
    h, v, slow, fast = _CLASSES[rng.integers(len(_CLASSES))]
    speeds = rng.uniform(max(slow, 1.0), fast, 2)
    miss = h * rng.uniform(0.0, 1.6)
    angle = rng.uniform(20.0, 160.0) * rng.choice((-1.0, 1.0))
    lat, lon = np.degrees(np.arcsin(rng.uniform(-0.98, 0.98))), rng.uniform(-180.0, 180.0)
    before, after = rng.uniform(20.0, 900.0, 2)
    parts = 1
    match kind:
        case "head-on":
            angle = 180.0
        case "overtaking":
            angle = 0.0
        case "parallel":
            angle, speeds[1] = 0.0, speeds[0]
        case "in-trail":
            angle = 0.0
            if rng.random() < 0.5:
                speeds[1] = speeds[0]
        case "stationary":
            speeds[rng.integers(2)] = 0.0
            if rng.random() < 0.2:
                speeds[:] = 0.0
        case "grazing":
            miss = h + float(rng.choice(_GRAZES))
        case "pole":
            lat = float(rng.choice((-1.0, 1.0))) * (90.0 - rng.uniform(0.0, 0.5) ** 2)
        case "antimeridian":
            lon = 180.0 + rng.uniform(-0.2, 0.2)
        case "long-legs":
            reach = rng.uniform(50_000.0, 150_000.0)
            before = after = reach / max(speeds.max(), 1.0)
        case "turns" | "gaps":
            parts = int(rng.integers(2, 6))
    place_a = (float(lat), float(lon))
    # the line of closest approach, and each heading against it
    line = rng.uniform(0.0, 360.0)
    out = WGS84.Direct(*place_a, line, miss)
    place_b, line_b = (out["lat2"], out["lon2"]), out["azi2"]
    heading_a, heading_b = _headings(rng, kind, speeds, angle)
    times_a = _fix_times(rng, before, after, parts)
    times_b = times_a if rng.random() < 0.2 else _fix_times(rng, before, after, parts)
    alt_a, alt_b = _altitudes(rng, kind, v)
    turning = kind in ("turns", "gaps")
    start = _EPOCH + int(rng.integers(_DAY))
    own_a, own_b = _protections(rng, h, v)
    a = _track(rng, place_a, line + heading_a, speeds[0], times_a, alt_a, turning, start, kind)
    b = _track(rng, place_b, line_b + heading_b, speeds[1], times_b, alt_b, turning, start, kind)
    return Encounter(
        kind,
        _with_minima(a, own_a),
        _with_minima(b, own_b),
        (h, v) if own_a is None or own_b is None else (50.0, 50.0),
    )


def _headings(
    rng: np.random.Generator, kind: str, speeds: np.ndarray, angle: float
) -> tuple[float, float]:
    """Angles from the line of closest approach, with equal speeds along it."""
    if kind == "in-trail":
        return 0.0, 0.0
    if angle in (0.0, 180.0) or speeds.min() == 0.0:
        return 90.0, 90.0 + angle
    most = speeds.min() * 0.999
    along = rng.uniform(-most, most) * abs(np.sin(np.radians(angle)))
    side = rng.choice((-1.0, 1.0))
    return (
        float(np.degrees(np.arccos(along / speeds[0]))) * side,
        float(np.degrees(np.arccos(along / speeds[1]))) * -side,
    )


def _fix_times(rng: np.random.Generator, before: float, after: float, parts: int) -> np.ndarray:
    """Seconds about the closest approach, which falls within the middle leg."""
    ends = [-before * rng.uniform(0.3, 1.0), after * rng.uniform(0.3, 1.0)]
    if parts == 1:
        return np.array(ends)
    inner = np.concatenate(
        [
            rng.uniform(ends[0], -1.0 if ends[0] < -1.0 else ends[0] / 2, parts // 2),
            rng.uniform(1.0 if ends[1] > 1.0 else ends[1] / 2, ends[1], parts - parts // 2),
        ]
    )
    return np.unique(np.round(np.concatenate([ends, inner]), 3))


def _altitudes(
    rng: np.random.Generator, kind: str, minimum: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Feet at the closest approach and feet a second, for each."""
    level = float(rng.integers(2, 40)) * 1000.0
    if kind == "adjacent-levels":
        return (level, 0.0), (level + float(rng.choice((-1.0, 1.0))) * minimum, 0.0)
    if kind == "vertical-only":
        rate = float(rng.uniform(2.0, 60.0)) * float(rng.choice((-1.0, 1.0)))
        return (level, 0.0), (level + float(rng.uniform(-1.0, 1.0)) * minimum, rate)
    if rng.random() < 0.6:
        return (level, 0.0), (level, 0.0)
    rates = rng.uniform(-40.0, 40.0, 2)
    return (level, float(rates[0])), (
        level + float(rng.uniform(-1.5, 1.5)) * minimum,
        float(rates[1]),
    )


def _protections(
    rng: np.random.Generator, h: float, v: float
) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Sometimes each flight has its own protection; the larger of the two is (h, v)."""
    if rng.random() < 0.7:
        return None, None
    small = (h * float(rng.uniform(0.2, 1.0)), v * float(rng.uniform(0.2, 1.0)))
    return ((h, v), small) if rng.random() < 0.5 else (small, (h, v))


def _with_minima(track: Track, own: tuple[float, float] | None) -> Track:
    return Track(track.time, track.lat, track.lon, track.alt, track.gap, own)


def _track(
    rng: np.random.Generator,
    place: tuple[float, float],
    heading: float,
    speed: float,
    times: np.ndarray,
    alt: tuple[float, float],
    turning: bool,
    start: int,
    kind: str,
) -> Track:
    """Fly forward and back from the place at time 0, turning at the fixes if asked."""
    middle = int(np.searchsorted(times, 0.0))
    fixes: list[tuple[float, float]] = []
    for forward in (False, True):
        at, azimuth = place, heading if forward else heading + 180.0
        previous = 0.0
        for t in times[middle:] if forward else times[:middle][::-1]:
            out = WGS84.Direct(*at, azimuth, speed * abs(t - previous))
            at, azimuth, previous = (out["lat2"], out["lon2"]), out["azi2"], t
            azimuth += rng.uniform(-120.0, 120.0) if turning else 0.0
            fixes.insert(len(fixes) if forward else 0, at)
    lat, lon = np.array(fixes).T
    if kind == "antimeridian" and rng.random() < 0.5:
        lon = np.where(lon < 0.0, lon + 360.0, lon)  # both ways to write it are in use
    gap = np.zeros(len(times), dtype=np.bool_)
    if kind == "gaps":
        gap[:-1] = rng.random(len(times) - 1) < 0.3
    alts = alt[0] + alt[1] * times
    if turning and alt[1] != 0.0:
        alts = alts + rng.uniform(-200.0, 200.0, len(times))
    nanoseconds = start + np.round(times * 1e9).astype(np.int64)
    return Track(nanoseconds, lat, lon, alts, gap)


def shared_pieces(e: Encounter) -> tuple[int, list]:
    """Give the origin of the encounter's seconds (ns) and its pieces."""
    origin = int(max(e.a.time[0], e.b.time[0]))
    return origin, pieces(e.a, e.b, origin)
