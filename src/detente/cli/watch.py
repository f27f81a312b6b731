"""``detente watch``: what sensors see, compared with what was declared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from detente.cli.connection import Connection
from detente.cli.reading import AS_GIVEN, Reading
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.feeds import Feed, Intake, Recording, Step
    from detente.formats.decoded import Decoder

__all__ = ["watch"]

_FOUND = 1
_FEEDS = 64
_SECOND = 1_000_000_000


@Parameter(name="*", group=Group("What is heard", sort_key=1))
@dataclass(frozen=True, slots=True)
class Sources:
    """What is heard. Each may be given several times.

    Parameters
    ----------
    sbs
        HOST:PORT where a receiver serves BaseStation lines.
    asterix
        HOST:PORT to listen at, or GROUP@INTERFACE:PORT, for CAT021 and CAT062.
    opensky
        URL or file of OpenSky's state vectors.
    remote_id
        URL or file of flights of remote identification (ASTM F3411).
    every
        How often a URL or a file is looked at.
    edition
        Of an ASTERIX category where it is not the newest, such as 21=0.26.
    opensky_token
        Bearer token for the URLs of --opensky.
    remote_id_token
        Bearer token for the URLs of --remote-id.
    silence
        How long a feed may say nothing before it is connected again.
    queue
        How many sightings may wait; when there are more, the oldest are dropped and counted.
    """

    sbs: tuple[str, ...] = ()
    asterix: tuple[str, ...] = ()
    opensky: tuple[str, ...] = ()
    remote_id: tuple[str, ...] = ()
    every: str = "10s"
    edition: tuple[str, ...] = ()
    opensky_token: Annotated[str | None, Parameter(env_var="DETENTE_OPENSKY_TOKEN")] = None
    remote_id_token: Annotated[str | None, Parameter(env_var="DETENTE_REMOTE_ID_TOKEN")] = None
    silence: str = "90s"
    queue: int = 200_000

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.sbs or self.asterix or self.opensky or self.remote_id)

    def intake(self) -> "Intake":
        """Make the queue."""
        from detente.feeds import Intake

        if self.queue < 1:
            raise InputError(f"{self.queue} sightings", field="queue", mend="give 1 or more")
        return Intake(self.queue)

    def feeds(self, intake: "Intake") -> "list[Feed]":
        """Make the feeds.

        Raises
        ------
        InputError : an address, a URL, a file or an option that cannot be used.
        """
        from detente.feeds import TcpFeed, UdpFeed, parse_address
        from detente.formats.asterix import AsterixDecoder
        from detente.formats.opensky import OpenSkyDecoder
        from detente.formats.remote_id import RemoteIdDecoder
        from detente.formats.sbs import SbsDecoder

        silence = _positive(self.silence, "silence")
        made: list[Feed] = []
        for text in self.sbs:
            name = f"sbs {text}"
            place = parse_address(text, field="sbs")
            made.append(TcpFeed(name, SbsDecoder(name), intake, place, silence=silence))
        for text in self.asterix:
            name = f"asterix {text}"
            place = parse_address(text, field="asterix", groups=True)
            decoder = AsterixDecoder(name, editions=self.editions())
            made.append(UdpFeed(name, decoder, intake, place, silence=silence))
        for text in self.opensky:
            decoded = OpenSkyDecoder(_name("opensky", text))
            made.append(self._asked(text, "opensky", decoded, intake, self.opensky_token))
        for text in self.remote_id:
            known = RemoteIdDecoder(_name("remote-id", text))
            made.append(self._asked(text, "remote-id", known, intake, self.remote_id_token))
        names = [feed.name for feed in made]
        if len(names) > _FEEDS:
            raise InputError(f"{len(names)} feeds", mend=f"watch up to {_FEEDS}")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"{twice} is named twice", mend="name each feed once")
        return made

    def editions(self) -> dict[int, str]:
        """Read the editions of ASTERIX categories."""
        found = {}
        for text in self.edition:
            category, equals, edition = text.partition("=")
            if not (category.isdecimal() and equals and edition):
                raise InputError(
                    f"{text!r} is no edition", field="edition", mend="write it as 21=0.26"
                )
            found[int(category)] = edition
        return found

    def _asked(
        self, text: str, option: str, decoder: "Decoder", intake: "Intake", token: str | None
    ) -> "Feed":
        from detente.feeds import FileFeed, HttpFeed

        every = _positive(self.every, "every")
        name = _name(option, text)
        if "://" in text:
            return HttpFeed(name, decoder, intake, text, every=every, token=token)
        if not Path(text).is_file():
            raise InputError("no such file", file=text, field=option, mend="give a file or a URL")
        return FileFeed(name, decoder, intake, Path(text), every=every)


@Parameter(name="*", group=Group("What is replayed", sort_key=2))
@dataclass(frozen=True, slots=True)
class Replay:
    """What is replayed, in place of what is heard.

    Parameters
    ----------
    replay
        A recording: SBS lines, ASTERIX blocks, pcap, OpenSky or remote-id JSON, Parquet or CSV.
    speed
        How many times faster than it was, or "max" for as fast as it goes.
    begin
        Leave out what was before this time of the recording.
    shift
        Move it so that its beginning is now.
    day
        Of the first record, where ASTERIX blocks say only the time of day: 2018-08-01.
    utc
        The times in SBS lines are UTC; the lines do not say so.
    """

    replay: Path | None = None
    speed: str = "1"
    begin: str | None = None
    shift: bool = False
    day: str | None = None
    utc: bool = False

    def check(self, sources: Sources) -> None:
        """Refuse what does not go together."""
        if self.replay is None:
            given = {
                "begin": self.begin, "day": self.day, "shift": self.shift, "utc": self.utc,
                "speed": self.speed != "1",
            }  # fmt: skip
            for option, value in given.items():
                if value:
                    raise InputError(
                        "nothing is replayed", field=option, mend="say --replay FILE, or leave out"
                    )
            if not sources:
                raise InputError(
                    "nothing to watch", mend="say --sbs HOST:PORT, or another feed, or --replay"
                )
        elif sources:
            raise InputError(
                "a recording and a feed at once", field="replay", mend="watch one of the two"
            )
        self.factor()

    def factor(self) -> float | None:
        """Read the speed; None for as fast as it goes."""
        if self.speed == "max":
            return None
        try:
            factor = float(self.speed.removesuffix("x"))
        except ValueError:
            factor = 0.0
        if not 0.0 < factor < 1e6:
            raise InputError(
                f"{self.speed!r} is no speed", field="speed", mend="write 1, 60 or max"
            )
        return factor

    def recording(self, editions: dict[int, str], altitude: str | None) -> "Recording":
        """Open the recording."""
        from datetime import date

        from detente.feeds import Recording

        assert self.replay is not None
        try:
            day = None if self.day is None else date.fromisoformat(self.day)
        except ValueError:
            raise InputError(
                f"{self.day!r} is no day", field="day", mend="write it as 2018-08-01"
            ) from None
        return Recording(self.replay, day=day, editions=editions, utc=self.utc, altitude=altitude)

    def steps(self, recording: "Recording") -> "Iterator[Step]":
        """Cut the recording into seconds."""
        import time
        from itertools import chain

        from detente.authority.extent import instant
        from detente.cli.text import moment
        from detente.feeds import steps

        begin = None if self.begin is None else instant(moment(self.begin, "begin"))
        if not self.shift:
            return steps(recording.sightings(), recording.counts, begin=begin)
        # the first decides by how much
        seen = (s for s in recording.sightings() if begin is None or s.time >= begin)
        first = next(seen, None)
        if first is None:
            return iter(())
        shift = (time.time_ns() - first.time) // _SECOND * _SECOND
        return steps(chain([first], seen), recording.counts, shift=shift)


@Parameter(name="*", group=Group("Whom it is told", sort_key=3))
@dataclass(frozen=True, slots=True)
class Telling:
    """Whom it is told.

    Parameters
    ----------
    authority
        The authority's service; without it, what is seen is only shown.
    token
        Who asks; in DETENTE_TOKEN it is not seen by the machine's other users.
    token_file
        A file with the token, in place of it; it is read anew each time.
    within
        How long the authority may take to answer at the beginning.
    """

    authority: str | None = None
    token: Annotated[str | None, Parameter(env_var="DETENTE_TOKEN")] = None
    token_file: Path | None = None
    within: str = "10s"

    @property
    def connection(self) -> Connection:
        """How the authority is reached."""
        assert self.authority is not None
        return Connection(self.authority, self.token, self.token_file, self.within)


@Parameter(name="*", group=Group("What it is compared with, without an authority", sort_key=4))
@dataclass(frozen=True, slots=True)
class Declaring:
    """What it is compared with, without an authority.

    Parameters
    ----------
    intents
        A file of flights that count as declared.
    horizontal
        Horizontal minimum for alerts, with its unit.
    vertical
        Vertical minimum for alerts, with its unit.
    """

    intents: Path | None = None
    horizontal: str = "5nm"
    vertical: str = "1000ft"


def watch(
    *,
    sources: Sources = Sources(),
    replay: Replay = Replay(),
    telling: Telling = Telling(),
    declaring: Declaring = Declaring(),
    reading: Reading = AS_GIVEN,
    json: bool = False,
) -> int:
    """Follow what sensors see, and compare it with what was declared.

    Tracks, declared flights that nobody sees, and alerts go to the authority,
    once a second; what comes while it is out of reach is kept (docs/watch.md).
    Until SIGTERM or Ctrl-C, or to the end of a recording; then the exit code
    is 1 if a track was undeclared or off its intent, or an alert was raised.

    Parameters
    ----------
    json
        Print one JSON object a line, of everything that is told.
    """
    replay.check(sources)
    if telling.authority is not None and declaring.intents is not None:
        raise InputError(
            "flights of a file and an authority at once", field="intents",
            mend="the authority knows what was declared: leave --intents out",
        )  # fmt: skip
    from detente.cli.watching.session import Session

    session = Session(telling, declaring, reading, json=json)
    with _leaves():
        if replay.replay is None:
            intake = sources.intake()
            session.live(sources.feeds(intake), intake)
            return 0
        recording = replay.recording(sources.editions(), reading.altitude)
        found = session.replay(recording, replay.steps(recording), replay.factor())
    return _FOUND if found else 0


@contextmanager
def _leaves() -> Iterator[None]:
    """Raise what went wrong in one of several tasks as if there were one."""
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None


def _positive(text: str, field: str) -> float:
    from detente.units import parse_duration

    seconds = parse_duration(text, field=field)
    if not seconds > 0.0:
        raise InputError(f"{text}", field=field, mend="give more than 0 s")
    return seconds


def _name(option: str, text: str) -> str:
    from detente.feeds import shown

    return f"{option} {shown(text) if '://' in text else text}"
