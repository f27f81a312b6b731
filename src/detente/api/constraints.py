"""Constraints: what is closed or limited. Everybody reads them; the authority publishes them."""

from typing import Any

from litestar import Controller, Response, delete, get, put
from msgspec import Struct

from detente.api.answers import Asked, Key, Version, by_authority, number_of
from detente.api.caller import may
from detente.api.counter import Counter
from detente.api.filters import Filter
from detente.api.limits import Measures
from detente.api.paging import Cursor, Limit, Page, page, start_of
from detente.api.problem import ProblemError
from detente.authority import Effect, Outcome
from detente.authority import command as c
from detente.authority.disclosure import PublicConstraint, constraints_for
from detente.authority.extent import Volume4D

__all__ = ["Closure", "ConstraintsController"]


class Closure(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the airspace to be closed or limited.

    Parameters
    ----------
    volumes : one or more; without times, until it is lifted.
    effect : closed to all, or limited to the parties that are ``permitted``.
    reason : in words; public.
    """

    volumes: tuple[Volume4D, ...]
    effect: Effect = Effect.CLOSED
    permitted: tuple[str, ...] = ()
    reason: str = ""


class ConstraintsController(Controller):
    """``/v1/constraints``."""

    path = "/v1/constraints"
    tags = ("constraints",)

    @get(guards=[may("read")])
    async def many(
        self,
        request: Asked,
        counter: Counter,
        narrow: Filter,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Page[PublicConstraint]:
        """List the constraints in force, by identifier."""
        after, who = start_of(cursor), request.user.party
        known = await counter.read(lambda state: constraints_for(state, who))
        rows = ((x.constraint, x) for x in known if x.constraint > after)
        return page(((id, x) for id, x in rows if narrow.takes(x.volumes)), limit)

    @get("/{constraint:str}", guards=[may("read")])
    async def one(
        self, request: Asked, counter: Counter, constraint: str
    ) -> Response[PublicConstraint]:
        """Give one constraint."""
        who = request.user.party
        known = await counter.read(lambda state: constraints_for(state, who))
        for found in known:
            if found.constraint == constraint:
                return Response(found, headers={"ETag": f'"{found.version}"'})
        raise ProblemError("unknown", f"no constraint {constraint!r}", field="constraint")

    @put("/{constraint:str}", guards=[may("close")], status_code=200)
    async def publish(
        self,
        request: Asked,
        counter: Counter,
        measures: Measures,
        constraint: str,
        data: Closure,
        key: Key,
        version: Version = None,
    ) -> Outcome:
        """Publish a constraint; with If-Match, amend it. Whom it hits is held and told."""
        measures.volumes(data.volumes, "volumes")
        what: dict[str, Any] = {
            "constraint": constraint,
            "volumes": data.volumes,
            "effect": data.effect,
            "permitted": data.permitted,
            "reason": data.reason,
        }
        if version is None:
            return await by_authority(
                counter, request, key, lambda **k: c.PublishConstraint(**what, **k)
            )
        number = number_of(version)
        return await by_authority(
            counter, request, key, lambda **k: c.AmendConstraint(version=number, **what, **k)
        )

    @delete("/{constraint:str}", guards=[may("close")], status_code=200)
    async def lift(
        self, request: Asked, counter: Counter, constraint: str, key: Key, version: Version = None
    ) -> Outcome:
        """Let a constraint hold no more; what it held is looked at again."""
        number = number_of(version)
        return await by_authority(
            counter,
            request,
            key,
            lambda **k: c.LiftConstraint(constraint=constraint, version=number, **k),
        )
