"""A statement: who said what, of what, through whom, and when."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

__all__ = ["Grade", "Position", "Speaker", "Statement", "Subject", "SubjectKind"]


class Position(StrEnum):
    """What a speaker does with the claim."""

    DECLARES = "declares"
    CONFIRMS = "confirms"
    INDICATES = "indicates"
    DENIES = "denies"
    CANNOT_CONFIRM = "cannot confirm"
    DID_NOT_COORDINATE = "did not coordinate"


class SubjectKind(StrEnum):
    """What a statement can be about."""

    INTENT = "intent"
    TRACK = "track"
    EVENT = "event"
    STATEMENT = "statement"


class Subject(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a statement is about.

    Parameters
    ----------
    kind : of what.
    id : an intent's name ("party/id"), a track's or an event's identifier, a statement's name.
    """

    kind: SubjectKind
    id: str


class Speaker(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Who speaks.

    Parameters
    ----------
    side : the party or institution that they speak for, such as "US"; it need not be registered.
    role : such as "defence department spokesman".
    name : only where it is public; "" for one who is not named.
    anonymous : an outlet does not say who it is.
    """

    side: str
    role: str = ""
    name: str = ""
    anonymous: bool = False


class Statement(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One thing that was said. What the authority makes of it is not in it: see ``Grade``.

    Parameters
    ----------
    id : whoever enters it gives it.
    about : what it is about.
    speaker : who speaks.
    position : what they do with the claim.
    scope : which question of the subject it answers, such as "flown" or "coordination":
        statements are compared within a scope.
    claim : what is claimed, in our words, as a clause: "F-4 aircraft flew over the province".
    hedge : how it hedges: "indications", "appears"; "" where it does not.
    on_record : they may be quoted by name.
    outlet : through whom it became known; "" where it was said to the authority.
    via : where that outlet quotes another: the others, the nearest first, the origin last.
    said, published : when; None where not known.
    citation : where it can be read: title, date, address.
    synthetic : it was made up: for a scenario, a test, an exercise.
    """

    id: str
    about: Subject
    speaker: Speaker
    position: Position
    scope: str = "flown"
    claim: str = ""
    hedge: str = ""
    on_record: bool = True
    outlet: str = ""
    via: tuple[str, ...] = ()
    said: datetime | None = None
    published: datetime | None = None
    citation: str = ""
    synthetic: bool = False


class Grade(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """The authority's own grading of a statement (Admiralty code, AJP-2.1 / STANAG 2511).

    Parameters
    ----------
    reliability : of the source, "A" (completely reliable) to "E" (unreliable), "F" (cannot be
        judged).
    credibility : of the information, 1 (confirmed by others) to 5 (improbable), 6 (cannot be
        judged).
    reason : in words; kept.
    """

    reliability: str = "F"
    credibility: int = 6
    reason: str = ""
