"""The ledger itself, for those who audit it."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get
from litestar.params import QueryParameter
from msgspec import Struct

from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.paging import Limit

__all__ = ["Entered", "Head", "LedgerController"]


class Entered(Struct, frozen=True):
    """One entry: its position, its hash in hex, and the outcome as it was written."""

    position: int
    hash: str
    outcome: dict[str, Any]


class Head(Struct, frozen=True):
    """Where the ledger ends: note it elsewhere, and a lost tail will be found."""

    position: int
    hash: str


class LedgerController(Controller):
    """``/v1/ledger``."""

    path = "/v1/ledger"
    tags = ("ledger",)

    @get(guards=[may("audit")])
    async def many(
        self,
        counter: Counter,
        after: Annotated[int, QueryParameter(ge=0, le=2**53)] = 0,
        limit: Limit = 100,
    ) -> list[Entered]:
        """Give entries after a position; what ``detente ledger verify`` checks."""

        def read() -> list[Entered]:
            return [
                Entered(entry.position, entry.hash.hex(), msgspec.json.decode(entry.body))
                for entry in counter.desk.ledger.read(after, limit)
            ]

        return await counter.call(read)

    @get("/head", guards=[may("audit")])
    async def head(self, counter: Counter) -> Head:
        """Give the last position, and its hash."""
        position, hash = await counter.call(counter.desk.ledger.head)
        return Head(position, hash.hex())
