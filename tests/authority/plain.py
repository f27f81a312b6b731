"""What stands, as plain data for the slow path: no room's code lies in between."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np

from detente.authority import Path4D, Volume4D

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def nanoseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND * 1_000


def extent_of(extent: Path4D | tuple[Volume4D, ...], buffer: tuple[float, float]) -> Any:
    """Give a trajectory or volumes; ``buffer`` is what is kept from volumes at least."""
    if isinstance(extent, tuple):
        return [volume_of(v, buffer) for v in extent]
    count = len(extent.seconds)
    start = nanoseconds(extent.start)
    return SimpleNamespace(
        time=np.array([start + round(s * 1e9) for s in extent.seconds], dtype=np.int64),
        lat=np.array(extent.lat),
        lon=np.array(extent.lon),
        alt=np.array(extent.alt),
        gap=np.array([k in extent.gap for k in range(count)]),
        reference=extent.reference,
        protection=extent.protection
        and SimpleNamespace(horizontal=extent.protection[0], vertical=extent.protection[1]),
    )


def volume_of(v: Volume4D, buffer: tuple[float, float] = (0.0, 0.0)) -> Any:
    """Give one volume, of an intent or of a constraint."""
    if v.centre is None:
        outline = SimpleNamespace(corners=v.corners)
    else:
        outline = SimpleNamespace(lat=v.centre[0], lon=v.centre[1], radius=v.radius)
    lower, upper = (
        None if feet is None else SimpleNamespace(feet=feet, reference=v.reference)
        for feet in (v.lower, v.upper)
    )
    return SimpleNamespace(
        outline=outline,
        lower=lower,
        upper=upper,
        start=None if v.start is None else nanoseconds(v.start),
        end=None if v.end is None else nanoseconds(v.end),
        buffer_h=max(v.buffer[0], buffer[0]),
        buffer_v=max(v.buffer[1], buffer[1]),
    )
