"""What a party knew at a time is what its lists gave then: registered, shared with, told, or not.

Each test asks a party's lists as it goes along, and afterwards what it knew at those times.
"""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from detente.authority import Charter, Path4D, Sharing, Volume4D
from detente.authority import command as c
from detente.authority.register import Effect
from detente.record.occurrence import Occurrence
from detente.record.statement import Position, Speaker, Statement, Subject, SubjectKind
from tests.api.asking import Request
from tests.api.stage import Inside

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FIRE = (Volume4D(centre=(46.0, 9.0), radius=10_000.0),)
LISTS = (
    "intents", "shared", "constraints", "cycles", "coalitions", "alerts", "occurrences",
    "statements",
)  # fmt: skip


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    with closing(Inside(tmp_path_factory.mktemp("knowing"), NOON.timestamp(), 10_000)) as stage:
        yield stage


class Day:
    """An airspace whose minutes pass as things are said, and who asks what."""

    def __init__(self, stage):
        self.stage = stage
        self.desk = stage.begin()
        self.minutes = 0
        self.said = []
        self.say(c.Found, charter=Charter())

    @property
    def now(self):
        return NOON + timedelta(minutes=self.minutes)

    def say(self, kind, **what):
        """Have something written, a minute after the last."""
        self.minutes += 1
        self.stage.seconds = self.now.timestamp()
        answer = self.desk.submit(kind(at=self.now, key=f"k{self.minutes}", **what))
        assert "CommandRejected" not in repr(answer), answer
        assert "Refusal" not in repr(answer), answer

    def register(self, *parties):
        for party in parties:
            self.say(c.RegisterParty, party=party)

    def ask(self, party, path, role="party"):
        exchange = self.stage.ask(Request(role, party, "GET", path))
        assert exchange.status == 200, exchange
        return msgspec.json.decode(exchange.body)

    def lists(self, party):
        """Give what all of a party's lists say now."""
        found = {name: self.ask(party, f"/v1/{name}") for name in LISTS}
        return {k: v["items"] if isinstance(v, dict) else v for k, v in found.items()}

    def look(self, party):
        """Note what a party knows now."""
        self.said.append((party, self.now, self.lists(party)))
        return self.said[-1][2]

    def then(self, party, at):
        """Give what a party knew at a time, and whether it was registered."""
        known = self.ask(party, f"/v1/past?at={at:%Y-%m-%dT%H:%M:%S}Z")
        return {name: known[name] for name in LISTS}, known["registered"]

    def check(self):
        """See that each party's past is what it was shown at the time, in whatever order."""
        self.minutes += 1
        for party, at, known in (*reversed(self.said), *self.said):
            assert self.then(party, at) == (known, True), (party, at)
            assert self.then(party, at + timedelta(seconds=59)) == (known, True)


def flight(lane, hours=1):
    return Path4D(
        start=NOON + timedelta(hours=hours), seconds=(0.0, 1200.0), lat=(45.0 + lane,) * 2,
        lon=(6.0, 8.0), alt=(35_000.0,) * 2,
    )  # fmt: skip


def spoken(id, side="un"):
    about = Subject(SubjectKind.EVENT, "valley")
    return Statement(id, about, Speaker(side), Position.DECLARES, claim="it was seen")


def test_what_was_public_before_a_party_came_is_in_its_past_from_then_on(inside):
    day = Day(inside)
    day.register("old")
    for k in range(3):
        day.say(c.PublishConstraint, constraint=f"fire-{k}", volumes=FIRE, reason="a fire")
    day.say(c.LiftConstraint, constraint="fire-1", version=1)
    day.say(
        c.AmendConstraint, constraint="fire-2", version=1, volumes=FIRE, reason="smoke",
        effect=Effect.LIMITED, permitted=("new",),
    )  # fmt: skip
    hour = timedelta(hours=1)
    day.say(c.OpenCycle, cycle="day", start=NOON + 5 * hour, end=NOON + 6 * hour,
            cutoff=NOON + 4 * hour)  # fmt: skip
    valley = Occurrence("valley", "It is said.", NOON, NOON + hour)
    day.say(c.EnterOccurrence, occurrence=valley, public=True)
    day.say(c.EnterOccurrence, occurrence=Occurrence("hill", "It is said.", NOON, NOON),
            shared=("new",))  # fmt: skip
    day.say(c.EnterStatement, statement=spoken("all"), public=True)
    day.say(c.EnterStatement, statement=spoken("some"), shared=("new",))
    day.say(c.EnterStatement, statement=spoken("none"))
    day.say(c.File, by="old", intent="secret", extent=flight(0))
    before = day.now
    day.register("new")
    first = day.look("new")
    assert [x["constraint"] for x in first["constraints"]] == ["fire-0", "fire-2"]
    assert [x["permitted"] for x in first["constraints"]] == [False, True]
    assert [x["id"] for x in first["cycles"]] == ["day"]
    assert [x["event"] for x in first["occurrences"]] == ["hill", "valley"]
    assert [x["name"] for x in first["statements"]] == ["authority/all", "authority/some"]
    # what comes later was not known then
    day.say(c.LiftConstraint, constraint="fire-0", version=1)
    day.say(c.PublishConstraint, constraint="fire-1", volumes=FIRE, reason="again")
    day.look("new")
    day.check()

    # before: it was not there, and is shown what everybody could see, but nothing shared with it
    known, registered = day.then("new", before)
    assert not registered
    assert [(x["constraint"], x["permitted"]) for x in known["constraints"]] == [
        ("fire-0", False), ("fire-2", False),
    ]  # fmt: skip
    assert [x["event"] for x in known["occurrences"]] == ["valley"]
    assert [x["name"] for x in known["statements"]] == ["authority/all"]
    assert not any(known[name] for name in ("intents", "shared", "coalitions", "alerts"))
    # nothing was public before anything was
    known, registered = day.then("new", NOON - hour)
    assert (any(known.values()), registered) == (False, False)


