"""One self-contained page: its parts are inlined, and nothing else may run or load.

The parts of the pages stand in ``page/`` as plain HTML, CSS and JavaScript; they are put
together here, at the time of writing, with no build step.

What users gave (names, titles, identifiers) reaches a page in two ways only: as escaped HTML
text, and as JSON in a data block whose ``<``, ``>`` and ``&`` are escaped, so that it can end
no element. A content security policy lets run the page's own scripts, by their SHA-256, and
forbids every load (W3C, Content Security Policy Level 3, 2.3.1 and 6.1).
"""

import base64
import hashlib
import html
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from detente.errors import InputError

__all__ = ["MAP_SCRIPTS", "MAP_STYLES", "assemble", "write_page"]

MAP_STYLES = ("shell.css", "map.css", "panel.css")
MAP_SCRIPTS = (
    "shell.js",
    "columns.js",
    "traffic.js",
    "globe.js",
    "gestures.js",
    "land.js",
    "volumes.js",
    "tracks.js",
    "labels.js",
    "clock.js",
    "strip.js",
    "marks.js",
    "listing.js",
    "facts.js",
    "stage.js",
    "keys.js",
    "wiring.js",
)
"""What a page with a map over time is made of, beside its own parts."""

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def _part(folder: str, name: str) -> str:
    return files(__package__).joinpath(folder, name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _block(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: _UNSAFE[found[0]], text)


def assemble(
    *,
    title: str,
    body: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    data: Mapping[str, object],
) -> str:
    """Put a page together.

    Parameters
    ----------
    title : plain text; escaped here.
    body : the file in ``page/`` with the page's elements; a line ``{{> name}}`` stands for
        a part that several pages have.
    styles : files in ``page/``, in order.
    scripts : files in ``page/``, in order; they share one scope, after the vendored library
        ``geo``.
    data : what the scripts read with ``block(name)``; anything that JSON can hold.
    """
    style = "\n".join(_part("page", name) for name in styles)
    library = _part("vendor", "geo.min.js")
    script = '"use strict";\n(() => {\n' + "\n".join(_part("page", n) for n in scripts) + "\n})();"
    policy = (
        f"default-src 'none'; script-src '{_digest(library)}' '{_digest(script)}'; "
        f"style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    )
    blocks = "\n".join(
        f'<script type="application/json" id="data-{name}">{_block(value)}</script>'
        for name, value in data.items()
    )
    elements = re.sub(r"\{\{> (\S+)\}\}\n", lambda at: _part("page", at[1]), _part("page", body))
    parts = {
        "title": html.escape(title),
        "policy": policy,
        "style": style,
        "body": elements.replace("{{title}}", html.escape(title)),
        "data": blocks,
        "library": library,
        "script": script,
    }
    # One pass, so that what is put in is never searched for places to put more.
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _part("page", "shell.html"))


def write_page(text: str, path: str | os.PathLike[str]) -> None:
    """Write a page whole or not at all.

    Raises
    ------
    InputError : its folder is missing or cannot be written.
    """
    goal = Path(path)
    draft = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=goal.parent, delete=False
        ) as file:
            draft = Path(file.name)
            file.write(text)
        draft.chmod(0o644)
        draft.replace(goal)
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise InputError(
            f"cannot be written: {error.strerror}",
            file=str(goal),
            mend="name a file in a folder that exists and can be written",
        ) from error
