"""What the service answered: as a table, as JSON, as GeoJSON."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cyclopts import Group, Parameter

from detente.cli.text import count, printable
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.authority.notice import Alternatives, OwnIntent, PublicConstraint
    from detente.authority.outcome import Outcome
    from detente.authority.register import Cycle, Intent
    from detente.client.geojson import Shown

__all__ = [
    "TABLE",
    "Form",
    "print_constraints",
    "print_cycles",
    "print_intents",
    "print_offers",
    "print_outcome",
    "write_json",
]


@Parameter(name="*", group=Group("How it is printed", sort_key=2))
@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is printed.

    Parameters
    ----------
    json
        JSON, as the service answered it.
    geojson
        GeoJSON, for a map.
    """

    json: bool = False
    geojson: bool = False

    def write(self, things: "Sequence[Shown]", *, one: bool = False) -> bool:
        """Write for a machine, if that was asked for; tell whether.

        Parameters
        ----------
        one : it is not a list.
        """
        if self.json and self.geojson:
            raise InputError("JSON and GeoJSON at once", field="geojson", mend="choose one")
        if self.geojson:
            from detente.client import to_geojson

            write_json(to_geojson(*things))
        elif self.json:
            write_json(things[0] if one else list(things))
        return self.json or self.geojson


TABLE = Form()
"""For people."""


def write_json(thing: Any) -> None:
    """Print one line of JSON."""
    import msgspec

    sys.stdout.write(msgspec.json.encode(thing).decode() + "\n")


def print_intents(intents: "Sequence[OwnIntent | Intent]") -> None:
    """Print intents, one a row."""
    from detente.authority.register import Intent
    from detente.cli.knowledge import clock, states_in_words
    from detente.cli.screen import show, table

    words = states_in_words(intent.state for intent in intents)
    _line(count(len(intents), "intent") + (f": {words}" if words else ""))
    if not intents:
        return
    drawn = table(
        ("version",),
        ("intent", "state", "precedence", "begins (UTC)", "ends (UTC)", "because", "alternatives"),
    )
    for intent in intents:
        times = ("", "") if (span := _span(intent)) is None else tuple(map(clock, span))
        if isinstance(intent, Intent):
            name, offers = intent.name, intent.offers
            because = "" if intent.cause is None else f"{intent.cause.kind} {intent.cause.of}"
        else:
            name = intent.intent
            offers = () if intent.alternatives is None else intent.alternatives.offers
            because = ", ".join(x for x in (intent.because, *intent.constraints) if x)
        drawn.add_row(
            f"{intent.version}", printable(name), _state(intent), printable(intent.precedence),
            *times, printable(because.strip()), f"{len(offers)}" if offers else "",
        )  # fmt: skip
    show(lambda console: console.print(drawn))


def print_offers(told: "Alternatives") -> None:
    """Print alternatives, the cheapest first."""
    from detente.cli.knowledge import clock
    from detente.cli.rehearsal.account import in_words
    from detente.cli.screen import show, table

    until = "" if told.until is None else f", to be taken until {clock(told.until)} UTC"
    _line(count(len(told.offers), "alternative") + (until if told.offers else ""))
    if told.offers:
        drawn = table(("cost",), ("alternative", "in words"))
        for offer in told.offers:
            drawn.add_row(f"{offer.cost:,}", printable(offer.id), in_words(offer))
        show(lambda console: console.print(drawn))


def print_constraints(constraints: "Sequence[PublicConstraint]") -> None:
    """Print constraints, one a row."""
    from detente.cli.knowledge import clock
    from detente.cli.screen import show, table

    _line(count(len(constraints), "constraint"))
    if not constraints:
        return
    words = ("constraint", "effect", "permitted", "begins (UTC)", "ends (UTC)", "reason")
    drawn = table(("version", "volumes"), words)
    for c in constraints:
        begins = [v.start for v in c.volumes if v.start is not None]
        ends = [v.end for v in c.volumes if v.end is not None]
        whole = len(c.volumes)
        drawn.add_row(
            f"{c.version}", f"{whole}", printable(c.constraint), c.effect.value,
            "yes" if c.permitted else "",
            clock(min(begins)) if len(begins) == whole else "always",
            clock(max(ends)) if len(ends) == whole else "until lifted", printable(c.reason),
        )  # fmt: skip
    show(lambda console: console.print(drawn))


def print_cycles(cycles: "Iterable[Cycle]") -> None:
    """Print cycles, one a row."""
    from detente.cli.knowledge import clock
    from detente.cli.screen import show, table

    rows = list(cycles)
    _line(count(len(rows), "cycle"))
    if rows:
        words = ("cycle", "begins (UTC)", "ends (UTC)", "cut-off (UTC)", "published (UTC)")
        drawn = table((), words)
        for one in rows:
            published = "" if one.published is None else clock(one.published)
            times = (clock(one.start), clock(one.end), clock(one.cutoff))
            drawn.add_row(printable(one.id), *times, published)
        show(lambda console: console.print(drawn))


def print_outcome(outcome: "Outcome") -> None:
    """Print what came of a command of the authority, an event a line."""
    import msgspec

    for event in outcome.events:
        told = msgspec.to_builtins(event)
        names = ("party", "intent", "constraint", "cycle", "coalition", "version", "state")
        facts = [f"{name} {told[name]}" for name in names if told.get(name)]
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(event).__name__)
        _line(f"{words.strip()}: {', '.join(facts)}" if facts else words.strip())


def _state(intent: "OwnIntent | Intent") -> str:
    from detente.authority.register import Intent

    ended = "" if isinstance(intent, Intent) else intent.ended
    return f"{intent.state.value}: {ended}" if ended not in ("", "ended") else intent.state.value


def _span(intent: "OwnIntent | Intent") -> Any:
    from detente.authority.extent import span
    from detente.authority.register import Intent

    asked = intent.proposal if isinstance(intent, Intent) else intent.asked
    extent = intent.extent or asked
    return span(extent) if extent else None


def _line(text: str) -> None:
    sys.stdout.write(printable(text) + "\n")
