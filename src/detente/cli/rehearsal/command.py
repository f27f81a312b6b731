"""``detente rehearse``: a recorded day goes through an authority, and what each one saw of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from detente.cli.folder import check_folder, cleared
from detente.cli.progress import progress, timed
from detente.cli.reading import AS_GIVEN, Reading
from detente.cli.text import printable
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.airspace import Flights
    from detente.authority import Charter
    from detente.cli.rehearsal.day import Day

__all__ = ["rehearse"]

_BROKEN = 1
_CHARTER = "rehearsal"
"""What the airspace is called: only such a ledger is ever replaced."""


def rehearse(
    *flights: Path,
    out: Path,
    parties: str = "north,south,east",
    seed: int = 1,
    horizontal: str = "5nm",
    vertical: str = "1000ft",
    again: bool = False,
    live: bool = False,
    reading: Reading = AS_GIVEN,
) -> int:
    """Let a recorded day go through an authority, and show what each saw of it.

    The flights are dealt to parties, operator by operator. Each party files
    its own an hour before departure, and takes what is offered when it is
    refused; at midday a place is closed for a time, later two parties share
    volumes, and an hour of the evening is planned jointly (docs/authority.md).
    Times are the recording's: nothing waits for a clock.

    Parameters
    ----------
    flights
        Flights: Parquet, GeoParquet, CSV, GeoJSON or IGC.
    out
        The folder for the new ledger, airspace.ledger, and the maps.
    parties
        Whom the flights are dealt to: names, with commas.
    seed
        Another one deals them otherwise.
    horizontal
        Horizontal minimum, with its unit.
    vertical
        Vertical minimum, with its unit.
    again
        Replace the ledger that an earlier rehearsal left there.
    live
        Move the day so that the place was closed ten minutes ago, and stop at
        this moment: flights are in the air, and the next hour's are filed.
    """
    names = _names(parties)
    if not flights:
        raise InputError("no file of flights", mend="name one or more")
    if seed < 0:
        raise InputError(f"a seed of {seed}", field="seed", mend="give 0 or more")
    charter = _charter(horizontal, vertical)
    check_folder(out, _CHARTER, "rehearsal", again=again)
    seconds: dict[str, float] = {}
    with timed(seconds, "reading"):
        recorded = _read(flights, reading)
    until = None
    if live:
        recorded, until = _moved(recorded)
    return _rehearsed(out, charter, recorded, names, seed, seconds, until)


def _moved(recorded: "Flights") -> "tuple[Flights, datetime]":
    """Move a day to where ten minutes after its closure is now; give that time too."""
    from dataclasses import replace

    from detente.cli.rehearsal.scenario import Scenario

    now = datetime.now(UTC).replace(microsecond=0)
    by = now - (Scenario.of(recorded).announced + timedelta(minutes=10))
    seconds = round(by.total_seconds())
    return replace(recorded, time=recorded.time + seconds * 1_000_000_000), now


def _rehearsed(
    out: Path,
    charter: "Charter",
    recorded: "Flights",
    names: Sequence[str],
    seed: int,
    seconds: dict[str, float],
    until: datetime | None,
) -> int:
    from msgspec.structs import replace

    from detente.cli.audit import audit, outcome_in
    from detente.cli.audit import reading as opened
    from detente.cli.extent import in_words
    from detente.cli.ledger import print_audit
    from detente.cli.rehearsal.account import AuthorityAccount, print_party
    from detente.cli.rehearsal.day import Day
    from detente.cli.rehearsal.picture import draw_authority, draw_party
    from detente.cli.screen import show
    from detente.ledger import Unavailable, open_ledger
    from detente.ledger.desk import Desk

    ledger = cleared(out)
    charter = replace(charter, reference=recorded.reference)
    print(f"recorded: {in_words(recorded)}")
    try:
        with (
            timed(seconds, "the day"),
            Desk(open_ledger(ledger, create=True)) as desk,
            progress("rehearsing") as tell,
        ):
            day = Day(desk, charter, recorded, names, seed)
            day.run(tell, until=until)
    except Unavailable as error:
        raise InputError(error.what, mend=error.mend) from error
    print(_dealt(day))
    for player in day.players.values():
        print(f"\nwhat {printable(player.name)} saw")
        show(partial(print_party, player=player, view=day.views[player.name]))
    with timed(seconds, "verifying"), opened(str(ledger)) as read:
        with progress("verifying") as tell:
            found = audit(read, progress=tell)
        outcomes = [outcome_in(entry) for entry in read.read()]
    print("\nwhat the authority knows")
    show(AuthorityAccount.of(outcomes).print_to)
    with timed(seconds, "maps"):
        written = [out / "authority.html", *(out / f"{name}.html" for name in names)]
        draw_authority(written[0], found.state, outcomes)
        for path, player in zip(written[1:], day.players.values(), strict=True):
            draw_party(path, player)
    print()
    print_audit(str(ledger), found)
    for path in (ledger, *written):
        print(f"written: {printable(str(path))} ({path.stat().st_size / 1e6:.1f} MB)")
    print("time taken: " + ", ".join(f"{what} {took:.1f} s" for what, took in seconds.items()))
    return _BROKEN if found.conflicts else 0


def _dealt(day: "Day") -> str:
    """Say what is the day's, and that nobody shares anything at first."""
    from detente.cli.rehearsal.scenario import LEAD

    scenario = day.scenario
    fleets = ", ".join(f"{p.name} {len(p.flights):,}" for p in day.players.values())
    line = f"dealt to: {printable(fleets)}; they share nothing"
    if len(day.players) > 2:
        one, other = (printable(name) for name in list(day.players)[:2])
        line += f" until {scenario.joined:%H:%M}, when {one} and {other} begin to share volumes"
    begin, end = scenario.cycle
    north, east = scenario.place[0].centre or (0.0, 0.0)
    line += f"\nclosed: 30 km about {north:.2f}, {east:.2f} from {scenario.closed:%H:%M} to "
    line += f"{scenario.reopened:%H:%M}, announced {scenario.announced:%H:%M}, lifted "
    line += f"{scenario.lifted:%H:%M}\nplanned jointly: departures {begin:%H:%M} to "
    line += f"{end:%H:%M}, filed until {begin - LEAD:%H:%M}; all times are UTC"
    return line


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if len(names) < 2 or len(set(names)) < len(names) or not all(names):
        raise InputError(
            f"the parties {text!r}", field="parties", mend="name two or more, each once"
        )
    for name in names:
        if not name.replace("-", "").replace("_", "").isalnum() or name == "authority":
            raise InputError(
                f"a party called {name!r}",
                field="parties",
                mend="use letters, digits, - and _; 'authority' is taken",
            )
    return names


def _charter(horizontal: str, vertical: str) -> "Charter":
    from detente.airspace import Separation
    from detente.authority import Charter

    minima = Separation.parse(horizontal, vertical)
    return Charter(name=_CHARTER, horizontal=minima.horizontal, vertical=minima.vertical)


def _read(paths: Sequence[Path], reading: Reading) -> "Flights":
    """Read all files as one set."""
    from detente.detect.detection import joined

    sets = [reading.read(path, {}) for path in paths]
    together = sets[0]
    for path, more in zip(paths[1:], sets[1:], strict=True):
        if more.reference is not together.reference:
            raise InputError(
                f"altitudes above {more.reference.value}, not {together.reference.value}",
                file=str(path),
                mend="give all files in one reference",
            )
        twice = set(together.ids) & set(more.ids)
        if twice:
            raise InputError(
                "a flight of this name is in another file too", file=str(path),
                flight=min(twice), mend="give each flight its own id",
            )  # fmt: skip
        together = joined(together, more)
    if not len(together):
        raise InputError("no flights", file=str(paths[0]), mend="give a file that has some")
    return together
