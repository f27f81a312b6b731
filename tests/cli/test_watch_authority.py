"""The watch before an authority: what is sent, what waits, and what comes back."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from detente.authority.extent import Path4D
from detente.authority.register import Alert
from detente.cli.watching.declarations import Changes, Declarations
from detente.cli.watching.outbox import Outbox
from detente.cli.watching.sending import Sending
from detente.client import AsyncClient, Client, Patience
from detente.feeds.waits import Waits
from detente.watch.track import Conformance, Fix, Track, Unseen
from tests.api.service import running_service
from tests.cli.conftest import COMMAND
from tests.cli.receiver import receiver
from tests.cli.skies import NOON, east, write_seen

SHIFT = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def logging() -> Iterator[None]:
    """What a command of this process logs to is closed with its test."""
    yield
    structlog.reset_defaults()


def told(result: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def verdicts(lines: list[dict]) -> dict[str, str]:
    """The last verdict on each address."""
    tracks = (line["track"] for line in lines if "track" in line)
    return {track["address"]: track["conformance"] for track in tracks}


def replay(path, *options):
    return ("watch", "--replay", path, "--speed", "max", *options)


@pytest.fixture(scope="module")
def service():
    with running_service() as started:
        started.register("north")
        yield started


@pytest.fixture
def tower(service):
    with Client(service.url, service.token("authority", "tower")) as client:
        yield client


@pytest.fixture
def north(service):
    with Client(service.url, service.token("party", "north")) as client:
        yield client


def test_a_receiver_that_breaks_off_and_a_watch_that_is_stopped(service, tower) -> None:
    with (
        receiver() as (port, broken),
        subprocess.Popen(
            [*COMMAND, "watch", "--sbs", f"127.0.0.1:{port}", "--json", "--authority", service.url],
            env={**os.environ, "DETENTE_TOKEN": service.token("authority", "tower")},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        found = next(line for line in map(json.loads, lines) if "track" in line)
        assert found["track"]["address"] == "4ca7b6"
        assert found["track"]["sources"] == [f"sbs 127.0.0.1:{port}"]
        broken.set()
        while broken.is_set():
            time.sleep(0.01)
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        *_, end = map(json.loads, lines)
        assert process.wait(20) == 0
        (feed,) = end["end"]["feeds"]
        assert feed["reconnects"] == 1
        assert feed["received"] > 10
        assert process.stderr is not None
        logged = [json.loads(line)["event"] for line in process.stderr]
        assert logged.count("connected") == 2
        assert logged.count("lost") == 1
        assert end["end"]["sent"]["recorded"] >= 2
    (kept,) = (seen.track for seen in tower.tracks() if seen.track.address == "4ca7b6")
    assert (kept.id, kept.ended) == (found["track"]["id"], True)


def flight(lat: float, start: datetime, seconds: float = 1_200.0) -> Path4D:
    ends = (east(lat, 0.0)[1], east(lat, seconds)[1])
    return Path4D(start, (0.0, seconds), (lat, lat), ends, (35_000.0, 35_000.0))


def test_a_track_that_nobody_declared_is_kept_by_the_authority(
    within, service, tower, north, tmp_path, monkeypatch
) -> None:
    scopes = ("decide", "audit", "watch")
    monkeypatch.setenv("DETENTE_TOKEN", service.token("authority", "tower", scopes=scopes))
    start = datetime.now(UTC).replace(microsecond=0) + SHIFT
    assert north.file("FLOWN", flight(50.0, start)).state == "accepted"
    assert north.file("NOT-YET", flight(54.0, start + timedelta(hours=1))).state == "accepted"
    seen = write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0, "bbbbbb": 52.0}, start=start)
    result = within(*replay(seen, "--authority", service.url))
    assert (result.returncode, result.stderr) == (1, "")
    assert "states recorded, 0 waiting" in result.stdout
    kept = {seen.track.address: seen.track for seen in tower.tracks()}
    assert kept["bbbbbb"].conformance is Conformance.UNDECLARED
    assert kept["bbbbbb"].intent == ""
    assert kept["aaaaaa"].conformance is Conformance.CONFORMING
    assert kept["aaaaaa"].intent == "north/FLOWN"
    (only,) = tower.tracks(conformance="undeclared")
    assert (only.track.address, only.track.fix.pressure) == ("bbbbbb", 35_000.0)
    monkeypatch.setenv("DETENTE_TOKEN", service.token("party", "north"))
    result = within(*replay(seen, "--authority", service.url))
    assert (result.returncode, "scope" in result.stderr) == (2, True), result.stderr


def test_what_an_earlier_watch_left_open_is_closed(
    within, service, tower, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("DETENTE_TOKEN", service.token("authority", "tower"))
    start = datetime.now(UTC).replace(microsecond=0)
    sources = {"MINE": ("again.csv",), "OTHERS": ("again.csv", "radar"), "MADE-UP": ("again.csv",)}
    tower.observe(
        tracks=[
            track(name, 0, "undeclared", sources=seen_by, synthetic=name == "MADE-UP")
            for name, seen_by in sources.items()
        ],
        alerts=[Alert("LEFT", "track:MINE", "track:OTHERS", start, 100.0)],
    )
    assert tower.every_alert()
    seen = write_seen(tmp_path / "again.csv", {"cccccc": 58.0}, start=start)
    assert within(*replay(seen, "--authority", service.url)).returncode == 1
    ended = {name: tower.track(name).track.ended for name in sources}
    assert ended == {"MINE": True, "OTHERS": False, "MADE-UP": False}
    assert tower.every_alert() == []
    (mine,) = (s.track for s in tower.tracks() if s.track.address == "cccccc")
    assert (mine.ended, mine.conformance) == (True, Conformance.UNDECLARED)


def test_declarations_follow_the_authority(service, north) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + SHIFT

    async def play() -> None:
        token = service.token("authority", "tower")
        async with AsyncClient(service.url, token) as client:
            before = north.file("BEFORE", flight(40.0, start))
            declarations = Declarations(client, client)
            await declarations.begin()
            names = {one.name for one in declarations.take().declared}
            assert "north/BEFORE" in names
            following = asyncio.create_task(declarations.follow())

            async def changed() -> Changes:
                async with asyncio.timeout(10):
                    while True:
                        changes = declarations.take()
                        if changes.declared or changes.withdrawn:
                            return changes
                        await asyncio.sleep(0.01)

            await asyncio.to_thread(north.file, "AFTER", flight(42.0, start))
            (one,) = (await changed()).declared
            assert (one.name, one.party, len(one.extent.time)) == ("north/AFTER", "north", 2)
            await asyncio.to_thread(north.withdraw, before)
            assert (await changed()).withdrawn == ("north/BEFORE",)
            following.cancel()

    asyncio.run(play())


class Proxy:
    """Stands between, and can be cut."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._to = place.hostname, place.port
        self._cut = False
        self._open: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        self._cut = True
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        self._cut = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._to)
        self._open |= {writer, back}
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        self._open -= {writer, back}

    @staticmethod
    async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        writer.close()


