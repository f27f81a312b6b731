"""Reports: of an event, what was seen, who says what, where they differ, what stands, what not."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from detente.record.bearing import filed_of, said_of, seen_of
from detente.record.entry import Entered, Filed, Said, Seen
from detente.record.grade import grade_in_words
from detente.record.occurrence import Occurrence
from detente.record.prose import (
    area,
    dated,
    filed_sentence,
    indicated_sentence,
    listed,
    one_line,
    quoted,
    said_sentence,
    seen_sentence,
    sensors,
    spoken_by,
    timed,
)
from detente.record.reasoning import asked, outcome_sentence, reason_sentence
from detente.record.standing import Answer, Standing, Standings, standing_of
from detente.record.statement import Grade, Position, SubjectKind
from detente.record.utterance import Stance, moment, stance_of
from detente.record.weighing import Fate, Weighed
from detente.watch.track import Conformance

__all__ = ["Kind", "Line", "Report", "report_of"]

AUTHORITY = "the authority"
WATCH = "the watch"
RECORD = "the record"
"""Who speaks where no party does: the record compares what is on it, and asserts nothing else."""


class Kind(StrEnum):
    """What a line says; also the order of a report's parts."""

    EVENT = "event"
    SEEN = "seen"
    SAID = "said"
    DIFFER = "differ"
    STANDS = "stands"
    UNKNOWN = "unknown"


class Line(Struct, frozen=True, gc=False):
    """One line of a report.

    Parameters
    ----------
    kind : the part that it belongs to.
    speaker : who says so; never empty.
    text : one or more whole sentences, with who says so in them.
    entries : the ledger's, that it traces to; empty only where the reader was not shown where
        the ledger has it: an entry 0 is left out.
    scope : the question; "" where it is of none.
    statements : that it tells or compares, by name.
    """

    kind: Kind
    speaker: str
    text: str
    entries: tuple[int, ...]
    scope: str = ""
    statements: tuple[str, ...] = ()


class Report(Struct, frozen=True, gc=False):
    """What is on record of an event.

    Parameters
    ----------
    event : its identifier.
    standing : of its first question.
    synthetic : it holds positions or flights or statements that are made up.
    at, position : as of when, and of which entry of the ledger; None and 0 where not given.
    lines : in the order of their kinds.
    standings : the same as structured values.
    """

    event: str
    standing: Standing
    synthetic: bool
    at: datetime | None
    position: int
    lines: tuple[Line, ...]
    standings: Standings


def report_of(
    entered: Entered,
    said: Iterable[Said],
    seen: Iterable[Seen] = (),
    filed: Iterable[Filed] = (),
    *,
    at: datetime | None = None,
    position: int = 0,
) -> Report:
    """Write down what is on record of an event. The same record gives the same report.

    Parameters
    ----------
    entered : the event.
    said, seen, filed : of whatever; what belongs to the event is taken. Give what the reader may
        see.
    at, position : as of when, and of which entry of the ledger.
    """
    occurrence = entered.occurrence
    said, seen, filed = list(said), list(seen), list(filed)
    belong, others = seen_of(occurrence, seen)
    linked = filed_of(occurrence, filed)
    chosen = said_of(occurrence, said, [one.track.id for one in belong])
    standings = standing_of(occurrence, said, seen, filed)
    scopes = _scopes(chosen)
    lines = [
        *_event(entered),
        *_seen(occurrence, belong, others, linked),
        *_said(chosen, scopes, standings),
        *_differ(chosen, belong, scopes, standings, entered),
        *_stands(chosen, standings, entered),
        *_unknown(chosen, belong, standings, entered),
    ]
    return Report(
        event=occurrence.id,
        standing=standings.standing,
        synthetic=occurrence.synthetic
        or any(one.track.synthetic for one in belong)
        or any(one.statement.synthetic for one in chosen),
        at=at,
        position=position,
        lines=tuple(lines),
        standings=standings,
    )


def _line(
    kind: Kind,
    speaker: str,
    text: str,
    entries: Iterable[int],
    scope: str = "",
    statements: Iterable[str] = (),
) -> Line:
    return Line(
        kind, speaker, text, tuple(sorted(set(entries) - {0})), scope, tuple(sorted(statements))
    )


def _scopes(chosen: Sequence[Said]) -> dict[str, str]:
    """Give the question of each statement; of one on a statement, that one's."""
    made = {one.name: one.statement for one in chosen}
    scopes: dict[str, str] = {}
    for name, statement in made.items():
        root, passed = statement, {name}
        while root.about.kind is SubjectKind.STATEMENT and root.about.id in made:
            if root.about.id in passed:
                break
            passed.add(root.about.id)
            root = made[root.about.id]
        scopes[name] = root.scope
    return scopes


