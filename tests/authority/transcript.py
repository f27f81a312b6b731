"""What party A hears in one world, step by step, and what was decided on it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

import msgspec

from detente.authority import (
    Command,
    Effect,
    IntentState,
    Notice,
    Outcome,
    Rejected,
    Sharing,
    View,
    decode_outcome,
)
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.register import Intent
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk
from detente.ledger.past import PastView
from tests.authority.sights import of_a, seen
from tests.authority.verdicts import Row, Verdict, shared_of, verdicts_of
from tests.authority.worlds import (
    HAND,
    NOON,
    PUBLIC,
    WATCH,
    Ask,
    Pair,
    closure,
    extent,
    off_nominal,
)

_ENCODER = msgspec.json.Encoder()
_PAGE = 2


@dataclass
class Moment:
    """One step: verdicts, and all that A was shown, as bytes."""

    verdicts: list[Verdict]
    shared: list[Row]
    shown: bytes

    @property
    def decided(self) -> tuple[Any, ...]:
        """What A may know of the step's reasons."""
        return self.verdicts, self.shared

    @property
    def decided_but_offers(self) -> tuple[Any, ...]:
        return [row for row, _ in self.verdicts], self.shared

    @property
    def offers(self) -> list[dict[str, Any]]:
        """Every alternative shown, and every change made by one."""
        return list(_offers_in(msgspec.json.decode(self.shown)))

    @property
    def shown_but_offers(self) -> bytes:
        return _ENCODER.encode(_without_offers(msgspec.json.decode(self.shown)))


def _offers_in(shown: Any) -> Iterator[dict[str, Any]]:
    if isinstance(shown, dict):
        offers = shown.get("offers")  # of the charter, how many at most
        yield from offers if isinstance(offers, list) else ()
        if shown.get("changed"):
            yield shown["changed"]
    if isinstance(shown, dict | list):
        for each in shown.values() if isinstance(shown, dict) else shown:
            yield from _offers_in(each)


def _without_offers(shown: Any) -> Any:
    if isinstance(shown, dict):
        return {k: () if k == "offers" else _without_offers(v) for k, v in shown.items()}
    return [_without_offers(v) for v in shown] if isinstance(shown, list) else shown


