"""ASTERIX category 062: what trackers of many sensors report.

Source: EUROCONTROL-SPEC-0149-9. A system track that its tracker only extrapolates is not a
sighting, and neither is the last message of a track that ends.
"""

import math

from detente.formats.decoded import SECOND, Decoded
from detente.formats.midnight import Midnight
from detente.formats.sixbit import six_bit
from detente.formats.uap import Profile, Values

__all__ = ["Cat062"]

_IN_CIRCLE = math.sqrt(-2.0 * math.log(0.05))
"""Standard deviations that 95 of 100 positions are within, where both axes have the same."""
_DEGREE = 111_320.0
_ON_GROUND = (1, 3)
_DOWNLINKED = 0


class Cat062:
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
        self._unseen = {
            "CAT062 simulated": field("080.SIM"),
            "CAT062 coasted": field("080.CST"),
            "CAT062 ended": field("080.TSE"),
        }
        self._surface = field("080.SFC")
        self._status, self._ground = field("380.COM.STAT"), field("380.SAB.GBS")
        self._address, self._number = field("380.ADR"), field("040")
        self._squawk, self._garbled = field("060.MODE3A"), field("060.G")
        self._callsign = field("380.ID")
        self._identity, self._origin = field("245.CHR"), field("245.STI")
        self._lat, self._lon = field("105.LAT"), field("105.LON")
        self._level, self._measured = field("135.CTB"), field("136")
        self._corrected = field("135.QNH")
        self._height = field("130")
        self._east, self._north = field("185.VX"), field("185.VY")
        self._climb = field("220")
        self._time = field("070")
        self._x, self._y = field("500.APC.X"), field("500.APC.Y")
        self._across, self._along = field("500.APW.LON"), field("500.APW.LAT")

    def read(
        self, block: bytes, at: int, received: int, midnight: Midnight, decoded: Decoded
    ) -> int:
        """Read the record that begins at a byte of a data block; give where the next begins."""
        values, at = self._profile.record(block, at)
        for name, flag in self._unseen.items():
            if flag.raw(values):
                decoded.unwanted[name] += 1
                return at
        seconds = self._time(values)
        if seconds is None:
            time = midnight.unstated(received)
        elif seconds < 86_400.0:
            time = midnight.time(round(seconds * SECOND), received)
        else:
            decoded.refused["time: beyond a day"] += 1
            return at
        address = self._address.raw(values)
        track = self._number.raw(values)
        squawk = None if self._garbled.raw(values) else self._squawk.raw(values)
        lat, lon = self._lat(values), self._lon(values)
        east, north = self._east(values), self._north(values)
        speed = course = None
        if east is not None and north is not None:
            speed = math.hypot(east, north)
            course = math.degrees(math.atan2(east, north)) % 360.0 if speed else None
        decoded.add(
            self._source,
            time,
            "" if address is None else f"{address:06x}",
            ""
            if track is None
            else f"{self._sac.raw(values) or 0}.{self._sic.raw(values) or 0}.{track}",
            self._called(values),
            "" if squawk is None else f"{squawk:04o}",
            lat,
            lon,
            self._pressure(values),
            self._height(values),
            speed,
            course,
            self._climb(values),
            None if lat is None else self._accuracy(values, lat),
            bool(self._surface.raw(values) or self._ground.raw(values))
            or self._status.raw(values) in _ON_GROUND,
        )
        return at

    def _called(self, values: Values) -> str:
        """Give the callsign that the aircraft itself sent; a flight plan's is no evidence."""
        callsign = self._callsign.raw(values)
        if callsign is None and self._origin.raw(values) == _DOWNLINKED:
            callsign = self._identity.raw(values)
        return "" if callsign is None else six_bit(callsign)

    def _pressure(self, values: Values) -> float | None:
        """Give the tracked level, which is as new as the position, else the last measured one."""
        level = self._level(values)
        if level is None or self._corrected.raw(values):
            level = self._measured(values)
        return None if level is None else level * 100.0

    def _accuracy(self, values: Values, lat: float) -> float | None:
        x, y = self._x(values), self._y(values)
        if x is None or y is None:
            x, y = self._across(values), self._along(values)
            if x is None or y is None:
                return None
            x, y = x * _DEGREE * math.cos(math.radians(lat)), y * _DEGREE
        # the wider axis for both: never better than it is
        return _IN_CIRCLE * max(x, y) or None
