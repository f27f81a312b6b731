"""Load over HTTP/1.1 from a process of its own: requests made beforehand, answers only counted.

A client library would take more of the machine than the service does, and measure itself. Here a
request is bytes, a connection is kept and has one request under way, and of an answer no more is
read than its status and where it ends.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answers", "Load", "loading", "request"]

_LENGTH = b"\r\ncontent-length: "
_END = b"\r\n\r\n"
_CUT = 0
"""The status of a request whose connection ended before its answer."""


class Answers(NamedTuple):
    """What came back, a row for each request, in the order of the answers.

    Attributes
    ----------
    sent : seconds from the beginning.
    taken : seconds from then to the last byte of the answer.
    status : 0 where the connection was cut.
    """

    sent: NDArray[np.float64]
    taken: NDArray[np.float64]
    status: NDArray[np.int64]

    def __len__(self) -> int:
        """Count them."""
        return len(self.sent)

    @property
    def rate(self) -> float:
        """Answers a second, over all."""
        return len(self) / float(np.max(self.sent + self.taken))

    def percentile(self, percent: float) -> float:
        """Give how long so many of a hundred took at most, in ms; nan where there are none."""
        return float(np.percentile(self.taken, percent)) * 1e3 if len(self) else float("nan")

    def where(self, kept: NDArray[np.bool_]) -> "Answers":
        """Give some of them."""
        return Answers(self.sent[kept], self.taken[kept], self.status[kept])


def request(method: str, path: str, token: str, body: bytes = b"", key: str = "") -> bytes:
    """Make a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}"]
    if key:
        lines.append(f"Idempotency-Key: {key}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _END + body


class _Connection(asyncio.Protocol):
    """A connection with at most one request under way."""

    def __init__(self, crowd: "_Crowd") -> None:
        self._crowd, self._rest, self._whole = crowd, b"", 0
        self._sent = 0.0
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._crowd.free(self)

    def ask(self, request: bytes, now: float) -> None:
        self._sent, self._busy = now, True
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self._whole:
            end = data.find(_END)
            if end < 0:
                self._rest = data
                return
            at = data.find(_LENGTH, 0, end)
            length = int(data[at + len(_LENGTH) : data.index(b"\r", at + 2)]) if at > 0 else 0
            self._whole = end + len(_END) + length
        if len(data) < self._whole:
            self._rest = data
            return
        self._rest, self._whole, self._busy = b"", 0, False
        self._crowd.hear(self._sent, int(data[9:12]))
        self._crowd.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        if self._busy:
            self._crowd.hear(self._sent, _CUT)
        self._crowd.lose(self)


class _Crowd:
    """All connections, what is still to be sent, and what came back."""

    def __init__(self, requests: Sequence[bytes], rate: float) -> None:
        self._requests = requests
        self._next = self._under_way = 0
        self._rate = rate
        self._free: deque[_Connection] = deque()
        self._rows: list[tuple[float, float, int]] = []
        self._begun = 0.0
        self.done = asyncio.Event()

    async def run(self) -> Answers:
        """Send all, and wait for the answers."""
        self._begun = time.perf_counter()
        if self._rate:
            await self._in_time()
        else:
            for one in list(self._free):
                self.free(one)
        await self.done.wait()
        sent, taken, status = np.array(self._rows).T
        return Answers(sent, taken, status.astype(np.int64))

    async def _in_time(self) -> None:
        """Send each when it is due; what then finds no free connection is not sent."""
        while self._next < len(self._requests):
            due = min(len(self._requests), int(self._now() * self._rate))
            while self._next < due and self._free:
                self._send(self._free.popleft())
            self._next = max(self._next, due)
            await asyncio.sleep(0.001)
        self._end()

    def free(self, one: _Connection) -> None:
        if self._rate or not self._begun:
            self._free.append(one)
        elif self._next < len(self._requests):
            self._send(one)
        self._end()

    def hear(self, sent: float, status: int) -> None:
        self._under_way -= 1
        self._rows.append((sent, self._now() - sent, status))

    def lose(self, one: _Connection) -> None:
        if one in self._free:
            self._free.remove(one)
        self._end()

    def _send(self, one: _Connection) -> None:
        request = self._requests[self._next]
        self._next += 1
        self._under_way += 1
        one.ask(request, self._now())

    def _end(self) -> None:
        if self._next >= len(self._requests) and not self._under_way:
            self.done.set()

    def _now(self) -> float:
        return time.perf_counter() - self._begun


class Load:
    """A process that sends requests and times the answers."""

    def __init__(self, url: str, pool: ProcessPoolExecutor) -> None:
        self._url = url
        self._pool = pool

    def send(self, requests: Sequence[bytes], connections: int, *, rate: float = 0.0) -> Answers:
        """Send all, over so many connections.

        Parameters
        ----------
        rate : so many a second, whether or not the answers keep up; what is due when no
            connection is free is not sent. 0: each connection sends the next when it has its
            answer.
        """
        return self._pool.submit(_sent, self._url, list(requests), connections, rate).result()


def _sent(url: str, requests: list[bytes], connections: int, rate: float) -> Answers:
    return asyncio.run(_sending(url, requests, connections, rate))


async def _sending(url: str, requests: list[bytes], connections: int, rate: float) -> Answers:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    crowd = _Crowd(requests, rate)
    loop = asyncio.get_running_loop()
    made = [
        (await loop.create_connection(lambda: _Connection(crowd), host, port))[1]
        for _ in range(connections)
    ]
    answers = await crowd.run()
    for one in made:
        one.transport.close()
    return answers


@contextmanager
def loading(url: str) -> Iterator[Load]:
    """Have such a process as long as the block."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Load(url, pool)
