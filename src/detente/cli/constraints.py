"""``detente constraints``: what is closed or limited."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from detente.cli.answers import TABLE, Form, print_constraints, print_outcome, write_json
from detente.cli.connection import HERE, Connection
from detente.cli.intents import box, time

__all__ = ["constraints"]

constraints = App(
    name="constraints",
    help="The constraints in force: list them; for the authority, publish and lift them.",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)


@constraints.command(name="list")
@constraints.default
def list_(
    *,
    bbox: str | None = None,
    begin: Annotated[str | None, Parameter(name="--from")] = None,
    end: Annotated[str | None, Parameter(name="--to")] = None,
    lower: float | None = None,
    upper: float | None = None,
    form: Form = TABLE,
    connection: Connection = HERE,
) -> None:
    """List the constraints in force, by identifier.

    Parameters
    ----------
    bbox
        Only those in WEST,SOUTH,EAST,NORTH, in degrees.
    begin
        Only those that hold after this time.
    end
        Only those that hold before this time.
    lower
        Only those above, in feet.
    upper
        Only those below, in feet.
    """
    with connection.open() as client:
        found = list(
            client.constraints(
                bbox=box(bbox), begin=time(begin, "from"), end=time(end, "to"),
                lower=lower, upper=upper,
            )
        )  # fmt: skip
    if not form.write(found):
        print_constraints(found)


@constraints.command
def publish(
    volumes: Path,
    /,
    *,
    constraint: str | None = None,
    effect: Literal["closed", "limited"] = "closed",
    permitted: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    reason: str = "",
    amend: bool = False,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Close or limit a part of the airspace. The authority's.

    Parameters
    ----------
    volumes
        GeoJSON or F3548; X/1, X/2 and so on are together the constraint X.
    constraint
        All of the file is one constraint, called so.
    effect
        Closed to all; or limited, to those that are permitted.
    permitted
        The parties that may enter.
    reason
        In words; everybody reads them.
    amend
        Change constraints that are in force.
    json
        Print one JSON array.
    """
    from detente.client import read_areas

    areas = read_areas(volumes)
    if constraint is not None:
        areas = {constraint: tuple(volume for each in areas.values() for volume in each)}
    outcomes = []
    with connection.open() as client:
        for name, extent in areas.items():
            if amend:
                known = client.constraint(name)
                outcome = client.amend_constraint(
                    known, extent, effect=effect, permitted=permitted, reason=reason
                )
            else:
                outcome = client.publish(
                    name, extent, effect=effect, permitted=permitted, reason=reason
                )
            outcomes.append(outcome)
            if not json:
                print_outcome(outcome)
    if json:
        write_json(outcomes)


@constraints.command
def lift(
    constraint: str,
    /,
    *,
    version: int | None = None,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Let a constraint hold no more. The authority's.

    Parameters
    ----------
    constraint
        Its identifier.
    version
        Only if it is this one; by default, whichever it is.
    json
        Print one JSON object.
    """
    with connection.open() as client:
        number = client.constraint(constraint).version if version is None else version
        outcome = client.lift(constraint, number)
    if json:
        write_json(outcome)
    else:
        print_outcome(outcome)
