"""Questions about the past, and about what would be: answered beside the desk, one by one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

from detente.api.counter import busy
from detente.authority import State, View
from detente.ledger.past import Past, PastRecord, PastView

__all__ = ["Hindsight", "Recollection"]

P = ParamSpec("P")
T = TypeVar("T")


class _Row:
    """Those who wait for one thread of their own: nobody's filing waits for who looks back."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="past")

    async def _wait(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= self._most:
            raise busy()
        self._waiting += 1
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, partial(call, *args, **kwargs))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin with no more questions."""
        self._thread.shutdown(wait=False, cancel_futures=True)


class Hindsight(_Row):
    """A state of its own, for the authority or for reports.

    Parameters
    ----------
    past : reads the ledger.
    most : how many may wait for their answers; more are told to come again.
    """

    def __init__(self, past: Past | PastRecord, most: int = 16) -> None:
        super().__init__(most)
        self._past = past

    async def ask(self, at: datetime, question: Callable[[State], T]) -> T:
        """Ask about what was known at a time.

        Raises
        ------
        ProblemError : too many wait.
        """
        return await self._wait(self._past.ask, at, question)


class Recollection(_Row):
    """What parties knew: each is given its own.

    Parameters
    ----------
    past : reads the ledger.
    most : how many may wait for their answers; more are told to come again.
    """

    def __init__(self, past: PastView, most: int = 128) -> None:
        super().__init__(most)
        self._past = past

    async def ask(self, at: datetime, party: str) -> View:
        """Ask about what a party knew at a time.

        Raises
        ------
        ProblemError : too many wait.
        """
        return await self._wait(self._past.ask, at, party)
