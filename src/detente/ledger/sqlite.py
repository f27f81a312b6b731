"""A ledger in one SQLite file: the embedded default. Many processes may share it.

What makes an append durable when it returns (sqlite.org: "Write-Ahead Logging", "PRAGMA
synchronous"):

- ``journal_mode = WAL``: a commit is one append to the -wal file, so one fsync; readers and
  the writer do not wait for each other. It needs a local disk, not a network file system.
- ``synchronous = FULL``: in WAL mode NORMAL syncs only at checkpoints, so a power cut could
  take entries that were acknowledged. FULL syncs the -wal at every commit.
- ``fullfsync``: on macOS fsync leaves data in the drive's cache; this empties it.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from os import PathLike
from pathlib import Path
from threading import Condition, Lock
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from detente.errors import InputError
from detente.ledger.chain import START, Broken, Entry, Head, extend
from detente.ledger.log import Overtaken, Unavailable, closed, in_pieces, with_news

__all__ = ["APPLICATION", "LAYOUT", "SqliteLedger"]

APPLICATION = 0x44544E54
"""SQLite's application_id of a ledger: "DTNT"."""

LAYOUT = 1
"""SQLite's user_version: the layout of the table that this code writes."""

_BUSY = 10.0
"""Seconds to wait for another process's append."""

_POLL = 0.02
"""Seconds between looks for what another process appended."""

_TABLE = """
CREATE TABLE entry (
    position INTEGER PRIMARY KEY CHECK (position > 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    body BLOB NOT NULL
) STRICT
"""

# against mistakes; against a hand there is the chain
_GUARD = """
CREATE TRIGGER entry_{verb} BEFORE {verb} ON entry
BEGIN SELECT RAISE(ABORT, 'a ledger is append-only'); END
"""

_HEAD = "SELECT position, hash FROM entry ORDER BY position DESC LIMIT 1"
_READ = "SELECT position, hash, body FROM entry WHERE position > ? ORDER BY position LIMIT ?"


