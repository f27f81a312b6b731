"""When a call is sent again: one schedule, stepped through by whoever sends.

Nothing here sends or sleeps. A retry is the same request under the same Idempotency-Key, so that
an answer that was lost on its way is given again, and nothing is done twice. It goes out when
there was no answer, or the answer was 429 or 503; never after another one. Pauses grow and are
spread at random (M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015), but
are not shorter than Retry-After.
"""

import ssl
from collections.abc import Callable, Generator
from dataclasses import dataclass
from random import random
from time import monotonic
from typing import Final, TypeVar

import httpx

from detente.client.call import Call
from detente.client.problem import Problem, Unreachable, problem_in

__all__ = ["Patience", "Pause", "Send", "asking", "is_passing", "unreached"]

T = TypeVar("T")

_AGAIN: Final = frozenset({429, 503})
_SPLIT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client keeps trying.

    Parameters
    ----------
    total : seconds for a call, with all its tries and pauses.
    once : seconds that one try may take.
    first, most : seconds of the first pause, and of the longest; each is twice the one before.
    """

    total: float = 30.0
    once: float = 10.0
    first: float = 0.1
    most: float = 5.0

    def pause(self, tries: int, least: float | None = None) -> float:
        """Give how long to wait after so many tries."""
        full: float = min(self.most, self.first * 2.0 ** min(tries - 1, 30))
        spread = full * (_SPLIT + (1.0 - _SPLIT) * random())
        return max(spread, least or 0.0)


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request now, and wait so many seconds for the answer."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait."""

    seconds: float


Reply = httpx.Response | httpx.TransportError | None
Steps = Generator[Send | Pause, Reply, T]


def asking(call: Call[T], patience: Patience, *, now: Callable[[], float] = monotonic) -> Steps[T]:
    """Go through a call: yields what to do, is sent what came of it, returns the answer.

    Raises
    ------
    Problem : the service's answer. Unreachable : there was none in time.
    """
    until = now() + patience.total
    tries = 0
    while True:
        reply = yield Send(max(0.001, min(patience.once, until - now())))
        tries += 1
        assert reply is not None
        if isinstance(reply, httpx.Response):
            if reply.is_success:
                return call.decode(reply)
            error: Problem | Unreachable = problem_in(reply)
            passing = reply.status_code in _AGAIN
            least = error.retry_after if isinstance(error, Problem) else None
        else:
            error, passing, least = unreached(reply), is_passing(reply), None
        pause = patience.pause(tries, least)
        if not passing or now() + pause >= until:
            raise error from (reply if isinstance(reply, Exception) else None)
        yield Pause(pause)


def is_passing(error: httpx.TransportError) -> bool:
    """Tell whether a fault on the way may pass by itself; a wrong certificate does not."""
    fault: BaseException | None = error
    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return False
        fault = fault.__cause__ or fault.__context__
    return isinstance(
        error, httpx.NetworkError | httpx.TimeoutException | httpx.RemoteProtocolError
    )


def unreached(error: httpx.TransportError) -> Unreachable:
    """Say where there was no answer."""
    what = "no answer in time" if isinstance(error, httpx.TimeoutException) else str(error)
    return Unreachable(f"{error.request.url.copy_with(query=None)}: {what or repr(error)}")
