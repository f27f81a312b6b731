"""What a plan came to, for a reader at a terminal and for a program."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from detente.cli.extent import extent_of, in_words
from detente.cli.screen import show, table
from detente.cli.text import count, instant, printable
from detente.units import NAUTICAL_MILE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from detente.airspace import Flights, Separation
    from detente.resolve.change import Change, Reason
    from detente.resolve.plan import Plan

__all__ = ["Outcome"]

_MOST = 10
_FEW_REASONS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What went in, and the plan that came out.

    Parameters
    ----------
    source : the file that the flights came from.
    flights : as filed.
    volumes : how many they were kept from.
    separation : the minima.
    lowest : feet; what is below is not considered.
    plan : what is to change.
    seconds : how long each part of the work took.
    written : the files that were written.
    """

    source: Path
    flights: "Flights"
    volumes: int
    separation: "Separation"
    lowest: float | None
    plan: "Plan"
    seconds: Mapping[str, float]
    written: tuple[Path, ...] = ()

    def write_json(self, out: TextIO) -> None:
        """Write one JSON object: the figures, and in ``changes`` the list.

        How long it took is not in it, so that the same input gives the same bytes.
        """
        head: dict[str, Any] = extent_of(self.flights)
        head["volumes"] = self.volumes
        head["separation"] = {
            "horizontal_m": self.separation.horizontal,
            "vertical_ft": self.separation.vertical,
        }
        head["above_ft"] = self.lowest
        head["dropped"] = dict(self.flights.dropped)
        head |= self.plan.to_dict()
        del head["seconds"]
        out.write(json.dumps(head)[:-1] + ', "changes": [')
        separator = "\n"
        for change in self.plan.changes:
            out.write(separator + json.dumps(_as_object(change)))
            separator = ",\n"
        out.write("]}\n")

    def print(self) -> None:
        """Print the summary for a reader."""
        show(self._print_to)

    def _print_to(self, console: "Console") -> None:
        plan = self.plan
        for line in self._lines():
            console.print(line, soft_wrap=True)
        if plan.changes:
            console.print(self._burden())
            dearest = sorted(plan.changes, key=lambda change: -change.cost)
            if len(dearest) > _MOST:
                console.print(f"the dearest {_MOST} changes:")
            console.print(_changes(dearest[:_MOST]))
        if not plan.solved:
            console.print("left in conflict:")
            console.print(self._remainder())
        console.print(self._checked(), soft_wrap=True)
        for path in self.written:
            console.print(f"written: {printable(str(path))}", soft_wrap=True)
        took = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in self.seconds.items())
        console.print(f"time taken: {took}", soft_wrap=True, style="dim")

    def _lines(self) -> Iterator[str]:
        plan = self.plan
        yield f"{printable(str(self.source))}: {in_words(self.flights)}"
        if self.volumes:
            yield f"kept from: {count(self.volumes, 'volume')}"
        for reason, number in self.flights.dropped.items():
            yield f"left out: {number:,}  {printable(reason)}"
        minima = f"{self.separation.horizontal / NAUTICAL_MILE:g} NM"
        yield f"separation: {minima} and {self.separation.vertical:,g} ft"
        if self.lowest is not None:
            yield f"not considered: below {self.lowest:,g} ft, left to approach control"
        pairs = count(plan.before.pairs, "conflicting pair")
        yield f"as filed: {pairs}; in the plan: {plan.remainder.pairs:,}"
        yield from self._moved()
        if plan.changes:
            fair = plan.fairness
            line = f"fairness ({fair.measure}): Jain's index {fair.jain:.2f}, "
            line += f"the heaviest burden {fair.most:.1f} times its share"
            if plan.filed_fairness is not None:
                line += f"; before it was sought {plan.filed_fairness.jain:.2f} and "
                line += f"{plan.filed_fairness.most:.1f}"
            yield line

    def _moved(self) -> Iterator[str]:
        plan, sums = self.plan, self.plan.to_dict()
        kinds = []
        if sums["delayed"]:
            mean = plan.delay / 60 / sums["delayed"]
            most = max(change.delay for change in plan.changes) / 60
            kinds.append(f"{sums['delayed']:,} delayed (mean {mean:.1f} min, most {most:g})")
        for name, words in (
            ("levels", "on another level"),
            ("offsets", "beside the route"),
            ("speeds", "at another speed"),
        ):
            kinds += [f"{sums[name]:,} {words}"] if sums[name] else []
        moved = f"moved: {len(plan.changes):,} of {count(len(self.flights), 'flight')}"
        yield f"{moved}: {', '.join(kinds)}" if kinds else moved
        if plan.changes:
            proven = ", proven to be the least" if plan.optimal else ""
            mean = plan.cost / len(plan.changes)
            yield f"cost: {plan.cost:,}{proven}; {mean:,.0f} for a moved flight"

    def _checked(self) -> str:
        left = self.plan.remainder.pairs
        found = count(left, "conflicting pair") if left else "no conflict"
        return f"checked: detection ran over the flights of the plan and found {found}"

    def _burden(self) -> "Table":
        accounts = sorted(self.plan.accounts, key=lambda one: (-one.cost, one.party))
        bearing = [one for one in accounts if one.cost]
        drawn = table(
            ("flights", "in conflict", "moved", "delay min", "cost", "cost each"), ("party",)
        )
        for one in bearing[:_MOST]:
            drawn.add_row(
                f"{one.flights:,}",
                f"{one.share:,}",
                f"{one.moved:,}",
                f"{one.delay / 60:,.0f}",
                f"{one.cost:,}",
                f"{one.cost / one.share:,.0f}" if one.share else "",
                printable(one.party or "no party given"),
            )
        rest = bearing[_MOST:]
        if rest:
            drawn.add_row(
                f"{sum(one.flights for one in rest):,}",
                f"{sum(one.share for one in rest):,}",
                f"{sum(one.moved for one in rest):,}",
                f"{sum(one.delay for one in rest) / 60:,.0f}",
                f"{sum(one.cost for one in rest):,}",
                "",
                f"{len(rest):,} more who bear something",
            )
        return drawn

    def _remainder(self) -> "Table":
        plan = self.plan
        drawn = table((), ("a", "b", "entry (UTC)", "why"))
        for conflict, why in list(zip(plan.remainder, plan.unsolved, strict=True))[: 2 * _MOST]:
            drawn.add_row(
                _named(conflict.a, conflict.party_a),
                _named(conflict.b, conflict.party_b),
                instant(conflict.entry, digits=0).replace("T", " ").rstrip("Z"),
                printable(why),
            )
        more = len(plan.remainder) - 2 * _MOST
        if more > 0:
            drawn.add_row(f"and {more:,} more", "", "", "")
        return drawn


