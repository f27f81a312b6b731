"""A large file is streamed: memory goes with the fixes, not with the file."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from detente import read_flights

READ = """
import sys
from detente import read_flights

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024

before = peak()
told = []
flights = read_flights(sys.argv[1], progress=lambda done, total: told.append((done, total)))
print(len(flights), flights.fixes, peak() - before, told[-1][0] == told[-1][1], len(told),
      told == sorted(told))
"""


def write_wide_csv(path, flights, fixes):
    """Rows of about 420 bytes, of which few are needed."""
    line = ",".join(["%s"] * 6) + "," + "comment " * 45 + "\n"
    stamps = [f"2026-07-01T{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}Z" for s in range(fixes)]
    rest = [f"{45 + i / 1000:.6f},{9 + i / 1000:.6f},35000" for i in range(fixes)]
    with path.open("w") as stream:
        stream.write("flight_id,time,lat,lon,alt_baro_ft,callsign,remark\n")
        for k in range(flights):
            stream.write(
                "".join(
                    line.replace("%s,%s,%s,%s,%s,%s", f"F{k},{t},{p},C{k}")
                    for t, p in zip(stamps, rest, strict=True)
                )
            )


def test_memory_stays_far_below_the_size_of_a_csv_file(tmp_path):
    path = tmp_path / "wide.csv"
    write_wide_csv(path, flights=250, fixes=4000)
    size = path.stat().st_size
    assert size > 400e6
    result = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True
    )
    flights, fixes, peak, whole, told, rising = result.stdout.split()
    assert (flights, fixes) == ("250", "1000000")
    # 53 bytes a fix are the result; the rest is the reader's
    assert int(peak) < 0.5 * size
    assert (whole, rising) == ("True", "True")
    assert int(told) > 20


def test_one_huge_row_group_is_read_page_by_page(tmp_path):
    path = tmp_path / "group.parquet"
    n = 1_000_000
    rng = np.random.default_rng(1)
    table = pa.table(
        {
            "flight_id": pa.array([f"F{k}" for k in range(1000)]).take(
                pa.array(np.repeat(np.arange(1000), 1000))
            ),
            "time": 1.7e9 + np.tile(np.arange(1000.0), 1000),
            "lat": rng.uniform(-80, 80, n),
            "lon": rng.uniform(-180, 180, n),
            "fl": rng.uniform(0, 400, n),
            "unused": rng.uniform(0, 1, n),
        }
    )
    pq.write_table(table, path, row_group_size=n)
    pool = pa.default_memory_pool()
    flights = read_flights(path)
    assert flights.fixes == n
    np.testing.assert_array_equal(flights.lat, table["lat"].to_numpy())
    before = pool.bytes_allocated()
    largest = 0

    def watch(done, total):
        nonlocal largest
        largest = max(largest, pool.bytes_allocated() - before)

    read_flights(path, progress=watch)
    # all used columns of the group together are 38 MB
    assert largest < 20e6
