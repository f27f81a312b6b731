"""Statements as STIX 2.1 (OASIS Standard, 10 June 2021), out: the table of docs/record.md."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec.structs import replace

from detente.record.bearing import said_of, seen_of
from detente.record.entry import Entered, Said, Seen
from detente.record.grade import grade_in_words
from detente.record.prose import one_line, said_sentence, seen_sentence, spoken_by
from detente.record.statement import Position, Statement, SubjectKind
from detente.record.utterance import Stance, aware, folded, stance_of

__all__ = ["EXTENSION", "bundle_of", "opinion_of"]

NAMESPACE = uuid5(NAMESPACE_URL, "urn:detente:record")
"""Of Detente's identifiers (RFC 4122, 4.3): the same thing has the same one in every bundle."""

EXTENSION = f"extension-definition--{uuid5(NAMESPACE, 'extension')}"
"""The extension that carries what STIX has no place for, so that nothing is lost on the way."""

_DEFINED = datetime(2026, 1, 1, tzinfo=UTC)
_DETENTE = f"identity--{uuid5(NAMESPACE, 'detente')}"
_SCHEMA = (
    "An object of one of: statement (with entered_by), event, track, grade (with grade_of), "
    "intent; as docs/record.md of Detente has them."
)

Object = dict[str, Any]


def bundle_of(
    entered: Entered, said: Iterable[Said], seen: Iterable[Seen] = (), *, origin: str
) -> bytes:
    """Write an event, what was said of it and what was seen, as a STIX 2.1 bundle.

    Names of speakers who are off the record are left out. Read back, everything else is the same.

    Parameters
    ----------
    entered : the event.
    said, seen : of whatever; what belongs to the event is taken. Give what the reader may see.
    origin : whose record it is, such as the airspace's name: identifiers follow from it.
    """
    occurrence = entered.occurrence
    belong, _ = seen_of(occurrence, seen)
    chosen = said_of(occurrence, said, [one.track.id for one in belong])
    maker = _Maker(entered, origin, chosen)
    objects = [*maker.frame(), *(obj for one in belong for obj in maker.track(one))]
    objects += [obj for one in chosen for obj in maker.statement(one)]
    unique = {obj["id"]: obj for obj in objects}
    seed = msgspec.json.encode(list(unique.values()), order="deterministic").decode()
    bundle = {
        "type": "bundle",
        "id": f"bundle--{uuid5(NAMESPACE, seed)}",
        "objects": list(unique.values()),
    }
    return msgspec.json.format(msgspec.json.encode(bundle), indent=2) + b"\n"


def opinion_of(statement: Statement) -> str:
    """Give a statement's place on STIX's scale of opinions; "" where it has none.

    Parameters
    ----------
    statement : any. To have not coordinated is on no scale of agreement.
    """
    if statement.position is Position.DID_NOT_COORDINATE:
        return ""
    if statement.position is Position.CANNOT_CONFIRM:
        return "neutral"
    weak = bool(statement.hedge) or statement.position is Position.INDICATES
    if stance_of(statement) is Stance.DENIES:
        return "disagree" if weak else "strongly-disagree"
    return "agree" if weak else "strongly-agree"


