"""The commands over a service, against a real one."""

import json
import os
import signal
import subprocess

import pytest

from detente.client.flight import read_filings
from tests.api.service import running_service
from tests.cli.conftest import COMMAND, Run
from tests.client.flights import START, crossing, line


@pytest.fixture(scope="module")
def service():
    with running_service() as started:
        started.register("north", "south")
        yield started


@pytest.fixture
def asked(within: Run, service, monkeypatch):
    """Run a command as somebody; the token is where it is to be."""

    def run(who, *arguments):
        role = "authority" if who == "tower" else "party"
        monkeypatch.setenv("DETENTE_URL", service.url)
        monkeypatch.setenv("DETENTE_TOKEN", service.token(role, who))
        return within(*arguments)

    return run


def feature(name, extent, **properties):
    """A flight as GeoJSON, as people write it."""
    stops = [START.timestamp() + s for s in extent.seconds]
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [list(p) for p in zip(extent.lon, extent.lat, strict=True)],
        },
        "properties": {
            "flight_id": name, "alt_baro_ft": list(extent.alt), "times": stops, **properties,
        },
    }  # fmt: skip


def write(folder, *features):
    path = folder / "flights.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_refusal_and_what_is_taken_instead(asked, tmp_path):
    path = write(tmp_path, feature("ONE", line(10.0)))
    result = asked("north", "file", path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "1 intent: 1 accepted" in result.stdout
    assert "ONE" in result.stdout
    path = write(tmp_path, feature("TWO", crossing(10.0)), feature("THREE", line(11.0)))
    result = asked("south", "file", path, "--json")
    assert result.returncode == 1
    two, three = json.loads(result.stdout)
    assert (two["state"], two["because"], three["state"]) == ("refused", "conflict", "accepted")
    offers = two["alternatives"]["offers"]
    result = asked("south", "alternatives", "TWO")
    assert result.returncode == 0
    assert f"{len(offers)} alternatives, to be taken until" in result.stdout
    assert offers[0]["id"] in result.stdout
    assert json.loads(asked("south", "alternatives", "TWO", "--json").stdout)["offers"] == offers
    result = asked("south", "alternatives", "TWO", "--take", offers[0]["id"])
    assert (result.returncode, "accepted" in result.stdout) == (0, True)
    assert asked("south", "alternatives", "TWO").returncode == 1
    result = asked("south", "alternatives", "TWO", "--take", offers[0]["id"])
    assert (result.returncode, result.stdout) == (2, "")


def test_what_cannot_be_filed(asked, tmp_path, monkeypatch, within):
    path = write(tmp_path, feature("A1", line(20.0)), feature("B/1", line(21.0)))
    result = asked("north", "file", path, "--json")
    assert result.returncode == 2
    assert [i["intent"] for i in json.loads(result.stdout)] == ["A1"]
    assert "B/1" in result.stderr
    result = asked("north", "file", path, "--intent", "A1")
    assert (result.returncode, result.stdout) == (2, "")
    (told,) = result.stderr.splitlines()
    assert told.startswith("detente: ")
    assert "A1" in told
    assert asked("north", "file", path, "--intent", "C").returncode == 2
    assert asked("north", "file", "none.geojson").returncode == 2
    path = write(tmp_path, feature("A1", line(20.0, level=30_000.0)))
    result = asked("north", "file", path, "--amend", "--json")
    (amended,) = json.loads(result.stdout)
    assert (result.returncode, amended["version"]) == (0, 2)
    assert (
        json.loads(asked("north", "file", path, "--intent", "NEW", "--json").stdout)[0]["intent"]
        == "NEW"
    )
    result = asked("tower", "file", path)
    assert (result.returncode, "scope" in result.stderr) == (2, True)
    monkeypatch.delenv("DETENTE_TOKEN")
    assert "DETENTE_TOKEN" in within("intents").stderr
    (tmp_path / "token").write_text("no.t.token\n")
    result = within("intents", "--token-file", "token")
    assert (result.returncode, "token" in result.stderr) == (2, True)
    result = within("intents", "--token", "a.b.c", "--url", "http://127.0.0.1:9", "--within", "1s")
    assert (result.returncode, "is the service there?" in result.stderr) == (2, True)


def test_the_steps_of_a_flight(asked, tmp_path):
    path = write(tmp_path, feature("STEPS", line(30.0)), feature("BACK", line(31.0)))
    assert asked("north", "file", path, "--precedence", "state").returncode == 0
    result = asked("north", "intents", "activate", "STEPS")
    assert (result.returncode, "activate it from" in result.stderr) == (2, True), result.stderr
    result = asked("north", "intents", "withdraw", "BACK", "--version", "9")
    assert (result.returncode, result.stdout) == (2, "")
    result = asked("north", "intents", "withdraw", "BACK")
    assert (result.returncode, "withdrawn" in result.stdout) == (0, True)
    listed = json.loads(asked("north", "intents", "--bbox", "4,29,6,30.5", "--json").stdout)
    assert [i["intent"] for i in listed] == ["STEPS"]
    result = asked("north", "intents", "list", "--state", "ended")
    assert ("BACK" in result.stdout, "STEPS" in result.stdout) == (True, False)
    assert "STEPS" in asked("north", "intents", "show", "STEPS").stdout
    assert asked("north", "intents", "show", "NONE").returncode == 2
    assert asked("north", "intents", "--from", "2026-07-01T12:00:00").returncode == 2
    shown = asked("north", "intents", "show", "STEPS", "--geojson").stdout
    (tmp_path / "again.geojson").write_text(shown)
    (again,) = read_filings(tmp_path / "again.geojson")
    assert (again.intent, again.extent, again.precedence) == ("STEPS", line(30.0), "state")


def test_the_authority(asked, tmp_path):
    asked("north", "file", write(tmp_path, feature("HELD", line(40.0))))
    shut = tmp_path / "shut.geojson"
    shut.write_text(json.dumps({
        "type": "Feature", "id": "R-40",
        "geometry": {"type": "Point", "coordinates": [5.0, 40.0]},
        "properties": {"radius": "10nm", "lower": "GND", "upper": "FL400"},
    }))  # fmt: skip
    result = asked("tower", "constraints", "publish", shut, "--reason", "a fire")
    assert result.returncode == 0
    assert "constraint published: constraint R-40, version 1" in result.stdout
    assert "intent held: party north, intent HELD" in result.stdout
    listed = asked("north", "constraints")
    assert ("R-40" in listed.stdout, "a fire" in listed.stdout) == (True, True)
    (known,) = json.loads(asked("north", "constraints", "--geojson").stdout)["features"]
    assert known["properties"]["constraint"] == "R-40"
    assert asked("south", "constraints", "lift", "R-40").returncode == 2
    result = asked("tower", "constraints", "lift", "R-40", "--json")
    assert json.loads(result.stdout)["events"][0]["type"] == "ConstraintLifted"
    assert asked("tower", "intents", "hold", "north/HELD", "--reason", "a test").returncode == 0
    shown = json.loads(asked("tower", "intents", "show", "north/HELD", "--json").stdout)
    assert (shown["party"], shown["state"]) == ("north", "held")
    asked("tower", "intents", "release", "north/HELD", "--reason", "over")
    result = asked(
        "tower", "intents", "impose", "north/HELD", "--reason", "later", "--delay", "5min"
    )
    assert (result.returncode, "intent imposed" in result.stdout) == (0, True), result.stderr
    every = json.loads(asked("tower", "intents", "--all", "--json").stdout)
    assert "HELD" in {i["id"] for i in every}
    asked("south", "file", write(tmp_path, feature("OVER", crossing(40.0))), "--json")
    for verb in ("override", "hold"):
        result = asked("tower", "intents", verb, "north/HELD", "--reason", "x", "--version", "99")
        assert (result.returncode, result.stdout) == (2, "")


def test_a_cycle(asked, tmp_path):
    begin = START.replace(hour=0).isoformat()
    begin = begin.replace(begin[:10], "2190-01-01")
    end, cutoff = begin.replace("T00", "T06"), begin.replace("2190", "2189")
    times = ["--start", begin, "--end", end, "--cutoff", cutoff]
    result = asked("tower", "cycle", "open", "D1", *times)
    assert (result.returncode, "cycle opened: cycle D1" in result.stdout) == (0, True)
    assert "D1" in asked("north", "cycle").stdout
    assert asked("tower", "cycle", "close", "D1").returncode == 2
    assert json.loads(asked("north", "cycle", "plan", "D1", "--json").stdout)["intents"] == []
    assert "0 intents" in asked("north", "cycle", "plan", "D1").stdout
    assert asked("north", "cycle", "open", "D2", *times).returncode == 2


def test_events_come_until_interrupted(asked, service, tmp_path):
    environment = {
        **os.environ, "DETENTE_URL": service.url, "DETENTE_TOKEN": service.token("party", "south"),
    }  # fmt: skip
    with subprocess.Popen(
        [*COMMAND, "events", "--after", "0"], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as following:  # fmt: skip
        assert "PartyRegistered: party south" in following.stdout.readline()
        asked("south", "file", write(tmp_path, feature("TOLD", line(50.0))))
        lines = iter(following.stdout.readline, "")
        told = next(text for text in lines if "TOLD" in text)
        assert "intent TOLD: accepted, version 1" in told
        following.send_signal(signal.SIGINT)
        assert following.wait(60) == 130


def test_the_token_is_not_shown(asked):
    result = asked("north", "file", "--help")
    assert result.returncode == 0
    assert os.environ["DETENTE_TOKEN"][:20] not in result.stdout
