"""The rule, re-checked: who stands too near to whom, by a slow path of its own.

It shares no code and no method with the engine: a leg is a parabola (the geodesic to second
order), a pair is sampled and zoomed in on, a border is laid out in the plane of true distance
about the leg, and everything that stands is one numpy table that is scanned from end to end.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from tests.reference.approach import edge, least_distance, outlines_near, places, stays
from tests.reference.surface import Floats, Legs, Plane, arc, border, cartesian, legs

_DAY = 86_400_000_000_000
_LEG, _CIRCLE, _POLYGON = range(3)
_TOUCH = 1e-6  # seconds: intervals this near are one
_ROW = np.dtype(
    [
        ("begin", "f8"), ("end", "f8"), ("origin", "f8"), ("rate", "f8"),
        ("start", "f8", 3), ("chord", "f8", 3), ("bulge", "f8", 3), ("alt", "f8"), ("rise", "f8"),
        ("clear_h", "f8"), ("clear_v", "f8"), ("lower", "f8"), ("upper", "f8"), ("radius", "f8"),
        ("centre", "f8", 3), ("reach", "f8"), ("kind", "i8"), ("owner", "i8"), ("party", "i8"),
        ("free", "?"),
    ]
)  # fmt: skip


class Tolerance(NamedTuple):
    """How much deeper than the minima a loss must be to count: metres, seconds, feet.

    Below 0 it asks for near misses: what would be too near if the minima were so much larger.
    """

    metres: float = 1.0
    seconds: float = 0.1
    feet: float = 0.01


DEEP = Tolerance()
EXACT = Tolerance(0.0, 0.0, 0.0)
NEAR_MISS = Tolerance(-1.0, -0.1, -0.01)


@dataclass(frozen=True)
class Standing:
    """What stands: a trajectory, a volume or several; ``free`` if it must be free of others."""

    name: str
    party: str
    extent: Any
    free: bool = True


@dataclass(frozen=True, order=True)
class Violation:
    """Two that are too near, and when (nanoseconds; None where it has no beginning or end)."""

    a: str
    b: str
    kind: Literal["flight-flight", "flight-volume", "volume-volume"]
    start: int | None
    end: int | None

    @property
    def pair(self) -> tuple[str, str]:
        return self.a, self.b


def violations(
    standing: Iterable[Standing],
    constraints: Iterable[Any] = (),
    separation: tuple[float, float] = (9260.0, 1000.0),
    tolerance: Tolerance = DEEP,
) -> list[Violation]:
    """Check all at once: pairs of different parties that are nearer than the rule allows."""
    checker = Checker(separation)
    for s in standing:
        checker.put(s.name, s.party, s.extent, free=s.free)
    for constraint in constraints:
        checker.put(constraint.id, "", constraint, free=False)
    return checker.violations(tolerance)


class Checker:
    """Everything that stands, asked for what is too near; ``separation`` is metres and feet.

    Two of one party may be near ("" is nobody's: never the same as another), and so may two of
    which neither must be ``free``: a constraint and a constraint.
    """

    def __init__(self, separation: tuple[float, float] = (9260.0, 1000.0)) -> None:
        self.separation = separation
        self._rows = np.zeros(64, dtype=_ROW)
        self._top = 0
        self._vacant: list[int] = []
        self._slots: dict[str, list[int]] = {}
        self._owner: dict[str, int] = {}
        self._names: list[str] = []
        self._parties: dict[str, int] = {"": 0}
        self._borders: dict[int, Floats] = {}
        self._epoch: int | None = None
        self._reference: Any = None

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, name: object) -> bool:
        return name in self._slots

    def __iter__(self) -> Any:
        return iter(self._slots)

    def put(self, name: str, party: str, extent: Any, *, free: bool = True) -> None:
        """Let it stand, in the place of what stood under this name."""
        self.drop(name)
        if hasattr(extent, "time"):
            rows, borders = self._flight(extent), {}
        else:
            single = (extent,) if hasattr(extent, "outline") else extent
            rows, borders = self._volumes(getattr(extent, "volumes", single))
        if name not in self._owner:
            self._owner[name] = len(self._names)
            self._names.append(name)
        rows["owner"] = self._owner[name]
        rows["party"] = self._parties.setdefault(party, len(self._parties))
        rows["free"] = free
        slots = [self._slot() for _ in range(len(rows))]
        self._rows[slots] = rows
        self._slots[name] = slots
        self._borders.update({slots[k]: points for k, points in borders.items()})

    def drop(self, name: str) -> None:
        """Take it away, if it stands."""
        slots = self._slots.pop(name, [])
        self._rows["begin"][slots], self._rows["end"][slots] = np.inf, -np.inf
        self._vacant += slots
        for slot in slots:
            self._borders.pop(slot, None)

    def violations_of(self, name: str, tolerance: Tolerance = DEEP) -> list[Violation]:
        """Give where one is too near to any other, in order; empty where it does not stand."""
        slots = self._slots.get(name)
        return self._among(np.array(slots), tolerance) if slots else []

    def asked(
        self, name: str, party: str, extent: Any, tolerance: Tolerance = DEEP
    ) -> list[Violation]:
        """Give where one that does not stand would be too near to any that does."""
        if name in self._slots:
            raise ValueError(f"{name!r} stands")
        self.put(name, party, extent)
        found = self.violations_of(name, tolerance)
        self.drop(name)
        return found

    def violations(self, tolerance: Tolerance = DEEP) -> list[Violation]:
        """Give all, in order."""
        return sorted({v for name in self._slots for v in self.violations_of(name, tolerance)})

    # What stands, as rows

    def _slot(self) -> int:
        if self._vacant:
            return self._vacant.pop()
        if self._top == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._top += 1
        return self._top - 1

    def _seconds(self, time: Any) -> Any:
        if self._epoch is None:
            self._epoch = int(np.min(time)) // _DAY * _DAY
        return (np.asarray(time) - self._epoch) * 1e-9

    def _one_reference(self, reference: Any) -> None:
        self._reference = self._reference or reference
        if reference not in (None, self._reference):
            raise ValueError(f"altitudes above {reference} among those above {self._reference}")

    def _flight(self, flight: Any) -> NDArray[Any]:
        self._one_reference(getattr(flight, "reference", None))
        gap = flight.gap if len(flight.gap) else None
        laid: Legs = legs(self._seconds(flight.time), flight.lat, flight.lon, flight.alt, gap)
        own = flight.protection
        rows = np.zeros(len(laid), dtype=_ROW)
        rows["kind"] = _LEG
        rows["begin"] = rows["origin"] = laid.begin
        rows["end"], rows["rate"] = laid.end, 1.0 / (laid.end - laid.begin)
        rows["start"], rows["chord"], rows["bulge"] = laid.start, laid.chord, laid.bulge
        rows["alt"], rows["rise"] = laid.alt, laid.alt_end - laid.alt
        rows["clear_h"], rows["clear_v"] = (
            self.separation if own is None else (own.horizontal, own.vertical)
        )
        rows["lower"] = np.minimum(laid.alt, laid.alt_end)
        rows["upper"] = np.maximum(laid.alt, laid.alt_end)
        rows["centre"] = laid.start + 0.5 * laid.chord + 0.25 * laid.bulge
        rows["reach"] = 0.5 * np.linalg.norm(laid.chord, axis=1) + 20.0
        return rows

    def _volumes(self, volumes: Sequence[Any]) -> tuple[NDArray[Any], dict[int, Floats]]:
        rows = np.zeros(len(volumes), dtype=_ROW)
        borders = {}
        for k, volume in enumerate(volumes):
            row, outline = rows[k], volume.outline
            for bound in (volume.lower, volume.upper):
                self._one_reference(None if bound is None else bound.reference)
            row["begin"] = -np.inf if volume.start is None else self._seconds(volume.start)
            row["end"] = np.inf if volume.end is None else self._seconds(volume.end)
            row["lower"] = -np.inf if volume.lower is None else volume.lower.feet
            row["upper"] = np.inf if volume.upper is None else volume.upper.feet
            row["clear_h"], row["clear_v"] = volume.buffer_h, volume.buffer_v
            if hasattr(outline, "corners"):
                row["kind"] = _POLYGON
                borders[k] = points = border(outline.corners)
                row["centre"] = points.mean(axis=0)
                row["reach"] = np.linalg.norm(points - row["centre"], axis=1).max() + 20.0
            else:
                row["kind"], row["radius"] = _CIRCLE, outline.radius
                row["start"] = cartesian(np.array(outline.lat), np.array(outline.lon))
                row["centre"], row["reach"] = row["start"], outline.radius + 20.0
        return rows, borders

    # Who is too near to whom

    def _among(self, slots: NDArray[np.int64], tolerance: Tolerance) -> list[Violation]:
        i, j = self._candidates(slots, tolerance)
        if not len(i):
            return []
        # of a flight and a volume, the flight first
        volume = self._rows["kind"][i] != _LEG
        flight = self._rows["kind"][j] == _LEG
        i, j = np.where(volume & flight, j, i), np.where(volume & flight, i, j)
        first, second = self._rows["kind"][i], self._rows["kind"][j]
        spans: list[tuple[int, int, float, float]] = []
        spans += self._near(*_pick(i, j, (first == _LEG) & (second != _POLYGON)), tolerance)
        spans += self._inside(*_pick(i, j, (first == _LEG) & (second == _POLYGON)), tolerance)
        spans += self._overlap(*_pick(i, j, first != _LEG), tolerance)
        return self._merged(spans, tolerance)

    def _candidates(
        self, slots: NDArray[np.int64], tolerance: Tolerance
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Scan the whole table: time, heights, and balls about the places."""
        q, r = self._rows[slots][:, None], self._rows[: self._top][None, :]
        more, higher = 1.0 + max(0.0, -tolerance.metres), 1.0 + max(0.0, -tolerance.feet)
        together = (q["begin"] < r["end"]) & (r["begin"] < q["end"]) & (q["owner"] != r["owner"])
        together &= (q["party"] != r["party"]) | (q["party"] == 0)
        together &= q["free"] | r["free"]
        v = np.maximum(q["clear_v"], r["clear_v"]) + higher
        together &= (q["lower"] - r["upper"] < v) & (r["lower"] - q["upper"] < v)
        i, j = np.nonzero(together)
        a, b = self._rows[slots[i]], self._rows[j]
        d = a["centre"] - b["centre"]
        most = a["reach"] + b["reach"] + np.maximum(a["clear_h"], b["clear_h"]) + more
        close = (d * d).sum(axis=1) < most * most
        return slots[i[close]], j[close]

    def _windows(
        self, i: NDArray[np.int64], j: NDArray[np.int64], feet: float
    ) -> tuple[Floats, Floats]:
        """Give when flight i is within the heights of j, both under way."""
        a, b = self._rows[i], self._rows[j]
        t0, t1 = np.maximum(a["begin"], b["begin"]), np.minimum(a["end"], b["end"])
        flight = b["kind"] == _LEG
        v = np.maximum(a["clear_v"], b["clear_v"])
        low = np.where(flight, -v, b["lower"] - b["clear_v"]) + feet
        high = np.where(flight, v, b["upper"] + b["clear_v"]) - feet
        z0, z1 = (
            a["alt"] + a["rise"] * ((t - a["origin"]) * a["rate"])
            - (b["alt"] + b["rise"] * ((t - b["origin"]) * b["rate"]))
            for t in (t0, t1)
        )  # fmt: skip
        level = z1 == z0
        slope = np.where(level, 1.0, z1 - z0)
        within = (low < z0) & (z0 < high)
        one, other = (low - z0) / slope, (high - z0) / slope
        first = np.where(level, np.where(within, 0.0, 1.0), np.maximum(0, np.minimum(one, other)))
        last = np.where(level, np.where(within, 1.0, 0.0), np.minimum(1, np.maximum(one, other)))
        return t0 + first * (t1 - t0), t0 + last * (t1 - t0)

    def _near(
        self, i: NDArray[np.int64], j: NDArray[np.int64], tolerance: Tolerance
    ) -> list[tuple[int, int, float, float]]:
        """Find flights near flights, or near the middle of a circle."""
        if not len(i):
            return []
        t0, t1 = self._windows(i, j, tolerance.feet)
        i, j, t0, t1 = _pick(i, j, t1 > t0, t0, t1)
        a, b = self._rows[i], self._rows[j]
        flight = b["kind"] == _LEG
        r = np.where(flight, np.maximum(a["clear_h"], b["clear_h"]), b["radius"] + b["clear_h"])
        r -= tolerance.metres
        least, when = least_distance(a, b, t0, t1)
        lost = least < r
        i, j, a, b, when, t0, t1, r = (column[lost] for column in (i, j, a, b, when, t0, t1, r))
        entry, leave = edge(a, b, when, t0, r), edge(a, b, when, t1, r)
        return list(zip(*(column.tolist() for column in (i, j, entry, leave)), strict=True))

    def _inside(
        self, i: NDArray[np.int64], j: NDArray[np.int64], tolerance: Tolerance
    ) -> list[tuple[int, int, float, float]]:
        """Find flights in polygons, or nearer to them than their buffers."""
        if not len(i):
            return []
        t0, t1 = self._windows(i, j, tolerance.feet)
        i, j, t0, t1 = _pick(i, j, t1 > t0, t0, t1)
        out = []
        for k in range(len(i)):
            leg = self._rows[i[k] : i[k] + 1]
            plane = Plane.about(places(leg, np.array([[0.5 * (t0[k] + t1[k])]]))[0, 0])
            shape = shapely.Polygon(plane.project(self._borders[int(j[k])]))
            clear = float(self._rows["clear_h"][j[k]]) - tolerance.metres
            path = shapely.LineString(
                plane.project(places(leg, np.linspace(t0[k], t1[k], 9)[None])[0])
            )
            if shapely.distance(path, shape) > max(clear, 0.0):
                continue
            out += [
                (int(i[k]), int(j[k]), *span)
                for span in stays(leg, plane, shape, clear, t0[k], t1[k])
            ]
        return out

    def _overlap(
        self, i: NDArray[np.int64], j: NDArray[np.int64], tolerance: Tolerance
    ) -> list[tuple[int, int, float, float]]:
        """Find volumes that overlap, or are nearer than the larger of their buffers."""
        out = []
        for k, m in zip(i.tolist(), j.tolist(), strict=True):
            a, b = self._rows[k], self._rows[m]
            apart = max(a["lower"] - b["upper"], b["lower"] - a["upper"])
            within = max(a["clear_h"], b["clear_h"]) - tolerance.metres
            if apart < max(a["clear_v"], b["clear_v"]) - tolerance.feet and self._too_near(
                k, m, within
            ):
                span = max(a["begin"], b["begin"]), min(a["end"], b["end"])
                out.append((k, m, float(span[0]), float(span[1])))
        return out

    def _too_near(self, k: int, m: int, within: float) -> bool:
        """Tell whether two outlines are nearer than this; below 0: overlap by more than this."""
        a, b = self._rows[k], self._rows[m]
        if a["kind"] == b["kind"] == _CIRCLE:
            return bool(arc(a["start"], b["start"]) - a["radius"] - b["radius"] < within)
        if _CIRCLE in (a["kind"], b["kind"]):
            circle, other = (a, m) if a["kind"] == _CIRCLE else (b, k)
            plane = Plane.about(circle["start"])
            shape = shapely.Polygon(plane.project(self._borders[other]))
            return bool(shapely.distance(shape, shapely.Point(0, 0)) - circle["radius"] < within)
        middle = 0.5 * (a["centre"] + b["centre"])
        return outlines_near(self._borders[k], self._borders[m], middle, within)

    def _merged(
        self, spans: list[tuple[int, int, float, float]], tolerance: Tolerance
    ) -> list[Violation]:
        pairs: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        volumes: dict[tuple[str, str], int] = {}
        for i, j, begin, end in spans:
            a, b = sorted(self._names[self._rows["owner"][k]] for k in (i, j))
            pairs[a, b].append((begin, end))
            volumes[a, b] = sum(self._rows["kind"][k] != _LEG for k in (i, j))
        out = []
        for pair, several in pairs.items():
            joined: list[tuple[float, float]] = []
            for begin, end in sorted(several):
                if joined and begin <= joined[-1][1] + _TOUCH:
                    joined[-1] = joined[-1][0], max(end, joined[-1][1])
                else:
                    joined.append((begin, end))
            kind = ("flight-flight", "flight-volume", "volume-volume")[volumes[pair]]
            out += [
                Violation(*pair, kind, self._instant(begin), self._instant(end))
                for begin, end in joined
                if end - begin > max(0.0, tolerance.seconds)
            ]
        return sorted(out)

    def _instant(self, seconds: float) -> int | None:
        return round(seconds * 1e9) + (self._epoch or 0) if np.isfinite(seconds) else None


def _pick(i: Any, j: Any, which: Any, *more: Any) -> Any:
    return i[which], j[which], *(column[which] for column in more)
