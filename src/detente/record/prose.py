"""Sentences: what was said and seen, each with who says so. Nothing here states a claim by itself.

Whatever a user wrote is put on one line, and stands after who said it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from detente.record.entry import Filed, Indicated, Said, Seen
from detente.record.occurrence import Occurrence
from detente.record.statement import Position, Speaker, Statement, SubjectKind
from detente.record.utterance import aware, folded
from detente.watch.track import Conformance, Deviation, Fix

__all__ = [
    "area",
    "compared",
    "dated",
    "filed_sentence",
    "indicated_sentence",
    "listed",
    "one_line",
    "quoted",
    "said_sentence",
    "seen_sentence",
    "sensors",
    "spoken_by",
    "timed",
]

_VERBS = {
    Position.DECLARES: "declared",
    Position.CONFIRMS: "confirmed",
    Position.INDICATES: "indicated",
    Position.DENIES: "denied",
    Position.CANNOT_CONFIRM: "could not confirm",
    Position.DID_NOT_COORDINATE: "said",
}


_LONGEST = 100
_BOUNDS = str.maketrans({"“": "'", "”": "'", '"': "'", "(": "'", ")": "'", "[": "'", "]": "'"})


def one_line(text: str) -> str:
    """Put a name on one line, not too long, and with nothing that bounds it in a sentence.

    >>> one_line("  A)  B ")
    "A' B"
    """
    line = _printable(text).translate(_BOUNDS)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


def quoted(text: str) -> str:
    """Put what somebody wrote between quotation marks, out of which it cannot come.

    >>> quoted("it flew”. It is so")
    "“it flew'. It is so”"
    """
    return f"“{_printable(text).translate(_QUOTES)}”"


def _printable(text: str) -> str:
    """Drop what changes how a line reads without being seen, such as a turn of its direction."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


_QUOTES = str.maketrans({"“": "'", "”": "'"})


