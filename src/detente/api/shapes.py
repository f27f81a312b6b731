"""Features as GeoJSON (RFC 7946): a flat geometry, and heights and times as properties.

Heights are in feet above the airspace's reference: a third coordinate would be metres above the
ellipsoid, which a flight level is not.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from detente.api.filters import Filter
from detente.authority.extent import Extent, Path4D, Volume4D, span, volumes_of
from detente.formats.geometry import area_geometry, line_geometry

__all__ = ["Feature", "Row", "Spot", "feature_of"]

Feature = dict[str, Any]

_EVERYTHING: Final = Filter()


class Spot(Struct, frozen=True):
    """A point, in degrees, and the time that the filter goes by."""

    lat: float
    lon: float
    begin: datetime
    end: datetime


class Row(Struct, frozen=True):
    """What becomes a feature, if it is on the page that is asked for.

    Parameters
    ----------
    id : its identifier.
    place, elsewhere : where it is, and where else it may be.
    facts : gives its properties; those of the place are added.
    flat : the place has no heights to speak of.
    """

    id: str
    place: Extent | Spot | None
    facts: Callable[[], dict[str, Any]]
    elsewhere: tuple[Volume4D, ...] = ()
    flat: bool = False

    def is_in(self, narrow: Filter) -> bool:
        """Tell whether a filter takes it."""
        if narrow == _EVERYTHING:
            return True
        place = self.place
        if isinstance(place, Spot):
            place = (Volume4D(centre=(place.lat, place.lon), start=place.begin, end=place.end),)
        return narrow.takes(place) or bool(self.elsewhere and narrow.takes(self.elsewhere))


def feature_of(row: Row) -> Feature:
    """Write a feature."""
    parts: Iterable[Extent | Spot] = [part for part in (row.place, row.elsewhere) if part]
    geometries = [_geometry(part) for part in parts]
    geometry: Any = None
    if len(geometries) == 1:
        geometry = geometries[0]
    elif geometries:
        geometry = {"type": "GeometryCollection", "geometries": geometries}
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": geometry,
        "properties": {**row.facts(), **_bounds(row)},
    }


def _geometry(place: Extent | Spot) -> dict[str, Any]:
    if isinstance(place, Spot):
        return {"type": "Point", "coordinates": (round(place.lon, 6), round(place.lat, 6))}
    if isinstance(place, Path4D):
        return line_geometry(place.lat, place.lon)
    return area_geometry(volume.outline for volume in volumes_of(place, ""))


def _bounds(row: Row) -> dict[str, Any]:
    """Give when, and between which heights, a feature is."""
    place = row.place
    if not place:
        return {}
    if isinstance(place, Spot):
        return {"begin": place.begin, "end": place.end}
    if isinstance(place, Path4D):
        begin, end = span(place)
        low: float | None = min(place.alt)
        high: float | None = max(place.alt)
        reference = place.reference
        times: list[datetime | None] = [begin, end]
    else:
        times = [_least([v.start for v in place]), _least([v.end for v in place], most=True)]
        low, high = _least([v.lower for v in place]), _least([v.upper for v in place], most=True)
        reference = place[0].reference
    if row.flat:
        return {"begin": times[0], "end": times[1]}
    return {
        "begin": times[0], "end": times[1], "lower_ft": low, "upper_ft": high,
        "altitude_reference": reference,
    }  # fmt: skip


def _least(values: list[Any], *, most: bool = False) -> Any:
    """Give the least or the most; None, which is without limit, before any number."""
    if any(value is None for value in values):
        return None
    return max(values) if most else min(values)
