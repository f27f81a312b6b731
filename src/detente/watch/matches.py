"""What the matcher found at one moment: for each track its verdict, and who was not seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detente.watch.track import Conformance, Deviation, Unseen

__all__ = ["CONFORMANCES", "Matches"]

CONFORMANCES: Final = tuple(Conformance)
"""The verdicts by their numbers."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The verdict on each track of a picture; row k of each column is of the picture's row k.

    Parameters
    ----------
    now : the moment, nanoseconds since 1970.
    verdict : (n,) int8, into :data:`CONFORMANCES`; see :meth:`conformance`.
    since : (n,) int64, nanoseconds, when that verdict began to stand.
    intent : (n,) name of the intent that each is matched to; "" for none.
    lateral, vertical, time : (n,) by how much each differs from its intent, as
        :class:`~detente.watch.track.Deviation` has it; NaN where there is no intent, or it is
        not known.
    address_differs, callsign_differs : (n,) bool: matched by its place, though it says that it
        is another aircraft than the one named for the intent.
    claims : (n,) name of an intent whose aircraft it says it is, without being where that
        should be; "" for none. It is evidence for people to weigh.
    unseen : intents that should be seen and are not, at this moment, by name.
    """

    now: int
    verdict: NDArray[np.int8]
    since: NDArray[np.int64]
    intent: list[str]
    lateral: NDArray[np.float64]
    vertical: NDArray[np.float64]
    time: NDArray[np.float64]
    address_differs: NDArray[np.bool_]
    callsign_differs: NDArray[np.bool_]
    claims: list[str]
    unseen: tuple[Unseen, ...]

    def __len__(self) -> int:
        """Count the tracks."""
        return len(self.verdict)

    def conformance(self, k: int) -> Conformance:
        """Give the verdict on row k."""
        return CONFORMANCES[int(self.verdict[k])]

    def deviation(self, k: int) -> Deviation | None:
        """Give by how much row k differs from its intent; None where it has none."""
        if not self.intent[k]:
            return None
        return Deviation(_known(self.lateral[k]), _known(self.vertical[k]), _known(self.time[k]))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
