"""The client against a real service: every verb, retries, pages, problems, events."""

import asyncio
import json
import threading
from datetime import timedelta

import pytest

import detente
from detente.authority import IntentState
from detente.authority.extent import trajectory_of, volumes_of
from detente.client import (
    AsyncClient,
    Forbidden,
    NotFound,
    Patience,
    Problem,
    Unauthenticated,
    Unreachable,
    WrongVersion,
    forms,
    read_filings,
    to_geojson,
)
from tests.client.flights import START, box, crossing, line
from tests.client.line import line_to


def test_a_flight_from_filing_to_its_end(client):
    north, tower = client("north"), client("tower")
    soon = START - timedelta(hours=2, minutes=30)
    filed = north.file("DAY-1", trajectory_of(line(10.0, start=soon), "x", ""))
    assert (filed.state, filed.version, filed.extent) == ("accepted", 1, line(10.0, start=soon))
    amended = north.amend(filed, line(10.0, start=soon, level=33_000.0), precedence="state")
    assert (amended.version, amended.precedence) == (2, "state")
    assert north.intent("DAY-1") == amended
    active = north.activate(amended)
    assert active.state is IntentState.ACTIVATED
    off = north.nonconforming(active, box(10.0, start=soon))
    assert (off.state, len(off.off_nominal)) == ("nonconforming", 1)
    back = north.activate(off)
    assert back.state == "activated"
    (volume,) = volumes_of((box(10.0, start=soon),), "x")
    lost = north.contingency("DAY-1", [volume], back.version)
    assert lost.state == "contingent"
    assert tower.any_intent("north/DAY-1").off_nominal == (box(10.0, start=soon),)
    assert north.end(lost).ended == "ended"
    assert north.withdraw(north.file("DAY-2", box(10.0))).ended == "withdrawn"


def test_a_refusal_is_an_answer_and_an_alternative_is_taken(client):
    north, south = client("north"), client("south")
    assert north.file("MEET-1", line(12.0)).state == "accepted"
    refused = south.file("MEET-2", crossing(12.0))
    assert (refused.state, refused.because, refused.asked) == (
        "refused", "conflict", crossing(12.0),
    )  # fmt: skip
    told = south.alternatives("MEET-2")
    assert told == refused.alternatives
    taken = south.take(refused, told.offers[0])
    assert (taken.state, taken.changed) == ("accepted", told.offers[0])


def test_the_authority(client):
    north, tower = client("north"), client("tower")
    assert {"north", "south", "east"} <= {party.id for party in tower.parties()}
    tower.register("west", "The west", highest="medical")
    assert tower.party("west").highest == "medical"
    tower.suspend("west", "by mistake")
    assert tower.party("west").suspended
    tower.reinstate("west")
    filed = north.file("HAND-1", line(14.0))
    intent = tower.any_intent("north/HAND-1")
    tower.hold(intent, "a test")
    assert north.intent("HAND-1").state == "held"
    tower.release("north/HAND-1", "over", tower.any_intent("north/HAND-1").version)
    tower.impose(tower.any_intent("north/HAND-1"), "higher, please", feet=1000.0)
    assert set(north.intent("HAND-1").extent.alt) == {36_000.0}
    refused = client("south").file("HAND-2", crossing(14.0, level=36_000.0))
    assert refused.state == "refused"
    (clash,) = [c for c in tower.conflicts() if c.intent == "south/HAND-2"]
    assert clash.met == ("north/HAND-1",)
    tower.override(tower.any_intent("south/HAND-2"), "they see each other")
    assert client("south").intent("HAND-2").state == "accepted"
    names = {i.name for i in tower.every_intent(bbox=(4.0, 13.0, 6.0, 15.0))}
    assert names == {"north/HAND-1", "south/HAND-2"}
    assert {i.party for i in tower.every_intent(party="south")} == {"south"}
    assert filed.version == 1


def test_constraints(client):
    north, tower = client("north"), client("tower")
    north.file("SHUT-1", line(16.0))
    outcome = tower.publish("R-16", box(16.0, start=None), reason="a volcano")
    assert type(outcome.events[0]).__name__ == "ConstraintPublished"
    (known,) = north.constraints(bbox=(4.0, 15.9, 6.0, 16.1))
    assert (known.constraint, known.reason, known.effect) == ("R-16", "a volcano", "closed")
    assert north.intent("SHUT-1").state == "held"
    tower.amend_constraint(known, known.volumes, effect="limited", permitted=["north"])
    assert north.constraint("R-16").permitted
    assert not client("south").constraint("R-16").permitted
    tower.lift(tower.constraint("R-16"))
    with pytest.raises(NotFound):
        north.constraint("R-16")


