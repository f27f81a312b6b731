"""Ten thousand tracks a second against ten thousand intents, on one core."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.result import Result, write
from benchmarks.synthetic import day
from detente import Altitude, Circle, Flights, Reference, Volume
from detente.earth import GEOD
from detente.watch.declared import Declared
from detente.watch.matcher import Matcher
from detente.watch.matches import CONFORMANCES
from detente.watch.picture import Picture

__all__ = ["run"]

SECOND = 1_000_000_000
_LOOKS = 60


def _seen(now: int, ids: list[int], **columns: np.ndarray) -> Picture:
    n = len(ids)
    blank, nothing = [""] * n, np.full(n, np.nan)
    about: dict[str, np.ndarray] = {
        "pressure": nothing, "geometric": nothing, "north": np.zeros(n), "east": np.zeros(n),
    }  # fmt: skip
    return Picture(
        now=now, ids=[f"t{i}" for i in ids], seen=np.full(n, now),
        first=np.full(n, now - 600 * SECOND), climb=np.zeros(n), uncertainty=np.full(n, 100.0),
        count=np.full(n, 60), on_ground=np.zeros(n, dtype=np.bool_),
        address=[f"{i:06x}" if i % 3 else "" for i in ids], callsign=blank, squawk=blank,
        kind=blank, sources=[("feed",)] * n, **(about | columns),
    )  # fmt: skip


def _at_once(flights: Flights, count: int) -> Flights:
    """Move flights in time so that so many are in the air at one moment."""
    first, last = flights.time[flights.offsets[:-1]], flights.time[flights.offsets[1:] - 1]
    chosen = np.flatnonzero(last - first > 600 * SECOND)[:count]
    noon = int(np.median(first))
    time_ = flights.time.copy()
    for i in chosen.tolist():
        lo, hi = flights.offsets[i], flights.offsets[i + 1]
        time_[lo:hi] += noon - (first[i] + last[i]) // 2
    return replace(flights, time=time_).take(chosen)


def _routes(count: int) -> tuple[Matcher, Callable[[int], Picture], float]:
    """Give intents that are routes, and pictures of the flights on them, 50 m of noise."""
    flights = _at_once(day(3 * count), count)
    rng = np.random.default_rng(1)
    matcher = Matcher()
    start = time.perf_counter()
    for i, path in enumerate(flights):
        if i % 20:
            matcher.declare(Declared(f"p/{i}", "p", path, address=f"{i:06x}"))
    taken = time.perf_counter() - start
    noon = max(int(path.time[0]) for path in flights) + 60 * SECOND

    def picture(look: int) -> Picture:
        now = noon + look * SECOND
        rows = []
        for i, path in enumerate(flights):
            k = int(np.searchsorted(path.time, now, side="right")) - 1
            if k + 1 < len(path.time):
                rows.append((i, k, (now - path.time[k]) / (path.time[k + 1] - path.time[k])))
        ids, legs, share = (np.array(column) for column in zip(*rows, strict=True))
        at = flights.offsets[ids] + legs
        lat, lon, alt = (
            column[at] + share * (column[at + 1] - column[at])
            for column in (flights.lat, flights.lon, flights.alt)
        )
        course, _, far = GEOD.inv(
            flights.lon[at], flights.lat[at], flights.lon[at + 1], flights.lat[at + 1]
        )
        speed = far / ((flights.time[at + 1] - flights.time[at]) / SECOND)
        noise = rng.normal(0.0, 50.0, (2, len(ids))) / 111_195.0
        return _seen(
            now, ids.tolist(), lat=lat + noise[0], lon=lon + noise[1], pressure=alt,
            north=speed * np.cos(np.radians(course)), east=speed * np.sin(np.radians(course)),
        )  # fmt: skip

    return matcher, picture, taken


def _volumes(count: int) -> tuple[Matcher, Callable[[int], Picture], float]:
    """Give intents of three circles, one after another, and drones in them, 5 m of noise."""
    rng = np.random.default_rng(2)
    lat, lon = rng.uniform(46.0, 50.0, count), rng.uniform(5.0, 12.0, count)
    begin = 1_782_907_200 * SECOND
    matcher = Matcher()
    start = time.perf_counter()
    for i in range(count):
        if i % 20:
            matcher.declare(
                Declared(
                    f"p/{i}", "p",
                    tuple(
                        Volume(
                            "v", Circle(float(lat[i]), float(lon[i]), 500.0),
                            Altitude(0.0, Reference.WGS84), Altitude(400.0, Reference.WGS84),
                            begin + k * 600 * SECOND, begin + (k + 1) * 600 * SECOND,
                        )
                        for k in range(3)
                    ),
                    address=f"{i:06x}",
                )
            )  # fmt: skip
    taken = time.perf_counter() - start

    def picture(look: int) -> Picture:
        noise = rng.normal(0.0, 5.0, (2, count)) / 111_195.0
        return _seen(
            begin + (900 + look) * SECOND, list(range(count)), lat=lat + noise[0],
            lon=lon + noise[1], geometric=np.full(count, 200.0),
        )  # fmt: skip

    return matcher, picture, taken


def run(quick: bool) -> list[Result]:
    """Measure looks a second apart, 95 of 100 flights declared."""
    count = 1_000 if quick else 10_000
    results = []
    for name, made in (("routes", _routes), ("volumes", _volumes)):
        matcher, picture, taken = made(count)
        each, tracks = [], 0
        for look in range(_LOOKS):
            seen = picture(look)
            start = time.perf_counter()
            matches = matcher.match(seen)
            each.append(1000.0 * (time.perf_counter() - start))
            tracks = len(seen)
        said = np.bincount(matches.verdict, minlength=len(CONFORMANCES))
        high = float(np.percentile(each[3:], 99))
        results.append(
            Result(
                f"{tracks:,} tracks against {len(matcher):,} intents in {name}: 99th percentile",
                f"{high:.0f} ms",
                "≤ 300 ms" if not quick else "",
                high <= 300.0 if not quick else None,
                f"median {np.median(each[3:]):.0f} ms, one thread; at the end "
                + ", ".join(
                    f"{n:,} {c.value}" for n, c in zip(said.tolist(), CONFORMANCES, strict=True)
                )
                + f"; to declare one {1e6 * taken / len(matcher):.0f} µs",
            )
        )
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
