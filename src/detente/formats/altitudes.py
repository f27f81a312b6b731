"""Which column holds the altitude, in which unit, above what.

A unit or a reference is never guessed: it stands in the column's name, comes with a table
that a known tool wrote, stands beside the data, or is given by the caller; else the table is
refused.

Sources: the OpenSky Network's REST and Trino documentation (``baro_altitude``,
``baroaltitude``, ``geoaltitude``: metres); readsb's README-json (``alt_baro``, ``alt_geom``:
feet); the ``traffic`` library's documentation ("altitude": feet).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.airspace.altitude import Reference
from detente.errors import InputError
from detente.units import FOOT

__all__ = [
    "KNOWN_ALTITUDES",
    "THIRD",
    "TRAFFIC",
    "AltitudeColumn",
    "Wanted",
    "altitude_column",
    "is_altitude",
    "to_feet",
]

THIRD = "third coordinate"
"""What the column made of points' third coordinate is called."""

_P, _W = Reference.PRESSURE, Reference.WGS84
_UNITS = {"ft": "ft", "feet": "ft", "foot": "ft", "fl": "fl"} | dict.fromkeys(
    ("m", "metre", "metres", "meter", "meters"), "m"
)
_STEMS = {"alt", "altitude", "height", "hgt", "elevation", "ele"}
_REFERENCES: dict[str, Reference | str | None] = {
    **dict.fromkeys(("baro", "barometric", "pressure", "press", "std", "qne", "isa"), _P),
    **dict.fromkeys(("wgs84", "w84", "hae", "ellipsoid", "ellipsoidal", "geom", "geometric"), _W),
    **dict.fromkeys(("egm96",), Reference.MSL_EGM96),
    **dict.fromkeys(("egm2008", "egm08"), Reference.MSL_EGM2008),
    **dict.fromkeys(("msl", "amsl", "qnh"), "msl"),
    **dict.fromkeys(("agl", "sfc", "ground"), "agl"),
    # receivers give either the ellipsoid's or the geoid's: so these name nothing
    **dict.fromkeys(("gps", "gnss", "geo"), None),
}
KNOWN_ALTITUDES: dict[str, tuple[str, Reference]] = {
    "baroaltitude": ("m", _P),
    "baro_altitude": ("m", _P),
    "geoaltitude": ("m", _W),
    "geo_altitude": ("m", _W),
    "alt_baro": ("ft", _P),
    "alt_geom": ("ft", _W),
    "flight_level": ("fl", _P),
    "flightlevel": ("fl", _P),
    "fl": ("fl", _P),
}
"""Names that tools write without a unit or a reference in them, and what they mean there."""
TRAFFIC = {"timestamp", "latitude", "longitude", "altitude", "icao24", "callsign"}
"""The columns by which a table of the ``traffic`` library is known."""
_PREFERENCE = [_P, _W, Reference.MSL_EGM2008, Reference.MSL_EGM96]
_SAY = 'say which: altitude="ft:pressure", "m:wgs84" or "m:msl-egm96"'
_NO_AGL = "add the ground's elevation to each fix (a terrain model) and name the geoid"


@dataclass(frozen=True, slots=True)
class AltitudeColumn:
    """Where the altitude stands; ``reference`` is None where a column tells it row by row."""

    name: str
    unit: str
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller says about the altitudes: ``[unit:]reference[:column]``.

    >>> Wanted.parse("m:msl-egm96").reference.value
    'msl-egm96'
    >>> Wanted.parse("ft:pressure:Alt QNE").column
    'Alt QNE'
    """

    unit: str | None
    reference: Reference
    column: str | None

    @classmethod
    def parse(cls, text: str) -> "Wanted":
        """Read it from text."""
        head, colon, rest = text.partition(":")
        unit = _UNITS.get(head.strip().lower())
        if unit is None:
            rest = text
        elif not colon:
            raise InputError(f"{text!r} has no reference", field="altitude", mend=_SAY)
        name, _, column = rest.partition(":")
        try:
            reference = Reference(name.strip().lower())
        except ValueError:
            what = (
                "mean sea level without its geoid"
                if name.strip().lower() in ("msl", "amsl")
                else f"{text!r} is no unit and altitude reference"
            )
            raise InputError(what, field="altitude", mend=_SAY) from None
        if reference is Reference.AGL:
            raise InputError("altitudes above ground", field="altitude", mend=_NO_AGL)
        if column and unit is None:
            raise InputError(f"{text!r} has no unit", field="altitude", mend=_SAY)
        return cls(unit, reference, column or None)


class _Candidate(NamedTuple):
    name: str
    unit: str | None
    reference: Reference | str | None
    strange: str | None = None


def _tokens(name: str) -> list[str]:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return [part for part in re.split(r"[^a-z0-9]+", snake.lower()) if part]


def _candidate(name: str, traffic: bool) -> _Candidate | None:
    tokens = _tokens(name)
    whole = "_".join(tokens)
    if traffic and name == "altitude":
        return _Candidate(name, "ft", _P)
    if whole in KNOWN_ALTITUDES:
        return _Candidate(name, *KNOWN_ALTITUDES[whole])
    if not _STEMS & set(tokens):
        return None
    unit: str | None = None
    reference: Reference | str | None = None
    strange = None
    for token in tokens:
        if token in _UNITS:
            unit = _UNITS[token]
        elif token in _REFERENCES:
            reference = _REFERENCES[token] or reference
        elif token not in _STEMS:
            if strange is not None or token != tokens[-1]:
                return None
            strange = token
    return _Candidate(name, unit, reference, strange)


def is_altitude(name: str) -> bool:
    """Tell whether a column's name speaks of an altitude."""
    return _candidate(name, False) is not None


