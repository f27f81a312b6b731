"""``detente intents``: what was filed, and the steps of a flight."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from detente.cli.answers import TABLE, Form, print_intents, print_offers
from detente.cli.connection import HERE, Connection
from detente.cli.text import moment, printable
from detente.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from detente.authority.notice import OwnIntent

__all__ = ["box", "intents", "time"]

intents = App(
    name="intents",
    help="The flights that were filed: list them, and say what became of them.",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)

State = Literal[
    "pending", "refused", "held", "accepted", "activated", "nonconforming", "contingent", "ended"
]


@intents.command(name="list")
@intents.default
def list_(
    *,
    state: State | None = None,
    bbox: str | None = None,
    begin: Annotated[str | None, Parameter(name="--from")] = None,
    end: Annotated[str | None, Parameter(name="--to")] = None,
    lower: float | None = None,
    upper: float | None = None,
    every: Annotated[bool, Parameter(name="--all")] = False,
    party: str | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """List the party's own intents, by identifier.

    Parameters
    ----------
    state
        Only those in it.
    bbox
        Only those in WEST,SOUTH,EAST,NORTH, in degrees.
    begin
        Only those that are under way after this time.
    end
        Only those that are under way before this time.
    lower
        Only those above, in feet.
    upper
        Only those below, in feet.
    every
        All parties': the authority's alone.
    party
        This party's: the authority's alone.
    """
    where = {
        "state": state, "bbox": box(bbox), "begin": time(begin, "from"), "end": time(end, "to"),
        "lower": lower, "upper": upper,
    }  # fmt: skip
    with connection.open() as client:
        if every or party is not None:
            found = list(client.every_intent(party=party, **where))  # type: ignore[arg-type]
        else:
            found = list(client.intents(**where))  # type: ignore[arg-type]
    if not form.write(found):
        print_intents(found)


@intents.command
def show(intent: str, /, *, form: Form = TABLE, connection: Connection = HERE) -> None:
    """Show one intent, and its alternatives.

    Parameters
    ----------
    intent
        Its identifier; the authority writes PARTY/INTENT.
    """
    with connection.open() as client:
        if "/" in intent:
            whole = client.any_intent(intent)
            if not form.write([whole], one=True):
                print_intents([whole])
            return
        own = client.intent(intent)
    _told(own, form)


@intents.command
def activate(
    intent: str,
    /,
    *,
    version: int | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """Say that a flight begins, or that it conforms again.

    Parameters
    ----------
    intent
        Its identifier.
    version
        Only if it is this one; by default, whichever it is.
    """
    with connection.open() as client:
        number = client.intent(intent).version if version is None else version
        answer = client.activate(intent, number)
    _told(answer, form)


@intents.command
def end(
    intent: str,
    /,
    *,
    version: int | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """Say that a flight is over.

    Parameters
    ----------
    intent
        Its identifier.
    version
        Only if it is this one; by default, whichever it is.
    """
    with connection.open() as client:
        number = client.intent(intent).version if version is None else version
        answer = client.end(intent, number)
    _told(answer, form)


@intents.command
def withdraw(
    intent: str,
    /,
    *,
    version: int | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """Take back a flight that has not begun.

    Parameters
    ----------
    intent
        Its identifier.
    version
        Only if it is this one; by default, whichever it is.
    """
    with connection.open() as client:
        number = client.intent(intent).version if version is None else version
        answer = client.withdraw(intent, number)
    _told(answer, form)


@intents.command
def nonconforming(
    intent: str,
    volumes: Path,
    /,
    *,
    version: int | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """Say that a flight is not where it was declared, and where it may be.

    Parameters
    ----------
    intent
        Its identifier.
    volumes
        Where it may be: GeoJSON or F3548.
    version
        Only if it is this one; by default, whichever it is.
    """
    from detente.formats import read_volumes

    where = read_volumes(volumes)
    with connection.open() as client:
        number = client.intent(intent).version if version is None else version
        answer = client.nonconforming(intent, where, number)
    _told(answer, form)


@intents.command
def contingency(
    intent: str,
    volumes: Path,
    /,
    *,
    version: int | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """Say that a flight will not come back to its intent, and where it may go.

    Parameters
    ----------
    intent
        Its identifier.
    volumes
        Where it may go: GeoJSON or F3548.
    version
        Only if it is this one; by default, whichever it is.
    """
    from detente.formats import read_volumes

    where = read_volumes(volumes)
    with connection.open() as client:
        number = client.intent(intent).version if version is None else version
        answer = client.contingency(intent, where, number)
    _told(answer, form)


@intents.command
def aircraft(
    intent: str,
    /,
    *,
    callsign: str = "",
    address: str = "",
    registration: str = "",
    kind: str = "",
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """Say which aircraft flies it, so that what is seen can be told to be this flight.

    Parameters
    ----------
    intent
        Its identifier.
    callsign
        As it will send it.
    address
        Its 24-bit aircraft address: six hexadecimal digits.
    registration
        Its marks.
    kind
        Its type, an ICAO designator such as F4.
    """
    from detente.authority.register import Aircraft

    with connection.open() as client:
        number = client.intent(intent).version
        named = Aircraft(callsign, address, registration, kind)
        answer = client.name_aircraft(intent, named, number)
    if form.write([answer], one=True) or answer.aircraft is None:
        return
    told = answer.aircraft
    words = (told.callsign, told.address, told.registration, told.kind)
    print(
        f"{printable(intent)}: flown by {printable(', '.join(filter(None, words)) or 'none named')}"
    )


def box(text: str | None) -> tuple[float, float, float, float] | None:
    """Read WEST,SOUTH,EAST,NORTH.

    >>> box("5,45,11,48")
    (5.0, 45.0, 11.0, 48.0)
    """
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(
            f"{text!r} is no box", field="bbox", mend="write WEST,SOUTH,EAST,NORTH in degrees"
        ) from None
    return west, south, east, north


def time(text: str | None, option: str) -> "datetime | None":
    """Read a time, where one is given."""
    return None if text is None else moment(text, option)


def _told(intent: "OwnIntent", form: Form) -> None:
    if form.write([intent], one=True):
        return
    print_intents([intent])
    if intent.alternatives is not None and intent.alternatives.offers:
        print_offers(intent.alternatives)
