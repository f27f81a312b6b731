"""What a service is told: by file, by environment, by option; each with its unit and default."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields

from detente.errors import InputError

__all__ = ["DEVELOPMENT", "Config", "Keys", "Limits", "Webhooks", "effective", "read_config"]

PREFIX: Final = "DETENTE_"

DEVELOPMENT: Final = "detente-development"
"""Who issues the tokens of ``detente token``."""

Count = Annotated[int, Meta(ge=1)]
Amount = Annotated[float, Meta(gt=0, le=1e12)]


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """What one request, and one party, may ask for.

    Parameters
    ----------
    body : bytes of a request's body; ``observed`` of what the watch reports at once.
    fixes : of a trajectory. volumes : of an intent or a constraint. corners : of a polygon.
    area : square kilometres of a polygon or circle.
    duration : seconds from an intent's start to its end.
    ahead : seconds from now to an intent's start.
    highest : feet.
    open_intents : of a party, that are not ended or refused.
    requests : a minute, of a party; all the members of a coalition together have
        ``coalition_requests``. How many refusals a party may probe with is the charter's.
    statements : an hour, that a party enters or shares with more.
    reading : seconds that a client may take to send its request.
    followers : event streams of a party at the same time.
    waiting : filings that may wait for their answers; more are told to come again.
    header : bytes of a request's line and headers.
    connections : open at the same time, of one process; more wait until one is closed.
    """

    body: Count = 1_000_000
    observed: Count = 8_000_000
    fixes: Count = 20_000
    volumes: Count = 500
    corners: Count = 1_000
    area: Amount = 1_000_000.0
    duration: Amount = 172_800.0
    ahead: Amount = 31_536_000.0
    highest: Amount = 100_000.0
    open_intents: Count = 10_000
    requests: Count = 6_000
    coalition_requests: Count = 60_000
    statements: Count = 100
    reading: Amount = 10.0
    followers: Count = 20
    waiting: Count = 256
    header: Annotated[int, Meta(ge=8_192)] = 32_768
    connections: Count = 4_096


class Keys(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose tokens hold.

    Parameters
    ----------
    jwks : a file or an https URL with the issuer's public keys (RFC 7517); "" for the
        development key, which only a loopback address takes.
    refresh : seconds after which a URL is asked again; a key that is not known asks at once,
        but not more often than every ``cooldown`` seconds.
    development : the file of the development key; "" for beside a ledger that is a file
        (``airspace.ledger.key``), else ``detente.key``.
    issuer, audience : what ``iss`` and ``aud`` must say.
    skew : seconds by which clocks may differ.
    token : bytes that a token may have.
    known : verified tokens that are remembered until they expire.
    """

    jwks: str = ""
    development: str = ""
    refresh: Amount = 300.0
    cooldown: Amount = 10.0
    issuer: str = DEVELOPMENT
    audience: str = "detente"
    skew: Annotated[float, Meta(ge=0, le=600)] = 30.0
    token: Count = 8_192
    known: Count = 10_000


class Webhooks(Struct, frozen=True, forbid_unknown_fields=True):
    """Where notices may be sent, and how hard that is tried.

    Parameters
    ----------
    loopback : also to this machine, and there by http: for development.
    private : also to addresses of private networks.
    patience : seconds that a receiver may take to answer.
    attempts : before no more is sent until the party asks for it.
    first, longest : seconds between the first attempts, twice as many each time, and at most.
    concurrent : notices that are on their way at the same time.
    """

    loopback: bool = False
    private: bool = False
    patience: Amount = 10.0
    attempts: Count = 20
    first: Amount = 1.0
    longest: Amount = 300.0
    concurrent: Count = 32


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """A service's configuration.

    Parameters
    ----------
    ledger : a file, or ``postgresql://…``.
    host, port : where it listens.
    certificate, key : PEM files, for TLS.
    snapshot : where to keep one; "" for beside a ledger that is a file.
    log : "json" or "console".
    sweep : seconds between two looks for what is over, or was kept long enough.
    heartbeat : seconds between signs of life on an event stream.
    buffer : notices that a slow follower may fall behind before it is dropped.
    grace : seconds in which what is under way is answered when the service stops.
    processes : how many, on one PostgreSQL ledger.
    quantum : milliseconds; a write is answered only at a multiple of it after the request came, so
        that how long the decision took does not show. 0: as soon as it can be.
    metrics : who reads ``/metrics``: "audit", a token of the authority with that scope;
        "loopback", whoever asks from this machine, so not behind a proxy on it.
    """

    ledger: str = "airspace.ledger"
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8080
    certificate: str = ""
    key: str = ""
    snapshot: str = ""
    log: Literal["json", "console"] = "json"
    sweep: Amount = 300.0
    heartbeat: Amount = 15.0
    buffer: Count = 1_000
    grace: Amount = 20.0
    processes: Annotated[int, Meta(ge=1, le=64)] = 1
    quantum: Annotated[float, Meta(ge=0, le=10_000)] = 0.0
    metrics: Literal["audit", "loopback"] = "audit"
    limits: Limits = Limits()
    keys: Keys = Keys()
    webhooks: Webhooks = Webhooks()


