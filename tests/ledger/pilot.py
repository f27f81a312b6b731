"""One who files, amends and withdraws in a small place where many others do."""

from datetime import UTC, datetime, timedelta
from random import Random

from detente.authority import Charter, Grid, IntentState, Path4D, Volume4D
from detente.authority.command import Amend, File, Found, RegisterParty, Withdraw
from detente.authority.disclosure import OwnIntent

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
PARTIES = ("amber", "blue", "crimson", "denim")
CHARTER = Charter(
    name="yard", horizontal=100.0, vertical=50.0, probes=0, coalition_probes=0, offers=2,
    grid=Grid(delay_most=120, level_steps=(-1, 1), level_gap=50.0, floor=50.0, ceiling=500.0,
              offsets=()),
)  # fmt: skip


def found(desk):
    """Begin, and let the parties file."""
    desk.submit(Found(at=NOON, key="charter", charter=CHARTER))
    for party in PARTIES:
        desk.submit(RegisterParty(at=NOON, key=party, party=party, highest="emergency"))


class Pilot:
    """Draws commands from a seed; their keys begin with its name."""

    def __init__(self, name, party, seed):
        self._name, self._party, self._rng = name, party, Random(f"{seed} {name}")
        self._count = 0
        self._known = {}

    def draw(self):
        """Give the next command."""
        rng, dice = self._rng, self._rng.random()
        self._count += 1
        own = {"at": NOON, "by": self._party, "key": f"{self._name}-{self._count}"}
        if self._known and dice < 0.6:
            intent = rng.choice(sorted(self._known))
            own |= {"intent": intent, "version": self._known[intent]}
            return Withdraw(**own) if dice < 0.25 else Amend(**own, extent=self._extent())
        urgent = rng.random() < 0.1
        return File(
            **own, intent=own["key"], extent=self._extent(),
            precedence="emergency" if urgent else "",
        )  # fmt: skip

    def hear(self, command, answer):
        """Note which version an intent of its own is at."""
        self._known.pop(command.intent, None)
        for content in answer.contents:
            if isinstance(content, OwnIntent) and content.state is IntentState.ACCEPTED:
                self._known[content.intent] = content.version

    def _extent(self):
        rng = self._rng
        start = NOON + timedelta(seconds=3_600 + rng.randrange(0, 600, 10))
        lat, lon = (46.0 + rng.random() * 0.01, 7.0 + rng.random() * 0.015)
        feet = rng.randrange(100, 450, 25) * 1.0
        if rng.random() < 0.3:
            return (
                Volume4D(centre=(lat, lon), radius=rng.uniform(20.0, 120.0), lower=feet,
                         upper=feet + 50.0, start=start, end=start + timedelta(seconds=60)),
            )  # fmt: skip
        return Path4D(
            start=start,
            seconds=(0.0, 40.0, 80.0),
            lat=tuple(lat + rng.uniform(-0.004, 0.004) for _ in range(3)),
            lon=tuple(lon + rng.uniform(-0.006, 0.006) for _ in range(3)),
            alt=(feet,) * 3,
        )
