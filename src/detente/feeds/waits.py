"""How long to wait before another try: longer each time, up to a bound."""

from dataclasses import dataclass, field
from random import random
from typing import Final

__all__ = ["Waits"]

_SPLIT: Final = 0.5


@dataclass(slots=True)
class Waits:
    """Waits that grow, and are spread at random, so that many watches do not come back at once.

    Parameters
    ----------
    first, most : seconds of the first wait, and of the longest; each is twice the one before.
    """

    first: float = 0.5
    most: float = 30.0
    tries: int = field(default=0, init=False)

    def next(self, least: float = 0.0) -> float:
        """Give the next wait, in seconds; ``least`` is what the other side asked for."""
        full = min(self.most, self.first * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return max(full * (_SPLIT + (1.0 - _SPLIT) * random()), least)

    def over(self) -> None:
        """Begin with the first again: it went well."""
        self.tries = 0
