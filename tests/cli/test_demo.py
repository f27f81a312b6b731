"""diyala-2014 through a real authority: its report against what was written down by hand."""

import io
import json
import re
import tomllib
from contextlib import redirect_stdout
from functools import cache
from html import unescape
from pathlib import Path

import msgspec
import pytest

from detente.authority import AUTHORITY
from detente.authority import event as e
from detente.authority.notice import (
    Message,
    OwnIntent,
    ToldAlert,
    ToldOccurrence,
    ToldStatement,
)
from detente.cli import main
from detente.cli.audit import audit, outcome_in, reading
from detente.cli.demo.scenario import Report as Reported
from detente.cli.demo.shelf import read_scenario, scenarios
from detente.ledger import open_ledger
from detente.ledger.desk import Desk
from detente.record.report import Kind, Line, Report, report_of
from tests.cli.conftest import Run

NAME = "diyala-2014"
SCENARIO = read_scenario(NAME)
EXPECTED = tomllib.loads((scenarios()[NAME] / "expected.toml").read_text())
SAID = {each.id: each for each in SCENARIO.reported.statements}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What it printed, and where it left its files."""
    out = tmp_path_factory.mktemp("demo") / "out"
    with redirect_stdout(io.StringIO()) as said:
        assert main(["demo", NAME, "--out", str(out)]) == 0
    return said.getvalue(), out


@pytest.fixture(scope="module")
def report(run: tuple[str, Path]) -> Report:
    """Made again from the ledger alone."""
    with reading(str(run[1] / "airspace.ledger")) as ledger:
        found = audit(ledger)
        last = [outcome_in(entry) for entry in ledger.read()][-1]
    state = found.state
    return report_of(
        state.occurrences[NAME],
        state.statements.values(),
        state.tracks.values(),
        at=last.at,
        position=state.position,
    )


@cache
def plain(path: Path) -> str:
    """Give a report's text as it is read, without its marks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        body = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def names(ids: list[str]) -> set[str]:
    return {f"{AUTHORITY}/{id}" for id in ids}


def said_of(report: Report, statement: str) -> Line:
    (line,) = (
        line for line in report.lines
        if line.kind is Kind.SAID and line.statements == (f"{AUTHORITY}/{statement}",)
    )  # fmt: skip
    return line


def answer_of(report: Report, question: str):
    (answer,) = (each for each in report.standings.answers if each.scope == question)
    return answer


# the report, claim by claim


def test_it_stands_as_expected(report: Report, run: tuple[str, Path]) -> None:
    assert report.standing.value == EXPECTED["standing"] == "contested"
    assert f"It stands: {EXPECTED['standing']}" in run[0]


@pytest.mark.parametrize("claim", EXPECTED["said"], ids=lambda claim: claim["statement"])
def test_each_statement_is_told_as_expected(claim: dict, report: Report) -> None:
    line = said_of(report, claim["statement"])
    assert line.scope == claim["question"]
    for word in claim["says"]:
        assert word in line.text, line.text
    # who speaks comes before what they say
    assert line.text.index(claim["says"][1]) < line.text.index(claim["says"][-1])


def test_no_statement_is_told_that_is_not_expected(report: Report) -> None:
    told = [line.statements for line in report.lines if line.kind is Kind.SAID]
    assert sorted(told) == sorted((name,) for name in names(list(SAID)))
    assert len(EXPECTED["said"]) == len(told)


@pytest.mark.parametrize("row", EXPECTED["stands"], ids=lambda row: row["question"])
def test_each_question_stands_as_expected_and_for_that_reason(row: dict, report: Report) -> None:
    answer = answer_of(report, row["question"])
    assert answer.standing.value == row["standing"]
    assert sorted(answer.affirmed) == row["affirmed"]
    assert sorted(answer.denied) == row["denied"]
    assert set(answer.reasons[0].statements) == names(row["decided_by"])
    assert answer.reasons[0].tracks == ()
    mentioned = {name for reason in answer.reasons[1:] for name in reason.statements}
    assert names(row["changes_nothing"]) <= mentioned
    (line, *_) = (
        line for line in report.lines if line.kind is Kind.STANDS and line.scope == answer.scope
    )
    assert row["standing"] in line.text
    assert answer.question in line.text


