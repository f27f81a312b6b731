"""An audit of a ledger: its chain, what its entries say, and the rule over what they come to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from detente.airspace import Conflict
from detente.authority import Outcome, State, decode_outcome, fold
from detente.authority.rule import broken
from detente.errors import InputError
from detente.ledger import Broken, Entry, Head, Ledger, Unavailable, open_ledger, verify

__all__ = ["Audit", "audit", "fold_in", "outcome_in", "reading"]


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit came to.

    Parameters
    ----------
    head : the last entry's position and hash.
    events : how many the entries hold.
    state : what they come to.
    conflicts : where the rule does not hold.
    """

    head: Head
    events: int
    state: State
    conflicts: list[Conflict]


@contextmanager
def reading(target: str) -> Iterator[Ledger]:
    """Have a ledger open for reading only.

    Raises
    ------
    InputError : there is none, or it cannot be read now.
    """
    try:
        with open_ledger(target, read_only=True) as ledger:
            yield ledger
    except Unavailable as error:
        raise InputError(error.what, mend=error.mend) from error


def outcome_in(entry: Entry) -> Outcome:
    """Read what came of a command.

    Raises
    ------
    Broken : the entry's body is no outcome, or one of a newer Detente.
    """
    try:
        return decode_outcome(entry.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Broken(entry.position, f"its body is no outcome: {error}") from error


def fold_in(state: State, entry: Entry, outcome: Outcome) -> None:
    """Let what an entry says have happened.

    Raises
    ------
    Broken : it cannot have happened after what stands before it.
    """
    try:
        fold(state, outcome)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        what = f"what it says cannot follow what stands before it: {error!r}"
        raise Broken(entry.position, what) from error
    state.settle()


def audit(
    ledger: Ledger,
    *,
    noted: Head | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Check the chain, fold all that stands in it, and check the rule at its end.

    Parameters
    ----------
    ledger : any; is only read.
    noted : a head that was noted earlier, which the chain must pass through.
    progress : told how many entries were read, and of how many.

    Raises
    ------
    Broken : with the first position where something is wrong.
    """
    folded = _Folded(progress, ledger.head()[0])
    head = verify(folded.after(ledger.read()), noted=noted)
    folded.take()
    return Audit(head, folded.events, folded.state, broken(folded.state))


class _Folded:
    """What entries come to, each folded only once its place in the chain is known."""

    def __init__(self, progress: Callable[[int, int], None] | None, total: int) -> None:
        self.state = State()
        self.events = 0
        self._progress = progress
        self._total = total
        self._held: Entry | None = None

    def after(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """Hand entries on, and fold each a step later.

        Where one does not fit, the verification asks for the next to say why: so what was handed
        on last is not known to fit when it asks.
        """
        for entry in entries:
            yield entry
            self.take()
            self._held = entry

    def take(self) -> None:
        """Fold what is held."""
        entry, self._held = self._held, None
        if entry is None:
            return
        outcome = outcome_in(entry)
        fold_in(self.state, entry, outcome)
        self.events += len(outcome.events)
        if self._progress is not None and entry.position % 1024 == 0:
            self._progress(entry.position, max(entry.position, self._total))