def _changes(changes: "list[Change]") -> "Table":
    drawn = table(("cost",), ("flight", "change", "because of"))
    for change in changes:
        # Separation from one other may be lost several times: the first of each.
        each = list({(r.kind, r.other): r for r in reversed(change.reasons)}.values())[::-1]
        reasons = [_because(reason) for reason in each[:_FEW_REASONS]]
        if len(each) > _FEW_REASONS:
            reasons.append(f"{len(each) - _FEW_REASONS} more")
        drawn.add_row(
            f"{change.cost:,}",
            _named(change.flight, change.party),
            str(change).removeprefix(f"{change.flight}: "),
            ", ".join(reasons) or "a flight that had to move itself",
        )
    return drawn


def _because(reason: "Reason") -> str:
    when = instant(reason.entry, digits=0)[11:16]
    closed = "closed airspace " if reason.kind == "constraint" else ""
    return f"{closed}{_named(reason.other, reason.party)} at {when}"


def _as_object(change: "Change") -> dict[str, Any]:
    values = asdict(change)
    values["reasons"] = [
        asdict(reason) | {"entry": instant(reason.entry), "exit": instant(reason.exit)}
        for reason in change.reasons
    ]
    return values


def _named(name: str, party: str) -> str:
    return printable(f"{name} ({party})" if party else name)
