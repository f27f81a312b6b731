"""Altitude always carries its reference; two references are never compared in silence."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Altitude", "Reference"]


class Reference(StrEnum):
    """What an altitude is measured from.

    ``PRESSURE`` is the standard atmosphere's 1013.25 hPa surface (flight
    levels); ``MSL_EGM96`` and ``MSL_EGM2008`` name their geoid; ``AGL`` is
    above the ground below.
    """

    PRESSURE = "pressure"
    WGS84 = "wgs84"
    MSL_EGM96 = "msl-egm96"
    MSL_EGM2008 = "msl-egm2008"
    AGL = "agl"


@dataclass(frozen=True, slots=True)
class Altitude:
    """A vertical position: feet, and what they are measured from.

    >>> Altitude(35000.0, Reference.PRESSURE)
    Altitude(feet=35000.0, reference=<Reference.PRESSURE: 'pressure'>)
    """

    feet: float
    reference: Reference = Reference.PRESSURE
