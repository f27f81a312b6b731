"""``detente cycle``: periods that are planned jointly."""

from cyclopts import App, Parameter

from detente.cli.answers import TABLE, Form, print_cycles, print_intents, print_outcome, write_json
from detente.cli.connection import HERE, Connection
from detente.cli.text import moment

__all__ = ["cycle"]

cycle = App(
    name="cycle",
    help="Planning cycles: list them, and see the plan; for the authority, open and close them.",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)


@cycle.command(name="list")
@cycle.default
def list_(*, json: bool = False, connection: Connection = HERE) -> None:
    """List the cycles that were announced.

    Parameters
    ----------
    json
        Print one JSON array.
    """
    with connection.open() as client:
        found = list(client.cycles())
    if json:
        write_json(found)
    else:
        print_cycles(found)


@cycle.command(name="open")
def open_(
    cycle: str,
    /,
    *,
    start: str,
    end: str,
    cutoff: str,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Announce that a period will be planned jointly. The authority's.

    Parameters
    ----------
    cycle
        Its identifier.
    start
        Departures from this time on are planned.
    end
        Those after it are not.
    cutoff
        Until when they may be filed.
    json
        Print one JSON object.
    """
    times = [moment(start, "start"), moment(end, "end"), moment(cutoff, "cutoff")]
    with connection.open() as client:
        outcome = client.open_cycle(cycle, *times)
    if json:
        write_json(outcome)
    else:
        print_outcome(outcome)


@cycle.command
def close(cycle: str, /, *, json: bool = False, connection: Connection = HERE) -> None:
    """Resolve jointly what was filed for a cycle, and publish the plan. The authority's.

    Parameters
    ----------
    cycle
        Its identifier.
    json
        Print one JSON object.
    """
    with connection.open() as client:
        outcome = client.close_cycle(cycle)
    if json:
        write_json(outcome)
    else:
        print_outcome(outcome)


@cycle.command
def plan(cycle: str, /, *, form: Form = TABLE, connection: Connection = HERE) -> None:
    """Show the party's part of the plan, as it stands now.

    Parameters
    ----------
    cycle
        Its identifier.
    """
    with connection.open() as client:
        planned = client.plan(cycle)
    if form.json and not form.geojson:
        write_json(planned)
    elif not form.write(planned.intents):
        print_cycles([planned.cycle])
        print_intents(planned.intents)
