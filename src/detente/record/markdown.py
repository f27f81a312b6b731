"""Reports as Markdown (CommonMark); whatever a user wrote is escaped."""

import re
from collections.abc import Sequence

from detente.record.report import Kind, Line, Report
from detente.record.sections import HEADINGS, as_of, ledger, sections

__all__ = ["markdown_of"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+!|~&])")
_ITEM = re.compile(r"^(\d*)([-=.)])")
"""At the beginning of an item, what would begin another."""


def markdown_of(reports: Sequence[Report]) -> str:
    """Write reports, one after the other.

    Parameters
    ----------
    reports : of any events, in the order in which they are to stand.
    """
    return "\n".join(part for report in reports for part in _one(report))


def _one(report: Report) -> list[str]:
    title = f"# Event {_escaped(report.event)}: {report.standing.value}"
    parts = [title, "", _escaped(as_of(report)), ""]
    for kind, blocks in sections(report):
        if kind is not Kind.EVENT:
            parts += [f"## {HEADINGS[kind]}", ""]
        for question, lines in blocks:
            if question:
                parts += [f"### {_escaped(question)}", ""]
            parts += [_item(line) for line in lines]
            parts.append("")
    return parts


def _item(line: Line) -> str:
    return f"- {_escaped(line.text)}{ledger(line.entries)}"


def _escaped(text: str) -> str:
    """Escape what Markdown would take for its own (CommonMark 0.31, 2.4)."""
    plain = _SPECIAL.sub(r"\\\1", text)
    return _ITEM.sub(r"\1\\\2", plain)
