"""Precedence: whose flight goes first, by name."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError

__all__ = ["ORDER", "name_of", "priority_of", "ranks"]

ORDER: tuple[str, ...] = (
    "emergency",
    "medical",
    "humanitarian",
    "state",
    "scheduled",
    "other",
)
"""The classes, the highest first, after the special handling that a flight plan may ask for
(ICAO Doc 4444, appendix 2, item 18, STS/: MEDEVAC, HOSP, HUM, STATE). An aircraft in an emergency
goes before all others (ICAO Annex 11, chapter 2); the rest is for the authority to say."""

_STEP = 10


def priority_of(name: str, order: Sequence[str] = ORDER) -> int:
    """Give the priority that a class has in :class:`~detente.airspace.Flights`.

    The lowest class has 0, which is also what flights have that say nothing; the classes above
    it are 10 apart, so that an authority may put flights between two of them.

    Raises
    ------
    InputError : a class that is not in the order, or an order that names one twice.

    Examples
    --------
    >>> priority_of("emergency"), priority_of("other")
    (50, 0)
    >>> priority_of("vip")
    Traceback (most recent call last):
    detente.errors.InputError: field 'precedence': unknown precedence 'vip'; use one of \
emergency, medical, humanitarian, state, scheduled, other
    """
    if not order or len(set(order)) < len(order):
        raise InputError(
            f"an order of precedence of {', '.join(order) or 'no names'}",
            field="precedence",
            mend="name each class once, the highest first",
        )
    plain = name.strip().lower()
    if plain not in order:
        raise InputError(
            f"unknown precedence {name!r}",
            field="precedence",
            mend=f"use one of {', '.join(order)}",
        )
    return _STEP * (len(order) - 1 - list(order).index(plain))


def name_of(priority: int, order: Sequence[str] = ORDER) -> str:
    """Name a priority: the highest class that it reaches, or the lowest.

    >>> name_of(50), name_of(12), name_of(-3)
    ('emergency', 'scheduled', 'other')
    """
    reached = max(0, priority) // _STEP
    return order[max(0, len(order) - 1 - reached)]


def ranks(priority: NDArray[np.int16]) -> NDArray[np.int16]:
    """Rank flights by priority: 0 for the highest that is there, with no rank left out.

    >>> ranks(np.array([0, 50, 0, 20], np.int16))
    array([2, 0, 2, 1], dtype=int16)
    """
    _, at = np.unique(-priority.astype(np.int32), return_inverse=True)
    return at.astype(np.int16)
