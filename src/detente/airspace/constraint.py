"""A volume that the authority closes or limits."""

from dataclasses import dataclass
from typing import Literal

from detente.airspace.volume import Volume

__all__ = ["Constraint"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """Volumes that the authority closes or limits, under one identifier (ASTM F3548-21, 3.2).

    Parameters
    ----------
    id : its identifier.
    volumes : one or more.
    effect : "closed" to all, or "limited" as ``reason`` says.
    reason : in words.
    """

    id: str
    volumes: tuple[Volume, ...]
    effect: Literal["closed", "limited"] = "closed"
    reason: str = ""
