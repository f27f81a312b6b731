"""The server: one process that answers until it is told to stop, and then stops in order."""

import asyncio
import gc
import os
import resource
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from threading import Event, Thread
from typing import Final
from uuid import uuid4

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar

from detente.api import logs
from detente.api.application import application
from detente.api.config import Config
from detente.api.entrance import Entrance
from detente.api.systemd import tell_systemd
from detente.api.warming import warm_up
from detente.authority import Charter, Outcome
from detente.authority.command import Found
from detente.authority.event import CommandRejected
from detente.errors import InputError
from detente.ledger import Broken, Unavailable
from detente.ledger.desk import Desk

__all__ = ["found", "open_desk", "run"]

_BACKLOG: Final = 1_024
_PAUSE: Final = 0.02


def open_desk(config: Config, *, create: bool = False) -> Desk:
    """Open the ledger of a service.

    Raises
    ------
    InputError : there is none, or it cannot be used.
    """
    snapshot = Path(config.snapshot) if config.snapshot else None
    try:
        return Desk.open(config.ledger, create=create, snapshot=snapshot)
    except (Unavailable, Broken) as error:
        raise InputError(error.what, mend=error.mend) from error


def found(desk: Desk, charter: Charter | None) -> None:
    """Lay down the charter of a new ledger; of another, see that it is the one.

    Parameters
    ----------
    charter : None for the default, or whichever there is.

    Raises
    ------
    InputError : the charter cannot be, or the ledger has another.
    """
    if not desk.state.founded:
        laid = charter or Charter()
        # whoever comes second, from wherever, is told that it exists
        begin = Found(
            at=datetime.now(UTC), key=f"found-{uuid4()}", charter=laid, salt=token_hex(16)
        )
        try:
            answer = desk.submit(begin)
        except Unavailable as error:
            raise InputError(error.what, mend=error.mend) from error
        assert isinstance(answer, Outcome)
        for event in answer.events:
            if isinstance(event, CommandRejected) and event.code != "exists":
                raise InputError(event.what, field=event.field or None, mend=event.mend or None)
    if charter is not None and charter != desk.state.charter:
        raise InputError(
            "the ledger was founded with another charter", field="charter",
            mend="leave --charter out, or begin another ledger",
        )  # fmt: skip


def run(config: Config, desk: Desk, *, ready: Callable[[], None] = lambda: None) -> int:
    """Answer requests until SIGTERM or SIGINT; then answer what is under way, and stop.

    Parameters
    ----------
    config : with an address and a port that are free.
    desk : is closed at the end, which keeps its snapshot.
    ready : called once requests are answered.

    Returns
    -------
    The exit code.
    """
    logs.set_up(config.log)
    _many_files()
    try:
        warm_up()
        # what is there now stays: looking through it again and again would stop everything
        gc.collect()
        gc.freeze()
        return uvloop.run(_answering(config, desk, ready))
    finally:
        desk.close()


async def _answering(config: Config, desk: Desk, ready: Callable[[], None]) -> int:
    log = structlog.get_logger("detente.server")
    app = application(desk, config)
    stopping: asyncio.Event = app.state["stopping"]
    server = _server(config, app)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    # what several processes are replaced at; one alone would only end
    loop.add_signal_handler(signal.SIGHUP, lambda: log.info("nothing-to-replace"))
    following = Following(desk)
    if "://" in config.ledger:
        following.start()
    serving = asyncio.create_task(server.serve())
    told = asyncio.create_task(stopping.wait())
    try:
        if await _reached(config, serving):
            log.info("ready", host=config.host, port=config.port, pid=os.getpid())
            ready()
            tell_systemd("READY=1")
            await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
        if not stopping.is_set():
            log.error("server-ended")
            return 70
        tell_systemd("STOPPING=1")
        log.info("stopping", grace=config.grace)
        server.stop()  # type: ignore[no-untyped-call]
        done, _ = await asyncio.wait({serving}, timeout=config.grace)
        if not done:
            log.warning("not-all-answered", grace=config.grace)
        log.info("stopped", position=desk.state.position)
        return 0
    finally:
        told.cancel()
        serving.cancel()
        following.stop()


def _server(config: Config, app: Litestar) -> Server:
    milliseconds = max(1, round(config.limits.reading * 1000))
    return Server(
        Entrance(app, config, app.state["metrics"], lambda: app.state["counter"].full),
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGI,
        # one protocol, whose limits are few and known
        http=HTTPModes.http1,
        websockets=False,
        backlog=_BACKLOG,
        backpressure=config.limits.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=milliseconds, max_buffer_size=config.limits.header
        ),
        log_level=LogLevels.error,
        log_dictconfig=logs.GRANIAN,
        ssl_cert=Path(config.certificate) if config.certificate else None,
        ssl_key=Path(config.key) if config.key else None,
    )


class Following:
    """Takes up what other processes write to the ledger, as it comes.

    Parameters
    ----------
    desk : is kept up to date.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ended = Event()
        self._thread = Thread(target=self._follow, name="following", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what comes now is not taken up."""
        self._ended.set()

    def _follow(self) -> None:
        log = structlog.get_logger("detente.following")
        while not self._ended.is_set():
            try:
                for entry in self._desk.ledger.follow(self._desk.state.position, timeout=1.0):
                    if self._ended.is_set():
                        return
                    if entry.position > self._desk.state.position:
                        self._desk.attend()
            except Unavailable as error:
                log.warning("ledger", what=error.what)
                self._ended.wait(1.0)
            except Exception as error:  # a fault here must not leave reads stale for ever
                logs.log_fault(error)
                self._ended.wait(1.0)


async def _reached(config: Config, serving: asyncio.Task[None]) -> bool:
    """Wait until the server answers the door; tell whether it ever does."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(host, config.port)
        except OSError:
            await asyncio.sleep(_PAUSE)
            continue
        writer.close()
        return True
    if error := serving.exception():
        logs.log_fault(error)
    return False


def _many_files() -> None:
    """Let every connection have its file, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
