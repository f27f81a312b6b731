"""What coalition members share arrives, and nothing more."""

import msgspec
import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from detente.authority import Charter, Sharing, Volume4D
from detente.authority import command as c
from detente.authority.disclosure import Message, SharedIntent, SharedVolumes
from detente.authority.register import handle_of
from detente.ledger.desk import replay
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, north, offered

SECRET = "night-owl"
"""B's identifier of its flight, which at most members may see."""


def allied(*shares: Sharing, charter: Charter | None = None) -> Scene:
    """Form a coalition of A, which shares nothing, and B; C is no member."""
    scene = Scene(charter)
    scene.ask(c.FormCoalition, coalition="g", invited=("A", "B"))
    scene.ask(c.Join, by="A", coalition="g")
    for level in shares:
        scene.ask(c.Join, by="B", coalition="g", shares=level)
    return scene


def heard(scene: Scene, party: str, after: int = 0) -> list:
    """Give what of others a party was told, after a number of notices."""
    contents = [x for notice in scene.notices(party)[after:] for x in notice.contents]
    return [x for x in contents if isinstance(x, SharedIntent | SharedVolumes)]


def all_bytes(scene: Scene, party: str) -> bytes:
    return msgspec.json.encode((scene.notices(party), scene.desk.view(party)))


def flown_by_b(scene: Scene) -> None:
    """Let B's flight go through all that may become of one."""
    scene.own("B", c.File, SECRET, extent=east())
    scene.own("B", c.Amend, SECRET, extent=east(34_000.0))
    scene.own("B", c.Activate, SECRET)
    scene.own("B", c.ReportNonconforming, SECRET, off_nominal=box())
    scene.own("B", c.Activate, SECRET)
    scene.own("B", c.DeclareContingency, SECRET, off_nominal=box(upper=36_000.0))
    scene.own("B", c.End, SECRET)


def test_nothing_shared_nothing_seen():
    scene = allied(Sharing.NOTHING)
    before = all_bytes(scene, "A")
    flown_by_b(scene)
    assert all_bytes(scene, "A") == before


@pytest.mark.parametrize("level", list(Sharing))
def test_who_is_no_member_sees_nothing(level):
    scene = allied(level)
    before = all_bytes(scene, "C")
    flown_by_b(scene)
    assert all_bytes(scene, "C") == before
    assert "g" not in scene.desk.view("C").coalitions


@pytest.mark.parametrize("level", list(Sharing))
def test_the_other_way_is_the_others_own_choice(level):
    """A shares nothing, whatever B shares with it."""
    scene = allied(level)
    before = all_bytes(scene, "B")
    scene.own("A", c.File, extent=east())
    scene.own("A", c.Activate)
    assert all_bytes(scene, "B") == before


def test_intents_arrive_whole():
    scene = allied(Sharing.INTENTS)
    flown_by_b(scene)
    seen = heard(scene, "A")
    assert all(isinstance(x, SharedIntent) for x in seen)
    assert [(x.party, x.intent, x.state.value) for x in seen] == [
        ("B", SECRET, "accepted"), ("B", SECRET, "accepted"), ("B", SECRET, "activated"),
        ("B", SECRET, "nonconforming"), ("B", SECRET, "activated"),
        ("B", SECRET, "contingent"), ("B", SECRET, "ended"),
    ]  # fmt: skip
    assert [x.extent for x in seen[:2]] == [east(), east(34_000.0)]
    assert [x.off_nominal for x in seen[3:6]] == [box(), (), box(upper=36_000.0)]


def test_intents_in_view():
    scene = allied(Sharing.INTENTS)
    scene.own("B", c.File, SECRET, extent=east())
    (seen,) = scene.desk.view("A").shared
    assert isinstance(seen, SharedIntent)
    assert (seen.intent, seen.extent, seen.state.value) == (SECRET, east(), "accepted")


def test_what_is_refused_pending_or_withdrawn_is_not_shared():
    """Members share where they will be, not what they ask for."""
    scene = allied(Sharing.INTENTS)
    scene.own("C", c.File, extent=north())
    scene.ask(c.OpenCycle, cycle="day", start=NOON + 5 * HOUR, end=NOON + 6 * HOUR,
              cutoff=NOON + HOUR)  # fmt: skip
    before = heard(scene, "A")
    assert scene.own("B", c.File, SECRET, extent=east()).state.value == "refused"
    assert scene.own("B", c.File, "p", extent=east(start=NOON + 5 * HOUR)).state.value == "pending"
    scene.own("B", c.Withdraw, SECRET)
    assert heard(scene, "A") == before
    assert scene.desk.view("A").shared == ()


def inside(volume: Volume4D, lat: float, lon: float, alt: float) -> bool:
    assert volume.lower is not None
    assert volume.upper is not None
    outline = Polygon([(x, y) for y, x in volume.corners])
    return volume.lower <= alt <= volume.upper and outline.covers(Point(lon, lat))