def _refusal(
    candidates: Sequence[_Candidate], names: Sequence[str], file: str | None
) -> InputError:
    plain = [c for c in candidates if c.strange is None]
    if not plain:
        strange = next((c for c in candidates), None)
        if strange is not None:
            return InputError(
                f"unknown unit {strange.strange!r}", file=file, field=strange.name, mend=_SAY
            )
        return InputError(
            "missing column: no altitude",
            file=file,
            field="altitude",
            mend="name one with its unit and reference, as alt_baro_ft or altitude_m_wgs84;"
            f" the table has {', '.join(names)}",
        )
    first = plain[0]
    if first.reference == "agl":
        return InputError("altitudes above ground", file=file, field=first.name, mend=_NO_AGL)
    if first.unit is None:
        return InputError("an altitude of unknown unit", file=file, field=first.name, mend=_SAY)
    if first.reference == "msl":
        what = "altitudes above mean sea level without the geoid"
    else:
        what = "an altitude of unknown reference"
    return InputError(what, file=file, field=first.name, mend=_SAY)


def _chosen(wanted: Wanted, candidates: Sequence[_Candidate], file: str | None) -> AltitudeColumn:
    for c in candidates:
        fits = c.reference in (None, wanted.reference) or (
            c.reference == "msl" and wanted.reference.value.startswith("msl")
        )
        unit = c.unit or wanted.unit
        if fits and unit and wanted.unit in (None, unit) and c.strange is None:
            return AltitudeColumn(c.name, unit, wanted.reference)
    if any(c.unit is None for c in candidates) and wanted.unit is None:
        raise InputError("an altitude of unknown unit", file=file, field="altitude", mend=_SAY)
    there = ", ".join(c.name for c in candidates) or "none"
    raise InputError(
        f"no column fits the altitude wanted ({wanted.reference.value}); found: {there}",
        file=file,
        field="altitude",
        mend='name the column last, as in altitude="ft:pressure:my column"',
    )


def altitude_column(
    names: Sequence[str],
    *,
    file: str | None = None,
    wanted: Wanted | None = None,
    stated: Reference | None = None,
    beside: bool = False,
    third: tuple[str | None, Reference | None] | None = None,
) -> AltitudeColumn:
    """Choose the altitude's column; pressure is preferred, then WGS84, then mean sea level.

    Parameters
    ----------
    names : the table's columns.
    wanted : what the caller said.
    stated : the reference that stands in the table's metadata.
    beside : an ``altitude_reference`` column gives the reference.
    third : unit and reference of the points' third coordinate, where they have one and as far
        as they are known.

    Raises
    ------
    InputError : no column, an unknown unit or reference, above ground, or mean sea level
        without its geoid.

    >>> altitude_column(["lat", "alt_baro_ft", "geoaltitude"])
    AltitudeColumn(name='alt_baro_ft', unit='ft', reference=<Reference.PRESSURE: 'pressure'>)
    """
    if wanted is not None and wanted.column is not None:
        if wanted.column not in names or wanted.unit is None:
            raise InputError(
                "missing column",
                file=file,
                field=wanted.column,
                mend=f"the table has {', '.join(names)}",
            )
        return AltitudeColumn(wanted.column, wanted.unit, wanted.reference)
    traffic = set(names) >= TRAFFIC
    candidates = [c for name in names if (c := _candidate(name, traffic)) is not None]
    if third is not None and (wanted is not None or not candidates):
        free = (None, None) if wanted is not None else third
        candidates.append(_Candidate(THIRD, *free))
    if wanted is not None:
        return _chosen(wanted, candidates, file)
    ready = [
        AltitudeColumn(c.name, c.unit, c.reference)
        for c in candidates
        if c.unit is not None and isinstance(c.reference, Reference) and c.strange is None
    ]
    if stated is not None or beside:
        # what stands beside the data speaks of the column whose name says nothing
        for c in candidates:
            if c.unit is not None and c.strange is None and c.reference in (None, "msl"):
                return AltitudeColumn(c.name, c.unit, stated)
    if not ready:
        raise _refusal(candidates, names, file)
    return min(ready, key=lambda c: _PREFERENCE.index(c.reference or _P))


def to_feet(values: NDArray[np.float64], unit: str, *, single: bool) -> NDArray[np.float64]:
    """Give feet; metres are rounded to a millionth of a foot so that levels come back exact.

    Flight level 350 is 10668 m, and 10668 / 0.3048 need not be 35000 in binary. ``single``
    says that the metres came in single precision, good to about a thousandth of a foot there:
    these are rounded to a hundredth.

    >>> to_feet(np.array([10668.0, 10972.8]), "m", single=False)
    array([35000., 36000.])
    """
    if unit == "ft":
        return values
    if unit == "fl":
        return values * 100.0
    return np.round(values / FOOT, 2 if single else 6)
