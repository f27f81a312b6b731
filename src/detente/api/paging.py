"""Lists, a page at a time: an opaque cursor says where the next begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Generic, TypeVar

from litestar.params import QueryParameter
from msgspec import Struct

from detente.api.problem import ProblemError

__all__ = ["Cursor", "Limit", "Page", "page", "start_of"]

T = TypeVar("T")

Cursor = Annotated[
    str | None, QueryParameter(name="cursor", description="`next` of the page before.")
]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=1000)]


class Page(Struct, Generic[T], frozen=True):
    """Some of a list; ``next`` is the cursor of what follows, None at the end."""

    items: list[T]
    next: str | None = None


def start_of(cursor: str | None) -> str:
    """Give the identifier after which a page begins.

    Raises
    ------
    ProblemError : a cursor that was not given out.
    """
    if cursor is None:
        return ""
    try:
        return urlsafe_b64decode(cursor.encode("ascii") + b"==").decode()
    except (Error, UnicodeError, ValueError):
        raise ProblemError(
            "invalid", "no such cursor", field="cursor", mend="leave it out to begin anew"
        ) from None


def page(rows: Iterable[tuple[str, T]], limit: int) -> Page[T]:
    """Take a page from rows that follow the cursor, in the order of their identifiers."""
    taken = list(islice(rows, limit + 1))
    more = taken[limit - 1][0] if len(taken) > limit else None
    following = urlsafe_b64encode(more.encode()).decode().rstrip("=") if more is not None else None
    return Page([row for _, row in taken[:limit]], following)
