"""What was declared: the authority's intents, read once and then followed."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from detente.authority.event import IntentEvent
from detente.authority.extent import Path4D, trajectory_of, volumes_of
from detente.authority.register import Intent
from detente.client import AsyncClient, ClientError, NotFound
from detente.errors import InputError
from detente.feeds.waits import Waits
from detente.watch.declared import Declared

__all__ = ["Changes", "Declarations", "declared_of"]

_PAGE = 500
_MANY = 200
"""Intents that changed at once; if there are more, all are read again."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is declared now, and was not or was otherwise; and the names of what is no more."""

    declared: tuple[Declared, ...] = ()
    withdrawn: tuple[str, ...] = ()


class Declarations:
    """The intents that others are kept clear of, as the authority has them.

    What an outcome says of an intent is not folded here: the intent is read again. So there is
    nothing to be repeated of the authority's rules, and a change that is missed or seen twice
    does no harm.

    Parameters
    ----------
    client : asks as the authority.
    patient : the same, with patience for any outage: it follows.
    """

    def __init__(self, client: AsyncClient, patient: AsyncClient) -> None:
        self._client = client
        self._patient = patient
        self._after = 0
        self._known: dict[str, Declared] = {}
        self._changed: dict[str, Declared | None] = {}
        self._due: set[str] = set()
        self._wake = asyncio.Event()
        self._log: Any = structlog.get_logger("detente")

    def __len__(self) -> int:
        """Count what is declared."""
        return len(self._known)

    async def begin(self) -> None:
        """Read all.

        Raises
        ------
        ClientError : no answer, or another one.
        """
        self._after = (await self._client.head()).position
        await self._read_all()

    async def follow(self) -> None:
        """Read again what changes, until it is cancelled; an outage is waited out."""
        waits = Waits()
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._listen())
                    tasks.create_task(self._refresh())
            except* ClientError as errors:  # such as a token that holds no more
                self._log.warning("unreached", why=str(errors.exceptions[0]))
            # what came meanwhile was not heard
            while True:
                await asyncio.sleep(waits.next())
                try:
                    await self.begin()
                except ClientError:
                    continue
                waits.over()
                break

    def take(self) -> Changes:
        """Take what has changed since it was last taken."""
        changed, self._changed = self._changed, {}
        return Changes(
            tuple(one for one in changed.values() if one is not None),
            tuple(name for name, one in changed.items() if one is None),
        )

    async def _listen(self) -> None:
        async for _, outcome in self._patient.outcomes(after=self._after):
            names = {event.name for event in outcome.events if isinstance(event, IntentEvent)}
            if names:
                self._due |= names
                self._wake.set()

    async def _refresh(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            names, self._due = self._due, set()
            if len(names) > _MANY:
                await self._read_all()
                continue
            for name in sorted(names):
                try:
                    self._put(name, await self._patient.any_intent(name))
                except NotFound:
                    self._put(name, None)

    async def _read_all(self) -> None:
        gone = set(self._known)
        async for intent in self._client.every_intent(page=_PAGE):
            gone.discard(intent.name)
            self._put(intent.name, intent)
        for name in gone:
            self._put(name, None)

    def _put(self, name: str, intent: Intent | None) -> None:
        now = None
        if intent is not None and intent.stands and intent.extent is not None:
            try:
                now = declared_of(intent)
            except InputError as error:
                self._log.warning("unusable", intent=name, why=str(error))
        if now is not None:
            self._known[name] = self._changed[name] = now
        elif self._known.pop(name, None) is not None:
            self._changed[name] = None


def declared_of(intent: Intent) -> Declared:
    """Give an intent as the watch compares tracks with it; it must have an extent."""
    extent, aircraft = intent.extent, intent.aircraft
    assert extent is not None
    return Declared(
        name=intent.name,
        party=intent.party,
        extent=trajectory_of(extent, intent.name, intent.party, intent.priority)
        if isinstance(extent, Path4D)
        else volumes_of(extent, intent.name, intent.party),
        off_nominal=volumes_of(intent.off_nominal, intent.name, intent.party),
        address="" if aircraft is None else aircraft.address,
        callsign="" if aircraft is None else aircraft.callsign,
        airborne=intent.airborne,
    )
