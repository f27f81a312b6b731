"""Parties and coalitions: who may file, and who sees what of whom."""

from collections.abc import Iterable

from detente.authority.notice import Message, SharedIntent, SharedVolumes
from detente.authority.outcome import Outcome
from detente.authority.register import Party, Sharing
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.forms import Page, Roll
from detente.client.listing import pages

__all__ = [
    "coalitions",
    "dismiss",
    "form",
    "invite",
    "join",
    "leave",
    "parties",
    "party",
    "register",
    "reinstate",
    "shared",
    "suspend",
]


def parties() -> Listing[Party]:
    """Go through the parties, by identifier. The authority's."""
    return pages(Page[Party], path_to("parties"))


def party(party: str) -> Call[Party]:
    """Give one party. The authority's."""
    return read(Party, path_to("parties", party))


def register(
    party: str, name: str = "", *, highest: str = "state", key: str | None = None
) -> Call[Outcome]:
    """Let a party file. The authority's.

    Parameters
    ----------
    name : in words.
    highest : the highest class of precedence that it may claim.
    """
    body = {"name": name, "highest": highest}
    return write(Outcome, "PUT", path_to("parties", party), body, key=key)


def suspend(party: str, reason: str, *, key: str | None = None) -> Call[Outcome]:
    """Let a party file no more; what it has stands. The authority's."""
    path = path_to("parties", party, "suspend")
    return write(Outcome, "POST", path, {"reason": reason}, key=key)


def reinstate(party: str, *, key: str | None = None) -> Call[Outcome]:
    """Let a suspended party file again. The authority's."""
    return write(Outcome, "POST", path_to("parties", party, "reinstate"), key=key)


def coalitions() -> Call[list[Roll]]:
    """List the caller's coalitions and their members; the authority's are all of them."""
    return read(list[Roll], path_to("coalitions"))


def form(
    coalition: str, name: str = "", *, invited: Iterable[str] = (), key: str | None = None
) -> Call[Outcome]:
    """Name a coalition, and who may join it. The authority's."""
    body = {"name": name, "invited": list(invited)}
    return write(Outcome, "PUT", path_to("coalitions", coalition), body, key=key)


def invite(coalition: str, *parties: str, key: str | None = None) -> Call[Message]:
    """Let more parties join. The lead's."""
    path = path_to("coalitions", coalition, "invitations")
    return write(Message, "POST", path, {"parties": parties}, key=key)


def join(
    coalition: str, shares: Sharing | str = Sharing.NOTHING, *, key: str | None = None
) -> Call[Message]:
    """Be a member, and say what the others may see; again, to change that.

    Parameters
    ----------
    shares : "nothing", "volumes" or "intents".
    """
    path = path_to("coalitions", coalition, "membership")
    return write(Message, "PUT", path, {"shares": str(shares)}, key=key)


def leave(coalition: str, *, key: str | None = None) -> Call[Message]:
    """Be a member no more."""
    return write(Message, "DELETE", path_to("coalitions", coalition, "membership"), key=key)


def dismiss(coalition: str, party: str, *, key: str | None = None) -> Call[Message]:
    """Let a party be a member no more. The lead's."""
    return write(Message, "DELETE", path_to("coalitions", coalition, "members", party), key=key)


def shared() -> Call[list[SharedIntent | SharedVolumes]]:
    """List what other members of the caller's coalitions share with it."""
    return read(list[SharedIntent | SharedVolumes], path_to("shared"))