@pytest.mark.parametrize("path", [east(), north(), east(lat=0.0)])
def test_volumes_contain_the_flight(path):
    scene = allied(Sharing.VOLUMES)
    scene.own("B", c.File, SECRET, extent=path)
    (seen,) = heard(scene, "A")
    (viewed,) = scene.desk.view("A").shared
    assert (seen.volumes, seen.handle) == (viewed.volumes, viewed.handle)
    for s in np.linspace(0.0, 600.0, 61):
        lat, lon = np.interp(s, path.seconds, path.lat), np.interp(s, path.seconds, path.lon)
        now = path.start + s * (MINUTE / 60)
        there = [v for v in seen.volumes if v.start <= now <= v.end]
        assert any(inside(v, lat, lon, 35_000.0) for v in there), s


def test_volumes_tell_no_path_no_name_and_no_activation():
    """At "volumes" a member hears where B may be, and not which flight it is or how it goes."""
    scene = allied(Sharing.VOLUMES)
    flown_by_b(scene)
    seen = heard(scene, "A")
    assert all(isinstance(x, SharedVolumes) for x in seen)
    assert len({x.handle for x in seen}) == 1
    # filed, amended, strayed, came back, strayed for good, ended: and not that it was activated
    assert [(bool(x.volumes), x.off_nominal, x.gone) for x in seen] == [
        (True, (), False), (True, (), False), (False, box(), False), (False, (), False),
        (False, box(upper=36_000.0), False), (False, (), True),
    ]  # fmt: skip
    told = all_bytes(scene, "A")
    assert SECRET.encode() not in told
    fields = {"handle", "volumes", "off_nominal", "gone"}
    assert {f for x in seen for f in x.__struct_fields__} == fields
    for path in (east(), east(34_000.0)):
        for corner in (corner for x in seen for v in x.volumes for corner in v.corners):
            assert corner not in set(zip(path.lat, path.lon, strict=True))
    assert b'"seconds"' not in told


def test_volumes_do_not_say_that_a_flight_began():
    """The view, too, is the same before and after activation."""
    scene = allied(Sharing.VOLUMES)
    scene.own("B", c.File, SECRET, extent=east())
    before = all_bytes(scene, "A")
    scene.own("B", c.Activate, SECRET)
    assert all_bytes(scene, "A") == before


def test_a_held_flight_is_gone_unless_it_is_in_the_air():
    for begun in (False, True):
        scene = allied(Sharing.VOLUMES)
        scene.own("B", c.File, SECRET, extent=east())
        if begun:
            scene.own("B", c.Activate, SECRET)
        scene.by_hand(c.Hold, f"B/{SECRET}")
        assert heard(scene, "A")[-1].gone is not begun
        assert len(scene.desk.view("A").shared) == begun
        scene.by_hand(c.Release, f"B/{SECRET}")
        assert heard(scene, "A")[-1].volumes == scene.desk.view("A").shared[0].volumes


def test_a_handle_does_not_follow_from_the_identifier():
    """The same identifier of the same flight has another handle under another key."""
    handles = set()
    for spoilt in range(3):
        scene = allied(Sharing.VOLUMES)
        for _ in range(spoilt):
            scene.make(c.Sweep)
        scene.own("B", c.File, SECRET, extent=east())
        handles.add(heard(scene, "A")[0].handle)
    assert len(handles) == 3
    guesses = {handle_of(name, "", "") for name in (SECRET, f"B/{SECRET}")}
    assert not handles & guesses


def test_a_handle_does_not_follow_from_the_whole_command():
    """Who guesses all of another's command, its key too, lacks the airspace's salt."""
    assert handle_of("B/a", "d" * 32, "one") != handle_of("B/a", "d" * 32, "other")


def test_a_handle_stays_through_amendments_and_differs_by_flight():
    scene = allied(Sharing.VOLUMES)
    for alt, name in ((33_000.0, "p"), (37_000.0, "q")):
        scene.own("B", c.File, name, extent=east(alt))
        scene.own("B", c.Amend, name, extent=east(alt + 1_000.0))
    first, second = [x.handle for x in heard(scene, "A")][::2]
    assert first != second
    assert [x.handle for x in heard(scene, "A")] == [first, first, second, second]
    assert {x.handle for x in scene.desk.view("A").shared} == {first, second}


def test_handles_are_in_an_order_that_says_nothing():
    """Not in the order of filing, nor of identifiers: both would tell flights apart."""
    scene = allied(Sharing.VOLUMES)
    for k in range(8):
        scene.own("B", c.File, f"f{k}", extent=east(30_000.0 + 1_000.0 * k))
    handles = [x.handle for x in scene.desk.view("A").shared]
    assert handles == sorted(handles)
    assert handles != [x.handle for x in heard(scene, "A")]


