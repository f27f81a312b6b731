"""What a day came to: for each party, from what it was told; for the authority, from the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.authority import Outcome
from detente.authority import event as e
from detente.authority.disclosure import (
    OwnIntent,
    PublicConstraint,
    SharedIntent,
    SharedVolumes,
    View,
)
from detente.authority.register import Offer
from detente.cli.knowledge import clock
from detente.cli.rehearsal.player import Line, Player
from detente.cli.screen import table
from detente.cli.text import count, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["AuthorityAccount", "in_words", "print_party"]

_SHOWN = 3
"""Rows of each kind."""

_NAUTICAL_MILE = 1852.0


def in_words(offer: Offer | None) -> str:
    """Say how a flight differs from what was asked for.

    >>> in_words(Offer("", delay=300, feet=-1000.0))
    '5 min later, 1,000 ft lower'
    """
    if offer is None:
        return "as asked"
    parts = [f"{offer.delay / 60:g} min later"] if offer.delay else []
    if offer.feet:
        parts.append(f"{abs(offer.feet):,.0f} ft {'higher' if offer.feet > 0 else 'lower'}")
    if offer.offset:
        side = "right" if offer.offset > 0 else "left"
        parts.append(f"{abs(offer.offset) / _NAUTICAL_MILE:g} NM to the {side}")
    if offer.speed != 1.0:
        parts.append(f"at {offer.speed:.0%} of its speed")
    return ", ".join(parts) or "as asked"


def print_party(console: "Console", player: Player, view: View) -> None:
    """Print what a party saw: of others it holds what the authority told it, and nothing else."""
    for line in (*_lines(player), *_of_others(player, view)):
        console.print(f"  {line}", soft_wrap=True)
    stories = list(_stories(player))
    if stories:
        drawn = table((), ("at (UTC)", "flight", "it was told", "alternatives", "and then"))
        for kind in ("refused", "held"):
            for row in [row for row in stories if row[2].startswith(kind)][:_SHOWN]:
                drawn.add_row(*map(printable, row))
        more = len(stories) - drawn.row_count
        if more:
            drawn.add_row("", f"and {more:,} more", "", "", "")
        console.print(drawn)


def _lines(player: Player) -> Iterator[str]:
    own = [(line.kind, line.content) for line in player.diary
           if isinstance(line.content, OwnIntent)]  # fmt: skip
    first: dict[str, str] = {}
    for kind, told in own:
        first.setdefault(told.intent, kind)
    asked = Counter(first.values())
    yield (
        f"filed {count(len(player.flights), 'flight')}: {asked['accepted']:,} accepted at once, "
        + (f"{asked['refused']:,} refused, {asked['pending']:,} kept for joint planning")
    )
    because = Counter(told.because for kind, told in own if kind == "refused")
    if because:
        reasons = ", ".join(f"{n:,} for {_REASON.get(w, w)}" for w, n in sorted(because.items()))
        yield f"{count(because.total(), 'refusal')}: {reasons}"
    taken = [told.changed for kind, told in own
             if kind == "accepted" and told.changed and not told.cycle]  # fmt: skip
    if taken:
        yield f"took {count(len(taken), 'alternative')}: {_kinds(taken)}"
    planned = [told.changed for kind, told in own if kind == "accepted" and told.cycle]
    if planned:
        moved = [offer for offer in planned if offer is not None]
        yield f"planned jointly: {len(planned):,}" + (f", moved: {_kinds(moved)}" if moved else "")
    held = Counter(kind for kind, _ in own)
    if held["held"]:
        yield f"held: {held['held']:,}, and {held['released']:,} of them released"
    flown = sum(1 for flight in player.flights.values() if flight.flown)
    yield f"flew {count(flown, 'flight')}, {len(player.flights) - flown:,} did not come to that"


def _of_others(player: Player, view: View) -> Iterator[str]:
    """Say what a party was told that is not about its own flights."""
    shared: set[str] = set()
    for line in player.diary:
        told = line.content
        if isinstance(told, PublicConstraint):
            what = "lifted" if told.lifted else f"published ({told.reason})"
            yield f"at {clock(line.at)} constraint {printable(told.constraint)} was {what}"
        elif isinstance(told, SharedVolumes) and told.volumes:
            shared.add(told.handle)
        elif isinstance(told, SharedIntent):
            shared.add(f"{told.party}/{told.intent}")
    for coalition, members in view.coalitions.items():
        yield (
            f"in coalition {printable(coalition)} ({printable(', '.join(members))}): it saw where "
            f"{count(len(shared), 'flight')} of others may be, without a name or a path"
        )
    if not shared:
        yield "of others' flights: nothing"


def _stories(player: Player) -> Iterator[tuple[str, ...]]:
    """Give what a party was refused or held, and what became of it."""
    lines: dict[str, list[tuple[Line, OwnIntent]]] = defaultdict(list)
    for line in player.diary:
        if isinstance(line.content, OwnIntent):
            lines[line.content.intent].append((line, line.content))
    for intent, told in lines.items():
        for k, (line, said) in enumerate(told):
            if line.kind not in ("refused", "held"):
                continue
            given = [a for a in (one.alternatives for _, one in told[k : k + 2]) if a is not None]
            offers = given[0].offers if given else ()
            words = f"{len(offers)}, the best {in_words(offers[0])}" if offers else "none"
            later = next((row for row in told[k + 1 :] if row[0].kind in _THEN), None)
            then = "" if later is None else _THEN[later[0].kind].format(in_words(later[1].changed))
            if then == "ended":
                then = "flown to its end" if player.flights[intent].flown else "not flown"
            cause = _REASON.get(said.because, said.because)
            yield clock(line.at), intent, f"{line.kind}: {cause}", words, then


_REASON = {
    "conflict": "other traffic",
    "constraint": "a constraint",
    "probes": "too many questions",
}

_THEN = {
    "accepted": "accepted {}",
    "released": "released",
    "refused": "asked again",
    "flown": "flown",
    "ended": "ended",
}


def _kinds(offers: Sequence[Offer]) -> str:
    delays = [offer.delay / 60 for offer in offers if offer.delay]
    kinds = []
    if delays:
        mean = sum(delays) / len(delays)
        kinds.append(f"{len(delays):,} later (mean {mean:.1f} min, most {max(delays):g})")
    for number, words in (
        (sum(1 for o in offers if o.feet), "on another level"),
        (sum(1 for o in offers if o.offset), "beside the route"),
        (sum(1 for o in offers if o.speed != 1.0), "at another speed"),
    ):
        kinds += [f"{number:,} {words}"] if number else []
    return ", ".join(kinds)


@dataclass(frozen=True, slots=True)
class AuthorityAccount:
    """What the authority knows of a day.

    Parameters
    ----------
    met : by two parties, the pairs of their flights that could not both be as asked.
    accepted, refused, held, overridden, rejected : how many times.
    plan : of the joint planning; None where there was none.
    """

    met: dict[tuple[str, str], set[frozenset[str]]]
    accepted: int
    refused: int
    held: int
    overridden: int
    rejected: int
    plan: e.CyclePublished | None

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "AuthorityAccount":
        """Sum a ledger up."""
        met: dict[tuple[str, str], set[frozenset[str]]] = defaultdict(set)
        kinds: Counter[type[e.Event]] = Counter()
        plan = None
        for outcome in outcomes:
            for event in outcome.events:
                kinds[type(event)] += 1
                if isinstance(event, e.IntentRefused):
                    for other in event.met:
                        pair = sorted((event.party, other.partition("/")[0]))
                        met[pair[0], pair[1]].add(frozenset((event.name, other)))
                elif isinstance(event, e.CyclePublished):
                    plan = event
        return cls(
            dict(sorted(met.items())),
            kinds[e.IntentAccepted],
            kinds[e.IntentRefused],
            kinds[e.IntentHeld],
            kinds[e.IntentOverridden],
            kinds[e.CommandRejected],
            plan,
        )

    def print_to(self, console: "Console") -> None:
        """Print it."""
        pairs = sum(len(found) for found in self.met.values())
        console.print(f"  conflicts kept apart: {count(pairs, 'pair')} of flights")
        if self.met:
            console.print(self._between())
        for line in self._lines():
            console.print(f"  {line}", soft_wrap=True)

    def _lines(self) -> Iterator[str]:
        yield (
            f"decisions: {self.accepted:,} accepted, {self.refused:,} refused, {self.held:,} held; "
            f"{self.overridden:,} overridden by hand; {self.rejected:,} commands rejected"
        )
        if self.plan is not None:
            yield (
                f"joint plan {printable(self.plan.cycle)!s}: {self.plan.accepted:,} accepted, "
                f"{self.plan.refused:,} refused, cost {self.plan.cost:,}"
            )

    def _between(self) -> "Table":
        drawn = table(("pairs of flights",), ("between",))
        for (one, other), found in self.met.items():
            drawn.add_row(f"{len(found):,}", printable(f"{one} and {other}"))
        return drawn
