"""The watch and the record over HTTP: every verb, and who may see what."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from detente.authority.notice import ToldAlert, ToldOccurrence, ToldStatement
from detente.authority.register import Aircraft, Alert, Avoid
from detente.cli import main
from detente.client import AsyncClient, Client, Forbidden, NotFound, Problem
from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Fix, Indication, Track, Unseen
from tests.client.flights import START, box, line

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def track(id, *, at=NOON, conformance=Conformance.UNDECLARED, **more):
    return Track(id, conformance, NOON, Fix(at, 50.0, 5.0, 35_000.0), **more)


def statement(id, side, *, event="ev", position=Position.DENIES):
    about = Subject(SubjectKind.EVENT, event)
    return Statement(id, about, Speaker(side), position, claim="aircraft of ours flew there")


def test_what_was_seen_is_the_authoritys_and_a_party_hears_what_it_must_avoid(client):
    north, tower = client("north"), client("tower")
    north.file("SEEN-1", line(40.0))
    named = north.name_aircraft(north.intent("SEEN-1"), Aircraft("nth1", "4B1816"))
    assert named.aircraft == Aircraft("NTH1", "4b1816")
    assert tower.any_intent("north/SEEN-1").aircraft == named.aircraft
    where = box(40.0)
    alert = Alert("near-1", "track:who-1", "intent:north/SEEN-1", START, 900.0, 300.0,
                  avoid=(Avoid("north", "SEEN-1", where),))  # fmt: skip
    told = tower.observe(
        tracks=[track("who-1")], unseen=[Unseen("north/SEEN-1", NOON)], alerts=[alert]
    )
    assert (told.tracks, told.raised, told.ended) == (1, 1, 0)
    (warning,) = north.alerts()
    assert (warning.intent, warning.volume, warning.over) == ("SEEN-1", where, False)
    assert "who-1" not in repr(warning)
    assert "near-1" not in repr(warning)
    assert client("south").alerts() == []
    assert [a.id for a in tower.every_alert()] == ["near-1"]
    assert [u.intent for u in tower.unseen()] == ["north/SEEN-1"]
    later = NOON + timedelta(seconds=10)
    over = Alert("near-1", alert.a, alert.b, START, 900.0, over=True)
    again = tower.observe(
        tracks=[track("who-1", at=later)], unseen=[Unseen("north/SEEN-1", NOON, over=True)],
        alerts=[over],
    )  # fmt: skip
    assert (again.raised, again.ended) == (0, 1)
    assert north.alerts() == []
    assert tower.unseen() == []
    assert [fix.at for fix in tower.track("who-1").path] == [NOON, later]
    assert "who-1" in [s.track.id for s in tower.tracks(conformance="undeclared", ended=False)]
    assert "who-1" not in [s.track.id for s in tower.tracks(ended=True)]
    tower.indicate("who-1", Indication("F-4", "a camera", NOON, 0.7))
    (said,) = tower.track("who-1").indications
    assert (said.indication.what, said.indication.sure) == ("F-4", 0.7)


@pytest.mark.parametrize("who", ["north", "reader"])
def test_nobody_but_the_authority_reads_tracks_or_reports_them(client, who):
    with pytest.raises(Forbidden):
        list(client(who).tracks())
    with pytest.raises(Forbidden):
        client(who).observe(tracks=[track("mine")])
    with pytest.raises(Forbidden):
        client(who).past(NOON)


def test_a_statement_is_seen_by_those_that_it_was_shared_with(client):
    north, south, tower = client("north"), client("south"), client("tower")
    event = Occurrence("ev", "aircraft are said to have flown", NOON, NOON + timedelta(days=1),
                       tracks=("who-9",))  # fmt: skip
    tower.enter_occurrence(event, shared=["north"])
    assert [o.event for o in north.occurrences()] == ["ev"]
    assert "who-9" not in repr(list(north.occurrences()))
    assert list(south.occurrences()) == []
    assert tower.occurrence("ev").occurrence == event
    with pytest.raises(Problem, match="no event 'ev'"):
        south.enter_statement(statement("s0", "south"))
    mine = north.enter_statement(statement("s1", ""))
    assert (mine.name, mine.statement.speaker.side) == ("north/s1", "north")
    with pytest.raises(Problem, match="speaks for itself"):
        north.enter_statement(statement("s2", "south"))
    tower.enter_statement(statement("q1", "Elsewhere"), public=True)
    assert [s.name for s in north.statements()] == ["authority/q1", "north/s1"]
    assert [s.name for s in south.statements()] == ["authority/q1"]
    assert [s.name for s in client("reader").statements(about="ev")] == ["authority/q1"]
    north.share_statement("s1", shared=["south"])
    assert [s.name for s in south.statements()] == ["authority/q1", "north/s1"]
    assert [s.name for s in client("reader").statements()] == ["authority/q1"]
    tower.grade_statement("north/s1", Grade("C", 3, "as usual"))
    graded = {said.name: said.grade for said in tower.every_statement(about="ev")}
    assert graded == {"north/s1": Grade("C", 3, "as usual"), "authority/q1": None}
    assert "as usual" not in repr(list(north.statements()))
    amended = tower.occurrence("ev")
    tower.amend_occurrence(event, amended.version, public=True)
    assert [o.version for o in south.occurrences()] == [2]
    assert [x.version for x in tower.every_occurrence()] == [2]


def test_what_was_known_is_read_from_the_ledger(client):
    tower = client("tower")
    tower.observe(tracks=[track("past-1")])
    now = tower.past(datetime(2190, 1, 1, tzinfo=UTC))
    assert "past-1" in [seen.track.id for seen in now.tracks]
    assert now.position == tower.head().position
    before = tower.past(datetime(2000, 1, 1, tzinfo=UTC))
    assert (before.position, before.tracks) == (0, [])
    own = client("north").known(datetime(2190, 1, 1, tzinfo=UTC))
    assert own.registered
    assert list(own.intents) == list(client("north").intents())
    assert not client("north").known(datetime(2000, 1, 1, tzinfo=UTC)).registered
    assert not tower.known(NOON).registered
    assert client("north").charter().charter == tower.charter().charter


def test_what_cannot_be_kept_is_refused_with_its_field(client):
    tower = client("tower")
    bad = Track("t", Conformance.UNDECLARED, NOON, Fix(NOON, 95.0, 5.0))
    with pytest.raises(Problem, match="degrees on WGS84"):
        tower.observe(tracks=[bad])
    avoid = Avoid("nobody", "", box(1.0))
    alert = Alert("a", "track:x", "track:y", NOON, 0.0, avoid=(avoid,))
    with pytest.raises(Problem, match="no party"):
        tower.observe(alerts=[alert])
    with pytest.raises(NotFound):
        tower.track("never")
    tower.enter_statement(statement("g", "X"), public=True)
    with pytest.raises(Problem, match="reliability"):
        tower.grade_statement("authority/g", Grade("Z", 3))


def test_all_of_it_asynchronously_and_as_notices(service):
    """Every verb, awaited; the stream tells what the lists have."""
    asyncio.run(_asynchronously(service))


async def _asynchronously(service):
    async with (
        AsyncClient(service.url, service.token("party", "north")) as north,
        AsyncClient(service.url, service.token("authority", "tower")) as tower,
    ):
        known = [notice.number async for notice in north.notices()]
        mine = await north.file("ASYNC-1", line(60.0))
        await north.name_aircraft(mine, Aircraft("NTH60"))
        alert = Alert("near-60", "track:w60", "intent:north/ASYNC-1", START, 900.0,
                      avoid=(Avoid("north", "ASYNC-1", box(60.0)),))  # fmt: skip
        told = await tower.observe(
            tracks=[track("w60")], unseen=[Unseen("north/ASYNC-1", NOON)], alerts=[alert]
        )
        assert told.raised == 1
        await tower.indicate("w60", Indication("F-4", "a camera", NOON))
        assert len((await tower.track("w60")).indications) == 1
        assert "w60" in [seen.track.id async for seen in tower.tracks()]
        assert [one.intent for one in await tower.unseen()] == ["north/ASYNC-1"]
        assert "near-60" in [one.id for one in await tower.every_alert()]
        (warned,) = await north.alerts()
        event = Occurrence("async", "It is said.", NOON, NOON, place="the lake",
                           questions=(("flown", "Was it flown?"),))  # fmt: skip
        await tower.enter_occurrence(event)
        await tower.amend_occurrence(event, 1, shared=["north"])
        assert (await tower.occurrence("async")).version == 2
        said = await north.enter_statement(statement("as1", "", event="async"))
        assert (await north.share_statement("as1", public=True)).public
        await tower.grade_statement("north/as1", Grade("B", 2))
        assert [x.event async for x in north.occurrences() if x.event == "async"]
        assert [x.version async for x in tower.every_occurrence() if x.occurrence == event] == [2]
        assert [x.name async for x in north.statements(about="async")] == [said.name]
        assert [x.grade async for x in tower.every_statement(about="async")] == [Grade("B", 2)]
        now = await north.report("async")
        later = await north.report("async", at=datetime(2190, 1, 1, tzinfo=UTC))
        assert (now.standing, now.standings) == (later.standing, later.standings)
        assert any("aircraft of ours flew there" in one.text for one in now.lines)
        with pytest.raises(NotFound):
            await north.report("async", at=NOON.replace(year=2000))
        assert (await tower.past(datetime(2190, 1, 1, tzinfo=UTC))).statements
        kinds = []
        async for notice in north.events(after=known[-1]):
            kinds += [type(content) for content in notice.contents]
            if kinds.count(ToldStatement) == 2:
                break
        assert {ToldAlert, ToldOccurrence, ToldStatement} <= {*kinds}
        contents = [x async for notice in north.notices() for x in notice.contents]
        assert warned in contents


def test_what_is_told_of_it_is_printed(service, monkeypatch, capsys):
    with (
        Client(service.url, service.token("party", "east")) as east,
        Client(service.url, service.token("authority", "tower")) as tower,
    ):
        filed = east.file("PRINT-1", line(70.0))
        east.name_aircraft(filed, Aircraft("EST70", "4b1816"))
        near = Alert("near-70", "track:w70", "intent:east/PRINT-1", START, 900.0,
                     avoid=(Avoid("east", "PRINT-1", box(70.0)),))  # fmt: skip
        tower.observe(alerts=[near])
        tower.observe(alerts=[Alert("near-70", near.a, near.b, START, 900.0, over=True)])
        tower.enter_occurrence(Occurrence("shown", "It is said.", NOON, NOON, place="the lake"),
                               shared=["east"])  # fmt: skip
        east.enter_statement(statement("p1", "", event="shown"))
    monkeypatch.setattr(Client, "events", lambda self, after=None: self.notices())
    monkeypatch.setenv("DETENTE_URL", service.url)
    monkeypatch.setenv("DETENTE_TOKEN", service.token("party", "east"))
    assert main(["events"]) == 0
    text = capsys.readouterr().out
    for told in (
        "intent PRINT-1: accepted, version 1, flown by EST70 4b1816",
        " for PRINT-1: keep clear of ",
        " for PRINT-1: over",
        "event shown, version 1 (the lake): It is said.",
        "said of event shown: east denied (to the authority) that “aircraft of ours flew there”",
    ):
        assert told in text, text
    assert "w70" not in text
