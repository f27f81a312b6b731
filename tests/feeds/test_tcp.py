"""A feed by TCP, from a real server that does what servers do."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from detente.feeds.address import Address
from detente.feeds.intake import Intake
from detente.feeds.tcp import TcpFeed
from detente.feeds.waits import Waits
from detente.formats.sbs import SbsDecoder
from tests.feeds.reports import msg
from tests.feeds.running import LOOPBACKS, running, until

Serve = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Receiver:
    """Serves each connection by what stands next in its script; after its end, holds them open."""

    def __init__(self, *script: Serve) -> None:
        self.script = list(script)
        self.connections = 0
        self.open: list[asyncio.StreamWriter] = []

    async def __call__(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.append(writer)
        if self.script:
            await self.script.pop(0)(writer)

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
        server = await asyncio.start_server(self, host, port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for writer in self.open:
                writer.transport.abort()
            await server.wait_closed()


def sends(*pieces: bytes, close: bool = False) -> Serve:
    async def serve(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)
        if close:
            writer.close()

    return serve


async def resets(writer: asyncio.StreamWriter) -> None:
    writer.write(msg("aaaaaa") + b"MSG,3,1,1,BBB")
    await writer.drain()
    await asyncio.sleep(0.02)
    writer.transport.abort()


def feed(intake: Intake, port: int, host: str = "127.0.0.1", **options) -> TcpFeed:
    name = f"sbs/{port}"
    waits = Waits(first=0.01, most=0.05)
    return TcpFeed(name, SbsDecoder(name), intake, Address(host, port), waits=waits, **options)


def addresses(intake: Intake) -> list[str]:
    return [sighting.address for sighting in intake.take()]


def test_a_line_that_is_cut_is_put_together() -> None:
    async def play() -> None:
        whole = msg("4ca7b6") + msg("3c4444")
        pieces = [whole[k : k + 7] for k in range(0, len(whole), 7)]
        async with Receiver(sends(*pieces)).serving() as port:
            intake = Intake()
            async with running(feed(intake, port)) as one:
                await until(lambda: len(intake) == 2)
                assert one.counts.state == "heard"
                assert one.counts.heard is not None
        assert addresses(intake) == ["4ca7b6", "3c4444"]
        assert (one.counts.received, one.counts.reconnects) == (2, 0)
        assert not one.counts.refused

    asyncio.run(play())


def test_it_comes_back_and_half_a_line_does_not_go_with_the_next() -> None:
    async def play() -> None:
        # the second half would make a whole line of the first, if it were kept
        line = msg("4ca7b6")
        receiver = Receiver(
            sends(msg("aaaaaa"), line[:20], close=True), resets, sends(line[20:], msg("cccccc"))
        )
        async with receiver.serving() as port:
            intake = Intake()
            async with running(feed(intake, port)) as one:
                await until(lambda: one.counts.received == 3)
        assert addresses(intake) == ["aaaaaa", "aaaaaa", "cccccc"]
        assert one.counts.reconnects == 2
        assert one.counts.refused == {"line: not BaseStation's": 1}

    asyncio.run(play())


def test_garbage_is_counted_and_what_is_between_is_not_lost() -> None:
    async def play() -> None:
        script = [
            sends(msg("aaaaaa"), b"\x00\xff\xfe\x80\n", msg("bbbbbb"), b"x" * 9_000, b"\n",
                  b"MSG,3,1\n", b"GET / HTTP/1.1\r\n\r\n", msg("cccccc"))
        ]  # fmt: skip
        async with Receiver(*script).serving() as port:
            intake = Intake()
            async with running(feed(intake, port)) as one:
                await until(lambda: one.counts.received == 3)
        assert addresses(intake) == ["aaaaaa", "bbbbbb", "cccccc"]
        assert one.counts.refused.total() == 4
        assert one.counts.reconnects == 0

    asyncio.run(play())


def test_silence_is_noticed_and_another_connection_tried() -> None:
    async def play() -> None:
        receiver = Receiver(sends(msg("aaaaaa")), sends(msg("bbbbbb")))
        async with receiver.serving() as port:
            intake = Intake()
            async with running(feed(intake, port, silence=0.1)) as one:
                await until(lambda: receiver.connections == 3)
                await until(lambda: one.counts.state == "lost")
        assert addresses(intake) == ["aaaaaa", "bbbbbb"]
        assert one.counts.reconnects >= 2

    asyncio.run(play())


def test_a_sign_of_life_is_not_silence() -> None:
    async def play() -> None:
        receiver = Receiver(sends(*[b"\r\n"] * 120))  # 0.6 s
        async with (
            receiver.serving() as port,
            running(feed(Intake(), port, silence=0.3)) as one,
        ):
            await asyncio.sleep(0.5)
            assert (receiver.connections, one.counts.reconnects) == (1, 0)
            assert one.counts.state == "heard"
        assert (one.counts.received, one.counts.refused.total()) == (0, 0)

    asyncio.run(play())


def test_it_waits_for_a_receiver_that_is_not_there_yet() -> None:
    async def play() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        intake = Intake()
        async with running(feed(intake, port)) as one:
            await until(lambda: one.counts.state == "lost")
            assert one.counts.heard is None
            async with Receiver(sends(msg("aaaaaa"))).serving(port=port):
                await until(lambda: len(intake) == 1)
        assert one.counts.reconnects == 0

    asyncio.run(play())


def test_one_that_accepts_and_closes_is_not_hammered() -> None:
    async def play() -> None:
        receiver = Receiver(*[sends(close=True)] * 1_000)
        async with receiver.serving() as port:
            one = feed(Intake(), port)
            one._waits = Waits(first=0.02, most=10.0)
            async with running(one):
                await asyncio.sleep(0.5)
        assert 2 <= receiver.connections <= 6

    asyncio.run(play())


def test_waits_grow_to_a_bound_and_begin_anew() -> None:
    waits = Waits(first=1.0, most=8.0)
    ten = [waits.next() for _ in range(10)]
    assert all(0.5 * 2**k <= one <= 2**k for k, one in enumerate(ten[:4]))
    assert all(4.0 <= one <= 8.0 for one in ten[3:])
    assert waits.next(least=7.9) >= 7.9
    waits.over()
    assert waits.next() <= 1.0


@pytest.mark.parametrize("host", LOOPBACKS)
def test_both_kinds_of_address(host: str) -> None:
    async def play() -> None:
        async with Receiver(sends(msg("aaaaaa"))).serving(host) as port:
            intake = Intake()
            async with running(feed(intake, port, host)):
                await until(lambda: len(intake) == 1)

    asyncio.run(play())


def test_a_flood_is_bounded_and_what_is_dropped_is_counted() -> None:
    """Nobody takes anything: the socket is read all the same, and the newest is what is kept."""

    async def play() -> None:
        many = 20_000
        lines = b"".join(msg(f"{k + 1:06x}") for k in range(many))
        async with Receiver(sends(lines)).serving() as port:
            intake = Intake(most=500)
            beats = 0
            async with running(feed(intake, port)) as one:
                while one.counts.received < many:
                    await asyncio.sleep(0)
                    beats += 1
                    assert len(intake) <= 500
        assert one.counts.dropped == many - 500
        assert beats > 20  # others ran between
        assert addresses(intake) == [f"{k + 1:06x}" for k in range(many - 500, many)]

    asyncio.run(play())


def test_a_fault_of_a_decoder_ends_nothing() -> None:
    class Faulty(SbsDecoder):
        def decode(self, chunk, received):
            if b"AAAAAA" in chunk:
                raise ZeroDivisionError
            return super().decode(chunk, received)

    async def play() -> None:
        async with Receiver(sends(msg("aaaaaa"), msg("bbbbbb"))).serving() as port:
            intake = Intake()
            one = TcpFeed("x", Faulty("x"), intake, Address("127.0.0.1", port))
            async with running(one):
                await until(lambda: len(intake) == 1)
        assert one.counts.refused == {"fault": 1}

    asyncio.run(play())
