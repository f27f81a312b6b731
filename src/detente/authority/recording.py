"""Put on record what was said and of what: events, statements, and the authority's grades."""

from datetime import datetime

from msgspec.structs import replace

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.audience import is_open
from detente.authority.extent import Volume4D, instant, volumes_of
from detente.authority.register import AUTHORITY, Sharing
from detente.authority.rejection import Rejected, check_identifier
from detente.authority.state import State
from detente.record.grade import check_grade
from detente.record.occurrence import Occurrence
from detente.record.statement import Speaker, Statement, Subject, SubjectKind

__all__ = ["enter_occurrence", "enter_statement", "grade", "share"]

Events = tuple[e.Event, ...]

_TEXT = 2_000
_MOST = 100


def enter_occurrence(state: State, ask: c.EnterOccurrence | c.AmendOccurrence) -> Events:
    """Open the record of an event, or write it anew."""
    what = ask.occurrence
    known = state.occurrences.get(what.id)
    public, shared, version = ask.public, ask.shared, 0
    if isinstance(ask, c.AmendOccurrence):
        if known is None:
            raise Rejected("unknown", f"no event {what.id!r}", field="occurrence/id",
                           mend="enter it")  # fmt: skip
        if known.version != ask.version:
            raise Rejected(
                "version", f"it is at version {known.version}, not {ask.version}",
                field="version", mend="read it again, and repeat with its version",
            )  # fmt: skip
        version, public = known.version, public or known.public
        shared = (*known.shared, *ask.shared)
    elif known is not None:
        raise Rejected("exists", f"event {what.id!r} is on record", field="occurrence/id",
                       mend="amend it, or give another identifier")  # fmt: skip
    _check_occurrence(what)
    return (
        e.OccurrenceEntered(
            occurrence=what, version=version + 1, public=public, shared=_parties(shared)
        ),
    )


def enter_statement(state: State, ask: c.EnterStatement) -> Events:
    """Put on record what was said."""
    said = ask.statement
    check_identifier(said.id, "statement/id")
    if f"{ask.by}/{said.id}" in state.statements:
        raise Rejected("exists", f"statement {said.id!r} is on record", field="statement/id",
                       mend="what was said stays said; enter another")  # fmt: skip
    _check_subject(state, said.about, ask.by)
    _check_statement(said)
    if ask.by != AUTHORITY:
        said = _of_party(state, said, ask.by)
    return (
        e.StatementEntered(
            statement=said, by=ask.by, public=ask.public, shared=_parties(ask.shared)
        ),
    )


def share(state: State, ask: c.ShareStatement) -> Events:
    """Let more see a statement. Only who entered it may; what is seen cannot be unseen."""
    name = f"{ask.by}/{ask.statement}"
    if name not in state.statements:
        raise Rejected("unknown", f"no statement {ask.statement!r}", field="statement",
                       mend="name one that you have entered")  # fmt: skip
    return (e.StatementShared(statement=name, public=ask.public, shared=_parties(ask.shared)),)


def grade(state: State, ask: c.GradeStatement) -> Events:
    """Grade a statement by the Admiralty code."""
    if ask.statement not in state.statements:
        raise Rejected("unknown", f"no statement {ask.statement!r}", field="statement",
                       mend='name one as "by/id"')  # fmt: skip
    check_grade(ask.grade)
    _check_texts({"grade/reason": ask.grade.reason})
    return (e.StatementGraded(statement=ask.statement, grade=ask.grade),)


def _parties(shared: tuple[str, ...]) -> tuple[str, ...]:
    """Write whom something is shared with in one way; who is not registered is not told of."""
    if len(shared) > _MOST:
        raise Rejected("invalid", f"shared with more than {_MOST}", field="shared",
                       mend="make it public")  # fmt: skip
    _check_texts({"shared": " ".join(shared)})
    return tuple(sorted(set(shared)))


def _of_party(state: State, said: Statement, party: str) -> Statement:
    """See that a party speaks for itself: what others said, the authority puts on record."""
    if said.speaker.side not in ("", party, state.parties[party].name):
        raise Rejected(
            "forbidden", "a party speaks for itself", field="statement/speaker/side",
            mend=f"leave it out, or say {party!r}",
        )  # fmt: skip
    return replace(said, speaker=replace(said.speaker, side=party))


