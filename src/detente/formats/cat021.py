"""ASTERIX category 021: what stations for ADS-B report.

Source: EUROCONTROL-SPEC-0149-12. Accuracies are the position uncertainties that NACp stands for
in DO-260B, and NUCp in DO-260: metres that the position is within, 95 of 100 times.
"""

from detente.formats.decoded import SECOND, Decoded
from detente.formats.midnight import DAY, Midnight
from detente.formats.sixbit import six_bit
from detente.formats.uap import Profile, Values
from detente.units import NAUTICAL_MILE

__all__ = ["Cat021"]

_NACP = (
    None,
    *(miles * NAUTICAL_MILE for miles in (10.0, 4.0, 2.0, 1.0, 0.5, 0.3, 0.1, 0.05)),
    30.0,
    10.0,
    3.0,
)
_NUCP = (
    None,
    *(miles * NAUTICAL_MILE for miles in (10.0, 5.0, 1.0, 0.5, 0.25, 0.1, 0.05)),
    10.0,
    3.0,
)
_BEYOND = 0x7FFF * 6.25
_RESERVED = 3
_SUSPECT = 1


class Cat021:
    """Read the records of one edition.

    Parameters
    ----------
    source : the feed's name.
    profile : the edition.
    """

    def __init__(self, source: str, profile: Profile) -> None:
        self._source = source
        self._profile = profile
        field = profile.field
        self._sac, self._sic = field("010.SAC"), field("010.SIC")
        self._unreal = {
            "CAT021 simulated": field("040.SIM"),
            "CAT021 test target": field("040.TST"),
            "CAT021 field monitor": field("040.RAB"),
        }
        self._doubts = [field(f"040.{name}") for name in ("IPC", "NOGO", "CPR", "RCF")]
        self._confidence = field("040.CL")
        self._kind, self._ground = field("040.ATP"), field("040.GBS")
        # editions before 2.0 count the kinds of address otherwise
        self._icao = 1 if profile.edition.startswith("0.") else 0
        self._address, self._number = field("080"), field("161.TRNUM")
        self._squawk, self._garbled = field("070.MODE3A"), field("070.G")
        self._callsign = field("170")
        self._lat, self._lon = field("130.LAT"), field("130.LON")
        self._fine_lat, self._fine_lon = field("131.LAT"), field("131.LON")
        self._level, self._height = field("145"), field("140")
        self._speed, self._course = field("160.GS"), field("160.TA")
        self._speed_beyond = field("160.RE")
        self._climbs = [
            (field("155.BVR"), field("155.RE")),
            (field("157.GVR"), field("157.RE")),
            (field("155"), field("155.RE")),
            (field("157"), field("157.RE")),
        ]
        self._applied, self._heard = field("071"), field("073")
        self._step, self._fraction = field("074.FSI"), field("074.TOMRP")
        self._later = [field("075"), field("077"), field("030")]
        self._version = field("210.VN")
        self._nacp, self._nucp = field("090.NACP"), field("090.NUCPNIC")

    def read(
        self, block: bytes, at: int, received: int, midnight: Midnight, decoded: Decoded
    ) -> int:
        """Read the record that begins at a byte of a data block; give where the next begins."""
        values, at = self._profile.record(block, at)
        for name, flag in self._unreal.items():
            if flag.raw(values):
                decoded.unwanted[name] += 1
                return at
        time = self._time(values)
        if time is None:
            time = midnight.unstated(received)
        elif time < DAY:
            time = midnight.time(time, received)
        else:
            decoded.refused["time: beyond a day"] += 1
            return at
        address, number = "", ""
        stated = self._address.raw(values)
        kind = self._kind.raw(values)
        if stated is not None and kind in (None, self._icao):
            address = f"{stated:06x}"
        station = f"{self._sac.raw(values) or 0}.{self._sic.raw(values) or 0}"
        track = self._number.raw(values)
        if track is not None:
            number = f"{station}.{track}"
        elif stated is not None and not address:
            number = f"{station}.~{stated:06x}"
        squawk = None if self._garbled.raw(values) else self._squawk.raw(values)
        callsign = self._callsign.raw(values)
        lat, lon = self._fine_lat(values), self._fine_lon(values)
        if lat is None:
            lat, lon = self._lat(values), self._lon(values)
        if lat is not None and self._doubted(values):
            decoded.refused["position: doubted by its station"] += 1
            lat = lon = None
        level, height = self._level(values), self._height(values)
        speed = None if self._speed_beyond.raw(values) else self._speed(values)
        decoded.add(
            self._source,
            time,
            address,
            number,
            "" if callsign is None else six_bit(callsign),
            "" if squawk is None else f"{squawk:04o}",
            lat,
            lon,
            None if level is None else level * 100.0,
            None if height == _BEYOND else height,
            None if speed is None else speed * NAUTICAL_MILE,
            self._course(values),
            self._climb(values),
            None if lat is None else self._accuracy(values),
            bool(self._ground.raw(values)),
        )
        return at

    def _time(self, values: Values) -> int | None:
        """Give nanoseconds since midnight, of the position where that is said."""
        seconds = self._applied(values)
        if seconds is None:
            seconds = self._heard(values)
            step, fraction = self._step.raw(values), self._fraction(values)
            if seconds is not None and fraction is not None and step != _RESERVED:
                whole = int(seconds) + (0, 1, -1)[step or 0]
                return (whole * SECOND + round(fraction * SECOND)) % DAY
        for field in self._later:
            if seconds is not None:
                break
            seconds = field(values)
        return None if seconds is None else round(seconds * SECOND)

    def _doubted(self, values: Values) -> bool:
        return self._confidence.raw(values) == _SUSPECT or any(
            doubt.raw(values) for doubt in self._doubts
        )

    def _climb(self, values: Values) -> float | None:
        for rate, beyond in self._climbs:
            climb = rate(values)
            if climb is not None and not beyond.raw(values):
                return climb
        return None

    def _accuracy(self, values: Values) -> float | None:
        nacp = self._nacp.raw(values)
        if nacp:
            return _NACP[nacp] if nacp < len(_NACP) else None
        # of a version that is not known, or later than DO-260, the code says integrity instead
        nucp = self._nucp.raw(values)
        if nucp is not None and self._version.raw(values) == 0 and nucp < len(_NUCP):
            return _NUCP[nucp]
        return None