def _event(entered: Entered) -> list[Line]:
    occurrence = entered.occurrence
    place = f" Place: {where}." if (where := area(occurrence)) else ""
    text = (
        f"The authority put the event {occurrence.id} on record, in these words: "
        f"{quoted(occurrence.description.rstrip('. '))}.{place} From {dated(occurrence.start)} to "
        f"{dated(occurrence.end)}."
    )
    entries = tuple(sorted({entered.position, entered.latest}))
    words = (
        "Claims stand in the words of whoever put them on record, between quotation marks. This "
        "report holds what its reader may see."
    )
    lines = [_line(Kind.EVENT, AUTHORITY, text, entries), _line(Kind.EVENT, RECORD, words, entries)]
    if occurrence.synthetic:
        made = "Synthetic: positions and flights in this event are made up."
        lines.append(_line(Kind.EVENT, AUTHORITY, made, entries))
    return lines


def _seen(
    occurrence: Occurrence, belong: Sequence[Seen], others: Sequence[Seen], linked: Sequence[Filed]
) -> list[Line]:
    lines: list[Line] = []
    for one in belong:
        entries = (one.position, one.latest, *(was.position for was in one.history))
        lines.append(_line(Kind.SEEN, sensors(one), seen_sentence(one), entries))
        for each in one.indications:
            by = one_line(each.indication.by) or WATCH
            text = indicated_sentence(one, each)
            lines.append(_line(Kind.SEEN, by, text, (each.position,)))
    for filed in linked:
        text = filed_sentence(filed, synthetic=occurrence.synthetic)
        party = one_line(filed.party)
        lines.append(_line(Kind.SEEN, party, text, (filed.position, filed.latest)))
        if filed.unseen is not None:
            text = (
                f"The watch did not see a flight that matches intent {one_line(filed.name)} from "
                f"{timed(filed.unseen)} on, where it should have. That denies nothing."
            )
            lines.append(_line(Kind.SEEN, WATCH, text, (filed.noticed or filed.latest,)))
    if others:
        the = "Synthetic: the" if all(one.track.synthetic for one in others) else "The"
        text = (
            f"{the} watch saw {len(others)} more in its place and time, each matched to an intent "
            "that is not linked to the event."
        )
        lines.append(_line(Kind.SEEN, WATCH, text, (one.position for one in others)))
    return lines


def _said(chosen: Sequence[Said], scopes: dict[str, str], standings: Standings) -> list[Line]:
    fates = {row.name: row for row in standings.statements}
    positions = {one.name: one.position for one in chosen}
    lines: list[Line] = []
    for answer in standings.answers:
        of_scope = [one for one in chosen if scopes[one.name] == answer.scope]
        for one in sorted(of_scope, key=_told_first):
            statement = one.statement
            row = fates[one.name]
            lines.append(
                _line(
                    kind=Kind.SAID,
                    speaker=spoken_by(statement.speaker, on_record=statement.on_record),
                    text=said_sentence(one, answer.question) + _fate(row),
                    entries=(one.position, *(positions[name] for name in row.by)),
                    scope=answer.scope,
                    statements=(one.name,),
                )
            )
    return lines


def _told_first(one: Said) -> tuple[datetime, int, int, str]:
    """Order statements by when they were made; of one time, what quotes nobody goes first."""
    return moment(one), len(one.statement.via), one.position, one.name


def _fate(row: Weighed) -> str:
    by = listed(one_line(name) for name in row.by)
    return {
        Fate.WITHDRAWN: f" Withdrawn by {by}.",
        Fate.SUPERSEDED: f" Superseded by {by}.",
        Fate.REPEATS: f" It repeats {by}, and counts once.",
        Fate.SET_ASIDE: " It does not count, by the authority's grade.",
        Fate.SYNTHETIC: " It does not count, for the event is not synthetic.",
    }.get(row.fate, "")


def _differ(
    chosen: Sequence[Said],
    belong: Sequence[Seen],
    scopes: dict[str, str],
    standings: Standings,
    entered: Entered,
) -> list[Line]:
    fates = {row.name: row for row in standings.statements}
    lines: list[Line] = []
    for answer in standings.answers:
        counted = [
            one for one in chosen
            if fates[one.name].fate is Fate.COUNTS and scopes[one.name] == answer.scope
            and one.statement.about.kind is not SubjectKind.STATEMENT
        ]  # fmt: skip
        tracks = {id for reason in answer.reasons for id in reason.tracks}
        flown = [one for one in belong if one.track.id in tracks]
        if counted or flown:
            lines.append(_compared(answer, counted, flown))
    lines += [
        _disputed(one, scopes[one.name])
        for one in chosen
        if one.statement.about.kind is SubjectKind.STATEMENT
        and stance_of(one.statement) is Stance.DENIES
    ]
    if lines:
        return lines
    nobody = "Nobody whom its reader may see takes a side, so nobody differs."
    return [_line(Kind.DIFFER, RECORD, nobody, (entered.position,))]


