"""A service whose clock stands still until the test moves it: within the test, or on a socket.

One service plays many airspaces one after the other, each on a ledger of its own.
"""

import asyncio
import socket
import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from detente.api import server
from detente.api.application import application
from detente.api.caller import Role
from detente.api.config import Config, Limits, Webhooks
from detente.api.development import key_file, mint, private_key
from detente.api.entrance import Entrance
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk
from detente.ledger.past import Past, PastRecord, PastView
from tests.api.asking import Exchange, Request

__all__ = ["HEARTBEAT", "Inside", "Outside"]

HEARTBEAT = 600.0
_DAYS = 30 * 86_400
_PATIENCE = 10.0


class _Succession:
    """A desk, and later another in its place; who listens to one listens to all."""

    def __init__(self) -> None:
        self._listeners: list[Any] = []
        self.begin()

    def begin(self) -> Desk:
        self.desk = Desk(MemoryLedger())
        for listener in self._listeners:
            self.desk.listen(listener)
        return self.desk

    def listen(self, listener: Any) -> Any:
        self._listeners.append(listener)
        return self.desk.listen(listener)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.desk, name)


class _Stage(ABC):
    """What both kinds have: the application, the clock, and tokens."""

    def __init__(self, directory: Path, seconds: float, requests: int) -> None:
        directory.mkdir(exist_ok=True)
        self.seconds = seconds
        self.config = Config(
            ledger=str(directory / "airspace.ledger"), heartbeat=HEARTBEAT, port=_free(),
            # time stands still, and then leaps: the worlds are swept when they say so
            sweep=1e9, limits=Limits(requests=requests), webhooks=Webhooks(loopback=True),
        )  # fmt: skip
        self._key = private_key(key_file(self.config), create=True)
        self._first = seconds
        self._followed = False
        self._tokens: dict[tuple[str, str], str] = {}
        self.desks = _Succession()
        self.app = application(self.desks, self.config, clock=lambda: self.seconds)  # type: ignore[arg-type]

    def begin(self) -> Desk:
        """Begin another airspace, in another minute than the last request."""
        if self._followed:
            self.unfollow()  # the last one failed
        desk = self.desks.begin()
        # who looks back looks at this airspace, and not at the last one
        for name, kind in (("past", Past), ("present", Past), ("record", PastRecord)):
            self.app.dependencies[name].dependency()._past = kind(desk.ledger)  # type: ignore[union-attr]
        recollection = self.app.dependencies["recollection"].dependency()  # type: ignore[union-attr]
        recollection._past = PastView(desk.ledger, desk.heard)
        self.seconds = self._first - 3_600.0
        self.ask(Request("authority", "tower", "GET", "/v1/cycles"))
        self.seconds = self._first
        return desk

    @abstractmethod
    def ask(self, request: Request) -> Exchange:
        """Ask, and wait for the answer."""

    @abstractmethod
    def unfollow(self) -> None:
        """Close the stream, and wait until the service knows."""

    def token(self, role: str, subject: str) -> str:
        if (role, subject) not in self._tokens:
            self._tokens[role, subject] = mint(
                self._key, self.config.keys, role=Role(role), subject=subject,
                issued=self._first - _DAYS, seconds=2 * _DAYS,
            )  # fmt: skip
        return self._tokens[role, subject]

    def headers(self, request: Request) -> list[tuple[str, str]]:
        headers = list(request.headers)
        if request.role is not None:
            token = self.token(request.role, request.subject)
            headers.append(("Authorization", f"Bearer {token}"))
        return headers


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose time is the stage's."""

    def __init__(self, seconds: Any) -> None:
        super().__init__()
        self.time = seconds  # type: ignore[method-assign]


