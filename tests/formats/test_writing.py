"""What is written is whole, or is not there."""

import json

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from detente import Conflicts, InputError, read_flights, write_conflicts, write_flights
from detente.airspace import CONFLICTS_SCHEMA
from detente.formats.draft import draft
from tests.formats.tables import csv

ROWS = [
    {
        "kind": "flight-flight",
        "a": 'A "1", x',
        "b": "B2",
        "party_a": "Blue",
        "party_b": "",
        "entry": 1782907200_000000001,
        "exit": 1782907260_000000000,
        "closest": 1782907230_500000000,
        "horizontal_m": 1234.5,
        "vertical_ft": 0.1,
        "lat": 50.0,
        "lon": 190.0,
        "alt_ft": 35000.0,
        "severity": 0.875,
    }
]


def conflicts(rows):
    return Conflicts(pa.Table.from_pylist(rows, schema=CONFLICTS_SCHEMA))


def test_conflicts_as_parquet(tmp_path):
    write_conflicts(conflicts(ROWS), tmp_path / "c.parquet")
    table = pq.read_table(tmp_path / "c.parquet")
    assert table.schema.equals(CONFLICTS_SCHEMA)
    assert table.equals(conflicts(ROWS).table)


def test_conflicts_as_csv(tmp_path):
    write_conflicts(conflicts(ROWS), tmp_path / "c.csv")
    (row,) = pa_csv.read_csv(tmp_path / "c.csv").to_pylist()
    assert row["a"] == 'A "1", x'
    assert row["horizontal_m"] == 1234.5
    text = (tmp_path / "c.csv").read_text()
    assert "2026-07-01T12:00:00.000000001Z" in text
    assert text.splitlines()[0].replace('"', "") == ",".join(CONFLICTS_SCHEMA.names)


def test_conflicts_as_geojson(tmp_path):
    write_conflicts(conflicts(ROWS), tmp_path / "c.geojson")
    whole = json.loads((tmp_path / "c.geojson").read_text())
    (feature,) = whole["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-170.0, 50.0]}
    assert feature["properties"]["closest"] == "2026-07-01T12:00:30.500000000Z"
    assert feature["properties"]["vertical_ft"] == 0.1


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".geojson"])
def test_no_conflicts_are_a_whole_file_and_bytes_are_the_same_each_time(tmp_path, suffix):
    for rows in ([], ROWS):
        write_conflicts(conflicts(rows), tmp_path / f"a{suffix}")
        write_conflicts(conflicts(rows), tmp_path / f"b{suffix}")
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
        assert (tmp_path / f"a{suffix}").stat().st_size > 40
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a{suffix}", f"b{suffix}"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("old")

    def fill():
        with draft(path, [".csv"]) as beside:
            beside.write_text("half")
            raise OSError("no space left")

    with pytest.raises(InputError, match="no space"):
        fill()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_where_nothing_can_be_written(tmp_path):
    flights = read_flights(csv(tmp_path))
    for name, what in (
        ("a.xlsx", "ending in '.xlsx'"),
        ("absent/a.csv", "no such directory"),
        ("taken.csv", "cannot be written"),
    ):
        (tmp_path / "taken.csv").mkdir(exist_ok=True)
        with pytest.raises(InputError, match=what):
            write_flights(flights, tmp_path / name)
        with pytest.raises(InputError, match=what):
            write_conflicts(conflicts(ROWS), tmp_path / name)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["flights.csv", "taken.csv"]
