"""Which predictions lose separation, and when: the engine's broad phase, and its exact one.

Two are too near while their distance is below what the larger of their minima asks for and what
both may be away from where they are predicted, together:

    horizontal < (1 - a) max(h1, h2) + u1 + u2,    vertical < (1 - b) max(v1, v2) + w1 + w2

The engine takes the larger of two minima, and not a sum; so its sweep is given for each twice its
own uncertainty, which is no less for any pair, and each pair that it finds is then looked at with
what holds for that pair.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.airspace import Flights, Reference, Separation
from detente.detect.detection import party_numbers
from detente.detect.encounter import LONGEST_LEG, ROW, TOLERANCE, TOLERANCE_FT, encounter
from detente.detect.intrusion import Closures
from detente.detect.legs import Legs, chord_minimum
from detente.detect.outlines import LIMITLESS, Outlines
from detente.detect.passage import passage
from detente.detect.sweep import sweep
from detente.earth import arc_of_chord, chord_of_arc
from detente.watch.prediction import Outlook, Predictions, drifted
from detente.watch.routes import GEOMETRIC, PRESSURE, UNBOUNDED, Laid, numbered

__all__ = ["Course", "Meeting", "meetings", "with_volumes"]

F8 = NDArray[np.float64]

_ANY = 1e9
"""Feet: a vertical minimum for those whose altitudes cannot be compared."""
_REACH = 0.5 * LONGEST_LEG + 200.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two that may lose separation.

    Parameters
    ----------
    a, b : the first's number, and the second's (of a volume: its own).
    entry, exit, closest : seconds since the epoch.
    horizontal : metres at the closest approach.
    vertical : feet then; NaN where their altitudes are not above the same.
    begin, end : entry and exit if nothing of either were declared: of these a party may be told.
    """

    a: int
    b: int
    entry: float
    exit: float
    closest: float
    horizontal: float
    vertical: float
    begin: float
    end: float


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """Predictions laid out for the engine.

    Parameters
    ----------
    legs : row by row; altitudes are pressure altitudes, 0 where they are not known.
    first : (n + 1,) where the rows of each begin.
    wide : (rows,) chord metres that each may be away from there.
    geometric : (rows,) feet above WGS84, 0 where not known.
    tall : (2, rows) feet up and down from either altitude.
    loose, high : as ``wide`` and ``tall``, if nothing of it were declared.
    told : (rows,) metres within which whoever is told to avoid it will find it.
    known : (2, n) bool, whether either altitude is known.
    """

    legs: Legs
    first: NDArray[np.int64]
    wide: F8
    geometric: F8
    tall: F8
    loose: F8
    high: F8
    told: F8
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, predictions: Predictions, outlook: Outlook, now: int, epoch: int) -> "Course":
        """Lay them out: made at ``now``, nanoseconds, with an outlook; times from ``epoch``."""
        p = predictions
        n, m = len(p), len(p.time)
        owner = np.repeat(np.arange(n), np.diff(p.offsets))
        known = np.zeros((2, n), dtype=np.bool_)
        for row, column in zip(known, (p.pressure, p.geometric), strict=True):
            row[owner[~np.isnan(column)]] = True
        flights = Flights(
            ids=p.names,
            parties=p.parties,
            offsets=p.offsets,
            time=epoch + np.rint(p.time * 1e9).astype(np.int64),
            lat=p.lat,
            lon=p.lon,
            alt=np.nan_to_num(p.pressure),
            reference=Reference.PRESSURE,
            priority=np.zeros(n, dtype=np.int16),
            protection_h=np.ones(m),
            protection_v=np.ones(m),
            gap=p.gap,
        )
        legs, fix = numbered(flights, Separation(), epoch)
        rows = legs.rows.reshape(-1, ROW)
        geometric = np.nan_to_num(p.geometric)
        if len(fix) > m:
            after = np.minimum(fix + 1, m - 1)
            span = np.where(after > fix, p.time[after] - p.time[fix], 1.0)
            share = np.where(p.gap[fix], 0.0, (rows[:, 0] - p.time[fix]) / span)
            geometric = geometric[fix] + share * (geometric[after] - geometric[fix])
        speed, gone = np.zeros(len(rows)), np.zeros(len(rows))
        leg = np.flatnonzero(legs.flight >= 0)
        speed[leg] = np.linalg.norm(rows[leg + 1, 1:4] - rows[leg, 1:4], axis=1) * rows[leg, 7]
        gone[leg] = rows[leg + 1, 0] - (now - epoch) * 1e-9
        first = np.searchsorted(fix, p.offsets)
        wide = chord_of_arc(p.wide[fix])
        tall = np.stack([p.tall_pressure[fix], p.tall_geometric[fix]])
        loose = np.maximum(wide, drifted(outlook.drift, outlook.turn, speed, gone))
        # what a track was uncertain by at first comes on top; of an intent that is nothing
        begun = np.repeat(wide[np.minimum(first[:-1], len(rows) - 1)], np.diff(first))
        return cls(
            legs=legs,
            first=first,
            wide=wide,
            geometric=geometric,
            tall=tall,
            loose=loose,
            high=np.maximum(tall, outlook.climb * gone / 60.0),
            told=np.maximum(loose, begun + drifted(*outlook.spread, speed, gone)),
            known=known,
        )


