"""``detente ledger``: is it whole, what was known when, and a copy for others to read."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, Parameter

from detente.cli.destination import check_destination
from detente.cli.progress import progress
from detente.cli.text import count, moment, printable
from detente.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from detente.authority import State
    from detente.cli.audit import Audit
    from detente.ledger import Broken, Head, Ledger

__all__ = ["known_until", "ledger", "print_audit"]

ledger = App(
    name="ledger",
    help="The ledger: is it whole, what was known when, and a copy for others to read.",
    help_epilogue="Exit code: 0 nothing found, 1 something is wrong in it, 2 bad input or usage.",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)

_FOUND = 1
_MOST = 20


@ledger.command
def verify(ledger: str, /, *, expect: str | None = None) -> int:
    """Check a ledger: its chain, what its entries say, and the rule at its end.

    The rule: no two accepted intents of different parties conflict, nor
    one with a constraint in force, except where the authority overrode.
    Keep the head that this prints somewhere else: against it, a later run
    finds a ledger that was rebuilt as a whole, or whose end was cut off.

    Parameters
    ----------
    ledger
        A file, or postgresql://...
    expect
        The chain must pass through this head, noted earlier: POSITION:HASH.
    """
    from detente.cli.audit import audit, reading
    from detente.ledger import Broken

    noted = None if expect is None else _noted(expect)
    try:
        with reading(ledger) as opened, progress("verifying") as tell:
            found = audit(opened, noted=noted, progress=tell)
    except Broken as error:
        return _wrong(ledger, error)
    print_audit(_name(ledger), found)
    return _FOUND if found.conflicts else 0


def print_audit(name: str, found: "Audit") -> None:
    """Print what an audit came to."""
    from detente.cli.knowledge import states_in_words

    entries, events = count(found.head[0], "entry", "entries"), count(found.events, "event")
    lines = [f"{printable(name)}: {entries} with {events}; the chain holds"]
    # as --expect takes it
    lines.append(f"head: {found.head[0]}:{found.head[1].hex()}")
    state = found.state
    lines.append(count(len(state.parties), "party", "parties"))
    words = states_in_words(intent.state for intent in state.intents.values())
    lines.append(count(len(state.intents), "intent") + (f": {words}" if words else ""))
    overridden = {frozenset((i.name, other)) for i in state.intents.values() for other in i.despite}
    if overridden:
        lines.append(f"overridden by the authority: {count(len(overridden), 'pair')}")
    pairs = {(c.a, c.b): c for c in reversed(found.conflicts)}
    if pairs:
        lines.append(f"the rule is broken: {count(len(pairs), 'pair')}")
        shown = sorted(pairs.values(), key=lambda c: (c.entry, c.a, c.b))
        lines += [f"  {_between(c.a, c.b, c.entry)}" for c in shown[:_MOST]]
        lines += [f"  and {len(pairs) - _MOST:,} more"] if len(pairs) > _MOST else []
    else:
        lines.append("the rule holds")
    sys.stdout.write("".join(f"{line}\n" for line in lines))


@ledger.command
def show(ledger: str, /, *, at: str | None = None, party: str | None = None,
         json: bool = False) -> int:  # fmt: skip
    """Show what was known: by the authority, or by one party.

    Parameters
    ----------
    ledger
        A file, or postgresql://...
    at
        When: the entries before the first that is later count. By default, all do.
    party
        What this party could see, and nothing else.
    json
        Print one JSON object in place of the tables.
    """
    from detente.authority import view
    from detente.cli.audit import reading
    from detente.cli.knowledge import json_of_state, json_of_view, print_state, print_view
    from detente.cli.screen import show as draw
    from detente.ledger import Broken

    time = None if at is None else moment(at, "at")
    try:
        with reading(ledger) as opened, progress("reading") as tell:
            state, head = known_until(opened, time, tell)
    except Broken as error:
        return _wrong(ledger, error)
    where = printable(_name(ledger)) + ("" if at is None else f", as of {printable(at)}")
    if party is None:
        if json:
            sys.stdout.write(json_of_state(state, head).decode() + "\n")
            return 0
        # only the authority is told how much was written
        sys.stdout.write(f"{where}: {count(head[0], 'entry', 'entries')}\n")
        draw(lambda console: print_state(console, state))
        return 0
    if party not in state.parties:
        raise InputError(
            f"no party {party!r}" + ("" if at is None else f" as of {at}"),
            file=_name(ledger),
            field="party",
            mend="leave it out to see who there is",
        )
    known = view(state, party)
    if json:
        sys.stdout.write(json_of_view(known).decode() + "\n")
        return 0
    sys.stdout.write(f"{where}, as {printable(party)} sees it\n")
    draw(lambda console: print_view(console, known))
    return 0


@ledger.command
def export(ledger: str, /, *, out: Path) -> int:
    """Copy a ledger to a file that others can read: a line or a row for each entry.

    Parameters
    ----------
    ledger
        A file, or postgresql://...
    out
        The file to write: .jsonl or .parquet (docs/ledger.md).
    """
    check_destination(out, "out", (".jsonl", ".parquet"), (_file(ledger),))
    from detente.cli.audit import reading
    from detente.ledger import Broken
    from detente.ledger.export import export_ledger

    try:
        with reading(ledger) as opened, progress("writing") as tell:
            written = export_ledger(opened, out, progress=tell)
    except Broken as error:
        return _wrong(ledger, error)
    print(f"written: {printable(str(out))}: {count(written, 'entry', 'entries')}")
    return 0


def known_until(
    ledger: "Ledger", time: "datetime | None", tell: "Callable[[int, int], None] | None"
) -> "tuple[State, Head]":
    """Fold what was written until a time."""
    from detente.authority import State
    from detente.cli.audit import fold_in, outcome_in
    from detente.ledger import START

    state, head = State(), START
    total = ledger.head()[0]
    for entry in ledger.read():
        outcome = outcome_in(entry)
        if time is not None and outcome.at > time:
            break
        fold_in(state, entry, outcome)
        head = entry[:2]
        if tell is not None and entry.position % 1024 == 0:
            tell(entry.position, total)
    return state, head


def _wrong(target: str, error: "Broken") -> int:
    """Say what is wrong in a ledger, and where."""
    sys.stdout.write(f"{printable(_name(target))}: {printable(error.what)}\n{error.mend}\n")
    return _FOUND


def _noted(text: str) -> "Head":
    position, _, digest = text.partition(":")
    try:
        noted = int(position), bytes.fromhex(digest)
    except ValueError:
        noted = 0, b""
    if noted[0] < 1 or len(noted[1]) != 32:
        raise InputError(
            f"{text!r} is no head", field="expect",
            mend="give POSITION:HASH, as verify printed it",
        )  # fmt: skip
    return noted


def _file(target: str) -> Path | None:
    return None if "://" in target else Path(target)


def _name(target: str) -> str:
    """Name a ledger without the password that a URL may hold."""
    if "://" not in target:
        return target
    from detente.ledger.session import Target

    return Target.parse(target).name


def _between(a: str, b: str, entry: int) -> str:
    from detente.cli.text import instant

    return f"{printable(a)} and {printable(b)} from {instant(entry, digits=0)}"
