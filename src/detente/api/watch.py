"""What was seen: the watch reports it, the authority reads it; a party reads its own alerts."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final

from litestar import Controller, get, post
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from detente.api.answers import Asked, Key, by_authority
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import Outcome, State
from detente.authority import command as c
from detente.authority.disclosure import ToldAlert, alerts_for
from detente.authority.event import AlertEnded, AlertRaised
from detente.authority.register import Alert
from detente.record.entry import Seen
from detente.watch.track import Conformance, Indication, Track, Unseen

__all__ = [
    "ALL_FIXES",
    "AlertsController",
    "Fixes",
    "Observation",
    "Observed",
    "TracksController",
    "WatchController",
]

What = Annotated[Conformance | None, QueryParameter(name="conformance")]
Live = Annotated[
    bool | None, QueryParameter(name="ended", description="Only those that ended, or that did not.")
]

Fixes = Annotated[
    int, QueryParameter(name="fixes", ge=1, description="Of each path the last so many, or all.")
]
ALL_FIXES: Final = 256
"""As many as a path is kept with."""

_TOGETHER: Final = 500
"""States in one command: the desk takes some 10 ms for them, and a filing may come between two."""

_ITEM: Final = re.compile(r"(tracks|unseen|alerts)/(\d+)(.*)", re.DOTALL)


class Observation(Struct, frozen=True, forbid_unknown_fields=True):
    """What the watch saw since it last said: tracks that began, changed or are due, and alerts."""

    tracks: tuple[Track, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    alerts: tuple[Alert, ...] = ()

    def parts(self) -> Iterator[tuple[dict[str, int], dict[str, Any]]]:
        """Cut it into parts, one at least: where each begins, and what is in it."""
        kinds = {"tracks": self.tracks, "unseen": self.unseen, "alerts": self.alerts}
        begin = dict.fromkeys(kinds, 0)
        while True:
            room, part = _TOGETHER, {}
            for name, states in kinds.items():
                part[name] = states[begin[name] : begin[name] + room]
                room -= len(part[name])
            yield dict(begin), part
            for name, states in part.items():
                begin[name] += len(states)
            if all(begin[name] == len(states) for name, states in kinds.items()):
                return


class Observed(Struct, frozen=True):
    """What was recorded of it: how many tracks, and how many alerts were raised and ended."""

    tracks: int
    raised: int
    ended: int


class WatchController(Controller):
    """``/v1/watch``."""

    path = "/v1/watch"
    tags = ("watch",)

    @post(guards=[may("watch")], status_code=200)
    async def observe(
        self, request: Asked, counter: Counter, data: Observation, key: Key
    ) -> Observed:
        """Record what was seen, and warn whom it concerns.

        Of more than 500 states each 500 are recorded by themselves, in order: where one cannot be
        recorded, those of the parts before it are.
        """
        raised = ended = 0
        for number, (begin, part) in enumerate(data.parts()):
            # no header has a line break in it, so that no other request has this key
            name = f"{key}\n{number}" if number else key
            try:
                answer = await by_authority(
                    counter, request, name, lambda part=part, **k: c.Observe(**part, **k)
                )
            except ProblemError as error:
                raise _of_whole(error, begin) from None
            raised += sum(isinstance(event, AlertRaised) for event in answer.events)
            ended += sum(isinstance(event, AlertEnded) for event in answer.events)
        return Observed(tracks=len(data.tracks), raised=raised, ended=ended)


def _of_whole(error: ProblemError, begin: dict[str, int]) -> ProblemError:
    """Name a state by where it is in the request, and not in the part."""
    found = _ITEM.fullmatch(error.problem.field)
    if found is not None:
        kind, number, rest = found.groups()
        field = f"{kind}/{int(number) + begin[kind]}{rest}"
        error.problem = replace(error.problem, field=field)
    return error


class TracksController(Controller):
    """``/v1/airspace/tracks``, ``unseen`` and ``alerts``."""

    path = "/v1/airspace"
    tags = ("watch",)

    @get("/tracks", guards=[may("decide")])
    async def many(
        self,
        counter: Counter,
        what: What = None,
        ended: Live = None,
        fixes: Fixes = ALL_FIXES,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[Seen]:
        """List the tracks that are kept, by identifier, with their paths."""
        after = start_of(cursor)

        def question(state: State) -> Page[Seen]:
            rows = (
                (id, seen.lately(fixes))
                for id, seen in sorted(state.tracks.items())
                if id > after
                and (what is None or seen.track.conformance is what)
                and (ended is None or seen.track.ended is ended)
            )
            return page(rows, limit)

        return await counter.read(question)

    @get("/tracks/{track:str}", guards=[may("decide")])
    async def one(self, counter: Counter, track: str) -> Seen:
        """Give one track."""
        known = await counter.read(lambda state: state.tracks.get(track))
        if known is None:
            raise ProblemError("unknown", f"no track {track!r}", field="track")
        return known

    @post("/tracks/{track:str}/indications", guards=[may("watch")], status_code=200)
    async def indicate(
        self, request: Asked, counter: Counter, track: str, data: Indication, key: Key
    ) -> Outcome:
        """Attach evidence of what kind of aircraft it is."""
        return await by_authority(
            counter, request, key, lambda **k: c.Indicate(track=track, indication=data, **k)
        )

    @get("/unseen", guards=[may("decide")])
    async def unseen(self, counter: Counter) -> list[Unseen]:
        """List the declared flights that should be seen and are not, by name."""
        return await counter.read(lambda state: [u for _, (_, u) in sorted(state.unseen.items())])

    @get("/alerts", guards=[may("decide")])
    async def alerts(self, counter: Counter) -> list[Alert]:
        """List the alerts that last, the nearest in time first."""
        return await counter.read(
            lambda state: sorted(state.alerts.values(), key=lambda a: (a.start, a.id))
        )


class AlertsController(Controller):
    """``/v1/alerts``."""

    path = "/v1/alerts"
    tags = ("watch",)

    @get(guards=[may("read")])
    async def many(self, request: Asked, counter: Counter) -> list[ToldAlert]:
        """List what the caller must avoid now."""
        who = request.user.reader
        return await counter.read(lambda state: alerts_for(state, who))
