"""Parquet and GeoParquet: one fix a row, streamed.

Source for GeoParquet: version 1.1.0 of its specification (OGC, geoparquet.org).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from detente.airspace.altitude import Reference
from detente.errors import InputError
from detente.formats.altitudes import THIRD
from detente.formats.source import BATCH, Chunk, Source, stated_reference

__all__ = ["open_parquet"]

_DEGREES = {("OGC", "CRS84"), ("EPSG", "4326"), ("EPSG", "4979"), ("OGC", "CRS84h")}


def open_parquet(path: Path) -> Source:
    """Open a Parquet file; in GeoParquet, points give latitude and longitude.

    Raises
    ------
    InputError : truncated, no Parquet, or in GeoParquet no points or no longitudes and
        latitudes on WGS84.
    """
    file = str(path)
    try:
        # without pre-buffering a row group is read page by page, however large it is
        parquet = pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"truncated, or no Parquet: {error}", file=file, mend="copy or write it again"
        ) from error
    schema = parquet.schema_arrow
    metadata = schema.metadata or {}
    reference = metadata.get(b"altitude_reference")
    stated = stated_reference(None if reference is None else reference.decode(), file)
    total = path.stat().st_size
    points = _points(json.loads(metadata[b"geo"]), file) if b"geo" in metadata else None
    if points is not None and {"lat", "lon"} & set(schema.names):
        points = None

    def chunks(wanted: list[str] | None) -> Iterator[Chunk]:
        if points is not None and wanted is not None:
            wanted = [name for name in wanted if name in schema.names] + [points[0]]
        done = 0
        try:
            for batch in parquet.iter_batches(BATCH, columns=wanted):
                done += batch.num_rows
                share = total * done // max(1, parquet.metadata.num_rows)
                yield Chunk(batch if points is None else _located(batch, points[0], file), share)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(
                f"truncated or damaged: {error}", file=file, mend="copy or write it again"
            ) from error

    names = list(schema.names)
    if points is None:
        return Source(chunks, names, stated, total=total)
    names = [name for name in names if name != points[0]] + ["lat", "lon"]
    return Source(chunks, names, stated, third=points[1], total=total)


def _points(geo: Any, file: str) -> tuple[str, tuple[str | None, Reference | None] | None]:
    """Give the column of points, and what is known of their third coordinate."""
    name = geo["primary_column"]
    column = geo["columns"][name]
    kinds = set(column.get("geometry_types") or ["Point"])
    if not kinds <= {"Point", "Point Z"}:
        raise InputError(
            f"geometries of type {', '.join(sorted(kinds))}",
            file=file,
            field=name,
            mend="give one fix a row: a point and its time",
        )
    third: tuple[str | None, Reference | None] | None = None
    crs = column.get("crs")
    code = None
    if crs is not None:
        identity = crs.get("id") or {}
        code = (str(identity.get("authority")), str(identity.get("code")))
        if code not in _DEGREES:
            raise InputError(
                f"coordinates in {crs.get('name', 'an unknown system')!r}",
                file=file,
                field=name,
                mend="convert them to longitude and latitude on WGS84 (EPSG:4326)",
            )
    if "Point Z" in kinds:
        whole = code in {("EPSG", "4979"), ("OGC", "CRS84h")}
        third = ("m", Reference.WGS84) if whole else (None, None)
    return name, third


def _located(batch: Any, name: str, file: str) -> Any:
    """Add the points' coordinates as columns."""
    column = batch[name]
    if pa.types.is_struct(column.type):
        parts = {
            field: pc.struct_field(column, field).to_numpy(zero_copy_only=False)
            for field in column.type.names
        }
        x, y, z = parts["x"], parts["y"], parts.get("z")
    else:
        try:
            points = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
        except (shapely.errors.GEOSException, TypeError) as error:
            raise InputError(
                f"a geometry that is no WKB: {error}", file=file, field=name
            ) from error
        x, y, z = shapely.get_x(points), shapely.get_y(points), shapely.get_z(points)
    columns = {"lon": x, "lat": y} | ({} if z is None else {THIRD: z})
    for own, values in columns.items():
        batch = batch.append_column(own, pa.array(values, pa.float64(), from_pandas=True))
    return batch
