"""Planning cycles: what is filed until the cut-off is planned jointly."""

from datetime import timedelta
from random import Random

import pytest

from detente.authority import Charter, Effect, Grid, IntentState, Path4D, Rejected
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import Message, Refusal
from detente.authority.preview import preview
from tests.authority.plain import extent_of
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, north
from tests.reference.rule import DEEP, NEAR_MISS, Checker

DAY = NOON + 5 * HOUR


def opened(charter: Charter | None = None) -> Scene:
    scene = Scene(charter)
    scene.ask(c.OpenCycle, cycle="day", start=DAY, end=DAY + 2 * HOUR, cutoff=NOON + HOUR)
    return scene


def closed(scene: Scene) -> e.CyclePublished:
    scene.now = NOON + HOUR
    return scene.ask(c.CloseCycle, cycle="day").events[-1]


def crossing(rng: Random, level: float) -> Path4D:
    """Draw a flight across the middle, at about the same time as all others."""
    lat, lon = rng.uniform(-0.5, 0.5), rng.uniform(-0.8, 0.8)
    start = DAY + timedelta(seconds=rng.randrange(0, 1_800))
    return Path4D(
        start, (0.0, 300.0, 600.0), (50.0 - lat, 50.0, 50.0 + lat), (5.0 - lon, 5.0, 5.0 + lon),
        (level,) * 3,
    )  # fmt: skip


@pytest.mark.parametrize("count", [20, 40])
def test_one_plan_removes_the_conflicts_of_three_parties(count):
    scene = opened()
    rng = Random(count)
    asked = {}
    for k in range(count):
        party, path = "ABC"[k % 3], crossing(rng, rng.choice((33_000.0, 34_000.0, 35_000.0)))
        assert scene.own(party, c.File, f"f{k}", extent=path).state.value == "pending"
        asked[f"{party}/f{k}"] = path
    before, after = Checker(), Checker()
    for name, path in asked.items():
        before.put(name, name[0], extent_of(path, (0.0, 0.0)))
    told = {frozenset((x.a, x.b)) for x in preview(scene.desk.state, "day", scene.now).conflicts}
    for tolerance, there in ((DEEP, told.issuperset), (NEAR_MISS, told.issubset)):
        assert there({frozenset(one.pair) for one in before.violations(tolerance)})
    published = closed(scene)
    assert len(before.violations()) > count / 4
    for name in asked:
        now = scene.intent(name)
        assert now.state is IntentState.ACCEPTED, name
        after.put(name, name[0], extent_of(now.extent, (0.0, 0.0)))
    assert after.violations() == []
    assert (published.accepted, published.refused) == (count, 0)
    # nobody is moved for nothing: who is moved differs from what it asked as it was told
    for event in scene.outcomes()[-1].events[:-1]:
        same = event.extent == asked[event.name]
        assert same is (event.changed is None)


def test_until_the_cut_off_all_may_ask_for_the_same():
    scene = opened()
    for party in "ABC":
        told = scene.own(party, c.File, extent=east(start=DAY))
        assert (told.state.value, told.cycle) == ("pending", "day")
        assert scene.desk.view(party).intents[0].state is IntentState.PENDING
    published = closed(scene)
    assert (published.accepted, published.refused) == (3, 0)
    for party in "ABC":
        plan = scene.last(party).contents
        assert [type(x).__name__ for x in plan] == ["OwnIntent", "Message"]
        assert plan[1] == Message("CyclePublished", {"cycle": "day"})


def test_between_cut_off_and_publication_nothing_is_filed_for_it():
    scene = opened()
    scene.now = NOON + HOUR
    told = scene.own("A", c.File, extent=east(start=DAY))
    assert isinstance(told, Refusal)
    assert (told.code, told.field, bool(told.mend)) == ("time", "extent", True)
    assert scene.own("A", c.File, extent=east(start=NOON + 2 * HOUR)).state.value == "accepted"
    closed(scene)
    assert scene.own("A", c.File, "late", extent=east(start=DAY)).state.value == "accepted"
    assert scene.own("B", c.File, "later", extent=north(start=DAY)).because == "conflict"


