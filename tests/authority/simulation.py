"""Whole histories of an authority, from a seed: every kind of command, and everything that fails.

    python -m tests.authority.simulation SEED [STEPS]

replays one. Two desks work on one ledger in memory. Commands are delivered late, twice, and in
another order; appends fail before or after they are durable; the other desk is faster; a desk
dies and another begins from a snapshot or from nothing. After every step, `watch.py` checks the
rule and everything else that must hold.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
from msgspec.structs import replace

from detente.authority import AUTHORITY, Command, Outcome, Rejected, told
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.decision import digest_of
from detente.ledger import MemoryLedger, Unavailable, verify
from detente.ledger.desk import Answer, Desk
from detente.ledger.memory import Stage
from detente.ledger.snapshot import load_snapshot, save_snapshot
from tests.authority.requests import Requests
from tests.authority.traffic import airspace
from tests.authority.watch import Broken, Watch, difference

STEPS = 80
_PARTY = re.compile(r"\bp\d\d\b")
_NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Crash(BaseException):
    """The process is gone."""


@dataclass
class History:
    """What a run was made of: how often what happened, and where it ended."""

    seed: int
    steps: int = 0
    head: str = ""
    entries: int = 0
    events: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        parts = (f"{name} {count}" for name, count in sorted(self.happened.items()))
        return (
            f"seed {self.seed}: {self.entries} entries, head {self.head[:16]}; {', '.join(parts)}"
        )


class _Place:
    """One process: a desk on a handle of its own, whose appends can be made to fail."""

    def __init__(self, world: "_World", state: object = None) -> None:
        self.world = world
        self.plan = ""
        self.ledger = world.store.another(fail=self._around)
        self.desk = Desk(self.ledger, state=state)  # type: ignore[arg-type]

    def _around(self, stage: Stage, after: int, bodies: Sequence[bytes]) -> None:
        plan, self.plan = self.plan, ""
        if plan == "overtake" and stage == "before":
            self.world.overtake(self)
        elif plan.endswith(stage):
            self.world.count(plan)
            raise Crash if plan.startswith("crash") else Unavailable("no room", "try again")
        else:
            self.plan = plan


class _World:
    def __init__(self, seed: int, directory: Path) -> None:
        self.rng = Random(seed)
        self.history = History(seed)
        self.now = _NOON
        self.requests = Requests(self.rng, airspace(self.rng))
        self.store = MemoryLedger()
        self.watch = Watch()
        self.requests.state = self.watch.state
        self.snapshot = directory / f"{seed}.snapshot"
        self.under_way: list[Command] = []
        self.acknowledged: dict[tuple[str, str], tuple[bytes, int]] = {}
        self.sent: list[Command] = []
        self.meant: dict[tuple[str, str], Command] = {}
        self.places = [_Place(self), _Place(self)]
        self.together(self.places[0], self.requests.opening(self.now))

    def count(self, what: str) -> None:
        self.history.happened[what] += 1

    # what happens

    def step(self) -> None:
        rng = self.rng
        self.now += timedelta(seconds=rng.choice((1, 5, 10, 20)), microseconds=rng.randrange(10**6))
        if rng.random() < 0.01:
            self.now += timedelta(minutes=10)
        place = rng.choice(self.places)
        dice = rng.random()
        if dice < 0.05:
            self.restart(place)
        elif dice < 0.09:
            self.another_under_the_same_key(place)
        elif dice < 0.14:
            several = self.requests.several(self.now)
            if self.sent:
                several.insert(rng.randrange(len(several)), rng.choice(self.sent))
            self.together(place, [replace(command, at=self.now) for command in several])
        else:
            self.under_way.append(self.requests.draw(self.now))
            if len(self.under_way) < 3 and rng.random() < 0.3:
                self.under_way.append(self.requests.draw(self.now))
            if dice < 0.18:
                place.plan = rng.choice(("unavailable before", "unavailable after"))
            elif dice < 0.22:
                place.plan = rng.choice(("crash before", "crash after"))
            elif dice < 0.28:
                place.plan = "overtake"
            self.deliver(place, self.next())
        self.look(place)

    def next(self) -> Command:
        """Take a message off the network: mostly the oldest, and sometimes not for good."""
        rng = self.rng
        oldest = rng.random() < 0.7
        k = 0 if oldest else rng.randrange(len(self.under_way))
        command = self.under_way.pop(k)
        if rng.random() < 0.06:
            self.under_way.append(command)
        if self.sent and rng.random() < 0.05:
            self.under_way.append(rng.choice(self.sent))
        return command

    def deliver(self, place: _Place, command: Command) -> None:
        """Submit a command, and see that it is answered as it must be."""
        command = replace(command, at=self.now)
        self.catch_up()
        planned = bool(place.plan)
        name = (command.by, command.key)
        if self.watch.state.answered(*name) is None:
            self.meant[name] = command
        same = replace(self.meant[name], at=self.now) == command
        try:
            try:
                answer = place.desk.submit(command)
            finally:
                place.plan = ""
        except Unavailable:
            self.must(planned, "unavailable, though nothing failed")
            self.under_way.insert(0, command)
        except Crash:
            self.under_way.insert(0, command)
            self.restart(place)
        except Rejected as error:
            self.must(error.code == "key" and not same, f"{error}: {command}")
            self.count("key refused")
        else:
            self.catch_up()
            self.must(same, f"answered as {self.meant[name]}: {command}")
            self.acknowledge(command, answer)
            if not planned:
                self.must(not self.watch.state.due, f"not looked at: {self.watch.state.due}")
                self.take_at_once(place, command)

    def acknowledge(self, command: Command, answer: Answer) -> None:
        """Keep what was answered: it is in the ledger, and is answered ever after."""
        name = (command.by, command.key)
        position = self.watch.written.get(name)
        if position is None:
            raise Broken(f"{command} was answered and is not in the ledger")
        said = msgspec.json.encode(answer)
        first = self.acknowledged.get(name)
        if first is not None and first[1] == position:
            self.must(first[0] == said, f"answered {first[0]!r} first and now {said!r}")
            self.count("answered again")
            return
        outcome = self.watch.outcomes[position - 1]
        self.must(outcome.digest == digest_of(command).hex(), "another command's entry")
        if command.by == AUTHORITY:
            self.must(answer == outcome, "the answer is not what the ledger says")
        elif command.by in self.watch.state.parties:
            own = told(self.watch.state, outcome, position, command.by)
            self.must(answer == own, "the answer is not what the party was told")
        self.acknowledged[name] = (said, position)
        self.sent.append(command)

    def take_at_once(self, place: _Place, command: Command) -> None:
        """Take an alternative before anything else happens: it must be accepted."""
        *_, outcome = self.watch.outcomes
        refused = outcome.events[-1]
        fresh = outcome.key == command.key and outcome.at == command.at
        if not fresh or not isinstance(refused, e.IntentRefused):
            return
        if not refused.offers or refused.cycle or self.rng.random() < 0.7:
            return
        offer = self.rng.choice(refused.offers)
        self.requests.count += 1
        place.desk.submit(
            c.Take(at=self.now, by=refused.party, key=f"k{self.requests.count}",
                   intent=refused.intent, version=refused.version, offer=offer.id)
        )  # fmt: skip
        taken = self.catch_up()[0].events[-1]
        probes = isinstance(taken, e.IntentRefused) and taken.because == "probes"
        accepted = isinstance(taken, e.IntentAccepted)
        self.must(accepted or probes, f"{offer} was offered and cannot be taken: {taken}")
        self.count("taken at once")

    def overtake(self, slower: _Place) -> None:
        """Let the other desk write first."""
        self.count("overtaken")
        other = next(p for p in self.places if p is not slower)
        plan, other.plan = other.plan, ""
        command = replace(self.requests.draw(self.now), at=self.now)
        other.desk.submit(command)
        self.meant[command.by, command.key] = command
        self.sent.append(command)
        other.plan = plan

    def together(self, place: _Place, commands: Sequence[Command]) -> None:
        """Let several arrive at once: they are written in one append."""
        self.catch_up()
        answers = place.desk.submit_all(commands)
        self.catch_up()
        for command, answer in zip(commands, answers, strict=True):
            name = (command.by, command.key)
            other = replace(self.meant.get(name, command), at=command.at) != command
            if isinstance(answer, Rejected) and other:
                continue  # forgotten since, and then the key of another
            if isinstance(answer, BaseException):
                raise Broken(f"{command} was not answered") from answer
            self.meant[name] = command
            self.acknowledge(command, answer)
        self.count("written together")

    def another_under_the_same_key(self, place: _Place) -> None:
        """Send another command under a key that was answered."""
        if self.sent:
            used = self.rng.choice(self.sent)
            party = self.requests.party() if used.by == AUTHORITY else used.by
            other = c.RegisterParty(at=self.now, party=party) if used.by == AUTHORITY else c.Leave(
                at=self.now, by=party, coalition="none")  # fmt: skip
            self.deliver(place, replace(other, key=used.key))

    def restart(self, place: _Place) -> None:
        """Let a process die, and another begin from a snapshot or from nothing."""
        snapshot = self.rng.random() < 0.6
        state = load_snapshot(self.snapshot, self.store) if snapshot else None
        self.count("restarted from a snapshot" if state else "restarted from nothing")
        self.places[self.places.index(place)] = fresh = _Place(self, state)
        self.catch_up()
        self.same(fresh)

    # what must hold

    def same(self, place: _Place) -> None:
        """See that a desk knows what follows from the ledger."""
        other = difference(place.desk.state, self.watch.state)
        self.must(not other, f"a desk knows another state than the ledger: {other}")

    def catch_up(self) -> list[Outcome]:
        outcomes = self.watch.read(self.store.read(self.watch.head[0]))
        for outcome in outcomes:
            for event in outcome.events:
                self.history.events[type(event).__name__] += 1
                if isinstance(event, e.CommandRejected):
                    self.history.rejected[event.code] += 1
        return outcomes

    def look(self, place: _Place) -> None:
        """Compare what a desk knows with what follows from the ledger."""
        self.catch_up()
        desk = place.desk
        if desk.state.position == self.watch.head[0] and self.rng.random() < 0.4:
            self.same(place)
        if self.rng.random() < 0.04:
            place = self.rng.choice(self.places)
            save_snapshot(self.snapshot, place.desk.state, self.store)
        if self.rng.random() < 0.2:
            party = self.requests.party()
            desk.attend()
            self.catch_up()
            notices = desk.notices(party, 0, 10**6)
            numbers = [notice.number for notice in notices]
            self.must(numbers == list(range(1, len(notices) + 1)), "notices are missing")
            view = desk.view(party)
            self.must(view.notices == len(notices), "a view of other notices")
            own = [(i.id, i.version, i.state) for i in self.watch.state.of_party(party)]
            seen = [(i.intent, i.version, i.state) for i in view.intents]
            self.must(seen == own, "a view of other intents")
            open_ = {
                name: said for name, said in sorted(self.watch.state.statements.items())
                if said.public or party == said.by or party in said.shared
            }  # fmt: skip
            self.must([s.name for s in view.statements] == [*open_], "a view of other statements")
            # who may read a statement may know of whom it is, and of what
            read = msgspec.json.encode([(name, s.statement) for name, s in open_.items()])
            known = _PARTY.findall(read.decode())
            said = msgspec.json.encode((notices, view)).decode()
            strangers = {*_PARTY.findall(said)} - self.watch.companions[party] - {party, *known}
            self.must(not strangers, f"{party} was told of {strangers}")

    def finish(self) -> History:
        """Check all once more, from the beginning."""
        self.catch_up()
        self.watch.check_all()
        self.must(verify(self.store.read()) == self.watch.head, "another chain")
        written = [(outcome.by, outcome.key) for outcome in self.watch.outcomes]
        for name, (_, position) in self.acknowledged.items():
            self.must(written[position - 1] == name, f"{name} was answered and is missing")
        self.restart(self.places[0])
        self.history.entries, hash_ = self.watch.head
        self.history.head = hash_.hex()
        return self.history

    must = staticmethod(Watch.must)


def run(seed: int, steps: int = STEPS) -> History:
    """Run one history, the same for the same seed.

    Raises
    ------
    Broken : something that must always hold does not; a note says after which step.
    """
    with tempfile.TemporaryDirectory() as directory:
        world = _World(seed, Path(directory))
        try:
            for _ in range(steps):
                world.history.steps += 1
                world.step()
            return world.finish()
        except Exception as error:
            error.add_note(
                f"seed {seed}, step {world.history.steps}; replay it with\n"
                f"    python -m tests.authority.simulation {seed} {steps}"
            )
            raise


if __name__ == "__main__":
    print(run(*map(int, sys.argv[1:])))
