"""What becomes of each statement: it counts, or repeats another, or does no longer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct

from detente.record.entry import Said
from detente.record.grade import Strength
from detente.record.statement import Position, SubjectKind
from detente.record.utterance import Stance, Utterance, utterances_of

__all__ = ["Fate", "Weighed", "Weighing", "weigh"]


class Fate(StrEnum):
    """What becomes of a statement. The first that holds is given."""

    SYNTHETIC = "synthetic"
    WITHDRAWN = "withdrawn"
    NEITHER = "neither"
    SET_ASIDE = "set aside"
    SUPERSEDED = "superseded"
    REPEATS = "repeats"
    COUNTS = "counts"


class Weighed(Struct, frozen=True, gc=False):
    """A statement, and what became of it.

    Parameters
    ----------
    name : the statement's.
    scope : the question.
    stance : on it.
    fate : what became of it; "repeats": it counts together with what it repeats.
    by : the statements that did it: which withdrew it, supersede it, or which it repeats.
    """

    name: str
    scope: str
    stance: Stance
    fate: Fate
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighing:
    """All statements on an event, weighed.

    Parameters
    ----------
    utterances : what was said, in the ledger's order.
    fates : of each utterance, and by which statements.
    left : those that are synthetic where the event is not.
    positions : where the ledger has each statement, by name.
    """

    utterances: tuple[Utterance, ...]
    fates: tuple[tuple[Fate, tuple[str, ...]], ...]
    left: tuple[Said, ...]
    positions: dict[str, int]

    def live(self) -> list[Utterance]:
        """Give what counts."""
        pairs = zip(self.utterances, self.fates, strict=True)
        return [spoken for spoken, (fate, _) in pairs if fate is Fate.COUNTS]

    def weighed(self) -> tuple[Weighed, ...]:
        """Say of each statement what became of it, by name."""
        rows = [
            Weighed(one.name, one.statement.scope, Stance.NEITHER, Fate.SYNTHETIC)
            for one in self.left
        ]
        for spoken, (fate, by) in zip(self.utterances, self.fates, strict=True):
            first, *others = spoken.names
            scope = spoken.statement.scope
            rows.append(Weighed(first, scope, spoken.stance, fate, by))
            for name in others:
                repeats = (Fate.REPEATS, (first,)) if fate is Fate.COUNTS else (fate, by)
                rows.append(Weighed(name, scope, spoken.stance, *repeats))
        return tuple(sorted(rows, key=lambda row: row.name))


def weigh(said: Iterable[Said], *, synthetic: bool) -> Weighing:
    """Weigh statements against each other (rules 2 to 7, 11, 13 and 16).

    Parameters
    ----------
    said : on one event, its tracks and intents, and on statements.
    synthetic : whether the event is; else what is synthetic is left out.
    """
    all_said = sorted({one.name: one for one in said}.values(), key=lambda one: one.name)
    left = tuple(one for one in all_said if one.statement.synthetic and not synthetic)
    told = utterances_of(one for one in all_said if synthetic or not one.statement.synthetic)
    withdrawn, superseded = _overtaken(told)
    fates: list[tuple[Fate, tuple[str, ...]]] = []
    for k, spoken in enumerate(told):
        if k in withdrawn:
            fates.append((Fate.WITHDRAWN, withdrawn[k]))
        elif spoken.stance is Stance.NEITHER:
            fates.append((Fate.NEITHER, ()))
        elif spoken.strength is Strength.NOTHING:
            fates.append((Fate.SET_ASIDE, ()))
        elif k in superseded:
            fates.append((Fate.SUPERSEDED, superseded[k]))
        else:
            fates.append((Fate.COUNTS, ()))
    positions = {one.name: one.position for one in all_said}
    return Weighing(tuple(told), tuple(fates), left, positions)


Names = dict[int, tuple[str, ...]]


def _overtaken(told: Sequence[Utterance]) -> tuple[Names, Names]:
    """Find what was withdrawn and what was superseded, and by which statements.

    A withdrawal can be withdrawn, and a later word may supersede it: so statements are looked at
    after all that were made of them. Each is made of one thing, so these are trees, but for
    rings, which no order of speaking can bring about: in them nothing withdraws anything.
    """
    of_name = {name: k for k, spoken in enumerate(told) for name in spoken.names}
    target: dict[int, int] = {}
    for k, spoken in enumerate(told):
        about = spoken.statement.about
        if about.kind is SubjectKind.STATEMENT and about.id in of_name:
            target[k] = of_name[about.id]
    waiting: dict[int, int] = defaultdict(int)
    made_of: dict[int, list[int]] = defaultdict(list)
    for k, goal in target.items():
        waiting[goal] += 1
        made_of[goal].append(k)
    withdrawn: Names = {}
    superseded: Names = {}
    ready = [k for k in range(len(told)) if not waiting[k]]
    for k in ready:  # grows while it is walked
        superseded |= _superseded(told, made_of[k], withdrawn)
        by = [
            name
            for d in made_of[k]
            if d not in withdrawn and d not in superseded and _withdraws(told[d], told[k])
            for name in told[d].names
        ]
        if by:
            withdrawn[k] = tuple(sorted(by))
        if k in target:
            waiting[target[k]] -= 1
            if not waiting[target[k]]:
                ready.append(target[k])
    others = [k for k in range(len(told)) if k not in target]
    return withdrawn, superseded | _superseded(told, others, withdrawn)


def _withdraws(denial: Utterance, of: Utterance) -> bool:
    same = denial.speaker == of.speaker and denial.side == of.side
    open_both = denial.open and of.open and denial.strength > Strength.NOTHING
    return open_both and same and denial.statement.position is Position.DENIES


def _superseded(told: Sequence[Utterance], among: Sequence[int], withdrawn: Names) -> Names:
    """Find what the same speakers said otherwise later."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k in among:
        spoken = told[k]
        if spoken.stance is not Stance.NEITHER and spoken.speaker and k not in withdrawn:
            about = spoken.statement.about
            same[spoken.side, spoken.speaker, about.kind, about.id, spoken.scope].append(k)
    found: Names = {}
    for group in same.values():
        last = max((told[k].when for k in group if told[k].supersedes), default=None)
        if last is None:
            continue
        by = [told[k].names for k in group if told[k].supersedes and told[k].when == last]
        names = tuple(sorted(name for each in by for name in each))
        found |= {k: names for k in group if told[k].when < last}
    return found