@dataclass
class World:
    """One run through a pair's first or second world, through a desk of its own.

    Parameters
    ----------
    said : what those who ask the same in both worlds asked in the first, step by step.
    """

    pair: Pair
    which: int
    said: list[Command | None] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)

    def run(self) -> "World":
        self.desk = self._desk()
        self.now: datetime = NOON
        self._keys: Counter[str] = Counter()
        self._asked: list[Command] = []
        self._read = self._heard = 0
        self._pages: list[bytes] = []
        for k, command in enumerate(self._beginning()):
            self.desk.submit(msgspec.structs.replace(command, key=f"begin{k}", at=self.now))
        self._begun()
        self._moment(b"")
        known = list(self.said)
        for k, step in enumerate(self.pair.steps):
            self.now += timedelta(seconds=step.wait)
            ask = step.asks[self.which]
            if step.who in self.pair.alike and known:
                command = known[k]
            else:
                command = None if ask is None else self._command(step.who, ask)
            if not known:
                self.said.append(command)
            self._moment(b"" if command is None else self._answer(command))
        self._moment(self._all_again())
        self._ended()
        return self

    # how it is asked

    def _desk(self) -> Desk:
        return Desk(MemoryLedger())

    def _begun(self) -> None:
        """Parties are registered; from now on A hears."""

    def _ended(self) -> None:
        """Nothing more is asked."""

    # what A hears

    def _answer(self, command: Command) -> Any:
        """Submit a command; give A's answer, if A asked."""
        if command.by == "A":
            self._asked.append(command)
        try:
            answer = self.desk.submit(command)
        except Rejected as error:
            self.reached["a key used again"] += 1
            return _ENCODER.encode((error.code, error.what, error.field, error.mend))
        return _ENCODER.encode(answer) if command.by == "A" else b""

    def _moment(self, answer: Any) -> None:
        new = [decode_outcome(entry.body) for entry in self.desk.ledger.read(self._read)]
        self._read += len(new)
        verdicts: list[Verdict] = []
        shared: list[Row] = []
        for outcome in new:
            self._count(outcome)
            verdicts += verdicts_of(outcome, "A")
            if self.pair.shares is not None:
                shared += shared_of(outcome, "B", self.pair.shares)
        self.moments.append(self._seen(verdicts, shared, answer))

    def _seen(self, verdicts: list[Verdict], shared: list[Row], answer: Any) -> Moment:
        """Look at all that A is shown now."""
        told: list[Notice] = []
        while page := self.desk.notices("A", after=self._heard, limit=_PAGE):
            self._heard += len(page)
            told += page
        self._pages += [_ENCODER.encode(notice) for notice in told]
        shown = _ENCODER.encode((told, self.desk.view("A")))
        return Moment(verdicts, shared, b'{"answer":%b,"told":%b}' % (answer or b"null", shown))

    def _all_again(self) -> Any:
        """Give all notices as one page, which is what was read bit by bit."""
        again = [_ENCODER.encode(n) for n in self.desk.notices("A", limit=10_000)]
        assert again == self._pages
        return _ENCODER.encode((len(again), self._past()))

    def _past(self) -> list[View]:
        """Look back at all that A knew at each time, the last first."""
        past = PastView(self.desk.ledger, self.desk.heard)
        waits = accumulate(step.wait for step in self.pair.steps)
        times = [NOON + timedelta(seconds=s) for s in sorted({-1, 0, *waits})[::3]]
        return [past.ask(at, "A") for at in (times[-1], *times)]

    # what is asked

    def _beginning(self) -> list[Command]:
        commands: list[Command] = [c.Found(at=NOON, charter=self.pair.charter)]
        if self.pair.cycle:
            commands.append(c.OpenCycle(
                at=NOON, cycle="day", start=NOON + timedelta(hours=4),
                end=NOON + timedelta(hours=6), cutoff=NOON + timedelta(hours=1),
            ))  # fmt: skip
        highest = {"A": "state", "B": "state", "C": "emergency", "D": "emergency"}
        commands += [c.RegisterParty(at=NOON, party=p, highest=h) for p, h in highest.items()]
        if self.pair.shares is not None:
            commands.append(c.FormCoalition(at=NOON, coalition="g", invited=("A", "B", "D")))
            commands.append(c.Join(at=NOON, by="A", coalition="g", shares=Sharing.INTENTS))
            commands.append(c.Join(at=NOON, by="B", coalition="g", shares=self.pair.shares))
            if self.pair.ally:
                commands.append(c.Join(at=NOON, by="D", coalition="g"))
        return commands

    def _command(self, who: str, ask: Ask) -> Command | None:
        self._keys[who] += 1
        stamp = {"at": self.now, "key": f"{who}{self._keys[who]}"}
        if who == PUBLIC:
            return self._of_public(ask, stamp)
        if who == WATCH:
            return seen(ask.kind, self.desk.state, ask, stamp)
        if who == HAND:
            return self._of_hand("A", ask.kind, ask, stamp)
        hand = {"overridden": "override", "held": "hold", "imposed": "impose"}.get(ask.kind)
        if hand is not None:
            return self._of_hand(who, hand, ask, stamp)
        return self._of_party(who, ask, stamp)

    def _of_public(self, ask: Ask, stamp: dict[str, Any]) -> Command:
        known = self.desk.state.constraints.get(ask.intent)
        if ask.kind == "sweep":
            return c.Sweep(**stamp)
        if ask.kind == "plan":
            return c.CloseCycle(cycle="day", **stamp)
        if ask.kind == "lift":
            return c.LiftConstraint(
                constraint=ask.intent, version=known.version if known else 1, **stamp
            )
        who = (("A",), ("C", "D"), ())[ask.pick % 3]
        effect = Effect.LIMITED if who else Effect.CLOSED
        what: dict[str, Any] = {
            "constraint": ask.intent, "volumes": closure(ask.plan), "effect": effect,
            "permitted": who, **stamp,
        }  # fmt: skip
        if known:
            return c.AmendConstraint(version=known.version, **what)
        return c.PublishConstraint(**what)

    def _of_hand(self, party: str, kind: str, ask: Ask, stamp: dict[str, Any]) -> Command:
        known = self.desk.state.intents.get(f"{party}/{ask.intent}")
        what: dict[str, Any] = {
            "party": party, "intent": ask.intent, "version": known.version if known else 1,
            "reason": "so decided", **stamp,
        }  # fmt: skip
        if kind == "impose":
            points = ({"feet": 1_000.0}, {"feet": -1_000.0}, {"delay": 60})
            return c.Impose(**what, **points[ask.pick % 3])
        kinds = {"hold": c.Hold, "release": c.Release, "override": c.Override}
        return kinds[kind](**what)

    def _of_party(self, who: str, ask: Ask, stamp: dict[str, Any]) -> Command | None:
        if ask.kind in ("speak", "name", "tell"):
            return of_a(self.desk.state, ask, stamp)
        if ask.kind == "on":
            # whoever is offered something mostly answers to that
            waits = (i.id for i in self.desk.state.of_party(who) if i.offers)
            ask = replace(ask, intent=next(waits, ask.intent))
        known = self.desk.state.intents.get(f"{who}/{ask.intent}")
        what: dict[str, Any] = {
            "by": who, "intent": ask.intent, "version": known.version if known else 1, **stamp,
        }  # fmt: skip
        plan = {"extent": extent(ask.plan), "precedence": ask.precedence}
        if ask.kind in ("retry", "reuse"):
            if not self._asked:
                return None
            earlier = self._asked[ask.pick % len(self._asked)]
            if ask.kind == "retry":
                return msgspec.structs.replace(earlier, at=self.now)
            return c.Withdraw(**{**what, "key": earlier.key})
        if ask.kind == "stale":
            return c.Amend(**{**what, "version": what["version"] + 7}, **plan)
        if ask.kind == "strange":
            # of names that others have, and of names that nobody has
            own = {intent.id for intent in self.desk.state.of_party(who)}
            not_own = [id for id in ("x", "y", "z") if id not in own]
            name = (*not_own, "nobody", f"C/{ask.intent}")[ask.pick % (len(not_own) + 2)]
            return c.Withdraw(**{**what, "intent": name})
        if ask.kind in ("rejoin", "leave"):
            if ask.kind == "leave":
                return c.Leave(by=who, coalition="g", **stamp)
            shares = self.pair.shares if who == "B" and ask.pick % 3 else Sharing.NOTHING
            return c.Join(by=who, coalition="g", shares=shares or Sharing.NOTHING, **stamp)
        free = known is None or known.state in (IntentState.REFUSED, IntentState.ENDED)
        if ask.kind == "on":
            ask = replace(ask, kind=_next(known, ask.pick))
        if ask.kind == "file" or (ask.kind == "fly" and free):
            del what["version"]
            return c.File(**what, **plan)
        if ask.kind == "fly":
            return c.Amend(**what, **plan)
        if ask.kind == "take":
            offers = known.offers if known else ()
            offer = offers[ask.pick % len(offers)].id if offers else "delay+60s"
            return c.Take(**what, offer=offer)
        if ask.kind in ("stray", "lost"):
            made = c.ReportNonconforming if ask.kind == "stray" else c.DeclareContingency
            return made(**what, off_nominal=off_nominal(ask.plan))
        kinds = {"activate": c.Activate, "end": c.End, "withdraw": c.Withdraw}
        return kinds[ask.kind](**what)

    # what the worlds are made to reach

    def _count(self, outcome: Outcome) -> None:
        for event in outcome.events:
            for name in _sights(outcome, event):
                self.reached[name] += 1


