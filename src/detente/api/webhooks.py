"""Webhooks: a party has its notices sent to a URL of its own, instead of following them."""

import asyncio
from base64 import b64encode
from secrets import token_bytes
from typing import Annotated, Final

from litestar import Controller, delete, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Meta, Struct

from detente.api.answers import Asked, Key
from detente.api.caller import may
from detente.api.config import Config
from detente.api.counter import Counter
from detente.api.deliveries import Deliveries
from detente.api.problem import MEDIA_TYPE, Problem, ProblemError
from detente.api.reach import check_url
from detente.ledger.receivers import Receiver

__all__ = ["Address", "Webhook", "WebhooksController"]

_SECRET: Final = 32
_NONE: Final = {404: ResponseSpec(Problem, media_type=MEDIA_TYPE, description="There is none")}


class Address(Struct, frozen=True, forbid_unknown_fields=True):
    """Where notices are to be sent.

    Parameters
    ----------
    url : https; it answers with a status of 200 to 299 once it has a notice.
    after : the number of the last notice that need not be sent; by default those to come, or
        those that an address before this one has not taken.
    """

    url: str
    after: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class Webhook(Struct, frozen=True, omit_defaults=True):
    """Where notices are sent.

    Parameters
    ----------
    acknowledged : the number of the last notice that was taken.
    parked : why nothing is sent until the party asks for it.
    secret : signs what is sent; told when it is made, and never again.
    """

    url: str
    acknowledged: int
    parked: str = ""
    secret: str = ""


class WebhooksController(Controller):
    """``/v1/webhook``."""

    path = "/v1/webhook"
    tags = ("events",)

    @put(guards=[may("follow")], status_code=200)
    async def register(
        self,
        request: Asked,
        counter: Counter,
        deliveries: Deliveries,
        config: Config,
        data: Address,
        key: Key,
    ) -> Webhook:
        """Have notices sent to a URL, in place of another; the answer has the secret."""
        party = request.user.subject
        url = check_url(data.url, config.webhooks)
        head = await counter.read(lambda state: len(state.heard(party)))
        if data.after is not None and data.after > head:
            raise ProblemError(
                "invalid", f"there is no notice {data.after} yet", field="after",
                mend="leave it out to begin with what comes now, or give 0 for all",
            )  # fmt: skip

        def put() -> Receiver:
            known = deliveries.receivers.get(party)
            if known is not None and known.key == key:
                return known
            after = data.after
            if after is None:
                after = head if known is None else known.acknowledged
            return deliveries.receivers.put(Receiver(party, url, token_bytes(_SECRET), key, after))

        made = await asyncio.to_thread(put)
        if made.url != url:
            raise ProblemError(
                "key", "another URL came under this key", field="Idempotency-Key",
                mend="take another key for another request",
            )  # fmt: skip
        deliveries.look()
        return _shown(made, secret=True)

    @get(guards=[may("follow")], responses=_NONE)
    async def one(self, request: Asked, deliveries: Deliveries) -> Webhook:
        """Tell where notices are sent, and up to which they were taken."""
        return _shown(await _known(deliveries, request.user.subject))

    @post("/resume", guards=[may("follow")], status_code=200)
    async def resume(self, request: Asked, deliveries: Deliveries, key: Key) -> Webhook:
        """Send again, from the notice that was not taken."""
        known = await _known(deliveries, request.user.subject)
        await asyncio.to_thread(deliveries.receivers.park, known, "")
        deliveries.look()
        return _shown(await _known(deliveries, known.party))

    @delete(guards=[may("follow")], status_code=204)
    async def remove(self, request: Asked, deliveries: Deliveries, key: Key) -> None:
        """Send no more."""
        known = await _known(deliveries, request.user.subject)
        await asyncio.to_thread(deliveries.receivers.remove, known.party)
        deliveries.look()


async def _known(deliveries: Deliveries, party: str) -> Receiver:
    known = await asyncio.to_thread(deliveries.receivers.get, party)
    if known is None:
        raise ProblemError(
            "unknown", "no webhook is registered", mend="register one: PUT /v1/webhook"
        )
    return known


def _shown(receiver: Receiver, *, secret: bool = False) -> Webhook:
    shown = f"whsec_{b64encode(receiver.secret).decode()}" if secret else ""
    return Webhook(receiver.url, receiver.acknowledged, receiver.parked, shown)
