"""Streams: what each party is told, handed to all who follow it, each at its own pace.

Nothing is queued for a follower: it has a place, a number in its party's notices, and takes what
comes after it. What was told lately is at hand, encoded once for all; who is further behind reads
the ledger. So a follower that stops reading holds no memory of ours.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from detente.api.config import Config
from detente.api.counter import Counter
from detente.api.logs import log_fault
from detente.api.metrics import Metrics
from detente.api.problem import ProblemError
from detente.api.told import Told, written
from detente.authority import Outcome, State
from detente.authority.disclosure import told
from detente.ledger import Unavailable

__all__ = ["LEDGER", "Place", "Streams"]

LEDGER: Final = "\n"
"""In place of a party: the whole ledger, for the authority. No party can be called so."""

_KEPT: Final = 16_000_000
"""Bytes of what was told lately that are at hand."""

_AT_ONCE: Final = 64_000
"""Bytes taken at a time, where there is more than one notice."""

_PAGE: Final = 50
_PAUSE: Final = 1.0
_ONE_LINE: Final = bytes.maketrans(b"\r\n", b"  ")


class _Channel:
    """What all who follow one party share. Made, and joined, while the desk is held.

    Attributes
    ----------
    heard : how many notices there are, as the desk's thread knows; ``head`` : as followers do.
    places : of those who follow.
    recent : what was told lately, by number.
    """

    __slots__ = ("fetching", "head", "heard", "party", "places", "recent")

    def __init__(self, party: str, head: int) -> None:
        self.party = party
        self.head = self.heard = head
        self.places: set[Place] = set()
        self.recent: dict[int, Told] = {}
        self.fetching: dict[int, asyncio.Task[list[Told]]] = {}


class Place:
    """Where one follower is.

    Attributes
    ----------
    number : of the last notice that it took.
    ahead : there is no such notice yet.
    """

    __slots__ = ("_began", "_channel", "_sleep", "_streams", "ahead", "number")

    def __init__(self, streams: "Streams", channel: _Channel, after: int | None) -> None:
        self._streams = streams
        self._channel = channel
        self._began = channel.heard
        self._sleep: asyncio.Future[None] | None = None
        self.number = channel.heard if after is None else after
        self.ahead = self.number > channel.heard

    @property
    def behind(self) -> int:
        """How many notices it has fallen behind, of those that came since it is here."""
        return max(0, self._channel.head - max(self.number, self._began))

    async def more(self, until: float) -> list[Told]:
        """Take what comes next, and wait for it no longer than until a time of the loop.

        Returns
        -------
        Some notices in order; none when the time has come, or something else woke the follower.
        """
        ready = self._at_hand()
        if not ready and self.number >= self._channel.head:
            await self.sleep(until)
            return []
        ready = ready or await self._streams.fetch(self._channel, self.number)
        if ready:
            self.number = ready[-1].number
        return ready

    async def sleep(self, until: float) -> None:
        """Do nothing until a time, or until woken."""
        loop = asyncio.get_running_loop()
        if self._streams.ended or until <= loop.time():
            return
        self._sleep = loop.create_future()
        timer = loop.call_at(until, self.wake)
        try:
            await self._sleep
        finally:
            timer.cancel()
            self._sleep = None

    def wake(self) -> None:
        """Have the follower look again."""
        if self._sleep is not None and not self._sleep.done():
            self._sleep.set_result(None)

    def leave(self) -> None:
        """Follow no more."""
        self._channel.places.discard(self)

    def _at_hand(self) -> list[Told]:
        found: list[Told] = []
        size = 0
        while (next := self._channel.recent.get(self.number + len(found) + 1)) and (
            not found or size + len(next.data) <= _AT_ONCE
        ):
            found.append(next)
            size += len(next.data)
        return found


class Streams:
    """All who follow.

    Parameters
    ----------
    counter : its desk is listened to.
    config : how many may follow one party, and the rest.
    metrics : count them.
    stopping : set once the service stops: then every follower is told that this is the end.
    """

    def __init__(
        self, counter: Counter, config: Config, metrics: Metrics, stopping: asyncio.Event
    ) -> None:
        self._stopping = stopping
        self.config = config
        self.metrics = metrics
        self.clock = counter.clock
        self._counter = counter
        self._most = config.limits.followers
        self._channels: dict[str, _Channel] = {}
        self._kept: deque[tuple[_Channel, Told]] = deque()
        self._size = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deafen: Callable[[], None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self.ended = False

    async def begin(self) -> None:
        """Listen to the desk."""
        self._loop = asyncio.get_running_loop()
        self._ending = self._loop.create_task(self._stopped())
        self._deafen = await asyncio.to_thread(self._counter.desk.listen, self._hear)

    async def _stopped(self) -> None:
        await self._stopping.wait()
        self._end()

    def _end(self) -> None:
        self.ended = True
        for channel in list(self._channels.values()):
            for place in list(channel.places):
                place.wake()

    async def close(self) -> None:
        """Listen no more."""
        self._end()
        if self._ending is not None:
            self._ending.cancel()
        if self._deafen is not None:
            await asyncio.to_thread(self._deafen)

    async def join(self, party: str, after: int | None, *, limited: bool = True) -> Place:
        """Begin to follow a party, or the whole ledger.

        Parameters
        ----------
        after : the number of the last notice that the follower has; None for what comes now.
        limited : whether the number of a party's followers is.

        Raises
        ------
        ProblemError : too many follow it already, or there is no such notice yet.
        """

        def question(state: State) -> Place | None:
            channel = self._channels.get(party)
            if channel is None:
                channel = self._channels[party] = _Channel(party, _head(state, party))
            elif limited and len(channel.places) >= self._most:
                return None
            place = Place(self, channel, after)
            if not place.ahead:
                channel.places.add(place)
            return place

        place = await self._counter.read(question)
        if place is not None and place.ahead:
            # another process may have told it; this one has not read that yet
            await self._counter.call(self._counter.desk.attend)
            place = await self._counter.read(question)
        if place is None:
            raise ProblemError(
                "too-many", "the party has as many followers as it may",
                mend=f"close one: {self._most} may follow a party", headers={"Retry-After": "10"},
            )  # fmt: skip
        if place.ahead:
            raise ProblemError(
                "invalid", f"there is no notice {after} yet", field="after",
                mend="leave it out to begin with what comes now, or give 0 for all",
            )  # fmt: skip
        return place

    async def fetch(self, channel: _Channel, after: int) -> list[Told]:
        """Read what comes after a number; once, for all who are there."""
        task = channel.fetching.get(after)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(self._read, channel.party, after))
            channel.fetching[after] = task
            task.add_done_callback(lambda _: channel.fetching.pop(after))
        try:
            return await asyncio.shield(task)
        except Unavailable as error:
            structlog.get_logger("detente.events").warning("ledger", what=error.what)
            await asyncio.sleep(_PAUSE)
            return []

    def _read(self, party: str, after: int) -> list[Told]:
        desk = self._counter.desk
        if party == LEDGER:
            # one line, whoever wrote it: a line break would be another field of the stream
            return [
                Told(entry.position, "outcome", entry.body.translate(_ONE_LINE))
                for entry in desk.ledger.read(after, _PAGE)
            ]
        return [written(notice) for notice in desk.notices(party, after, _PAGE)]

    # in the desk's thread, while it is held

    def _hear(self, state: State, outcomes: Mapping[int, Outcome]) -> None:
        try:
            deserted = [party for party, channel in self._channels.items() if not channel.places]
            for party in deserted:
                del self._channels[party]
            kept: dict[int, dict[object, bytes]] = {position: {} for position in outcomes}
            news = [
                (channel, head, self._written(state, channel, head, outcomes, kept))
                for party, channel in self._channels.items()
                if (head := _head(state, party)) > channel.heard
            ]
            for channel, head, _ in news:
                channel.heard = head
            if news and self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._deliver, news)
        except Exception as error:  # it must not hold up the desk
            log_fault(error)

    def _written(
        self,
        state: State,
        channel: _Channel,
        head: int,
        outcomes: Mapping[int, Outcome],
        kept: Mapping[int, dict[object, bytes]],
    ) -> list[Told]:
        """Write what a party was told; what is left out here is read from the ledger."""
        if channel.party == LEDGER:
            return []
        try:
            return [
                written(told(state, outcomes[position], position, channel.party), kept[position])
                for position in state.heard(channel.party)[channel.heard : head]
                if position in outcomes
            ]
        except Exception as error:  # the others are told all the same
            log_fault(error)
            return []

    # in the loop

    def _deliver(self, news: list[tuple[_Channel, int, list[Told]]]) -> None:
        for channel, head, new in news:
            channel.head = head
            for each in new:
                channel.recent[each.number] = each
                self._kept.append((channel, each))
                self._size += len(each.data)
            for place in list(channel.places):
                place.wake()
        while self._size > _KEPT:
            channel, each = self._kept.popleft()
            self._size -= len(each.data)
            del channel.recent[each.number]


def _head(state: State, party: str) -> int:
    return state.position if party == LEDGER else len(state.heard(party))
