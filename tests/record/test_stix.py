"""STIX 2.1: out and in again is the same; what others write is read as far as it goes."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detente.errors import InputError
from detente.record.bundle import read_bundle
from detente.record.statement import Grade, Position, Speaker, Subject, SubjectKind
from detente.record.stix import EXTENSION, bundle_of, opinion_of
from tests.record.scene import DAY, EVENT, entered, said, seen
from tests.record.worlds import statements, tracks

QUICK = settings(max_examples=40, deadline=None)


def out(made, seen=(), origin="lake"):
    return json.loads(bundle_of(entered(), made, seen, origin=origin))


def objects(bundle, kind):
    return [one for one in bundle["objects"] if one["type"] == kind]


def relevant(made, seen):
    """Names of those that belong to the event: what a report says."""
    from detente.record.bearing import said_of

    return {one.name for one in said_of(EVENT, made, [one.track.id for one in seen])}


@given(statements(), tracks())
@QUICK
def test_out_and_in_again_is_the_same(made, seen):
    back = read_bundle(bundle_of(entered(), made, seen, origin="lake"))
    want = {}
    for one in made:
        if one.name in relevant(made, seen):
            speaker = one.statement.speaker
            if not one.statement.on_record:  # a name off the record is in no bundle
                speaker = replace(speaker, name="")
            want[one.name] = (replace(one.statement, speaker=speaker), one.by, one.grade)
    got = {f"{r.by}/{r.statement.id}": (r.statement, r.by, r.grade) for r in back.statements}
    assert got == want
    assert back.events == (EVENT,)
    assert set(back.tracks) == {one.track for one in seen}
    assert back.left == ()


@given(statements(), tracks())
@QUICK
def test_a_bundle_is_what_the_standard_says(made, seen):
    """STIX 2.1: 2.9 (identifiers), 2.13 (times), 3.2 (common properties), 4.15, 5.2, 7.3."""
    bundle = out(made, seen)
    ids = [one["id"] for one in bundle["objects"]]
    assert len(ids) == len(set(ids))
    for one in bundle["objects"]:
        assert re.fullmatch(rf"{one['type']}--[0-9a-f-]{{36}}", one["id"])
        assert one["spec_version"] == "2.1"
        for field in ("created", "modified", "first_seen", "last_seen"):
            if field in one:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z", one[field])
        assert one["created"] <= one["modified"]
        for ref in ("created_by_ref", "sighting_of_ref", "source_ref", "target_ref"):
            assert ref not in one or one[ref] in ids
        assert all(value not in ("", [], None) for value in one.values())
        for extension in one.get("extensions", {}):
            assert extension in ids
    for one in objects(bundle, "opinion"):
        assert one["object_refs"]
        assert one["opinion"] in {
            "strongly-disagree", "disagree", "neutral", "agree", "strongly-agree",
        }  # fmt: skip
    for one in objects(bundle, "note"):
        assert one["object_refs"]
        assert one["content"]
    assert "Off" not in json.dumps(bundle)


@given(statements(), tracks())
@QUICK
def test_another_library_takes_a_bundle(made, seen):
    stix2 = pytest.importorskip("stix2", reason="stix2 is not installed")
    bundle = bundle_of(entered(), made, seen, origin="lake").decode()
    parsed = stix2.parse(bundle, allow_custom=False)
    assert len(parsed.objects) == len(json.loads(bundle)["objects"])


def test_identifiers_follow_from_what_they_stand_for():
    one, two = said("US", "denies", id="a"), said("US", "denies", id="b")
    assert out([one, two]) == out([two, one])
    first = {x["id"] for x in out([one])["objects"]}
    assert first < {x["id"] for x in out([one, two])["objects"]}
    assert not {x["id"] for x in objects(out([one], origin="sea"), "opinion")} & first


def test_a_name_off_the_record_is_in_no_bundle():
    made = [said("US", "denies", name="Hidden Person", on_record=False)]
    assert b"Hidden" not in bundle_of(entered(), made, origin="lake")


MAPPING = [
    ("declares", "", "strongly-agree"),
    ("confirms", "", "strongly-agree"),
    ("confirms", "it seems", "agree"),
    ("indicates", "", "agree"),
    ("denies", "", "strongly-disagree"),
    ("denies", "it seems", "disagree"),
    ("cannot confirm", "", "neutral"),
    ("did not coordinate", "", ""),
]


@pytest.mark.parametrize(("position", "hedge", "opinion"), MAPPING)
def test_the_scale(position, hedge, opinion):
    one = said("US", position, hedge=hedge, scope="with")
    assert opinion_of(one.statement) == opinion
    kind = "opinion" if opinion else "note"
    assert len(objects(out([one]), kind)) == 1


def test_a_track_is_a_sighting_and_a_grade_a_note_of_the_authority():
    bundle = out([said("US", "denies", id="a", track="t1", grade="B2")], [seen()])
    (sighting,) = objects(bundle, "sighting")
    (opinion,) = objects(bundle, "opinion")
    (note,) = objects(bundle, "note")
    assert opinion["object_refs"] == [sighting["id"]]
    assert note["object_refs"] == [opinion["id"]]
    assert sighting["count"] == 3
    names = {one["id"]: one["name"] for one in objects(bundle, "identity")}
    assert names[note["created_by_ref"]] == "The authority of lake"
    assert [names[ref] for ref in sighting["where_sighted_refs"]] == ["radar-1"]
    assert names[opinion["created_by_ref"]] == "US (N. N.)"


def foreign(**changes):
    """Give a bundle that another system might write."""
    incident = {"type": "incident", "id": "incident--1", "name": "lake"}
    who = {"type": "identity", "id": "identity--1", "name": "A cell", "identity_class": "group"}
    opinion = {
        "type": "opinion", "id": "opinion--1", "created": "2030-05-01T10:00:00.000Z",
        "created_by_ref": "identity--1", "opinion": "disagree", "explanation": "No.",
        "object_refs": ["incident--1", "malware--2"], **changes,
    }  # fmt: skip
    return {"type": "bundle", "id": "bundle--1", "objects": [incident, who, opinion]}


def test_an_opinion_of_another_system():
    got = read_bundle(json.dumps(foreign()))
    (one,) = got.statements
    statement = one.statement
    assert (statement.about, statement.position) == (
        Subject(SubjectKind.EVENT, "incident--1"), Position.DENIES,
    )  # fmt: skip
    assert statement.speaker == Speaker("A cell")
    assert statement.hedge
    assert statement.published == DAY.replace(hour=10)
    assert "No." in statement.citation
    assert one.by == ""
    assert one.grade is None
    reason = "an object of type 'incident', which says nothing of a flight"
    assert [(x.reason, x.count) for x in got.left] == [(reason, 1)]


def test_an_opinion_on_what_detente_wrote_is_on_that():
    bundle = out([said("US", "denies", id="a")], [seen()])
    refs = {"event": "incident", "track": "sighting", "statement": "opinion"}
    names = {"event": "ev", "track": "t1", "statement": "authority/a"}
    for kind, type in refs.items():
        (target,) = objects(bundle, type)
        other = foreign(object_refs=[target["id"]])
        other["objects"] += bundle["objects"]
        found = [r.statement for r in read_bundle(json.dumps(other)).statements if not r.by]
        assert [one.about for one in found] == [Subject(SubjectKind(kind), names[kind])]


def test_a_sighting_of_another_system_and_one_of_nothing():
    def sight(**fields):
        bundle = foreign()
        bundle["objects"][2] = {
            "type": "sighting", "id": "sighting--1", "created": "2030-05-01T10:00:00Z",
            "sighting_of_ref": "incident--1", "where_sighted_refs": ["identity--1"], **fields,
        }  # fmt: skip
        return [one.statement for one in read_bundle(json.dumps(bundle)).statements]

    (saw,), (never,) = sight(), sight(count=0)
    assert (saw.position, saw.scope, saw.speaker.side) == (Position.INDICATES, "seen", "A cell")
    assert never.position is Position.DENIES
    assert sight(sighting_of_ref="malware--1") == []


BROKEN = [
    ({"opinion": "perhaps"}, "an opinion that is not on the scale"),
    ({"object_refs": []}, "an opinion on nothing"),
    ({"object_refs": 7}, "an opinion on nothing"),
    ({"object_refs": ["malware--1", 3]},
     "an opinion on what is no event, track, flight or statement"),
    ({"created": "yesterday"}, "an object whose fields cannot be read"),
    ({"created": "2030-05-01T10:00:00"}, "an object whose time has no offset"),
    ({"revoked": True}, "an object that was revoked"),
    ({"id": 3}, "no STIX object: it has no type or no id"),
    ({"type": "campaign"}, "an object of type 'campaign', which says nothing of a flight"),
    ({"extensions": {EXTENSION: {"statement": {"id": "x"}}}},
     "an object whose fields cannot be read"),
    ({"extensions": {EXTENSION: {}}}, "an object of Detente's of a kind that is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), BROKEN, ids=[reason for _, reason in BROKEN])
def test_what_is_not_understood_is_counted_and_named(changes, reason):
    got = read_bundle(json.dumps(foreign(**changes)))
    assert got.statements == ()
    left = {one.reason: one for one in got.left}
    assert left[reason].count == 1
    assert left[reason].ids


def test_an_opinion_that_contradicts_what_it_carries_is_left():
    bundle = out([said("US", "denies")])
    (opinion,) = objects(bundle, "opinion")
    opinion["opinion"] = "strongly-agree"
    got = read_bundle(json.dumps(bundle))
    assert got.statements == ()
    assert [one.reason for one in got.left] == ["a statement that its own opinion contradicts"]


def test_a_grade_that_is_none_is_left():
    bundle = out([said("US", "denies", grade="B2")])
    (note,) = objects(bundle, "note")
    note["extensions"][EXTENSION]["grade"]["credibility"] = 9
    got = read_bundle(json.dumps(bundle))
    assert [one.grade for one in got.statements] == [None]
    assert got.left[0].ids == (note["id"],)
    whole = read_bundle(json.dumps(out([said("US", "denies", grade="B2")])))
    assert whole.statements[0].grade == Grade("B", 2)


def test_the_latest_version_of_an_object_counts():
    bundle = foreign()
    newer = {**bundle["objects"][2], "opinion": "neutral", "modified": "2030-05-02T00:00:00Z"}
    bundle["objects"].insert(0, newer)
    (one,) = read_bundle(json.dumps(bundle)).statements
    assert one.statement.position is Position.CANNOT_CONFIRM


@pytest.mark.parametrize("data", ["", "{", "[]", "3", '{"type": "bundle", "objects": 3}', b"\xff",
                                  '{"type": "report"}', "[" * 100_000])  # fmt: skip
def test_what_is_no_bundle_is_refused(data):
    with pytest.raises(InputError, match=r"no JSON|no STIX bundle"):
        read_bundle(data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(0.5) | st.text(max_size=5)
    | st.sampled_from(["opinion", "incident--1", "opinion--1", "2030-05-01T10:00:00Z", "event"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "kind", "a", "statement"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = (
    "type", "id", "created", "modified", "opinion", "object_refs", "authors", "extensions",
    "created_by_ref", "sighting_of_ref", "count", "explanation", "where_sighted_refs",
)  # fmt: skip


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_garbage_fails(data):
    made = [said("US", "denies", id="a", grade="B2"), said("UN", "confirms", on="authority/a")]
    bundle = data.draw(st.sampled_from([foreign(), out(made, [seen()])]))
    for _ in range(data.draw(st.integers(1, 4))):
        k = data.draw(st.integers(0, len(bundle["objects"]) - 1))
        one = bundle["objects"][k]
        if data.draw(st.booleans()):
            bundle["objects"][k] = {**one, data.draw(st.sampled_from(FIELDS)): data.draw(VALUES)}
        elif isinstance(one.get("extensions"), dict) and EXTENSION in one["extensions"]:
            inside = {**one["extensions"][EXTENSION]}
            inside[data.draw(st.sampled_from(sorted(inside)))] = data.draw(VALUES)
            bundle["objects"][k] = {**one, "extensions": {EXTENSION: inside}}
    got = read_bundle(json.dumps(bundle))
    assert sum(one.count for one in got.left) <= len(bundle["objects"])
