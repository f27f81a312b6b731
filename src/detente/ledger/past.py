"""The past: what the authority knew at a time, folded anew from its ledger."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from threading import Lock
from time import perf_counter, sleep
from typing import TypeVar

from msgspec.structs import replace

from detente.authority import Outcome, State, View, decode_outcome, fold, view
from detente.authority.audience import COMMON, concerning, sharing_with
from detente.authority.event import OccurrenceEntered, StatementEntered, StatementShared
from detente.ledger.log import Ledger

__all__ = ["Heard", "Past", "PastRecord", "PastView"]

T = TypeVar("T")

_PIECE = 1_024
_BEGIN = datetime.min.replace(tzinfo=UTC)
_SPELL = 0.001
_REST = 0.000_2


def _names(kinds: Iterable[type]) -> tuple[bytes, ...]:
    """Give what stands in every entry that has an event of such a kind, and in few others."""
    return tuple(f'"{kind.__name__}"'.encode() for kind in kinds)


_OF_RECORD = _names((OccurrenceEntered, StatementEntered, StatementShared))
_COMMON = _names(COMMON)
_LOOKS = 8
"""Parties whose past is kept where it was last looked at."""

Heard = Callable[[Iterable[str]], tuple[int, Sequence[Sequence[int]]]]
"""Gives a position of the ledger, and for each of some parties where it was told something."""


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
    replay : to the end. PastRecord : of what was said alone. PastView : of what one party knew.
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
    """The same for events and statements alone: all that a report to a party is made of.

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


class PastView:
    """The same for parties: all that one knew, folded from what it was told and what is public.

    What others filed is not at hand, unless they shared: so neither an answer nor the time that it
    takes follows from that. What is public is kept, and what a party was told is read again: so to
    go back costs no more than to read that party's own.

    Parameters
    ----------
    ledger : is only read.
    heard : knows where parties were told something, such as :meth:`Desk.heard`.
    """

    def __init__(self, ledger: Ledger, heard: Heard) -> None:
        self._ledger = ledger
        self._heard = heard
        self._lock = Lock()
        self._turns = _Turns()
        self._position = 0
        self._common: dict[int, Outcome] = {}
        self._looks: dict[str, _Look] = {}

    def ask(self, at: datetime, party: str) -> View:
        """Give what a party knew when the last entry at or before a time was written.

        Parameters
        ----------
        at : with an offset.

        Returns
        -------
        Its view, without the number of its notices; where it was not registered yet, nobody's.
        """
        with self._lock:
            look = self._looks.pop(party, None) or _Look(party)
            if at < look.at:
                look = _Look(party, look.fellows)
            while True:
                self._go(look, at)
                fellows = look.fellows.union(sharing_with(look.state, party))
                if fellows == look.fellows:
                    break
                look = _Look(party, fellows)
            self._looks[party] = look
            while len(self._looks) > _LOOKS:
                del self._looks[next(iter(self._looks))]
            return replace(view(look.state, party), notices=0)

    def _go(self, look: "_Look", at: datetime) -> None:
        end, heard = self._heard((look.party, *look.fellows))
        self._read()
        after = look.position
        told = {k for each in heard for k in each[bisect_right(each, after) :]}
        for position in sorted(told.union(k for k in self._common if after < k <= end)):
            outcome = self._at(position) if position in told else self._common[position]
            if outcome.at > at:
                break
            fold(look.state, concerning(outcome, look.party, look.fellows))
            look.state.settle()
            look.at, look.position = max(look.at, outcome.at), position
            self._turns.give()

    def _at(self, position: int) -> Outcome:
        (entry,) = self._ledger.read(position - 1, 1)
        return decode_outcome(entry.body)

    def _read(self) -> None:
        """Take in what was written since of what is public."""
        while some := list(self._ledger.read(self._position, _PIECE)):
            for entry in some:
                if any(name in entry.body for name in _COMMON):
                    outcome = concerning(decode_outcome(entry.body), "", frozenset())
                    self._common[entry.position] = outcome
                self._turns.give()
            self._position = some[-1].position


class _Look:
    """Where one party's past was last looked at.

    Parameters
    ----------
    fellows : who shared with it at any of the times that were looked at.

    Attributes
    ----------
    state : of which the view is made; its positions are not the ledger's.
    position : of the ledger, of the last entry in it.
    """

    __slots__ = ("at", "fellows", "party", "position", "state")

    def __init__(self, party: str, fellows: frozenset[str] = frozenset()) -> None:
        self.party = party
        self.fellows = fellows
        self.state, self.position, self.at = State(), 0, _BEGIN


class _Turns:
    """Lets other threads have the interpreter: else each waits 5 ms for it, again and again."""

    def __init__(self) -> None:
        self._since = perf_counter()

    def give(self) -> None:
        """Give way, if the last time is a while ago."""
        if perf_counter() - self._since > _SPELL:
            sleep(_REST)
            self._since = perf_counter()