def meetings(
    predictions: Predictions, course: Course, allowed: tuple[float, float], until: float,
    *, same_party: bool,
) -> list[Meeting]:  # fmt: skip
    """Find which tracks may lose separation to which, and to which intents of timed positions.

    A track without a verdict is compared with tracks only: it may be of any of the intents.

    Parameters
    ----------
    predictions, course : the same, as they were made and laid out.
    allowed : the shares of the minima that these themselves allow for.
    until : seconds since the epoch; what begins later does not count.
    same_party : whether two of one party count. A track and its own intent never do.
    """
    p, n = predictions, len(predictions)
    least_h = chord_of_arc((1.0 - allowed[0]) * p.horizontal)
    least_v = (1.0 - allowed[1]) * p.vertical
    broad = _widened(course, least_h, least_v)
    party = np.empty(0, dtype=np.int32) if same_party else party_numbers(p.parties)
    pairs = []
    nobody = np.empty(0, dtype=np.int8)
    side = (np.arange(n) >= p.tracks).astype(np.int8)
    among = replace(broad, flight=np.where(broad.flight < p.tracks, broad.flight, -1))
    # the last row of each begins no leg and has the number -1: whatever is taken for it, it stays
    settled = replace(broad, flight=np.where(p.settled[broad.flight], broad.flight, -1))
    for legs, sides in ((among, nobody), (settled, side)):
        if sides is nobody or p.tracks < n:
            hits = sweep(legs, party=party, side=sides, time_buffer=0.0, threads=1)
            pairs.append(hits[:, :2].astype(np.int64))
    found = np.unique(np.concatenate(pairs), axis=0)
    own = [not p.intents[a] or p.intents[a] != p.intents[b] for a, b in found.tolist()]
    found = found[np.array(own, dtype=np.bool_)]
    if not len(found):
        return []
    legs = course.legs

    def look(pairs: NDArray[np.int64], wide: F8, tall: F8, until: float) -> F8:
        hits: F8 = _met(
            pairs, legs.rows, legs.flight, course.first, wide, course.geometric, tall,
            course.known, least_h, least_v, until,
        )  # fmt: skip
        return hits

    hits = look(found, course.wide, course.tall, until)
    return _told(hits, look(hits[:, :2].astype(np.int64), course.loose, course.high, np.inf))


def _widened(course: Course, least_h: F8, least_v: F8) -> Legs:
    """Give the legs with minima whose larger is no less than what holds for any pair.

    Of a pair that is at least twice the larger uncertainty on top of a minimum; where its other
    has the larger minimum, that one carries the largest uncertainty that there is.
    """
    legs = course.legs
    rows = legs.rows.copy()
    wide = rows.reshape(-1, ROW)
    owner = np.repeat(np.arange(len(least_h)), np.diff(course.first))
    for column, least, own in (
        (5, least_h, course.wide),
        (6, least_v, np.where(course.known[0][owner], course.tall[0], 0.0)),
    ):
        more = np.where(least > least.min(initial=np.inf), own.max(initial=0.0), 0.0)
        wide[:, column] = (least + more)[owner] + 2.0 * own
    wide[~course.known[0][owner], 6] = _ANY
    return replace(legs, rows=rows)


