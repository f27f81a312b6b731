"""What stands: declared, corroborated, unconfirmed, contested, withdrawn; and why."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from detente.record.bearing import (
    counts_as_filed,
    counts_as_seen,
    filed_of,
    said_of,
    seen_of,
)
from detente.record.entry import Filed, Said, Seen
from detente.record.grade import Strength
from detente.record.occurrence import Occurrence
from detente.record.rule import Rule
from detente.record.statement import Position, SubjectKind
from detente.record.utterance import Stance, Utterance, folded, is_open, party_of
from detente.record.weighing import Fate, Weighed, Weighing, weigh

__all__ = ["Answer", "Reason", "Standing", "Standings", "standing_of"]

FLOWN = "flown"
"""The question that tracks and filings bear on."""


class Standing(StrEnum):
    """How a question stands, that is: the claim that its answer is yes."""

    DECLARED = "declared"
    CORROBORATED = "corroborated"
    UNCONFIRMED = "unconfirmed"
    CONTESTED = "contested"
    WITHDRAWN = "withdrawn"


class Reason(Struct, frozen=True, gc=False):
    """Why it stands so.

    Parameters
    ----------
    rule : the number of the rule in docs/record.md.
    statements, tracks, intents : what it was applied to, by name, sorted.
    by : what did it, where one thing did something to another: the later statement, the
        withdrawal, what is repeated.
    sides : who spoke, as written, sorted.
    entries : the ledger's, of all of these, sorted.
    """

    rule: int
    statements: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


class Answer(Struct, frozen=True, gc=False):
    """How one question stands.

    Parameters
    ----------
    scope, question : which; "" where the event does not ask it.
    standing : of it.
    affirmed, denied : by which sides, as first written, sorted; only what counts.
    firmly : those that affirmed firmly.
    reasons : the rule that decided it first, then all others that were applied.
    """

    scope: str
    question: str
    standing: Standing
    affirmed: tuple[str, ...]
    denied: tuple[str, ...]
    firmly: tuple[str, ...]
    reasons: tuple[Reason, ...]


class Standings(Struct, frozen=True, gc=False):
    """How an event stands.

    Parameters
    ----------
    event : its identifier.
    standing : of its first question.
    answers : question by question, in the event's order; then others that were spoken to.
    statements : what became of each.
    """

    event: str
    standing: Standing
    answers: tuple[Answer, ...]
    statements: tuple[Weighed, ...]


def standing_of(
    occurrence: Occurrence,
    said: Iterable[Said],
    seen: Iterable[Seen] = (),
    filed: Iterable[Filed] = (),
) -> Standings:
    """Tell how an event stands, by the rules of docs/record.md.

    It says what was said and seen, and never what is so. Give it what whoever asks may know: of
    what they were not shown, they learn nothing here.

    Parameters
    ----------
    occurrence : the event.
    said : statements; those on something else are left out.
    seen : tracks; those elsewhere are left out.
    filed : intents; those that are not linked to the event are left out.
    """
    belong, _ = seen_of(occurrence, seen)
    tracks = [one for one in belong if counts_as_seen(occurrence, one)]
    intents = [one for one in filed_of(occurrence, filed) if counts_as_filed(one)]
    chosen = said_of(occurrence, said, [one.track.id for one in belong])
    weighing = weigh(chosen, synthetic=occurrence.synthetic)
    asked = dict(occurrence.questions)
    of_event = [u for u in weighing.utterances if u.scope]
    others = sorted({u.scope for u in of_event} - set(asked))
    scopes = [*asked, *others] or [FLOWN]
    answers = tuple(
        _answer(
            scope,
            asked.get(scope, ""),
            weighing,
            tracks if scope == FLOWN else (),
            intents if scope == FLOWN else (),
        )
        for scope in scopes
    )
    return Standings(occurrence.id, answers[0].standing, answers, weighing.weighed())


class _Sides:
    """Who affirms and who denies one question, and how firmly."""

    def __init__(self, spoken: Sequence[Utterance], intents: Sequence[Filed]) -> None:
        self.affirming: dict[str, Strength] = defaultdict(lambda: Strength.NOTHING)
        self.declaring: set[str] = set()
        self.denying: set[str] = set()
        self.shown: dict[str, str] = {}
        for one in spoken:
            self.shown.setdefault(one.side, one.statement.speaker.side or "an unnamed side")
            if one.stance is Stance.DENIES:
                self.denying.add(one.side)
                continue
            self.affirming[one.side] = max(self.affirming[one.side], one.strength)
            if one.strength is Strength.FIRM and _declares(one):
                self.declaring.add(one.side)
        for filed in intents:
            side = folded(filed.party)
            self.shown.setdefault(side, filed.party)
            self.affirming[side] = Strength.FIRM
            self.declaring.add(side)
        self.both = self.denying & set(self.affirming)
        self.declaring -= self.both
        self.firm = {s for s, strength in self.affirming.items() if strength is Strength.FIRM}

    def written(self, sides: Iterable[str]) -> tuple[str, ...]:
        """Give sides as they were first written, sorted."""
        return tuple(sorted(self.shown[side] for side in sides))

    def contested(self, tracks: bool) -> bool:
        """Tell whether a side denies what another, or a track, affirms."""
        return any(tracks or set(self.affirming) - {side} for side in self.denying)


def _declares(spoken: Utterance) -> bool:
    """Tell whether it declares a flight of its own (rule 8)."""
    about = spoken.statement.about
    if spoken.statement.position is not Position.DECLARES:
        return False
    if about.kind is not SubjectKind.INTENT:
        return True
    party = party_of(about.id)
    return folded(party) == spoken.side or any(one.by == party for one in spoken.tellings)


def _answer(
    scope: str,
    question: str,
    weighing: Weighing,
    tracks: Sequence[Seen],
    intents: Sequence[Filed],
) -> Answer:
    spoken = [one for one in weighing.live() if one.scope == scope]
    sides = _Sides(spoken, intents)
    affirming = [one for one in spoken if one.stance is Stance.AFFIRMS]
    denying = [one for one in spoken if one.stance is Stance.DENIES]
    pairs = list(zip(weighing.utterances, weighing.fates, strict=True))
    gone = [
        (one, by)
        for one, (fate, by) in pairs
        if fate is Fate.WITHDRAWN and one.scope == scope and one.stance is Stance.AFFIRMS
    ]
    if sides.contested(bool(tracks)):
        standing, first = Standing.CONTESTED, _reason(Rule.CONTESTED, spoken, tracks, intents)
    elif len(sides.firm) + bool(tracks) >= 2 and sides.firm:
        firm = [one for one in affirming if one.side in sides.firm and one.strength is _FIRM]
        standing, first = Standing.CORROBORATED, _reason(Rule.CORROBORATED, firm, tracks, intents)
    elif sides.declaring:
        own = [one for one in affirming if one.side in sides.declaring and _declares(one)]
        standing, first = Standing.DECLARED, _reason(Rule.DECLARED, own, (), intents)
    elif gone and not affirming and not tracks and not intents:
        by = tuple(sorted({name for _, names in gone for name in names}))
        standing = Standing.WITHDRAWN
        first = _reason(Rule.WITHDRAWN, [one for one, _ in gone], by=by, whole=weighing)
    else:
        standing, first = Standing.UNCONFIRMED, _reason(Rule.UNCONFIRMED, spoken, tracks)
    notes = [
        *_on_sources(spoken, sides),
        *_on_fates(scope, weighing),
        *_on_flight(tracks, intents),
    ]
    return Answer(
        scope=scope,
        question=question,
        standing=standing,
        affirmed=sides.written({one.side for one in affirming} | _parties(intents)),
        denied=sides.written({one.side for one in denying}),
        firmly=sides.written(sides.firm),
        reasons=(first, *sorted(notes, key=lambda note: (note.rule, note.statements, note.by))),
    )


_FIRM = Strength.FIRM


def _parties(intents: Sequence[Filed]) -> set[str]:
    return {folded(one.party) for one in intents}


def _on_sources(spoken: Sequence[Utterance], sides: _Sides) -> list[Reason]:
    """Say which rules decided who is one source, and how much it counts for."""
    notes: list[Reason] = []
    sided: dict[tuple[str, Stance], list[Utterance]] = defaultdict(list)
    for one in spoken:
        sided[one.side, one.stance].append(one)
        if len(one.tellings) > 1:
            notes.append(_reason(Rule.REPEAT, [one]))
        if any(said.statement.via for said in one.tellings):
            notes.append(_reason(Rule.HEARSAY, [one]))
    notes += [_reason(Rule.SOURCE, same) for same in sided.values() if len(same) > 1]
    tests: tuple[tuple[Rule, Callable[[Utterance], bool]], ...] = (
        (Rule.ANONYMOUS, lambda one: not one.open),
        (Rule.FIRM, lambda one: one.stance is Stance.AFFIRMS and one.strength is _FIRM),
        (Rule.WEAK, lambda one: one.stance is Stance.AFFIRMS and one.open and _weakly(one)),
        (Rule.BOTH, lambda one: one.side in sides.both),
        (Rule.DID_NOT_COORDINATE, _not_coordinated),
        (Rule.GRADE, _lowered),
    )
    for rule, applies in tests:
        found = [one for one in spoken if applies(one)]
        if found:
            notes.append(_reason(rule, found))
    return notes


def _weakly(one: Utterance) -> bool:
    told = [said.statement for said in one.tellings if is_open(said.statement)]
    return all(s.position is Position.INDICATES or s.hedge for s in told)


def _not_coordinated(one: Utterance) -> bool:
    return one.statement.position is Position.DID_NOT_COORDINATE


def _lowered(one: Utterance) -> bool:
    given = [said.grade for said in one.tellings if said.grade is not None]
    return any(grade.reliability == "D" or grade.credibility == 4 for grade in given)


def _on_fates(scope: str, weighing: Weighing) -> list[Reason]:
    """Say what does not count, and why."""
    notes: list[Reason] = []
    on_scope = {name for one in weighing.utterances if one.scope == scope for name in one.names}
    withdrawing = {name for fate, by in weighing.fates if fate is Fate.WITHDRAWN for name in by}
    for one, (fate, by) in zip(weighing.utterances, weighing.fates, strict=True):
        if one.statement.about.kind is SubjectKind.STATEMENT:
            if one.statement.about.id in on_scope and one.names[0] not in withdrawing:
                notes.append(_reason(Rule.OF_STATEMENTS, [one]))
        elif one.scope != scope:
            continue
        elif fate is Fate.NEITHER:
            coordination = one.statement.position is Position.DID_NOT_COORDINATE
            rule = Rule.DID_NOT_COORDINATE if coordination else Rule.CANNOT_CONFIRM
            notes.append(_reason(rule, [one]))
        elif fate in _WHY:
            notes.append(_reason(_WHY[fate], [one], by=by, whole=weighing))
    left = [one for one in weighing.left if one.statement.scope == scope]
    if left:
        names = tuple(sorted(one.name for one in left))
        entries = tuple(sorted(one.position for one in left))
        notes.append(Reason(Rule.SYNTHETIC, statements=names, entries=entries))
    return notes


_WHY = {
    Fate.SET_ASIDE: Rule.GRADE,
    Fate.SUPERSEDED: Rule.LATER,
    Fate.WITHDRAWN: Rule.WITHDRAWAL,
}


def _on_flight(tracks: Sequence[Seen], intents: Sequence[Filed]) -> list[Reason]:
    notes = [_reason(Rule.TRACK, (), tracks)] if tracks else []
    return [*notes, *([_reason(Rule.FILED, (), (), intents)] if intents else [])]


def _reason(
    rule: Rule,
    spoken: Sequence[Utterance],
    tracks: Sequence[Seen] = (),
    intents: Sequence[Filed] = (),
    by: tuple[str, ...] = (),
    whole: Weighing | None = None,
) -> Reason:
    entries = {entry for one in spoken for entry in one.entries}
    if rule is Rule.GRADE:
        entries |= {said.graded for one in spoken for said in one.tellings if said.graded}
    entries |= {entry for one in tracks for entry in (one.position, one.latest)}
    entries |= {entry for one in intents for entry in (one.position, one.noticed) if entry}
    if whole is not None:
        entries |= {whole.positions[name] for name in by}
    return Reason(
        rule=rule,
        statements=tuple(sorted(name for one in spoken for name in one.names)),
        tracks=tuple(sorted(one.track.id for one in tracks)),
        intents=tuple(sorted(one.name for one in intents)),
        by=by,
        sides=tuple(sorted({one.statement.speaker.side for one in spoken} - {""})),
        entries=tuple(sorted(entries - {0})),
    )
