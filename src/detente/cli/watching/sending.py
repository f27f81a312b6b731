"""What goes to the authority: sent until it is answered, in order, each thing recorded once."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import uuid4

import structlog

from detente.cli.watching.outbox import Batch, Outbox
from detente.client import AsyncClient, ClientError, Problem
from detente.feeds.waits import Waits

__all__ = ["Sending", "Sent"]

_MANY: Final = 500
"""States in one request: as many as the authority records at once."""
_REFUSED: Final = frozenset({400, 404, 409, 413, 422})
"""What is answered to what is wrong with the request: the same answer would come again."""
_TOO_LARGE: Final = 413
_ITEM: Final = re.compile(r"(tracks|unseen|alerts)[/.\[](\d+)")


@dataclass(slots=True)
class Sent:
    """What became of what was sent.

    Parameters
    ----------
    recorded : states that the authority has.
    refused : those that it would not record, by why.
    reached : whether it answered when it was last asked.
    """

    recorded: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    reached: bool = True


class Sending:
    """Empties the outbox.

    A request that has had no answer is sent again as it was, under its own Idempotency-Key, before
    any other: so that nothing is recorded twice, and nothing before what came before it.

    Parameters
    ----------
    client : asks as the authority.
    outbox : what is to be sent.
    waits : how long between tries.
    """

    def __init__(self, client: AsyncClient, outbox: Outbox, waits: Waits | None = None) -> None:
        self.sent = Sent()
        self._client = client
        self._outbox = outbox
        self._waits = waits or Waits()
        self._under_way = 0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._log: Any = structlog.get_logger("detente")

    @property
    def waiting(self) -> int:
        """How many states have had no answer."""
        return len(self._outbox) + self._under_way

    @property
    def dropped(self) -> int:
        """How many states were given up, because too many waited."""
        return self._outbox.dropped

    def wake(self) -> None:
        """Say that there is something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Send what comes, until it is cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while batch := self._outbox.take(_MANY):
                self._under_way = len(batch)
                await self._send(batch)
                self._under_way = 0
                self._room.set()
            self._room.set()

    async def until(self, most: int) -> None:
        """Wait until no more than so many states have had no answer."""
        while self.waiting > most:
            self._room.clear()
            self._wake.set()
            await self._room.wait()

    async def _send(self, batch: Batch) -> None:
        key = str(uuid4())
        while batch:
            try:
                await self._client.observe(
                    tracks=batch.tracks, unseen=batch.unseen, alerts=batch.alerts, key=key
                )
            except Problem as problem:
                if problem.status == _TOO_LARGE and len(batch) > 1:
                    first, batch = batch.halves()
                    await self._send(first)
                    key = str(uuid4())
                    continue
                if problem.status in _REFUSED:
                    batch = self._without(batch, problem)
                    key = str(uuid4())
                    continue
                await self._wait(problem)
            except ClientError as error:
                await self._wait(error)
            else:
                if not self.sent.reached:
                    self._log.info("reached")
                self.sent.reached = True
                self.sent.recorded += len(batch)
                self._waits.over()
                return

    async def _wait(self, error: ClientError) -> None:
        if self.sent.reached:
            self._log.warning("unreached", why=str(error))
        self.sent.reached = False
        await asyncio.sleep(self._waits.next())

    def _without(self, batch: Batch, problem: Problem) -> Batch:
        """Leave out what was refused; all, where the answer does not say which."""
        found = _ITEM.search(problem.field)
        refused, rest = len(batch), Batch()
        if found is not None:
            kind, k = found[1], int(found[2])
            states = getattr(batch, kind)
            if k < len(states):
                refused = 1
                rest = replace(batch, **{kind: states[:k] + states[k + 1 :]})
        self.sent.refused[problem.code] = self.sent.refused.get(problem.code, 0) + refused
        self._log.warning("refused", states=refused, why=str(problem))
        return rest
