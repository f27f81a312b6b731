"""A sheet of HTML that needs nothing from elsewhere: no script, no font, no picture."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

__all__ = ["POLICY", "sheet"]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --ink: #1464ac; }
@media (prefers-color-scheme: dark) { :root { --ink: #7db8f0; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
a { color: var(--ink); }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); padding: .75rem; border-radius: 4px; overflow-x: auto; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
details { border: 1px solid var(--line); border-radius: 4px; }
details { margin: .5rem 0; padding: .4rem .75rem; }
summary { cursor: pointer; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
th, td { border-bottom: 1px solid var(--line); }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600; color: var(--ink); }
.note { opacity: .75; }
"""

_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()

POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a browser may do with a sheet: show it (Content-Security-Policy)."""


def sheet(title: str, body: str) -> bytes:
    """Write a sheet.

    Parameters
    ----------
    title : plain text.
    body : HTML; whoever made it has escaped what is in it.
    """
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    ).encode()
