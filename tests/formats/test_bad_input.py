"""Every bad input is refused with its place and its mend, or left out, counted and named."""

import gzip
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import detente
from detente import InputError, read_flights
from tests.formats.tables import GOOD, changed, csv

FIXES = {
    "nan": (changed(3, 3, "nan"), 3, "lat", "B2", "not a finite number"),
    "infinite": (changed(4, 4, "-inf"), 4, "lon", "B2", "not a finite number"),
    "no number": (changed(2, 5, "high"), 2, "alt_baro_ft", "A1", "'high'"),
    "latitude": (changed(2, 3, "90.5"), 2, "lat", "A1", "outside -90 to 90"),
    "longitude": (changed(2, 4, "361"), 2, "lon", "A1", "outside -360 to 360"),
    "naive": (changed(1, 2, "2026-07-01T12:00:00"), 1, "time", "A1", "naive"),
    "no time": (changed(1, 2, "noon"), 1, "time", "A1", "cannot be read"),
    "thirteenth month": (changed(1, 2, "2026-13-01T12:00:00Z"), 1, "time", "A1", "cannot be read"),
    "backwards": (changed(2, 2, "2026-07-01T11:59:00Z"), 2, "time", "A1", "does not increase"),
    "same time": (changed(2, 2, "2026-07-01T12:00:00Z"), 2, "time", "A1", "does not increase"),
    "two parties": (changed(4, 1, "Blue"), 4, "party", "B2", "different parties"),
    "single": ("\n".join(GOOD.splitlines()[:4]) + "\n", 3, "flight_id", "B2", "single point"),
}


@pytest.mark.parametrize("case", FIXES)
def test_a_bad_fix_is_refused_with_its_place(tmp_path, case):
    text, row, field, flight, what = FIXES[case]
    path = csv(tmp_path, text)
    with pytest.raises(InputError, match=what) as caught:
        read_flights(path)
    error = caught.value
    assert (error.file, error.row, error.field, error.flight) == (str(path), row, field, flight)
    assert error.mend


@pytest.mark.parametrize("case", FIXES)
def test_skip_bad_leaves_the_flight_out_counts_it_and_says_which(tmp_path, case):
    text, row, field, flight, _ = FIXES[case]
    said = []
    flights = read_flights(csv(tmp_path, text), skip_bad=True, warn=said.append)
    assert flights.ids == [{"A1": "B2", "B2": "A1"}[flight]]
    assert [(e.flight, e.row, e.field) for e in said] == [(flight, row, field)]
    ((reason, count),) = flights.dropped.items()
    assert reason.startswith("flight: ")
    assert count == 1


def test_nothing_left_is_an_error_too(tmp_path):
    text = GOOD.replace("Z,", ",").replace("+02:00", "")
    with pytest.raises(InputError, match=r"no good flight is left.*a naive time"):
        read_flights(csv(tmp_path, text), skip_bad=True)


def test_a_missing_value_is_refused_or_left_out_alone(tmp_path):
    lines = GOOD.splitlines()
    path = csv(tmp_path, "\n".join([*lines[:2], "A1,Blue,2026-07-01T12:00:30Z,,,", *lines[2:]]))
    with pytest.raises(InputError, match="missing value") as caught:
        read_flights(path)
    assert (caught.value.row, caught.value.field, caught.value.flight) == (2, "lat", "A1")
    flights = read_flights(path, skip_bad=True)
    assert flights.fixes == 4
    assert flights.dropped == {"fix: a missing value": 1}


def test_a_repeated_fix_is_refused_or_left_out_alone(tmp_path):
    lines = GOOD.splitlines()
    path = csv(tmp_path, "\n".join([*lines[:3], lines[2], *lines[3:]]) + "\n")
    with pytest.raises(InputError, match="does not increase") as caught:
        read_flights(path)
    assert caught.value.row == 3
    flights = read_flights(path, skip_bad=True)
    assert flights.fixes == 4
    assert flights.dropped == {"fix: repeated": 1}


def test_rows_are_named_as_in_the_file_after_missing_and_crooked_ones(tmp_path):
    lines = GOOD.splitlines()
    text = "\n".join(
        [*lines[:2], "A1,Blue,,,,", "A1,too,few", *lines[2:4], lines[4].replace("51.1", "nan")]
    )
    said = []
    flights = read_flights(csv(tmp_path, text + "\n"), skip_bad=True, warn=said.append)
    assert flights.ids == ["A1"]
    assert {(e.row, e.field) for e in said} == {(6, "lat"), (3, None)}
    assert flights.dropped == {
        "fix: a missing value": 1,
        "row: too few or too many fields": 1,
        "flight: a latitude that is not a finite number": 1,
    }


