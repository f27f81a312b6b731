"""What one request may ask for, and how many requests: measured before the desk is asked."""

import math
from collections import Counter as Counts
from collections.abc import Iterable

from detente.api.caller import Caller, Role
from detente.api.config import Limits
from detente.api.counter import Counter
from detente.api.problem import ProblemError
from detente.authority.extent import Extent, Path4D, Volume4D, span
from detente.earth import GEOD

__all__ = ["Measures"]

_WINDOW = 60.0
_HOUR = 3_600.0


class Measures:
    """The limits, and what is left of them in this process.

    Requests are counted in whole minutes of the clock, so that ``Retry-After`` is the same for
    everybody and tells nothing of what others ask.

    Parameters
    ----------
    limits : of the configuration.
    counter : knows how many intents are open, who is in which coalition, and what time it is.
    """

    def __init__(self, limits: Limits, counter: Counter) -> None:
        self._limits = limits
        self._counter = counter
        self._window = self._hour = 0
        self._asked: dict[str, int] = {}
        self._spoken: Counts[str] = Counts()

    def admit(self, caller: Caller) -> None:
        """Count a request.

        Raises
        ------
        ProblemError : the caller, or the members of one of its coalitions together, have
            asked too often in this minute.
        """
        now = self._counter.clock()
        window = int(now // _WINDOW)
        if window != self._window:
            self._window, self._asked = window, {}
        too_many = self._count(f"{caller.role}:{caller.subject}", self._limits.requests)
        if caller.role is Role.PARTY:
            known = self._counter.desk.state.parties.get(caller.subject)
            for coalition in known.coalitions if known else ():
                too_many |= self._count(f"coalition:{coalition}", self._limits.coalition_requests)
        if too_many:
            raise _wait("too many requests in this minute", _WINDOW * (window + 1) - now)

    def filing(self, caller: Caller, extent: Extent) -> None:
        """See that a flight is within the limits.

        Raises
        ------
        ProblemError : it is not; the field and the limit are named.
        """
        limits = self._limits
        if isinstance(extent, Path4D):
            _most("fixes", len(extent.seconds), limits.fixes, "extent.seconds")
            _most("feet", max(map(abs, extent.alt), default=0.0), limits.highest, "extent.alt")
        else:
            self.volumes(extent, "extent")
        begin, end = span(extent)
        _most("seconds", (end - begin).total_seconds(), limits.duration, "extent")
        _most("seconds ahead", (begin - self._counter.now).total_seconds(), limits.ahead, "extent")
        # one number, its own: it need not wait for what is being decided
        opened = self._counter.desk.state.open_intents(caller.subject)
        if opened >= limits.open_intents:
            raise ProblemError(
                "too-many",
                f"{opened} intents are open",
                mend="end or withdraw some",
                headers={"Retry-After": "60"},
            )

    def volumes(self, volumes: Iterable[Volume4D], field: str) -> None:
        """See that volumes are.

        Raises
        ------
        ProblemError : they are not.
        """
        every = list(volumes)
        _most("volumes", len(every), self._limits.volumes, field)
        for k, v in enumerate(every):
            self.volume(v, f"{field}[{k}]")

    def volume(self, v: Volume4D, field: str) -> None:
        """See that a volume is.

        Raises
        ------
        ProblemError : it is not.
        """
        limits = self._limits
        _most("corners", len(v.corners), limits.corners, f"{field}.corners")
        _most("square kilometres", _area(v), limits.area, field)
        for name, feet in (("lower", v.lower), ("upper", v.upper)):
            if feet is not None:
                _most("feet", abs(feet), limits.highest, f"{field}.{name}")

    def statement(self, caller: Caller, key: str) -> None:
        """Count a statement that a party enters or shares with more: all may have to hear of it.

        One that was entered under this key is not another.

        Raises
        ------
        ProblemError : the party has said too much in this hour.
        """
        desk = self._counter.desk
        if caller.role is not Role.PARTY or desk.state.answered(caller.by, key) is not None:
            return
        now = self._counter.clock()
        hour = int(now // _HOUR)
        if hour != self._hour:
            self._hour, self._spoken = hour, Counts()
        if self._spoken[caller.subject] >= self._limits.statements:
            raise _wait("too many statements in this hour", _HOUR * (hour + 1) - now)
        self._spoken[caller.subject] += 1

    def _count(self, who: str, most: int) -> bool:
        """Count one more; tell whether it is too many."""
        count = self._asked.get(who, 0)
        if count >= most:
            return True
        self._asked[who] = count + 1
        return False


def _wait(what: str, seconds: float) -> ProblemError:
    """Make what somebody is told whose window is used up, and ends in so many seconds."""
    return ProblemError(
        "too-many", what, mend="wait as long as Retry-After says",
        headers={"Retry-After": str(max(1, math.ceil(seconds)))},
    )  # fmt: skip


def _area(volume: Volume4D) -> float:
    """Give square kilometres, of a polygon those within its sides as geodesics."""
    if volume.centre is not None:
        return math.pi * (volume.radius * volume.radius) * 1e-6  # ** overflows with an error
    if len(volume.corners) < 3:
        return 0.0  # the authority says what is wrong with it
    lats, lons = zip(*volume.corners, strict=True)
    area, _ = GEOD.polygon_area_perimeter(lons, lats)
    return abs(area) * 1e-6


def _most(what: str, given: float, most: float, field: str) -> None:
    if not given <= most:
        raise ProblemError(
            "invalid", f"{given:g} {what}", field=field, mend=f"give {most:g} at most"
        )
