"""Reports as one HTML page: self-contained, no script, for screen and paper, light and dark."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from detente.record.report import Line, Report
from detente.record.sections import HEADINGS, as_of, ledger, sections

__all__ = ["html_of"]

_STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1c252c; --soft: #586670; --ground: #ffffff; --line: #dde3e7; --accent: #0b5f99;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e9ed; --soft: #9aa8b2; --ground: #141b21; --line: #2a353e; --accent: #6db8ea; }
}
body {
  background: var(--ground);
  color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  margin: 0 auto;
  max-width: 46rem;
  padding: 1.5rem 1.25rem 4rem;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.45rem; line-height: 1.25; margin: 1.5rem 0 0.25rem; }
h2 {
  font-size: 1.1rem;
  border-bottom: 1px solid var(--line);
  padding-bottom: 0.25rem;
  margin: 2rem 0 0.5rem;
}
h3 { font-size: 1rem; margin: 1.25rem 0 0.25rem; }
.stands {
  border: 1px solid var(--accent);
  border-radius: 1rem;
  color: var(--accent);
  font-size: 1rem;
  padding: 0.1rem 0.7rem;
  white-space: nowrap;
}
.as-of, .entries { color: var(--soft); }
.entries { font-size: 0.85em; font-variant-numeric: tabular-nums; }
ul { margin: 0; padding-left: 1.1rem; }
li { margin: 0.35rem 0; }
@media print {
  :root { --ink: #000000; --soft: #444444; --ground: #ffffff; --accent: #000000; }
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  article + article { break-before: page; }
  h2, h3 { break-after: avoid; }
  li { break-inside: avoid; }
}
"""


def html_of(reports: Sequence[Report]) -> str:
    """Write reports as one page that loads nothing.

    Parameters
    ----------
    reports : of any events, in the order in which they are to stand.
    """
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = ", ".join(report.event for report in reports) or "no event"
    body = "\n".join(_one(k, report) for k, report in enumerate(reports))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Report: {escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _one(number: int, report: Report) -> str:
    heading = f"event-{number}"
    parts = [
        f'<article aria-labelledby="{heading}">',
        f'<h1 id="{heading}">Event {escape(report.event)} '
        f'<span class="stands">{report.standing.value}</span></h1>',
        f'<p class="as-of">{escape(as_of(report))}</p>',
    ]
    for kind, blocks in sections(report):
        label = f"{heading}-{kind.value}"
        parts.append(f'<section aria-labelledby="{label}">')
        parts.append(f'<h2 id="{label}">{HEADINGS[kind]}</h2>')
        for question, lines in blocks:
            if question:
                parts.append(f"<h3>{escape(question)}</h3>")
            parts += ["<ul>", *(_item(line) for line in lines), "</ul>"]
        parts.append("</section>")
    return "\n".join([*parts, "</article>"])


def _item(line: Line) -> str:
    return f'<li>{escape(line.text)}<span class="entries">{ledger(line.entries)}</span></li>'
