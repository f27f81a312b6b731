"""Tables of what was seen: which columns, in which units, and in the order of time."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.airspace.sighting import Sighting
from detente.errors import InputError
from detente.formats.decoded import Decoded
from detente.formats.sightings import _Reading, read_sightings

NOON = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp())
KNOT = 1852 / 3600


def read(table: Any, **options: Any) -> tuple[list[Sighting], Decoded]:
    whole = Decoded()
    for decoded in read_sightings(table, source="t", **options):
        whole.sightings += decoded.sightings
        whole.refused += decoded.refused
        whole.unwanted += decoded.unwanted
    return whole.sightings, whole


def only(**columns: Any) -> Sighting:
    given = {"time": [NOON], "lat": [50.0], "lon": [8.0], **columns}
    seen, whole = read(pa.table(given))
    assert not whole.refused
    (sighting,) = seen
    return sighting


def test_as_traffic_writes() -> None:
    seen = only(
        timestamp=pa.array([NOON * 1000], pa.timestamp("ms", "UTC")),
        latitude=[50.1], longitude=[8.2], altitude=[35_000.0], geoaltitude=[35_500.0],
        icao24=["4CA7B6"], callsign=["DLH8JW "], flight_id=["DLH8JW_1"], groundspeed=[450.0],
        track=[90.0], vertical_rate=[-640.0], squawk=["1000"], onground=[False], typecode=["A320"],
    )  # fmt: skip
    assert (seen.time, seen.source) == (NOON * 10**9, "t")
    assert (seen.address, seen.number, seen.callsign) == ("4ca7b6", "DLH8JW_1", "DLH8JW")
    assert (seen.pressure, seen.geometric, seen.speed) == (35_000.0, 35_500.0, 450.0 * KNOT)
    assert (seen.course, seen.climb, seen.squawk, seen.kind) == (90.0, -640.0, "1000", "A320")


def test_as_the_opensky_network_s_database_writes() -> None:
    seen = only(
        icao24=["4ca7b6"], velocity=[231.5], heading=[90.0], vertrate=[-3.25], callsign=["A1"],
        onground=[True], squawk=["21"], baroaltitude=[10_668.0], geoaltitude=[10_972.8],
        lastposupdate=[NOON - 4.25],
    )  # fmt: skip
    assert seen.time == NOON * 10**9 - 4_250_000_000  # of the position, not of the row
    assert (seen.pressure, seen.geometric) == (35_000.0, 36_000.0)
    assert (seen.speed, seen.course, seen.on_ground, seen.squawk) == (231.5, 90.0, True, "0021")
    assert seen.climb == pytest.approx(-3.25 / 0.3048 * 60)


def test_as_readsb_writes() -> None:
    seen = only(
        hex=["4ca7b6"], flight=["DLH8JW "], alt_baro=[35_000], alt_geom=[35_500], gs=[450.0],
        track=[90.0], baro_rate=[-640],
    )  # fmt: skip
    assert (seen.address, seen.callsign) == ("4ca7b6", "DLH8JW")
    assert (seen.pressure, seen.geometric) == (35_000.0, 35_500.0)
    assert (seen.speed, seen.climb) == (450.0 * KNOT, -640.0)


def test_names_that_bear_their_units() -> None:
    seen = only(
        id=["a"], alt_baro_ft=[100.0], height_m_wgs84=[304.8], speed_m_s=[10.0], course_deg=[359.0],
        climb_m_s=[1.0], accuracy_m=[30.0],
    )  # fmt: skip
    assert (seen.pressure, seen.geometric, seen.speed) == (100.0, 1_000.0, 10.0)
    assert (seen.course, seen.accuracy) == (359.0, 30.0)
    assert seen.climb == pytest.approx(196.85, abs=0.01)


def test_a_unit_that_is_not_known_is_not_guessed() -> None:
    seen = only(id=["a"], altitude=[100.0], groundspeed=[450.0], track=[9.0], vertical_rate=[3.0])
    assert (seen.pressure, seen.geometric, seen.speed, seen.course, seen.climb) == (None,) * 5
    seen, _ = read(
        pa.table({"time": [NOON], "lat": [1.0], "lon": [1.0], "id": ["a"], "altitude": [100.0]}),
        altitude="ft:pressure",
    )
    assert seen[0].pressure == 100.0


def test_a_reference_row_by_row() -> None:
    given = {"time": [NOON] * 3, "lat": [1.0] * 3, "lon": [1.0] * 3, "id": ["a", "b", "c"]}
    given |= {"alt_ft": [100.0] * 3, "altitude_reference": ["pressure", "WGS84", "msl-egm96"]}
    seen, _ = read(pa.table(given))
    assert [(s.pressure, s.geometric) for s in seen] == [(100.0, None), (None, 100.0), (None, None)]


def test_an_altitude_above_the_sea_is_no_sighting_s() -> None:
    table = pa.table({"time": [NOON], "lat": [1.0], "lon": [1.0], "id": ["a"], "alt_m": [1.0]})
    with pytest.raises(InputError, match="above msl-egm96"):
        read(table, altitude="m:msl-egm96")


@pytest.mark.parametrize("missing", ["time", "lat", "lon", "id"])
def test_a_column_that_is_missing(missing: str) -> None:
    given = {"time": [NOON], "lat": [1.0], "lon": [1.0], "id": ["a"]}
    del given[missing]
    with pytest.raises(InputError, match="missing column"):
        read(pa.table(given))


def test_times_without_a_zone_are_refused() -> None:
    naive = pa.array([0], pa.timestamp("s"))
    with pytest.raises(InputError, match="naive time"):
        read(pa.table({"time": naive, "lat": [1.0], "lon": [1.0], "id": ["a"]}))


def rows(n: int, rng: np.random.Generator, **more: Any) -> pa.Table:
    return pa.table(
        {
            "time": NOON + rng.integers(0, 3_600, n).astype(float),
            "lat": np.arange(n) % 80 * 1.0,
            "lon": np.zeros(n),
            "id": [f"f{k}" for k in range(n)],
            **more,
        }
    )


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 300), most=st.integers(1, 400), seed=st.integers(0, 99))
def test_whatever_the_order_of_the_rows_times_go_up_and_none_is_lost(
    n: int, most: int, seed: int
) -> None:
    table = rows(n, np.random.default_rng(seed))
    seen, whole = read(table, most=most)
    times = [s.time for s in seen]
    assert times == sorted(times)
    assert sorted(s.number for s in seen) == sorted(table["id"].to_pylist())
    assert not whole.refused
    # rows of one time stay in the order of the table
    order = np.argsort(table["time"].to_numpy(), kind="stable")
    assert [s.number for s in seen] == [f"f{k}" for k in order]


@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "polars", "pandas"])
def test_every_kind_of_table_gives_the_same(form: str, tmp_path: Path) -> None:
    table = rows(500, np.random.default_rng(1))
    expected, _ = read(table)
    path = tmp_path / f"seen.{form}"
    if form == "parquet":
        pq.write_table(table, path, row_group_size=100)
    elif form.startswith("csv"):
        table.to_pandas().to_csv(path, index=False)
    given: Any = {"polars": pl.from_arrow, "pandas": lambda t: t.to_pandas()}.get(
        form, lambda _: path
    )(table)
    assert read(given, most=100)[0] == expected
    assert len(expected) == 500


def test_a_sorted_file_is_gone_through_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    table = rows(3_000, rng).sort_by("time")
    monkeypatch.setattr("detente.formats.sightings._spans", lambda *_: pytest.fail("sorted"))
    seen, _ = read(table, most=10)
    assert [s.number for s in seen] == table["id"].to_pylist()


def test_bad_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    path.write_text(
        "time,lat,lon,icao24,alt_baro_ft,speed_kt\n"
        "2026-07-01T12:00:00Z,50,8,4ca7b6,100,450\n"
        "2026-07-01T12:00:00,50,8,4ca7b6,100,450\n"
        "soon,50,8,4ca7b6,100,450\n"
        ",50,8,4ca7b6,100,450\n"
        "2026-07-01T12:00:01Z,95,8,4ca7b6,100,450\n"
        "2026-07-01T12:00:02Z,50,,4ca7b6,100,450\n"
        "2026-07-01T12:00:03Z,,,4ca7b6,high,9999\n"
        "2026-07-01T12:00:04Z,50,8,,100,450\n"
        "2026-07-01T12:00:05Z,50,8,4ca7b6,100\n"
    )
    seen, whole = read(path)
    assert [(s.lat, s.pressure, s.speed) for s in seen] == [
        (50.0, 100.0, pytest.approx(231.5)),
        (None, None, None),
    ]
    assert dict(whole.refused) == {
        "time: not one": 3,
        "position: out of range": 1,
        "position: half of it": 1,
        "altitude: not a number": 1,
        "speed: out of range": 1,
        "identity: none": 1,
        "row: too few or too many fields": 1,
    }


def test_a_position_that_the_network_repeats_is_given_once() -> None:
    table = pa.table(
        {
            "time": [NOON, NOON + 1, NOON + 2, NOON + 3],
            "lastposupdate": [NOON - 0.5, NOON - 0.5, NOON + 1.75, None],
            "icao24": ["4ca7b6"] * 4, "lat": [50.0, 50.0, 50.1, 50.1], "lon": [8.0] * 4,
            "baroaltitude": [10_668.0] * 4,
        }
    )  # fmt: skip
    seen, whole = read(table)
    assert [(s.time - NOON * 10**9) / 1e9 for s in seen] == [-0.5, 1.75, 3.0]
    assert dict(whole.unwanted) == {"table: seen before": 1}


def test_numbers_that_pandas_made_floats_of() -> None:
    frame = pd.DataFrame(
        {
            "time": [NOON, NOON + 1], "lat": [1.0, np.nan], "lon": [1.0, np.nan],
            "icao24": ["4ca7b6", "4ca7b7"], "squawk": [21.0, np.nan], "onground": ["True", None],
        }
    )  # fmt: skip
    one, two = read(frame)[0]
    assert (one.squawk, one.on_ground) == ("0021", True)
    assert (two.squawk, two.on_ground, two.lat) == ("", False, None)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.parquet")


def test_no_more_rows_are_held_than_are_sorted_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "seen.parquet"
    pq.write_table(rows(3_000, np.random.default_rng(1)), path, row_group_size=500)
    held = []
    given = _Reading.given

    def watched(self: _Reading, batch: Any, times: Any) -> Any:
        held.append(batch.num_rows)
        return given(self, batch, times)

    monkeypatch.setattr(_Reading, "given", watched)
    assert len(read(path, most=200)[0]) == 3_000
    assert sum(held) == 3_000
    assert max(held) <= 200
