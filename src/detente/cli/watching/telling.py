"""What the watch says, in the authority's words."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from detente.authority.extent import moment, volume4d_of
from detente.authority.register import Alert, Avoid
from detente.cli.watching.outbox import Outbox
from detente.client import AsyncClient
from detente.watch.alert import ShortTermAlert
from detente.watch.track import Track, Unseen

__all__ = ["alert_of", "close", "close_what_was_left"]


def alert_of(alert: ShortTermAlert) -> Alert:
    """Give an alert as the authority keeps it; whom it warns, it names by their own identifiers."""
    return Alert(
        id=alert.id,
        a=alert.a,
        b=alert.b,
        start=moment(alert.start),
        closest=alert.closest,
        vertical=alert.vertical,
        avoid=tuple(
            Avoid(
                party=one.party,
                intent=one.intent.partition("/")[2],
                volume=volume4d_of(one.volume),
            )
            for one in alert.avoid
            if one.party
        ),
        over=alert.over,
    )


def close(
    outbox: Outbox, tracks: Iterable[Track], unseen: Iterable[Unseen], alerts: Iterable[Alert]
) -> None:
    """Tell that these are followed no more: nobody would ever say so otherwise."""
    outbox.put(
        [replace(track, ended=True) for track in tracks],
        [replace(one, over=True) for one in unseen],
        [replace(alert, over=True, avoid=()) for alert in alerts],
    )


async def close_what_was_left(client: AsyncClient, outbox: Outbox, feeds: Collection[str]) -> None:
    """Close what a watch left open that ended before it could say so.

    Parameters
    ----------
    client : asks as the authority.
    outbox : where it is told.
    feeds : the watch's own: a track is left alone that others see too, or that was made up.
    """
    tracks = [
        seen.track
        async for seen in client.tracks(ended=False, page=500)
        if not seen.track.synthetic and set(seen.track.sources) <= set(feeds)
    ]
    alerts = [alert for alert in await client.every_alert() if not alert.synthetic]
    close(outbox, tracks, await client.unseen(), alerts)
