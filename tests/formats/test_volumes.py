"""Closed airspace from GeoJSON and from ASTM F3548-21."""

import json

import pytest

from detente import Altitude, Circle, InputError, Polygon, Reference, read_volumes

RING = [[8.0, 50.0], [9.0, 50.0], [9.0, 51.0], [8.0, 51.0], [8.0, 50.0]]
START = 1782907200 * 10**9


def feature(geometry=None, **properties):
    geometry = geometry or {"type": "Polygon", "coordinates": [RING]}
    return {"type": "Feature", "geometry": geometry, "properties": {"id": "V1", **properties}}


def write(folder, *features):
    path = folder / "volumes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_polygon_with_everything(tmp_path):
    one = feature(
        lower="FL195",
        upper="FL245",
        start="2026-07-01T12:00:00Z",
        end="2026-07-01T15:00:00+02:00",
        party="Blue",
        buffer="2nm",
        buffer_vertical="500ft",
    )
    (volume,) = read_volumes(write(tmp_path, one))
    assert volume.id == "V1"
    assert volume.outline == Polygon(((50.0, 8.0), (50.0, 9.0), (51.0, 9.0), (51.0, 8.0)))
    assert volume.lower == Altitude(19500.0, Reference.PRESSURE)
    assert volume.upper == Altitude(24500.0, Reference.PRESSURE)
    assert (volume.start, volume.end) == (START, START + 3600 * 10**9)
    assert (volume.party, volume.buffer_h, volume.buffer_v) == ("Blue", 3704.0, 500.0)


@pytest.mark.parametrize(
    ("properties", "metres"),
    [({"radius": "2nm"}, 3704.0), ({"radius_m": 250}, 250.0), ({"radius_km": 1.5}, 1500.0)],
)
def test_a_point_with_a_radius(tmp_path, properties, metres):
    point = {"type": "Point", "coordinates": [8.0, 50.0]}
    (volume,) = read_volumes(write(tmp_path, feature(point, **properties)))
    assert volume.outline == Circle(50.0, 8.0, metres)
    assert (volume.lower, volume.upper, volume.start) == (None, None, None)


@pytest.mark.parametrize(
    ("properties", "lower", "upper"),
    [
        ({"lower": "GND", "upper": "UNL"}, None, None),
        ({"lower": "SFC", "upper": "2500ft wgs84"}, None, Altitude(2500.0, Reference.WGS84)),
        (
            {"lower_ft": 100, "upper_ft": 500, "altitude_reference": "msl-egm96"},
            Altitude(100.0, Reference.MSL_EGM96),
            Altitude(500.0, Reference.MSL_EGM96),
        ),
        (
            {"upper_m": 3048, "upper_reference": "wgs84"},
            None,
            Altitude(10000.0, Reference.WGS84),
        ),
        ({"lower": "0 ft agl", "upper": "120m agl"}, None, Altitude(120 / 0.3048, Reference.AGL)),
    ],
)
def test_altitudes(tmp_path, properties, lower, upper):
    (volume,) = read_volumes(write(tmp_path, feature(**properties)))
    assert (volume.lower, volume.upper) == (lower, upper)


def test_several_polygons_are_several_volumes(tmp_path):
    other = [[x + 5, y] for x, y in RING]
    many = {"type": "MultiPolygon", "coordinates": [[RING], [other]]}
    volumes = read_volumes(write(tmp_path, feature(many, upper="FL100")))
    assert [volume.id for volume in volumes] == ["V1/1", "V1/2"]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