class Inside(_Stage):
    """The application itself is asked, in a loop whose time is the same clock.

    So signs of life on a stream come when the test says that their time has come.
    """

    def __init__(self, directory: Path, seconds: float, requests: int) -> None:
        super().__init__(directory, seconds, requests)
        self._entrance = Entrance(self.app, self.config, self.app.state["metrics"])
        self._loop = _Loop(lambda: self.seconds - seconds)
        self._closing = asyncio.Event()
        self._living = self._do(self._live())
        self._following: asyncio.Task[None] | None = None
        self._heard: list[bytes] = []

    def ask(self, request: Request) -> Exchange:
        return self._do(self._ask(request))

    def follow(self, party: str) -> None:
        """Begin to follow, from the first notice on."""
        self._heard, self._followed = [], True
        self._began = self.seconds
        self._closed = asyncio.Event()
        request = Request("party", party, "GET", "/v1/events?after=0")

        async def send(message: Any) -> None:
            self._heard.append(message.get("body", b""))

        async def begin() -> None:
            call = self._entrance(self._scope(request), self._silence(), send)
            self._following = asyncio.get_running_loop().create_task(call)
            while not any(self._heard):  # the headers have no body
                await asyncio.sleep(0)

        self._do(begin())

    def heard(self, notices: int) -> bytes:
        """Give all that the follower was sent, once it has so many notices and signs of life."""
        return self._do(self._until(notices))

    def unfollow(self) -> None:
        self._followed = False
        self._closed.set()
        if self._following is not None:
            self._do(self._following)

    def close(self) -> None:
        self._closing.set()
        self._do(self._living)
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _live(self) -> asyncio.Task[None]:
        """Start the application; give what ends once it has stopped."""
        begun = asyncio.Event()

        async def live() -> None:
            async with self.app.lifespan():
                begun.set()
                await self._closing.wait()

        task = asyncio.get_running_loop().create_task(live())
        await begun.wait()
        return task

    def _do(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)

    async def _until(self, notices: int) -> bytes:
        beats = int((self.seconds - self._began) // HEARTBEAT)
        due = time.monotonic() + _PATIENCE
        while time.monotonic() < due:
            for _ in range(3):
                await asyncio.sleep(0)
            text = b"".join(self._heard)
            if text.count(b"\ndata: ") >= notices and text.count(b":\n\n") >= beats:
                return text
        raise AssertionError(f"not {notices} notices and {beats} signs of life: {text!r}")

    def _silence(self) -> Any:
        """Give what the client sends: nothing, until it closes."""
        begun = False

        async def receive() -> Any:
            nonlocal begun
            if not begun:
                begun = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._closed.wait()
            return {"type": "http.disconnect"}

        return receive

    async def _ask(self, request: Request) -> Exchange:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._entrance(self._scope(request), receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Exchange(request, sent[0]["status"], tuple(map(tuple, sent[0]["headers"])), body)

    def _scope(self, request: Request) -> Any:
        path, _, query = request.target.partition("?")
        headers = [*self.headers(request), ("Host", "here")]
        if request.body:
            headers.append(("Content-Length", str(len(request.body))))
        return {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1", "method": request.method, "scheme": "http", "root_path": "",
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip


class Outside(_Stage):
    """The server that ``detente serve`` runs, in a thread, asked through its socket.

    Only the clock that stamps commands is the test's.
    """

    def __init__(self, directory: Path, seconds: float, requests: int) -> None:
        super().__init__(directory, seconds, requests)
        self._begun = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._begun.wait(_PATIENCE)
        url = f"http://127.0.0.1:{self.config.port}"
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=_PATIENCE, verify=False)
        self._heard: list[bytes] = []

    async def _serve(self) -> None:
        self._server = server._server(self.config, self.app)
        serving = asyncio.create_task(self._server.serve())
        assert await server._reached(self.config, serving)
        self._begun.set()
        await serving

    def ask(self, request: Request) -> Exchange:
        answer = self._client.request(
            request.method, request.target, headers=self.headers(request), content=request.body
        )
        return Exchange(request, answer.status_code, tuple(answer.headers.raw), answer.content)

    def follow(self, party: str) -> None:
        self._heard = heard = []
        self._followed = True
        request = Request("party", party, "GET", "/v1/events?after=0")
        self._response = self._client.send(
            self._client.build_request("GET", request.target, headers=self.headers(request)),
            stream=True,
        )

        def read() -> None:
            try:
                for piece in self._response.iter_raw():
                    heard.append(piece)  # noqa: PERF402 - read while it grows
            except httpx.HTTPError:
                return  # closed below

        threading.Thread(target=read, daemon=True).start()

    def heard(self, notices: int) -> bytes:
        due = time.monotonic() + _PATIENCE
        while time.monotonic() < due:
            text = b"".join(self._heard)
            if text.count(b"\ndata: ") >= notices:
                return text
            time.sleep(0.001)
        raise AssertionError(f"not {notices} notices: {text!r}")

    def unfollow(self) -> None:
        self._followed = False
        # closing alone would not wake the thread that reads
        stream = self._response.extensions["network_stream"]
        stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        registry = self.app.state["metrics"].registry
        due = time.monotonic() + _PATIENCE
        while registry.get_sample_value("detente_event_followers"):
            assert time.monotonic() < due
            time.sleep(0.001)

    def close(self) -> None:
        self._client.close()
        self._server.stop()
        self._thread.join(_PATIENCE)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
