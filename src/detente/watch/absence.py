"""Intents that should be in the air, where the sensors look, and that nothing matches."""

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detente.detect.nearness import whereabouts
from detente.earth import geodetic
from detente.watch.coverage import Coverage
from detente.watch.declarations import Declarations
from detente.watch.gate import Matching
from detente.watch.track import Unseen

__all__ = ["Absence"]

_WIDEST: Final = 40_000.0
"""Metres; of who is in a larger volume no place says where to look."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Absence:
    """Since when each declared flight is missed.

    Parameters
    ----------
    settings : ``unseen`` is for how long, ``route.time`` how early or late it may be.
    """

    def __init__(self, settings: Matching) -> None:
        self._settings = settings
        self._coverage = Coverage(settings.coverage, settings.learnt)
        self._missed = np.zeros(0, dtype=np.int64)

    def forget(self, number: int) -> None:
        """Begin anew with an intent."""
        if number < len(self._missed):
            self._missed[number] = 0

    def look(
        self,
        now: int,
        declared: Declarations,
        matched: NDArray[np.int64],
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        altitudes: NDArray[np.float64],
    ) -> tuple[Unseen, ...]:
        """Give those that are missed now.

        Parameters
        ----------
        matched : numbers of the intents that a track is matched to.
        lat, lon, altitudes : of the tracks that were seen lately. Where there is none the
            sensors are silent, and nobody is missed who was not before.
        """
        count = len(declared.names)
        if count > len(self._missed):
            more = np.zeros(2 * count - len(self._missed), dtype=np.int64)
            self._missed = np.concatenate([self._missed, more])
        missed = self._missed[:count]
        due = np.zeros(count, dtype=np.bool_)
        if len(lat):
            self._coverage.learn(now, lat, lon, altitudes)
            due = self._due(now, declared)
            due[matched[matched >= 0]] = False
            missed[~due] = 0
            missed[due & (missed == 0)] = now
        else:
            due = missed > 0
            due[matched[matched >= 0]] = False
        late = due & (now - missed >= round(self._settings.unseen * 1e9))
        numbers = np.flatnonzero(late).tolist()
        return tuple(
            Unseen(declared.names[k], _moment(int(missed[k])))
            for k in sorted(numbers, key=declared.names.__getitem__)
        )

    def _due(self, now: int, declared: Declarations) -> NDArray[np.bool_]:
        """Tell which should be in the air, wherever along the route they may be by now."""
        count = len(declared.names)
        span = declared.route[:count]
        volumes = declared.volumes[:count]
        # A party that says where else it may be has left its route.
        due: NDArray[np.bool_] = (span[:, 1] > 0) & (volumes[:, 1] == 0)
        for seconds in (0.0, -self._settings.route.time, self._settings.route.time):
            if not due.any():
                break
            rows = declared.rows
            there = whereabouts(now * 1e-9 + seconds, span, rows, declared.leg)
            due &= ~np.isnan(there[:, 0])
            which = np.flatnonzero(due)
            lat, lon = geodetic(there[which, :3])
            due[which] = self._coverage.sees(
                now, lat, lon, there[which, 3], declared.reference[which]
            )
        self._in_volumes(now, declared, due)
        return due

    def _in_volumes(self, now: int, declared: Declarations, due: NDArray[np.bool_]) -> None:
        own, moment = declared.outlines, now * 1e-9
        for k in np.flatnonzero(
            declared.airborne[: len(due)] & (declared.volumes[: len(due), 1] > 0)
        ).tolist():
            at, n = declared.volumes[k].tolist()
            held = np.arange(at, at + n)
            held = held[(own.bounds[held, 0] <= moment) & (own.bounds[held, 1] >= moment)]
            if len(held) and (own.bounds[held, 7] <= _WIDEST).all():
                none = np.zeros(len(held))
                due[k] = self._coverage.sees(
                    now, own.lat[held], own.lon[held], none, none.astype(np.int64)
                ).all()


def _moment(nanoseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)
