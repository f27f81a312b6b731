"""Constraints: everybody reads them; the authority publishes, amends and lifts them."""

from collections.abc import Iterable
from datetime import datetime

from detente.authority.notice import PublicConstraint
from detente.authority.outcome import Outcome
from detente.authority.register import Effect
from detente.client.call import Call, Listing, path_to, read, write
from detente.client.flight import Volumes, volumes4d_of
from detente.client.forms import Page
from detente.client.listing import Box, pages
from detente.errors import InputError

__all__ = ["amend_constraint", "constraint", "constraints", "lift", "publish"]


def constraints(
    *,
    bbox: Box | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    lower: float | None = None,
    upper: float | None = None,
    page: int | None = None,
) -> Listing[PublicConstraint]:
    """Go through the constraints in force, by identifier; the filters are those of intents."""
    return pages(
        Page[PublicConstraint], path_to("constraints"), bbox=bbox, lower=lower, upper=upper,
        limit=page, **{"from": begin, "to": end},
    )  # fmt: skip


def constraint(constraint: str) -> Call[PublicConstraint]:
    """Give one constraint."""
    return read(PublicConstraint, path_to("constraints", constraint))


def publish(
    constraint: str,
    volumes: Volumes,
    *,
    effect: Effect | str = Effect.CLOSED,
    permitted: Iterable[str] = (),
    reason: str = "",
    key: str | None = None,
) -> Call[Outcome]:
    """Close or limit a part of the airspace; whom it hits is held and told.

    Parameters
    ----------
    constraint : its identifier.
    volumes : one or more; without times, until it is lifted.
    effect : "closed" to all, or "limited" to the parties that are ``permitted``.
    reason : in words; public.
    """
    body = _closure(volumes, effect, permitted, reason)
    return write(Outcome, "PUT", path_to("constraints", constraint), body, key=key)


def amend_constraint(
    constraint: str | PublicConstraint,
    volumes: Volumes,
    version: int | None = None,
    *,
    effect: Effect | str = Effect.CLOSED,
    permitted: Iterable[str] = (),
    reason: str = "",
    key: str | None = None,
) -> Call[Outcome]:
    """Publish a constraint anew, in place of a version."""
    id, number = _one(constraint, version)
    body = _closure(volumes, effect, permitted, reason)
    return write(Outcome, "PUT", path_to("constraints", id), body, key=key, version=number)


def lift(
    constraint: str | PublicConstraint, version: int | None = None, *, key: str | None = None
) -> Call[Outcome]:
    """Let a constraint hold no more; what it held is looked at again."""
    id, number = _one(constraint, version)
    return write(Outcome, "DELETE", path_to("constraints", id), key=key, version=number)


def _closure(
    volumes: Volumes, effect: Effect | str, permitted: Iterable[str], reason: str
) -> dict[str, object]:
    return {
        "volumes": volumes4d_of(volumes),
        "effect": str(effect),
        "permitted": list(permitted),
        "reason": reason,
    }


def _one(constraint: str | PublicConstraint, version: int | None) -> tuple[str, int]:
    if isinstance(constraint, PublicConstraint):
        return constraint.constraint, constraint.version if version is None else version
    if version is None:
        raise InputError(
            f"no version of {constraint!r}", field="version",
            mend="give the constraint as it was last answered, or its version",
        )  # fmt: skip
    return constraint, version
