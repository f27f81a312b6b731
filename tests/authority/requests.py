"""Random commands of every kind: mostly such as make sense now, and some that do not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec.structs import replace

from detente.authority import AUTHORITY, Command, Effect, IntentState, Sharing, State
from detente.authority import command as c
from detente.authority.extent import span
from detente.authority.register import Intent
from detente.resolve.precedence import ORDER
from tests.authority import rumours
from tests.authority.traffic import Airspace

PARTIES = [f"p{i:02}" for i in range(60)]
COALITIONS = ["blue", "green"]
CONSTRAINTS = ["c1", "c2", "c3", "c4"]

_OPEN = (IntentState.ACCEPTED, IntentState.HELD, IntentState.REFUSED, IntentState.PENDING)
_NEW = (IntentState.REFUSED, IntentState.ENDED)
_FLOWN = (IntentState.ACTIVATED, IntentState.NONCONFORMING)

Maker = Callable[["Requests", datetime], Command | None]


class Requests:
    """Draws commands; ``state`` is looked at for what would make sense."""

    def __init__(self, rng: Random, airspace: Airspace) -> None:
        self.rng = rng
        self.airspace = airspace
        self.state = State()
        self.count = 0

    def draw(self, now: datetime) -> Command:
        """Give the next command, under a key of its own."""
        while True:
            maker = self.rng.choices(_MAKERS, _WEIGHTS)[0]
            command = maker(self, now)
            if command is not None:
                self.count += 1
                return replace(command, key=f"k{self.count}")

    def opening(self, now: datetime) -> list[Command]:
        """Give what a history begins with: the charter, most parties, coalitions, some flights."""
        first: list[Command] = [c.Found(at=now, charter=self.airspace.charter)]
        first += [self.registration(party, now) for party in PARTIES[:-8]]
        first += [
            c.FormCoalition(at=now, coalition=id, invited=tuple(self.rng.sample(PARTIES[:-8], 12)))
            for id in COALITIONS
        ]
        first += [
            c.File(at=now, by=party, intent="i1", extent=self.airspace.extent(self.rng, now))
            for party in self.rng.sample(PARTIES[:-8], 16)
        ]
        return [replace(command, key=f"opening-{k}") for k, command in enumerate(first)]

    def several(self, now: datetime) -> list[Command]:
        """Give commands that arrive at once: many for a cycle that is open, or any few."""
        if any(x.published is None and now < x.cutoff for x in self.state.cycles.values()):
            files = [_file(self, now) for _ in range(8)]
            files[1] = replace(files[1], extent=files[0].extent)
            self.count += 8
            return [replace(f, key=f"k{self.count - k}") for k, f in enumerate(files)]
        return [self.draw(now) for _ in range(self.rng.randint(2, 4))]

    def registration(self, party: str, now: datetime) -> Command:
        return c.RegisterParty(at=now, party=party, highest=self.rng.choice(ORDER))

    # what there is to ask about

    def party(self) -> str:
        return self.rng.choice([p for p in PARTIES if p in self.state.parties])

    def intent(self, *states: IntentState) -> Intent | None:
        known = [i for i in self.state.intents.values() if not states or i.state in states]
        return self.rng.choice(known) if known else None

    def version(self, of: Any) -> int:
        """Give the version of what is asked about; now and then another."""
        wrong = self.rng.random() < 0.07
        return int(of.version) + (self.rng.choice((-1, 1)) if wrong else 0)

    def about(self, intent: Intent | None) -> dict[str, Any] | None:
        if intent is None:
            return None
        return {"by": intent.party, "intent": intent.id, "version": self.version(intent)}

    def by_hand(self, intent: Intent | None) -> dict[str, Any] | None:
        if intent is None:
            return None
        reason = "" if self.rng.random() < 0.05 else "for safety"
        return {"party": intent.party, "intent": intent.id, "version": self.version(intent),
                "reason": reason}  # fmt: skip

    def precedence(self, party: str) -> str:
        """Claim the lowest mostly, and now and then more than is allowed."""
        if self.rng.random() < 0.6:
            return ""
        highest = self.state.parties[party].highest
        allowed = ORDER[ORDER.index(highest) :]
        return self.rng.choice(ORDER if self.rng.random() < 0.1 else allowed)


def _file(r: Requests, now: datetime) -> c.File:
    party = r.party()
    used = [i.id for i in r.state.of_party(party) if i.state not in _NEW]
    free = [id for id in ("i1", "i2", "i3") if id not in used or r.rng.random() < 0.05]
    return c.File(
        at=now, by=party, intent=r.rng.choice(free or ["i4"]), precedence=r.precedence(party),
        extent=_for_a_cycle(r, now) or _where_another_is(r) or r.airspace.extent(r.rng, now),
    )  # fmt: skip


def _where_another_is(r: Requests) -> Any:
    """Take the extent of another's intent now and then: the two cannot both be accepted."""
    other = r.intent(*_OPEN, *_FLOWN) if r.rng.random() < 0.1 else None
    return other and (other.extent or other.proposal)