def track(name: str, second: int, verdict: str, *, lat: float = 50.0, **more) -> Track:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=second)
    fix = Fix(at, lat, 5.0, 35_000.0, None, 50.0)
    return Track(id=name, conformance=Conformance(verdict), first=at, fix=fix, **more)


def test_what_came_while_the_authority_was_out_of_reach(service, tower) -> None:
    async def play() -> Sending:
        proxy = Proxy(service.url)
        patience = Patience(total=0.3, once=0.3, first=0.01, most=0.05)
        async with (
            proxy.serving() as url,
            AsyncClient(url, service.token("authority", "tower"), patience=patience) as client,
        ):
            outbox = Outbox()
            sending = Sending(client, outbox, Waits(first=0.02, most=0.1))
            running = asyncio.create_task(sending.run())
            outbox.put([track("OUT-1", 0, "tentative")])
            sending.wake()
            await asyncio.wait_for(sending.until(0), 10)
            proxy.cut()
            outbox.put([track("OUT-1", 1, "undeclared")])
            sending.wake()
            async with asyncio.timeout(10):
                while sending.sent.reached:
                    await asyncio.sleep(0.01)
            for second in range(2, 6):
                outbox.put([track("OUT-1", second, "undeclared"), track("OUT-2", 2, "tentative")])
            outbox.put([track("OUT-1", 6, "conforming", intent="north/X")])
            outbox.put([track("OUT-1", 7, "conforming", intent="north/X", ended=True)])
            assert sending.waiting == 5
            proxy.mend()
            await asyncio.wait_for(sending.until(0), 10)
            assert sending.sent.reached
            running.cancel()
            return sending

    sending = asyncio.run(play())
    assert (sending.sent.recorded, sending.sent.refused, sending.dropped) == (6, {}, 0)
    kept = tower.track("OUT-1")
    assert kept.track.ended
    outcomes = [e.outcome["events"] for e in tower.entries()]
    recorded = [
        (t["conformance"], t.get("ended", False))
        for events in outcomes for event in events if event["type"] == "TracksReported"
        for t in event["tracks"] if t["id"] == "OUT-1"
    ]  # fmt: skip
    assert recorded == [
        ("tentative", False), ("undeclared", False), ("undeclared", False), ("conforming", False),
        ("conforming", True),
    ]  # fmt: skip


