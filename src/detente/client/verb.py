"""Verbs: a function that makes a call, as a method of a client of either kind.

The verbs are written once. ``Client`` answers one when it is called; with ``AsyncClient`` the same
verb is awaited. A list is iterated over, with ``for`` or ``async for``.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from detente.client.call import Call, Listing
from detente.client.stream import Subscription

if TYPE_CHECKING:
    from detente.client.client import AsyncClient, Client

__all__ = ["Each", "Follow", "Verb"]

P = ParamSpec("P")
T = TypeVar("T")


class _Method:
    """Shows a function's own documentation where the client's is asked for."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self.make = make
        self.__wrapped__ = make
        self.__name__, self.__doc__ = make.__name__, make.__doc__


class Verb(_Method, Generic[P, T]):
    """A call that has one answer."""

    def __init__(self, make: Callable[P, Call[T]]) -> None:
        super().__init__(make)

    @overload
    def __get__(self, client: None, owner: type) -> "Verb[P, T]": ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, client: "AsyncClient", owner: type
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        """Give it to a client."""
        return self if client is None else _bound(self.make, client.ask)


class Each(_Method, Generic[P, T]):
    """A list, whose pages come as they are needed."""

    def __init__(self, make: Callable[P, Listing[T]]) -> None:
        super().__init__(make)

    @overload
    def __get__(self, client: None, owner: type) -> "Each[P, T]": ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        """Give it to a client."""
        return self if client is None else _bound(self.make, client.each)


class Follow(_Method, Generic[P, T]):
    """A stream of events, without end."""

    def __init__(self, make: Callable[P, Subscription[T]]) -> None:
        super().__init__(make)

    @overload
    def __get__(self, client: None, owner: type) -> "Follow[P, T]": ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        """Give it to a client."""
        return self if client is None else _bound(self.make, client.follow)


def _bound(make: Callable[..., Any], then: Callable[[Any], Any]) -> Callable[..., Any]:
    def method(*args: Any, **named: Any) -> Any:
        return then(make(*args, **named))

    method.__name__, method.__doc__ = make.__name__, make.__doc__
    method.__wrapped__ = make  # type: ignore[attr-defined]
    return method