def test_coalitions_and_cycles(client):
    north, east, tower = client("north"), client("east"), client("tower")
    tower.form("pair", "Two of them", invited=["north"])
    tower.invite("pair", "east")
    assert north.join("pair", "intents").kind == "CoalitionJoined"
    east.join("pair")
    assert [(r.coalition, r.members) for r in east.coalitions()] == [("pair", ("east", "north"))]
    north.file("SEEN-1", line(18.0))
    assert "SEEN-1" in {each.intent for each in east.shared()}
    east.leave("pair")
    tower.dismiss("pair", "north")
    assert tower.coalitions()[0].members == ()
    begin = START + timedelta(days=1)
    tower.open_cycle("D1", begin, begin + timedelta(hours=1), begin - timedelta(hours=4))
    pending = north.file("PLAN-1", line(18.0, start=begin + timedelta(minutes=5)))
    assert (pending.state, pending.cycle) == ("pending", "D1")
    assert [c.id for c in north.cycles()] == ["D1"]
    with pytest.raises(Problem, match="cut-off") as caught:
        tower.close_cycle("D1")
    assert (caught.value.code, type(caught.value)) == ("time", Problem)
    seen = tower.preview("D1")
    assert ([p.intent for p in seen.intents], seen.early) == (["north/PLAN-1"], True)
    assert seen.burden[0].party == "north"
    with pytest.raises(NotFound):
        tower.preview("D0")
    with pytest.raises(Forbidden):
        north.preview("D1")
    assert [i.intent for i in north.plan("D1").intents] == ["PLAN-1"]
    with pytest.raises(detente.InputError, match="naive"):
        tower.open_cycle("D2", begin.replace(tzinfo=None), begin, begin)


def test_an_answer_that_is_lost_is_given_again(client, service):
    tower = client("tower")
    with line_to(service.url) as wire:
        north = client("north", wire.url)
        before = tower.head().position
        wire.lose = 2
        filed = north.file("LOST-1", line(20.0))
        keys = wire.sent_as(rb"idempotency-key: (\S+)")
        assert (len(keys), len(set(keys))) == (3, 1)
        assert filed.version == 1
        assert tower.head().position == before + 1
        # a key of one's own does the same for a program that begins again
        wire.lose = 1
        again = north.file("LOST-2", line(20.2), key="mine")
        assert client("north").file("LOST-2", line(20.2), key="mine") == again
        assert tower.head().position == before + 2
    other = client("north").file("LOST-3", line(20.4))
    with pytest.raises(Problem) as caught:
        client("north").file("LOST-3", line(20.4))
    assert (caught.value.code, caught.value.status, other.version) == ("exists", 409, 1)


def test_what_is_never_sent_again(client, service):
    with line_to(service.url) as wire:
        north = client("north", wire.url)
        for kind, call in (
            (NotFound, lambda: north.intent("NONE")),
            (Forbidden, lambda: north.parties().__next__()),
            (WrongVersion, lambda: north.end("SHUT-1", 77)),
            (Problem, lambda: north.file("BAD", line(120.0))),
            (Unauthenticated, lambda: detente.Client(wire.url, "not.a.token").intent("X")),
        ):
            wire.sent = b""
            with pytest.raises(kind) as caught:
                call()
            assert len(wire.sent_as(rb" HTTP/1.1")) == 1, kind
            assert caught.value.detail
            assert type(caught.value) is kind
    assert caught.value.code == "unauthenticated"


def test_nobody_answers(service):
    with line_to(service.url) as wire:
        url = wire.url
    patience = Patience(total=0.5, first=0.05)
    with detente.Client(url, "a.b.c", patience=patience) as north:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1.*/v1/intents/X"):
            north.intent("X")
        with pytest.raises(Unreachable):
            next(north.events())


def test_lists_come_page_after_page(client):
    east = client("east")
    for k in range(5):
        east.file(f"PAGE-{k}", line(22.0 + k))
    mine = [f"PAGE-{k}" for k in range(5)]
    for size in (1, 2, 5, None):
        assert [intent.intent for intent in east.intents(state="accepted", page=size)] == mine
    assert [i.intent for i in east.intents(bbox=(4.0, 22.9, 6.0, 24.1))] == ["PAGE-1", "PAGE-2"]
    assert [i.intent for i in east.intents(begin=START + timedelta(days=3))] == []
    assert [i.intent for i in east.intents(lower=36_000.0)] == []
    tower = client("tower")
    entries = list(tower.entries(page=7))
    assert [e.position for e in entries] == list(range(1, tower.head().position + 1))
    assert entries[-1].hash == tower.head().hash


