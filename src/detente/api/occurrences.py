"""Events of the record: whoever may see one reads it; the authority enters and amends them."""

from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, put
from msgspec import Struct

from detente.api.answers import Asked, Key, Version, by_authority, number_of
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.hindsight import Hindsight
from detente.api.limits import Measures
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import AUTHORITY, Outcome, State, reports
from detente.authority import command as c
from detente.authority.disclosure import ToldOccurrence, occurrences_for
from detente.authority.extent import Volume4D
from detente.record.entry import Entered
from detente.record.occurrence import Occurrence
from detente.record.report import Report

__all__ = ["Keeping", "KeepingController", "OccurrencesController"]


class Keeping(Struct, frozen=True, forbid_unknown_fields=True):
    """An event to be put on record, and who may see it beside the authority.

    Parameters
    ----------
    occurrence : its ``id`` is that of the path.
    public : all may. shared : these parties may. With If-Match, more may than before, never fewer.
    """

    occurrence: Occurrence
    public: bool = False
    shared: tuple[str, ...] = ()


class OccurrencesController(Controller):
    """``/v1/occurrences``."""

    path = "/v1/occurrences"
    tags = ("record",)

    @get(guards=[may("read")])
    async def many(
        self, request: Asked, counter: Counter, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[ToldOccurrence]:
        """List the events of the record that the caller may see, by identifier."""
        after, who = start_of(cursor), request.user.reader
        known = await counter.read(lambda state: occurrences_for(state, who))
        return page(((x.event, x) for x in known if x.event > after), limit)

    @get("/{event:str}/report", guards=[may("read")])
    async def report(
        self,
        request: Asked,
        counter: Counter,
        past: Hindsight,
        record: Hindsight,
        event: str,
        at: datetime | None = None,
    ) -> Report:
        """Report on an event, of what the caller may see; as it was known at a time, or now."""
        who = request.user.reader

        def question(state: State) -> list[Report]:
            return reports(state, who, event, at)

        if at is None:
            found = await counter.read(question)
        elif at.tzinfo is None:
            raise ProblemError("invalid", "a time without an offset", field="at", mend="add Z")
        else:
            found = await (past if who == AUTHORITY else record).ask(at, question)
        if not found:
            raise ProblemError("unknown", f"no event {event!r}", field="event")
        return found[0]

    @put("/{event:str}", guards=[may("record")], status_code=200)
    async def enter(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        event: str,
        data: Keeping,
        key: Key,
        version: Version = None,
    ) -> Outcome:
        """Open the record of an event; with If-Match, amend it."""
        if data.occurrence.id != event:
            raise ProblemError(
                "invalid", f"event {data.occurrence.id[:100]!r} at another's path",
                field="occurrence/id", mend="give the identifier of the path",
            )  # fmt: skip
        area = Volume4D(corners=data.occurrence.corners, centre=data.occurrence.centre,
                        radius=data.occurrence.radius)  # fmt: skip
        measures.volume(area, "occurrence")
        what: dict[str, Any] = {
            "occurrence": data.occurrence,
            "public": data.public,
            "shared": data.shared,
        }
        if version is None:
            return await by_authority(
                counter, request, key, lambda **k: c.EnterOccurrence(**what, **k)
            )
        number = number_of(version)
        return await by_authority(
            counter, request, key, lambda **k: c.AmendOccurrence(version=number, **what, **k)
        )


class KeepingController(Controller):
    """``/v1/airspace/occurrences``: whole, with what was seen and declared of them."""

    path = "/v1/airspace/occurrences"
    tags = ("record",)

    @get(guards=[may("decide")])
    async def many(
        self, counter: Counter, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[Entered]:
        """List every event of the record, by identifier."""
        after = start_of(cursor)

        def question(state: State) -> Page[Entered]:
            rows = ((id, x) for id, x in sorted(state.occurrences.items()) if id > after)
            return page(rows, limit)

        return await counter.read(question)

    @get("/{event:str}", guards=[may("decide")])
    async def one(self, counter: Counter, event: str) -> Response[Entered]:
        """Give one event."""
        known = await counter.read(lambda state: state.occurrences.get(event))
        if known is None:
            raise ProblemError("unknown", f"no event {event!r}", field="event")
        return Response(known, headers={"ETag": f'"{known.version}"'})
