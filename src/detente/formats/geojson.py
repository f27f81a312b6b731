"""Flights in GeoJSON: lines with their times, or one point a fix; read feature by feature.

Sources: RFC 7946 (GeoJSON; a third coordinate is metres above the WGS84 ellipsoid, 3.1.1);
OGC 19-045r3 (Moving Features JSON: ``temporalGeometry``, ``datetimes``). ``coordTimes`` is
what converters from GPX and KML write.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ijson
import numpy as np
import pyarrow as pa

from detente.airspace.altitude import Reference
from detente.errors import InputError
from detente.formats.altitudes import THIRD
from detente.formats.columns import KNOWN, is_known
from detente.formats.faults import Faults
from detente.formats.source import BATCH, Chunk, Source, open_binary

__all__ = ["RFC7946_THIRD", "features", "features_of", "open_geojson", "open_object"]

RFC7946_THIRD = ("m", Reference.WGS84)
"""What a third coordinate is, by the standard."""

_TIMES = ("coordTimes", "times", "timestamps", "datetimes")
_SMALL = 64 << 20
_ADD_TIMES = 'add "times" to its properties, one per position, as 2026-07-01T12:00:00Z'


def features(path: Path) -> Iterator[tuple[int, dict[str, Any], int]]:
    """Go through the features of a file, each with its number from 1 and the bytes read so far.

    Raises
    ------
    InputError : not JSON, cut off, or no features.
    """
    file = str(path)
    number = 0
    with path.open("rb") as raw, open_binary(path) as stream:
        own = stream if stream.name == raw.name and not hasattr(stream, "fileobj") else None
        try:
            for feature in ijson.items(stream, "features.item", use_float=True):
                number += 1
                yield number, _object(feature, file, number), 0 if own is None else own.tell()
        except ijson.JSONError as error:
            raise InputError(
                f"not JSON, or cut off after feature {number}: {str(error).splitlines()[0]}",
                file=file,
                mend="copy or write it again",
            ) from error
        if number == 0 and path.stat().st_size < _SMALL:
            stream.seek(0)
            whole = _object(json.load(stream), file, 1)
            if whole.get("type") == "Feature":
                number = 1
                yield 1, whole, path.stat().st_size
    if number == 0:
        raise InputError("no features", file=file, mend="give a GeoJSON FeatureCollection")


def features_of(whole: Mapping[str, Any], file: str | None = None) -> list[dict[str, Any]]:
    """Give the features of a GeoJSON object, of which one may be the whole.

    Raises
    ------
    InputError : no features.
    """
    if whole.get("type") == "Feature":
        return [dict(whole)]
    found = whole.get("features")
    if not isinstance(found, list | tuple) or not found:
        raise InputError("no features", file=file, mend="give a GeoJSON FeatureCollection")
    return [_object(feature, file, number) for number, feature in enumerate(found, 1)]


def _object(value: Any, file: str | None, number: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"a feature that is {value!r}", file=file, row=number)
    return value


def open_geojson(path: Path, faults: Faults) -> Source:
    """Open lines with times, or points with a time each.

    A line's times stand in its properties (``times``, ``timestamps``, ``datetimes``,
    ``coordTimes``, also inside ``coordinateProperties``), in a ``temporalGeometry``, or as the
    fourth coordinate, in seconds since 1970. Other properties are columns as in a table; a
    list as long as the line goes with its positions.

    Raises
    ------
    InputError : a feature that is no flight, or without times.
    """
    return _source(lambda: features(path), faults, path.stat().st_size)


def open_object(whole: Mapping[str, Any], faults: Faults) -> Source:
    """Open the same as an object in memory.

    Raises
    ------
    InputError : a feature that is no flight, or without times; no features.
    """
    found = features_of(whole)
    return _source(lambda: ((n, feature, 0) for n, feature in enumerate(found, 1)), faults, 0)


def _source(
    given: Callable[[], Iterable[tuple[int, dict[str, Any], int]]], faults: Faults, total: int
) -> Source:
    file = faults.file

    def chunks(_: list[str] | None) -> Iterator[Chunk]:
        gathered: dict[str, list[Any]] = {}
        rows: list[int] = []
        done = 0
        for number, feature, here in given():
            try:
                columns = _columns(feature, file, number)
            except InputError as error:
                faults.refuse(error, f"feature: {error.what}")
                continue
            if rows and (len(rows) >= BATCH or columns.keys() != gathered.keys()):
                yield _chunk(gathered, rows, done, file)
                gathered, rows = {}, []
            for name, values in columns.items():
                gathered.setdefault(name, []).extend(values)
            rows.extend([number] * len(columns["lat"]))
            done = here
        if rows:
            yield _chunk(gathered, rows, done, file)

    return Source(chunks, third=RFC7946_THIRD, total=total)


def _chunk(columns: dict[str, list[Any]], rows: list[int], done: int, file: str | None) -> Chunk:
    arrays = {}
    for name, values in columns.items():
        try:
            arrays[name] = pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            wrong = next(i for i, v in enumerate(values) if type(v) is not type(values[0]))
            raise InputError(
                f"{values[wrong]!r} after {values[0]!r}",
                file=file,
                row=rows[wrong],
                field=name,
                mend="give one kind of value throughout",
            ) from None
    return Chunk(pa.record_batch(arrays), done, np.array(rows, dtype=np.int64))


def _columns(feature: dict[str, Any], file: str | None, number: int) -> dict[str, list[Any]]:
    """Give one feature's fixes as columns."""
    properties = feature.get("properties") or {}
    geometry = feature.get("temporalGeometry") or feature.get("geometry") or {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise InputError(
            "a feature whose geometry or properties are no objects",
            file=file,
            row=number,
            field="geometry",
            mend="see RFC 7946, 3.2",
        )
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        coordinates = [coordinates]
    elif kind not in ("LineString", "MovingPoint"):
        raise InputError(
            f"a geometry of type {kind}",
            file=file,
            row=number,
            field="geometry",
            mend="give a LineString with its times, or Points with a time each",
        )
    columns = _positions(coordinates, file, number)
    n = len(columns["lat"])
    known = {name: value for name, value in properties.items() if is_known(name)}
    if kind != "Point":
        known = {name: value for name, value in known.items() if name.lower() not in KNOWN["time"]}
        times = _times(properties, geometry)
        if times is not None:
            known["time"] = times
        elif "time" not in columns:
            raise InputError(
                "a line without times", file=file, row=number, field="times", mend=_ADD_TIMES
            )
    if "id" in feature and not any(name.lower() in KNOWN["id"] for name in known):
        known["id"] = str(feature["id"])
    for name, value in known.items():
        values = value if isinstance(value, list) else [value] * n
        if len(values) != n:
            raise InputError(
                f"{len(values)} values for {n} positions",
                file=file,
                row=number,
                field=name,
                mend="give one value per position",
            )
        columns[name] = values
    return columns


def _positions(coordinates: Any, file: str | None, number: int) -> dict[str, list[Any]]:
    sizes = (
        {len(p) if isinstance(p, list) else 0 for p in coordinates}
        if isinstance(coordinates, list)
        else set()
    )
    if len(sizes) != 1 or not sizes <= {2, 3, 4}:
        raise InputError(
            "coordinates that are no positions",
            file=file,
            row=number,
            field="coordinates",
            mend="give each as [longitude, latitude] or [longitude, latitude, altitude]",
        )
    names = ["lon", "lat", THIRD, "time"][: sizes.pop()]
    return {name: [p[i] for p in coordinates] for i, name in enumerate(names)}


def _times(properties: dict[str, Any], geometry: dict[str, Any]) -> list[Any] | None:
    nested = properties.get("coordinateProperties") or {}
    for place in (geometry, properties, nested):
        for name in _TIMES:
            if isinstance(place.get(name), list):
                times: list[Any] = place[name]
                return times
    return None
