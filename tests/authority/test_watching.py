"""What was seen and said, told as stories: who hears of it, and who must not."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from detente.authority import AUTHORITY, Notice, Sharing, Volume4D
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.disclosure import (
    Message,
    Refusal,
    ToldAlert,
    ToldOccurrence,
    ToldStatement,
    occurrences_for,
    statements_for,
)
from detente.authority.register import Aircraft, Alert, Avoid
from detente.record.occurrence import Occurrence
from detente.record.statement import (
    Grade,
    Position,
    Speaker,
    Statement,
    Subject,
    SubjectKind,
)
from detente.watch.track import Conformance, Fix, Indication, Track, Unseen
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, east, north

THERE = Volume4D(
    centre=(50.0, 5.0), radius=15_928.0, lower=34_000.0, upper=36_000.0, start=NOON,
    end=NOON + MINUTE,
)  # fmt: skip
ELSEWHERE = replace(THERE, centre=(51.0, 6.0))


def track(id: str = "t1", minutes: float = 0.0, **fields: Any) -> Track:
    """Give a track that nobody declared."""
    at = NOON + minutes * MINUTE
    fix = Fix(at, 50.0, 5.0 + 0.1 * minutes, pressure=35_000.0, accuracy=50.0)
    return Track(id, Conformance.UNDECLARED, NOON, fix, **fields)


def warning(id: str = "w1", *avoid: Avoid, **fields: Any) -> Alert:
    return Alert(id, "track:t1", "intent:A/x", NOON + MINUTE, 1_500.0, avoid=avoid, **fields)


def said(
    id: str = "s1", about: Subject | None = None, position: Position = Position.CONFIRMS,
    **fields: Any,
) -> Statement:  # fmt: skip
    return Statement(
        id, about or Subject(SubjectKind.EVENT, "fire"), Speaker("B"), position, **fields
    )


def event(id: str = "fire", **fields: Any) -> Occurrence:
    when = {"start": NOON, "end": NOON + HOUR, **fields}
    return Occurrence(id, "Strikes were reported.", place="Diyala", **when)


def alerts_of(notice: Notice) -> list[ToldAlert]:
    return [content for content in notice.contents if isinstance(content, ToldAlert)]


@pytest.fixture
def scene() -> Scene:
    """A has a flight, x; B has one that crosses it a level above, y."""
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.own("B", c.File, "y", extent=north(36_000.0))
    return scene


def bodies(scene: Scene, party: str) -> bytes:
    """Give all that a party was ever told, and all that it may know."""
    return msgspec.json.encode((scene.notices(party), scene.desk.view(party)))


# tracks


def test_a_track_is_the_authoritys_alone(scene):
    before = [bodies(scene, party) for party in "ABC"]
    scene.ask(c.Observe, tracks=(track(), track("t2", intent="A/x")),
              unseen=(Unseen("B/y", NOON),))  # fmt: skip
    scene.ask(c.Indicate, track="t1", indication=Indication("F-4", "an outlet", NOON, 0.6))
    assert [bodies(scene, party) for party in "ABC"] == before
    state = scene.desk.state
    assert set(state.tracks) == {"t1", "t2"}
    assert state.tracks["t1"].indications[0].indication.what == "F-4"
    assert state.unseen["B/y"][1].since == NOON


def test_a_track_keeps_its_path_and_when_its_verdict_changed(scene):
    scene.ask(c.Observe, tracks=(track(),))
    scene.ask(c.Observe, tracks=(track(minutes=1.0), track("t2")))
    conforming = track(minutes=2.0, intent="A/x")
    scene.ask(c.Observe, tracks=(replace(conforming, conformance=Conformance.CONFORMING),))
    # one that comes late is no newer place
    scene.ask(c.Observe, tracks=(replace(conforming, fix=track(minutes=0.5).fix),))
    seen = scene.desk.state.tracks["t1"]
    assert [fix.lon for fix in seen.path] == [5.0, 5.1, 5.2]
    assert [(h.conformance.value, h.intent) for h in seen.history] == [
        ("undeclared", ""), ("conforming", "A/x"), ("undeclared", "A/x"),
    ]  # fmt: skip
    assert seen.position < seen.latest == scene.desk.state.position


def test_an_intent_that_is_seen_after_all_is_not_unseen(scene):
    scene.ask(c.Observe, unseen=(Unseen("A/x", NOON),))
    assert "A/x" in scene.desk.state.unseen
    scene.ask(c.Observe, unseen=(Unseen("A/x", NOON, over=True),))
    assert "A/x" not in scene.desk.state.unseen
    refused = scene.ask(c.Observe, unseen=(Unseen("A/none", NOON),)).events[0]
    assert (refused.code, refused.field) == ("unknown", "unseen/0/intent")


def test_old_tracks_are_forgotten_but_for_those_of_an_event(scene):
    """Named by it, or seen in its place and time."""
    hours = 48.0 * 60.0
    late = replace(track("t4"), fix=replace(track().fix, at=NOON + hours * MINUTE))
    away = replace(track("t3"), fix=replace(track().fix, lat=-50.0))
    scene.ask(c.Observe, tracks=(track("t1"), track("t2"), away, late))
    scene.ask(c.EnterOccurrence, occurrence=event(
        start=NOON + HOUR, end=NOON + 2 * HOUR, tracks=("t2",)))  # fmt: skip
    scene.ask(c.EnterOccurrence, occurrence=event("e2", centre=(-50.0, 5.0), radius=1_000.0))
    scene.now = NOON + hours * MINUTE
    scene.ask(c.Sweep)
    assert set(scene.desk.state.tracks) == {"t2", "t3", "t4"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"tracks": (track("a/b"),)}, "tracks/0/id"),
        ({"tracks": (track(), replace(track(), speed=float("nan")))}, "tracks/1"),
        ({"tracks": (replace(track(), fix=Fix(NOON, 91.0, 0.0)),)}, "tracks/0/fix"),
        ({"alerts": (warning("w1", Avoid("Z", "x", THERE)),)}, "alerts/0/avoid/0/party"),
        ({"alerts": (replace(warning(), closest=float("inf")),)}, "alerts/0"),
        ({"alerts": (warning("w1"), warning("w2"), warning("w1", over=True))}, "alerts"),
    ],
)  # fmt: skip
def test_what_was_not_seen_so_is_refused(scene, fields, field):
    (refused,) = scene.ask(c.Observe, **fields).events
    assert isinstance(refused, e.CommandRejected)
    assert refused.field == field


def test_nobody_but_the_authority_watches(scene):
    for kind, fields in (
        (c.Observe, {"tracks": (track(),)}),
        (c.Indicate, {"track": "t1", "indication": Indication("F-4", "me", NOON)}),
        (c.EnterOccurrence, {"occurrence": event()}),
        (c.AmendOccurrence, {"occurrence": event(), "version": 1}),
        (c.GradeStatement, {"statement": "B/s1", "grade": Grade("A", 1)}),
    ):
        (refusal,) = scene.ask(kind, by="A", **fields).contents
        assert isinstance(refusal, Refusal)
        assert refusal.code == "forbidden"


# alerts


def test_each_is_told_what_it_must_avoid_and_nothing_of_the_other(scene):
    scene.ask(c.Observe, alerts=(
        warning("w1", Avoid("A", "x", THERE), Avoid("B", "y", ELSEWHERE)),))  # fmt: skip
    (to_a,), (to_b,) = alerts_of(scene.last("A")), alerts_of(scene.last("B"))
    assert (to_a.intent, to_a.volume, to_a.over) == ("x", THERE, False)
    assert (to_b.intent, to_b.volume, to_b.over) == ("y", ELSEWHERE, False)
    assert to_a.alert != to_b.alert
    shown = msgspec.json.encode(scene.last("A")).decode()
    for secret in ("w1", "t1", "track", "1500", "intent:", '"B'):
        assert secret not in shown
    assert scene.desk.view("A").alerts == (to_a,)
    assert scene.desk.view("C").alerts == ()
    assert not any(alerts_of(notice) for notice in scene.notices("C"))


def test_a_warning_that_stays_is_told_once_and_one_that_changes_anew(scene):
    def told() -> tuple[int, int]:
        return len(scene.notices("A")), len(scene.notices("B"))

    one = warning("w1", Avoid("A", "x", THERE), Avoid("B", "y", ELSEWHERE))
    scene.ask(c.Observe, alerts=(one,))
    before = told()
    scene.ask(c.Observe, alerts=(one,))
    assert told() == before
    # it comes nearer, and what B must avoid is another: that is nothing to A
    nearer = replace(one, closest=900.0, b="intent:A/z")
    scene.ask(c.Observe, alerts=(nearer,))
    assert told() == before
    moved = replace(nearer, avoid=(nearer.avoid[0], Avoid("B", "y", THERE)))
    scene.ask(c.Observe, alerts=(moved,))
    assert told() == (before[0], before[1] + 1)
    assert scene.desk.state.alerts["w1"].closest == 900.0


def test_two_warnings_in_one_observation_are_told_apart(scene):
    """Of the one that changes for B alone A hears nothing, though it hears of the other."""
    one = warning("w1", Avoid("A", "x", THERE), Avoid("B", "y", ELSEWHERE))
    scene.ask(c.Observe, alerts=(one,))
    other = warning("w2", Avoid("A", "x", ELSEWHERE))
    moved = replace(one, avoid=(one.avoid[0], Avoid("B", "y", THERE)))
    scene.ask(c.Observe, alerts=(moved, other))
    (told,) = alerts_of(scene.last("A"))
    assert told.volume == ELSEWHERE
    assert len(scene.desk.view("A").alerts) == 2


def test_a_warning_is_over_for_whoever_it_names_no_more_and_at_last_for_all(scene):
    both = warning("w1", Avoid("A", "x", THERE), Avoid("B", "y", ELSEWHERE))
    scene.ask(c.Observe, alerts=(both,))
    (first,) = alerts_of(scene.last("A"))
    scene.ask(c.Observe, alerts=(replace(both, avoid=both.avoid[:1]),))
    (gone,) = alerts_of(scene.last("B"))
    assert (gone.over, gone.volume) == (True, None)
    assert scene.desk.view("B").alerts == ()
    scene.ask(c.Observe, alerts=(replace(both, avoid=(), over=True),))
    (over,) = alerts_of(scene.last("A"))
    assert (over.alert, over.over) == (first.alert, True)
    assert scene.desk.state.alerts == {}
    heard = [len(scene.notices(party)) for party in "AB"]
    scene.ask(c.Observe, alerts=(replace(both, over=True),))
    assert [len(scene.notices(party)) for party in "AB"] == heard


# who flies


def test_a_party_says_which_aircraft_flies_and_only_it_is_told(scene):
    before = bodies(scene, "B")
    content = scene.own("A", c.NameAircraft, aircraft=Aircraft("kl123", "4CA1FA ", "", "a320"))
    assert content.aircraft == Aircraft("KL123", "4ca1fa", "", "A320")
    assert bodies(scene, "B") == before
    assert scene.desk.view("A").intents[0].aircraft == content.aircraft
    wrong = scene.own("A", c.NameAircraft, aircraft=Aircraft(address="4ca1f"))
    assert (wrong.code, wrong.field) == ("invalid", "aircraft/address")
    assert scene.own("B", c.NameAircraft, aircraft=Aircraft("KL1")).code == "unknown"
    scene.own("A", c.Withdraw)
    assert scene.own("A", c.NameAircraft, aircraft=Aircraft("KL1")).code == "state"


# the record


def test_an_event_is_told_without_what_was_seen_and_declared_of_it(scene):
    scene.ask(c.EnterOccurrence, shared=("A",),
              occurrence=event(tracks=("t1",), intents=("B/y",)))  # fmt: skip
    (told,) = scene.last("A").contents
    assert isinstance(told, ToldOccurrence)
    assert (told.event, told.version, told.place) == ("fire", 1, "Diyala")
    assert b"t1" not in msgspec.json.encode(told)
    assert b"B/y" not in msgspec.json.encode(told)
    assert [len(scene.desk.view(p).occurrences) for p in "ABC"] == [1, 0, 0]
    scene.ask(c.AmendOccurrence, occurrence=event(), version=1, public=True)
    assert [scene.desk.view(p).occurrences[0].version for p in "ABC"] == [2, 2, 2]
    # what is public stays so
    scene.ask(c.AmendOccurrence, occurrence=event(), version=2)
    assert len(occurrences_for(scene.desk.state, "")) == 1


def test_events_are_entered_once_and_amended_at_their_version(scene):
    scene.ask(c.EnterOccurrence, occurrence=event())
    for kind, fields, code in (
        (c.EnterOccurrence, {"occurrence": event()}, "exists"),
        (c.AmendOccurrence, {"occurrence": event(), "version": 2}, "version"),
        (c.AmendOccurrence, {"occurrence": event("none"), "version": 1}, "unknown"),
        (c.EnterOccurrence, {"occurrence": replace(event("e2"), end=NOON - HOUR)}, "invalid"),
        (c.EnterOccurrence, {"occurrence": replace(event("e2"), description=" ")}, "invalid"),
    ):
        (refused,) = scene.ask(kind, **fields).events
        assert refused.code == code


def test_a_statement_is_seen_by_whoever_entered_it_and_those_it_was_shared_with(scene):
    scene.ask(c.EnterOccurrence, occurrence=event(), public=True)
    scene.ask(c.EnterStatement, by="B", statement=said(claim="secret claim"))
    (own,) = scene.last("B").contents
    assert isinstance(own, ToldStatement)
    assert (own.name, own.by, own.public) == ("B/s1", "B", False)
    for party in "AC":
        assert b"secret claim" not in bodies(scene, party)
    scene.ask(c.ShareStatement, by="B", statement="s1", shared=("A",))
    assert scene.desk.view("A").statements == (own,)
    assert b"secret claim" not in bodies(scene, "C")
    assert statements_for(scene.desk.state, "") == []
    scene.ask(c.ShareStatement, by="B", statement="s1", public=True)
    assert [len(scene.desk.view(p).statements) for p in "ABC"] == [1, 1, 1]
    assert statements_for(scene.desk.state, "")[0].public
    assert scene.last("A").contents[0].public


def test_nobody_is_told_how_a_statement_is_graded(scene):
    scene.ask(c.EnterOccurrence, occurrence=event(), public=True)
    scene.ask(c.EnterStatement, by="B", statement=said(), public=True)
    before = [bodies(scene, party) for party in "ABC"]
    scene.ask(c.GradeStatement, statement="B/s1", grade=Grade("E", 5, "it has said so before"))
    assert [bodies(scene, party) for party in "ABC"] == before
    assert scene.desk.state.statements["B/s1"].grade == Grade("E", 5, "it has said so before")
    (refused,) = scene.ask(c.GradeStatement, statement="B/none", grade=Grade()).events
    assert refused.code == "unknown"


def test_what_one_may_not_see_is_what_there_is_not(scene):
    """A statement about it is refused in the same words, whether it is there or not."""
    scene.ask(c.EnterOccurrence, occurrence=event("closed"))
    scene.ask(c.EnterStatement, by="B", statement=said("s1", Subject(SubjectKind.INTENT, "B/y")))
    scene.ask(c.Observe, tracks=(track(),))

    def refusal(kind: SubjectKind, id: str) -> tuple[Any, ...]:
        (told,) = scene.ask(
            c.EnterStatement, by="A", statement=replace(said("mine", Subject(kind, id)))
        ).contents
        assert isinstance(told, Refusal)
        return told.code, told.what.replace(id, "_"), told.field, told.mend

    for kind, there, not_there in (
        (SubjectKind.EVENT, "closed", "none"),
        (SubjectKind.STATEMENT, "B/s1", "B/s2"),
        (SubjectKind.INTENT, "B/y", "B/z"),
        (SubjectKind.TRACK, "t1", "t2"),
    ):
        assert refusal(kind, there) == refusal(kind, not_there)
    (unknown,) = scene.ask(c.ShareStatement, by="A", statement="s1", public=True).contents
    assert unknown.code == "unknown"


def test_a_party_speaks_for_itself_and_the_authority_for_those_it_heard(scene):
    scene.ask(c.EnterOccurrence, occurrence=event(), public=True)
    speaker = Speaker("C", "a spokesman")
    (refused,) = scene.ask(
        c.EnterStatement, by="A", statement=replace(said(), speaker=speaker)
    ).contents
    assert (refused.code, refused.field) == ("forbidden", "statement/speaker/side")
    scene.ask(c.EnterStatement, statement=replace(said(), speaker=speaker), public=True)
    (told,) = scene.last("A").contents
    assert (told.name, told.by, told.statement.speaker.side) == (f"{AUTHORITY}/s1", AUTHORITY, "C")
    own = scene.ask(c.EnterStatement, by="A", statement=replace(said(), speaker=Speaker("")))
    assert own.contents[0].statement.speaker.side == "A"


def test_a_member_may_speak_of_an_intent_that_is_shared_with_it(scene):
    about = Subject(SubjectKind.INTENT, "B/y")
    scene.ask(c.FormCoalition, coalition="g", invited=("A", "B"))
    scene.ask(c.Join, by="A", coalition="g", shares=Sharing.NOTHING)
    scene.ask(c.Join, by="B", coalition="g", shares=Sharing.VOLUMES)
    assert scene.ask(c.EnterStatement, by="A", statement=said("s", about)).contents[0].code
    scene.ask(c.Join, by="B", coalition="g", shares=Sharing.INTENTS)
    mine = replace(said("s", about), speaker=Speaker("A"))
    assert isinstance(
        scene.ask(c.EnterStatement, by="A", statement=mine).contents[0], ToldStatement
    )
    assert not any(
        isinstance(content, (ToldStatement, Message)) and b"B/y" in msgspec.json.encode(content)
        for notice in scene.notices("C")
        for content in notice.contents
    )


def test_what_was_said_stays_said(scene):
    scene.ask(c.EnterOccurrence, occurrence=event(), public=True)
    scene.ask(c.EnterStatement, by="B", statement=said())
    denial = said(position=Position.DENIES)
    (refused,) = scene.ask(c.EnterStatement, by="B", statement=denial).contents
    assert refused.code == "exists"
    # another's of the same identifier is another
    mine = replace(denial, speaker=Speaker("A"))
    assert isinstance(
        scene.ask(c.EnterStatement, by="A", statement=mine).contents[0], ToldStatement
    )
