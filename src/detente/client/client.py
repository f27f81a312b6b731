"""Clients: what sends, waits and reads; all else is the same for both kinds."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import httpx

from detente.client.call import Call, Listing
from detente.client.retry import Patience, Pause, Steps, asking
from detente.client.stream import Following, Subscription
from detente.client.verbs import Verbs
from detente.errors import InputError

__all__ = ["AsyncClient", "Client", "Token"]

T = TypeVar("T")

Token = str | Callable[[], str]
"""A bearer token, or what gives one whenever it is needed."""

_NEAR: Final = ("all://localhost", "all://127.0.0.1", "all://[::1]")
"""This machine, which no proxy is asked for."""

_QUIET: Final = 60.0
"""Seconds without a sign of life on an event stream, after which it counts as broken."""


class _Connected(Verbs):
    """What both kinds hold.

    Parameters
    ----------
    url : of the service, as ``https://airspace.example``.
    token : who asks.
    patience : how long to keep trying.
    verify : the certificates to trust; by default the machine's.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        patience: Patience = Patience(),  # noqa: B008 - it is frozen
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{url!r} is no URL", field="url", mend="write https://HOST")
        self._url = url.rstrip("/")
        self._token = token
        self._patience = patience
        self._options: dict[str, Any] = {"verify": verify, "mounts": dict.fromkeys(_NEAR)}

    @property
    def url(self) -> str:
        """Where the service is."""
        return self._url

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        token = self._token if isinstance(self._token, str) else self._token()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise InputError("no token", field="token", mend="give the one that you were issued")
        return {"Authorization": f"Bearer {token}", "User-Agent": "detente", **more}

    def _request(self, call: Call[Any], seconds: float) -> dict[str, Any]:
        return {
            "method": call.method,
            "url": self._url + call.path,
            "params": call.query,
            "content": call.body or None,
            "headers": self._headers(call.headers),
            "timeout": seconds,
        }

    def _opening(self, following: Following[Any]) -> dict[str, Any]:
        return {
            "method": "GET",
            "url": self._url + following.path,
            "params": following.query,
            "headers": self._headers(following.headers),
            "timeout": httpx.Timeout(self._patience.once, read=_QUIET),
        }


class Client(_Connected):
    """The authority, asked over HTTP.

    Every write goes under an Idempotency-Key, and is sent again under the same one when no answer
    came, or the service had no time: so it is done once. A client may be shared by threads.

    Parameters
    ----------
    url : of the service, as ``https://airspace.example``.
    token : who asks; or a function that gives a fresh token.
    patience : how long to keep trying.
    verify : the certificates to trust; by default the machine's.

    Raises
    ------
    InputError : what cannot be sent. Problem : what the service answers instead.
    Unreachable : no answer in time.

    Examples
    --------
    ::

        with detente.Client("http://127.0.0.1:8080", token) as client:
            answer = client.file("SURVEY-7", flight)
            if answer.state == "refused" and answer.alternatives:
                client.take(answer, answer.alternatives.offers[0])
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        patience: Patience = Patience(),  # noqa: B008 - it is frozen
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        super().__init__(url, token, patience=patience, verify=verify)
        self._http = httpx.Client(**self._options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def ask(self, call: Call[T]) -> T:
        """Send a call, again if need be, and give its answer."""
        steps: Steps[T] = asking(call, self._patience)
        reply: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                answer: T = end.value
                return answer
            reply = None
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                continue
            try:
                reply = self._http.request(**self._request(call, step.seconds))
            except httpx.TransportError as error:
                reply = error

    def each(self, listing: Listing[T]) -> Iterator[T]:
        """Go through a list, page after page."""
        call: Call[Any] | None = listing.first
        while call is not None:
            page = self.ask(call)
            yield from listing.items(page)
            call = listing.after(page)

    def follow(self, subscription: Subscription[T]) -> Iterator[T]:
        """Go through a stream of events, over as many connections as it takes."""
        following = Following(subscription, self._patience, time.monotonic)
        while True:
            try:
                with self._http.stream(**self._opening(following)) as answer:
                    if answer.status_code != httpx.codes.OK:
                        answer.read()
                    if following.opened(answer):
                        for piece in answer.iter_bytes():
                            yield from following.read(piece)
            except httpx.TransportError as error:
                following.broken(error)
            time.sleep(following.pause())


class AsyncClient(_Connected):
    """The same, for an event loop: verbs are awaited, lists and events come by ``async for``.

    Parameters
    ----------
    url, token, patience, verify : as of :class:`Client`.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        patience: Patience = Patience(),  # noqa: B008 - it is frozen
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        super().__init__(url, token, patience=patience, verify=verify)
        self._http = httpx.AsyncClient(**self._options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def ask(self, call: Call[T]) -> T:
        """Send a call, again if need be, and give its answer."""
        steps: Steps[T] = asking(call, self._patience)
        reply: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                answer: T = end.value
                return answer
            reply = None
            if isinstance(step, Pause):
                await asyncio.sleep(step.seconds)
                continue
            try:
                reply = await self._http.request(**self._request(call, step.seconds))
            except httpx.TransportError as error:
                reply = error

    async def each(self, listing: Listing[T]) -> AsyncIterator[T]:
        """Go through a list, page after page."""
        call: Call[Any] | None = listing.first
        while call is not None:
            page = await self.ask(call)
            for item in listing.items(page):
                yield item
            call = listing.after(page)

    async def follow(self, subscription: Subscription[T]) -> AsyncIterator[T]:
        """Go through a stream of events, over as many connections as it takes."""
        following = Following(subscription, self._patience, time.monotonic)
        while True:
            try:
                async with self._http.stream(**self._opening(following)) as answer:
                    if answer.status_code != httpx.codes.OK:
                        await answer.aread()
                    if following.opened(answer):
                        async for piece in answer.aiter_bytes():
                            for event in following.read(piece):
                                yield event
            except httpx.TransportError as error:
                following.broken(error)
            await asyncio.sleep(following.pause())
