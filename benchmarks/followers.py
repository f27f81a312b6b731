"""Event followers: how soon all have heard, and what each costs; through a real server process."""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path

from tests.api.service import Service, running_service

from benchmarks.result import Result, write

__all__ = ["run"]

_CONFIG = """
[limits]
followers = 5000
requests = 1000000
"""
_VOLUME = {"corners": [[50.0, 4.0], [50.0, 5.0], [51.0, 5.0]], "lower": 0, "upper": 1000}


class _Follower(asyncio.Protocol):
    """Counts the events of one stream, with next to no work of its own."""

    def __init__(self, crowd: "_Crowd", request: bytes) -> None:
        self._crowd, self._request, self._rest = crowd, request, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        self._crowd.opened += data.count(b"retry: ")
        self._crowd.hear(data.count(b"\ndata: "))
        self._rest = data[-6:]  # less than what is counted


class _Crowd:
    """All followers: how many streams are open, and how many events came."""

    def __init__(self) -> None:
        self.opened = self.heard = 0
        self.last = 0.0

    def hear(self, number: int) -> None:
        self.heard += number
        if number:
            self.last = time.perf_counter()

    async def until(self, opened: int, heard: int) -> None:
        due = time.perf_counter() + 60
        while self.opened < opened or self.heard < heard:
            if time.perf_counter() > due:
                raise TimeoutError(f"{self.opened} open, {self.heard} heard")
            await asyncio.sleep(0.005)


def _resident(service: Service) -> int:
    """Give the server's resident memory, in bytes (Linux, proc(5))."""
    for line in Path(f"/proc/{service.process.pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise OSError("this system does not report VmRSS")


async def _follow(service: Service, parties: list[str], rounds: int) -> tuple[list[float], float]:
    """Open a stream for each name, publish, and wait until all have heard.

    Returns
    -------
    seconds from each request to the last follower's event; bytes of the server per follower.
    """
    crowd, loop = _Crowd(), asyncio.get_running_loop()
    host, port = service.url.removeprefix("http://").split(":")
    before = _resident(service)
    transports = []
    tokens = {party: service.token("party", party) for party in set(parties)}
    for party in parties:
        bearer = f"Authorization: Bearer {tokens[party]}"
        request = f"GET /v1/events HTTP/1.1\r\nHost: {host}\r\n{bearer}\r\n\r\n".encode()
        transport, _ = await loop.create_connection(
            lambda request=request: _Follower(crowd, request), host, int(port)
        )
        transports.append(transport)
    await crowd.until(len(parties), 0)
    seconds = []
    for number in range(rounds):
        already, begun = crowd.heard, time.perf_counter()
        await asyncio.to_thread(_publish, service, f"{parties[0]}-{len(parties)}-{number}-{begun}")
        await crowd.until(0, already + len(parties))
        seconds.append(crowd.last - begun)
    after = _resident(service)
    for transport in transports:
        transport.close()
    await asyncio.sleep(1.0)
    return seconds, (after - before) / len(parties)


def _publish(service: Service, name: str) -> None:
    with service.client("authority", "tower") as authority:
        answer = authority.put(
            f"/v1/constraints/{name}",
            headers={"Idempotency-Key": name},
            content=json.dumps({"volumes": [_VOLUME]}),
        )
        assert answer.status_code == 200, answer.text


def run(quick: bool) -> list[Result]:
    """Measure many followers of one party, and one follower of each of many."""
    count, rounds = (100, 3) if quick else (1000, 20)
    names = [f"party-{number}" for number in range(count)]
    results = []
    for what, parties in (
        (f"{count} followers of one party", names[:1] * count),
        (f"followers of {count} parties, one each", names),
    ):
        with running_service(config=_CONFIG) as service:
            service.register(*names)
            asyncio.run(_follow(service, names[:10], 2))  # warm
            seconds, memory = asyncio.run(_follow(service, parties, rounds))
        results += [
            Result(
                f"a constraint reaches all: {what}",
                f"{max(seconds) * 1000:.0f} ms",
                "≤ 1,000 ms",
                max(seconds) <= 1.0,
                f"from the authority's request to the last event read, the worst of {rounds}; "
                f"median {statistics.median(seconds) * 1000:.0f} ms",
            ),
            Result(
                f"the server's memory per follower: {what}",
                f"{memory / 1000:.0f} kB",
                note="resident; one process",
            ),
        ]
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
