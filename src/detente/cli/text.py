"""Text for a terminal: numbers, times and names that came from outside."""

from datetime import UTC, datetime

from detente.errors import InputError

__all__ = ["count", "instant", "moment", "printable"]

_SECOND = 1_000_000_000


def printable(text: str) -> str:
    r"""Escape what a terminal would obey: a name in a file is data, not a command to it.

    >>> print(printable("A\x1b[2J\n"))
    A\x1b[2J\n
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """Say how many.

    >>> count(1, "party", "parties"), count(1244, "flight")
    ('1 party', '1,244 flights')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def instant(nanoseconds: int, *, digits: int = 9) -> str:
    """Write nanoseconds since 1970 as ISO 8601 in UTC, to so many digits of a second.

    >>> instant(1_533_099_600_500_000_000), instant(1_533_099_600_500_000_000, digits=0)
    ('2018-08-01T05:00:00.500000000Z', '2018-08-01T05:00:00Z')
    """
    seconds, fraction = divmod(nanoseconds, _SECOND)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:09d}"[: 20 + digits if digits else 19] + "Z"


def moment(text: str, field: str) -> datetime:
    """Read a time that an option gives.

    Raises
    ------
    InputError : it cannot be read, or is naive.

    >>> moment("2026-07-01T14:00:00+02:00", "at").astimezone(UTC).hour
    12
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        what = "a time that cannot be read" if time is None else "a naive time"
        raise InputError(
            f"{what}: {text!r}", field=field,
            mend="write it as 2026-07-01T12:00:00Z, or with its offset from UTC",
        )  # fmt: skip
    return time
