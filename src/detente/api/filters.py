"""Filters of lists: an area, a time, heights; of extents, by the boxes around them."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated

from litestar.params import QueryParameter
from msgspec import Struct

from detente.api.problem import ProblemError
from detente.authority import IntentState
from detente.authority.extent import Extent, Path4D, Volume4D, span

__all__ = ["Box", "Filter", "Where", "filter_of"]

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west above east where it crosses the antimeridian."""

_METRES = 111_000.0
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)


class Filter(Struct, frozen=True):
    """What a list is narrowed to; None for everything.

    Parameters
    ----------
    box : where. begin, end : when. lower, upper : feet, in the airspace's reference.
    """

    box: Box | None = None
    begin: datetime | None = None
    end: datetime | None = None
    lower: float | None = None
    upper: float | None = None

    def takes(self, extent: Extent | None) -> bool:
        """Tell whether an extent's box, times and heights touch these."""
        if self == _EVERYTHING:
            return True
        if extent is None:
            return False
        return any(self._touches(part) for part in _parts(extent))

    def _touches(self, part: "_Part") -> bool:
        return (
            (self.begin is None or part.end >= self.begin)
            and (self.end is None or part.begin <= self.end)
            and (self.lower is None or part.upper >= self.lower)
            and (self.upper is None or part.lower <= self.upper)
            and (self.box is None or _overlap(self.box, part.box))
        )


_EVERYTHING = Filter()

Where = Annotated[IntentState | None, QueryParameter(name="state")]
"""Only the intents in a state."""


def filter_of(
    bbox: Annotated[
        str | None, QueryParameter(description="west,south,east,north in degrees; may cross 180.")
    ] = None,
    begin: Annotated[datetime | None, QueryParameter(name="from")] = None,
    end: Annotated[datetime | None, QueryParameter(name="to")] = None,
    lower: float | None = None,
    upper: float | None = None,
) -> Filter:
    """Read a filter from a query.

    Raises
    ------
    ProblemError : a box that is none, a time without an offset, a number that is not finite.
    """
    for name, time in (("from", begin), ("to", end)):
        if time is not None and time.tzinfo is None:
            raise ProblemError(
                "invalid", "a time without an offset", field=name, mend="add Z, or +01:00"
            )
    for name, feet in (("lower", lower), ("upper", upper)):
        if feet is not None and not math.isfinite(feet):
            raise ProblemError("invalid", "a height that is not finite", field=name)
    return Filter(None if bbox is None else _box(bbox), begin, end, lower, upper)


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    inside = -180.0 <= west <= 180.0 and -180.0 <= east <= 180.0
    if not inside or not -90.0 <= south <= north <= 90.0:
        raise ProblemError(
            "invalid", "no box", field="bbox",
            mend="give west,south,east,north in degrees, south below north",
        )  # fmt: skip
    return west, south, east, north


class _Part(Struct, frozen=True):
    box: Box
    begin: datetime
    end: datetime
    lower: float
    upper: float


def _parts(extent: Extent) -> Iterator[_Part]:
    if not isinstance(extent, Path4D):
        yield from (_part_of(volume) for volume in extent)
        return
    begin, end = span(extent)
    yield _Part(
        _around(list(zip(extent.lat, extent.lon, strict=True)), 0.0),
        begin, end, min(extent.alt), max(extent.alt),
    )  # fmt: skip


def _part_of(volume: Volume4D) -> _Part:
    corners = list(volume.corners) if volume.centre is None else [volume.centre]
    return _Part(
        _around(corners, volume.radius),
        volume.start or _FIRST,
        volume.end or _LAST,
        -math.inf if volume.lower is None else volume.lower,
        math.inf if volume.upper is None else volume.upper,
    )


def _around(points: list[tuple[float, float]], metres: float) -> Box:
    """Give the box about points, the narrower way around the Earth, and metres more."""
    lats = [lat for lat, _ in points]
    south, north = min(lats) - metres / _METRES, max(lats) + metres / _METRES
    shrink = math.cos(math.radians(min(89.9, max(abs(south), abs(north)))))
    wide = metres / (_METRES * shrink)
    lons = sorted((lon + 180.0) % 360.0 - 180.0 for _, lon in points)
    gaps = [b - a for a, b in pairwise(lons)]
    widest = max(gaps, default=0.0)
    if widest > 180.0:
        at = gaps.index(widest)
        west, east = lons[at + 1] - wide, lons[at] + wide
    else:
        west, east = lons[0] - wide, lons[-1] + wide
    if wide >= 180.0:
        return -180.0, south, 180.0, north
    return (west + 180.0) % 360.0 - 180.0, south, (east + 180.0) % 360.0 - 180.0, north


def _overlap(a: Box, b: Box) -> bool:
    if a[1] > b[3] or b[1] > a[3]:
        return False
    return any(
        aw <= be and bw <= ae
        for aw, ae in _unwrapped(a[0], a[2])
        for bw, be in _unwrapped(b[0], b[2])
    )


def _unwrapped(west: float, east: float) -> list[tuple[float, float]]:
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
