"""How unlikely it is that a track is the flight of an intent: averaged, and who it says it is.

A cost is minus the logarithm of a likelihood, up to a constant, so costs of different kinds add.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detente.watch.gate import Matching

__all__ = ["Likeness", "identity"]

SAME_ADDRESS: Final = -8.0
"""An address is another's by chance or by fraud once in some thousand times."""
SAME_CALLSIGN: Final = -5.0
"""Callsigns are typed by hand, and used again every day."""
OTHER_ADDRESS: Final = 3.0
"""Once in twenty flights another aircraft flies than the one that was named."""
OTHER_CALLSIGN: Final = 2.5
_LEAST: Final = -10.0
_MOST: Final = 3.5
"""Both differ together when another aircraft flies, so they are no two pieces of evidence."""
_WORST: Final = 5.0
"""A single look costs at most so much more than to be undeclared."""
_FORGOTTEN: Final = 2.0
"""A pair that costs so much more is no longer remembered."""


def identity(
    address: NDArray[np.int64],
    callsign: NDArray[np.int64],
    own_address: NDArray[np.int64],
    own_callsign: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give what identity adds to the cost of pairs, and which say that they are the same.

    Numbers of what the track says and of what was named; 0 where nothing was, -1 for what no
    intent has.

    >>> import numpy as np
    >>> one, two, none = np.array([1]), np.array([2]), np.array([0])
    >>> [identity(said, none, one, none)[0].item() for said in (one, two, none)]
    [-8.0, 3.0, 0.0]
    """
    both, each = (address != 0) & (own_address != 0), (callsign != 0) & (own_callsign != 0)
    same, alike = both & (address == own_address), each & (callsign == own_callsign)
    cost = np.where(same, SAME_ADDRESS, np.where(both, OTHER_ADDRESS, 0.0))
    cost += np.where(alike, SAME_CALLSIGN, np.where(each, OTHER_CALLSIGN, 0.0))
    return np.clip(cost, _LEAST, _MOST), same | alike


@dataclass(frozen=True, slots=True)
class Likeness:
    """What pairs cost, averaged over the last looks.

    Parameters
    ----------
    pairs : (p,) int64 sorted, the track's row shifted by 32 bits, and the intent's number.
    cost : (p,) of each.
    """

    pairs: NDArray[np.int64]
    cost: NDArray[np.float64]

    @classmethod
    def nothing(cls) -> "Likeness":
        """Know of no pair."""
        return cls(np.empty(0, dtype=np.int64), np.empty(0))

    def carried(self, rows: NDArray[np.int64], gone: NDArray[np.bool_]) -> "Likeness":
        """Give those that stay, by the rows of a new picture.

        ``rows`` (m,) says which row each of the last picture's is now, -1 where it is no more;
        ``gone`` (k,) which intents are withdrawn.
        """
        track, intent = rows[self.pairs >> 32], self.pairs & 0xFFFFFFFF
        stays = (track >= 0) & ~gone[intent]
        pairs = (track[stays] << 32) | intent[stays]
        order = np.argsort(pairs, kind="stable")
        return Likeness(pairs[order], self.cost[stays][order])

    def seen(
        self,
        pairs: NDArray[np.int64],
        cost: NDArray[np.float64],
        looked: NDArray[np.bool_],
        new: NDArray[np.bool_],
        seconds: float,
        settings: Matching,
    ) -> "Likeness":
        """Average one more look.

        Parameters
        ----------
        pairs : (q,) sorted; all that are known must be among them.
        cost : (q,) of this look; infinite outside the gate.
        looked : (q,) bool, of tracks that were seen lately: what others cost stays.
        new : (q,) bool, of tracks that have no verdict yet: a new pair of theirs counts in full
            at once, and that of another track begins as if it were as good as none.
        seconds : since the look before.
        """
        worst = settings.undeclared + _WORST
        share = 1.0
        if settings.memory > 0.0:
            share = min(1.0 - float(np.exp(-seconds / settings.memory)), 1.0 / settings.scans)
        now = np.minimum(cost, worst)
        # Else one look at the right place would last for several.
        before = np.where(new, now, np.maximum(now, settings.undeclared))
        if len(self.pairs):
            at = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
            before = np.where(self.pairs[at] == pairs, self.cost[at], before)
        out = np.where(looked, before + share * (now - before), before)
        stays = out < settings.undeclared + _FORGOTTEN
        return Likeness(pairs[stays], out[stays])
