"""Flights of network remote identification, as service providers answer display providers.

Source: ASTM F3411-22a (its interface of version 2.1: ``GET /uss/flights``), whose
words for "unknown" are kept to: a speed of 255, a track of 361, a vertical speed of 63, an
altitude of -1000, a position of 0, 0. The older interface (F3411-19), in which times are plain
text, is read too. Types are turned into designators of ICAO Doc 8643 where it has one.
"""

from typing import Any

from detente.formats.decoded import Decoded
from detente.formats.document import coordinate, flag, items, number, parse, stamp, text
from detente.formats.opensky import metres_to_feet
from detente.units import FOOT, NAUTICAL_MILE

__all__ = ["RemoteIdDecoder"]

_NO_SPEED, _NO_TRACK, _NO_CLIMB, _NO_ALTITUDE = 255.0, 361.0, 63.0, -1000.0
_ACCURACIES = {
    "HA10NM": 10.0 * NAUTICAL_MILE,
    "HA4NM": 4.0 * NAUTICAL_MILE,
    "HA2NM": 2.0 * NAUTICAL_MILE,
    "HA1NM": NAUTICAL_MILE,
    "HA05NM": 0.5 * NAUTICAL_MILE,
    "HA03NM": 0.3 * NAUTICAL_MILE,
    "HA01NM": 0.1 * NAUTICAL_MILE,
    "HA005NM": 0.05 * NAUTICAL_MILE,
    "HA30m": 30.0,
    "HA10m": 10.0,
    "HA3m": 3.0,
    "HA1m": 1.0,
}
_KINDS = {
    "Gyroplane": "GYRO",
    "Glider": "GLID",
    "FreeBalloon": "BALL",
    "CaptiveBalloon": "BALL",
    "Airship": "SHIP",
}


class RemoteIdDecoder:
    """Decode documents, each with the flights of an area.

    Positions that the document before had are not given again.

    Parameters
    ----------
    source : the feed's name.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._seen: dict[str, set[int]] = {}

    def reset(self) -> None:
        """Nothing is half read between documents."""

    def decode(self, chunk: bytes, received: int) -> Decoded:
        """Decode a document; never raises.

        Parameters
        ----------
        chunk : the whole document.
        received : not looked at: each position has its time.
        """
        decoded = Decoded()
        document = parse(chunk, decoded.refused)
        if document is None:
            return decoded
        seen: dict[str, set[int]] = {}
        for flight in items(document, "flights", decoded.refused):
            if isinstance(flight, dict):
                self._flight(flight, seen, decoded)
            else:
                decoded.refused["flight: not an object"] += 1
        self._seen = seen
        return decoded

    def _flight(self, flight: dict[str, Any], seen: dict[str, set[int]], decoded: Decoded) -> None:
        refused = decoded.refused
        name = text(flight.get("id"), "identity", refused)
        if not name:
            refused["identity: none"] += 1
            return
        if flag(flight.get("simulated"), "simulated", refused):
            decoded.unwanted["remote id: simulated"] += 1
            return
        kind = _KINDS.get(text(flight.get("aircraft_type"), "aircraft_type", refused), "")
        known = self._seen.get(name, set())
        reports: list[tuple[int, dict[str, Any], dict[str, Any]]] = []
        for recent in items(flight, "recent_positions", refused):
            self._report(recent, "time", {}, reports, decoded)
        state = flight.get("current_state")
        if state is not None:
            self._report(state, "timestamp", state, reports, decoded)
        now = seen.setdefault(name, set())
        # by time, and the current state, which says most, in place of a position of its time
        for time, position, more in sorted(reports, key=lambda r: (r[0], not r[2])):
            if time in now:
                continue
            now.add(time)
            if time in known:
                decoded.unwanted["remote id: seen before"] += 1
            else:
                self._add(name, kind, time, position, more, decoded)

    def _report(
        self,
        report: Any,
        time_name: str,
        more: Any,
        reports: list[tuple[int, dict[str, Any], dict[str, Any]]],
        decoded: Decoded,
    ) -> None:
        if not isinstance(report, dict):
            decoded.refused["position: not an object"] += 1
            return
        position = report.get("position") or {}
        if not isinstance(position, dict):
            decoded.refused["position: not an object"] += 1
            return
        time = stamp(report.get(time_name), decoded.refused)
        if time is not None:
            reports.append((time, position, more))

    def _add(
        self,
        name: str,
        kind: str,
        time: int,
        position: dict[str, Any],
        more: dict[str, Any],
        decoded: Decoded,
    ) -> None:
        refused = decoded.refused
        if flag(position.get("extrapolated"), "extrapolated", refused):
            decoded.unwanted["remote id: extrapolated"] += 1
            return
        lat = coordinate(position.get("lat"))
        lon = coordinate(position.get("lng"))
        if lat == 0.0 and lon == 0.0:
            lat = lon = None
        accuracy = position.get("accuracy_h")
        climb = _known(more.get("vertical_speed"), _NO_CLIMB, "climb", decoded)
        decoded.add(
            self.source,
            time,
            "",
            name,
            "",
            "",
            lat,
            lon,
            metres_to_feet(
                _known(position.get("pressure_altitude"), _NO_ALTITUDE, "pressure", decoded)
            ),
            metres_to_feet(_known(position.get("alt"), _NO_ALTITUDE, "geometric", decoded)),
            _known(more.get("speed"), _NO_SPEED, "speed", decoded),
            _known(more.get("track"), _NO_TRACK, "course", decoded),
            None if climb is None else climb / FOOT * 60.0,
            _ACCURACIES.get(accuracy) if lat is not None and isinstance(accuracy, str) else None,
            more.get("operational_status") == "Ground",
            kind,
        )


def _known(value: Any, unknown: float, field: str, decoded: Decoded) -> float | None:
    given = number(value, field, decoded.refused)
    return None if given == unknown else given
