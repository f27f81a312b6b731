"""The past: what the authority knew at a time, folded anew from its ledger."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from time import perf_counter, sleep
from typing import TypeVar

from detente.authority import Outcome, State, decode_outcome, fold
from detente.authority.event import OccurrenceEntered, StatementEntered, StatementShared
from detente.ledger.log import Ledger

__all__ = ["Past", "PastRecord"]

T = TypeVar("T")

_PIECE = 1_024
_BEGIN = datetime.min.replace(tzinfo=UTC)
_SPELL = 0.001
_REST = 0.000_2
_OF_RECORD = tuple(
    f'"{kind.__name__}"'.encode() for kind in (OccurrenceEntered, StatementEntered, StatementShared)
)
"""In every entry that has such an event, and in few others."""


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
    >>> past = Past(ledger.another())
    >>> past.ask(noon, lambda state: list(state.parties))
    []
    >>> past.ask(noon.replace(hour=14), lambda state: list(state.parties))
    ['A']

    See Also
    --------
    replay : to the end. PastRecord : of what was said alone.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._turns = _Turns()
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
                self._turns.give()
            self._state.settle()
            if len(some) < _PIECE:
                return


class PastRecord:
    """The same for events and statements alone, which is all that a party is shown of the past.

    Of each it keeps the entry, so that to go back costs no more than to go forward: whoever asks
    about many times by turns holds up nobody.

    Parameters
    ----------
    ledger : is only read.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._turns = _Turns()
        self._position = 0
        self._kept: list[Outcome] = []
        self._state, self._at, self._next = State(), _BEGIN, 0

    def ask(self, at: datetime, question: Callable[[State], T]) -> T:
        """Ask about what was on record at a time.

        Parameters
        ----------
        at : with an offset.
        question : is given a state that has events, statements, and nothing else; its positions
            are not the ledger's. It may not keep the state.
        """
        with self._lock:
            self._read()
            if at < self._at:
                self._state, self._at, self._next = State(), _BEGIN, 0
            for outcome in self._kept[self._next :]:
                if outcome.at > at:
                    break
                fold(self._state, outcome)
                self._at = max(self._at, outcome.at)
                self._next += 1
            self._state.settle()
            return question(self._state)

    def _read(self) -> None:
        """Take in what was written since."""
        while some := list(self._ledger.read(self._position, _PIECE)):
            for entry in some:
                if any(name in entry.body for name in _OF_RECORD):
                    self._kept.append(decode_outcome(entry.body))
                self._turns.give()
            self._position = some[-1].position


class _Turns:
    """Lets other threads have the interpreter: else each waits 5 ms for it, again and again."""

    def __init__(self) -> None:
        self._since = perf_counter()

    def give(self) -> None:
        """Give way, if the last time is a while ago."""
        if perf_counter() - self._since > _SPELL:
            sleep(_REST)
            self._since = perf_counter()
