"""Reports on the events of the record, for the authority and for whoever may see a part of it."""

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
        that it may see and of nothing else: no track, no grade, no intent; and its lines name no
        entries, for those count what others do.
    event : its identifier; by default all, by identifier.
    at : as of when, to be said in the report.
    """
    chosen = (e for id, e in sorted(state.occurrences.items()) if event is None or id == event)
    shown = [e for e in chosen if is_open(e, reader)]
    if reader != AUTHORITY:
        said = [_told(s) for _, s in sorted(state.statements.items()) if is_open(s, reader)]
        return [report_of(_shown(e), said, at=at) for e in shown]
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
        flown=intent.flown, unseen=None if unseen is None else unseen.since, noticed=noticed,
    )  # fmt: skip


def _shown(entered: Entered) -> Entered:
    """Give an event without what is the authority's alone; entries are numbers of its ledger."""
    bare = replace(entered.occurrence, tracks=(), intents=())
    return replace(entered, occurrence=bare, position=0, latest=0, shared=())


def _told(said: Said) -> Said:
    return replace(said, position=0, shared=(), grade=None, graded=0)
