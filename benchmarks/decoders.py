"""How fast what sensors send is decoded, on one core; libasterix beside it."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from benchmarks.result import Result, best, write
from detente.formats.asterix import AsterixDecoder
from detente.formats.opensky import OpenSkyDecoder
from detente.formats.sbs import SbsDecoder
from detente.formats.sightings import read_sightings

__all__ = ["run"]

NOON = 1_782_907_200_000_000_000
LINE = (
    b"MSG,3,1,1,4CA7B6,1,2026/07/01,12:00:00.123,2026/07/01,12:00:00.200,DLH123  ,35000,451,"
    b"123.4,50.1,8.2,-64,1000,0,0,0,0\r\n"
)
CAT021 = bytes.fromhex(
    "eb197b2bc019020804d254600011d0369d02ea61d94ca7b6546000168031d212020005787f9a0800577754604010"
    "c231cb382005"
)
"""21 items of edition 2.7, of which 16 are read."""
BLOCKED = 10


def run(quick: bool) -> list[Result]:
    """Measure each decoder on what a busy site sends."""
    n = 2_000 if quick else 50_000
    data = CAT021 * BLOCKED
    block = b"\x15" + (len(data) + 3).to_bytes(2, "big") + data
    own = AsterixDecoder("a")
    assert len(own.decode(block, NOON).sightings) == BLOCKED
    lines = LINE * 100
    sbs = SbsDecoder("s")
    assert len(sbs.decode(lines, NOON).sightings) == 100
    started = time.perf_counter()
    theirs = _libasterix()
    imported = time.perf_counter() - started
    rows = [
        _row("BaseStation lines", n, 100, lambda: sbs.decode(lines, NOON), 20_000, "of 120 bytes"),
        _row(
            "ASTERIX CAT021 reports", n, BLOCKED, lambda: own.decode(block, NOON), 10_000,
            f"of {len(CAT021)} bytes, {BLOCKED} a block; all that a sighting holds",
        ),
        _row(
            "the same with libasterix", n // 10, BLOCKED, lambda: theirs(block), None,
            f"position, time, address, callsign alone; to import it takes {imported:.1f} s",
        ),
        _row("OpenSky states", n, 1_000, _opensky(), None, "a document of 1,000 aircraft"),
        _row("rows of a table", n, n, _table(n), None, "not in order of time"),
    ]  # fmt: skip
    return rows


def _row(
    what: str, n: int, each: int, decode: Callable[[], Any], target: int | None, note: str
) -> Result:
    def several() -> None:
        for _ in range(max(1, n // each)):
            decode()

    seconds, median, _ = best(several, 3)
    rate = max(1, n // each) * each / seconds
    return Result(
        what,
        f"{rate:,.0f} /s",
        f"≥ {target:,} /s" if target else "",
        rate >= target if target else None,
        f"{note}; median {max(1, n // each) * each / median:,.0f} /s",
    )


def _opensky() -> Callable[[], Any]:
    states = [
        [
            *(f"{k:06x}", "DLH8JW  ", "Germany", NOON // 10**9, NOON // 10**9, 8.2, 50.1),
            *(10_668.0, False, 231.5, 90.0, -3.25, None, 10_972.8, "1000", False, False, 0),
        ]
        for k in range(1, 1_001)
    ]
    document = json.dumps({"time": 0, "states": states}).encode()
    return lambda: OpenSkyDecoder("o").decode(document, NOON)


def _table(n: int) -> Callable[[], Any]:
    table = pa.table(
        {
            "time": [1_782_907_200.0 + (k * 7_919) % 3_600 for k in range(n)],
            "lat": [50.0] * n, "lon": [8.0] * n, "alt_baro_ft": [35_000.0] * n,
            "icao24": [f"{k % 1_000 + 1:06x}" for k in range(n)], "speed_kt": [450.0] * n,
        }
    )  # fmt: skip
    return lambda: sum(len(d.sightings) for d in read_sightings(table, source="t"))


def _libasterix() -> Callable[[bytes], int]:
    from asterix.base import Bits, RawDatablock
    from asterix.generated import Cat_021_2_7

    def decode(block: bytes) -> int:
        count = 0
        for raw in RawDatablock.parse(Bits.from_bytes(block)):
            for record in Cat_021_2_7.cv_uap.parse(raw.get_raw_records()):
                position = record.get_item("131").variation
                position.get_item("LAT").variation.content.as_quantity()
                position.get_item("LON").variation.content.as_quantity()
                record.get_item("073").variation.content.as_quantity()
                record.get_item("080").as_uint()
                record.get_item("170").variation.content.as_string()
                count += 1
        return count

    return decode


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
