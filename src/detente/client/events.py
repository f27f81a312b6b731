"""What a party was told: again, as it comes, and sent to a URL of its own."""

import msgspec

from detente.authority.notice import Notice
from detente.authority.outcome import Outcome, decode_outcome
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.forms import Notices, Webhook
from detente.client.problem import ClientError
from detente.client.stream import Subscription

__all__ = [
    "events",
    "notices",
    "outcomes",
    "remove_webhook",
    "resume_webhook",
    "set_webhook",
    "webhook",
]


def notices(*, after: int = 0, page: int | None = None) -> Listing[Notice]:
    """Go through what the party was told, after a number of its own count."""

    def following(found: Notices) -> dict[str, str] | None:
        return None if found.next is None else {"after": str(found.next)}

    return Listing(
        read(Notices, path_to("notices"), after=after, limit=page),
        lambda found: found.items,
        following,
    )


def events(*, after: int | None = None) -> Subscription[Notice]:
    """Follow what the party is told, without end; a connection that is cut off is taken up.

    Parameters
    ----------
    after : the number of the last notice that is there, 0 for all; by default what comes now.
    """

    def decode(number: int, data: bytes) -> Notice:
        try:
            return _NOTICE.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ClientError(f"notice {number} cannot be read: {error}") from error

    return Subscription(path_to("events"), decode, after)


def outcomes(*, after: int | None = None) -> Subscription[tuple[int, Outcome]]:
    """Follow the ledger: each outcome with its position. The authority's."""

    def decode(number: int, data: bytes) -> tuple[int, Outcome]:
        try:
            return number, decode_outcome(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ClientError(f"entry {number} cannot be read: {error}") from error

    return Subscription(path_to("ledger", "events"), decode, after)


def webhook() -> Call[Webhook]:
    """Tell where the party's notices are sent, and up to which they were taken."""
    return read(Webhook, path_to("webhook"))


def set_webhook(url: str, *, after: int | None = None, key: str | None = None) -> Call[Webhook]:
    """Have notices sent to a URL, in place of another; the answer has the secret.

    Parameters
    ----------
    after : the number of the last notice that need not be sent.
    """
    body = {"url": url, "after": after}
    return write(Webhook, "PUT", path_to("webhook"), body, key=key)


def resume_webhook(*, key: str | None = None) -> Call[Webhook]:
    """Send again, from the notice that was not taken."""
    return write(Webhook, "POST", path_to("webhook", "resume"), key=key)


def remove_webhook(*, key: str | None = None) -> Call[None]:
    """Send no more."""
    return write(type(None), "DELETE", path_to("webhook"), key=key)


_NOTICE = msgspec.json.Decoder(Notice)
