"""What was seen: the watch reports, the authority reads; a party reads what it must avoid."""

from collections.abc import Iterable
from datetime import datetime

from detente.authority.notice import OwnIntent, ToldAlert
from detente.authority.outcome import Outcome
from detente.authority.register import Aircraft, Alert
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.forms import Observed, OwnPicture, Page, Picture
from detente.client.intents import Of, one
from detente.client.listing import pages
from detente.record.entry import Seen
from detente.watch.track import Conformance, Indication, Track, Unseen

__all__ = [
    "alerts",
    "every_alert",
    "indicate",
    "known",
    "name_aircraft",
    "observe",
    "past",
    "track",
    "tracks",
    "unseen",
]


def name_aircraft(
    intent: Of, aircraft: Aircraft, version: int | None = None, *, key: str | None = None
) -> Call[OwnIntent]:
    """Say which aircraft flies an intent: what is seen can then be told to be this flight."""
    id, number = one(intent, version)
    path = path_to("intents", id, "aircraft")
    return write(OwnIntent, "PUT", path, aircraft, key=key, version=number)


def alerts() -> Call[list[ToldAlert]]:
    """Give what the party must avoid now."""
    return read(list[ToldAlert], path_to("alerts"))


def observe(
    *,
    tracks: Iterable[Track] = (),
    unseen: Iterable[Unseen] = (),
    alerts: Iterable[Alert] = (),
    key: str | None = None,
) -> Call[Observed]:
    """Record what the watch saw; the authority's.

    Parameters
    ----------
    tracks : those that began, changed, ended, or are due for the record.
    unseen : declared flights that should be seen and are not; and those of which it is over.
    alerts : those that are new, changed or over.
    """
    body = {"tracks": list(tracks), "unseen": list(unseen), "alerts": list(alerts)}
    return write(Observed, "POST", path_to("watch"), body, key=key)


def tracks(
    *,
    conformance: Conformance | str | None = None,
    ended: bool | None = None,
    fixes: int | None = None,
    page: int | None = None,
) -> Listing[Seen]:
    """Go through the tracks that are kept, by identifier; the authority's.

    Parameters
    ----------
    fixes : of each path the last so many; all of them where it is None.
    """
    told = None if ended is None else str(ended).lower()
    return pages(
        Page[Seen],
        path_to("airspace", "tracks"),
        conformance=conformance,
        ended=told,
        fixes=fixes,
        limit=page,
    )


def track(track: str) -> Call[Seen]:
    """Give one track; the authority's."""
    return read(Seen, path_to("airspace", "tracks", track))


def indicate(track: str, indication: Indication, *, key: str | None = None) -> Call[Outcome]:
    """Attach evidence of what kind of aircraft it is to a track; the authority's."""
    path = path_to("airspace", "tracks", track, "indications")
    return write(Outcome, "POST", path, indication, key=key)


def unseen() -> Call[list[Unseen]]:
    """Give the declared flights that should be seen and are not; the authority's."""
    return read(list[Unseen], path_to("airspace", "unseen"))


def every_alert() -> Call[list[Alert]]:
    """Give the alerts that last, whole, the nearest in time first; the authority's."""
    return read(list[Alert], path_to("airspace", "alerts"))


def known(at: datetime) -> Call[OwnPicture]:
    """Give what the party knew at a time; whoever is none, what was public then."""
    return read(OwnPicture, path_to("past"), at=at)


def past(at: datetime) -> Call[Picture]:
    """Give what the authority knew at a time; the authority's."""
    return read(Picture, path_to("airspace", "past"), at=at)
