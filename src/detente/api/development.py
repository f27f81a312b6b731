"""The development key, and the tokens it signs: to try things out on one machine."""

import os
from collections.abc import Iterable
from pathlib import Path
from stat import S_IMODE
from typing import Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key
from joserfc.registry import Header

from detente.api.caller import MAY, Role
from detente.api.config import Config, Keys
from detente.errors import InputError

__all__ = ["PrivateKey", "key_file", "mint", "private_key"]

PrivateKey = RSAKey | ECKey | OKPKey

_ALGORITHM: Final = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519"}


def key_file(config: Config) -> Path:
    """Say where the development key of a service is kept."""
    if config.keys.development:
        return Path(config.keys.development)
    return Path("detente.key" if "://" in config.ledger else f"{config.ledger}.key")


def private_key(path: Path, *, create: bool = False) -> PrivateKey:
    """Read a key that signs tokens: a private JWK, or PEM.

    Parameters
    ----------
    path : readable by its owner alone.
    create : make an Ed25519 key where there is no file.

    Raises
    ------
    InputError : there is none, it is no such key, or others can read it.
    """
    if create:
        _create(path)
    try:
        with path.open("rb") as file:
            mode = S_IMODE(os.fstat(file.fileno()).st_mode)
            body = file.read(100_000)
    except OSError as error:
        raise InputError(
            error.strerror or str(error), file=str(path),
            mend="name the key with --key; `detente serve` makes one for development",
        ) from None  # fmt: skip
    if mode & 0o077:
        raise InputError("others can read this key", file=str(path), mend=f"say: chmod 600 {path}")
    try:
        if body.lstrip().startswith(b"{"):
            key = import_key(msgspec.json.decode(body))
        else:
            key = import_key(body, "RSA") if b"RSA" in body[:40] else _pem(body)
    except (JoseError, ValueError, TypeError, KeyError):
        raise _no_key(path) from None
    if not isinstance(key, PrivateKey) or not key.is_private:
        raise _no_key(path)
    return key


def mint(
    key: PrivateKey,
    keys: Keys,
    *,
    role: Role,
    subject: str,
    scopes: Iterable[str] = (),
    issued: float,
    seconds: float,
) -> str:
    """Make a token.

    Parameters
    ----------
    key : signs it.
    keys : say the issuer and the audience.
    role, subject : who it is for: a party, a coalition's lead, …
    scopes : by default, all that the role may have.
    issued : seconds since 1970.
    seconds : how long it holds.
    """
    claims: dict[str, object] = {
        "iss": keys.issuer,
        "aud": keys.audience,
        "sub": subject,
        "role": role.value,
        "scope": " ".join(scopes or [scope for scope, roles in MAY.items() if role in roles]),
        "iat": int(issued),
        "exp": int(issued + seconds),
    }
    if role is Role.LEAD:
        claims["coalition"] = subject
    header: Header = {"alg": _ALGORITHM[key.key_type]}
    if key.kid:
        header["kid"] = key.kid
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def _create(path: Path) -> None:
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    body = msgspec.json.encode(key.as_dict(private=True))
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise InputError(
            error.strerror or str(error), file=str(path), mend="name another with --key"
        ) from None
    with os.fdopen(file, "wb") as out:
        out.write(body)


def _pem(body: bytes) -> PrivateKey:
    for kind in ("EC", "OKP", "RSA"):
        try:
            key = import_key(body, kind)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, PrivateKey):
            return key
    raise ValueError("no key")


def _no_key(path: Path) -> InputError:
    return InputError(
        "no key that signs tokens", file=str(path),
        mend="give a private RSA, P-256 or Ed25519 key, as JWK or PEM without a password",
    )  # fmt: skip
