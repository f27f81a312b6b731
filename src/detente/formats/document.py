"""JSON from a feed: whatever is in it, and numbers only where numbers are."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

__all__ = ["coordinate", "flag", "items", "number", "parse", "stamp", "text"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse(chunk: bytes, refused: Counter[str]) -> dict[str, Any] | None:
    """Read an object; None where it is none, which is counted."""
    try:
        document = msgspec.json.decode(chunk)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        refused["document: not JSON"] += 1
        return None
    if not isinstance(document, dict):
        refused["document: not an object"] += 1
        return None
    return document


def items(document: dict[str, Any], name: str, refused: Counter[str]) -> list[Any]:
    """Give the list of that name; none where it is missing or null."""
    value = document.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        refused[f"document: {name} is not a list"] += 1
        return []
    return value


def number(value: Any, field: str, refused: Counter[str]) -> float | None:
    """Give a number; None where there is none, or where something else is, which is counted."""
    if value is None:
        return None
    if type(value) is float:
        return value
    try:
        if type(value) is int:
            return float(value)
    except OverflowError:
        pass
    refused[f"{field}: not a number"] += 1
    return None


def coordinate(value: Any) -> float | None:
    """Give a latitude or a longitude; NaN, which is out of range, where something else is."""
    if value is None:
        return None
    found = number(value, "position", Counter())
    return math.nan if found is None else found


def text(value: Any, field: str, refused: Counter[str], longest: int = 255) -> str:
    """Give text without blanks at its ends; "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, str) and len(value) <= longest:
        return value.strip()
    refused[f"{field}: not text"] += 1
    return ""


def flag(value: Any, field: str, refused: Counter[str]) -> bool:
    """Give true or false; false where nothing is said."""
    if value is None or isinstance(value, bool):
        return bool(value)
    refused[f"{field}: neither true nor false"] += 1
    return False


def stamp(value: Any, refused: Counter[str]) -> int | None:
    """Read RFC 3339 text, or an object with it as ``value``: nanoseconds since 1970.

    >>> stamp("1970-01-01T00:00:01Z", Counter())
    1000000000
    """
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, str):
        try:
            time = datetime.fromisoformat(value)
            if time.tzinfo is not None:
                return (time - _EPOCH) // _MICROSECOND * 1000
        except (ValueError, OverflowError):
            pass
    refused["time: not one with its offset"] += 1
    return None
