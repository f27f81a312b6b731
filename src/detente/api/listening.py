"""Where the service listens: checked before it starts, so that a fault is one clear line."""

import socket
import ssl
from pathlib import Path

from detente.api.config import DEVELOPMENT, Config
from detente.api.keys import is_loopback
from detente.errors import InputError

__all__ = ["address_of", "check", "url_of"]


def check(config: Config) -> None:
    """See that a service can be what it is configured to be.

    Raises
    ------
    InputError : not with this address, certificate, issuer or number of processes.
    """
    if not config.keys.jwks and not is_loopback(config.host):
        raise InputError(
            f"the development key would let in whoever reaches {config.host}", field="keys.jwks",
            mend="name the issuer's keys in the configuration, or listen on 127.0.0.1",
        )  # fmt: skip
    if config.keys.jwks and config.keys.issuer == DEVELOPMENT:
        raise InputError(
            "no issuer is named for these keys", field="keys.issuer", mend="say what `iss` must be"
        )
    if config.processes > 1 and not config.ledger.startswith(("postgresql://", "postgres://")):
        raise InputError(
            "several processes need a ledger that they can share", field="processes",
            mend="use a postgresql:// ledger, or one process",
        )  # fmt: skip
    if bool(config.certificate) != bool(config.key):
        raise InputError(
            "a certificate and its key go together", field="certificate" if config.key else "key",
            mend="give both, or neither",
        )  # fmt: skip
    if config.certificate:
        _check_certificate(Path(config.certificate), Path(config.key))


def address_of(config: Config) -> tuple[str, int]:
    """Give the address, and a port that nobody listens on; for port 0, any.

    Several processes may share a port, so starting would not tell that it is in use.

    Raises
    ------
    InputError : no such address here, or the port is in use.
    """
    try:
        found = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)  # one that is bound but does not listen is in nobody's way
            name = probe.getsockname()
            return str(name[0]), int(name[1])
    except OSError as error:
        raise InputError(
            error.strerror or str(error), file=f"{config.host}:{config.port}",
            mend="choose another with --host and --port",
        ) from None  # fmt: skip


def url_of(config: Config) -> str:
    """Write where the service is reached."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"{'https' if config.certificate else 'http'}://{host}:{config.port}"


def _check_certificate(certificate: Path, key: Path) -> None:
    for path in (certificate, key):
        try:
            path.open("rb").close()
        except OSError as error:
            raise InputError(
                error.strerror or str(error), file=str(path), mend="give a PEM file"
            ) from None
    try:
        # never ask a terminal for the password of a key
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, lambda: "")
    except (ssl.SSLError, OSError, ValueError) as error:
        reason = str(getattr(error, "reason", "") or "").replace("_", " ").lower()
        raise InputError(
            f"no certificate with this key ({reason or 'it cannot be read'})",
            file=str(certificate), mend=f"give PEM files that fit, {key} without a password",
        ) from None  # fmt: skip
