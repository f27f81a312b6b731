"""Datagrams from a recorded network (classic pcap): what UDP carried over IPv4 and IPv6.

Source: the pcap capture file format (IETF draft-ietf-opsawg-pcap) and its registry of link
types; RFC 768, RFC 791, RFC 8200.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from detente.errors import InputError
from detente.formats.source import open_binary

__all__ = ["MAGICS", "Datagram", "read_pcap"]

MAGICS = {
    b"\xa1\xb2\xc3\xd4": ("big", 1_000),
    b"\xd4\xc3\xb2\xa1": ("little", 1_000),
    b"\xa1\xb2\x3c\x4d": ("big", 1),
    b"\x4d\x3c\xb2\xa1": ("little", 1),
}
"""The first four bytes: the order of bytes, and nanoseconds in the unit of its times."""
_PCAPNG = b"\x0a\x0d\x0d\x0a"
_LARGEST = 262_144
_LINKS = {1: 14, 113: 16, 276: 20}
"""Link type to bytes before the packet: Ethernet, and Linux's two cooked captures."""
_RAW = {12, 14, 101, 228, 229}
_PROTOCOL_AT = {1: 12, 113: 14, 276: 0}
_IPV4, _IPV6, _VLANS = 0x0800, 0x86DD, (0x8100, 0x88A8)
_UDP = 17


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


def read_pcap(
    path: Path, refused: Counter[str], unwanted: Counter[str] | None = None
) -> Iterator[Datagram]:
    """Go through the datagrams of a capture, in the order that they were captured.

    Parameters
    ----------
    path : the file, also gzipped.
    refused : counts packets that are cut short, or that are parts of a datagram.
    unwanted : counts packets of other kinds.

    Raises
    ------
    InputError : not a classic pcap, of a link type that is not read, or cut short in itself.
    """
    unwanted = Counter() if unwanted is None else unwanted
    with open_binary(path) as stream:
        header = stream.read(24)
        if header[:4] not in MAGICS:
            again = header[:4] == _PCAPNG
            raise InputError(
                "a pcapng file" if again else "not a pcap file",
                file=str(path),
                mend="convert it: editcap -F pcap" if again else "give a classic pcap",
            )
        order, unit = MAGICS[header[:4]]
        link = _number(header[20:24], order) & 0xFFFF
        if len(header) < 24 or (link not in _LINKS and link not in _RAW):
            raise InputError(
                f"a capture of link type {link}",
                file=str(path),
                mend="capture Ethernet, Linux cooked, or IP itself",
            )
        for time, packet in _packets(stream, path, order, unit):
            found = _datagram(packet, link)
            if isinstance(found, str):
                (unwanted if found.startswith("packet of") else refused)[found] += 1
            else:
                yield Datagram(time, *found)


def _packets(stream: IO[bytes], path: Path, order: str, unit: int) -> Iterator[tuple[int, bytes]]:
    while header := stream.read(16):
        size = _number(header[8:12], order)
        packet = stream.read(size) if len(header) == 16 and size <= _LARGEST else b""
        if len(header) < 16 or len(packet) < size:
            raise InputError(
                "a capture that is cut short or damaged",
                file=str(path),
                mend="copy it again, or repair it with editcap",
            )
        seconds, part = _number(header[:4], order), _number(header[4:8], order)
        yield seconds * 1_000_000_000 + part * unit, packet


def _datagram(packet: bytes, link: int) -> tuple[int, bytes] | str:
    """Give port and payload; or why there is none."""
    at = 0
    if link in _LINKS:
        at = _LINKS[link]
        kind = _number(packet[_PROTOCOL_AT[link] : _PROTOCOL_AT[link] + 2], "big")
        while kind in _VLANS and len(packet) >= at + 4:
            kind = _number(packet[at + 2 : at + 4], "big")
            at += 4
        if kind not in (_IPV4, _IPV6):
            return "packet of another protocol"
    version = packet[at] >> 4 if len(packet) > at else 0
    if version == 4:
        size = 4 * (packet[at] & 0xF)
        if size < 20 or len(packet) < at + size:
            return "packet: cut short"
        if packet[at + 9] != _UDP:
            return "packet of another protocol"
        # more fragments, or not the first of them
        if _number(packet[at + 6 : at + 8], "big") & 0x3FFF:
            return "packet: a fragment"
        at += size
    elif version == 6:
        if len(packet) < at + 40:
            return "packet: cut short"
        if packet[at + 6] != _UDP:
            return "packet of another protocol"
        at += 40
    else:
        return "packet of another protocol"
    if len(packet) < at + 8:
        return "packet: cut short"
    length = _number(packet[at + 4 : at + 6], "big")
    if length < 8 or len(packet) < at + length:
        return "packet: cut short"
    return _number(packet[at + 2 : at + 4], "big"), packet[at + 8 : at + length]


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "little" if order == "little" else "big")
