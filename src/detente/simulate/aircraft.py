"""Kinds of aircraft, and how they climb, cruise and descend.

The shape is that of OpenAP's kinematic model: climb and descent at a constant calibrated
airspeed, then at a constant Mach number, each phase with its own mean vertical rate (J. Sun,
J. M. Hoekstra, J. Ellerbroek, "OpenAP: An open-source aircraft performance model for air
transportation studies and simulations", Aerospace 7(8), 2020, doi:10.3390/aerospace7080104).
The numbers are our own round ones, for classes of aircraft and for no type in particular.

The air is the standard one at rest: no wind (ICAO Doc 7488, Manual of the ICAO Standard
Atmosphere).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.units import FOOT, KNOT

__all__ = ["BANDS", "KINDS", "Kind", "Profile", "bands_between", "true_airspeed"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of aircraft.

    Parameters
    ----------
    name : what it is.
    share : its part of the flights where its range allows.
    reach : kilometres, the shortest and the longest flight that it makes.
    cas : knots, calibrated airspeed in climb and descent above 10,000 ft.
    mach : what it cruises at, and the limit of climb and descent.
    cruise : thousands of feet, the level that it likes.
    ceiling : thousands of feet.
    climb : feet a minute: to 1,500 ft, to 10,000 ft, at constant CAS, at constant Mach.
    descent : feet a minute, the same bands, downwards.
    """

    name: str
    share: float
    reach: tuple[float, float]
    cas: float
    mach: float
    cruise: float
    ceiling: int
    climb: tuple[float, float, float, float]
    descent: tuple[float, float, float, float]


KINDS = (
    Kind(
        "turboprop", 0.9, (0, 900), 200, 0.45, 20, 25,
        climb=(1300, 1300, 900, 700), descent=(700, 1200, 1400, 1400),
    ),
    Kind(
        "regional jet", 0.8, (150, 1800), 280, 0.76, 35, 39,
        climb=(2200, 2000, 1500, 900), descent=(700, 1400, 2000, 1800),
    ),
    Kind(
        "short-haul jet", 3.0, (250, 3500), 290, 0.78, 36, 39,
        climb=(2400, 2200, 1600, 1000), descent=(700, 1400, 2000, 1800),
    ),
    Kind(
        "medium-haul jet", 1.2, (600, 6000), 300, 0.79, 36, 41,
        climb=(2500, 2300, 1700, 1100), descent=(700, 1400, 2000, 1900),
    ),
    Kind(
        "long-haul jet", 0.5, (1500, 6000), 310, 0.84, 37, 41,
        climb=(2300, 2100, 1600, 1000), descent=(700, 1400, 2100, 2000),
    ),
    Kind(
        "business jet", 0.5, (200, 6000), 270, 0.78, 40, 41,
        climb=(3200, 3000, 2300, 1500), descent=(800, 1600, 2200, 2000),
    ),
)  # fmt: skip

BANDS = np.array([-2000, 1500, 5000, 10000, 17500, 25000, 31000, 36000, 41000], dtype=np.float64)
"""Feet; speed and vertical rate are constant between two of them."""
APPROACH_CAS = (150.0, 210.0, 250.0)
"""Knots, at most, to 1,500, 5,000 and 10,000 ft."""


def _air(feet: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give pressure (a part of that at sea level) and the speed of sound in m/s."""
    h = feet * FOOT
    low = np.minimum(h, 11000.0)
    temperature = 288.15 - 0.0065 * low
    pressure = (temperature / 288.15) ** 5.255880 * np.exp(
        -9.80665 * (h - low) / (287.05287 * 216.65)
    )
    return pressure, np.sqrt(1.4 * 287.05287 * temperature)


def true_airspeed(cas: NDArray[np.float64], feet: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give m/s of true airspeed for m/s of calibrated airspeed at a pressure altitude.

    The compressible relation of a pitot tube below the speed of sound.

    >>> kt = 1852 / 3600
    >>> feet = np.array([0.0, 28000.0])
    >>> np.round(true_airspeed(np.full(2, 300 * kt), feet) / kt)
    array([300., 452.])
    """
    pressure, sound = _air(feet)
    sound_at_sea_level = np.sqrt(1.4 * 287.05287 * 288.15)
    impact = (1.0 + 0.2 * (cas / sound_at_sea_level) ** 2) ** 3.5 - 1.0
    speed: NDArray[np.float64] = sound * np.sqrt(
        5.0 * ((impact / pressure + 1.0) ** (2.0 / 7.0) - 1.0)
    )
    return speed


@dataclass(frozen=True, eq=False, slots=True)
class Profile:
    """Every kind's speeds and rates, band by band: (kinds, bands) m/s and ft/s; (kinds,) more."""

    speed: NDArray[np.float64]
    climb: NDArray[np.float64]
    descent: NDArray[np.float64]
    share: NDArray[np.float64]
    reach: NDArray[np.float64]
    cruise: NDArray[np.float64]
    ceiling: NDArray[np.int64]
    mach: NDArray[np.float64]

    @classmethod
    def of(cls, kinds: tuple[Kind, ...]) -> "Profile":
        """Tabulate the kinds."""
        middle = 0.5 * (BANDS[1:] + BANDS[:-1])
        cas = np.array([kind.cas for kind in kinds])[:, None] * np.ones(len(middle))
        for band, limit in enumerate(APPROACH_CAS):
            cas[:, band] = np.minimum(cas[:, band], limit)
        mach = np.array([kind.mach for kind in kinds])
        by_cas = true_airspeed(cas * KNOT, middle)
        by_mach = mach[:, None] * _air(middle)[1]
        phase = np.where(by_cas > by_mach, 3, 2)
        phase[:, middle < 10000.0] = 1
        phase[:, 0] = 0
        rows = np.arange(len(kinds))[:, None]
        return cls(
            speed=np.minimum(by_cas, by_mach),
            climb=np.array([kind.climb for kind in kinds])[rows, phase] / 60.0,
            descent=np.array([kind.descent for kind in kinds])[rows, phase] / 60.0,
            share=np.array([kind.share for kind in kinds]),
            reach=np.array([kind.reach for kind in kinds], dtype=np.float64) * 1000.0,
            cruise=np.array([kind.cruise for kind in kinds]),
            ceiling=np.array([kind.ceiling for kind in kinds]),
            mach=mach,
        )

    def cruise_speed(
        self, kind: NDArray[np.int64], feet: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give m/s in level flight: the speed of the climb there, or the Mach number's."""
        band = np.searchsorted(BANDS, feet, side="left") - 1
        speed: NDArray[np.float64] = np.minimum(
            self.speed[kind, band], self.mach[kind] * _air(feet)[1]
        )
        return speed

    def least_distance(self) -> NDArray[np.float64]:
        """Give the metres that climb and descent need: (kinds, thousands of feet from 0)."""
        levels = np.arange(BANDS[-1] / 1000.0 + 1.0) * 1000.0
        feet = bands_between(np.zeros(len(levels)), levels)
        pace = self.speed / self.climb + self.speed / self.descent
        distance: NDArray[np.float64] = pace @ feet.T
        return distance


def bands_between(lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how many feet of each band lie between two altitudes: (n, bands)."""
    edges = np.clip(BANDS, lower[:, None], upper[:, None])
    return np.diff(edges, axis=1)
