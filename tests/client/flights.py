"""Flights some hours from now."""

from datetime import UTC, datetime, timedelta

from detente.authority import Path4D, Volume4D

__all__ = ["START", "box", "crossing", "line"]

START = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)


def line(lat, *, north=False, level=35_000.0, start=START):
    """Half an hour through a place at (lat, 5): eastwards, or northwards."""
    along = (-0.5, 0.5)
    lats = [lat + d for d in along] if north else [lat, lat]
    lons = [5.0, 5.0] if north else [5.0 + d for d in along]
    return Path4D(start, (0.0, 1800.0), tuple(lats), tuple(lons), (level, level))


def crossing(lat, **changes):
    """One that meets ``line(lat)``."""
    return line(lat, north=True, **changes)


def box(lat, *, lower=None, upper=None, start=START, hours=1):
    """A square around (lat, 5), a tenth of a degree to each side."""
    sides = ((-0.1, -0.1), (-0.1, 0.1), (0.1, 0.1), (0.1, -0.1))
    return Volume4D(
        corners=tuple((lat + a, 5.0 + b) for a, b in sides),
        lower=lower,
        upper=upper,
        start=start,
        end=None if start is None else start + timedelta(hours=hours),
    )
