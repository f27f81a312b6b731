"""The intake: what all feeds have brought and the watch has not taken yet, bounded."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from detente.airspace.sighting import Sighting

__all__ = ["MOST", "Counts", "Intake"]

MOST: Final = 200_000
"""Sightings that wait at most: 20 s of 10,000 aircraft that are each seen once a second."""


@dataclass(slots=True)
class Counts:
    """What came by one feed.

    Parameters
    ----------
    feed : its name.
    received : sightings that were decoded.
    refused : what was not, for something is wrong with it: "field: what", to how often.
    unwanted : what is in order and not read, by its kind.
    dropped : sightings that were decoded, and were given up because the watch was too slow.
    reconnects : how many times it was connected, or joined, again.
    heard : when anything came last, nanoseconds since 1970; None before.
    state : "connecting", "heard", "silent", "lost" or "ended".
    """

    feed: str
    received: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unwanted: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    reconnects: int = 0
    heard: int | None = None
    state: str = "connecting"


class Intake:
    """One queue for all feeds; nobody waits at its door.

    A feed that had to wait would leave its socket unread, and lose there what nobody counts. So
    when it is full the oldest sightings are given up, whosever they are, and counted.

    Parameters
    ----------
    most : sightings that it holds at most.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._batches: deque[tuple[Counts, Sequence[Sighting]]] = deque()
        self._held = 0
        self._gone = 0  # of the first batch, already given up

    def __len__(self) -> int:
        """Count the sightings that wait."""
        return self._held

    def put(self, counts: Counts, sightings: Sequence[Sighting]) -> None:
        """Add what a feed has brought.

        Parameters
        ----------
        counts : the feed's, where it is counted what had to be given up.
        sightings : in the order of their arrival.
        """
        if not sightings:
            return
        self._batches.append((counts, sightings))
        self._held += len(sightings)
        while self._held > self._most:
            whose, oldest = self._batches[0]
            gone = min(self._held - self._most, len(oldest) - self._gone)
            whose.dropped += gone
            self._held -= gone
            self._gone += gone
            if self._gone == len(oldest):
                self._batches.popleft()
                self._gone = 0

    def take(self) -> list[Sighting]:
        """Take all that waits, the oldest first."""
        taken: list[Sighting] = []
        for _, sightings in self._batches:
            taken += sightings
        del taken[: self._gone]
        self._batches.clear()
        self._held = self._gone = 0
        return taken
