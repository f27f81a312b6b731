"""Planning cycles: announced to all, closed by the authority; each sees its part of the plan."""

from datetime import datetime

from detente.authority.outcome import Outcome
from detente.authority.preview import Preview
from detente.authority.register import Cycle
from detente.client.call import Call, Listing, aware, path_to, read, write
from detente.client.forms import Page, Planned
from detente.client.listing import pages

__all__ = ["close_cycle", "cycles", "open_cycle", "plan", "preview"]


def cycles() -> Listing[Cycle]:
    """Go through the cycles that were announced, by identifier."""
    return pages(Page[Cycle], path_to("cycles"))


def plan(cycle: str) -> Call[Planned]:
    """Give the caller's part of the airspace use plan, as it stands now."""
    return read(Planned, path_to("cycles", cycle, "plan"))


def preview(cycle: str) -> Call[Preview]:
    """Give what closing the cycle would publish now; nothing is decided by it."""
    return read(Preview, path_to("cycles", cycle, "preview"))


def open_cycle(
    cycle: str, start: datetime, end: datetime, cutoff: datetime, *, key: str | None = None
) -> Call[Outcome]:
    """Announce that a period will be planned jointly. The authority's.

    Parameters
    ----------
    start, end : departures between are planned. cutoff : until when they may be filed.
    """
    times = (("start", start), ("end", end), ("cutoff", cutoff))
    body = {name: aware(time, name) for name, time in times}
    return write(Outcome, "PUT", path_to("cycles", cycle), body, key=key)


def close_cycle(cycle: str, *, key: str | None = None) -> Call[Outcome]:
    """Resolve jointly what was filed for a cycle, and publish the plan. The authority's."""
    return write(Outcome, "POST", path_to("cycles", cycle, "close"), key=key)
