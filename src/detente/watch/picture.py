"""The picture at one moment: every track that is followed, in columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Picture"]

F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """All tracks that are followed at one moment; row k of each column is of ``ids[k]``.

    Parameters
    ----------
    now : the moment, nanoseconds since 1970.
    ids : (n,) of the tracks.
    seen : (n,) int64, when each was last seen, nanoseconds.
    first : (n,) int64, when each was first seen.
    lat, lon : (n,) degrees, where each is believed to be at ``now``: coasted from ``seen``.
    pressure, geometric : (n,) feet at ``now``; NaN where not known.
    north, east : (n,) metres per second, smoothed; NaN before there is a velocity.
    climb : (n,) feet per minute, smoothed; NaN where not known.
    uncertainty : (n,) metres that the position at ``now`` is within, 95 of 100 times; it grows
        while a track coasts.
    count : (n,) int64, positions that each was made of so far.
    on_ground : (n,) bool, as last said.
    address, callsign, squawk, kind : (n,) as last said; "" where nothing was.
    sources : (n,) of the feeds that saw each, sorted.
    """

    now: int
    ids: list[str]
    seen: NDArray[np.int64]
    first: NDArray[np.int64]
    lat: F8
    lon: F8
    pressure: F8
    geometric: F8
    north: F8
    east: F8
    climb: F8
    uncertainty: F8
    count: NDArray[np.int64]
    on_ground: NDArray[np.bool_]
    address: list[str]
    callsign: list[str]
    squawk: list[str]
    kind: list[str]
    sources: list[tuple[str, ...]]

    def __len__(self) -> int:
        """Count the tracks."""
        return len(self.ids)
