"""Small tables that the tests of the formats start from."""

from pathlib import Path

GOOD = """flight_id,party,time,lat,lon,alt_baro_ft
A1,Blue,2026-07-01T12:00:00Z,50.0,8.0,35000
A1,Blue,2026-07-01T12:01:00Z,50.1,8.1,35000
B2,Green,2026-07-01T14:00:00+02:00,51.0,9.0,36000
B2,Green,2026-07-01T14:01:00+02:00,51.1,9.1,36000
"""


def csv(folder: Path, text: str = GOOD, name: str = "flights.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def changed(row: int, field: int, value: str) -> str:
    """Put another value into one field of a data row (rows from 1)."""
    lines = GOOD.splitlines()
    fields = lines[row].split(",")
    fields[field] = value
    lines[row] = ",".join(fields)
    return "\n".join(lines) + "\n"
