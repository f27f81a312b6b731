"""A feed by UDP: to one address, and to a group, on the loopback interface."""

import asyncio
import socket
import struct

import pytest

from detente.errors import InputError
from detente.feeds.address import Address, parse_address
from detente.feeds.intake import Intake
from detente.feeds.udp import UdpFeed, listening
from detente.feeds.waits import Waits
from detente.formats.asterix import AsterixDecoder
from detente.formats.sbs import SbsDecoder
from tests.feeds.reports import cat021, msg
from tests.feeds.running import LOOPBACKS, running, until

GROUP = "239.255.77.7"
# of this machine alone: it leaves by no interface
GROUP6 = "ff01::77:7"


def free(host: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        one.bind((host, 0))
        return one.getsockname()[1]


def feed(intake: Intake, address: Address, **options) -> UdpFeed:
    waits = Waits(first=0.01, most=0.05)
    return UdpFeed("udp", SbsDecoder("udp"), intake, address, waits=waits, **options)


def send(address: Address, *datagrams: bytes) -> None:
    """Send as a radar does: to the address, or into the group on the loopback interface."""
    to = address.group or address.host
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        if address.group and family == socket.AF_INET:
            one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        elif address.group:
            index = struct.pack("@I", socket.if_nametoindex(address.host))
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        for datagram in datagrams:
            one.sendto(datagram, (to, address.port))


def carrying() -> str | None:
    """Name an interface that carries groups of IPv6; the loopback interface may have no route."""
    for _, name in socket.if_nameindex():
        try:
            send(Address(name, 9, GROUP6), b"")
        except OSError:
            continue
        return name
    return None


ADDRESSES = [
    *(pytest.param(lambda h=host: Address(h, free(h)), id=host) for host in LOOPBACKS),
    pytest.param(lambda: Address("lo", free(), GROUP), id="group by name"),
    pytest.param(lambda: Address("127.0.0.1", free(), GROUP), id="group by address"),
]
if (interface := carrying()) is not None:
    ADDRESSES.append(
        pytest.param(lambda: Address(interface, free("::"), GROUP6), id="group of ipv6")
    )


@pytest.mark.parametrize("place", ADDRESSES)
def test_datagrams_are_heard_and_garbage_is_counted(place) -> None:
    address = place()

    async def play() -> None:
        intake = Intake()
        async with running(feed(intake, address)) as one:
            await asyncio.sleep(0.02)
            send(address, msg("aaaaaa"), b"", b"\xff\x00\xff\n", msg("bbbbbb"))
            await until(lambda: one.counts.received == 2)
        assert [s.address for s in intake.take()] == ["aaaaaa", "bbbbbb"]
        assert one.counts.refused == {"line: not text": 1}
        assert one.counts.heard is not None

    asyncio.run(play())


def test_radar_data_from_a_group() -> None:
    address = Address("lo", free(), GROUP)

    async def play() -> None:
        intake = Intake()
        one = UdpFeed("radar", AsterixDecoder("radar"), intake, address)
        async with running(one):
            await asyncio.sleep(0.02)
            block = cat021("4ca7b6", lat=47.5, lon=8.5, level=31_000)
            send(address, block[:-4], b"\x15", block, b"\x22" + block[1:])
            await until(lambda: one.counts.received and one.counts.unwanted)
        (seen,) = intake.take()
        assert (seen.source, seen.address, seen.pressure) == ("radar", "4ca7b6", 31_000.0)
        assert (seen.lat, seen.lon) == pytest.approx((47.5, 8.5), abs=2e-5)
        assert one.counts.refused == {"block: cut short": 2}
        assert one.counts.unwanted == {"CAT034": 1}

    asyncio.run(play())


def test_another_group_at_the_same_port_is_not_heard() -> None:
    address = Address("lo", free(), GROUP)
    beside = Address("lo", address.port, "239.255.77.8")

    async def play() -> None:
        mine, others = Intake(), Intake()
        async with running(feed(mine, address)), running(feed(others, beside)):
            await asyncio.sleep(0.02)
            send(beside, msg("aaaaaa"))
            send(address, msg("bbbbbb"))
            await until(lambda: len(mine) and len(others))
        assert [s.address for s in mine.take()] == ["bbbbbb"]
        assert [s.address for s in others.take()] == ["aaaaaa"]

    asyncio.run(play())


def test_two_watches_hear_one_group() -> None:
    address = Address("lo", free(), GROUP)

    async def play() -> None:
        intakes = [Intake(), Intake()]
        async with running(feed(intakes[0], address)), running(feed(intakes[1], address)):
            await asyncio.sleep(0.02)
            send(address, msg("aaaaaa"))
            await until(lambda: all(len(intake) == 1 for intake in intakes))

    asyncio.run(play())


def test_a_silent_group_is_joined_again() -> None:
    address = Address("lo", free(), GROUP)

    async def play() -> None:
        intake = Intake()
        async with running(feed(intake, address, silence=0.2)) as one:
            await until(lambda: one.counts.reconnects >= 2)
            heard = one.counts.reconnects
            for _ in range(20):
                send(address, msg("aaaaaa"))
                await asyncio.sleep(0.01)
            assert one.counts.received >= 10
            assert one.counts.reconnects <= heard + 1

    asyncio.run(play())


def test_a_silent_address_stays_open() -> None:
    address = Address("127.0.0.1", free())

    async def play() -> None:
        intake = Intake()
        async with running(feed(intake, address, silence=0.05)) as one:
            await until(lambda: one.counts.state == "silent")
            send(address, msg("aaaaaa"))
            await until(lambda: one.counts.state == "heard")
        assert (one.counts.reconnects, len(intake)) == (0, 1)

    asyncio.run(play())


def test_a_flood_is_bounded() -> None:
    address = Address("127.0.0.1", free())

    async def play() -> None:
        intake = Intake(most=50)
        async with running(feed(intake, address)) as one:
            await asyncio.sleep(0.02)
            for k in range(20):
                send(address, *(msg(f"{100 * k + n + 1:06x}") for n in range(100)))
                # so that the system itself drops none
                await until(lambda: one.counts.received == 100 * k + 100)  # noqa: B023
                assert len(intake) == 50
            assert one.counts.dropped == 2_000 - 50

    asyncio.run(play())


@pytest.mark.parametrize(
    "address",
    [Address("192.0.2.77", 0), Address("nowhere0", 0, GROUP), Address("nowhere0", 0, GROUP6)],
)
def test_where_nothing_can_be_heard(address: Address) -> None:
    with pytest.raises(InputError, match="nothing can be heard"):
        asyncio.run(feed(Intake(), address).run())


def test_a_port_that_is_taken() -> None:
    with listening(Address("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(InputError, match="in use"):
            asyncio.run(feed(Intake(), address).run())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:30003", Address("127.0.0.1", 30003)),
        ("receiver.example:30003", Address("receiver.example", 30003)),
        ("[2001:db8::1]:8600", Address("2001:db8::1", 8600)),
        ("239.255.0.1@eth0:8600", Address("eth0", 8600, "239.255.0.1")),
        ("ff15::1@eth0:8600", Address("eth0", 8600, "ff15::1")),
        ("[ff15::1]@eth0:8600", Address("eth0", 8600, "ff15::1")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text, field="asterix", groups=True) == address
    assert parse_address(str(address), field="asterix", groups=True) == address


@pytest.mark.parametrize(
    "text",
    ["", "host", ":30003", "host:", "host:65536", "::1:30003", "[::1:30003", "[x]:1", "[]:1",
     "a@eth0:8600", "10.0.0.1@eth0:8600", "@eth0:8600", "239.255.0.1:8600", "host:1:2"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(InputError) as error:
        parse_address(text, field="asterix", groups=True)
    assert error.value.field == "asterix"


def test_a_group_where_none_can_be() -> None:
    with pytest.raises(InputError, match="a group"):
        parse_address("239.255.0.1@eth0:8600", field="sbs")