def _for_a_cycle(r: Requests, now: datetime) -> Any:
    """Draw an extent that departs in a cycle that is open, if there is one."""
    open_ = [x for x in r.state.cycles.values() if x.published is None and now < x.cutoff]
    if open_ and r.rng.random() < 0.8:
        start = r.rng.choice(open_).start
        volumes = r.rng.random() < 0.4
        return (r.airspace.volumes if volumes else r.airspace.path)(r.rng, start)
    return None


def _amend(r: Requests, now: datetime) -> Command | None:
    about = r.about(r.intent(*_OPEN, *_FLOWN) if r.rng.random() < 0.9 else r.intent())
    if about is None:
        return None
    precedence = r.precedence(about["by"]) if r.rng.random() < 0.3 else ""
    return c.Amend(at=now, **about, precedence=precedence, extent=r.airspace.extent(r.rng, now))


def _activate(r: Requests, now: datetime) -> Command | None:
    off = r.intent(IntentState.NONCONFORMING) if r.rng.random() < 0.3 else None
    soon = now + timedelta(seconds=r.airspace.charter.activation_lead)
    ready = [
        i for i in r.state.intents.values()
        if i.state is IntentState.ACCEPTED and i.extent and span(i.extent)[0] <= soon
    ]  # fmt: skip
    about = r.about(off or (r.rng.choice(ready) if ready else None))
    return about and c.Activate(at=now, **about)


def _off_nominal(kind: Any) -> Maker:
    def make(r: Requests, now: datetime) -> Command | None:
        held = [i for i in r.state.intents.values() if i.airborne and i.state is IntentState.HELD]
        flown = r.rng.choice(held) if held and r.rng.random() < 0.4 else r.intent(*_FLOWN)
        about = r.about(flown or r.intent())
        if about is None:
            return None
        end = now + timedelta(seconds=r.rng.randint(30, 600))
        volumes = tuple(r.airspace.volume(r.rng, now, end) for _ in range(r.rng.choice((1, 1, 2))))
        return kind(at=now, **about, off_nominal=volumes)

    return make


def _end(r: Requests, now: datetime) -> Command | None:
    about = r.about(r.intent(*_FLOWN, IntentState.CONTINGENT) or r.intent())
    return about and c.End(at=now, **about)


def _withdraw(r: Requests, now: datetime) -> Command | None:
    about = r.about(r.intent(*_OPEN))
    return about and c.Withdraw(at=now, **about)


def _take(r: Requests, now: datetime) -> Command | None:
    offered = [
        i for i in r.state.intents.values()
        if i.offers and i.until and (now <= i.until or r.rng.random() < 0.05)
    ]  # fmt: skip
    if not offered:
        return None
    intent = r.rng.choice(offered)
    about = r.about(intent)
    wrong = r.rng.random() < 0.05
    offer = "delay+1s" if wrong else r.rng.choice(intent.offers).id
    return about and c.Take(at=now, **about, offer=offer)


def _constraint(r: Requests, now: datetime) -> dict[str, Any]:
    limited = r.rng.random() < 0.3
    return {
        "at": now,
        "volumes": r.airspace.closure(r.rng, now),
        "effect": Effect.LIMITED if limited else Effect.CLOSED,
        "permitted": tuple(r.rng.sample(PARTIES, r.rng.choice((1, 20)))) if limited else (),
        "reason": "smoke",
    }


