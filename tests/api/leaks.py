"""Leaks over the wire, made on purpose: each tells A of what others do, in another way."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar import Response
from msgspec import Struct
from msgspec.structs import replace

from detente.api import (
    events,
    features,
    intents,
    layers,
    limits,
    occurrences,
    statements,
    streams,
    watch,
)
from detente.api import past as api_past
from detente.api.counter import Counter
from detente.api.entrance import Entrance
from detente.api.limits import Measures
from detente.api.paging import Page
from detente.api.problem import ProblemError
from detente.api.streams import Streams
from detente.api.told import Told
from detente.authority import AUTHORITY, State, reporting
from detente.authority import event as e
from detente.authority.audience import is_open
from detente.authority.disclosure import ToldAlert
from detente.ledger import past
from detente.ledger.desk import Desk
from detente.record.entry import Said

__all__ = ["LEAKS", "Leak"]

Patch = pytest.MonkeyPatch
Leak = Callable[[Patch], None]


def _known(patch: Patch) -> Callable[[], State]:
    """Give what the desk knows that was opened last."""
    opened: list[Desk] = []
    init = Desk.__init__

    def noting(desk: Desk, *args: Any, **kw: Any) -> None:
        init(desk, *args, **kw)
        opened.append(desk)

    patch.setattr(Desk, "__init__", noting)
    return lambda: opened[-1].state


def _answers(patch: Patch, change: Callable[[Any], None]) -> None:
    """Have something change the messages of every answer but streams."""
    call = Entrance.__call__

    async def leaking(entrance: Entrance, scope: Any, receive: Any, send: Any) -> None:
        async def answer(message: Any) -> None:
            if not scope["path"].endswith("/events"):
                change(message)
            await send(message)

        await call(entrance, scope, receive, answer)

    patch.setattr(Entrance, "__call__", leaking)


def a_header_with_the_position(patch: Patch) -> None:
    """Each answer says how long the ledger is."""
    known = _known(patch)

    def change(message: Any) -> None:
        if message["type"] == "http.response.start":
            position = b"%d" % known().position
            message["headers"] = [*message["headers"], (b"x-position", position)]

    _answers(patch, change)


def a_longer_body(patch: Patch) -> None:
    """The same JSON, with a space for each intent there is; Content-Length tells."""
    known = _known(patch)

    def change(message: Any) -> None:
        more = len(known().intents)
        if message["type"] == "http.response.start":
            message["headers"] = [
                (k, b"%d" % (int(v) + more) if k == b"content-length" else v)
                for k, v in message["headers"]
            ]
        elif message["body"]:
            message["body"] += b" " * more

    _answers(patch, change)


def a_total(patch: Patch) -> None:
    """A page says how many intents there are."""
    known, page = _known(patch), intents.page

    class Counted(Page[Any], frozen=True):
        total: int = 0

    def leaking(rows: Any, limit: int) -> Any:
        found = page(rows, limit)
        return Counted(found.items, found.next, len(known().intents))

    patch.setattr(intents, "page", leaking)


def a_cursor_with_a_count(patch: Patch) -> None:
    """A cursor is a position in the list of all intents."""
    known, page = _known(patch), intents.page

    def leaking(rows: Any, limit: int) -> Any:
        found = page(rows, limit)
        filler = "=" * len(known().intents)
        return replace(found, next=found.next and found.next + filler)

    patch.setattr(intents, "page", leaking)


def a_tag_of_everything(patch: Patch) -> None:
    """An entity's tag changes when anything does."""
    known = _known(patch)

    def leaking(intent: Any) -> Any:
        return Response(intent, headers={"ETag": f'"{intent.version}.{known().position}"'})

    patch.setattr(intents, "entity", leaking)


def one_budget_of_requests(patch: Patch) -> None:
    """All share the requests of a minute, so that others' come out of one's own."""
    count = Measures._count
    patch.setattr(Measures, "_count", lambda self, who, most: count(self, "all", most))


def a_wait_for_all_that_was_decided(patch: Patch) -> None:
    """Retry-After is longer, the more was decided on for everybody."""
    known = _known(patch)

    def leaking(kind: str, what: str, **kw: Any) -> ProblemError:
        if "headers" in kw:
            kw["headers"] = {"Retry-After": str(known().position)}
        return ProblemError(kind, what, **kw)

    patch.setattr(limits, "ProblemError", leaking)


def forbidden_where_it_is_anothers(patch: Patch) -> None:
    """What another has is not unknown, but forbidden."""
    own = intents.own

    def leaking(state: State, party: str, id: str) -> Any:
        found = own(state, party, id)
        if found is None and any(intent.id == id for intent in state.intents.values()):
            raise ProblemError("forbidden", "that is another's", field="intent")
        return found

    patch.setattr(intents, "own", leaking)


def events_by_the_ledgers_count(patch: Patch) -> None:
    """The id of an event is the ledger's position."""
    known, written = _known(patch), streams.written

    def leaking(notice: Any, kept: Any = None) -> Told:
        told = written(notice, kept)
        return _Placed(told.number, told.event, told.data, known().position)

    patch.setattr(streams, "written", leaking)


def a_layer_that_counts_all(patch: Patch) -> None:
    """A layer of features says how many there are of everybody's."""
    known, geojson = _known(patch), features._geojson

    def leaking(body: dict[str, Any]) -> Any:
        if "numberMatched" in body:
            body["numberMatched"] = len(known().intents)
        return geojson(body)

    patch.setattr(features, "_geojson", leaking)


