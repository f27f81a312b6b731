"""The day that a time of day is on, where a report bears only the time since midnight."""

from datetime import UTC, date, datetime

from detente.formats.decoded import SECOND

__all__ = ["DAY", "Midnight"]

DAY = 86_400 * SECOND
"""Nanoseconds in a day."""


class Midnight:
    """Put times of day on days: each is within twelve hours of another time that is known.

    Parameters
    ----------
    day : of the first time of a recording that has no other dates in it; each later time is
        put nearest to the one before. Without it, nearest to the time of reception.

    >>> Midnight(date(1970, 1, 1)).time(5, 0)
    5
    """

    def __init__(self, day: date | None = None) -> None:
        self._recorded = day is not None
        self._near: int | None = None
        self._first = 0
        if day is not None:
            self._first = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())

    def time(self, of_day: int, received: int) -> int:
        """Give the time, nanoseconds since 1970.

        Parameters
        ----------
        of_day : nanoseconds since midnight.
        received : when it was received; not looked at where the recording's day is known.
        """
        if not self._recorded:
            return _nearest(of_day, received)
        if self._near is None:
            self._near = self._first * SECOND + of_day
        else:
            self._near = _nearest(of_day, self._near)
        return self._near

    def unstated(self, received: int) -> int:
        """Give the time of a report that has none."""
        if not self._recorded:
            return received
        return self._first * SECOND if self._near is None else self._near


def _nearest(of_day: int, near: int) -> int:
    time = near - near % DAY + of_day
    if time - near > DAY // 2:
        return time - DAY
    if near - time > DAY // 2:
        return time + DAY
    return time