def _told(hits: F8, loose: F8) -> list[Meeting]:
    """Name the rows of the kernels: what holds, and what would hold if nothing were declared."""
    apart = arc_of_chord(hits[:, 5])
    return [
        Meeting(
            int(a), int(b), entry, leave, closest, metres, feet, min(entry, begin), max(leave, end)
        )
        for (a, b, entry, leave, closest, _, feet), metres, (begin, end) in zip(
            hits.tolist(), apart.tolist(), loose[:, 2:4].tolist(), strict=True
        )
    ]


@njit(nogil=True, cache=True)
def _met(
    pairs: Any, rows: Any, flight: Any, first: Any, wide: Any, geometric: Any, tall: Any,
    known: Any, least_h: Any, least_v: Any, until: float,
) -> Any:  # fmt: skip
    """Look at each pair with what holds for it: rows of seven, as the fields of Meeting."""
    out = np.empty((len(pairs), 7))
    n = 0
    one, other = np.empty(16), np.empty(16)
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        mode = -1
        if known[0, a] and known[0, b]:
            mode = PRESSURE
        elif known[1, a] and known[1, b]:
            mode = GEOMETRIC
        need_h = max(least_h[a], least_h[b]) - TOLERANCE
        need_v = max(least_v[a], least_v[b]) - TOLERANCE_FT
        least = np.inf
        out[n, 2], out[n, 3] = np.inf, -np.inf
        i, j = first[a], first[b]
        while i + 1 < first[a + 1] and j + 1 < first[b + 1]:
            together = rows[8 * j] < rows[8 * i + 8] and rows[8 * i] < rows[8 * j + 8]
            if together and flight[i] >= 0 and flight[j] >= 0:
                _leg(rows, i, geometric, mode, one)
                _leg(rows, j, geometric, mode, other)
                one[5] = other[5] = need_h + wide[i] + wide[j]
                one[6] = other[6] = _ANY
                if mode >= 0:
                    one[6] = other[6] = need_v + tall[mode, i] + tall[mode, j]
                hit = encounter(one, 0, other, 0)
                if hit[0]:
                    out[n, 2] = min(out[n, 2], hit[1])
                    out[n, 3] = max(out[n, 3], hit[2])
                    if hit[5] < least:
                        least = hit[5]
                        out[n, 4], out[n, 5] = hit[3], hit[5]
                        out[n, 6] = abs(hit[6]) if mode >= 0 else np.nan
            if rows[8 * i + 8] <= rows[8 * j + 8]:
                i += 1
            else:
                j += 1
        if out[n, 2] < until:
            out[n, 0], out[n, 1] = a, b
            n += 1
    return out[:n].copy()


@njit(nogil=True, cache=True)
def _leg(rows: Any, i: int, geometric: Any, mode: int, leg: Any) -> None:
    """Copy a leg, with the altitude that is compared."""
    for x in range(16):
        leg[x] = rows[8 * i + x]
    if mode == GEOMETRIC:
        leg[4], leg[12] = geometric[i], geometric[i + 1]
    elif mode != PRESSURE:
        leg[4] = leg[12] = 0.0