def test_a_flight_outside_the_period_is_answered_at_once():
    scene = opened()
    for start in (DAY - MINUTE, DAY + 2 * HOUR):
        told = scene.own("A", c.File, f"{start:%H%M}", extent=east(start=start))
        assert told.state.value == "accepted"


def test_what_pends_may_be_amended_and_withdrawn():
    scene = opened()
    scene.own("A", c.File, extent=east(start=DAY))
    assert scene.own("A", c.Amend, extent=north(start=DAY)).state.value == "pending"
    scene.own("B", c.File, extent=east(start=DAY))
    assert scene.own("B", c.Withdraw).state.value == "ended"
    assert closed(scene).accepted == 1
    assert scene.intent("A/x").extent == north(start=DAY)


def test_what_is_accepted_is_not_drawn_into_a_cycle():
    scene = opened()
    scene.own("A", c.File, extent=east())
    told = scene.own("A", c.Amend, extent=east(start=DAY))
    assert isinstance(told, Refusal)
    assert told.code == "state"
    assert scene.intent("A/x").extent == east()


def test_volumes_come_first_and_by_class():
    """They are not moved, and the flights go around those that are accepted."""
    scene = opened()
    around = box(start=DAY, end=DAY + HOUR)
    scene.own("A", c.File, extent=around)
    scene.own("B", c.File, extent=around, precedence="state")
    scene.own("C", c.File, extent=north(start=DAY))
    assert (closed(scene).accepted, scene.intent("B/x").extent) == (2, around)
    refused, moved = scene.intent("A/x"), scene.intent("C/x")
    assert refused.state is IntentState.REFUSED
    assert moved.extent != north(start=DAY)
    # what was refused is offered something right after the plan
    assert refused.offers
    assert scene.own("A", c.Take, offer=refused.offers[0].id).state.value == "accepted"


def test_what_stands_is_not_moved_by_a_plan():
    scene = Scene()
    scene.own("A", c.File, extent=east(start=DAY))
    before = scene.intent("A/x")
    scene.ask(c.OpenCycle, cycle="day", start=DAY, end=DAY + HOUR, cutoff=NOON + HOUR)
    scene.own("B", c.File, extent=north(start=DAY), precedence="emergency")
    closed(scene)
    assert scene.intent("A/x") is before
    assert scene.intent("B/x").extent != north(start=DAY)


def test_what_finds_no_room_is_refused_and_told_why():
    still = Grid(delay_most=0, level_steps=(), offsets=())
    scene = opened(Charter(grid=still))
    scene.ask(c.PublishConstraint, constraint="k", volumes=box(start=None, end=None))
    scene.own("A", c.File, extent=east(start=DAY))
    assert closed(scene).refused == 1
    refused = next(x for n in scene.notices("A") for x in n.contents if getattr(x, "because", ""))
    assert (refused.because, refused.constraints, refused.cycle) == ("constraint", ("k",), "day")


def test_nobody_is_planned_into_a_constraint_that_does_not_permit_it():
    scene = opened()
    scene.ask(c.PublishConstraint, constraint="k", volumes=box(start=None, end=None),
              effect=Effect.LIMITED, permitted=("A",))  # fmt: skip
    scene.own("A", c.File, extent=east(start=DAY))
    scene.own("B", c.File, extent=north(start=DAY + HOUR))
    closed(scene)
    assert scene.intent("A/x").extent == east(start=DAY)
    assert scene.intent("B/x").extent != north(start=DAY + HOUR)


def test_a_partys_own_volumes_do_not_move_its_flights():
    scene = opened()
    scene.own("A", c.File, "area", extent=box(start=DAY, end=DAY + HOUR))
    scene.own("A", c.File, extent=east(start=DAY))
    scene.own("B", c.File, extent=north(start=DAY))
    closed(scene)
    assert scene.intent("A/area").accepted
    assert scene.intent("A/x").extent == east(start=DAY)
    assert scene.intent("B/x").accepted
    assert scene.intent("B/x").extent != north(start=DAY)


