"""Events: each party follows what it is told, and nothing else; the authority, the whole ledger."""

import asyncio
from random import uniform
from typing import Annotated, Any, Final

from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from detente.api.answers import Asked
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.paging import Limit
from detente.api.problem import ProblemError
from detente.api.streams import LEDGER, Place, Streams
from detente.authority.disclosure import Notice

__all__ = ["EventsController", "Notices"]

Number = Annotated[
    int | None,
    QueryParameter(
        name="after",
        ge=0,
        le=2**53,
        description="The number of the last one that you have; by default, what comes from now on.",
    ),
]
Last = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        description="As `after`, and before it: what a client sends that was cut off.",
    ),
]

_STREAM: Final = {
    200: ResponseSpec(
        str,
        media_type="text/event-stream",
        generate_examples=False,
        description="An endless stream of server-sent events.",
    )
}

_BEAT: Final = b":\n\n"

_RETRY: Final = 500, 2_500
"""Milliseconds after which a client that was cut off comes back: not all at once."""


class Notices(Struct, frozen=True):
    """Some of what a party was told, in order; ``next`` is the following page's ``after``."""

    items: list[Notice]
    next: int | None


class EventsController(Controller):
    """What is told, as it comes, and again."""

    path = "/v1"
    tags = ("events",)

    @get("/events", guards=[may("follow")], responses=_STREAM)
    async def own(
        self, request: Asked, streams: Streams, after: Number = None, last: Last = None
    ) -> ASGIApp:
        """Follow what the party is told, as server-sent events, numbered by its own count."""
        return _Stream(streams, request.user.subject, _number(last, after), request.user.until)

    @get("/ledger/events", guards=[may("audit")], responses=_STREAM)
    async def all(
        self, request: Asked, streams: Streams, after: Number = None, last: Last = None
    ) -> ASGIApp:
        """Follow the ledger: every outcome, numbered by its position."""
        return _Stream(streams, LEDGER, _number(last, after), request.user.until)

    @get("/notices", guards=[may("follow")])
    async def again(
        self,
        request: Asked,
        counter: Counter,
        after: Annotated[int, QueryParameter(ge=0, le=2**53)] = 0,
        limit: Limit = 100,
    ) -> Notices:
        """Give again what the party was told, after a number of its own count."""
        party = request.user.subject
        found = await asyncio.to_thread(counter.desk.notices, party, after, limit + 1)
        return Notices(found[:limit], found[limit - 1].number if len(found) > limit else None)


class _Stream:
    """One follower's connection.

    Signs of life go out at fixed times from its beginning, whatever is told meanwhile.
    """

    def __init__(self, streams: Streams, party: str, after: int | None, until: float) -> None:
        self._streams = streams
        self._heartbeat = streams.config.heartbeat
        self._party = party
        self._after = after
        self._until = until

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        place = await self._streams.join(self._party, self._after)
        self._streams.metrics.followers.inc()
        leaving = asyncio.ensure_future(_left(receive))
        leaving.add_done_callback(lambda _: place.wake())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._follow(place, leaving, send)
            await self._give(send, b"", more=False)
        except TimeoutError:
            pass  # it takes nothing; what it did not take is there when it comes back
        finally:
            leaving.cancel()
            place.leave()
            self._streams.metrics.followers.dec()

    async def _follow(self, place: Place, leaving: asyncio.Future[None], send: Send) -> None:
        loop = asyncio.get_running_loop()
        beat = loop.time() + self._heartbeat
        until = loop.time() + self._until - self._streams.clock()
        # an event without data only says where one is, should nothing else come
        await self._give(send, b"retry: %d\nid: %d\n\n" % (_again(), place.number))
        while not leaving.done():
            if self._streams.ended:
                await self._give(send, b"retry: %d\n\n" % _again())
                return
            now = loop.time()
            if now >= until or place.behind > self._streams.config.buffer:
                return
            if now >= beat:
                await self._give(send, _BEAT)
                beat += self._heartbeat
            elif told := await place.more(min(beat, until)):
                await self._give(send, b"".join(each.frame for each in told))

    async def _give(self, send: Send, body: bytes, *, more: bool = True) -> None:
        """Send, to a reader that takes it before the second sign of life is due.

        Raises
        ------
        TimeoutError : it does not.
        """
        async with asyncio.timeout(2 * self._heartbeat):
            await send({"type": "http.response.body", "body": body, "more_body": more})


_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    # one that is dropped must not hold the connection
    (b"connection", b"close"),
    (b"x-accel-buffering", b"no"),
]


async def _left(receive: Receive) -> None:
    """Wait until the client has gone."""
    message: Any = await receive()
    while message["type"] != "http.disconnect":
        message = await receive()


def _again() -> int:
    return round(uniform(*_RETRY))


def _number(last: str | None, after: int | None) -> int | None:
    """Tell after which number to begin.

    Raises
    ------
    ProblemError : Last-Event-ID is no number that was given out.
    """
    if not last:
        return after
    if not last.isascii() or not last.isdigit() or len(last) > 15:
        raise ProblemError(
            "invalid", "no number of an event", field="Last-Event-ID",
            mend="send the id of the last event, or none",
        )  # fmt: skip
    return int(last)
