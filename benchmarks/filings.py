"""Filings for an authority under load: drones whose neighbours are clear of them by a hair."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from detente.authority import Charter, Extent, Grid, Path4D, Volume4D
from detente.authority.command import Command, File, Found, RegisterParty

__all__ = ["CHARTER", "NOON", "PARTIES", "across", "founding", "lanes", "paths_across", "tiles"]

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
PARTIES = ("amber", "blue", "crimson", "denim")
CHARTER = Charter(
    name="city",
    horizontal=50.0,
    vertical=50.0,
    probes=0,
    coalition_probes=0,
    grid=Grid(
        level_gap=50.0, floor=50.0, ceiling=1_000.0, offsets=(-200.0, -100.0, 100.0, 200.0)
    ),
)  # fmt: skip

_DEGREE = 111_100.0  # metres, a little less than a degree of latitude has at 47 N
_SOUTH, _WEST = 47.0, 8.0
_LASTS = 120.0


def founding() -> list[Command]:
    """Begin, and let the parties file."""
    return [
        Found(at=NOON, key="charter", charter=CHARTER),
        *(RegisterParty(at=NOON, key=party, party=party, highest="state") for party in PARTIES),
    ]


def lanes(count: int, *, taken: int = 0) -> list[File]:
    """Give flights of six fixes in one place of 5 km by 1 km.

    100 lanes 10 cm wider apart than the minimum, on 8 levels exactly the minimum apart, one
    flight behind the other without a pause; neighbours are different parties'.

    Parameters
    ----------
    taken : every so-manieth is filed where another party's flight is already; 0 for none.
    """
    along = _WEST + np.linspace(0.0, 0.0145, 6)
    seconds = tuple(np.linspace(0.0, _LASTS, 6).tolist())
    filings = []
    for k in range(count):
        place = k - 1 if taken and k % taken == taken - 1 else k
        lane, level, slot = place % 100, place // 100 % 8, place // 800
        path = Path4D(
            start=NOON + timedelta(seconds=3_600 + _LASTS * slot),
            seconds=seconds,
            lat=(_SOUTH + lane * 50.1 / _DEGREE,) * 6,
            lon=tuple(along.tolist()),
            alt=(100.0 + 50.0 * level,) * 6,
        )
        filings.append(_file(k, lane + level + slot + k - place, path))
    return filings


def tiles(count: int) -> list[File]:
    """Give flights of one volume in one place of 5 km by 5 km, as drones' operators file them.

    50 by 50 squares that share their corners and edges, in every other row circles that touch
    but for 10 cm; on 4 levels that touch, one time after the other without a pause.
    """
    width = 100.0 / _DEGREE
    wide = width / float(np.cos(np.radians(_SOUTH)))
    filings = []
    for k in range(count):
        column, row, level, slot = k % 50, k // 50 % 50, k // 2_500 % 4, k // 10_000
        south, west = _SOUTH + row * width, _WEST + column * wide
        north, east = _SOUTH + (row + 1) * width, _WEST + (column + 1) * wide
        corners = ((south, west), (south, east), (north, east), (north, west))
        round_ = row % 2 == 1
        start = NOON + timedelta(seconds=3_600 + _LASTS * slot)
        volume = Volume4D(
            corners=() if round_ else corners,
            centre=((south + north) / 2, (west + east) / 2) if round_ else None,
            radius=49.95 if round_ else 0.0,
            lower=100.0 * level,
            upper=100.0 * (level + 1),
            start=start,
            end=start + timedelta(seconds=_LASTS),
        )
        filings.append(_file(k, column + row + level + slot, (volume,)))
    return filings


def across(count: int, seed: int = 1, *, fixes: int = 6) -> list[File]:
    """Give flights of the same length anywhere in a country, within a day."""
    paths = paths_across(count, seed, fixes=fixes)
    return [_file(k, k, path, f"s{seed}-") for k, path in enumerate(paths)]


def paths_across(count: int, seed: int, *, fixes: int = 3) -> Iterator[Path4D]:
    """Give their paths: in 900 km by 600 km, up to 1,000 ft."""
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(47.0, 55.0, count), rng.uniform(6.0, 15.0, count)
    turn, alt = rng.uniform(0.0, 2.0 * np.pi, count), rng.uniform(50.0, 1_000.0, count)
    start = rng.uniform(3_600.0, 90_000.0, count)
    seconds = tuple(np.linspace(0.0, _LASTS, fixes).tolist())
    along = np.linspace(0.0, 1_100.0 / _DEGREE, fixes)
    for k in range(count):
        yield Path4D(
            start=NOON + timedelta(seconds=round(float(start[k]), 3)),
            seconds=seconds,
            lat=tuple((lat[k] + along * np.cos(turn[k])).tolist()),
            lon=tuple((lon[k] + along * np.sin(turn[k]) * 1.5).tolist()),
            alt=(round(float(alt[k])) * 1.0,) * fixes,
        )


def _file(k: int, party: int, extent: Extent, prefix: str = "") -> File:
    name = f"{prefix}{k}"
    return File(at=NOON, by=PARTIES[party % 4], key=name, intent=name, extent=extent)
