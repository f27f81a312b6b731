"""What may be filed: a flight, in any of its forms, becomes an extent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from detente.airspace import Flights, Trajectory, Volume
from detente.authority.extent import Extent, Path4D, Volume4D, path_of, volume4d_of
from detente.errors import InputError
from detente.formats import read_flights, read_volumes
from detente.formats.f3548 import is_f3548
from detente.formats.geojson import features_of
from detente.formats.source import head, open_binary
from detente.resolve.precedence import name_of

__all__ = [
    "Filing",
    "Flight",
    "Geojson",
    "Volumes",
    "extent_of",
    "read_areas",
    "read_filings",
    "volumes4d_of",
]

Geojson = Mapping[str, Any]
"""A Feature or a FeatureCollection, as ``json.load`` gives it."""

Volumes = Volume | Volume4D | Iterable[Volume | Volume4D] | Geojson
"""One or more volumes."""

Flight = Trajectory | Path4D | Volumes
"""A trajectory, or volumes, or a GeoJSON feature of either."""


class Filing(NamedTuple):
    """A flight to be filed.

    Parameters
    ----------
    intent : its identifier.
    extent : where and when.
    precedence : its class; "" for the lowest.
    """

    intent: str
    extent: Extent
    precedence: str = ""


def extent_of(flight: Flight) -> Extent:
    """Give a flight as it is filed.

    Raises
    ------
    InputError : no flight, or several.
    """
    if isinstance(flight, Trajectory):
        return path_of(flight)
    if isinstance(flight, Path4D):
        return flight
    if isinstance(flight, Mapping) and not _is_area(features_of(flight)):
        filings = read_filings(flight)
        if len(filings) > 1:
            raise InputError(f"{len(filings)} flights", mend="file them one by one")
        return filings[0].extent
    return volumes4d_of(flight)


def volumes4d_of(volumes: Volumes) -> tuple[Volume4D, ...]:
    """Give volumes as they are filed and published.

    Raises
    ------
    InputError : GeoJSON that holds none.
    """
    if isinstance(volumes, Mapping):
        return tuple(volume4d_of(volume) for volume in read_volumes(volumes))
    each = [volumes] if isinstance(volumes, Volume | Volume4D) else volumes
    return tuple(volume4d_of(v) if isinstance(v, Volume) else v for v in each)


def read_filings(
    source: str | PathLike[str] | Geojson | Any,
    *,
    party: str | None = None,
    altitude: str | None = None,
    max_gap: float | None = None,
) -> list[Filing]:
    """Read flights to be filed: whatever :func:`detente.read_flights` reads, or areas.

    In GeoJSON the polygons and circles called ``X``, or ``X/1``, ``X/2`` and so on, are together
    the volumes of one intent ``X``. A property "precedence" is the class.

    Parameters
    ----------
    source : a path, a table, or a GeoJSON object.
    party : leave out what the file says is another's.
    altitude, max_gap : as ``read_flights`` takes them.

    Raises
    ------
    InputError : what cannot be read, lines and areas together, or no flight.
    """
    whole = source if isinstance(source, Mapping) else _json_in(source)
    file = str(source) if isinstance(source, str | PathLike) else None
    if whole is None:
        flights = read_flights(source, altitude=altitude, max_gap=max_gap)
        return _filings(flights, party, {})
    features = [] if is_f3548(whole) else features_of(whole, file)
    classes = _classes(features)
    if not features or _is_area(features, file):
        areas = read_areas(source, party=party)
        return [Filing(id, volumes, classes.get(id, "")) for id, volumes in areas.items()]
    try:
        flights = read_flights(
            {"type": "FeatureCollection", "features": [_without_class(f) for f in features]},
            altitude=altitude,
            max_gap=max_gap,
        )
    except InputError as error:
        error.file = file
        raise
    return _filings(flights, party, classes)


def read_areas(
    source: str | PathLike[str] | Geojson, *, party: str | None = None
) -> dict[str, tuple[Volume4D, ...]]:
    """Read volumes, by name; those called ``X/1``, ``X/2`` and so on go under ``X``.

    Parameters
    ----------
    source : a path, or a GeoJSON object.
    party : leave out what the file says is another's.

    Raises
    ------
    InputError : as :func:`detente.read_volumes`.
    """
    found: dict[str, tuple[Volume4D, ...]] = {}
    for volume in read_volumes(source):
        if not _is_of(volume.party, party):
            continue
        name = volume.id.partition("/")[0]
        found[name] = (*found.get(name, ()), volume4d_of(volume))
    return found


def _json_in(source: Any) -> Any:
    """Give the JSON in a file; None where it is of another format."""
    if not isinstance(source, str | PathLike):
        return None
    path = Path(source)
    if not head(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return None
    with open_binary(path) as stream:
        try:
            return json.load(stream)
        except (ValueError, RecursionError) as error:
            raise InputError(
                f"not JSON, or cut off: {error}", file=str(path), mend="copy or write it again"
            ) from None


def _is_area(features: Sequence[Mapping[str, Any]], file: str | None = None) -> bool:
    """Tell whether features are areas.

    Raises
    ------
    InputError : some are, and some are lines.
    """
    kinds = [_one_is_area(feature) for feature in features]
    if any(kinds) and not all(kinds):
        raise InputError(
            "lines and areas together", file=file, row=kinds.index(not kinds[0]) + 1,
            field="geometry", mend="file them from two files",
        )  # fmt: skip
    return kinds[0]


def _one_is_area(feature: Mapping[str, Any]) -> bool:
    geometry, properties = feature.get("geometry"), feature.get("properties")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "Point" and isinstance(properties, dict):
        return any(name.startswith("radius") for name in properties)
    return kind in ("Polygon", "MultiPolygon")


def _classes(features: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Give the classes of precedence that features name, by the flight's identifier."""
    found = {}
    for feature in features:
        properties = feature.get("properties")
        if not isinstance(properties, dict) or not isinstance(properties.get("precedence"), str):
            continue
        for name in ("flight_id", "id"):
            id = properties.get(name, feature.get("id"))
            if id is not None:
                found[str(id).partition("/")[0]] = properties["precedence"]
                break
    return found


def _without_class(feature: dict[str, Any]) -> dict[str, Any]:
    """Leave the class out: the charter may have others than the reader knows."""
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return feature
    kept = {name: value for name, value in properties.items() if name != "precedence"}
    return {**feature, "properties": kept}


def _filings(flights: Flights, party: str | None, classes: Mapping[str, str]) -> list[Filing]:
    return [
        Filing(f.id, path_of(f), classes.get(f.id) or _class_of(f.priority))
        for f in flights
        if _is_of(f.party, party)
    ]


def _is_of(given: str, party: str | None) -> bool:
    return party is None or given in ("", party)


def _class_of(priority: int) -> str:
    """Name the class that a reader made a priority of; the lowest need not be named."""
    return name_of(priority) if priority > 0 else ""
