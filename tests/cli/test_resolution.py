import json
from pathlib import Path

import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from detente import detect_conflicts, read_flights
from detente.resolve.change import PLAN_SCHEMA
from tests.cli.conftest import EAST, HEADER, NORTH, Run, fixes

FIXED = {"flights": {"EAST1": {"fixed": True}, "NORTH1": {"fixed": True}}}


def test_what_it_writes_keeps_apart(within: Run, crossing: Path, tmp_path: Path) -> None:
    result = within(
        "resolve", crossing, "--out", "plan.parquet", "--flights-out", "resolved.parquet"
    )
    assert result.returncode == 0
    assert result.stderr == ""
    assert "as filed: 1 conflicting pair; in the plan: 0" in result.stdout
    assert "moved: 1 of 2 flights" in result.stdout
    assert "checked: detection ran over the flights of the plan and found no conflict" in (
        result.stdout
    )
    plan = pq.read_table(tmp_path / "plan.parquet")
    assert plan.schema.equals(PLAN_SCHEMA)
    assert plan["flight_id"].to_pylist() == ["EAST1", "NORTH1"]
    assert sum(plan["moved"].to_pylist()) == 1
    cost = sum(plan["cost"].to_pylist())
    assert cost > 0
    assert f"cost: {cost}" in result.stdout
    assert len(detect_conflicts(read_flights(crossing))) == 1
    assert len(detect_conflicts(read_flights(tmp_path / "resolved.parquet"))) == 0


def test_delay_alone_is_told_in_words(within: Run, crossing: Path, tmp_path: Path) -> None:
    options = ("--levels", "0", "--offsets", "none", "--out", "plan.csv", "--map", "plan.html")
    result = within("resolve", crossing, *options)
    assert result.returncode == 0
    table = pcsv.read_csv(tmp_path / "plan.csv").to_pylist()
    (row,) = [row for row in table if row["moved"]]
    assert row["delay_s"] > 0
    assert row["delay_s"] % 60 == 0
    assert row["level_ft"] == row["offset_m"] == 0
    (reason,) = json.loads(row["reasons"])
    assert {row["flight_id"], reason["other"]} == {"EAST1", "NORTH1"}
    assert reason["entry"] < reason["exit"]
    assert reason["entry"].startswith("2026-07-01T12:")
    assert f"{row['delay_s'] // 60} min later" in result.stdout
    assert "because of" in result.stdout
    page = (tmp_path / "plan.html").read_text()
    assert "<title>Plan for crossing.csv</title>" in page
    assert f"{row['delay_s'] // 60} min later" in page


def test_what_is_left_gives_1_with_its_reason(within: Run, crossing: Path, tmp_path: Path) -> None:
    (tmp_path / "fixed.json").write_text(json.dumps(FIXED))
    result = within("resolve", crossing, "--manoeuvres", "fixed.json")
    assert result.returncode == 1
    assert "in the plan: 1" in result.stdout
    assert "both flights are fixed" in result.stdout
    assert "found 1 conflicting pair" in result.stdout
    assert "moved: 0 of 2 flights" in result.stdout


def test_json_is_one_object_and_the_same_bytes(within: Run, crossing: Path) -> None:
    runs = [within("resolve", crossing, "--json", "--threads", n) for n in ("1", "2")]
    assert runs[0].returncode == 0
    assert runs[0].stdout == runs[1].stdout
    found = json.loads(runs[0].stdout)
    assert (found["conflicts_before"], found["conflicts_after"]) == (1, 0)
    assert found["checked"] is True
    assert found["remainder"] == []
    (change,) = found["changes"]
    assert change["cost"] == found["cost"]
    assert change["reasons"][0]["entry"].endswith("Z")
    assert found["above_ft"] is None


def test_separated_flights_stay(within: Run, separated: Path) -> None:
    result = within("resolve", separated)
    assert result.returncode == 0
    assert "moved: 0 of 2 flights" in result.stdout
    assert "dearest" not in result.stdout


def test_below_is_left_to_approach_control(within: Run, tmp_path: Path) -> None:
    low = (EAST + NORTH).replace("35000", "9900")
    high = fixes(
        "HIGH1", "Blue", "2026-07-01T12:00:00Z,60,4,10000", "2026-07-01T12:20:00Z,60,6,10000"
    )
    (tmp_path / "low.csv").write_text(HEADER + low + high)
    result = within("resolve", "low.csv", "--above", "FL100", "--flights-out", "after.parquet")
    assert result.returncode == 0
    assert "not considered: below 10,000 ft" in result.stdout
    assert "as filed: 0 conflicting pairs" in result.stdout
    after = read_flights(tmp_path / "after.parquet")
    assert after.gap.tolist() == [True, False, True, False, False, False]
    result = within("resolve", "low.csv", "--above", "9900ft")
    assert "as filed: 1 conflicting pair" in result.stdout


def test_pairs_of_one_party_may_stay(within: Run, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(HEADER + EAST + NORTH.replace("Red", "Blue"))
    assert "moved: 1 of 2" in within("resolve", "one.csv").stdout
    assert "moved: 0 of 2" in within("resolve", "one.csv", "--between-parties").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("flights.csv", "--delay", "90s"), "'delay'"),
        (("flights.csv", "--delay=-5min"), "'delay'"),
        (("flights.csv", "--delay", "60"), "'delay'"),
        (("flights.csv", "--delay", "25h"), "'delay'"),
        (("flights.csv", "--levels", "-1"), "'levels'"),
        (("flights.csv", "--levels", "many"), "--levels"),
        (("flights.csv", "--offsets", "5"), "'offsets'"),
        (("flights.csv", "--offsets", "0nm"), "'offsets'"),
        (("flights.csv", "--offsets", "500nm"), "'offsets'"),
        (("flights.csv", "--above", "high"), "'above'"),
        (("flights.csv", "--fairness", "equal"), "--fairness"),
        (("flights.csv", "--seconds", "0"), "'seconds'"),
        (("flights.csv", "--seed", "-1"), "'seed'"),
        (("flights.csv", "--threads", "0"), "'threads'"),
        (("flights.csv", "--out", "plan.geojson"), ".parquet, .csv"),
        (("flights.csv", "--out", "a.csv", "--flights-out", "./a.csv"), "twice"),
        (("flights.csv", "--flights-out", "flights.csv"), "twice"),
        (("flights.csv", "--map", "plan.png"), ".html"),
        (("flights.csv", "--manoeuvres", "none.json"), "none.json"),
        (("flights.csv", "--manoeuvres", "fixed.json", "--levels", "1"), "'levels'"),
        (("flights.csv", "--manoeuvres", "fixed.json", "--semicircular"), "'semicircular'"),
        (("flights.csv", "--manoeuvres", "strange.json"), "'NOBODY'"),
    ],
)
def test_bad_usage(within: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "flights.csv").write_text(HEADER + EAST + NORTH)
    (tmp_path / "fixed.json").write_text(json.dumps(FIXED))
    (tmp_path / "strange.json").write_text('{"flights": {"NOBODY": {"fixed": true}}}')
    before = sorted(tmp_path.iterdir())
    result = within("resolve", *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before
