"""Every command in every state: a table after ASTM F3548-21, 4.4, as the scene tells it."""

from typing import Any

import pytest

from detente.authority import IntentState
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import OwnIntent, Refusal
from tests.authority.scene import HOUR, NOON, Scene, box, canonical, east, north, offered

STATES = (
    "none", "pending", "refused", "held", "by-hand", "accepted", "activated", "held-aloft",
    "nonconforming", "contingent", "ended",
)  # fmt: skip
"""Where A's intent "x" is: "by-hand" is held by the authority, "held-aloft" in the air."""

FREE = east(38_000.0)
"""Nobody is there."""

TABLE = """
command     none        pending     refused     held        by-hand     accepted    activated    held-aloft   nonconforming contingent   ended
file        accepted    !exists     accepted    !exists     !exists     !exists     !exists      !exists      !exists       !exists      accepted
amend       !unknown    accepted    accepted    accepted    !state      accepted    activated    activated    activated     !state       !state
amend-vain  !unknown    refused     refused     held        !state      accepted    activated    held         nonconforming !state       !state
take        !unknown    !unknown    accepted    accepted    !state      !unknown    !unknown     activated    !unknown      !unknown     !unknown
activate    !unknown    !state      !state      !state      !state      activated   !state       !state       activated     !state       !state
stray       !unknown    !state      !state      !state      !state      !state      nonconforming nonconforming nonconforming !state      !state
lost        !unknown    !state      !state      !state      !state      !state      contingent   contingent   contingent    contingent   !state
end         !unknown    !state      !state      !state      !state      ended       ended        ended        ended         ended        !state
withdraw    !unknown    ended       ended       ended       ended       ended       !state       !state       !state        !state       !state
hold        !unknown    !state      !state      !state      !state      held        held         !state       !state        !state       !state
release     !unknown    !state      !state      !conflict   accepted    !state      !state       !conflict    !state        !state       !state
override    !unknown    accepted    accepted    accepted    accepted    accepted    activated    activated    !state        !state       !state
impose      !unknown    accepted    accepted    accepted    accepted    accepted    activated    activated    !state        !state       !state
"""  # noqa: E501
"""What comes of each: the next state, or the code of the rejection after "!"."""

ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (row[0], state, what) for row in ROWS[1:] for state, what in zip(STATES, row[1:], strict=True)
]


def in_state(state: str) -> Scene:
    """Bring A's "x" there; B flies east at FL370, so that something is in the way at that level."""
    scene = Scene()
    scene.own("B", c.File, "y", extent=east(37_000.0))
    if state == "pending":
        scene.ask(c.OpenCycle, cycle="day", start=NOON + 5 * HOUR, end=NOON + 6 * HOUR,
                  cutoff=NOON + 2 * HOUR)  # fmt: skip
        scene.own("A", c.File, extent=east(start=NOON + 5 * HOUR))
    elif state == "refused":
        scene.own("A", c.File, extent=north(37_000.0))
    elif state != "none":
        scene.own("A", c.File, extent=east())
    if state in ("activated", "held-aloft", "nonconforming", "contingent", "ended"):
        scene.own("A", c.Activate)
    if state in ("held", "held-aloft"):
        scene.ask(c.PublishConstraint, constraint="k", volumes=box())
    elif state == "by-hand":
        scene.by_hand(c.Hold, "A/x")
    elif state == "nonconforming":
        scene.own("A", c.ReportNonconforming, off_nominal=box(30_000.0, 31_000.0))
    elif state == "contingent":
        scene.own("A", c.DeclareContingency, off_nominal=box(30_000.0, 31_000.0))
    elif state == "ended":
        scene.own("A", c.End)
    return scene


def asked(scene: Scene, command: str) -> e.Event:
    """Ask for it; give the event of A's intent, or the rejection."""
    first = None
    if "A/x" in scene.desk.state.intents:
        first = next(iter(scene.intent("A/x").offers), None)
    ways: dict[str, tuple[type[c.Command], dict[str, Any]]] = {
        "file": (c.File, {"extent": FREE}),
        "amend": (c.Amend, {"extent": FREE}),
        "amend-vain": (c.Amend, {"extent": north(37_000.0)}),
        "take": (c.Take, {"offer": first.id if first else "level+1000ft"}),
        "activate": (c.Activate, {}),
        "stray": (c.ReportNonconforming, {"off_nominal": box(30_000.0, 31_000.0)}),
        "lost": (c.DeclareContingency, {"off_nominal": box(30_000.0, 31_000.0)}),
        "end": (c.End, {}),
        "withdraw": (c.Withdraw, {}),
        "hold": (c.Hold, {}),
        "release": (c.Release, {}),
        "override": (c.Override, {}),
        "impose": (c.Impose, {"feet": -2_000.0}),
    }
    kind, fields = ways[command]
    before = len(scene.outcomes())
    if command in ("hold", "release", "override", "impose"):
        scene.by_hand(kind, "A/x", **fields)
    else:
        scene.own("A", kind, **fields)
    outcome = scene.outcomes()[before]
    return next(x for x in outcome.events if isinstance(x, e.CommandRejected | e.IntentEvent)
                and getattr(x, "party", "A") == "A")  # fmt: skip


