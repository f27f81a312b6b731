"""Deliveries: each party's notices sent to its receiver, in order, until they are taken."""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import Mapping
from random import uniform
from typing import Final

import httpcore
import structlog

from detente.api.config import Config
from detente.api.logs import log_fault
from detente.api.problem import ProblemError
from detente.api.reach import OutOfReach, caller
from detente.api.streams import Streams
from detente.api.told import Told
from detente.ledger import Unavailable
from detente.ledger.receivers import Receiver, Receivers

__all__ = ["Deliveries", "headers_of"]

_LOOK: Final = 1.0
"""Seconds between looks for what other processes registered, or let go."""

_GONE: Final = 410
_READ: Final = 64_000
"""Bytes read of an answer, so that the connection can be used again."""

_log = structlog.get_logger("detente.webhooks")


def headers_of(receiver: Receiver, told: Told, at: int) -> dict[str, str]:
    """Sign a notice as Standard Webhooks 1.0.0 says: its number, the time and the body.

    Parameters
    ----------
    at : seconds since 1970.

    Returns
    -------
    ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.
    """
    signed = b"%d.%d.%b" % (told.number, at, told.data)
    signature = b64encode(hmac.digest(receiver.secret, signed, "sha256")).decode()
    return {
        "webhook-id": str(told.number),
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }


class Deliveries:
    """Sends, in the one process that holds the lease.

    A receiver has a task of its own, and one notice on its way at a time: so its notices keep
    their order, and none waits for another receiver's.

    Parameters
    ----------
    streams : what parties are told.
    config : its table ``webhooks``.
    receivers : to whom. They are closed at the end.
    """

    def __init__(self, streams: Streams, config: Config, receivers: Receivers) -> None:
        self.receivers = receivers
        self._streams = streams
        self._config = config.webhooks
        self._caller = caller(config.webhooks)
        # those that fail wait for each other, and not the others for them
        self._sound = asyncio.Semaphore(config.webhooks.concurrent)
        self._failing = asyncio.Semaphore(max(1, config.webhooks.concurrent // 4))
        self._tasks: dict[tuple[str, bytes], asyncio.Task[None]] = {}
        self._looked = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Look for receivers, and send."""
        self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Send no more; what was under way is sent again later."""
        if self._looking is not None:
            self._looking.cancel()
        self._keep({})
        await self._caller.aclose()
        await asyncio.to_thread(self.receivers.close)

    def look(self) -> None:
        """Look for changes at once."""
        self._looked.set()

    async def _look(self) -> None:
        while True:
            self._looked.clear()
            try:
                sending = await asyncio.to_thread(self.receivers.lease)
                found = await asyncio.to_thread(self.receivers.all) if sending else []
                self._keep({(r.party, r.secret): r for r in found if not r.parked})
            except Unavailable as error:
                _log.warning("receivers", what=error.what)
            except Exception as error:  # a fault here must not end all sending
                log_fault(error)
            try:
                async with asyncio.timeout(_LOOK):
                    await self._looked.wait()
            except TimeoutError:
                continue

    def _keep(self, wanted: Mapping[tuple[str, bytes], Receiver]) -> None:
        """Have a task for each receiver that is wanted, and no other."""
        for name, task in list(self._tasks.items()):
            if name not in wanted:
                task.cancel()
            if name not in wanted or task.done():
                del self._tasks[name]
        for name, receiver in wanted.items():
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(self._serve(receiver))

    async def _serve(self, receiver: Receiver) -> None:
        """Send a receiver what its party is told, from where it was."""
        try:
            place = await self._streams.join(receiver.party, receiver.acknowledged, limited=False)
        except ProblemError as error:
            await self._park(receiver, error.problem.detail)
            return
        loop = asyncio.get_running_loop()
        try:
            while not self._streams.ended:
                for told in await place.more(loop.time() + 3600.0):
                    failure = await self._deliver(receiver, told)
                    if failure:
                        await self._park(receiver, failure)
                        return
                    await asyncio.to_thread(self.receivers.acknowledge, receiver, told.number)
        except Unavailable as error:  # begun anew at the next look
            _log.warning("receivers", what=error.what)
        except Exception as error:
            log_fault(error)
        finally:
            place.leave()

    async def _deliver(self, receiver: Receiver, told: Told) -> str:
        """Send until it is taken; "" then, else why it is tried no more."""
        settings = self._config
        pause = settings.first
        for attempt in range(1, settings.attempts + 1):
            async with self._sound if attempt == 1 else self._failing:
                status, what = await self._send(receiver, told)
            if 200 <= status < 300:
                return ""
            if status == _GONE:
                return what
            if attempt < settings.attempts:
                await asyncio.sleep(uniform(0.5, 1.0) * pause)
                pause = min(2 * pause, settings.longest)
        return f"{what}, {settings.attempts} times"

    async def _send(self, receiver: Receiver, told: Told) -> tuple[int, str]:
        """Send once; give the status (0 for no answer), and what to tell the party of it.

        Why there was no answer is not told: it would say what the service can see.
        """
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("content-type", "application/json"),
            ("user-agent", "detente"),
            *headers_of(receiver, told, int(self._streams.clock())).items(),
        ]
        try:
            async with (
                asyncio.timeout(self._config.patience),
                self._caller.stream(
                    "POST", receiver.url, headers=headers, content=told.data
                ) as answer,
            ):
                read = 0
                async for piece in answer.aiter_stream():
                    read += len(piece)
                    if read > _READ:
                        break
                return answer.status, f"answered with status {answer.status}"
        except (
            OutOfReach, OSError, TimeoutError, httpcore.NetworkError, httpcore.TimeoutException,
            httpcore.ProtocolError, httpcore.UnsupportedProtocol,
        ):  # fmt: skip
            return 0, "did not answer"

    async def _park(self, receiver: Receiver, why: str) -> None:
        _log.warning("parked", subject=receiver.party, why=why)
        try:
            await asyncio.to_thread(self.receivers.park, receiver, why)
        except Unavailable as error:
            _log.warning("receivers", what=error.what)
