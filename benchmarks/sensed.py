"""Recorded flights, plans cut from them, and what sensors that err report of them.

The plans are simplified and rounded as filed ones are: fixes on a grid of 0.01 degree, whole
minutes, hundreds of feet. The sensors report every 10 s, add noise, lose reports, and say the
aircraft's address and callsign, nothing, or another's.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

import detente
from detente import Trajectory
from detente.airspace.sighting import Sighting
from detente.earth import GEOD

__all__ = ["CASES", "SECOND", "STEP", "Case", "Flown", "filed", "recorded", "sightings", "world"]

DAY: Final = Path(__file__).parent.parent / "data" / "switzerland-2018-08-01.parquet"
STEP: Final = 10_000_000_000
SECOND: Final = 1_000_000_000


@dataclass(frozen=True)
class Flown:
    """A flight as it was flown, and who it is."""

    path: Trajectory
    address: str
    callsign: str
    declared: bool = True
    flies: bool = True


@dataclass(frozen=True)
class Case:
    """What makes it hard; noise in metres (standard deviation), the others shares of 1.

    ``neighbours``: every undeclared flight, and as many declared ones, flies as another does, but
    2 to 5 minutes apart ("trail"), 1,000 ft above or below ("level"), 1 to 3 NM beside it
    ("parallel"), or any of the three ("any"). ``late``: plans are off by so many seconds (standard
    deviation), all along. ``coarse``: how many times simpler plans are than :func:`filed` has it.
    ``absent``: 5 of 100 flights are declared and do not fly; with neighbours, an undeclared one
    flies beside each of these. ``possible``: whether there is enough to tell them apart by.
    """

    name: str
    noise: float = 30.0
    lost: float = 0.0
    missing: float = 0.0
    wrong: float = 0.0
    neighbours: str = ""
    late: float = 0.0
    coarse: float = 1.0
    absent: bool = False
    possible: bool = True


CASES: Final = (
    Case("noise 30 m"),
    Case("noise 100 m, 10 % of reports lost", 100.0, 0.1),
    Case("noise 300 m, 30 % lost", 300.0, 0.3),
    Case("noise 100 m, 10 % lost; 30 % say no identity, 10 % a wrong one", 100.0, 0.1, 0.3, 0.1),
    Case("noise 100 m, 10 % lost; nobody says who it is", 100.0, 0.1, 1.0),
    Case("neighbours in trail, 2 to 5 min", 100.0, 0.1, 0.3, 0.05, "trail"),
    Case("neighbours a level above or below", 100.0, 0.1, 0.3, 0.05, "level"),
    Case("neighbours in parallel, 1 to 3 NM", 100.0, 0.1, 0.3, 0.05, "parallel"),
    Case("neighbours of any kind, noise 300 m, 30 % lost", 300.0, 0.3, 0.3, 0.05, "any"),
    Case("neighbours of any kind, nobody says who it is", 100.0, 0.1, 1.0, 0.0, "any"),
    Case("plans off by 60 s, 3 times simpler", 100.0, 0.1, 0.3, 0.05, "", 60.0, 3.0),
    Case("plans off by 60 s, 3 times simpler, neighbours of any kind, noise 300 m, 30 % lost",
         300.0, 0.3, 0.3, 0.05, "any", 60.0, 3.0),
    Case("the same, nobody says who it is", 300.0, 0.3, 1.0, 0.0, "any", 60.0, 3.0, False, False),
    Case("5 % of declared flights do not fly", 100.0, 0.1, 0.3, 0.05, absent=True),
    Case("5 % of declared flights do not fly; an undeclared one beside each, in trail, a level or "
         "1 to 3 NM off", 100.0, 0.1, 0.3, 0.05, "any", 0.0, 1.0, True, False),
)  # fmt: skip


def recorded(begin: float = 0.0, end: float = 24.0) -> list[Flown]:
    """Give the day's flights that are first seen between these hours of the day (UTC)."""
    flights = detente.drop_outliers(detente.read_flights(DAY))
    table = pq.read_table(DAY, columns=["flight_id", "icao24", "callsign"]).to_pydict()
    who = dict(
        zip(table["flight_id"], zip(table["icao24"], table["callsign"], strict=True), strict=True)
    )
    midnight = int(flights.time.min()) // (86_400 * SECOND) * 86_400 * SECOND
    return [
        Flown(path, *who[path.id])
        for path in flights
        if begin * 3600.0 <= (path.time[0] - midnight) / SECOND < end * 3600.0
    ]


