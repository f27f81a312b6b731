"""Short-term alerts: the time of a look; on made-up encounters, how early, how often in vain."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.result import Result, write
from detente import Index, Trajectory
from detente.airspace.sighting import Sighting
from detente.earth import GEOD
from detente.watch.alert import Alerting, ShortTermAlerts
from detente.watch.declared import Declared
from detente.watch.matches import CONFORMANCES, Matches
from detente.watch.picture import Picture
from detente.watch.prediction import Outlook, drifted
from detente.watch.settings import Tracking
from detente.watch.track import Conformance
from detente.watch.tracker import Tracker

__all__ = ["run"]

F8 = NDArray[np.float64]

DAY = Path(__file__).parent.parent / "data" / "switzerland-2018-08-01.parquet"
_SECOND = 1_000_000_000
_NOON = 1_782_907_200 * _SECOND
_EVERY = 5.0
_LAST = 900.0
_NAUTICAL_MILE = 1852.0
_VERDICT = {name: CONFORMANCES.index(name) for name in CONFORMANCES}


def seen(
    now: int, ids: list[str], lat: F8, lon: F8, north: F8, east: F8, feet: F8, climb: F8,
    verdict: NDArray[np.int8], intents: list[str],
) -> tuple[Picture, Matches]:  # fmt: skip
    """Put columns into a picture and its verdicts."""
    n = len(ids)
    at, none, blank = np.full(n, now), np.full(n, np.nan), [""] * n
    no = np.zeros(n, dtype=np.bool_)
    return (
        Picture(
            now, ids, at, at, lat, lon, feet, none, north, east, climb, np.full(n, 50.0), at, no,
            blank, blank, blank, blank, [()] * n,
        ),
        Matches(now, verdict, at, intents, none, none, none, no, no, blank, ()),
    )  # fmt: skip


def sky(count: int) -> tuple[list[Declared], Iterator[tuple[Picture, Matches]]]:
    """Make flights over Europe that an authority would accept; one in twenty does something else.

    Gives all intents, and pictures five seconds apart.
    """
    rng = np.random.default_rng(1)
    index = Index()
    declared: list[Declared] = []
    starts = []
    while len(declared) < count:
        lat, lon, course = rng.uniform(35, 60), rng.uniform(-10, 30), rng.uniform(0, 360)
        level = 1000.0 * rng.integers(29, 42)
        east, north, _ = GEOD.fwd(lon, lat, course, 230.0 * _LAST)
        name = f"p{len(declared) % 40}/f{len(declared)}"
        flight = Trajectory(
            name, _NOON + np.array([0, round(_LAST)]) * _SECOND, np.array([lat, north]),
            np.array([lon, east]), np.array([level, level]), name.partition("/")[0],
        )  # fmt: skip
        if index.query(flight):
            continue
        index.add(flight)
        declared.append(Declared(name, flight.party, flight))
        starts.append((lat, lon, course, level))
    lat, lon, course, level = np.array(starts).T
    stray = rng.random(count) < 0.05
    late = 230.0 * rng.normal(0.0, 5.0, count)
    flown = np.where(stray, rng.uniform(0.0, 360.0, count), course)
    verdict = np.where(stray, _VERDICT[Conformance.UNDECLARED], _VERDICT[Conformance.CONFORMING])
    names = ["" if s else d.name for s, d in zip(stray, declared, strict=True)]

    def pictures() -> Iterator[tuple[Picture, Matches]]:
        way = 230.0 * 300.0 + late
        while True:
            x, y, back = GEOD.fwd(lon, lat, course, way)
            heading = np.radians(np.where(stray, flown, back + 180.0))
            now = _NOON + round(float((way - late)[0]) / 230.0 * _SECOND)
            yield seen(
                now, [f"t{k}" for k in range(count)], y, x, 230.0 * np.cos(heading),
                230.0 * np.sin(heading), level + rng.normal(0, 20, count),
                rng.normal(0, 50, count), verdict.astype(np.int8), names,
            )  # fmt: skip
            way = way + 230.0 * _EVERY

    return declared, pictures()


def look_time(count: int, matched: bool) -> Result:
    """Time a look at so many tracks and as many intents."""
    declared, pictures = sky(count)
    alerts = ShortTermAlerts()
    for each in declared:
        alerts.declare(each)
    taken = []
    found = 0
    for k, (picture, usual) in enumerate(pictures):
        none = np.full(len(usual), _VERDICT[Conformance.UNDECLARED], dtype=np.int8)
        unmatched = replace(usual, verdict=none, intent=[""] * len(usual))
        matches = usual if matched else unmatched
        # of the processor, as it has one core for itself
        start = time.process_time()
        found = len(alerts.look(picture, matches))
        taken.append(time.process_time() - start)
        if k == 7:
            break
    own = "95 % of them on their way" if matched else "none of them matched to any"
    median = float(np.median(taken[2:]))
    return Result(
        f"a look at {count:,} tracks and {count:,} intents, {own}",
        f"{median:.2f} s", "≤ 1 s" if matched else "", median <= 1.0 if matched else None,
        f"of one core; 5 min ahead, due each 5 s; {found:,} alerts stand; the first, which lays "
        f"out what is declared, {taken[1] if not matched else taken[0]:.2f} s",
    )  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Encounters of one kind; one flight is declared and on its way, the other as said here.

    ``least`` : the least distance that the two are meant to pass at, metres.
    """

    name: str
    other: str
    least: float = 0.0


