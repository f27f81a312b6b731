"""Writing flights and conflicts: Parquet, CSV or GeoJSON, by the file's ending."""

import json
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from detente.airspace.altitude import Reference
from detente.airspace.conflict import Conflicts
from detente.airspace.flights import Flights
from detente.formats.draft import draft
from detente.formats.values import written
from detente.units import FOOT

__all__ = ["flight_features", "write_conflicts", "write_flights", "write_table"]

_SUFFIXES = (".parquet", ".csv", ".geojson")
_PIECE = 65_536


def write_conflicts(conflicts: Conflicts, path: str | PathLike[str]) -> None:
    """Write conflicts to Parquet, CSV or GeoJSON (a point each, where the two are closest).

    Parameters
    ----------
    conflicts : what :func:`detente.detect_conflicts` found.
    path : ends in .parquet, .csv or .geojson. It appears only when it is whole.

    Raises
    ------
    InputError : another ending, or it cannot be written there.
    """
    path = Path(path)
    with draft(path, _SUFFIXES) as beside:
        if path.suffix.lower() == ".geojson":
            _write_features(beside, _conflict_features(conflicts))
        else:
            write_table(beside, conflicts.table, path.suffix.lower())


def write_flights(flights: Flights, path: str | PathLike[str]) -> None:
    """Write flights so that :func:`detente.read_flights` gives the same again.

    Parameters
    ----------
    flights : any set.
    path : ends in .parquet, .csv or .geojson (a line each). It appears only when it is whole.

    Raises
    ------
    InputError : another ending, or it cannot be written there.
    """
    path = Path(path)
    with draft(path, _SUFFIXES) as beside:
        if path.suffix.lower() == ".geojson":
            _write_features(beside, flight_features(flights))
            return
        table = flights.to_arrow()
        if path.suffix.lower() == ".csv":
            # CSV has no metadata: the reference goes with every row
            reference = pa.array([flights.reference.value]).dictionary_encode()
            every = reference.take(pa.array(np.zeros(table.num_rows, dtype=np.int32)))
            table = table.append_column("altitude_reference", every)
        write_table(beside, table, path.suffix.lower())


def write_table(path: Path, table: Any, suffix: str) -> None:
    """Write a table as Parquet, or else as CSV with times as text."""
    if suffix == ".parquet":
        pq.write_table(table, path, compression="zstd")
        return
    with pa.OSFile(str(path), "wb") as stream:
        writer = None
        for start in range(0, max(1, table.num_rows), _PIECE):
            piece = _as_text(table.slice(start, _PIECE))
            if writer is None:
                options = pa_csv.WriteOptions(quoting_style="needed")
                writer = pa_csv.CSVWriter(stream, piece.schema, write_options=options)
            writer.write_table(piece)
        if writer is not None:
            writer.close()


def _as_text(table: Any) -> Any:
    for i, column in enumerate(table.columns):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(i, table.schema.names[i], written(column))
        elif pa.types.is_dictionary(column.type):
            table = table.set_column(i, table.schema.names[i], column.cast(pa.string()))
    return table


def _write_features(path: Path, features: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        separator = "\n"
        for feature in features:
            stream.write(separator)
            json.dump(feature, stream, ensure_ascii=False, allow_nan=False)
            separator = ",\n"
        stream.write("\n]}\n")


def _conflict_features(conflicts: Conflicts) -> Iterator[dict[str, Any]]:
    for batch in conflicts.table.to_batches(max_chunksize=_PIECE):
        for row in _as_text(pa.Table.from_batches([batch])).to_pylist():
            lon, lat = (row["lon"] + 180.0) % 360.0 - 180.0, row["lat"]
            yield {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": row,
            }


def flight_features(flights: Flights) -> Iterator[dict[str, Any]]:
    """Write each flight as a GeoJSON line with its times."""
    for i, flight in enumerate(flights):
        own = slice(int(flights.offsets[i]), int(flights.offsets[i + 1]))
        properties: dict[str, Any] = {
            "flight_id": flight.id,
            "party": flight.party,
            "priority": flight.priority,
            "altitude_reference": flight.reference.value,
            "times": written(pa.array(flight.time)).to_pylist(),
            "alt_ft": flight.alt.tolist(),
        }
        if flight.gap.any():
            properties["gap"] = flight.gap.tolist()
        minima = {"protection_m": flights.protection_h, "protection_ft": flights.protection_v}
        for name, values in minima.items():
            if not np.isnan(values[own]).all():
                properties[name] = [None if np.isnan(v) else v for v in values[own].tolist()]
        coordinates = [flight.lon.tolist(), flight.lat.tolist()]
        if flight.reference is Reference.WGS84:
            # only this one may stand as the third coordinate (RFC 7946, 3.1.1)
            coordinates.append((flight.alt * FOOT).tolist())
        yield {
            "type": "Feature",
            "id": flight.id,
            "geometry": {
                "type": "LineString",
                "coordinates": [list(p) for p in zip(*coordinates, strict=True)],
            },
            "properties": properties,
        }
