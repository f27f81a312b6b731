"""The page of diyala-2014 and its files agree; what was said and what is made up are apart."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from detente.cli.demo.scenario import Report
from detente.cli.demo.shelf import read_scenario, scenarios

FOLDER = scenarios()["diyala-2014"]
PAGE = (FOLDER / "README.md").read_text()
SCENARIO = read_scenario("diyala-2014")
SAID = {report.id: report for report in SCENARIO.reported.statements}
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text())


def table(*heading: str) -> list[dict[str, str]]:
    """Read the table of the page that has this heading."""
    lines = iter(PAGE.splitlines())
    for line in lines:
        if [cell.strip() for cell in line.strip("|").split("|")] == list(heading):
            break
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows.append(dict(zip(heading, cells, strict=True)))
    return rows


STATEMENTS = table(
    "statement", "who", "does what", "question", "read in", "as quoted from", "said"
)  # fmt: skip


def test_the_page_tells_all_statements_and_no_others_in_their_order() -> None:
    assert [row["statement"].strip("`") for row in STATEMENTS] == list(SAID)


@pytest.mark.parametrize("row", STATEMENTS, ids=lambda row: row["statement"].strip("`"))
def test_the_page_says_of_each_what_the_file_says(row: dict[str, str]) -> None:
    said = SAID[row["statement"].strip("`")]
    who = (said.side, said.role, said.name or ("not named" if said.anonymous else ""))
    assert row["who"] == ", ".join(part for part in who if part)
    does = said.position.value + (f" that `{said.about}` was said" if said.about else "")
    assert row["does what"] == does
    assert row["question"] == said.scope
    assert row["read in"] == said.outlet
    assert row["as quoted from"] == ", ".join(said.via)
    assert said.said is not None
    assert row["said"] == said.said.isoformat()


def test_the_page_tells_all_that_is_synthetic() -> None:
    made = SCENARIO.made
    rows = {row["name"].strip("`"): row for row in table("name", "whose", "what")}
    assert {name: row["whose"] for name, row in rows.items()} == (
        {flight.id: flight.party for flight in made.flights}
        | {each.number: "nobody's" for each in made.undeclared}
        | {made.sensor.source: "the authority"}
    )
    paths = {flight.id: flight.fixes for flight in made.flights}
    paths |= {each.number: each.fixes for each in made.undeclared}
    for name, fixes in paths.items():
        (feet,) = {f"{fix[3]:,.0f} ft" for fix in fixes}
        assert feet in rows[name]["what"]


def test_the_page_says_what_is_synthetic_before_anything_else() -> None:
    assert SCENARIO.chosen.label.split(": ")[0] in " ".join(PAGE.split())
    assert PAGE.index("synthetic: made up") < PAGE.index("## What was reported")


@pytest.mark.parametrize("said", SAID.values(), ids=lambda said: said.id)
def test_each_statement_can_be_read_somewhere(said: Report) -> None:
    title, *_ = said.citation.split(", ")
    assert len(title) > 15
    assert re.search(r"https?://\S+$", said.citation)
    assert "December 2014" in said.citation
    assert re.match(r"Read\.|The beginning was read", said.checked)
    # said by somebody, on a day before the demo enters it, within what the scenario tells of
    assert said.side
    assert said.role
    assert date(2014, 12, 2) <= said.said <= date(2014, 12, 7)
    assert said.published is None or said.said <= said.published <= said.entered.date()
    assert "synthetic" not in f"{said.claim}{said.hedge}{said.citation}"
    # in our words: of theirs, a hedge of a few at most
    assert len(said.hedge.split()) <= 5
    assert '"' not in said.claim


def test_a_page_that_was_not_found_is_said_to_be_not_found() -> None:
    for said in SAID.values():
        if said.published is None or "AP" in said.via or "IRNA" in said.via:
            assert "could not be found" in said.checked, said.id


def test_what_is_expected_tells_each_statement_and_each_question_once() -> None:
    assert [claim["statement"] for claim in EXPECTED["said"]] == list(SAID)
    asked = [question.scope for question in SCENARIO.chosen.event.questions]
    assert [row["question"] for row in EXPECTED["stands"]] == asked
    for claim in EXPECTED["said"]:
        assert claim["question"] == SAID[claim["statement"]].scope
    decided = [id for row in EXPECTED["stands"] for id in row["decided_by"]]
    nothing = [id for row in EXPECTED["stands"] for id in row["changes_nothing"]]
    assert sorted(decided + nothing) == sorted(SAID)
    assert f"*{EXPECTED['standing']}*" in PAGE[PAGE.index("## What stands at the end") :]


def test_the_place_is_broad_and_nothing_in_it_is_a_point() -> None:
    event = SCENARIO.chosen.event
    lat, lon = zip(*event.corners, strict=True)
    assert max(lat) - min(lat) >= 2.0
    assert max(lon) - min(lon) >= 2.0
    assert all(float(degrees).is_integer() for corner in event.corners for degrees in corner)


def test_safety_only() -> None:
    words = "\n".join(path.read_text() for path in Path(FOLDER).glob("*.toml")).lower()
    for word in ("target", "weapon", "bomb run", "payload", "munition", "strike point", "missile"):
        assert not re.search(rf"^(?!citation|checked).*{word}", words, re.MULTILINE), word
