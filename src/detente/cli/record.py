"""``detente record``: events and statements; enter, grade and share them; STIX 2.1 in and out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from msgspec.structs import replace

from detente.cli.answers import write_json
from detente.cli.connection import HERE, Connection
from detente.cli.destination import check_destination
from detente.cli.text import count, printable
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.client import Client
    from detente.record.bundle import Imported
    from detente.record.entry import Entered, Said, Seen
    from detente.record.occurrence import Occurrence
    from detente.record.statement import Grade, Statement

__all__ = ["record"]

record = App(
    name="record",
    help="The record: events and statements; enter, grade and share them; STIX 2.1 in and out.",
    help_epilogue="Exit code: 0 all is well, 1 some could not be taken, 2 bad input or usage.",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)

_LEFT = 1
Who = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]


@record.command(name="list")
@record.default
def list_(*, json: bool = False, connection: Connection = HERE) -> None:
    """List the events and the statements that the token may see.

    Parameters
    ----------
    json
        Print JSON in place of the tables.
    """
    from detente.cli.knowledge import clock
    from detente.cli.screen import show, table

    with connection.open() as client:
        events = list(client.occurrences())
        said = list(client.statements())
    if json:
        write_json({"events": events, "statements": said})
        return
    drawn = table((), ("event", "place", "from", "what is said to have happened"))
    for event in events:
        facts = (event.event, event.place, clock(event.start), event.description)
        drawn.add_row(*map(printable, facts))
    voices = table((), ("statement", "about", "who", "does what", "question", "claim"))
    for one in said:
        s = one.statement
        about = f"{s.about.kind} {s.about.id}"
        words = (one.name, about, s.speaker.side, s.position.value, s.scope, s.claim)
        voices.add_row(*map(printable, words))
    show(lambda console: console.print(drawn))
    show(lambda console: console.print(voices))


@record.command
def enter(
    file: Path,
    /,
    *,
    public: bool = False,
    shared: Who = (),
    connection: Connection = HERE,
) -> None:
    """Put events and statements on record.

    The file is JSON: {"events": [...], "statements": [...]}, in the forms of
    docs/record.md. A party enters what it says itself; the authority, events,
    and what others said.

    Parameters
    ----------
    file
        The JSON.
    public
        All may see them.
    shared
        Else, these parties may, beside the authority.
    """
    events, statements = _read(file)
    with connection.open() as client:
        for event in events:
            client.enter_occurrence(event, public=public, shared=shared)
            print(f"event {printable(event.id)}: on record")
        for one in statements:
            told = client.enter_statement(one, public=public, shared=shared)
            print(f"statement {printable(told.name)}: on record")


@record.command
def grade(
    statement: str,
    grade: str,
    /,
    *,
    reason: str = "",
    connection: Connection = HERE,
) -> None:
    """Grade a statement by the Admiralty code. The authority's; nobody else is told.

    Parameters
    ----------
    statement
        Its name, BY/ID.
    grade
        The source's reliability A to F and the information's credibility 1 to 6, such as B2.
    reason
        In words; kept.
    """
    from detente.record.grade import grade_in_words

    given = _grade(grade, reason)
    with connection.open() as client:
        client.grade_statement(statement, given)
    print(f"{printable(statement)}: {grade_in_words(given)}")


@record.command
def share(
    statement: str, /, *, public: bool = False, shared: Who = (), connection: Connection = HERE
) -> None:
    """Let more see a statement of one's own.

    Parameters
    ----------
    statement
        Its identifier.
    public
        All may see it.
    shared
        These parties may.
    """
    with connection.open() as client:
        told = client.share_statement(statement, public=public, shared=shared)
    print(f"{printable(told.name)}: shared with {'all' if told.public else ', '.join(shared)}")


@record.command
def export(
    event: str,
    /,
    *,
    out: Annotated[Path, Parameter(name=("--out", "-o"))],
    ledger: str | None = None,
    connection: Connection = HERE,
) -> None:
    """Write an event, what was said of it and what was seen, as a STIX 2.1 bundle. The authority's.

    Parameters
    ----------
    event
        Its identifier.
    out
        The file to write: .json.
    ledger
        Read a ledger, a file or postgresql://..., in place of a service.
    """
    from detente.record.stix import bundle_of

    check_destination(out, "out", (".json",), ())
    if ledger is None:
        with connection.open() as client:
            entered, said, seen = _of_service(client, event)
        origin = connection.url
    else:
        entered, said, seen, origin = _in_ledger(ledger, event)
    out.write_bytes(bundle_of(entered, said, seen, origin=origin))
    print(f"written: {printable(str(out))}: {count(len(said), 'statement')}")


@record.command(name="import")
def import_(
    file: Path,
    /,
    *,
    event: str | None = None,
    onto: str | None = None,
    public: bool = False,
    shared: Who = (),
    connection: Connection = HERE,
) -> int:
    """Put on record what a STIX 2.1 bundle holds. The authority's.

    What is known already is left as it is; what is not understood is counted
    and named. Tracks and grades are read, and not entered: what others saw and
    how they grade is theirs.

    Parameters
    ----------
    file
        The bundle.
    event
        Only what is about this event.
    onto
        The event on record that another system's incidents are of. Without it,
        what is said of them is left.
    public
        All may see what is entered.
    shared
        Else, these parties may.
    """
    from detente.client import Problem
    from detente.record.bundle import Left, read_bundle

    try:
        found = read_bundle(file.read_bytes())
    except InputError as error:
        raise InputError(error.what, file=str(file), mend=error.mend) from None
    entered = known = 0
    astray: list[str] = []
    with connection.open() as client:
        for one in found.events:
            if event in (None, one.id):
                known += not _entered(client, one, public, shared)
        for said in _own(found, onto):
            if event not in (None, said.about.id):
                continue
            try:
                new = _entered(client, said, public, shared)
            except Problem as error:
                if error.field != "statement/about":
                    raise
                astray.append(said.id)
                continue
            entered, known = entered + new, known + (not new)
    if astray:
        why = "about what is not on record; --onto names the event of another system's incidents"
        found = replace(found, left=(*found.left, Left(why, len(astray), tuple(astray))))
    _print_import(found, entered, known)
    return _LEFT if found.left else 0


def _entered(
    client: "Client", what: "Occurrence | Statement", public: bool, shared: tuple[str, ...]
) -> bool:
    """Enter an event or a statement; tell whether it was not known already."""
    from detente.client import Problem
    from detente.record.occurrence import Occurrence

    try:
        if isinstance(what, Occurrence):
            client.enter_occurrence(what, public=public, shared=shared)
        else:
            client.enter_statement(what, public=public, shared=shared)
    except Problem as error:
        if error.code != "exists":
            raise
        return False
    return True


def _own(found: "Imported", onto: str | None = None) -> "list[Statement]":
    """Name statements as the authority's own, those that others are about before these.

    What is about an incident that the bundle has no event of is put ``onto`` one. What a party
    had entered elsewhere is quoted here: "A/x" there is "authority/A-x".
    """
    from detente.authority import AUTHORITY
    from detente.record.statement import SubjectKind

    events = {one.id for one in found.events}
    names = {
        f"{one.by}/{one.statement.id}": one.statement.id
        if one.by in ("", AUTHORITY)
        else f"{one.by}-{one.statement.id}"
        for one in found.statements
    }
    waiting = {
        f"{one.by}/{one.statement.id}": replace(
            one.statement, id=names[f"{one.by}/{one.statement.id}"]
        )
        for one in found.statements
    }
    ordered: list[Statement] = []
    while waiting:
        ready = [
            name
            for name, said in waiting.items()
            if said.about.kind is not SubjectKind.STATEMENT or said.about.id not in waiting
        ] or list(waiting)
        for name in ready:
            said = waiting.pop(name)
            if onto and said.about.kind is SubjectKind.EVENT and said.about.id not in events:
                said = replace(said, about=replace(said.about, id=onto))
            if said.about.kind is SubjectKind.STATEMENT and said.about.id in names:
                about = replace(said.about, id=f"{AUTHORITY}/{names[said.about.id]}")
                said = replace(said, about=about)
            ordered.append(said)
    return ordered


def _print_import(found: "Imported", entered: int, known: int) -> None:
    lines = [f"{count(entered, 'statement')} entered; {known} on record already"]
    if found.tracks:
        lines.append(f"{count(len(found.tracks), 'track')} read, and not entered")
    lines += [
        f"left: {left.count}: {printable(left.reason)}: {printable(', '.join(left.ids))}"
        for left in found.left
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _read(file: Path) -> "tuple[list[Occurrence], list[Statement]]":
    import msgspec

    from detente.record.occurrence import Occurrence
    from detente.record.statement import Statement

    class Page(msgspec.Struct, forbid_unknown_fields=True):
        events: list[Occurrence] = []
        statements: list[Statement] = []

    try:
        page = msgspec.json.decode(file.read_bytes(), type=Page)
    except msgspec.DecodeError as error:
        raise InputError(str(error), file=str(file), mend="docs/record.md has the forms") from None
    return page.events, page.statements


def _grade(text: str, reason: str) -> "Grade":
    from detente.record.grade import check_grade
    from detente.record.statement import Grade

    if len(text) != 2 or not text[1].isdigit():
        raise InputError(f"{text!r} is no grade", field="grade", mend="give one such as B2")
    given = Grade(text[0].upper(), int(text[1]), reason)
    check_grade(given)
    return given


def _of_service(client: "Client", event: str) -> "tuple[Entered, list[Said], list[Seen]]":
    entered = client.occurrence(event)
    return entered, list(client.every_statement()), list(client.tracks())


def _in_ledger(target: str, event: str) -> "tuple[Entered, list[Said], list[Seen], str]":
    from detente.cli.audit import reading
    from detente.cli.ledger import known_until
    from detente.cli.progress import progress
    from detente.ledger import Broken

    try:
        with reading(target) as opened, progress("reading") as tell:
            state, _ = known_until(opened, None, tell)
    except Broken as error:
        raise InputError(error.what, mend=error.mend) from error
    entered = state.occurrences.get(event)
    if entered is None:
        raise InputError(f"no event {event!r}", field="event", mend="see detente report")
    return (
        entered, list(state.statements.values()), list(state.tracks.values()), state.charter.name,
    )  # fmt: skip
