"""Planning cycles: announced to all, closed by the authority; each sees its part of the plan."""

from datetime import UTC, datetime
from typing import Final

from litestar import Controller, get, post, put
from msgspec import Struct

from detente.api.answers import Asked, Key, by_authority
from detente.api.caller import Role, may
from detente.api.counter import Counter
from detente.api.hindsight import Hindsight
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import Outcome, State
from detente.authority import command as c
from detente.authority.disclosure import OwnIntent, cycles_of, own_after
from detente.authority.preview import Preview, preview
from detente.authority.register import Cycle
from detente.authority.rejection import Rejected

__all__ = ["CyclesController", "Period", "Planned"]


_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Period(Struct, frozen=True, forbid_unknown_fields=True):
    """When the flights depart that are planned jointly, and until when they may be filed."""

    start: datetime
    end: datetime
    cutoff: datetime


class Planned(Struct, frozen=True):
    """The caller's part of an airspace use plan, as it stands now.

    Parameters
    ----------
    cycle : and when it was published; later changes are in it.
    intents : the caller's own that were planned in it, by identifier.
    """

    cycle: Cycle
    intents: list[OwnIntent]


class CyclesController(Controller):
    """``/v1/cycles``."""

    path = "/v1/cycles"
    tags = ("cycles",)

    @get(guards=[may("read")])
    async def many(
        self, counter: Counter, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[Cycle]:
        """List the cycles that were announced, by identifier."""
        after = start_of(cursor)
        known = await counter.read(cycles_of)
        return page(((x.id, x) for x in known if x.id > after), limit)

    @get("/{cycle:str}/plan", guards=[may("read")])
    async def plan(self, request: Asked, counter: Counter, cycle: str) -> Planned:
        """Give the caller's part of the plan."""
        caller = request.user

        def question(state: State) -> Planned:
            found = next((x for x in cycles_of(state) if x.id == cycle), None)
            if found is None:
                raise ProblemError("unknown", f"no cycle {cycle!r}", field="cycle")
            mine = own_after(state, caller.subject) if caller.role is Role.PARTY else ()
            return Planned(found, [intent for intent in mine if intent.cycle == cycle])

        return await counter.read(question)

    @get("/{cycle:str}/preview", guards=[may("decide")])
    async def preview(self, counter: Counter, present: Hindsight, cycle: str) -> Preview:
        """Work out what closing the cycle would publish now; nothing is decided by it."""
        now = counter.now
        try:
            # on a state of its own, so that no filing waits for the search
            return await present.ask(_LAST, lambda s: preview(s, cycle, now))
        except Rejected as error:
            raise ProblemError(error.code, error.what, field=error.field) from None

    @put("/{cycle:str}", guards=[may("decide")], status_code=200)
    async def announce(
        self, request: Asked, counter: Counter, cycle: str, data: Period, key: Key
    ) -> Outcome:
        """Announce that a period will be planned jointly."""
        for name in ("start", "end", "cutoff"):
            if getattr(data, name).tzinfo is None:
                raise ProblemError(
                    "invalid", "a time without an offset", field=name, mend="add Z, or +01:00"
                )
        return await by_authority(
            counter,
            request,
            key,
            lambda **k: c.OpenCycle(
                cycle=cycle, start=data.start, end=data.end, cutoff=data.cutoff, **k
            ),
        )

    @post("/{cycle:str}/close", guards=[may("decide")], status_code=200)
    async def close(self, request: Asked, counter: Counter, cycle: str, key: Key) -> Outcome:
        """Resolve jointly what was filed for a cycle, and publish the plan."""
        return await by_authority(counter, request, key, lambda **k: c.CloseCycle(cycle=cycle, **k))
