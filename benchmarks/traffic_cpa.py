"""Recorded flights, with traffic's closest_point_of_approach on the same table.

traffic compares the rows of two flights that carry the same timestamp; Detente compares all the
time between. Each pair that only one reports is explained by class or said to be unexplained.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.reference.geodesic import Track, losses, pieces

import detente
from benchmarks.peer import Pairs, answer, run_peer
from benchmarks.result import Result, best, write
from benchmarks.synthetic import directory
from detente import Flights
from detente.earth import GEOD

__all__ = ["run"]

H, V = 9260.0, 1000.0
_NEAR = 0.005
"""Share of the minimum by which a distance on a sphere differs from that on the ellipsoid."""

Fix = tuple[float, float, float]


class Rows:
    """The table, flight by flight: fixes by time."""

    def __init__(self, table: pa.Table) -> None:
        self.fixes: dict[str, dict[int, Fix]] = defaultdict(dict)
        self.aircraft: dict[str, str] = {}
        time = table["timestamp"].cast(pa.timestamp("ns", tz="UTC")).cast(pa.int64())
        for flight, aircraft, *row in zip(
            table["flight_id"].to_pylist(),
            table["icao24"].to_pylist(),
            time.to_pylist(),
            *(table[name].to_pylist() for name in ("latitude", "longitude", "altitude")),
            strict=True,
        ):
            self.fixes[flight][row[0]] = (row[1], row[2], row[3])
            self.aircraft[flight] = aircraft

    def lost(self, a: str, b: str) -> list[tuple[int, float]]:
        """Give the shared timestamps at which a pair is lost, and how near to the minima."""
        out = []
        for t in sorted(self.fixes[a].keys() & self.fixes[b].keys()):
            (lat0, lon0, alt0), (lat1, lon1, alt1) = self.fixes[a][t], self.fixes[b][t]
            _, _, metres = GEOD.inv(lon0, lat0, lon1, lat1)
            share = max(metres / H, abs(alt0 - alt1) / V)
            if share < 1.0 + _NEAR:
                out.append((t, share))
        return out

    def shared(self, a: str, b: str) -> tuple[int, int]:
        """Give the first and the last instant of the time that both fly."""
        times = self.fixes[a].keys(), self.fixes[b].keys()
        return max(min(t) for t in times), min(max(t) for t in times)

    def places(self, name: str, first: int, last: int) -> int:
        """Count the different places of a flight in a time."""
        return len({fix[:2] for t, fix in self.fixes[name].items() if first <= t <= last})


def explain(rows: Rows, flights: Flights, pair: tuple[str, str], *, ours: bool) -> str:
    """Say why a pair is reported by one side only."""
    a, b = pair
    lost = rows.lost(a, b)
    deepest = min((share for _, share in lost), default=np.inf)
    if ours:
        if rows.aircraft[a] == rows.aircraft[b]:
            return "one aircraft under two callsigns, which traffic leaves out"
        if deepest >= 1.0:
            if not _truly_lost(flights, pair):
                return "unexplained"
            return "lost by the reference too, but at no instant that both have a row for"
        if deepest > 1.0 - _NEAR:
            return "distance on a sphere against the ellipsoid"
        first, last = rows.shared(a, b)
        if not any(first < t < last for t, share in lost if share < 1.0):
            return "lost at the first or last shared row only, which traffic leaves out"
        if min(rows.places(name, first, last) for name in pair) == 1:
            return "one stands still in the time that both fly: no line, which traffic leaves out"
        return "unexplained"
    if deepest > 1.0 - _NEAR:
        return "distance on a sphere against the ellipsoid"
    for name in pair:
        if name not in flights.ids:
            return "a flight that the reader left out"
    kept = [set(flights[flights.ids.index(name)].time.tolist()) for name in pair]
    if not any(t in kept[0] and t in kept[1] for t, share in lost if share < 1.0):
        return "fixes that the reader left out as outliers or repeats"
    shared = [max(min(k) for k in kept), min(max(k) for k in kept)]
    if shared[0] >= shared[1]:
        return "a single shared instant"
    return "unexplained"


def _truly_lost(flights: Flights, pair: tuple[str, str]) -> bool:
    """Ask the independent reference."""
    a, b = (
        Track(row.time, row.lat, row.lon, row.alt, row.gap)
        for row in (flights[flights.ids.index(name)] for name in pair)
    )
    return bool(losses(pieces(a, b, int(a.time[0])), H, V, depth=False))


def _flights(path: Path) -> Flights:
    """Read what traffic was given."""
    return detente.read_flights(path, skip_bad=True)


def _sample(name: str, title: str) -> list[Result]:
    here = directory()
    table, *out = (here / f"{name}{end}" for end in (".parquet", "-pairs.parquet", ".json"))
    run_peer("traffic_cpa.py", name, table, *out)
    theirs, measured = answer(*out)
    peer = float(measured["seconds"][0])
    _, reading, flights = best(lambda: _flights(table), 3)
    _, median, found = best(lambda: detente.detect_conflicts(flights), 7)
    ours: Pairs = {(min(c.a, c.b), max(c.a, c.b)) for c in found}
    rows = Rows(pq.read_table(table))
    classes = Counter[str]()
    for which, who, own in (
        (theirs - ours, "only traffic", False),
        (ours - theirs, "only Detente", True),
    ):
        for pair in sorted(which):
            classes[f"{who}: {explain(rows, flights, pair, ours=own)}"] += 1
    unexplained = sum(n for what, n in classes.items() if what.endswith("unexplained"))
    differences = "; ".join(f"{what}: {n}" for what, n in classes.most_common())
    both = len(ours & theirs)
    return [
        Result(
            f"traffic {measured['version']}, {title}",
            f"{peer:.1f} s",
            note=f"{measured['flights']} flights, {measured['rows']:,} rows, "
            f"{len(theirs)} pairs; 2 workers",
        ),
        Result(
            f"Detente, {title}",
            f"{median * 1000:.2f} ms",
            note=f"{len(ours)} pairs, {both} in both; {differences or 'the same pairs'}",
        ),
        Result("pairs that differ without an explanation", str(unexplained), "0", unexplained == 0),
        Result(
            "times as fast",
            f"{peer / median:,.0f}",
            "≥ 1,000",
            peer / median >= 1000.0,
            f"with reading the same table: {peer / (reading + median):,.0f}",
        ),
    ]


def run(quick: bool) -> list[Result]:
    """Measure both on the morning and, in the full run, on quickstart."""
    results = _sample("morning", "switzerland, 06:00 to 08:00")
    if not quick:
        results += _sample("quickstart", "quickstart")
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
