"""The watch: sightings in; what changed, and what is due for the record, out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from msgspec.structs import replace

from detente.airspace import Reference, Separation
from detente.airspace.sighting import Sighting
from detente.errors import InputError
from detente.watch.alert import Alerting, ShortTermAlert, ShortTermAlerts
from detente.watch.declared import Declared
from detente.watch.gate import Matching
from detente.watch.matcher import Matcher
from detente.watch.matches import CONFORMANCES, Matches
from detente.watch.picture import Picture
from detente.watch.settings import Tracking
from detente.watch.track import Conformance, Track, Unseen
from detente.watch.tracker import Tracker, going, known, moment

__all__ = ["Observation", "Watch", "Watching"]

_SLACK: Final = 100_000_000
"""Nanoseconds that steps may come early: what is due each 10 s is not due each 11."""
_CONFORMING: Final = CONFORMANCES.index(Conformance.CONFORMING)


@dataclass(frozen=True, slots=True)
class Watching:
    """What the watch goes by.

    Parameters
    ----------
    tracking, matching, alerting : what its parts go by.
    separation : the airspace's minima, for alerts.
    reference : what parties are told altitudes in.
    often : seconds between two entries of a track that does not conform, or of an alert.
    seldom : seconds between two entries of a track that conforms.
    looks : seconds between two looks for alerts.

    Raises
    ------
    InputError : a value that is not above 0.
    """

    tracking: Tracking = field(default_factory=Tracking)
    matching: Matching = field(default_factory=Matching)
    alerting: Alerting = field(default_factory=Alerting)
    separation: Separation = field(default_factory=Separation)
    reference: Reference = Reference.PRESSURE
    often: float = 10.0
    seldom: float = 60.0
    looks: float = 5.0

    def __post_init__(self) -> None:
        for name in ("often", "seldom", "looks"):
            if not 0.0 < getattr(self, name) < float("inf"):
                raise InputError(
                    f"{getattr(self, name):g}", field=name, mend="give a number above 0"
                )


class Observation(NamedTuple):
    """What is to be told of one step.

    Parameters
    ----------
    tracks : those that are new, changed (conformance, intent, identity), ended or due.
    unseen : intents that are not seen from now on, or are no longer.
    alerts : those that are new or over, that say otherwise what to avoid, or are due.
    """

    tracks: tuple[Track, ...]
    unseen: tuple[Unseen, ...]
    alerts: tuple[ShortTermAlert, ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything to be told."""
        return any(self)


class _Told(NamedTuple):
    """What was last told of a track."""

    verdict: int
    intent: str
    words: tuple[str, str, str, str]
    at: int
    seen: int


