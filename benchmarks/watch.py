"""Ten thousand aircraft, each reported once a second: what a second of it costs on one core.

And where recorded tracks are that were not seen for up to a minute.

Stone Soup's Kalman filter smooths the same reports, being told whose each is.
"""

import gc
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.peer import run_peer
from benchmarks.result import Result, peak_memory, start_peak, write
from benchmarks.synthetic import directory
from detente import Index, Trajectory
from detente.airspace.sighting import Sighting
from detente.earth import GEOD
from detente.watch.declared import Declared
from detente.watch.matcher import Matcher
from detente.watch.matches import CONFORMANCES
from detente.watch.settings import Tracking
from detente.watch.tracker import Tracker
from detente.watch.watch import Watch

__all__ = ["run"]

F8 = NDArray[np.float64]

_SECOND: Final = 1_000_000_000
DAY: Final = Path(__file__).parent.parent / "data" / "switzerland-2018-08-01.parquet"
_NOON: Final = 1_782_907_200 * _SECOND
_LAST: Final = 1800.0
_SPEED: Final = 230.0
_ACCURACY: Final = 50.0
_QUANTILE: Final = 2.447747


class Sky:
    """Straight flights over Europe; one in twenty is declared by nobody.

    Parameters
    ----------
    count : how many fly.
    """

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(1)
        index = Index()
        declared: list[Trajectory] = []
        starts = []
        while len(declared) < count:
            lat, lon, course = rng.uniform(35, 60), rng.uniform(-10, 30), rng.uniform(0, 360)
            level = 1000.0 * rng.integers(29, 42)
            east, north, _ = GEOD.fwd(lon, lat, course, _SPEED * _LAST)
            name = f"p{len(declared) % 40}/f{len(declared)}"
            flight = Trajectory(
                name, _NOON + np.array([0, round(_LAST)]) * _SECOND, np.array([lat, north]),
                np.array([lon, east]), np.array([level, level]), name.partition("/")[0],
            )  # fmt: skip
            if not index.query(flight):
                index.add(flight)
                declared.append(flight)
                starts.append((lat, lon, course, level))
        self.lat, self.lon, self.course, self.level = np.array(starts).T
        self.stray = rng.random(count) < 0.05
        self.course[self.stray] = rng.uniform(0.0, 360.0, int(self.stray.sum()))
        self.declared = [
            Declared(f.id, f.party, f)
            for f, stray in zip(declared, self.stray, strict=True)
            if not stray
        ]
        # as decoders give them: each string made anew from bytes
        self.names = [(f"{k:06x}".encode(), f"FLT{k}".encode()) for k in range(count)]
        self._rng = rng

    def places(self, seconds: float) -> tuple[F8, F8, F8]:
        """Give where each is, and its course."""
        lon, lat, back = GEOD.fwd(self.lon, self.lat, self.course, np.full(
            len(self.lon), _SPEED * seconds))  # fmt: skip
        return np.asarray(lat), np.asarray(lon), (np.asarray(back) + 180.0) % 360.0

    def reports(self, seconds: int, *, velocity: bool = True) -> list[Sighting]:
        """Give one report of each, made in the second before, in no order."""
        n = len(self.lon)
        lat, lon, course = self.places(float(seconds))
        off = self._rng.normal(0.0, _ACCURACY / _QUANTILE, (2, n))
        lat = lat + off[0] / 111_200.0
        lon = lon + off[1] / 111_200.0 / np.cos(np.radians(lat))
        level = 25.0 * np.round((self.level + self._rng.normal(0.0, 20.0, n)) / 25.0)
        at = _NOON + seconds * _SECOND
        rows = zip(self.names, lat.tolist(), lon.tolist(), level.tolist(), course.tolist(),
                   strict=True)  # fmt: skip
        sightings = [
            Sighting(
                source="adsb", time=at, address=address.decode(), callsign=callsign.decode(),
                lat=y, lon=x, pressure=feet, accuracy=_ACCURACY,
                speed=_SPEED if velocity else None, course=heading if velocity else None,
            )
            for (address, callsign), y, x, feet, heading in rows
        ]  # fmt: skip
        self._rng.shuffle(sightings)  # type: ignore[arg-type]
        return sightings


def percentile(seconds: list[float], share: float) -> float:
    return float(np.percentile(seconds, share))


