"""Parties: who may ask what; budgets of refusals; suspension."""

import pytest

from detente.authority import Charter, IntentState, Rejected, State, decide
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import Refusal
from detente.authority.register import Aircraft
from detente.record.occurrence import Occurrence
from detente.record.statement import Grade
from detente.watch.track import Indication
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, north

EVENT = Occurrence("ev", "something is said to have flown", NOON, NOON + HOUR)
OF_A_PARTY = {
    c.File: {"intent": "y", "extent": east()},
    c.Amend: {"intent": "x", "extent": east(33_000.0)},
    c.Take: {"intent": "x", "offer": "level+1000ft"},
    c.Activate: {"intent": "x"},
    c.ReportNonconforming: {"intent": "x", "off_nominal": box()},
    c.DeclareContingency: {"intent": "x", "off_nominal": box()},
    c.End: {"intent": "x"},
    c.Withdraw: {"intent": "x"},
    c.Join: {"coalition": "g"},
    c.NameAircraft: {"intent": "x", "aircraft": Aircraft(callsign="ABC1")},
}
OF_THE_AUTHORITY = {
    c.Found: {"charter": Charter()},
    c.RegisterParty: {"party": "Z"},
    c.Suspend: {"party": "A", "reason": "so decided"},
    c.Reinstate: {"party": "A"},
    c.FormCoalition: {"coalition": "h"},
    c.Invite: {"coalition": "g", "parties": ("A",)},
    c.PublishConstraint: {"constraint": "k", "volumes": box()},
    c.AmendConstraint: {"constraint": "k", "version": 1, "volumes": box()},
    c.LiftConstraint: {"constraint": "k", "version": 1},
    c.Override: {"party": "A", "intent": "x", "reason": "so decided"},
    c.Hold: {"party": "A", "intent": "x", "reason": "so decided"},
    c.Release: {"party": "A", "intent": "x", "reason": "so decided"},
    c.Impose: {"party": "A", "intent": "x", "reason": "so decided", "feet": 1_000.0},
    c.Reexamine: {"name": "A/x"},
    c.Sweep: {},
    c.OpenCycle: {
        "cycle": "day",
        "start": NOON + HOUR,
        "end": NOON + 2 * HOUR,
        "cutoff": NOON + HOUR,
    },
    c.CloseCycle: {"cycle": "day"},
    c.Observe: {},
    c.Indicate: {"track": "t", "indication": Indication("F-4", "a camera", NOON)},
    c.EnterOccurrence: {"occurrence": EVENT},
    c.AmendOccurrence: {"occurrence": EVENT},
    c.GradeStatement: {"statement": "A/s", "grade": Grade()},
}
EITHER = {c.Leave, c.EnterStatement, c.ShareStatement}
STILL = (
    c.Activate, c.ReportNonconforming, c.DeclareContingency, c.End, c.Withdraw, c.Leave,
    c.NameAircraft,
)  # fmt: skip
"""What keeps others safe from flights that a suspended party has."""


def test_every_command_is_somebodys():
    assert {*OF_A_PARTY, *OF_THE_AUTHORITY, *EITHER} == set(c.Command.__subclasses__())


@pytest.mark.parametrize("kind", OF_THE_AUTHORITY, ids=lambda k: k.__name__)
@pytest.mark.parametrize("by", ["A", "nobody"])
def test_a_party_may_not_do_what_is_the_authoritys(kind, by):
    scene = Scene()
    told = scene.ask(kind, by=by, **_whole(kind, OF_THE_AUTHORITY[kind]))
    (content,) = told.contents
    assert isinstance(content, Refusal)
    assert (content.code, content.field) == ("forbidden", "by")
    assert content.mend


def _whole(kind, fields):
    return {"version": 1, **fields} if "version" in kind.__struct_fields__ else fields


@pytest.mark.parametrize("kind", OF_A_PARTY, ids=lambda k: k.__name__)
def test_the_authority_asks_nothing_for_a_party(kind):
    scene = Scene()
    (event,) = scene.ask(kind, **_whole(kind, OF_A_PARTY[kind])).events
    assert isinstance(event, e.CommandRejected)
    assert (event.code, event.field) == ("forbidden", "by")


