"""Replay: what was recorded, second by second of its own time, whatever the clock says.

Nothing here waits. Whoever replays takes one step after the other, as fast as is asked for; so a
recording gives the same steps at any speed.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from msgspec.structs import replace

from detente.airspace.sighting import Sighting
from detente.feeds.intake import Counts

__all__ = ["LEAP", "STILL", "Step", "steps"]

_SECOND: Final = 1_000_000_000
LEAP: Final = 3_600 * _SECOND
"""A sighting that is further ahead than this is believed once others agree with it."""
STILL: Final = 900 * _SECOND
"""A gap in a recording is stepped through for so long, and then leapt over."""
_AGREE: Final = 3

Step = tuple[int, list[Sighting]]
"""A moment, and what was seen until then since the moment before."""


def steps(
    sightings: Iterable[Sighting],
    counts: Counts,
    *,
    every: int = _SECOND,
    begin: int | None = None,
    shift: int = 0,
) -> Iterator[Step]:
    """Cut a recording into steps.

    A sighting that comes later than others with a later time goes into the step that is next.

    Parameters
    ----------
    sightings : in the order of their recording.
    counts : where what is left out is counted, and what is taken.
    every : nanoseconds from one step to the next.
    begin : leave out what was before; None for nothing.
    shift : nanoseconds that are added to each time.
    """
    now: int | None = None
    batch: list[Sighting] = []
    for one in _believed(sightings, counts):
        if begin is not None and one.time < begin:
            continue
        counts.received += 1
        counts.heard = one.time + shift
        counts.state = "heard"
        if now is None:
            now = -(-one.time // every) * every
        while one.time > now:
            yield now + shift, batch
            batch = []
            if one.time - now > STILL + every:
                yield from ((now + k + shift, []) for k in range(every, STILL + every, every))
                now = -(-one.time // every) * every
            else:
                now += every
        batch.append(replace(one, time=one.time + shift) if shift else one)
    if now is not None:
        yield now + shift, batch
    counts.state = "ended"


def _believed(sightings: Iterable[Sighting], counts: Counts) -> Iterator[Sighting]:
    """Leave out those that are alone in being far ahead: one wrong time would end the rest."""
    coming = iter(sightings)
    first = list(islice(coming, _AGREE))
    latest = sorted(one.time for one in first)[len(first) // 2] if first else 0
    ahead: list[Sighting] = []
    for one in chain(first, coming):
        if one.time > latest + LEAP:
            ahead.append(one)
            if len(ahead) < _AGREE:
                continue
            latest = sorted(early.time for early in ahead)[_AGREE // 2]
            yield from ahead
            ahead = []
            continue
        if ahead:
            counts.refused["time: far ahead"] += len(ahead)
            ahead = []
        latest = max(latest, one.time)
        yield one
    if ahead:
        counts.refused["time: far ahead"] += len(ahead)
