"""Sweeping: what is over is ended, and what was kept long enough forgotten, by the clock alone."""

import asyncio
from typing import Final

import structlog

from detente.api.counter import Counter
from detente.api.problem import ProblemError
from detente.authority.command import Sweep
from detente.ledger import Unavailable

__all__ = ["Sweeping"]

_log: Final = structlog.get_logger("detente.sweeping")


class Sweeping:
    """Has the authority sweep at whole multiples of a period since 1970.

    Never on somebody's request: when a party hears that its intent expired would tell when
    others ask. Of several processes on one ledger, each asks under the same key, and one sweeps.

    Parameters
    ----------
    counter : what asks. period : seconds.
    """

    def __init__(self, counter: Counter, period: float) -> None:
        self._counter = counter
        self._period = period
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Sweep from now on."""
        self._task = asyncio.create_task(self._sweep())

    async def close(self) -> None:
        """Sweep no more."""
        if self._task is not None:
            self._task.cancel()

    async def _sweep(self) -> None:
        while True:
            now = self._counter.clock()
            await asyncio.sleep(self._period - now % self._period)
            turn = round(self._counter.clock() / self._period)
            sweep = Sweep(at=self._counter.now, key=f"sweep-{self._period:g}-{turn}")
            if not self._counter.desk.state.founded:
                continue
            try:
                await self._counter.submit(sweep)
            except (Unavailable, ProblemError) as error:
                # the next turn sweeps what this one left
                _log.warning("not-swept", what=str(error))
