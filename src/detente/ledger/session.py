"""A connection to PostgreSQL that comes back by itself, with the settings a ledger needs.

What makes an append durable when it returns (postgresql.org: "Reliability", "Write Ahead Log"):

- ``synchronous_commit``: off and local are raised to on for the session, so that a commit
  returns when the server's log (and a synchronous standby's) is on disk; remote_apply stays;
- ``fsync = off`` or ``full_page_writes = off``: a power cut could take or tear what was
  acknowledged, so such a server is refused unless the URL says ``unsafe=yes``.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg

from detente.errors import InputError
from detente.ledger.log import Unavailable, closed

__all__ = ["Connection", "Session", "Target"]

Connection = psycopg.Connection[tuple[Any, ...]]

_SETTINGS = b"""
SET default_transaction_isolation = 'read committed';
SET lock_timeout = '10s';
SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')
"""

_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "application_name": "detente",
    "connect_timeout": 10,
    # so that a server whose machine is gone is noticed within half a minute
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


class Target(NamedTuple):
    """Where a ledger is, and what is accepted there.

    Attributes
    ----------
    url : for libpq, without the options that are Detente's own.
    name : the URL without the user and the password, for messages.
    schema : where its table is.
    unsafe : whether a server that may lose what it acknowledged is accepted.
    """

    url: str
    name: str
    schema: str
    unsafe: bool

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Read ``postgresql://[user@]host/database[?schema=NAME&unsafe=yes&...]``.

        Raises
        ------
        InputError : an option that cannot be.

        >>> Target.parse("postgresql://me:secret@host/air?schema=north").name
        'postgresql://host/air?schema=north'
        >>> Target.parse("postgresql:///air?schema=north&options=-c%20geqo%3Doff").url
        'postgresql:///air?options=-c%20geqo%3Doff'
        """
        try:
            scheme, host, path, query, _ = urlsplit(url)
        except ValueError as error:
            raise InputError(str(error), field="ledger", mend=_FORM) from error
        # libpq takes a plus as a plus, not as a space
        options = dict(parse_qsl(query.replace("+", "%2B"), keep_blank_values=True))
        shown = {key: value for key, value in options.items() if "password" not in key}
        name = _joined(scheme, host.rpartition("@")[2], path, shown)
        schema, unsafe = options.pop("schema", "detente"), options.pop("unsafe", "no")
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,47}", schema):
            raise InputError(
                f"a schema named {schema!r}",
                file=name,
                mend="name it in small letters, digits and underscores, at most 48",
            )
        if unsafe not in ("yes", "no"):
            raise InputError(f"unsafe={unsafe!r}", file=name, mend="say yes or no")
        rest = _joined(scheme, host, path, options)
        try:
            psycopg.conninfo.conninfo_to_dict(rest)
        except psycopg.ProgrammingError as error:
            # what libpq says may quote a password that stands before the host
            said = "" if "@" in host else f": {_line(error)}"
            raise InputError(f"not a URL of PostgreSQL's{said}", file=name, mend=_FORM) from None
        return cls(rest, name, schema, unsafe == "yes")


_FORM = "write postgresql://user@host/database?option=value"


def _joined(scheme: str, host: str, path: str, options: dict[str, str]) -> str:
    query = urlencode(options, safe="/", quote_via=quote)
    return f"{scheme}://{host}{path}" + (f"?{query}" if query else "")


class Session:
    """One connection, made when it is needed, and made anew after it failed.

    Parameters
    ----------
    target : where.
    prepare : is given every new connection, before its first use.
    """

    def __init__(
        self, target: Target, prepare: Callable[[Connection], object] | None = None
    ) -> None:
        self._target = target
        self._prepare = prepare
        self._connection: Connection | None = None
        self._lock = RLock()
        self._closed = False

    @contextmanager
    def use(self) -> Iterator[Connection]:
        """Have the connection to oneself.

        Raises
        ------
        Unavailable : it cannot be made, or failed; the next use makes a new one.
        """
        with self._lock:
            if self._closed:
                raise closed()
            try:
                yield self._again()
            except psycopg.Error as error:
                self._drop()
                raise self._trouble(error) from error

    @contextmanager
    def opening(self) -> Iterator[Connection]:
        """Have the connection for the first time: what goes wrong is the user's to mend.

        Raises
        ------
        InputError : the server cannot be reached, or is not to be trusted with a ledger.
        """
        try:
            yield self._connected()
        except psycopg.OperationalError as error:
            raise InputError(
                f"cannot be reached: {_line(error)}",
                file=self._target.name,
                mend="check that the server runs, and the URL",
            ) from error
        except psycopg.Error as error:
            raise InputError(
                f"cannot be used: {_line(error)}",
                file=self._target.name,
                mend="check the URL and what its user may do there",
            ) from error

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._connection is not None

    def close(self) -> None:
        """Close it for good, once whoever uses it has finished."""
        with self._lock:
            self._closed = True
            self._drop()

    def _connected(self) -> Connection:
        if self._connection is None:
            connection: Connection = psycopg.connect(self._target.url, **_OPTIONS)
            try:
                connection.execute(_SETTINGS)
                self._check(connection)
                if self._prepare is not None:
                    self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _again(self) -> Connection:
        try:
            return self._connected()
        except InputError as error:
            # a server that came back with other settings
            raise Unavailable(f"{self._target.name}: {error.what}", str(error.mend)) from error

    def _check(self, connection: Connection) -> None:
        for setting in ("fsync", "full_page_writes"):
            row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
            if row != ("on",) and not self._target.unsafe:
                raise InputError(
                    f"a server with {setting} = off: a power cut may take what it acknowledged",
                    file=self._target.name,
                    mend=f"set {setting} = on in its postgresql.conf, or add unsafe=yes to the "
                    "URL's options where that loss is acceptable",
                )

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _trouble(self, error: psycopg.Error) -> Unavailable:
        name = self._target.name
        if isinstance(error, psycopg.errors.DiskFull):
            return Unavailable(f"{name}: no room left", "make room on the server's disk")
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            return Unavailable(f"{name}: the server is read-only", "find the one that is written")
        return Unavailable(f"{name}: {_line(error)}", "check that the server runs, and try again")


def _line(error: psycopg.Error) -> str:
    """Give the first line of what the server or its client said."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