def filed(path: Trajectory, coarse: float = 1.0) -> Trajectory:
    """Give the plan that a flight might have been filed with: fewer fixes, and all rounded."""
    keep = np.zeros(len(path.time), dtype=np.bool_)
    keep[[0, -1]] = True
    spans = [(0, len(path.time) - 1)]
    while spans:
        a, b = spans.pop()
        worst = _worst(path, a, b, coarse)
        if worst:
            keep[worst] = True
            spans += [(a, worst), (worst, b)]
    minute = 60 * SECOND
    time = (path.time[keep] + minute // 2) // minute * minute
    lat, lon, alt = path.lat[keep].round(2), path.lon[keep].round(2), path.alt[keep].round(-2)
    later = np.concatenate([[True], np.diff(time) > 0])
    if later.sum() < 2:
        time[-1], later[-1] = time[0] + minute, True
    else:  # the end stays where it is
        last = int(np.flatnonzero(later)[-1])
        lat[last], lon[last], alt[last] = lat[-1], lon[-1], alt[-1]
    return Trajectory(path.id, time[later], lat[later], lon[later], alt[later])


def _worst(path: Trajectory, a: int, b: int, coarse: float) -> int:
    """Give the fix between two that a straight line misses most; 0 where it misses none.

    By 0.4 NM beside, 20 s along, 200 ft, each times ``coarse`` (after D. H. Douglas, T. K.
    Peucker, 1973).
    """
    if b - a < 2:
        return 0
    share = (path.time[a : b + 1] - path.time[a]) / (path.time[b] - path.time[a])
    wide = math.cos(math.radians(path.lat[a])) * 111_195.0
    north = (path.lat[a : b + 1] - path.lat[a] - share * (path.lat[b] - path.lat[a])) * 111_195.0
    east = (path.lon[a : b + 1] - path.lon[a] - share * (path.lon[b] - path.lon[a])) * wide
    up = path.alt[a : b + 1] - path.alt[a] - share * (path.alt[b] - path.alt[a])
    y, x = (path.lat[b] - path.lat[a]) * 111_195.0, (path.lon[b] - path.lon[a]) * wide
    long = max(math.hypot(x, y), 1.0)
    speed = long / ((path.time[b] - path.time[a]) / SECOND)
    off = np.maximum.reduce(
        [
            np.abs(north * x - east * y) / long / 740.0,
            np.abs(north * y + east * x) / long / max(20.0 * speed, 740.0),
            np.abs(up) / 200.0,
        ]
    )
    worst = int(off.argmax())
    return a + worst if off[worst] > coarse and 0 < worst < b - a else 0


def beside(flown: Flown, kind: str, name: str, rng: np.random.Generator) -> Flown:
    """Give a flight that is easily taken for another."""
    path = flown.path
    kind = ("trail", "level", "parallel")[rng.integers(3)] if kind == "any" else kind
    way = int(rng.choice([-1, 1]))
    time, lat, lon, alt = path.time, path.lat, path.lon, path.alt
    if kind == "trail":
        time = time + way * int(rng.uniform(120.0, 300.0) // 10) * STEP
    elif kind == "level":
        alt = alt + way * 1000.0
    else:
        course, _, _ = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        turned = np.append(course, course[-1]) + way * 90.0
        # One direction for the whole flight, so that a turn does not make it faster.
        mean = math.degrees(
            math.atan2(np.sin(np.radians(turned)).mean(), np.cos(np.radians(turned)).mean())
        )
        far = rng.uniform(1.0, 3.0) * 1852.0
        n = len(lon)
        lon, lat, _ = GEOD.fwd(lon, lat, np.full(n, mean), np.full(n, far))
    path = Trajectory(name, time, np.asarray(lat), np.asarray(lon), alt)
    return Flown(path, f"{int(rng.integers(0xE00000, 0xEFFFFF)):06x}", name.upper())


def world(flown: list[Flown], case: Case, rng: np.random.Generator) -> list[Flown]:
    """Give the flights of a case: 5 of 100 are not declared."""
    share = round(0.05 * len(flown))
    if not case.neighbours:
        chosen = rng.choice(len(flown), 2 * share, replace=False).tolist()
        hidden, absent = set(chosen[:share]), set(chosen[share:] if case.absent else ())
        return [
            replace(one, declared=i not in hidden, flies=i not in absent)
            for i, one in enumerate(flown)
        ]
    chosen = rng.choice(len(flown), 2 * share, replace=False).tolist()
    if case.absent:
        chosen = chosen[:share]
        flown = [replace(one, flies=i not in chosen) for i, one in enumerate(flown)]
    return flown + [
        replace(beside(flown[i], case.neighbours, f"beside{k}", rng), declared=k >= share)
        for k, i in enumerate(chosen)
    ]


def sightings(
    flown: list[Flown], case: Case, rng: np.random.Generator
) -> dict[int, list[Sighting]]:
    """Give what the sensors report, by the time of the picture that it comes in."""
    out: dict[int, list[Sighting]] = defaultdict(list)
    for k, one in enumerate(flown):
        if not one.flies:
            continue
        said = rng.random()
        address, callsign = one.address, one.callsign
        if said < case.missing:
            address = callsign = ""
        elif said < case.missing + case.wrong:
            address, callsign = f"{0xF00000 + k:06x}", f"XX{k}"
        path, n = one.path, len(one.path.time)
        lat = path.lat + rng.normal(0.0, case.noise, n) / 111_195.0
        lon = path.lon + rng.normal(0.0, case.noise, n) / (111_195.0 * np.cos(np.radians(path.lat)))
        seen = rng.random(n) >= case.lost
        for i in np.flatnonzero(seen).tolist():
            time = int(path.time[i])
            out[-(-time // STEP) * STEP].append(
                Sighting(
                    source="sensor", time=time, address=address, number=str(k), callsign=callsign,
                    lat=float(lat[i]), lon=float(lon[i]), pressure=float(path.alt[i]),
                    accuracy=2.45 * case.noise, kind=str(k),
                )
            )  # fmt: skip
    return out
