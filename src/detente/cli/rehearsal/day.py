"""One day at a desk: everything in the order of its time, and each party told as it happens."""

from collections.abc import Callable, Sequence
from datetime import datetime
from heapq import heappop, heappush

from detente.airspace import Flights
from detente.authority import Charter, Command, Outcome, Path4D, Sharing, View, path_of
from detente.authority.command import (
    CloseCycle,
    FormCoalition,
    Found,
    Join,
    LiftConstraint,
    OpenCycle,
    PublishConstraint,
    RegisterParty,
)
from detente.authority.event import CommandRejected
from detente.cli.rehearsal.player import Player
from detente.cli.rehearsal.scenario import LEAD, LEAD_OF_CYCLE, Scenario, dealt
from detente.errors import InputError
from detente.ledger.desk import Desk

__all__ = ["CLOSURE", "COALITION", "CYCLE", "Day"]

CLOSURE, COALITION, CYCLE = "closure", "neighbours", "evening"
"""What the constraint, the coalition and the planning cycle of the day are called."""


class Day:
    """A day that is rehearsed.

    Parameters
    ----------
    desk : on a ledger that is empty.
    charter : what holds.
    flights : as recorded.
    parties : whom they are dealt to.
    seed : how they are dealt.

    Attributes
    ----------
    scenario : when what happens.
    players : the parties, by name.
    views : what each may know at the end.
    """

    def __init__(
        self, desk: Desk, charter: Charter, flights: Flights, parties: Sequence[str], seed: int
    ) -> None:
        self.scenario = Scenario.of(flights)
        self.players = {party: Player(party) for party in parties}
        self.views: dict[str, View] = {}
        self._desk = desk
        self._charter = charter
        self._flights = dealt(flights, parties, seed)
        self._paths: dict[str, Path4D] = {}
        self._agenda: list[tuple[datetime, int, Command | tuple[str, str]]] = []
        self._noted = 0

    def run(
        self,
        progress: Callable[[int, int], None] | None = None,
        *,
        until: datetime | None = None,
    ) -> None:
        """Let the day pass, and end; or let it come to a time, and leave it there.

        Where it is left, the flights to come have their aircraft named, for a watch to know them.

        Raises
        ------
        InputError : a party or a flight with an identifier that cannot be one.
        """
        for command in self._ceremony():
            self._note(command.at, command)
        begin, end = self.scenario.cycle
        for party, flight in self._flights:
            path = self._paths[flight.id] = path_of(flight)
            lead = LEAD_OF_CYCLE if begin <= path.start < end else LEAD
            self._note(path.start - lead, (party, flight.id))
        done = 0
        while self._agenda and (until is None or self._agenda[0][0] <= until):
            at, _, what = heappop(self._agenda)
            self._do(what if isinstance(what, Command) else self._of_party(*what, at))
            done += 1
            if progress is not None:
                progress(done, done + len(self._agenda))
        for party, flight in self._flights if until is None else ():
            self._do(self.players[party].give_up(flight.id, self.scenario.end))
        if until is not None:
            for player in self.players.values():
                for intent in player.flights:
                    self._do(player.name_aircraft(intent, until))
        self.views = {party: self._desk.view(party) for party in self.players}

    def _of_party(self, party: str, intent: str, at: datetime) -> Command | None:
        player = self.players[party]
        if intent in player.flights:
            return player.act(intent, at)
        return player.file(intent, self._paths[intent], at)

    def _do(self, command: Command | None) -> None:
        if command is None:
            return
        answer = self._desk.submit(command)
        if isinstance(answer, Outcome) and isinstance(answer.events[0], CommandRejected):
            said = answer.events[0]
            raise InputError(said.what, field=said.field or None, mend=said.mend or None)
        for player in self.players.values():
            if player.name not in self._desk.state.parties:
                continue
            for notice in self._desk.notices(player.name, player.heard, 10_000):
                for when, intent in player.hear(notice):
                    self._note(max(when, command.at), (player.name, intent))

    def _note(self, at: datetime, what: Command | tuple[str, str]) -> None:
        self._noted += 1
        heappush(self._agenda, (at, self._noted, what))

    def _ceremony(self) -> list[Command]:
        """Give what is known of the day beforehand: what the authority does, and who shares."""
        day = self.scenario
        members = list(self.players)[:2] if len(self.players) > 2 else []
        cutoff = day.cycle[0] - LEAD
        return [
            Found(
                # of a rehearsal everybody may know it: the same day gives the same ledger
                at=day.begin, key="found", charter=self._charter, salt="rehearsal",
            ),
            *(RegisterParty(at=day.begin, key=f"party {p}", party=p) for p in self.players),
            OpenCycle(
                at=day.begin, key="cycle", cycle=CYCLE, start=day.cycle[0], end=day.cycle[1],
                cutoff=cutoff,
            ),
            PublishConstraint(
                at=day.announced, key="close", constraint=CLOSURE, volumes=day.place,
                reason="search and rescue",
            ),
            LiftConstraint(at=day.lifted, key="lift", constraint=CLOSURE, version=1),
            *(
                FormCoalition(
                    at=day.joined, key="coalition", coalition=COALITION, invited=tuple(members)
                )
                for _ in members[:1]
            ),
            *(
                Join(at=day.joined, by=p, key="join", coalition=COALITION, shares=Sharing.VOLUMES)
                for p in members
            ),
            CloseCycle(at=cutoff, key="plan", cycle=CYCLE),
        ]  # fmt: skip
