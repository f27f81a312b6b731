"""What is done with a bad row or flight: refuse it, or leave it out, count it and say which."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from detente.errors import InputError

__all__ = ["KINDS", "Code", "Fault", "Faults"]


class Code(IntEnum):
    """The kinds, as numbers that fit in a byte; 0 is none."""

    UNREAD_TIME = 1
    NAIVE_TIME = 2
    LAT = 3
    LON = 4
    ALTITUDE = 5
    LAT_RANGE = 6
    LON_RANGE = 7
    PRIORITY = 8
    PROTECTION = 9
    BACKWARDS = 10
    SINGLE = 11
    PARTIES = 12
    PRIORITIES = 13


class Fault(NamedTuple):
    """A kind of fault that lies in one fix.

    Parameters
    ----------
    what : in words, as errors and counts say it.
    role : the column's part (a field of :class:`~detente.formats.columns.Columns`).
    mend : what to do.
    """

    what: str
    role: str
    mend: str


_NUMBER = "correct or remove the fix"
_DEGREES = "give degrees; are latitude and longitude exchanged?"

KINDS: dict[Code, Fault] = {
    Code.UNREAD_TIME: Fault(
        "a time that cannot be read", "time", "write it as 2026-07-01T12:00:00Z"
    ),
    Code.NAIVE_TIME: Fault(
        "a naive time", "time", "add the offset from UTC, as in 12:00:00+02:00, or Z"
    ),
    Code.LAT: Fault("a latitude that is not a finite number", "lat", _NUMBER),
    Code.LON: Fault("a longitude that is not a finite number", "lon", _NUMBER),
    Code.ALTITUDE: Fault("an altitude that is not a finite number", "altitude", _NUMBER),
    Code.LAT_RANGE: Fault("a latitude outside -90 to 90", "lat", _DEGREES),
    Code.LON_RANGE: Fault("a longitude outside -360 to 360", "lon", _DEGREES),
    Code.PRIORITY: Fault("a priority that is no whole number of 16 bits", "priority", _NUMBER),
    Code.PROTECTION: Fault(
        "a protection that is not above 0, or one of the two without the other",
        "protection_h",
        "give protection_m (or protection_nm) and protection_ft together, or neither",
    ),
    Code.BACKWARDS: Fault(
        "time does not increase within the flight",
        "time",
        "put its fixes in order of time, and each once",
    ),
    Code.SINGLE: Fault(
        "a flight of a single point",
        "id",
        "give at least two fixes; one position has no motion",
    ),
    Code.PARTIES: Fault(
        "one flight id with different parties",
        "party",
        "give each party's flight its own id",
    ),
    Code.PRIORITIES: Fault(
        "one flight with different priorities", "priority", "give one priority per flight"
    ),
}
"""Every kind of fault that a fix or a flight can have."""


def _silent(_: InputError) -> None:
    return None


@dataclass(slots=True)
class Faults:
    """The one place where a bad flight is either refused or left out.

    Parameters
    ----------
    file : the file's name, for errors.
    skip : leave bad flights out instead of refusing them.
    warn : is given each flight's error where it is left out.
    counts : reason by reason, how many were left out.
    """

    file: str | None
    skip: bool = False
    warn: Callable[[InputError], None] = _silent
    counts: dict[str, int] = field(default_factory=dict)

    def refuse(self, error: InputError, reason: str) -> None:
        """Raise the error; or, where bad flights are skipped, count it and hand it to ``warn``."""
        if not self.skip:
            raise error
        self.count(reason)
        self.warn(error)

    def count(self, reason: str, times: int = 1) -> None:
        """Add to what was left out."""
        if times:
            self.counts[reason] = self.counts.get(reason, 0) + times
