"""What the README says is so: its example runs, its commands exist, its links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detente.cli.application import application
from detente.ledger import open_ledger
from tests.authority.test_states import ROWS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> list[str]:
    joined = README.replace("\\\n", " ")
    return [
        line.split("#")[0].strip()
        for line in joined.splitlines()
        if re.match(r" {4}detente ", line)
    ]


def run(example: str, folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", example], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


AUTHORITY, ENGINE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_authority_answers_as_it_says(tmp_path: Path) -> None:
    assert len(AUTHORITY.strip().splitlines()) <= 20
    (tmp_path / "out").mkdir()
    (said,) = re.findall(r"# (refused .*)", AUTHORITY)
    answers = run(AUTHORITY, tmp_path)
    assert answers == f"{said}\n[('B1', 'accepted')]\n"
    # each command has its key: again, it gets the same answer
    assert run(AUTHORITY, tmp_path) == answers
    with open_ledger(tmp_path / "out" / "example.ledger", read_only=True) as ledger:
        assert ledger.head()[0] == 6


def test_the_engine_finds_what_it_says(tmp_path: Path) -> None:
    assert len(ENGINE.strip().splitlines()) <= 10
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "out").mkdir()
    assert re.match(r"1\d\d conflicting pairs\n", run(ENGINE, tmp_path))
    assert (tmp_path / "out" / "conflicts.geojson").stat().st_size > 10_000


def test_the_table_of_states_is_the_one_that_is_tested() -> None:
    page = (ROOT / "docs" / "authority.md").read_text()
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if re.match(r"\| `[a-z-]+` \|.*!", line)
    ]
    assert rows == ROWS[1:]


@pytest.mark.parametrize("command", commands())
def test_each_command_is_understood(command: str) -> None:
    name, *tokens = shlex.split(command)
    assert name == "detente"
    application.parse_args(tokens, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("target", re.findall(r"^ {4}make (\w+)", README, re.MULTILINE))
def test_each_target_is_made(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link
