"""What is written comes back the same, through every format and every kind of table."""

import dataclasses

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import Flights, Reference, read_flights, write_flights
from tests.formats.tables import csv


def same(one: Flights, two: Flights) -> None:
    for field in dataclasses.fields(Flights):
        a, b = getattr(one, field.name), getattr(two, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, field.name
            np.testing.assert_array_equal(a, b, err_msg=field.name)
        else:
            assert a == b, field.name


@st.composite
def sets(draw):
    """Any set of flights that the nouns allow."""
    sizes = draw(st.lists(st.integers(2, 5), min_size=1, max_size=4))
    m = sum(sizes)

    def floats(lo, hi):
        return np.array(
            draw(st.lists(st.floats(lo, hi, allow_nan=False), min_size=m, max_size=m)),
            dtype=np.float64,
        )

    start = st.integers(-(2**60), 2**60)
    step = st.integers(1, 2**58)
    time = np.concatenate(
        [draw(start) + np.cumsum([draw(step) for _ in range(n)], dtype=np.int64) for n in sizes]
    )
    text = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
    ids = draw(st.lists(text, min_size=len(sizes), max_size=len(sizes), unique=True))
    own = np.array(draw(st.lists(st.booleans(), min_size=m, max_size=m)))
    return Flights(
        ids=ids,
        parties=[draw(st.just("") | text) for _ in sizes],
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        time=time,
        lat=floats(-90, 90),
        lon=floats(-360, 360),
        alt=floats(-2000, 130_000),
        reference=draw(st.sampled_from([r for r in Reference if r is not Reference.AGL])),
        priority=np.array([draw(st.integers(-(2**15) + 1, 2**15 - 1)) for _ in sizes], np.int16),
        protection_h=np.where(own, np.abs(floats(1, 400_000)), np.nan),
        protection_v=np.where(own, np.abs(floats(1, 50_000)), np.nan),
        gap=np.array(draw(st.lists(st.booleans(), min_size=m, max_size=m))),
    )


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".geojson"])
@settings(max_examples=40, deadline=None)
@given(flights=sets())
def test_any_set_comes_back_the_same(tmp_path_factory, suffix, flights):
    path = tmp_path_factory.mktemp("round") / f"flights{suffix}"
    write_flights(flights, path)
    same(flights, read_flights(path))


def test_tables_of_every_library(tmp_path):
    flights = read_flights(csv(tmp_path))
    table = flights.to_arrow()
    same(flights, read_flights(table))
    same(flights, read_flights(table.to_reader()))
    same(flights, read_flights(table.combine_chunks().to_batches()[0]))
    # these do not carry the schema's metadata
    same(flights, read_flights(pl.from_arrow(table), altitude="pressure"))
    same(flights, read_flights(table.to_pandas(), altitude="pressure"))
    same(flights, read_flights(table.to_pandas(types_mapper=pd.ArrowDtype), altitude="pressure"))


def traffic_columns():
    n = 400
    flight = np.arange(n) // 100
    return {
        "timestamp": pd.date_range("2026-07-01T12:00:00Z", periods=n, freq="10s"),
        "icao24": np.array(["3003ae", "3003ae", "4b1234", "abcdef"])[flight],
        "callsign": np.array(["DLH8JW", "DLH9JW", "SWR1", "AFR77"])[flight],
        "latitude": np.linspace(45, 49, n),
        "longitude": np.linspace(5, 9, n),
        "altitude": np.full(n, 35000.0),
        "groundspeed": np.full(n, 440.0),
    }


def test_frames_like_those_of_traffic():
    frame = pd.DataFrame(traffic_columns())
    expected = read_flights(frame)
    assert expected.ids == ["DLH8JW 3003ae", "DLH9JW 3003ae", "SWR1 4b1234", "AFR77 abcdef"]
    assert np.diff(expected.offsets).tolist() == [100] * 4
    same(expected, read_flights(frame.sample(frac=1.0, random_state=3).sort_values("timestamp")))
    same(expected, read_flights(frame.convert_dtypes(dtype_backend="pyarrow")))
    same(expected, read_flights(frame.astype({"callsign": "category", "icao24": "category"})))
    polars = pl.from_pandas(frame)
    same(expected, read_flights(polars))
    same(expected, read_flights(polars.with_columns(pl.col("callsign").cast(pl.Categorical))))
    same(expected, read_flights(pa.Table.from_pandas(frame)))


def test_files_that_pandas_and_polars_write(tmp_path):
    frame = pd.DataFrame(traffic_columns())
    expected = read_flights(frame)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_csv(tmp_path / "a.csv.gz", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    pl.from_pandas(frame).write_parquet(tmp_path / "b.parquet")
    for name in ("a.csv", "a.csv.gz", "a.parquet", "b.parquet"):
        same(expected, read_flights(tmp_path / name))


def test_missing_values_of_pandas_are_missing_not_wrong():
    columns = traffic_columns()
    columns["altitude"][5] = np.nan
    flights = read_flights(pd.DataFrame(columns), skip_bad=True)
    assert flights.fixes == 399
    assert flights.dropped == {"fix: a missing value": 1}


def test_flights_interleaved_in_a_file_are_sorted_out(tmp_path):
    flights = read_flights(csv(tmp_path))
    shuffled = flights.to_arrow().take([0, 2, 3, 1])
    same(flights, read_flights(shuffled))
