"""How much is in a set of flights: how many, whose, from when to when."""

from typing import TYPE_CHECKING, Any

from detente.cli.text import count, instant

if TYPE_CHECKING:
    from detente.airspace import Flights

__all__ = ["extent_of", "in_words"]


def extent_of(flights: "Flights") -> dict[str, Any]:
    """Count what is in a set, and say from when to when, for JSON."""
    return {
        "flights": len(flights),
        "parties": len(set(flights.parties) - {""}),
        "fixes": flights.fixes,
        "from": instant(int(flights.time.min())) if flights.fixes else None,
        "until": instant(int(flights.time.max())) if flights.fixes else None,
    }


def in_words(flights: "Flights") -> str:
    """Say the same for a reader."""
    parties = len(set(flights.parties) - {""})
    words = [count(len(flights), "flight")]
    words += [f"of {count(parties, 'party', 'parties')}"] if parties else []
    words += [f"with {count(flights.fixes, 'fix', 'fixes')}"]
    if flights.fixes:
        first, last = (instant(int(t), digits=0) for t in (flights.time.min(), flights.time.max()))
        words += [f"from {first} to {last}"]
    return " ".join(words)