@pytest.mark.parametrize(("command", "state", "what"), CASES, ids=str)
def test_a_command_in_a_state(command, state, what):
    scene = in_state(state)
    before = scene.desk.state.intents.get("A/x")
    expected = "none" if before is None else before.state.value
    assert expected == {"by-hand": "held", "held-aloft": "held"}.get(state, state)
    event = asked(scene, command)
    if what.startswith("!"):
        assert isinstance(event, e.CommandRejected), event
        assert event.code == what[1:]
        assert event.what
        assert event.mend
        assert scene.desk.state.intents.get("A/x") == before
        return
    assert isinstance(event, e.IntentEvent), event
    now = scene.intent("A/x")
    assert (now.state.value, event.state.value) == (what, what)
    assert now.version == event.version == (before.version if before else 0) + 1
    if command == "amend-vain" and what not in ("refused",):
        assert isinstance(event, e.IntentRefused)
        assert (now.extent, now.precedence) == (before.extent, before.precedence)
    aloft = ("activated", "held-aloft", "nonconforming", "contingent")
    assert now.airborne is ((state in aloft or command == "activate") and what != "ended")


def test_the_table_is_whole():
    assert tuple(ROWS[0][1:]) == STATES
    states = {state.split("-")[0] for state in STATES} - {"none", "by"}
    assert states == {state.value for state in IntentState}


@pytest.mark.parametrize("kind", ["amend", "take", "activate", "stray", "lost", "end", "withdraw"])
def test_a_version_guards(kind):
    """A command that means another version changes nothing."""
    scene = in_state("activated")
    fields: dict[str, Any] = {
        "amend": {"extent": FREE}, "take": {"offer": "level+1000ft"},
        "stray": {"off_nominal": box()}, "lost": {"off_nominal": box()},
    }.get(kind, {})  # fmt: skip
    kinds = {
        "amend": c.Amend, "take": c.Take, "activate": c.Activate, "stray": c.ReportNonconforming,
        "lost": c.DeclareContingency, "end": c.End, "withdraw": c.Withdraw,
    }  # fmt: skip
    before = scene.intent("A/x")
    for version in (0, before.version - 1, before.version + 1):
        told = scene.own("A", kinds[kind], version=version, **fields)
        assert isinstance(told, Refusal)
        assert (told.code, told.field) == ("version", "version")
        assert str(before.version) in told.what
        assert scene.intent("A/x") is before


def test_an_amendment_that_is_refused_keeps_the_old_one():
    scene = in_state("accepted")
    told = scene.own("A", c.Amend, extent=north(37_000.0))
    assert isinstance(told, OwnIntent)
    assert (told.state.value, told.because, told.asked) == (
        "accepted", "conflict", north(37_000.0)
    )  # fmt: skip
    assert scene.own("C", c.File, extent=north()).because == "conflict"
    taken = scene.own("A", c.Take, offer=offered(told)[0].id)
    assert taken.state.value == "accepted"
    assert scene.own("C", c.File, extent=north()).state.value == "accepted"


def test_take_of_what_is_gone_is_refused_again():
    scene = in_state("refused")
    first = scene.intent("A/x").offers[0]
    assert scene.own("C", c.File, extent=north(37_000.0 + first.feet)).state.value == "accepted"
    told = scene.own("A", c.Take, offer=first.id)
    assert (told.state.value, told.because) == ("refused", "conflict")
    # what it asked for is now the alternative itself, and what is offered is instead of that
    assert set(told.asked.alt) == {37_000.0 + first.feet}
    assert scene.own("A", c.Take, offer=offered(told)[0].id).state.value == "accepted"


def test_take_after_its_time():
    scene = in_state("refused")
    first = scene.intent("A/x").offers[0]
    scene.now += HOUR / 2
    told = scene.own("A", c.Take, offer=first.id)
    assert isinstance(told, Refusal)
    assert (told.code, told.field) == ("expired", "offer")
    assert told.mend


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_activation_is_for_its_time(late):
    """From an hour before its start until its end."""
    scene = in_state("accepted")
    scene.now = {-1: NOON - HOUR, 0: NOON + HOUR, 1: NOON + 2 * HOUR}[late]
    told = scene.own("A", c.Activate)
    if late:
        assert isinstance(told, Refusal)
        assert told.code == "time"
    else:
        assert told.state.value == "activated"


def test_back_on_an_intent_that_is_not_free_any_more():
    """It stands while it strays, so only a hand, or a constraint, can close it."""
    scene = in_state("nonconforming")
    scene.ask(c.PublishConstraint, constraint="k", volumes=box())
    told = scene.own("A", c.Activate)
    assert isinstance(told, Refusal)
    assert told.code == "conflict"
    assert scene.intent("A/x").state is IntentState.NONCONFORMING


def test_who_is_in_the_way_of_one_that_strays_is_held_and_told():
    scene = in_state("activated")
    told = scene.own("A", c.ReportNonconforming, off_nominal=box(36_500.0, 37_500.0))
    assert told.state.value == "nonconforming"
    held = [x for n in scene.notices("B") for x in n.contents if getattr(x, "because", "")]
    assert [(x.intent, x.state.value, x.because) for x in held] == [("y", "held", "off-nominal")]
    assert offered(scene.last("B").contents[0])
    assert scene.own("A", c.Activate).state.value == "activated"
    assert scene.intent("B/y").state is IntentState.ACCEPTED


def test_own_flights_do_not_count():
    scene = in_state("accepted")
    assert scene.own("A", c.File, "z", extent=north()).state.value == "accepted"


def test_a_rejected_command_changes_nothing_else():
    scene = in_state("accepted")
    tables = scene.desk.state.tables()
    kept = {name: getattr(tables, name) for name in ("intents", "due", "probes", "audiences")}
    before = {name: dict(rows) for name, rows in kept.items()}
    scene.own("A", c.Activate, version=99)
    assert before == kept
    assert canonical(scene.desk.state)
