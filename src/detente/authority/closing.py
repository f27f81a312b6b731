"""Publish, amend and lift constraints; whom they hit is held and told."""

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import from_now, volumes_of
from detente.authority.flying import held_by
from detente.authority.register import Effect
from detente.authority.rejection import Rejected, check_identifier
from detente.authority.state import State

__all__ = ["lift", "publish"]

Events = tuple[e.Event, ...]


def publish(state: State, ask: c.PublishConstraint | c.AmendConstraint) -> Events:
    """Let a constraint hold from now on, and hold the accepted intents that it hits."""
    known = state.constraints.get(ask.constraint)
    if isinstance(ask, c.AmendConstraint):
        version = _version_of(state, ask.constraint, ask.version)
    elif known is not None:
        raise Rejected(
            "exists", f"constraint {ask.constraint!r} is in force", field="constraint",
            mend="amend it, or publish under another identifier",
        )  # fmt: skip
    else:
        version = 0
    check_identifier(ask.constraint, "constraint")
    volumes = from_now(ask.volumes, ask.at)
    for volume in volumes_of(volumes, ask.constraint):
        if volume.reference not in (None, state.charter.reference):
            raise Rejected(
                "invalid", f"altitudes above {volume.reference}", field="reference",
                mend=f"give altitudes above {state.charter.reference.value}",
            )  # fmt: skip
    permitted = ask.permitted if ask.effect is Effect.LIMITED else ()
    published = e.ConstraintPublished(
        constraint=ask.constraint, version=version + 1, volumes=volumes, effect=ask.effect,
        permitted=permitted, reason=ask.reason,
    )  # fmt: skip
    return (published, *held_by(state, volumes, ask.constraint, permitted))


def lift(state: State, ask: c.LiftConstraint) -> Events:
    """Let a constraint hold no more; what it held is looked at again."""
    version = _version_of(state, ask.constraint, ask.version)
    return (e.ConstraintLifted(constraint=ask.constraint, version=version + 1),)


def _version_of(state: State, id: str, version: int) -> int:
    known = state.constraints.get(id)
    if known is None:
        raise Rejected("unknown", f"no constraint {id!r}", field="constraint", mend="publish it")
    if known.version != version:
        raise Rejected(
            "version", f"it is at version {known.version}, not {version}", field="version",
            mend="read it again, and repeat with its version",
        )  # fmt: skip
    return version
