"""The slow reference: losses of separation from geographiclib's geodesics and root finding.

It shares no code and no method with the engine. Each leg is a geodesic flown at constant speed
(C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, in the author's own Python
package). The pair is sampled in time to bracket every crossing of the minimum; each crossing is
then refined on geographiclib's own distance. Sampling uses Chebyshev interpolation of each leg
through six points of its geodesic: to 0.1 micrometre on a leg of 300 km, by the remainder
R x^6 / (2^5 6!) with x the leg's half angle.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from geographiclib.geodesic import Geodesic
from geographiclib.geodesicline import GeodesicLine
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WGS84 = Geodesic.WGS84
_RADIUS = 6371008.8
_NODES = np.cos(np.pi * (np.arange(6) + 0.5) / 6)
_TO_POWERS = np.linalg.inv(np.vander(_NODES, increasing=True))
_SAMPLES = 33
_ZOOMS = 4


@dataclass(frozen=True)
class Track:
    """One flight: times in nanoseconds, degrees, feet; ``minima`` are its own (metres, feet)."""

    time: NDArray[np.int64]
    lat: Floats
    lon: Floats
    alt: Floats
    gap: NDArray[np.bool_]
    minima: tuple[float, float] | None = None

    def between(self, begin: int, end: int) -> "Track":
        """Keep the legs that are flown in a time."""
        lo = max(0, int(np.searchsorted(self.time, begin, "right")) - 1)
        hi = int(np.searchsorted(self.time, end, "left")) + 1
        gap = self.gap[lo:hi] if len(self.gap) else self.gap
        return Track(
            self.time[lo:hi], self.lat[lo:hi], self.lon[lo:hi], self.alt[lo:hi], gap, self.minima
        )


@dataclass(frozen=True)
class Loss:
    """An interval of lost separation; times in seconds after the origin that was asked for."""

    entry: float
    exit: float
    closest: float
    horizontal: float
    vertical: float
    severity: float


@dataclass
class Leg:
    """A geodesic from ``start`` to ``end`` (seconds), with altitude linear in time."""

    start: float
    end: float
    line: GeodesicLine
    length: float
    alt: tuple[float, float]
    gap: bool
    powers: Floats = field(init=False)

    def __post_init__(self) -> None:
        places = [self.place(self.start + 0.5 * (x + 1) * (self.end - self.start)) for x in _NODES]
        self.powers = _TO_POWERS @ _cartesian(np.array(places))

    def place(self, t: float) -> tuple[float, float]:
        share = (t - self.start) / (self.end - self.start)
        at = self.line.Position(share * self.length, Geodesic.LATITUDE | Geodesic.LONGITUDE)
        return at["lat2"], at["lon2"]

    def points(self, t: Floats) -> Floats:
        x = 2.0 * (t - self.start) / (self.end - self.start) - 1.0
        return np.vander(x, 6, increasing=True) @ self.powers

    def height(self, t: float) -> float:
        share = (t - self.start) / (self.end - self.start)
        return self.alt[0] + share * (self.alt[1] - self.alt[0])


def _cartesian(places: Floats) -> Floats:
    phi, lam = np.radians(places[:, 0]), np.radians(places[:, 1])
    e2 = WGS84.f * (2.0 - WGS84.f)
    n = WGS84.a / np.sqrt(1.0 - e2 * np.sin(phi) ** 2)
    return np.stack(
        [
            n * np.cos(phi) * np.cos(lam),
            n * np.cos(phi) * np.sin(lam),
            n * (1.0 - e2) * np.sin(phi),
        ],
        axis=1,
    )


def legs(track: Track, origin: int) -> list[Leg]:
    """Lay the geodesics between a track's fixes."""
    out = []
    for i in range(len(track.time) - 1):
        lat0, lon0 = float(track.lat[i]), float(track.lon[i])
        lat1, lon1 = float(track.lat[i + 1]), float(track.lon[i + 1])
        whole = WGS84.Inverse(lat0, lon0, lat1, lon1)
        line = WGS84.Line(lat0, lon0, whole["azi1"])
        start, end = (int(track.time[k]) - origin for k in (i, i + 1))
        out.append(
            Leg(
                start * 1e-9,
                end * 1e-9,
                line,
                whole["s12"],
                (float(track.alt[i]), float(track.alt[i + 1])),
                bool(track.gap[i]) if len(track.gap) else False,
            )
        )
    return out


