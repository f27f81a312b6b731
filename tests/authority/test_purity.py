"""``decide`` changes nothing; what ``fold`` changes can be taken back whole, the index too."""

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.authority import Extent, Outcome, State, Tables, decide, fold, outcome_of
from detente.authority import event as e
from detente.authority.command import Reexamine
from tests.authority.requests import PARTIES, Requests
from tests.authority.scene import canonical
from tests.authority.traffic import Airspace, airspace

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class History:
    """Random commands, decided on one after the other."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.airspace: Airspace = airspace(self.rng)
        self.requests = Requests(self.rng, self.airspace)
        self.now = NOON
        self.state = State()
        for command in self.requests.opening(self.now):
            self.go_on(outcome_of(self.state, command))
        self.requests.state = self.state
        self.asked: list[Extent] = [self.airspace.extent(self.rng, NOON) for _ in range(12)]

    def go_on(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            fold(self.state, outcome)
        self.state.settle()

    def draw(self):
        """Give the next command: what is due first."""
        for name in self.state.due:
            return Reexamine(at=self.state.due[name], name=name)
        self.now += timedelta(seconds=self.rng.randint(0, 40))
        return self.requests.draw(self.now)

    def answers(self) -> list[object]:
        """Ask the indexes what some flights would meet."""
        return [
            self.state.standing.met("asked", party, extent)
            for party in ("", PARTIES[0])
            for extent in self.asked
        ]


def derived(state: State) -> list[object]:
    """Give what a state works out of its tables: who waits for what, and what is whose."""
    causes = sorted([*state.intents, *(f"constraint:{id}" for id in state.constraints)])
    return [
        [state.waiting(cause) for cause in causes],
        [list(state.of_party(party)) for party in sorted(state.parties)],
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_deciding_changes_nothing_and_folding_is_taken_back_whole(seed):
    history = History(seed)
    state = history.state
    for _ in range(4):
        before, answers, kept = canonical(state), history.answers(), derived(state)
        for _ in range(history.rng.choice((1, 1, 5))):
            command = history.draw()
            at = canonical(state)
            events = decide(state, command)
            assert canonical(state) == at, command
            assert decide(state, command) == events
            outcome = outcome_of(state, command)
            if outcome is not None:
                fold(state, outcome)
        state.take_back()
        assert canonical(state) == before
        assert history.answers() == answers
        assert derived(state) == kept
        for _ in range(3):
            history.go_on(outcome_of(state, history.draw()))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_all_there_is(seed):
    """A state made of another's tables, whatever their order, answers and decides as it does."""
    history = History(seed)
    for _ in range(60):
        history.go_on(outcome_of(history.state, history.draw()))
    state = history.state
    copy = State(msgspec.msgpack.decode(canonical(state), type=Tables))
    assert canonical(copy) == canonical(state)
    other = History.__new__(History)
    other.state, other.asked = copy, history.asked
    assert other.answers() == history.answers()
    assert derived(copy) == derived(state)
    for _ in range(20):
        command = history.draw()
        assert decide(copy, command) == decide(state, command)


def test_every_rejection_says_what_and_how_to_mend_it():
    codes = set()
    for seed in range(6):
        history = History(seed)
        for _ in range(80):
            outcome = outcome_of(history.state, history.draw())
            for event in outcome.events if outcome else ():
                if isinstance(event, e.CommandRejected):
                    assert event.what, event
                    assert event.mend, event
                    codes.add(event.code)
            history.go_on(outcome)
    assert len(codes) >= 5
