"""What the watch shows: a table that lives, lines of text, or lines of JSON."""

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec

from detente.authority.register import Alert
from detente.cli.screen import show, table
from detente.cli.text import count, instant, printable
from detente.cli.watching.account import Account, News
from detente.cli.watching.sending import Sending
from detente.feeds.intake import Counts
from detente.watch.track import Conformance, Track

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

__all__ = ["Screen", "screen"]

_STYLES: Final = {
    Conformance.UNDECLARED: "bold red",
    Conformance.NONCONFORMING: "bold yellow",
    Conformance.CONFORMING: "green",
    Conformance.TENTATIVE: "dim",
}
_EVERY: Final = 60 * 1_000_000_000
"""Nanoseconds from one account of the feeds to the next, where lines are written."""


_REFRESH: Final = 0.2
"""Seconds from one drawing to the next: a recording may go faster than anybody reads."""


class Screen(AbstractContextManager["Screen"], ABC):
    """What is shown while the watch runs, and at its end."""

    def __init__(self, account: Account, sending: Sending | None) -> None:
        self._account = account
        self._sending = sending

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Show no more."""

    @abstractmethod
    def show(self, news: News) -> None:
        """Show what a step brought."""

    def end(self) -> None:
        """Show what there was."""
        show(lambda console: console.print(_feeds(self._account.feeds, self._account.now)))
        sys.stdout.write(_found(self._account) + "\n")
        if self._account.left:
            words = ", ".join(f"{n:,} {why}" for why, n in self._account.left.items())
            sys.stdout.write(f"left out: {words}\n")
        if self._sending is not None:
            sys.stdout.write(_told(self._sending) + "\n")


class _Json(Screen):
    """A JSON object a line: everything that a step brought."""

    def __init__(self, account: Account, sending: Sending | None) -> None:
        super().__init__(account, sending)
        self._next = 0

    def show(self, news: News) -> None:
        at = instant(news.now, digits=3)
        for kind, things in (
            ("track", news.tracks), ("unseen", news.unseen), ("alert", news.alerts),
        ):  # fmt: skip
            for thing in things:
                self._write({"at": at, kind: thing})
        if news.now >= self._next:
            self._next = news.now + _EVERY
            self._write({"at": at, "feeds": [_plain(one) for one in self._account.feeds]})
        sys.stdout.flush()

    def end(self) -> None:
        account = self._account
        told: dict[str, Any] = {
            "found": account.found, "left": account.left,
            "feeds": [_plain(one) for one in account.feeds],
        }  # fmt: skip
        if self._sending is not None:
            sent = msgspec.to_builtins(self._sending.sent)
            told["sent"] = {**sent, "dropped": self._sending.dropped}
        self._write({"end": told})

    @staticmethod
    def _write(thing: object) -> None:
        sys.stdout.write(msgspec.json.encode(thing).decode() + "\n")


class _Lines(Screen):
    """A line for each verdict that changes, and for what begins and what is over."""

    def __init__(self, account: Account, sending: Sending | None) -> None:
        super().__init__(account, sending)
        self._raised: set[str] = set()

    def show(self, news: News) -> None:
        at = instant(news.now, digits=0)
        for track in news.verdicts:
            if track.conformance is Conformance.TENTATIVE:
                continue  # nothing is said of it yet
            self._write(f"{at}  {'ended' if track.ended else track.conformance:<13}  {_of(track)}")
        for one in news.unseen:
            self._write(f"{at}  {'seen, or over' if one.over else 'not seen':<13}  {one.intent}")
        for alert in news.alerts:
            if alert.over or alert.id not in self._raised:
                self._write(f"{at}  {'alert over' if alert.over else 'alert':<13}  {_alert(alert)}")
            (self._raised.discard if alert.over else self._raised.add)(alert.id)
        sys.stdout.flush()

    @staticmethod
    def _write(line: str) -> None:
        sys.stdout.write(printable(line) + "\n")


class _Live(Screen):
    """Tables on a terminal, drawn anew with each step."""

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.live import Live

        # what is logged goes above, unless it goes elsewhere
        self._live = Live(
            console=Console(markup=False), auto_refresh=False, transient=True,
            redirect_stderr=sys.stderr.isatty(),
        )  # fmt: skip
        self._live.start()
        self._next = 0.0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, news: News) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _REFRESH
            self._live.update(self._drawn(), refresh=True)

    def _drawn(self) -> "RenderableType":
        from rich.console import Group
        from rich.text import Text

        account = self._account
        words = [f"{instant(account.now, digits=0)}  {_followed(account)}"]
        words += [] if self._sending is None else [_told(self._sending)]
        words += [f"alert: {_alert(alert)}" for alert in list(account.alerts.values())[:5]]
        if account.unseen:
            words.append(f"not seen: {', '.join(list(account.unseen)[:5])}")
        room = self._live.console.height - len(words) - len(account.feeds) - 8
        text = Text(printable("\n".join(words)).replace("\\n", "\n"))
        return Group(_feeds(account.feeds, account.now), text, _tracks(account, max(3, room)))


def screen(account: Account, sending: Sending | None, *, json: bool) -> Screen:
    """Give what fits where it is shown."""
    if json:
        return _Json(account, sending)
    return (_Live if sys.stdout.isatty() else _Lines)(account, sending)


def _plain(counts: Counts) -> dict[str, Any]:
    heard = None if counts.heard is None else instant(counts.heard, digits=3)
    return {**msgspec.to_builtins(counts), "heard": heard}


def _feeds(feeds: Sequence[Counts], now: int) -> "Table":
    drawn = table(
        ("received", "refused", "dropped", "reconnects", "heard"), ("feed", "state", "most refused")
    )
    for one in feeds:
        why = one.refused.most_common(1)
        heard = "" if one.heard is None else f"{max(0, now - one.heard) // 1_000_000_000} s ago"
        drawn.add_row(
            f"{one.received:,}", f"{one.refused.total():,}", f"{one.dropped:,}",
            f"{one.reconnects}", heard, printable(one.feed), one.state,
            f"{why[0][0]} ({why[0][1]:,})" if why else "",
        )  # fmt: skip
    return drawn


def _tracks(account: Account, most: int) -> "Table":
    drawn = table(
        ("lat", "lon", "altitude", "speed", "course", "off by"),
        ("verdict", "track", "callsign", "intent", "kind"),
    )
    for k, track in enumerate(account.shown()):
        if k == most:
            drawn.add_row(*[""] * 6, f"and {len(account.tracks) - most:,} more")
            break
        drawn.add_row(
            f"{track.fix.lat:.3f}", f"{track.fix.lon:.3f}", _height(track),
            "" if track.speed is None else f"{track.speed * 3_600 / 1_852:.0f} kt",
            "" if track.course is None else f"{track.course:03.0f}", _deviation(track),
            track.conformance, printable(track.address or track.id), printable(track.callsign),
            printable(track.intent), printable(track.kind), style=_STYLES[track.conformance],
        )  # fmt: skip
    return drawn


def _height(track: Track) -> str:
    fix = track.fix
    if fix.pressure is not None:
        return f"FL{max(0.0, fix.pressure) / 100:03.0f}"
    return "" if fix.geometric is None else f"{fix.geometric:.0f} ft"


def _deviation(track: Track) -> str:
    if track.deviation is None:
        return ""
    off = track.deviation
    told = [
        "" if off.lateral is None else f"{off.lateral / 1_852:.1f} NM",
        "" if off.vertical is None else f"{round(off.vertical):+d} ft",
        "" if off.time is None else f"{round(off.time):+d} s",
    ]
    return " ".join(text for text in told if text)


def _of(track: Track) -> str:
    who = " ".join(text for text in (track.address, track.callsign, track.kind) if text)
    where = f"{track.fix.lat:.4f}, {track.fix.lon:.4f} {_height(track)}".rstrip()
    told = f"{track.id}  {who or 'says nothing of itself'}  at {where}"
    if track.intent:
        told += f"  as {track.intent}"
        if track.conformance is Conformance.NONCONFORMING:
            told += f", off by {_deviation(track) or 'what is not known'}"
    return told


def _alert(alert: Alert) -> str:
    height = "" if alert.vertical is None else f" and {alert.vertical:.0f} ft"
    return (
        f"{alert.a} and {alert.b} from {alert.start:%H:%M:%S}, "
        f"{alert.closest / 1_852:.1f} NM{height} at the closest"
    )


def _followed(account: Account) -> str:
    verdicts = account.verdicts()
    words = ", ".join(f"{verdicts[one]:,} {one}" for one in _STYLES if verdicts[one])
    return count(len(account.tracks), "track") + (f": {words}" if words else "")


def _found(account: Account) -> str:
    found = account.found
    said = [one for one in _STYLES if found[one] and one is not Conformance.TENTATIVE]
    words = ", ".join(f"{found[one]:,} {one}" for one in said)
    return (
        count(found["tracks"], "track") + (f" ({words})" if words else "")
        + f", {count(found['alerts'], 'alert')}, {count(found['unseen'], 'flight')} not seen"
    )  # fmt: skip


def _told(sending: Sending) -> str:
    sent = sending.sent
    told = f"authority: {count(sent.recorded, 'state')} recorded, {sending.waiting:,} waiting"
    if sent.refused:
        told += ", refused " + ", ".join(f"{n:,} ({why})" for why, n in sent.refused.items())
    if sending.dropped:
        told += f", {sending.dropped:,} given up"
    return told if sent.reached else told + "; out of reach"
