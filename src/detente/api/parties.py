"""Parties: who may file. The authority's affair; a party reads what it is itself."""

from litestar import Controller, get, post, put
from msgspec import Struct

from detente.api.answers import Asked, Key, by_authority
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import Outcome
from detente.authority import command as c
from detente.authority.register import Party

__all__ = ["PartiesController", "Reason", "Registration"]


class Registration(Struct, frozen=True, forbid_unknown_fields=True):
    """A party: its name in words, and the highest precedence that it may claim."""

    name: str = ""
    highest: str = "state"


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why; it is kept in the ledger."""

    reason: str


class PartiesController(Controller):
    """``/v1/parties``."""

    path = "/v1/parties"
    tags = ("parties",)

    @get(guards=[may("register")])
    async def many(
        self, counter: Counter, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[Party]:
        """List the parties, by identifier."""
        after = start_of(cursor)
        known = await counter.read(lambda state: sorted(state.parties.items()))
        return page(((id, party) for id, party in known if id > after), limit)

    @get("/{party:str}", guards=[may("register")])
    async def one(self, counter: Counter, party: str) -> Party:
        """Give one party."""
        known = await counter.read(lambda state: state.parties.get(party))
        if known is None:
            raise ProblemError("unknown", f"no party {party!r}", field="party")
        return known

    @put("/{party:str}", guards=[may("register")], status_code=200)
    async def register(
        self, request: Asked, counter: Counter, party: str, data: Registration, key: Key
    ) -> Outcome:
        """Let a party file."""
        return await by_authority(
            counter,
            request,
            key,
            lambda **k: c.RegisterParty(party=party, name=data.name, highest=data.highest, **k),
        )

    @post("/{party:str}/suspend", guards=[may("register")], status_code=200)
    async def suspend(
        self, request: Asked, counter: Counter, party: str, data: Reason, key: Key
    ) -> Outcome:
        """Let a party file no more; what it has stands."""
        return await by_authority(
            counter, request, key, lambda **k: c.Suspend(party=party, reason=data.reason, **k)
        )

    @post("/{party:str}/reinstate", guards=[may("register")], status_code=200)
    async def reinstate(self, request: Asked, counter: Counter, party: str, key: Key) -> Outcome:
        """Let a suspended party file again."""
        return await by_authority(counter, request, key, lambda **k: c.Reinstate(party=party, **k))
