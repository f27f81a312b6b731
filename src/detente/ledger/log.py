"""What every ledger offers: append at a position, read from a position, follow."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from math import inf
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

from detente.ledger.chain import Broken, Entry, Head

__all__ = ["Ledger", "Overtaken", "Unavailable", "closed", "in_pieces", "with_news"]

PIECE = 512
"""Entries fetched at a time: so many in memory, whatever the ledger's length."""


class Overtaken(Exception):  # noqa: N818
    """The head is not where the writer thought: somebody was first; nothing was written.

    Read what is new, decide again on that, and append again.

    Parameters
    ----------
    after : where the writer thought the head to be.
    """

    def __init__(self, after: int) -> None:
        self.after = after
        super().__init__(f"the ledger's head is not at position {after:,}")


class Unavailable(Exception):  # noqa: N818
    """The ledger cannot be read or written now: full disk, I/O, a connection lost.

    Where an append raises it, **the outcome may be unknown**: the entries may be there, all
    of them or none, and where a connection was lost they may yet come. What settles it is the
    next append at the same position: it succeeds, and they never will be there; or it is
    overtaken, and reading shows whether by them.

    Parameters
    ----------
    what : what happened.
    mend : what to do about it.
    """

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend
        super().__init__(f"{what}; {mend}")


class Ledger(Protocol):
    """An append-only, hash-chained log. Safe to use from many threads.

    Opened by one process, it is not to be carried into another by fork: open it there.
    """

    def append(self, after: int, bodies: Sequence[bytes]) -> None:
        """Append all bodies or none; durable when it returns.

        Parameters
        ----------
        after : the position of the head that the bodies were decided on, 0 when empty.
        bodies : one JSON object each; none at all writes nothing.

        Raises
        ------
        Overtaken : the head is elsewhere; nothing was written.
        Unavailable : it cannot be done, or the outcome cannot be known (see there).
        InputError : the ledger was opened for reading only.
        """
        ...

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Give the entries after a position in order, at most ``limit``, a few at a time.

        Raises
        ------
        Unavailable : it cannot be read now.
        Broken : the store is damaged there.
        """
        ...

    def follow(self, after: int, *, timeout: float | None = None) -> Iterator[Entry]:
        """Give the entries after a position, then those to come, as they come.

        Ends when there was nothing new for ``timeout`` seconds (None: never), and when the
        ledger is closed.

        Raises
        ------
        Unavailable : there was nothing new because it cannot be read.
        Broken : the store is damaged there.
        """
        ...

    def head(self) -> Head:
        """Give the last entry's position and hash; 0 and GENESIS when empty."""
        ...

    def turn(self) -> AbstractContextManager[None]:
        """Wait for one's turn to decide and append, among the processes on this ledger.

        It only saves work that would be overtaken. Nothing rests on it: whoever has waited
        too long goes on without.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections. A second time does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


Piece = Callable[[int, int], Sequence[Entry]]
"""Gives some of the entries after a position, at most so many; empty at the end."""


def in_pieces(piece: Piece, after: int, limit: int | None) -> Iterator[Entry]:
    """Read in pieces, each a query of its own: entries never change, so none holds a lock.

    Raises
    ------
    Broken : positions do not grow.
    """
    while limit is None or limit > 0:
        entries = piece(after, PIECE if limit is None else min(PIECE, limit))
        if not entries:
            return
        last = entries[-1].position
        if last <= after:  # in a damaged store one could go round for ever
            raise Broken(after + 1, f"out of order: position {last:,} stands after it")
        yield from entries
        after = last
        if limit is not None:
            limit -= len(entries)


def with_news(
    piece: Piece, wait: Callable[[int, float], bool], after: int, timeout: float | None
) -> Iterator[Entry]:
    """Read in pieces, and go on with what comes: :meth:`Ledger.follow`.

    Parameters
    ----------
    piece : see there. Where it raises Unavailable it is asked again until the time is out.
    wait : waits for an entry after a position, at most so many seconds, and may come back
        early; False once the ledger is closed.
    """
    due = None if timeout is None else monotonic() + timeout
    while True:
        trouble = None
        try:
            for entry in in_pieces(piece, after, None):
                yield entry
                after = entry.position
                due = None if timeout is None else monotonic() + timeout
        except Unavailable as error:
            trouble = error
        left = inf if due is None else due - monotonic()
        if left <= 0:
            if trouble is not None:
                raise trouble
            return
        if not wait(after, left):
            return


def closed() -> Unavailable:
    """Say that a ledger is used after it was closed."""
    return Unavailable("the ledger is closed", "open it again")
