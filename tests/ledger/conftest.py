import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from detente.ledger import MemoryLedger, open_ledger
from tests.ledger.server import binaries, running_server


@pytest.fixture(scope="session")
def server():
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    with running_server() as started:
        yield started


class Backend:
    """Ledgers of one kind: a name for each new one, and handles on it."""

    numbers = count()

    def __init__(self, kind, directory, server):
        self.kind, self.directory, self.server = kind, directory, server
        self._handles, self._first = [], None

    def fresh(self):
        self._first = None
        number = next(self.numbers)
        if self.kind == "sqlite":
            self.target = self.directory / f"{number}.ledger"
        elif self.kind == "postgres":
            self.target = self.server.url(f"test_{os.getpid()}_{number}")
        return self

    def open(self, **options):
        if self.kind != "memory":
            handle = open_ledger(self.target, **options or {"create": True})
        elif self._first is None:
            handle = self._first = MemoryLedger()
        else:
            handle = self._first.another()
        self._handles.append(handle)
        return handle

    def by_hand(self, text, *values):
        """Change the store past Detente, its triggers too; ``entry`` is the table, ? a value."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.target, isolation_level=None)) as connection:
                for trigger in ("entry_UPDATE", "entry_DELETE"):
                    connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
                for statement in text.split(";"):
                    connection.execute(statement, values)
            return
        with self.server.connect() as connection:
            connection.execute(f'SET search_path = "{self.target.rpartition("schema=")[2]}"')
            connection.execute("ALTER TABLE entry DISABLE TRIGGER ALL")
            for statement in text.split(";"):
                connection.execute(statement.replace("?", "%s"), values)

    def close(self):
        while self._handles:
            self._handles.pop().close()


def _backend(kind, request):
    directory = Path(tempfile.mkdtemp())
    server = request.getfixturevalue("server") if kind == "postgres" else None
    made = Backend(kind, directory, server).fresh()
    yield made
    made.close()
    shutil.rmtree(directory)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def backend(request):
    yield from _backend(request.param, request)


@pytest.fixture(params=["sqlite", "postgres"])
def stored(request):
    yield from _backend(request.param, request)
