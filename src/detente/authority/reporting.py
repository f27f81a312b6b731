"""Reports on the events of the record, for the authority and for whoever may see a part of it."""

from bisect import bisect_left
from datetime import datetime

from msgspec.structs import replace

from detente.authority.audience import is_open
from detente.authority.register import AUTHORITY, Intent
from detente.authority.state import State
from detente.record.entry import Entered, Filed, Said
from detente.record.report import Report, report_of

__all__ = ["reports"]


def reports(
    state: State, reader: str = AUTHORITY, event: str | None = None, at: datetime | None = None
) -> list[Report]:
    """Report on the events that a reader may see, or on one of them.

    Parameters
    ----------
    state : what is known.
    reader : the authority; or a party ("" for nobody): then the report is made of the statements
        that it may see and of nothing else: no track, no grade, no intent; and its lines trace to
        the party's own notices in place of the ledger's entries.
    event : its identifier; by default all, by identifier.
    at : as of when, to be said in the report.
    """
    chosen = (e for id, e in sorted(state.occurrences.items()) if event is None or id == event)
    shown = [e for e in chosen if is_open(e, reader)]
    if reader != AUTHORITY:
        said = [_told(state, s, reader) for s in state.statements.values() if is_open(s, reader)]
        return [report_of(_shown(state, e, reader), said, at=at) for e in shown]
    filed = [_filed(state, intent) for intent in _linked(state, shown)]
    return [
        report_of(
            e, state.statements.values(), state.tracks.values(), filed, at=at,
            position=state.position,
        )
        for e in shown
    ]  # fmt: skip


def _linked(state: State, shown: list[Entered]) -> list[Intent]:
    names = {name for e in shown for name in e.occurrence.intents}
    return [state.intents[name] for name in sorted(names) if name in state.intents]


def _filed(state: State, intent: Intent) -> Filed:
    noticed, unseen = state.unseen.get(intent.name, (0, None))
    return Filed(
        intent.name, intent.party, intent.filed, intent.state.value, intent.entry, intent.latest,
        unseen=None if unseen is None else unseen.since, noticed=noticed,
    )  # fmt: skip


def _shown(state: State, entered: Entered, party: str) -> Entered:
    return replace(
        entered,
        occurrence=replace(entered.occurrence, tracks=(), intents=()),
        position=_notice(state, party, entered.position),
        latest=_notice(state, party, entered.latest),
        shared=(),
    )


def _told(state: State, said: Said, party: str) -> Said:
    position = _notice(state, party, said.position)
    return replace(said, position=position, shared=(), grade=None, graded=0)


def _notice(state: State, party: str, position: int) -> int:
    """Give the number of the party's notice that told it of an entry; 0 where none did."""
    heard = state.heard(party)
    k = bisect_left(heard, position)
    return k + 1 if k < len(heard) and heard[k] == position else 0
