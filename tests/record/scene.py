"""Statements, tracks and intents in few words."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from detente.record.entry import Compared, Entered, Filed, Said, Seen
from detente.record.occurrence import Occurrence
from detente.record.standing import Answer, standing_of
from detente.record.statement import (
    Grade,
    Position,
    Speaker,
    Statement,
    Subject,
    SubjectKind,
)
from detente.watch.track import Conformance, Fix, Track

DAY = datetime(2030, 5, 1, tzinfo=UTC)
EVENT = Occurrence(
    id="ev",
    description="Reported flights over the lake.",
    start=DAY,
    end=DAY + timedelta(days=1),
    place="the lake",
    corners=((46.0, 8.0), (46.0, 9.0), (47.0, 9.0), (47.0, 8.0)),
    questions=(("flown", "Did aircraft fly over the lake?"), ("with", "Was it coordinated?")),
    tracks=("t1",),
    intents=("north/1",),
    synthetic=True,
)

_numbers = count(1)


def hour(h: float) -> datetime:
    return DAY + timedelta(hours=h)


def said(
    side: str,
    position: str,
    *,
    id: str = "",
    name: str = "N. N.",
    role: str = "",
    on: str = "",
    intent: str = "",
    track: str = "",
    said: float | None = 1,
    grade: str = "",
    by: str = "authority",
    position_in_ledger: int = 0,
    **fields: Any,
) -> Said:
    """Enter a statement by one of ``side``: of the event, or ``on`` a statement, or else."""
    number = position_in_ledger or next(_numbers)
    about = Subject(SubjectKind.EVENT, "ev")
    for kind, subject in (("statement", on), ("intent", intent), ("track", track)):
        if subject:
            about = Subject(SubjectKind(kind), subject)
    if fields.get("anonymous"):
        name = ""
    speaker = Speaker(side, role=role, name=name, anonymous=fields.pop("anonymous", False))
    published = fields.pop("published", None)
    statement = Statement(
        id=id or f"s{number}",
        about=about,
        speaker=speaker,
        position=Position(position),
        said=None if said is None else hour(said),
        published=None if published is None else hour(published),
        **fields,
    )
    graded = Grade(grade[0], int(grade[1])) if grade else None
    at = DAY + timedelta(seconds=number)
    return Said(statement, by, at, number, True, (), graded, number if grade else 0)


def seen(
    id: str = "t1",
    *,
    conformance: str = "undeclared",
    at: tuple[float, float] = (46.5, 8.5),
    intent: str = "",
    synthetic: bool = False,
    h: float = 12.0,
    **fields: Any,
) -> Seen:
    number = next(_numbers)
    path = tuple(Fix(hour(h + k / 60), at[0] + k / 100, at[1], 9000.0) for k in range(3))
    track = Track(id, Conformance(conformance), path[0].at, path[-1], intent=intent,
                  synthetic=synthetic, sources=("radar-1",), **fields)  # fmt: skip
    history = (Compared(number, path[0].at, Conformance(conformance), intent),)
    return Seen(track, path, history, (), number, number + 1)


def filed(name: str = "north/1", state: str = "activated", **fields: Any) -> Filed:
    number = next(_numbers)
    return Filed(name, name.split("/")[0], hour(0), state, number, number, **fields)


def entered(occurrence: Occurrence = EVENT) -> Entered:
    return Entered(occurrence, DAY, 1, 1)


def answer(*items: Any, scope: str = "flown", event: Occurrence = EVENT) -> Answer:
    """Say how a question stands."""
    whole = standing_of(
        event,
        [x for x in items if isinstance(x, Said)],
        [x for x in items if isinstance(x, Seen)],
        [x for x in items if isinstance(x, Filed)],
    )
    return next(one for one in whole.answers if one.scope == scope)


def stands(*items: Any, scope: str = "flown", event: Occurrence = EVENT) -> str:
    return answer(*items, scope=scope, event=event).standing.value
