"""Flights in GeoJSON: lines with times, points with a time, moving features."""

import gzip
import json

import pytest

from detente import InputError, Reference, read_flights

TIMES = ["2026-07-01T12:00:00Z", "2026-07-01T14:01:00+02:00"]
LINE = [[8.0, 50.0, 3048.0], [8.1, 50.1, 6096.0]]
SECONDS = [1782907200 * 10**9, 1782907260 * 10**9]


def write(folder, *features, name="flights.geojson"):
    path = folder / name
    text = json.dumps({"type": "FeatureCollection", "name": "x", "features": features})
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return path


def feature(coordinates=LINE, kind="LineString", properties=None, **more):
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"flight_id": "A", **(properties or {})},
        **more,
    }


@pytest.mark.parametrize(
    "one",
    [
        feature(properties={"coordTimes": TIMES}),
        feature(properties={"times": TIMES, "time": "2026"}),
        feature(properties={"timestamps": [1782907200, 1782907260.0]}),
        feature(properties={"datetimes": TIMES}),
        feature(properties={"coordinateProperties": {"times": TIMES}}),
        feature(coordinates=[[*p, t // 10**9] for p, t in zip(LINE, SECONDS, strict=True)]),
        {
            "type": "Feature",
            "properties": {"flight_id": "A"},
            "temporalGeometry": {
                "type": "MovingPoint",
                "datetimes": TIMES,
                "coordinates": LINE,
            },
        },
        {
            "type": "Feature",
            "id": "A",
            "geometry": {"type": "LineString", "coordinates": LINE},
            "properties": {"times": TIMES},
        },
    ],
    ids=["coordTimes", "times", "timestamps", "datetimes", "nested", "4th", "moving", "id"],
)
def test_lines(tmp_path, one):
    flights = read_flights(write(tmp_path, one))
    assert flights.ids == ["A"]
    assert flights.time.tolist() == SECONDS
    assert flights.lat.tolist() == [50.0, 50.1]
    assert flights.lon.tolist() == [8.0, 8.1]
    # the third coordinate is metres above the ellipsoid (RFC 7946)
    assert flights.alt.tolist() == [10000.0, 20000.0]
    assert flights.reference is Reference.WGS84


def test_points_with_a_time_each(tmp_path):
    points = [
        feature(p[:2], "Point", {"time": t, "flight_level": 350, "party": "Blue", "colour": [1]})
        for p, t in zip(LINE, TIMES, strict=True)
    ]
    flights = read_flights(write(tmp_path, *points, name="flights.geojson.gz"))
    assert flights.time.tolist() == SECONDS
    assert flights.alt.tolist() == [35000.0, 35000.0]
    assert (flights.reference, flights.parties) == (Reference.PRESSURE, ["Blue"])


def test_a_feature_alone(tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(feature(properties={"times": TIMES})))
    assert read_flights(path).ids == ["A"]


def test_a_named_altitude_goes_before_the_third_coordinate(tmp_path):
    one = feature(properties={"times": TIMES, "alt_baro_ft": [100, 200]})
    flights = read_flights(write(tmp_path, one))
    assert (flights.alt.tolist(), flights.reference) == ([100.0, 200.0], Reference.PRESSURE)


def test_the_caller_may_say_what_the_third_coordinate_is(tmp_path):
    path = write(tmp_path, feature(properties={"times": TIMES}))
    flights = read_flights(path, altitude="ft:pressure")
    assert (flights.alt.tolist(), flights.reference) == ([3048.0, 6096.0], Reference.PRESSURE)


@pytest.mark.parametrize(
    ("bad", "field", "what"),
    [
        (feature(), "times", "without times"),
        (feature(properties={"times": TIMES[:1]}), "time", "1 values for 2 positions"),
        (feature(properties={"times": ["2026-07-01T12:00:00", TIMES[1]]}), "time", "naive"),
        (feature([[8.0], [8.1]], properties={"times": TIMES}), "coordinates", "no positions"),
        (feature([LINE], "MultiLineString"), "geometry", "type MultiLineString"),
        (
            feature([[8, 50, 1], [8, float("nan"), 1]], properties={"times": TIMES}),
            None,
            "not JSON|finite",
        ),
    ],
    ids=["times", "lengths", "naive", "positions", "multi", "nan"],
)
def test_a_bad_feature_is_named_and_may_be_left_out(tmp_path, bad, field, what):
    good = feature(properties={"times": TIMES, "flight_id": "G"})
    path = write(tmp_path, good, bad)
    with pytest.raises(InputError, match=what) as caught:
        read_flights(path)
    assert caught.value.file == str(path)
    if field is None:
        return
    assert (caught.value.row, caught.value.field) == (2, field)
    said = []
    flights = read_flights(path, skip_bad=True, warn=said.append)
    assert flights.ids == ["G"]
    assert sum(flights.dropped.values()) == 1
    assert [error.row for error in said] == [2]


def test_values_of_two_kinds(tmp_path):
    one = feature(properties={"times": TIMES, "priority": 1})
    two = feature(properties={"times": TIMES, "priority": "high", "flight_id": "B"})
    with pytest.raises(InputError, match="'high' after 1") as caught:
        read_flights(write(tmp_path, one, two))
    assert (caught.value.row, caught.value.field) == (2, "priority")