def _publish(r: Requests, now: datetime) -> Command:
    return c.PublishConstraint(constraint=r.rng.choice(CONSTRAINTS), **_constraint(r, now))


def _amend_constraint(r: Requests, now: datetime) -> Command | None:
    known = list(r.state.constraints.values())
    if not known:
        return None
    of = r.rng.choice(known)
    return c.AmendConstraint(constraint=of.id, version=r.version(of), **_constraint(r, now))


def _lift(r: Requests, now: datetime) -> Command | None:
    known = list(r.state.constraints.values())
    if not known:
        return None
    of = r.rng.choice(known)
    return c.LiftConstraint(at=now, constraint=of.id, version=r.version(of))


def _override(r: Requests, now: datetime) -> Command | None:
    refused = r.intent(IntentState.REFUSED, IntentState.HELD)
    about = r.by_hand(refused if r.rng.random() < 0.8 else r.intent())
    return about and c.Override(at=now, **about)


def _hold(r: Requests, now: datetime) -> Command | None:
    flown = r.intent(IntentState.ACTIVATED) if r.rng.random() < 0.5 else None
    about = r.by_hand(flown or r.intent(IntentState.ACCEPTED) or r.intent())
    return about and c.Hold(at=now, **about)


def _release(r: Requests, now: datetime) -> Command | None:
    about = r.by_hand(r.intent(IntentState.HELD) or r.intent())
    return about and c.Release(at=now, **about)


def _impose(r: Requests, now: datetime) -> Command | None:
    about = r.by_hand(r.intent(*_OPEN, *_FLOWN) or r.intent())
    grid = r.airspace.charter.grid
    delay = grid.delay_step * r.rng.choice((0, 0, 1, 3, 0.5))
    feet = grid.level_gap * r.rng.choice((0, 0, -1, 1, 0.5))
    offset = r.rng.choice((0.0, 0.0, *grid.offsets, 7.0))
    return about and c.Impose(at=now, **about, delay=int(delay), feet=feet, offset=offset)


def _open_cycle(r: Requests, now: datetime) -> Command:
    cutoff = now + timedelta(seconds=r.rng.randint(-10, 200))
    start = cutoff + timedelta(seconds=r.rng.randint(-20, 600))
    end = start + timedelta(seconds=r.rng.randint(300, 1_200))
    cycle = f"y{len(r.state.cycles) + r.rng.randint(0, 1)}"
    return c.OpenCycle(at=now, cycle=cycle, start=start, end=end, cutoff=cutoff)


def _close_cycle(r: Requests, now: datetime) -> Command | None:
    open_ = [x for x in r.state.cycles.values() if x.published is None]
    if not open_:
        return None
    cycle = r.rng.choice(open_)
    if now < cycle.cutoff and r.rng.random() < 0.9:
        return None
    return c.CloseCycle(at=now, cycle=cycle.id)


def _sweep(r: Requests, now: datetime) -> Command:
    return c.Sweep(at=now)


def _register(r: Requests, now: datetime) -> Command:
    return r.registration(r.rng.choice(PARTIES), now)


def _suspend(r: Requests, now: datetime) -> Command:
    suspended = [p.id for p in r.state.parties.values() if p.suspended]
    if suspended and r.rng.random() < 0.7:
        return c.Reinstate(at=now, party=r.rng.choice(suspended))
    return c.Suspend(at=now, party=r.party(), reason="no answer")


def _join(r: Requests, now: datetime) -> Command:
    id = r.rng.choice(COALITIONS)
    known = r.state.coalitions.get(id)
    invited = known.invited if known and r.rng.random() < 0.9 else PARTIES[:-8]
    return c.Join(
        at=now, by=r.rng.choice(invited), coalition=id, shares=r.rng.choice(list(Sharing))
    )


def _leave(r: Requests, now: datetime) -> Command | None:
    known = r.state.coalitions.get(r.rng.choice(COALITIONS))
    if known is None or not known.members:
        return None
    party = r.rng.choice(list(known.members))
    if r.rng.random() < 0.3:
        return c.Leave(at=now, coalition=known.id, party=party)
    return c.Leave(at=now, by=party, coalition=known.id)