@dataclass
class Piece:
    """Two legs during a time that both share: one geodesic against one geodesic."""

    a: Leg
    b: Leg
    start: float
    end: float

    def distance(self, t: float) -> float:
        """Metres between them at t, by geographiclib."""
        lat0, lon0 = self.a.place(t)
        lat1, lon1 = self.b.place(t)
        return float(WGS84.Inverse(lat0, lon0, lat1, lon1, Geodesic.DISTANCE)["s12"])

    def distances(self, t: Floats) -> Floats:
        """Metres between them at many t, from chords: to a few millimetres within 40 km."""
        chord: Floats = np.linalg.norm(self.a.points(t) - self.b.points(t), axis=1)
        arc: Floats = 2.0 * _RADIUS * np.arcsin(np.minimum(1.0, chord / (2.0 * _RADIUS)))
        return arc

    @cached_property
    def _heights(self) -> tuple[float, float]:
        return (
            self.a.height(self.start) - self.b.height(self.start),
            self.a.height(self.end) - self.b.height(self.end),
        )

    def vertical(self, t: Floats | float) -> Floats:
        """Feet between them, b to a, at t."""
        z0, z1 = self._heights
        share = (np.asarray(t) - self.start) / (self.end - self.start)
        return np.asarray(z0 + share * (z1 - z0))

    def lost_vertically(self, minimum: float) -> tuple[float, float] | None:
        """When the vertical distance is below the minimum."""
        z0, z1 = self._heights
        if z0 == z1:
            return (self.start, self.end) if abs(z0) < minimum else None
        shares = sorted(((-minimum - z0) / (z1 - z0), (minimum - z0) / (z1 - z0)))
        lo, hi = max(0.0, shares[0]), min(1.0, shares[1])
        if lo >= hi:
            return None
        span = self.end - self.start
        return (
            self.start if lo == 0.0 else self.start + lo * span,
            self.end if hi == 1.0 else self.start + hi * span,
        )

    def lost(self, horizontal: float, vertical: float) -> list[tuple[float, float]]:
        """When both distances are below their minima."""
        during = self.lost_vertically(vertical)
        if during is None:
            return []
        t = np.linspace(*during, _SAMPLES)
        d = self.distances(t)
        if d.min() > horizontal + 2.0 * float(np.abs(np.diff(d)).max()) + 50.0:
            return []
        t, d = self._with_extremes(t, d, horizontal)
        below = d < horizontal
        edges = [during[0]] if below[0] else []
        edges += [
            _root(lambda s: self.distance(s) - horizontal, t[i], t[i + 1])
            for i in np.flatnonzero(below[1:] != below[:-1])
        ]
        if below[-1]:
            edges.append(during[1])
        return [(p, q) for p, q in zip(edges[::2], edges[1::2], strict=True) if q > p]

    def _with_extremes(self, t: Floats, d: Floats, minimum: float) -> tuple[Floats, Floats]:
        """Add the turning points between samples that may lie across the minimum."""
        near = (50.0 + 0.01 * minimum) + np.abs(np.diff(d)).max()
        last = len(t) - 1
        extra = [
            self._extreme(self.distances, t[max(0, i - 1)], t[min(last, i + 1)], sign)
            for sign in (1.0, -1.0)
            for i in np.flatnonzero(np.abs(d - minimum) < near)
            if sign * d[i] <= min(sign * d[max(0, i - 1)], sign * d[min(last, i + 1)])
        ]
        if not extra:
            return t, d
        both = np.unique(np.concatenate([t, extra]))
        exact = np.array([self.distance(s) for s in extra])
        distances = self.distances(both)
        distances[np.searchsorted(both, extra)] = exact
        return both, distances

    @staticmethod
    def _extreme(
        function: Callable[[Floats], Floats], lo: float, hi: float, sign: float = 1.0
    ) -> float:
        """Find where a function that turns once in [lo, hi] is least (or greatest)."""
        for _ in range(_ZOOMS):
            t = np.linspace(lo, hi, _SAMPLES)
            i = int(np.argmin(sign * function(t)))
            lo, hi = t[max(0, i - 1)], t[min(_SAMPLES - 1, i + 1)]
        return float(t[i])

    def closest(self, during: tuple[float, float]) -> float:
        """Find the time of the least horizontal distance in an interval."""
        return self._extreme(self.distances, *during)

    def severity(self, during: tuple[float, float], horizontal: float, vertical: float) -> float:
        """Find the largest of 1 - max(h / H, v / V) in an interval."""

        def share(t: Floats) -> Floats:
            return np.maximum(self.distances(t) / horizontal, np.abs(self.vertical(t)) / vertical)

        worst = self._extreme(share, *during)
        return 1.0 - float(share(np.array([worst]))[0])