def _check_subject(state: State, about: Subject, by: str) -> None:
    """See that a subject is there, as far as whoever speaks may know."""
    id, kind = about.id, about.kind
    known = False
    if kind is SubjectKind.EVENT:
        entered = state.occurrences.get(id)
        known = entered is not None and is_open(entered, by)
    elif kind is SubjectKind.STATEMENT:
        said = state.statements.get(id)
        known = said is not None and is_open(said, by)
    elif by == AUTHORITY:
        # it may be of long ago: the ledger has what the state keeps no more
        known = 0 < len(id) <= 401 and (kind is SubjectKind.TRACK or id.count("/") == 1)
    elif kind is SubjectKind.INTENT:
        party = id.partition("/")[0]
        level = state.audience(party).get(by, Sharing.NOTHING)
        known = id in state.intents and (party == by or level is Sharing.INTENTS)
        if known and party != by:
            known = state.intents[id].stands
    if not known:
        raise Rejected(
            "unknown", f"no {kind.value} {id[:100]!r}", field="statement/about",
            mend="name what you were shown: an intent as party/id, a statement as by/id",
        )  # fmt: skip


def _check_statement(said: Statement) -> None:
    speaker: Speaker = said.speaker
    _check_texts(
        {
            "statement/claim": said.claim, "statement/hedge": said.hedge,
            "statement/outlet": said.outlet, "statement/citation": said.citation,
            "statement/speaker/side": speaker.side, "statement/speaker/role": speaker.role,
            "statement/speaker/name": speaker.name, "statement/via": " ".join(said.via),
            "statement/scope": said.scope,
        }
    )  # fmt: skip
    if not said.scope.strip():
        raise Rejected("invalid", "no scope", field="statement/scope",
                       mend='say which question it answers, such as "flown"')  # fmt: skip
    if len(said.via) > 10:
        raise Rejected("invalid", "a chain of more than ten outlets", field="statement/via",
                       mend="give the origin, and the nearest")  # fmt: skip
    if speaker.anonymous and speaker.name:
        raise Rejected(
            "invalid", "a name of one who is not named", field="statement/speaker/name",
            mend="leave it out where it is not public",
        )  # fmt: skip
    for field in ("said", "published"):
        time: datetime | None = getattr(said, field)
        if time is not None:
            instant(time)
    if said.said and said.published and said.published < said.said:
        raise Rejected("invalid", "published before it was said", field="statement/published",
                       mend="see which of the times is right")  # fmt: skip


def _check_occurrence(what: Occurrence) -> None:
    check_identifier(what.id, "occurrence/id")
    if instant(what.end) < instant(what.start):
        raise Rejected("invalid", "it ends before it begins", field="occurrence/end",
                       mend="see which of the times is right")  # fmt: skip
    _check_texts({"occurrence/description": what.description, "occurrence/place": what.place})
    if not what.description.strip():
        raise Rejected("invalid", "no description", field="occurrence/description",
                       mend="say in neutral words what is said to have happened")  # fmt: skip
    scopes = [scope for scope, _ in what.questions]
    if len(set(scopes)) < len(scopes) or len(scopes) > _MOST:
        raise Rejected("invalid", "a scope named twice, or too many", field="occurrence/questions",
                       mend="ask one question of each scope")  # fmt: skip
    _check_texts({"occurrence/questions": " ".join(map(" ".join, what.questions))})
    if len(what.tracks) > 1_000 or len(what.intents) > 1_000:
        raise Rejected("invalid", "more than 1,000 tracks or intents", field="occurrence",
                       mend="make several events of it")  # fmt: skip
    if what.corners or what.centre is not None:
        area = Volume4D(corners=what.corners, centre=what.centre, radius=what.radius)
        volumes_of((area,), what.id)


def _check_texts(texts: dict[str, str]) -> None:
    for field, text in texts.items():
        if len(text) > _TEXT or not text.replace("\n", " ").isprintable():
            raise Rejected(
                "invalid", f"more than {_TEXT} characters, or some that cannot be printed",
                field=field, mend="shorten it to plain text",
            )  # fmt: skip
