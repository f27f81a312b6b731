"""Captures: written here byte by byte as the drafts lay them out, and read."""

import struct
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.formats.pcap import is_capture, read_pcap

PORT = 8600
TIME = 1_533_103_200_123_456_000


def udp(data: bytes) -> bytes:
    return struct.pack(">HHHH", 30_000, PORT, 8 + len(data), 0) + data


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


Found = tuple[list[tuple[int, bytes]], Counter[str], Counter[str]]


def read(capture: bytes) -> Found:
    """What was carried and when, what was refused, and what was not wanted."""
    refused: Counter[str] = Counter()
    unwanted: Counter[str] = Counter()
    with NamedTemporaryFile() as file:
        file.write(capture)
        file.flush()
        found = list(read_pcap(Path(file.name), refused, unwanted))
    return [(datagram.time, datagram.payload) for datagram in found], refused, unwanted


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
@pytest.mark.parametrize("form", ["plain", "ng"])
def test_both_forms_in_both_orders(form: str, nano: bool, order: str) -> None:
    frames = [ethernet(ipv4(udp(b"one"))), ethernet(ipv4(udp(b"two"), options=bytes(8)))]
    if form == "plain":
        made = plain(*frames, order=order, nano=nano)
    else:
        made = ng(*frames, order=order, resolution=9 if nano else None)
    found, refused, unwanted = read(made)
    assert found == [(TIME, b"one"), (TIME + 10**9, b"two")]
    assert not refused + unwanted
    assert is_capture(made)


def test_where_it_went(tmp_path: Path) -> None:
    path = tmp_path / "one.pcap"
    path.write_bytes(plain(ethernet(ipv4(udp(b"x")))))
    assert [datagram.port for datagram in read_pcap(path, Counter())] == [PORT]


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
    found, refused, _ = read(plain(frame, link=link))
    assert [data for _, data in found] == [b"x"]
    assert not refused


def test_what_is_no_datagram_is_counted() -> None:
    good = ethernet(ipv4(udp(b"x")))
    found, refused, unwanted = read(plain(
        ethernet(b"\0" * 28, 0x0806), ethernet(ipv4(b"", protocol=6)), good,
        ethernet(ipv4(udp(b"a piece"), flags=0x2000)), ethernet(ipv4(udp(b"cut"))[:-1]),
        ethernet(ipv6(bytes(8), protocol=44), 0x86DD), b"", good,
    ))  # fmt: skip
    assert [data for _, data in found] == [b"x", b"x"]
    assert unwanted == {"packet of another protocol": 3}
    assert refused == {"packet: a fragment": 2, "packet: cut short": 1}


@pytest.mark.parametrize("made", [plain, ng])
def test_a_capture_that_was_cut_off(made) -> None:
    frame = ethernet(ipv4(udp(b"x")))
    whole = made(frame, frame)
    for length in range(5, len(whole)):
        found, refused, _ = read(whole[:length])
        assert len(found) < 2
        assert set(refused) <= {"capture: cut short"}
    assert len(read(whole)[0]) == 2
    assert not read(whole)[1]


def test_a_length_that_cannot_be() -> None:
    found, refused, _ = read(plain() + struct.pack("<IIII", 0, 0, (1 << 20) + 1, 0))
    assert (found, refused) == ([], {"capture: a packet of more than 1 MiB": 1})
    found, refused, _ = read(ng() + struct.pack("<IIII", 6, 8, 0, 0))
    assert (found, refused) == ([], {"capture: a block without an end": 1})


def test_what_is_no_capture() -> None:
    for text in (b"", b"MSG,3,1,1,", b"\xd4\xc3"):
        assert not is_capture(text)
        with pytest.raises(InputError, match="no capture"):
            read(text)
    with pytest.raises(InputError, match="link type 147"):
        read(plain(link=147))
    with pytest.raises(InputError, match="link type 147"):
        read(ng(link=147))


@given(st.sampled_from([plain, ng]), st.data())
def test_garbage_is_never_an_error(made, data) -> None:
    frame = ethernet(ipv4(udp(b"data")))
    capture = bytearray(made(frame, ethernet(ipv6(udp(b"data")), 0x86DD), frame))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(4, len(capture) - 1))
        capture[at] = data.draw(st.integers(0, 255))
    try:
        assert len(read(bytes(capture))[0]) <= 3
    except InputError as error:
        assert "link type" in error.what  # noqa: PT017 - it is the only one that may be
