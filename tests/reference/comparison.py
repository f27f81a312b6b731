"""Run encounters through the engine and through the reference, and measure the difference.

Many encounters share one run of the engine: each is moved to a time of its own, so that no two
meet. Those of equal run minima go together.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

import detente
from detente import Flights, Reference, Separation, Trajectory
from tests.reference.encounters import Encounter, shared_pieces
from tests.reference.geodesic import Loss, Piece, losses, minima

BAND_METRES = 1.0
BAND_FEET = 0.01
BAND_SECONDS = 0.1
WELL_CONDITIONED = BAND_METRES / 0.05
"""Metres a second: from here on 1 m is worth 50 ms or less."""
_BETWEEN = 3_600_000_000_000


@dataclass(frozen=True)
class Edge:
    """One entry or exit that both found: how far apart, and how fast the distance changed."""

    seconds: float
    metres: float
    rate: float


@dataclass
class Comparison:
    """What a run of encounters showed."""

    encounters: int = 0
    conflicts: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    in_band: int = 0
    level_conflicts: int = 0
    crossings: list[Edge] = field(default_factory=list)
    vertical_seconds: list[float] = field(default_factory=list)
    boundary_seconds: list[float] = field(default_factory=list)
    closest_metres: list[float] = field(default_factory=list)
    closest_feet: list[float] = field(default_factory=list)
    severities: list[float] = field(default_factory=list)

    def add(self, other: "Comparison") -> None:
        """Put another's encounters to these."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def well_conditioned(self) -> list[Edge]:
        """The horizontal crossings where 1 m is worth 50 ms or less."""
        return [edge for edge in self.crossings if edge.rate >= WELL_CONDITIONED]

    @property
    def slow(self) -> list[Edge]:
        """The other horizontal crossings: near-parallel, in trail, grazing, stationary."""
        return [edge for edge in self.crossings if edge.rate < WELL_CONDITIONED]


def compare(these: Iterable[Encounter], label: str = "") -> Comparison:
    """Run encounters through both and measure."""
    groups: dict[tuple[float, float], list[tuple[int, Encounter]]] = defaultdict(list)
    for number, encounter in enumerate(these):
        groups[encounter.minima].append((number, encounter))
    total = Comparison()
    for run, group in groups.items():
        found = _detected([encounter for _, encounter in group], run)
        for (number, encounter), conflicts in zip(group, found, strict=True):
            name = f"{label}{number} {encounter.kind}"
            _compare_one(total, name, encounter, conflicts)
    return total


def trajectory(track: object, flight: str, later: int = 0) -> Trajectory:
    """Give a reference's track as the engine takes it."""
    return Trajectory(
        id=flight,
        time=track.time + later,
        lat=track.lat,
        lon=track.lon,
        alt=track.alt,
        reference=Reference.PRESSURE,
        protection=None if track.minima is None else Separation(*track.minima),
        gap=track.gap,
    )


def _detected(these: list[Encounter], run: tuple[float, float]) -> list[list[Loss]]:
    """Give the engine's conflicts of each encounter, in seconds after the encounter's origin."""
    rows, shifts = [], []
    clock = int(these[0].a.time[0])
    for i, e in enumerate(these):
        shift = clock - int(min(e.a.time[0], e.b.time[0]))
        rows += [trajectory(e.a, f"{i}a", shift), trajectory(e.b, f"{i}b", shift)]
        shifts.append(shift + int(max(e.a.time[0], e.b.time[0])))
        clock = shift + int(max(e.a.time[-1], e.b.time[-1])) + _BETWEEN
    conflicts = detente.detect_conflicts(
        Flights.from_trajectories(rows), separation=Separation(*run)
    )
    out: list[list[Loss]] = [[] for _ in these]
    for c in conflicts:
        i = int(c.a[:-1])
        assert (c.a, c.b) == (f"{i}a", f"{i}b"), f"{c.a} and {c.b} are hours apart"
        origin = shifts[i]
        out[i].append(
            Loss(
                (c.entry - origin) * 1e-9,
                (c.exit - origin) * 1e-9,
                (c.closest - origin) * 1e-9,
                c.horizontal_m,
                c.vertical_ft,
                c.severity,
            )
        )
    return out


def _compare_one(total: Comparison, name: str, encounter: Encounter, found: list[Loss]) -> None:
    _, shared = shared_pieces(encounter)
    h, v = minima(encounter.a, encounter.b, encounter.minima)
    truth = losses(shared, h, v)
    total.encounters += 1
    total.conflicts += len(truth)
    if encounter.kind == "adjacent-levels":
        total.level_conflicts += len(found)
    same = len(truth) == len(found) and all(
        t.entry < f.exit and f.entry < t.exit for t, f in zip(truth, found, strict=True)
    )
    if same:
        for t, f in zip(truth, found, strict=True):
            _measure(total, shared, (h, v), t, f)
        return
    total.in_band += 1
    inner = losses(shared, h - BAND_METRES, v - BAND_FEET, depth=False)
    outer = losses(shared, h + BAND_METRES, v + BAND_FEET, depth=False)
    if not _covered(inner, found):
        total.missed.append(name)
    if not _covered(found, outer):
        total.false.append(name)


def _covered(inner: list[Loss], outer: list[Loss]) -> bool:
    """Tell whether each inner interval, shortened by the band, lies within the outer ones."""
    for loss in inner:
        at = loss.entry + BAND_SECONDS
        for cover in sorted(outer, key=lambda cover: cover.entry):
            if cover.entry <= at:
                at = max(at, cover.exit + BAND_SECONDS)
        if at < loss.exit - BAND_SECONDS:
            return False
    return True


def _measure(
    total: Comparison, shared: list[Piece], limits: tuple[float, float], truth: Loss, found: Loss
) -> None:
    for t, f in ((truth.entry, found.entry), (truth.exit, found.exit)):
        piece = _at(shared, t)
        if abs(piece.distance(t) - limits[0]) < 1e-3:
            lo, hi = max(piece.start, t - 0.05), min(piece.end, t + 0.05)
            rate = abs(piece.distance(hi) - piece.distance(lo)) / (hi - lo)
            metres = abs(_at(shared, f).distance(f) - limits[0])
            total.crossings.append(Edge(abs(f - t), metres, rate))
        elif abs(abs(float(piece.vertical(t))) - limits[1]) < 1e-6:
            total.vertical_seconds.append(abs(f - t))
        else:  # where one of them begins or ends
            total.boundary_seconds.append(abs(f - t))
    total.closest_metres.append(abs(found.horizontal - truth.horizontal))
    there = abs(float(_at(shared, found.closest).vertical(found.closest)))
    total.closest_feet.append(abs(found.vertical - there))
    total.severities.append(abs(found.severity - truth.severity))


def _at(shared: list[Piece], t: float) -> Piece:
    """Give the piece that holds a time, or the nearest to it."""
    return min(shared, key=lambda piece: max(piece.start - t, t - piece.end, 0.0))


def worst(values: Iterable[float]) -> float:
    """Give the largest, 0 where there is none."""
    return float(np.max(np.fromiter(values, dtype=np.float64), initial=0.0))
