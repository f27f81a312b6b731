"""``detente record``: against a real service, and between two of them by way of STIX."""

import json

import msgspec
import pytest

from detente.cli import main
from detente.record.entry import Said
from tests.api.service import running_service

PAGE = {
    "events": [{
        "id": "ev", "description": "aircraft are said to have flown",
        "start": "2026-07-01T12:00:00Z", "end": "2026-07-01T13:00:00Z", "place": "the lake",
        "questions": [["flown", "Did aircraft of A fly there?"]],
    }],
    "statements": [
        {"id": "one", "about": {"kind": "event", "id": "ev"}, "position": "indicates",
         "speaker": {"side": "B", "role": "spokesman"}, "claim": "A flew", "outlet": "AFP",
         "said": "2026-07-02T09:00:00Z", "public": True},
        {"id": "two", "about": {"kind": "statement", "id": "authority/one"}, "position": "denies",
         "speaker": {"side": "B"}, "claim": "B said so"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def services():
    with running_service() as first, running_service() as second:
        for service in (first, second):
            service.register("A", "B")
        yield first, second


@pytest.fixture
def run(services, monkeypatch, capsys):
    def run(*tokens, role="authority", who="tower", of=0):
        monkeypatch.setenv("DETENTE_URL", services[of].url)
        monkeypatch.setenv("DETENTE_TOKEN", services[of].token(role, who))
        code = main(["record", *tokens])
        return code, *capsys.readouterr()

    return run


def said(services, of):
    with services[of].client("authority", "tower") as http:
        body = http.get("/v1/airspace/statements").json()["items"]
    return {one.name: one for one in msgspec.convert(body, list[Said])}


def test_what_is_entered_graded_shared_and_carried_to_another(services, run, tmp_path):
    page = json.loads(json.dumps(PAGE))
    file = tmp_path / "page.json"
    file.write_text(json.dumps(page))
    code, _, err = run("enter", str(file))
    assert (code, "public" in err) == (2, True)  # not a field of a statement
    del page["statements"][0]["public"]
    file.write_text(json.dumps(page))
    code, out, _ = run("enter", str(file), "--public")
    assert code == 0
    assert out.splitlines() == [
        "event ev: on record", "statement authority/one: on record",
        "statement authority/two: on record",
    ]  # fmt: skip
    mine = tmp_path / "mine.json"
    own = {"id": "no", "about": {"kind": "event", "id": "ev"}, "position": "denies",
           "speaker": {"side": "A"}, "claim": "A flew"}  # fmt: skip
    mine.write_text(json.dumps({"statements": [own]}))
    assert run("enter", str(mine), role="party", who="A")[0] == 0
    assert run("grade", "A/no", "c3", "--reason", "as usual")[1] == (
        "A/no: C3 (fairly reliable; possibly true)\n"
    )
    assert run("grade", "A/no", "Z9")[0] == 2
    assert "A/no" not in run("list", role="party", who="B")[1]
    assert run("share", "no", "--shared", "B", role="party", who="A")[0] == 0
    assert "A/no" in run("list", role="party", who="B")[1]
    bundle = tmp_path / "ev.json"
    code, out, _ = run("export", "ev", "--out", str(bundle))
    assert (code, "3 statements" in out) == (0, True)
    code, out, _ = run("import", str(bundle), "--public", of=1)
    assert (code, out.splitlines()[0]) == (0, "3 statements entered; 0 on record already")
    code, out, _ = run("import", str(bundle), of=1)
    assert out.splitlines()[0] == "0 statements entered; 4 on record already"
    there = said(services, 1)
    assert set(there) == {"authority/one", "authority/two", "authority/A-no"}
    first = said(services, 0)["authority/one"].statement
    assert there["authority/one"].statement == first
    assert there["authority/A-no"].grade is None  # how others grade is theirs


def test_what_is_no_bundle_is_said(run, tmp_path):
    file = tmp_path / "no.json"
    file.write_text('{"type": "report"}')
    code, _, err = run("import", str(file))
    assert (code, "no STIX bundle" in err, "no.json" in err) == (2, True, True)


def test_what_another_system_says_is_put_onto_an_event(run, services, tmp_path):
    made = {"spec_version": "2.1", "created": "2026-05-12T08:17:27.000Z",
            "modified": "2026-05-12T08:17:27.000Z"}  # fmt: skip
    of = "b01efc25-77b4-4003-b18b-f6e24b5cd9f7"
    objects = [
        {"type": "identity", "id": f"identity--{of}", "name": "Oscar", **made},
        {"type": "incident", "id": f"incident--{of}", "name": "It flew", **made},
        {"type": "opinion", "id": f"opinion--{of}", "opinion": "strongly-disagree",
         "created_by_ref": f"identity--{of}", "object_refs": [f"incident--{of}"], **made},
    ]  # fmt: skip
    page = tmp_path / "page.json"
    event = {"id": "theirs", "description": "flights", "start": "2026-07-01T12:00:00Z",
             "end": "2026-07-01T13:00:00Z"}  # fmt: skip
    page.write_text(json.dumps({"events": [event]}))
    assert run("enter", str(page))[0] == 0
    file = tmp_path / "foreign.json"
    file.write_text(json.dumps({"type": "bundle", "id": f"bundle--{of}", "objects": objects}))
    code, out, _ = run("import", str(file))
    assert (code, out.splitlines()[0]) == (1, "0 statements entered; 0 on record already")
    assert f"--onto names the event of another system's incidents: opinion--{of}" in out
    assert run("import", str(file), "--onto", "theirs")[1].startswith("1 statement entered")
    entered = said(services, 0)[f"authority/opinion--{of}"].statement
    assert (entered.about.id, entered.position.value) == ("theirs", "denies")
