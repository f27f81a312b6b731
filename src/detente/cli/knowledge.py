"""What was known of the airspace: by the authority, and by one party; as tables and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console

from detente.authority import Extent, IntentState, Path4D, State, View, Volume4D
from detente.authority.disclosure import SharedIntent
from detente.authority.extent import span
from detente.authority.register import Cycle
from detente.cli.screen import table
from detente.cli.text import count, printable
from detente.ledger import Head

if TYPE_CHECKING:
    from rich.table import Table

__all__ = [
    "clock",
    "in_order",
    "json_of_state",
    "json_of_view",
    "print_state",
    "print_view",
    "states_in_words",
]

_MOST = 40
"""Rows of a table; the JSON has them all."""

_ORDER = (
    IntentState.NONCONFORMING,
    IntentState.CONTINGENT,
    IntentState.HELD,
    IntentState.ACTIVATED,
    IntentState.ACCEPTED,
    IntentState.PENDING,
    IntentState.REFUSED,
    IntentState.ENDED,
)
"""What needs somebody's eye comes first."""

_ENCODER = msgspec.json.Encoder(order="deterministic")


def json_of_state(state: State, head: Head) -> bytes:
    """Give all that the authority knows as one JSON object."""
    return _ENCODER.encode(
        {
            "position": head[0],
            "hash": head[1].hex(),
            "charter": state.charter if state.founded else None,
            "parties": list(state.parties.values()),
            "coalitions": list(state.coalitions.values()),
            "constraints": list(state.constraints.values()),
            "cycles": list(state.cycles.values()),
            "intents": list(state.intents.values()),
        }
    )


def json_of_view(view: View) -> bytes:
    """Give all that a party may know as one JSON object."""
    return _ENCODER.encode(view)


def states_in_words(states: Iterable[IntentState]) -> str:
    """Count states.

    >>> states_in_words([IntentState.ACCEPTED, IntentState.HELD, IntentState.ACCEPTED])
    '1 held, 2 accepted'
    """
    counted = Counter(states)
    return ", ".join(f"{counted[state]:,} {state}" for state in _ORDER if state in counted)


def print_state(console: Console, state: State) -> None:
    """Print all that the authority knows."""
    intents = sorted(state.intents.values(), key=lambda i: (*in_order(i.state, i.extent), i.name))
    console.print(count(len(state.parties), "party", "parties"))
    if state.parties:
        drawn = table(("intents",), ("party", "name", "claims at most", "coalitions", "state"))
        filed = Counter(intent.party for intent in intents)
        for party in state.parties.values():
            drawn.add_row(
                f"{filed[party.id]:,}",
                *_words(party.id, party.name, party.highest, ", ".join(party.coalitions)),
                "suspended" if party.suspended else "",
            )
        console.print(drawn)
    if state.coalitions:
        drawn = table((), ("coalition", "name", "members and what they share", "invited"))
        for one in state.coalitions.values():
            members = ", ".join(f"{party}: {shares}" for party, shares in one.members.items())
            drawn.add_row(*_words(one.id, one.name, members, ", ".join(one.invited)))
        console.print(drawn)
    _print_constraints(
        console,
        [
            (c.id, c.version, c.effect, ", ".join(c.permitted), c.volumes, c.reason)
            for c in state.constraints.values()
        ],
    )
    _print_cycles(console, state.cycles.values())
    words = states_in_words(intent.state for intent in intents)
    console.print(f"{count(len(intents), 'intent')}{': ' if words else ''}{words}")
    if intents:
        drawn = table(("version",), (*_INTENT, "party"))
        for intent in intents[:_MOST]:
            extent = intent.extent or intent.proposal
            why = "" if intent.cause is None else f"{intent.cause.kind} {intent.cause.of}".strip()
            notes = [f"held: {why}"] if why else []
            notes += [f"in spite of {', '.join(intent.despite)}"] if intent.despite else []
            notes += [count(len(intent.offers), "alternative")] if intent.offers else []
            row = _intent_row(intent.id, intent.state, intent.precedence, extent, notes)
            drawn.add_row(f"{intent.version}", *row, printable(intent.party))
        _end(drawn, len(intents))
        console.print(drawn)


