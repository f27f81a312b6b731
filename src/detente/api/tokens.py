"""Bearer tokens: who asks, and what the token allows (RFC 6750, 7519, 8725)."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import msgspec
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jws import JWSRegistry, deserialize_compact
from joserfc.util import urlsafe_b64decode
from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import UNSET, Raw, Struct, UnsetType

from detente.api.caller import MAY, Caller, Role
from detente.api.config import Keys
from detente.api.keys import KeyRing, PublicKey
from detente.api.problem import ProblemError
from detente.authority import AUTHORITY, Rejected
from detente.authority.rejection import check_identifier

__all__ = ["GUARDS", "PUBLIC", "Authentication", "TokenError", "Tokens"]

PUBLIC: Final = "public"
"""The option of a route handler that anybody may ask."""

GUARDS: Final = "guards"
"""The option of a route handler that says who else decides whether a caller may ask."""

_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TYPES = ("jwt", "at+jwt", "application/at+jwt")


class TokenError(Exception):
    """A token that does not hold; the text may be told to who sent it."""


class _Header(Struct, frozen=True):
    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: Raw | UnsetType = UNSET
    b64: Raw | UnsetType = UNSET


class _Claims(Struct, frozen=True):
    iss: str
    aud: str | list[str]
    exp: float
    sub: str
    role: Role
    scope: str = ""
    nbf: float | None = None
    iat: float | None = None
    party: str | None = None
    coalition: str | None = None


class _Only(JWSRegistry):
    """The algorithms of one key; headers that are not known are passed over (RFC 7515, 4)."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__(algorithms=names, strict_check_header=False)
        self._names = names

    def get_alg(self, name: str) -> JWSAlgModel:
        """Give an algorithm; without the warning that EdDSA has a second name."""
        if name not in self._names:
            raise UnsupportedAlgorithmError(f"{name!r} is not an algorithm of this key")
        return self.algorithms[name]


class Tokens:
    """Tells who a token is; what was verified once is remembered until it expires.

    Parameters
    ----------
    ring : the issuer's keys. When they change, nothing is remembered.
    keys : what a token must say.
    now : seconds since 1970.
    """

    def __init__(self, ring: KeyRing, keys: Keys, *, now: Callable[[], float] = time.time) -> None:
        self._ring = ring
        self._keys = keys
        self._now = now
        self._known: OrderedDict[bytes, tuple[Caller, float]] = OrderedDict()
        self._generation = ring.generation

    async def caller(self, token: str) -> Caller:
        """Say who a token is.

        Raises
        ------
        TokenError : it does not hold.
        ProblemError : the issuer's keys cannot be had now.
        """
        if len(token) > self._keys.token:
            raise TokenError(f"the token is larger than {self._keys.token} bytes")
        self._ring.attend()
        name = sha256(token.encode("latin-1", "replace")).digest()
        if self._ring.generation == self._generation and name in self._known:
            caller, until = self._known[name]
            if self._now() < until:
                self._known.move_to_end(name)
                return caller
        caller, until = await self._verified(token)
        if self._ring.generation != self._generation:
            self._known.clear()
            self._generation = self._ring.generation
        self._known[name] = caller, until
        if len(self._known) > self._keys.known:
            self._known.popitem(last=False)
        return caller

    async def _verified(self, token: str) -> tuple[Caller, float]:
        if not _FORM.fullmatch(token):
            raise TokenError("this is no signed token")
        try:
            header = msgspec.json.decode(
                urlsafe_b64decode(token.partition(".")[0].encode()), type=_Header
            )
        except (msgspec.DecodeError, ValueError):
            raise TokenError("the token's header cannot be read") from None
        if header.crit is not UNSET or header.b64 is not UNSET:
            raise TokenError("the token asks for an extension")
        if header.typ is not None and header.typ.lower() not in _TYPES:
            raise TokenError("this is another type of token")
        key = await self._ring.find(header.kid)
        if key is None:
            if self._ring.empty:
                raise ProblemError(
                    "unavailable", "the issuer's keys cannot be had now",
                    mend="try again", headers={"Retry-After": "10"},
                )  # fmt: skip
            raise TokenError("no key of the issuer has this kid")
        claims = _signed(token, header, key)
        self._check(claims)
        until = claims.exp + self._keys.skew
        return _caller(claims, until), until

    def _check(self, claims: _Claims) -> None:
        """See that a token is of the issuer, for this service, and of this time."""
        now, skew = self._now(), self._keys.skew
        if claims.iss != self._keys.issuer:
            raise TokenError("the token is of another issuer")
        audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if self._keys.audience not in audience:
            raise TokenError("the token is for another audience")
        if now >= claims.exp + skew:
            raise TokenError("the token has expired")
        if claims.nbf is not None and now < claims.nbf - skew:
            raise TokenError("the token does not hold yet")
        if claims.iat is not None and now < claims.iat - skew:
            raise TokenError("the token was issued in the future")