def test_events_are_taken_up_where_they_were_cut(client, service):
    tower = client("tower")
    tower.register("further")
    with line_to(service.url) as wire:
        west = client("further", wire.url)
        stream = west.events(after=0)
        first = next(stream)
        assert (first.number, first.contents[0].kind) == (1, "PartyRegistered")
        filed = west.file("SAID-1", line(30.0))
        assert next(stream).contents == (filed,)
        wire.cut()
        ended = client("further").withdraw(filed)
        assert next(stream).contents == (ended,)
        assert wire.sent_as(rb"last-event-id: (\d+)") == [b"2"]
    assert [n.number for n in client("further").notices()] == [1, 2, 3]
    assert [n.number for n in client("further").notices(after=2)] == [3]
    position, outcome = next(tower.outcomes(after=tower.head().position - 1))
    assert position == tower.head().position
    assert outcome.events[0].intent == "SAID-1"


def test_a_webhook(client):
    east = client("east")
    made = east.set_webhook("https://hooks.example/detente")
    assert made.secret.startswith("whsec_")
    known = east.webhook()
    assert (known.url, known.secret) == ("https://hooks.example/detente", "")
    assert east.resume_webhook() == known
    assert east.remove_webhook() is None
    with pytest.raises(NotFound):
        east.webhook()


def test_from_an_event_loop(service):
    async def flights():
        token = service.token("party", "south")
        async with AsyncClient(service.url, lambda: token) as south:
            stream = south.events()
            coming = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.3)
            filed = await asyncio.gather(
                *(south.file(f"LOOP-{k}", line(40.0 + k)) for k in range(5))
            )
            assert {f.state for f in filed} == {"accepted"}
            listed = [i async for i in south.intents(bbox=(4.0, 39.0, 6.0, 50.0))]
            assert listed == filed
            assert (await coming).contents[0].intent.startswith("LOOP-")
            await stream.aclose()
            with pytest.raises(NotFound):
                await south.intent("NONE")
            with line_to(service.url) as wire:
                wire.lose = 1
                async with AsyncClient(wire.url, token) as again:
                    assert (await again.end(filed[0])).ended == "ended"

    asyncio.run(flights())


def test_geojson_comes_back_as_it_was_filed(client, tmp_path):
    north = client("north")
    filed = [
        north.file("GEO-1", line(50.0)),
        north.file("GEO-2", [box(51.0, lower=1000.0, upper=2000.0), box(51.5)]),
        north.file("GEO-3", box(52.0), precedence="state"),
    ]
    lines, areas = to_geojson(filed[0]), to_geojson(*filed[1:])
    assert len(areas["features"]) == 3
    for whole, expected in ((lines, filed[:1]), (areas, filed[1:])):
        path = tmp_path / "out.geojson"
        path.write_text(json.dumps(whole))
        for source in (path, whole):
            again = read_filings(source)
            assert [(f.intent, f.extent) for f in again] == [(i.intent, i.extent) for i in expected]
            assert [f.precedence or "other" for f in again] == [i.precedence for i in expected]
    with pytest.raises(detente.InputError, match="lines and areas"):
        read_filings(to_geojson(*filed))
    north.withdraw(filed[0])
    again = north.file("GEO-4", lines["features"][0])
    assert again.extent == filed[0].extent
    (gone,) = to_geojson(north.intent("GEO-1"))["features"]
    assert (gone["properties"]["state"], gone["properties"]["intent"]) == ("ended", "GEO-1")


def test_what_cannot_be_sent_is_refused_at_once(service):
    with pytest.raises(detente.InputError, match="URL"):
        detente.Client("ftp://x", "t")
    north = detente.Client(service.url, "bad token")
    for call in (
        lambda: north.intent("X"),
        lambda: north.intent(""),
        lambda: north.intent(".."),
        lambda: north.intent("a/b"),
        lambda: north.end("A"),
        lambda: north.lift("R"),
        lambda: north.hold("A", "no party", 1),
        lambda: list(north.intents(lower=float("nan"))),
    ):
        with pytest.raises(detente.InputError):
            call()


def test_a_client_is_shared_by_threads(client):
    north = client("north")
    found = []
    threads = [
        threading.Thread(target=lambda k=k: found.append(north.file(f"MANY-{k}", line(60.0 + k))))
        for k in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(f.intent for f in found) == [f"MANY-{k}" for k in range(8)]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (forms.Clash, "airspace.Clash"),
        (forms.Planned, "cycles.Planned"),
        (forms.Roll, "coalitions.Roll"),
        (forms.Entered, "entries.Entered"),
        (forms.Head, "entries.Head"),
        (forms.Notices, "events.Notices"),
        (forms.Page, "paging.Page"),
        (forms.Webhook, "webhooks.Webhook"),
    ],
)
def test_the_forms_are_those_of_the_service(mine, theirs):
    from importlib import import_module

    room, name = theirs.split(".")
    other = getattr(import_module(f"detente.api.{room}"), name)
    assert mine.__struct_fields__ == other.__struct_fields__
