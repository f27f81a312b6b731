"""What the watch has found so far, and the tracks that it follows now."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from detente.authority.register import Alert
from detente.feeds.intake import Counts
from detente.watch.track import Conformance, Track, Unseen

__all__ = ["Account", "News"]

T = TypeVar("T", Unseen, Alert)

_ORDER = {
    Conformance.UNDECLARED: 0,
    Conformance.NONCONFORMING: 1,
    Conformance.CONFORMING: 2,
    Conformance.TENTATIVE: 3,
}
_FINDINGS = (Conformance.UNDECLARED, Conformance.NONCONFORMING)


@dataclass(frozen=True, slots=True)
class News:
    """What one step brought.

    Parameters
    ----------
    now : nanoseconds since 1970.
    tracks, unseen, alerts : those that began, changed or are due for the record.
    verdicts : those of the tracks of which another thing is said than before.
    """

    now: int
    tracks: Sequence[Track] = ()
    unseen: Sequence[Unseen] = ()
    alerts: Sequence[Alert] = ()
    verdicts: Sequence[Track] = ()


@dataclass(slots=True)
class Account:
    """Keeps what is followed now; of what is over, only how much there was.

    Parameters
    ----------
    feeds : the feeds' counts.
    tracks : those that are followed, by identifier.
    unseen, alerts : those that last.
    found : how many tracks there were of each verdict, and how many alerts and unseen flights.
    left : how many sightings no track could be made of, by why.
    now : the last step, nanoseconds since 1970; 0 before the first.
    """

    feeds: Sequence[Counts]
    tracks: dict[str, Track] = field(default_factory=dict)
    unseen: dict[str, Unseen] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)
    left: dict[str, int] = field(default_factory=dict)
    now: int = 0

    def take(
        self, now: int, tracks: Sequence[Track], unseen: Sequence[Unseen], alerts: Sequence[Alert]
    ) -> News:
        """Take in what a step brought."""
        self.now = now
        verdicts = []
        for track in tracks:
            known = self.tracks.get(track.id)
            self.found["tracks"] += known is None
            if known is None or known.conformance is not track.conformance:
                self.found[track.conformance] += 1
                verdicts.append(track)
            elif track.ended:
                verdicts.append(track)
            if track.ended:
                self.tracks.pop(track.id, None)
            else:
                self.tracks[track.id] = track
        self.found["unseen"] += _kept(self.unseen, unseen, lambda one: one.intent)
        self.found["alerts"] += _kept(self.alerts, alerts, lambda one: one.id)
        return News(now, tracks, unseen, alerts, verdicts)

    @property
    def alarming(self) -> bool:
        """Whether anything was undeclared or off its intent, or an alert was raised."""
        return any(self.found[what] for what in (*_FINDINGS, "alerts"))

    def shown(self) -> Iterator[Track]:
        """Go through the tracks, those that call for attention first."""
        return iter(
            sorted(self.tracks.values(), key=lambda t: (_ORDER[t.conformance], t.first, t.id))
        )

    def verdicts(self) -> Counter[Conformance]:
        """Count the tracks that are followed, by verdict."""
        return Counter(track.conformance for track in self.tracks.values())


def _kept(known: dict[str, T], news: Iterable[T], name: Callable[[T], str]) -> int:
    """Keep those that last; count those that were not there."""
    began = 0
    for one in news:
        if one.over:
            known.pop(name(one), None)
        else:
            began += name(one) not in known
            known[name(one)] = one
    return began
