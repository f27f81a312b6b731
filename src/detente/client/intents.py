"""A party's own intents: file, amend, the steps of a flight, alternatives."""

from datetime import datetime

from detente.authority.extent import Extent, Volume4D
from detente.authority.notice import Alternatives, OwnIntent
from detente.authority.register import IntentState, Offer
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.flight import Flight, Volumes, extent_of, volumes4d_of
from detente.client.forms import Page
from detente.client.listing import Box, pages
from detente.errors import InputError

__all__ = [
    "activate",
    "alternatives",
    "amend",
    "contingency",
    "end",
    "file",
    "intent",
    "intents",
    "nonconforming",
    "one",
    "take",
    "withdraw",
]

Of = str | OwnIntent


def file(
    intent: str, flight: Flight, *, precedence: str = "", key: str | None = None
) -> Call[OwnIntent]:
    """File a flight under an identifier of the party's own.

    A refusal is an answer: state "refused", why, and the alternatives.

    Parameters
    ----------
    intent : the identifier.
    flight : a trajectory, or volumes; a GeoJSON feature of either.
    precedence : its class; "" for the lowest.
    key : the Idempotency-Key; one is made where none is given.
    """
    return _filed(intent, extent_of(flight), precedence, None, key)


def amend(
    intent: Of,
    flight: Flight,
    version: int | None = None,
    *,
    precedence: str = "",
    key: str | None = None,
) -> Call[OwnIntent]:
    """Change a flight; if that is refused, what was accepted still is.

    Parameters
    ----------
    intent : the intent as it was last answered; or its identifier, and then its version.
    """
    id, number = one(intent, version)
    return _filed(id, extent_of(flight), precedence, number, key)


def activate(intent: Of, version: int | None = None, *, key: str | None = None) -> Call[OwnIntent]:
    """Say that the flight begins, or that it conforms again."""
    return _step(intent, version, key, "activate")


def end(intent: Of, version: int | None = None, *, key: str | None = None) -> Call[OwnIntent]:
    """Say that the flight is over."""
    return _step(intent, version, key, "end")


def withdraw(intent: Of, version: int | None = None, *, key: str | None = None) -> Call[OwnIntent]:
    """Take back a flight that has not begun."""
    return _step(intent, version, key, "withdraw")


def nonconforming(
    intent: Of, volumes: Volumes, version: int | None = None, *, key: str | None = None
) -> Call[OwnIntent]:
    """Say that the flight is not where it was declared, and where it may be."""
    return _step(intent, version, key, "nonconforming", body=_off_nominal(volumes))


def contingency(
    intent: Of, volumes: Volumes, version: int | None = None, *, key: str | None = None
) -> Call[OwnIntent]:
    """Say that the flight will not come back to its intent, and where it may go."""
    return _step(intent, version, key, "contingency", body=_off_nominal(volumes))


def take(
    intent: Of, offer: str | Offer, version: int | None = None, *, key: str | None = None
) -> Call[OwnIntent]:
    """Take an alternative before it expires."""
    chosen = offer.id if isinstance(offer, Offer) else offer
    return _step(intent, version, key, "alternatives", chosen)


def intent(intent: str) -> Call[OwnIntent]:
    """Give one of the caller's intents."""
    return read(OwnIntent, path_to("intents", intent))


def intents(
    *,
    state: IntentState | str | None = None,
    bbox: Box | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    lower: float | None = None,
    upper: float | None = None,
    page: int | None = None,
) -> Listing[OwnIntent]:
    """Go through the caller's intents, by identifier.

    Parameters
    ----------
    state : only those in it.
    bbox : west, south, east, north in degrees; west above east across the antimeridian.
    begin, end : only those that are under way between.
    lower, upper : feet, in the airspace's reference.
    page : how many are asked for at a time.
    """
    return pages(
        Page[OwnIntent], path_to("intents"), state=state, bbox=bbox, lower=lower, upper=upper,
        limit=page, **{"from": begin, "to": end},
    )  # fmt: skip


def alternatives(intent: str) -> Call[Alternatives]:
    """Give what a refused or held flight could do instead, and until when it may be taken."""
    return read(Alternatives, path_to("intents", intent, "alternatives"))


def _filed(
    id: str, extent: Extent, precedence: str, version: int | None, key: str | None
) -> Call[OwnIntent]:
    body = {"extent": extent, "precedence": precedence}
    return write(OwnIntent, "PUT", path_to("intents", id), body, key=key, version=version)


def _step(
    intent: Of, version: int | None, key: str | None, *path: str, body: object = None
) -> Call[OwnIntent]:
    id, number = one(intent, version)
    return write(OwnIntent, "POST", path_to("intents", id, *path), body, key=key, version=number)


def _off_nominal(volumes: Volumes) -> dict[str, tuple[Volume4D, ...]]:
    return {"volumes": volumes4d_of(volumes)}


def one(intent: Of, version: int | None) -> tuple[str, int]:
    """Give an intent's identifier, and the version that is meant."""
    if isinstance(intent, OwnIntent):
        return intent.intent, intent.version if version is None else version
    if version is None:
        raise InputError(
            "no version", field="version", flight=intent,
            mend="give the intent as it was last answered, or its version",
        )  # fmt: skip
    return intent, version
