"""The charter: what holds for all in this airspace, and what a request may ask for."""

from litestar import Controller, get
from msgspec import Struct

from detente.api.answers import Asked
from detente.api.caller import may
from detente.api.config import Config, Limits
from detente.api.counter import Counter
from detente.authority import Charter
from detente.authority.disclosure import laid_down

__all__ = ["CharterController", "Measure", "Rules"]


class Measure(Struct, frozen=True):
    """What the service takes; fields as in its configuration.

    Parameters
    ----------
    body : bytes of a request's body.
    fixes : of a trajectory. volumes : of an intent or a constraint. corners : of a polygon.
    area : square kilometres of a polygon or circle.
    duration : seconds from an intent's start to its end.
    ahead : seconds from now to an intent's start.
    highest : feet.
    open_intents : of a party, that are not ended or refused.
    requests : a minute. statements : an hour. followers : event streams at the same time.
    """

    body: int
    fixes: int
    volumes: int
    corners: int
    area: float
    duration: float
    ahead: float
    highest: float
    open_intents: int
    requests: int
    statements: int
    followers: int


class Rules(Struct, frozen=True):
    """What whoever files must keep to.

    Parameters
    ----------
    charter : the minima, what altitudes are measured from, the classes of precedence, the grid of
        alternatives, times.
    claims : the classes that the caller may claim, the highest first; none for whoever is no party.
    limits : of one request, and of one party.
    """

    charter: Charter
    claims: tuple[str, ...]
    limits: Measure


class CharterController(Controller):
    """``/v1/charter``."""

    path = "/v1/charter"
    tags = ("charter",)

    @get(guards=[may("read")])
    async def one(self, request: Asked, counter: Counter, config: Config) -> Rules:
        """Give what holds for all in this airspace, and which classes the caller may claim."""
        party = request.user.party
        told = await counter.read(lambda state: laid_down(state, party))
        return Rules(told.charter, told.claims, _measure(config.limits))


def _measure(limits: Limits) -> Measure:
    return Measure(**{name: getattr(limits, name) for name in Measure.__struct_fields__})
