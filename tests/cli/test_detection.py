import json
from pathlib import Path

import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from detente.airspace import CONFLICTS_SCHEMA
from tests.cli.conftest import ABOVE, EAST, HEADER, NORTH, Run, fixes

VOLUME = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "CLOSED",
            "properties": {"lower": "FL300", "upper": "FL400"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[4.9, 49.9], [5.1, 49.9], [5.1, 50.1], [4.9, 50.1], [4.9, 49.9]]],
            },
        }
    ],
}


def test_conflicts_give_1_and_are_told(detente: Run, crossing: Path) -> None:
    result = detente("detect", crossing)
    assert result.returncode == 1
    assert "2 flights of 2 parties with 4 fixes" in result.stdout
    assert "1 conflicting pair in 1 interval" in result.stdout
    assert "EAST1 (Blue)" in result.stdout
    assert "NORTH1 (Red)" in result.stdout
    assert result.stderr == ""


def test_separated_gives_0(detente: Run, separated: Path) -> None:
    result = detente("detect", separated)
    assert result.returncode == 0
    assert "0 conflicting pairs" in result.stdout


def test_json_is_one_object(within: Run, crossing: Path) -> None:
    result = within("detect", crossing, "--json")
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert found["flights"] == found["parties"] == 2
    assert found["fixes"] == 4
    assert found["pairs"] == found["intervals"] == 1
    assert found["dropped"] == {}
    assert found["from"] == "2026-07-01T12:00:00.000000000Z"
    assert found["separation"] == {
        "horizontal_m": 9260.0,
        "vertical_ft": 1000.0,
        "time_buffer_s": 0.0,
    }
    (conflict,) = found["conflicts"]
    assert list(conflict) == CONFLICTS_SCHEMA.names
    assert (conflict["a"], conflict["b"]) == ("EAST1", "NORTH1")
    assert conflict["entry"] < conflict["closest"] < conflict["exit"]
    assert conflict["closest"].startswith("2026-07-01T12:1")
    assert conflict["vertical_ft"] == 0.0
    assert 0.95 < conflict["severity"] <= 1.0


def test_json_of_no_conflict_is_an_empty_list(within: Run, separated: Path) -> None:
    result = within("detect", separated, "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["conflicts"] == []


def test_minima_are_those_given(within: Run, separated: Path) -> None:
    assert within("detect", separated, "--vertical", "1001ft").returncode == 1
    assert within("detect", separated, "--vertical", "300m").returncode == 0


def test_every_output_holds_the_same(within: Run, crossing: Path, tmp_path: Path) -> None:
    for name in ("found.parquet", "found.csv", "found.geojson"):
        assert within("detect", crossing, "--out", name).returncode == 1
    table = pq.read_table(tmp_path / "found.parquet")
    assert table.schema.equals(CONFLICTS_SCHEMA)
    assert table["a"].to_pylist() == ["EAST1"]
    assert pcsv.read_csv(tmp_path / "found.csv")["b"].to_pylist() == ["NORTH1"]
    features = json.loads((tmp_path / "found.geojson").read_text())["features"]
    assert len(features) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "crossing.csv",
        "found.csv",
        "found.geojson",
        "found.parquet",
    ]


def test_map_names_both_flights(within: Run, crossing: Path, tmp_path: Path) -> None:
    result = within("detect", crossing, "--map", "map.html")
    assert result.returncode == 1
    assert "written: map.html" in result.stdout
    page = (tmp_path / "map.html").read_text()
    assert "<title>Conflicts in crossing.csv</title>" in page
    assert "EAST1" in page
    assert "NORTH1" in page


