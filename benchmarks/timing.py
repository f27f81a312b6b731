"""How long the same answer takes in two airspaces: an empty one, and one that is crowded nearby.

Two server processes; one client asks both the same, one after the other, which one first is drawn
anew each time. Welch's t (B. L. Welch, Biometrika 34, 1947) over all, and over those below the
95th percentile, where few slow ones do not hide a difference (O. Reparaz, J. Balasch and
I. Verbauwhede, Dude, is my code constant time?, DATE 2017).
"""

import json
import os
import random
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from tests.api.service import running_service

from benchmarks.filings import NOON, founding, lanes
from benchmarks.result import Result, write
from detente.authority import Extent, Path4D
from detente.authority.command import Command, File
from detente.ledger.desk import Desk

__all__ = ["LIMIT", "run", "welch"]

LIMIT = 4.5
"""The |t| above which two samples are said to differ (ISO/IEC 17825)."""

ASKER = "amber"
_CROWD = 10_000
_AWAY = 0.0036
"""Degrees of latitude between what is asked for and the crowd: 400 m, beyond any alternative."""
_SLOT = timedelta(seconds=120)
_PAIRS = 5
_WARM = 200
_QUANTUM = 20.0
"""Milliseconds; ten times what a decision takes, so that few take two of them."""

_CONFIG = """
sweep = 1e9
quantum = {quantum}
[limits]
requests = 100000000
open_intents = 100000000
"""


