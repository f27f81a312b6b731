"""What was known at a time of the past: the authority's picture, and each party's own."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter
from msgspec import Struct

from detente.api.answers import Asked
from detente.api.caller import may
from detente.api.coalitions import Roll
from detente.api.hindsight import Hindsight, Recollection
from detente.api.problem import ProblemError
from detente.api.watch import ALL_FIXES, Fixes
from detente.authority import State
from detente.authority.disclosure import (
    OwnIntent,
    PublicConstraint,
    SharedIntent,
    SharedVolumes,
    ToldAlert,
    ToldOccurrence,
    ToldStatement,
)
from detente.authority.register import Alert, Cycle, Intent, IntentState, Published
from detente.record.entry import Entered, Said, Seen
from detente.watch.track import Unseen

__all__ = ["OwnPastController", "OwnPicture", "PastController", "Picture", "picture_of"]

At = Annotated[datetime, QueryParameter(description="With an offset, such as Z.")]

Whole = Annotated[
    str, QueryParameter(name="track", description="The one track whose path is given whole.")
]

_MOST = 20_000


class Picture(Struct, frozen=True):
    """All that the authority knew at a time.

    Parameters
    ----------
    position : of the last entry of the ledger then.
    intents : those that were neither ended nor refused; the first 20,000 by name.
    """

    at: datetime
    position: int
    intents: list[Intent]
    constraints: list[Published]
    cycles: list[Cycle]
    tracks: list[Seen]
    unseen: list[Unseen]
    alerts: list[Alert]
    occurrences: list[Entered]
    statements: list[Said]


class PastController(Controller):
    """``/v1/airspace/past``."""

    path = "/v1/airspace/past"
    tags = ("airspace",)

    @get(guards=[may("decide")])
    async def known(
        self, past: Hindsight, at: At, fixes: Fixes = ALL_FIXES, track: Whole = ""
    ) -> Picture:
        """Give what was known at a time."""
        _check(at)
        return await past.ask(at, lambda state: picture_of(state, at, fixes, track))


class OwnPicture(Struct, frozen=True):
    """All that a party knew at a time: what its lists would have given then, to the letter.

    Parameters
    ----------
    registered : whether the party was; before that, and for whoever is none, this is what was
        public then.
    intents : its own. shared : what fellow members shared with it. Of each the first 20,000.
    """

    at: datetime
    registered: bool
    intents: tuple[OwnIntent, ...]
    shared: tuple[SharedIntent | SharedVolumes, ...]
    constraints: tuple[PublicConstraint, ...]
    cycles: tuple[Cycle, ...]
    coalitions: list[Roll]
    alerts: tuple[ToldAlert, ...]
    occurrences: tuple[ToldOccurrence, ...]
    statements: tuple[ToldStatement, ...]


class OwnPastController(Controller):
    """``/v1/past``."""

    path = "/v1/past"
    tags = ("events",)

    @get(guards=[may("read")])
    async def known(self, request: Asked, recollection: Recollection, at: At) -> OwnPicture:
        """Give what a party knew at a time, whether told or not; others, what was public then."""
        _check(at)
        then = await recollection.ask(at, request.user.party)
        return OwnPicture(
            at=at,
            registered=then.party != "",
            intents=then.intents[:_MOST],
            shared=then.shared[:_MOST],
            constraints=then.constraints,
            cycles=then.cycles,
            coalitions=[Roll(id, who) for id, who in then.coalitions.items()],
            alerts=then.alerts,
            occurrences=then.occurrences,
            statements=then.statements,
        )


def _check(at: datetime) -> None:
    if at.tzinfo is None:
        raise ProblemError("invalid", "a time without an offset", field="at", mend="add Z")


def picture_of(state: State, at: datetime, fixes: int = ALL_FIXES, track: str = "") -> Picture:
    """Give all that is known, as it stood at a time; of others' paths the last ``fixes``."""
    shut = (IntentState.ENDED, IntentState.REFUSED)
    intents = [i for _, i in sorted(state.intents.items()) if i.state not in shut]
    return Picture(
        at=at,
        position=state.position,
        intents=intents[:_MOST],
        constraints=[x for _, x in sorted(state.constraints.items())],
        cycles=[x for _, x in sorted(state.cycles.items())],
        tracks=[
            seen if id == track else seen.lately(fixes)
            for id, seen in sorted(state.tracks.items())
            if not seen.track.ended
        ],
        unseen=[x for _, (_, x) in sorted(state.unseen.items())],
        alerts=[x for _, x in sorted(state.alerts.items())],
        occurrences=[x for _, x in sorted(state.occurrences.items())],
        statements=[x for _, x in sorted(state.statements.items())],
    )
