"""One flight's place in a search, and how far the search is."""

from dataclasses import dataclass, field

from detente.airspace import Trajectory
from detente.resolve.manoeuvre import Manoeuvres, Variant, delayed

__all__ = ["Progress", "Seat"]


@dataclass(slots=True, eq=False)
class Seat:
    """One flight in the search: what it may do and what it does now.

    Parameters
    ----------
    trajectory : as filed.
    manoeuvres : what it may do.
    party : a number.
    rank : its class, 0 the highest.
    variant, slot, cost : what it does now; ``met`` are the flights it conflicts with,
        ``closed`` how many constraints.
    """

    trajectory: Trajectory
    manoeuvres: Manoeuvres
    party: int
    rank: int
    variant: Variant
    slot: int = 0
    cost: int = 0
    met: set[str] = field(default_factory=set)
    closed: int = 0
    choices: list[Variant] = field(default_factory=list)
    all_choices: bool = False

    @property
    def now(self) -> Trajectory:
        """What it flies now."""
        return delayed(self.variant.trajectory, self.slot * self.manoeuvres.delay_step)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search is: conflicts left, cost so far, seconds gone, and what it does."""

    stage: str
    conflicts: int
    cost: int
    seconds: float