_TABLES: Final[dict[str, type[Struct]]] = {"limits": Limits, "keys": Keys, "webhooks": Webhooks}


def read_config(
    file: Path | None, environment: Mapping[str, str] = os.environ, **options: Any
) -> Config:
    """Put a configuration together: an option goes before the environment, that before a file.

    Parameters
    ----------
    file : TOML, with tables ``limits``, ``keys`` and ``webhooks``.
    environment : ``DETENTE_PORT``, ``DETENTE_LIMITS_BODY`` and so on.
    options : of the command line; None is not given.

    Raises
    ------
    InputError : a name or a value that cannot be, with the file or the variable.

    >>> read_config(None, {"DETENTE_LIMITS_BODY": "10"}, port=81).limits.body
    10
    """
    told: dict[str, Any] = {}
    if file is not None:
        try:
            told = tomllib.loads(file.read_text())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            what = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(str(what), file=str(file), mend="give a TOML file") from None
        _taken(told, str(file))
    known = {PREFIX + "_".join((*table, name)).upper(): (table, name) for table, name in _names()}
    for name, value in environment.items():
        if name in known:
            table, field = known[name]
            _put(told, table, field, value)
            _taken(told, name)
        elif name.startswith(tuple(f"{PREFIX}{table.upper()}_" for table in _TABLES)):
            raise InputError("there is no such variable", file=name, mend="see docs/service.md")
    for name, value in options.items():
        if value is not None:
            told[name] = value
            _taken(told, f"--{name}")
    return _taken(told, "the configuration")


def _taken(told: Mapping[str, Any], source: str) -> Config:
    """Make a configuration of what is told so far; whoever told what cannot be is named."""
    try:
        # what comes from the environment is text, and a number in a file may be too
        return msgspec.convert(told, Config, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        field = where.strip("`$.") or None
        raise InputError(
            what[:1].lower() + what[1:],
            file=source,
            field=None if source.startswith((PREFIX, "--")) else field,
            mend="see docs/service.md",
        ) from None


def _names() -> Iterator[tuple[tuple[str, ...], str]]:
    yield from (((), field.name) for field in fields(Config) if field.name not in _TABLES)
    for table, kind in _TABLES.items():
        yield from (((table,), field.name) for field in fields(kind))


def _put(told: dict[str, Any], table: tuple[str, ...], field: str, value: str) -> None:
    inner = told
    for name in table:
        inner = inner.setdefault(name, {})
    inner[field] = value


def effective(config: Config) -> str:
    """Write a configuration as TOML-like lines, a password in the ledger's URL left out."""
    rows = msgspec.to_builtins(config)
    if "://" in rows["ledger"]:
        from detente.ledger.session import Target

        rows["ledger"] = Target.parse(rows["ledger"]).name
    lines = [f"{k} = {_toml(v)}" for k, v in rows.items() if not isinstance(v, dict)]
    for table in _TABLES:
        lines += ["", f"[{table}]", *(f"{k} = {_toml(v)}" for k, v in rows[table].items())]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    return msgspec.json.encode(value).decode()
