"""Receivers of webhooks: where a party's notices are sent, and up to which number they were.

They stand beside the ledger, not in it: they are no part of what was filed, decided or said, they
hold secrets, and each delivery changes them. For a ledger that is a file it is a file beside it
that its owner alone reads; for PostgreSQL, a table in the ledger's schema. Where several processes
work on one ledger, one of them sends, the one that holds the lease.
"""

import fcntl
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple

from detente.ledger.log import Unavailable
from detente.ledger.session import Connection, Session, Target

__all__ = ["Receiver", "Receivers", "open_receivers"]


class Receiver(Struct, frozen=True):
    """Where a party's notices are sent.

    Parameters
    ----------
    secret : signs them; another registration has another one.
    key : under which it was registered.
    acknowledged : the number of the last notice that was taken.
    parked : why nothing is sent for now; "" while it is.
    """

    party: str
    url: str
    secret: bytes
    key: str
    acknowledged: int
    parked: str = ""


_COLUMNS: Final = "party, url, secret, key, acknowledged, parked"
_ALL: Final = f"SELECT {_COLUMNS} FROM {{table}} ORDER BY party"
_GET: Final = f"SELECT {_COLUMNS} FROM {{table}} WHERE party = {{_}}"
_PUT: Final = f"""
INSERT INTO {{table}} ({_COLUMNS}) VALUES ({{_}}, {{_}}, {{_}}, {{_}}, {{_}}, {{_}})
ON CONFLICT (party) DO UPDATE SET url = excluded.url, secret = excluded.secret,
    key = excluded.key, acknowledged = excluded.acknowledged, parked = excluded.parked
WHERE webhook.key <> excluded.key
"""
_REMOVE: Final = "DELETE FROM {table} WHERE party = {_}"
_ACKNOWLEDGE: Final = """
UPDATE {table} SET acknowledged = {_} WHERE party = {_} AND secret = {_} AND acknowledged < {_}
"""
_PARK: Final = "UPDATE {table} SET parked = {_} WHERE party = {_} AND secret = {_}"

_KEY: Final = 0x44544E55
"""The first half of the advisory locks' keys: the one after the ledger's."""

_MAKE: Final = """
CREATE TABLE IF NOT EXISTS {table} (
    party text PRIMARY KEY,
    url text NOT NULL,
    secret {bytes} NOT NULL,
    key text NOT NULL,
    acknowledged {number} NOT NULL,
    parked text NOT NULL
)
"""


class Receivers(ABC):
    """All receivers, kept. Safe to use from many threads.

    Every method raises Unavailable where the store cannot be used now.
    """

    def all(self) -> list[Receiver]:
        """Give every receiver, by party."""
        return [Receiver(*row) for row in self._ask(_ALL)]

    def get(self, party: str) -> Receiver | None:
        """Give a party's."""
        return next((Receiver(*row) for row in self._ask(_GET, party)), None)

    def put(self, receiver: Receiver) -> Receiver:
        """Set a party's, unless one was registered under the same key; durable.

        Returns
        -------
        What stands now.
        """
        self._do(_PUT, *astuple(receiver), make=True)
        return self.get(receiver.party) or receiver

    def remove(self, party: str) -> None:
        """Forget a party's; durable."""
        self._do(_REMOVE, party)

    def acknowledge(self, receiver: Receiver, number: int) -> None:
        """Note that it took a notice, if it is still registered.

        A power cut may take that back: then some are sent again.
        """
        self._do(_ACKNOWLEDGE, number, receiver.party, receiver.secret, number, durable=False)

    def park(self, receiver: Receiver, why: str) -> None:
        """Send it nothing for now, if it is still registered; "" to send again."""
        self._do(_PARK, why, receiver.party, receiver.secret)

    @abstractmethod
    def lease(self) -> bool:
        """Be the one that sends, or still be; False where somebody else is."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it, and of the lease."""

    @abstractmethod
    def _ask(self, text: str, *values: object) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    def _do(self, text: str, *values: object, durable: bool = True, make: bool = False) -> None: ...


def open_receivers(target: str) -> Receivers:
    """Open the receivers of a ledger; nothing is made before one is registered."""
    if target.startswith(("postgresql://", "postgres://")):
        return _Table(target)
    return _File(Path(f"{target}.webhooks"))


class _File(Receivers):
    """In an SQLite file beside the ledger."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._leased: int | None = None

    def lease(self) -> bool:
        with self._lock:
            if self._leased is None and self._path.exists():
                file = os.open(f"{self._path}-lease", os.O_RDWR | os.O_CREAT, 0o600)
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    os.close(file)
                    return False
                self._leased = file
            return self._leased is not None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            if self._leased is not None:
                os.close(self._leased)
            self._connection = self._leased = None

    def _ask(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        with self._used() as connection:
            if connection is None:
                return []
            return connection.execute(text.format(table="webhook", _="?"), values).fetchall()

    def _do(self, text: str, *values: object, durable: bool = True, make: bool = False) -> None:
        with self._used(make=make) as connection:
            if connection is not None:
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.execute(text.format(table="webhook", _="?"), values)

    @contextmanager
    def _used(self, *, make: bool = False) -> Iterator[sqlite3.Connection | None]:
        with self._lock:
            try:
                if self._connection is None and (make or self._path.exists()):
                    self._connection = self._opened()
                yield self._connection
            except (sqlite3.Error, OSError) as error:
                raise Unavailable(f"{self._path}: {error}", "see to its disk") from error

    def _opened(self) -> sqlite3.Connection:
        # it holds secrets: nobody else can read it, from the first moment on
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=10.0
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_MAKE.format(table="webhook", bytes="blob", number="integer"))
        except BaseException:
            connection.close()
            raise
        return connection


class _Table(Receivers):
    """In a table beside the ledger's; the lease is the session's, and ends with it."""

    def __init__(self, url: str) -> None:
        target = Target.parse(url)
        self._schema = target.schema
        self._table = f'"{target.schema}".webhook'
        self._made = self._leased = False
        self._session = Session(target, self._begin)

    def lease(self) -> bool:
        with self._session.use() as connection:
            # the first statement shows whether the session is still there
            row = connection.execute("SELECT to_regclass(%s)", (self._table,)).fetchone()
            if not self._leased and row != (None,):
                text = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
                self._leased = connection.execute(text, (_KEY, self._schema)).fetchone() == (True,)
            return self._leased

    def close(self) -> None:
        self._session.close()

    def _ask(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        with self._session.use() as connection:
            if not self._made:
                row = connection.execute("SELECT to_regclass(%s)", (self._table,)).fetchone()
                if row == (None,):
                    return []
                self._made = True
            return connection.execute(self._text(text), values).fetchall()

    def _do(self, text: str, *values: object, durable: bool = True, make: bool = False) -> None:
        with self._session.use() as connection, connection.transaction():
            if make and not self._made:
                connection.execute(
                    "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_KEY + 1, self._schema)
                )
                made = _MAKE.format(table=self._table, bytes="bytea", number="bigint")
                connection.execute(made.encode())
            if not durable:
                connection.execute("SET LOCAL synchronous_commit = off")
            connection.execute(self._text(text), values)
        self._made = self._made or make

    def _begin(self, _: Connection) -> None:
        self._leased = False

    def _text(self, text: str) -> bytes:
        return text.format(table=self._table, _="%s").encode()
