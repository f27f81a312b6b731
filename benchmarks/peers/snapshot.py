"""Run one peer's state-based detection on a snapshot and write what it found and how long it took.

python snapshot.py minisky|bluesky SNAPSHOT.parquet PAIRS.parquet TIMES.json

The snapshot holds id, lat, lon (degrees), alt_m, gs_ms, trk_deg, vs_ms. Both peers are given the
arrays as they stand in memory: reading is not timed.
"""

import json
import sys
import time
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HORIZONTAL_M = 5.0 * 1852.0
VERTICAL_M = 1000.0 * 0.3048
LOOK_AHEAD_S = 300.0


def traffic_of(path: str) -> SimpleNamespace:
    """Give the snapshot the attributes that both peers read from their traffic object."""
    table = pq.read_table(path)
    column = {name: table[name].to_numpy() for name in table.column_names if name != "id"}
    names = table["id"].to_pylist()
    return SimpleNamespace(
        ntraf=table.num_rows,
        id=names,
        callsign=names,
        lat=np.ascontiguousarray(column["lat"]),
        lon=np.ascontiguousarray(column["lon"]),
        alt=np.ascontiguousarray(column["alt_m"]),
        gs=np.ascontiguousarray(column["gs_ms"]),
        trk=np.ascontiguousarray(column["trk_deg"]),
        vs=np.ascontiguousarray(column["vs_ms"]),
    )


def detector(peer: str, traffic: SimpleNamespace) -> Any:
    """Give the peer's own detection function."""
    if peer == "minisky":
        from minisky import ConflictDetection, MiniSkyConfig

        return ConflictDetection(MiniSkyConfig(), traffic, print).detect
    from bluesky.traffic.asas import cstatebased

    return cstatebased.detect


def main() -> None:
    peer, snapshot, pairs_path, times_path = sys.argv[1:]
    traffic = traffic_of(snapshot)
    detect = detector(peer, traffic)
    n = traffic.ntraf
    rpz = np.full(n, HORIZONTAL_M)
    hpz = np.full(n, VERTICAL_M)
    ahead = np.full(n, LOOK_AHEAD_S)
    seconds = []
    for _ in range(4 if peer == "minisky" else 2):
        start = time.perf_counter()
        found = detect(traffic, traffic, rpz, hpz, ahead)
        seconds.append(time.perf_counter() - start)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in found[0]})
    a, b = zip(*pairs, strict=True) if pairs else ((), ())
    pq.write_table(
        pa.table({"a": pa.array(a, pa.string()), "b": pa.array(b, pa.string())}), pairs_path
    )
    package = "minisky" if peer == "minisky" else "bluesky-simulator"
    with open(times_path, "w", encoding="utf-8") as out:  # noqa: PTH123
        json.dump({"peer": package, "version": version(package), "seconds": seconds}, out)


if __name__ == "__main__":
    main()
