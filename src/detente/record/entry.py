"""What the record is made of: what was said, seen, filed and entered; where the ledger has it."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Statement
from detente.watch.track import Conformance, Fix, Indication, Track

__all__ = ["Compared", "Entered", "Filed", "Indicated", "Said", "Seen"]


class Said(Struct, frozen=True, gc=False):
    """A statement in the ledger.

    Parameters
    ----------
    statement : what was said.
    by : who entered it: a party, or the authority.
    at : when it was entered.
    position : the ledger's entry.
    public : all may see it.
    shared : else, the parties that may, beside the one that entered it.
    grade : the authority's own; None where it gave none.
    graded : the entry that graded it last; 0 for none.
    """

    statement: Statement
    by: str
    at: datetime
    position: int
    public: bool = False
    shared: tuple[str, ...] = ()
    grade: Grade | None = None
    graded: int = 0

    @property
    def name(self) -> str:
        """How the authority calls it: no two are the same."""
        return f"{self.by}/{self.statement.id}"


class Compared(Struct, frozen=True, gc=False, array_like=True):
    """How a track compared with what was declared, from one entry of the ledger on.

    Parameters
    ----------
    position : the ledger's entry.
    at : of the track's last fix then.
    conformance : how it compared.
    intent : the intent that it was matched to; "" for none.
    """

    position: int
    at: datetime
    conformance: Conformance
    intent: str = ""


class Indicated(Struct, frozen=True, gc=False):
    """An indication of what a track is, and the ledger's entry that attached it."""

    indication: Indication
    position: int


class Seen(Struct, frozen=True, gc=False):
    """A track in the ledger.

    Parameters
    ----------
    track : as it was recorded last.
    path : its fixes, in the order of time.
    history : how it compared with what was declared: an item where that changed.
    indications : what it is said to look like, and by whom.
    position, latest : the ledger's first and last entry of it.
    """

    track: Track
    path: tuple[Fix, ...]
    history: tuple[Compared, ...]
    indications: tuple[Indicated, ...]
    position: int
    latest: int

    def lately(self, fixes: int) -> "Seen":
        """Give it with its last so many fixes alone: where there are many tracks, paths weigh."""
        return replace(self, path=self.path[-fixes:]) if fixes < len(self.path) else self


class Filed(Struct, frozen=True, gc=False):
    """An intent in the ledger: a flight that its own party declared to the authority.

    Parameters
    ----------
    name, party : "party/id", and whose.
    at : when it was filed.
    state : as the authority calls it: "accepted", "activated", "ended".
    position, latest : the ledger's first and last entry of it.
    flown : its party has said that it was in the air.
    unseen : from when on it should have been seen and was not; None where that is not so.
    noticed : the entry that says so; 0 for none.
    """

    name: str
    party: str
    at: datetime
    state: str
    position: int
    latest: int
    flown: bool = False
    unseen: datetime | None = None
    noticed: int = 0


class Entered(Struct, frozen=True, gc=False):
    """An event in the ledger.

    Parameters
    ----------
    occurrence : as it was last amended.
    at : when it was entered.
    position, latest : the ledger's first and last entry of it.
    version : 1, and one more with every change.
    public : all may see it.
    shared : else, the parties that may.
    amended : when it was amended last; None where it was not.
    """

    occurrence: Occurrence
    at: datetime
    position: int
    latest: int
    version: int = 1
    public: bool = False
    shared: tuple[str, ...] = ()
    amended: datetime | None = None
