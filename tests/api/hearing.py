"""What party A hears in one world when all that is asked goes over HTTP."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from detente.authority import Command
from detente.authority import command as c
from detente.ledger.desk import Desk
from tests.api.asking import Exchange, Request, bodies_in, request_of
from tests.api.receiver import Receiver
from tests.api.stage import Inside, Outside
from tests.authority.transcript import Moment, World, _offers_in
from tests.authority.verdicts import Row, Verdict

__all__ = ["WiredMoment", "world_on"]

_LISTS = (
    "/v1/intents?limit=1",
    "/v1/intents?state=accepted&from=2026-07-01T13:00:00Z&bbox=6,46,10,48",
    "/v1/constraints?limit=1",
    "/v1/cycles?limit=1",
    "/v1/statements?limit=1",
    "/v1/occurrences?limit=1",
    "/v1/statements?about=e0",
    "/features/collections/intents/items?limit=1",
    "/features/collections/alerts/items?limit=1",
    "/features/collections/events/items?limit=1",
    "/features/collections/shared/items?limit=2",
    "/features/collections/constraints/items?bbox=6,46,10,48",
)
_OFTEN = ("/v1/intents/x", "/v1/shared", "/v1/intents/y", "/v1/alerts", "/v1/occurrences")
_LOOKS = (
    "/v1/intents/y/alternatives",
    "/v1/cycles/day/plan",
    "/v1/coalitions",
    "/v1/memberships",
    "/v1/charter",
    "/features/collections/intents/items/x",
    "/features/collections/shared/items/B/x",
    "/v1/intents/z",
    "/v1/constraints/k",
    "/v1/intents/nobody",
    "/features/collections",
    "/features/collections/conflicts/items",
    "/v1/webhook",
    "/v1/intents?cursor=!",
    "/v1/intents?limit=0",
    "/v1/notices?after=100000",
    "/v1/events?after=100000",
    "/v1/parties/C",
    "/v1/airspace/intents/C/x",
    "/v1/occurrences/e0/report",
    "/v1/occurrences/e1/report",
    "/v1/occurrences/p1/report",
    # what was known before the day, in the midst of it, and at the end
    "/v1/occurrences/e0/report?at=2026-07-01T11:00:00Z",
    "/v1/occurrences/e0/report?at=2026-07-01T12:20:00Z",
    "/v1/occurrences/e1/report?at=2026-07-01T12:05:00Z",
    "/v1/occurrences/e0/report?at=2100-01-01T00:00:00Z",
    "/v1/occurrences/p1/report?at=2100-01-01T00:00:00Z",
    "/v1/occurrences/e0/report?at=noon",
    "/v1/airspace/past?at=2026-07-01T12:20:00Z",
    # all that A knew: before it came, in the midst of it, again earlier, and at the end
    "/v1/past?at=2026-07-01T11:59:59Z",
    "/v1/past?at=2026-07-01T12:12:00Z",
    "/v1/past?at=2026-07-01T12:04:00Z",
    "/v1/past?at=2026-07-01T16:00:00Z",
    "/v1/past?at=2100-01-01T00:00:00Z",
    "/v1/past?at=noon",
    "/features/collections/tracks/items",
    "/v1/airspace/occurrences",
    "/v1/airspace/statements",
    "/v1/airspace/tracks",
    "/v1/airspace/tracks/t1",
    "/v1/airspace/unseen",
    "/v1/airspace/alerts",
    "/v1/ledger/head",
    "/metrics",
    "/v1/nothing",
    "/health",
    "/ready",
)
"""What A looks at: one of the second all the time, of the others a few, and all at the end."""

_AT_ONCE = 2
_ALL: list[Exchange] = []
"""In place of an answer: look at everything."""


@dataclass
class WiredMoment(Moment):
    """One step: verdicts, and all that went to A over the wire."""

    exchanges: list[Exchange] = field(default_factory=list)
    stream: bytes = b""

    @property
    def offers(self) -> list[dict[str, Any]]:
        texts = [self.stream, *(exchange.body for exchange in self.exchanges)]
        return [offer for text in texts for body in bodies_in(text) for offer in _offers_in(body)]

    @property
    def shown_but_offers(self) -> bytes:
        stream = re.sub(rb'"offers":\[[^\]]*\]', b'"offers":[]', self.stream)
        return b"".join(exchange.shown_but_offers for exchange in self.exchanges) + stream


@dataclass
class WiredWorld(World):
    """A world that is asked through a stage; see :func:`world_on`."""

    stage: ClassVar[Inside | Outside]
    receiver: ClassVar[Receiver | None] = None

    def _desk(self) -> Desk:
        return self.stage.begin()

    def _begun(self) -> None:
        self._turn = self._stream_read = self._noticed = 0
        self.stage.seconds = self.now.timestamp()
        self.stage.follow("A")
        if self.receiver is not None:
            body = msgspec.json.encode({"url": self.receiver.url, "after": 0})
            headers = (("Idempotency-Key", "w"), ("Content-Type", "application/json"))
            asked = Request("party", "A", "PUT", "/v1/webhook", headers, body)
            assert self.stage.ask(asked).status == 200

    def _ended(self) -> None:
        self.stage.unfollow()

    def _answer(self, command: Command) -> list[Exchange]:
        """Ask; give the exchange, if A asked."""
        self._tick()
        if isinstance(command, c.Sweep):
            self.desk.submit(command)  # the service's own clock asks that
            return []
        exchange = self.stage.ask(request_of(command))
        assert exchange.status < 500, exchange
        if command.by != "A":
            return []
        self._asked.append(command)
        self._note(exchange)
        return [exchange]

    def _tick(self) -> None:
        """Let time come, and all that was told arrive."""
        self.stage.seconds = self.now.timestamp()
        notices = len(self.desk.state.heard("A"))
        self.stage.heard(notices)
        if self.receiver is not None:
            self.receiver.wait(notices)

    def _seen(self, verdicts: list[Verdict], shared: list[Row], answer: Any) -> Moment:
        if not hasattr(self, "_turn"):  # nobody is registered
            return Moment(verdicts, shared, b"")
        self._tick()
        exchanges = [*(answer or ()), *self._notices(), *self._looks(everything=answer is _ALL)]
        text = self.stage.heard(len(self.desk.state.heard("A")))
        stream = re.sub(rb"retry: \d+", b"retry: chance", text[self._stream_read :])
        self._stream_read = len(text)
        shown = b"".join(exchange.shown for exchange in exchanges) + stream
        return WiredMoment(verdicts, shared, shown, exchanges, stream)

    def _all_again(self) -> list[Exchange]:
        return _ALL

    def _notices(self) -> Iterator[Exchange]:
        """Read what was told since, in pages."""
        while True:
            exchange = self._look(f"/v1/notices?after={self._noticed}&limit=2")
            yield exchange
            if exchange.status != 200:
                return
            page = msgspec.json.decode(exchange.body)
            if page["items"]:
                self._noticed = page["items"][-1]["number"]
            if page["next"] is None:
                return

    def _looks(self, *, everything: bool) -> Iterator[Exchange]:
        lists = _LISTS if everything else (_LISTS[self._turn // _AT_ONCE % len(_LISTS)],)
        for target in lists:
            yield from self._every_page(target)
        yield self._look(_OFTEN[self._turn % len(_OFTEN)])
        for _ in range(len(_LOOKS) if everything else _AT_ONCE):
            yield self._look(_LOOKS[self._turn % len(_LOOKS)])
            self._turn += 1

    def _every_page(self, target: str) -> Iterator[Exchange]:
        following: str | None = target
        while following is not None:
            exchange = self._look(following)
            yield exchange
            following = None
            page = msgspec.json.decode(exchange.body) if exchange.status == 200 else {}
            if page.get("next"):
                following = f"{target}&cursor={page['next']}"
            for link in page.get("links", ()):
                if link["rel"] == "next":
                    following = "/" + link["href"].split("/", 3)[3]

    def _look(self, target: str) -> Exchange:
        exchange = self.stage.ask(Request("party", "A", "GET", target))
        self._note(exchange)
        return exchange

    def _note(self, exchange: Exchange) -> None:
        self.reached[f"A answered {exchange.status}"] += 1
        target = exchange.request.target
        if "/report" in target and b'"kind":"' in exchange.body:
            what = "something of the past" if "at=" in target else "something"
            self.reached[f"A was reported {what}"] += 1


def world_on(on: Inside | Outside, to: Receiver | None = None) -> type[WiredWorld]:
    """Make worlds that are asked through a stage; A has its notices sent to a receiver."""

    @dataclass
    class Wired(WiredWorld):
        stage = on
        receiver = to

    return Wired
