"""Utterances: what was said once, however often it was told. Who is one source, and when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from detente.record.entry import Said
from detente.record.grade import Strength, allowed
from detente.record.statement import Position, Statement, SubjectKind

__all__ = [
    "FACTS",
    "Stance",
    "Utterance",
    "aware",
    "folded",
    "is_open",
    "moment",
    "party_of",
    "side_of",
    "stance_of",
    "utterances_of",
]

FACTS = ("flown", "seen")
"""Questions of whether something flew or was seen: not to have coordinated answers neither."""

_AFFIRMING = (Position.DECLARES, Position.CONFIRMS, Position.INDICATES)
_FIRMLY = (Position.DECLARES, Position.CONFIRMS)


class Stance(StrEnum):
    """What a position is on a question."""

    AFFIRMS = "affirms"
    DENIES = "denies"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing that was said, in all the tellings of it that are on record.

    Parameters
    ----------
    tellings : the statements, those that quote the fewest others first, as they were entered.
    side : the source, folded.
    speaker : who of the side, folded; "" for the anonymous, who cannot be told apart.
    scope : the question; "" of a statement, where there is but one.
    stance : on that question.
    strength : what it counts for.
    when : when it was said, else first published, else first entered.
    supersedes : whether it may: open, and known when.
    open : at least once it was told openly, on the record.
    """

    tellings: tuple[Said, ...]
    side: str
    speaker: str
    scope: str
    stance: Stance
    strength: Strength
    when: datetime
    supersedes: bool
    open: bool
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(said.name for said in self.tellings))

    @property
    def statement(self) -> Statement:
        """The first telling."""
        return self.tellings[0].statement

    @property
    def entries(self) -> tuple[int, ...]:
        """Where the ledger has it."""
        return tuple(said.position for said in self.tellings)


def folded(text: str) -> str:
    """Write a name in the one way in which names are compared."""
    return " ".join(text.split()).casefold()


def is_open(statement: Statement) -> bool:
    """Tell whether the speaker may be quoted as who they are."""
    return statement.on_record and not statement.speaker.anonymous


def party_of(intent: str) -> str:
    """Give whose intent it is, from its name."""
    return intent.partition("/")[0]


def side_of(statement: Statement) -> str:
    """Give the source of a statement, folded: its side; the origin, where an outlet quotes one."""
    side = folded(statement.speaker.side)
    if statement.via and side in map(folded, (statement.outlet, *statement.via)):
        return folded(statement.via[-1])
    return side


def moment(said: Said) -> datetime:
    """Give when it was said, else published, else entered."""
    return aware(said.statement.said or said.statement.published or said.at)


def stance_of(statement: Statement) -> Stance:
    """Give what a statement's position is on its question."""
    if statement.position in _AFFIRMING:
        return Stance.AFFIRMS
    if statement.position is Position.DENIES:
        return Stance.DENIES
    ours = statement.about.kind is not SubjectKind.STATEMENT and statement.scope not in FACTS
    if statement.position is Position.DID_NOT_COORDINATE and ours:
        return Stance.DENIES
    return Stance.NEITHER


def utterances_of(said: Iterable[Said]) -> list[Utterance]:
    """Join the tellings of each thing that was said (rules 1 to 4), in the ledger's order."""
    told = sorted({one.name: one for one in said}.values(), key=_order)
    alike: dict[tuple[object, ...], list[Said]] = defaultdict(list)
    for one in told:
        statement = one.statement
        about = (statement.about.kind, statement.about.id)
        alike[side_of(statement), about, _scope(statement), statement.position].append(one)
    made = [_made(group) for same in alike.values() for group in _repeats(same)]
    return sorted(made, key=lambda utterance: _order(utterance.tellings[0]))


def _order(said: Said) -> tuple[int, str]:
    return said.position, said.name


def aware(time: datetime) -> datetime:
    """Take a time without an offset for UTC: nothing may fail that is on record."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _scope(statement: Statement) -> str:
    return "" if statement.about.kind is SubjectKind.STATEMENT else statement.scope


def _speaker(statement: Statement) -> str:
    speaker = statement.speaker
    if speaker.anonymous:
        return ""
    return f"name {folded(speaker.name)}" if speaker.name else f"role {folded(speaker.role)}"


def _spoke(said: Said) -> datetime | None:
    return None if said.statement.said is None else aware(said.statement.said)


def _repeats(same: Sequence[Said]) -> list[list[Said]]:
    """Part the statements of one side with one position into what was said once."""
    speakers: dict[str, list[Said]] = defaultdict(list)
    for one in same:
        speakers[_speaker(one.statement)].append(one)
    anonymous = speakers.pop("", [])
    openly = [group for who in sorted(speakers) for group in _by_time(speakers[who])]
    first = min(openly, key=_earliest, default=None)
    alone: list[Said] = []
    for one in anonymous:
        spoke = _spoke(one)
        at_once = [group for group in openly if spoke is not None and _dated(group) == spoke]
        home = at_once[0] if at_once else first if spoke is None else None
        (alone if home is None else home).append(one)
    return [*openly, *_by_time(alone)]


def _by_time(same: Sequence[Said]) -> list[list[Said]]:
    """Part one speaker's statements by when they spoke; those of no known time join the first."""
    groups: dict[datetime, list[Said]] = defaultdict(list)
    undated: list[Said] = []
    for one in same:
        spoke = _spoke(one)
        (undated if spoke is None else groups[spoke]).append(one)
    parted = [groups[spoke] for spoke in sorted(groups)]
    if not undated:
        return parted
    if not parted:
        return [undated]
    parted[0].extend(undated)
    return parted


def _dated(group: Sequence[Said]) -> datetime | None:
    times = [spoke for spoke in map(_spoke, group) if spoke is not None]
    return min(times, default=None)


def _earliest(group: Sequence[Said]) -> tuple[datetime, str]:
    return _dated(group) or min(map(moment, group)), min(one.name for one in group)


def _made(group: Sequence[Said]) -> Utterance:
    tellings = tuple(sorted(group, key=lambda one: (len(one.statement.via), *_order(one))))
    statements = [one.statement for one in tellings]
    opened = [statement for statement in statements if is_open(statement)]
    most = allowed(one.grade for one in tellings)
    dated = _dated(tellings)
    firm = any(s.position in _FIRMLY and not s.hedge for s in opened)
    return Utterance(
        tellings=tellings,
        side=side_of(statements[0]),
        speaker=next((who for who in map(_speaker, statements) if who), ""),
        scope=_scope(statements[0]),
        stance=stance_of(statements[0]),
        strength=min(most, Strength.FIRM if firm else Strength.WEAK),
        when=dated or min(map(moment, tellings)),
        supersedes=most > Strength.NOTHING and any(dated is not None or not s.via for s in opened),
        open=bool(opened),
    )
