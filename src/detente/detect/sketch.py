"""When and how high something is, roughly, in one int32: most of what is not met needs no more.

In a dense place most neighbours are at other altitudes or other times of the same bin; their own
numbers lie elsewhere in memory, and a look at each costs as much as ten sketches. All codes
grow with what they stand for, so what a sketch rules out is ruled out by the numbers.
"""

import math
from typing import Any, Final

from numba import njit

__all__ = ["eighth", "layer", "ruled_out", "sketch"]

_LOWEST: Final = -2048.0
_LAYER: Final = 32.0  # feet
_LAYERS: Final = 4096


@njit(nogil=True, cache=True, inline="always")
def layer(alt: float) -> Any:
    """Give the layer of an altitude in feet, 0 to 4095; the first and last hold all beyond."""
    return int(min(max((alt - _LOWEST) / _LAYER, 0.0), _LAYERS - 1.0))


@njit(nogil=True, cache=True, inline="always")
def eighth(time: float, index: int, width: float) -> Any:
    """Give the part of a time bin, 0 to 7, that a time is in; the first and last hold all beyond.

    A bin that holds all times has one part.
    """
    if width == math.inf:
        return 0
    return int(min(max((time - index * width) / width * 8.0, 0.0), 7.0))


@njit(nogil=True, cache=True, inline="always")
def sketch(
    low: float, high: float, t0: float, t1: float, index: int, width: float, first: bool,
    lowest: bool,
) -> Any:  # fmt: skip
    """Draw what goes from low to high and from t0 to t1, as its entry in one bin.

    Parameters
    ----------
    low, high : feet. t0, t1 : seconds. index, width : the time bin.
    first, lowest : whether this is the first of its time bins, and of its altitude bins.
    """
    drawn = layer(low) | layer(high) << 12
    drawn |= eighth(t0, index, width) << 24 | eighth(t1, index, width) << 27
    drawn |= int(first) << 30
    return drawn - (int(lowest) << 31)


@njit(nogil=True, cache=True, inline="always")
def ruled_out(
    drawn: int, low: int, high: int, begin: int, end: int, first: bool, lowest: bool
) -> Any:
    """Tell whether what is drawn is surely not met, or met in an earlier bin.

    Parameters
    ----------
    drawn : a sketch. low, high : layers. begin, end : eighths of the sketch's time bin.
    first, lowest : whether no earlier time bin, and no lower altitude bin, is looked into.
    """
    return (
        (drawn & 4095) > high
        or (drawn >> 12 & 4095) < low
        or (drawn >> 24 & 7) > end
        or (drawn >> 27 & 7) < begin
        or not (first or drawn >> 30 & 1)
        or not (lowest or drawn < 0)
    )
