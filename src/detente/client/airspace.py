"""The whole airspace and its ledger: the authority's, and nobody else's."""

from collections.abc import Sequence
from datetime import datetime

from detente.authority.outcome import Outcome
from detente.authority.register import Intent, IntentState
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.forms import Clash, Entered, Head, Page
from detente.client.listing import Box, pages
from detente.errors import InputError

__all__ = [
    "any_intent",
    "conflicts",
    "entries",
    "every_intent",
    "head",
    "hold",
    "impose",
    "override",
    "release",
]

Of = str | Intent


def every_intent(
    *,
    party: str | None = None,
    state: IntentState | str | None = None,
    bbox: Box | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    lower: float | None = None,
    upper: float | None = None,
    page: int | None = None,
) -> Listing[Intent]:
    """Go through every party's intents, by name; the filters are those of ``intents``."""
    return pages(
        Page[Intent], path_to("airspace", "intents"), party=party, state=state, bbox=bbox,
        lower=lower, upper=upper, limit=page, **{"from": begin, "to": end},
    )  # fmt: skip


def any_intent(name: str) -> Call[Intent]:
    """Give any party's intent by its name, ``PARTY/INTENT``, whole."""
    return read(Intent, path_to("airspace", "intents", *_split(name)))


def conflicts() -> Listing[Clash]:
    """Go through what waits for a decision because something is in its way; and overrides."""
    return pages(Page[Clash], path_to("airspace", "conflicts"))


def override(
    intent: Of, reason: str, version: int | None = None, *, key: str | None = None
) -> Call[Outcome]:
    """Accept an intent in spite of what it conflicts with.

    Parameters
    ----------
    intent : as it was last answered; or its name, ``PARTY/INTENT``, and then its version.
    reason : it is kept in the ledger.
    """
    return _hand("override", intent, version, key, reason)


def hold(
    intent: Of, reason: str, version: int | None = None, *, key: str | None = None
) -> Call[Outcome]:
    """Take an acceptance back for now."""
    return _hand("hold", intent, version, key, reason)


def release(
    intent: Of, reason: str, version: int | None = None, *, key: str | None = None
) -> Call[Outcome]:
    """Accept a held intent again, if nothing is in its way."""
    return _hand("release", intent, version, key, reason)


def impose(
    intent: Of,
    reason: str,
    version: int | None = None,
    *,
    delay: int = 0,
    feet: float = 0.0,
    offset: float = 0.0,
    key: str | None = None,
) -> Call[Outcome]:
    """Change a flight to a point of the public grid that is free.

    Parameters
    ----------
    delay : seconds later. feet : higher. offset : metres to the right of the route.
    """
    return _hand("impose", intent, version, key, reason, delay=delay, feet=feet, offset=offset)


def entries(*, after: int = 0, page: int | None = None) -> Listing[Entered]:
    """Go through the ledger's entries after a position."""

    def following(found: Sequence[Entered]) -> dict[str, str] | None:
        return {"after": str(found[-1].position)} if found else None

    return Listing(
        read(list[Entered], path_to("ledger"), after=after, limit=page),
        lambda found: found,
        following,
    )


def head() -> Call[Head]:
    """Give the ledger's last position, and its hash."""
    return read(Head, path_to("ledger", "head"))


def _hand(
    what: str, intent: Of, version: int | None, key: str | None, reason: str, **more: float
) -> Call[Outcome]:
    name = intent.name if isinstance(intent, Intent) else intent
    if version is None and isinstance(intent, Intent):
        version = intent.version
    if version is None:
        raise InputError(
            "no version", field="version", flight=name,
            mend="give the intent as it was last answered, or its version",
        )  # fmt: skip
    path = path_to("airspace", "intents", *_split(name), what)
    return write(Outcome, "POST", path, {"reason": reason, **more}, key=key, version=version)


def _split(name: str) -> tuple[str, str]:
    party, cut, intent = name.partition("/")
    if not cut:
        raise InputError(f"{name!r} names no party", field="intent", mend="write PARTY/INTENT")
    return party, intent
