"""Errors over HTTP: problem details (RFC 9457), of a few stable types with a page each."""

from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import Struct

from detente.api.logs import log_fault
from detente.authority import Rejected
from detente.authority.disclosure import Refusal
from detente.errors import InputError
from detente.ledger import Unavailable

__all__ = ["PROBLEMS", "Problem", "ProblemError", "answer_of", "fault_in", "respond_to"]

MEDIA_TYPE: Final = "application/problem+json"

PROBLEMS: Final = {
    "invalid": (422, "A value that cannot be"),
    "malformed": (400, "A request that cannot be read"),
    "unauthenticated": (401, "No token, or one that does not hold"),
    "forbidden": (403, "Not for this role"),
    "suspended": (403, "The party is suspended"),
    "unknown": (404, "There is none, or it is not yours"),
    "method": (405, "Not a method of this resource"),
    "slow": (408, "It took too long to arrive"),
    "state": (409, "Not in this state"),
    "exists": (409, "It is there already"),
    "conflict": (409, "It is not free"),
    "expired": (410, "The alternative has expired"),
    "version": (412, "Another version"),
    "too-large": (413, "Larger than is taken"),
    "media-type": (415, "Not a form that is taken"),
    "key": (422, "Another command came under this key"),
    "time": (422, "Not at this time"),
    "no-key": (400, "No Idempotency-Key"),
    "too-many": (429, "Too many requests"),
    "fault": (500, "A fault of Detente itself"),
    "busy": (503, "More than can be taken now"),
    "unavailable": (503, "The ledger cannot be written now"),
}
"""Each type of problem: its status and title. Its page is ``/problems/TYPE``."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """What went wrong (RFC 9457, 3.1), the field, and how to mend it.

    Parameters
    ----------
    type : where the type is explained.
    title, status : of the type.
    detail : what is wrong this time.
    field : where.
    mend : what to do about it.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    field: str = ""
    mend: str = ""


class ProblemError(Exception):
    """Raised by a handler: answered as a problem of a type.

    Parameters
    ----------
    kind : one of :data:`PROBLEMS`.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        field: str = "",
        mend: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        status, title = PROBLEMS[kind]
        self.problem = Problem(f"/problems/{kind}", title, status, detail, field, mend)
        self.headers = headers or {}


def respond_to(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer an exception as a problem; what was not foreseen tells nothing of itself."""
    if isinstance(error, ProblemError):
        return answer_of(error)
    if isinstance(error, Rejected):
        return answer_of(ProblemError(error.code, error.what, field=error.field, mend=error.mend))
    if isinstance(error, InputError):
        return answer_of(
            ProblemError("invalid", error.what, field=error.field or "", mend=error.mend or "")
        )
    if isinstance(error, Unavailable):
        mend = "send the same request again, with the same Idempotency-Key"
        return answer_of(
            ProblemError("unavailable", "nothing was decided, or it is not known",
                         mend=mend, headers={"Retry-After": "1"})
        )  # fmt: skip
    if isinstance(error, RecursionError | UnicodeDecodeError):
        # what the decoder says of a body nested too deep, or that is no text
        return answer_of(
            ProblemError("malformed", "a body nested too deep, or not UTF-8", mend="send JSON")
        )
    if isinstance(error, msgspec.ValidationError):
        return answer_of(ProblemError("invalid", str(error)))
    if isinstance(error, HTTPException):
        return answer_of(ProblemError(_KINDS.get(error.status_code, "malformed"), error.detail))
    return answer_of(ProblemError("fault", "it is logged under the request's id"))


async def fault_in(error: Exception, _: object) -> None:
    """Log what was not foreseen; the rest is the client's to mend."""
    foreseen = (ProblemError, Rejected, InputError, msgspec.ValidationError, HTTPException)
    if isinstance(error, Unavailable):
        structlog.get_logger("detente").warning("ledger", what=error.what)
    elif not isinstance(error, foreseen):
        log_fault(error)


def refused(refusal: Refusal) -> ProblemError:
    """Make a problem of a command that the authority rejected."""
    return ProblemError(refusal.code, refusal.what, field=refusal.field, mend=refusal.mend)


def answer_of(error: ProblemError) -> Response[bytes]:
    """Write a problem."""
    return Response(
        msgspec.json.encode(error.problem),
        status_code=error.problem.status,
        media_type=MEDIA_TYPE,
        headers=error.headers,
    )


_KINDS = {
    400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "unknown", 405: "method",
    413: "too-large", 415: "media-type", 422: "invalid", 429: "too-many", 503: "unavailable",
}  # fmt: skip
