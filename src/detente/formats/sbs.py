"""BaseStation (SBS-1) lines, as readsb, dump1090 and others serve them on port 30003.

Source: the description of the BaseStation socket data (woodair.net/sbs, "barebones42 socket
data"), and what the writers of dump1090 and readsb add to it (``net_io.c``): an altitude or
rate that ends in H is geometric, an address that begins with ~ is not ICAO's, and fields may
follow the 22.
"""

from collections import Counter
from datetime import UTC, datetime

from detente.formats.decoded import SECOND, Decoded
from detente.units import KNOT

__all__ = ["LONGEST", "SbsDecoder"]

LONGEST = 1024
"""Bytes that a line may have."""
_OTHERS = {name: f"SBS {name.decode()}" for name in (b"SEL", b"ID", b"AIR", b"STA", b"CLK")}
_KINDS = frozenset("12345678")
_SURFACE = "2"
_YES = frozenset(("-1", "1"))


class SbsDecoder:
    """Decode a stream of lines, cut anywhere.

    Parameters
    ----------
    source : the feed's name.
    utc : take the time at which a line says that it was generated, for UTC. Without it the time
        of reception is taken: the lines bear the receiver's own clock and no offset.

    >>> line = b"MSG,3,1,1,4CA7B6,1,,,,,,35000,,,50.1,8.2,,,0,0,0,0" + bytes([10])
    >>> SbsDecoder("hill").decode(line, 1_782_907_200_000_000_000).sightings[0].pressure
    35000.0
    """

    def __init__(self, source: str, *, utc: bool = False) -> None:
        self.source = source
        self.utc = utc
        self._rest = b""
        self._overlong = False
        self._day = ""
        self._midnight = 0

    def reset(self) -> None:
        """Forget the half line: the connection ended."""
        self._rest = b""
        self._overlong = False

    def decode(self, chunk: bytes, received: int) -> Decoded:
        """Decode the lines that are whole by now; never raises.

        Parameters
        ----------
        chunk : what came; the part after its last line end is kept, up to :data:`LONGEST`.
        received : when it came, nanoseconds since 1970.
        """
        decoded = Decoded()
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        if self._overlong and lines:
            # the end of a line of which the beginning was counted and thrown away
            self._overlong = False
            del lines[0]
        for line in lines:
            if len(line) > LONGEST:
                decoded.refused["line: too long"] += 1
            elif line and line != b"\r":
                self._line(line, received, decoded)
        if len(self._rest) > LONGEST:
            if not self._overlong:
                decoded.refused["line: too long"] += 1
            self._overlong = True
        if self._overlong:
            self._rest = b""
        return decoded

    def _line(self, line: bytes, received: int, decoded: Decoded) -> None:
        try:
            fields = line.decode("ascii").split(",")
        except UnicodeDecodeError:
            decoded.refused["line: not text"] += 1
            return
        refused = decoded.refused
        if fields[0] != "MSG":
            kind = _OTHERS.get(fields[0].encode())
            if kind is None:
                refused["line: not BaseStation's"] += 1
            else:
                decoded.unwanted[kind] += 1
            return
        if len(fields) < 22:
            refused["line: fewer than 22 fields"] += 1
            return
        if fields[1] not in _KINDS:
            refused["line: not of the kinds 1 to 8"] += 1
            return
        time = received
        if self.utc:
            stated = self._time(fields[6], fields[7])
            if stated is None:
                refused["time: not one"] += 1
                return
            time = stated
        address, number = fields[4].strip().lower(), ""
        if address[:1] == "~":
            address, number = "", address if len(address) == 7 else ""
        try:
            lat = float(fields[14]) if fields[14] else None
            lon = float(fields[15]) if fields[15] else None
        except ValueError:
            refused["position: not a number"] += 1
            return
        level = fields[11]
        pressure = geometric = None
        if level[-1:] == "H":
            geometric = _number(level[:-1], "geometric: not a number", refused)
        elif level:
            pressure = _number(level, "pressure: not a number", refused)
        speed = _number(fields[12], "speed: not a number", refused)
        squawk = fields[17].strip()
        decoded.add(
            self.source,
            time,
            address,
            number,
            fields[10].strip(" @"),
            squawk.zfill(4) if squawk else "",
            lat,
            lon,
            pressure,
            geometric,
            None if speed is None else speed * KNOT,
            _number(fields[13], "course: not a number", refused),
            _number(fields[16].rstrip("H"), "climb: not a number", refused),
            None,
            fields[1] == _SURFACE or fields[21].strip() in _YES,
        )

    def _time(self, day: str, clock: str) -> int | None:
        """Read 2026/07/01 and 12:00:00.123; nanoseconds since 1970."""
        try:
            if day != self._day:
                date = datetime.strptime(day, "%Y/%m/%d").replace(tzinfo=UTC)
                self._midnight = int(date.timestamp()) * SECOND
                self._day = day
            hours, minutes, seconds = clock.split(":")
            h, m, s = int(hours), int(minutes), float(seconds)
        except (ValueError, OverflowError):
            return None
        if not (0 <= h < 24 and 0 <= m < 60 and 0.0 <= s < 61.0):
            return None
        return self._midnight + (h * 3600 + m * 60) * SECOND + round(s * 1e9)


def _number(text: str, reason: str, refused: Counter[str]) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        refused[reason] += 1
        return None
