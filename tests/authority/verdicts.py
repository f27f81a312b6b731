"""What was decided on one party, read from the ledger by itself: no code of disclosure's."""

from typing import Any

from detente.authority import Outcome, Sharing
from detente.authority import event as e

Row = tuple[Any, ...]
Verdict = tuple[Row, frozenset[str] | None]
"""What became of an intent or a command, and the points of the grid that were offered."""


def verdicts_of(outcome: Outcome, party: str) -> list[Verdict]:
    """Give what an outcome decided on a party's commands and intents.

    That an intent expired is no verdict: it must follow from the party's own filing and the
    public clock, so it may not differ where nothing else does. Nor are extents and versions.
    """
    own = outcome.by == party
    when = () if own else (outcome.at,)
    rows: list[Verdict] = []
    for event in outcome.events:
        if isinstance(event, e.CommandRejected) and own:
            if event.field == "statement/about":
                continue  # what one may not see is unknown, whatever there is: no verdict
            rows.append((("rejected", event.code, event.field), None))
        elif isinstance(event, e.IntentEvent) and event.party == party:
            verdict = _verdict(event)
            if verdict is not None:
                rows.append(((*verdict[0], event.intent, *when), verdict[1]))
    return rows


def _verdict(event: e.IntentEvent) -> Verdict | None:
    kind = type(event).__name__
    if isinstance(event, e.IntentEnded) and event.how == "expired":
        return None
    if isinstance(event, e.IntentRefused):
        offered = frozenset(offer.id for offer in event.offers)
        return (kind, event.because, event.constraints), offered
    if isinstance(event, e.AlternativesOffered):
        return (kind,), frozenset(offer.id for offer in event.offers)
    if isinstance(event, e.IntentHeld):
        public = event.cause.of if event.cause.kind == "constraint" else ""
        return (kind, event.cause.kind, public), None
    changed = getattr(event, "changed", None)
    return (kind, changed.id if changed else ""), None


def shared_of(outcome: Outcome, party: str, level: Sharing) -> list[Row]:
    """Give what changed of a party's intents that it shares at a level, at most."""
    rows: list[Row] = []
    for event in outcome.events:
        if level is Sharing.NOTHING or not isinstance(event, e.IntentEvent):
            continue
        if event.party != party:
            continue
        extent = getattr(event, "extent", None)
        volumes = getattr(event, "off_nominal", ())
        stands = event.state.value in ("accepted", "activated", "nonconforming", "contingent")
        if level is Sharing.INTENTS:
            # versions are shared, so a member sees that there was something between two of them
            if not isinstance(event, e.AlternativesOffered):
                rows.append((type(event).__name__, event.intent, outcome.at, extent, volumes))
        elif not isinstance(event, e.IntentRefused | e.IntentPending | e.AlternativesOffered):
            rows.append((event.intent, outcome.at, stands, extent, volumes))
    return rows
