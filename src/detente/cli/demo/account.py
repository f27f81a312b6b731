"""What a scenario came to, for a reader at a terminal."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from detente.authority.notice import OwnIntent
from detente.cli.demo.play import Play, Warned
from detente.cli.demo.scenario import Report
from detente.cli.rehearsal.account import in_words
from detente.cli.rehearsal.player import Line, Player
from detente.cli.screen import table
from detente.cli.text import count, printable
from detente.record.reasoning import reason_sentence

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_flown", "print_said", "print_standing"]

_WHY = {"conflict": "other traffic", "constraint": "a constraint", "probes": "too many questions"}


def print_flown(console: "Console", play: Play) -> None:
    """Print what was filed, decided and seen; all of it is synthetic."""
    day = play.scenario.made.flights[0].start
    console.print(f"{day:%-d %B %Y}, synthetic; the parties share nothing")
    drawn = table((), ("at (UTC)", "who", "what", "and what came of it"))
    for _, row in sorted(_rows(play), key=lambda each: each[0]):
        drawn.add_row(*map(printable, row))
    console.print(drawn)
    for name, player in play.players.items():
        shared = sum(1 for line in player.diary if line.kind == "shared")
        console.print(
            f"  {printable(name)} was sent {count(player.heard, 'notice')}; of others' flights: "
            + (count(shared, "line") if shared else "nothing")
        )


def print_said(console: "Console", play: Play) -> None:
    """Print what was said, one statement after the other, and how its question stood then."""
    console.print("\nwhat was said, as it was reported, and how its question stood then")
    drawn = table((), ("said", "who", "does what", "question", "stands"))
    for report, standings in play.voiced:
        stood = {answer.scope: answer.standing.value for answer in standings.answers}
        drawn.add_row(*map(printable, (*_said(report), stood.get(report.scope, ""))))
    console.print(drawn)


def print_standing(console: "Console", play: Play) -> None:
    """Print how each question of the event stands at the end, and the reason that decided it."""
    event = play.scenario.chosen.event
    standings = play.voiced[-1].standings
    console.print(f"{printable(event.description)}\nIt stands: {standings.standing.value}")
    for answer in standings.answers:
        console.print(f"  {answer.standing.value}: {printable(answer.question)}", soft_wrap=True)
        why = reason_sentence(answer, answer.reasons[0])
        console.print(f"    {printable(why)}", soft_wrap=True)


def _said(report: Report) -> tuple[str, str, str, str]:
    day = report.said or report.published
    who = "not named" if report.anonymous else ""
    speaker = ", ".join(part for part in (report.side, report.role, who) if part)
    does = report.position.value + (f" ({report.hedge})" if report.hedge else "")
    chain = [name for name in (*report.via[::-1], report.outlet) if name != report.side]
    through = ", quoted by ".join(chain)
    of = f" that {report.about} was said" if report.about else ""
    to = f"; to {through}" if through else ""
    return f"{day:%-d %b}" if day else "", f"{speaker}{to}", f"{does}{of}", report.scope


def _rows(play: Play) -> Iterator[tuple[datetime, tuple[str, str, str, str]]]:
    for player in play.players.values():
        yield from _of_party(player)
    for id, (at, track) in play.undeclared.items():
        by = ", ".join(track.sources)
        yield at, (f"{at:%H:%M:%S}", "the watch", f"a track ({id})", f"undeclared; seen by {by}")
    for warned in play.warned:
        yield warned.at, _of_alert(warned)


def _of_party(player: Player) -> Iterator[tuple[datetime, tuple[str, str, str, str]]]:
    for line in player.diary:
        if isinstance(line.content, OwnIntent):
            came = _came(line, line.content)
            if came:
                yield line.at, (f"{line.at:%H:%M:%S}", player.name, line.content.intent, came)


def _came(line: Line, told: OwnIntent) -> str:
    if line.kind == "refused":
        given = told.alternatives.offers if told.alternatives else ()
        why = _WHY.get(told.because, told.because)
        return f"refused: {why}; {count(len(given), 'alternative')}"
    if line.kind == "accepted":
        return f"accepted {in_words(told.changed)}"
    return line.kind if line.kind in ("held", "released") and told.aircraft is None else ""


def _of_alert(warned: Warned) -> tuple[str, str, str, str]:
    volume = warned.alert.volume
    when = ""
    if volume is not None and volume.start and volume.end:
        when = f" from {volume.start:%H:%M} to {volume.end:%H:%M}"
    does = f"; it climbs {warned.climbed:,.0f} ft" if warned.climbed else ""
    told = f"told to avoid a volume{when}; what is there it is not told{does}"
    return f"{warned.at:%H:%M:%S}", warned.party, warned.alert.intent, told
