"""Ledgers of a million entries, written without deciding on each."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from benchmarks.filings import NOON, PARTIES, founding, paths_across
from detente.authority import IntentState, Outcome, Path4D, encode_outcome
from detente.authority import event as e
from detente.authority.command import Activate, Command, End, File
from detente.authority.decision import digest_of
from detente.authority.outcome import SCHEMA
from detente.authority.register import Offer
from detente.ledger import open_ledger
from detente.ledger.desk import Desk

__all__ = ["days", "fill", "standing"]

_PIECE = 10_000
_OFFERS = tuple(
    Offer(f"delay+{60 * k}s", delay=60 * k, cost=60 * k) for k in range(1, 6)
)  # fmt: skip


def fill(target: str, outcomes: Iterable[Outcome]) -> int:
    """Begin a ledger and write outcomes to it; give how many events they hold."""
    with Desk.open(target, create=True) as desk:
        for command in founding():
            desk.submit(command)
    events = 0
    bodies = (encode_outcome(outcome) for outcome in outcomes)
    with open_ledger(target) as ledger:
        position = ledger.head()[0]
        while piece := list(islice(bodies, _PIECE)):
            ledger.append(position, piece)
            position += len(piece)
            events += len(piece)
    return events


def standing(count: int) -> Iterator[Outcome]:
    """Give the acceptance of so many small flights across a country."""
    for k, path in enumerate(paths_across(count, seed=7)):
        yield _accepted(_filed(k, path))


def days(count: int) -> Iterator[Outcome]:
    """Give so many outcomes of days at work.

    Of ten flights nine are accepted, activated and ended, one is refused with alternatives; 2,000
    are under way at a time.
    """
    made = _flown(count)
    return islice(made, count)


def _flown(count: int) -> Iterator[Outcome]:
    under_way: list[File] = []
    for k, path in enumerate(paths_across(count, seed=8)):
        filed = _filed(k, path)
        if k % 10 == 9:
            yield _outcome(filed, _refused(filed))
            continue
        yield _accepted(filed)
        begun = Activate(at=NOON, by=filed.by, key=f"a{k}", intent=filed.intent, version=1)
        yield _outcome(begun, e.IntentActivated(
            party=filed.by, intent=filed.intent, version=2, state=IntentState.ACTIVATED
        ))  # fmt: skip
        under_way.append(filed)
        if len(under_way) > 2_000:
            old = under_way.pop(0)
            ended = End(at=NOON, by=old.by, key=f"e{old.intent}", intent=old.intent, version=2)
            yield _outcome(ended, e.IntentEnded(
                party=old.by, intent=old.intent, version=3, state=IntentState.ENDED, how="ended",
                stood=True,
            ))  # fmt: skip


def _filed(k: int, path: Path4D) -> File:
    return File(at=NOON, by=PARTIES[k % 4], key=f"{k}", intent=f"{k}", extent=path)


def _accepted(filed: File) -> Outcome:
    return _outcome(filed, e.IntentAccepted(
        party=filed.by, intent=filed.intent, version=1, state=IntentState.ACCEPTED,
        extent=filed.extent, precedence="other",
    ))  # fmt: skip


def _refused(filed: File) -> e.IntentRefused:
    return e.IntentRefused(
        party=filed.by, intent=filed.intent, version=1, state=IntentState.REFUSED,
        extent=filed.extent, precedence="other", because="conflict", offers=_OFFERS,
        until=NOON + timedelta(minutes=15), met=("blue/1", "amber/2"),
    )  # fmt: skip


def _outcome(command: Command, event: e.Event) -> Outcome:
    digest = digest_of(command).hex()
    return Outcome(SCHEMA, command.at, command.by, command.key, digest, (event,))