def test_against_compares_two_files_only(within: Run, crossing: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(
        HEADER
        + fixes("FAR", "Red", "2026-07-01T12:00:00Z,10,4,35000", "2026-07-01T12:20:00Z,10,6,35000")
    )
    assert within("detect", crossing, "--against", other).returncode == 0
    other.write_text(HEADER + NORTH.replace("NORTH1", "NORTH2"))
    result = within("detect", crossing, "--against", other, "--json")
    found = json.loads(result.stdout)
    assert {c["b"] for c in found["conflicts"]} == {"NORTH2"}
    assert found["against"]["flights"] == 1


def test_between_parties_leaves_out_pairs_of_one(within: Run, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(HEADER + EAST + NORTH.replace("Red", "Blue"))
    assert within("detect", path).returncode == 1
    assert within("detect", path, "--between-parties").returncode == 0


def test_volumes_are_kept_from(within: Run, separated: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed.geojson"
    closed.write_text(json.dumps(VOLUME))
    result = within("detect", separated, "--volumes", closed, "--json")
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert {(c["kind"], c["a"], c["b"]) for c in found["conflicts"]} == {
        ("flight-volume", "EAST1", "CLOSED"),
        ("flight-volume", "ABOVE1", "CLOSED"),
    }
    assert found["volumes"] == 1


def test_time_buffer_makes_a_follower_conflict(within: Run, tmp_path: Path) -> None:
    path = tmp_path / "follow.csv"
    path.write_text(HEADER + EAST + EAST.replace("EAST1", "EAST2").replace("T12:", "T13:"))
    assert within("detect", path).returncode == 0
    assert within("detect", path, "--time-buffer", "1h").returncode == 1


def test_a_class_has_its_own_minima(within: Run, tmp_path: Path) -> None:
    path = tmp_path / "terminal.csv"
    rows = (HEADER + EAST + ABOVE).splitlines()
    path.write_text("\n".join([rows[0] + ",separation_class", *(r + ",wide" for r in rows[1:])]))
    assert within("detect", path, "--class", "wide=5nm,1000ft").returncode == 0
    assert within("detect", path, "--class", "wide=5nm,2000ft").returncode == 1


def test_max_gap_leaves_a_long_leg_empty(within: Run, crossing: Path) -> None:
    assert within("detect", crossing, "--max-gap", "5min").returncode == 0


def test_altitude_says_what_the_column_does_not(within: Run, crossing: Path) -> None:
    crossing.write_text(crossing.read_text().replace("alt_baro_ft", "altitude"))
    assert within("detect", crossing).returncode == 2
    assert within("detect", crossing, "--altitude", "ft:pressure").returncode == 1


def test_outliers_are_left_out_and_counted(within: Run, crossing: Path) -> None:
    crossing.write_text(
        crossing.read_text()
        + fixes("HIGH", "Red", *(f"2026-07-01T12:0{m}:00Z,40,{m},123100" for m in range(3)))
    )
    result = within("detect", crossing, "--drop-outliers")
    assert result.returncode == 1
    assert "left out: 3  fixes with an altitude out of range" in result.stdout
    found = json.loads(within("detect", crossing, "--drop-outliers", "--json").stdout)
    assert found["dropped"]["fixes with an altitude out of range"] == 3


def test_skip_bad_says_which(within: Run, crossing: Path) -> None:
    crossing.write_text(crossing.read_text() + fixes("LONE", "Red", "2026-07-01T12:00:00Z,1,1,100"))
    assert within("detect", crossing).returncode == 2
    result = within("detect", crossing, "--skip-bad")
    assert result.returncode == 1
    assert "LONE" in result.stderr
    assert "left out: 1  flight" in result.stdout


def test_any_number_of_threads_gives_the_same_bytes(within: Run, tmp_path: Path) -> None:
    assert within("simulate", "--flights", 400, "--seed", 3, "--out", "day.parquet").returncode == 0
    runs = [
        within("detect", "day.parquet", "--json", "--threads", n, "--out", f"{n}.parquet")
        for n in (1, 2, 3)
    ]
    assert runs[0].returncode == 1
    assert runs[0].stdout == runs[1].stdout == runs[2].stdout
    written = [(tmp_path / f"{n}.parquet").read_bytes() for n in (1, 2, 3)]
    assert written[0] == written[1] == written[2]


def test_a_name_cannot_command_the_terminal(within: Run, crossing: Path) -> None:
    crossing.write_text(crossing.read_text().replace("EAST1", "\x1b[2J[red]X"))
    result = within("detect", crossing)
    assert "\x1b" not in result.stdout
    assert r"\x1b[2J[red]X" in result.stdout


@pytest.mark.parametrize("day", [Path("data/switzerland-2018-08-01.parquet").resolve()])
def test_the_bundled_day(within: Run, day: Path) -> None:
    found = json.loads(within("detect", day, "--drop-outliers", "--json").stdout)
    assert found["flights"] == 1243
    assert found["dropped"] == {
        "fixes that jump away and back": 3,
        "fixes of flights that stand still up high": 114,
        "flights with fewer than 2 fixes left": 1,
    }
    assert 155 <= found["pairs"] <= 171  # a flat-projection sweep finds 163
    assert found["pairs"] == len({(c["a"], c["b"]) for c in found["conflicts"]})
