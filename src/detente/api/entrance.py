"""The entrance: what every request passes before it is looked at, and every answer after."""

import asyncio
import math
import re
from collections.abc import Callable, Sequence
from secrets import token_hex
from time import perf_counter
from typing import Any, Final

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from detente.api.caller import Caller
from detente.api.config import Config
from detente.api.counter import busy
from detente.api.logs import log_fault
from detente.api.metrics import Metrics
from detente.api.metronome import Metronome
from detente.api.problem import MEDIA_TYPE, ProblemError

__all__ = ["Entrance"]

_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

_HEADERS: Final = {
    b"x-content-type-options": b"nosniff",
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
}
"""On every answer that does not say otherwise."""

_FILINGS: Final = "/v1/intents/"
_BUSY: Final = busy()

_WITH_BODY: Final = frozenset({b"content-length", b"transfer-encoding"})

_DRAINED: Final = 8_000_000
"""Bytes that are read of a request after it was answered."""

_SMALL: Final = 8_192
"""Bytes of a body that have come with its headers, or soon will have."""

_LENGTH: Final = 16
_CHANCE: Final = 4_096

_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_METHODS: Final = _WRITES | {"GET", "HEAD", "OPTIONS"}


class Entrance:
    """Gives each request an id, a time in which to arrive, and a line in the log.

    Parameters
    ----------
    app : answers.
    config : how long a request may take to arrive, and whether it comes by TLS.
    metrics : counts them.
    full : tells whether a filing would only be told to come again: then it is told here, and
        not in the log, so that turning away costs little of what the others need.
    """

    def __init__(
        self,
        app: ASGIApp,
        config: Config,
        metrics: Metrics,
        full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._app = app
        self._full = full
        self._reading = config.limits.reading
        self._metrics = metrics
        self._quantum = config.quantum * 1e-3
        self._metronome = Metronome()
        # bound once: a lazy one is put together anew each time
        self._log = structlog.get_logger().bind()
        self._chance, self._at = b"", 0
        self._headers = dict(_HEADERS)
        if config.certificate:
            self._headers[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        begun = perf_counter()
        given = dict(scope["headers"])
        offered = given.get(b"x-request-id", b"")
        id = offered if _ID.fullmatch(offered) else self._fresh()
        if scope["method"] == "PUT" and scope["path"].startswith(_FILINGS) and self._full():
            await self._turn_away(receive, send, given, id)
            self._metrics.request("PUT", "none", 503, perf_counter() - begun)
            return
        status = 0
        arrival = _Arrival(receive, self._reading)
        held = self._quantum > 0 and scope["method"] in _WRITES

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if held:
                    await self._hold(arrival)
                self._dress(message, id)
            await send(message)

        # a request is a task, with a context of its own
        structlog.contextvars.bind_contextvars(request=id.decode())
        try:
            if given.get(b"content-encoding", b"identity").lower() != b"identity":
                error = ProblemError(
                    "media-type", "a body that is compressed", field="Content-Encoding",
                    mend="send it as it is",
                )  # fmt: skip
                await _refuse(answer, error)
            else:
                await self._app(scope, arrival, answer)
                if not arrival.whole and given.keys() & _WITH_BODY:
                    await arrival.drain()
        except Exception as error:  # the client went away, or a fault outside the application
            log_fault(error)
            if not status:
                await _refuse(answer, ProblemError("fault", "it is logged under the request's id"))
        finally:
            self._note(scope, status, perf_counter() - begun)

    async def _turn_away(
        self, receive: Receive, send: Send, given: dict[bytes, bytes], id: bytes
    ) -> None:
        try:
            await _refuse(send, _BUSY, [*self._headers.items(), (b"x-request-id", id)])
            length = given.get(b"content-length", b"")
            if not (length.isdigit() and int(length) <= _SMALL):
                await _Arrival(receive, self._reading).drain()
        except Exception as error:  # the client went away
            log_fault(error)

    async def _hold(self, arrival: "_Arrival") -> None:
        """Wait for the next multiple of the quantum since the request was there as a whole."""
        taken = perf_counter() - arrival.came
        await self._metronome.until(arrival.came + self._quantum * math.ceil(taken / self._quantum))

    def _fresh(self) -> bytes:
        """Make an id. It is random: a count would tell how much others ask."""
        if self._at >= len(self._chance):
            self._chance, self._at = token_hex(_CHANCE).encode(), 0
        self._at += _LENGTH
        return self._chance[self._at - _LENGTH : self._at]

    def _dress(self, message: Any, id: bytes) -> None:
        headers = list(message.get("headers", ()))
        there = {name.lower() for name, _ in headers}
        headers += [pair for pair in self._headers.items() if pair[0] not in there]
        message["headers"] = [*headers, (b"x-request-id", id)]

    def _note(self, scope: Any, status: int, seconds: float) -> None:
        route = scope.get("path_template") or "none"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        caller = scope.get("user")
        who = {"role": caller.role.value, "subject": caller.subject} if isinstance(
            caller, Caller) else {}  # fmt: skip
        self._metrics.request(method, route, status, seconds)
        self._log.info(
            "request", method=method, route=route, status=status,
            ms=round(seconds * 1000, 2), **who,
        )  # fmt: skip


class _Arrival:
    """A request as it arrives: all of it in time, however slowly its bytes come.

    Parameters
    ----------
    receive : gives what has come.
    seconds : in which all must have.

    Attributes
    ----------
    whole : nothing more will come. came : when, or when it began to.
    """

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self._due = asyncio.get_running_loop().time() + seconds
        self.whole = False
        self.came = perf_counter()

    async def __call__(self) -> Any:
        """Give what comes next.

        Raises
        ------
        ProblemError : it did not come in time.
        """
        if self.whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._due):
                message = await self._receive()
        except TimeoutError:
            self.whole = True  # as much as there will be
            raise ProblemError(
                "slow", f"not all of it came within {self._seconds:g} s",
                mend="send it faster, or in smaller parts", headers={"Connection": "close"},
            ) from None  # fmt: skip
        self.whole = message["type"] != "http.request" or not message.get("more_body")
        self.came = perf_counter()
        return message

    async def drain(self) -> None:
        """Take in some of what was not read.

        A client that still sends when the connection is closed loses the answer that says why.
        """
        taken = 0
        try:
            while not self.whole and taken < _DRAINED:
                taken += len((await self()).get("body", b""))
        except ProblemError:
            return


async def _refuse(
    send: Send, error: ProblemError, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    body = msgspec.json.encode(error.problem)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(body))]
    headers += [(name.lower().encode(), text.encode()) for name, text in error.headers.items()]
    headers += more
    await send({"type": "http.response.start", "status": error.problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
