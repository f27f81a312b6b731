"""One use of ``detente watch``: what its options say, made into a watch that runs."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from math import inf
from typing import TYPE_CHECKING

import msgspec

from detente.airspace import Separation
from detente.api.logs import set_up
from detente.authority.charter import Charter
from detente.cli.connection import answered
from detente.cli.reading import Reading
from detente.cli.watching.account import Account
from detente.cli.watching.declarations import Declarations
from detente.cli.watching.outbox import Outbox
from detente.cli.watching.running import Authority, Run
from detente.cli.watching.screen import screen
from detente.cli.watching.sending import Sending
from detente.cli.watching.telling import close_what_was_left
from detente.client import AsyncClient, Patience
from detente.errors import InputError
from detente.feeds.feed import Feed
from detente.feeds.intake import Counts, Intake
from detente.feeds.recording import Recording
from detente.feeds.replay import Step
from detente.units import parse_duration
from detente.watch.declared import Declared
from detente.watch.watch import Watch, Watching

if TYPE_CHECKING:
    from detente.cli.watch import Declaring, Telling

__all__ = ["Session"]


class Session:
    """What is compared with what, and whom it is told.

    Parameters
    ----------
    telling, declaring, reading, json : as of the command.
    """

    def __init__(
        self, telling: "Telling", declaring: "Declaring", reading: Reading, *, json: bool
    ) -> None:
        self._telling = telling
        self._declaring = declaring
        self._reading = reading
        self._json = json

    def live(self, feeds: Sequence[Feed], intake: Intake) -> None:
        """Watch feeds until it is stopped."""

        async def run() -> None:
            async with self._running([feed.counts for feed in feeds]) as (running, _):
                await running.live(feeds, intake)

        asyncio.run(run())

    def replay(self, recording: Recording, steps: Iterator[Step], speed: float | None) -> bool:
        """Watch a recording to its end; tell whether anything was found.

        Raises
        ------
        InputError : nothing can be read of it.
        """

        async def run() -> bool:
            async with self._running([recording.counts]) as (running, account):
                await running.replay(steps, speed)
                if not recording.counts.received:
                    why = ", ".join(recording.counts.refused) or "nothing is in it"
                    raise InputError(
                        f"no sighting ({why})", file=recording.counts.feed,
                        mend="see docs/watch.md",
                    )  # fmt: skip
            return account.alarming

        return asyncio.run(run())

    @asynccontextmanager
    async def _running(self, counts: Sequence[Counts]) -> AsyncIterator[tuple[Run, Account]]:
        """Make all that runs; at the end, show what there was."""
        account = Account(counts)
        async with self._compared([one.feed for one in counts]) as (watch, authority):
            sending = None if authority is None else authority.sending
            shown = screen(account, sending, json=self._json)
            with shown:
                set_up("console" if sys.stderr.isatty() else "json")
                yield Run(watch, account, shown, authority), account
        shown.end()

    @asynccontextmanager
    async def _compared(
        self, feeds: Sequence[str]
    ) -> AsyncIterator[tuple[Watch, Authority | None]]:
        """Make the watch, with what was declared."""
        if self._telling.authority is not None:
            async with self._asked(feeds) as found:
                yield found
            return
        declaring = self._declaring
        minima = Separation.parse(declaring.horizontal, declaring.vertical)
        watch = Watch(Watching(separation=minima))
        for declared in self._flights():
            watch.declare(declared)
        yield watch, None

    @asynccontextmanager
    async def _asked(self, feeds: Sequence[str]) -> AsyncIterator[tuple[Watch, Authority]]:
        """Ask the authority what was declared, and what it has laid down."""
        connection = self._telling.connection
        bearer = connection.bearer()  # where there is none, that is said now
        # one in a file may be renewed while the watch runs
        token = bearer if connection.token_file is None else connection.bearer
        within = Patience(total=parse_duration(connection.within, field="within"))
        async with (
            AsyncClient(connection.url, token, patience=within) as client,
            AsyncClient(connection.url, token, patience=Patience(total=inf)) as patient,
        ):
            with answered("authority"):
                charter = await _charter(client)
                declarations = Declarations(client, patient)
                await declarations.begin()
                outbox = Outbox()
                await close_what_was_left(client, outbox, feeds)
            minima = Separation(charter.horizontal, charter.vertical)
            watch = Watch(Watching(separation=minima, reference=charter.reference))
            yield watch, Authority(declarations, outbox, Sending(client, outbox))

    def _flights(self) -> Iterator[Declared]:
        """Read the flights of the file that stand for what was declared."""
        if self._declaring.intents is None:
            return
        for flight in self._reading.read(self._declaring.intents, {}):
            name = f"{flight.party}/{flight.id}"
            yield Declared(name=name, party=flight.party, extent=flight)


async def _charter(client: AsyncClient) -> Charter:
    """Read what was laid down, in the ledger's first entry."""
    async for entry in client.entries(after=0, page=1):
        for event in entry.outcome["events"]:
            if event["type"] == "Founded":
                return msgspec.convert(event["charter"], Charter)
        break
    return Charter()
