"""A party's own intents: file, amend, the steps of a flight, alternatives."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post, put
from litestar.params import Parameter
from msgspec import Struct

from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.limits import Measures
from detente.api.problem import ProblemError, refused
from detente.authority import Command, Notice, State
from detente.authority import command as c
from detente.authority.disclosure import Alternatives, OwnIntent, Refusal, own
from detente.authority.extent import Extent, Volume4D

__all__ = ["Filing", "IntentsController", "OffNominal"]

Key = Annotated[
    str,
    Parameter(
        header="Idempotency-Key", min_length=1, max_length=200,
        description="The caller's own; the same request under the same key gets the same answer.",
    ),
]  # fmt: skip
Version = Annotated[
    str | None,
    Parameter(header="If-Match", description='The version that is meant, as in ETag: "3".'),
]


class Filing(Struct, frozen=True, forbid_unknown_fields=True):
    """A flight, as a trajectory or as volumes.

    Parameters
    ----------
    extent : timed positions, or a list of 4D volumes.
    precedence : its class; "" for the lowest.
    """

    extent: Extent
    precedence: str = ""


class OffNominal(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a flight may be that is not where it was declared."""

    volumes: tuple[Volume4D, ...]


class IntentsController(Controller):
    """``/v1/intents``: the caller's own. Another's cannot be named here at all."""

    path = "/v1/intents"
    tags = ("intents",)

    @get("/{intent:str}", guards=[may("read")])
    async def one(self, request: Request[Any, Any, Any], counter: Counter, intent: str
                  ) -> Response[OwnIntent]:  # fmt: skip
        """Give one of the caller's intents."""
        return _entity(await _own(counter, request.user.subject, intent))

    @put("/{intent:str}", guards=[may("file")], status_code=200)
    async def file(
        self,
        request: Request[Any, Any, Any],
        counter: Counter,
        measures: Measures,
        intent: str,
        data: Filing,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """File a flight; with If-Match, amend it."""
        await measures.filing(request.user, data.extent, datetime.now(UTC))
        if version is None:
            return await _submit(counter, request, key, lambda **k: c.File(
                intent=intent, extent=data.extent, precedence=data.precedence, **k))  # fmt: skip
        number = _number(version)
        return await _submit(counter, request, key, lambda **k: c.Amend(
            intent=intent, version=number, extent=data.extent, precedence=data.precedence,
            **k))  # fmt: skip

    @get("/{intent:str}/alternatives", guards=[may("read")])
    async def alternatives(
        self, request: Request[Any, Any, Any], counter: Counter, intent: str
    ) -> Alternatives:
        """Give what a refused or held flight could do instead, and until when it may be taken."""
        known = await _own(counter, request.user.subject, intent)
        return known.alternatives or Alternatives((), None)

    @post("/{intent:str}/alternatives/{offer:str}", guards=[may("file")], status_code=200)
    async def take(
        self,
        request: Request[Any, Any, Any],
        counter: Counter,
        intent: str,
        offer: str,
        key: Key,
        version: Version = None,
    ) -> Response[OwnIntent]:
        """Take an alternative before it expires."""
        number = _number(version)
        return await _submit(counter, request, key, lambda **k: c.Take(
            intent=intent, version=number, offer=offer, **k))  # fmt: skip


async def _submit(
    counter: Counter,
    request: Request[Any, Any, Any],
    key: str,
    command: Callable[..., Command],
) -> Response[OwnIntent]:
    """Have a party's command decided on; answer what became of its intent."""
    answer = await counter.submit(command(at=datetime.now(UTC), by=request.user.by, key=key))
    assert isinstance(answer, Notice)
    for content in answer.contents:
        if isinstance(content, Refusal):
            raise refused(content)
        if isinstance(content, OwnIntent):
            return _entity(content)
    raise ProblemError("fault", "no answer about the intent")


def _entity(intent: OwnIntent) -> Response[OwnIntent]:
    return Response(intent, headers={"ETag": f'"{intent.version}"'})


async def _own(counter: Counter, party: str, id: str) -> OwnIntent:
    def question(state: State) -> OwnIntent | None:
        return own(state, party, id)

    known = await counter.read(question)
    if known is None:
        raise ProblemError("unknown", f"no intent {id!r}", field="intent")
    return known


def _number(version: str | None) -> int:
    text = (version or "").strip().removeprefix("W/").strip('"')
    if not text.isdigit() or len(text) > 15:
        raise ProblemError(
            "version", "no version in If-Match", field="If-Match",
            mend="give the ETag of the intent's last answer",
        )  # fmt: skip
    return int(text)