def _invite(r: Requests, now: datetime) -> Command:
    return c.Invite(at=now, coalition=r.rng.choice(COALITIONS), parties=(r.rng.choice(PARTIES),))


def _nonsense(r: Requests, now: datetime) -> Command:
    """Draw what cannot be done."""
    party, good = r.party(), r.airspace.path(r.rng, now)
    bad_extent = r.rng.choice((
        (),
        replace(good, seconds=good.seconds[::-1]),
        replace(good, lat=(95.0, *good.lat[1:])),
        replace(good, alt=good.alt[:1]),
        replace(good, start=good.start.replace(tzinfo=None)),
        replace(good, gap=(99,)),
        replace(good, protection=(0.0, 0.0)),
        (r.airspace.volume(r.rng, None, None),),
        (r.airspace.volume(r.rng, now, now),),
        (replace(r.airspace.volume(r.rng, now, now + timedelta(hours=1)), lower=float("nan")),),
        (replace(r.airspace.volume(r.rng, now, now + timedelta(hours=1)), upper=float("inf")),),
        (replace(r.airspace.volume(r.rng, now, now + timedelta(hours=1)),
                 buffer=(float("nan"), 0.0)),),
    ))  # fmt: skip
    return r.rng.choice((
        c.File(at=now, by=party, intent="bad", extent=bad_extent),
        c.File(at=now, by=party, intent="i/1", extent=good),
        c.File(at=now, by="nobody", intent="i1", extent=good),
        c.File(at=now, by=AUTHORITY, intent="i1", extent=good),
        c.File(at=now, by=party, intent="i1", extent=good, precedence="vip"),
        c.Amend(at=now, by=party, intent="unknown", version=1, extent=good),
        c.Activate(at=now, by=party, intent="unknown", version=1),
        c.End(at=now, by=party, intent="unknown", version=1),
        c.Hold(at=now, by=party, party=party, intent="i1", version=1, reason="mine"),
        c.Sweep(at=now, by=party),
        c.Reexamine(at=now, name=f"{party}/i1"),
        c.Found(at=now, charter=r.airspace.charter),
        c.RegisterParty(at=now, party=AUTHORITY),
        c.Join(at=now, by=party, coalition="none"),
        c.PublishConstraint(at=now, constraint="bad", volumes=()),
        c.LiftConstraint(at=now, constraint="none", version=1),
        c.CloseCycle(at=now, cycle="none"),
    ))  # fmt: skip


def _rumour(kind: Any, *wants: str) -> Maker:
    """Draw what is seen or said; ``wants`` is what else it takes."""

    def make(r: Requests, now: datetime) -> Command | None:
        known = {"party": r.party, "parties": lambda: sorted(r.state.parties)}
        made: Command | None = kind(r.rng, r.state, now, *(known[want]() for want in wants))
        return made

    return make


def _name(r: Requests, now: datetime) -> Command | None:
    return rumours.name(r.rng, now, r.about(r.intent()))


def _unheard_of(r: Requests, now: datetime) -> Command:
    return rumours.nonsense(r.rng, now, r.party())


_TABLE: tuple[tuple[Maker, float], ...] = (
    (_file, 34), (_amend, 8), (_activate, 9), (_off_nominal(c.ReportNonconforming), 5),
    (_off_nominal(c.DeclareContingency), 2), (_end, 3), (_withdraw, 2), (_take, 10),
    (_publish, 5), (_amend_constraint, 2), (_lift, 4), (_override, 4), (_hold, 3), (_release, 5),
    (_impose, 4), (_open_cycle, 4), (_close_cycle, 8), (_sweep, 3), (_register, 1),
    (_suspend, 1), (_join, 5), (_leave, 1), (_invite, 0.5), (_nonsense, 3),
    (_rumour(rumours.observe, "parties"), 9), (_rumour(rumours.indicate), 2),
    (_rumour(rumours.occurrence, "parties"), 3), (_rumour(rumours.amend, "parties"), 2),
    (_rumour(rumours.say, "party", "parties"), 7), (_rumour(rumours.share, "parties"), 2),
    (_rumour(rumours.grade), 2), (_name, 2), (_unheard_of, 2),
)  # fmt: skip
_MAKERS = [maker for maker, _ in _TABLE]
_WEIGHTS = [weight for _, weight in _TABLE]
