"""``detente detect``: every conflict in a file of flights."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from detente.cli.destination import FORMATS, check_destination
from detente.cli.progress import progress
from detente.cli.report import Report
from detente.cli.text import printable
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.airspace import Conflicts, Flights, Separation, Volume

__all__ = ["detect"]

_FOUND = 1


@Parameter(name="*", group=Group("What counts as a conflict", sort_key=1))
@dataclass(frozen=True, slots=True)
class Question:
    """What counts as a conflict.

    Parameters
    ----------
    horizontal
        Horizontal minimum, with its unit.
    vertical
        Vertical minimum, with its unit.
    separation_class
        Minima of the fixes in a class (column separation_class): terminal=3nm,1000ft.
    time_buffer
        Two flights conflict as well if they would with one of them this much earlier or later.
    volumes
        Airspace to be kept from: a file of volumes (docs/formats.md).
    against
        Compare with the flights of this file, not with each other.
    between_parties
        Leave out the pairs of one and the same party.
    """

    horizontal: str = "5nm"
    vertical: str = "1000ft"
    separation_class: Annotated[tuple[str, ...], Parameter(name="class")] = ()
    time_buffer: str = "0s"
    volumes: Path | None = None
    against: Path | None = None
    between_parties: bool = False

    def check(self) -> None:
        """Refuse what makes no question, before a large file is read."""
        self.separation()
        self.classes()
        self.buffer()

    def separation(self) -> "Separation":
        """Read the minima."""
        from detente.airspace import Separation

        return Separation.parse(self.horizontal, self.vertical)

    def classes(self) -> "dict[str, Separation]":
        """Read the minima of each class."""
        from detente.airspace import Separation

        classes = {}
        for text in self.separation_class:
            name, equals, minima = text.partition("=")
            horizontal, comma, vertical = minima.partition(",")
            if not (name and equals and comma):
                raise InputError(
                    f"{text!r} is no class", field="class", mend="write it as terminal=3nm,1000ft"
                )
            classes[name] = Separation.parse(horizontal, vertical)
        return classes

    def buffer(self) -> float:
        """Read the time buffer, in seconds."""
        from detente.units import parse_duration

        return parse_duration(self.time_buffer, field="time-buffer")

    def answer(
        self,
        flights: "Flights",
        against: "Flights | None",
        volumes: "list[Volume]",
        threads: int | None,
    ) -> "Conflicts":
        """Find the conflicts."""
        from detente.detect import detect_conflicts

        with progress("looking for conflicts") as tell:
            return detect_conflicts(
                flights,
                against=against,
                volumes=volumes,
                separation=self.separation(),
                time_buffer=self.buffer(),
                same_party=not self.between_parties,
                threads=threads,
                progress=tell,
            )


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


@Parameter(name="*", group=Group("Result", sort_key=3))
@dataclass(frozen=True, slots=True)
class Result:
    """Where the result goes.

    Parameters
    ----------
    out
        Write the conflicts to this file: .parquet, .csv or .geojson.
    map
        Draw them on a page that opens with no network: .html.
    json
        Print one JSON object in place of the summary.
    """

    out: Path | None = None
    map: Path | None = None
    json: bool = False

    def check(self, *inputs: Path | None) -> None:
        """Refuse what could not be written."""
        check_destination(self.out, "out", FORMATS, inputs)
        check_destination(self.map, "map", (".html",), (*inputs, self.out))

    def write(
        self,
        source: Path,
        flights: "Flights",
        against: "Flights | None",
        volumes: "list[Volume]",
        separation: "Separation",
        conflicts: "Conflicts",
    ) -> tuple[Path, ...]:
        """Write the files that were asked for, and name them."""
        if self.out is not None:
            from detente.formats import write_conflicts

            write_conflicts(conflicts, self.out)
        if self.map is not None:
            from detente.chart import write_conflict_chart

            write_conflict_chart(
                flights,
                conflicts,
                self.map,
                volumes=volumes,
                against=against,
                separation=separation,
                title=f"Conflicts in {source.name}",
            )
        return tuple(path for path in (self.out, self.map) if path is not None)


def detect(
    flights: Path,
    /,
    *,
    question: Question = Question(),
    reading: Reading = Reading(),
    result: Result = Result(),
    threads: int | None = None,
) -> int:
    """Find every loss of separation between flights, and between flights and closed airspace.

    The exit code is 0 when all are separated, 1 when conflicts were found, 2 for bad input.

    Parameters
    ----------
    flights
        Flights: Parquet, GeoParquet, CSV, GeoJSON or IGC.
    threads
        How many threads; by default one for each processor.
    """
    from detente.formats import read_volumes

    result.check(flights, question.volumes, question.against)
    if threads is not None and threads < 1:
        raise InputError(f"{threads} threads", field="threads", mend="give 1 or more")
    question.check()
    seconds: dict[str, float] = {}
    with _timed(seconds, "reading"):
        these = reading.read(flights, question.classes())
        those = None
        if question.against is not None:
            those = reading.read(question.against, question.classes())
        closed = [] if question.volumes is None else read_volumes(question.volumes)
    with _timed(seconds, "detection"):
        conflicts = question.answer(these, those, closed, threads)
    with _timed(seconds, "writing"):
        written = result.write(flights, these, those, closed, question.separation(), conflicts)
    report = Report(
        source=flights,
        flights=these,
        against=those,
        volumes=closed,
        separation=question.separation(),
        time_buffer=question.buffer(),
        conflicts=conflicts,
        seconds=seconds,
        written=written,
    )
    if result.json:
        report.write_json(sys.stdout)
    else:
        report.print()
    return _FOUND if len(conflicts) else 0


def _warn(error: InputError) -> None:
    sys.stderr.write(f"detente: left out: {printable(str(error))}\n")


@contextmanager
def _timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[what] = perf_counter() - start
