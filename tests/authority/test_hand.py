"""The authority's own hand: each use with a reason, recorded; an override lasts as it was."""

import pytest

from detente.authority import Charter, IntentState
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import Refusal
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, north


def overridden() -> Scene:
    """Let A fly east, and B north through it by the authority's word."""
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north())
    scene.by_hand(c.Override, "B/x", reason="a rescue")
    return scene


@pytest.mark.parametrize("kind", [c.Override, c.Hold, c.Release, c.Impose])
@pytest.mark.parametrize("reason", ["", "  "])
def test_no_reason_no_hand(kind, reason):
    scene = Scene()
    scene.own("A", c.File, extent=east())
    before = scene.intent("A/x")
    event = scene.by_hand(kind, "A/x", reason=reason)
    assert isinstance(event, e.CommandRejected)
    assert (event.code, event.field) == ("invalid", "reason")
    assert scene.intent("A/x") is before


@pytest.mark.parametrize("kind", [c.Override, c.Hold, c.Release, c.Impose])
def test_the_reason_is_recorded_and_told(kind):
    scene = Scene()
    scene.own("A", c.File, extent=east())
    if kind is c.Release:
        scene.by_hand(c.Hold, "A/x")
    fields = {"feet": 1_000.0} if kind is c.Impose else {}
    scene.by_hand(kind, "A/x", reason="the runway", **fields)
    assert scene.outcomes()[-1].events[0].reason == "the runway"
    assert scene.last("A").contents[0].reason == "the runway"


def test_an_override_is_recorded_as_a_pair():
    scene = overridden()
    event = scene.outcomes()[-1].events[0]
    assert isinstance(event, e.IntentOverridden)
    assert (event.despite, event.reason) == (("A/x",), "a rescue")
    assert scene.intent("B/x").despite == ("A/x",)
    assert scene.intent("A/x").despite == ("B/x",)
    assert {scene.intent(n).state for n in ("A/x", "B/x")} == {IntentState.ACCEPTED}


def test_nobody_is_told_in_spite_of_whom():
    scene = overridden()
    assert len(scene.notices("A")) == 2  # registered, and accepted: nothing became of its flight
    assert "A/x" not in repr(scene.notices("B"))


@pytest.mark.parametrize("who", ["A", "B"])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [(c.Amend, {"extent": east(33_000.0)}), (c.Withdraw, {}), (c.End, {})],
    ids=["amended", "withdrawn", "ended"],
)
def test_a_later_move_of_either_ends_it(who, kind, fields):
    scene = overridden()
    scene.own(who, kind, **fields)
    assert scene.intent("A/x").despite == scene.intent("B/x").despite == ()


@pytest.mark.parametrize("who", ["A", "B"])
def test_after_a_move_it_may_not_come_back(who):
    """What was overridden was the pair as it was, and not the pair for ever."""
    scene = overridden()
    scene.own(who, c.Amend, extent=east(33_000.0))
    back = {"A": east(), "B": north()}[who]
    assert scene.own(who, c.Amend, extent=back).because == "conflict"


def test_held_and_released_keep_the_pair():
    scene = overridden()
    scene.by_hand(c.Hold, "A/x")
    assert isinstance(scene.by_hand(c.Release, "A/x"), e.IntentReleased)
    assert scene.intent("A/x").despite == ("B/x",)


def test_an_override_excuses_no_third():
    scene = overridden()
    assert scene.own("C", c.File, extent=east(lat=50.02)).because == "conflict"


def test_in_spite_of_a_constraint():
    scene = Scene()
    scene.ask(c.PublishConstraint, constraint="k", volumes=box())
    scene.own("A", c.File, extent=east())
    event = scene.by_hand(c.Override, "A/x")
    assert event.despite == ("constraint:k",)
    assert scene.intent("A/x").state is IntentState.ACCEPTED
    assert scene.own("B", c.File, extent=north()).because == "constraint"


