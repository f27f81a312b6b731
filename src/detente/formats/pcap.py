"""Datagrams from a recorded network (pcap and pcapng): what UDP carried over IPv4 and IPv6.

Source: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; the link types are those of
tcpdump.org/linktypes.html; RFC 768, RFC 791, RFC 8200.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

from detente.errors import InputError
from detente.formats.source import open_binary

__all__ = ["Datagram", "is_capture", "read_pcap"]

_LONGEST: Final = 1 << 20
"""Bytes that a packet, or a block of a pcapng, may have."""
_NG: Final = b"\x0a\x0d\x0d\x0a"
_PLAIN: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
"""The first four bytes: the order of the rest, and nanoseconds in a unit of its times."""
_ETHERNET, _COOKED, _COOKED_2 = 1, 113, 276
_LOOPBACK, _ALONE = (0, 108), (12, 14, 101, 228, 229)
_LINKS: Final = (_ETHERNET, _COOKED, _COOKED_2, *_LOOPBACK, *_ALONE)
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLANS: Final = (0x8100, 0x88A8)
_UDP: Final = 17
_PASSED_OVER: Final = frozenset((0, 43, 60, 135))
"""IPv6's headers that may stand before UDP's: options, routing, mobility."""
_FRAGMENT: Final = 44
_CUT: Final = "packet: cut short"
_OTHER: Final = "packet of another protocol"


class Datagram(NamedTuple):
    """What one UDP datagram carried.

    Parameters
    ----------
    time : when it was captured, nanoseconds since 1970.
    port : where it went.
    payload : what it carried.
    """

    time: int
    port: int
    payload: bytes


def is_capture(head: bytes) -> bool:
    """Tell whether a file begins as a capture does."""
    return head[:4] == _NG or head[:4] in _PLAIN


def read_pcap(
    path: Path, refused: Counter[str], unwanted: Counter[str] | None = None
) -> Iterator[Datagram]:
    """Go through the datagrams of a capture, in the order that they were captured.

    Parameters
    ----------
    path : the file, also gzipped.
    refused : counts packets that are cut short, or parts of a datagram; and "capture: cut short",
        as a capture is whose writing was stopped: what is before that is read.
    unwanted : counts packets of other kinds.

    Raises
    ------
    InputError : no capture, or one of a link type that is not read.
    """
    with open_binary(path) as stream:
        capture = _Capture(stream, path, refused, Counter() if unwanted is None else unwanted)
        yield from capture.datagrams()


@dataclass(slots=True)
class _Interface:
    link: int
    unit: tuple[int, int]  # numerator and denominator of nanoseconds in a unit


class _Capture:
    """A capture that is read from its beginning to its end, and never held whole."""

    def __init__(
        self, stream: IO[bytes], path: Path, refused: Counter[str], unwanted: Counter[str]
    ) -> None:
        self._stream = stream
        self._path = path
        self._refused = refused
        self._unwanted = unwanted
        self._head = stream.read(4)
        if not is_capture(self._head):
            raise InputError("no capture", file=str(path), mend="give a pcap or pcapng file")

    def datagrams(self) -> Iterator[Datagram]:
        frames = self._blocks() if self._head == _NG else self._records()
        for time, link, frame in frames:
            found = _datagram(link, frame)
            if found == _OTHER:
                self._unwanted[found] += 1
            elif isinstance(found, str):
                self._refused[found] += 1
            else:
                yield Datagram(time, *found)

    def _records(self) -> Iterator[tuple[int, int, bytes]]:
        order, unit = _PLAIN[self._head]
        header = self._read(20)
        if header is None:
            return
        link = self._known(struct.unpack(order + "I", header[16:])[0] & 0xFFFF)
        while header := self._read(16, end=True):
            seconds, fraction, length, _ = struct.unpack(order + "IIII", header)
            if length > _LONGEST:
                self._refused["capture: a packet of more than 1 MiB"] += 1
                return
            frame = self._read(length)
            if frame is None:
                return
            yield seconds * 1_000_000_000 + fraction * unit, link, frame

    def _blocks(self) -> Iterator[tuple[int, int, bytes]]:
        order = "<"
        interfaces: list[_Interface] = []
        kind: bytes | None = self._head
        while kind:
            start = self._read(8 if kind == _NG else 4)
            if start is None:
                return
            if kind == _NG:
                order = "<" if start[4:] == b"\x4d\x3c\x2b\x1a" else ">"
                interfaces = []
            length = struct.unpack(order + "I", start[:4])[0]
            if not 12 <= length <= _LONGEST or length % 4:
                self._refused["capture: a block without an end"] += 1
                return
            body = self._read(length - 4 - len(start))
            if body is None:
                return
            body = body[:-4]
            number = struct.unpack(order + "I", kind)[0]
            if number == 1 and len(body) >= 8:
                interfaces.append(_interface(order, body))
                self._known(interfaces[-1].link)
            elif number == 6 and len(body) >= 20:
                which, high, low, size, _ = struct.unpack(order + "5I", body[:20])
                if which < len(interfaces) and size <= len(body) - 20:
                    over, under = interfaces[which].unit
                    time = ((high << 32) | low) * over // under
                    yield time, interfaces[which].link, body[20 : 20 + size]
                else:
                    self._refused["capture: a packet of no interface"] += 1
            elif number == 3:
                self._refused["capture: a packet without a time"] += 1
            kind = self._read(4, end=True)

    def _read(self, length: int, *, end: bool = False) -> bytes | None:
        """Read so much; None where the capture is cut short, or ends and may."""
        found = self._stream.read(length)
        if len(found) == length:
            return found
        if found or not end:
            self._refused["capture: cut short"] += 1
        return None

    def _known(self, link: int) -> int:
        if link not in _LINKS:
            raise InputError(
                f"a capture of link type {link}", file=str(self._path),
                mend="capture Ethernet, Linux cooked, or IP itself",
            )  # fmt: skip
        return link


def _datagram(link: int, frame: bytes) -> tuple[int, bytes] | str:
    """Give port and payload; or why there is none."""
    at, kind = _network(link, frame)
    packet = frame[at:]
    if kind == _IPV4 and len(packet) >= 20:
        protocol, at = packet[9], 4 * (packet[0] & 15)
        # more fragments, or not the first of them
        if protocol == _UDP and int.from_bytes(packet[6:8], "big") & 0x3FFF:
            return "packet: a fragment"
    elif kind == _IPV6 and len(packet) >= 40:
        protocol, at = packet[6], 40
        while protocol in _PASSED_OVER and len(packet) >= at + 8:
            protocol, at = packet[at], at + 8 * (packet[at + 1] + 1)
    else:
        return _CUT if kind in (_IPV4, _IPV6) else _OTHER
    if protocol == _FRAGMENT:
        return "packet: a fragment"
    if protocol != _UDP:
        return _OTHER
    length = int.from_bytes(packet[at + 4 : at + 6], "big")
    if length < 8 or len(packet) < at + length:
        return _CUT
    return int.from_bytes(packet[at + 2 : at + 4], "big"), packet[at + 8 : at + length]


def _interface(order: str, body: bytes) -> _Interface:
    link = struct.unpack(order + "H", body[:2])[0]
    unit = (1_000, 1)  # microseconds, where nothing is said
    at = 8
    while at + 4 <= len(body):
        code, length = struct.unpack(order + "HH", body[at : at + 4])
        if code == 0:
            break
        if code == 9 and length == 1 and at + 4 < len(body):
            power = body[at + 4]
            base = 2 if power & 0x80 else 10
            unit = (1_000_000_000, base ** (power & 0x7F))
        at += 4 + length + (-length) % 4
    return _Interface(link, unit)


def _network(link: int, frame: bytes) -> tuple[int, int]:
    """Give where a frame's packet begins, and its kind as an EtherType; 0 for none."""
    if link == _ETHERNET:
        at = 12
        kind = int.from_bytes(frame[at : at + 2], "big")
        while kind in _VLANS and len(frame) >= at + 6:
            at += 4
            kind = int.from_bytes(frame[at : at + 2], "big")
        return at + 2, kind
    if link == _COOKED:
        return 16, int.from_bytes(frame[14:16], "big")
    if link == _COOKED_2:
        return 20, int.from_bytes(frame[:2], "big")
    at = 4 if link in _LOOPBACK else 0
    return at, {4: _IPV4, 6: _IPV6}.get(frame[at] >> 4, 0) if len(frame) > at else 0
