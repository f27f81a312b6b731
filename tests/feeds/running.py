"""A feed that runs as long as a block, and waiting for what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from detente.feeds.feed import Feed

__all__ = ["running", "until"]


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
