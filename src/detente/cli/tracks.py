"""``detente tracks`` and ``detente alerts``: what was seen, and what must be avoided."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from cyclopts import App, Parameter

from detente.cli.answers import write_json
from detente.cli.connection import HERE, Connection
from detente.cli.text import count, moment, printable

if TYPE_CHECKING:
    from detente.authority.extent import Volume4D
    from detente.record.entry import Seen

__all__ = ["alerts", "tracks"]

tracks = App(
    name="tracks",
    help="What was seen, as the watch recorded it: list it, and attach evidence. The authority's.",
    default_parameter=Parameter(negative=(), show_default=lambda value: value or None),
)

_FOUND = 1


@tracks.command(name="list")
@tracks.default
def list_(
    *,
    conformance: Literal["tentative", "conforming", "nonconforming", "undeclared"] | None = None,
    ended: bool = False,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """List the tracks that are followed, and the declared flights that nobody sees.

    Parameters
    ----------
    conformance
        Only those that compare so with what was declared.
    ended
        Those that ended, in place of those that are followed.
    json
        Print JSON, with the paths.
    """
    with connection.open() as client:
        found = list(client.tracks(conformance=conformance, ended=ended))
        unseen = client.unseen()
    if json:
        write_json({"tracks": found, "unseen": unseen})
        return
    _print(found)
    for one in unseen:
        print(f"not seen since {one.since:%H:%M:%SZ}: {printable(one.intent)}")


@tracks.command
def indicate(
    track: str,
    what: str,
    /,
    *,
    by: str,
    sure: float | None = None,
    at: str | None = None,
    note: str = "",
    connection: Connection = HERE,
) -> None:
    """Attach evidence of what kind of aircraft it is. It proves nothing.

    Parameters
    ----------
    track
        Its identifier.
    what
        What it looks like, such as F-4.
    by
        Who says so: a sensor, an observer, an outlet.
    sure
        From 0 to 1, as they say it.
    at
        When it was said; by default, now.
    note
        In words.
    """
    from detente.watch.track import Indication

    time = datetime.now(UTC) if at is None else moment(at, "at")
    with connection.open() as client:
        client.indicate(track, Indication(what, by, time, sure, note))
    print(f"{printable(track)}: looks like {printable(what)}, says {printable(by)}")


def alerts(*, all: bool = False, json: bool = False, connection: Connection = HERE) -> int:
    """Print what the party must avoid now: where something may be, and when.

    Parameters
    ----------
    all
        The authority's: every alert, and between whom.
    json
        Print one JSON array.
    """
    from detente.cli.screen import show, table

    if all:
        return _every(connection, json)
    with connection.open() as client:
        found = client.alerts()
    if json:
        write_json(found)
        return _FOUND if found else 0
    drawn = table((), ("flight", "between", "from", "to", "about"))
    for alert in found:
        if alert.volume is not None:
            drawn.add_row(*map(printable, (alert.intent or "any", *_where(alert.volume))))
    if found:
        show(lambda console: console.print(drawn))
    print(count(len(found), "alert"))
    return _FOUND if found else 0


def _every(connection: Connection, json: bool) -> int:
    from detente.cli.screen import show, table

    with connection.open() as client:
        found = client.every_alert()
    if json:
        write_json(found)
        return _FOUND if found else 0
    drawn = table(("NM",), ("between", "and", "from", "parties warned"))
    for alert in found:
        warned = ", ".join(sorted({avoid.party for avoid in alert.avoid})) or "none"
        row = (f"{alert.closest / 1852:.1f}", alert.a, alert.b, f"{alert.start:%H:%M:%SZ}", warned)
        drawn.add_row(*map(printable, row))
    if found:
        show(lambda console: console.print(drawn))
    print(count(len(found), "alert"))
    return _FOUND if found else 0


def _where(volume: "Volume4D") -> tuple[str, str, str, str]:
    levels = [x for x in (volume.lower, volume.upper) if x is not None]
    times = [f"{t:%H:%M:%SZ}" if t else "" for t in (volume.start, volume.end)]
    if volume.centre is not None:
        place = volume.centre
    else:
        place = volume.corners[0]
    return (
        " and ".join(f"{x:,.0f} ft" for x in levels) or "all heights", times[0], times[1],
        f"{place[0]:.2f}, {place[1]:.2f}",
    )  # fmt: skip


def _print(found: "list[Seen]") -> None:
    from detente.cli.screen import show, table

    drawn = table(("height", "kt"), ("track", "compares", "intent", "says it is", "last seen"))
    for seen in found:
        t = seen.track
        height = t.fix.pressure if t.fix.pressure is not None else t.fix.geometric
        row = (
            "-" if height is None else f"{height:,.0f} ft",
            "-" if t.speed is None else f"{t.speed * 1.943844:,.0f}",
            t.id, t.conformance.value + (", made up" if t.synthetic else ""), t.intent or "-",
            t.callsign or t.address or "-", f"{t.fix.at:%Y-%m-%d %H:%M:%SZ}",
        )  # fmt: skip
        drawn.add_row(*map(printable, row))
    if found:
        show(lambda console: console.print(drawn))
    print(count(len(found), "track"))
