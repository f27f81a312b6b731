"""Lists that come a page at a time, by the cursor that the service gives."""

from typing import Any, TypeVar

from detente.client.call import Listing, read
from detente.client.forms import Page

__all__ = ["Box", "pages"]

T = TypeVar("T")

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west above east where it crosses the antimeridian."""


def pages(form: type[Page[T]], path: str, **query: object) -> Listing[T]:
    """Ask for a list, page after page."""

    def following(page: Page[Any]) -> dict[str, str] | None:
        return None if page.next is None else {"cursor": page.next}

    return Listing(read(form, path, **query), lambda page: page.items, following)
