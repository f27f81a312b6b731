"""What was known: the authority's picture at a time of the past, from its ledger."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter
from msgspec import Struct

from detente.api.caller import may
from detente.api.hindsight import Hindsight
from detente.api.problem import ProblemError
from detente.authority import State
from detente.authority.register import Alert, Intent, IntentState, Published
from detente.record.entry import Entered, Said, Seen
from detente.watch.track import Unseen

__all__ = ["PastController", "Picture", "picture_of"]

At = Annotated[datetime, QueryParameter(description="With an offset, such as Z.")]

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
    async def known(self, past: Hindsight, at: At) -> Picture:
        """Give what was known at a time."""
        if at.tzinfo is None:
            raise ProblemError("invalid", "a time without an offset", field="at", mend="add Z")
        return await past.ask(at, lambda state: picture_of(state, at))


def picture_of(state: State, at: datetime) -> Picture:
    """Give all that is known, as it stood at a time."""
    shut = (IntentState.ENDED, IntentState.REFUSED)
    intents = [i for _, i in sorted(state.intents.items()) if i.state not in shut]
    return Picture(
        at=at,
        position=state.position,
        intents=intents[:_MOST],
        constraints=[x for _, x in sorted(state.constraints.items())],
        tracks=[x for _, x in sorted(state.tracks.items()) if not x.track.ended],
        unseen=[x for _, (_, x) in sorted(state.unseen.items())],
        alerts=[x for _, x in sorted(state.alerts.items())],
        occurrences=[x for _, x in sorted(state.occurrences.items())],
        statements=[x for _, x in sorted(state.statements.items())],
    )
