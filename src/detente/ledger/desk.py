"""The desk: where commands arrive, are decided on, written down, and only then answered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar, cast

from detente.authority import (
    AUTHORITY,
    Command,
    Notice,
    Outcome,
    State,
    View,
    decode_outcome,
    encode_outcome,
    fold,
    outcome_of,
    repeated,
    told,
    view,
)
from detente.authority.command import Reexamine
from detente.ledger.chain import Entry
from detente.ledger.line import Line
from detente.ledger.log import Ledger, Overtaken
from detente.ledger.opening import open_ledger
from detente.ledger.snapshot import load_snapshot, save_snapshot

__all__ = ["Answer", "Desk", "Listener", "replay"]

T = TypeVar("T")

Answer = Notice | Outcome
"""What a command is answered with: a party gets a notice; the authority, the whole outcome."""

Listener = Callable[[State, Mapping[int, Outcome]], None]
"""Is given what is known, and the outcomes that are new in it, by position."""

_BATCH = 256
"""Commands written in one append, at most."""

_PIECE = 1024
"""Entries of others that are taken up before anybody hears of them, at most."""

_LOOKS = 32
"""Intents looked at again between two batches, at most: nobody waits long for them."""


def replay(
    entries: Iterable[Entry],
    state: State | None = None,
    *,
    progress: Callable[[int], None] | None = None,
) -> State:
    """Fold entries of a ledger into a state.

    Parameters
    ----------
    entries : in order, from the state's position on.
    state : goes on from it; by default from nothing.
    progress : called now and then with the position.
    """
    state = state or State()
    for entry in entries:
        fold(state, decode_outcome(entry.body))
        if entry.position % 1024 == 0:
            state.settle()
            if progress is not None:
                progress(entry.position)
    state.settle()
    return state


@dataclass(slots=True, eq=False)
class _Ask:
    """A command that waits for its answer."""

    command: Command
    position: int = 0
    answer: Answer | None = None
    error: BaseException | None = None


class Desk:
    """An authority at work on a ledger.

    Commands that arrive while others are being written are decided on together and written in
    one append (group commit): whoever finds the desk free serves all who wait. An answer is
    given only after the append is durable; where it fails, nothing has happened, and the same
    command may be sent again under its key. Safe to use from many threads; many processes may
    work on one ledger, each with a desk of its own.

    Parameters
    ----------
    ledger : what is true. The desk closes it.
    state : of a snapshot of this ledger; by default all of the ledger is folded.
    snapshot : where to keep one when the desk is closed; None for nowhere.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from detente.authority import Charter
    >>> from detente.authority.command import Found, RegisterParty
    >>> from detente.ledger import MemoryLedger
    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> with Desk(MemoryLedger()) as desk:
    ...     begun = desk.submit(Found(at=noon, key="1", charter=Charter(name="FIR")))
    ...     answer = desk.submit(RegisterParty(at=noon, key="2", party="north"))
    >>> answer.events[0].party
    'north'

    See Also
    --------
    Desk.open : on a file, or on a server.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        state: State | None = None,
        snapshot: Path | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._ledger = ledger
        self._snapshot = snapshot
        self._free = Lock()
        self._listeners: tuple[Listener, ...] = ()
        self._waiting = Line(self._taken, self._serve, self._look_again, _BATCH)
        self._state = replay(ledger.read(state.position if state else 0), state, progress=progress)

    @classmethod
    def open(
        cls,
        target: str | Path,
        *,
        create: bool = False,
        snapshot: Path | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Self:
        """Open a ledger, with a snapshot if there is a fitting one.

        Parameters
        ----------
        target : a file, or ``postgresql://…``.
        create : begin one where there is none.
        snapshot : its file; by default, beside a ledger that is a file.
        progress : called with the position while the ledger is folded.

        Raises
        ------
        InputError : there is none, or it cannot be used.
        """
        ledger = open_ledger(target, create=create)
        if snapshot is None and "://" not in str(target):
            snapshot = Path(f"{target}.snapshot")
        state = load_snapshot(snapshot, ledger) if snapshot else None
        desk = cls(ledger, state=state, snapshot=snapshot, progress=progress)
        desk.attend()
        return desk

    @property
    def state(self) -> State:
        """All that is known: for the authority's eyes."""
        return self._state

    @property
    def ledger(self) -> Ledger:
        """What it works on."""
        return self._ledger

    def submit(self, command: Command) -> Answer:
        """Decide on a command and write down what comes of it.

        Returns
        -------
        The answer, durable. The same command under the same key gets the first answer again.

        Raises
        ------
        Rejected : another command came under this key.
        ValueError : a command without a key.
        Unavailable : the ledger cannot be written; send the same command again later.
        """
        (answer,) = self.submit_all([command])
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def submit_all(self, commands: Sequence[Command]) -> list[Answer | BaseException]:
        """Decide on many commands, in this order; give for each the answer or what went wrong.

        They are not one: each is decided on by itself.
        """
        if not all(command.key for command in commands):
            raise ValueError("a command without a key could not be repeated")
        asks = [_Ask(command) for command in commands]
        self._waiting.wait(asks)
        return [ask.error or cast(Answer, ask.answer) for ask in asks]

    def attend(self) -> None:
        """Take up what others wrote, and what is due."""
        with self._free:
            self._catch_up()
        while self._look_again():
            pass

    def ask(self, question: Callable[[State], T]) -> T:
        """Ask about what is known and durable; wait for what is being decided now."""
        with self._free:
            return question(self._state)

    def ask_now(self, question: Callable[[State], T]) -> T:
        """Ask without waiting.

        Raises
        ------
        BlockingIOError : something is being decided now.
        """
        if not self._free.acquire(blocking=False):
            raise BlockingIOError("something is being decided now")
        try:
            return question(self._state)
        finally:
            self._free.release()

    def view(self, party: str) -> View:
        """Give all that a party may know now."""
        return self.ask(lambda state: view(state, party))

    def notices(self, party: str, after: int = 0, limit: int = 100) -> list[Notice]:
        """Give what a party was told, by its own count, after a number."""
        positions = self.ask(lambda state: state.heard(party)[after : after + limit].tolist())
        # nobody waits while the ledger is read
        read = [(position, self._read(position)) for position in positions]
        return self.ask(lambda state: [told(state, o, position, party) for position, o in read])

    def heard(self, parties: Iterable[str]) -> tuple[int, Sequence[Sequence[int]]]:
        """Give the last position, and for each party those at which it was told something."""
        return self.ask(lambda s: (s.position, [s.heard(party)[:] for party in parties]))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have somebody hear of all that is durable from now on, in order, whoever wrote it.

        Parameters
        ----------
        listener : is called while the desk is held, so it is quick, asks the desk nothing, keeps
            nothing of the state, and raises nothing.

        Returns
        -------
        Ends it.
        """
        with self._free:
            self._listeners += (listener,)

        def end() -> None:
            with self._free:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

        return end

    def save(self) -> None:
        """Keep a snapshot now."""
        if self._snapshot is not None:
            with self._free:
                save_snapshot(self._snapshot, self._state, self._ledger)

    def close(self) -> None:
        """Keep a snapshot, and close the ledger."""
        self.save()
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _look_again(self) -> bool:
        """Look again at some of what is due; tell whether that may go on."""
        due, intents = self._state.due, self._state.intents
        if not due:
            return False

        def order(name: str) -> tuple[datetime, int, str]:
            return due[name], -intents[name].priority if name in intents else 0, name

        with self._taken():
            since = {name: due[name] for name in nsmallest(_LOOKS, due, key=order)}
            self._serve([_Ask(Reexamine(at=at, name=name)) for name, at in since.items()])
            # where the ledger cannot be written now, they stay due
            return any(due.get(name) != at for name, at in since.items())

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """Have the desk, and the turn among all on this ledger."""
        with self._free, self._ledger.turn():
            yield

    # one thread at a time

    def _serve(self, batch: Sequence[_Ask]) -> None:
        """Decide, append, answer; from the start again where somebody else was first."""
        while True:
            try:
                self._catch_up()
                first = self._state.position
                outcomes, bodies = self._decide(batch)
                self._ledger.append(first, bodies)
                break
            except Overtaken:
                self._state.take_back()
            except BaseException as error:
                self._state.take_back()
                for ask in batch:
                    ask.error = error
                if not isinstance(error, Exception):
                    raise
                return
        self._state.settle()
        for ask in batch:
            self._answer(ask, outcomes)
        self._tell(outcomes)

    def _decide(self, batch: Sequence[_Ask]) -> tuple[dict[int, Outcome], list[bytes]]:
        """Decide on each in turn, each knowing what came of those before.

        Returns
        -------
        outcomes : by position; as anybody will read them, so that all desks know the same.
        bodies : what is to be written.
        """
        outcomes: dict[int, Outcome] = {}
        bodies: list[bytes] = []
        for ask in batch:
            ask.error = ask.answer = None
            try:
                ask.position = repeated(self._state, ask.command) or 0
                if ask.position:
                    continue
                outcome = outcome_of(self._state, ask.command)
                if outcome is None:
                    continue
                body = encode_outcome(outcome)
                outcome = decode_outcome(body)
            except Exception as error:  # this command's own; the others are not held up by it
                ask.error = error
                continue
            bodies.append(body)
            fold(self._state, outcome)
            ask.position = self._state.position
            outcomes[ask.position] = outcome
        return outcomes, bodies

    def _answer(self, ask: _Ask, outcomes: dict[int, Outcome]) -> None:
        """Answer the same the first time and ever after: from the entry alone."""
        by, position = ask.command.by, ask.position
        if not position:
            return
        try:
            outcome = outcomes.get(position) or self._read(position)
            ask.answer = outcome if by == AUTHORITY else self._told(position, by, outcome)
        except Exception as error:  # it is written; asked again, it will be answered
            ask.error = error

    def _told(self, position: int, party: str, outcome: Outcome | None = None) -> Notice:
        return told(self._state, outcome or self._read(position), position, party)

    def _read(self, position: int) -> Outcome:
        (entry,) = self._ledger.read(position - 1, 1)
        return decode_outcome(entry.body)

    def _catch_up(self) -> None:
        """Fold what other desks wrote."""
        entries = self._ledger.read(self._state.position)
        while piece := list(islice(entries, _PIECE)):
            outcomes = {entry.position: decode_outcome(entry.body) for entry in piece}
            for outcome in outcomes.values():
                fold(self._state, outcome)
            self._state.settle()
            self._tell(outcomes)

    def _tell(self, outcomes: Mapping[int, Outcome]) -> None:
        for listener in self._listeners if outcomes else ():
            listener(self._state, outcomes)
