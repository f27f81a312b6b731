"""A feed that runs as long as a block, and waiting for what comes of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from detente.feeds.feed import Feed

__all__ = ["LOOPBACKS", "running", "until"]


def _bound(host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as one:
            one.bind((host, 0))
    except OSError:
        return False
    return True


LOOPBACKS = [host for host in ("127.0.0.1", "::1") if _bound(host)]
"""This machine's own addresses; it may be without IPv6."""


@asynccontextmanager
async def running(feed: Feed) -> AsyncIterator[Feed]:
    """Run a feed; what it raises, the block raises."""
    task = asyncio.create_task(feed.run())
    try:
        yield feed
    finally:
        if not task.done():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.002)
