"""A feed by asking: a JSON document at a URL, or a file that others write anew."""

import asyncio
import os
from abc import abstractmethod
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from detente.errors import InputError
from detente.feeds.feed import Feed
from detente.feeds.intake import Intake
from detente.feeds.waits import Waits
from detente.formats.decoded import Decoder

__all__ = ["LARGEST", "FileFeed", "HttpFeed", "shown"]

LARGEST: Final = 64 << 20
"""Bytes that a document may have."""
_LONGEST: Final = 3_600.0
"""Seconds that a server may ask to be left alone."""
_MOST: Final = 300.0
_WITHIN: Final = 60.0
"""Seconds that a whole document may take."""
_TOO_LARGE: Final = "document: too large"


def shown(url: str) -> str:
    """Give a URL without what nobody should read: the user, the password, the query.

    >>> shown("https://me:secret@opensky.example/api/states/all?lamin=45&key=1")
    'https://opensky.example/api/states/all'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class _Asked(Feed):
    """Looks again at an interval; less often where that fails.

    Parameters
    ----------
    name, decoder, intake, silence, clock : as of :class:`Feed`. Each document stands alone.
    every : seconds from one look to the next.
    waits : how long between tries after one that failed.
    """

    def __init__(
        self,
        name: str,
        decoder: Decoder,
        intake: Intake,
        *,
        every: float,
        waits: Waits | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name, decoder, intake, **more)
        self._every = every
        self._waits = waits or Waits(first=every, most=max(_MOST, every))
        self._failed = False

    async def run(self) -> None:
        """Bring sightings until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            least = await self._look()
            if least is None:
                self.counts.reconnects += self._failed
                self._failed = False
                self._waits.over()
                await asyncio.sleep(max(0.0, began + self._every - loop.time()))
            else:
                self._failed = True
                await asyncio.sleep(self._waits.next(least))

    @abstractmethod
    async def _look(self) -> float | None:
        """Look once; None when that went well, else seconds to wait at least."""

    def _document(self, body: bytes) -> None:
        self._decoder.reset()
        self._take(body)

    def _unchanged(self) -> None:
        self.counts.heard = self._clock()
        self.counts.state = "heard"

    def _refuse(self) -> None:
        self.counts.refused[_TOO_LARGE] += 1
        self._unchanged()


class HttpFeed(_Asked):
    """Asks a URL, and only for what has changed where the server can tell (RFC 9110, 13.1).

    Parameters
    ----------
    name, decoder, intake, every, waits, silence, clock : as of the others.
    url : of the document; a user and a password in it are sent.
    token : a bearer token, where it needs one.
    """

    def __init__(
        self,
        name: str,
        decoder: Decoder,
        intake: Intake,
        url: str,
        *,
        token: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name, decoder, intake, **more)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{shown(url)!r} is no URL", mend="write https://HOST/PATH")
        self._url = url
        self._headers = {"Accept": "application/json", "User-Agent": "detente"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._known: dict[str, str] = {}
        self._http: httpx.AsyncClient | None = None

    async def run(self) -> None:
        """Bring sightings until it is cancelled."""
        async with httpx.AsyncClient(timeout=10.0, follow_redirects=True) as self._http:
            await super().run()

    async def _look(self) -> float | None:
        assert self._http is not None
        headers = {**self._headers, **self._known}
        try:
            async with (
                asyncio.timeout(_WITHIN),
                self._http.stream("GET", self._url, headers=headers) as answer,
            ):
                if answer.status_code == httpx.codes.NOT_MODIFIED:
                    self._unchanged()
                    return None
                if answer.status_code != httpx.codes.OK:
                    self._lost(f"status {answer.status_code}")
                    return _seconds(answer.headers)
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        self._refuse()
                        return 0.0
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            self._lost(error)
            return 0.0
        self._known = {
            name: answer.headers[told]
            for name, told in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
            if told in answer.headers
        }
        self._document(bytes(body))
        return None


class FileFeed(_Asked):
    """Reads a file again whenever it has changed.

    Parameters
    ----------
    name, decoder, intake, every, waits, silence, clock : as of the others.
    path : the file.
    """

    def __init__(
        self, name: str, decoder: Decoder, intake: Intake, path: Path, **more: Any
    ) -> None:
        super().__init__(name, decoder, intake, **more)
        self._path = path
        self._state: tuple[int, int, int] | None = None

    async def _look(self) -> float | None:
        try:
            with self._path.open("rb") as opened:
                found = os.fstat(opened.fileno())
                state = (found.st_ino, found.st_mtime_ns, found.st_size)
                if state == self._state:
                    return None
                body = opened.read(LARGEST + 1)
        except OSError as error:
            self._lost(error.strerror or error)
            return 0.0
        self._state = state
        if len(body) > LARGEST:
            self._refuse()
        else:
            self._document(body)
        return None


def _seconds(headers: httpx.Headers) -> float:
    """Read how long the server wants to be left alone: seconds, or a date (RFC 9110, 10.2.3)."""
    told = headers.get("Retry-After", "")
    if told.isdecimal():
        return min(float(told[:9]), _LONGEST)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    left = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(0.0, left), _LONGEST)
