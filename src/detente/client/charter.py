"""The charter: what holds for all in the airspace, and what the caller may ask for."""

from detente.client.call import Call, path_to, read
from detente.client.forms import Rules

__all__ = ["charter"]


def charter() -> Call[Rules]:
    """Give the charter, the classes of precedence that the caller may claim, and the limits."""
    return read(Rules, path_to("charter"))
