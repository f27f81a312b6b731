"""The counter: where requests meet the desk. Those that come together are decided on together."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final, TypeVar

from detente.api.problem import ProblemError
from detente.authority import Command, State
from detente.authority.command import Amend, File
from detente.ledger.desk import Answer, Desk

__all__ = ["Clock", "Counter", "busy"]

T = TypeVar("T")

Clock = Callable[[], float]
"""Seconds since 1970."""

_TOGETHER: Final = 128
"""Commands decided on together, at most: who came first does not wait for all who came after."""

_OTHERS: Final = 4
"""Of all else so many times as many may wait as of filings: a flight in distress is heard."""

_FILINGS: Final = (File, Amend)

Watch = Callable[[Sequence[Answer | BaseException]], None]


class Counter:
    """A desk, asked from an event loop: one thread serves whatever has gathered.

    Parameters
    ----------
    desk : the counter does not close it.
    watch : are told the answers of each batch, errors among them.
    most : how many may wait for an answer; of more, filings are told at once to come again.
    clock : the service's; commands are stamped with it.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        watch: Sequence[Watch] = (),
        most: int = 1_000,
        clock: Clock = time.time,
    ) -> None:
        self.clock = clock
        self._desk = desk
        self._most = most
        self._watch = watch
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._gathered: list[tuple[Command, asyncio.Future[Answer]]] = []
        self._open = 0
        self._busy = False

    @property
    def desk(self) -> Desk:
        """The desk."""
        return self._desk

    @property
    def now(self) -> datetime:
        """What time it is."""
        return datetime.fromtimestamp(self.clock(), UTC)

    @property
    def waiting(self) -> int:
        """How many commands are not answered yet."""
        return self._open

    @property
    def full(self) -> bool:
        """Whether a filing would be told to come again."""
        return self._open >= self._most

    async def submit(self, command: Command) -> Answer:
        """Have a command decided on; the answer is durable.

        Raises
        ------
        Rejected : another command came under this key. Unavailable : send it again.
        ProblemError : too many wait.
        """
        if self._open >= self._most * (1 if isinstance(command, _FILINGS) else _OTHERS):
            raise busy()
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._gathered.append((command, future))
        self._open += 1
        if not self._busy:
            self._busy = True
            self._next(asyncio.get_running_loop())
        return await future

    async def read(self, question: Callable[[State], T]) -> T:
        """Ask about what is known and durable; at once, where nobody is deciding now."""
        try:
            return self._desk.ask_now(question)
        except BlockingIOError:
            return await self.call(lambda: self._desk.ask(question))

    async def call(self, work: Callable[[], T]) -> T:
        """Do something in the desk's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Answer what has gathered, and stop."""
        self._thread.shutdown()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._gathered = self._gathered[:_TOGETHER], self._gathered[_TOGETHER:]
        work = self._thread.submit(self._desk.submit_all, [command for command, _ in batch])
        futures = [future for _, future in batch]
        work.add_done_callback(
            lambda done: loop.call_soon_threadsafe(self._answer, loop, futures, done)
        )

    def _answer(
        self,
        loop: asyncio.AbstractEventLoop,
        futures: Sequence[asyncio.Future[Answer]],
        done: Future[list[Answer | BaseException]],
    ) -> None:
        fault = done.exception()
        answers = [fault] * len(futures) if fault else done.result()
        self._open -= len(futures)
        for watch in self._watch:
            watch(answers)
        for future, answer in zip(futures, answers, strict=True):
            if future.done():
                continue  # who asked has gone; the answer is in the ledger
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        if self._gathered:
            self._next(loop)
        else:
            self._busy = False


def busy() -> ProblemError:
    """Make what a filing is told that came when too many wait."""
    return ProblemError(
        "busy",
        "more waits to be decided on than can be taken",
        mend="send the same request again, with the same Idempotency-Key",
        headers={"Retry-After": "1"},
    )
