"""A scenario: what its three files say, as values.

``scenario.toml`` is what holds and what was chosen, ``reported.toml`` what was said, with where it
can be read, and ``synthetic.toml`` what is made up. They are apart, so that nobody takes one for
the other. How to write one: ``scenarios/README.md``.
"""

from datetime import UTC, date, datetime, time

from msgspec import Struct

from detente.authority import AUTHORITY
from detente.record.occurrence import Occurrence
from detente.record.statement import (
    Grade,
    Position,
    Speaker,
    Statement,
    Subject,
    SubjectKind,
)

__all__ = [
    "Airspace",
    "Chosen",
    "Event",
    "Flight",
    "Given",
    "Grades",
    "Look",
    "Made",
    "Member",
    "Question",
    "Report",
    "Reported",
    "Scenario",
    "Sensor",
    "Stranger",
]


class Airspace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The charter's name and minima, each with its unit."""

    name: str
    horizontal: str
    vertical: str


class Member(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party that files."""

    id: str
    name: str = ""


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What statements of one scope are compared about."""

    scope: str
    asks: str


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What statements are about; ``entered`` is when the authority enters it."""

    id: str
    entered: datetime
    description: str
    place: str
    corners: tuple[tuple[float, float], ...]
    start: datetime
    end: datetime
    questions: tuple[Question, ...]

    def occurrence(self) -> Occurrence:
        """Make the record's noun of it."""
        return Occurrence(
            id=self.id,
            description=self.description,
            start=self.start,
            end=self.end,
            place=self.place,
            corners=self.corners,
            questions=tuple((each.scope, each.asks) for each in self.questions),
        )


class Given(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A grade, and the statements that it is given to."""

    statements: tuple[str, ...]
    reliability: str
    credibility: int
    reason: str


class Grades(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The authority's grades, and whose choice they are."""

    choice: str
    given: tuple[Given, ...]

    def of(self, statement: str) -> Grade | None:
        """Give a statement's grade, with the reason saying whose choice it is."""
        for each in self.given:
            if statement in each.statements:
                reason = f"{self.choice}: {each.reason}"
                return Grade(each.reliability, each.credibility, reason)
        return None


class Chosen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``scenario.toml``.

    Parameters
    ----------
    label : what is said wherever something synthetic is shown.
    begin : when the authority begins.
    """

    name: str
    title: str
    label: str
    begin: datetime
    airspace: Airspace
    parties: tuple[Member, ...]
    event: Event
    grades: Grades


class Report(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statement as it was reported; fields as in ``Statement``, and beside them these.

    Parameters
    ----------
    entered : when the authority enters it.
    about : another statement; by default the event.
    said, published : the day.
    checked : how far the citation could be checked.
    """

    id: str
    entered: datetime
    side: str
    position: Position
    scope: str
    claim: str
    citation: str
    checked: str
    about: str = ""
    role: str = ""
    name: str = ""
    anonymous: bool = False
    hedge: str = ""
    on_record: bool = True
    outlet: str = ""
    via: tuple[str, ...] = ()
    said: date | None = None
    published: date | None = None

    def statement(self, event: str) -> Statement:
        """Make the record's noun of it; a day is its beginning in UTC, for no hour is known."""
        about = (
            Subject(SubjectKind.STATEMENT, f"{AUTHORITY}/{self.about}")
            if self.about
            else Subject(SubjectKind.EVENT, event)
        )
        return Statement(
            id=self.id,
            about=about,
            speaker=Speaker(self.side, self.role, self.name, self.anonymous),
            position=self.position,
            scope=self.scope,
            claim=self.claim,
            hedge=self.hedge,
            on_record=self.on_record,
            outlet=self.outlet,
            via=self.via,
            said=_day(self.said),
            published=_day(self.published),
            citation=self.citation,
        )


class Reported(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``reported.toml``."""

    statements: tuple[Report, ...]


class Flight(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A synthetic flight that a party files.

    Parameters
    ----------
    fixes : minutes after ``start``, latitude, longitude, feet of pressure altitude.
    avoids : feet that it climbs by when it is told to avoid a place; 0 where it does nothing.
    """

    party: str
    id: str
    filed: datetime
    start: datetime
    fixes: tuple[tuple[float, float, float, float], ...]
    callsign: str = ""
    avoids: float = 0.0

    @property
    def name(self) -> str:
        """How the authority calls it."""
        return f"{self.party}/{self.id}"


class Sensor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the synthetic sensor is like.

    Parameters
    ----------
    every : seconds between reports.
    accuracy, scatter : metres, as it says, and as it is (standard deviation in each direction).
    low : seconds at the end of a declared flight in which it is too low to be seen.
    """

    source: str
    every: int
    accuracy: float
    scatter: float
    seed: int
    low: int = 0


class Look(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an undeclared aircraft is said to look like, so many minutes after it was first seen."""

    what: str
    by: str
    after: float
    sure: float | None = None
    note: str = ""


class Stranger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A synthetic aircraft that nobody declared; ``fixes`` as of a flight."""

    number: str
    start: datetime
    fixes: tuple[tuple[float, float, float, float], ...]
    indication: Look | None = None


class Made(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``synthetic.toml``; ``synthetic`` has to be said, and to be true."""

    synthetic: bool
    flights: tuple[Flight, ...]
    sensor: Sensor
    undeclared: tuple[Stranger, ...]


class Scenario(Struct, frozen=True):
    """A scenario."""

    chosen: Chosen
    reported: Reported
    made: Made

    @property
    def name(self) -> str:
        """What it is called."""
        return self.chosen.name


def _day(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
