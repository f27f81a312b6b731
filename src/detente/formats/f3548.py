"""Volumes as ASTM F3548-21 writes them (JSON of its UTM API, schema ``Volume4D``)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.airspace.altitude import Altitude, Reference
from detente.airspace.volume import Circle, Polygon, Volume
from detente.errors import InputError
from detente.formats.place import Place
from detente.formats.values import nanoseconds_of
from detente.units import FOOT

__all__ = ["is_f3548", "read_f3548"]

_BODIES = ("operational_intent", "constraint", "reference", "details")


def is_f3548(whole: Any) -> bool:
    """Tell whether parsed JSON is one or more Volume4D, an operational intent or a constraint."""
    if isinstance(whole, list):
        return True
    return (
        isinstance(whole, dict)
        and "features" not in whole
        and any(name in whole for name in ("volume", "volumes", *_BODIES))
    )


def read_f3548(whole: Any, path: Path) -> list[Volume]:
    """Read the volumes of parsed JSON; each is called after its owner's id, or after the file.

    Raises
    ------
    InputError : no volumes, or one that the standard or the geometry does not allow.
    """
    found = list(_entries(whole, path.stem, ""))
    if not found:
        raise InputError("no volumes", file=str(path), mend='give "volumes"')
    return [
        _volume(entry, party, Place(str(path), number, f"{name}/{number}"))
        for number, (entry, name, party) in enumerate(found, 1)
    ]


def _entries(node: Any, name: str, party: str) -> Iterator[tuple[Any, str, str]]:
    """Go through the Volume4D below a node, with their owner's id and manager."""
    if isinstance(node, list):
        for entry in node:
            yield from _entries(entry, name, party)
    elif isinstance(node, dict):
        reference = node.get("reference")
        if isinstance(reference, dict):
            name = str(reference.get("id", name))
            party = str(reference.get("manager", party))
        if "volume" in node:
            yield node, name, party
        for below in ("operational_intent", "constraint", "details", "volumes"):
            yield from _entries(node.get(below), name, party)
        yield from _entries(node.get("off_nominal_volumes"), name, party)


def _volume(entry: dict[str, Any], party: str, place: Place) -> Volume:
    volume = entry["volume"]
    if not isinstance(volume, dict):
        raise place.error(f"{volume!r} is no Volume3D", "volume", "give an outline")
    bounds = [_altitude(volume, f"altitude_{which}", place) for which in ("lower", "upper")]
    times = [_time(entry, f"time_{which}", place) for which in ("start", "end")]
    with place.kept():
        return Volume(
            id=place.name,
            outline=_outline(volume, place),
            lower=bounds[0],
            upper=bounds[1],
            start=times[0],
            end=times[1],
            party=party,
        )


def _outline(volume: dict[str, Any], place: Place) -> Polygon | Circle:
    circle, polygon = volume.get("outline_circle"), volume.get("outline_polygon")
    if (circle is None) == (polygon is None):
        raise place.error(
            "not exactly one outline",
            "outline_polygon",
            "give either outline_polygon or outline_circle",
        )
    try:
        if polygon is not None:
            return Polygon(tuple((float(v["lat"]), float(v["lng"])) for v in polygon["vertices"]))
        radius = circle["radius"]  # type: ignore[index]
        _units(radius, "M", "radius", place)
        centre = circle["center"]  # type: ignore[index]
        return Circle(float(centre["lat"]), float(centre["lng"]), float(radius["value"]))
    except InputError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise place.error(
            f"an outline that cannot be read: {error}",
            "outline",
            "see Polygon and Circle of F3548-21",
        ) from error


def _units(quantity: dict[str, Any], unit: str, field: str, place: Place) -> None:
    if quantity.get("units") != unit:
        raise place.error(
            f"unknown unit {quantity.get('units')!r}", field, f'F3548-21 allows only "{unit}"'
        )


def _altitude(volume: dict[str, Any], field: str, place: Place) -> Altitude | None:
    altitude = volume.get(field)
    if altitude is None:
        return None
    if not isinstance(altitude, dict) or not isinstance(altitude.get("value"), int | float):
        raise place.error(f"{altitude!r} is no altitude", field, "give value, reference, units")
    _units(altitude, "M", field, place)
    if altitude.get("reference") != "W84":
        raise place.error(
            f"unknown altitude reference {altitude.get('reference')!r}",
            field,
            'F3548-21 allows only "W84"',
        )
    return Altitude(altitude["value"] / FOOT, Reference.WGS84)


def _time(entry: dict[str, Any], field: str, place: Place) -> int | None:
    time = entry.get(field)
    if time is None:
        return None
    if not isinstance(time, dict) or time.get("format") != "RFC3339":
        raise place.error(f"{time!r} is no time", field, 'give value and format "RFC3339"')
    with place.kept():
        return nanoseconds_of(time.get("value"), field)