class _Maker:
    """Makes the objects of one bundle; their identifiers follow from what they stand for."""

    def __init__(self, entered: Entered, origin: str, chosen: Sequence[Said]) -> None:
        self._entered = entered
        self._origin = origin
        self._authority = self._id("identity", "authority")
        self._event = self._id("incident", entered.occurrence.id)
        self._types = {one.name: _type(one.statement) for one in chosen}

    def frame(self) -> list[Object]:
        """Make what every bundle has: who made it, the extension, the event."""
        occurrence = self._entered.occurrence
        detente = _object("identity", _DETENTE, _DEFINED, name="Detente", identity_class="system")
        definition = _object(
            "extension-definition", EXTENSION, _DEFINED, created_by_ref=_DETENTE,
            name="Detente record", schema=_SCHEMA, version="1.0.0",
            description="The fields of statements, events, tracks and grades.",
            extension_types=["property-extension"],
        )  # fmt: skip
        authority = self._identity(
            "authority", f"The authority of {one_line(self._origin)}", "organization"
        )
        event = _object(
            "incident", self._event, self._entered.at, created_by_ref=self._authority,
            modified=_stamp(self._entered.amended or self._entered.at),
            name=occurrence.id, description=occurrence.description,
            extensions=_carry(event=occurrence),
        )  # fmt: skip
        return [detente, definition, authority, event]

    def track(self, one: Seen) -> list[Object]:
        """Make a sighting of an aircraft that is not identified, by sensors."""
        track = one.track
        aircraft = self._identity(
            f"aircraft {track.id}",
            f"Aircraft of track {one_line(track.id)}, not identified",
            "unspecified",
        )
        sensors = [
            self._identity(f"sensor {name}", one_line(name), "system") for name in track.sources
        ]
        first, last = aware(track.first), aware(track.fix.at)
        sighting = _object(
            "sighting", self._id("sighting", track.id), first, modified=_stamp(max(first, last)),
            created_by_ref=self._authority, description=seen_sentence(one),
            first_seen=_stamp(min(first, last)), last_seen=_stamp(max(first, last)),
            count=max(1, len(one.path)), sighting_of_ref=aircraft["id"],
            extensions=_carry(track=track),
        )  # fmt: skip
        if sensors:
            sighting["where_sighted_refs"] = [sensor["id"] for sensor in sensors]
        link = _object(
            "relationship", self._id("relationship", f"track {track.id}"), self._entered.at,
            created_by_ref=self._authority, relationship_type="related-to",
            source_ref=aircraft["id"], target_ref=self._event,
        )  # fmt: skip
        return [aircraft, *sensors, sighting, link]

    def statement(self, one: Said) -> list[Object]:
        """Make an opinion of whoever speaks, or a note; and the authority's grade, if any."""
        speaker = one.statement.speaker
        if not one.statement.on_record:
            speaker = replace(speaker, name="")
        statement = replace(one.statement, speaker=speaker)
        named = bool(speaker.name) and not speaker.anonymous
        who = spoken_by(speaker, on_record=statement.on_record)
        key = [folded(x) for x in (speaker.side, speaker.role, speaker.name)]
        key += [str(speaker.anonymous), str(statement.on_record)]
        author = self._identity(
            "speaker " + msgspec.json.encode(key).decode(),
            who,
            "individual" if named else "unspecified",
        )
        subject, made = self._subject(statement)
        opinion, sentence = opinion_of(statement), said_sentence(replace(one, statement=statement))
        about: Object = {"object_refs": [subject], "authors": [who]}
        about |= {"opinion": opinion, "explanation": sentence} if opinion else {"content": sentence}
        if statement.citation:
            source = one_line(statement.outlet) or "source"
            about["external_references"] = [
                {"source_name": source, "description": statement.citation}
            ]
        id = self._id(self._types[one.name], one.name)
        stated = _object(
            self._types[one.name], id, one.at, created_by_ref=author["id"], **about,
            extensions=_carry(statement=statement, entered_by=one.by),
        )  # fmt: skip
        return [author, *made, stated, *self._grade(one, id)]

    def _grade(self, one: Said, id: str) -> list[Object]:
        if one.grade is None:
            return []
        return [
            _object(
                "note", self._id("note", f"grade {one.name} {one.graded}"), one.at,
                created_by_ref=self._authority, abstract="Admiralty grade",
                content=f"{grade_in_words(one.grade)}. {one.grade.reason}".strip(),
                object_refs=[id], extensions=_carry(grade=one.grade, grade_of=one.name),
            )
        ]  # fmt: skip

    def _subject(self, statement: Statement) -> tuple[str, list[Object]]:
        about = statement.about
        if about.kind is SubjectKind.EVENT:
            return self._id("incident", about.id), []
        if about.kind is SubjectKind.TRACK:
            return self._id("sighting", about.id), []
        if about.kind is SubjectKind.STATEMENT:
            return self._id(self._types.get(about.id, "opinion"), about.id), []
        flight = self._identity(f"intent {about.id}", f"Flight {one_line(about.id)}", "unspecified")
        flight["extensions"] = _carry(intent=about.id)
        return flight["id"], [flight]

    def _identity(self, key: str, name: str, kind: str) -> Object:
        return _object(
            "identity", self._id("identity", key), self._entered.at, created_by_ref=self._authority,
            name=name.strip() or "not known", identity_class=kind,
        )  # fmt: skip

    def _id(self, type: str, key: str) -> str:
        # identities are the event's own: their time of making is the event's, and never changes
        own = (self._origin, self._entered.occurrence.id if type == "identity" else "", type, key)
        return f"{type}--{uuid5(NAMESPACE, msgspec.json.encode(own).decode())}"


def _type(statement: Statement) -> str:
    return "opinion" if opinion_of(statement) else "note"


def _object(type: str, id: str, created: datetime, **fields: Any) -> Object:
    stamp = _stamp(created)
    head = {"type": type, "spec_version": "2.1", "id": id, "created": stamp, "modified": stamp}
    return {**head, **{name: value for name, value in fields.items() if value not in ("", [])}}


def _stamp(time: datetime) -> str:
    """Write a time as STIX has it (2.13): UTC, with a Z, in milliseconds at least."""
    return f"{aware(time).astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _carry(**fields: Any) -> Object:
    return {EXTENSION: {"extension_type": "property-extension", **msgspec.to_builtins(fields)}}
