"""Precedence in an airspace: its classes by name, and as numbers."""

from functools import lru_cache

from detente.authority.charter import Charter
from detente.resolve.precedence import priority_of

__all__ = ["claimable", "priority_in"]


@lru_cache(maxsize=256)
def _priority(name: str, order: tuple[str, ...]) -> int:
    return priority_of(name, order)


def priority_in(charter: Charter, name: str) -> int:
    """Give the number of a class; "" is the lowest. A larger number goes first.

    Raises
    ------
    InputError : a class that the charter does not name.
    """
    return _priority(name or charter.precedence[-1], charter.precedence)


def claimable(charter: Charter, highest: str) -> tuple[str, ...]:
    """Give the classes that may be claimed by whoever may claim one, the highest first."""
    most = priority_in(charter, highest)
    return tuple(name for name in charter.precedence if priority_in(charter, name) <= most)
