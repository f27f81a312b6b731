"""Run traffic's closest_point_of_approach on one of its samples; write its table, pairs and time.

python traffic_cpa.py morning|quickstart [--table-only] TABLE.parquet PAIRS.parquet TIMES.json

``morning`` is 06:00 to 08:00 UTC of the sample ``switzerland``. The table is written first, so
that Detente reads what traffic was given.
"""

import json
import sys
import time
from importlib.metadata import version

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from traffic.core import Traffic

LATERAL_NM = 5.0
VERTICAL_FT = 1000.0
WORKERS = 2


def sample(name: str) -> Traffic:
    """Take the sample, cut it, name each flight as traffic itself does; rows with an altitude."""
    if name == "morning":
        from traffic.data.samples import switzerland

        chosen = switzerland.between("2018-08-01 06:00", "2018-08-01 08:00")
    else:
        from traffic.data.samples import quickstart as chosen
    # A row without an altitude cannot be compared. traffic leaves out the whole flight of such a
    # row (its shape is not valid), so both are given the table without those rows.
    named = chosen.assign_id().query("altitude.notnull()").eval()
    assert named is not None
    return named


def main() -> None:
    args = [arg for arg in sys.argv[1:] if arg != "--table-only"]
    name, table_path, pairs_path, times_path = args
    flights = sample(name)
    columns = ["timestamp", "icao24", "callsign", "flight_id", "latitude", "longitude", "altitude"]
    plain = flights.data[columns]
    pq.write_table(pa.Table.from_pandas(plain, preserve_index=False), table_path)
    if "--table-only" in sys.argv:
        return
    start = time.perf_counter()
    result = flights.closest_point_of_approach(
        lateral_separation=LATERAL_NM * 1852.0,
        vertical_separation=VERTICAL_FT,
        max_workers=WORKERS,
    )
    seconds = time.perf_counter() - start
    data = pd.DataFrame() if result is None else result.data
    lost = data[(data.lateral < LATERAL_NM) & (data.vertical < VERTICAL_FT)]
    rows = {(min(a, b), max(a, b)) for a, b in zip(lost.flight_id_x, lost.flight_id_y, strict=True)}
    a, b = zip(*sorted(rows), strict=True) if rows else ((), ())
    pq.write_table(
        pa.table({"a": pa.array(a, pa.string()), "b": pa.array(b, pa.string())}), pairs_path
    )
    with open(times_path, "w", encoding="utf-8") as out:  # noqa: PTH123
        json.dump(
            {
                "peer": "traffic",
                "version": version("traffic"),
                "seconds": [seconds],
                "flights": len(flights),
                "rows": len(plain),
            },
            out,
        )


if __name__ == "__main__":
    main()