def test_a_row_with_too_many_fields(tmp_path):
    path = csv(tmp_path, GOOD + "B2,Green,2026-07-01T14:02:00+02:00,51,9,36000,more\n")
    with pytest.raises(InputError, match="7 fields instead of 6") as caught:
        read_flights(path)
    assert caught.value.row == 5


@pytest.mark.parametrize("column", ["time", "lat", "lon", "flight_id"])
def test_a_missing_column(tmp_path, column):
    path = csv(tmp_path, GOOD.replace(column, "other"))
    with pytest.raises(InputError, match="missing column") as caught:
        read_flights(path)
    assert caught.value.field == column
    assert "other" in caught.value.mend


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("alt", "unknown unit"),
        ("altitude", "unknown unit"),
        ("alt_yd", "unknown unit 'yd'"),
        ("alt_ft", "unknown reference"),
        ("altitude_m", "unknown reference"),
        ("gps_alt_m", "unknown reference"),
        ("altitude_ft_amsl", "mean sea level without the geoid"),
        ("height_m_agl", "above ground"),
        ("selected_altitude_ft", "no altitude"),
    ],
)
def test_an_altitude_that_does_not_say_what_it_is(tmp_path, name, what):
    path = csv(tmp_path, GOOD.replace("alt_baro_ft", name))
    with pytest.raises(InputError, match=what) as caught:
        read_flights(path)
    assert caught.value.file == str(path)
    assert caught.value.field
    assert caught.value.mend


@pytest.mark.parametrize(
    "text", ["ft", "yd:pressure", "m:msl", "m:agl", "m:", "pressure:column", "pressure ft"]
)
def test_an_argument_that_does_not_say_it_either(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read_flights(csv(tmp_path), altitude=text)
    assert caught.value.field == "altitude"


def test_mixed_altitude_references(tmp_path):
    lines = GOOD.replace("alt_baro_ft", "alt_ft").splitlines()
    rows = [lines[0] + ",altitude_reference", *(line + ",pressure" for line in lines[1:4])]
    path = csv(tmp_path, "\n".join([*rows, lines[4] + ",wgs84"]) + "\n")
    with pytest.raises(InputError, match="mixed altitude references") as caught:
        read_flights(path)
    assert (caught.value.row, caught.value.field) == (4, "alt_ft")


def test_mixed_altitude_references_between_features(tmp_path):
    path = tmp_path / "flights.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"flight_id": name, column: [1, 2], "times": [1.7e9, 1.7e9 + 60]},
            "geometry": {"type": "LineString", "coordinates": [[8, 50], [8.1, 50]]},
        }
        for name, column in (("A", "alt_baro_ft"), ("B", "geoaltitude"))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(InputError, match="mixed altitude references") as caught:
        read_flights(path)
    assert caught.value.row == 2


def test_milliseconds_and_seconds_of_flight_are_no_unix_time(tmp_path):
    for value in ("1782907200000", "12.5"):
        text = GOOD
        for row in range(1, 5):
            lines = text.splitlines()
            fields = lines[row].split(",")
            lines[row] = ",".join([*fields[:2], value, *fields[3:]])
            text = "\n".join(lines) + "\n"
        with pytest.raises(InputError, match="not in seconds since 1970"):
            read_flights(csv(tmp_path, text))


def test_a_naive_column_of_a_table():
    table = pa.table(
        {
            "flight_id": ["A", "A"],
            "time": pa.array([0, 10**9], pa.timestamp("ns")),
            "lat": [50.0, 50.1],
            "lon": [8.0, 8.0],
            "fl": [350, 350],
        }
    )
    with pytest.raises(InputError, match="naive time") as caught:
        read_flights(table, skip_bad=True)
    assert "tz_localize" in caught.value.mend


def test_empty_files(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_text(GOOD.splitlines()[0] + "\n")
    (tmp_path / "c.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    (tmp_path / "d.parquet").write_bytes(b"")
    pq.write_table(read_flights(csv(tmp_path)).to_arrow().slice(0, 0), tmp_path / "e.parquet")
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(b""))
    for name in ("a.csv", "b.csv", "c.geojson", "d.parquet", "e.parquet", "f.csv.gz"):
        with pytest.raises(InputError, match=r"empty|no fixes|no features") as caught:
            read_flights(tmp_path / name)
        assert caught.value.file == str(tmp_path / name)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.99])
