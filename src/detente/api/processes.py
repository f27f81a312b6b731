"""Several processes at one address, on one PostgreSQL ledger; each has a desk of its own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic
from typing import Final

import msgspec
import structlog
from prometheus_client.multiprocess import mark_process_dead

from detente.api import logs
from detente.api.config import Config
from detente.api.metrics import MULTIPLE
from detente.api.systemd import NOTIFY, tell_systemd

__all__ = ["supervise"]

_READY: Final = b"ready\n"
_PATIENCE: Final = 300.0
_SOON: Final = 10.0
_MOST: Final = 3
_BEYOND: Final = 5.0
"""Seconds after the grace, in which a process closes its ledger."""


def supervise(config: Config, *, ready: Callable[[], None] = lambda: None) -> int:
    """Keep several processes answering until SIGTERM or SIGINT.

    One that ends by itself is replaced. SIGHUP replaces each in turn, a new one answering
    before an old one stops. They share the port (SO_REUSEPORT), so the kernel spreads
    connections over them.

    Parameters
    ----------
    config : with an address and a port that are free, and a ledger that is founded.
    ready : called once all answer.

    Returns
    -------
    The exit code.
    """
    logs.set_up(config.log)
    with TemporaryDirectory(prefix="detente-metrics-") as directory:
        return asyncio.run(_Supervisor(config, directory).run(ready))


class _Supervisor:
    def __init__(self, config: Config, directory: str) -> None:
        self._config = config
        self._environment = {**os.environ, MULTIPLE: directory}
        self._environment.pop(NOTIFY, None)  # this process speaks for all
        self._directory = directory
        self._log = structlog.get_logger("detente.processes")
        self._processes: list[Process] = []
        self._stopping = asyncio.Event()
        self._turn = asyncio.Event()
        self._ended: list[float] = []

    async def run(self, ready: Callable[[], None]) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._turn.set)
        code = 0
        try:
            await asyncio.gather(*(self._start() for _ in range(self._config.processes)))
            if len(self._processes) == self._config.processes:
                ready()
                tell_systemd("READY=1")
                code = await self._watch()
            else:
                code = 70
        finally:
            tell_systemd("STOPPING=1")
            await asyncio.gather(*(self._stop(process) for process in list(self._processes)))
        return code

    async def _watch(self) -> int:
        """Replace what ends, and each in turn when asked to, until told to stop."""
        while not self._stopping.is_set():
            waits = [asyncio.create_task(process.wait()) for process in self._processes]
            waits += [asyncio.create_task(event.wait()) for event in (self._stopping, self._turn)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            if self._stopping.is_set():
                break
            if self._turn.is_set():
                self._turn.clear()
                await self._in_turn()
            for process in [p for p in self._processes if p.returncode is not None]:
                self._forget(process)
                self._log.error("process-ended", pid=process.pid, code=process.returncode)
                now = monotonic()
                self._ended = [at for at in self._ended if now - at < _SOON] + [now]
                if len(self._ended) > _MOST:
                    self._log.error("processes-end-too-often")
                    return 70
                await self._start()
        return 0

    async def _in_turn(self) -> None:
        for old in list(self._processes):
            if self._stopping.is_set() or not await self._start():
                return  # the old ones go on
            await self._stop(old)

    async def _start(self) -> bool:
        """Start a process; tell whether it answers."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "detente.api.processes",
            stdin=PIPE, stdout=PIPE, env=self._environment,
            # Ctrl-C is for the one that watches over them
            start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        # what it is told does not show in a list of processes
        process.stdin.write(msgspec.json.encode(self._config) + b"\n")
        self._processes.append(process)
        stopped = asyncio.create_task(self._stopping.wait())
        said = asyncio.create_task(process.stdout.readline())
        await asyncio.wait({stopped, said}, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if said.done() and said.result() == _READY:
            return True
        said.cancel()
        if not self._stopping.is_set():
            self._log.error("process-did-not-start", pid=process.pid)
        await self._stop(process)
        return False

    async def _stop(self, process: Process) -> None:
        """Have a process answer what is under way, and end."""
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(self._config.grace + _BEYOND):
                    await process.wait()
            except TimeoutError:
                self._log.error("process-killed", pid=process.pid)
                process.kill()
                await process.wait()
        self._forget(process)

    def _forget(self, process: Process) -> None:
        if process in self._processes:
            self._processes.remove(process)
            mark_process_dead(process.pid, self._directory)  # type: ignore[no-untyped-call]


def _main() -> int:
    """Be one of the processes."""
    from detente.api.server import open_desk, run
    from detente.errors import InputError

    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 65_536)
        if not piece:
            return 0
        line += piece
    config = msgspec.json.decode(line, type=Config)
    Thread(target=_outlived, daemon=True).start()

    def ready() -> None:
        sys.stdout.buffer.write(_READY)
        sys.stdout.flush()

    try:
        return run(config, open_desk(config), ready=ready)
    except InputError as error:
        sys.stderr.write(f"detente: {error}\n")
        return 2


def _outlived() -> None:
    """Stop when the one that watches over this process is gone."""
    # not by sys.stdin: its lock would be held when the interpreter ends
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(_main())
