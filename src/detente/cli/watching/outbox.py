"""What the authority has not been told yet, bounded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from detente.authority.register import Alert
from detente.watch.track import Track, Unseen

__all__ = ["MOST", "Batch", "Outbox"]

MOST: Final = 100_000
_STATES: Final = 8
"""States of one track, or of one alert, that wait at most."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes out in one request; nothing is in it twice."""

    tracks: tuple[Track, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    alerts: tuple[Alert, ...] = ()

    def __len__(self) -> int:
        """Count what is in it."""
        return len(self.tracks) + len(self.unseen) + len(self.alerts)

    def halves(self) -> tuple["Batch", "Batch"]:
        """Cut it in two."""
        t, u, a = (len(one) // 2 for one in (self.tracks, self.unseen, self.alerts))
        return (
            Batch(self.tracks[:t], self.unseen[:u], self.alerts[:a]),
            Batch(self.tracks[t:], self.unseen[u:], self.alerts[a:]),
        )


class Outbox:
    """Keeps what the authority must be told while it is out of reach.

    A state that waits is replaced by a newer one of the same track, unless that says something
    else of it: a track that was undeclared, and then was not, was undeclared.

    Parameters
    ----------
    most : states that wait at most; when there are more, those that wait longest are given up.

    Attributes
    ----------
    dropped : states that were given up.
    """

    def __init__(self, most: int = MOST) -> None:
        self.dropped = 0
        self._most = most
        self._waiting: dict[tuple[str, str], list[Any]] = {}
        self._count = 0

    def __len__(self) -> int:
        """Count the states that wait."""
        return self._count

    def put(
        self,
        tracks: Iterable[Track] = (),
        unseen: Iterable[Unseen] = (),
        alerts: Iterable[Alert] = (),
    ) -> None:
        """Add what is new."""
        for track in tracks:
            self._add(("track", track.id), track, _of_track)
        for one in unseen:
            self._add(("unseen", one.intent), one, _of_other)
        for alert in alerts:
            self._add(("alert", alert.id), alert, _of_other)
        while self._count > self._most:
            oldest = next(iter(self._waiting))
            gone = len(self._waiting.pop(oldest))
            self.dropped += gone
            self._count -= gone

    def take(self, most: int) -> Batch:
        """Take what waits longest, up to so many: the oldest state of each."""
        taken: dict[str, list[Any]] = {"track": [], "unseen": [], "alert": []}
        for key in list(islice(self._waiting, most)):
            states = self._waiting[key]
            taken[key[0]].append(states.pop(0))
            if not states:
                del self._waiting[key]
        batch = Batch(tuple(taken["track"]), tuple(taken["unseen"]), tuple(taken["alert"]))
        self._count -= len(batch)
        return batch

    def _add(self, key: tuple[str, str], state: Any, says: Callable[[Any], object]) -> None:
        states = self._waiting.setdefault(key, [])
        if states and says(states[-1]) == says(state):
            states[-1] = state
            return
        states.append(state)
        self._count += 1
        if len(states) > _STATES:
            del states[0]
            self.dropped += 1
            self._count -= 1


def _of_track(track: Track) -> object:
    return track.conformance, track.intent, track.ended


def _of_other(one: Unseen | Alert) -> object:
    return one.over