def parts(sky: Sky, warm: int, measured: int) -> list[Result]:
    """Measure tracker and matcher, second by second."""
    tracker, matcher = Tracker(), Matcher()
    for each in sky.declared:
        matcher.declare(each)
    taking, advancing, matching = [], [], []
    for second in range(1, warm + measured + 1):
        reports = sky.reports(second)
        now = _NOON + second * _SECOND
        gc.collect()
        start = time.perf_counter()
        tracker.take(reports, now)
        taken = time.perf_counter()
        picture = tracker.advance(now)
        advanced = time.perf_counter()
        matches = matcher.match(picture)
        done = time.perf_counter()
        if second > warm:
            taking.append(taken - start)
            advancing.append(advanced - taken)
            matching.append(done - advanced)
    n = len(sky.lon)
    if len(picture) != n or tracker.counts:
        raise AssertionError(f"{len(picture)} tracks of {n}; {tracker.counts}")
    told = np.bincount(matches.verdict, minlength=len(CONFORMANCES))
    said = ", ".join(f"{told[k]:,} {c}" for k, c in enumerate(CONFORMANCES) if told[k])
    joined = [a + b for a, b in zip(taking, advancing, strict=True)]
    whole = [a + b for a, b in zip(joined, matching, strict=True)]
    high = percentile(whole, 99)
    return [
        Result(
            f"{n:,} tracks and {len(sky.declared):,} intents, a report a second each: "
            "a second of it, 99th percentile",
            f"{1000 * high:.0f} ms", "≤ 1 s", bool(high <= 1.0),
            f"median {1000 * percentile(whole, 50):.0f} ms; one core, {measured} s; joined, "
            f"smoothed and matched; at the end {said}",
        ),
        Result(
            "joined and smoothed: median, 99th percentile",
            f"{1000 * percentile(joined, 50):.0f} ms, {1000 * percentile(joined, 99):.0f} ms",
            "≤ 150 ms", bool(percentile(joined, 99) <= 0.15),
            f"taking reports in {1000 * percentile(taking, 50):.0f} ms, the picture "
            f"{1000 * percentile(advancing, 50):.0f} ms",
        ),
        Result(
            "matched: median, 99th percentile",
            f"{1000 * percentile(matching, 50):.0f} ms, {1000 * percentile(matching, 99):.0f} ms",
        ),
        Result(
            "reports taken in, joined, smoothed and matched",
            f"{n / percentile(whole, 50):,.0f} a second", "≥ 10,000 a second",
            bool(percentile(whole, 50) * 10_000 <= n),
        ),
    ]  # fmt: skip


def together(sky: Sky, warm: int, measured: int) -> list[Result]:
    """Measure the whole watch, with what is written for the record and the alerts."""
    watch = Watch()
    for each in sky.declared:
        watch.declare(each)
    quiet, looking, told = [], [], 0
    start_peak()
    for second in range(1, warm + measured + 1):
        watch.see(sky.reports(second))
        start = time.perf_counter()
        found = watch.step(_NOON + second * _SECOND)
        seconds = time.perf_counter() - start
        if second > warm:
            (looking if (second - 1) % 5 == 0 else quiet).append(seconds)
            told += len(found.tracks)
    n = len(sky.lon)
    return [
        Result(
            "the whole watch: a second with a look for alerts, and one without",
            f"{np.median(looking):.2f} s, {np.median(quiet):.3f} s",
            note=f"medians; the longest {max(*looking, *quiet):.2f} s; alerts are looked for each "
            f"5 s; {told / measured:,.0f} tracks a second go to the record",
        ),
        Result(
            f"largest resident memory of the process, {n:,} tracks",
            f"{peak_memory():.0f} MB", note="Python, its libraries and the made-up sky included",
        ),
    ]  # fmt: skip


