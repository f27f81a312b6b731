"""A party's own intents: file, amend, the steps of a flight, alternatives."""

from typing import Any

from litestar import Controller, Response, get, post, put
from msgspec import Struct

from detente.api.answers import Asked, Key, Make, Version, by_party, entity, number_of
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.filters import Filter, Where
from detente.api.limits import Measures
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import State
from detente.authority import command as c
from detente.authority.disclosure import Alternatives, OwnIntent, own, own_after
from detente.authority.extent import Extent, Volume4D
from detente.authority.register import Aircraft

__all__ = ["Filing", "IntentsController", "OffNominal"]


class Filing(Struct, frozen=True, forbid_unknown_fields=True):
    """A flight, as a trajectory or as volumes.

    Parameters
    ----------
    extent : timed positions, or a list of 4D volumes.
    precedence : its class; "" for the lowest.
    """

    extent: Extent
    precedence: str = ""


class OffNominal(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a flight may be that is not where it was declared."""

    volumes: tuple[Volume4D, ...]


class IntentsController(Controller):
    """``/v1/intents``: the caller's own. Another's cannot be named here at all."""

    path = "/v1/intents"
    tags = ("intents",)

    @get(guards=[may("read")])
    async def many(
        self,
        request: Asked,
        counter: Counter,
        narrow: Filter,
        where: Where = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[OwnIntent]:
        """List the caller's intents, by identifier."""
        after, party = start_of(cursor), request.user.party

        def question(known: State) -> Page[OwnIntent]:
            rows = own_after(known, party, after)
            return page(
                (
                    (intent.intent, intent)
                    for intent in rows
                    if (where is None or intent.state is where)
                    and narrow.takes(intent.extent or intent.asked)
                ),
                limit,
            )

        return await counter.read(question)

    @get("/{intent:str}", guards=[may("read")])
    async def one(self, request: Asked, counter: Counter, intent: str) -> Response[OwnIntent]:
        """Give one of the caller's intents."""
        return entity(await _own(counter, request.user.party, intent))

    @put("/{intent:str}", guards=[may("file")], status_code=200)
    async def file(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        intent: str,
        data: Filing,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """File a flight; with If-Match, amend it."""
        measures.filing(request.user, data.extent)
        what: dict[str, Any] = {
            "intent": intent,
            "extent": data.extent,
            "precedence": data.precedence,
        }
        if version is None:
            return await by_party(counter, request, key, lambda **k: c.File(**what, **k))
        number = number_of(version)
        return await by_party(
            counter, request, key, lambda **k: c.Amend(version=number, **what, **k)
        )

    @post("/{intent:str}/activate", guards=[may("file")], status_code=200)
    async def activate(
        self, request: Asked, counter: Counter, intent: str, key: Key, version: Version = None
    ) -> Response[OwnIntent]:
        """Say that the flight begins, or that it conforms again."""
        return await _step(counter, request, key, c.Activate, intent, version)

    @post("/{intent:str}/end", guards=[may("file")], status_code=200)
    async def end(
        self, request: Asked, counter: Counter, intent: str, key: Key, version: Version = None
    ) -> Response[OwnIntent]:
        """Say that the flight is over."""
        return await _step(counter, request, key, c.End, intent, version)

    @post("/{intent:str}/withdraw", guards=[may("file")], status_code=200)
    async def withdraw(
        self, request: Asked, counter: Counter, intent: str, key: Key, version: Version = None
    ) -> Response[OwnIntent]:
        """Take back a flight that has not begun."""
        return await _step(counter, request, key, c.Withdraw, intent, version)

    @post("/{intent:str}/nonconforming", guards=[may("file")], status_code=200)
    async def nonconforming(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        intent: str,
        data: OffNominal,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """Say that the flight is not where it was declared, and where it may be."""
        measures.volumes(data.volumes, "volumes")
        return await _step(
            counter, request, key, c.ReportNonconforming, intent, version, off_nominal=data.volumes
        )

    @post("/{intent:str}/contingency", guards=[may("file")], status_code=200)
    async def contingency(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        intent: str,
        data: OffNominal,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """Say that the flight will not come back to its intent, and where it may go."""
        measures.volumes(data.volumes, "volumes")
        return await _step(
            counter, request, key, c.DeclareContingency, intent, version, off_nominal=data.volumes
        )

    @put("/{intent:str}/aircraft", guards=[may("file")], status_code=200)
    async def aircraft(
        self,
        request: Asked,
        counter: Counter,
        intent: str,
        data: Aircraft,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """Say which aircraft flies it, so that what is seen can be told to be this flight."""
        return await _step(counter, request, key, c.NameAircraft, intent, version, aircraft=data)

    @get("/{intent:str}/alternatives", guards=[may("read")])
    async def alternatives(self, request: Asked, counter: Counter, intent: str) -> Alternatives:
        """Give what a refused or held flight could do instead, and until when it may be taken."""
        known = await _own(counter, request.user.party, intent)
        return known.alternatives or Alternatives((), None)

    @post("/{intent:str}/alternatives/{offer:str}", guards=[may("file")], status_code=200)
    async def take(
        self,
        request: Asked,
        counter: Counter,
        intent: str,
        offer: str,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """Take an alternative before it expires."""
        return await _step(counter, request, key, c.Take, intent, version, offer=offer)


async def _step(
    counter: Counter,
    request: Asked,
    key: str,
    kind: Make,
    intent: str,
    version: str | None,
    **more: Any,
) -> Response[OwnIntent]:
    number = number_of(version)
    return await by_party(
        counter, request, key, lambda **k: kind(intent=intent, version=number, **more, **k)
    )


async def _own(counter: Counter, party: str, id: str) -> OwnIntent:
    known = await counter.read(lambda state: own(state, party, id))
    if known is None:
        raise ProblemError("unknown", f"no intent {id!r}", field="intent")
    return known