def signs_of_life_when_others_file(patch: Patch) -> None:
    """A stream shows a sign of life whenever anything was decided."""
    followed: list[Streams] = []
    join, more, submit = Streams.join, streams.Place.more, Counter.submit

    async def noting(all_who: Streams, *args: Any, **kw: Any) -> Any:
        followed.append(all_who)
        return await join(all_who, *args, **kw)

    async def leaking(counter: Counter, command: Any) -> Any:
        answer = await submit(counter, command)
        for channel in followed[-1]._channels.values() if followed else ():
            for place in channel.places:
                place.wake()
        return answer

    async def shown(place: Any, until: float) -> Any:
        return await more(place, until) or [_Beat()]

    patch.setattr(Streams, "join", noting)
    patch.setattr(Counter, "submit", leaking)
    patch.setattr(streams.Place, "more", shown)


def a_report_with_grades(patch: Patch) -> None:
    """A report weighs what was said as the authority does."""
    patch.setattr(reporting, "_told", lambda said: replace(said, position=0, shared=()))


def a_report_of_all_that_was_said(patch: Patch) -> None:
    """A report is made of statements that its reader may not see."""
    patch.setattr(reporting, "is_open", lambda record, party: True if isinstance(record, Said)
                  else is_open(record, party))  # fmt: skip


def a_report_by_entries(patch: Patch) -> None:
    """The lines of a report name the ledger's entries."""
    patch.setattr(reporting, "_told", lambda said: replace(said, shared=(), grade=None, graded=0))


def a_past_that_was_the_authoritys(patch: Patch) -> None:
    """Of the past, a party is reported what the authority knew."""
    report = occurrences.reports

    def leaking(state: State, who: str, event: str, at: Any) -> Any:
        return report(state, who if at is None else AUTHORITY, event, at)

    patch.setattr(occurrences, "reports", leaking)


def events_with_their_tracks(patch: Patch) -> None:
    """The list of events says what was seen of each."""
    told = occurrences.occurrences_for

    def leaking(state: State, party: str) -> Any:
        return [
            replace(x, place=" ".join(state.occurrences[x.event].occurrence.tracks))
            for x in told(state, party)
        ]

    patch.setattr(occurrences, "occurrences_for", leaking)


def alerts_by_the_authoritys_name(patch: Patch) -> None:
    """An alert is listed under the name that the watch gave it."""

    def leaking(state: State, party: str) -> Any:
        return [
            ToldAlert(f"{alert.id} {alert.a}", avoid.intent, avoid.volume)
            for alert in state.alerts.values() for avoid in alert.avoid if avoid.party == party
        ]  # fmt: skip

    patch.setattr(watch, "alerts_for", leaking)


def a_cursor_over_all_statements(patch: Patch) -> None:
    """A page of statements ends where the page of all of them would."""
    known, page = _known(patch), statements.page

    def leaking(rows: Any, limit: int) -> Any:
        found = page(rows, limit)
        filler = "=" * len(known().statements)
        return replace(found, next=found.next and found.next + filler)

    patch.setattr(statements, "page", leaking)


def a_layer_of_all_events(patch: Patch) -> None:
    """A layer shows every event of the record."""
    told = layers.occurrences_for
    patch.setattr(layers, "occurrences_for", lambda state, party: told(state, AUTHORITY))


class _Beat(Struct):
    frame: bytes = events._BEAT


class _Placed(Told, frozen=True, gc=False):
    position: int

    @property
    def frame(self) -> bytes:
        return Told(self.position, self.event, self.data).frame


def a_past_with_every_alert(patch: Patch) -> None:
    """Of what a party knew, the service gives every alert that it can find."""
    view, concerns = past.view, past.concerning

    def leaking(state: State, party: str) -> Any:
        avoided = (a for alert in state.alerts.values() for a in alert.avoid)
        told = tuple(ToldAlert(a.handle, a.intent, a.volume) for a in avoided)
        return replace(view(state, party), alerts=told)

    def leaving(outcome: Any, party: str, fellows: Any) -> Any:
        raised = tuple(x for x in outcome.events if isinstance(x, e.AlertRaised))
        return replace(outcome, events=(*concerns(outcome, party, fellows).events, *raised))

    patch.setattr(past, "concerning", leaving)
    patch.setattr(past, "view", leaking)


def a_past_that_counts(patch: Patch) -> None:
    """What a party knew bears the number of flights that there are."""
    known, picture = _known(patch), api_past.OwnPicture

    class Counted(picture, frozen=True):  # type: ignore[misc, valid-type]
        flights: int = 0

    patch.setattr(api_past, "OwnPicture", lambda **of: Counted(**of, flights=len(known().intents)))


LEAKS: tuple[Leak, ...] = (
    a_header_with_the_position,
    a_longer_body,
    a_total,
    a_cursor_with_a_count,
    a_tag_of_everything,
    one_budget_of_requests,
    a_wait_for_all_that_was_decided,
    forbidden_where_it_is_anothers,
    events_by_the_ledgers_count,
    a_layer_that_counts_all,
    signs_of_life_when_others_file,
    a_report_with_grades,
    a_report_of_all_that_was_said,
    a_report_by_entries,
    a_past_that_was_the_authoritys,
    events_with_their_tracks,
    alerts_by_the_authoritys_name,
    a_cursor_over_all_statements,
    a_layer_of_all_events,
    a_past_with_every_alert,
    a_past_that_counts,
)
