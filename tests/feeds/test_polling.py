"""Documents that are asked for, from a real server and from a real file."""

import asyncio
import base64
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.feeds.intake import Intake
from detente.feeds.polling import LARGEST, FileFeed, HttpFeed, shown
from detente.feeds.waits import Waits
from detente.formats.sbs import SbsDecoder
from tests.feeds.reports import msg
from tests.feeds.running import running, until

NO_MORE = "503 Service Unavailable", {}, b""


class Site:
    """Answers each request by what stands next in its script, and then with its last answer."""

    def __init__(self, *script) -> None:
        self.script = list(script)
        self.asked: list[dict[str, str]] = []
        self.times: list[float] = []

    async def __call__(self, reader, writer) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                lines = request.decode().split("\r\n")[1:]
                pairs = (line.split(": ", 1) for line in lines if line)
                self.asked.append({name.lower(): value for name, value in pairs})
                self.times.append(asyncio.get_running_loop().time())
                status, headers, body = self.script[0]
                if len(self.script) > 1:
                    del self.script[0]
                told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                length = f"Content-Length: {len(body)}\r\n"
                writer.write(f"HTTP/1.1 {status}\r\n{told}{length}\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    @asynccontextmanager
    async def serving(self):
        server = await asyncio.start_server(self, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/states?key=secret"


def feed(intake: Intake, url: str, **options) -> HttpFeed:
    options = {"every": 0.01, "waits": Waits(first=0.02, most=0.1), **options}
    return HttpFeed("web", SbsDecoder("web"), intake, url, **options)


def test_what_has_not_changed_is_not_sent_again() -> None:
    async def play() -> None:
        marks = {"ETag": '"7"', "Last-Modified": "Wed, 01 Jul 2026 12:00:00 GMT"}
        site = Site(("200 OK", marks, msg("aaaaaa")), ("304 Not Modified", {}, b""))
        intake = Intake()
        async with site.serving() as url, running(feed(intake, url)) as one:
            await until(lambda: len(site.asked) >= 4)
        assert len(intake) == 1
        assert one.counts.reconnects == 0
        assert "if-none-match" not in site.asked[0]
        assert site.asked[1]["if-none-match"] == '"7"'
        assert site.asked[1]["if-modified-since"] == marks["Last-Modified"]

    asyncio.run(play())


@pytest.mark.parametrize("dated", [False, True])
def test_it_backs_off_and_comes_back(dated: bool) -> None:
    async def play() -> None:
        later = datetime.now(UTC) + timedelta(seconds=60)
        wait = {"Retry-After": format_datetime(later, usegmt=True) if dated else "60"}
        site = Site(NO_MORE, NO_MORE, NO_MORE, ("200 OK", {}, msg("aaaaaa")))
        intake = Intake()
        async with site.serving() as url, running(feed(intake, url)) as one:
            await until(lambda: len(intake) == 1)
            gaps = [b - a for a, b in zip(site.times, site.times[1:], strict=False)]
            assert gaps[2] > gaps[0]
            assert one.counts.reconnects == 1
            site.script = [("429 Too Many Requests", wait, b"")]
            await until(lambda: one.counts.state == "lost")
            before = len(site.asked)
            await asyncio.sleep(0.3)
            assert len(site.asked) == before

    asyncio.run(play())


def test_a_document_that_is_no_document() -> None:
    async def play() -> None:
        site = Site(("200 OK", {}, b"<html>\n"), ("200 OK", {}, msg("aaaaaa")))
        intake = Intake()
        async with site.serving() as url, running(feed(intake, url)) as one:
            await until(lambda: len(intake) == 1)
        assert one.counts.refused.total() == 1

    asyncio.run(play())


def test_one_that_is_too_large_is_not_read_to_its_end(monkeypatch) -> None:
    assert LARGEST >= 1 << 20
    monkeypatch.setattr("detente.feeds.polling.LARGEST", 1_000)

    async def play() -> None:
        site = Site(("200 OK", {}, msg("aaaaaa") * 100), ("200 OK", {}, msg("bbbbbb")))
        intake = Intake()
        async with site.serving() as url, running(feed(intake, url)) as one:
            await until(lambda: len(intake) >= 1)
        assert one.counts.refused == {"document: too large": 1}
        assert intake.take()[0].address == "bbbbbb"

    asyncio.run(play())


def test_who_asks_is_sent_and_not_shown() -> None:
    async def play() -> None:
        site = Site(("200 OK", {}, msg("aaaaaa")))
        async with site.serving() as url:
            place = url.replace("//", "//me:word@")
            intake = Intake()
            async with running(feed(intake, place)):
                await until(lambda: len(intake) >= 1)
            async with running(feed(intake, url, token="t.o.k")):
                await until(lambda: "Bearer t.o.k" in site.asked[-1]["authorization"])
        assert site.asked[0]["authorization"] == "Basic " + base64.b64encode(b"me:word").decode()
        assert shown(place) == url.partition("?")[0]

    asyncio.run(play())
    with pytest.raises(InputError) as error:
        feed(Intake(), "ftp://me:word@host/x")
    assert "word" not in str(error.value)


def test_a_server_that_is_not_there() -> None:
    async def play() -> None:
        async with running(feed(Intake(), "http://127.0.0.1:9/")) as one:
            await until(lambda: one.counts.state == "lost")

    asyncio.run(play())


def test_a_file_is_read_when_it_has_changed(tmp_path: Path) -> None:
    async def play() -> None:
        path = tmp_path / "states"
        intake = Intake()
        one = FileFeed(
            "file", SbsDecoder("file"), intake, path, every=0.01, waits=Waits(first=0.01, most=0.02)
        )
        async with running(one):
            await until(lambda: one.counts.state == "lost")
            path.write_bytes(msg("aaaaaa"))
            await until(lambda: len(intake) == 1)
            await asyncio.sleep(0.05)
            assert len(intake) == 1
            # put in its place whole, as those who write such files do
            other = tmp_path / "next"
            other.write_bytes(msg("bbbbbb"))
            other.replace(path)
            await until(lambda: len(intake) == 2)
        assert [s.address for s in intake.take()] == ["aaaaaa", "bbbbbb"]
        assert one.counts.reconnects == 1

    asyncio.run(play())
