"""The console: the page that the authority and the parties look at, as files of this service.

It is built from ``console/`` at the project's top into ``detente/console/``. Anybody may have its
files: they hold nothing of the airspace, which the page reads with its user's token.
"""

from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final

from litestar import Controller, MediaType, Request, Response, get
from msgspec import Struct

from detente.api.problem import ProblemError
from detente.api.sheet import POLICY as SHEET
from detente.api.sheet import sheet
from detente.api.tokens import PUBLIC

__all__ = ["POLICY", "ConsoleController", "is_built"]

_FOLDER: Final = Path(__file__).parents[1] / "console"

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data: blob:; worker-src 'self'; font-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the console may do in a browser: ask this service, and nobody else."""

_CODINGS: Final = {"br": ".br", "gzip": ".gz"}
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"

_MISSING: Final = """<h1>The console is not built</h1>
<p>The service runs; its page is missing. Wheels of Detente have it inside. In a copy of the
sources it is built with</p>
<pre>make console</pre>
<p>which needs npm's registry once. Node is taken from the system, 20.19 or later, else from a
package of Python's. <a href="/docs">The description of the service</a></p>"""


class File(Struct, frozen=True):
    """One file of the console: as it is, and compressed, the smallest first."""

    body: bytes
    coded: dict[str, bytes]
    media_type: str


class ConsoleController(Controller):
    """``/`` and ``/console/``, for browsers."""

    path = "/"
    opt = {PUBLIC: True}  # noqa: RUF012
    include_in_schema = False

    @get("/")
    async def root(self) -> Response[bytes]:
        """Lead to the console."""
        return Response(b"", status_code=307, headers={"Location": "/console/"})

    @get("/console")
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Give the page itself; the same with a slash at its end."""
        if not is_built():
            return Response(
                sheet("The console is not built", _MISSING), media_type=MediaType.HTML,
                headers={"Content-Security-Policy": SHEET},
            )  # fmt: skip
        return _given(request, "index.html")

    @get("/console/{name:path}")
    async def file(self, request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        """Give one of the page's files."""
        return _given(request, name.lstrip("/"))


def is_built() -> bool:
    """Tell whether there is a console to give."""
    return _built_at() > 0


def _given(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    file = _files(_built_at()).get(name)
    if file is None:
        raise ProblemError("unknown", "no such file of the console")
    headers = {
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": _FOREVER if name.startswith("assets/") else _ASK_AGAIN,
        "Vary": "Accept-Encoding",
    }
    taken = {each.partition(";")[0].strip() for each in _accepted(request).split(",")}
    for coding, body in file.coded.items():
        if coding in taken:
            headers["Content-Encoding"] = coding
            return Response(body, media_type=file.media_type, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)


def _accepted(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("accept-encoding", "")


def _built_at() -> int:
    """Say when the console was built; 0 where it was not."""
    try:
        return (_FOLDER / "index.html").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _files(built_at: int) -> dict[str, File]:
    """Read all files of the console, once after each time that it was built."""
    if not built_at:
        return {}
    paths = {p.relative_to(_FOLDER).as_posix(): p for p in _FOLDER.rglob("*") if p.is_file()}
    return {
        name: File(
            path.read_bytes(),
            {coding: paths[name + end].read_bytes() for coding, end in _CODINGS.items()
             if name + end in paths},
            _media_type(name),
        )
        for name, path in paths.items()
        if path.suffix not in _CODINGS.values() and not path.name.startswith(".")
    }  # fmt: skip


def _media_type(name: str) -> str:
    kind = guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
