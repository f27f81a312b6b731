"""A feed by TCP: what a receiver serves to whoever connects, such as BaseStation lines."""

import asyncio
import socket
from contextlib import suppress
from typing import Any, Final

from detente.feeds.address import Address
from detente.feeds.feed import Feed
from detente.feeds.intake import Intake
from detente.feeds.waits import Waits
from detente.formats.decoded import Decoder

__all__ = ["TcpFeed"]

_CHUNK: Final = 65_536
_CONNECT: Final = 10.0
"""Seconds that a connection may take."""
_ALIVE: Final = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""After 30 s without a byte the other side is asked three times, 10 s apart, if it is there."""


class TcpFeed(Feed):
    """Connects, reads, and connects again when the connection ends, breaks or falls silent.

    Parameters
    ----------
    name, decoder, intake, silence, clock : as of :class:`Feed`.
    address : where to connect.
    waits : how long between tries; they begin anew once something came.
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
        """Bring sightings until it is cancelled."""
        connected = False
        while True:
            try:
                async with asyncio.timeout(_CONNECT):
                    reader, writer = await asyncio.open_connection(
                        self._address.host, self._address.port
                    )
            except OSError as error:  # a name that is not known is one, and a time-out too
                self._lost(error)
            else:
                self.counts.reconnects += connected
                connected = True
                self._log.info("connected")
                try:
                    self._lost(await self._read(reader, writer))
                finally:
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
            await asyncio.sleep(self._waits.next())

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """Read until nothing more comes; give why."""
        _keep_alive(writer.get_extra_info("socket"))
        # half a line of the last connection does not go with the first of this one
        self._decoder.reset()
        while True:
            try:
                async with asyncio.timeout(self._silence):
                    chunk = await reader.read(_CHUNK)
            except TimeoutError:
                return f"silent for {self._silence:g} s"
            except OSError as error:
                return str(error)
            if not chunk:
                return "closed by the other side"
            self._waits.over()
            self._take(chunk)
            # a read that finds bytes does not let others run
            await asyncio.sleep(0)


def _keep_alive(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _ALIVE.items():
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
