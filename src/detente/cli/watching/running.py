"""The watch, run: what feeds bring goes through it once a second, and what it says goes out."""

import asyncio
import signal
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog

from detente.airspace.sighting import Sighting
from detente.cli.watching.account import Account
from detente.cli.watching.declarations import Declarations
from detente.cli.watching.outbox import Outbox
from detente.cli.watching.screen import Screen
from detente.cli.watching.sending import Sending
from detente.cli.watching.telling import alert_of, close
from detente.errors import InputError
from detente.feeds.feed import Feed
from detente.feeds.intake import Intake
from detente.feeds.replay import Step
from detente.watch.watch import Observation, Watch

__all__ = ["Authority", "Run"]

_SECOND: Final = 1_000_000_000
_BEHIND: Final = 2_000
"""States that may wait for the authority while a recording is replayed; it waits then."""
_PARTING: Final = 5.0
"""Seconds in which what is left is sent, when the watch is stopped."""
_SLOW: Final = 2.0
"""Seconds that a step may take before that is logged; the next then comes late."""
_PAUSE: Final = 0.02
_ACCOUNT: Final = 60.0
"""Seconds from one account of the feeds in the log to the next."""


class Authority:
    """What is asked of an authority, and told to it.

    Parameters
    ----------
    declarations : what was declared.
    outbox : what it has not been told yet.
    sending : empties that.
    """

    def __init__(self, declarations: Declarations, outbox: Outbox, sending: Sending) -> None:
        self.declarations = declarations
        self.outbox = outbox
        self.sending = sending

    async def run(self) -> None:
        """Follow and send, until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.declarations.follow())
            tasks.create_task(self.sending.run())


class Run:
    """One watch, from its beginning to its end.

    Parameters
    ----------
    watch : what compares what is seen with what was declared.
    account : what was found.
    screen : where it is shown.
    authority : whom it is told; None for nobody.
    """

    def __init__(
        self, watch: Watch, account: Account, screen: Screen, authority: Authority | None
    ) -> None:
        self._watch = watch
        self._account = account
        self._screen = screen
        self._authority = authority
        self._log: Any = structlog.get_logger("detente")

    async def live(self, feeds: Sequence[Feed], intake: Intake) -> None:
        """Run until SIGTERM or SIGINT; then send what is left, for a few seconds."""
        stopped = _stopped()
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(feed.run()) for feed in feeds]
            beside += self._followed(tasks)
            beside.append(tasks.create_task(self._log_feeds()))
            while not stopped.is_set():
                await _wait(stopped, 1.0 - time.time() % 1.0)
                await self._step(time.time_ns(), intake.take())
            self._close()
            await self._part()
            _cancel(beside)

    async def replay(self, steps: Iterable[Step], speed: float | None) -> None:
        """Run through a recording, or until SIGTERM or SIGINT; what is left is sent at the end.

        Parameters
        ----------
        speed : how much faster than it was; None for as fast as it goes.
        """
        stopped = _stopped()
        async with asyncio.TaskGroup() as tasks:
            beside = self._followed(tasks)
            began: tuple[int, float] | None = None
            for now, sightings in steps:
                if speed is not None:
                    began = began or (now, time.monotonic())
                    due = began[1] + (now - began[0]) / _SECOND / speed
                    await _wait(stopped, max(0.0, due - time.monotonic()))
                if stopped.is_set():
                    break
                await self._step(now, sightings)
                await self._sent(_BEHIND, stopped)
            self._close()
            await self._sent(0, stopped)
            await self._part()
            _cancel(beside)

    def _followed(self, tasks: asyncio.TaskGroup) -> "list[asyncio.Task[None]]":
        return [] if self._authority is None else [tasks.create_task(self._authority.run())]

    async def _sent(self, most: int, stopped: asyncio.Event) -> None:
        """Wait until no more than so many states have had no answer, or it is stopped."""
        while self._authority is not None and self._authority.sending.waiting > most:
            if stopped.is_set():
                return
            await _wait(stopped, _PAUSE)

    def _close(self) -> None:
        """Tell the authority that nothing is followed any more."""
        if self._authority is not None:
            followed = self._account
            close(
                self._authority.outbox, followed.tracks.values(), followed.unseen.values(),
                followed.alerts.values(),
            )  # fmt: skip
            self._authority.sending.wake()

    async def _part(self) -> None:
        """Send what is left, for a few seconds at the most."""
        if self._authority is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PARTING):
                    await self._authority.sending.until(0)

    async def _step(self, now: int, sightings: list[Sighting]) -> None:
        if self._authority is not None:
            changes = self._authority.declarations.take()
            for declared in changes.declared:
                try:
                    self._watch.declare(declared)
                except InputError as error:
                    self._log.warning("unusable", intent=declared.name, why=str(error))
            for name in changes.withdrawn:
                self._watch.withdraw(name)
        began = time.monotonic()
        # beside the sockets, not before them
        seen = await asyncio.to_thread(self._seen, now, sightings)
        if (took := time.monotonic() - began) > _SLOW:
            self._log.warning("slow", seconds=round(took, 1), sightings=len(sightings))
        self._account.left = self._watch.tracker.counts
        alerts = [alert_of(alert) for alert in seen.alerts]
        if self._authority is not None:
            self._authority.outbox.put(seen.tracks, seen.unseen, alerts)
            self._authority.sending.wake()
        self._screen.show(self._account.take(now, seen.tracks, seen.unseen, alerts))

    def _seen(self, now: int, sightings: list[Sighting]) -> Observation:
        self._watch.see(sightings)
        return self._watch.step(now)

    async def _log_feeds(self) -> None:
        while True:
            await asyncio.sleep(_ACCOUNT)
            for one in self._account.feeds:
                self._log.info(
                    "heard", feed=one.feed, state=one.state, received=one.received,
                    refused=dict(one.refused), dropped=one.dropped, reconnects=one.reconnects,
                )  # fmt: skip
            self._log.info("followed", tracks=len(self._account.tracks), left=self._account.left)


def _stopped() -> asyncio.Event:
    """Give an event that SIGTERM and SIGINT set."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def _wait(stopped: asyncio.Event, seconds: float) -> None:
    """Wait for so long, or until it is stopped."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopped.wait()


def _cancel(tasks: "Iterable[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