def test_the_higher_class_keeps_its_wish():
    scene = opened()
    scene.own("A", c.File, extent=east(start=DAY))
    scene.own("B", c.File, extent=north(start=DAY), precedence="emergency")
    closed(scene)
    assert scene.intent("B/x").extent == north(start=DAY)
    assert scene.intent("A/x").extent != east(start=DAY)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"cycle": "day"}, "exists"),
        ({"cutoff": NOON}, "invalid"),
        ({"cutoff": DAY + 3 * HOUR}, "invalid"),
        ({"end": DAY}, "invalid"),
        ({"start": DAY + HOUR, "cutoff": DAY}, "invalid"),
    ],
)
def test_a_cycle_has_a_period_of_its_own(fields, code):
    scene = opened()
    times = {"start": DAY + 2 * HOUR, "end": DAY + 4 * HOUR, "cutoff": DAY}
    (event,) = scene.ask(c.OpenCycle, **{"cycle": "next", **times, **fields}).events
    assert isinstance(event, e.CommandRejected)
    assert (event.code, bool(event.field), bool(event.mend)) == (code, True, True)


def test_it_closes_once_and_not_before_its_cut_off():
    scene = opened()
    (early,) = scene.ask(c.CloseCycle, cycle="day").events
    assert (early.code, bool(early.mend)) == ("time", True)
    closed(scene)
    (again,) = scene.ask(c.CloseCycle, cycle="day").events
    assert (again.code, again.field, bool(again.mend)) == ("unknown", "cycle", True)


def test_a_preview_is_what_closing_publishes_and_decides_nothing():
    scene = opened()
    for party, path in (
        ("A", east(start=DAY)),
        ("B", north(start=DAY)),
        ("C", north(38_000.0, start=DAY)),
    ):
        scene.own(party, c.File, "p", extent=path)
    before = scene.ledger.head()
    early = preview(scene.desk.state, "day", scene.now)
    assert (early.early, scene.ledger.head()) == (True, before)
    scene.now = NOON + HOUR
    seen = preview(scene.desk.state, "day", scene.now)
    assert (seen.intents, seen.burden, seen.early) == (early.intents, early.burden, False)
    events = scene.ask(c.CloseCycle, cycle="day").events
    published = [x for x in events if isinstance(x, e.IntentEvent)]
    assert [p.intent for p in seen.intents] == [x.name for x in published]
    assert [p.accepted for p in seen.intents] == [x.extent for x in published]
    assert [p.changed for p in seen.intents] == [x.changed for x in published]
    assert seen.cost == events[-1].cost == sum(b.cost for b in seen.burden) > 0
    assert sum(b.moved for b in seen.burden) == 1
    with pytest.raises(Rejected, match="no cycle"):
        preview(scene.desk.state, "day", scene.now)


def test_a_preview_tells_where_the_wishes_meet():
    scene = opened()
    scene.own("A", c.File, "p", extent=east(start=DAY))
    scene.own("B", c.File, "p", extent=north(start=DAY))
    scene.own("C", c.File, "p", extent=north(38_000.0, start=DAY))
    scene.own("C", c.File, "area", extent=box(start=DAY, end=DAY + HOUR))
    found = preview(scene.desk.state, "day", scene.now).conflicts
    pairs = {frozenset((one.a, one.b)) for one in found}
    # another level, and one's own area, are in nobody's way
    assert pairs == set(map(frozenset, [("A/p", "B/p"), ("A/p", "C/area"), ("B/p", "C/area")]))
    assert [one.at for one in found] == sorted(one.at for one in found)
    cross = next(one for one in found if {one.a, one.b} == {"A/p", "B/p"})
    assert cross.start < cross.at < cross.end
    # both pass 50 N 5 E
    assert (cross.lat, cross.lon) == (pytest.approx(50, abs=0.01), pytest.approx(5, abs=0.01))
