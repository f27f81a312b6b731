"""Recorded flights with plans cut from them, and sensors that err: who is found undeclared.

All goes through the real tracker.
"""

import math
import sys
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.result import Result, write
from benchmarks.sensed import CASES, SECOND, STEP, Case, Flown, filed, recorded, sightings, world
from detente.watch.declared import Declared
from detente.watch.gate import Matching
from detente.watch.matcher import Matcher
from detente.watch.matches import CONFORMANCES
from detente.watch.tracker import Tracker

__all__ = ["Score", "run", "scored"]


@dataclass
class Score:
    """What came out, added up over seeds."""

    flights: int = 0
    right: int = 0
    missed: int = 0
    false: int = 0
    none: int = 0
    alarmed: int = 0
    excused: int = 0
    absent: int = 0
    missed_right: int = 0
    missed_false: int = 0
    looks: int = 0
    other: int = 0
    looks_declared: int = 0
    looks_conforming: int = 0
    changes: int = 0
    hours: float = 0.0
    first: tuple[float, ...] = ()
    found: tuple[float, ...] = ()

    def __add__(self, more: "Score") -> "Score":
        return Score(
            *(getattr(self, name) + getattr(more, name) for name in self.__dataclass_fields__)
        )

    @property
    def precision(self) -> tuple[float, float, float]:
        return _interval(self.right, self.right + self.false)

    @property
    def recall(self) -> tuple[float, float, float]:
        return _interval(self.right, self.right + self.missed)


def _interval(k: int, n: int) -> tuple[float, float, float]:
    """Give a share and its 95 % interval (E. B. Wilson, JASA 22, 1927)."""
    if not n:
        return math.nan, 0.0, 1.0
    z = 1.96
    middle = (k + z * z / 2.0) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4.0)
    return k / n, middle - half, min(1.0, middle + half)


def scored(flown: list[Flown], case: Case, seed: int, settings: Matching | None = None) -> Score:
    """Watch one day, and compare what was found with what is so.

    A flight is what its track was said to be for longest; a verdict for every look counts
    the changes. A flight that got no verdict at all is not found.
    """
    rng = np.random.default_rng([seed, 0xACC])
    flown = world(flown, case, rng)
    batches = sightings(flown, case, rng)
    tracker, matcher = Tracker(), Matcher(settings)
    plans = []
    for k, one in enumerate(flown):
        off = round(rng.normal(0.0, case.late)) * SECOND
        if one.declared:
            path = replace(one.path, time=one.path.time + off)
            plans.append((filed(path, case.coarse), one, k))
    coming = sorted(plans, key=lambda plan: (plan[0].time[0], plan[2]), reverse=True)
    flying: list[tuple[int, str]] = []
    spent: dict[int, NDArray[np.int64]] = defaultdict(lambda: np.zeros(4, dtype=np.int64))
    last: dict[int, tuple[int, str]] = {}
    seen: dict[int, int] = {}
    first: dict[int, float] = {}
    found: dict[int, float] = {}
    score = Score()
    unseen: set[int] = set()
    for now in range(min(batches), max(batches) + 60 * SECOND, STEP):
        while coming and coming[-1][0].time[0] < now + 1800 * SECOND:
            plan, one, k = coming.pop()
            matcher.declare(
                Declared(f"p/{k}", "p", plan, address=one.address, callsign=one.callsign)
            )
            flying.append((int(plan.time[-1]) + 1800 * SECOND, f"p/{k}"))
        for _, name in [row for row in flying if row[0] < now]:
            matcher.withdraw(name)
        flying = [row for row in flying if row[0] >= now]
        tracker.take(batches.get(now, []))
        picture = tracker.advance(now)
        matches = matcher.match(picture)
        unseen |= {int(one.intent[2:]) for one in matches.unseen}
        for i, (said, verdict) in enumerate(
            zip(picture.kind, matches.verdict.tolist(), strict=True)
        ):
            k = int(said)
            spent[k][verdict] += 1
            begun = seen.setdefault(k, int(picture.first[i]))
            if not verdict:
                continue
            intent = matches.intent[i]
            first.setdefault(k, (now - begun) / SECOND)
            if verdict == 3 and not flown[k].declared:
                found.setdefault(k, (now - begun) / SECOND)
            score.looks += 1
            score.other += bool(intent) and intent != f"p/{k}"
            if flown[k].declared:
                score.looks_declared += 1
                score.looks_conforming += CONFORMANCES[verdict] == "conforming"
            if last.setdefault(k, (verdict, intent)) != (verdict, intent):
                score.changes += 1
                last[k] = verdict, intent
    for k, one in enumerate(flown):
        score.absent += not one.flies
        score.missed_right += k in unseen and not one.flies
        score.missed_false += k in unseen and one.flies
        if not one.flies:
            continue
        _, conforming, strays, undeclared = spent[k].tolist()
        score.flights += 1
        score.none += conforming + strays + undeclared == 0
        told = undeclared > conforming + strays
        score.alarmed += one.declared and undeclared > 0
        score.excused += not one.declared and conforming + strays > 0
        score.right += told and not one.declared
        score.false += told and one.declared
        score.missed += not told and not one.declared
        score.hours += int(spent[k].sum()) * STEP / SECOND / 3600.0
    score.first, score.found = tuple(first.values()), tuple(found.values())
    return score


def row(case: Case, total: Score) -> Result:
    """Write down one case."""
    (precision, low, high), (recall, least, most) = total.precision, total.recall
    median, late = np.percentile(total.first, [50, 95])
    caught, slow = np.percentile(total.found, [50, 95])
    return Result(
        f"{case.name}: precision, recall of undeclared",
        f"{precision:.3f} ({low:.3f} to {high:.3f}), {recall:.3f} ({least:.3f} to {most:.3f})",
        "≥ 0.99 each" if case.possible else "",
        (precision >= 0.99 and recall >= 0.99) if case.possible else None,
        f"{total.flights:,} flights, {total.right + total.missed} undeclared; declared ones ever "
        f"told undeclared {total.alarmed}, undeclared ones ever matched {total.excused}; "
        f"{total.changes / total.hours:.2f} changes of verdict or intent per flight hour; first "
        f"verdict after {median:.0f} s, 95 % within {late:.0f} s; undeclared told after "
        f"{caught:.0f} s, 95 % within {slow:.0f} s; matched to another's intent "
        f"{100.0 * total.other / total.looks:.2f} % of the time; conforming "
        f"{100.0 * total.looks_conforming / total.looks_declared:.1f} %; told not seen "
        f"{total.missed_right} of {total.absent} that do not fly, and {total.missed_false} that do",
    )


def run(quick: bool) -> list[Result]:
    """Measure every case over several seeds."""
    flown = recorded(8.0, 10.0) if quick else recorded()
    results = []
    for case in CASES:
        total = Score()
        for seed in range(1 if quick else 4):
            total += scored(flown, case, seed)
        results.append(row(case, total))
    return results


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
