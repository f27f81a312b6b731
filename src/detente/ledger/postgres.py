"""A ledger in PostgreSQL: several processes and machines on one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Lock
from types import TracebackType
from typing import Self, TypeVar

from psycopg import errors

from detente.errors import InputError
from detente.ledger.chain import START, Broken, Entry, Head, extend
from detente.ledger.log import Overtaken, Unavailable, in_pieces, with_news
from detente.ledger.session import Connection, Session, Target

__all__ = ["LAYOUT", "PostgresLedger"]

T = TypeVar("T")

LAYOUT = 1
"""The layout of the table that this code writes; the table's comment says which it has."""

_COMMENT = "detente ledger, layout "

_KEY = 0x44544E54
"""The first half of the advisory locks' keys: "DTNT"."""

_TURN = "1s"
"""How long one waits for a turn: a stopped process must not stop the others."""

_POLL = 0.5
"""Seconds between looks for news, should a notification be lost; and between reconnections."""

# the triggers are against mistakes; against a hand there is the chain
_MAKE = """
DO $$ BEGIN
    -- who was given a schema need not have the right to make one
    IF to_regnamespace('{schema}') IS NULL THEN CREATE SCHEMA {schema}; END IF;
END $$;
CREATE TABLE {schema}.entry (
    position bigint PRIMARY KEY CHECK (position > 0),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    body bytea NOT NULL
);
COMMENT ON TABLE {schema}.entry IS '{comment}{layout}';
CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a ledger is append-only'; END $$;
CREATE FUNCTION {schema}.tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('detente.' || TG_TABLE_SCHEMA, ''); RETURN NULL; END $$;
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.entry
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
CREATE TRIGGER tell AFTER INSERT ON {schema}.entry
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.tell();
REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.entry FROM PUBLIC, CURRENT_USER
"""

# One statement, so all or none. Its first position is taken already (unique violation) or the
# entry it was decided on is not there (no row): in both cases somebody was first.
_APPEND = """
INSERT INTO {schema}.entry (position, hash, body)
SELECT %(after)b + added.n, added.hash, added.body
FROM unnest(%(hashes)b::bytea[], %(bodies)b::bytea[]) WITH ORDINALITY AS added (hash, body, n)
WHERE %(after)b = 0
    OR EXISTS (SELECT FROM {schema}.entry WHERE position = %(after)b AND hash = %(hash)b)
"""

_READ = """
SELECT position, hash, body FROM {schema}.entry
WHERE position > %s ORDER BY position LIMIT %s
"""

_AT = "SELECT position, hash FROM {schema}.entry WHERE position = %s"
_HEAD = "SELECT position, hash FROM {schema}.entry ORDER BY position DESC LIMIT 1"


