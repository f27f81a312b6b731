"""Whether the service is alive, and whether to send it requests."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Final

import structlog
from litestar import Controller, get
from msgspec import Struct

from detente.api.problem import ProblemError
from detente.api.tokens import PUBLIC
from detente.ledger import Unavailable
from detente.ledger.desk import Desk

__all__ = ["Condition", "HealthController", "Readiness"]

_LAG: Final = 1_000
"""Entries that the desk may be behind the ledger."""

_PATIENCE: Final = 2.0
_FRESH: Final = 0.5
_SORE: Final = 5.0
"""Seconds for which a write that failed keeps requests away; then some may try again."""


class Condition(Struct, frozen=True):
    """How the service is."""

    status: str


class Readiness:
    """Whether requests can be answered now.

    Parameters
    ----------
    desk : its ledger is read; whether it can be written shows in what was written last.
    stopping : set once the service ends.
    """

    def __init__(self, desk: Desk, stopping: asyncio.Event) -> None:
        self._desk = desk
        self._stopping = stopping
        self._failed = self._looked = float("-inf")
        self._what = ""

    def note_all(self, answers: Sequence[object]) -> None:
        """Note how the last write went, by what was answered."""
        if any(isinstance(answer, Unavailable) for answer in answers):
            self._failed = monotonic()
        else:
            self._failed = float("-inf")

    async def check(self) -> None:
        """See that requests can be answered.

        Raises
        ------
        ProblemError : they cannot, and what about it.
        """
        if self._stopping.is_set():
            what = "the service is stopping"
        elif monotonic() - self._failed < _SORE:
            what = "the ledger could not be written"
        else:
            what = await self._reading()
        if what:
            raise ProblemError(
                "unavailable", what, mend="ask another, or again later",
                headers={"Retry-After": "5"},
            )  # fmt: skip

    async def _reading(self) -> str:
        """Look at the ledger, but not for each who asks."""
        if monotonic() - self._looked >= _FRESH:
            self._looked = monotonic()
            try:
                async with asyncio.timeout(_PATIENCE):
                    head, _ = await asyncio.to_thread(self._desk.ledger.head)
                behind = head - self._desk.state.position
                self._what = "the desk is behind the ledger" if behind > _LAG else ""
            except (Unavailable, TimeoutError) as error:
                self._what = "the ledger cannot be read"
                structlog.get_logger("detente.health").warning("ledger", what=str(error))
        return self._what


class HealthController(Controller):
    """For whoever watches over the service, without a token; neither tells what goes on in it."""

    path = "/"
    tags = ("operation",)
    opt = {PUBLIC: True}  # noqa: RUF012
    security = ({},)

    @get("/health")
    async def health(self) -> Condition:
        """Tell that the service is alive."""
        return Condition("alive")

    @get("/ready")
    async def ready(self, readiness: Readiness) -> Condition:
        """Tell whether the ledger can be used and the service is up to date with it."""
        await readiness.check()
        return Condition("ready")