def _compared(answer: Answer, counted: Sequence[Said], flown: Sequence[Seen]) -> Line:
    words: dict[bool, list[str]] = {True: [], False: []}
    for one in sorted(counted, key=lambda each: (each.statement.speaker.side, each.position)):
        statement = one.statement
        affirms = stance_of(statement) is Stance.AFFIRMS
        verb = statement.position.value
        unnamed = ", unnamed" if statement.speaker.anonymous else ""
        side = one_line(statement.speaker.side) or "a side not known"
        it = "" if statement.position is Position.DID_NOT_COORDINATE else " it"
        hedged = ", hedged" if statement.hedge.strip() else ""
        words[affirms].append(f"{side}{unnamed} {verb}{it}{hedged} ({one_line(one.name)})")
    for seen in flown:
        words[True].append(f"track {one_line(seen.track.id)} affirms that something flew")
    if words[True] and words[False]:
        head = f"On {asked(answer)} they differ"
    elif words[True]:
        head = f"On {asked(answer)} nobody denies"
    else:
        head = f"On {asked(answer)} nobody affirms"
    text = f"{head}: {'; '.join((*words[True], *words[False]))}."
    entries = [one.position for one in counted] + [one.position for one in flown]
    names = [one.name for one in counted]
    return _line(Kind.DIFFER, RECORD, text, entries, answer.scope, names)


def _disputed(one: Said, scope: str) -> Line:
    who = spoken_by(one.statement.speaker, on_record=one.statement.on_record)
    text = (
        f"On what was said they differ: {who} denies statement {one_line(one.statement.about.id)} "
        f"({one_line(one.name)})."
    )
    return _line(Kind.DIFFER, RECORD, text, (one.position,), scope, (one.name,))


def _stands(chosen: Sequence[Said], standings: Standings, entered: Entered) -> list[Line]:
    lines: list[Line] = []
    none = (entered.position,)
    for answer in standings.answers:
        first = answer.reasons[0]
        texts = [(outcome_sentence(answer), first)]
        texts += [(reason_sentence(answer, reason), reason) for reason in answer.reasons]
        lines += [
            _line(Kind.STANDS, RECORD, text, reason.entries or none, answer.scope,
                 reason.statements)
            for text, reason in texts
        ]  # fmt: skip
    graded: dict[Grade, list[Said]] = {}
    for one in chosen:
        if one.grade is not None:
            graded.setdefault(one.grade, []).append(one)
    for grade, those in graded.items():
        names = [one_line(one.name) for one in those]
        reason = f", for this reason: {quoted(grade.reason)}" if grade.reason.strip() else ""
        text = f"The authority grades {listed(names)} {grade_in_words(grade)}{reason}."
        entries = [one.graded or one.position for one in those]
        named = [one.name for one in those]
        lines.append(_line(Kind.STANDS, AUTHORITY, text, entries, "", named))
    return lines


def _unknown(
    chosen: Sequence[Said], belong: Sequence[Seen], standings: Standings, entered: Entered
) -> list[Line]:
    lines: list[Line] = []

    def add(text: str, items: Sequence[Said] = (), entries: Sequence[int] = (), scope: str = ""
            ) -> None:  # fmt: skip
        at = [*entries, *(one.position for one in items)] or [entered.position]
        names = [one.name for one in items]
        lines.append(_line(Kind.UNKNOWN, RECORD, text, at, scope, names))

    questions = {answer.scope: asked(answer) for answer in standings.answers}
    for answer in standings.answers:
        first, *others = answer.reasons
        if not (others or first.statements or first.tracks or first.intents):
            add(
                f"No statement that its reader may see answers {asked(answer)}.", scope=answer.scope
            )
        elif answer.standing not in (Standing.DECLARED, Standing.CORROBORATED):
            add(f"The answer to {asked(answer)}: it stands {answer.standing.value}.",
                entries=first.entries, scope=answer.scope)  # fmt: skip
    for one in chosen:
        if one.statement.position is Position.CANNOT_CONFIRM:
            who = spoken_by(one.statement.speaker, on_record=one.statement.on_record)
            of = questions.get(one.statement.scope, "")
            add(f"{of} {who} could not confirm it ({one_line(one.name)}).".strip(), [one],
                scope=one.statement.scope)  # fmt: skip
    for seen in belong:
        if seen.track.conformance is Conformance.UNDECLARED:
            add(f"Whose aircraft track {one_line(seen.track.id)} was, and what it did: no intent "
                "on record matches it.", entries=(seen.position, seen.latest))  # fmt: skip
    if not belong:
        add("What flew: no track that its reader may see belongs to the event.")
    unnamed = [one for one in chosen if one.statement.speaker.anonymous]
    if unnamed:
        add(f"Who spoke in {listed(one_line(o.name) for o in unnamed)}: they are not named.",
            unnamed)  # fmt: skip
    undated = [one for one in chosen if one.statement.said is None]
    if undated:
        add(f"When {listed(one_line(o.name) for o in undated)} was said: it is placed by when it "
            "was published, else entered.", undated)  # fmt: skip
    return lines