class SqliteLedger:
    """A ledger in one file (with a -wal and a -shm beside it while it is open).

    Parameters
    ----------
    path : the file.
    create : make it where there is none yet.
    read_only : open it for reading only.

    Raises
    ------
    InputError : see :func:`~detente.ledger.open_ledger`.
    """

    def __init__(
        self, path: str | PathLike[str], *, create: bool = False, read_only: bool = False
    ) -> None:
        self._path = Path(path)
        self._file = str(path)
        self._writer: sqlite3.Connection | None = None
        self._writing, self._reading = Lock(), Lock()
        self._news = Condition()
        self._appended = 0
        self._closed = False
        self._find(create)
        try:
            if not read_only:
                self._writer = self._open_writer(create)
            self._reader = self._open_reader()
            self._opened = self._inode()
        except _ERRORS as error:
            if self._writer is not None:
                self._writer.close()
            raise self._unusable(error) from error
        except BaseException:
            if self._writer is not None:
                self._writer.close()
            raise

    def append(self, after: int, bodies: Sequence[bytes]) -> None:
        """Append all bodies or none: see :class:`~detente.ledger.log.Ledger`."""
        if self._closed:
            raise closed()
        if self._writer is None:
            raise InputError("opened for reading only", file=self._file, mend="open it for writing")
        if not bodies:
            return
        with self._writing:
            try:
                self._append(self._writer, after, bodies)
            except _ERRORS as error:
                raise self._trouble(error) from error
        with self._news:
            self._appended = after + len(bodies)
            self._news.notify_all()

    def _append(self, writer: sqlite3.Connection, after: int, bodies: Sequence[bytes]) -> None:
        try:
            _begin(writer)
            if self._inode() != self._opened:
                raise Unavailable(
                    f"{self._file}: it was moved, removed or replaced while open",
                    "put it back, and open it again",
                )
            head: Head = writer.execute(_HEAD).fetchone() or START
            if head[0] != after:
                raise Overtaken(after)
            writer.executemany("INSERT INTO entry VALUES (?, ?, ?)", extend(head, bodies))
            writer.execute("COMMIT")
        finally:
            if not self._closed and writer.in_transaction:
                with suppress(sqlite3.Error):
                    writer.execute("ROLLBACK")

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Give the entries after a position."""
        return in_pieces(self._piece, after, limit)

    def follow(self, after: int, *, timeout: float | None = None) -> Iterator[Entry]:
        """Give the entries after a position, then those to come."""
        return with_news(self._piece, self._wait, after, timeout)

    def head(self) -> Head:
        """Give the last entry's position and hash."""
        with self._reading:
            if self._closed:
                raise closed()
            try:
                head: Head = self._reader.execute(_HEAD).fetchone() or START
            except _ERRORS as error:
                raise self._trouble(error) from error
        return head

    def turn(self) -> AbstractContextManager[None]:
        """Go on at once: SQLite makes writers wait for each other by itself."""
        return nullcontext()

    def close(self) -> None:
        """Close the file; the last to do so moves the -wal into it and removes that."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        with self._writing, self._reading:
            self._reader.close()
            if self._writer is not None:
                self._writer.close()

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
        entries: list[Entry] = []
        with self._reading:
            if self._closed:
                raise closed()
            try:
                for row in self._reader.execute(_READ, (after, limit)):
                    entries.append(Entry._make(row))  # noqa: PERF401 (kept when a later one fails)
            except _ERRORS as error:
                if entries:
                    return entries  # the next piece begins where it failed
                if _code(error) in _DAMAGE:
                    raise Broken(
                        after + 1, f"it cannot be read: {error}", file=self._file
                    ) from error
                raise self._trouble(error) from error
        return entries

    def _wait(self, after: int, seconds: float) -> bool:
        with self._news:
            self._news.wait_for(lambda: self._appended > after or self._closed, min(seconds, _POLL))
        return not self._closed

    def _inode(self) -> tuple[int, int] | None:
        """Tell this file from another of its name: what is written to a lost one is lost."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    # opening

    def _find(self, create: bool) -> None:
        path = self._path
        if path.is_dir():
            raise InputError("a directory", file=self._file, mend="name a file in it")
        if path.exists():
            return
        if not create:
            raise InputError(
                "no such ledger", file=self._file, mend="check the path, or create it first"
            )
        if not path.parent.is_dir():
            raise InputError("no such directory", file=str(path.parent), mend="make it first")

    def _open_writer(self, create: bool) -> sqlite3.Connection:
        writer = self._connect("rwc" if create else "rw")
        try:
            writer.execute("PRAGMA synchronous = FULL")
            writer.execute("PRAGMA fullfsync = ON")
            writer.execute("PRAGMA checkpoint_fullfsync = ON")
            if self._identify(writer, create):
                self._make(writer)
            writer.execute("PRAGMA journal_mode = WAL")
            # a file that may not be written is opened all the same, and shows it only here
            writer.execute("BEGIN IMMEDIATE")
            writer.execute(f"PRAGMA user_version = {LAYOUT}")
            writer.execute("ROLLBACK")
        except _ERRORS as error:
            if _code(error) != sqlite3.SQLITE_BUSY:
                writer.close()
                raise
        except BaseException:
            writer.close()
            raise
        writer.execute("PRAGMA busy_timeout = 1")
        return writer

    def _open_reader(self) -> sqlite3.Connection:
        # not "ro": so opened, the last to close would leave an empty -wal and -shm behind
        reader = self._connect("rw")
        try:
            try:
                reader.execute("PRAGMA query_only = ON")
                self._identify(reader, create=False)
            except sqlite3.OperationalError:
                # where no file can be made beside it, a closed ledger can still be read
                if self._path.with_name(f"{self._path.name}-wal").exists():
                    raise
                reader.close()
                reader = self._connect("ro&immutable=1")
                self._identify(reader, create=False)
        except BaseException:
            reader.close()
            raise
        return reader

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY,
            isolation_level=None,
            check_same_thread=False,
        )

    def _identify(self, connection: sqlite3.Connection, create: bool) -> bool:
        """Check that it is a ledger of a layout that is known; True where it is to be made."""
        application, layout = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if (application, layout, tables) == (0, 0, 0):
            if create:
                return True
            raise InputError("empty, not a ledger", file=self._file, mend="create it first")
        if application != APPLICATION:
            raise InputError(
                "an SQLite file, but not a ledger", file=self._file, mend="check the path"
            )
        if layout > LAYOUT:
            raise InputError(
                f"a ledger of layout {layout}; this Detente reads up to {LAYOUT}",
                file=self._file,
                mend="use the newer Detente that wrote it",
            )
        return False

    def _make(self, connection: sqlite3.Connection) -> None:
        due = monotonic() + _BUSY
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                # another process makes it too; for this SQLite does not wait by itself
                if _code(error) != sqlite3.SQLITE_BUSY or monotonic() > due:
                    raise
                sleep(_POLL)
        connection.execute("BEGIN IMMEDIATE")
        if self._identify(connection, create=True):
            connection.execute(_TABLE)
            for verb in ("UPDATE", "DELETE"):
                connection.execute(_GUARD.format(verb=verb))
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {LAYOUT}")
        connection.execute("COMMIT")
        if os.name == "posix":
            # the file's name, too, must outlast a power cut
            directory = os.open(self._path.absolute().parent, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)

    # what can go wrong

    def _unusable(self, error: Exception) -> InputError:
        """Say why it cannot be opened."""
        code = _code(error)
        mend = "check the path and the permissions"
        if code == sqlite3.SQLITE_NOTADB:
            return InputError("not a ledger", file=self._file, mend="check the path")
        if code == sqlite3.SQLITE_CORRUPT:
            return Broken(1, f"it cannot be read: {error}", file=self._file)
        if code == sqlite3.SQLITE_READONLY:
            mend = "allow writing to it and its directory, or open it for reading only"
            return InputError("it cannot be written", file=self._file, mend=mend)
        if code == sqlite3.SQLITE_CANTOPEN:
            mend += " (a -wal and a -shm file must fit beside it)"
        return InputError(f"cannot be opened: {error}", file=self._file, mend=mend)

    def _trouble(self, error: Exception) -> Unavailable:
        code = _code(error)
        what, mend = f"{self._file}: {error}", "look at the disk and the system's log"
        if self._closed:
            return closed()
        if code == sqlite3.SQLITE_FULL:
            what, mend = f"{self._file}: no room left", "make room on the disk, and try again"
        elif code == sqlite3.SQLITE_BUSY:
            what = f"{self._file}: another process has been writing for {_BUSY:.0f} s"
            mend = "look what holds it, and try again"
        elif code == sqlite3.SQLITE_READONLY:
            what, mend = f"{self._file}: it can no longer be written", "allow writing to it"
        elif code == sqlite3.SQLITE_IOERR:
            mend = "look whether the disk is full or failing, and try again"
        elif code in _DAMAGE:
            mend = "stop, verify the ledger, and restore a copy"
        return Unavailable(what, mend)


def _begin(writer: sqlite3.Connection) -> None:
    """Begin to write, after whoever writes now.

    SQLite itself would wait up to 0.1 s between tries, so that one who writes without a pause
    could keep all others out. It waits 1 ms here (``busy_timeout``).
    """
    due = monotonic() + _BUSY
    while True:
        try:
            # IMMEDIATE: the head that is read then stays the head until the commit
            writer.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or monotonic() > due:
                raise


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


# a message that quotes a damaged file may be no UTF-8
_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def _code(error: Exception) -> int:
    """Give SQLite's primary result code, or 0 where the error is not SQLite's own."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
