"""From a request to a command, and from the authority's answer to a response."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from detente.api.counter import Counter
from detente.api.problem import ProblemError, refused
from detente.authority import Command, Notice, Outcome
from detente.authority.disclosure import Message, OwnIntent, Refusal
from detente.authority.event import CommandRejected
from detente.authority.extent import instant

__all__ = [
    "Asked",
    "Key",
    "Make",
    "Version",
    "by_authority",
    "by_party",
    "entity",
    "membership",
    "noticed",
    "number_of",
]

Asked = Request[Any, Any, Any]

Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The caller's own; the same request under the same key gets the same answer.",
    ),
]
Version = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description='The version that is meant, as in ETag: "3".'),
]

Make = Callable[..., Command]
"""A command, all but when, by whom and under which key."""


async def by_party(counter: Counter, request: Asked, key: str, make: Make) -> Response[OwnIntent]:
    """Have a party's command decided on; answer what became of its intent."""
    notice = await noticed(counter, request, key, make)
    for content in notice.contents:
        if isinstance(content, OwnIntent):
            if content.because == "probes":
                raise _probed_enough(counter.desk.state.charter.probe_window, notice.at)
            return entity(content)
    raise ProblemError("fault", "no answer about the intent")


def _probed_enough(window: int, at: datetime) -> ProblemError:
    """Say when refusals are counted anew: at the end of the window that the filing fell into.

    It follows from when the filing was decided on, so a repeated request gets the same answer.
    """
    left = window - instant(at) // 1_000_000_000 % window
    return ProblemError(
        "too-many",
        "too many refusals in this window; nothing was looked at",
        mend="wait as long as Retry-After says, and file again under a new key",
        headers={"Retry-After": str(left)},
    )


async def membership(counter: Counter, request: Asked, key: str, make: Make) -> Message:
    """Have a command of a party, or of a lead, about a coalition decided on."""
    notice = await noticed(counter, request, key, make)
    for content in notice.contents:
        if isinstance(content, Message):
            return content
    raise ProblemError("fault", "no answer about the coalition")


async def by_authority(counter: Counter, request: Asked, key: str, make: Make) -> Outcome:
    """Have a command of the authority decided on; answer all that came of it."""
    answer = await counter.submit(_command(counter, request, key, make))
    assert isinstance(answer, Outcome)
    for event in answer.events:
        if isinstance(event, CommandRejected):
            met = f" ({', '.join(event.met)})" if event.met else ""
            raise ProblemError(event.code, event.what + met, field=event.field, mend=event.mend)
    return answer


def entity(intent: OwnIntent) -> Response[OwnIntent]:
    """Answer an intent, with its version as the entity's tag."""
    return _Entity(intent)


class _Entity(Response[OwnIntent]):
    """An intent; most answers are one, so it is written without what the others may need."""

    def to_asgi_response(self, app: Any, request: Any, **_: Any) -> ASGIResponse:
        body = _ENCODER.encode(self.content)
        tag, length = b'"%d"' % self.content.version, b"%d" % len(body)
        return _Written([(b"etag", tag), *_JSON, (b"content-length", length)], body)


class _Written(ASGIResponse):
    def __init__(self, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._start, self.body = headers, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Any = {"type": "http.response.start", "status": 200, "headers": self._start}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


_ENCODER: Final = msgspec.json.Encoder()
_JSON: Final = ((b"content-type", b"application/json"),)


def number_of(version: str | None) -> int:
    """Read a version from If-Match.

    Raises
    ------
    ProblemError : there is none, or no number.
    """
    text = (version or "").strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ProblemError(
            "version",
            "no version in If-Match",
            field="If-Match",
            mend="give the ETag of the last answer about it",
        )
    return int(text)


async def noticed(counter: Counter, request: Asked, key: str, make: Make) -> Notice:
    """Have a party's command decided on; answer what it was told.

    Raises
    ------
    ProblemError : it could not be done.
    """
    answer = await counter.submit(_command(counter, request, key, make))
    assert isinstance(answer, Notice)
    problem = _refused(answer)
    if problem is not None:
        raise problem
    return answer


def _refused(notice: Notice) -> ProblemError | None:
    return next((refused(x) for x in notice.contents if isinstance(x, Refusal)), None)


def _command(counter: Counter, request: Asked, key: str, make: Make) -> Command:
    return make(at=counter.now, by=request.user.by, key=key)
