"""Where the other one of an alert may be, before it is put on the public grid.

For whoever is told, all others are alike: an intent, a track along its intent and one that was
never declared are each given the uncertainty of the last, so that neither the size nor the time of
what is told says which it is.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Circle, Reference
from detente.airspace.outline import LARGEST_RADIUS, ring
from detente.detect.encounter import ROW
from detente.earth import surface
from detente.watch.avoidance import Cells, Whereabouts
from detente.watch.meeting import Course, Meeting
from detente.watch.routes import GEOMETRIC, PRESSURE, Laid

__all__ = ["Sight"]

F8 = NDArray[np.float64]

_MINUTE = 60_000_000_000
_WIDEST = LARGEST_RADIUS - 10_000.0
_MODES = {Reference.PRESSURE: PRESSURE, Reference.WGS84: GEOMETRIC}


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """What was predicted at one look.

    Parameters
    ----------
    now, until : nanoseconds, between which it was predicted.
    laid_out : what was predicted, as the engine has it.
    laid : what is declared.
    cells : the public grid; its reference is what altitudes are told in.
    """

    now: int
    until: int
    laid_out: Course
    laid: Laid
    cells: Cells

    def course(self, k: int, meeting: Meeting) -> Whereabouts:
        """Give where track or intent k may be in the whole minutes of a loss of separation."""
        start, end, first, last = self._minutes(meeting)
        legs, laid = self.laid_out.legs, self.laid_out
        rows = legs.rows.reshape(-1, ROW)
        lo, hi = int(laid.first[k]), int(laid.first[k + 1])
        i = lo + np.flatnonzero(
            (legs.flight[lo : hi - 1] >= 0)
            & (rows[lo : hi - 1, 0] < last)
            & (rows[lo + 1 : hi, 0] > first)
        )
        t = np.stack([np.maximum(rows[i, 0], first), np.minimum(rows[i + 1, 0], last)])
        share = (t - rows[i, 0]) * rows[i, 7]
        points = rows[i, 1:4] + share[..., None] * (rows[i + 1, 1:4] - rows[i, 1:4])
        wide = np.tile(laid.told[i], 2)
        lower, upper = self._band(k, i, share)
        return Whereabouts(start, end, points.reshape(-1, 3), wide, lower, upper)

    def volume(self, meeting: Meeting) -> Whereabouts:
        """Give where a volume is, in the whole minutes of a track's being in it.

        Of one that no circle contains, the part about the track.
        """
        start, end, _, _ = self._minutes(meeting)
        told = self.laid.volumes[meeting.b]
        outline = told.outline
        if isinstance(outline, Circle):
            points = np.array([surface(outline.lat, outline.lon)])
            wide = np.array([outline.radius + told.buffer_h])
        else:
            points = ring(outline.corners)
            wide = np.full(len(points), told.buffer_h)
        middle = 0.5 * (points.min(axis=0) + points.max(axis=0))
        if float((np.linalg.norm(points - middle, axis=1) + wide).max()) > _WIDEST:
            points, wide = self.course(meeting.a, meeting).points[:1], np.array([_WIDEST])
        low = high = None
        if told.reference is self.cells.reference:
            low = None if told.lower is None else told.lower.feet - told.buffer_v
            high = None if told.upper is None else told.upper.feet + told.buffer_v
        return Whereabouts(start, end, points, wide, low, high)

    def _minutes(self, meeting: Meeting) -> tuple[int, int, float, float]:
        """Give the whole minutes of a loss in nanoseconds, and what of them was predicted."""
        epoch = self.laid.legs.epoch
        start = (epoch + math.floor(meeting.begin * 1e9)) // _MINUTE * _MINUTE
        end = -(-(epoch + math.ceil(meeting.end * 1e9)) // _MINUTE) * _MINUTE
        first, last = max(start, self.now), min(end, self.until)
        return start, end, (first - epoch) * 1e-9, (last - epoch) * 1e-9

    def _band(self, k: int, i: NDArray[np.int64], share: F8) -> tuple[float | None, float | None]:
        """Give the feet between which it may be; None twice where they are not known."""
        mode = _MODES.get(self.cells.reference, -1)
        if mode < 0 or not self.laid_out.known[mode, k]:
            return None, None
        rows = self.laid_out.legs.rows.reshape(-1, ROW)
        high = rows[:, 4] if mode == PRESSURE else self.laid_out.geometric
        tall = self.laid_out.high[mode, i]
        there = high[i] + share * (high[i + 1] - high[i])
        return float((there - tall).min()), float((there + tall).max())
