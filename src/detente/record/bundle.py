"""Statements as STIX 2.1, in: Detente's own come back as they were, others as far as they go.

What is not understood is counted and named. A bundle is read as it stands: whoever takes it over
decides what to make of it, and in whose name it is entered.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from detente.errors import InputError
from detente.record.grade import check_grade
from detente.record.occurrence import Occurrence
from detente.record.statement import (
    Grade,
    Position,
    Speaker,
    Statement,
    Subject,
    SubjectKind,
)
from detente.record.stix import EXTENSION, opinion_of
from detente.watch.track import Track

__all__ = ["Imported", "Left", "Received", "read_bundle"]

_NAMED = 10
_LONGEST = 1_000

_POSITIONS = {
    "strongly-agree": (Position.CONFIRMS, ""),
    "agree": (Position.INDICATES, ""),
    "neutral": (Position.CANNOT_CONFIRM, ""),
    "disagree": (Position.DENIES, "disagrees, but not strongly"),
    "strongly-disagree": (Position.DENIES, ""),
}
_KINDS = {
    "incident": SubjectKind.EVENT,
    "sighting": SubjectKind.STATEMENT,
    "opinion": SubjectKind.STATEMENT,
    "note": SubjectKind.STATEMENT,
}
_FRAME = ("identity", "extension-definition", "relationship", "marking-definition")

Object = dict[str, Any]


class Received(Struct, frozen=True, gc=False):
    """A statement out of a bundle.

    Parameters
    ----------
    statement : as it was, or as far as it could be told.
    by : who had entered it, in the record that it comes from; "" for one that is not Detente's.
    grade : of the authority that it comes from; None for none.
    """

    statement: Statement
    by: str = ""
    grade: Grade | None = None


class Left(Struct, frozen=True, gc=False):
    """What was not understood.

    Parameters
    ----------
    reason : why, in words.
    count : how often.
    ids : the first of them.
    """

    reason: str
    count: int
    ids: tuple[str, ...]


class Imported(Struct, frozen=True, gc=False):
    """What a bundle holds.

    Parameters
    ----------
    events, tracks : Detente's own.
    statements : Detente's own, and what others say in opinions and sightings.
    left : what was not understood, by reason.
    """

    events: tuple[Occurrence, ...]
    tracks: tuple[Track, ...]
    statements: tuple[Received, ...]
    left: tuple[Left, ...]


def read_bundle(data: bytes | str) -> Imported:
    """Read a STIX 2.1 bundle.

    Raises
    ------
    InputError : it is no JSON, or no bundle.
    """
    try:
        bundle = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        mend = "give a STIX 2.1 bundle"
        raise InputError(f"no JSON: {str(error)[:200]}", mend=mend) from error
    objects = bundle.get("objects", []) if isinstance(bundle, dict) else None
    if not isinstance(objects, list) or bundle.get("type") != "bundle":
        raise InputError("no STIX bundle", field="type", mend='give {"type": "bundle", …}')
    return _Reader(objects).imported()


class _Refused(Exception):  # noqa: N818
    """An object cannot be understood; its text says why, the same for all of one kind."""


class _Reader:
    def __init__(self, objects: list[Any]) -> None:
        self._left: dict[str, list[str]] = defaultdict(list)
        self._counts: dict[str, int] = defaultdict(int)
        self._objects: dict[str, Object] = {}
        self._grades: dict[str, Grade] = {}
        self._events: list[Occurrence] = []
        self._tracks: list[Track] = []
        self._statements: list[Received] = []
        for one in objects:
            self._keep(one)

    def imported(self) -> Imported:
        """Read all, in the order in which they stand."""
        for id, one in self._objects.items():
            try:
                self._read(one)
            except _Refused as why:
                self._leave(str(why), id)
            except (msgspec.ValidationError, InputError, RecursionError):
                self._leave("an object whose fields cannot be read", id)
        return Imported(
            events=tuple(self._events),
            tracks=tuple(self._tracks),
            statements=tuple(
                Received(one.statement, one.by, self._grades.get(f"{one.by}/{one.statement.id}"))
                for one in self._statements
            ),
            left=tuple(
                Left(reason, count, tuple(self._left[reason]))
                for reason, count in sorted(self._counts.items())
            ),
        )

    def _leave(self, reason: str, id: str) -> None:
        self._counts[reason] += 1
        if len(self._left[reason]) < _NAMED:
            self._left[reason].append(id[:_LONGEST])

    def _keep(self, one: Any) -> None:
        """Keep the latest version of each object (STIX 2.1, 3.6)."""
        if not isinstance(one, dict) or not all(isinstance(one.get(f), str) for f in _NEEDED):
            self._leave("no STIX object: it has no type or no id", "")
            return
        id = one["id"]
        other = self._objects.get(id)
        if other is None or str(one.get("modified", "")) > str(other.get("modified", "")):
            self._objects[id] = one

    def _read(self, one: Object) -> None:
        type = one["type"]
        if one.get("revoked") is True:
            raise _Refused("an object that was revoked")
        own = _own(one)
        if own is not None:
            self._read_own(one, own)
        elif type == "opinion":
            self._read_opinion(one)
        elif type == "sighting":
            self._read_sighting(one)
        elif type not in _FRAME:
            raise _Refused(f"an object of type {type[:100]!r}, which says nothing of a flight")

    def _read_own(self, one: Object, own: Object) -> None:
        if "statement" in own:
            statement = msgspec.convert(own["statement"], Statement)
            by = msgspec.convert(own.get("entered_by", ""), str)
            if one["type"] in ("opinion", "note") and opinion_of(statement) != one.get(
                "opinion", ""
            ):
                raise _Refused("a statement that its own opinion contradicts")
            self._statements.append(Received(statement, by))
        elif "grade" in own:
            grade = msgspec.convert(own["grade"], Grade)
            check_grade(grade)
            self._grades[msgspec.convert(own.get("grade_of", ""), str)] = grade
        elif "event" in own:
            self._events.append(msgspec.convert(own["event"], Occurrence))
        elif "track" in own:
            self._tracks.append(msgspec.convert(own["track"], Track))
        elif "intent" not in own:
            raise _Refused("an object of Detente's of a kind that is not known")

    def _read_opinion(self, one: Object) -> None:
        taken = _POSITIONS.get(str(one.get("opinion")))
        if taken is None:
            raise _Refused("an opinion that is not on the scale")
        position, hedge = taken
        refs = one.get("object_refs")
        if not isinstance(refs, list) or not refs:
            raise _Refused("an opinion on nothing")
        subjects = [found for ref in refs if (found := self._subject(ref)) is not None]
        if not subjects:
            raise _Refused("an opinion on what is no event, track, flight or statement")
        authors = one.get("authors")
        named = authors if isinstance(authors, list) else []
        name = ", ".join(author for author in named if isinstance(author, str))
        for k, about in enumerate(dict.fromkeys(subjects), 1):
            id = one["id"] if k == 1 else f"{one['id']}-{k}"
            self._add(one, id, about, position, "flown", one.get("explanation"), name, hedge)

    def _read_sighting(self, one: Object) -> None:
        about = self._subject(one.get("sighting_of_ref"))
        if about is None or about.kind is not SubjectKind.EVENT:
            raise _Refused("a sighting of what is no event")
        never = one.get("count") == 0
        position = Position.DENIES if never else Position.INDICATES
        self._add(one, one["id"], about, position, "seen", one.get("description"))

    def _add(
        self,
        one: Object,
        id: str,
        about: Subject,
        position: Position,
        scope: str,
        words: object,
        name: str = "",
        hedge: str = "",
    ) -> None:
        created = msgspec.convert(one.get("created"), datetime)
        if created.tzinfo is None:
            raise _Refused("an object whose time has no offset")
        text = f": {words}" if isinstance(words, str) and words else ""
        side = self._side(one)
        speaker = Speaker(side, name=name[:_LONGEST], anonymous=not (name or side))
        statement = Statement(
            id=id, about=about, speaker=speaker, position=position, scope=scope, hedge=hedge,
            outlet="STIX", published=created, citation=f"STIX 2.1 {one['id']}{text}"[:_LONGEST],
        )  # fmt: skip
        self._statements.append(Received(statement))

    def _side(self, one: Object) -> str:
        """Give the identity that made an object; "" where that is not in the bundle."""
        sighted = one.get("where_sighted_refs")
        refs = [one.get("created_by_ref"), *(sighted if isinstance(sighted, list) else [])]
        for ref in refs:
            maker = self._objects.get(ref) if isinstance(ref, str) else None
            if maker is not None and maker["type"] == "identity":
                name = maker.get("name")
                if isinstance(name, str) and name.strip():
                    return name[:_LONGEST]
        return ""

    def _subject(self, ref: object) -> Subject | None:
        """Give what a reference stands for; None where that is nothing of ours."""
        if not isinstance(ref, str):
            return None
        target = self._objects.get(ref)
        own = None if target is None else _own(target)
        if own is not None:
            for field, kind in (("event", SubjectKind.EVENT), ("track", SubjectKind.TRACK)):
                inner = own.get(field)
                if isinstance(inner, dict) and isinstance(inner.get("id"), str):
                    return Subject(kind, inner["id"])
            if isinstance(own.get("intent"), str):
                return Subject(SubjectKind.INTENT, own["intent"])
            inner, by = own.get("statement"), own.get("entered_by")
            if isinstance(inner, dict) and isinstance(inner.get("id"), str):
                return Subject(SubjectKind.STATEMENT, f"{by}/{inner['id']}")
        foreign = _KINDS.get(ref.partition("--")[0])
        return None if foreign is None else Subject(foreign, ref)


_NEEDED = ("type", "id")


def _own(one: Object) -> Object | None:
    """Give what Detente's extension carries; None where an object has none."""
    extensions = one.get("extensions")
    own = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return own if isinstance(own, dict) else None
