"""``detente resolve``: a plan that takes the conflicts out of a file of flights."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cyclopts import Group, Parameter

from detente.cli.destination import FORMATS, check_destination
from detente.cli.minima import Minima
from detente.cli.outcome import Outcome
from detente.cli.progress import standing, timed
from detente.cli.reading import AS_GIVEN, Reading
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.airspace import Flights, Volume
    from detente.resolve.manoeuvre import Manoeuvres
    from detente.resolve.plan import Plan

__all__ = ["resolve"]

_LEFT = 1
_MOST_LEVELS = 20
_LONGEST_DELAY = 86_400.0


@Parameter(name="*", group=Group("What counts as a conflict", sort_key=1))
@dataclass(frozen=True, slots=True)
class Scope(Minima):
    """What counts as a conflict.

    Parameters
    ----------
    above
        Leave what is wholly or partly below this, such as FL100, to approach control.
    """

    above: str | None = None

    def check(self) -> None:
        """Refuse what makes no question, before a large file is read."""
        self.separation()
        self.classes()
        self.lowest()

    def lowest(self) -> float | None:
        """Read below what nothing is considered, in feet."""
        from detente.units import parse_altitude

        return None if self.above is None else parse_altitude(self.above, field="above")

    def of(self, flights: "Flights") -> "Flights":
        """Take the flights with no position where they are below."""
        lowest = self.lowest()
        if lowest is None:
            return flights
        below = flights.alt < lowest
        leg = below.copy()
        leg[:-1] |= below[1:]
        # From a flight's last fix there is no leg.
        last = flights.offsets[1:] - 1
        leg[last] = False
        return replace(flights, gap=flights.gap | leg)


@Parameter(name="*", group=Group("What the flights may do", sort_key=3))
@dataclass(frozen=True, slots=True)
class Freedom:
    """What the flights may do.

    Parameters
    ----------
    delay
        Depart later by up to this, in whole minutes; by default 60min, and 0min for never.
    levels
        Cruise higher or lower by up to so many levels of 1,000 ft; by default 2.
    offsets
        Fly beside the route, left or right by one of these; by default 5nm,10nm. Or none.
    semicircular
        Keep each flight on levels of its direction.
    manoeuvres
        What each flight may do: a JSON file (docs/resolve.md), in place of the four above.
    """

    delay: str | None = None
    levels: int | None = None
    offsets: str | None = None
    semicircular: bool = False
    manoeuvres: Path | None = None

    def check(self) -> None:
        """Refuse what contradicts itself, before a large file is read."""
        said = self._said()
        if self.manoeuvres is not None and said:
            raise InputError(
                "an option beside a file of manoeuvres",
                field=next(iter(said)),
                mend='say it in the file, as "default"',
            )
        self._for_all()

    def of(self, flights: "Flights") -> "Manoeuvres | dict[str, Manoeuvres]":
        """Read what each may do."""
        from detente.formats import read_manoeuvres

        if self.manoeuvres is not None:
            return read_manoeuvres(self.manoeuvres, flights)
        return self._for_all()

    def _said(self) -> Mapping[str, object]:
        named = {"delay": self.delay, "levels": self.levels, "offsets": self.offsets}
        said: dict[str, object] = {k: v for k, v in named.items() if v is not None}
        return said | ({"semicircular": True} if self.semicircular else {})

    def _for_all(self) -> "Manoeuvres":
        from detente.resolve.manoeuvre import Manoeuvres

        limits: dict[str, Any] = {"semicircular": self.semicircular}
        if self.delay is not None:
            limits["delay_most"] = self._minutes(self.delay)
        if self.levels is not None:
            if not 0 <= self.levels <= _MOST_LEVELS:
                raise InputError(
                    f"{self.levels} levels", field="levels", mend=f"give 0 to {_MOST_LEVELS}"
                )
            steps = range(-self.levels, self.levels + 1)
            limits["level_steps"] = tuple(step for step in steps if step)
        if self.offsets is not None:
            limits["offsets"] = self._beside(self.offsets)
        return Manoeuvres(**limits)

    @staticmethod
    def _minutes(text: str) -> int:
        from detente.units import parse_duration

        seconds = parse_duration(text, field="delay")
        if not 0.0 <= seconds <= _LONGEST_DELAY or seconds % 60.0:
            raise InputError(
                f"a delay of up to {text}", field="delay", mend="give whole minutes, up to 24h"
            )
        return int(seconds)

    @staticmethod
    def _beside(text: str) -> tuple[float, ...]:
        from detente.units import parse_length

        if text == "none":
            return ()
        metres = [parse_length(part, field="offsets") for part in text.split(",")]
        return tuple(sorted({side * far for far in metres for side in (-1.0, 1.0)}))


@Parameter(name="*", group=Group("How the plan is sought", sort_key=4))
@dataclass(frozen=True, slots=True)
class Effort:
    """How the plan is sought.

    Parameters
    ----------
    fairness
        How the cost is spread among parties, where that costs no more.
    seconds
        Stop after this long with the best plan so far; without it, when nothing betters it.
    seed
        Another one seeks in another order.
    threads
        How many threads; by default one for each processor.
    """

    fairness: Literal["proportional", "max-min"] = "proportional"
    seconds: float | None = None
    seed: int = 0
    threads: int | None = None

    def check(self) -> None:
        """Refuse what makes no search."""
        if self.seconds is not None and not self.seconds > 0.0:
            raise InputError(f"{self.seconds:g} s", field="seconds", mend="give more than 0")
        if self.seed < 0:
            raise InputError(f"a seed of {self.seed}", field="seed", mend="give 0 or more")
        if self.threads is not None and self.threads < 1:
            raise InputError(f"{self.threads} threads", field="threads", mend="give 1 or more")

    def plan(
        self,
        flights: "Flights",
        volumes: "list[Volume]",
        manoeuvres: "Manoeuvres | dict[str, Manoeuvres]",
        scope: Scope,
    ) -> "Plan":
        """Seek the plan."""
        from detente.resolve.resolution import resolve_conflicts

        with standing("resolving") as tell:
            return resolve_conflicts(
                flights,
                volumes=volumes,
                manoeuvres=manoeuvres,
                separation=scope.separation(),
                same_party=not scope.between_parties,
                fairness=self.fairness,
                seconds=self.seconds,
                seed=self.seed,
                threads=self.threads,
                progress=tell,
            )


@Parameter(name="*", group=Group("Result", sort_key=5))
@dataclass(frozen=True, slots=True)
class PlanResult:
    """Where the plan goes.

    Parameters
    ----------
    out
        Write what each flight changes to this file: .parquet or .csv.
    flights_out
        Write the flights as they fly in the plan: .parquet, .csv or .geojson.
    map
        Draw before and after on a page that opens with no network: .html.
    json
        Print one JSON object in place of the summary.
    """

    out: Path | None = None
    flights_out: Path | None = None
    map: Path | None = None
    json: bool = False

    def check(self, *inputs: Path | None) -> None:
        """Refuse what could not be written."""
        check_destination(self.out, "out", FORMATS[:2], inputs)
        check_destination(self.flights_out, "flights-out", FORMATS, (*inputs, self.out))
        taken = (*inputs, self.out, self.flights_out)
        check_destination(self.map, "map", (".html",), taken)

    def write(
        self, source: Path, flights: "Flights", volumes: "list[Volume]", scope: Scope, plan: "Plan"
    ) -> tuple[Path, ...]:
        """Write the files that were asked for, and name them."""
        from detente.formats import write_flights, write_plan

        if self.out is not None:
            write_plan(plan, self.out)
        if self.flights_out is not None:
            write_flights(plan.flights, self.flights_out)
        if self.map is not None:
            from detente.chart import write_plan_chart

            write_plan_chart(
                flights,
                plan,
                self.map,
                volumes=volumes,
                separation=scope.separation(),
                title=f"Plan for {source.name}",
            )
        files = (self.out, self.flights_out, self.map)
        return tuple(path for path in files if path is not None)


def resolve(
    flights: Path,
    /,
    *,
    scope: Scope = Scope(),
    reading: Reading = AS_GIVEN,
    freedom: Freedom = Freedom(),
    effort: Effort = Effort(),
    result: PlanResult = PlanResult(),
) -> int:
    """Find the changes that keep all flights apart, at the least cost and fairly shared.

    Detection checks every plan before it is told. The exit code is 0 when no conflict is left,
    1 when some are, 2 for bad input.

    Parameters
    ----------
    flights
        Flights: Parquet, GeoParquet, CSV, GeoJSON or IGC.
    """
    from detente.formats import read_volumes

    result.check(flights, scope.volumes, freedom.manoeuvres)
    for options in (scope, freedom, effort):
        options.check()
    seconds: dict[str, float] = {}
    with timed(seconds, "reading"):
        filed = scope.of(reading.read(flights, scope.classes()))
        closed = [] if scope.volumes is None else read_volumes(scope.volumes)
        manoeuvres = freedom.of(filed)
    with timed(seconds, "resolution"):
        plan = effort.plan(filed, closed, manoeuvres, scope)
    with timed(seconds, "writing"):
        written = result.write(flights, filed, closed, scope, plan)
    outcome = Outcome(
        source=flights,
        flights=filed,
        volumes=len(closed),
        separation=scope.separation(),
        lowest=scope.lowest(),
        plan=plan,
        seconds=seconds,
        written=written,
    )
    if result.json:
        outcome.write_json(sys.stdout)
    else:
        outcome.print()
    return 0 if plan.solved else _LEFT
