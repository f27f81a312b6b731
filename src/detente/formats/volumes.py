"""Reading closed airspace: GeoJSON, and the Volume4D of ASTM F3548-21."""

import json
import re
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from detente.airspace.altitude import Altitude, Reference
from detente.airspace.volume import Circle, Polygon, Volume
from detente.errors import InputError
from detente.formats.f3548 import is_f3548, read_f3548
from detente.formats.place import Place
from detente.formats.source import head
from detente.formats.values import nanoseconds_of, written
from detente.units import FOOT, NAUTICAL_MILE, parse_altitude, parse_length

__all__ = ["read_volumes", "volume_feature"]

_NUMBERS = {"m": 1.0, "km": 1000.0, "nm": NAUTICAL_MILE, "ft": FOOT}
_OPEN = {"lower": ("GND", "SFC"), "upper": ("UNL", "UNLIMITED")}
_SAY_ALTITUDE = 'write it as "FL195" or "2500ft wgs84", or give {0}_ft and {0}_reference'


def read_volumes(source: str | PathLike[str] | Mapping[str, Any]) -> list[Volume]:
    """Read volumes of airspace from GeoJSON, or from JSON of ASTM F3548-21.

    In GeoJSON a polygon is a volume and a point with a radius is one. The properties
    are ``id``, ``party``, ``lower``, ``upper``, ``start``, ``end``, ``radius``, ``buffer`` and
    ``buffer_vertical``; docs/formats.md has them all. In F3548 a Volume4D, a list of them, an
    operational intent or a constraint is read.

    A volume that cannot be used is always refused: to leave closed airspace out is not safe.

    Parameters
    ----------
    source : a path; or a GeoJSON object, as a mapping.

    Raises
    ------
    InputError : says which file, feature and field, and how to mend it.

    See Also
    --------
    detente.read_flights : flights.
    """
    file = None if isinstance(source, Mapping) else str(source)
    whole = source if isinstance(source, Mapping) else _parsed(Path(source))
    if file is not None and is_f3548(whole):
        volumes = read_f3548(whole, Path(file))
    else:
        volumes = [
            volume
            for number, feature in enumerate(_features(whole, file), 1)
            for volume in _volumes(feature, Place(file, number))
        ]
    seen: set[str] = set()
    for number, volume in enumerate(volumes, 1):
        if volume.id in seen:
            raise InputError(
                "an identifier that comes twice",
                file=file,
                row=number,
                field="id",
                flight=volume.id,
                mend="give each volume its own",
            )
        seen.add(volume.id)
    return volumes


def volume_feature(volume: Volume) -> dict[str, Any]:
    """Write a volume as a GeoJSON feature, of which :func:`read_volumes` gives the same again."""
    properties: dict[str, Any] = {"id": volume.id}
    if volume.party:
        properties["party"] = volume.party
    for which, altitude in (("lower", volume.lower), ("upper", volume.upper)):
        if altitude is not None:
            properties[f"{which}_ft"] = altitude.feet
            properties[f"{which}_reference"] = altitude.reference.value
    for which, time in (("start", volume.start), ("end", volume.end)):
        if time is not None:
            properties[which] = written(pa.array([time]))[0].as_py()
    if volume.buffer_h or volume.buffer_v:
        properties |= {"buffer_m": volume.buffer_h, "buffer_vertical_ft": volume.buffer_v}
    outline = volume.outline
    if isinstance(outline, Circle):
        properties["radius_m"] = outline.radius
        geometry: dict[str, Any] = {"type": "Point", "coordinates": [outline.lon, outline.lat]}
    else:
        ring = [[lon, lat] for lat, lon in (*outline.corners, outline.corners[0])]
        geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": volume.id, "geometry": geometry, "properties": properties}


def _parsed(path: Path) -> Any:
    if not head(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        raise InputError(
            "no JSON", file=str(path), mend="give GeoJSON, or Volume4D of ASTM F3548-21"
        )
    try:
        return json.loads(path.read_bytes(), parse_constant=_no_number)
    except ValueError as error:
        raise InputError(
            f"not JSON, or cut off: {error}", file=str(path), mend="copy or write it again"
        ) from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _features(whole: Mapping[str, Any], file: str | None) -> list[dict[str, Any]]:
    if whole.get("type") == "Feature":
        return [dict(whole)]
    features = whole.get("features")
    if not isinstance(features, list) or not features:
        raise InputError(
            "no volumes",
            file=file,
            mend="give a GeoJSON FeatureCollection, or Volume4D of ASTM F3548-21",
        )
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict):
            raise Place(file, number).error(f"{feature!r}", "features", "give a Feature")
    return features


