"""A ledger in memory: for embedding, and for simulation with crashes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import TIMEOUT_MAX, Condition
from types import TracebackType
from typing import Literal, Self

from detente.ledger.chain import START, Entry, Head, extend
from detente.ledger.log import Overtaken, closed, in_pieces, with_news

__all__ = ["Fail", "MemoryLedger", "Stage"]

Stage = Literal["before", "after"]

Fail = Callable[[Stage, int, Sequence[bytes]], None]
"""Called around every append with the stage, the position and the bodies; may raise.

``before``: nothing is written yet, and another writer may still be first (the hook may append
through another handle). ``after``: it is written, and the answer is not given yet.
"""


class _Store:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.news = Condition()

    def head(self) -> Head:
        return self.entries[-1][:2] if self.entries else START


class MemoryLedger:
    """A ledger that lives as long as its process, with the same contract as the others.

    Parameters
    ----------
    fail : a hook that may raise before an append takes effect, or after.

    >>> ledger = MemoryLedger()
    >>> ledger.append(0, [b"{}"])
    >>> ledger.head()[0]
    1
    """

    def __init__(self, *, fail: Fail | None = None) -> None:
        self._store = _Store()
        self._fail = fail
        self._closed = False

    def another(self, *, fail: Fail | None = None) -> "MemoryLedger":
        """Open the same ledger again, as another process or the same after a crash would."""
        other = MemoryLedger(fail=fail)
        other._store = self._store
        return other

    def append(self, after: int, bodies: Sequence[bytes]) -> None:
        """Append all bodies or none: see :class:`~detente.ledger.log.Ledger`."""
        self._check()
        if not bodies:
            return
        if self._fail is not None:
            self._fail("before", after, bodies)
        with self._store.news:
            head = self._store.head()
            if head[0] != after:
                raise Overtaken(after)
            self._store.entries += extend(head, bodies)
            self._store.news.notify_all()
        if self._fail is not None:
            self._fail("after", after, bodies)

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Give the entries after a position."""
        return in_pieces(self._piece, after, limit)

    def follow(self, after: int, *, timeout: float | None = None) -> Iterator[Entry]:
        """Give the entries after a position, then those to come."""
        return with_news(self._piece, self._wait, after, timeout)

    def head(self) -> Head:
        """Give the last entry's position and hash."""
        self._check()
        with self._store.news:
            return self._store.head()

    def turn(self) -> AbstractContextManager[None]:
        """Go on at once: there are no other processes here."""
        return nullcontext()

    def close(self) -> None:
        """Close this handle; the entries stay for :meth:`another`."""
        with self._store.news:
            self._closed = True
            self._store.news.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _piece(self, after: int, limit: int) -> list[Entry]:
        self._check()
        return self._store.entries[after : after + limit]

    def _wait(self, after: int, seconds: float) -> bool:
        store = self._store
        with store.news:
            store.news.wait_for(
                lambda: len(store.entries) > after or self._closed, min(seconds, TIMEOUT_MAX)
            )
        return not self._closed

    def _check(self) -> None:
        if self._closed:
            raise closed()
