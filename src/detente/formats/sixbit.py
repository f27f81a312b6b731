"""Six-bit characters of aircraft identification (ICAO Annex 10, IV), a part of IA-5."""

__all__ = ["six_bit"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIGURES = "0123456789"


def _character(code: int) -> str:
    if code in (0x00, 0x20):  # no character, and a blank: both fill up
        return " "
    if 1 <= code <= 26:
        return _LETTERS[code - 1]
    return _FIGURES[code - 48] if 48 <= code <= 57 else "?"


_PAIRS = [_character(k >> 6) + _character(k & 63) for k in range(4096)]


def six_bit(identification: int) -> str:
    """Give the eight characters of 48 bits; "?" stands for a code that is none.

    >>> six_bit(0x10C231CB3820)
    'DLH123'
    """
    return (
        _PAIRS[identification >> 36 & 4095]
        + _PAIRS[identification >> 24 & 4095]
        + _PAIRS[identification >> 12 & 4095]
        + _PAIRS[identification & 4095]
    ).rstrip()
