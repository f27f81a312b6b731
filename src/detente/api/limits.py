"""What one request may ask for, and how many requests: measured before the desk is asked."""

from collections.abc import Iterable
from datetime import datetime

from detente.api.caller import Caller
from detente.api.config import Limits
from detente.api.counter import Counter
from detente.api.problem import ProblemError
from detente.authority.extent import Extent, Path4D, Volume4D, span

__all__ = ["Measures"]


class Measures:
    """The limits, and what is left of them.

    Parameters
    ----------
    limits : of the configuration.
    counter : knows how many intents are open, and who is in which coalition.
    """

    def __init__(self, limits: Limits, counter: Counter) -> None:
        self._limits = limits
        self._counter = counter

    async def filing(self, caller: Caller, extent: Extent, now: datetime) -> None:
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
        _most("seconds ahead", (begin - now).total_seconds(), limits.ahead, "extent")

    def volumes(self, volumes: Iterable[Volume4D], field: str) -> None:
        """See that volumes are."""
        every = list(volumes)
        _most("volumes", len(every), self._limits.volumes, field)
        for k, v in enumerate(every):
            _most("corners", len(v.corners), self._limits.corners, f"{field}[{k}].corners")
            for name, feet in (("lower", v.lower), ("upper", v.upper)):
                if feet is not None:
                    _most("feet", abs(feet), self._limits.highest, f"{field}[{k}].{name}")


def _most(what: str, given: float, most: float, field: str) -> None:
    if not given <= most:
        raise ProblemError(
            "invalid", f"{given:g} {what}", field=field, mend=f"give {most:g} at most"
        )
