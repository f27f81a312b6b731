"""``detente events``: what the party is told, as it comes."""

import sys
from math import ceil
from typing import TYPE_CHECKING

from detente.cli.connection import HERE, Connection
from detente.cli.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detente.authority.notice import Content, Notice, ToldAlert, ToldStatement
    from detente.authority.outcome import Outcome

__all__ = ["events"]


def events(
    *,
    after: int | None = None,
    ledger: bool = False,
    json: bool = False,
    connection: Connection = HERE,
) -> None:
    """Print what the party is told, as it comes, until interrupted.

    Where the connection breaks it is taken up again, and nothing is left out.

    Parameters
    ----------
    after
        Begin after this number; 0 for all. By default, with what comes now.
    ledger
        Follow the whole ledger; the authority's alone.
    json
        Print one JSON object a line.
    """
    import msgspec

    with connection.open() as client:
        if ledger:
            for position, outcome in client.outcomes(after=after):
                body = {"position": position, **msgspec.to_builtins(outcome)}
                _write([msgspec.json.encode(body).decode()] if json else _of(position, outcome))
        else:
            for notice in client.events(after=after):
                _write([msgspec.json.encode(notice).decode()] if json else _lines(notice))


def _write(lines: "list[str] | Iterator[str]") -> None:
    for line in lines:
        sys.stdout.write(f"{printable(line)}\n")
    # somebody, or a program, is waiting for it
    sys.stdout.flush()


def _lines(notice: "Notice") -> "Iterator[str]":
    from detente.cli.knowledge import clock

    for content in notice.contents:
        yield f"{notice.number:>5}  {clock(notice.at)}  {_words(content)}"


def _words(content: "Content") -> str:
    from detente.authority.notice import (
        OwnIntent,
        PublicConstraint,
        Refusal,
        SharedIntent,
        SharedVolumes,
        ToldAlert,
        ToldOccurrence,
        ToldStatement,
    )
    from detente.cli.rehearsal.account import in_words

    if isinstance(content, OwnIntent):
        text = f"intent {content.intent}: {content.state}, version {content.version}"
        if content.because:
            text += f", because of {', '.join((content.because, *content.constraints))}"
        if content.ended:
            text += f" ({content.ended})"
        if content.aircraft is not None:
            flown = content.aircraft
            marks = (flown.callsign, flown.address, flown.registration, flown.kind)
            text += f", flown by {' '.join(filter(None, marks)) or 'no aircraft that is named'}"
        if content.changed is not None:
            text += f", {in_words(content.changed)}"
        if content.alternatives is not None:
            ids = " ".join(offer.id for offer in content.alternatives.offers)
            text += f", alternatives: {ids or 'none'}"
        return text + (f": {content.reason}" if content.reason else "")
    if isinstance(content, PublicConstraint):
        now = "lifted" if content.lifted else f"{content.effect}, version {content.version}"
        return f"constraint {content.constraint}: {now}"
    if isinstance(content, SharedIntent):
        return f"shared {content.party}/{content.intent}: {content.state}"
    if isinstance(content, SharedVolumes):
        return f"shared {content.handle}: {'gone' if content.gone else 'volumes'}"
    if isinstance(content, Refusal):
        return f"rejected: {content.what}" + (f"; {content.mend}" if content.mend else "")
    if isinstance(content, ToldAlert):
        return _warning(content)
    if isinstance(content, ToldOccurrence):
        where = f" ({content.place})" if content.place else ""
        made = "synthetic " if content.synthetic else ""
        return (
            f"{made}event {content.event}, version {content.version}{where}: {content.description}"
        )
    if isinstance(content, ToldStatement):
        return _speech(content)
    facts = ", ".join(f"{name} {fact}" for name, fact in content.facts.items())
    return f"{content.kind}: {facts}"


def _warning(alert: "ToldAlert") -> str:
    from detente.cli.knowledge import clock

    text = f"alert {alert.alert}" + (f" for {alert.intent}" if alert.intent else "")
    volume = alert.volume
    if volume is None:
        return f"{text}: over"
    times = " to ".join(clock(t) for t in (volume.start, volume.end) if t is not None)
    lower = "ground" if volume.lower is None else f"{volume.lower:,.0f} ft"
    upper = "unlimited" if volume.upper is None else f"{volume.upper:,.0f} ft"
    if volume.centre is not None:
        lat, lon = volume.centre
        wide = ceil(volume.radius / 185.2) / 10.0
        where = f"{wide:.1f} NM about {lat:.3f}, {lon:.3f}"
    else:
        where = "the area " + "; ".join(f"{lat:.3f}, {lon:.3f}" for lat, lon in volume.corners)
    return f"{text}: keep clear of {where}, {lower} to {upper}, {times}"


def _speech(told: "ToldStatement") -> str:
    from detente.record.entry import Said
    from detente.record.prose import said_sentence

    about = told.statement.about
    sentence = said_sentence(Said(told.statement, told.by, told.at, 0, told.public))
    return f"said of {about.kind} {about.id}: {sentence}"


def _of(position: int, outcome: "Outcome") -> "Iterator[str]":
    from detente.cli.knowledge import clock

    kinds = ", ".join(type(event).__name__ for event in outcome.events)
    yield f"{position:>7}  {clock(outcome.at)}  {outcome.by}: {kinds}"