@pytest.mark.parametrize(
    ("kind", "says"),
    [(kind, row["says"]) for kind in ("differ", "unknown", "seen") for row in EXPECTED[kind]],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_what_differs_is_unknown_or_was_seen_is_told(
    kind: str, says: list[str], report: Report
) -> None:
    lines = [line.text for line in report.lines if line.kind is Kind(kind)]
    assert any(all(word in text for word in says) for text in lines), lines


def test_every_line_traces_to_entries_of_the_ledger(report: Report) -> None:
    for line in report.lines:
        assert line.entries
        assert all(0 < entry <= report.position for entry in line.entries)
        assert line.speaker


# no side's claim as a fact


def test_a_claim_stands_only_in_the_line_of_who_made_it(report: Report) -> None:
    for statement in SAID.values():
        for line in report.lines:
            if statement.claim not in line.text:
                continue
            assert line.kind is Kind.SAID
            (name,) = line.statements
            own = SAID[name.partition("/")[2]]
            assert statement.claim in own.claim
            assert attributed(line.text, own), line.text


def attributed(text: str, statement: Reported) -> bool:
    """Tell whether a speaker and what they do come before the claim."""
    before = text[: text.index(statement.claim)]
    verb = {
        "declares": "declared", "confirms": "confirmed", "indicates": "indicated",
        "denies": "denied", "cannot confirm": "could not confirm",
        "did not coordinate": "said",
    }[statement.position.value]  # fmt: skip
    who = statement.name or ("unnamed" if statement.anonymous else statement.side)
    return verb in before and who in before and statement.side in before


POSITIONS = r"declare[sd]?|confirm(?:s|ed)?|indicate[sd]?|den(?:y|ies|ied)|affirm(?:s|ed)?"


def test_every_word_of_position_has_somebody_who_takes_it(report: Report) -> None:
    sides = {each.side for each in SAID.values()} | {f"{AUTHORITY}/{id}" for id in SAID}
    sides |= {each.indication.by for each in SCENARIO.made.undeclared if each.indication}
    general = ("nobody", "No intent", "no two independent sources", "That denies nothing")
    for line in report.lines:
        for sentence in re.split(r"(?<=[.?!”])\s+(?=[A-Z“])", line.text):
            if re.search(rf"\b(?:{POSITIONS})\b", sentence):
                assert any(side in line.text for side in sides) or any(
                    words in line.text for words in general
                ), line.text


SHARP = re.compile(r"Iran(?:ian)?\b[^.“”?]*\b(?:flew|struck|bombed|attacked)\b")


def test_nothing_is_said_to_have_happened_outside_quotation(report: Report) -> None:
    for line in report.lines:
        unquoted = re.sub(r"“[^“”]*”", "", line.text)
        assert not SHARP.search(unquoted), line.text
        assert "air strike" not in unquoted.lower(), line.text


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_the_files_say_what_the_report_says(
    name: str, run: tuple[str, Path], report: Report
) -> None:
    text = plain(run[1] / name)
    for line in report.lines:
        assert " ".join(line.text.split()) in text
    for statement in SAID.values():
        assert statement.citation.rpartition(" ")[2] in text


# what is synthetic


def test_the_synthetic_track_decides_nothing(report: Report) -> None:
    for answer in report.standings.answers:
        assert not any(reason.tracks for reason in answer.reasons)


def test_everything_synthetic_is_labelled(run: tuple[str, Path], report: Report) -> None:
    said, out = run
    assert report.synthetic
    for line in report.lines:
        if line.kind is Kind.SEEN:
            assert line.text.startswith("Synthetic: "), line.text
        elif re.search(r"\btrack\b", line.text):
            assert "synthetic" in line.text.lower(), line.text
    # at the terminal: before anything is told, over the table, and in each name
    label = SCENARIO.chosen.label
    assert said.splitlines()[1] == label
    flown = said[said.index("29 November 2014") : said.index("what was said")]
    assert flown.splitlines()[0].startswith("29 November 2014, synthetic")
    rows = [line for line in flown.splitlines() if re.match(r" \d\d:\d\d:\d\d ", line)]
    assert len(rows) >= 8
    for row in rows:
        assert "synthetic" in row or "the watch" in row
    # in the ledger
    with reading(str(out / "airspace.ledger")) as ledger:
        events = [event for entry in ledger.read() for event in outcome_in(entry).events]
    tracks = [t for event in events if isinstance(event, e.TracksReported) for t in event.tracks]
    alerts = [event.alert for event in events if isinstance(event, e.AlertRaised)]
    assert tracks
    assert alerts
    assert all(one.synthetic for one in (*tracks, *alerts))
    assert all(track.id.startswith("synthetic-") for track in tracks)
    filed = [event.intent for event in events if isinstance(event, e.IntentEvent)]
    assert all(intent.startswith("synthetic-") for intent in filed)
    (founded,) = (event for event in events if isinstance(event, e.Founded))
    assert "synthetic" in founded.charter.name


def test_the_map_says_that_its_flights_are_synthetic(run: tuple[str, Path]) -> None:
    page = (run[1] / "map.html").read_text(encoding="utf-8")
    assert "synthetic flights</h1>" in page
    assert SCENARIO.chosen.label in json.loads(block(page, "about"))["note"]
    flights = json.loads(block(page, "flights"))["ids"]
    assert len(flights) == 5
    assert all("synthetic" in id for id in flights)
    states = json.loads(block(page, "about"))
    undeclared = states["states"].index("undeclared")
    assert states["counts"][undeclared] == 1


def block(page: str, name: str) -> str:
    (found,) = re.findall(rf'id="data-{name}">(.*?)</script>', page)
    return found


# what each party was told


@pytest.fixture(scope="module")
def told(run: tuple[str, Path]) -> dict[str, list]:
    with Desk(open_ledger(run[1] / "airspace.ledger")) as desk:
        return {
            party.id: [
                content
                for notice in desk.notices(party.id, 0, 10_000)
                for content in notice.contents
            ]
            for party in SCENARIO.chosen.parties
        }


def test_one_is_refused_with_alternatives_and_takes_one(told: dict[str, list]) -> None:
    own = [content for content in told["member"] if isinstance(content, OwnIntent)]
    refused = [content for content in own if content.because == "conflict"]
    assert len(refused) == 1
    assert len(refused[0].alternatives.offers) >= 2
    taken = [content for content in own if content.changed is not None]
    assert [content.changed.id for content in taken] == [refused[0].alternatives.offers[0].id]
    for party in ("us", "relief", "iraq-air-force"):
        assert not [c for c in told[party] if isinstance(c, OwnIntent) and c.because]


def test_the_one_that_must_avoid_it_is_told_a_volume_and_a_time(told: dict[str, list]) -> None:
    alerts = {p: [c for c in all_of if isinstance(c, ToldAlert)] for p, all_of in told.items()}
    assert {party for party, heard in alerts.items() if heard} == {"relief"}
    first, *_, last = alerts["relief"]
    assert first.intent == "synthetic-3"
    assert first.volume.start
    assert first.volume.end
    assert last.over
    # it climbed, and nothing stands any more
    path = [c.extent for c in told["relief"] if isinstance(c, OwnIntent) and c.extent][-1]
    assert path.alt[0] == 18_000.0
    assert path.alt[-1] == 21_000.0


def test_no_notice_discloses_a_flight_of_another(told: dict[str, list]) -> None:
    flights = {flight.id: flight for flight in SCENARIO.made.flights}
    unknown = SCENARIO.made.undeclared[0].number
    for party, contents in told.items():
        kinds = {type(content) for content in contents}
        assert kinds <= {OwnIntent, Message, ToldAlert, ToldOccurrence, ToldStatement}
        text = msgspec.json.encode(contents).decode()
        own = [flight.id for flight in flights.values() if flight.party == party]
        for name, flight in flights.items():
            assert (name in text) == (name in own)
            assert (flight.callsign in text) == (name in own)
            assert flight.party == party or f'"{flight.party}"' not in text
        assert unknown not in text
        assert SCENARIO.made.sensor.source not in text
        assert "track" not in text.lower()


def test_all_hear_what_was_said_and_none_how_it_is_graded(told: dict[str, list]) -> None:
    for contents in told.values():
        heard = [c.statement.id for c in contents if isinstance(c, ToldStatement)]
        assert heard == list(SAID)
        assert (
            "nothing in this scenario to judge it by" not in msgspec.json.encode(contents).decode()
        )
        (event,) = (c for c in contents if isinstance(c, ToldOccurrence))
        assert event.event == NAME


# the command


def test_the_ledger_is_whole_and_can_be_verified(
    run: tuple[str, Path], capsys: pytest.CaptureFixture
) -> None:
    assert main(["ledger", "verify", str(run[1] / "airspace.ledger")]) == 0
    assert "the rule holds" in capsys.readouterr().out
    assert "the chain holds" in run[0]
    assert {path.name for path in run[1].iterdir()} == {
        "airspace.ledger", "report.md", "report.html", "map.html"
    }  # fmt: skip


def test_the_standing_is_shown_after_each_statement(run: tuple[str, Path]) -> None:
    table = run[0][run[0].index("what was said") :].splitlines()
    rows = [line for line in table if re.match(r" \d Dec ", line)]
    assert len(rows) == len(SAID)
    flown = [row.split()[-1] for row in rows if row.split()[-2] == "flown"]
    # indicated twice by one, denied, and nothing after that undoes it
    assert flown == ["unconfirmed"] * 2 + ["contested"] * 4


def test_again_replaces_it_by_the_same_and_quiet_says_only_how_it_stands(
    run: tuple[str, Path], within: Run, tmp_path: Path
) -> None:
    refused = within("demo", NAME, "--out", run[1])
    assert refused.returncode == 2
    assert "a ledger is there; say --again to replace an earlier demo's" in refused.stderr
    out = tmp_path / "out"
    out.mkdir()
    ledger = out / "airspace.ledger"
    ledger.write_bytes((run[1] / "airspace.ledger").read_bytes())
    said = within("demo", NAME, "--out", out, "--again", "--quiet")
    assert said.returncode == 0
    assert len(said.stdout.splitlines()) <= 24
    assert "It stands: contested" in said.stdout
    assert SCENARIO.chosen.label in said.stdout
    with reading(str(run[1] / "airspace.ledger")) as one, reading(str(ledger)) as other:
        assert one.head() == other.head()
    assert (out / "report.md").read_bytes() == (run[1] / "report.md").read_bytes()
