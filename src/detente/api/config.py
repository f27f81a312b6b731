"""What a service is told: by file, by environment, by option; each with its unit and default."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from detente.errors import InputError

__all__ = ["Config", "Keys", "Limits", "effective", "read_config"]

PREFIX = "DETENTE_"


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """What one request, and one party, may ask for.

    Parameters
    ----------
    body : bytes of a request's body.
    fixes : of a trajectory. volumes : of an intent or a constraint. corners : of a polygon.
    area : square kilometres of a polygon or circle.
    duration : seconds from an intent's start to its end.
    ahead : seconds from now to an intent's start.
    highest : feet.
    open_intents : of a party, that are not ended or refused.
    requests : a minute, of a party; all the members of a coalition together have
        ``coalition_requests``. How many refusals a party may probe with is the charter's.
    reading : seconds that a client may take to send its request.
    followers : event streams of a party at the same time.
    waiting : commands that may wait for the desk; more are told to come again.
    """

    body: int = 1_000_000
    fixes: int = 20_000
    volumes: int = 500
    corners: int = 1_000
    area: float = 1_000_000.0
    duration: float = 172_800.0
    ahead: float = 31_536_000.0
    highest: float = 100_000.0
    open_intents: int = 10_000
    requests: int = 6_000
    coalition_requests: int = 60_000
    reading: float = 10.0
    followers: int = 20
    waiting: int = 1_000


class Keys(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose tokens hold.

    Parameters
    ----------
    jwks : a file or an https URL with the issuer's public keys (RFC 7517); "" for the
        development key, which only a loopback address takes.
    refresh : seconds after which a URL is asked again; a key that is not known asks at once,
        but not more often than every ``cooldown`` seconds.
    issuer, audience : what ``iss`` and ``aud`` must say.
    skew : seconds by which clocks may differ.
    """

    jwks: str = ""
    refresh: float = 300.0
    cooldown: float = 10.0
    issuer: str = "detente-development"
    audience: str = "detente"
    skew: float = 30.0


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """A service's configuration.

    Parameters
    ----------
    ledger : a file, or ``postgresql://…``.
    host, port : where it listens.
    certificate, key : PEM files, for TLS.
    snapshot : where to keep one; "" for beside a ledger that is a file.
    log : "json" or "console".
    heartbeat : seconds between signs of life on an event stream.
    buffer : notices that a slow follower may fall behind before it is dropped.
    grace : seconds in which what is under way is answered when the service stops.
    """

    ledger: str = "airspace.ledger"
    host: str = "127.0.0.1"
    port: int = 8080
    certificate: str = ""
    key: str = ""
    snapshot: str = ""
    log: str = "json"
    heartbeat: float = 15.0
    buffer: int = 1_000
    grace: float = 20.0
    limits: Limits = Limits()
    keys: Keys = Keys()


def read_config(
    file: Path | None, environment: Mapping[str, str] = os.environ, **options: Any
) -> Config:
    """Put a configuration together: an option goes before the environment, that before a file.

    Parameters
    ----------
    file : TOML, with tables ``limits`` and ``keys``.
    environment : ``DETENTE_PORT``, ``DETENTE_LIMITS_BODY`` and so on.
    options : of the command line; None is not given.

    Raises
    ------
    InputError : a name or a value that cannot be, with the file or the variable.

    >>> read_config(None, {"DETENTE_LIMITS_BODY": "10"}, port=81).limits.body
    10
    """
    told: dict[str, Any] = {}
    source = "the configuration"
    if file is not None:
        source = str(file)
        try:
            told = tomllib.loads(file.read_text())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(str(error), file=source, mend="give a TOML file") from None
    for table, kind in (("", Config), ("limits", Limits), ("keys", Keys)):
        for field in fields(kind):
            name = "_".join(part for part in (table, field.name) if part).upper()
            value = environment.get(PREFIX + name)
            if value is not None and field.name not in ("limits", "keys"):
                (told.setdefault(table, {}) if table else told)[field.name] = value
    told |= {name: value for name, value in options.items() if value is not None}
    try:
        # what comes from the environment is text, and a number in a file may be too
        return msgspec.convert(told, Config, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise InputError(what, file=source, field=where.strip("`$.") or None) from None


def effective(config: Config) -> str:
    """Write a configuration as TOML-like lines, a password in the ledger's URL left out."""
    rows = msgspec.to_builtins(config)
    scheme, _, rest = rows["ledger"].partition("://")
    if "@" in rest:
        rows["ledger"] = f"{scheme}://***@{rest.rpartition('@')[2]}"
    lines = [f"{k} = {_toml(v)}" for k, v in rows.items() if not isinstance(v, dict)]
    for table in ("limits", "keys"):
        lines += ["", f"[{table}]", *(f"{k} = {_toml(v)}" for k, v in rows[table].items())]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    return msgspec.json.encode(value).decode()
