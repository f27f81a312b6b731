"""Event streams: bytes become events, and a stream that was cut off is taken up where it was.

Source: WHATWG HTML, 9.2 (server-sent events), 9.2.6 for how a stream is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import httpx

from detente.client.problem import ClientError, problem_in
from detente.client.retry import Patience, is_passing, unreached

__all__ = ["Following", "Reader", "Subscription"]

T = TypeVar("T")

_LARGEST: Final = 64_000_000
_AGAIN: Final = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Subscription(Generic[T]):
    """What is to be followed.

    Parameters
    ----------
    path : of the stream.
    decode : given an event's number and its data, makes what is handed out.
    after : the number of the last event that is there; None to begin with what comes now.
    """

    path: str
    decode: Callable[[int, bytes], T]
    after: int | None


class Reader:
    """Puts lines together out of pieces, and events out of lines.

    Attributes
    ----------
    last : the id of the last event; "" before the first.
    retry : seconds to wait before coming back, where the service said so.
    """

    def __init__(self) -> None:
        self.last = ""
        self.retry: float | None = None
        self._held = b""
        self._id = ""
        self._data: list[bytes] = []
        self._size = 0

    def read(self, piece: bytes) -> Iterator[tuple[str, bytes]]:
        """Give the id and the data of each event that is whole now.

        Raises
        ------
        ClientError : an event that has no end.
        """
        # a line ends with CR, LF or both; a CR at the end may be half of both
        whole = self._held + piece
        cut = max(whole.rfind(b"\n"), whole.rfind(b"\r", 0, len(whole) - 1)) + 1
        self._held = whole[cut:]
        self._size += len(piece)
        for line in whole[:cut].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:-1]:
            if line:
                self._field(line)
                continue
            self._size = len(self._held)
            self.last = self._id
            data, self._data = b"\n".join(self._data), []
            if data:
                yield self.last, data
        if self._size > _LARGEST:
            raise ClientError(f"an event of more than {_LARGEST} bytes")

    def broken(self) -> None:
        """Forget what was not whole when the stream broke."""
        self._held, self._data, self._size = b"", [], 0
        self._id = self.last

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit():
            self.retry = int(value[:9]) / 1000


class Following(Generic[T]):
    """One stream, over as many connections as it takes.

    Whoever sends opens a connection with ``query`` and ``headers``, shows it to ``opened``, hands
    its pieces to ``read``, tells ``broken`` about a fault, and waits for ``pause`` seconds.

    Parameters
    ----------
    subscription : what is followed.
    patience : how long the service may be out of reach before that is an error.
    now : seconds that only go forward.
    """

    def __init__(
        self, subscription: Subscription[T], patience: Patience, now: Callable[[], float]
    ) -> None:
        self.path = subscription.path
        self._decode = subscription.decode
        self._after = subscription.after
        self._patience = patience
        self._now = now
        self._reader = Reader()
        self._number = -1 if subscription.after is None else subscription.after
        self._tries = 0
        self._since: float | None = None
        self._least: float | None = None

    @property
    def query(self) -> dict[str, str]:
        """Where to begin, before anything came."""
        fresh = self._after is not None and not self._reader.last
        return {"after": str(self._after)} if fresh else {}

    @property
    def headers(self) -> dict[str, str]:
        """Where to go on."""
        told = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        return told | ({"Last-Event-ID": self._reader.last} if self._reader.last else {})

    def opened(self, answer: httpx.Response) -> bool:
        """Tell whether events come; if not, whether to come back is for ``pause`` to say.

        Raises
        ------
        Problem : the service's answer, which will not be another one later.
        """
        if answer.status_code == 200:
            return True
        problem = problem_in(answer)
        if answer.status_code not in _AGAIN or self._too_long():
            raise problem
        self._least = problem.retry_after
        return False

    def read(self, piece: bytes) -> Iterator[T]:
        """Give the events that are whole now, each once."""
        self._tries, self._since, self._least = 0, None, None
        for id, data in self._reader.read(piece):
            if not id.isdecimal():
                continue
            number = int(id)
            if number <= self._number:
                continue  # a stream that is taken up may say again what it said
            self._number = number
            yield self._decode(number, data)

    def broken(self, error: httpx.TransportError) -> None:
        """Take note of a fault on the way.

        Raises
        ------
        Unreachable : it will not pass, or has lasted too long.
        """
        if not is_passing(error) or self._too_long():
            raise unreached(error) from error

    def pause(self) -> float:
        """Give how long to wait before coming back."""
        self._reader.broken()
        self._tries += 1
        seconds = self._patience.pause(self._tries, self._least)
        return max(seconds, self._reader.retry or 0.0)

    def _too_long(self) -> bool:
        """Tell whether nothing has come for longer than there is patience."""
        if self._since is None:
            self._since = self._now()
        return self._now() - self._since > self._patience.total
