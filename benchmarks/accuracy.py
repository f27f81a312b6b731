"""Recorded flights, plans cut from them, sensors that err: who is found to be undeclared.

The plans are simplified and rounded as filed ones are: fixes on a grid of 0.01 degree, whole
minutes, hundreds of feet. The sensors report every 10 s, add noise, lose reports, and say the
aircraft's address and callsign, nothing, or another's. All goes through the real tracker.
"""

import math
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

import detente
from benchmarks.result import Result, write
from detente import Trajectory
from detente.airspace.sighting import Sighting
from detente.earth import GEOD
from detente.watch.declared import Declared
from detente.watch.gate import Matching
from detente.watch.matcher import Matcher
from detente.watch.matches import CONFORMANCES
from detente.watch.tracker import Tracker

__all__ = ["CASES", "Case", "Score", "filed", "recorded", "run", "scored", "world"]

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
    ``absent``: the share of declared flights that do not fly; with neighbours, an undeclared one
    flies beside each of these.
    """

    name: str
    noise: float = 30.0
    lost: float = 0.0
    missing: float = 0.0
    wrong: float = 0.0
    neighbours: str = ""
    late: float = 0.0
    coarse: float = 1.0
    absent: float = 0.0
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
    Case("the same, nobody says who it is", 300.0, 0.3, 1.0, 0.0, "any", 60.0, 3.0, 0.0, False),
    Case("5 % of declared flights do not fly; an undeclared one beside each, in trail, a level or "
         "1 to 3 NM off", 100.0, 0.1, 0.3, 0.05, "any", 0.0, 1.0, 0.05, False),
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
        hidden = set(rng.choice(len(flown), share, replace=False).tolist())
        return [replace(one, declared=i not in hidden) for i, one in enumerate(flown)]
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


@dataclass
class Score:
    """What came out, added up over seeds."""

    flights: int = 0
    right: int = 0
    missed: int = 0
    false: int = 0
    none: int = 0
    alarmed: int = 0
    excused: int = 0
    looks: int = 0
    other: int = 0
    looks_declared: int = 0
    looks_conforming: int = 0
    changes: int = 0
    hours: float = 0.0
    first: tuple[float, ...] = ()
    found: tuple[float, ...] = ()

    def __add__(self, more: "Score") -> "Score":
        return Score(
            *(getattr(self, name) + getattr(more, name) for name in self.__dataclass_fields__)
        )

    @property
    def precision(self) -> tuple[float, float, float]:
        return _interval(self.right, self.right + self.false)

    @property
    def recall(self) -> tuple[float, float, float]:
        return _interval(self.right, self.right + self.missed)


def _interval(k: int, n: int) -> tuple[float, float, float]:
    """Give a share and its 95 % interval (E. B. Wilson, JASA 22, 1927)."""
    if not n:
        return math.nan, 0.0, 1.0
    z = 1.96
    middle = (k + z * z / 2.0) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4.0)
    return k / n, middle - half, min(1.0, middle + half)


def scored(flown: list[Flown], case: Case, seed: int, settings: Matching | None = None) -> Score:
    """Watch one day, and compare what was found with what is so.

    A flight is what its track was said to be for longest; a verdict for every look counts
    the changes. A flight that got no verdict at all is not found.
    """
    rng = np.random.default_rng([seed, 0xACC])
    flown = world(flown, case, rng)
    batches = sightings(flown, case, rng)
    tracker, matcher = Tracker(), Matcher(settings)
    plans = []
    for k, one in enumerate(flown):
        off = round(rng.normal(0.0, case.late)) * SECOND
        if one.declared:
            path = replace(one.path, time=one.path.time + off)
            plans.append((filed(path, case.coarse), one, k))
    coming = sorted(plans, key=lambda plan: (plan[0].time[0], plan[2]), reverse=True)
    flying: list[tuple[int, str]] = []
    spent: dict[int, NDArray[np.int64]] = defaultdict(lambda: np.zeros(4, dtype=np.int64))
    last: dict[int, tuple[int, str]] = {}
    seen: dict[int, int] = {}
    first: dict[int, float] = {}
    found: dict[int, float] = {}
    score = Score()
    for now in range(min(batches), max(batches) + 60 * SECOND, STEP):
        while coming and coming[-1][0].time[0] < now + 1800 * SECOND:
            plan, one, k = coming.pop()
            matcher.declare(
                Declared(f"p/{k}", "p", plan, address=one.address, callsign=one.callsign)
            )
            flying.append((int(plan.time[-1]) + 1800 * SECOND, f"p/{k}"))
        for _, name in [row for row in flying if row[0] < now]:
            matcher.withdraw(name)
        flying = [row for row in flying if row[0] >= now]
        tracker.take(batches.get(now, []))
        picture = tracker.advance(now)
        matches = matcher.match(picture)
        for i, (said, verdict) in enumerate(
            zip(picture.kind, matches.verdict.tolist(), strict=True)
        ):
            k = int(said)
            spent[k][verdict] += 1
            begun = seen.setdefault(k, int(picture.first[i]))
            if not verdict:
                continue
            intent = matches.intent[i]
            first.setdefault(k, (now - begun) / SECOND)
            if verdict == 3 and not flown[k].declared:
                found.setdefault(k, (now - begun) / SECOND)
            score.looks += 1
            score.other += bool(intent) and intent != f"p/{k}"
            if flown[k].declared:
                score.looks_declared += 1
                score.looks_conforming += CONFORMANCES[verdict] == "conforming"
            if last.setdefault(k, (verdict, intent)) != (verdict, intent):
                score.changes += 1
                last[k] = verdict, intent
    for k, one in enumerate(flown):
        if not one.flies:
            continue
        _, conforming, strays, undeclared = spent[k].tolist()
        score.flights += 1
        score.none += conforming + strays + undeclared == 0
        told = undeclared > conforming + strays
        score.alarmed += one.declared and undeclared > 0
        score.excused += not one.declared and conforming + strays > 0
        score.right += told and not one.declared
        score.false += told and one.declared
        score.missed += not told and not one.declared
        score.hours += int(spent[k].sum()) * STEP / SECOND / 3600.0
    score.first, score.found = tuple(first.values()), tuple(found.values())
    return score


def run(quick: bool) -> list[Result]:
    """Measure every case over several seeds."""
    flown = recorded(8.0, 10.0) if quick else recorded()
    seeds = range(1) if quick else range(5)
    results = []
    for case in CASES:
        total = Score()
        for seed in seeds:
            total += scored(flown, case, seed)
        (precision, low, high), (recall, least, most) = total.precision, total.recall
        median, late = np.percentile(total.first, [50, 95])
        caught, slow = np.percentile(total.found, [50, 95])
        results.append(
            Result(
                f"{case.name}: precision, recall of undeclared",
                f"{precision:.3f} ({low:.3f} to {high:.3f}), {recall:.3f} ({least:.3f} to "
                f"{most:.3f})",
                "≥ 0.99 each" if case.possible else "",
                (precision >= 0.99 and recall >= 0.99) if case.possible else None,
                f"{total.flights:,} flights, {total.right + total.missed} undeclared; declared "
                f"ones ever told undeclared {total.alarmed}, undeclared ones ever matched "
                f"{total.excused}; "
                f"{total.changes / total.hours:.2f} changes of verdict or intent per flight hour; "
                f"first verdict after {median:.0f} s, 95 % within {late:.0f} s; undeclared told "
                f"after {caught:.0f} s, 95 % within {slow:.0f} s; matched to another's intent "
                f"{100.0 * total.other / total.looks:.2f} % of the time; conforming "
                f"{100.0 * total.looks_conforming / total.looks_declared:.1f} %",
            )
        )
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