def welch(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give Welch's t of two samples; positive where the second is the greater."""
    spread = np.var(a, ddof=1) / len(a) + np.var(b, ddof=1) / len(b)
    return float((np.mean(b) - np.mean(a)) / np.sqrt(spread))


class Line:
    """One connection, asked by one thread that waits for each answer."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._token = token.encode()

    def ask(
        self, method: str, path: str, body: bytes = b"", key: str = "", version: int = 0
    ) -> tuple[float, bytes]:
        """Give the seconds from the first byte sent to the last one read, and the body."""
        asked = b"%b %b HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %b\r\n" % (
            method.encode(), path.encode(), self._token,
        )  # fmt: skip
        if key:
            asked += b"Idempotency-Key: %b\r\n" % key.encode()
        if version:
            asked += b'If-Match: "%d"\r\n' % version
        if body:
            asked += b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
        asked += b"\r\n" + body
        begun = time.perf_counter()
        self._socket.sendall(asked)
        text = self._socket.recv(65_536)
        while True:
            head, end, rest = text.partition(b"\r\n\r\n")
            if end:
                length = int(head.lower().split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
                if len(rest) >= length:
                    return time.perf_counter() - begun, rest
            text += self._socket.recv(65_536)


def _moved(extent: Extent, north: float, later: timedelta) -> Path4D:
    assert isinstance(extent, Path4D)
    return replace(extent, start=extent.start + later, lat=tuple(lat + north for lat in extent.lat))


def _extents(later: timedelta) -> tuple[Path4D, Path4D]:
    """Give two flights in one place, at times in the midst of the crowd's: free, and taken."""
    (first,) = lanes(1)
    return _moved(first.extent, 0.0, later + 4 * _SLOT), _moved(
        first.extent, 0.0, later + 8 * _SLOT
    )


def _history(crowd: int, later: timedelta) -> list[Command]:
    """Give what was asked before."""
    _, taken = _extents(later)
    own = _moved(taken, 0.0, -6 * _SLOT)
    return [
        *founding(),
        File(at=NOON, by="blue", key="in-the-way", intent="in-the-way", extent=taken),
        File(at=NOON, by=ASKER, key="own", intent="own", extent=own),
        *(replace(f, by="crimson", extent=_moved(f.extent, _AWAY, later)) for f in lanes(crowd)),
    ]


class Ledgers:
    """A ledger of each world, made once, and services on copies of it.

    They are kept in memory, where no disk hides anything.
    """

    def __init__(self, folder: Path, later: timedelta) -> None:
        self._folder = folder
        for crowd in (0, _CROWD):
            (folder / str(crowd)).mkdir()
            with Desk.open(folder / str(crowd) / "airspace.ledger", create=True) as desk:
                before = _history(crowd, later)
                for k in range(0, len(before), 256):
                    desk.submit_all(before[k : k + 256])

    @contextmanager
    def serving(self, crowd: int, quantum: float) -> Iterator[Line]:
        """Run a service in a world, and give a connection to it."""
        with tempfile.TemporaryDirectory(dir=self._folder) as own:
            shutil.copytree(self._folder / str(crowd), own, dirs_exist_ok=True)
            with running_service(
                own, config=_CONFIG.format(quantum=quantum), options=["--port", "0"],
                environment={"PYTHONHASHSEED": "0"},
            ) as service:  # fmt: skip
                yield Line(service.url, service.token("party", ASKER, seconds=86_400))


class Kind(NamedTuple):
    """What is asked, and what is done after it that is not measured."""

    what: str
    method: str
    path: str
    body: bytes = b""
    withdrawn: bool = False


def _kinds(free: Path4D, taken: Path4D) -> list[Kind]:
    bodies = [msgspec.json.encode({"extent": extent}) for extent in (free, taken)]
    return [
        Kind("a flight accepted", "PUT", "/v1/intents/free", bodies[0], True),
        Kind("a flight refused, with alternatives", "PUT", "/v1/intents/taken", bodies[1]),
        Kind("alternatives, read", "GET", "/v1/intents/taken/alternatives"),
        Kind("an intent of one's own, read", "GET", "/v1/intents/own"),
        Kind("an intent that is unknown", "GET", "/v1/intents/none"),
        Kind("one's own intents, listed", "GET", "/v1/intents"),
    ]


def _measured(lines: list[Line], kind: Kind, turns: int) -> NDArray[np.float64]:
    """Give seconds by world and turn."""
    taken = np.empty((2, turns))
    order, keys = random.Random(1), count()
    for turn in range(-_WARM, turns):  # the first are to warm
        worlds = order.sample((0, 1), 2)
        bodies = [b"", b""]
        for world in worlds:
            key = f"{kind.what}{next(keys)}" if kind.body else ""
            seconds, bodies[world] = lines[world].ask(kind.method, kind.path, kind.body, key)
            if turn >= 0:
                taken[world, turn] = seconds
        _see_alike(bodies)
        if kind.withdrawn:
            version = json.loads(bodies[0])["version"]
            for world in worlds:
                path = f"{kind.path}/withdraw"
                lines[world].ask("POST", path, key=f"back{next(keys)}", version=version)
    return taken


def _see_alike(bodies: list[bytes]) -> None:
    """See that it is the same answer; only how long alternatives stand depends on the clock."""
    found = {re.sub(rb'"until":"[^"]*"', b"", body) for body in bodies}
    if len(found) != 1:
        raise AssertionError(f"{found}")


def _pairs(
    ledgers: Ledgers, kinds: list[Kind], crowds: tuple[int, int], turns: int, quantum: float = 0.0
) -> list[NDArray[np.float64]]:
    """Measure each kind in several pairs of processes: what one has by chance is no world's."""
    found = []
    for _ in range(_PAIRS):
        with ExitStack() as stack:
            lines = [stack.enter_context(ledgers.serving(crowd, quantum)) for crowd in crowds]
            found.append([_measured(lines, kind, turns // _PAIRS) for kind in kinds])
    return [np.concatenate(each, axis=1) for each in zip(*found, strict=True)]


class Difference:
    """Two samples of seconds, compared."""

    def __init__(self, taken: NDArray[np.float64]) -> None:
        one, other = taken * 1e6
        edge = np.percentile(taken * 1e6, 95)
        self.t = welch(one, other), welch(one[one < edge], other[other < edge])
        self.worst = max(map(abs, self.t))
        self.median = float(np.median(one))
        self.more = float(np.median(other) - self.median)
        self.mean = float(np.mean(other) - np.mean(one))

    def __str__(self) -> str:
        return f"t = {self.t[0]:+.1f}; {self.t[1]:+.1f} below the 95th percentile"


def run(quick: bool) -> list[Result]:
    """Measure each kind of request in both worlds; and in two that are empty, for comparison."""
    turns = 1_000 if quick else 10_000
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1) - NOON
    kinds = _kinds(*_extents(later))
    refused = [kind for kind in kinds if kind.body and not kind.withdrawn]
    # one processor for all, or where the system puts a process would count for more than worlds
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        ledgers = Ledgers(Path(folder), later)
        control = _pairs(ledgers, kinds, (0, 0), turns)
        plain = _pairs(ledgers, kinds, (0, _CROWD), turns)
        paced = _pairs(ledgers, refused, (0, _CROWD), turns, _QUANTUM)
    rows = []
    for kind, null, taken in zip(kinds, control, plain, strict=True):
        found, none = Difference(taken), Difference(null)
        rows.append(
            Result(
                kind.what,
                str(found),
                "" if kind.body else f"≤ {LIMIT} either way",
                None if kind.body else found.worst <= LIMIT,
                f"median {found.median:,.0f} µs alone, {found.more:+,.1f} µs in a crowd of "
                f"{_CROWD:,}; mean {found.mean:+,.1f} µs. Between two that are alone: {none}, "
                f"median {none.more:+,.1f} µs",
            )
        )
    for kind, taken in zip(refused, paced, strict=True):
        found = Difference(taken)
        rows.append(
            Result(
                f"{kind.what}, with a quantum of {_QUANTUM:g} ms",
                str(found),
                f"≤ {LIMIT} either way",
                found.worst <= LIMIT,
                f"median {found.median:,.0f} µs alone, {found.more:+,.1f} µs in a crowd; mean "
                f"{found.mean:+,.1f} µs",
            )
        )
    return rows


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