def listed(items: Iterable[str]) -> str:
    """Join in words.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def timed(time: datetime) -> str:
    """Write a moment in UTC.

    >>> timed(datetime(2014, 12, 2, 14, 5, tzinfo=UTC))
    '2 December 2014, 14:05 UTC'
    """
    utc = aware(time).astimezone(UTC)
    clock = f"{utc:%H:%M:%S}" if utc.second or utc.microsecond else f"{utc:%H:%M}"
    return f"{_day(utc)}, {clock} UTC"


def dated(time: datetime) -> str:
    """Write a day, or a moment; midnight in UTC is how a day is entered whose hour is not known.

    >>> dated(datetime(2014, 12, 2, tzinfo=UTC))
    '2 December 2014'
    """
    utc = aware(time).astimezone(UTC)
    whole = (utc.hour, utc.minute, utc.second, utc.microsecond) == (0, 0, 0, 0)
    return _day(utc) if whole else timed(time)


def spoken_by(speaker: Speaker, *, on_record: bool = True) -> str:
    """Say who speaks: for whom, and by name only where they may be quoted by it.

    >>> spoken_by(Speaker("US", role="spokesman", name="A. B."))
    'US (A. B., spokesman)'
    >>> spoken_by(Speaker("US", role="spokesman", name="A. B."), on_record=False)
    'US (off the record, spokesman)'
    >>> spoken_by(Speaker("Iran", role="a senior official", anonymous=True))
    'Iran (unnamed, a senior official)'
    """
    name = one_line(speaker.name)
    if speaker.anonymous:
        name = "unnamed"
    elif not on_record:
        name = "off the record"
    inside = ", ".join(filter(None, (name, one_line(speaker.role))))
    side = one_line(speaker.side) or "A side not known"
    return f"{side} ({inside})" if inside else side


def said_sentence(said: Said, question: str = "") -> str:
    """Say what was said: who, when, to whom, how, what, how hedged, and where it can be read.

    Parameters
    ----------
    said : the statement.
    question : that it answers, in words; for one that says no claim.
    """
    statement = said.statement
    who = spoken_by(statement.speaker, on_record=statement.on_record)
    when = f"On {dated(statement.said)} " if statement.said else ""
    text = f"{when}{who} {_VERBS[statement.position]}{_told(statement)}"
    coordination = statement.position is Position.DID_NOT_COORDINATE
    that = " that" if statement.claim.strip() else " as asked:"
    what = quoted(statement.claim.strip() or question or statement.scope)
    text += f" that there was no coordination: {what}" if coordination else f"{that} {what}"
    hedge = f" (hedged: {quoted(statement.hedge)})" if statement.hedge.strip() else ""
    label = "Synthetic: " if statement.synthetic else ""
    return f"{label}{text}{hedge}.{_where(said)}"


def area(occurrence: Occurrence) -> str:
    """Say where an event is said to have been: by its name, else by its area; "" for neither.

    >>> noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    >>> area(Occurrence("lake", "", noon, noon, centre=(50.0, -5.0), radius=20_000.0))
    'within 20 km of 50.00° N 5.00° W'
    """
    if occurrence.place.strip():
        return one_line(occurrence.place)
    if occurrence.centre is not None:
        return f"within {occurrence.radius / 1_000:,g} km of {_point(*occurrence.centre)}"
    if occurrence.corners:
        return f"the area of {listed(_point(*corner) for corner in occurrence.corners)}"
    return ""


def sensors(seen: Seen) -> str:
    """Say by what a track was seen."""
    names = [one_line(name) for name in seen.track.sources]
    if not names:
        return "the watch"
    return f"the sensor{'s' if len(names) > 1 else ''} {listed(names)}"


def seen_sentence(seen: Seen) -> str:
    """Say what was seen of one aircraft, by what, when, and how it compares."""
    track = seen.track
    path = seen.path or (track.fix,)
    label = "Synthetic: " if track.synthetic else ""
    by = sensors(seen)
    text = (
        f"{label}{by if label else _capital(by)} saw an aircraft (track {one_line(track.id)}) "
        f"{_span(path[0].at, path[-1].at)}, from "
        f"{_place(path[0])} to {_place(path[-1])}{_altitude(path)}. {compared(seen)}"
    )
    said = [
        f"{what} {one_line(value)}"
        for what, value in (
            ("callsign", track.callsign),
            ("address", track.address),
            ("type", track.kind),
        )
        if value.strip()
    ]
    return f"{text} It sent {listed(said)}, which proves nothing." if said else text


def compared(seen: Seen) -> str:
    """Say how a track compares with what was declared."""
    track = seen.track
    intent = one_line(track.intent)
    if track.conformance is Conformance.UNDECLARED:
        return "No intent matched it: it was undeclared."
    if track.conformance is Conformance.TENTATIVE:
        return "Too little was seen of it to compare it with what was declared."
    if track.conformance is Conformance.CONFORMING:
        return f"It matched intent {intent}, and conformed to it."
    return f"It matched intent {intent}, and did not conform to it{_deviation(track.deviation)}."


def indicated_sentence(seen: Seen, indicated: Indicated) -> str:
    """Say what a track is said to look like, and by whom."""
    one = indicated.indication
    label = "Synthetic: " if seen.track.synthetic else ""
    by = one_line(one.by)
    sure = "" if one.sure is None else f", {100 * one.sure:.0f} % sure as they say"
    note = f" (note: {quoted(one.note)})" if one.note.strip() else ""
    return (
        f"{label}{by if label else _capital(by)} indicated on {timed(one.at)} that track "
        f"{one_line(seen.track.id)} looked like {quoted(one.what)}{sure}{note}. It proves "
        "nothing."
    )


def filed_sentence(filed: Filed, *, synthetic: bool) -> str:
    """Say what a party declared to the authority."""
    label = "Synthetic: party" if synthetic else "Party"
    flown = ", and that it was in the air" if filed.flown else ""
    return (
        f"{label} {one_line(filed.party)} declared a flight (intent {one_line(filed.name)}) to the "
        f"authority, filed on {timed(filed.at)}{flown}. It is {one_line(filed.state)}."
    )


def _told(statement: Statement) -> str:
    """Say to whom, and who quotes whom; in brackets, for an outlet's name is anybody's text."""
    chain = [one_line(name) for name in (*statement.via[::-1], statement.outlet) if name.strip()]
    own = bool(chain) and folded(chain[0]) == folded(statement.speaker.side)
    first = [] if own else [f"to {chain[0]}" if chain else "to the authority"]
    told = ", ".join((*first, *(f"quoted by {name}" for name in chain[1:])))
    return f" ({told})" if told else ""


def _where(said: Said) -> str:
    statement = said.statement
    parts: list[str] = []
    if not statement.said:
        parts.append("when it was said is not known")
    if statement.published:
        parts.append(f"published on {dated(statement.published)}")
    if statement.about.kind is not SubjectKind.EVENT:
        parts.append(f"of {statement.about.kind.value} {one_line(statement.about.id)}")
    parts.append(f"statement {one_line(said.name)}")
    source = f" Source: {quoted(statement.citation)}." if statement.citation.strip() else ""
    return f" [{'; '.join(parts)}]{source}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(utc: datetime) -> str:
    return f"{utc.day} {utc:%B} {utc.year}"


def _span(first: datetime, last: datetime) -> str:
    start, end = aware(first).astimezone(UTC), aware(last).astimezone(UTC)
    if start == end:
        return f"on {timed(first)}"
    if start.date() == end.date():
        clock = "%H:%M:%S" if start.second or end.second else "%H:%M"
        return f"on {_day(start)} from {start:{clock}} to {end:{clock}} UTC"
    return f"from {timed(first)} to {timed(last)}"


def _place(fix: Fix) -> str:
    return _point(fix.lat, fix.lon)


def _point(lat: float, lon: float) -> str:
    north = f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}"
    return f"{north} {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"


def _altitude(path: Sequence[Fix]) -> str:
    for values, of in (
        ([fix.pressure for fix in path if fix.pressure is not None], "pressure altitude"),
        ([fix.geometric for fix in path if fix.geometric is not None], "above the ellipsoid"),
    ):
        if values:
            low, high = round(min(values), -2), round(max(values), -2)
            span = f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
            return f", at {span} ft ({of})"
    return ", at an altitude that is not known"


def _deviation(deviation: Deviation | None) -> str:
    if deviation is None:
        return ""
    parts = [
        f"{abs(round(value)):,} {more if value > 0 else less}"
        for value, more, less in (
            (deviation.lateral, "m beside it", "m beside it"),
            (deviation.vertical, "ft above it", "ft below it"),
            (deviation.time, "s late", "s early"),
        )
        if value and round(value)
    ]
    return f" ({listed(parts)})" if parts else ""
