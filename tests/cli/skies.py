"""Skies for the watch: what sensors would have seen, and what was declared of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

__all__ = ["NOON", "east", "write_intents", "write_seen"]

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
_FAST = 0.003
"""Degrees of longitude in a second: 214 m/s at 50 degrees north."""


def east(lat: float, seconds: float) -> tuple[float, float]:
    """Where a flight eastwards from (lat, 5) is after a time."""
    return lat, round(5.0 + _FAST * seconds, 6)


def write_seen(
    path: Path,
    lats: dict[str, float],
    *,
    seconds: Iterable[int] = range(60),
    start: datetime = NOON,
) -> Path:
    """Write what a sensor saw: by address, flights eastwards, each second."""
    lines = ["timestamp,icao24,latitude,longitude,alt_baro_ft"]
    for k in seconds:
        at = (start + timedelta(seconds=k)).isoformat()
        for address, lat in lats.items():
            lines.append(f"{at},{address},{lat},{east(lat, k)[1]},35000")
    path.write_text("\n".join(lines) + "\n")
    return path


def write_intents(path: Path, lats: dict[str, float], *, start: datetime = NOON) -> Path:
    """Write flights eastwards for ten minutes, by name."""
    lines = ["flight_id,party,timestamp,latitude,longitude,alt_baro_ft"]
    for name, lat in lats.items():
        for k in (-60, 600):
            at = (start + timedelta(seconds=k)).isoformat()
            lines.append(f"{name},Blue,{at},{lat},{east(lat, k)[1]},35000")
    path.write_text("\n".join(lines) + "\n")
    return path
