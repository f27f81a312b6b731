"""Which columns of a table say what a sensor saw, in which units.

As with altitudes, a unit is known by the tool that wrote the table or stands in the name; a
column of which it is not known is not read. Sources: the documentation of the ``traffic``
library; the OpenSky Network's REST and Trino documentation; readsb's README-json.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.airspace.altitude import Reference
from detente.errors import InputError
from detente.formats.altitudes import TRAFFIC, AltitudeColumn, Wanted, altitude_column
from detente.formats.columns import KNOWN
from detente.units import FOOT, KNOT

__all__ = [
    "BY_TOOL",
    "NAMED",
    "OPENSKY",
    "POSITION_TIMES",
    "READSB",
    "Observed",
    "Quantity",
    "observe",
]

_TO_FT_MIN = 60.0 / FOOT
OPENSKY = {"baroaltitude", "baro_altitude", "geoaltitude", "geo_altitude", "vertrate"}
READSB = {"alt_baro", "alt_geom", "baro_rate"}
NAMED: Mapping[str, Mapping[str, float]] = {
    "speed": {"speed_kt": KNOT, "groundspeed_kt": KNOT, "speed_m_s": 1.0, "groundspeed_m_s": 1.0},
    "course": {"course_deg": 1.0, "track_deg": 1.0, "true_track": 1.0},
    "climb": {
        "climb_ft_min": 1.0,
        "vertical_rate_ft_min": 1.0,
        "climb_m_s": _TO_FT_MIN,
        "vertical_rate_m_s": _TO_FT_MIN,
    },
    "accuracy": {"accuracy_m": 1.0},
}
BY_TOOL: Sequence[tuple[str, Mapping[str, Mapping[str, float]]]] = (
    (
        "traffic",
        {
            "speed": {"groundspeed": KNOT},
            "course": {"track": 1.0},
            "climb": {"vertical_rate": 1.0},
        },
    ),
    (
        "OpenSky",
        {
            "speed": {"velocity": 1.0},
            "course": {"heading": 1.0},
            "climb": {"vertrate": _TO_FT_MIN, "vertical_rate": _TO_FT_MIN},
        },
    ),
    (
        "readsb",
        {
            "speed": {"gs": KNOT},
            "course": {"track": 1.0},
            "climb": {"baro_rate": 1.0, "geom_rate": 1.0},
        },
    ),
)
POSITION_TIMES = ("lastposupdate", "last_position", "time_position")
_GROUND = ("on_ground", "onground")
_KIND = ("typecode", "kind")
_SAY = 'say which: altitude="ft:pressure" or "m:wgs84"'


@dataclass(frozen=True, slots=True)
class Quantity:
    """A column of numbers, and what one of its units is."""

    name: str
    unit: float


@dataclass(frozen=True, slots=True)
class Observed:
    """Which column plays which part; None where there is none.

    Parameters
    ----------
    time : when the row was true.
    position_time : when its position was, where the table tells the two apart.
    altitudes : the columns of altitudes that stand above the pressure level or the ellipsoid.
    reference : tells row by row what the first of the altitudes is above.
    quantities : speed, course, climb and accuracy, to the column of each.
    """

    time: str
    position_time: str | None
    lat: str
    lon: str
    address: str | None
    number: str | None
    callsign: str | None
    squawk: str | None
    ground: str | None
    kind: str | None
    altitudes: tuple[AltitudeColumn, ...]
    reference: str | None
    quantities: Mapping[str, Quantity]

    @property
    def names(self) -> list[str]:
        """The columns that must be read."""
        own = (
            self.time, self.position_time, self.lat, self.lon, self.address, self.number,
            self.callsign, self.squawk, self.ground, self.kind, self.reference,
        )  # fmt: skip
        found = [name for name in own if name is not None]
        found += [column.name for column in self.altitudes]
        found += [quantity.name for quantity in self.quantities.values()]
        return list(dict.fromkeys(found))


def observe(
    names: Sequence[str],
    *,
    file: str | None = None,
    altitude: str | None = None,
    stated: Reference | None = None,
) -> Observed:
    """Find each part among a table's column names.

    Parameters
    ----------
    names : the table's columns.
    altitude : what the altitudes are, where their column does not say it:
        ``[unit:]reference[:column]``.
    stated : the reference that stands in the table's metadata.

    Raises
    ------
    InputError : no time, no position, nothing that tells aircraft apart, or a wanted altitude
        that is above neither the pressure level nor the ellipsoid.

    >>> names = ["timestamp", "latitude", "longitude", "altitude", "icao24", "callsign"]
    >>> observe([*names, "groundspeed"]).quantities["speed"].name
    'groundspeed'
    """
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(name.strip().lower().replace(" ", "_").replace("-", "_"), name)

    def first(known: Sequence[str]) -> str | None:
        return next((by_plain[name] for name in known if name in by_plain), None)

    def needed(role: str) -> str:
        found = first(KNOWN[role])
        if found is None:
            raise InputError(
                "missing column",
                file=file,
                field=KNOWN[role][0],
                mend=f"name a column one of {', '.join(KNOWN[role])};"
                f" the table has {', '.join(names)}",
            )
        return found

    address, number, callsign = (first(KNOWN[role]) for role in ("icao24", "id", "callsign"))
    if address is None and number is None and callsign is None:
        needed("id")
    plain = set(by_plain)
    tool = _tool(plain)
    known = next((columns for name, columns in BY_TOOL if name == tool), {})
    quantities = {}
    for role, units in NAMED.items():
        for name, unit in {**units, **known.get(role, {})}.items():
            if name in by_plain and role not in quantities:
                quantities[role] = Quantity(by_plain[name], unit)
    reference = first(KNOWN["reference"])
    return Observed(
        time=first(KNOWN["time"]) or first(POSITION_TIMES) or needed("time"),
        position_time=first(POSITION_TIMES),
        lat=needed("lat"),
        lon=needed("lon"),
        address=address,
        number=number,
        callsign=callsign,
        squawk=first(("squawk",)),
        ground=first(_GROUND),
        kind=first(_KIND),
        altitudes=_altitudes(names, by_plain, file, altitude, stated, reference, tool),
        reference=reference,
        quantities=quantities,
    )


def _tool(plain: set[str]) -> str:
    if plain >= TRAFFIC:
        return "traffic"
    if plain & OPENSKY:
        return "OpenSky"
    return "readsb" if plain & READSB else ""


def _altitudes(
    names: Sequence[str],
    by_plain: Mapping[str, str],
    file: str | None,
    altitude: str | None,
    stated: Reference | None,
    reference: str | None,
    tool: str,
) -> tuple[AltitudeColumn, ...]:
    """Find one column for each of the two references."""
    if altitude is not None:
        wanted = Wanted.parse(altitude)
        if wanted.reference not in (Reference.PRESSURE, Reference.WGS84):
            raise InputError(
                f"altitudes above {wanted.reference.value}",
                file=file,
                field="altitude",
                mend="a sighting's altitude is above the pressure level or the ellipsoid",
            )
        return (altitude_column(names, file=file, wanted=wanted),)
    found: dict[Reference, AltitudeColumn] = {}
    if tool == "traffic":
        # it turns the metres of both into feet and keeps the names
        found[Reference.PRESSURE] = AltitudeColumn(by_plain["altitude"], "ft", Reference.PRESSURE)
        if "geoaltitude" in by_plain:
            found[Reference.WGS84] = AltitudeColumn(by_plain["geoaltitude"], "ft", Reference.WGS84)
        return tuple(found.values())
    for name in names:
        try:
            column = altitude_column([name], file=file, stated=stated, beside=reference is not None)
        except InputError:
            continue  # not an altitude, or not clear which
        if column.reference is None:
            return (column,)
        if column.reference in (Reference.PRESSURE, Reference.WGS84):
            found.setdefault(column.reference, column)
    return tuple(found.values())
