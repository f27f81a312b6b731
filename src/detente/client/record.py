"""The record: events and statements, as far as the caller may see them."""

from collections.abc import Iterable
from datetime import datetime

from detente.authority.notice import ToldOccurrence, ToldStatement
from detente.authority.outcome import Outcome
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.forms import Page
from detente.client.listing import pages
from detente.errors import InputError
from detente.record.entry import Entered, Said
from detente.record.occurrence import Occurrence
from detente.record.report import Report
from detente.record.statement import Grade, Statement

__all__ = [
    "amend_occurrence",
    "enter_occurrence",
    "enter_statement",
    "every_occurrence",
    "every_statement",
    "grade_statement",
    "occurrence",
    "occurrences",
    "report",
    "share_statement",
    "statements",
]


def occurrences(*, page: int | None = None) -> Listing[ToldOccurrence]:
    """Go through the events of the record that the caller may see, by identifier."""
    return pages(Page[ToldOccurrence], path_to("occurrences"), limit=page)


def every_occurrence(*, page: int | None = None) -> Listing[Entered]:
    """Go through all events of the record, whole; the authority's."""
    return pages(Page[Entered], path_to("airspace", "occurrences"), limit=page)


def occurrence(event: str) -> Call[Entered]:
    """Give one event of the record, whole; the authority's."""
    return read(Entered, path_to("airspace", "occurrences", event))


def enter_occurrence(
    occurrence: Occurrence,
    *,
    public: bool = False,
    shared: Iterable[str] = (),
    key: str | None = None,
) -> Call[Outcome]:
    """Open the record of an event; the authority's.

    Parameters
    ----------
    public : all may see it. shared : else, these parties may; its tracks and intents nobody.
    """
    return _occurrence(occurrence, public, shared, key, None)


def amend_occurrence(
    occurrence: Occurrence,
    version: int,
    *,
    public: bool = False,
    shared: Iterable[str] = (),
    key: str | None = None,
) -> Call[Outcome]:
    """Enter an event anew, in place of a version; more may see it than before, never fewer."""
    return _occurrence(occurrence, public, shared, key, version)


def report(event: str, *, at: datetime | None = None) -> Call[Report]:
    """Report on an event, of what the caller may see; as it was known at a time, else now."""
    return read(Report, path_to("occurrences", event, "report"), at=at)


def statements(*, about: str | None = None, page: int | None = None) -> Listing[ToldStatement]:
    """Go through the statements that the caller may see, by name; ``about`` one subject."""
    return pages(Page[ToldStatement], path_to("statements"), about=about, limit=page)


def every_statement(*, about: str | None = None, page: int | None = None) -> Listing[Said]:
    """Go through all statements, with their grades; the authority's."""
    return pages(Page[Said], path_to("airspace", "statements"), about=about, limit=page)


def enter_statement(
    statement: Statement,
    *,
    public: bool = False,
    shared: Iterable[str] = (),
    key: str | None = None,
) -> Call[ToldStatement]:
    """Put on record what was said: a party speaks for itself, the authority quotes.

    Parameters
    ----------
    public : all may see it. shared : else, these parties may, beside the authority.
    """
    body = {"statement": statement, "public": public, "shared": list(shared)}
    return write(ToldStatement, "PUT", path_to("statements", statement.id), body, key=key)


def share_statement(
    statement: str,
    *,
    public: bool = False,
    shared: Iterable[str] = (),
    key: str | None = None,
) -> Call[ToldStatement]:
    """Let more see a statement of one's own, by its identifier."""
    body = {"public": public, "shared": list(shared)}
    return write(ToldStatement, "POST", path_to("statements", statement, "share"), body, key=key)


def grade_statement(name: str, grade: Grade, *, key: str | None = None) -> Call[Outcome]:
    """Grade a statement by the Admiralty code; the authority's.

    Parameters
    ----------
    name : "by/id".
    """
    by, cut, id = name.partition("/")
    if not cut:
        raise InputError(f"{name!r} names nobody", field="statement", mend="write BY/ID")
    path = path_to("airspace", "statements", by, id, "grade")
    return write(Outcome, "PUT", path, grade, key=key)


def _occurrence(
    occurrence: Occurrence,
    public: bool,
    shared: Iterable[str],
    key: str | None,
    version: int | None,
) -> Call[Outcome]:
    body = {"occurrence": occurrence, "public": public, "shared": list(shared)}
    path = path_to("occurrences", occurrence.id)
    return write(Outcome, "PUT", path, body, key=key, version=version)
