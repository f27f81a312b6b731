"""What a detection found, for a reader at a terminal and for a program."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from detente.cli.extent import extent_of, in_words
from detente.cli.screen import show
from detente.cli.text import count, instant, printable
from detente.units import NAUTICAL_MILE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from detente.airspace import Conflict, Conflicts, Flights, Separation, Volume

__all__ = ["Report"]

_WORST = 10
_SECOND = 1_000_000_000
_TIMES = ("entry", "exit", "closest")


@dataclass(frozen=True, slots=True)
class Report:
    """What went in, what was asked, and what came out.

    Parameters
    ----------
    source : the file that the flights came from.
    flights, against, volumes : what was compared; ``against`` is None where the set was
        compared with itself.
    separation, time_buffer : the minima, and seconds.
    conflicts : what was found.
    seconds : how long each part of the work took.
    written : the files that were written.
    """

    source: Path
    flights: "Flights"
    against: "Flights | None"
    volumes: "list[Volume]"
    separation: "Separation"
    time_buffer: float
    conflicts: "Conflicts"
    seconds: Mapping[str, float]
    written: tuple[Path, ...] = ()

    @property
    def dropped(self) -> dict[str, int]:
        """What was left out of the input, reason by reason, with how many."""
        counts = Counter(self.flights.dropped)
        if self.against is not None:
            counts.update(self.against.dropped)
        return dict(counts)

    def write_json(self, out: TextIO) -> None:
        """Write one JSON object: the figures, and in ``conflicts`` the list.

        How long it took is not in it, so that the same input gives the same bytes.
        """
        head: dict[str, Any] = extent_of(self.flights)
        head["against"] = None if self.against is None else extent_of(self.against)
        head["volumes"] = len(self.volumes)
        head["separation"] = {
            "horizontal_m": self.separation.horizontal,
            "vertical_ft": self.separation.vertical,
            "time_buffer_s": self.time_buffer,
        }
        head["dropped"] = self.dropped
        head["pairs"] = self.conflicts.pairs
        head["intervals"] = len(self.conflicts)
        out.write(json.dumps(head)[:-1] + ', "conflicts": [')
        separator = "\n"
        for conflict in self.conflicts:
            out.write(separator + json.dumps(_as_object(conflict)))
            separator = ",\n"
        out.write("]}\n")

    def print(self) -> None:
        """Print the summary for a reader."""
        show(self._print_to)

    def _print_to(self, console: "Console") -> None:
        for line in self._lines():
            console.print(line, soft_wrap=True)
        if len(self.conflicts):
            if len(self.conflicts) > _WORST:
                console.print(f"the worst {_WORST}:")
            console.print(self._worst())
        for path in self.written:
            console.print(f"written: {printable(str(path))}", soft_wrap=True)
        took = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in self.seconds.items())
        console.print(f"time taken: {took}", soft_wrap=True, style="dim")

    def _lines(self) -> Iterator[str]:
        yield f"{printable(str(self.source))}: {in_words(self.flights)}"
        if self.against is not None:
            yield f"against: {in_words(self.against)}"
        if self.volumes:
            yield f"against: {count(len(self.volumes), 'volume')}"
        for reason, number in self.dropped.items():
            yield f"left out: {number:,}  {printable(reason)}"
        minima = f"{self.separation.horizontal / NAUTICAL_MILE:g} NM"
        minima += f" and {self.separation.vertical:,g} ft"
        if self.time_buffer:
            minima += f", {self.time_buffer:g} s apart"
        yield f"separation: {minima}"
        pairs = count(self.conflicts.pairs, "conflicting pair")
        yield f"{pairs} in {count(len(self.conflicts), 'interval')}"

    def _worst(self) -> "Table":
        import pyarrow.compute as pc
        from rich import box
        from rich.table import Table

        from detente.airspace import Conflicts

        order = pc.sort_indices(self.conflicts.table, sort_keys=[("severity", "descending")])
        worst = Conflicts(self.conflicts.table.take(order[:_WORST]))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("severity", "seconds", "NM", "ft", "at ft"):
            table.add_column(name, justify="right", no_wrap=True)
        for name in ("a", "b", "entry (UTC)", "where"):
            table.add_column(name, overflow="fold")
        for conflict in worst:
            table.add_row(
                f"{conflict.severity:.3f}",
                f"{(conflict.exit - conflict.entry) / _SECOND:.1f}",
                f"{conflict.horizontal_m / NAUTICAL_MILE:.2f}",
                f"{conflict.vertical_ft:,.0f}",
                f"{conflict.alt_ft:,.0f}",
                _named(conflict.a, conflict.party_a),
                _named(conflict.b, conflict.party_b),
                instant(conflict.entry, digits=0).replace("T", " ").rstrip("Z"),
                f"{_degrees(conflict.lat, 'NS')} {_degrees(conflict.lon, 'EW')}",
            )
        return table


def _as_object(conflict: "Conflict") -> dict[str, Any]:
    values = {each.name: getattr(conflict, each.name) for each in fields(conflict)}
    return values | {name: instant(values[name]) for name in _TIMES}


def _named(name: str, party: str) -> str:
    return printable(f"{name} ({party})" if party else name)


def _degrees(angle: float, letters: str) -> str:
    return f"{abs(angle):.3f}{letters[angle < 0]}"
