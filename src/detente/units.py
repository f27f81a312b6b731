"""Units of this field, exact where the definition is exact.

Metres for horizontal lengths, feet for altitudes, seconds for durations.
ICAO Annex 5 defines the nautical mile as 1852 m and the foot as 0.3048 m.
"""

import re

from detente.errors import InputError

__all__ = ["FOOT", "KNOT", "NAUTICAL_MILE", "parse_altitude", "parse_duration", "parse_length"]

NAUTICAL_MILE = 1852.0
"""Metres in a nautical mile (ICAO Annex 5, table 3-3)."""
FOOT = 0.3048
"""Metres in a foot (ICAO Annex 5, table 3-3)."""
KNOT = NAUTICAL_MILE / 3600.0
"""Metres per second in a knot."""

_LENGTHS = {
    "m": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "km": 1000.0,
    "nm": NAUTICAL_MILE,
    "nmi": NAUTICAL_MILE,
    "ft": FOOT,
    "feet": FOOT,
}
_DURATIONS = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0}
_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)\s*\Z")


def _split(text: str, field: str, units: str) -> tuple[float, str]:
    match = _QUANTITY.match(text)
    if match is None or not match[2]:
        raise InputError(
            f"{text!r} is not a number with a unit",
            field=field,
            mend=f"write it with one of {units}",
        )
    return float(match[1]), match[2].lower()


def _in_units(text: str, field: str, table: dict[str, float]) -> float:
    value, unit = _split(text, field, ", ".join(table))
    if unit not in table:
        raise InputError(
            f"unknown unit {unit!r}", field=field, mend=f"use one of {', '.join(table)}"
        )
    return value * table[unit]


def parse_length(text: str, *, field: str = "length") -> float:
    """Read a length with its unit, in metres.

    >>> parse_length("5nm")
    9260.0
    """
    return _in_units(text, field, _LENGTHS)


def parse_altitude(text: str, *, field: str = "altitude") -> float:
    """Read a vertical length or a flight level, in feet.

    Feet pass through untouched, so 1,000 ft stays exact.

    >>> parse_altitude("1000ft"), parse_altitude("FL350")
    (1000.0, 35000.0)
    """
    level = re.match(r"\s*FL\s*(\d{1,4})\s*\Z", text, re.IGNORECASE)
    if level is not None:
        return float(level[1]) * 100.0
    value, unit = _split(text, field, ", ".join([*_LENGTHS, "FLnnn"]))
    if unit in ("ft", "feet"):
        return value
    return _in_units(text, field, _LENGTHS) / FOOT


def parse_duration(text: str, *, field: str = "duration") -> float:
    """Read a duration with its unit, in seconds.

    >>> parse_duration("2min")
    120.0
    """
    return _in_units(text, field, _DURATIONS)
