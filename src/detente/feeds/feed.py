"""A feed: bytes come in somewhere, and sightings go to the intake, counted."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final

import structlog

from detente.feeds.intake import Counts, Intake
from detente.formats.decoded import Decoder

__all__ = ["SILENCE", "Feed"]

SILENCE: Final = 90.0
"""Seconds without a byte, after which a feed is silent: readsb and dump1090 send an empty line
each minute where they see nothing."""


class Feed(ABC):
    """What all feeds have.

    Parameters
    ----------
    name : of the feed; without what nobody should read, such as a password.
    decoder : makes sightings of what comes.
    intake : where sightings go.
    silence : seconds without a byte after which it counts as silent.
    clock : tells nanoseconds since 1970.
    """

    def __init__(
        self,
        name: str,
        decoder: Decoder,
        intake: Intake,
        *,
        silence: float = SILENCE,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.counts = Counts(name)
        self._decoder = decoder
        self._intake = intake
        self._silence = silence
        self._clock = clock
        self._log: Any = structlog.get_logger("detente", feed=name)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.counts.feed

    @abstractmethod
    async def run(self) -> None:
        """Bring sightings until it is cancelled."""

    def _take(self, chunk: bytes) -> None:
        """Decode what came, count it, and put it into the intake."""
        received = self._clock()
        counts = self.counts
        counts.heard = received
        counts.state = "heard"
        try:
            decoded = self._decoder.decode(chunk, received)
        except Exception:  # a fault of one decoder must not end the watch
            self._log.exception("fault")
            counts.refused["fault"] += 1
            self._decoder.reset()
            return
        counts.received += len(decoded.sightings)
        counts.refused.update(decoded.refused)
        counts.unwanted.update(decoded.unwanted)
        self._intake.put(counts, decoded.sightings)

    def _lost(self, why: object) -> None:
        """Take note that nothing comes any more."""
        self.counts.state = "lost"
        self._log.warning("lost", why=str(why) or type(why).__name__)
