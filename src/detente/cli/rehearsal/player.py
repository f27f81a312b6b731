"""A party at a rehearsal: it files, takes what it is offered, and knows only what it was told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from detente.authority import Command, Extent, IntentState, Notice, Path4D
from detente.authority.command import (
    Activate,
    Amend,
    End,
    File,
    NameAircraft,
    Take,
    Withdraw,
)
from detente.authority.disclosure import (
    Content,
    OwnIntent,
    Refusal,
    SharedIntent,
    SharedVolumes,
)
from detente.authority.extent import span
from detente.authority.register import Aircraft, Offer

__all__ = ["Line", "Own", "Player", "last_of"]

_REACTION = timedelta(seconds=30)
"""From a notice to what the party does about it."""

_LATER = timedelta(minutes=30)
"""How much later it asks to fly where nothing was offered."""

_TRIES = 6
"""Answers to one flight that it acts on; then it does not fly it."""

_ALOFT = (IntentState.ACTIVATED, IntentState.HELD)

_CALLSIGN = re.compile(r"([A-Z]{3}[0-9][A-Z0-9]{0,3})(_[0-9]+)?")
"""An operator's callsign, and the number that ``traffic`` puts behind it for a flight's name."""


@dataclass(slots=True)
class Own:
    """What a party knows of one of its flights.

    Parameters
    ----------
    extent : what was accepted last. asked : what it asked for last.
    offers, until : what it could do instead, and until when it may choose.
    flown : it was activated. tries : how many answers were acted on.
    last : what was last decided on it.
    """

    intent: str
    version: int = 0
    state: IntentState = IntentState.REFUSED
    extent: Extent | None = None
    asked: Extent | None = None
    offers: tuple[Offer, ...] = ()
    until: datetime | None = None
    flown: bool = False
    tries: int = 0
    last: IntentState = IntentState.REFUSED


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a party's diary: what it heard, in a word.

    Parameters
    ----------
    kind : of its own flight "accepted", "refused", "pending", "held", "released", "offered",
        "flown", "named", "ended"; of a command "rejected"; else "public" or "shared".
    """

    at: datetime
    kind: str
    content: Content


@dataclass(slots=True)
class Player:
    """One party.

    Parameters
    ----------
    name : the party's.
    diary : all that it was told.
    flights : what it knows of its own flights.
    heard : how many notices it has read.
    """

    name: str
    diary: list[Line] = field(default_factory=list)
    flights: dict[str, Own] = field(default_factory=dict)
    heard: int = 0
    _sent: int = 0

    def file(self, intent: str, extent: Extent, at: datetime) -> Command:
        """Ask to make a flight."""
        self.flights[intent] = Own(intent, asked=extent)
        return File(at=at, by=self.name, key=self._key(), intent=intent, extent=extent)

    def hear(self, notice: Notice) -> Iterator[tuple[datetime, str]]:
        """Take a notice in; give when to act on which of its flights."""
        self.heard = notice.number
        for content in notice.contents:
            if not isinstance(content, OwnIntent):
                kind = "rejected" if isinstance(content, Refusal) else _kind(content)
                self.diary.append(Line(notice.at, kind, content))
                continue
            own = self.flights[content.intent]
            kind = _own_kind(own, content)
            self.diary.append(Line(notice.at, kind, content))
            self._note(own, content)
            when = self._when(own, kind, notice.at)
            if when is not None:
                yield when, own.intent

    def act(self, intent: str, at: datetime) -> Command | None:
        """Do what is due about a flight now, if anything is."""
        own = self.flights[intent]
        name, version = own.intent, own.version
        if own.state is IntentState.ENDED or own.tries > _TRIES:
            return None
        if own.offers and own.until is not None and at <= own.until:
            own.tries += 1
            best = own.offers[0].id
            return Take(
                at=at, by=self.name, key=self._key(), intent=name, version=version, offer=best
            )
        if own.state in _ALOFT and own.flown:
            if own.extent is not None and span(own.extent)[1] <= at:
                return End(at=at, by=self.name, key=self._key(), intent=name, version=version)
            return None
        if own.state is IntentState.ACCEPTED and own.extent is not None:
            start = span(own.extent)[0]
            if start == at:
                return Activate(at=at, by=self.name, key=self._key(), intent=name, version=version)
            return None if start > at else self._ask_later(own, at)
        if own.state in (IntentState.REFUSED, IntentState.HELD):
            return self._ask_later(own, at)
        return None

    def name_aircraft(self, intent: str, at: datetime) -> Command | None:
        """Say by which callsign a flight will be heard, where its name says that."""
        own, said = self.flights[intent], _CALLSIGN.fullmatch(intent)
        if said is None or own.state in (IntentState.ENDED, IntentState.REFUSED):
            return None
        return NameAircraft(
            at=at, by=self.name, key=self._key(), intent=own.intent, version=own.version,
            aircraft=Aircraft(callsign=said[1]),
        )  # fmt: skip

    def give_up(self, intent: str, at: datetime) -> Command | None:
        """Take back a flight that did not come about."""
        own = self.flights[intent]
        if own.flown or own.state in (IntentState.ENDED, IntentState.REFUSED):
            return None
        return Withdraw(
            at=at, by=self.name, key=self._key(), intent=own.intent, version=own.version
        )

    def _ask_later(self, own: Own, at: datetime) -> Command | None:
        """Ask for the same flight later: by half hours, until it lies ahead."""
        wanted = own.asked or own.extent
        own.tries += 1
        if own.tries > _TRIES or not isinstance(wanted, Path4D):
            return None
        start = wanted.start + _LATER
        while start <= at:
            start += _LATER
        own.asked = replace(wanted, start=start)
        return Amend(
            at=at, by=self.name, key=self._key(), intent=own.intent, version=own.version,
            extent=own.asked,
        )  # fmt: skip

    def _note(self, own: Own, told: OwnIntent) -> None:
        own.version, own.state = told.version, told.state
        own.last = last_of(told.state, own.last)
        own.extent = told.extent or own.extent
        own.asked = told.asked or own.asked
        own.flown = own.flown or told.state is IntentState.ACTIVATED
        given = told.alternatives
        own.offers = () if given is None else given.offers
        own.until = None if given is None else given.until

    @staticmethod
    def _when(own: Own, kind: str, at: datetime) -> datetime | None:
        """Say when to act on what was just told."""
        soon = at + _REACTION
        if own.offers or (kind == "refused" and not own.flown):
            return soon
        if kind in ("accepted", "released", "flown", "offered") and own.extent is not None:
            # where nothing was offered, it waits on the ground until it would have left
            start, end = span(own.extent)
            return end if own.flown else max(start, soon)
        return None

    def _key(self) -> str:
        self._sent += 1
        return f"{self._sent}"


def last_of(state: IntentState, before: IntentState) -> IntentState:
    """Give what was last decided on a flight: that it is flown, or over, is no decision."""
    if state is IntentState.ENDED:
        return before
    return IntentState.ACCEPTED if state is IntentState.ACTIVATED else state


def _own_kind(own: Own, told: OwnIntent) -> str:
    """Say in a word what became of a flight."""
    if told.alternatives is not None:
        return "refused" if told.asked is not None else "offered"
    if told.ended:
        return "ended"
    if told.aircraft is not None:
        return "named"
    if told.state in (IntentState.HELD, IntentState.PENDING):
        return told.state.value
    if told.extent is not None:
        return "accepted"
    return "released" if own.state is IntentState.HELD else "flown"


def _kind(told: Content) -> str:
    return "shared" if isinstance(told, SharedIntent | SharedVolumes) else "public"