def test_held_by_hand_only_that_hand_lets_it_go():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.by_hand(c.Hold, "A/x")
    scene.ask(c.PublishConstraint, constraint="k", volumes=box())
    scene.ask(c.LiftConstraint, constraint="k", version=1)
    assert scene.intent("A/x").state is IntentState.HELD
    told = scene.own("A", c.Amend, extent=east(33_000.0))
    assert isinstance(told, Refusal)
    assert told.code == "state"
    assert isinstance(scene.by_hand(c.Release, "A/x"), e.IntentReleased)


def test_its_place_may_be_taken_while_it_is_held():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.by_hand(c.Hold, "A/x")
    assert scene.own("B", c.File, extent=north()).state.value == "accepted"
    event = scene.by_hand(c.Release, "A/x")
    assert isinstance(event, e.CommandRejected)
    assert (event.code, event.met) == ("conflict", ("B/x",))


@pytest.mark.parametrize(
    ("point", "moved"),
    [
        ({"feet": 1_000.0}, lambda x: x.alt[1] == 36_000.0),
        ({"delay": 120}, lambda x: x.start == NOON + HOUR + 2 * MINUTE),
        ({"offset": 18_520.0}, lambda x: abs(x.lat[len(x.lat) // 2] - 50.0) > 0.1),
    ],
    ids=["level", "delay", "offset"],
)
def test_imposed_as_told(point, moved):
    scene = Scene()
    scene.own("A", c.File, extent=east())
    event = scene.by_hand(c.Impose, "A/x", **point)
    assert isinstance(event, e.IntentImposed)
    assert moved(scene.intent("A/x").extent)
    told = scene.last("A").contents[0]
    assert (told.extent, told.changed) == (event.extent, event.changed)


@pytest.mark.parametrize(
    "point",
    [{"feet": 1_234.0}, {"offset": 100.0}, {"feet": 50_000.0}, {"delay": 61}, {"delay": -60}],
)
@pytest.mark.parametrize("extent", [east(), box()], ids=["path", "volumes"])
def test_what_is_off_the_grid_is_not_imposed(extent, point):
    scene = Scene()
    scene.own("A", c.File, extent=extent)
    event = scene.by_hand(c.Impose, "A/x", **point)
    assert isinstance(event, e.CommandRejected)
    assert event.code == "invalid"


def test_what_is_not_free_is_not_imposed():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north(36_000.0))
    event = scene.by_hand(c.Impose, "A/x", feet=1_000.0)
    assert isinstance(event, e.CommandRejected)
    assert (event.code, event.met) == ("conflict", ("B/x",))


def test_in_the_air_only_what_is_to_come_is_changed():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("A", c.Activate)
    scene.now = NOON + HOUR + 3 * MINUTE
    late = scene.by_hand(c.Impose, "A/x", delay=60)
    assert isinstance(late, e.CommandRejected)
    event = scene.by_hand(c.Impose, "A/x", feet=1_000.0)
    assert event.state is IntentState.ACTIVATED
    assert (event.extent.alt[0], event.changed.since) == (35_000.0, scene.now)


def test_what_is_over_ends_by_the_authoritys_clock_and_is_forgotten_later():
    scene = Scene(Charter(retention=3_600))
    scene.own("A", c.File, extent=east())
    scene.own("A", c.File, "late", extent=east(start=NOON + 3 * HOUR))
    scene.own("B", c.File, extent=north())
    scene.now = NOON + 2 * HOUR
    scene.ask(c.Sweep)
    assert [scene.last(p).contents[0].ended for p in "AB"] == ["expired", "expired"]
    assert scene.intent("A/x").state is IntentState.ENDED
    assert scene.intent("A/late").state is IntentState.ACCEPTED
    scene.now = NOON + 2.2 * HOUR
    scene.ask(c.Sweep)
    assert set(scene.desk.state.intents) == {"A/late"}
    assert len(scene.last("A").contents) == 1


def test_a_first_answer_is_kept_as_long_as_said():
    scene = Scene(Charter(retention=3_600))
    asked = scene.make(c.File, by="A", intent="x", extent=east())
    first = scene.desk.submit(asked)
    scene.now += HOUR / 2
    scene.ask(c.Sweep)
    assert scene.desk.submit(asked) == first
    scene.now += 2 * HOUR
    scene.ask(c.Sweep)
    again = scene.desk.submit(asked)
    assert again != first