def with_volumes(
    predictions: Predictions, course: Course, laid: Laid, allowed: tuple[float, float],
    until: float, *, same_party: bool,
) -> list[Meeting]:  # fmt: skip
    """Find which tracks may come into volumes of intents, or nearer than their buffers.

    Parameters are as of :func:`meetings`; ``b`` of each is the number of a volume in ``laid``.
    A track without a verdict is left out. Any other keeps from a volume its buffer, and what it
    may itself be away by, less what its own minima allow for.
    """
    p, n = predictions, predictions.tracks
    if not n or not laid.volumes:
        return []
    end = int(course.first[n])
    slack_h = chord_of_arc(allowed[0] * p.horizontal[:n])
    slack_v = allowed[1] * p.vertical[:n]
    legs = Legs(
        rows=course.legs.rows[: ROW * end], flight=course.legs.flight[:end],
        lat=course.legs.lat[:end], lon=course.legs.lon[:end], reach=course.legs.reach[:end],
        epoch=course.legs.epoch,
    )  # fmt: skip
    most = float(course.wide[:end].max(initial=0.0))
    hits = Closures(_grown(laid.outlines, most), _REACH).hits(legs)
    found = np.unique(hits[:, :2].astype(np.int64), axis=0)
    apart = [
        p.settled[a]
        and p.intents[a] != laid.owner[k].name
        and (same_party or not p.parties[a] or p.parties[a] != laid.owner[k].party)
        for a, k in found.tolist()
    ]
    found = found[np.array(apart, dtype=np.bool_)]
    if not len(found):
        return []

    def look(pairs: NDArray[np.int64], wide: F8, tall: F8, until: float) -> F8:
        hits: F8 = _entered(
            pairs, legs.rows, legs.flight, course.first, wide, course.geometric, tall,
            course.known, slack_h, slack_v, until, laid.bound, *laid.outlines.arrays,
        )  # fmt: skip
        return hits

    hits = look(found, course.wide, course.tall, until)
    return _told(hits, look(hits[:, :2].astype(np.int64), course.loose, course.high, np.inf))


def _grown(outlines: Outlines, metres: float) -> Outlines:
    """Give volumes with so much more to be kept from them, at any altitude."""
    bounds, limits = outlines.bounds.copy(), outlines.limits.copy()
    bounds[:, 2], bounds[:, 3] = -LIMITLESS, LIMITLESS
    bounds[:, 7] += 1.001 * metres
    limits[:, 2] += metres
    limits[:, 4] = chord_of_arc(limits[:, 5] + limits[:, 2])
    return replace(outlines, bounds=bounds, limits=limits)


@njit(nogil=True, cache=True)
def _entered(
    pairs: Any, rows: Any, flight: Any, first: Any, wide: Any, geometric: Any, tall: Any,
    known: Any, slack_h: Any, slack_v: Any, until: float, bound: Any,
    bounds: Any, disc: Any, limits: Any, basis: Any, span: Any, border: Any, plane: Any,
) -> Any:  # fmt: skip
    """Look at each track and volume with what holds for the track then; as :func:`_met`."""
    out = np.empty((len(pairs), 7))
    n = 0
    leg = np.empty(16)
    hits = np.empty((16, 12))
    room = np.empty((16, 6))
    box, limit = np.empty((1, 8)), np.empty((1, 6))
    for p in range(len(pairs)):
        a, k = pairs[p, 0], pairs[p, 1]
        mode = -1
        if bound[k] < 2 and known[bound[k], a]:
            mode = bound[k]
        least = np.inf
        out[n, 2], out[n, 3] = np.inf, -np.inf
        for i in range(first[a], first[a + 1] - 1):
            if flight[i] < 0:
                continue
            _leg(rows, i, geometric, mode, leg)
            box[0] = bounds[k]
            limit[0] = limits[k]
            limit[0, 2] += max(0.0, wide[i] - slack_h[a])
            if disc[k]:
                limit[0, 4] = chord_minimum(limit[0, 5] + limit[0, 2])
            if mode >= 0:
                limit[0, 3] += max(0.0, tall[mode, i] - slack_v[a])
                box[0, 2] = limit[0, 0] - limit[0, 3] + TOLERANCE_FT
                box[0, 3] = limit[0, 1] + limit[0, 3] - TOLERANCE_FT
            else:
                box[0, 2], box[0, 3] = -LIMITLESS, LIMITLESS
            hits, count, room = passage(
                hits, 0, room, leg, 0, a, 0, box, disc[k : k + 1], limit, basis[k : k + 1],
                span[k : k + 1], border, plane,
            )  # fmt: skip
            for h in range(count):
                out[n, 2] = min(out[n, 2], hits[h, 2])
                out[n, 3] = max(out[n, 3], hits[h, 3])
                if hits[h, 5] < least:
                    least = hits[h, 5]
                    out[n, 4], out[n, 5] = hits[h, 4], hits[h, 5]
                    out[n, 6] = hits[h, 6] if mode >= 0 or bound[k] == UNBOUNDED else np.nan
        if out[n, 2] < until:
            out[n, 0], out[n, 1] = a, k
            n += 1
    return out[:n].copy()
