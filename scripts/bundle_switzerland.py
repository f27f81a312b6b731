"""Make data/switzerland-2018-08-01.parquet from the sample that ships in the package `traffic`.

Run from the repository's top folder:

    uv run --no-project --python 3.11 --with "traffic==2.13" --with "pandas<3" \
        scripts/bundle_switzerland.py

Nothing is left out and nothing is mended: all rows are kept. Three columns that nobody here
reads go (groundspeed, track, vertical_rate), `flight_id` comes (from `traffic`, which starts a
new flight after 10 minutes without a row), and positions become single precision.
"""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from traffic.data.samples import switzerland

OUT = Path("data/switzerland-2018-08-01.parquet")
METRES_IN_DEGREE = 111_320.0


def main() -> None:
    """Write the file and say what became of the data."""
    flights = switzerland.assign_id().eval()
    frame = flights.data.sort_values(["flight_id", "timestamp"], kind="stable")
    exact = pa.Table.from_pandas(frame, preserve_index=False)
    table = pa.table(
        {
            "timestamp": exact["timestamp"].cast(pa.timestamp("ms", tz="UTC")),
            "latitude": exact["latitude"].cast(pa.float32()),
            "longitude": exact["longitude"].cast(pa.float32()),
            "altitude": exact["altitude"].cast(pa.float32()),
            "callsign": exact["callsign"].cast(pa.string()),
            "icao24": exact["icao24"].cast(pa.string()),
            "flight_id": exact["flight_id"].cast(pa.string()),
        }
    ).replace_schema_metadata(
        {
            "source": "traffic 2.13, traffic.data.samples.switzerland; from The OpenSky Network",
            "altitude": "feet, pressure altitude",
        }
    )
    pq.write_table(
        table,
        OUT,
        compression="zstd",
        compression_level=19,
        use_dictionary=["altitude", "callsign", "icao24", "flight_id"],
        column_encoding={
            "timestamp": "DELTA_BINARY_PACKED",
            "latitude": "BYTE_STREAM_SPLIT",
            "longitude": "BYTE_STREAM_SPLIT",
        },
        row_group_size=len(table),
    )

    print(f"{OUT}: {OUT.stat().st_size:,} bytes")
    print(f"sha256 {hashlib.sha256(OUT.read_bytes()).hexdigest()}")
    print(f"{table.num_rows:,} rows of {len(switzerland.data):,}, {len(flights):,} flights")
    for name, scale, unit in (
        ("latitude", METRES_IN_DEGREE, "m"),
        ("longitude", METRES_IN_DEGREE, "m"),
        ("altitude", 1.0, "ft"),
    ):
        lost = np.abs(exact[name].to_numpy() - table[name].to_numpy().astype(np.float64))
        print(f"{name}: single precision errs by at most {lost.max() * scale:.4f} {unit}")


if __name__ == "__main__":
    main()
