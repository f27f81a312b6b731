"""What the README says is so: its example runs, its commands exist, its links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detente.cli.application import application

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


def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(example.strip().splitlines()) <= 10
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "out").mkdir()
    result = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert re.match(r"1\d\d conflicting pairs\n", result.stdout)
    assert (tmp_path / "out" / "conflicts.geojson").stat().st_size > 10_000


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