def beside(count: int, seconds: int) -> list[Result]:
    """Measure Stone Soup on the same reports, and compare what both estimate."""
    sky = Sky(count)
    tracker = Tracker()
    own, columns = [], []
    for second in range(1, seconds + 1):
        reports = sky.reports(second, velocity=False)
        number = np.array([int(r.address, 16) for r in reports])
        lat, lon = np.array([(r.lat, r.lon) for r in reports], dtype=float).T
        order = np.argsort(number)
        columns.append((second, lat[order], lon[order]))
        now = _NOON + second * _SECOND
        gc.collect()
        start = time.perf_counter()
        tracker.take(reports, now)
        picture = tracker.advance(now)
        own.append(time.perf_counter() - start)
    here = directory()
    lat0, lon0 = columns[0][1:]
    flat = [_flat(lat0, lon0, lat, lon) for _, lat, lon in columns]
    path, out = here / "reports.parquet", (here / "estimates.parquet", here / "times.json")
    table = {
        "second": np.repeat([second for second, *_ in columns], count),
        "track": np.tile(np.arange(count), seconds),
        "x": np.concatenate([x for x, _ in flat]),
        "y": np.concatenate([y for _, y in flat]),
    }
    pq.write_table(pa.table(table), path)
    run_peer("stonesoup_tracks.py", path, *out)
    theirs = pq.read_table(out[0])
    measured = json.loads(Path(out[1]).read_text(encoding="utf-8"))
    order = np.argsort([int(address, 16) for address in picture.address])
    x, y = _flat(lat0, lon0, picture.lat[order], picture.lon[order])
    apart = np.hypot(x - theirs["x"].to_numpy(), y - theirs["y"].to_numpy())
    peer, ours = float(np.median(measured["seconds"][2:])), float(np.median(own[2:]))
    return [
        Result(
            f"{measured['peer']} {measured['version']}: {count:,} reports smoothed",
            f"{peer:.2f} s",
            note="its Kalman filter across alone, told whose each report is; where both have "
            f"each track after {seconds} s differs by {np.median(apart):.2f} m in the median, "
            f"{np.percentile(apart, 99):.2f} m at the 99th percentile",
        ),
        Result("times as fast, with joining and altitudes", f"{peer / ours:.0f}"),
    ]


def coasting(hours: float) -> list[Result]:
    """Take a minute in three away from a recorded day, and see where tracks coast to.

    Which minute is drawn for each flight. A track counts from its sixth position on.
    """
    table = pq.read_table(DAY).sort_by("timestamp")
    time_ = table["timestamp"].cast("int64").to_numpy() * 1_000_000
    table = table.slice(0, int(np.searchsorted(time_, time_[0] + round(hours * 3600) * _SECOND)))
    time_ = time_[: len(table)]
    names = ("icao24", "callsign", "latitude", "longitude", "altitude", "flight_id")
    columns = [table[name].to_pylist() for name in names]
    rng = np.random.default_rng(0)
    flights = sorted(set(columns[5]))
    phase = dict(zip(flights, rng.integers(0, 18, len(flights)).tolist(), strict=True))
    tracker = Tracker(Tracking(coast=65.0))
    found: dict[int, list[tuple[float, float]]] = {}
    edges = [*np.flatnonzero(np.diff(time_, prepend=0)).tolist(), len(time_)]
    for begin, end in pairwise(edges):
        now = int(time_[begin])
        rows = [
            Sighting(source="opensky", time=now, address=address, callsign=callsign, lat=lat,
                     lon=lon, pressure=feet)
            for address, callsign, lat, lon, feet, flight in zip(
                *(column[begin:end] for column in columns), strict=True
            )
            if (now // (10 * _SECOND) + phase[flight]) % 18 < 12
        ]  # fmt: skip
        tracker.take(rows, now)
        picture = tracker.advance(now)
        there = {columns[0][k]: (columns[3][k], columns[2][k]) for k in range(begin, end)}
        for k, address in enumerate(picture.address):
            if address in there and picture.count[k] > 5:
                off = GEOD.inv(picture.lon[k], picture.lat[k], *there[address])[2]
                coasted = round((now - int(picture.seen[k])) / _SECOND)
                found.setdefault(coasted, []).append((off, float(picture.uncertainty[k])))
    results = []
    for coasted in range(10, 70, 10):
        off, told = np.array(found[coasted]).T
        share = float(np.mean(off <= told))
        results.append(
            Result(
                f"recorded tracks {coasted} s after they were last seen: "
                "share within the uncertainty told",
                f"{share:.3f}", "≥ 0.94", share >= 0.94,
                f"told {np.median(told):,.0f} m in the median; 95 of 100 were within "
                f"{np.percentile(off, 95):,.0f} m; {len(off):,} cases",
            )
        )  # fmt: skip
    return results


def _flat(lat0: F8, lon0: F8, lat: F8, lon: F8) -> tuple[F8, F8]:
    azimuth, _, metres = GEOD.inv(lon0, lat0, lon, lat)
    return metres * np.sin(np.radians(azimuth)), metres * np.cos(np.radians(azimuth))


def run(quick: bool) -> list[Result]:
    """Measure on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    count, warm, measured = (1_000, 5, 10) if quick else (10_000, 20, 60)
    sky = Sky(count)
    return [
        *parts(sky, warm, measured),
        *together(sky, warm, 5 if quick else 60),
        *beside(count, 10 if quick else 20),
        *coasting(0.5 if quick else 3.0),
    ]


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