def test_a_join_shows_what_stands_and_a_leave_hides_it():
    scene = allied()
    scene.own("B", c.File, SECRET, extent=east())
    assert scene.desk.view("A").shared == ()
    scene.ask(c.Join, by="B", coalition="g", shares=Sharing.VOLUMES)
    (seen,) = scene.desk.view("A").shared
    assert isinstance(seen, SharedVolumes)
    scene.ask(c.Join, by="B", coalition="g", shares=Sharing.INTENTS)
    (seen,) = scene.desk.view("A").shared
    assert isinstance(seen, SharedIntent)
    before = len(scene.notices("A"))
    scene.ask(c.Leave, by="B", coalition="g")
    assert scene.desk.view("A").shared == ()
    (left,) = scene.notices("A")[before:]
    assert left.contents == (Message("CoalitionLeft", {"coalition": "g", "party": "B"}),)
    scene.own("B", c.Withdraw, SECRET)
    assert len(scene.notices("A")) == before + 1


def test_the_one_who_left_sees_nothing_of_those_who_stay():
    scene = allied(Sharing.INTENTS)
    scene.ask(c.Join, by="A", coalition="g", shares=Sharing.INTENTS)
    scene.own("A", c.File, extent=north())
    assert len(scene.desk.view("B").shared) == 1
    scene.ask(c.Leave, by="B", coalition="g")
    before = all_bytes(scene, "B")
    scene.own("A", c.Amend, extent=north(34_000.0))
    assert scene.desk.view("B").shared == ()
    assert all_bytes(scene, "B") == before


def test_members_do_not_hear_how_much_another_shares():
    """What it shares arrives or does not; the level is its own affair."""
    told = [allied(level).last("A") for level in Sharing]
    assert told[0] == told[1] == told[2]
    assert told[0].contents == (Message("CoalitionJoined", {"coalition": "g", "party": "B"}),)
    own = allied(Sharing.VOLUMES).last("B").contents[0]
    assert isinstance(own, Message)
    assert own.facts["shares"] == "volumes"


def test_in_two_coalitions_the_more_is_shared():
    scene = allied(Sharing.VOLUMES)
    scene.ask(c.FormCoalition, coalition="h", invited=("A", "B", "C"))
    for party in "AC":
        scene.ask(c.Join, by=party, coalition="h")
    scene.ask(c.Join, by="B", coalition="h", shares=Sharing.INTENTS)
    scene.own("B", c.File, SECRET, extent=east())
    for party in "AC":
        assert [type(x) for x in heard(scene, party)] == [SharedIntent]
    scene.ask(c.Leave, by="B", coalition="h")
    assert [type(x) for x in scene.desk.view("A").shared] == [SharedVolumes]
    assert scene.desk.view("C").shared == ()


def test_who_is_not_invited_cannot_tell_a_coalition_from_none():
    scene = allied(Sharing.INTENTS)
    known = scene.ask(c.Join, by="C", coalition="g").contents
    unknown = scene.ask(c.Join, by="C", coalition="q").contents
    assert msgspec.json.encode(known).replace(b"'g'", b"'q'") == msgspec.json.encode(unknown)


def test_a_notice_read_again_is_the_same():
    """After sharing changed, after the flight was swept, and by whoever folds the ledger anew."""
    scene = allied(Sharing.VOLUMES, charter=Charter(retention=60))
    kept = []

    def read() -> None:
        notices = [msgspec.json.encode(n) for n in scene.notices("A")]
        assert notices[: len(kept)] == kept
        kept[:] = notices

    flown_by_b(scene)
    read()
    scene.ask(c.Join, by="B", coalition="g", shares=Sharing.INTENTS)
    scene.own("B", c.File, SECRET, extent=east())
    read()
    scene.ask(c.Join, by="B", coalition="g", shares=Sharing.NOTHING)
    read()
    scene.own("B", c.Withdraw, SECRET)
    scene.ask(c.Leave, by="B", coalition="g")
    read()
    scene.now += 48 * HOUR
    scene.ask(c.Sweep)
    assert f"B/{SECRET}" not in scene.desk.state.intents
    read()
    again = replay(scene.ledger.read())
    assert again.heard("A").tolist() == scene.desk.state.heard("A").tolist()


def test_what_a_member_could_do_instead_is_its_own():
    """Alternatives, refusals and reasons stay with the party even where intents are shared."""
    scene = allied(Sharing.INTENTS)
    scene.own("B", c.File, SECRET, extent=east())
    scene.ask(c.PublishConstraint, constraint="k", volumes=box())
    held = [x for n in scene.notices("B") for x in n.contents if getattr(x, "alternatives", None)]
    assert offered(held[0])
    told = msgspec.json.encode(heard(scene, "A"))
    assert b"offers" not in told
    assert b"because" not in told
    assert [x.state.value for x in heard(scene, "A")] == ["accepted", "held"]
