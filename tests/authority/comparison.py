"""Two worlds compared: whether A was shown anything that no verdict on it explains."""

from collections import Counter

from tests.authority.transcript import Moment, World, of_pair
from tests.authority.worlds import GRID, Pair


class Told(AssertionError):  # noqa: N818 - it is an answer, not a fault
    """A was shown something that no verdict on it explains."""


def check(pair: Pair, kind: type[World] = World) -> Counter[str]:
    """See that A cannot tell the worlds apart until something else is decided on it.

    Parameters
    ----------
    kind : how A asks.

    Returns
    -------
    What the worlds reached.
    """
    first, second = of_pair(pair, kind)
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
