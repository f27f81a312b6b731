"""Sightings of flights along plain paths, and how a tracker looks at them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import fields

import numpy as np

from detente.airspace.sighting import Sighting
from detente.earth import GEOD
from detente.watch.motion import QUANTILE
from detente.watch.picture import Picture
from detente.watch.tracker import Tracker

SECOND = 1_000_000_000
NOON = 1_782_907_200 * SECOND  # 2026-07-01T12:00Z


def seen(lat: float | None, lon: float | None, at: float, **said) -> Sighting:
    """Give a sighting ``at`` seconds past noon, of one aircraft unless it says otherwise."""
    said = {"source": "radar", "address": "4b1812"} | said
    return Sighting(lat=lat, lon=lon, time=NOON + round(at * SECOND), **said)


def along(
    seconds: Iterable[float], lat=47.0, lon=8.0, course=90.0, speed=220.0, noise=0.0, seed=0, **said
) -> list[Sighting]:
    """Give sightings of a straight flight; ``noise`` is 95 of 100 times not exceeded."""
    rng = np.random.default_rng(seed)
    out = []
    for at in seconds:
        x, y, _ = GEOD.fwd(lon, lat, course, speed * at)
        off = rng.normal(0.0, 1.0, 2) * noise / QUANTILE
        x, y, _ = GEOD.fwd(x, y, math.degrees(math.atan2(off[0], off[1])), math.hypot(*off))
        out.append(seen(y, x, at, **said))
    return out


def later(seconds: float) -> int:
    return NOON + round(seconds * SECOND)


def look(tracker: Tracker, *batches: Sequence[Sighting], at: float | None = None) -> Picture:
    """Take batches, and give the picture at a moment, or at the last sighting's."""
    for batch in batches:
        tracker.take(batch)
    now = later(at) if at is not None else max(s.time for s in batches[-1])
    return tracker.advance(now)


def off(picture: Picture, k: int, lat: float, lon: float) -> float:
    """Give the metres from a track to where it should be."""
    return GEOD.inv(picture.lon[k], picture.lat[k], lon, lat)[2]


def same(a: Picture, b: Picture) -> bool:
    return all(
        np.array_equal(getattr(a, f.name), getattr(b, f.name), equal_nan=True)
        if isinstance(getattr(a, f.name), np.ndarray) and getattr(a, f.name).dtype.kind == "f"
        else np.array_equal(getattr(a, f.name), getattr(b, f.name))
        if isinstance(getattr(a, f.name), np.ndarray)
        else getattr(a, f.name) == getattr(b, f.name)
        for f in fields(Picture)
    )


def closing(seconds: Iterable[float]) -> list[Sighting]:
    """Give sightings of what comes nearer to :func:`along` from 3 km away, and stays with it."""
    out = []
    for at in seconds:
        [there] = along([at])
        x, y, _ = GEOD.fwd(there.lon, there.lat, 0.0, max(0.0, 3000.0 - 75.0 * (at - 10.0)))
        out.append(seen(y, x, at, source="mlat", accuracy=50.0))
    return out
