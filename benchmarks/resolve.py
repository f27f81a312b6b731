"""Joint plans for synthetic days, beside first come, first served; one flight's alternatives."""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.result import Result, peak_memory, start_peak, write
from benchmarks.synthetic import day
from detente import Flights, Index, Manoeuvres, find_alternatives, resolve_conflicts
from detente.resolve.seat import Progress

__all__ = ["run"]

FLOOR = 10_000.0
"""Feet; below, approach control separates, with other minima: those legs are not looked at."""
LIMIT = 120.0
_PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "anytime.svg"


def above(flights: Flights, feet: float) -> Flights:
    """Leave out the legs that are partly below."""
    low = np.minimum(flights.alt, np.append(flights.alt[1:], 0.0)) < feet
    return replace(flights, gap=flights.gap | low)


def first_come(flights: Flights, limits: Manoeuvres) -> tuple[int, int, int, float]:
    """Serve each flight in the order of departure; give cost, moved, refused and seconds."""
    start = time.perf_counter()
    index = Index()
    cost = moved = refused = 0
    order = np.argsort(flights.time[flights.offsets[:-1]], kind="stable")
    for i in order.tolist():
        flight = flights[i]
        if index.query(flight):
            offers = find_alternatives(index, flight, manoeuvres=limits, most=1)
            if not offers:
                refused += 1
                continue
            flight, moved, cost = offers[0].trajectory, moved + 1, cost + offers[0].cost
        index.add(flight)
    return cost, moved, refused, time.perf_counter() - start


def joint(count: int, limits: Manoeuvres, curve: list[Progress] | None = None) -> list[Result]:
    """Plan a day jointly, and by first come, first served."""
    flights = above(day(count), FLOOR)
    trail: list[Progress] = [] if curve is None else curve
    if count >= 30_000:
        start_peak()
    plan = resolve_conflicts(flights, manoeuvres=limits, seconds=LIMIT, progress=trail.append)
    peak = f", {peak_memory():.0f} MB at most (≤ 2,000)" if count >= 30_000 else ""
    free = next((p.seconds for p in trail if p.conflicts == 0), None)
    said = plan.to_dict()
    cost, moved, refused, seconds = first_come(flights, limits)
    name = f"{count:,} flights"
    served = plan.cost / cost if cost else 1.0
    return [
        Result(
            f"{name}: conflicting pairs before and after",
            f"{said['conflicts_before']:,} → {said['conflicts_after']:,}",
            "0",
            said["conflicts_after"] == 0,
            "checked by the engine; above FL100",
        ),
        Result(
            f"{name}: until nothing conflicts",
            "not reached" if free is None else f"{free:.1f} s",
            "≤ 120 s" if count >= 30_000 else "",
            (free is not None and free <= LIMIT) if count >= 30_000 else None,
            f"{plan.seconds:.0f} s with the search for less{peak}",
        ),
        Result(
            f"{name}: cost, mean, moved",
            f"{plan.cost:,}, {plan.cost / count:.0f} a flight, {said['moved']:,}",
            note=f"{said['delayed']:,} delayed by {plan.delay / 60 / max(1, said['delayed']):.1f}"
            f" min in the mean, {said['levels']:,} levels, {said['offsets']:,} offsets; Jain's"
            f" index {plan.fairness.jain:.2f}, heaviest party {plan.fairness.most:.2f} of its"
            " share",
        ),
        Result(
            f"{name}: the same, first come, first served",
            f"{cost:,}, {cost / count:.0f} a flight, {moved:,}",
            note=f"{refused:,} refused for want of a free option; {seconds:.0f} s. The joint plan"
            f" costs {served:.2f} times that, and refuses none",
        ),
    ]


def alternatives(count: int, asked: int) -> list[Result]:
    """Time one flight's ranked alternatives against a standing day."""
    index = Index()
    index.extend(above(day(count), FLOOR))
    guests = [
        replace(one, id=f"guest-{i}") for i, one in enumerate(above(day(asked, seed=2), FLOOR))
    ]
    for guest in guests[:20]:
        find_alternatives(index, guest)
    taken = np.empty(len(guests))
    for i, guest in enumerate(guests):
        start = time.perf_counter()
        find_alternatives(index, guest)
        taken[i] = (time.perf_counter() - start) * 1000.0
    median = float(np.median(taken))
    return [
        Result(
            f"ranked alternatives of one flight against {count:,} standing: median",
            f"{median:.1f} ms",
            "≤ 20 ms",
            median <= 20.0,
            f"549 options (9 variants, 61 slots) of {asked:,} flights; "
            f"99th percentile {np.percentile(taken, 99):.1f} ms",
        )
    ]


def draw(trail: Sequence[Progress], path: Path) -> None:
    """Draw the anytime curve: conflicts left and cost, by the second."""
    width, height, left, top = 720, 300, 60, 24
    last = trail[-1].seconds
    most = max(p.conflicts for p in trail)
    dearest = max(p.cost for p in trail)

    def line(values: Sequence[float], top_value: float) -> str:
        return " ".join(
            f"{left + p.seconds / last * (width - 2 * left):.1f},"
            f"{top + (1.0 - v / top_value) * (height - 2 * top):.1f}"
            for p, v in zip(trail, values, strict=True)
        )

    x1, y1 = width - left, height - top
    ticks = "".join(
        f'<text x="{left + k / 6 * (width - 2 * left):.0f}" y="{y1 + 16}" text-anchor="middle">'
        f"{last * k / 6:.0f} s</text>"
        for k in range(7)
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Conflicts left and cost over time" font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path d="M{left},{top}V{y1}H{x1}V{top}" fill="none" stroke="#888"/>'
        f'<polyline points="{line([p.conflicts for p in trail], most)}" fill="none" '
        f'stroke="#c2410c" stroke-width="2"/>'
        f'<polyline points="{line([p.cost for p in trail], dearest)}" fill="none" '
        f'stroke="#0b6099" stroke-width="2" stroke-dasharray="6 3"/>'
        f'<text x="{left}" y="{top - 8}" fill="#c2410c">conflicts left, to {most:,}</text>'
        f'<text x="{x1}" y="{top - 8}" fill="#0b6099" text-anchor="end">'
        f"cost (dashed), to {dearest:,}</text>{ticks}</svg>\n",
        encoding="utf-8",
    )


def run(quick: bool) -> list[Result]:
    """Plan days of growing density; draw the largest one's curve."""
    limits = Manoeuvres()
    trail: list[Progress] = []
    joint(300, limits)  # compile
    results = [
        row for count in ((1_000,) if quick else (3_000, 10_000)) for row in joint(count, limits)
    ]
    if not quick:
        results += joint(30_000, limits, trail)
        draw(trail, _PICTURE)
    return results + alternatives(3_000 if quick else 30_000, 300)


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
