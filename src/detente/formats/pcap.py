"""Captures of network traffic, pcap and pcapng: the UDP datagrams in them, with their times.

Source: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; the link types are those of
tcpdump.org/linktypes.html; IPv4 RFC 791, IPv6 RFC 8200, UDP RFC 768.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from detente.errors import InputError

__all__ = ["LONGEST", "Capture", "is_capture"]

LONGEST: Final = 1 << 20
"""Bytes that a block of a capture may have."""
_NG: Final = b"\x0a\x0d\x0d\x0a"
_PLAIN: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
"""The first four bytes: the order of the rest, and nanoseconds in a unit of its times."""
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLAN: Final = (0x8100, 0x88A8)
_UDP: Final = 17
_PASSED_OVER: Final = frozenset((0, 43, 60, 135))
"""IPv6's headers that may stand before UDP's: options, routing, mobility."""
_CUT: Final = "capture: cut short"


def is_capture(head: bytes) -> bool:
    """Tell whether a file begins as a capture does."""
    return head[:4] == _NG or head[:4] in _PLAIN


@dataclass(slots=True)
class _Interface:
    link: int
    unit: tuple[int, int]  # numerator and denominator of nanoseconds in a unit


class Capture:
    """Read a capture from its beginning to its end.

    Parameters
    ----------
    stream : is read once, and never held whole.

    Attributes
    ----------
    refused : what could not be read, by why.
    unwanted : packets that are no UDP, by what they are.

    Raises
    ------
    InputError : it is no capture.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.refused: Counter[str] = Counter()
        self.unwanted: Counter[str] = Counter()
        self._stream = stream
        self._head = stream.read(4)
        if not is_capture(self._head):
            raise InputError("no capture", mend="give a pcap or pcapng file")

    def datagrams(self) -> Iterator[tuple[int, bytes]]:
        """Give the time of each datagram, nanoseconds since 1970, and what is in it."""
        frames = self._blocks() if self._head == _NG else self._records()
        for time, link, frame in frames:
            data = self._payload(link, frame)
            if data is not None:
                yield time, data

    def _records(self) -> Iterator[tuple[int, int, bytes]]:
        order, unit = _PLAIN[self._head]
        header = self._read(20)
        if header is None:
            return
        link = struct.unpack(order + "I", header[16:])[0] & 0xFFFF
        while header := self._read(16, end=True):
            seconds, fraction, length, _ = struct.unpack(order + "IIII", header)
            if length > LONGEST:
                self.refused["capture: a packet of more than 1 MiB"] += 1
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
            if not 12 <= length <= LONGEST or length % 4:
                self.refused["capture: a block without an end"] += 1
                return
            body = self._read(length - 4 - len(start))
            if body is None:
                return
            body = body[:-4]
            number = struct.unpack(order + "I", kind)[0]
            if number == 1 and len(body) >= 8:
                interfaces.append(_interface(order, body))
            elif number == 6 and len(body) >= 20:
                which, high, low, size, _ = struct.unpack(order + "5I", body[:20])
                if which < len(interfaces) and size <= len(body) - 20:
                    over, under = interfaces[which].unit
                    time = ((high << 32) | low) * over // under
                    yield time, interfaces[which].link, body[20 : 20 + size]
                else:
                    self.refused["capture: a packet of no interface"] += 1
            elif number == 3:
                self.refused["capture: a packet without a time"] += 1
            kind = self._read(4, end=True)

    def _read(self, length: int, *, end: bool = False) -> bytes | None:
        """Read so much; None where the capture is cut short, or ends and may."""
        found = self._stream.read(length)
        if len(found) == length:
            return found
        if found or not end:
            self.refused[_CUT] += 1
        return None

    def _payload(self, link: int, frame: bytes) -> bytes | None:
        """Give what is in a packet's UDP datagram; None where it has none that is whole."""
        at, kind = _network(link, frame)
        packet = frame[at:]
        if kind == _IPV4 and len(packet) >= 20:
            if int.from_bytes(packet[6:8], "big") & 0x3FFF:
                self.refused["packet: in fragments"] += 1
                return None
            protocol, at = packet[9], 4 * (packet[0] & 15)
        elif kind == _IPV6 and len(packet) >= 40:
            protocol, at = packet[6], 40
            while protocol in _PASSED_OVER and len(packet) >= at + 8:
                protocol, at = packet[at], at + 8 * (packet[at + 1] + 1)
        else:
            self.unwanted["not IP"] += 1
            return None
        if protocol == 44:
            self.refused["packet: in fragments"] += 1
            return None
        if protocol != _UDP:
            self.unwanted["not UDP"] += 1
            return None
        length = int.from_bytes(packet[at + 4 : at + 6], "big")
        if length < 8 or len(packet) < at + length:
            self.refused["packet: cut short"] += 1
            return None
        return packet[at + 8 : at + length]


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
    if link == 1 and len(frame) >= 14:  # Ethernet
        at = 12
        kind = int.from_bytes(frame[at : at + 2], "big")
        while kind in _VLAN and len(frame) >= at + 6:
            at += 4
            kind = int.from_bytes(frame[at : at + 2], "big")
        return at + 2, kind
    if link == 113 and len(frame) >= 16:  # Linux, any interface
        return 16, int.from_bytes(frame[14:16], "big")
    if link == 276 and len(frame) >= 20:  # the same, version 2
        return 20, int.from_bytes(frame[:2], "big")
    at = 4 if link in (0, 108) else 0  # BSD's loopback; else the packet alone
    if link in (0, 12, 14, 101, 108, 228, 229) and len(frame) > at:
        return at, {4: _IPV4, 6: _IPV6}.get(frame[at] >> 4, 0)
    return 0, 0
