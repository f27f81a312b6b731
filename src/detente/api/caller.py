"""Who asks: a role, for whom, and what the token allows. One table says who may do what."""

from enum import StrEnum
from math import inf
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from detente.api.problem import ProblemError
from detente.authority import AUTHORITY

__all__ = ["MAY", "Caller", "Role", "may"]


class Role(StrEnum):
    """In what capacity somebody asks."""

    PARTY = "party"
    LEAD = "lead"
    AUTHORITY = "authority"
    OBSERVER = "observer"


class Caller(Struct, frozen=True):
    """Who asks.

    Parameters
    ----------
    role : in what capacity.
    subject : the party, the coalition of a lead, or who it is at the authority.
    scopes : what the token allows.
    until : when the token ends, in seconds since 1970: no answer goes on after that.
    """

    role: Role
    subject: str
    scopes: frozenset[str] = frozenset()
    until: float = inf

    @property
    def by(self) -> str:
        """How the ledger names it in ``Command.by``."""
        if self.role is Role.AUTHORITY:
            return AUTHORITY
        return f"coalition:{self.subject}" if self.role is Role.LEAD else self.subject

    @property
    def party(self) -> str:
        """Whose own it is shown; "" for whoever is no party, though it be called like one."""
        return self.subject if self.role is Role.PARTY else ""

    @property
    def reader(self) -> str:
        """As whom it reads the record: the authority all of it, who is no party what is public."""
        if self.role is Role.AUTHORITY:
            return AUTHORITY
        return self.party


MAY: Final[dict[str, frozenset[Role]]] = {
    "read": frozenset({Role.PARTY, Role.LEAD, Role.AUTHORITY, Role.OBSERVER}),
    "file": frozenset({Role.PARTY}),
    "follow": frozenset({Role.PARTY}),
    "member": frozenset({Role.PARTY}),
    "lead": frozenset({Role.LEAD, Role.AUTHORITY}),
    "close": frozenset({Role.AUTHORITY}),
    "decide": frozenset({Role.AUTHORITY}),
    "register": frozenset({Role.AUTHORITY}),
    "watch": frozenset({Role.AUTHORITY}),
    "record": frozenset({Role.AUTHORITY}),
    "speak": frozenset({Role.PARTY, Role.AUTHORITY}),
    "audit": frozenset({Role.AUTHORITY}),
}
"""Each scope, and the roles whose tokens may hold it. A token that claims another is refused."""


class may:  # noqa: N801
    """Guard a handler: only a caller of a fitting role, whose token has the scope, comes in.

    Parameters
    ----------
    scope : one of :data:`MAY`.
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self._roles = MAY[scope]
        challenge = f'Bearer realm="detente", error="insufficient_scope", scope="{scope}"'
        self._headers = {"WWW-Authenticate": challenge}

    # async, so that it need not go to a thread
    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        """Let in, or not."""
        caller: Caller = connection.user
        if caller.role not in self._roles or self.scope not in caller.scopes:
            raise ProblemError(
                "forbidden", f"scope {self.scope!r} is needed",
                mend="ask with a token that has it", headers=self._headers,
            )  # fmt: skip