BOW = [[8, 50], [9, 51], [9, 50], [8, 51], [8, 50]]
WORLD = [[0, 0], [120, 0], [-120, 0], [0, 0]]
BAD = {
    "crossing": (feature(polygon(BOW)), "corners", "crosses itself"),
    "two corners": (feature(polygon([[8, 50], [9, 50], [8, 50]])), "corners", "2 different"),
    "too large": (feature(polygon(WORLD)), "corners", "hemisphere"),
    "open ring": (feature(polygon(RING[:-1])), "coordinates", "not closed"),
    "hole": (feature(polygon(RING, RING)), "coordinates", "hole"),
    "latitude": (feature(polygon([[8, 95], *RING[1:4], [8, 95]])), "corners", "latitude 95"),
    "line": (feature({"type": "LineString", "coordinates": RING}), "geometry", "LineString"),
    "no radius": (feature({"type": "Point", "coordinates": [8, 50]}), "radius", "missing"),
    "bare radius": (
        feature({"type": "Point", "coordinates": [8, 50]}, radius=5),
        "radius",
        "no unit",
    ),
    "huge radius": (
        feature({"type": "Point", "coordinates": [8, 50]}, radius="600km"),
        "radius",
        "600000 m",
    ),
    "unknown unit": (feature(upper="300yd pressure"), "upper", "unknown unit 'yd'"),
    "bare altitude": (feature(upper=300), "upper", "no unit"),
    "no reference": (feature(upper="300m"), "upper", "unknown reference"),
    "msl": (feature(upper="300m msl"), "upper", "without the geoid"),
    "mixed": (feature(lower="300m wgs84", upper="FL100"), "upper", "lower is wgs84"),
    "upside down": (feature(lower="FL200", upper="FL100"), None, "not below"),
    "naive": (feature(start="2026-07-01T12:00:00"), "start", "naive"),
    "no time": (feature(end="evening"), "end", "no time"),
    "backwards": (
        feature(start="2026-07-01T12:00:00Z", end="2026-07-01T12:00:00Z"),
        None,
        "not before",
    ),
    "no object": (feature("polygon"), "geometry", "no objects"),
    "no id": ({**feature(), "properties": {}}, "id", "missing"),
    "negative buffer": (feature(buffer="-1nm"), "buffer", "negative"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_volume_is_refused_with_its_place(tmp_path, case):
    bad, field, what = BAD[case]
    path = write(tmp_path, {**feature(), "properties": {"id": "V0"}}, bad)
    with pytest.raises(InputError, match=what) as caught:
        read_volumes(path)
    error = caught.value
    assert (error.file, error.row, error.field) == (str(path), 2, field)
    assert error.flight == (None if case in ("no id", "no object") else "V1")


def test_bad_files(tmp_path):
    path = tmp_path / "v.json"
    for text, what in (
        ("", "empty"),
        ("id,lat\n", "no JSON"),
        ('{"type": "FeatureCollection", "fea', "cut off"),
        ('{"type": "FeatureCollection", "features": []}', "no volumes"),
        ("[]", "no volumes"),
        ('{"features": [{"properties": {"upper_ft": NaN}}]}', "no number of JSON"),
        ('{"type": "FeatureCollection", "features": [5]}', "5"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=what) as caught:
            read_volumes(path)
        assert caught.value.file == str(path)
    with pytest.raises(InputError, match="twice"):
        read_volumes(write(tmp_path, feature(), feature()))


def altitude(value, reference="W84", units="M"):
    return {"value": value, "reference": reference, "units": units}


def volume4d(**changes):
    volume = {
        "outline_polygon": {"vertices": [{"lat": y, "lng": x} for x, y in RING[:-1]]},
        "altitude_lower": altitude(304.8),
        "altitude_upper": altitude(609.6),
        **changes,
    }
    return {
        "volume": {key: value for key, value in volume.items() if value is not None},
        "time_start": {"value": "2026-07-01T12:00:00Z", "format": "RFC3339"},
        "time_end": {"value": "2026-07-01T13:00:00.5Z", "format": "RFC3339"},
    }


CIRCLE = {"center": {"lat": 50.0, "lng": 8.0}, "radius": {"value": 300.0, "units": "M"}}


@pytest.mark.parametrize(
    ("whole", "name", "party"),
    [
        (volume4d(), "airspace/1", ""),
        ([volume4d()], "airspace/1", ""),
        ({"volumes": [volume4d()]}, "airspace/1", ""),
        (
            {
                "operational_intent": {
                    "reference": {"id": "9d158f59", "manager": "uss1"},
                    "details": {"volumes": [volume4d()], "off_nominal_volumes": [], "priority": 0},
                }
            },
            "9d158f59/1",
            "uss1",
        ),
        (
            {
                "constraint": {
                    "reference": {"id": "c1", "manager": "authority"},
                    "details": {"volumes": [volume4d()], "type": "com.example.closed"},
                }
            },
            "c1/1",
            "authority",
        ),
    ],
)
def test_f3548(tmp_path, whole, name, party):
    path = tmp_path / "airspace.json"
    path.write_text(json.dumps(whole))
    (volume,) = read_volumes(path)
    assert (volume.id, volume.party) == (name, party)
    assert volume.lower.reference is Reference.WGS84
    assert volume.lower.feet == pytest.approx(1000.0, abs=1e-9)
    assert volume.upper.feet == pytest.approx(2000.0, abs=1e-9)
    assert (volume.start, volume.end) == (START, START + 3600_500_000_000)
    assert len(volume.outline.corners) == 4


def test_f3548_circle(tmp_path):
    path = tmp_path / "airspace.json"
    path.write_text(json.dumps(volume4d(outline_polygon=None, outline_circle=CIRCLE)))
    assert read_volumes(path)[0].outline == Circle(50.0, 8.0, 300.0)


@pytest.mark.parametrize(
    ("entry", "field", "what"),
    [
        (volume4d(outline_circle=CIRCLE), "outline_polygon", "exactly one outline"),
        (volume4d(outline_polygon=None), "outline_polygon", "exactly one outline"),
        (volume4d(altitude_lower=altitude(1, units="FT")), "altitude_lower", "unit 'FT'"),
        (volume4d(altitude_lower=altitude(1, "SFC")), "altitude_lower", "reference 'SFC'"),
        (volume4d(outline_polygon={"vertices": [{"lat": 1}]}), "outline", "cannot be read"),
        (
            {**volume4d(), "time_end": {"value": "2026-07-01T13:00:00", "format": "RFC3339"}},
            "time_end",
            "naive",
        ),
        (
            volume4d(outline_polygon={"vertices": [{"lat": y, "lng": x} for x, y in BOW[:-1]]}),
            "corners",
            "crosses",
        ),
    ],
)
def test_bad_f3548(tmp_path, entry, field, what):
    path = tmp_path / "airspace.json"
    path.write_text(json.dumps([volume4d(), entry]))
    with pytest.raises(InputError, match=what) as caught:
        read_volumes(path)
    assert (caught.value.file, caught.value.row, caught.value.field) == (str(path), 2, field)
