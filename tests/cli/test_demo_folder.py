"""The command ``demo``: what it keeps and replaces, and a scenario of one's own."""

import shutil
import tomllib
from pathlib import Path

import pytest

from detente.authority import Charter
from detente.authority.command import Found
from detente.cli.demo.shelf import read_scenario, scenarios
from detente.ledger import open_ledger
from detente.ledger.desk import Desk
from tests.cli.conftest import Run

NAME = "diyala-2014"
SCENARIO = read_scenario(NAME)


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a sensor that looks once an hour."""
    folder = tmp_path_factory.mktemp("short") / "scenario"
    shutil.copytree(scenarios()[NAME], folder)
    path = folder / "synthetic.toml"
    path.write_text(path.read_text().replace("every = 5 ", "every = 3600 "))
    return folder


def test_nothing_is_kept_where_no_folder_is_named(short: Path, within: Run, tmp_path: Path) -> None:
    said = within("demo", short)
    assert said.returncode == 0
    assert "the ledger, which is not kept" in said.stdout
    assert "written" not in said.stdout
    assert list(tmp_path.iterdir()) == []


def test_without_a_track_it_stands_as_it_does_with_one(short: Path, within: Run) -> None:
    """What is made up is no evidence: of one look no track is made, and all stands as expected."""
    said = within("demo", short).stdout
    assert "undeclared" not in said
    expected = tomllib.loads((scenarios()[NAME] / "expected.toml").read_text())
    asked = {each.scope: each.asks for each in SCENARIO.chosen.event.questions}
    for row in expected["stands"]:
        assert f"  {row['standing']}: {asked[row['question']]}\n    Rule " in said


def test_another_ledger_is_never_replaced(within: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with Desk(open_ledger(out / "airspace.ledger", create=True)) as desk:
        at = SCENARIO.chosen.begin
        desk.submit(Found(at=at, key="1", charter=Charter(name="another"), salt="a"))
    refused = within("demo", NAME, "--out", out, "--again")
    assert refused.returncode == 2
    assert "not a demo's ledger; it is never replaced" in refused.stderr
    assert within("demo", "atlantis").returncode == 2
