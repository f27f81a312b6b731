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
_LONGEST: Final = 60.0
"""Seconds that a look stands for at most."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Absence:
    """Since when each declared flight is missed.

    Parameters
    ----------
    settings : ``unseen`` is for how long, ``route.time`` how early or late it may be.
    """

    def __init__(self, settings: Matching) -> None:
        self._settings = settings
        self._coverage = Coverage(settings.coverage, settings.learnt, settings.patch)
        self._missed = np.zeros(0, dtype=np.int64)
        self._spent = np.zeros(0)
        self._last: int | None = None

    def forget(self, number: int) -> None:
        """Begin anew with an intent."""
        if number < len(self._missed):
            self._missed[number], self._spent[number] = 0, 0.0

    def look(
        self,
        now: int,
        declared: Declarations,
        matched: NDArray[np.int64],
        likely: NDArray[np.int64],
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        altitudes: NDArray[np.float64],
    ) -> tuple[Unseen, ...]:
        """Give those that are missed now.

        Parameters
        ----------
        matched : numbers of the intents that a track is matched to.
        likely : those that one may turn out to be matched to, by this look.
        lat, lon, altitudes : of the tracks that were seen lately. When there is none the
            sensors are silent, and nobody is missed who was not before.
        """
        count = len(declared.names)
        if count > len(self._missed):
            more = np.zeros(2 * count - len(self._missed), dtype=np.int64)
            self._missed = np.concatenate([self._missed, more])
            self._spent = np.concatenate([self._spent, np.zeros(len(more))])
        missed, spent = self._missed[:count], self._spent[:count]
        seconds = 0.0 if self._last is None else max(0.0, (now - self._last) * 1e-9)
        self._last = now
        flies, covered = self._due(now, declared, lat, lon, altitudes)
        flies[matched[matched >= 0]] = False
        missed[~flies], spent[~flies] = 0, 0.0
        covered &= flies
        covered[likely[likely >= 0]] = False
        # Where it is not known whether it is seen, time does not count, for or against.
        spent[covered & (missed > 0)] += min(seconds, _LONGEST)
        missed[covered & (missed == 0)] = now
        late = spent >= max(self._settings.unseen, 1e-9)
        numbers = np.flatnonzero(late).tolist()
        return tuple(
            Unseen(declared.names[k], _moment(int(missed[k])))
            for k in sorted(numbers, key=declared.names.__getitem__)
        )

    def _due(
        self,
        now: int,
        declared: Declarations,
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        altitudes: NDArray[np.float64],
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell which should be in the air, and which of those where they are seen.

        That is where it is covered wherever along the route they may be by now.
        """
        count = len(declared.names)
        span = declared.route[:count]
        volumes = declared.volumes[:count]
        # A party that says where else it may be has left its route.
        flies: NDArray[np.bool_] = (span[:, 1] > 0) & (volumes[:, 1] == 0)
        covered = flies.copy()
        self._coverage.learn(now, lat, lon, altitudes)
        for seconds in (0.0, -self._settings.route.time, self._settings.route.time):
            there = whereabouts(now * 1e-9 + seconds, span, declared.rows, declared.leg)
            flies &= ~np.isnan(there[:, 0])
            covered &= flies
            which = np.flatnonzero(covered)
            covered[which] = self._coverage.sees(
                now, *geodetic(there[which, :3]), there[which, 3], declared.reference[which]
            )
        self._in_volumes(now, declared, flies, covered)
        if not len(lat):
            covered[:] = False
        return flies, covered

    def _in_volumes(
        self,
        now: int,
        declared: Declarations,
        flies: NDArray[np.bool_],
        covered: NDArray[np.bool_],
    ) -> None:
        own, moment, count = declared.outlines, now * 1e-9, len(flies)
        for k in np.flatnonzero(
            declared.airborne[:count] & (declared.volumes[:count, 1] > 0)
        ).tolist():
            at, n = declared.volumes[k].tolist()
            held = np.arange(at, at + n)
            held = held[(own.bounds[held, 0] <= moment) & (own.bounds[held, 1] >= moment)]
            if len(held) and (own.bounds[held, 7] <= _WIDEST).all():
                none = np.zeros(len(held))
                flies[k] = True
                covered[k] = self._coverage.sees(
                    now, own.lat[held], own.lon[held], none, none.astype(np.int64)
                ).all()


def _moment(nanoseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)
