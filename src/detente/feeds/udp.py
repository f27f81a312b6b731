"""A feed by UDP, to one address or to a multicast group: how radar data are sent about."""

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final

from detente.errors import InputError
from detente.feeds.address import Address
from detente.feeds.feed import Feed
from detente.feeds.intake import Intake
from detente.feeds.waits import Waits
from detente.formats.decoded import Decoder

__all__ = ["UdpFeed", "listening"]

_BUFFER: Final = 4 << 20
"""Bytes that the system is asked to hold while nobody reads; it may give less."""


class UdpFeed(Feed):
    """Listens; joins its group again when nothing is heard of it, for a switch may have forgotten.

    Parameters
    ----------
    name, decoder, intake, silence, clock : as of :class:`Feed`. Each datagram stands alone.
    address : where to listen, and the group to join.
    waits : how long between tries, should the socket fail.
    """

    def __init__(
        self,
        name: str,
        decoder: Decoder,
        intake: Intake,
        address: Address,
        *,
        waits: Waits | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name, decoder, intake, **more)
        self._address = address
        self._waits = waits or Waits()

    async def run(self) -> None:
        """Bring sightings until it is cancelled.

        Raises
        ------
        InputError : it cannot be listened there.
        """
        loop = asyncio.get_running_loop()
        opened = listening(self._address)
        while True:
            ended: asyncio.Future[str] = loop.create_future()
            transport, _ = await loop.create_datagram_endpoint(
                lambda ended=ended: _Datagrams(self._heard, ended),  # type: ignore[misc]
                sock=opened,
            )
            self._log.info("listening")
            try:
                self._lost(await self._quiet(ended))
            finally:
                transport.close()
            opened = await self._again()
            self.counts.reconnects += 1

    async def _again(self) -> socket.socket:
        """Listen again, as soon as that is possible."""
        while True:
            await asyncio.sleep(self._waits.next())
            try:
                return listening(self._address)
            except InputError as error:  # the interface is away
                self._lost(error)

    async def _quiet(self, ended: "asyncio.Future[str]") -> str:
        """Wait until the socket has ended, or the group is silent; give which."""
        while True:
            before = self.counts.heard
            try:
                async with asyncio.timeout(self._silence):
                    return await asyncio.shield(ended)
            except TimeoutError:
                if self.counts.heard != before:
                    continue
            why = f"silent for {self._silence:g} s"
            if self._address.group:
                return why
            if self.counts.state != "silent":
                self.counts.state = "silent"
                self._log.warning("silent", seconds=self._silence)

    def _heard(self, datagram: bytes) -> None:
        self._waits.over()
        self._take(datagram)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, heard: Callable[[bytes], None], ended: "asyncio.Future[str]") -> None:
        self._heard = heard
        self._ended = ended

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._heard(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_result(str(exc or "closed"))


def listening(address: Address) -> socket.socket:
    """Open a socket that listens, in its group if there is one.

    Raises
    ------
    InputError : the address is not this machine's, is taken, or there is no such interface.
    """
    try:
        return _joined(address) if address.group else _bound(address)
    except OSError as error:
        raise InputError(
            f"nothing can be heard at {address}: {error.strerror or error}",
            mend="give an address or an interface of this machine, and a port that is free",
        ) from error


def _bound(address: Address) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(
        address.host, address.port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
    )[0]
    opened = _socket(family, kind, protocol)
    try:
        opened.bind(place)
    except OSError:
        opened.close()
        raise
    return opened


def _joined(address: Address) -> socket.socket:
    group = ip_address(address.group)
    family = socket.AF_INET6 if group.version == 6 else socket.AF_INET
    # bound to the group, so that no other datagram to its port is taken for one; not so on Windows
    place = "" if sys.platform == "win32" else address.group
    opened = _socket(family, socket.SOCK_DGRAM, 0)
    try:
        # others of this machine may listen to the group too
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if group.version == 6:
            interface = _index(address.host)
            opened.bind((place, address.port, 0, interface))
            member = struct.pack("@16sI", group.packed, interface)
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)
        else:
            opened.bind((place, address.port))
            member = group.packed + _of_ipv4(address.host)
            opened.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    except OSError:
        opened.close()
        raise
    return opened


def _of_ipv4(host: str) -> bytes:
    """Give an interface as ``ip_mreq``, for its address, or as ``ip_mreqn``, for its name."""
    try:
        return socket.inet_aton(host)
    except OSError:
        return struct.pack("@4si", bytes(4), socket.if_nametoindex(host))


def _index(host: str) -> int:
    """Give the number of an interface, by its name or an address with it; 0 for any."""
    if host == "::":
        return 0
    return socket.if_nametoindex(host.rpartition("%")[2])


def _socket(family: int, kind: int, protocol: int) -> socket.socket:
    opened = socket.socket(family, kind, protocol)
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    return opened
