"""``detente tracks``, ``alerts`` and ``intents aircraft``, against a real service."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from detente.authority.register import Alert, Avoid
from detente.cli import main
from detente.client import Client
from detente.watch.track import Conformance, Fix, Track, Unseen
from tests.api.service import running_service
from tests.client.flights import START, box, line

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def service():
    with running_service() as started:
        started.register("A", "B")
        with Client(started.url, started.token("party", "A")) as a:
            a.file("x", line(10.0))
        with Client(started.url, started.token("authority", "tower")) as tower:
            seen = Track("radar-7", Conformance.UNDECLARED, NOW, Fix(NOW, 50.0, 5.0, 20_000.0),
                         speed=200.0, sources=("radar",))  # fmt: skip
            near = Alert("n", "track:radar-7", "intent:A/x", START + timedelta(minutes=1), 900.0,
                         avoid=(Avoid("A", "x", box(10.0)),))  # fmt: skip
            tower.observe(tracks=[seen], unseen=[Unseen("A/x", NOW)], alerts=[near])
        yield started


@pytest.fixture
def run(service, monkeypatch, capsys):
    def run(*tokens, role="authority", who="tower"):
        monkeypatch.setenv("DETENTE_URL", service.url)
        monkeypatch.setenv("DETENTE_TOKEN", service.token(role, who))
        code = main(tokens)
        return code, *capsys.readouterr()

    return run


def test_what_was_seen_is_listed_and_evidence_is_attached(run):
    code, out, _ = run("tracks")
    assert code == 0
    for words in ("radar-7", "undeclared", "20,000 ft", "389", "1 track", "not seen since", "A/x"):
        assert words in out
    assert run("tracks", "--conformance", "conforming")[1].startswith("0 tracks")
    assert "0 tracks" in run("tracks", "--ended")[1]
    code, out, _ = run("tracks", "indicate", "radar-7", "F-4", "--by", "a camera", "--sure", "0.7")
    assert (code, out) == (0, "radar-7: looks like F-4, says a camera\n")
    (seen,) = msgspec.json.decode(run("tracks", "--json")[1])["tracks"]
    assert seen["indications"][0]["indication"]["sure"] == 0.7
    assert run("tracks", "indicate", "radar-8", "F-4", "--by", "me")[0] == 2
    assert run("tracks", role="party", who="A")[0] == 2


def test_a_party_is_told_what_to_avoid_and_no_more(run):
    code, out, _ = run("alerts", role="party", who="A")
    assert (code, "1 alert" in out, "radar" in out) == (1, True, False)
    assert run("alerts", role="party", who="B")[:2] == (0, "0 alerts\n")
    code, out, _ = run("alerts", "--all")
    assert (code, "radar-7" in out, "A" in out) == (1, True, True)
    assert run("alerts", "--all", role="party", who="A")[0] == 2
    (told,) = msgspec.json.decode(run("alerts", "--json", role="party", who="A")[1])
    assert set(told) == {"type", "alert", "intent", "volume", "over"}


def test_an_aircraft_is_named(run):
    party = {"role": "party", "who": "A"}
    named = ("intents", "aircraft", "x", "--callsign", "abc1", "--address", "4B1816", "--json")
    code, out, _ = run(*named, **party)
    told = msgspec.json.decode(out)["aircraft"]
    assert (code, told["callsign"], told["address"]) == (0, "ABC1", "4b1816")
    code, _, err = run("intents", "aircraft", "x", "--address", "xyz", **party)
    assert (code, "hexadecimal" in err) == (2, True)