def _volumes(feature: dict[str, Any], place: Place) -> list[Volume]:
    properties = feature.get("properties") or {}
    geometry = feature.get("geometry") or {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise place.error(
            "a feature whose geometry or properties are no objects",
            "geometry",
            "see RFC 7946, 3.2",
        )
    name = properties.get("id", feature.get("id", properties.get("name")))
    if name is None:
        raise place.error("missing field", "id", "give each volume an id")
    place = place.of(str(name))
    outlines = _outlines(geometry, properties, place)
    lower, upper = (_bound(properties, which, place) for which in ("lower", "upper"))
    with place.kept():
        times = {
            field: nanoseconds_of(properties[field], field)
            for field in ("start", "end")
            if properties.get(field) is not None
        }
        return [
            Volume(
                id=place.name if len(outlines) == 1 else f"{place.name}/{i}",
                outline=outline,
                lower=lower,
                upper=upper,
                start=times.get("start"),
                end=times.get("end"),
                party=str(properties.get("party") or ""),
                buffer_h=_length(properties, "buffer", place) or 0.0,
                buffer_v=_feet(properties, "buffer_vertical", place) or 0.0,
            )
            for i, outline in enumerate(outlines, 1)
        ]


def _outlines(
    geometry: dict[str, Any], properties: dict[str, Any], place: Place
) -> list[Polygon | Circle]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    with place.kept():
        if kind == "Polygon":
            return [_polygon(coordinates, place)]
        if kind == "MultiPolygon" and isinstance(coordinates, list):
            return [_polygon(rings, place) for rings in coordinates]
        if kind == "Point":
            radius = _length(properties, "radius", place)
            if radius is None:
                raise place.error("missing field", "radius", 'give one with its unit, as "2nm"')
            lat, lon = _corner(coordinates, place)
            return [Circle(lat, lon, radius)]
    raise place.error(
        f"a geometry of type {kind}", "geometry", "give a Polygon, or a Point with a radius"
    )


def _polygon(rings: Any, place: Place) -> Polygon:
    if not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        raise place.error("coordinates that are no ring", "coordinates", "see RFC 7946, 3.1.6")
    if len(rings) > 1:
        raise place.error(
            "a polygon with a hole",
            "coordinates",
            "cut it into polygons without holes, or close the hole too",
        )
    corners = [_corner(position, place) for position in rings[0]]
    if len(corners) > 1 and corners[0] != corners[-1]:
        raise place.error(
            "a ring that is not closed",
            "coordinates",
            "end it with its first corner (RFC 7946, 3.1.6); is a corner missing?",
        )
    return Polygon(tuple(corners[:-1]))


def _corner(position: Any, place: Place) -> tuple[float, float]:
    if (
        not isinstance(position, list)
        or len(position) < 2
        or not all(isinstance(x, int | float) for x in position[:2])
    ):
        raise place.error(
            f"{position!r} is no position", "coordinates", "write [longitude, latitude]"
        )
    return float(position[1]), float(position[0])


def _number(value: Any, field: str, place: Place) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise place.error(f"{value!r} is no number", field, "give a number")
    return float(value)


def _given(properties: dict[str, Any], field: str, units: dict[str, float]) -> str | None:
    return next((u for u in units if properties.get(f"{field}_{u}") is not None), None)


def _length(properties: dict[str, Any], field: str, place: Place) -> float | None:
    """Read a length in metres: text with its unit, or a number with it in the name."""
    unit = _given(properties, field, _NUMBERS)
    if unit is not None:
        return _number(properties[f"{field}_{unit}"], f"{field}_{unit}", place) * _NUMBERS[unit]
    value = properties.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise place.error(f"{value!r} has no unit", field, f'write it as "2nm", or give {field}_m')
    with place.kept():
        return parse_length(value, field=field)


def _feet(properties: dict[str, Any], field: str, place: Place) -> float | None:
    """Read a vertical length in feet, likewise."""
    if properties.get(f"{field}_ft") is not None:
        return _number(properties[f"{field}_ft"], f"{field}_ft", place)
    if properties.get(f"{field}_m") is not None:
        return _number(properties[f"{field}_m"], f"{field}_m", place) / FOOT
    value = properties.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise place.error(
            f"{value!r} has no unit", field, f'write it as "500ft", or give {field}_ft'
        )
    with place.kept():
        return parse_altitude(value, field=field)


def _bound(properties: dict[str, Any], which: str, place: Place) -> Altitude | None:
    """Read one altitude with its reference; None where the volume is open to that side."""
    reference = properties.get(f"{which}_reference", properties.get("altitude_reference"))
    value = properties.get(which)
    if isinstance(value, str):
        if value.strip().upper() in _OPEN[which]:
            return None
        match = re.fullmatch(r"\s*(FL\s*\d+|[-+.\de]+\s*[A-Za-z]+)\s*([A-Za-z][\w-]*)?\s*", value)
        if match is not None:
            reference = match[2] or reference
            if match[1].upper().startswith("FL"):
                reference = reference or Reference.PRESSURE.value
            properties = {**properties, which: match[1]}
    feet = _feet(properties, which, place)
    if feet is None:
        return None
    if reference is None:
        raise place.error("an altitude of unknown reference", which, _SAY_ALTITUDE.format(which))
    if str(reference).lower() in ("msl", "amsl"):
        raise place.error(
            "an altitude above mean sea level without the geoid",
            which,
            "name it: msl-egm96 or msl-egm2008",
        )
    try:
        found = Reference(str(reference).lower())
    except ValueError:
        raise place.error(
            f"unknown altitude reference {reference!r}",
            which,
            f"use one of {', '.join(r.value for r in Reference)}",
        ) from None
    if found is Reference.AGL and feet == 0.0 and which == "lower":
        return None
    return Altitude(feet, found)