_TOLD = (
    e.IntentReleased, e.AlternativesOffered, e.IntentOverridden, e.IntentImposed,
    e.IntentActivated, e.IntentNonconforming,
)  # fmt: skip


_WATCHED = (
    e.TracksReported, e.AlertRaised, e.AlertEnded, e.OccurrenceEntered, e.StatementEntered,
    e.StatementShared, e.StatementGraded, e.TrackIndicated,
)  # fmt: skip


def _seen(event: e.Event) -> list[str]:
    """Name what was seen and said, and whether A was told."""
    kind = type(event).__name__
    if isinstance(event, e.AlertRaised):
        names = [a.party for a in event.alert.avoid if a.handle in event.told]
        return [kind, "A warned"] if "A" in names else [kind, "another warned"]
    public = getattr(event, "public", False) or "A" in getattr(event, "shared", ())
    return [kind, f"A told: {kind}"] if public else [kind]


def _next(known: Intent | None, pick: int) -> str:
    """Say what a party does next with an intent, mostly."""
    if known is None or known.state in (IntentState.PENDING, IntentState.ENDED):
        return "fly"
    if known.offers:
        return "fly" if pick == 5 else "take"
    ways = {
        IntentState.ACCEPTED: ("activate", "activate", "activate", "fly", "withdraw"),
        IntentState.ACTIVATED: ("stray", "stray", "stray", "fly", "end"),
        IntentState.NONCONFORMING: ("activate", "lost", "activate", "end"),
        IntentState.CONTINGENT: ("end", "lost"),
    }.get(known.state, ("fly",))  # fmt: skip
    return ways[pick % len(ways)]


def _sights(outcome: Outcome, event: e.Event) -> list[str]:
    """Name what an event shows that the worlds reach."""
    of_a = isinstance(event, e.IntentEvent) and event.party == "A"
    own = outcome.by == "A"
    if isinstance(event, e.IntentRefused) and of_a:
        cycle = ["A refused in a cycle"] if event.cycle else []
        return [f"A refused: {event.because}", *cycle, *(["A offered"] if event.offers else [])]
    if isinstance(event, e.IntentHeld):
        return [f"A held: {event.cause.kind}"] if of_a else ["another held"]
    if isinstance(event, e.IntentAccepted):
        if not of_a:
            return []
        taken = own and event.changed is not None
        return [
            *(["A took an alternative"] if taken else []),
            *(["A planned in a cycle"] if event.cycle else []),
            *(["A moved by a cycle"] if event.cycle and event.changed else []),
        ]
    if isinstance(event, e.CommandRejected) and own:
        return [f"A rejected: {event.code}"]
    if isinstance(event, _WATCHED):
        return _seen(event)
    if of_a and isinstance(event, _TOLD):
        by_itself = ["A released by itself"] if not outcome.key else []
        return [type(event).__name__, *by_itself]
    if isinstance(event, e.IntentOverridden) and any(n.startswith("A/") for n in event.despite):
        return ["another overridden over A"]
    return []


def of_pair(pair: Pair, kind: type[World] = World) -> tuple[World, World]:
    """Run through both worlds."""
    first = kind(pair, 0).run()
    return first, kind(pair, 1, first.said).run()
