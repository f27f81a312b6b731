"""The metronome: waiting until an exact time.

An event loop's own timers are coarse by a millisecond, counted from when it began to wait: so the
end of the wait would tell its beginning.
"""

import asyncio
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread
from time import perf_counter

__all__ = ["Metronome"]


class Metronome:
    """Wakes whoever waits, from a thread that sleeps meanwhile.

    Examples
    --------
    >>> async def wait(metronome):
    ...     due = perf_counter() + 0.005
    ...     await metronome.until(due)
    ...     return perf_counter() >= due
    >>> asyncio.run(wait(Metronome()))
    True
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._changed = Condition()
        self._count = count()
        self._thread: Thread | None = None

    async def until(self, due: float) -> None:
        """Wait until a time of ``time.perf_counter``."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._changed:
            heappush(self._waiting, (due, next(self._count), loop, future))
            if self._thread is None:
                self._thread = Thread(target=self._keep, name="metronome", daemon=True)
                self._thread.start()
            if self._waiting[0][3] is future:
                self._changed.notify()
        await future

    def _keep(self) -> None:
        while True:
            with self._changed:
                while not self._waiting or (left := self._waiting[0][0] - perf_counter()) > 0:
                    self._changed.wait(left if self._waiting else None)
                _, _, loop, future = heappop(self._waiting)
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(_wake, future)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
