"""How tracks stand in memory: one record each, and one for each of its altitudes."""

from typing import Any, Final, NamedTuple

import numpy as np

from detente.units import FOOT
from detente.watch.settings import Tracking

__all__ = ["ADDRESS", "CALLSIGN", "FREE", "HEIGHT", "HIDDEN", "KIND", "LANE", "NEVER", "SHOWN",
           "SLOT", "SQUAWK", "Bounds", "room"]  # fmt: skip

FREE: Final = 0
HIDDEN: Final = 1
"""Positions out of reach of their aircraft's tracks, which may yet prove to be another."""
SHOWN: Final = 2

NEVER: Final = np.iinfo(np.int64).min
"""The time of what has not happened."""

ADDRESS: Final = 0
CALLSIGN: Final = 1
SQUAWK: Final = 2
KIND: Final = 3

SLOT: Final = np.dtype(
    [
        ("state", np.int64),
        ("aircraft", np.int64),  # whose it is
        ("next", np.int64),  # another of the same aircraft; -1 for none
        ("time", np.int64),  # of the state: the last position or velocity
        ("seen", np.int64),  # the last position
        ("first", np.int64),
        ("count", np.int64),  # of positions
        ("going", np.int64),  # whether it has had a velocity
        ("accord", np.int64),  # positions in a row that would have done for it too
        ("sources", np.uint64),  # a bit for each feed
        ("x", np.float64), ("y", np.float64), ("z", np.float64),  # metres, on the ellipsoid
        ("u", np.float64), ("v", np.float64), ("w", np.float64),  # metres per second, tangent
        ("pp", np.float64), ("pv", np.float64), ("vv", np.float64),  # covariance
        ("fix", np.float64),  # pp when it was last seen
        ("rx", np.float64), ("ry", np.float64), ("rz", np.float64),  # the position as reported
        ("since", np.int64),  # when that was reported first
        ("on_ground", np.int64),
        ("lanes", np.int64, (4,)),  # that last said its address, callsign, squawk, kind
        ("said", np.int64, (4,)),  # and when
    ]
)  # fmt: skip
"""A track. Variances are of each direction across: m², m²/s, m²/s²."""

HEIGHT: Final = np.dtype(
    [
        ("time", np.int64),  # of the state
        ("seen", np.int64),  # the last altitude
        ("misses", np.int64),  # altitudes in a row that it could not have reached
        ("a", np.float64), ("c", np.float64),  # feet, feet per second
        ("pp", np.float64), ("pv", np.float64), ("vv", np.float64),
    ]
)  # fmt: skip
"""An altitude of a track, above one reference."""

LANE: Final = np.dtype(
    [
        ("aircraft", np.int64),
        ("heard", np.int64),
        ("source", np.uint64),  # the bit of its feed
        ("says", np.int64, (4,)),  # whether it says an address, a callsign, a squawk, a kind
        ("x", np.float64), ("y", np.float64), ("z", np.float64),  # its last position
        ("since", np.int64),  # when that was reported first
    ]
)  # fmt: skip
"""All that is said alike of one aircraft: the same feed, address, number, callsign and so on."""


class Bounds(NamedTuple):
    """The settings as kernels take them: nanoseconds, metres, feet, seconds, variances."""

    late: int
    held: int
    wander: float
    accuracy: float
    finest: float
    velocity: float
    fastest: float
    hardest: float
    climb_wander: float
    altimetry: float
    climb_rate: float
    steepest: float
    lifting: float
    lowest: float
    highest: float
    persistent: int
    most: int
    unknown: float
    known: float

    @classmethod
    def of(cls, settings: Tracking) -> "Bounds":
        """Turn settings into them."""
        return cls(
            late=round(settings.lateness * 1e9),
            held=round(settings.held * 1e9),
            wander=settings.wander,
            accuracy=settings.accuracy,
            finest=settings.finest,
            velocity=settings.velocity**2,
            fastest=settings.fastest,
            hardest=settings.hardest,
            climb_wander=settings.climb_wander,
            altimetry=settings.altimetry**2,
            climb_rate=(settings.climb_rate / 60.0) ** 2,
            steepest=settings.steepest / 60.0,
            lifting=settings.hardest / FOOT,
            lowest=settings.lowest,
            highest=settings.highest,
            persistent=settings.persistent,
            most=settings.most,
            # within 3 standard deviations of it is every velocity (Mallick, La Scala 2008)
            unknown=(settings.fastest / 3.0) ** 2,
            # a velocity is told once it is known to within 50 m/s, 95 of 100 times
            known=(50.0 / 2.447747) ** 2,
        )


def room(records: Any, count: int) -> Any:
    """Give the records with room for ``count``, the new ones zero."""
    if count <= len(records):
        return records
    larger = np.zeros(max(count, 2 * len(records)), records.dtype)
    larger[: len(records)] = records
    return larger
