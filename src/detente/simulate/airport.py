"""Europe's airports: where they are, and how much flies there.

Positions and elevations are those of the package ``airportsdata``. Sizes of the 90 largest
that are reported are flights by instrument rules in one year, from EUROCONTROL's open data set
"Airport traffic" (Aviation Intelligence Portal, column FLT_TOT_IFR_2, the year 2024; 2019 for
three airports that reported none in 2024). See docs/simulate.md.

The others have no reported size. They follow Zipf's law from the smallest reported one down, in
a fixed order that has no meaning (G. K. Zipf, Human Behavior and the Principle of Least Effort,
1949; exponent 1/2).
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import airportsdata
import numpy as np
from numpy.typing import NDArray

__all__ = ["Airports", "european_airports"]

REGIONS = ("E", "L", "BI", "GC")
"""ICAO location prefixes: northern and southern Europe, Iceland, the Canary Islands."""
BOX = (27.0, 82.0, -32.0, 46.0)
"""South, north, west, east: without the islands overseas that bear European prefixes."""
ZIPF_EXPONENT = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Airports:
    """Airports as columns.

    Parameters
    ----------
    icao : (n,) location indicators.
    lat, lon : (n,) degrees.
    elevation : (n,) feet.
    size : (n,) flights a year, in and out.
    """

    icao: list[str]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    elevation: NDArray[np.float64]
    size: NDArray[np.float64]


@cache
def european_airports() -> Airports:
    """Give every European airport that has an IATA code, the largest first.

    >>> airports = european_airports()
    >>> airports.icao[:3]
    ['LTFM', 'EHAM', 'LFPG']
    """
    text = (files("detente.simulate") / "movements.csv").read_text(encoding="utf-8")
    reported = {row["icao"]: float(row["movements"]) for row in csv.DictReader(text.splitlines())}
    south, north, west, east = BOX
    known = {
        code: row
        for code, row in airportsdata.load("ICAO").items()
        if south < row["lat"] < north and west < row["lon"] < east
    }
    others = sorted(
        code
        for code, row in known.items()
        if row["iata"] and code.startswith(REGIONS) and code not in reported
    )
    order = np.random.default_rng(0).permutation(len(others))
    ranks = np.arange(1, len(others) + 1)
    tail = min(reported.values()) * ranks**-ZIPF_EXPONENT
    codes = [*sorted(reported, key=lambda code: -reported[code]), *(others[i] for i in order)]
    rows = [known[code] for code in codes]
    return Airports(
        icao=codes,
        lat=np.array([row["lat"] for row in rows]),
        lon=np.array([row["lon"] for row in rows]),
        elevation=np.array([row["elevation"] for row in rows], dtype=np.float64),
        size=np.concatenate([np.sort(list(reported.values()))[::-1], tail]),
    )