@pytest.mark.parametrize("kind", [*OF_A_PARTY, c.Leave], ids=lambda k: k.__name__)
def test_a_suspended_party_may_only_keep_others_safe(kind):
    scene = Scene()
    scene.own("A", c.File, extent=east())
    if kind in (c.ReportNonconforming, c.DeclareContingency):
        scene.own("A", c.Activate)
    scene.ask(c.FormCoalition, coalition="g", invited=("A",))
    if kind is c.Leave:
        scene.ask(c.Join, by="A", coalition="g")
    scene.ask(c.Suspend, party="A", reason="unpaid")
    fields = OF_A_PARTY.get(kind, {"coalition": "g"})
    (content, *_) = scene.ask(kind, by="A", **fields).contents
    refused = isinstance(content, Refusal)
    assert refused is (kind not in STILL), content
    assert not refused or content.code == "suspended"
    scene.ask(c.Reinstate, party="A")
    assert scene.own("A", c.File, "z", extent=east(31_000.0)).state.value == "accepted"


def test_what_a_suspended_party_has_still_stands():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.ask(c.Suspend, party="A", reason="unpaid")
    assert scene.last("A").contents[0].facts["reason"] == "unpaid"
    assert scene.own("B", c.File, extent=north()).because == "conflict"
    assert scene.intent("A/x").state is IntentState.ACCEPTED


def test_nothing_before_the_charter():
    command = c.RegisterParty(at=NOON, key="1", party="A")
    (event,) = decide(State(), command)
    assert (event.code, bool(event.mend)) == ("state", True)


def test_a_key_is_one_commands():
    scene = Scene()
    asked = scene.make(c.File, by="A", intent="x", extent=east())
    first = scene.desk.submit(asked)
    scene.now += HOUR
    later = c.File(at=scene.now, by="A", key=asked.key, intent="x", extent=east())
    assert scene.desk.submit(later) == first
    other = c.File(at=scene.now, by="A", key=asked.key, intent="y", extent=east())
    with pytest.raises(Rejected, match="another command came under this key"):
        scene.desk.submit(other)
    of_b = c.File(at=NOON, by="B", key=asked.key, intent="y", extent=north(33_000.0))
    assert scene.desk.submit(of_b).contents[0].state.value == "accepted"


def probed(scene: Scene, by: str, times: int) -> list[str]:
    scene.own("C", c.File, "wall", extent=east())
    return [scene.own(by, c.File, f"p{k}", extent=north()).because for k in range(times)]


def test_a_party_probes_so_often_and_no_more():
    scene = Scene(Charter(probes=3))
    assert probed(scene, "A", 5) == ["conflict"] * 3 + ["probes"] * 2
    told = scene.own("A", c.File, "free", extent=north(31_000.0))
    assert (told.state.value, told.because, told.alternatives.offers) == ("refused", "probes", ())
    assert scene.own("B", c.File, extent=north()).because == "conflict"
    scene.now += HOUR - MINUTE
    assert scene.own("A", c.File, "free", extent=north(31_000.0)).because == "probes"
    scene.now += MINUTE
    assert scene.own("A", c.File, "free", extent=north(31_000.0)).state.value == "accepted"


def test_what_is_accepted_costs_nothing():
    scene = Scene(Charter(probes=1))
    for k in range(4):
        told = scene.own("A", c.File, f"f{k}", extent=east(30_000.0 + 1_000.0 * k))
        assert told.state.value == "accepted"


def test_members_share_one_budget():
    scene = Scene(Charter(probes=0, coalition_probes=3))
    scene.ask(c.FormCoalition, coalition="g", invited=("A", "B"))
    for party in "AB":
        scene.ask(c.Join, by=party, coalition="g")
    assert probed(scene, "A", 2) == ["conflict"] * 2
    assert [scene.own("B", c.File, f"q{k}", extent=north()).because for k in range(2)] == [
        "conflict", "probes",
    ]  # fmt: skip
    assert scene.own("A", c.File, "free", extent=north(31_000.0)).because == "probes"


def test_no_limit_is_none():
    scene = Scene(Charter(probes=0, coalition_probes=0))
    assert set(probed(scene, "A", 12)) == {"conflict"}


def test_an_identifier_is_plain():
    scene = Scene()
    for id in ("", "a/b", "a#b", "a\nb", "x" * 201):
        told = scene.own("A", c.File, id, extent=east())
        assert isinstance(told, Refusal)
        assert (told.code, told.field) == ("invalid", "intent")
    for id in ("", "a/b", "a:b", "authority"):
        (event,) = scene.ask(c.RegisterParty, party=id).events
        assert (event.code, event.field, bool(event.mend)) == ("invalid", "party", True)
