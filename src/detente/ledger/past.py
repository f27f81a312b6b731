"""The past: what the authority knew at a time, folded anew from its ledger."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import TypeVar

from detente.authority import State, decode_outcome, fold
from detente.ledger.log import Ledger

__all__ = ["Past"]

T = TypeVar("T")

_PIECE = 1_024
_BEGIN = datetime.min.replace(tzinfo=UTC)


class Past:
    """A reader of the ledger that stands at some time of the past.

    It goes forward from where it stands, and from the beginning when it is asked about before:
    so to play the past forward costs no more than to read it once. It changes nothing.

    Parameters
    ----------
    ledger : is only read.

    Examples
    --------
    >>> from detente.authority import Charter, command
    >>> from detente.ledger import MemoryLedger
    >>> from detente.ledger.desk import Desk
    >>> ledger, noon = MemoryLedger(), datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> with Desk(ledger) as desk:
    ...     _ = desk.submit(command.Found(at=noon, key="1", charter=Charter()))
    ...     _ = desk.submit(command.RegisterParty(at=noon.replace(hour=13), key="2", party="A"))
    >>> past = Past(ledger)
    >>> past.ask(noon, lambda state: list(state.parties))
    []
    >>> past.ask(noon.replace(hour=14), lambda state: list(state.parties))
    ['A']

    See Also
    --------
    replay : to the end.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._state = State()
        self._at = _BEGIN

    def ask(self, at: datetime, question: Callable[[State], T]) -> T:
        """Ask about what was known when the last entry at or before a time was written.

        Parameters
        ----------
        at : with an offset.
        question : may not keep the state: it goes on.
        """
        with self._lock:
            if at < self._at:
                self._state, self._at = State(), _BEGIN
            self._go(at)
            return question(self._state)

    def _go(self, at: datetime) -> None:
        while True:
            some = list(self._ledger.read(self._state.position, _PIECE))
            for entry in some:
                outcome = decode_outcome(entry.body)
                if outcome.at > at:
                    return
                fold(self._state, outcome)
                self._at = max(self._at, outcome.at)
            self._state.settle()
            if len(some) < _PIECE:
                return
