from datetime import UTC, datetime
from threading import Thread

from detente.authority import Charter
from detente.authority.command import Found, RegisterParty
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def register(desk, *names):
    return [desk.submit(RegisterParty(at=NOON, key=name, party=name)) for name in names]


class Heard:
    """What a listener was given, and whether it was known by then."""

    def __init__(self, desk):
        self.positions, self.outcomes = [], []
        self.end = desk.listen(self)

    def __call__(self, state, outcomes):
        assert list(outcomes)[-1] == state.position
        self.positions += outcomes
        self.outcomes += outcomes.values()


def two_desks():
    ledger = MemoryLedger()
    one = Desk(ledger)
    one.submit(Found(at=NOON, key="found", charter=Charter(name="FIR")))
    return one, Desk(ledger.another())


def test_whoever_wrote_it_is_heard_in_order_and_once():
    one, other = two_desks()
    with one, other:
        here, there = Heard(one), Heard(other)
        answers = register(one, "a", "b") + register(other, "c") + register(one, "d")
        # a retry is no news
        register(one, "a")
        other.attend()
        assert here.positions == there.positions == [2, 3, 4, 5]
        assert here.outcomes == there.outcomes == answers


def test_who_no_longer_listens_hears_nothing():
    one, other = two_desks()
    with one, other:
        here = Heard(one)
        register(one, "a")
        here.end()
        register(one, "b")
        assert here.positions == [2]


def test_two_who_race_are_both_heard():
    one, other = two_desks()
    with one, other:
        here, there = Heard(one), Heard(other)
        names = [f"p{number}" for number in range(60)]
        threads = [
            Thread(target=register, args=(desk, *names[k::4]))
            for k, desk in enumerate((one, other, one, other))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        one.attend()
        other.attend()
        assert here.positions == there.positions == list(range(2, 62))
        assert here.outcomes == there.outcomes
        assert sorted(o.events[0].party for o in here.outcomes) == sorted(names)