def _signed(token: str, header: _Header, key: PublicKey) -> _Claims:
    """Read what was signed; the key decides with which algorithm."""
    if header.alg not in key.algorithms:
        raise TokenError("the token is signed with an algorithm that is not its key's")
    try:
        payload = deserialize_compact(token, key.key, registry=_Only(key.algorithms)).payload
    except (JoseError, ValueError, TypeError):
        raise TokenError("the token's signature does not hold") from None
    try:
        return msgspec.json.decode(payload or b"", type=_Claims)
    except msgspec.ValidationError as error:
        raise TokenError(f"a claim cannot be: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise TokenError("the token's claims cannot be read") from None


def _caller(claims: _Claims, until: float) -> Caller:
    """Say who the claims are about; a token that claims too much is refused as a whole."""
    scopes = frozenset(claims.scope.split())
    for scope in sorted(scopes):
        if claims.role not in MAY.get(scope, ()):
            raise TokenError(f"role {claims.role.value!r} cannot have scope {scope[:40]!r}")
    subject = claims.sub
    for role, name, value in (
        (Role.PARTY, "party", claims.party),
        (Role.LEAD, "coalition", claims.coalition),
    ):
        if claims.role is role:
            subject = value if value is not None else subject
        elif value is not None and not (role is Role.PARTY and claims.role is Role.LEAD):
            raise TokenError(f"claim {name!r} is not of role {claims.role.value!r}")
    if claims.role is Role.LEAD and claims.coalition is None:
        raise TokenError("a lead's token names its coalition")
    if claims.role in (Role.PARTY, Role.LEAD):
        try:
            # its name goes into the ledger, where it must not read as somebody else's
            check_identifier(subject, "sub")
        except Rejected as error:
            raise TokenError(error.what) from None
    if not 0 < len(subject) <= 200 or not subject.isprintable():
        raise TokenError("the token's subject cannot be a name")
    if claims.role is Role.PARTY and subject == AUTHORITY:
        raise TokenError(f"no party can be called {AUTHORITY!r}")
    return Caller(claims.role, subject, scopes, until)


class Authentication:
    """Lets in whoever has a token that holds, and may; ``request.user`` is then the caller.

    Parameters
    ----------
    app : answers.
    tokens : tells who.
    admit : counts the caller's requests, and raises where there are too many.
    """

    def __init__(self, app: ASGIApp, tokens: Tokens, admit: Callable[[Caller], None]) -> None:
        self._app = app
        self._tokens = tokens
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or not."""
        handler: Any = scope["route_handler"]
        if not handler.opt.get(PUBLIC):
            scope["user"] = await self._caller(scope)
            scope["auth"] = None  # the token itself goes no further
        for guard in handler.opt.get(GUARDS, ()):
            await guard(ASGIConnection(scope), handler)
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller:
        """Say who asks.

        Raises
        ------
        ProblemError : no token, or one that does not hold (RFC 6750, 3).
        """
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            raise _unauthenticated("no token", "", "send Authorization: Bearer TOKEN")
        scheme, _, token = given[0].decode("latin-1").partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer" or not token.strip():
            raise _unauthenticated(
                "no bearer token", "invalid_request", "send Authorization: Bearer TOKEN"
            )
        try:
            caller = await self._tokens.caller(token.strip())
        except TokenError as error:
            raise _unauthenticated(str(error), "invalid_token", "get another token") from None
        self._admit(caller)
        return caller


def _unauthenticated(what: str, code: str, mend: str) -> ProblemError:
    challenge = 'Bearer realm="detente"'
    if code:
        said = re.sub(r'[^\x20-\x7e]|["\\]', "'", what)
        challenge += f', error="{code}", error_description="{said}"'
    return ProblemError(
        "unauthenticated", what, field="Authorization", mend=mend,
        headers={"WWW-Authenticate": challenge},
    )  # fmt: skip