def test_what_the_authority_will_not_record_does_not_stop_the_rest(service, tower) -> None:
    async def play() -> Sending:
        async with AsyncClient(service.url, service.token("authority", "tower")) as client:
            outbox = Outbox()
            sending = Sending(client, outbox)
            running = asyncio.create_task(sending.run())
            now = datetime.now(UTC)
            outbox.put(
                [track("GOOD-1", 0, "tentative"), track("BAD-1", 0, "tentative", lat=95.0),
                 track("GOOD-2", 0, "tentative")],
                [Unseen("north/NOBODY", now)],
            )  # fmt: skip
            sending.wake()
            await asyncio.wait_for(sending.until(0), 10)
            running.cancel()
            return sending

    sending = asyncio.run(play())
    assert sending.sent.recorded == 2
    assert sending.sent.refused == {"invalid": 1, "unknown": 1}
    assert {"GOOD-1", "GOOD-2"} <= {seen.track.id for seen in tower.tracks()}


# --- the outbox

STATES = st.tuples(
    st.sampled_from("abc"), st.sampled_from(["tentative", "undeclared"]), st.booleans()
)


@given(st.lists(STATES, max_size=40))
def test_what_waits_keeps_every_verdict_in_order(states) -> None:
    """Of each track: the verdicts as they came, each with its last state."""
    outbox = Outbox()
    came: dict[str, list[tuple[str, int]]] = {}
    told: dict[str, list[tuple[str, int]]] = {}

    def take(batch) -> None:
        names = [one.id for one in batch.tracks]
        assert len(names) == len(set(names))
        for one in batch.tracks:
            told.setdefault(one.id, []).append((one.conformance.value, one.fix.at.second))

    for k, (name, verdict, send) in enumerate(states):
        mine = came.setdefault(name, [])
        waiting = len(told.get(name, [])) < len(mine)
        if waiting and mine[-1][0] == verdict:
            mine[-1] = verdict, k
        elif len(mine) - len(told.get(name, [])) < 8:
            mine.append((verdict, k))
        else:
            mine.append((verdict, k))
            del mine[len(told.get(name, []))]
        one = track(name, 0, verdict)
        outbox.put([replace(one, fix=replace(one.fix, at=NOON + timedelta(seconds=k)))])
        if send:
            take(outbox.take(2))
    while batch := outbox.take(2):
        take(batch)
    assert told == {name: states for name, states in came.items() if states}
    assert len(outbox) == 0


def test_no_more_wait_than_may() -> None:
    outbox = Outbox(most=3)
    outbox.put([track(f"T{k}", 0, "undeclared") for k in range(5)])
    assert (len(outbox), outbox.dropped) == (3, 2)
    assert [one.id for one in outbox.take(9).tracks] == ["T2", "T3", "T4"]
    outbox.put([], [Unseen("north/A", NOON)])
    outbox.put([], [Unseen("north/A", NOON, over=True)])
    first, second = outbox.take(9), outbox.take(9)
    assert [one.over for one in (*first.unseen, *second.unseen)] == [False, True]
