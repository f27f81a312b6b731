"""Constraints, as a flight that may be delayed meets them: which slots would enter one."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Constraint, Flights, Trajectory, Volume
from detente.detect.encounter import ROW
from detente.detect.index import Index
from detente.detect.intrusion import Closures
from detente.detect.legs import Legs, legs_of
from detente.detect.outlines import named_volumes, outlines_of

__all__ = ["Closed"]

_LONGEST_REACH = 12_000.0


class Closed:
    """Volumes laid out once, to be asked about many options.

    Where a flight is inside a volume from a to b of its own time and the volume is in force
    from v to w, delays d with v - b < d < w - a enter it.

    Parameters
    ----------
    volumes : what is closed.
    index : where the flights stand; its seconds and its altitudes' reference hold here too.
    """

    def __init__(self, volumes: Sequence[Volume | Constraint], index: Index) -> None:
        self._index = index
        flat, self._owner, self.names, self._parties = named_volumes(volumes)
        outlines = outlines_of(flat, index.epoch, index.reference)
        self._in_force = outlines.bounds[:, :2].copy()
        # the place alone is sought, at any time
        outlines.bounds[:, 0] = -1e15
        outlines.bounds[:, 1] = 1e15
        self._closures = Closures(outlines, _LONGEST_REACH)

    def entered(self, flight: Trajectory, *, same_party: bool = True) -> int:
        """Count the volumes or constraints that a flight enters as it is.

        With ``same_party`` false, those of its own party are open to it.
        """
        legs = legs_of(
            Flights.from_trajectories([flight]), self._index.separation, epoch=self._index.epoch
        )
        party = "" if same_party else flight.party
        return int(self.count(legs, legs.rows[None, 4::ROW], 1.0, 1, party)[0, 0])

    def met(
        self, legs: Legs, alts: NDArray[np.float64], step: float, slots: int, party: str = ""
    ) -> dict[int, NDArray[np.bool_]]:
        """Tell which options enter which volume or constraint.

        Parameters
        ----------
        legs : one route, without delay. alts : (V, n) feet, its profiles.
        step, slots : slot k leaves k step seconds later.
        party : whose volumes are open to it; "" for nobody's.

        Returns
        -------
        By position in ``names``: (V, slots) bool.
        """
        entered: dict[int, NDArray[np.bool_]] = {}
        for v, alt in enumerate(alts):
            rows = legs.rows.copy()
            rows[4::ROW] = alt
            own = Legs(rows, legs.flight, legs.lat, legs.lon, legs.reach, legs.epoch)
            for hit in self._closures.hits(own):
                k = int(hit[1])
                if party and self._parties[int(self._owner[k])] == party:
                    continue
                begin, end = self._in_force[k]
                first = max(0, math.floor((begin - hit[3]) / step) + 1)
                last = min(slots - 1, math.ceil((end - hit[2]) / step) - 1)
                if last >= first:
                    place = entered.setdefault(
                        int(self._owner[k]), np.zeros((len(alts), slots), dtype=np.bool_)
                    )
                    place[v, first : last + 1] = True
        return entered

    def count(
        self, legs: Legs, alts: NDArray[np.float64], step: float, slots: int, party: str = ""
    ) -> NDArray[np.int32]:
        """Give (V, slots), how many volumes or constraints each option enters."""
        total = np.zeros((len(alts), slots), dtype=np.int32)
        for entered in self.met(legs, alts, step, slots, party).values():
            total += entered
        return total
