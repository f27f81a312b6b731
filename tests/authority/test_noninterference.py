"""Of two worlds that differ only in others' plans and decide the same on A, A sees but one."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, event, given, settings

from tests.authority.leaks import LEAKS, Leak
from tests.authority.transcript import Moment, of_pair
from tests.authority.worlds import GRID, MOST_STEPS, Pair, drawn, pairs

EXAMPLES = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALL = [1] * MOST_STEPS


class Told(AssertionError):  # noqa: N818 - it is an answer, not a fault
    """A was shown something that no verdict on it explains."""


def check(pair: Pair) -> Counter[str]:
    """See that A cannot tell the worlds apart until something else is decided on it.

    Returns
    -------
    What the worlds reached.
    """
    first, second = of_pair(pair)
    reached = Counter({*first.reached, *second.reached})
    alike = but_offers = True
    for one, other in zip(first.moments, second.moments, strict=True):
        on_the_grid(one)
        alike = alike and one.decided == other.decided
        but_offers = but_offers and one.decided_but_offers == other.decided_but_offers
        if alike and one.shown != other.shown:
            raise Told(f"{one.shown!r}\n{other.shown!r}")
        if but_offers and one.shown_but_offers != other.shown_but_offers:
            raise Told(f"{one.shown!r}\n{other.shown!r}")
    reached["all the same for A"] = alike
    reached["all but offers the same for A"] = but_offers and not alike
    ledgers = [[e.body for e in world.desk.ledger.read()] for world in (first, second)]
    reached["all the same for A, and not for others"] = alike and ledgers[0] != ledgers[1]
    reached["all the same for A, and others were busier"] = alike and (
        len(ledgers[0]) != len(ledgers[1])
    )
    reached["all the same for A, who was refused or held"] = alike and any(
        name.startswith(("A refused: conflict", "A held")) for name in first.reached
    )
    return reached


def on_the_grid(moment: Moment) -> None:
    """See that all that is offered is a point of the charter's grid, whatever stands."""
    for offer in moment.offers:
        off = (
            offer["delay"] not in range(0, GRID.delay_most + 1, GRID.delay_step)
            or offer["feet"] not in (0.0, *(k * GRID.level_gap for k in GRID.level_steps))
            or offer["offset"] not in (0.0, *GRID.offsets)
            or offer["speed"] not in (1.0, *GRID.speeds)
        )
        if off:
            raise Told(f"{offer} is no point of the grid")


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
