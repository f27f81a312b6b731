"""What must hold after every step, checked by its own reading of the ledger."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from detente.authority import AUTHORITY, IntentState, Outcome, State, decode_outcome, fold, told
from detente.authority import event as e
from detente.authority.disclosure import OwnIntent
from detente.authority.register import Intent, Published
from detente.ledger import START, Entry, Head, verify
from tests.authority.plain import extent_of, volume_of
from tests.reference.rule import NEAR_MISS, Checker, Violation

Pair = frozenset[str]

_ACCEPTED = {IntentState.ACCEPTED, IntentState.ACTIVATED}
_OFF = {IntentState.NONCONFORMING, IntentState.CONTINGENT}
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


class Broken(AssertionError):  # noqa: N818 - as the ledger calls it
    """Something that must always hold does not."""


def digest(state: State) -> bytes:
    """Give all that a state keeps, as bytes that are the same whenever it is the same."""
    return _ENCODER.encode(state.tables())


def difference(one: State, other: State) -> str:
    """Say where two states differ; empty where they do not."""
    if digest(one) == digest(other):
        return ""
    a, b = (msgspec.to_builtins(state.tables()) for state in (one, other))
    return "; ".join(
        f"{table} {row!r}: {mine!r} or {its!r}"
        for table in a
        for row, mine, its in _rows(a[table], b[table])
    )


def _rows(a: Any, b: Any) -> Iterable[tuple[Any, Any, Any]]:
    if not isinstance(a, dict) or not isinstance(b, dict):
        return [("", a, b)] if a != b else []
    return [(k, a.get(k), b.get(k)) for k in sorted(a.keys() | b.keys()) if a.get(k) != b.get(k)]


class Watch:
    """Folds the ledger by itself, and checks each outcome against the rules.

    ``state`` is what it knows. ``checker`` is the slow path: it holds what stands as plain data.
    """

    def __init__(self) -> None:
        self.state = State()
        self.head: Head = START
        self.outcomes: list[Outcome] = []
        self.written: dict[tuple[str, str], int] = {}
        self.checker = Checker()
        self.excused: set[Pair] = set()
        self.by_hand: set[str] = set()
        self.companions: dict[str, set[str]] = defaultdict(set)
        self._seen: dict[str, Intent] = {}
        self._constraints: dict[str, Published] = {}
        self._warnings: dict[str, dict[tuple[str, str], Any]] = {}

    def read(self, entries: Iterable[Entry]) -> list[Outcome]:
        """Take up new entries; give their outcomes."""
        new = list(entries)
        self.head = verify(new, self.head)
        outcomes = [decode_outcome(entry.body) for entry in new]
        for outcome in outcomes:
            self._outcome(outcome)
        return outcomes

    # one outcome

    def _outcome(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.written[outcome.by, outcome.key] = len(self.outcomes)
        rejected = isinstance(outcome.events[0], e.CommandRejected)
        before = self._known() if rejected else b""
        self._who_gives_way(outcome)
        self._who_lets_go(outcome)
        fold(self.state, outcome)
        self.state.settle()
        if self.state.founded and not len(self.outcomes) > 1:
            charter = self.state.charter
            self.checker = Checker((charter.horizontal, charter.vertical))
        if rejected:
            self.must(len(outcome.events) == 1, "a rejection among other events")
            self.must(self._known() == before, "a rejected command changed something")
        self._excuses(outcome)
        self._meet(outcome)
        changed = self._restand()
        self._versions(changed)
        self._overrides(changed)
        self._rule(changed)
        self._refusals(outcome)
        self._all_told(outcome)
        self._warned(outcome)
        self._seen = dict(self.state.intents)

    def _known(self) -> bytes:
        """All but what a rejection may add: that it was answered, heard, and a probe."""
        tables = self.state.tables()
        kept = (tables.parties, tables.coalitions, tables.intents, tables.constraints,
                tables.cycles, tables.due, tables.audiences, tables.tracks, tables.unseen,
                tables.alerts, tables.occurrences, tables.statements)  # fmt: skip
        return _ENCODER.encode(kept)

    def _who_gives_way(self, outcome: Outcome) -> None:
        """Only what is accepted, has not begun and is of a lower class is displaced."""
        order = self.state.charter.precedence
        taken = {x.name: x for x in outcome.events if isinstance(x, e.IntentAccepted)}
        for held in outcome.events:
            if isinstance(held, e.IntentHeld) and held.cause.kind == "precedence":
                was = self.state.intents[held.name]
                by = taken[held.cause.of]
                self.must(was.state is IntentState.ACCEPTED, f"{held.name} gave way, {was.state}")
                higher = order.index(by.precedence) < order.index(was.precedence)
                self.must(higher, f"{held.name} gave way to {by.name}, which is not higher")

    def _who_lets_go(self, outcome: Outcome) -> None:
        """What the authority holds by its own hand, only its hand lets go."""
        for event in outcome.events:
            if not isinstance(event, e.IntentEvent):
                continue
            if isinstance(event, e.IntentHeld) and event.cause.kind == "authority":
                self.by_hand.add(event.name)
            elif event.state in _ACCEPTED and event.name in self.by_hand:
                hand = outcome.by == AUTHORITY and outcome.key != ""
                self.must(hand, f"{event.name} is accepted, and the authority held it")
                self.by_hand.remove(event.name)
            elif event.state is IntentState.ENDED or isinstance(event, e.IntentReleased):
                self.by_hand.discard(event.name)

    def _excuses(self, outcome: Outcome) -> None:
        """Keep which pairs the authority overrode, from the events alone."""
        for event in outcome.events:
            anew = isinstance(
                event, e.IntentAccepted | e.IntentImposed | e.IntentPending | e.IntentEnded
            ) or (isinstance(event, e.IntentRefused) and event.state is IntentState.REFUSED)
            if isinstance(event, e.IntentOverridden) or anew:
                name = event.name
                self.excused = {pair for pair in self.excused if name not in pair}
            if isinstance(event, e.IntentOverridden):
                self.must(bool(event.reason.strip()), "an override without a reason")
                self.excused |= {frozenset((event.name, other)) for other in event.despite}
            if isinstance(event, e.ConstraintLifted):
                name = f"constraint:{event.constraint}"
                self.excused = {pair for pair in self.excused if name not in pair}

    def _meet(self, outcome: Outcome) -> None:
        """Keep who was ever in a coalition with whom: those may know of each other."""
        for event in outcome.events:
            if isinstance(event, e.CoalitionJoined):
                members = self.state.coalitions[event.coalition].members.keys()
                for member in members:
                    self.companions[member] |= members

    def _restand(self) -> list[str]:
        """Let stand in the slow path what stands now; give what changed."""
        changed = []
        buffer = self.state.charter.volume_buffer
        intents = self.state.intents
        for name in [*self._seen.keys() - intents.keys(), *intents]:
            old, new = self._seen.get(name), intents.get(name)
            if new is old:
                continue
            changed.append(name)
            self.checker.drop(name)
            self.checker.drop(f"{name}#off")
            if new is None or new.extent is None:
                continue
            accepted = new.state in _ACCEPTED
            in_the_air = new.state is IntentState.HELD and new.airborne
            if accepted or in_the_air or new.state in _OFF:
                extent = extent_of(new.extent, buffer)
                self.checker.put(name, new.party, extent, free=accepted)
            if new.off_nominal and (in_the_air or new.state in _OFF):
                extent = extent_of(new.off_nominal, buffer)
                self.checker.put(f"{name}#off", new.party, extent, free=False)
        for id in self._constraints.keys() | self.state.constraints.keys():
            constraint = self.state.constraints.get(id)
            if constraint is self._constraints.get(id):
                continue
            name, old = f"constraint:{id}", self._constraints.get(id)
            changed.append(name)
            self.checker.drop(name)
            newer = old is None or constraint is None or constraint.version > old.version
            self.must(newer, f"{name} changed without a new version")
            if constraint is not None:
                self.checker.put(name, "", [volume_of(v) for v in constraint.volumes], free=False)
        self._constraints = dict(self.state.constraints)
        return changed

    def _versions(self, changed: list[str]) -> None:
        for name in changed:
            old, new = self._seen.get(name), self.state.intents.get(name)
            if old is None or new is None:
                continue
            same = (old.state, old.extent, old.off_nominal, old.precedence) == (
                new.state, new.extent, new.off_nominal, new.precedence,
            )  # fmt: skip
            self.must(new.version >= old.version, f"{name} went back to version {new.version}")
            self.must(same or new.version > old.version, f"{name} changed without a new version")

    def _overrides(self, changed: list[str]) -> None:
        """Nothing is in spite of anything but what was overridden and still is as it was."""
        for name in changed:
            intent = self.state.intents.get(name)
            for other in intent.despite if intent is not None else ():
                recorded = frozenset((name, other)) in self.excused
                self.must(recorded, f"{name} stands in spite of {other}: nobody said so")

    # the rule

    def _rule(self, changed: list[str]) -> None:
        for name in changed:
            for each in (name, f"{name}#off"):
                for violation in self.checker.violations_of(each):
                    self._must_be_excused(violation)

    def check_all(self) -> None:
        """Check the rule for everything that stands at once."""
        for violation in self.checker.violations():
            self._must_be_excused(violation)

    def _must_be_excused(self, violation: Violation) -> None:
        pair = frozenset(name.removesuffix("#off") for name in violation.pair)
        if pair in self.excused or self._permitted(pair):
            return
        states = {n: self.state.intents[n].state for n in pair if n in self.state.intents}
        raise Broken(f"the rule does not hold: {violation}, {states}")

    def _permitted(self, pair: Pair) -> bool:
        """Tell whether of a constraint and an intent the one lets the other in."""
        for name in pair:
            constraint = self.state.constraints.get(name.removeprefix("constraint:"))
            if name.startswith("constraint:") and constraint is not None:
                (other,) = pair - {name}
                return self.state.intents[other].party in constraint.permitted
        return False

    def _refusals(self, outcome: Outcome) -> None:
        """Nothing is refused for which there was room, and what was accepted before still is."""
        buffer = self.state.charter.volume_buffer
        for event in outcome.events:
            if not isinstance(event, e.IntentRefused):
                continue
            if event.state is not IntentState.REFUSED:
                was, now = self._seen[event.name], self.state.intents[event.name]
                same = (was.state, was.extent) == (now.state, now.extent)
                self.must(same, f"{event.name} was refused a change, and changed")
            if event.because == "probes" or event.cycle:
                continue
            near = self.checker.asked("asked", event.party, extent_of(event.extent, buffer),
                                      NEAR_MISS)  # fmt: skip
            in_way = {name.removesuffix("#off") for v in near for name in v.pair} - {"asked"}
            named = {*event.met, *(f"constraint:{id}" for id in event.constraints)}
            self.must(bool(named), f"{event.name} was refused for nothing")
            self.must(named <= in_way, f"{event.name} was refused for {named - in_way}")

    def _all_told(self, outcome: Outcome) -> None:
        """Whose intent an event is about has heard of it, as it is now."""
        position = self.state.position
        for event in outcome.events:
            if not isinstance(event, e.IntentEvent):
                continue
            heard = self.state.heard(event.party)
            self.must(bool(heard) and heard[-1] == position, f"{event.party} was not told")
            notice = told(self.state, outcome, position, event.party)
            self.must(
                any(
                    isinstance(c, OwnIntent)
                    and (c.intent, c.version, c.state) == (event.intent, event.version, event.state)
                    for c in notice.contents
                ),
                f"{event.party} was not told of {event}",
            )
            self.must(notice.number == len(heard), "a notice of a wrong number")

    def _warned(self, outcome: Outcome) -> None:
        """Of a warning those hear for whom it is new, other, or over; of a track nobody does."""
        hear: set[str] = set()
        for event in outcome.events:
            if isinstance(event, e.AlertRaised):
                before = self._warnings.get(event.alert.id, {})
                now = {(a.party, a.intent): a.volume for a in event.alert.avoid}
                hear |= {to[0] for to, where in now.items() if before.get(to) != where}
                self._warnings[event.alert.id] = now
            elif isinstance(event, e.AlertEnded):
                known = self._warnings[event.id]
                for avoid in event.avoid:
                    del known[avoid.party, avoid.intent]
                    hear.add(avoid.party)
                self.must(not (event.whole and known), f"{event} leaves {known}")
            elif not isinstance(event, e.TracksReported):
                return
        position = self.state.position
        for party in self.state.parties:
            heard = self.state.heard(party)
            told_now = bool(heard) and heard[-1] == position
            self.must(told_now == (party in hear), f"{party} was told: {told_now}")

    @staticmethod
    def must(holds: bool, what: str) -> None:
        """Fail where something does not hold."""
        if not holds:
            raise Broken(what)