class Watch:
    """Follows all aircraft that are seen, and compares them with what was declared.

    Pure: the time comes with each step, and the same steps give the same observations.

    Parameters
    ----------
    settings : what it goes by.

    Attributes
    ----------
    tracker : joins sightings; counts what it left out.
    picture : all tracks at the last step; None before the first.
    matches : the verdicts on them.
    """

    def __init__(self, settings: Watching | None = None) -> None:
        self._settings = settings or Watching()
        self.tracker = Tracker(self._settings.tracking)
        self._matcher = Matcher(self._settings.matching)
        self._alerts = ShortTermAlerts(
            self._settings.separation,
            reference=self._settings.reference,
            settings=self._settings.alerting,
        )
        self.picture: Picture | None = None
        self.matches: Matches | None = None
        self._looked: int | None = None
        self._waiting: list[Sighting] = []
        self._told: dict[str, _Told] = {}
        self._unseen: dict[str, Unseen] = {}
        self._raised: dict[str, tuple[ShortTermAlert, int]] = {}

    def declare(self, declared: Declared) -> None:
        """Compare tracks with an intent from now on; it takes the place of one of its name."""
        self._matcher.declare(declared)
        self._alerts.declare(declared)

    def withdraw(self, name: str) -> None:
        """Forget an intent, if it was declared."""
        if name in self._matcher:
            self._matcher.withdraw(name)
        self._alerts.withdraw(name)

    def see(self, sightings: Iterable[Sighting]) -> None:
        """Keep sightings for the next step."""
        self._waiting += sightings

    def step(self, now: int) -> Observation:
        """Take in what was seen, look around, and say what is to be told.

        Parameters
        ----------
        now : the present, nanoseconds since 1970.

        Raises
        ------
        InputError : sightings of more than 64 feeds.
        """
        waiting, self._waiting = self._waiting, []
        self.tracker.take(waiting, now)
        picture = self.tracker.advance(now)
        matches = self._matcher.match(picture)
        self.picture, self.matches = picture, matches
        return Observation(
            (*self._ended(), *self._tracks(picture, matches)),
            self._absent(matches),
            self._warnings(picture, matches),
        )

    def _ended(self) -> list[Track]:
        ended = []
        for track in self.tracker.ended:
            told = self._told.pop(track.id, None)
            if told is not None:  # else it was merged before it was told
                conformance = CONFORMANCES[told.verdict]
                ended.append(replace(track, conformance=conformance, intent=told.intent))
        return ended

    def _tracks(self, picture: Picture, matches: Matches) -> list[Track]:
        now, told = picture.now, self._told
        often, seldom = _span(self._settings.often), _span(self._settings.seldom)
        due = []
        words = zip(picture.address, picture.callsign, picture.squawk, picture.kind, strict=True)
        for k, (id_, verdict, intent, says, seen) in enumerate(
            zip(
                picture.ids, matches.verdict.tolist(), matches.intent, words,
                picture.seen.tolist(), strict=True,
            )
        ):  # fmt: skip
            last = told.get(id_)
            if (
                last is None
                or last.verdict != verdict
                or last.intent != intent
                or last.words != says
                or (
                    now - last.at >= (seldom if verdict == _CONFORMING else often)
                    and seen > last.seen
                )
            ):
                told[id_] = _Told(verdict, intent, says, now, seen)
                due.append(k)
        return self._written(picture, matches, due)

    def _written(self, picture: Picture, matches: Matches, rows: list[int]) -> list[Track]:
        """Write these rows down as tracks."""
        tracks = []
        for k, fix in zip(rows, self.tracker.fixes(rows), strict=True):
            speed, course = going(picture.north[k], picture.east[k])
            tracks.append(
                Track(
                    id=picture.ids[k],
                    conformance=matches.conformance(k),
                    first=moment(int(picture.first[k])),
                    fix=fix,
                    speed=speed,
                    course=course,
                    climb=known(picture.climb[k]),
                    intent=matches.intent[k],
                    deviation=matches.deviation(k),
                    address=picture.address[k],
                    callsign=picture.callsign[k],
                    squawk=picture.squawk[k],
                    kind=picture.kind[k],
                    sources=picture.sources[k],
                    coasted=max(0.0, round((picture.now - int(picture.seen[k])) * 1e-9, 3)),
                )
            )
        return tracks

    def _absent(self, matches: Matches) -> tuple[Unseen, ...]:
        now = {unseen.intent: unseen for unseen in matches.unseen}
        new = [one for name, one in now.items() if self._unseen.get(name) != one]
        over = [replace(self._unseen[name], over=True) for name in self._unseen if name not in now]
        self._unseen = now
        return (*over, *new)

    def _warnings(self, picture: Picture, matches: Matches) -> tuple[ShortTermAlert, ...]:
        now = picture.now
        if self._looked is not None and now - self._looked < _span(self._settings.looks):
            return ()
        self._looked = now
        out = []
        for alert in self._alerts.look(picture, matches):
            told = self._raised.get(alert.id)
            if alert.over:
                if self._raised.pop(alert.id, None) is not None:
                    out.append(alert)
            elif (
                told is None
                or told[0].avoid != alert.avoid
                or now - told[1] >= _span(self._settings.often)
            ):
                self._raised[alert.id] = alert, now
                out.append(alert)
        return tuple(out)


def _span(seconds: float) -> int:
    return max(0, round(seconds * 1e9) - _SLACK)
