"""Parties with made-up names: few large ones, many small ones."""

import itertools

import numpy as np

__all__ = ["draw_parties", "party_names"]

_BEGINNINGS = ("Vel", "Tar", "Os", "Bri", "Kal", "Dor", "Lum", "Fen", "Quil", "Mir")
_ENDINGS = ("mora", "nisko", "tavia", "denna", "ryn", "zelle")
_KINDS = ("Air", "Wings", "Airways", "Jet")


def party_names(n: int) -> list[str]:
    """Give n different names.

    >>> party_names(3)
    ['Velmora Air', 'Tarmora Wings', 'Osmora Airways']
    """
    words = [begin + end for end, begin in itertools.product(_ENDINGS, _BEGINNINGS)]
    names = []
    for i in range(n):
        lap, place = divmod(i, len(words))
        more, shift = divmod(lap, len(_KINDS))
        kind = _KINDS[(place + shift) % len(_KINDS)]
        names.append(f"{words[place]} {kind}" + (f" {more + 1}" if more else ""))
    return names


def draw_parties(flights: int, parties: int, rng: np.random.Generator) -> list[str]:
    """Draw who flies each flight; the k-th party has a part in proportion to 1 / k."""
    names = party_names(parties)
    weights = np.cumsum(1.0 / np.arange(1, parties + 1))
    drawn = np.searchsorted(weights, rng.random(flights) * weights[-1], side="right")
    return [names[i] for i in drawn]
