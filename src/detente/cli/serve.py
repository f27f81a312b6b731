"""``detente serve``: the authority over HTTP."""

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import InputError

if TYPE_CHECKING:
    from detente.api.config import Config
    from detente.authority import Charter

__all__ = ["serve"]


def serve(
    *,
    ledger: str | None = None,
    host: str | None = None,
    port: int | None = None,
    config: Path | None = None,
    create: bool = False,
    charter: Path | None = None,
    processes: int | None = None,
) -> int:
    """Answer parties over HTTP, until SIGTERM or Ctrl-C.

    An option goes before the environment (DETENTE_PORT), and that before the
    file: docs/service.md has them all. Whoever asks needs a token; without an
    issuer's keys those of `detente token` hold, on this machine alone.

    Parameters
    ----------
    ledger
        A file (airspace.ledger), or postgresql://...
    host
        The address to listen on (127.0.0.1).
    port
        The port (8080); 0 for any that is free.
    config
        A TOML file.
    create
        Begin the ledger where there is none.
    charter
        A TOML file: what a new ledger lays down for all.
    processes
        How many, on one PostgreSQL ledger (1).
    """
    from msgspec.structs import replace

    from detente.api.config import effective, read_config
    from detente.api.console import is_built
    from detente.api.development import key_file, private_key
    from detente.api.listening import address_of, check, url_of
    from detente.api.server import found, open_desk, run

    told = read_config(config, ledger=ledger, host=host, port=port, processes=processes)
    check(told)
    laid = None if charter is None else _charter(charter)
    address, free = address_of(told)
    told = replace(told, host=address, port=free)
    desk = open_desk(told, create=create)
    try:
        found(desk, laid)
        if not told.keys.jwks:
            key = key_file(told)
            private_key(key, create=True)
            told = replace(told, keys=replace(told.keys, development=str(key)))
    except BaseException:
        desk.close()
        raise

    def ready() -> None:
        sys.stdout.write(f"ready: {url_of(told)}\n")
        if told.keys.development and is_built():
            sys.stdout.write(f"console: {_link(told)}\n")
        sys.stdout.flush()

    sys.stdout.write(effective(told) + "\n\n")
    sys.stdout.flush()
    if told.processes == 1:
        return run(told, desk, ready=ready)
    from detente.api.processes import supervise

    desk.close()
    return supervise(told, ready=ready)


def _link(config: "Config") -> str:
    """Give a link that signs the authority in at the console, for a day.

    The token is in the fragment, which a browser sends to nobody.
    """
    import time

    from detente.api.caller import Role
    from detente.api.development import key_file, mint, private_key
    from detente.api.listening import url_of

    token = mint(
        private_key(key_file(config)), config.keys, role=Role.AUTHORITY, subject="console",
        issued=time.time(), seconds=86_400,
    )  # fmt: skip
    return f"{url_of(config)}/console/#token={token}"


def _charter(path: Path) -> "Charter":
    import msgspec

    from detente.authority import Charter

    try:
        return msgspec.convert(tomllib.loads(path.read_text()), Charter, strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(str(what), file=str(path), mend="give a TOML file") from None
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise InputError(
            what[:1].lower() + what[1:], file=str(path), field=where.strip("`$.") or None,
            mend="see docs/service.md",
        ) from None  # fmt: skip
