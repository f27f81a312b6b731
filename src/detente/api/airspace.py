"""The whole airspace, for the authority: every intent, its own hand, and what is in conflict."""

from collections.abc import Iterator
from typing import Any

from litestar import Controller, Response, get, post
from msgspec import Struct

from detente.api.answers import Asked, Key, Make, Version, by_authority, number_of
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.filters import Filter, Where
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.parties import Reason
from detente.api.problem import ProblemError
from detente.authority import IntentState, Outcome, State
from detente.authority import command as c
from detente.authority.register import Intent

__all__ = ["AirspaceController", "Clash", "Manoeuvre", "clashes"]


class Manoeuvre(Struct, frozen=True, forbid_unknown_fields=True):
    """A point of the public grid to be imposed, and why."""

    reason: str
    delay: int = 0
    feet: float = 0.0
    offset: float = 0.0


class Clash(Struct, frozen=True):
    """An intent and what stands in its way.

    Parameters
    ----------
    intent : its name. state : where it is.
    met : the names of the intents that it conflicts with, or would as it was asked for.
    constraints : those it enters, or would.
    overridden : they are accepted in spite of each other, as the authority said.
    """

    intent: str
    state: IntentState
    met: tuple[str, ...]
    constraints: tuple[str, ...]
    overridden: bool


class AirspaceController(Controller):
    """``/v1/airspace``."""

    path = "/v1/airspace"
    tags = ("airspace",)

    @get("/intents", guards=[may("decide")])
    async def many(
        self,
        counter: Counter,
        narrow: Filter,
        party: str | None = None,
        where: Where = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[Intent]:
        """List every party's intents, by name."""
        after = start_of(cursor)

        def question(known: State) -> Page[Intent]:
            rows = (
                (name, intent)
                for name, intent in sorted(known.intents.items())
                if name > after
                and (party is None or intent.party == party)
                and (where is None or intent.state is where)
                and narrow.takes(intent.extent or intent.proposal)
            )
            return page(rows, limit)

        return await counter.read(question)

    @get("/intents/{party:str}/{intent:str}", guards=[may("decide")])
    async def one(self, counter: Counter, party: str, intent: str) -> Response[Intent]:
        """Give one intent, whole."""
        known = await counter.read(lambda state: state.intents.get(f"{party}/{intent}"))
        if known is None:
            raise ProblemError("unknown", f"no intent {party}/{intent}", field="intent")
        return Response(known, headers={"ETag": f'"{known.version}"'})

    @get("/conflicts", guards=[may("decide")])
    async def conflicts(
        self, counter: Counter, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[Clash]:
        """List what waits for a decision because something is in its way, and the overrides."""
        after = start_of(cursor)
        return await counter.read(lambda state: page(clashes(state, after), limit))

    @post("/intents/{party:str}/{intent:str}/override", guards=[may("decide")], status_code=200)
    async def override(
        self,
        request: Asked,
        counter: Counter,
        party: str,
        intent: str,
        data: Reason,
        key: Key,
        version: Version = None,
    ) -> Outcome:
        """Accept an intent in spite of what it conflicts with."""
        return await _hand(counter, request, key, c.Override, party, intent, version, data.reason)

    @post("/intents/{party:str}/{intent:str}/hold", guards=[may("decide")], status_code=200)
    async def hold(
        self,
        request: Asked,
        counter: Counter,
        party: str,
        intent: str,
        data: Reason,
        key: Key,
        version: Version = None,
    ) -> Outcome:
        """Take an acceptance back for now."""
        return await _hand(counter, request, key, c.Hold, party, intent, version, data.reason)

    @post("/intents/{party:str}/{intent:str}/release", guards=[may("decide")], status_code=200)
    async def release(
        self,
        request: Asked,
        counter: Counter,
        party: str,
        intent: str,
        data: Reason,
        key: Key,
        version: Version = None,
    ) -> Outcome:
        """Accept a held intent again, if nothing is in its way."""
        return await _hand(counter, request, key, c.Release, party, intent, version, data.reason)

    @post("/intents/{party:str}/{intent:str}/impose", guards=[may("decide")], status_code=200)
    async def impose(
        self,
        request: Asked,
        counter: Counter,
        party: str,
        intent: str,
        data: Manoeuvre,
        key: Key,
        version: Version = None,
    ) -> Outcome:
        """Change a flight to a point of the public grid that is free."""
        return await _hand(
            counter, request, key, c.Impose, party, intent, version, data.reason,
            delay=data.delay, feet=data.feet, offset=data.offset,
        )  # fmt: skip


async def _hand(
    counter: Counter,
    request: Asked,
    key: str,
    kind: Make,
    party: str,
    intent: str,
    version: str | None,
    reason: str,
    **more: Any,
) -> Outcome:
    number = number_of(version)
    return await by_authority(
        counter,
        request,
        key,
        lambda **k: kind(party=party, intent=intent, version=number, reason=reason, **more, **k),
    )


def clashes(state: State, after: str) -> Iterator[tuple[str, Clash]]:
    """Go through the intents that are refused or held, with what is in their way now."""
    for name, intent in sorted(state.intents.items()):
        if name <= after:
            continue
        if intent.despite and intent.accepted:
            met = tuple(n for n in intent.despite if not n.startswith("constraint:"))
            closed = tuple(n.removeprefix("constraint:") for n in intent.despite if n not in met)
            yield name, Clash(name, intent.state, met, closed, True)
        wanted = intent.proposal or intent.extent
        waits = intent.state in (IntentState.REFUSED, IntentState.HELD) or (
            intent.proposal is not None and intent.state is not IntentState.PENDING
        )
        if waits and wanted is not None and not intent.accepted:
            found = state.met(intent, wanted, despite=())
            if found:
                yield name, Clash(name, intent.state, found.intents, found.constraints, False)
