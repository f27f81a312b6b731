"""The issuer's public keys: from a file or a URL, kept fresh; each key decides its algorithm."""

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from detente.api.config import Keys
from detente.errors import InputError

__all__ = ["KeyRing", "PublicKey", "is_loopback", "read_keys"]

_LARGEST: Final = 1_000_000
_PATIENCE: Final = 5.0
_LOOK_EVERY: Final = 1.0
_SMALLEST_RSA: Final = 2_048

_log = structlog.get_logger("detente.keys")


class PublicKey(NamedTuple):
    """A key that may sign tokens, and the one algorithm that fits it.

    Attributes
    ----------
    key : public, or used as such.
    algorithms : the names of its algorithm; EdDSA has two (RFC 8037, RFC 9864).
    """

    key: RSAKey | ECKey | OKPKey
    algorithms: frozenset[str]


class KeyRing:
    """The public keys by their ``kid``, fetched again when they are old or one is not known.

    Where they cannot be had, the last good ones stay, and it is logged.

    Parameters
    ----------
    keys : of the configuration.
    file : of the development key, read where ``keys`` name no others.
    now : seconds that only go forward.

    Raises
    ------
    InputError : a file that holds no keys, or a URL that would be asked in the clear.
    """

    def __init__(
        self, keys: Keys, file: Path | None = None, *, now: Callable[[], float] = monotonic
    ) -> None:
        self._keys = keys
        self._now = now
        self._held: Mapping[str, PublicKey] = {}
        self._url = keys.jwks if "://" in keys.jwks else ""
        self._stamp: object = None
        self._looked = self._tried = self._fetched = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self.generation = 0
        if self._url:
            check_url(self._url)
        else:
            self._path = file if file and not keys.jwks else Path(keys.jwks)
            self._look(first=True)

    @property
    def empty(self) -> bool:
        """Whether no keys were ever had."""
        return not self._held

    async def find(self, kid: str | None) -> PublicKey | None:
        """Give the key of this name; without a name, the only one there is.

        A name that is not known has the keys fetched, at most once every ``cooldown``.
        """
        self.attend()
        known = self._named(kid)
        if known is None and self._url:
            await self.refresh()
            known = self._named(kid)
        return known

    def attend(self) -> None:
        """Look whether the keys are old; a file is read at once, a URL meanwhile."""
        now = self._now()
        if not self._url:
            if now - self._looked >= _LOOK_EVERY:
                self._look()
        elif now - self._fetched >= self._keys.refresh:
            self._begin()

    async def begin(self) -> None:
        """Have the keys of a URL before the first request."""
        if self._url:
            await self.refresh()

    async def refresh(self) -> None:
        """Fetch the keys of a URL, unless that was tried just now."""
        task = self._begin()
        if task is not None:
            await asyncio.shield(task)

    def _named(self, kid: str | None) -> PublicKey | None:
        if kid is None:
            return next(iter(self._held.values())) if len(self._held) == 1 else None
        return self._held.get(kid)

    def _begin(self) -> asyncio.Task[None] | None:
        if self._fetching is None and self._now() - self._tried >= self._keys.cooldown:
            self._tried = self._now()
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE), httpx.AsyncClient() as client:
                body = b""
                async with client.stream("GET", self._url) as answer:
                    if answer.status_code != 200:
                        raise InputError(f"status {answer.status_code}", file=self._url)
                    async for piece in answer.aiter_bytes():
                        body += piece
                        if len(body) > _LARGEST:
                            raise InputError("too large for a key set", file=self._url)
            self._take(body, self._url)
            self._fetched = self._now()
        except (httpx.HTTPError, httpx.InvalidURL, InputError, TimeoutError) as error:
            _log.warning("keys-not-fetched", source=self._url, what=str(error) or repr(error))
        finally:
            self._fetching = None

    def _look(self, *, first: bool = False) -> None:
        """Read the file again if it is another than last time."""
        self._looked = self._now()
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if stamp == self._stamp:
                return
            self._take(self._path.read_bytes(), str(self._path))
            self._stamp = stamp
        except (OSError, InputError) as error:
            what = error if isinstance(error, InputError) else InputError(
                error.strerror or str(error), file=str(self._path),
                mend="give a file with the issuer's public keys (JWKS)",
            )  # fmt: skip
            if first:
                raise what from None
            _log.warning("keys-not-read", source=str(self._path), what=str(what))

    def _take(self, body: bytes, source: str) -> None:
        held = read_keys(body, source)
        if {k: v.key.as_dict() for k, v in held.items()} != {
            k: v.key.as_dict() for k, v in self._held.items()
        }:
            self._held = held
            self.generation += 1
            _log.info("keys", source=source, kids=sorted(held))


def read_keys(body: bytes, source: str) -> dict[str, PublicKey]:
    """Read a key set (RFC 7517, 5), or one key; those that cannot sign a token are left out.

    RSA of 2,048 bits or more signs with RS256, P-256 with ES256, Ed25519 with EdDSA. Shared
    secrets are no public keys and are never taken.

    Raises
    ------
    InputError : no key set, or none in it that can be used.
    """
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError("no key set", file=source, mend="give a JWKS (RFC 7517)") from None
    listed = found.get("keys", [found])
    held: dict[str, PublicKey] = {}
    for each in listed if isinstance(listed, list) else ():
        key = _key(each) if isinstance(each, dict) else None
        kid = str(each.get("kid") or "") if isinstance(each, dict) else ""
        if key is None or kid in held:
            _log.warning("key-left-out", source=source, kid=kid[:100])
            continue
        held[kid] = key
    if not held:
        raise InputError(
            "no key in it can be used", file=source,
            mend="give RSA keys of 2,048 bits or more, P-256 or Ed25519 keys for signing",
        )  # fmt: skip
    return held


_PUBLIC: Final = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}


def _key(given: Mapping[str, Any]) -> PublicKey | None:
    """Make a public key; None where it is none that may sign."""
    kind = given.get("kty")
    ops = given.get("key_ops")
    if kind not in _PUBLIC or given.get("use", "sig") != "sig":
        return None
    if ops is not None and not (isinstance(ops, list) and {"verify", "sign"} & set(map(str, ops))):
        return None
    # of a private key only the public half is kept
    public: dict[str, Any] = {"kty": kind} | {n: given.get(n) for n in _PUBLIC[kind]}
    key: RSAKey | ECKey | OKPKey
    try:
        if kind == "RSA":
            if len(str(public["n"])) * 6 < _SMALLEST_RSA:
                return None  # before it is made, which warns
            key, algorithms = RSAKey.import_key(public), frozenset({"RS256"})
            if key.raw_value.key_size < _SMALLEST_RSA:
                return None
        elif kind == "EC" and public["crv"] == "P-256":
            key, algorithms = ECKey.import_key(public), frozenset({"ES256"})
        elif kind == "OKP" and public["crv"] == "Ed25519":
            key, algorithms = OKPKey.import_key(public), frozenset({"EdDSA", "Ed25519"})
        else:
            return None
        _ = key.public_key
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if given.get("alg", next(iter(algorithms))) not in algorithms:
        return None
    return PublicKey(key, algorithms)


def check_url(url: str) -> None:
    """See that keys are not fetched where anybody on the way could put others in their place.

    Raises
    ------
    InputError : neither https nor this machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return
    raise InputError(
        "the issuer's keys would be fetched in the clear", file=url, field="keys.jwks",
        mend="give an https URL, http on this machine, or a file",
    )  # fmt: skip


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a host.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
