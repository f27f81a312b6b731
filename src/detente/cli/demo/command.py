"""``detente demo``: a scenario goes through an authority, and what stands at its end."""

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from detente.cli.folder import check_folder, cleared
from detente.cli.progress import progress, timed
from detente.cli.text import printable
from detente.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detente.authority import Outcome, State
    from detente.cli.demo.play import Play
    from detente.cli.demo.scenario import Scenario

__all__ = ["demo"]

_BROKEN = 1
_REPORTS = ("report.md", "report.html")
_MAP = "map.html"


def demo(name: str, /, *, out: Path | None = None, again: bool = False, quiet: bool = False) -> int:
    """Let a scenario go through a real authority: flights, a track, statements, a report.

    Parties that share nothing file flights, a track is seen that nobody
    declared, what was said comes in one statement after the other, and the
    report says at the end how it stands, and why. Positions and flights are
    synthetic. The hours are the scenario's: nothing waits for a clock.

    Parameters
    ----------
    name
        A scenario, such as diyala-2014; or the folder of another.
    out
        The folder for the ledger, the report and the map; without it nothing is kept.
    again
        Replace what an earlier run of this scenario left there.
    quiet
        Say only how it stands at the end.
    """
    from detente.cli.demo.shelf import read_scenario

    scenario = read_scenario(name)
    if out is not None:
        check_folder(out, scenario.chosen.airspace.name, "demo", again=again)
    with _folder(out) as folder:
        return _shown(scenario, folder, keep=out is not None, quiet=quiet)


@contextmanager
def _folder(out: Path | None) -> "Iterator[Path]":
    if out is not None:
        yield out
        return
    with TemporaryDirectory() as made:
        yield Path(made)


def _shown(scenario: "Scenario", out: Path, *, keep: bool, quiet: bool) -> int:
    from detente.cli.audit import audit, outcome_in
    from detente.cli.audit import reading as opened
    from detente.cli.demo.account import print_flown, print_said, print_standing
    from detente.cli.ledger import print_audit
    from detente.cli.screen import show

    seconds: dict[str, float] = {}
    ledger = cleared(out, (*_REPORTS, _MAP))
    print(f"{printable(scenario.name)}: {printable(scenario.chosen.title)}")
    print(printable(scenario.chosen.label))
    with timed(seconds, "the scenario"):
        play = _played(scenario, ledger)
    if not quiet:
        print()
        show(partial(print_flown, play=play))
        show(partial(print_said, play=play))
    print()
    show(partial(print_standing, play=play))
    with timed(seconds, "verifying"), opened(str(ledger)) as read:
        found = audit(read)
        outcomes = [outcome_in(entry) for entry in read.read()]
    written = [ledger] if keep else []
    if keep:
        with timed(seconds, "report and map"):
            written += _written(play, found.state, outcomes, out)
    if not quiet:
        print()
        print_audit(str(ledger) if keep else "the ledger, which is not kept", found)
    for path in written:
        print(f"written: {printable(str(path))}")
    if not quiet:
        print("time taken: " + ", ".join(f"{what} {took:.1f} s" for what, took in seconds.items()))
    return _BROKEN if found.conflicts else 0


def _played(scenario: "Scenario", ledger: Path) -> "Play":
    from detente.cli.demo.play import Play
    from detente.ledger import Unavailable, open_ledger
    from detente.ledger.desk import Desk

    try:
        with (
            Desk(open_ledger(ledger, create=True)) as desk,
            progress("running the scenario") as tell,
        ):
            play = Play(desk, scenario)
            play.run(tell)
    except Unavailable as error:
        raise InputError(error.what, mend=error.mend) from error
    return play


def _written(play: "Play", state: "State", outcomes: "Sequence[Outcome]", out: Path) -> list[Path]:
    """Write the report and the map, from what the ledger says and nothing else."""
    from detente.cli.demo.picture import draw
    from detente.record.html import html_of
    from detente.record.markdown import markdown_of
    from detente.record.report import report_of

    entered = state.occurrences[play.scenario.chosen.event.id]
    report = report_of(
        entered,
        state.statements.values(),
        state.tracks.values(),
        at=outcomes[-1].at,
        position=state.position,
    )
    for name, written in (("report.md", markdown_of), ("report.html", html_of)):
        (out / name).write_text(written([report]), encoding="utf-8")
    draw(out / _MAP, play.scenario.chosen, state, outcomes)
    return [out / name for name in (*_REPORTS, _MAP)]
