"""A small airspace with three parties at a desk, for tests that are told as stories."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from detente.authority import Charter, Command, Notice, Outcome, Path4D, Volume4D, decode_outcome
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import OwnIntent, Refusal
from detente.authority.register import Intent, Offer
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def east(alt: float = 35_000.0, lat: float = 50.0, start: datetime = NOON + HOUR) -> Path4D:
    """Fly along a parallel for ten minutes."""
    return Path4D(start, (0.0, 300.0, 600.0), (lat,) * 3, (4.0, 5.0, 6.0), (alt,) * 3)


def north(alt: float = 35_000.0, lon: float = 5.0, start: datetime = NOON + HOUR) -> Path4D:
    """Cross it in the middle."""
    return Path4D(start, (0.0, 300.0, 600.0), (49.4, 50.0, 50.6), (lon,) * 3, (alt,) * 3)


def box(
    lower: float | None = 34_500.0,
    upper: float | None = 35_500.0,
    start: datetime | None = NOON + HOUR,
    end: datetime | None = NOON + 2 * HOUR,
    lat: float = 50.0,
) -> tuple[Volume4D, ...]:
    """Give a volume about the middle."""
    corners = ((lat - 0.1, 4.9), (lat - 0.1, 5.1), (lat + 0.1, 5.1), (lat + 0.1, 4.9))
    return (Volume4D(corners=corners, lower=lower, upper=upper, start=start, end=end),)


class Scene:
    """A desk in memory, parties A, B and C, and a clock that the test moves.

    ``take`` and its like find the version out, so that a story need not count.
    """

    def __init__(self, charter: Charter | None = None, parties: str = "ABC") -> None:
        self.ledger = MemoryLedger()
        self.desk = Desk(self.ledger)
        self.now = NOON
        self._keys = count(1)
        self.ask(c.Found, charter=charter or Charter())
        for party in parties:
            self.ask(c.RegisterParty, party=party, highest="emergency")

    def make(self, kind: type[Command], **fields: Any) -> Any:
        """Make a command, of now and of a new key."""
        if "intent" in fields and "version" in kind.__struct_fields__:
            whose = fields.get("party") or fields.get("by", "")
            known = self.desk.state.intents.get(f"{whose}/{fields['intent']}")
            fields.setdefault("version", known.version if known else 1)
        return kind(**{"at": self.now, "key": f"k{next(self._keys)}", **fields})

    def ask(self, kind: type[Command], **fields: Any) -> Any:
        """Submit a command; give the answer."""
        return self.desk.submit(self.make(kind, **fields))

    def own(self, by: str, kind: type[Command], intent: str = "x", **fields: Any) -> Any:
        """Ask as a party about its intent; give what it is told of that, or the refusal."""
        answer = self.ask(kind, by=by, intent=intent, **fields)
        return told_of(answer, intent)

    def by_hand(self, kind: type[Command], name: str, **fields: Any) -> e.Event:
        """Use the authority's hand on an intent; give the first event."""
        party, intent = name.split("/")
        answer: Outcome = self.ask(
            kind, party=party, intent=intent, **{"reason": "so decided", **fields}
        )
        return answer.events[0]

    def intent(self, name: str) -> Intent:
        return self.desk.state.intents[name]

    def outcomes(self) -> list[Outcome]:
        return [decode_outcome(entry.body) for entry in self.ledger.read()]

    def last(self, party: str) -> Notice:
        return self.desk.notices(party, limit=10_000)[-1]

    def notices(self, party: str) -> list[Notice]:
        return self.desk.notices(party, limit=10_000)


def told_of(answer: Notice, intent: str) -> OwnIntent | Refusal:
    for content in answer.contents:
        if isinstance(content, Refusal) or (
            isinstance(content, OwnIntent) and content.intent == intent
        ):
            return content
    raise AssertionError(f"nothing about {intent!r} in {answer}")


def offered(content: OwnIntent) -> tuple[Offer, ...]:
    assert content.alternatives is not None
    return content.alternatives.offers


def canonical(state: Any) -> bytes:
    """Give all that a state keeps as bytes that are the same whenever it is the same."""
    return msgspec.msgpack.encode(state.tables(), order="sorted")
