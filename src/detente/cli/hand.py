"""The authority's own hand over intents, as commands of ``detente intents``."""

from detente.cli.answers import print_outcome, write_json
from detente.cli.connection import HERE, Connection
from detente.cli.intents import intents

__all__ = ["hold", "impose", "override", "release"]


@intents.command
def override(
    intent: str,
    /,
    *,
    reason: str,
    version: int | None = None,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Accept an intent in spite of what it conflicts with. The authority's.

    Parameters
    ----------
    intent
        PARTY/INTENT.
    reason
        It is kept in the ledger.
    version
        Only if it is this one; by default, whichever it is.
    json
        Print one JSON object.
    """
    _hand("override", intent, reason, version, json, connection)


@intents.command
def hold(
    intent: str,
    /,
    *,
    reason: str,
    version: int | None = None,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Take an acceptance back for now. The authority's.

    Parameters
    ----------
    intent
        PARTY/INTENT.
    reason
        It is kept in the ledger.
    version
        Only if it is this one; by default, whichever it is.
    json
        Print one JSON object.
    """
    _hand("hold", intent, reason, version, json, connection)


@intents.command
def release(
    intent: str,
    /,
    *,
    reason: str,
    version: int | None = None,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Accept a held intent again, if nothing is in its way. The authority's.

    Parameters
    ----------
    intent
        PARTY/INTENT.
    reason
        It is kept in the ledger.
    version
        Only if it is this one; by default, whichever it is.
    json
        Print one JSON object.
    """
    _hand("release", intent, reason, version, json, connection)


@intents.command
def impose(
    intent: str,
    /,
    *,
    reason: str,
    delay: str = "0s",
    feet: float = 0.0,
    offset: str = "0m",
    version: int | None = None,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Change a flight to a point of the public grid that is free. The authority's.

    Parameters
    ----------
    intent
        PARTY/INTENT.
    reason
        It is kept in the ledger.
    delay
        How much later, such as 5min.
    feet
        How much higher.
    offset
        How far to the right of its route, such as 5nm; to the left with a minus.
    version
        Only if it is this one; by default, whichever it is.
    json
        Print one JSON object.
    """
    from detente.units import parse_duration, parse_length

    far = parse_length(offset.removeprefix("-"), field="offset")
    more = {
        "delay": round(parse_duration(delay, field="delay")),
        "feet": feet,
        "offset": -far if offset.startswith("-") else far,
    }
    _hand("impose", intent, reason, version, json, connection, **more)


def _hand(
    verb: str,
    intent: str,
    reason: str,
    version: int | None,
    json: bool,
    connection: Connection,
    **more: float,
) -> None:
    with connection.open() as client:
        number = client.any_intent(intent).version if version is None else version
        outcome = getattr(client, verb)(intent, reason, number, **more)
    if json:
        write_json(outcome)
    else:
        print_outcome(outcome)
