"""The past: folded to a time, it is what a replay gives, in whatever order it is asked."""

import threading
import weakref
from collections import Counter
from functools import cache
from itertools import pairwise
from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from detente.authority import State, decode_outcome, reports, view
from detente.authority import command as c
from detente.ledger import past as past_module
from detente.ledger.desk import replay
from detente.ledger.past import Past, PastRecord, PastView
from detente.record.occurrence import Occurrence
from detente.record.statement import Position, Speaker, Statement, Subject, SubjectKind
from tests.authority.transcript import World
from tests.authority.watch import digest
from tests.authority.worlds import MOST_STEPS, NOON, drawn

SEEDS = (2, 5, 11)
READERS = ("A", "C", "")
LATE = Occurrence("late", "It is said.", NOON, NOON)


@cache
def _world(seed):
    """Give a ledger in which all is filed, seen and said, and the times at which it grew."""
    ledger = World(drawn(seed, [1] * MOST_STEPS), 0).run().desk.ledger
    return ledger, sorted({decode_outcome(entry.body).at for entry in ledger.read()})


def _replayed(ledger, at):
    """Fold all entries before the first that is later, anew."""
    entries = []
    for entry in ledger.read():
        if decode_outcome(entry.body).at > at:
            break
        entries.append(entry)
    return replay(entries)


def _record(state, reader):
    """Give, of each event by its identifier, what a reader is reported."""
    return msgspec.json.encode([reports(state, reader, event) for event in ("e0", "e1", "p1")])


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_what_a_replay_to_the_time_gives(seed):
    ledger, times = _world(seed)
    assert len(times) > 10
    some = Random(seed).sample(times, 10)  # forward and back
    past = Past(ledger)
    for at in (*some, *sorted(some)):
        assert past.ask(at, digest) == digest(_replayed(ledger, at))


def test_between_two_entries_nothing_changes():
    ledger, times = _world(SEEDS[0])
    past = Past(ledger)
    before, after = next((a, b) for a, b in pairwise(times) if (b - a).total_seconds() > 1)
    at_first = past.ask(before, digest)
    assert past.ask(before + (after - before) / 2, digest) == at_first
    assert past.ask(after, digest) != at_first
    assert past.ask(NOON.replace(year=1999), lambda state: state.position) == 0


def test_of_the_record_alone_a_reader_is_shown_the_same():
    """The light way of looking back, and the whole one."""
    seen = set()
    for seed in range(12):
        ledger, times = _world(seed)
        record = PastRecord(ledger)
        for at in (*Random(seed).sample(times, 5), times[-1]):
            whole = _replayed(ledger, at)
            for reader in READERS:
                shown = record.ask(at, lambda state, reader=reader: _record(state, reader))
                assert shown == _record(whole, reader)
                seen.add(shown)
        # what the authority alone reads is not in it
        assert record.ask(at, lambda state: (len(state.tracks), len(state.intents))) == (0, 0)
    assert len(seen) > 15


def test_what_a_party_knew_is_its_view_of_a_replay():
    """Folded from its own and what is public alone, it is the view of all that was known."""
    seen = Counter()
    for seed in range(10):
        ledger, times = _world(seed)
        past = PastView(ledger, _heard(ledger))
        for at in Random(seed).choices(times, k=4):  # forward and back
            whole = _replayed(ledger, at)
            for party in ("A", "B", "C", "nobody"):
                known = past.ask(at, party)
                assert known == replace(view(whole, party), notices=0), (seed, at, party)
                seen.update(name for name in known.__struct_fields__ if getattr(known, name))
    least = ("intents", "shared", "constraints", "cycles", "coalitions", "alerts", "occurrences",
             "statements")  # fmt: skip
    assert all(seen[name] > 3 for name in least), seen


def test_what_others_filed_is_not_at_hand_in_a_partys_past():
    for seed in range(5):
        ledger, times = _world(seed)
        past = PastView(ledger, _heard(ledger))
        past.ask(times[-1], "C")
        state = past._looks["C"].state
        assert {intent.party for intent in state.intents.values()} <= {"C"}
        assert {a.party for alert in state.alerts.values() for a in alert.avoid} <= {"C"}
        assert not state.tracks


def _heard(ledger):
    state = replay(ledger.read())
    return lambda parties: (state.position, [state.heard(party) for party in parties])


def test_what_is_written_afterwards_is_there_when_it_is_asked_again():
    world = World(drawn(SEEDS[0], [1] * MOST_STEPS), 0).run()
    ledger = world.desk.ledger
    at = world.now.replace(year=2100)
    past, record = Past(ledger), PastRecord(ledger)
    before = past.ask(at, lambda state: state.position)
    said = record.ask(at, lambda state: len(state.statements))
    stamp = {"at": world.now}
    world.desk.submit(c.EnterOccurrence(key="o", occurrence=LATE, **stamp))
    spoken = Statement("late", Subject(SubjectKind.EVENT, "late"), Speaker("UN"), Position.DENIES)
    world.desk.submit(c.EnterStatement(key="s", statement=spoken, **stamp))
    assert past.ask(at, lambda state: state.position) == before + 2
    assert record.ask(at, lambda state: len(state.statements)) == said + 1


def test_many_may_ask_at_once():
    ledger, times = _world(SEEDS[1])
    some = Random(1).sample(times, 6)
    expected = {at: digest(_replayed(ledger, at)) for at in some}
    past, wrong = Past(ledger), []

    def ask(seed):
        times = Random(seed).choices(some, k=12)
        wrong.extend(at for at in times if past.ask(at, digest) != expected[at])

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_it_keeps_one_state(monkeypatch):
    made = weakref.WeakSet()

    class Counted(State):
        def __init__(self):
            super().__init__()
            made.add(self)
            most.append(len(made))

    most = []
    monkeypatch.setattr(past_module, "State", Counted)
    ledger, times = _world(SEEDS[1])
    past = Past(ledger)
    for at in Random(0).choices(times, k=12):
        past.ask(at, lambda state: None)
    assert len(most) > 3  # it went back
    assert max(most) <= 2  # the next is made before the last is let go
    assert len(made) == 1
