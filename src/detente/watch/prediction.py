"""Where each will be in the next minutes, and how far from there it may be.

A track that conforms flies on along its intent, from where it is: as late as it is, and as far
to the side. Any other flies straight on, and may turn. An intent is where it says.

In height a track between two levels may stop at any: until then it may be anywhere between where
it is and where it would climb to. docs/tracks.md has the formulas.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.airspace import Separation
from detente.earth import surface
from detente.errors import InputError
from detente.watch.declared import Declared
from detente.watch.matches import CONFORMANCES, Matches
from detente.watch.picture import Picture
from detente.watch.routes import GEOMETRIC, PRESSURE, Laid
from detente.watch.track import Conformance
from detente.watch.way import LONGEST, along, place, straight

__all__ = ["Outlook", "Predictions", "drifted", "party_of", "predicted"]

F8 = NDArray[np.float64]

_ON_ITS_WAY = CONFORMANCES.index(Conformance.CONFORMING)
_NOT_YET = CONFORMANCES.index(Conformance.TENTATIVE)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How far ahead is looked, and how fast it becomes uncertain where something is.

    Parameters
    ----------
    ahead : seconds for which a loss of separation is foreseen.
    step : seconds; within a step the uncertainty is what it is at the step's end.
    held : metres per second by which a track grows uncertain that flies along its intent.
    drift : the same of one that is thought to fly straight on.
    turn : degrees per second by which that one may turn.
    climb : feet per minute by which its climb may differ from what was seen.
    spread : as ``drift`` and ``turn``, for the volumes that parties are told to avoid: with these,
        95 of 100 recorded airliners were where they may be (benchmarks/alerts.py). An alert goes
        by what is likely, or it would be raised for all that is near.

    Raises
    ------
    InputError : a value that is out of range.
    """

    ahead: float = 300.0
    step: float = 30.0
    held: float = 2.0
    drift: float = 3.0
    turn: float = 0.02
    climb: float = 100.0
    spread: tuple[float, float] = (15.0, 0.1)

    def __post_init__(self) -> None:
        for name, least in (("ahead", 1.0), ("step", 1.0)):
            if not least <= getattr(self, name) <= 3600.0:
                raise InputError(f"{getattr(self, name):g} s", field=name, mend="give 1 to 3,600 s")
        for name in ("held", "drift", "turn", "climb"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise InputError(
                    f"{getattr(self, name):g}", field=name, mend="give a number of 0 or above"
                )
        if not all(0.0 <= x < float("inf") for x in self.spread):
            raise InputError(f"{self.spread}", field="spread", mend="give two of 0 or above")


@dataclass(frozen=True, eq=False, slots=True)
class Predictions:
    """Predicted positions of tracks and then of intents, in columns.

    Parameters
    ----------
    names : (n,) "track:ID" or "intent:party/id".
    parties : (n,) whose each is; "" where that is not known.
    intents : (n,) the name of each one's own intent; "" for none.
    tracks : how many of them are tracks.
    settled : (n,) bool, False for tracks without a verdict: each may be of any intent.
    horizontal, vertical : (n,) the minima of each, metres and feet.
    offsets : (n + 1,) where the fixes of each begin, in the columns below.
    time : (m,) seconds since the epoch.
    lat, lon : (m,) degrees.
    gap : (m,) bool, no position until the next fix.
    wide : (m,) metres from there that it may be away, until the next fix.
    pressure, geometric : (m,) feet, the middle of where it may be; NaN where not known.
    tall_pressure, tall_geometric : (m,) feet up and down from there, until the next fix.
    """

    names: list[str]
    parties: list[str]
    intents: list[str]
    tracks: int
    settled: NDArray[np.bool_]
    horizontal: F8
    vertical: F8
    offsets: NDArray[np.int64]
    time: F8
    lat: F8
    lon: F8
    gap: NDArray[np.bool_]
    wide: F8
    pressure: F8
    geometric: F8
    tall_pressure: F8
    tall_geometric: F8

    def __len__(self) -> int:
        """Count the tracks and intents."""
        return len(self.names)


def predicted(
    picture: Picture,
    matches: Matches,
    laid: Laid,
    separation: Separation,
    outlook: Outlook,
    until: int,
    *,
    level: float,
) -> Predictions:
    """Predict all tracks that fly, and all intents of timed positions that no track speaks for.

    Parameters
    ----------
    picture, matches : rows of one are rows of the other.
    laid : what is declared.
    separation : the minima of what has none of its own.
    outlook : how it grows uncertain.
    until : nanoseconds, how far.
    level : share of its vertical minimum within which a track counts as at its intent's altitude.

    Tracks on the ground, and those that fly nowhere that is known yet, are left out. An intent
    is left out where its track conforms: then that is where the aircraft is.
    """
    index = {d.name: k for k, d in enumerate(laid.paths)}
    conforming = matches.verdict == _ON_ITS_WAY
    path = np.array([index.get(name, -1) for name in matches.intent], dtype=np.int64)
    moving = np.isfinite(picture.north) & np.isfinite(picture.east)
    held = np.where(conforming, path, -1)
    rows = np.flatnonzero(~picture.on_ground & (moving | (held >= 0)))
    covered = set(held[held >= 0].tolist())
    alone = np.array([k for k in range(len(laid.paths)) if k not in covered], dtype=np.int64)
    path, held = path[rows], held[rows]
    horizontal, vertical = _minima(laid, path, separation)
    whose: list[Declared] = [laid.paths[k] for k in alone.tolist()]
    names = [matches.intent[k] for k in rows.tolist()]
    now = (picture.now - laid.legs.epoch) * 1e-9
    offsets, time, lat, lon, gap, wide, p, g, tall_p, tall_g = _predict(
        now, (until - laid.legs.epoch) * 1e-9, outlook.step, outlook.held, outlook.drift,
        math.radians(outlook.turn), outlook.climb, level * vertical,
        picture.lat[rows], picture.lon[rows], picture.north[rows], picture.east[rows],
        picture.pressure[rows], picture.geometric[rows], picture.climb[rows],
        picture.uncertainty[rows], held, alone,
        laid.legs.rows, laid.legs.flight, laid.first, laid.reference,
    )  # fmt: skip
    own_h, own_v = laid.horizontal[alone], laid.vertical[alone]
    return Predictions(
        names=[f"track:{picture.ids[k]}" for k in rows.tolist()]
        + [f"intent:{d.name}" for d in whose],
        parties=[party_of(name) for name in names] + [d.party for d in whose],
        intents=names + [d.name for d in whose],
        tracks=len(rows),
        settled=np.concatenate(
            [matches.verdict[rows] != _NOT_YET, np.ones(len(alone), dtype=np.bool_)]
        ),
        horizontal=np.concatenate([horizontal, own_h]),
        vertical=np.concatenate([vertical, own_v]),
        offsets=offsets,
        time=time,
        lat=lat,
        lon=lon,
        gap=gap,
        wide=wide,
        pressure=p,
        geometric=g,
        tall_pressure=tall_p,
        tall_geometric=tall_g,
    )


def party_of(intent: str) -> str:
    """Give whose intent a name is of.

    >>> party_of("red/one"), party_of("")
    ('red', '')
    """
    return intent.partition("/")[0]


def _minima(laid: Laid, path: NDArray[np.int64], separation: Separation) -> tuple[F8, F8]:
    horizontal = np.full(len(path), separation.horizontal)
    vertical = np.full(len(path), separation.vertical)
    own = path >= 0
    horizontal[own], vertical[own] = laid.horizontal[path[own]], laid.vertical[path[own]]
    return horizontal, vertical


def drifted(drift: float, turn: float, speed: F8, gone: F8) -> F8:
    """Give the metres by which what flies straight on at so many m/s is uncertain after seconds."""
    turned = 0.5 * speed * math.radians(turn) * gone**2
    grown: F8 = drift * gone + np.minimum(turned, 2.0 * speed * gone)
    return grown


@njit(nogil=True, cache=True)
def _predict(
    now: float, until: float, step: float, held: float, drift: float, turn: float, err: float,
    level: Any, lat: Any, lon: Any, north: Any, east: Any, pressure: Any, geometric: Any,
    climb: Any, within: Any, path: Any, alone: Any, rows: Any, flight: Any, first: Any,
    reference: Any,
) -> Any:  # fmt: skip
    """Write the fixes of all tracks, then of the intents ``alone``: the columns of Predictions."""
    n = len(lat)
    offsets = np.zeros(n + len(alone) + 1, dtype=np.int64)
    out = np.empty((64 + 16 * (n + len(alone)), 9))
    gap = np.zeros(len(out), dtype=np.bool_)
    at = 0
    for s in range(n + len(alone)):
        k = path[s] if s < n else alone[s - n]
        # a fix at each step and one or two at each of the path's
        most = 4 + int((until - now) / step)
        if k >= 0:
            most += 2 * (first[k + 1] - first[k])
        if s < n:
            fast = math.hypot(north[s], east[s])
            if not math.isfinite(fast):
                fast = 0.0
            most += int(fast * (until - now) / LONGEST) + 2
        while at + most > len(out):
            out = np.concatenate((out, np.empty_like(out)))
            gap = np.concatenate((gap, np.zeros_like(gap)))
        end = at
        late = 0.0
        x = y = z = 0.0
        if k >= 0 and s < n:
            x, y, z = surface(lat[s], lon[s])
            found, late, x, y, z, high = place(rows, flight, first[k], first[k + 1], now, x, y, z)
            if not found:
                k = -1
        if k >= 0:
            end = along(
                rows, flight, first[k], first[k + 1], late, x, y, z, now, until, step, out, gap, at
            )
        if end - at < 2 and s < n:
            # its intent is over, or nowhere near: it flies on as it does
            k = -1
            end = at
            if math.isfinite(north[s]) and math.isfinite(east[s]):
                end = straight(lat[s], lon[s], north[s], east[s], now, until, step, out, gap, at)
        code = reference[k] if k >= 0 else -1
        for i in range(at, end):
            # what holds until the next fix is what will hold there
            t = out[min(i + 1, end - 1), 0] - now
            own = out[i, 3]
            out[i, 4] = out[i, 5] = math.nan
            out[i, 6] = out[i, 7] = out[i, 8] = 0.0
            if s >= n:
                if 0 <= code <= GEOMETRIC:
                    out[i, 4 + code] = own
                continue
            if k >= 0:
                out[i, 6] = within[s] + held * t
            else:
                v = math.hypot(north[s], east[s])
                turned = min(0.5 * v * turn * t * t, 2.0 * v * t)
                out[i, 6] = within[s] + drift * t + turned
            rate = climb[s] if math.isfinite(climb[s]) else 0.0
            for r in range(2):
                seen = pressure[s] if r == PRESSURE else geometric[s]
                if math.isnan(seen):
                    continue
                if r == code:
                    off = seen - high
                    if abs(off) <= level[s]:
                        off = 0.0
                    out[i, 4 + r] = own + 0.5 * off
                    out[i, 7 + r] = 0.5 * abs(off)
                else:
                    out[i, 4 + r] = seen + 0.5 * rate * (out[i, 0] - now) / 60.0
                    out[i, 7 + r] = (0.5 * abs(rate) + err) * t / 60.0
        offsets[s + 1] = at = end
    return (
        offsets, out[:at, 0].copy(), out[:at, 1].copy(), out[:at, 2].copy(), gap[:at].copy(),
        out[:at, 6].copy(), out[:at, 4].copy(), out[:at, 5].copy(), out[:at, 7].copy(),
        out[:at, 8].copy(),
    )  # fmt: skip