def print_view(console: Console, view: View) -> None:
    """Print all that a party may know."""
    console.print(f"{count(view.notices, 'notice')} sent to {printable(view.party)}")
    if view.coalitions:
        drawn = table((), ("coalition", "members"))
        for id, members in view.coalitions.items():
            drawn.add_row(*_words(id, ", ".join(members)))
        console.print(drawn)
    _print_constraints(
        console,
        [
            (c.constraint, c.version, c.effect, "yes" if c.permitted else "no", c.volumes, c.reason)
            for c in view.constraints
        ],
    )
    _print_cycles(console, view.cycles)
    own = sorted(view.intents, key=lambda i: (*in_order(i.state, i.extent), i.intent))
    words = states_in_words(intent.state for intent in own)
    console.print(f"{count(len(own), 'intent')} of its own{': ' if words else ''}{words}")
    if own:
        drawn = table(("version",), _INTENT)
        for intent in own[:_MOST]:
            why = ", ".join((intent.because, *intent.constraints)).strip(", ")
            notes = [f"because: {why}"] if why else []
            if intent.alternatives is not None and intent.alternatives.offers:
                notes.append(count(len(intent.alternatives.offers), "alternative"))
            extent = intent.extent or intent.asked
            row = _intent_row(intent.intent, intent.state, intent.precedence, extent, notes)
            drawn.add_row(f"{intent.version}", *row)
        _end(drawn, len(own))
        console.print(drawn)
    if view.shared:
        console.print(f"shared by others: {count(len(view.shared), 'flight')}")
        drawn = table((), ("flight", "what is shared", "begins (UTC)", "ends (UTC)"))
        for one in view.shared[:_MOST]:
            whole = isinstance(one, SharedIntent)
            name = f"{one.party}/{one.intent}" if isinstance(one, SharedIntent) else one.handle
            extent = one.extent if isinstance(one, SharedIntent) else one.volumes
            said = f"the intent: {_what(extent)}" if whole else _what(extent)
            drawn.add_row(printable(name), said, *_times(extent))
        _end(drawn, len(view.shared))
        console.print(drawn)


_INTENT = ("intent", "state", "precedence", "begins (UTC)", "ends (UTC)", "what", "notes")


def _intent_row(
    id: str, state: IntentState, precedence: str, extent: Extent | None, notes: Sequence[str]
) -> Iterator[str]:
    yield from (printable(id), state.value, printable(precedence), *_times(extent))
    yield from (_what(extent), printable("; ".join(notes)))


def _print_constraints(
    console: Console, rows: list[tuple[str, int, str, str, tuple[Volume4D, ...], str]]
) -> None:
    if not rows:
        return
    words = ("constraint", "effect", "permitted", "begins (UTC)", "ends (UTC)", "reason")
    drawn = table(("version", "volumes"), words)
    for id, version, effect, permitted, volumes, reason in rows:
        starts, ends = [v.start for v in volumes], [v.end for v in volumes]
        first = clock(min(s for s in starts if s is not None)) if None not in starts else "always"
        last = clock(max(e for e in ends if e is not None)) if None not in ends else "for ever"
        drawn.add_row(
            f"{version}", f"{len(volumes):,}", printable(id), effect, printable(permitted),
            first, last, printable(reason),
        )  # fmt: skip
    console.print(drawn)


def _print_cycles(console: Console, cycles: Iterable[Cycle]) -> None:
    rows = list(cycles)
    if not rows:
        return
    drawn = table((), ("cycle", "begins (UTC)", "ends (UTC)", "cut-off (UTC)", "published (UTC)"))
    for one in rows:
        published = "" if one.published is None else clock(one.published)
        times = (clock(one.start), clock(one.end), clock(one.cutoff))
        drawn.add_row(printable(one.id), *times, published)
    console.print(drawn)


def in_order(state: IntentState, extent: Extent | None) -> tuple[int, datetime]:
    """Give what sorts intents: by state, and then by when they begin."""
    return _ORDER.index(state), _begin(extent)


def _begin(extent: Extent | None) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if not extent else span(extent)[0]


def _times(extent: Extent | None) -> tuple[str, str]:
    if not extent:
        return "", ""
    begin, end = span(extent)
    return clock(begin), clock(end)


def clock(time: datetime) -> str:
    """Write a time to the second, in UTC.

    >>> clock(datetime(2026, 7, 1, 12, tzinfo=UTC))
    '2026-07-01 12:00:00'
    """
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _what(extent: Extent | None) -> str:
    if isinstance(extent, Path4D):
        return count(len(extent.seconds), "fix", "fixes")
    return count(len(extent), "volume") if extent else ""


def _end(drawn: "Table", rows: int) -> None:
    if rows > _MOST:
        drawn.add_row(*[""] * (len(drawn.columns) - 1), f"{rows - _MOST:,} more: --json")


def _words(*words: Any) -> tuple[str, ...]:
    return tuple(printable(str(word)) for word in words)