def _root(function: Callable[[float], float], lo: float, hi: float) -> float:
    """Find a sign change: false position (Illinois), with a bisection every third step."""
    at_lo, at_hi = function(lo), function(hi)
    if at_lo * at_hi > 0.0:  # the sampled and the exact distance differ by millimetres
        return lo if abs(at_lo) < abs(at_hi) else hi
    side = 0
    for step in range(200):
        if hi - lo < 1e-8 or at_lo == at_hi:
            break
        bisect = step % 3 == 2
        mid = 0.5 * (lo + hi) if bisect else (lo * at_hi - hi * at_lo) / (at_hi - at_lo)
        at_mid = function(mid)
        if abs(at_mid) < 1e-7:
            return mid
        if at_mid * at_lo > 0.0:
            lo, at_lo = mid, at_mid
            at_hi *= 0.5 if side < 0 and not bisect else 1.0
            side = -1
        else:
            hi, at_hi = mid, at_mid
            at_lo *= 0.5 if side > 0 and not bisect else 1.0
            side = 1
    return 0.5 * (lo + hi)


def pieces(a: Track, b: Track, origin: int) -> list[Piece]:
    """Cut the time that both share at each fix of either, leaving out the gaps."""
    begin = int(max(a.time[0], b.time[0]))
    end = int(min(a.time[-1], b.time[-1]))
    if begin >= end:
        return []
    legs_a, legs_b = (legs(track.between(begin, end), origin) for track in (a, b))
    out = []
    i = j = 0
    while i < len(legs_a) and j < len(legs_b):
        p, q = legs_a[i], legs_b[j]
        start, stop = max(p.start, q.start), min(p.end, q.end)
        if start < stop and not p.gap and not q.gap:
            out.append(Piece(p, q, start, stop))
        i += p.end <= q.end
        j += q.end <= p.end
    return out


def losses(
    shared: Iterable[Piece], horizontal: float, vertical: float, *, depth: bool = True
) -> list[Loss]:
    """Give every interval in which a pair is below both minima, merged across fixes.

    ``depth`` False leaves out the closest approach and the severity (they are NaN).
    """
    found: list[Loss] = []
    for piece in shared:
        for entry, exit_ in piece.lost(horizontal, vertical):
            if depth:
                at = piece.closest((entry, exit_))
                loss = Loss(
                    entry,
                    exit_,
                    at,
                    piece.distance(at),
                    abs(float(piece.vertical(at))),
                    piece.severity((entry, exit_), horizontal, vertical),
                )
            else:
                loss = Loss(entry, exit_, math.nan, math.nan, math.nan, math.nan)
            if found and found[-1].exit == entry:
                loss = _merged(found.pop(), loss)
            found.append(loss)
    return found


def _merged(first: Loss, second: Loss) -> Loss:
    nearer = second if second.horizontal < first.horizontal else first
    return replace(
        nearer,
        entry=first.entry,
        exit=second.exit,
        severity=max(first.severity, second.severity),
    )


def minima(a: Track, b: Track, run: tuple[float, float]) -> tuple[float, float]:
    """Give the minima that hold between two: of each own, or the run's, the larger."""
    own_a, own_b = a.minima or run, b.minima or run
    return max(own_a[0], own_b[0]), max(own_a[1], own_b[1])
