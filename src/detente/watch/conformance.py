"""Verdicts that do not flicker: a new one must hold for a while before it replaces the old.

Each track has a standing verdict and one pending. A look that finds the pending one weighs for
it, one that finds the standing one weighs against it, and when the weights reach 1 it stands: m of
the last n looks, in seconds, so that it does not matter how often one looks. One look weighs
a third at most, whatever the pause before it, so that a single wrong one changes nothing.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detente.watch.assignment import NOBODY
from detente.watch.gate import Matching

__all__ = ["CONFORMING", "NONCONFORMING", "TENTATIVE", "UNDECLARED", "UNKNOWN", "Verdicts"]

TENTATIVE: Final = 0
CONFORMING: Final = 1
NONCONFORMING: Final = 2
UNDECLARED: Final = 3
UNKNOWN: Final = -2
"""The intent of a track of which there is no verdict yet."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What stands of each track, and what is pending; row by row.

    Parameters
    ----------
    intent : (n,) int64 number, or NOBODY, or UNKNOWN.
    pending, weight : (n,) what may replace it, and how far that is, up to 1.
    strays : (n,) bool, does not conform to its intent.
    strain : (n,) how far the opposite of that is, up to 1.
    since : (n,) int64 nanoseconds, since when the verdict stands.
    """

    intent: NDArray[np.int64]
    pending: NDArray[np.int64]
    weight: NDArray[np.float64]
    strays: NDArray[np.bool_]
    strain: NDArray[np.float64]
    since: NDArray[np.int64]

    @classmethod
    def new(cls, n: int, now: int) -> "Verdicts":
        """Know nothing yet of n tracks."""
        return cls(
            np.full(n, UNKNOWN, dtype=np.int64),
            np.full(n, UNKNOWN, dtype=np.int64),
            np.zeros(n),
            np.zeros(n, dtype=np.bool_),
            np.zeros(n),
            np.full(n, now, dtype=np.int64),
        )

    def __len__(self) -> int:
        """Count the tracks."""
        return len(self.intent)

    def carried(self, rows: NDArray[np.int64], now: int) -> "Verdicts":
        """Give those of a new picture: row k was row ``rows[k]`` of the last, -1 is new."""
        fresh = Verdicts.new(len(rows), now)
        if not len(self):
            return fresh
        old = rows >= 0

        def taken(name: str) -> NDArray[Any]:
            column: NDArray[Any] = np.where(old, getattr(self, name)[rows], getattr(fresh, name))
            return column

        return Verdicts(*(taken(field.name) for field in fields(self)))

    def without(self, gone: NDArray[np.bool_], now: int) -> "Verdicts":
        """Know no more of tracks whose intent was withdrawn; (k,) bool by intent."""
        lost = (self.intent >= 0) & gone[np.maximum(self.intent, 0)]
        vain = (self.pending >= 0) & gone[np.maximum(self.pending, 0)]
        return Verdicts(
            np.where(lost, UNKNOWN, self.intent),
            np.where(lost | vain, UNKNOWN, self.pending),
            np.where(lost | vain, 0.0, self.weight),
            self.strays & ~lost,
            np.where(lost, 0.0, self.strain),
            np.where(lost, now, self.since),
        )

    @property
    def verdict(self) -> NDArray[np.int8]:
        """The verdicts by number."""
        matched = np.where(self.strays, NONCONFORMING, CONFORMING)
        other = np.where(self.intent == NOBODY, UNDECLARED, TENTATIVE)
        return np.where(self.intent >= 0, matched, other).astype(np.int8)

    def weighed(
        self,
        found: NDArray[np.int64],
        looked: NDArray[np.bool_],
        seconds: NDArray[np.float64],
        settings: Matching,
        now: int,
    ) -> "Verdicts":
        """Weigh who each track is.

        Parameters
        ----------
        found : (n,) the intent of each at this look, or NOBODY.
        looked : (n,) bool, those that this look says something of.
        seconds : (n,) since the look before.
        """
        slow = np.where(self.intent == UNKNOWN, settings.first, settings.settle)
        step = np.minimum(seconds / np.maximum(slow, 1e-9), 1.0 / settings.scans)
        same = found == self.intent
        going = found == self.pending
        weight = np.where(
            same, np.maximum(self.weight - step, 0.0), np.where(going, self.weight, 0.0) + step
        )
        pending = np.where(same, self.pending, found)
        weight, pending = (
            np.where(looked, weight, self.weight),
            np.where(looked, pending, self.pending),
        )
        weight = np.minimum(weight, 1.0)
        turned = looked & ~same & (weight >= 1.0 - 1e-9)
        turned, lost = _in_turn(self.intent, pending, turned, looked)
        changed = turned | lost
        return Verdicts(
            np.where(turned, pending, np.where(lost, UNKNOWN, self.intent)),
            np.where(lost, UNKNOWN, pending),
            np.where(changed, 0.0, weight),
            self.strays & ~changed,
            np.where(changed, 0.0, self.strain),
            np.where(changed, now, self.since),
        )

    def judged(
        self,
        excess: NDArray[np.float64],
        turned: NDArray[np.bool_],
        seconds: NDArray[np.float64],
        settings: Matching,
        now: int,
    ) -> "Verdicts":
        """Weigh whether each track conforms to its intent.

        Parameters
        ----------
        excess : (n,) the largest of its deviations, in tolerances; NaN where not known.
        turned : (n,) bool, those that this look gave another intent: judged at once.
        seconds : (n,) since the look before.
        """
        known = ~np.isnan(excess)
        step = np.minimum(seconds / max(settings.settle, 1e-9), 1.0 / settings.scans)
        against = np.where(self.strays, excess <= 1.0, excess > settings.leave)
        # From 1 to `leave` is neither: it weighs for what stands.
        strain = np.where(
            known, np.where(against, self.strain + step, self.strain - step), self.strain
        )
        strain = np.maximum(strain, 0.0)
        other = known & against & (strain >= 1.0 - 1e-9) & ~turned
        strays = np.where(turned, known & (excess > 1.0), self.strays ^ other)
        return Verdicts(
            self.intent,
            self.pending,
            self.weight,
            strays,
            np.where(turned | other, 0.0, strain),
            np.where(other, now, self.since),
        )


def _in_turn(
    standing: NDArray[np.int64],
    pending: NDArray[np.int64],
    turned: NDArray[np.bool_],
    looked: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Let no two tracks have one intent: who wants one waits until the track that has it turns.

    Gives who turns now, and who loses its intent: one that is not seen keeps nobody waiting.
    """
    wants = np.flatnonzero(turned & (pending >= 0))
    has = np.flatnonzero(standing >= 0)
    if not len(wants) or not len(has):
        return turned, np.zeros(len(turned), dtype=np.bool_)
    turned, lost = turned.copy(), np.zeros(len(turned), dtype=np.bool_)
    holder = np.full(int(max(standing.max(), pending.max())) + 1, -1, dtype=np.int64)
    holder[standing[has]] = has
    while len(wants):
        held = holder[pending[wants]]
        waits = (held >= 0) & looked[held] & ~turned[held]
        if not waits.any():
            held = held[held >= 0]
            lost[held[~turned[held]]] = True
            break
        turned[wants[waits]] = False
        wants = wants[~waits]
    return turned, lost