class PostgresLedger:
    """A ledger in a schema of a PostgreSQL database.

    Its connections (one to read, one to append, one for each follower) come back by themselves
    after the server was away.

    Parameters
    ----------
    url : ``postgresql://[user[:password]@]host[:port]/database``, with libpq's options and two
        more: ``schema=NAME`` (default ``detente``), and ``unsafe=yes`` to accept a server with
        fsync or full_page_writes off.
    create : make it where there is none yet.
    read_only : open it for reading only.

    Raises
    ------
    InputError : see :func:`~detente.ledger.open_ledger`.
    """

    def __init__(self, url: str, *, create: bool = False, read_only: bool = False) -> None:
        self._target = Target.parse(url)
        schema = f'"{self._target.schema}"'
        self._append_text, self._read_text, self._at_text, self._head_text = (
            text.format(schema=schema).encode() for text in (_APPEND, _READ, _AT, _HEAD)
        )
        self._read_only = read_only
        self._known = START
        self._turns = Lock()
        self._ended = Event()
        self._reader, self._writer = Session(self._target), Session(self._target)
        try:
            with self._reader.opening() as connection:
                if self._missing(connection, create) and create:
                    self._make(connection)
            if not read_only:
                with self._writer.opening() as connection:
                    self._check(connection)
        except BaseException:
            self.close()
            raise

    def append(self, after: int, bodies: Sequence[bytes]) -> None:
        """Append all bodies or none: see :class:`~detente.ledger.log.Ledger`."""
        if self._read_only:
            raise InputError(
                "opened for reading only", file=self._target.name, mend="open it for writing"
            )
        if not bodies:
            return
        with self._writer.use() as connection:
            head = self._before(connection, after)
            if head is None:
                raise Overtaken(after)
            entries = extend(head, bodies)
            values = {
                "after": after,
                "hash": head[1],
                "hashes": [entry.hash for entry in entries],
                "bodies": list(bodies),
            }
            try:
                added = connection.execute(self._append_text, values, prepare=True).rowcount
            except errors.UniqueViolation:
                added = 0
            if added != len(entries):
                self._known = START
                raise Overtaken(after)
        self._known = entries[-1][:2]

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Give the entries after a position."""
        return in_pieces(self._piece, after, limit)

    def follow(self, after: int, *, timeout: float | None = None) -> Iterator[Entry]:
        """Give the entries after a position, then those to come."""
        channel = f'LISTEN "detente.{self._target.schema}"'.encode()
        # it listens before it first reads, so that nothing comes in between
        session = Session(self._target, lambda connection: connection.execute(channel))

        def piece(after: int, limit: int) -> list[Entry]:
            with session.use() as connection:
                return self._fetch(connection, after, limit)

        def wait(after: int, seconds: float) -> bool:
            seconds = min(seconds, _POLL)
            if not session.connected:
                return not self._ended.wait(seconds)
            try:
                with session.use() as connection:
                    for _ in connection.notifies(timeout=seconds, stop_after=1):
                        pass
            except Unavailable:
                pass  # the next piece connects again
            return not self._ended.is_set()

        try:
            yield from with_news(piece, wait, after, timeout)
        finally:
            session.close()

    def head(self) -> Head:
        """Give the last entry's position and hash."""

        def last(connection: Connection) -> Head:
            row: Head | None = connection.execute(
                self._head_text, prepare=True, binary=True
            ).fetchone()
            return row or START

        return self._retried(last)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, among threads and, first come first served, among processes."""
        if self._read_only:
            yield
            return
        with self._turns:
            held = self._lock()
            try:
                yield
            finally:
                if held:
                    self._unlock()

    def close(self) -> None:
        """Close the connections; followers end."""
        self._ended.set()
        self._reader.close()
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

    # reading

    def _piece(self, after: int, limit: int) -> list[Entry]:
        return self._retried(lambda connection: self._fetch(connection, after, limit))

    def _retried(self, ask: Callable[[Connection], T]) -> T:
        """Ask again on a new connection: this one may be left from before a restart."""
        try:
            with self._reader.use() as connection:
                return ask(connection)
        except Unavailable:
            with self._reader.use() as connection:
                return ask(connection)

    def _fetch(self, connection: Connection, after: int, limit: int) -> list[Entry]:
        try:
            cursor = connection.execute(self._read_text, (after, limit), prepare=True, binary=True)
        except (errors.DataCorrupted, errors.IndexCorrupted) as error:
            raise Broken(
                after + 1, f"it cannot be read: {error}", file=self._target.name
            ) from error
        entries = list(map(Entry._make, cursor))
        if entries and entries[-1].position > self._known[0]:
            self._known = entries[-1][:2]
        return entries

    # appending

    def _before(self, connection: Connection, after: int) -> Head | None:
        """Give the head to build on, from memory where it was just read or written."""
        known = self._known
        if after in (0, known[0]):
            return known if after else START
        head: Head | None = connection.execute(self._at_text, (after,), binary=True).fetchone()
        return head

    def _lock(self) -> bool:
        # as one statement of the simple protocol: one journey, and a timeout of its own
        text = f"SET LOCAL lock_timeout = '{_TURN}'; SELECT pg_advisory_lock({self._keys})"
        try:
            with self._writer.use() as connection:
                try:
                    connection.execute(text.encode())
                except errors.LockNotAvailable:
                    return False
        except Unavailable:
            return False  # the append will say so
        return True

    def _unlock(self) -> None:
        # a connection that was lost has let go of it already
        with suppress(Unavailable), self._writer.use() as connection:
            connection.execute(f"SELECT pg_advisory_unlock({self._keys})".encode())

    @property
    def _keys(self) -> str:
        return f"{_KEY}, hashtext('{self._target.schema}')"

    # opening

    def _missing(self, connection: Connection, create: bool) -> bool:
        """Check that it is a ledger of a layout that is known; True where there is none yet."""
        name, where = f'"{self._target.schema}".entry', self._target.name
        row = connection.execute(
            "SELECT to_regclass(%s) IS NULL, obj_description(to_regclass(%s), 'pg_class')",
            (name, name),
        ).fetchone()
        absent, comment = row or (True, None)
        if absent:
            if create:
                return True
            raise InputError(
                f"no ledger in schema {self._target.schema!r}",
                file=where,
                mend="check the URL, or create it first",
            )
        layout = str(comment).removeprefix(_COMMENT)
        if layout == comment or not layout.isdecimal():
            raise InputError(
                f"a table {self._target.schema}.entry that is not a ledger",
                file=where,
                mend="name another schema in the URL: schema=NAME",
            )
        if int(layout) > LAYOUT:
            raise InputError(
                f"a ledger of layout {layout}; this Detente reads up to {LAYOUT}",
                file=where,
                mend="use the newer Detente that wrote it",
            )
        return False

    def _make(self, connection: Connection) -> None:
        schema = f'"{self._target.schema}"'
        with connection.transaction():
            # another process may be making it too
            connection.execute(f"SELECT pg_advisory_xact_lock({self._keys})".encode())
            if self._missing(connection, create=True):
                text = _MAKE.format(schema=schema, comment=_COMMENT, layout=LAYOUT)
                connection.execute(text.encode())

    def _check(self, connection: Connection) -> None:
        """Check that it may be appended to."""
        row = connection.execute(
            "SELECT current_setting('transaction_read_only'), has_table_privilege(%s, 'INSERT')",
            (f'"{self._target.schema}".entry',),
        ).fetchone()
        if row != ("off", True):
            raise InputError(
                "it cannot be written: a standby, or no right to insert",
                file=self._target.name,
                mend="name the server that is written and a user who may, or open it for reading "
                "only",
            )
