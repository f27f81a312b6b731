"""The parts of a report, as every writer lays them out."""

from collections.abc import Sequence

from detente.record.prose import timed
from detente.record.report import Kind, Line, Report

__all__ = ["HEADINGS", "as_of", "ledger", "sections"]

HEADINGS = {
    Kind.EVENT: "The event",
    Kind.SEEN: "What was seen and declared",
    Kind.SAID: "What each side says",
    Kind.DIFFER: "Where they differ",
    Kind.STANDS: "What stands, and why",
    Kind.UNKNOWN: "What is not known",
}

_BY_QUESTION = {Kind.SAID: "Of no question", Kind.STANDS: "How the authority grades it"}
"""The parts that go by question, and what the rest of each is called."""

Block = tuple[str, list[Line]]


def sections(report: Report) -> list[tuple[Kind, list[Block]]]:
    """Part a report: by kind, and where it helps by question ("" where it goes by none).

    Parameters
    ----------
    report : of an event.
    """
    questions = {one.scope: one.question or one.scope for one in report.standings.answers}
    parts: list[tuple[Kind, list[Block]]] = []
    for kind in Kind:
        lines = [line for line in report.lines if line.kind is kind]
        if not lines:
            continue
        if kind not in _BY_QUESTION:
            parts.append((kind, [("", lines)]))
            continue
        blocks = [
            (" ".join(question.split()), [line for line in lines if line.scope == scope])
            for scope, question in questions.items()
        ]
        rest = [line for line in lines if line.scope not in questions]
        parts.append((kind, [block for block in (*blocks, (_BY_QUESTION[kind], rest)) if block[1]]))
    return parts


def as_of(report: Report) -> str:
    """Say as of when a report is, and whether anything in it is made up."""
    when = f"As of {timed(report.at)}. " if report.at is not None else ""
    entry = f"As of entry {report.position} of the ledger. " if report.position else ""
    made = "Holds synthetic parts; they are labelled. " if report.synthetic else ""
    return (
        f"{when}{entry}{made}The event stands as its first question does: {report.standing.value}. "
        "Whatever a side claims is its claim."
    )


def ledger(entries: Sequence[int]) -> str:
    """Name entries of the ledger, in brackets; runs are written as one. Nothing for none.

    >>> ledger((1, 2, 3, 7))
    ' (ledger 1-3, 7)'
    """
    runs: list[list[int]] = []
    for entry in entries:
        if runs and entry == runs[-1][1] + 1:
            runs[-1][1] = entry
        else:
            runs.append([entry, entry])
    named = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)
    return f" (ledger {named})" if named else ""
