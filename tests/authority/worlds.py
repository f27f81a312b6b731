"""Pairs of worlds that differ only in what other parties plan, as hypothesis draws them.

Party A asks the same at the same times in both, and so does the authority in public. B is a
member of A's coalition: where it shares anything with A, it too asks the same in both. C and D
share nothing with A, and each of their steps may be another thing in each world, or nothing.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import strategies as st

from detente.authority import Charter, Extent, Grid, Path4D, Sharing, Volume4D

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
STARTS = tuple(NOON + timedelta(minutes=m) for m in (120, 130, 240, 540))
"""When flights leave; the third departs in a planning cycle, if there is one."""
LEVELS = (33_000.0, 34_000.0, 35_000.0)
GRID = Grid(delay_most=600, level_steps=(-1, 1), offsets=(-18_520.0, 18_520.0))
PUBLIC = "authority"
HAND = "hand"
WATCH = "watch"
"""Sees and records, for the authority: what is for A is the same, and all else another."""


@dataclass(frozen=True)
class Plan:
    """Where and when a flight is meant to be: one lane, one slot, one level."""

    lane: int
    slot: int
    level: int
    volumes: bool = False


@dataclass(frozen=True)
class Ask:
    """What a party wants; versions and offers are found out when it is asked."""

    kind: str
    intent: str = "x"
    plan: Plan = Plan(0, 0, 0)
    precedence: str = ""
    pick: int = 0
    noise: int = 0


@dataclass(frozen=True)
class Step:
    """Who wants what in the first world and in the second, and how many seconds later."""

    who: str
    asks: tuple[Ask | None, Ask | None]
    wait: int


@dataclass(frozen=True)
class Pair:
    """Two worlds.

    ``shares`` : what B lets A see; None where B is no member. ``ally`` : D is a member too, and
    shares nothing. ``cycle`` : the last slots are planned jointly.
    """

    shares: Sharing | None
    ally: bool
    cycle: bool
    probes: int
    coalition_probes: int
    steps: tuple[Step, ...]

    @property
    def charter(self) -> Charter:
        return Charter(
            grid=GRID, probes=self.probes, coalition_probes=self.coalition_probes,
            activation_lead=7 * 3600, offer_lifetime=5400,
        )  # fmt: skip

    @property
    def alike(self) -> tuple[str, ...]:
        """Who asks the same in both worlds."""
        discloses = self.shares in (Sharing.VOLUMES, Sharing.INTENTS)
        return ("A", "B", PUBLIC, HAND) if discloses else ("A", PUBLIC, HAND)


@cache
def extent(plan: Plan) -> Extent:
    """Give a flight: lanes cross in the middle; those beside each other are separated."""
    start = STARTS[plan.slot]
    level = LEVELS[plan.level]
    side = 0.15 * (plan.lane % 2)
    if plan.volumes:
        return (
            Volume4D(
                centre=(47.0 + side, 8.0), radius=6_000.0 + 500.0 * plan.lane, lower=level - 400.0,
                upper=level + 400.0, start=start + timedelta(minutes=7),
                end=start + timedelta(minutes=13),
            ),
        )  # fmt: skip
    if plan.lane < 2:
        lat, lon = (47.0 + side,) * 3, (7.0, 8.0, 9.0)
    else:
        lat, lon = (46.3, 47.0, 47.7), (8.0 + side,) * 3
    return Path4D(start, (0.0, 600.0, 1200.0), lat, lon, (level,) * 3)


def closure(plan: Plan) -> tuple[Volume4D, ...]:
    """Give what a constraint closes: the middle, at and below a level, for good or for a slot."""
    upper = LEVELS[plan.level] + 400.0
    start = STARTS[plan.slot]
    until = (start, start + timedelta(minutes=20)) if plan.lane else (None, None)
    corners = ((46.9, 7.8), (46.9, 8.3), (47.3, 8.3), (47.3, 7.8))
    return (Volume4D(corners=corners, upper=upper, start=until[0], end=until[1]),)


def off_nominal(plan: Plan) -> tuple[Volume4D, ...]:
    """Give where a flight may be that is not on its plan."""
    start = STARTS[plan.slot]
    return (
        Volume4D(
            centre=(47.0, 8.0), radius=30_000.0, lower=32_000.0, upper=36_000.0,
            start=start, end=start + timedelta(minutes=20),
        ),
    )  # fmt: skip


def _often(**times: int) -> list[str]:
    return [kind for kind, n in times.items() for _ in range(n)]


_MINE = _often(
    on=9, fly=3, file=1, take=1, activate=1, stray=1, lost=1, end=1, withdraw=1, retry=2, reuse=1,
    stale=1, strange=2, rejoin=1, leave=1,
)  # fmt: skip
_PUBLIC = _often(close=3, lift=1, sweep=1)
_HAND = _often(hold=1, release=1, impose=1, override=1)
_THEIRS = _often(
    on=8, fly=2, stray=1, lost=1, end=1, withdraw=1, overridden=1, held=1, imposed=1
)  # fmt: skip
_SHARED = _often(on=4, fly=2, activate=1, stray=1, end=1, withdraw=1, rejoin=1)
_SAID = ("speak", "name", "tell")
_APART = ("sky", "indicate", "hide", "whisper", "grade")
"""Nothing to A, whether it happens or not."""
_SEEN = _often(
    sky=2, warn=4, clear=1, indicate=1, enter=3, hide=1, voice=3, publish=1, whisper=3, grade=1,
    speak=3, name=1, tell=1,
)  # fmt: skip
_NAMES = ("x", "x", "x", "y", "y", "z")
_MODEST = ("", "", "", "", "state")
_PROUD = ("", "", "state", "emergency")
_TURNS = ("A", "A", "A", "A", "C", "C", "C", "D", "D", "B", PUBLIC, HAND)
_WAITS = (0, 0, 30, 60, 300)


def _plan(rng: Random) -> Plan:
    return Plan(
        lane=rng.randrange(4),
        slot=rng.choice((0, 0, 0, 0, 1, 2, 2, 3)),
        level=rng.choice((0, 0, 1, 2)),
        volumes=rng.random() < 0.25,
    )


def _ask(rng: Random, kinds: list[str], classes: tuple[str, ...] = ("",)) -> Ask:
    return Ask(
        kind=rng.choice(kinds),
        intent=rng.choice(_NAMES),
        plan=_plan(rng),
        precedence=rng.choice(classes),
        pick=rng.randrange(6),
    )


def _two_asks(rng: Random) -> tuple[Ask | None, Ask | None]:
    """Draw what one of the others asks: the same, a little else, something else, or nothing."""
    one = _ask(rng, _THEIRS, _PROUD)
    other = {
        "same": one,
        "moved": replace(one, plan=_plan(rng)),
        "named": replace(one, intent=rng.choice(_NAMES)),
        "classed": replace(one, precedence=rng.choice(_PROUD)),
        "else": _ask(rng, _THEIRS, _PROUD),
        "nothing": None,
    }[rng.choice(("same", "moved", "named", "classed", "else", "nothing", "nothing"))]
    return (one, other) if rng.random() < 0.5 else (other, one)


def _step(rng: Random, alike: tuple[str, ...]) -> Step:
    who, wait = rng.choice(_TURNS), rng.choice(_WAITS)
    if who not in alike:
        return Step(who, _two_asks(rng), wait)
    kinds = {"A": _MINE, "B": _SHARED, PUBLIC: _PUBLIC, HAND: _HAND}[who]
    ask = _ask(rng, kinds, _MODEST)
    if who == PUBLIC:
        ask = replace(ask, intent="k" if ask.intent == "x" else "l")
    return Step(who, (ask, ask), wait)


def _sight(rng: Random) -> Step:
    """Draw what is seen, or said, or what A says of that."""
    kind = rng.choice(_SEEN)
    ask = replace(_ask(rng, [kind]), noise=rng.randrange(2**20))
    if kind in _SAID:
        return Step("A", (ask, ask), rng.choice(_WAITS))
    other = replace(ask, noise=rng.randrange(2**20))
    if kind in _APART and rng.random() < 0.4:
        return Step(WATCH, (ask, None) if rng.random() < 0.5 else (None, other), 0)
    return Step(WATCH, (ask, other), rng.choice(_WAITS))


def _public(kind: str, wait: int) -> Step:
    return Step(PUBLIC, (Ask(kind), Ask(kind)), wait)


def drawn(seed: int, keep: list[int]) -> Pair:
    """Draw two worlds: before a cut-off, before the flights, after them, and when all is over.

    Parameters
    ----------
    keep : by step, 0 to leave it out: so that a failing example becomes a short one.
    """
    rng = Random(seed)
    pair = Pair(
        shares=rng.choice((None, *Sharing)),
        ally=rng.random() < 0.5,
        cycle=rng.random() < 0.5,
        probes=rng.choice((0, 0, 1, 2)),
        coalition_probes=rng.choice((0, 3)),
        steps=(),
    )
    phases = (
        (16, _public("plan", 3600)),
        # a while after most flights, and before the authority's clock ends them
        (6, _public("lift", 4 * 3600)),
        (4, _public("sweep", 0)),
        (2, _public("sweep", 2 * 86_400)),
        (2, _public("lift", 0)),
    )
    steps = [s for n, end in phases for s in (*(_step(rng, pair.alike) for _ in range(n)), end)]
    more = Random(f"{seed} seen")
    for _ in range(_SIGHTS):
        steps.insert(more.randrange(len(steps) + 1), _sight(more))
    return replace(pair, steps=tuple(s for s, k in zip(steps, keep, strict=True) if k))


_SIGHTS = 16
MOST_STEPS = 16 + 6 + 4 + 2 + 2 + 5 + _SIGHTS

pairs = st.builds(
    drawn,
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 9), min_size=MOST_STEPS, max_size=MOST_STEPS),
)
