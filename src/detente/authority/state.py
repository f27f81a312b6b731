"""What the authority knows: a fold over its ledger."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from detente.authority.charter import Charter
from detente.authority.register import (
    Alert,
    Answered,
    Coalition,
    Cycle,
    Effect,
    Intent,
    IntentState,
    Party,
    Published,
    Sharing,
)
from detente.authority.standing import Met, Standing
from detente.record.entry import Entered, Said, Seen
from detente.watch.track import Unseen

__all__ = ["State", "Tables"]

Audience = dict[str, Sharing]


class Tables(Struct):
    """All of the state that is not derived: what a snapshot keeps.

    Parameters
    ----------
    position : of the last outcome that was folded.
    answered : by who asked and the key, a line each.
    probes : by party or "coalition:ID", the window and how many refusals fell into it.
    audiences : by party, from which position on who may see how much of its intents.
    due : names to look at again, and the time of what made it so.
    heard : by party, the positions at which it was told something; 8 bytes each.
    tracks : by identifier; those that ended are kept for a while, those of an event for ever.
    unseen : by intent's name, the entry that said so, and what.
    alerts : by identifier, those that last.
    occurrences, statements : by identifier, and by name.
    """

    charter: Charter | None = None
    salt: str = ""
    position: int = 0
    parties: dict[str, Party] = {}
    coalitions: dict[str, Coalition] = {}
    intents: dict[str, Intent] = {}
    constraints: dict[str, Published] = {}
    cycles: dict[str, Cycle] = {}
    answered: dict[str, Answered] = {}
    probes: dict[str, tuple[int, int]] = {}
    audiences: dict[str, tuple[tuple[int, Audience], ...]] = {}
    due: dict[str, datetime] = {}
    heard: dict[str, bytes] = {}
    tracks: dict[str, Seen] = {}
    unseen: dict[str, tuple[int, Unseen]] = {}
    alerts: dict[str, Alert] = {}
    occurrences: dict[str, Entered] = {}
    statements: dict[str, Said] = {}


class State:
    """The authority's knowledge at one position of its ledger.

    ``evolve`` changes it in place, and only through :meth:`put`, which can be undone until
    :meth:`settle` is called: so a writer that was overtaken takes its steps back.

    Parameters
    ----------
    tables : of a snapshot; by default, nothing is known.
    """

    def __init__(self, tables: Tables | None = None) -> None:
        self._tables = tables or Tables()
        self._heard = {party: array("Q", b) for party, b in self._tables.heard.items()}
        self._tables.heard = {}
        self._undo: list[tuple[str, Any, Any]] = []
        self._standing: Standing | None = None
        self._own: dict[str, dict[str, None]] = {}
        self._open: Counter[str] = Counter()
        self._limited: dict[str, Published] = {}
        self._waiting: dict[str, dict[str, None]] = {}
        if self._tables.charter is not None:
            self._stand()

    # what rules read

    @property
    def charter(self) -> Charter:
        """What holds in this airspace; the default before anything was laid down."""
        return self._tables.charter or _NO_CHARTER

    @property
    def salt(self) -> str:
        """What handles are made with."""
        return self._tables.salt

    @property
    def founded(self) -> bool:
        """Whether the charter was laid down."""
        return self._tables.charter is not None

    @property
    def position(self) -> int:
        """Of the last outcome that was folded; 0 for none."""
        return self._tables.position

    @property
    def parties(self) -> Mapping[str, Party]:
        """Those that fly, by identifier."""
        return self._tables.parties

    @property
    def coalitions(self) -> Mapping[str, Coalition]:
        """By identifier."""
        return self._tables.coalitions

    @property
    def intents(self) -> Mapping[str, Intent]:
        """All that are kept, by name."""
        return self._tables.intents

    @property
    def constraints(self) -> Mapping[str, Published]:
        """Those in force, by identifier."""
        return self._tables.constraints

    @property
    def cycles(self) -> Mapping[str, Cycle]:
        """By identifier."""
        return self._tables.cycles

    @property
    def tracks(self) -> Mapping[str, Seen]:
        """What was seen, by identifier."""
        return self._tables.tracks

    @property
    def unseen(self) -> Mapping[str, tuple[int, Unseen]]:
        """What should be seen and is not, by intent's name, with the ledger's entry."""
        return self._tables.unseen

    @property
    def alerts(self) -> Mapping[str, Alert]:
        """Those that last, by identifier."""
        return self._tables.alerts

    @property
    def occurrences(self) -> Mapping[str, Entered]:
        """The events of the record, by identifier."""
        return self._tables.occurrences

    @property
    def statements(self) -> Mapping[str, Said]:
        """What was said, by name ("by/id")."""
        return self._tables.statements

    @property
    def due(self) -> Mapping[str, datetime]:
        """Names that the authority is to look at again (``Reexamine``), in order."""
        return self._tables.due

    @property
    def standing(self) -> Standing:
        """The indexes of what stands."""
        if self._standing is None:
            self._standing = Standing(self.charter)
        return self._standing

    def of_party(self, party: str) -> Iterator[Intent]:
        """Give a party's intents, in the order of their identifiers."""
        return (self.intents[name] for name in sorted(self._own.get(party, ())))

    def open_intents(self, party: str) -> int:
        """Count a party's intents that are neither ended nor refused."""
        return self._open[party]

    def waiting(self, cause: str) -> list[str]:
        """Name the intents held because of a constraint ("constraint:ID") or an intent."""
        return sorted(self._waiting.get(cause, ()))

    def permitted(self, party: str) -> list[str]:
        """Name the constraints in force that a party may enter."""
        return [id for id, c in self._limited.items() if party in c.permitted]

    def met(self, intent: Intent, extent: Any, *, despite: Iterable[str] | None = None) -> Met:
        """Tell what an intent would conflict with, flown so."""
        excused = frozenset(intent.despite if despite is None else despite)
        found = self.standing.met(
            intent.name,
            intent.party,
            extent,
            permitted=self.permitted(intent.party),
            despite=excused,
        )
        if not excused or not found.constraints:
            return found
        barred = tuple(c for c in found.constraints if f"constraint:{c}" not in excused)
        return Met(found.intents, barred)

    def probes(self, who: str, window: int) -> int:
        """Count the refusals of a party, or "coalition:ID", in a window."""
        at, count = self._tables.probes.get(who, (window, 0))
        return count if at == window else 0

    def answered(self, by: str, key: str) -> Answered | None:
        """Find what came of a command of this key."""
        return self._tables.answered.get(f"{by}\n{key}") if key else None

    def audience(self, party: str, position: int | None = None) -> Audience:
        """Tell who may see how much of a party's intents, at a position (else now)."""
        history = self._tables.audiences.get(party, ())
        if not history:
            return {}
        if position is None:
            return history[-1][1]
        k = bisect_right(history, position, key=lambda row: row[0])
        return history[k - 1][1] if k else {}

    def heard(self, party: str) -> "array[int]":
        """Give the positions at which a party was told something, in order."""
        return self._heard.get(party, array("Q"))

    # what evolve writes

    def put(self, table: str, key: Any, value: Any) -> None:
        """Set a row of a table, or take it out (None)."""
        rows = getattr(self._tables, table)
        old = rows.get(key)
        self._undo.append((table, key, old))
        self._write(table, rows, key, old, value)

    def lay_down(self, charter: Charter, salt: str) -> None:
        """Set the charter, once."""
        self._undo.append(("charter", None, (self._tables.charter, self._tables.salt)))
        self._tables.charter, self._tables.salt = charter, salt
        self._stand()

    def tell(self, party: str, position: int) -> None:
        """Note that a party was told something in the outcome at a position."""
        told = self._heard.get(party)
        if told is None:
            told = self._heard[party] = array("Q")
        if not told or told[-1] != position:
            told.append(position)
            self._undo.append(("heard", party, None))

    def advance(self) -> None:
        """Say that one more outcome was folded."""
        self._undo.append(("position", None, self._tables.position))
        self._tables.position += 1

    def settle(self) -> None:
        """Keep all that was done: it is in the ledger."""
        self._undo.clear()

    def take_back(self) -> None:
        """Undo all that was done since it was last settled."""
        for table, key, old in reversed(self._undo):
            if table == "heard":
                self._heard[key].pop()
                if not self._heard[key]:
                    del self._heard[key]
            elif table == "position":
                self._tables.position = old
            elif table == "charter":
                self._tables.charter, self._tables.salt = old
                self._standing = None
            else:
                rows = getattr(self._tables, table)
                self._write(table, rows, key, rows.get(key), old)
        self._undo.clear()

    def tables(self) -> Tables:
        """Give what a snapshot must keep; not a copy."""
        self._tables.heard = {party: told.tobytes() for party, told in self._heard.items()}
        return self._tables

    # what follows from the tables

    def _write(self, table: str, rows: dict[Any, Any], key: Any, old: Any, new: Any) -> None:
        if new is None:
            rows.pop(key, None)
        else:
            rows[key] = new
        if table == "intents":
            self._restand(old, new)
        elif table == "constraints":
            self._constrain(key, new)

    def _constrain(self, id: str, new: Published | None) -> None:
        self._limited.pop(id, None)
        if new is None:
            self.standing.unconstrain(id)
            return
        self.standing.constrain(id, new.volumes)
        if new.effect is Effect.LIMITED:
            self._limited[id] = new

    def _restand(self, old: Intent | None, new: Intent | None) -> None:
        stood = old is not None and old.stands
        stands = new is not None and new.stands
        if new is not None and (old is None or new.extent is not old.extent
                or new.off_nominal is not old.off_nominal or stood != stands):  # fmt: skip
            if stood:
                self.standing.drop(new.name)
            if stands and new.extent is not None:
                self.standing.put(new.name, new.party, new.extent, new.off_nominal)
        elif new is None and old is not None and stood:
            self.standing.drop(old.name)
        if old is None and new is not None:
            self._own.setdefault(new.party, {})[new.name] = None
        elif new is None and old is not None:
            self._own[old.party].pop(old.name, None)
        intent = new or old
        if intent is None:
            return
        self._open[intent.party] += _is_open(new) - _is_open(old)
        was, now = _waits(old), _waits(new)
        for cause in was - now:
            self._waiting[cause].pop(intent.name, None)
        for cause in now - was:
            self._waiting.setdefault(cause, {})[intent.name] = None

    def _stand(self) -> None:
        self._standing = Standing(self.charter)
        for c in self.constraints.values():
            self._constrain(c.id, c)
        for intent in self.intents.values():
            self._restand(None, intent)


def _is_open(intent: Intent | None) -> bool:
    return intent is not None and intent.state not in _SHUT


_SHUT = (IntentState.ENDED, IntentState.REFUSED)


def _waits(intent: Intent | None) -> frozenset[str]:
    if intent is None or intent.state is not IntentState.HELD:
        return _NOTHING
    return frozenset(intent.waits)


_NOTHING: frozenset[str] = frozenset()


_NO_CHARTER = Charter()