def test_who_is_suspended_goes_on_knowing(inside):
    day = Day(inside)
    day.register("north")
    day.say(c.File, by="north", intent="one", extent=flight(0))
    day.look("north")
    day.say(c.Suspend, party="north", reason="unpaid")
    day.say(c.PublishConstraint, constraint="fire", volumes=FIRE, reason="a fire")
    suspended = day.look("north")
    assert [x["constraint"] for x in suspended["constraints"]] == ["fire"]
    assert [x["intent"] for x in suspended["intents"]] == ["one"]
    day.say(c.Withdraw, by="north", intent="one", version=1)
    day.look("north")
    day.say(c.Reinstate, party="north")
    day.look("north")
    day.check()


def test_what_fellows_share_is_known_while_they_share_it(inside):
    day = Day(inside)
    day.register("north", "south", "east", "west")
    day.say(c.FormCoalition, coalition="ring", invited=("north", "south", "east"))
    for k, party in enumerate(("south", "east", "west")):
        day.say(c.File, by=party, intent=f"{party}-1", extent=flight(k))
    day.say(c.Join, by="south", coalition="ring", shares=Sharing.INTENTS)
    day.say(c.Join, by="east", coalition="ring", shares=Sharing.VOLUMES)
    assert day.look("north")["shared"] == []
    day.say(c.Join, by="north", coalition="ring")
    joined = day.look("north")["shared"]
    assert [x.get("intent", "volumes") for x in joined] == ["volumes", "south-1"]
    day.say(c.Activate, by="south", intent="south-1", version=1)
    day.look("north")
    day.say(c.File, by="south", intent="south-2", extent=flight(5))
    assert len(day.look("north")["shared"]) == 3
    day.say(c.Join, by="east", coalition="ring", shares=Sharing.INTENTS)
    assert [x["intent"] for x in day.look("north")["shared"]] == ["east-1", "south-1", "south-2"]
    day.say(c.Join, by="south", coalition="ring", shares=Sharing.NOTHING)
    assert [x["intent"] for x in day.look("north")["shared"]] == ["east-1"]
    day.say(c.Leave, by="north", coalition="ring")
    assert day.look("north")["shared"] == []
    day.check()
    assert day.then("west", day.now)[0]["shared"] == []


def test_what_is_shared_later_was_not_known_before(inside):
    day = Day(inside)
    day.register("north", "south")
    valley = Occurrence("valley", "It is said.", NOON, NOON + timedelta(hours=1))
    day.say(c.EnterOccurrence, occurrence=valley, shared=("south",))
    day.say(c.EnterStatement, by="south", statement=spoken("s1", ""))
    assert day.look("north")["statements"] == []
    day.say(c.ShareStatement, by="south", statement="s1", shared=("north",))
    (said,) = day.look("north")["statements"]
    assert (said["name"], said["public"]) == ("south/s1", False)
    assert day.look("north")["occurrences"] == []
    day.say(c.AmendOccurrence, occurrence=valley, version=1, shared=("north",))
    assert [x["version"] for x in day.look("north")["occurrences"]] == [2]
    day.say(c.ShareStatement, by="south", statement="s1", public=True)
    assert day.look("north")["statements"][0]["public"]
    day.check()


def test_what_was_swept_was_known_until_then(inside):
    day = Day(inside)
    day.register("north")
    day.say(c.File, by="north", intent="one", extent=flight(0))
    day.say(c.Withdraw, by="north", intent="one", version=1)
    assert len(day.look("north")["intents"]) == 1
    day.minutes += 3 * 24 * 60
    day.say(c.Sweep)
    assert day.look("north")["intents"] == []
    day.check()


