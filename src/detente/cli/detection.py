"""``detente detect``: every conflict in a file of flights."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import Group, Parameter

from detente.cli.destination import FORMATS, check_destination
from detente.cli.findings import Report
from detente.cli.minima import Minima
from detente.cli.progress import progress, timed
from detente.cli.reading import AS_GIVEN, Reading
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.airspace import Conflicts, Flights, Separation, Volume

__all__ = ["detect"]

_FOUND = 1


@Parameter(name="*", group=Group("What counts as a conflict", sort_key=1))
@dataclass(frozen=True, slots=True)
class Question(Minima):
    """What counts as a conflict.

    Parameters
    ----------
    time_buffer
        Two flights conflict as well if they would with one of them this much earlier or later.
    against
        Compare with the flights of this file, not with each other.
    """

    time_buffer: str = "0s"
    against: Path | None = None

    def check(self) -> None:
        """Refuse what makes no question, before a large file is read."""
        self.separation()
        self.classes()
        self.buffer()

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
    reading: Reading = AS_GIVEN,
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
    with timed(seconds, "reading"):
        these = reading.read(flights, question.classes())
        those = None
        if question.against is not None:
            those = reading.read(question.against, question.classes())
        closed = [] if question.volumes is None else read_volumes(question.volumes)
    with timed(seconds, "detection"):
        conflicts = question.answer(these, those, closed, threads)
    with timed(seconds, "writing"):
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
