"""The application: its commands and how it takes its arguments."""

from cyclopts import App, Parameter

from detente.cli import hand as _hand  # noqa: F401 - adds the authority's own to intents
from detente.cli.alternatives import alternatives
from detente.cli.constraints import constraints
from detente.cli.cycle import cycle
from detente.cli.demo.command import demo
from detente.cli.detection import detect
from detente.cli.events import events
from detente.cli.filing import file
from detente.cli.intents import intents
from detente.cli.ledger import ledger
from detente.cli.record import record
from detente.cli.rehearsal.command import rehearse
from detente.cli.report import report
from detente.cli.resolution import resolve
from detente.cli.serve import serve
from detente.cli.simulation import simulate
from detente.cli.token import token
from detente.cli.tracks import alerts, tracks
from detente.cli.watch import watch

__all__ = ["application"]


def _version() -> str:
    from importlib.metadata import version

    return f"detente {version('detente')}"


application = App(
    name="detente",
    help="Keep apart flights of parties who do not coordinate with each other.",
    help_epilogue="Exit code: 0 all is well, 1 something was found or left, 2 bad input or usage.",
    version=_version,
    help_format="plaintext",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
    result_action="return_value",
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
)
application.command(detect)
application.command(resolve)
application.command(simulate)
application.command(rehearse)
application.command(demo)
application.command(ledger)
application.command(serve)
application.command(watch)
application.command(token)
application.command(file)
application.command(intents)
application.command(alternatives)
application.command(constraints)
application.command(cycle)
application.command(events)
application.command(tracks)
application.command(alerts)
application.command(record)
application.command(report)