def test_it_says_why_as_its_notices_did(inside):
    day = Day(inside)
    day.register("north", "south")

    def why(name):
        told = [
            content
            for notice in day.ask("north", f"/v1/notices?after={day.heard}")["items"]
            for content in notice["contents"]
            if content["type"] == "OwnIntent"
        ]
        day.heard = day.ask("north", "/v1/notices")["items"][-1]["number"]
        (own,) = day.look("north")["intents"]
        assert own == day.ask("north", "/v1/intents/one")
        # the first of this version: what it could do instead comes after, and is no other
        spoken = next(content for content in told if content["version"] == own["version"])
        kept = {key: own[key] for key in ("because", "constraints", "reason", "airborne", name)}
        assert kept == {key: spoken[key] for key in kept}
        return [own["state"], own["because"], own["constraints"], own["reason"], own["airborne"]]

    day.heard = len(day.ask("north", "/v1/notices")["items"])
    day.say(c.File, by="south", intent="first", extent=flight(0))
    day.say(c.File, by="north", intent="one", extent=flight(0))
    assert why("precedence") == ["refused", "conflict", [], "", False]
    hand = {"party": "north", "intent": "one"}
    day.say(c.Impose, version=1, feet=1_000.0, reason="to begin with", **hand)
    assert why("changed") == ["accepted", "", [], "to begin with", False]
    there = (Volume4D(centre=(45.0, 7.0), radius=10_000.0),)
    day.say(c.PublishConstraint, constraint="fire", volumes=there, reason="a fire")
    assert why("constraints") == ["held", "constraint", ["fire"], "", False]
    day.say(c.Override, version=3, reason="they help", **hand)
    assert why("changed") == ["accepted", "", [], "they help", False]
    day.say(c.Activate, by="north", intent="one", version=4)
    day.say(c.Hold, version=5, reason="too much smoke", **hand)
    assert why("changed") == ["held", "authority", [], "too much smoke", True]
    day.say(c.End, by="north", intent="one", version=6)
    assert why("ended") == ["ended", "", [], "", False]
    day.check()


def test_who_is_no_party_is_shown_what_was_public(inside):
    day = Day(inside)
    day.register("north", "press")
    day.say(c.PublishConstraint, constraint="fire", volumes=FIRE, reason="a fire",
            effect=Effect.LIMITED, permitted=("press",))  # fmt: skip
    valley = Occurrence("valley", "It is said.", NOON, NOON)
    day.say(c.EnterOccurrence, occurrence=valley, public=True)
    day.say(c.EnterStatement, statement=spoken("some"), shared=("press",))
    day.say(c.File, by="press", intent="secret", extent=flight(0))
    then = day.now
    day.say(c.LiftConstraint, constraint="fire", version=1)
    # whatever they are called: a party may have that name
    for role in ("authority", "observer", "lead"):
        day.minutes += 1
        inside.seconds = day.now.timestamp()
        known = day.ask("press", f"/v1/past?at={then:%Y-%m-%dT%H:%M:%S}Z", role)
        assert not known["registered"]
        assert [(x["constraint"], x["permitted"]) for x in known["constraints"]] == [
            ("fire", False)
        ]
        assert [x["event"] for x in known["occurrences"]] == ["valley"]
        assert not any(known[name] for name in LISTS if name not in ("constraints", "occurrences"))
    assert day.then("press", then)[0]["constraints"][0]["permitted"]


def test_who_is_called_like_a_party_is_not_that_party(inside):
    day = Day(inside)
    day.register("press")
    day.say(c.PublishConstraint, constraint="fire", volumes=FIRE, reason="a fire",
            effect=Effect.LIMITED, permitted=("press",))  # fmt: skip
    day.say(c.File, by="press", intent="secret", extent=flight(0))
    assert day.ask("press", "/v1/intents")["items"]
    for role in ("observer", "lead", "authority"):
        assert day.ask("press", "/v1/intents", role)["items"] == []
        asked = Request(role, "press", "GET", "/v1/intents/secret")
        assert inside.ask(asked).status == 404
        (fire,) = day.ask("press", "/v1/constraints", role)["items"]
        assert fire["permitted"] is False
        assert day.ask("press", "/v1/charter", role)["claims"] == []
        assert day.ask("press", "/v1/alerts", role) == []


def test_the_charter_is_read_by_all(inside):
    day = Day(inside)
    day.say(c.RegisterParty, party="north", highest="humanitarian")
    known = day.ask("north", "/v1/charter")
    laid = msgspec.json.decode(msgspec.json.encode(Charter()))
    assert known["charter"] == laid
    assert known["claims"] == ["humanitarian", "state", "scheduled", "other"]
    assert known["limits"]["duration"] == 172_800.0
    # nothing of anybody's follows from it
    day.say(c.File, by="north", intent="one", extent=flight(0))
    day.register("south")
    assert day.ask("north", "/v1/charter") == known
    for role in ("observer", "lead", "authority"):
        assert day.ask("tower", "/v1/charter", role) == {**known, "claims": []}


def test_a_time_has_an_offset(inside):
    Day(inside).register("north")
    asked = Request("party", "north", "GET", "/v1/past?at=2026-07-01T12:00:00")
    assert b"without an offset" in inside.ask(asked).body
