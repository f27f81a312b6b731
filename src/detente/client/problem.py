"""What can go wrong between a client and the authority: a problem it answered, or no answer."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
import msgspec
from msgspec import Struct

__all__ = [
    "ClientError",
    "Forbidden",
    "NotFound",
    "Problem",
    "TooMany",
    "Unauthenticated",
    "Unreachable",
    "WrongVersion",
    "problem_in",
]


class ClientError(Exception):
    """A call that came to nothing."""


class Unreachable(ClientError):  # noqa: N818 - it says enough
    """No answer in time; whether a write was done is not known: send it with the same key."""


class Problem(ClientError):  # noqa: N818 - it is an answer
    """The service's answer that something is wrong (RFC 9457).

    Parameters
    ----------
    code : its type, the last part of ``/problems/TYPE``; "" where the answer had none.
    status : of HTTP.
    title, detail : in words: of the type, and this time.
    field : where.
    mend : what to do about it.
    retry_after : seconds to wait, where the service said so.

    >>> print(NotFound("unknown", 404, detail="no intent 'A'", field="intent", mend="file it"))
    intent: no intent 'A'; file it
    """

    def __init__(
        self,
        code: str,
        status: int,
        *,
        title: str = "",
        detail: str = "",
        field: str = "",
        mend: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail or title)
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
        self.mend = mend
        self.retry_after = retry_after

    def __str__(self) -> str:
        """One line: where, what, mend."""
        text = self.detail or self.title or f"status {self.status}"
        text = f"{self.field}: {text}" if self.field else text
        return f"{text}; {self.mend}" if self.mend else text


class Unauthenticated(Problem):
    """No token, or one that does not hold."""


class Forbidden(Problem):
    """Not for this role or this token; or the party is suspended."""


class NotFound(Problem):
    """There is none, or it is not yours: the authority does not say which."""


class WrongVersion(Problem):
    """It has changed since: look at it again."""


class TooMany(Problem):
    """Too many requests for now."""


_KINDS: Final[dict[str | int, type[Problem]]] = {
    "unauthenticated": Unauthenticated,
    "forbidden": Forbidden,
    "suspended": Forbidden,
    "unknown": NotFound,
    "version": WrongVersion,
    "too-many": TooMany,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    412: WrongVersion,
    429: TooMany,
}
"""By type; where the answer came from something else, such as a proxy, by status."""


class _Body(Struct, frozen=True):
    type: str = ""
    title: str = ""
    detail: str = ""
    field: str = ""
    mend: str = ""


def problem_in(answer: httpx.Response) -> Problem:
    """Read a problem of an answer."""
    try:
        told = msgspec.json.decode(answer.content, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = _Body(title=f"status {answer.status_code} {answer.reason_phrase}".strip())
    code = told.type.rpartition("/")[2]
    kind = _KINDS.get(code) or _KINDS.get(answer.status_code, Problem)
    return kind(
        code,
        answer.status_code,
        title=told.title,
        detail=told.detail,
        field=told.field,
        mend=told.mend,
        retry_after=_seconds(answer.headers.get("Retry-After")),
    )


def _seconds(text: str | None) -> float | None:
    """Read Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
