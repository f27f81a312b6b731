"""Constraints: whom they hit is held and told; when they go, what they held comes back."""

import pytest

from detente.authority import Effect, IntentState
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import PublicConstraint, Refusal
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, north, offered

LIMITED = {"effect": Effect.LIMITED, "permitted": ("A",)}


def closed(**fields) -> Scene:
    """Let A fly east and B north below it, and close the middle."""
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north(33_000.0))
    scene.ask(c.PublishConstraint, **{"constraint": "k", "volumes": box(), **fields})
    return scene


def test_who_is_hit_is_held_told_and_offered():
    scene = closed()
    assert scene.intent("A/x").state is IntentState.HELD
    assert scene.intent("B/x").state is IntentState.ACCEPTED
    closure, held, offers = [x for n in scene.notices("A")[-2:] for x in n.contents]
    assert isinstance(closure, PublicConstraint)
    assert (held.because, held.constraints) == ("constraint", ("k",))
    for offer in offered(offers):
        assert closed().own("A", c.Take, offer=offer.id).state.value == "accepted"
    assert scene.desk.state.due == {}


def test_everybody_hears_of_a_constraint_and_no_more():
    scene = closed()
    for party in "BC":
        assert [type(x) for x in scene.last(party).contents] == [PublicConstraint]


def test_what_is_closed_refuses_and_names_the_constraint():
    scene = closed()
    told = scene.own("C", c.File, extent=north())
    assert (told.state.value, told.because, told.constraints) == ("refused", "constraint", ("k",))


@pytest.mark.parametrize("how", ["lift", "amend away", "amend later", "permit"])
def test_what_held_it_goes_and_it_is_released_by_itself(how):
    scene = closed()
    if how == "lift":
        scene.ask(c.LiftConstraint, constraint="k", version=1)
    else:
        changes = {
            "amend away": {"volumes": box(lat=52.0)},
            "amend later": {"volumes": box(start=NOON + 5 * HOUR, end=NOON + 6 * HOUR)},
            "permit": {"volumes": box(), **LIMITED},
        }[how]
        scene.ask(c.AmendConstraint, constraint="k", version=1, **changes)
    assert scene.intent("A/x").state is IntentState.ACCEPTED
    assert scene.last("A").contents[-1].state.value == "accepted"
    told = scene.own("C", c.File, extent=north())
    assert told.because == ("constraint" if how == "permit" else "conflict")


def test_what_is_no_longer_free_is_not_released_but_offered_anew():
    """Another was accepted where the held flight was, beside the constraint."""
    scene = closed(volumes=box(lat=50.0, lower=None, upper=None))
    assert scene.intent("A/x").state is IntentState.HELD
    early = north(lon=4.5, start=NOON + HOUR - 2.5 * MINUTE)
    assert scene.own("C", c.File, extent=early).state.value == "accepted"
    scene.ask(c.LiftConstraint, constraint="k", version=1)
    assert scene.intent("A/x").state is IntentState.HELD
    assert offered(scene.last("A").contents[0])


def test_amended_onto_another():
    scene = closed()
    scene.ask(c.AmendConstraint, constraint="k", version=1, volumes=box(32_500.0, 33_500.0))
    assert scene.intent("A/x").state is IntentState.ACCEPTED
    assert scene.intent("B/x").state is IntentState.HELD


def test_limited_lets_in_whom_it_permits():
    scene = closed(**LIMITED)
    assert scene.intent("A/x").state is IntentState.ACCEPTED
    assert scene.own("C", c.File, extent=north(35_000.0, lon=5.0)).because == "constraint"
    assert [x.permitted for x in scene.desk.view("A").constraints] == [True]
    assert [x.permitted for x in scene.desk.view("C").constraints] == [False]
    scene.ask(c.AmendConstraint, constraint="k", version=1, volumes=box(),
              effect=Effect.LIMITED, permitted=("C",))  # fmt: skip
    assert scene.intent("A/x").state is IntentState.HELD


def test_closed_permits_nobody():
    scene = closed(effect=Effect.CLOSED, permitted=("A",))
    assert scene.intent("A/x").state is IntentState.HELD


def test_in_the_air_it_is_held_and_still_kept_clear_of():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("A", c.Activate)
    scene.ask(c.PublishConstraint, constraint="k", volumes=box())
    now = scene.intent("A/x")
    assert (now.state, now.airborne, now.stands) == (IntentState.HELD, True, True)
    assert all(offer.since == NOON and not offer.delay for offer in now.offers)
    scene.ask(c.AmendConstraint, constraint="k", version=1, volumes=box(lat=50.0, lower=35_200.0))
    assert scene.own("C", c.File, extent=north(34_500.0)).because == "conflict"


def test_versions_and_names_guard():
    scene = closed()
    cases = (
        (c.PublishConstraint, {"constraint": "k", "volumes": box()}, "exists"),
        (c.AmendConstraint, {"constraint": "k", "version": 2, "volumes": box()}, "version"),
        (c.AmendConstraint, {"constraint": "q", "version": 1, "volumes": box()}, "unknown"),
        (c.LiftConstraint, {"constraint": "k", "version": 0}, "version"),
        (c.LiftConstraint, {"constraint": "q", "version": 1}, "unknown"),
        (c.PublishConstraint, {"constraint": "q", "volumes": ()}, "invalid"),
    )
    for kind, fields, code in cases:
        (event,) = scene.ask(kind, **fields).events
        assert isinstance(event, e.CommandRejected)
        assert (event.code, bool(event.mend)) == (code, True), event
    told = scene.ask(c.LiftConstraint, by="A", constraint="k", version=1).contents[0]
    assert isinstance(told, Refusal)
    assert told.code == "forbidden"
    assert scene.desk.state.constraints["k"].version == 1
