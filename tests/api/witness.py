"""Clients that note every answer they were given, and give up no request before it is answered."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from types import SimpleNamespace

import httpx
import msgspec

from detente.authority import Path4D
from detente.authority.disclosure import OwnIntent
from tests.api.asking import Request, request_of
from tests.ledger.pilot import NOON, PARTIES, Pilot

__all__ = ["Answer", "Witnesses"]


@dataclass(frozen=True)
class Answer:
    """What must be the same when it is given again."""

    status: int
    tag: str | None
    body: bytes


class Witnesses:
    """Several clients, each of which files, amends and withdraws, one request after the other.

    Every request is sent again, with the same key, until it is answered: after a connection that
    failed, and after 503.

    Parameters
    ----------
    service : where; it may be killed and started again on the same port meanwhile.
    count : of clients.
    seed : what they ask.
    pause : of each client between its requests, in seconds.
    """

    def __init__(self, service, count, seed, pause=0.0):
        self.answered: dict[str, tuple[Request, Answer]] = {}
        self.cut = Counter()
        """Requests whose connection failed before the answer, by the error."""
        self.turned = 0
        """Answers of 503."""
        self.faults: list[str] = []
        self._url, self._pause = service.url, pause
        self._tokens = {party: service.token("party", party, seconds=3600) for party in PARTIES}
        self._stop, self._lock = Event(), Lock()
        now = datetime.now(UTC).replace(microsecond=0)
        self._threads = [
            Thread(target=self._work, args=(f"{seed}-{n}", PARTIES[n % 4], seed, now - NOON))
            for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        """End; whatever is under way is answered first."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a request is never answered"

    def until(self, more, within=60.0):
        """Wait for so many more answers."""
        goal, due = len(self.answered) + more, time.monotonic() + within
        while len(self.answered) < goal:
            assert not self.faults, self.faults[0]
            assert time.monotonic() < due, f"{len(self.answered)} answers, not {goal}"
            time.sleep(0.002)

    def check(self, service):
        """Ask everything again: each answer is the first one, byte for byte."""
        assert not self.faults, self.faults[0]
        with self._client(service.url) as client:
            for request, first in self.answered.values():
                again = self._asked(client, request)
                assert again == first, f"{request}: {first}, then {again}"

    def _client(self, url):
        # what fails is closed; the next request has a new connection, maybe to another process
        return httpx.Client(base_url=url, timeout=30, trust_env=False, verify=False)

    def _asked(self, client, request):
        token = self._tokens[request.subject]
        response = client.request(
            request.method, request.target, content=request.body,
            headers=[*request.headers, ("Authorization", f"Bearer {token}")],
        )  # fmt: skip
        return Answer(response.status_code, response.headers.get("etag"), response.content)

    def _work(self, name, party, seed, later):
        pilot = Pilot(name, party, seed)
        client = self._client(self._url)
        while not self._stop.is_set() and not self.faults:
            command = moved(pilot.draw(), later)
            request = request_of(command)
            answer = None
            while answer is None or answer.status == 503:
                try:
                    answer = self._asked(client, request)
                    self.turned += answer.status == 503
                except httpx.TransportError as error:
                    self.cut[type(error)] += 1
                    time.sleep(0.05)
            if answer.status not in (200, 409, 412):
                self.faults.append(f"{request}: {answer}")
                return
            with self._lock:
                self.answered[command.key] = request, answer
            own = msgspec.json.decode(answer.body, type=OwnIntent) if answer.tag else None
            pilot.hear(command, SimpleNamespace(contents=[own]))
            self._stop.wait(self._pause)
        client.close()


def moved(command, later: timedelta):
    """Give the same command, what it asks for so much later."""
    extent = getattr(command, "extent", None)
    if extent is None:
        return command
    if isinstance(extent, Path4D):
        extent = msgspec.structs.replace(extent, start=extent.start + later)
    else:
        extent = tuple(
            msgspec.structs.replace(one, start=one.start + later, end=one.end + later)
            for one in extent
        )
    return msgspec.structs.replace(command, extent=extent)
