"""Of two worlds that differ only in others' plans and decide the same on A, A sees but one."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, event, given, settings

from tests.authority.comparison import Told, check
from tests.authority.leaks import LEAKS, Leak
from tests.authority.worlds import MOST_STEPS, drawn, pairs

EXAMPLES = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALL = [1] * MOST_STEPS


@EXAMPLES
@given(pairs)
def test_a_cannot_tell_worlds_apart(pair):
    for name, times in check(pair).items():
        if times:
            event(name)


def test_the_worlds_are_worth_telling_apart():
    """Others' plans differ and get in A's way, and yet the verdicts on A are often the same."""
    reached: Counter[str] = Counter()
    for seed in range(80):
        reached.update(check(drawn(seed, ALL)))
    least = {
        "all the same for A": 25,
        "all but offers the same for A": 1,
        "all the same for A, and not for others": 25,
        "all the same for A, and others were busier": 20,
        "all the same for A, who was refused or held": 10,
        "A refused: conflict": 10,
        "A refused: constraint": 2,
        "A refused: probes": 2,
        "A offered": 10,
        "A took an alternative": 5,
        "A held: precedence": 3,
        "A held: constraint": 3,
        "A held: off-nominal": 1,
        "A held: authority": 1,
        "A released by itself": 3,
        "A planned in a cycle": 3,
        "A moved by a cycle": 1,
        "A rejected: unknown": 5,
        "a key used again": 2,
        "another held": 10,
        "another overridden over A": 1,
        "A warned": 40,
        "another warned": 40,
        "AlertEnded": 30,
        "TracksReported": 60,
        "A told: OccurrenceEntered": 40,
        "A told: StatementEntered": 15,
        "A told: StatementShared": 3,
        "StatementEntered": 40,
        "StatementGraded": 4,
    }
    assert {name: reached[name] for name in least if reached[name] < least[name]} == {}


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_leak_is_found(leak: Leak, monkeypatch):
    leak(monkeypatch)

    def look() -> None:
        for seed in range(80):
            check(drawn(seed, ALL))

    with pytest.raises(Told):
        look()
