"""Questions about the past, and about what would be: answered beside the desk, one by one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from detente.api.counter import busy
from detente.authority import State
from detente.ledger.past import Past, PastRecord

__all__ = ["Hindsight"]

T = TypeVar("T")


class Hindsight:
    """A state of its own, with a thread of its own: nobody's filing waits for who looks back.

    Parameters
    ----------
    past : reads the ledger.
    most : how many may wait for their answers; more are told to come again.
    """

    def __init__(self, past: Past | PastRecord, most: int = 16) -> None:
        self._past = past
        self._most = most
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="past")

    async def ask(self, at: datetime, question: Callable[[State], T]) -> T:
        """Ask about what was known at a time.

        Raises
        ------
        ProblemError : too many wait.
        """
        if self._waiting >= self._most:
            raise busy()
        self._waiting += 1
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._past.ask, at, question)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin with no more questions."""
        self._thread.shutdown(wait=False, cancel_futures=True)
