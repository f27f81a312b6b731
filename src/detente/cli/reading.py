"""How files of flights are read: the options that every command shares."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import Group, Parameter

from detente.cli.progress import progress
from detente.cli.text import printable
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.airspace import Flights, Separation

__all__ = ["AS_GIVEN", "Reading"]


@Parameter(name="*", group=Group("How the flights are read", sort_key=2))
@dataclass(frozen=True, slots=True)
class Reading:
    """How files of flights are read.

    Parameters
    ----------
    party
        Who flies all of them, where no column says it; "airline" takes it from the callsigns.
    altitude
        Unit and reference of altitudes that do not say theirs, such as ft:pressure.
    max_gap
        Between two fixes further apart in time than this, such as 60s, assume no position.
    skip_bad
        Leave out the flights that cannot be used, and say which.
    drop_outliers
        Leave out the fixes that no aircraft can have flown, and say how many.
    """

    party: str | None = None
    altitude: str | None = None
    max_gap: str | None = None
    skip_bad: bool = False
    drop_outliers: bool = False

    def read(self, path: Path, classes: "dict[str, Separation]") -> "Flights":
        """Read a file, and leave out of it what was asked."""
        from detente.airspace import drop_outliers
        from detente.formats import read_flights
        from detente.units import parse_duration

        gap = None if self.max_gap is None else parse_duration(self.max_gap, field="max-gap")
        with progress(f"reading {path.name}") as tell:
            flights = read_flights(
                path,
                party=self.party,
                altitude=self.altitude,
                classes=classes,
                skip_bad=self.skip_bad,
                warn=_warn,
                max_gap=gap,
                progress=tell,
            )
        return drop_outliers(flights) if self.drop_outliers else flights


AS_GIVEN = Reading()
"""What is read where no option says otherwise."""


def _warn(error: InputError) -> None:
    sys.stderr.write(f"detente: left out: {printable(str(error))}\n")
