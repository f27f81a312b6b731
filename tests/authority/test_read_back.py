"""What a party reads back of its own is what its notices told it: no less, and no more."""

from collections import Counter
from typing import Any

from msgspec import Struct

from detente.authority import IntentState
from detente.authority.disclosure import OwnIntent
from detente.authority.register import Offer
from tests.authority.transcript import World
from tests.authority.worlds import MOST_STEPS, drawn


class Gathered(Struct):
    """One intent, as a party that kept all its notices has it."""

    version: int
    state: IntentState
    precedence: str = ""
    because: str = ""
    constraints: tuple[str, ...] = ()
    reason: str = ""
    changed: Offer | None = None
    ended: str = ""
    airborne: bool | None = False

    def hear(self, told: OwnIntent) -> None:
        """Take in what a notice says; what it does not speak of stays."""
        before, self.state = self.state, told.state
        again, self.version = told.version == self.version, told.version
        if told.airborne is not None:
            self.airborne = told.airborne
        if again:
            return  # alternatives, or which aircraft
        by_hand = self.because == "authority"
        if told.ended:
            self._answered("", told.ended)
        elif told.extent is not None:
            self._answered(told.reason)
            self.changed, self.precedence = told.changed, told.precedence
        elif told.asked is not None or told.because:
            self._answered(told.reason)
            self.because, self.constraints = told.because, told.constraints
            if told.state in (IntentState.REFUSED, IntentState.PENDING):
                self.changed, self.precedence = None, told.precedence
        elif told.off_nominal:
            if not by_hand:
                self.because, self.constraints = "", ()
        elif before is IntentState.HELD or told.state is IntentState.NONCONFORMING:
            self._answered(told.reason)  # released

    def _answered(self, reason: str, ended: str = "") -> None:
        self.because, self.constraints, self.reason, self.ended = "", (), reason, ended


def facts(intent: Any) -> dict[str, Any]:
    return {name: getattr(intent, name) for name in Gathered.__struct_fields__}


class Reading(World):
    """Every party keeps what it is told, and after each step reads its own intents back."""

    def _begun(self) -> None:
        self._numbers = dict.fromkeys("ABCD", 0)
        self._gathered: dict[str, dict[str, Gathered]] = {party: {} for party in "ABCD"}

    def _moment(self, answer: Any) -> None:
        super()._moment(answer)
        for party, known in self._gathered.items():
            for notice in self.desk.notices(party, after=self._numbers[party], limit=10_000):
                self._numbers[party] = notice.number
                for told in notice.contents:
                    if isinstance(told, OwnIntent):
                        new = Gathered(version=0, state=IntentState.REFUSED)
                        known.setdefault(told.intent, new).hear(told)
            for own in self.desk.view(party).intents:
                assert facts(own) == facts(known[own.intent]), (party, own.intent, self.now)
                self._reach(own)

    def _reach(self, own: OwnIntent) -> None:
        self.reached[f"read back: {own.state.value}, {own.because}"] += 1
        self.reached["read back: in the air"] += own.airborne is True
        self.reached["read back: held in the air"] += own.airborne is True and (
            own.state is IntentState.HELD
        )
        self.reached["read back: a constraint"] += bool(own.constraints)
        self.reached["read back: a reason"] += bool(own.reason)
        self.reached["read back: changed"] += own.changed is not None
        self.reached["read back: ended"] += bool(own.ended)


def test_an_intent_read_back_says_what_its_notices_told():
    reached: Counter[str] = Counter()
    for seed in range(16):
        reached.update(Reading(drawn(seed, [1] * MOST_STEPS), 0).run().reached)
    least = {
        "read back: refused, conflict": 10,
        "read back: refused, constraint": 3,
        "read back: accepted, conflict": 1,
        "read back: held, precedence": 3,
        "read back: held, constraint": 3,
        "read back: held, off-nominal": 1,
        "read back: held, authority": 1,
        "read back: held in the air": 1,
        "read back: a constraint": 5,
        "read back: a reason": 5,
        "read back: in the air": 5,
        "read back: changed": 3,
        "read back: ended": 10,
    }
    assert {name: reached[name] for name in least if reached[name] < least[name]} == {}
