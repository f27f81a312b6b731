"""The column names that this field's tools write, in one table.

Sources: Detente's own :data:`~detente.airspace.flights.FLIGHTS_SCHEMA`; the documentation of
the ``traffic`` library; the OpenSky Network's REST and Trino documentation; readsb's
README-json. Altitudes stand in :mod:`detente.formats.altitudes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from detente.airspace.altitude import Reference
from detente.errors import InputError
from detente.formats.altitudes import AltitudeColumn, Wanted, altitude_column, is_altitude
from detente.units import NAUTICAL_MILE

__all__ = ["KNOWN", "Columns", "is_known", "recognise"]

KNOWN: dict[str, tuple[str, ...]] = {
    "id": ("flight_id", "flightid", "trajectory_id", "track_id", "id"),
    "icao24": ("icao24", "icao_address", "icao", "hex"),
    "callsign": ("callsign", "flight"),
    "time": (
        "time",
        "timestamp",
        "datetime",
        "time_utc",
        "timestamp_utc",
        "datetime_utc",
        "time_position",
    ),
    "lat": ("lat", "latitude", "lat_deg", "latitude_deg"),
    "lon": ("lon", "lng", "long", "longitude", "lon_deg", "lng_deg", "longitude_deg"),
    "party": ("party",),
    "priority": ("priority",),
    "precedence": ("precedence",),
    "protection_h": ("protection_m", "protection_nm", "protection_km"),
    "protection_v": ("protection_ft",),
    "separation_class": ("separation_class",),
    "gap": ("gap",),
    "reference": ("altitude_reference",),
}
"""Part by part, the names it is known by; the first that is there is taken. Upper and lower
case are one, and so are a space, a hyphen and an underscore."""

_METRES = {"protection_m": 1.0, "protection_nm": NAUTICAL_MILE, "protection_km": 1000.0}
_ROLES = {name: role for role, names in KNOWN.items() for name in names}


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def is_known(name: str) -> bool:
    """Tell whether a column of this name is used."""
    return _plain(name) in _ROLES or is_altitude(name)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of one table plays which part; None where there is none."""

    altitude: AltitudeColumn
    time: str
    lat: str
    lon: str
    id: str | None
    icao24: str | None
    callsign: str | None
    party: str | None
    priority: str | None
    precedence: str | None
    protection_h: str | None
    protection_v: str | None
    separation_class: str | None
    gap: str | None
    reference: str | None

    @property
    def names(self) -> list[str]:
        """The columns that must be read."""
        found = (getattr(self, f.name) for f in fields(self) if f.name != "altitude")
        return [self.altitude.name, *dict.fromkeys(name for name in found if name is not None)]

    @property
    def keyed(self) -> bool:
        """Whether flights are told apart by aircraft and callsign, for want of an identifier."""
        return self.id is None

    @property
    def metres(self) -> float:
        """Metres in one unit of the horizontal protection."""
        return _METRES[_plain(self.protection_h)] if self.protection_h is not None else 1.0

    def name(self, role: str) -> str:
        """Give the column's own name, for errors."""
        if role == "altitude":
            return self.altitude.name
        own = getattr(self, role)
        if role == "id" and own is None:
            own = self.icao24 or self.callsign
        if role == "protection_h" and own is None:
            own = self.protection_v
        if role == "priority" and own is None:
            own = self.precedence
        return role if own is None else str(own)


def recognise(
    names: Sequence[str],
    *,
    file: str | None = None,
    wanted: Wanted | None = None,
    stated: Reference | None = None,
    third: tuple[str | None, Reference | None] | None = None,
    airline: bool = False,
) -> Columns:
    """Find each part among a table's column names.

    Parameters
    ----------
    names : the table's columns, in order.
    wanted, stated, third : see :func:`~detente.formats.altitudes.altitude_column`.
    airline : the callsign is needed, because parties are taken from it.

    Raises
    ------
    InputError : a part is missing, two columns bear one name, or the altitude is unclear.

    >>> recognise(["timestamp", "lat", "lon", "FL", "flight_id"]).altitude.unit
    'fl'
    """
    by_plain: dict[str, str] = {}
    for name in names:
        plain = _plain(name)
        if plain in by_plain and is_known(name):
            raise InputError(
                f"two columns named {plain!r}", file=file, field=name, mend="rename or remove one"
            )
        by_plain.setdefault(plain, name)
    found: dict[str, str | None] = {
        role: next((by_plain[name] for name in known if name in by_plain), None)
        for role, known in KNOWN.items()
    }
    for role in ("time", "lat", "lon"):
        if found[role] is None:
            raise _missing(role, names, file)
    keys = (found["id"], found["icao24"], found["callsign"])
    if keys == (None, None, None):
        raise _missing("id", names, file)
    if airline and found["callsign"] is None:
        raise _missing("callsign", names, file)
    if found["priority"] is not None and found["precedence"] is not None:
        raise InputError(
            "a priority and a precedence, which say the same in two ways",
            file=file,
            field=found["precedence"],
            mend="leave out one of the two columns",
        )
    altitude = altitude_column(
        names,
        file=file,
        wanted=wanted,
        stated=stated,
        beside=found["reference"] is not None,
        third=third,
    )
    return Columns(altitude=altitude, **found)  # type: ignore[arg-type]


def _missing(role: str, names: Sequence[str], file: str | None) -> InputError:
    return InputError(
        "missing column",
        file=file,
        field=KNOWN[role][0],
        mend=f"name a column one of {', '.join(KNOWN[role])}; the table has {', '.join(names)}",
    )
