"""GeoParquet: a point and its time a row."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from detente import InputError, Reference, read_flights


def write(path, *, z=None, crs=None, types=("Point",), native=False, **columns):
    xy = [(8.0, 50.0), (8.1, 50.1)]
    points = [shapely.Point(*p, *([] if z is None else [z])) for p in xy]
    geometry = (
        pa.array([{"x": x, "y": y} for x, y in xy])
        if native
        else pa.array([shapely.to_wkb(p) for p in points])
    )
    table = pa.table({"id": ["A", "A"], "time": [1.7e9, 1.7e9 + 60], "geometry": geometry})
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values))
    column = {"encoding": "point" if native else "WKB", "geometry_types": list(types)}
    if crs is not None:
        column["crs"] = crs
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


@pytest.mark.parametrize("native", [False, True])
def test_points_and_a_named_altitude(tmp_path, native):
    path = write(tmp_path / "a.parquet", native=native, flight_level=[350, 350])
    flights = read_flights(path)
    assert (flights.lat.tolist(), flights.lon.tolist()) == ([50.0, 50.1], [8.0, 8.1])
    assert flights.alt.tolist() == [35000.0, 35000.0]


def test_a_third_coordinate_needs_its_system_or_a_word(tmp_path):
    path = write(tmp_path / "a.parquet", z=3048.0, types=["Point Z"])
    with pytest.raises(InputError, match="unknown unit"):
        read_flights(path)
    assert read_flights(path, altitude="m:msl-egm96").alt.tolist() == [10000.0] * 2
    crs = {"name": "WGS 84 (3D)", "id": {"authority": "EPSG", "code": 4979}}
    known = read_flights(write(tmp_path / "b.parquet", z=3048.0, types=["Point Z"], crs=crs))
    assert (known.reference, known.alt.tolist()) == (Reference.WGS84, [10000.0] * 2)


def test_other_systems_and_other_shapes(tmp_path):
    crs = {"name": "ETRS89 / UTM 32N", "id": {"authority": "EPSG", "code": 25832}}
    with pytest.raises(InputError, match="UTM 32N") as caught:
        read_flights(write(tmp_path / "a.parquet", crs=crs, fl=[1, 1]))
    assert caught.value.field == "geometry"
    with pytest.raises(InputError, match="LineString"):
        read_flights(write(tmp_path / "b.parquet", types=["LineString"], fl=[1, 1]))
