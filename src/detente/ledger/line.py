"""The line before a desk: those who wait are served together, by whoever of them is first."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Line"]

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Visit:
    """One caller: how many of its own are not served yet, and what its thread sleeps on."""

    left: int
    woken: Lock


class Line(Generic[T]):
    """Those who wait to be served, many at a time.

    It has no thread of its own. Of the threads that wait, one serves; when its own are served, it
    leaves that to the next, which serves all who came meanwhile. Each sleeps on a lock of its own
    and is woken once: were they all to wait for one lock, each would hold up the next.

    Parameters
    ----------
    free : gives what whoever serves has to hold. Those who come until then are served too.
    serve : serves some, in order, and may raise only what ends the thread.
    rest : does what else is to be done when some were served; True if there may be more of it.
    most : served at a time.
    """

    def __init__(
        self,
        free: Callable[[], AbstractContextManager[object]],
        serve: Callable[[list[T]], None],
        rest: Callable[[], bool],
        most: int,
    ) -> None:
        self._free, self._serve, self._rest, self._most = free, serve, rest, most
        self._waiting: deque[tuple[T, _Visit]] = deque()
        self._lock = Lock()
        self._led = False

    def __len__(self) -> int:
        """Count those who wait."""
        return len(self._waiting)

    def wait(self, items: Sequence[T]) -> None:
        """Wait until all are served; serve, when it is one's turn."""
        if not items:
            return
        visit = _Visit(len(items), Lock())
        visit.woken.acquire()
        with self._lock:
            self._waiting.extend((item, visit) for item in items)
            first, self._led = not self._led, True
        if not first:
            self._sleep(visit)
            if not visit.left:
                return
        try:
            self._lead(visit)
        except BaseException:
            self._leave(visit)
            raise
        finally:
            self._hand_over()

    def _lead(self, visit: _Visit) -> None:
        """Serve from the front of the line until one's own are served."""
        while visit.left:
            with self._free():
                with self._lock:
                    batch = [self._waiting.popleft() for _ in range(min(self._most, len(self)))]
                try:
                    self._serve([item for item, _ in batch])
                finally:
                    for _, one in batch:
                        one.left -= 1
                        if not one.left and one is not visit:
                            one.woken.release()
        while self._rest() and not self._waiting:
            pass

    def _hand_over(self) -> None:
        """Let the first in line serve."""
        with self._lock:
            if self._waiting:
                self._waiting[0][1].woken.release()
            else:
                self._led = False

    def _sleep(self, visit: _Visit) -> None:
        try:
            visit.woken.acquire()
        except BaseException:  # interrupted
            self._leave(visit)
            if visit.left and visit.woken.acquire(blocking=False):
                self._hand_over()
            raise

    def _leave(self, visit: _Visit) -> None:
        """Take out of the line what nobody serves yet."""
        with self._lock:
            self._waiting = deque(each for each in self._waiting if each[1] is not visit)
