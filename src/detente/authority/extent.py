"""What an intent occupies, as it is filed and kept: timed positions, or 4D volumes.

These are the ledger's forms: plain values that encode to JSON and back without loss. The engine
takes the nouns of the airspace, which they become and are made from here, and only here.
"""

from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from detente.airspace import (
    Altitude,
    Circle,
    Polygon,
    Reference,
    Separation,
    Trajectory,
    Volume,
)
from detente.errors import InputError

__all__ = [
    "Extent",
    "Path4D",
    "Volume4D",
    "from_now",
    "instant",
    "later",
    "moment",
    "path_of",
    "span",
    "trajectory_of",
    "volume4d_of",
    "volumes_of",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 90 * 86_400.0  # of a path; seconds below it keep their nanoseconds in a double


class Path4D(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Timed positions.

    Parameters
    ----------
    start : when the first fix is flown, to the microsecond.
    seconds : (n,) after ``start``, strictly increasing, n >= 2; kept to the nanosecond.
    lat, lon : (n,) degrees on WGS84.
    alt : (n,) feet above ``reference``.
    protection : the flight's own minima, metres and feet; None for the airspace's.
    gap : the fixes after which no position is held until the next.
    """

    start: datetime
    seconds: tuple[float, ...]
    lat: tuple[float, ...]
    lon: tuple[float, ...]
    alt: tuple[float, ...]
    reference: Reference = Reference.PRESSURE
    protection: tuple[float, float] | None = None
    gap: tuple[int, ...] = ()


class Volume4D(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A polygon or a circle, between two altitudes, between two times (ASTM F3548-21, 3.2).

    Parameters
    ----------
    corners : (lat, lon) of a polygon; empty for a circle.
    centre, radius : of a circle, degrees and metres.
    lower, upper : feet above ``reference``; None for the ground and for unlimited.
    start, end : to the microsecond; None for always, which only constraints may have.
    buffer : metres and feet to be kept from it.
    """

    corners: tuple[tuple[float, float], ...] = ()
    centre: tuple[float, float] | None = None
    radius: float = 0.0
    lower: float | None = None
    upper: float | None = None
    reference: Reference = Reference.PRESSURE
    start: datetime | None = None
    end: datetime | None = None
    buffer: tuple[float, float] = (0.0, 0.0)


Extent = Path4D | tuple[Volume4D, ...]
"""What an intent is filed as."""


def instant(time: datetime) -> int:
    """Give nanoseconds since 1970-01-01T00:00Z.

    Raises
    ------
    InputError : a naive time, or one before 1970 or after 2199.

    >>> instant(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000000
    """
    if time.tzinfo is None:
        raise InputError(f"the naive time {time.isoformat()}", mend="give an offset, such as Z")
    if not 1970 <= time.year < 2200:
        raise InputError(f"the time {time.isoformat()}", mend="give one from 1970 to 2199")
    gone = time - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000_000 + gone.microseconds * 1_000


def moment(time: int) -> datetime:
    """Give the microsecond at or before nanoseconds since 1970-01-01T00:00Z.

    >>> moment(1_999).isoformat()
    '1970-01-01T00:00:00.000001+00:00'
    """
    return _EPOCH + timedelta(microseconds=time // 1_000)


def trajectory_of(path: Path4D, name: str, party: str, priority: int = 0) -> Trajectory:
    """Make the engine's noun of a path.

    Raises
    ------
    InputError : what a trajectory may not be; more than 90 days; a gap that is not there.
    """
    n = len(path.seconds)
    if n and path.seconds[-1] - path.seconds[0] > _LONGEST:
        raise InputError("a flight of more than 90 days", field="seconds", mend="file it in parts")
    seconds = np.array(path.seconds, dtype=np.float64)
    if not np.isfinite(seconds).all() or np.abs(seconds).max(initial=0.0) > 2.0 * _LONGEST:
        raise InputError("a time that is not finite or far off", field="seconds")
    gap = np.zeros(n if path.gap else 0, dtype=np.bool_)
    for k in path.gap:
        if not 0 <= k < n - 1:
            raise InputError(f"a gap after fix {k} of {n}", field="gap", mend="count fixes from 0")
        gap[k] = True
    return Trajectory(
        id=name,
        party=party,
        time=instant(path.start) + np.rint(seconds * 1e9).astype(np.int64),
        lat=np.array(path.lat, dtype=np.float64),
        lon=np.array(path.lon, dtype=np.float64),
        alt=np.array(path.alt, dtype=np.float64),
        reference=path.reference,
        priority=priority,
        protection=None if path.protection is None else Separation(*path.protection),
        gap=gap,
    )


def path_of(flight: Trajectory) -> Path4D:
    """Make a path of a trajectory; ``trajectory_of`` gives back the same, to the nanosecond.

    >>> flight = Trajectory("A", np.array([1, 60_000_000_001]), np.array([50.0, 50.1]),
    ...                     np.array([4.0, 4.0]), np.array([35e3, 35e3]))
    >>> trajectory_of(path_of(flight), "A", "").time
    array([          1, 60000000001])
    """
    first = int(flight.time[0])
    own = flight.protection
    return Path4D(
        start=moment(first),
        seconds=tuple(((flight.time - (first - first % 1_000)) / 1e9).tolist()),
        lat=tuple(flight.lat.tolist()),
        lon=tuple(flight.lon.tolist()),
        alt=tuple(flight.alt.tolist()),
        reference=flight.reference,
        protection=None if own is None else (own.horizontal, own.vertical),
        gap=tuple(np.flatnonzero(flight.gap[:-1]).tolist()) if len(flight.gap) else (),
    )


def volumes_of(extent: tuple[Volume4D, ...], name: str, party: str = "") -> tuple[Volume, ...]:
    """Make the engine's nouns of volumes.

    Raises
    ------
    InputError : what a volume may not be; the field says which of them it is.
    """
    made = []
    for k, v in enumerate(extent):
        try:
            made.append(_volume(v, name, party))
        except InputError as error:
            field = f"volumes[{k}]" + (f".{error.field}" if error.field else "")
            raise InputError(error.what, field=field, mend=error.mend) from None
    return tuple(made)


def _volume(v: Volume4D, name: str, party: str) -> Volume:
    if bool(v.corners) == (v.centre is not None):
        raise InputError("neither or both of corners and centre", mend="give one of the two")
    if not all(isfinite(x) for x in (*v.buffer, v.lower or 0.0, v.upper or 0.0)):
        raise InputError("an altitude or a buffer that is not finite", mend="leave it out instead")
    outline = Polygon(v.corners) if v.centre is None else Circle(*v.centre, v.radius)
    return Volume(
        id=name,
        outline=outline,
        lower=None if v.lower is None else Altitude(v.lower, v.reference),
        upper=None if v.upper is None else Altitude(v.upper, v.reference),
        start=None if v.start is None else instant(v.start),
        end=None if v.end is None else instant(v.end),
        party=party,
        buffer_h=v.buffer[0],
        buffer_v=v.buffer[1],
    )


def volume4d_of(volume: Volume) -> Volume4D:
    """Make the ledger's form of a volume; its times are widened to whole microseconds."""
    outline = volume.outline
    round_ = isinstance(outline, Circle)
    return Volume4D(
        corners=() if isinstance(outline, Circle) else outline.corners,
        centre=(outline.lat, outline.lon) if isinstance(outline, Circle) else None,
        radius=outline.radius if round_ and isinstance(outline, Circle) else 0.0,
        lower=None if volume.lower is None else volume.lower.feet,
        upper=None if volume.upper is None else volume.upper.feet,
        reference=volume.reference or Reference.PRESSURE,
        start=None if volume.start is None else moment(volume.start),
        end=None if volume.end is None else moment(volume.end + 999),
        buffer=(volume.buffer_h, volume.buffer_v),
    )


def span(extent: Extent) -> tuple[datetime, datetime]:
    """Give when an extent begins and ends.

    Raises
    ------
    InputError : a volume without a start or an end, or no volume at all; a time that is none.
    """
    if isinstance(extent, Path4D):
        if not extent.seconds:
            raise InputError("no fix", field="seconds", mend="give at least two")
        ends = (extent.seconds[0], extent.seconds[-1])
        return _after(extent.start, ends[0]), _after(extent.start, ends[1])
    starts = [v.start for v in extent if v.start is not None]
    stops = [v.end for v in extent if v.end is not None]
    if not extent or len(starts) < len(extent) or len(stops) < len(extent):
        raise InputError(
            "an intent of volumes without both times" if extent else "no volume",
            field="volumes",
            mend="give each volume a start and an end",
        )
    for time in (*starts, *stops):
        instant(time)
    return min(starts), max(stops)


def _after(start: datetime, seconds: float) -> datetime:
    instant(start)
    if not abs(seconds) <= 2.0 * _LONGEST:
        raise InputError("a time that is not finite or far off", field="seconds")
    return start + timedelta(seconds=seconds)


def from_now(
    volumes: tuple[Volume4D, ...], at: datetime, field: str = "volumes"
) -> tuple[Volume4D, ...]:
    """Give what is left of volumes from a time on: nothing said now can hold for what has been.

    Raises
    ------
    InputError : nothing is left, or there was none.
    """
    left = tuple(v for v in volumes if v.end is None or v.end > at)
    if not left:
        raise InputError("no volume that is not over", field=field, mend="give later times")
    return tuple(replace(v, start=at) if v.start is not None and v.start < at else v for v in left)


def later(extent: tuple[Volume4D, ...], seconds: int, feet: float) -> tuple[Volume4D, ...]:
    """Move volumes in time and height; what has no limit there keeps none."""

    def moved(v: Volume4D) -> Volume4D:
        changes: dict[str, Any] = {}
        if v.start is not None and v.end is not None:
            wait = timedelta(seconds=seconds)
            changes.update(start=v.start + wait, end=v.end + wait)
        if v.lower is not None:
            changes["lower"] = v.lower + feet
        if v.upper is not None:
            changes["upper"] = v.upper + feet
        return replace(v, **changes)

    return tuple(moved(v) for v in extent)
