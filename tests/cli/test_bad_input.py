"""Bad input: one line that says where, what and how to mend it; exit code 2; nothing written."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import EAST, HEADER, NORTH, Run, fixes

FLIGHTS = {
    "missing column": (HEADER.replace(",lon", ""), "", ["lon"]),
    "no altitude": (HEADER.replace(",alt_baro_ft", ""), "", ["altitude"]),
    "unknown unit": (HEADER.replace("alt_baro_ft", "alt_baro_furlong"), "", ["furlong"]),
    "unknown reference": (HEADER.replace("alt_baro_ft", "altitude_ft"), "", ["altitude_ft"]),
    "naive time": (HEADER, NORTH.replace("Z", ""), ["row 3", "'time'", "naive", "offset"]),
    "time going back": (
        HEADER,
        fixes("B", "Red", "2026-07-01T12:01:00Z,1,1,100", "2026-07-01T12:00:00Z,1,2,100"),
        ["row 4", "'time'", "increase"],
    ),
    "NaN": (HEADER, NORTH.replace(",49,", ",nan,"), ["row 3", "'lat'", "finite"]),
    "infinite": (HEADER, NORTH.replace("35000", "inf"), ["row 3", "'alt_baro_ft'", "finite"]),
    "latitude": (HEADER, NORTH.replace(",49,", ",91,"), ["row 3", "'lat'", "90"]),
    "longitude": (HEADER, NORTH.replace(",5,", ",505,"), ["row 3", "'lon'", "360"]),
    "single point": (
        HEADER,
        fixes("LONE", "Red", "2026-07-01T12:00:00Z,1,1,100"),
        ["row 3", "'LONE'", "single point"],
    ),
    "two parties": (
        HEADER,
        EAST.replace("Blue", "Red").replace("T12", "T13"),
        ["row 3", "'EAST1'", "parties"],
    ),
    "two references": (
        HEADER.replace("\n", ",altitude_reference\n"),
        NORTH.replace("35000", "35000,wgs84"),
        ["row 3", "'alt_baro_ft'", "wgs84 after pressure"],
    ),
}


def refused(run: Run, folder: Path, *arguments: str | Path) -> str:
    before = sorted(folder.iterdir())
    result = run("detect", *arguments, "--out", "found.parquet", "--map", "found.html")
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert sorted(folder.iterdir()) == before
    (line,) = result.stderr.splitlines()
    assert line.startswith("detente: ")
    return line


@pytest.mark.parametrize("fault", FLIGHTS)
def test_bad_flights(within: Run, tmp_path: Path, fault: str) -> None:
    header, rows, said = FLIGHTS[fault]
    good = EAST.replace("35000", "35000,pressure") if fault == "two references" else EAST
    (tmp_path / "flights.csv").write_text(header + good + rows)
    line = refused(within, tmp_path, "flights.csv")
    for words in ["flights.csv", *said]:
        assert words in line
    assert "; " in line  # the mend


def test_mixed_references_in_two_files(within: Run, crossing: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(crossing.read_text().replace("alt_baro_ft", "alt_ft_wgs84"))
    line = refused(within, tmp_path, crossing, "--against", other)
    assert "pressure" in line
    assert "wgs84" in line


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", HEADER.encode(), "at least one flight"),
        ("flights.txt", b"hello", "not known"),
        ("zeros.parquet", bytes(100), "Parquet"),
    ],
)
def test_no_flights(within: Run, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    line = refused(within, tmp_path, name)
    assert name in line
    assert said in line


def test_the_command_itself_gives_2(detente: Run, tmp_path: Path) -> None:
    (tmp_path / "flights.csv").write_text(HEADER + EAST + NORTH.replace("Z", ""))
    assert "row 3, flight 'NORTH1', field 'time'" in refused(detente, tmp_path, "flights.csv")
    assert "--nope" in refused(detente, tmp_path, "flights.csv", "--nope")


def test_missing_file(within: Run, tmp_path: Path) -> None:
    assert "nowhere.csv: no such file" in refused(within, tmp_path, "nowhere.csv")


def test_truncated_parquet(within: Run, tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    pq.write_table(pa.table({"lat": list(range(10_000))}), path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "cut.parquet" in refused(within, tmp_path, path)


SQUARE = [[4, 49], [6, 49], [6, 51], [4, 51], [4, 49]]
VOLUMES = {
    "crosses itself": ([SQUARE[i] for i in (0, 2, 1, 3, 0)], "crosses itself"),
    "two corners": ([SQUARE[i] for i in (0, 1, 0)], "corners"),
    "beyond a hemisphere": ([[0, 0], [120, 0], [-120, 0], [0, 0]], "hemisphere"),
    "off the Earth": ([[4, 91], [6, 49], [6, 51], [4, 91]], "latitude"),
}


@pytest.mark.parametrize("fault", VOLUMES)
def test_bad_volumes(within: Run, crossing: Path, tmp_path: Path, fault: str) -> None:
    ring, said = VOLUMES[fault]
    feature = {
        "type": "Feature",
        "id": "BAD",
        "properties": {"lower": "GND", "upper": "FL400"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "volumes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    line = refused(within, tmp_path, crossing, "--volumes", path)
    for words in ("volumes.geojson", "row 1", "'BAD'", said):
        assert words in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "requires an argument"),
        (("flights.csv", "--nope"), "--nope"),
        (("flights.csv", "--horizontal", "5"), "'horizontal'"),
        (("flights.csv", "--vertical", "1000furlong"), "furlong"),
        (("flights.csv", "--horizontal", "-5nm"), "horizontal"),
        (("flights.csv", "--time-buffer", "soon"), "'time-buffer'"),
        (("flights.csv", "--max-gap", "60"), "'max-gap'"),
        (("flights.csv", "--class", "terminal"), "terminal=3nm,1000ft"),
        (("flights.csv", "--altitude", "ft"), "'altitude'"),
        (("flights.csv", "--threads", "0"), "threads"),
        (("flights.csv", "--threads", "many"), "--threads"),
        (("flights.csv", "--out", "found.xlsx"), ".parquet, .csv, .geojson"),
        (("flights.csv", "--out", "nowhere/found.csv"), "'nowhere'"),
        (("flights.csv", "--out", "folder.csv"), "folder"),
        (("flights.csv", "--out", "./flights.csv"), "twice"),
        (("flights.csv", "--map", "map.png"), ".html"),
    ],
)
def test_bad_usage(within: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "flights.csv").write_text(HEADER + EAST + NORTH)
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.iterdir())
    result = within("detect", *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "flights.csv").read_text() == HEADER + EAST + NORTH
