"""``detente report``: what is on record of an event, and what stands."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from detente.cli.connection import HERE, Connection
from detente.cli.destination import check_destination
from detente.cli.progress import progress
from detente.cli.text import moment
from detente.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from detente.record.report import Report

__all__ = ["report"]

Format = Literal["md", "html", "json"]

_ENDINGS = {"md": ".md", "html": ".html", "json": ".json"}


def report(
    *,
    event: str | None = None,
    at: str | None = None,
    format: Format | None = None,
    ledger: str | None = None,
    party: str | None = None,
    out: Annotated[Path | None, Parameter(name=("--out", "-o"))] = None,
    connection: Connection = HERE,
) -> None:
    """Report on events: what was seen, who says what, where they differ, and what stands.

    No side's claim is printed as a fact, and each line names the entries of
    the ledger that it rests on. With --ledger it is read from there, by the
    authority; else a service is asked, and answers what the token may see.

    Parameters
    ----------
    event
        Its identifier. By default, all.
    at
        As it was known at this time, such as 2014-12-04T12:00:00Z.
    format
        Markdown, a page, or JSON. By default as --out ends, else Markdown.
    ledger
        A file, or postgresql://...
    party
        With --ledger: what this party could see, and nothing else.
    out
        The file to write; by default it is printed.
    """
    check_destination(out, "out", tuple(_ENDINGS.values()), ())
    time = None if at is None else moment(at, "at")
    if ledger is not None:
        found = _in_ledger(ledger, event, time, party)
    elif party is not None:
        raise InputError("--party without --ledger", field="party",
                         mend="ask the service with the party's own token")  # fmt: skip
    else:
        found = _of_service(connection, event, time)
    if event is not None and not found:
        raise InputError(f"no event {event!r}", field="event", mend="leave it out to see all")
    form = format or _format_of(out)
    if not found and form != "json":
        print("no event is on record" + (f" as of {at}" if at is not None else ""))
        return
    body = _written(found, form)
    if out is None:
        sys.stdout.write(body)
    else:
        out.write_text(body, encoding="utf-8")
        print(f"written: {out}")


def _in_ledger(
    target: str, event: str | None, time: "datetime | None", party: str | None
) -> "list[Report]":
    from detente.authority import AUTHORITY, reports
    from detente.cli.audit import reading
    from detente.cli.ledger import known_until
    from detente.ledger import Broken

    try:
        with reading(target) as opened, progress("reading") as tell:
            state, _ = known_until(opened, time, tell)
    except Broken as error:
        raise InputError(error.what, mend=error.mend) from error
    if party is not None and party not in state.parties:
        raise InputError(f"no party {party!r}", field="party", mend="see detente ledger show")
    return reports(state, party or AUTHORITY, event, time)


def _of_service(
    connection: Connection, event: str | None, time: "datetime | None"
) -> "list[Report]":
    from detente.client.problem import NotFound

    with connection.open() as client:
        if event is not None:
            return [client.report(event, at=time)]
        found = []
        for told in client.occurrences():
            with suppress(NotFound):  # it was not on record yet, at that time
                found.append(client.report(told.event, at=time))
        return found


def _format_of(out: Path | None) -> Format:
    ending = "" if out is None else out.suffix.lower()
    known: dict[str, Format] = {".md": "md", ".html": "html", ".json": "json"}
    return known.get(ending, "md")


def _written(reports: "list[Report]", format: Format) -> str:
    if format == "json":
        import msgspec

        body = msgspec.json.encode(reports, order="deterministic")
        return msgspec.json.format(body, indent=2).decode() + "\n"
    if format == "html":
        from detente.record.html import html_of

        return html_of(reports)
    from detente.record.markdown import markdown_of

    return markdown_of(reports)
