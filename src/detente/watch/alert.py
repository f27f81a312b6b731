"""Short-term conflict alerts: a loss of separation is foreseen in the next minutes.

What is meant is ICAO Doc 4444 (PANS-ATM), 15.7.2; what such a function must do is in
the EUROCONTROL Specification for Short Term Conflict Alert (edition 1.1, EUROCONTROL-SPEC-122).
docs/tracks.md says how it is done here.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from detente.airspace import Reference, Separation
from detente.errors import InputError
from detente.watch.avoidance import Avoidance, Cells, Whereabouts, together
from detente.watch.declared import Declared
from detente.watch.matches import Matches
from detente.watch.meeting import Course, Meeting, meetings, with_volumes
from detente.watch.picture import Picture
from detente.watch.prediction import Outlook, party_of, predicted
from detente.watch.routes import Routes
from detente.watch.sight import Sight

__all__ = ["Alerting", "ShortTermAlert", "ShortTermAlerts"]

_MINUTE = 60_000_000_000


@dataclass(frozen=True, slots=True)
class Alerting:
    """What an alert goes by. docs/tracks.md says why.

    Parameters
    ----------
    outlook : how far ahead is looked, and how uncertainty grows.
    allowed : shares of the horizontal and of the vertical minimum that these themselves allow
        for: radar separation presumes positions, and levels, that are a little off.
    least, looks : an alert is raised when so many of the last so many looks found it;
    urgent : seconds; or at once where separation is lost sooner than that.
    clear : it is over after so many looks that did not find it.
    same_party : whether two of one party alert: that is that party's business.
    cells : the public grid of volumes to avoid; by default as wide and as high as the minima.

    Raises
    ------
    InputError : a value that is out of range.
    """

    outlook: Outlook = field(default_factory=Outlook)
    allowed: tuple[float, float] = (0.1, 0.2)
    least: int = 2
    looks: int = 3
    urgent: float = 60.0
    clear: int = 3
    same_party: bool = False
    cells: Cells | None = None

    def __post_init__(self) -> None:
        if not all(0.0 <= share < 1.0 for share in self.allowed):
            raise InputError(
                f"{self.allowed}", field="allowed", mend="give two shares from 0 up to, not with, 1"
            )
        if not 1 <= self.least <= self.looks <= 60:
            raise InputError(
                f"{self.least} of {self.looks} looks",
                field="least",
                mend="give 1 to looks of 1 to 60",
            )
        if not 1 <= self.clear <= 60:
            raise InputError(f"{self.clear} looks", field="clear", mend="give 1 to 60")


@dataclass(frozen=True, slots=True)
class ShortTermAlert:
    """Two that are predicted to lose separation.

    Parameters
    ----------
    id : the same as long as it lasts; it follows from the two, and from when it was raised.
    a, b : "track:ID", and "track:ID" or "intent:party/id".
    start : nanoseconds since 1970, when separation would be lost; not before the look.
    end : when it would be there again, or the prediction ends.
    closest : metres at the closest approach.
    closest_at : when that is.
    vertical : feet then; None where their altitudes are not above the same: then they are taken
        to be at one level.
    avoid : what each party is told.
    over : it is no more.
    """

    id: str
    a: str
    b: str
    start: int
    end: int
    closest: float
    closest_at: int
    vertical: float | None
    avoid: tuple[Avoidance, ...] = ()
    over: bool = False


@dataclass(slots=True)
class _Case:
    """A pair: what the last looks found, as bits, and its alert, once it was raised."""

    found: int = 0
    missed: int = 0
    alert: ShortTermAlert | None = None


class ShortTermAlerts:
    """Looks for losses of separation that are near; remembers what it raised.

    Pure: the time comes with the picture, and the same looks give the same alerts, in whatever
    order tracks and intents come.

    Parameters
    ----------
    separation : the airspace's minima, for all that have none of their own.
    reference : what a party is told altitudes in: that of the airspace's charter.
    settings : what it goes by.
    """

    def __init__(
        self,
        separation: Separation | None = None,
        *,
        reference: Reference = Reference.PRESSURE,
        settings: Alerting | None = None,
    ) -> None:
        self.separation = separation or Separation()
        self.settings = settings or Alerting()
        self.cells = self.settings.cells or Cells(
            min(max(self.separation.horizontal, 1.0), 1e5), self.separation.vertical, reference
        )
        self._routes = Routes(self.separation)
        self._cases: dict[tuple[str, str], _Case] = {}

    def declare(self, declared: Declared) -> None:
        """Keep clear of an intent from now on; in place of one of its name."""
        self._routes.put(declared)

    def withdraw(self, name: str) -> None:
        """Forget an intent, if it was declared."""
        self._routes.drop(name)

    def look(self, picture: Picture, matches: Matches) -> tuple[ShortTermAlert, ...]:
        """Look at a moment: give all alerts that stand, and those that are over by this look.

        Parameters
        ----------
        picture : where the tracks are.
        matches : the verdicts on them, row by row.

        Returns
        -------
        In the order of when separation is lost, then of a and b. One that this look did not find,
        and that is not over yet, is as it was last found.

        Raises
        ------
        InputError : pictures and matches of different lengths.
        """
        if len(matches) != len(picture):
            raise InputError(f"{len(matches)} verdicts on {len(picture)} tracks", field="matches")
        seen = self._found(picture, matches)
        told = []
        for pair in sorted(self._cases.keys() | seen.keys()):
            alert = self._next(pair, seen.get(pair), picture.now)
            if alert is not None:
                told.append(alert)
        return tuple(sorted(told, key=lambda alert: (alert.start, alert.a, alert.b)))

    def _next(
        self, pair: tuple[str, str], fresh: ShortTermAlert | None, now: int
    ) -> ShortTermAlert | None:
        """Count a look for one pair; give its alert if there is one, or was until now."""
        rule = self.settings
        case = self._cases.setdefault(pair, _Case())
        case.found = (case.found << 1 | (fresh is not None)) & ((1 << rule.looks) - 1)
        case.missed = 0 if fresh else case.missed + 1
        if fresh is None:
            if case.alert is not None and case.missed >= rule.clear:
                del self._cases[pair]
                return replace(case.alert, avoid=(), over=True)
            if case.alert is None and not case.found:
                del self._cases[pair]
            return case.alert
        if case.alert is not None:
            case.alert = replace(fresh, id=case.alert.id)
        elif case.found.bit_count() >= rule.least or fresh.start - now < rule.urgent * 1e9:
            case.alert = replace(fresh, id=_name(pair, now))
        return case.alert

    def _found(self, picture: Picture, matches: Matches) -> dict[tuple[str, str], ShortTermAlert]:
        """Give what would be lost in the look-ahead time, by pair."""
        rule = self.settings
        ahead = picture.now + round(rule.outlook.ahead * 1e9)
        laid = self._routes.laid(picture.now)
        # to the end of the last minute that may be told
        until = -(-ahead // _MINUTE) * _MINUTE
        ours = predicted(
            picture, matches, laid, self.separation, rule.outlook, until, level=rule.allowed[1]
        )
        if not ours.tracks:
            return {}
        course = Course.of(ours, rule.outlook, picture.now, laid.legs.epoch)
        limit = (ahead - laid.legs.epoch) * 1e-9
        sight = Sight(picture.now, until, course, laid, self.cells)
        found: dict[tuple[str, str], _Found] = {}
        for meeting in meetings(ours, course, rule.allowed, limit, same_party=rule.same_party):
            a, b = ours.names[meeting.a], ours.names[meeting.b]
            if meeting.b < ours.tracks and b < a:
                a, b = b, a
            case = found.setdefault((a, b), _Found())
            case.meetings.append(meeting)
            for own, other in ((meeting.a, meeting.b), (meeting.b, meeting.a)):
                if ours.intents[own]:
                    case.where[ours.intents[own]].append(sight.course(other, meeting))
        for meeting in with_volumes(
            ours, course, laid, rule.allowed, limit, same_party=rule.same_party
        ):
            owner = laid.owner[meeting.b].name
            case = found.setdefault((ours.names[meeting.a], f"intent:{owner}"), _Found())
            case.meetings.append(meeting)
            case.where[owner].append(sight.course(meeting.a, meeting))
            if ours.intents[meeting.a]:
                case.where[ours.intents[meeting.a]].append(sight.volume(meeting))
        return {pair: self._made(pair, case, laid.legs.epoch) for pair, case in found.items()}

    def _made(self, pair: tuple[str, str], case: "_Found", epoch: int) -> ShortTermAlert:
        """Give the alert of a pair; of several losses the first begins and the nearest counts."""
        nearest = min(case.meetings, key=lambda m: (m.horizontal, m.closest))
        return ShortTermAlert(
            id="",
            a=pair[0],
            b=pair[1],
            start=epoch + round(min(m.entry for m in case.meetings) * 1e9),
            end=epoch + round(max(m.exit for m in case.meetings) * 1e9),
            closest=nearest.horizontal,
            closest_at=epoch + round(nearest.closest * 1e9),
            vertical=None if math.isnan(nearest.vertical) else nearest.vertical,
            avoid=tuple(
                Avoidance(party_of(intent), intent, self.cells.volume(together(where)))
                for intent, where in sorted(case.where.items())
            ),
        )


@dataclass(slots=True)
class _Found:
    """What a look found of a pair: each loss, and where, by intent, the other may be then."""

    meetings: list[Meeting] = field(default_factory=list)
    where: dict[str, list[Whereabouts]] = field(default_factory=lambda: defaultdict(list))


def _name(pair: tuple[str, str], now: int) -> str:
    return blake2b(f"{pair[0]}\n{pair[1]}\n{now}".encode(), digest_size=8).hexdigest()
