"""One call, before it is sent: the same whether somebody waits for it or awaits it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
import msgspec

from detente.client.problem import ClientError
from detente.errors import InputError

__all__ = ["Call", "Listing", "aware", "path_to", "read", "write"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and what is expected in answer.

    Parameters
    ----------
    method, path : of HTTP; the path begins with /v1.
    form : the type that the answer is decoded to.
    query : what has a value.
    body : JSON; b"" for none.
    version : what is changed must have it.
    key : the same for every try; "" for what only reads.
    """

    method: str
    path: str
    form: Any
    query: Mapping[str, str]
    body: bytes = b""
    version: int | None = None
    key: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every try."""
        told = {"Accept": "application/json"}
        if self.body:
            told["Content-Type"] = "application/json"
        if self.version is not None:
            told["If-Match"] = f'"{self.version}"'
        if self.key:
            told["Idempotency-Key"] = self.key
        return told

    def decode(self, answer: httpx.Response) -> T:
        """Read the answer.

        Raises
        ------
        ClientError : it is not what this version of the client knows.
        """
        try:
            found: T = _decoder(self.form).decode(answer.content or b"null")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ClientError(
                f"{self.method} {self.path}: an answer that cannot be read: {error}"
            ) from error
        return found


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list that comes a page at a time.

    Parameters
    ----------
    first : asks for the first page.
    items : those of a page.
    next : the query of the page after, or None at the end.
    """

    first: Call[Any]
    items: Callable[[Any], list[T]]
    next: Callable[[Any], Mapping[str, str] | None]

    def after(self, page: Any) -> Call[Any] | None:
        """Ask for the page after one."""
        more = self.next(page)
        return None if more is None else replace(self.first, query={**self.first.query, **more})


def read(form: type[T], path: str, **query: object) -> Call[T]:
    """Make a call that changes nothing; what is None in its query is left out."""
    return Call("GET", path, form, _query(query))


def write(
    form: type[T],
    method: str,
    path: str,
    body: object = None,
    *,
    key: str | None,
    version: int | None = None,
) -> Call[T]:
    """Make a call that changes something, under a key of its own where none is given."""
    told = b"" if body is None else msgspec.json.encode(body)
    return Call(method, path, form, {}, told, version, str(uuid4()) if key is None else key)


def path_to(*parts: str) -> str:
    """Put a path together; identifiers stand alone between the slashes.

    Raises
    ------
    InputError : an identifier that is empty, or could lead elsewhere.

    >>> path_to("intents", "A 1", "activate")
    '/v1/intents/A%201/activate'
    """
    for part in parts:
        if part in ("", ".", "..") or "/" in part:
            raise InputError(f"{part!r} cannot be an identifier", mend="give one without /")
    return "/".join(["/v1", *(quote(part, safe="") for part in parts)])


def aware(time: datetime, field: str) -> datetime:
    """Give a time in UTC.

    Raises
    ------
    InputError : it is naive.
    """
    if time.tzinfo is None:
        raise InputError(
            f"the naive time {time.isoformat()}", field=field, mend="give it an offset, such as Z"
        )
    return time.astimezone(UTC)


def _query(given: Mapping[str, object]) -> dict[str, str]:
    told = {}
    for name, value in given.items():
        if isinstance(value, datetime):
            told[name] = aware(value, name).isoformat()
        elif isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"{value} is no number", field=name, mend="leave it out instead")
        elif isinstance(value, tuple):
            told[name] = ",".join(map(repr, value))
        elif value is not None:
            told[name] = str(value)
    return told


@lru_cache(maxsize=64)
def _decoder(form: Any) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(form)