def test_truncated_files(tmp_path, keep):
    flights = read_flights(csv(tmp_path))
    detente.write_flights(flights, tmp_path / "a.parquet")
    detente.write_flights(flights, tmp_path / "a.geojson")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((GOOD * 50).encode()))
    for name in ("a.parquet", "a.geojson", "a.csv.gz"):
        path = tmp_path / name
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * keep)])
        with pytest.raises(InputError) as caught:
            read_flights(path)
        assert caught.value.file == str(path)


def test_damaged_pages_of_a_parquet_file(tmp_path):
    path = tmp_path / "a.parquet"
    detente.write_flights(read_flights(csv(tmp_path)), path)
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match="damaged"):
        read_flights(path)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.parquet", b"flight_id,time\n1,2\n", "no Parquet"),
        ("a.bin", b"\x00\x01\x02\x03", "format that is not known"),
        ("a.geojson", b"[1, 2]", "no GeoJSON"),
        ("a.csv", b"flight_id,l\xe4ngs\n", "UTF-8"),
    ],
)
def test_files_that_are_something_else(tmp_path, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=what):
        read_flights(path)


def test_no_file_and_no_table(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_flights(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="a directory"):
        read_flights(tmp_path)
    with pytest.raises(InputError, match="object of type int"):
        read_flights(5)


def test_a_column_of_the_wrong_type():
    table = pa.table(
        {
            "flight_id": ["A", "A"],
            "time": [1.7e9, 1.7e9 + 60],
            "lat": [[50.0], [50.1]],
            "lon": [8.0, 8.0],
            "fl": [350, 350],
        }
    )
    with pytest.raises(InputError, match="type list") as caught:
        read_flights(table)
    assert caught.value.field == "lat"


def test_a_protection_alone_and_an_unknown_class(tmp_path):
    lines = GOOD.splitlines()
    half = "\n".join([lines[0] + ",protection_nm", *(line + ",3" for line in lines[1:])])
    with pytest.raises(InputError, match="one of the two without the other"):
        read_flights(csv(tmp_path, half + "\n"))
    named = "\n".join([lines[0] + ",separation_class", *(line + ",tower" for line in lines[1:])])
    with pytest.raises(InputError, match="unknown separation class 'tower'") as caught:
        read_flights(csv(tmp_path, named + "\n"), classes={"terminal": detente.Separation()})
    assert caught.value.row == 1


def test_the_first_fault_of_the_file_is_told_whatever_the_order_of_flights(tmp_path):
    lines = GOOD.splitlines()
    mixed = [lines[0], lines[3], lines[1], lines[2].replace("12:01", "12:00"), lines[4]]
    with pytest.raises(InputError) as caught:
        read_flights(csv(tmp_path, "\n".join(mixed) + "\n"))
    assert (caught.value.row, caught.value.flight) == (3, "A1")


def test_a_bad_flight_among_many_leaves_the_others_untouched(tmp_path):
    rng = np.random.default_rng(5)
    n = 300
    table = pa.table(
        {
            "flight_id": [f"F{i // 10}" for i in range(n)],
            "time": 1.7e9 + np.arange(n) * 5.0,
            "lat": rng.uniform(-80, 80, n),
            "lon": rng.uniform(-180, 180, n),
            "fl": rng.integers(100, 400, n),
        }
    )
    order = np.argsort(np.arange(n) % 10, kind="stable")
    flights = read_flights(table.take(order))
    lat = table["lat"].to_numpy().copy()
    lat[75] = np.nan
    broken = table.set_column(2, "lat", pa.array(lat)).take(order)
    rest = read_flights(broken, skip_bad=True)
    assert rest.ids == [name for name in flights.ids if name != "F7"]
    expected = flights.take([i for i in range(len(flights)) if flights.ids[i] != "F7"])
    assert np.array_equal(rest.lat, expected.lat)
    assert np.array_equal(rest.time, expected.time)


def test_values_that_are_objects(tmp_path):
    path = tmp_path / "a.geojson"
    point = {"type": "Point", "coordinates": [1, 2]}
    odd = {"id": {"a": 1}, "fl": 1, "time": 1782907200}
    for geometry, properties, what in (
        (point, odd, "type that cannot be used"),
        ("point", odd, "no objects"),
        (point, "odd", "no objects"),
    ):
        features = [{"type": "Feature", "geometry": geometry, "properties": properties}]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        with pytest.raises(InputError, match=what):
            read_flights(path)


def test_two_altitude_columns_of_one_name(tmp_path):
    with pytest.raises(InputError, match="two columns"):
        read_flights(csv(tmp_path, GOOD.replace("party", "alt_baro_ft")))