KINDS = (
    Kind("both declared, and on their way", "declared", 5.0 * _NAUTICAL_MILE),
    Kind("undeclared, straight on", "straight"),
    Kind("undeclared, turns once", "turns"),
    Kind("undeclared, climbs and levels off", "climbs"),
    Kind("strays from its intent", "strays", 5.0 * _NAUTICAL_MILE),
)


@dataclass(frozen=True)
class Encounters:
    """Pairs of flights, each pair in a plane of its own: (2, n, seconds) metres, feet."""

    x: F8
    y: F8
    z: F8
    verdict: NDArray[np.int8]
    declared: list[list[Declared]]
    lat: F8
    lon: F8

    @property
    def lost(self) -> F8:
        """Give when each pair loses separation, seconds; NaN for never."""
        apart = np.hypot(self.x[1] - self.x[0], self.y[1] - self.y[0])
        both = (apart < 5.0 * _NAUTICAL_MILE) & (np.abs(self.z[1] - self.z[0]) < 1000.0)
        return np.where(both.any(axis=1), both.argmax(axis=1), np.nan)


def encounters(kind: Kind, count: int, seed: int) -> Encounters:
    """Make pairs that pass each other after six to eight minutes, at up to 15 NM."""
    rng = np.random.default_rng(seed)
    t = np.arange(_LAST + 1.0)
    passing = rng.uniform(360.0, 480.0, count)
    apart = rng.uniform(kind.least + 50.0, 15.0 * _NAUTICAL_MILE, count)
    speed = rng.uniform(180.0, 260.0, (2, count))
    one = rng.uniform(0.0, 2.0 * np.pi, count)
    angle = rng.uniform(0.35, 2.0 * np.pi - 0.35, count)
    heading = np.stack([one, one + angle])
    velocity = speed[..., None] * np.stack([np.sin(heading), np.cos(heading)], axis=-1)
    relative = velocity[1] - velocity[0]
    across = np.stack([-relative[:, 1], relative[:, 0]], axis=-1)
    offset = across / np.linalg.norm(across, axis=1, keepdims=True) * apart[:, None]
    place = np.stack([np.zeros((count, 2)), offset])
    turn = np.zeros((count, len(t)))
    begin = rng.uniform(60.0, 420.0, count)
    if kind.other in ("turns", "strays"):
        total = np.radians(rng.uniform(20.0, 90.0, count)) * rng.choice([-1.0, 1.0], count)
        gone = np.clip((t - begin[:, None]) * np.radians(1.5), 0.0, np.abs(total)[:, None])
        turn = np.sign(total)[:, None] * gone
    course = np.stack(
        [np.broadcast_to(heading[0][:, None], turn.shape), heading[1][:, None] + turn]
    )
    steps = np.stack([np.sin(course), np.cos(course)]) * speed[None, ..., None]
    start = place - velocity * passing[:, None]
    path = start.transpose(2, 0, 1)[..., None] + np.cumsum(steps, axis=-1) - steps
    level = np.full((2, count, len(t)), 35_000.0)
    if kind.other == "climbs":
        rate = rng.uniform(1_000.0, 2_500.0, count)
        top = 35_000.0 + 1000.0 * rng.integers(-2, 2, count)
        level[1] = np.minimum(
            top[:, None], 35_000.0 + rate[:, None] * (t - passing[:, None] + 60.0) / 60.0
        )
    verdict = np.full((2, count, len(t)), _VERDICT[Conformance.CONFORMING], dtype=np.int8)
    if kind.other == "strays":
        verdict[1][t > begin[:, None] + 30.0] = _VERDICT[Conformance.NONCONFORMING]
    elif kind.other != "declared":
        verdict[1] = _VERDICT[Conformance.UNDECLARED]
    cells = np.arange(count)
    lat, lon = -18.0 + 3.0 * (cells % 13), -179.0 + 3.0 * (cells // 13)
    end = start + velocity * _LAST
    own = [
        [
            _intent(f"p{i}/e{k}", lat[k], lon[k], start[i, k], end[i, k])
            for i in range(2 if kind.other in ("declared", "strays") else 1)
        ]
        for k in range(count)
    ]
    # on its way is a little late, and a little to the side
    moved = rng.normal(0.0, 150.0, (2, 2, count, 1))
    return Encounters(path[0] + moved[0], path[1] + moved[1], level, verdict, own, lat, lon)


def _intent(name: str, lat: float, lon: float, start: F8, end: F8) -> Declared:
    """Declare a straight flight in the plane about a place."""
    x, y = np.array([start[0], end[0]]), np.array([start[1], end[1]])
    lons, lats = _degrees(np.full(2, lat), np.full(2, lon), x, y)
    time = _NOON + np.array([0, round(_LAST)]) * _SECOND
    party = name.partition("/")[0]
    flight = Trajectory(name, time, lats, lons, np.full(2, 35_000.0), party)
    return Declared(name, party, flight)


def _degrees(lat: F8, lon: F8, x: F8, y: F8) -> tuple[F8, F8]:
    east, north, _ = GEOD.fwd(lon, lat, np.degrees(np.arctan2(x, y)), np.hypot(x, y))
    return np.asarray(east), np.asarray(north)


def raised(pairs: Encounters, settings: Alerting, seed: int) -> F8:
    """Look every five seconds; give when each pair was first alerted, NaN for never."""
    rng = np.random.default_rng(seed)
    count = len(pairs.lat)
    alerts = ShortTermAlerts(settings=settings)
    for several in pairs.declared:
        for each in several:
            alerts.declare(each)
    first = np.full(count, np.nan)
    ids = [f"{i}-{k}" for i in range(2) for k in range(count)]
    lat, lon = np.tile(pairs.lat, 2), np.tile(pairs.lon, 2)
    for second in range(0, 600, round(_EVERY)):
        x, y = (column[..., second].ravel() for column in (pairs.x, pairs.y))
        was_x, was_y = (column[..., second + 1].ravel() for column in (pairs.x, pairs.y))
        east, north = (
            was_x - x + rng.normal(0, 2, 2 * count),
            was_y - y + rng.normal(0, 2, 2 * count),
        )
        z = pairs.z[..., second].ravel()
        climb = 60.0 * (pairs.z[..., second + 1].ravel() - z) + rng.normal(0, 60, 2 * count)
        lons, lats = _degrees(
            lat, lon, x + rng.normal(0, 20, 2 * count), y + rng.normal(0, 20, 2 * count)
        )
        verdict = pairs.verdict[..., second].ravel()
        known = verdict != _VERDICT[Conformance.UNDECLARED]
        names = [
            f"p{i}/e{k}" if known[i * count + k] else "" for i in range(2) for k in range(count)
        ]
        told = alerts.look(
            *seen(
                _NOON + second * _SECOND, ids, lats, lons, north, east,
                z + rng.normal(0, 20, 2 * count), climb, verdict, names,
            )
        )  # fmt: skip
        for alert in told:
            if not alert.over:
                k = int(alert.a.partition("-")[2])
                if np.isnan(first[k]):
                    first[k] = second
    return first


def table(count: int, name: str, settings: Alerting) -> list[Result]:
    """Write a row for each kind of encounter."""
    rows = []
    for seed, kind in enumerate(KINDS):
        pairs = encounters(kind, count, seed)
        lost, first = pairs.lost, raised(pairs, settings, seed)
        near = ~np.isnan(lost) & (lost < 600.0)
        before = near & (first <= lost)
        lead = (lost - first)[before]
        vain = ~np.isnan(first) & np.isnan(lost)
        told = float(before.sum() / near.sum()) if near.any() else 1.0
        early = "none lost separation"
        if near.any():
            early = f"{told:.1%} before it was lost"
        if before.any():
            early += (
                f"; lead {np.median(lead):.0f} s in the median, "
                f"{np.percentile(lead, 5):.0f} s in 95 of 100"
            )
        rows.append(
            Result(
                f"{name}: {kind.name}", early, "", None,
                f"{int(near.sum()):,} of {count:,} lost separation; of the others "
                f"{vain.sum() / max(1, np.isnan(lost).sum()):.1%} alerted",
            )
        )  # fmt: skip
    return rows


def recorded(hours: float, outlook: Outlook) -> list[Result]:
    """Predict recorded flights straight on from each minute, and see where they were."""
    table = pq.read_table(DAY).sort_by("timestamp")
    time_ = table["timestamp"].cast("int64").to_numpy() * 1_000_000
    table = table.slice(0, int(np.searchsorted(time_, time_[0] + round(hours * 3600) * _SECOND)))
    time_ = time_[: len(table)]
    names = ("icao24", "latitude", "longitude", "altitude")
    address, lat, lon, feet = (table[name].to_pylist() for name in names)
    at: dict[tuple[str, int], tuple[float, float]] = {
        (address[k], int(time_[k])): (lon[k], lat[k]) for k in range(len(time_))
    }
    tracker = Tracker(Tracking())
    found: dict[int, list[tuple[float, float, float]]] = {}
    for now in np.unique(time_).tolist():
        begin, end = np.searchsorted(time_, [now, now + 1]).tolist()
        rows = [
            Sighting(source="recorded", time=now, address=a, lat=y, lon=x, pressure=z)
            for a, y, x, z in zip(
                address[begin:end], lat[begin:end], lon[begin:end], feet[begin:end], strict=True
            )
        ]
        tracker.take(rows, now)
        picture = tracker.advance(now)
        if now // _SECOND % 60:
            continue
        for k, a in enumerate(picture.address):
            if picture.count[k] <= 5 or (a, now) not in at or np.isnan(picture.north[k]):
                continue
            speed = float(np.hypot(picture.north[k], picture.east[k]))
            course = np.degrees(np.arctan2(picture.east[k], picture.north[k]))
            for ahead in (60, 120, 300):
                there = at.get((a, now + ahead * _SECOND))
                if there is None:
                    continue
                x, y, _ = GEOD.fwd(picture.lon[k], picture.lat[k], course, speed * ahead)
                within = [
                    picture.uncertainty[k]
                    + drifted(*growth, np.array(speed), np.array(ahead * 1.0))
                    for growth in ((outlook.drift, outlook.turn), outlook.spread)
                ]
                off = GEOD.inv(x, y, *there)[2]
                found.setdefault(ahead, []).append((off, float(within[0]), float(within[1])))
    results = []
    for ahead, cases in sorted(found.items()):
        off, likely, told = np.array(cases).T
        share = float(np.mean(off <= told))
        results.append(
            Result(
                f"recorded tracks {ahead} s later: share in what others are told to avoid",
                f"{share:.3f}", "≥ 0.93", share >= 0.93,
                f"told {np.median(told):,.0f} m about the way straight on, in the median; "
                f"{np.mean(off <= likely):.3f} were within the {np.median(likely):,.0f} m that "
                f"alerts go by; the median was off by {np.median(off):,.0f} m, 95 of 100 by less "
                f"than {np.percentile(off, 95):,.0f} m; {len(off):,} cases",
            )
        )  # fmt: skip
    return results


def run(quick: bool) -> list[Result]:
    """Measure looks, and encounters as set by default and with other growths."""
    count, pairs = (1_000, 100) if quick else (10_000, 500)
    settings = Alerting()
    straight = replace(settings, outlook=Outlook(drift=0.0, turn=0.0))
    wide = replace(settings, outlook=Outlook(drift=5.0, turn=0.05))
    short = replace(settings, outlook=Outlook(ahead=120.0))
    return [
        look_time(count, matched=True),
        look_time(count, matched=False),
        *recorded(0.5 if quick else 3.0, settings.outlook),
        *table(pairs, "as set", settings),
        *table(pairs, "2 min ahead", short),
        *table(pairs, "5 m/s, 0.05 °/s", wide),
        *table(pairs, "straight on for sure", straight),
    ]


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
