"""State vectors of the OpenSky Network's REST interface (``/states/all``, ``/states/own``).

Source: the OpenSky Network's REST documentation (openskynetwork.github.io/opensky-api). Tables
of its historical database are read by :mod:`detente.formats.sightings`.
"""

from typing import Any

from detente.formats.decoded import Decoded
from detente.formats.document import coordinate, flag, items, number, parse, text
from detente.units import FOOT

__all__ = ["OpenSkyDecoder", "metres_to_feet"]

_FIELDS = 17


class OpenSkyDecoder:
    """Decode documents, each with the states of all aircraft.

    A state that is the same as in the document before is not given again: a document is asked
    for more often than aircraft are heard.

    Parameters
    ----------
    source : the feed's name.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._seen: dict[str, int] = {}

    def reset(self) -> None:
        """Nothing is half read between documents."""

    def decode(self, chunk: bytes, received: int) -> Decoded:
        """Decode a document; never raises.

        Parameters
        ----------
        chunk : the whole document.
        received : not looked at: each state has its times.
        """
        decoded = Decoded()
        document = parse(chunk, decoded.refused)
        if document is None:
            return decoded
        seen: dict[str, int] = {}
        for state in items(document, "states", decoded.refused):
            if not isinstance(state, list) or len(state) < _FIELDS:
                decoded.refused["state: not 17 fields"] += 1
            else:
                self._state(state, seen, decoded)
        self._seen = seen
        return decoded

    def _state(self, state: list[Any], seen: dict[str, int], decoded: Decoded) -> None:
        refused = decoded.refused
        positioned = state[5] is not None or state[6] is not None
        seconds = number(state[3] if positioned else state[4], "time", refused)
        if seconds is None or not 0.0 <= seconds < 1e10:
            refused["time: out of range"] += 1
            return
        time = round(seconds * 1e6) * 1000
        address = text(state[0], "address", refused).lower()
        seen[address] = time
        if self._seen.get(address) == time:
            decoded.unwanted["OpenSky: seen before"] += 1
            return
        climb = number(state[11], "climb", refused)
        decoded.add(
            self.source,
            time,
            address,
            "",
            text(state[1], "callsign", refused),
            text(state[14], "squawk", refused),
            coordinate(state[6]),
            coordinate(state[5]),
            metres_to_feet(number(state[7], "pressure", refused)),
            metres_to_feet(number(state[13], "geometric", refused)),
            number(state[9], "speed", refused),
            number(state[10], "course", refused),
            None if climb is None else climb / FOOT * 60.0,
            None,
            flag(state[8], "on_ground", refused),
        )


def metres_to_feet(metres: float | None) -> float | None:
    """Give feet, rounded to a millionth so that flight levels come back exact.

    >>> metres_to_feet(10668.0)
    35000.0
    """
    return None if metres is None else round(metres / FOOT, 6)
