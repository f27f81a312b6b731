"""A scenario goes through an authority: everything in the order of its time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from typing import NamedTuple

from msgspec.structs import replace

from detente.airspace import Separation
from detente.authority import AUTHORITY, Charter, Command, Notice, Outcome, Path4D
from detente.authority.command import (
    Amend,
    EnterOccurrence,
    EnterStatement,
    Found,
    GradeStatement,
    Indicate,
    NameAircraft,
    Observe,
    RegisterParty,
)
from detente.authority.event import CommandRejected
from detente.authority.extent import instant
from detente.authority.notice import ToldAlert
from detente.authority.register import Aircraft, Intent, IntentState
from detente.cli.demo.scenario import Flight, Look, Report, Scenario, Stranger
from detente.cli.demo.sky import Sky, climbing, path_of_flight
from detente.cli.rehearsal.player import Player
from detente.cli.watching.declarations import declared_of
from detente.cli.watching.telling import alert_of
from detente.errors import InputError
from detente.ledger.desk import Desk
from detente.record.standing import Standings, standing_of
from detente.watch.track import Conformance, Indication, Track
from detente.watch.watch import Watch, Watching

__all__ = ["Play", "Voiced", "Warned"]

_NAMED = timedelta(minutes=1)
"""How long before its start a party says which aircraft flies a flight."""

_REACTION = timedelta(seconds=15)
"""From a warning to what the pilot does about it."""

_AFTER = timedelta(minutes=2)
"""For so long after the last is gone the sky is looked at."""

_ALOFT = (
    IntentState.ACTIVATED,
    IntentState.NONCONFORMING,
    IntentState.CONTINGENT,
    IntentState.HELD,
)


class Voiced(NamedTuple):
    """A statement that was entered, and how the event stood after it."""

    report: Report
    standings: Standings


class Warned(NamedTuple):
    """A party was told to avoid a place, and what its flight did about it."""

    at: datetime
    party: str
    alert: ToldAlert
    climbed: float


@dataclass(slots=True)
class Play:
    """A run of a scenario.

    Parameters
    ----------
    desk : on a ledger that is empty.
    scenario : what is run.

    Attributes
    ----------
    players : the parties, by name, with all that each was told.
    told : the same as it was told.
    undeclared : when each undeclared track was first found to be so, and as it was then.
    warned : who was told to avoid what.
    voiced : statement by statement, how the event stood.
    """

    desk: Desk
    scenario: Scenario
    players: dict[str, Player] = field(default_factory=dict)
    told: dict[str, list[Notice]] = field(default_factory=dict)
    undeclared: dict[str, tuple[datetime, Track]] = field(default_factory=dict)
    warned: list[Warned] = field(default_factory=list)
    voiced: list[Voiced] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _noted: int = 0
    _sky: Sky = field(init=False)
    _watch: Watch = field(init=False)
    _declared: dict[str, Intent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sky = Sky(self.scenario.made)
        self._watch = Watch(Watching(separation=self._minima))

    def run(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Let it pass, from the beginning to the last statement.

        Raises
        ------
        InputError : what the authority refuses to put on record.
        """
        self._open()
        made, event = self.scenario.made, self.scenario.chosen.event
        for flight in made.flights:
            self._note(flight.filed, partial(self._file, flight))
        self._note(min(flight.start for flight in made.flights), self._look)
        for stranger in made.undeclared:
            look = stranger.indication
            if look is not None:
                self._note(
                    stranger.start + timedelta(minutes=look.after),
                    partial(self._indicate, stranger, look),
                )
        self._note(event.entered, self._enter)
        for report in self.scenario.reported.statements:
            self._note(report.entered, partial(self._say, report))
        done = 0
        while self._agenda:
            at, _, act = heappop(self._agenda)
            act(at)
            done += 1
            if progress is not None:
                progress(done, done + len(self._agenda))

    def _note(self, at: datetime, act: Callable[[datetime], None]) -> None:
        self._noted += 1
        heappush(self._agenda, (at, self._noted, act))

    def _do(self, command: Command) -> None:
        """Ask for something; then everybody reads what they were told."""
        answer = self.desk.submit(command)
        if isinstance(answer, Outcome) and isinstance(answer.events[0], CommandRejected):
            said = answer.events[0]
            raise InputError(said.what, field=said.field or None, mend=said.mend or None)
        for name, player in self.players.items():
            for notice in self.desk.notices(name, player.heard, 10_000):
                self.told[name].append(notice)
                for when, intent in player.hear(notice):
                    self._note(
                        max(when, command.at),
                        partial(self._act, player, intent),
                    )
                for content in notice.contents:
                    if isinstance(content, ToldAlert):
                        self._heed(name, content, notice.at)

    @property
    def _minima(self) -> Separation:
        airspace = self.scenario.chosen.airspace
        return Separation.parse(airspace.horizontal, airspace.vertical)

    def _key(self) -> str:
        return f"demo {self.desk.state.position + 1}"

    def _open(self) -> None:
        chosen, minima = self.scenario.chosen, self._minima
        charter = Charter(
            name=chosen.airspace.name, horizontal=minima.horizontal, vertical=minima.vertical
        )
        # of a scenario everybody may know it: the same scenario gives the same ledger
        self._do(Found(at=chosen.begin, key=self._key(), charter=charter, salt=chosen.name))
        for party in chosen.parties:
            self._do(
                RegisterParty(at=chosen.begin, key=self._key(), party=party.id, name=party.name)
            )
            self.players[party.id], self.told[party.id] = Player(party.id), []

    # what the parties do

    def _file(self, flight: Flight, at: datetime) -> None:
        self._do(self.players[flight.party].file(flight.id, path_of_flight(flight), at))
        if flight.callsign:
            self._note(flight.start - _NAMED, partial(self._name, flight))

    def _name(self, flight: Flight, at: datetime) -> None:
        own = self.players[flight.party].flights[flight.id]
        if own.state is not IntentState.ACCEPTED:
            return
        aircraft = Aircraft(callsign=flight.callsign)
        self._do(
            NameAircraft(
                at=at, by=flight.party, key=self._key(), intent=flight.id, version=own.version,
                aircraft=aircraft,
            )
        )  # fmt: skip

    def _act(self, player: Player, intent: str, at: datetime) -> None:
        command = player.act(intent, at)
        if command is not None:
            self._do(command)

    def _heed(self, party: str, alert: ToldAlert, at: datetime) -> None:
        if alert.over or any(alert.alert == warned.alert.alert for warned in self.warned):
            return
        flights = {flight.id: flight for flight in self.scenario.made.flights}
        feet = flights[alert.intent].avoids if alert.intent in flights else 0.0
        self.warned.append(Warned(at, party, alert, feet))
        if feet:
            self._note(at + _REACTION, partial(self._climb, party, alert.intent, feet))

    def _climb(self, party: str, intent: str, feet: float, at: datetime) -> None:
        own = self.players[party].flights[intent]
        higher = climbing(own.extent, at, feet) if isinstance(own.extent, Path4D) else None
        if higher is not None and own.state in _ALOFT:
            self._do(
                Amend(
                    at=at, by=party, key=self._key(), intent=intent, version=own.version,
                    extent=higher,
                )
            )  # fmt: skip

    # what the authority does

    def _enter(self, at: datetime) -> None:
        event = self.scenario.chosen.event
        tracks = tuple(self.undeclared)
        occurrence = replace(event.occurrence(), tracks=tracks)
        self._do(EnterOccurrence(at=at, key=self._key(), occurrence=occurrence, public=True))

    def _say(self, report: Report, at: datetime) -> None:
        event = self.scenario.chosen.event.id
        statement = report.statement(event)
        self._do(EnterStatement(at=at, key=self._key(), statement=statement, public=True))
        grade = self.scenario.chosen.grades.of(report.id)
        if grade is not None:
            name = f"{AUTHORITY}/{report.id}"
            self._do(GradeStatement(at=at, key=self._key(), statement=name, grade=grade))
        state = self.desk.state
        known = state.occurrences[event].occurrence
        standings = standing_of(known, state.statements.values(), state.tracks.values())
        self.voiced.append(Voiced(report, standings))

    # what the watch does

    def _look(self, at: datetime) -> None:
        """See the sky once, and tell the authority what is new; then look again."""
        self._declare()
        aloft = {
            name: intent.extent
            for name, intent in self.desk.state.intents.items()
            if intent.state in _ALOFT and isinstance(intent.extent, Path4D)
        }
        self._watch.see(self._sky.reports(at, aloft))
        found = self._watch.step(instant(at))
        # the sensor is made up: so is all that comes of it
        tracks = tuple(replace(track, synthetic=True) for track in found.tracks)
        alerts = tuple(replace(alert_of(alert), synthetic=True) for alert in found.alerts)
        if tracks or found.unseen or alerts:
            self._do(
                Observe(
                    at=at, key=self._key(), tracks=tracks, unseen=found.unseen, alerts=alerts
                )
            )  # fmt: skip
        for track in tracks:
            if track.conformance is Conformance.UNDECLARED and track.id not in self.undeclared:
                self.undeclared[track.id] = at, track
        if at < self._sky.ends + _AFTER or aloft:
            self._note(at + timedelta(seconds=self.scenario.made.sensor.every), self._look)

    def _declare(self) -> None:
        """Let the watch know what is declared now, and was not or was otherwise."""
        now = {
            name: intent
            for name, intent in self.desk.state.intents.items()
            if intent.stands and intent.extent is not None
        }
        for name in self._declared.keys() - now.keys():
            self._watch.withdraw(name)
        for name, intent in now.items():
            if intent != self._declared.get(name):
                self._watch.declare(declared_of(intent))
        self._declared = now

    def _indicate(self, stranger: Stranger, look: Look, at: datetime) -> None:
        """Attach what an observer makes of an aircraft to the track that is there."""
        lat, lon = self._sky.place(stranger, at)
        seen = [self.desk.state.tracks[id] for id in self.undeclared]
        near = min(
            seen, default=None,
            key=lambda one: (one.track.fix.lat - lat) ** 2 + (one.track.fix.lon - lon) ** 2,
        )  # fmt: skip
        if near is not None:
            said = Indication(look.what, look.by, at, look.sure, look.note)
            self._do(Indicate(at=at, key=self._key(), track=near.track.id, indication=said))
