"""Who gives way: a lower class that has not begun; nobody who is in the air."""

import pytest

from detente.authority import Charter, IntentState, Path4D
from detente.authority import command as c
from detente.authority.disclosure import Refusal
from detente.resolve.precedence import ORDER
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, north, offered


@pytest.mark.parametrize("second", ORDER)
@pytest.mark.parametrize("first", ORDER)
def test_the_higher_class_displaces_and_an_equal_one_does_not(first, second):
    scene = Scene()
    scene.own("A", c.File, extent=east(), precedence=first)
    told = scene.own("B", c.File, extent=north(), precedence=second)
    higher = ORDER.index(second) < ORDER.index(first)
    assert told.state.value == ("accepted" if higher else "refused")
    assert scene.intent("A/x").state.value == ("held" if higher else "accepted")
    assert scene.desk.state.due == {}
    if higher:
        held, offers = scene.notices("A")[-2:]
        assert held.contents[0].because == "precedence"
        assert offered(offers.contents[0])
        assert b"B" not in repr(held).encode().replace(b"BECAUSE", b"")


def test_no_class_asked_for_is_the_lowest():
    scene = Scene()
    assert scene.own("A", c.File, extent=east()).precedence == ORDER[-1]


@pytest.mark.parametrize("how", ["activated", "nonconforming", "contingent", "held aloft"])
def test_nobody_displaces_what_is_in_the_air(how):
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("A", c.Activate)
    if how == "nonconforming":
        scene.own("A", c.ReportNonconforming, off_nominal=box())
    elif how == "contingent":
        scene.own("A", c.DeclareContingency, off_nominal=box())
    elif how == "held aloft":
        scene.by_hand(c.Hold, "A/x")
    before = scene.intent("A/x")
    told = scene.own("B", c.File, extent=north(), precedence="emergency")
    assert told.state.value == "refused"
    assert scene.intent("A/x") is before


def test_one_that_may_not_give_way_keeps_the_others_too():
    """Displacing some and being refused for another would harm them for nothing."""
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("C", c.File, extent=east(lat=50.3, start=NOON + HOUR + 2.5 * MINUTE))
    scene.now += 5 * MINUTE
    assert scene.own("C", c.Activate).state.value == "activated"
    told = scene.own("B", c.File, extent=north(), precedence="emergency")
    assert told.state.value == "refused"
    assert scene.intent("A/x").state is IntentState.ACCEPTED


def test_several_are_displaced_at_once():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("C", c.File, extent=east(lat=50.3, start=NOON + HOUR + 2.5 * MINUTE))
    assert scene.own("B", c.File, extent=north(), precedence="state").state.value == "accepted"
    assert {scene.intent(f"{p}/x").state for p in "AC"} == {IntentState.HELD}


@pytest.mark.parametrize("end", [c.Withdraw, c.End])
def test_what_displaced_it_ends_and_it_is_accepted_again(end):
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north(), precedence="state")
    scene.own("B", end)
    assert scene.intent("A/x").state is IntentState.ACCEPTED


def test_what_displaced_it_moves_and_it_is_accepted_again():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north(), precedence="state")
    scene.own("B", c.Amend, extent=north(33_000.0))
    assert scene.intent("A/x").state is IntentState.ACCEPTED


def test_the_displaced_may_take_what_it_is_offered():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north(), precedence="state")
    offer = scene.intent("A/x").offers[0]
    taken = scene.own("A", c.Take, offer=offer.id)
    assert (taken.state.value, taken.changed) == ("accepted", offer)
    scene.own("B", c.Withdraw)
    assert scene.intent("A/x").extent == taken.extent


@pytest.mark.parametrize("highest", ORDER)
def test_a_party_claims_no_more_than_it_may(highest):
    scene = Scene()
    scene.ask(c.RegisterParty, party="D", highest=highest)
    for name in ORDER:
        told = scene.own("D", c.File, f"as {name}", extent=east(), precedence=name)
        if ORDER.index(name) < ORDER.index(highest):
            assert isinstance(told, Refusal)
            assert (told.code, told.field) == ("forbidden", "precedence")
            assert highest in told.mend
        else:
            assert told.state.value == "accepted"
    told = scene.own("D", c.File, extent=east(), precedence="royal")
    assert (told.code, told.field) == ("invalid", "precedence")


def test_classes_are_the_charters_own():
    scene = Scene(Charter(precedence=("red", "green")), parties="")
    for party in "AB":
        scene.ask(c.RegisterParty, party=party, highest="red")
    scene.own("A", c.File, extent=east(start=NOON + HOUR), precedence="green")
    assert scene.own("B", c.File, extent=north(), precedence="red").state.value == "accepted"
    assert scene.intent("A/x").state is IntentState.HELD


def test_a_held_flight_waits_for_whoever_is_in_its_way_now():
    """B displaces A and leaves; C has come in A's place meanwhile, and leaves in its turn."""
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, extent=north(), precedence="emergency")
    first_part = Path4D(NOON + HOUR, (0.0, 60.0), (50.0, 50.0), (4.0, 4.2), (35_000.0,) * 2)
    scene.own("C", c.File, "near", extent=first_part)
    assert scene.intent("C/near").accepted
    scene.own("B", c.Withdraw)
    assert scene.intent("A/x").state is IntentState.HELD
    assert scene.intent("A/x").waits == ("C/near",)
    scene.own("C", c.Withdraw, "near")
    assert scene.intent("A/x").state is IntentState.ACCEPTED
    assert scene.intent("A/x").waits == ()
