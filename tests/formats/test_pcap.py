"""Captures: written here byte by byte as the drafts lay them out, and read."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.formats.pcap import LONGEST, Capture

TIME = 1_533_103_200_123_456_000


def udp(data: bytes) -> bytes:
    return struct.pack(">HHHH", 8600, 8600, 8 + len(data), 0) + data


def ipv4(body: bytes, *, protocol: int = 17, flags: int = 0, options: bytes = b"") -> bytes:
    words = 5 + len(options) // 4
    total = 4 * words + len(body)
    head = struct.pack(">BBHHHBBH", 0x40 | words, 0, total, 1, flags, 9, protocol, 0)
    return head + bytes(8) + options + body


def ipv6(body: bytes, *, protocol: int = 17) -> bytes:
    return struct.pack(">IHBB", 6 << 28, len(body), protocol, 9) + bytes(32) + body


def ethernet(packet: bytes, kind: int = 0x0800, tags: int = 0) -> bytes:
    return bytes(12) + b"\x81\x00\x00\x07" * tags + struct.pack(">H", kind) + packet


def plain(*frames: bytes, order: str = "<", nano: bool = False, link: int = 1) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    made = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65_535, link)
    for k, frame in enumerate(frames):
        seconds, rest = divmod(TIME + k * 10**9, 10**9)
        fraction = rest if nano else rest // 1_000
        made += struct.pack(order + "IIII", seconds, fraction, len(frame), len(frame)) + frame
    return made


def block(kind: int, body: bytes, order: str) -> bytes:
    body += bytes(-len(body) % 4)
    return (
        struct.pack(order + "II", kind, len(body) + 12)
        + body
        + struct.pack(order + "I", len(body) + 12)
    )


def ng(*frames: bytes, order: str = "<", resolution: int | None = None, link: int = 1) -> bytes:
    made = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    options = b"" if resolution is None else struct.pack(order + "HHB3xHH", 9, 1, resolution, 0, 0)
    made += block(1, struct.pack(order + "HHI", link, 0, 0) + options, order)
    made += block(0xBAD, b"what nobody knows", order)
    unit = 1_000 if resolution is None else 10**9 // 10**resolution
    for k, frame in enumerate(frames):
        high, low = divmod((TIME + k * 10**9) // unit, 2**32)
        head = struct.pack(order + "5I", 0, high, low, len(frame), len(frame))
        made += block(6, head + frame, order)
    return made


def read(capture: bytes) -> tuple[list[tuple[int, bytes]], Capture]:
    opened = Capture(BytesIO(capture))
    return list(opened.datagrams()), opened


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
@pytest.mark.parametrize("form", ["plain", "ng"])
def test_both_forms_in_both_orders(form: str, nano: bool, order: str) -> None:
    frames = [ethernet(ipv4(udp(b"one"))), ethernet(ipv4(udp(b"two"), options=bytes(8)))]
    if form == "plain":
        made = plain(*frames, order=order, nano=nano)
    else:
        made = ng(*frames, order=order, resolution=9 if nano else None)
    found, opened = read(made)
    assert found == [(TIME, b"one"), (TIME + 10**9, b"two")]
    assert not opened.refused
    assert not opened.unwanted


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (1, ethernet(ipv6(udp(b"x")), 0x86DD)),
        (1, ethernet(ipv4(udp(b"x")), tags=2)),
        (1, ethernet(ipv6(struct.pack(">BB6x", 17, 0) + udp(b"x"), protocol=0), 0x86DD)),
        (1, ethernet(ipv4(udp(b"x"))) + bytes(20)),
        (101, ipv4(udp(b"x"))),
        (101, ipv6(udp(b"x"))),
        (0, struct.pack("<I", 2) + ipv4(udp(b"x"))),
        (113, bytes(14) + b"\x08\x00" + ipv4(udp(b"x"))),
        (276, b"\x86\xdd" + bytes(18) + ipv6(udp(b"x"))),
    ],
)
def test_links(link: int, frame: bytes) -> None:
    found, opened = read(plain(frame, link=link))
    assert [data for _, data in found] == [b"x"]
    assert not opened.refused


def test_what_is_no_datagram_is_counted() -> None:
    good = ethernet(ipv4(udp(b"x")))
    found, opened = read(plain(
        ethernet(b"\0" * 28, 0x0806), ethernet(ipv4(b"", protocol=6)), good,
        ethernet(ipv4(udp(b"a piece"), flags=0x2000)), ethernet(ipv4(udp(b"cut"))[:-1]),
        ethernet(ipv6(bytes(8), protocol=44), 0x86DD), b"", good,
    ))  # fmt: skip
    assert [data for _, data in found] == [b"x", b"x"]
    assert opened.unwanted == {"not IP": 2, "not UDP": 1}
    assert opened.refused == {"packet: in fragments": 2, "packet: cut short": 1}


@pytest.mark.parametrize("made", [plain, ng])
def test_a_capture_that_was_cut_off(made) -> None:
    frame = ethernet(ipv4(udp(b"x")))
    whole = made(frame, frame)
    for length in range(5, len(whole)):
        found, opened = read(whole[:length])
        assert len(found) < 2 or length > len(whole) - 4
        assert sum(opened.refused.values()) <= 1
    assert not read(whole)[1].refused


def test_a_length_that_cannot_be() -> None:
    head = plain()
    opened = Capture(BytesIO(head + struct.pack("<IIII", 0, 0, LONGEST + 1, 0)))
    assert list(opened.datagrams()) == []
    assert opened.refused == {"capture: a packet of more than 1 MiB": 1}
    opened = Capture(BytesIO(ng()[:-4] + struct.pack("<IIII", 0, 6, 8, 0)))
    assert list(opened.datagrams()) == []


def test_what_is_no_capture() -> None:
    for text in (b"", b"MSG,3,1,1,", b"\xd4\xc3"):
        with pytest.raises(InputError, match="no capture"):
            Capture(BytesIO(text))


@given(st.sampled_from([plain, ng]), st.data())
def test_garbage_is_never_an_error(made, data) -> None:
    frame = ethernet(ipv4(udp(b"data")))
    capture = bytearray(made(frame, ethernet(ipv6(udp(b"data")), 0x86DD), frame))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(4, len(capture) - 1))
        capture[at] = data.draw(st.integers(0, 255))
    found, _ = read(bytes(capture))
    assert len(found) <= 3
