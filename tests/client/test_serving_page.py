"""docs/serving.md, run as it is written: each block, and what the page says that it prints."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "serving.md").read_text()


def parts():
    """Give each block of commands with what is shown after it."""
    found, fence, after = [], None, ""
    for line in PAGE.splitlines(keepends=True):
        if line.startswith("```"):
            fence = None if fence else line[3:].strip() or "text"
            if fence:
                found[-1][1:] = [fence, ""]
        elif fence:
            found[-1][2] += line
        elif line.startswith("    "):
            if not after.startswith("    "):
                found.append(["", None, None])
            found[-1][0] += line
        after = line
    return found


def is_in(shown, said):
    """Tell whether what is shown is part of what was said; of a list, the first of it."""
    if isinstance(shown, dict):
        return isinstance(said, dict) and all(
            name in said and is_in(value, said[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return (
            isinstance(said, list) and len(said) >= len(shown) > 0 and all(map(is_in, shown, said))
        )
    return shown == said


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each block prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("page")
    assert shutil.which("curl"), "the page is about curl"
    commands = folder / "bin"
    commands.mkdir()
    (commands / "detente").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m detente "$@"\n')
    (commands / "detente").chmod(0o755)
    script = "set -eu\ntrap 'kill $SERVER 2>/dev/null || true' EXIT\n" + "\n".join(
        f"{block.replace('8080', str(port))}\nprintf '\\n@@@\\n'" for block, *_ in parts()
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, text=True, capture_output=True, timeout=120,
        check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split("\n@@@\n")


def test_the_page_has_every_step():
    text = "".join(block for block, *_ in parts())
    for step in ("detente serve", "detente token", "/v1/parties/", "PUT $URL/v1/intents/",
                 "/alternatives/", "/v1/events", "/v1/constraints/", "verify"):  # fmt: skip
        assert step in text
    assert len([kind for _, kind, _ in parts() if kind == "json"]) >= 6


@pytest.mark.parametrize("number", range(len(parts())))
def test_each_block_prints_what_the_page_shows(said, number):
    block, kind, shown = parts()[number]
    if kind == "json":
        assert is_in(json.loads(shown), json.loads(said[number])), said[number]
    elif kind is not None:
        for line in filter(None, shown.splitlines()):
            assert line in said[number], block
    else:
        assert '"/problems/' not in said[number]


def test_what_is_shown_is_compared():
    assert is_in({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}, 3], "d": 4})
    for wrong in ({"a": [{"b": 2}]}, {"a": []}, {"e": 1}, {"a": [1, 2, 3]}):
        assert not is_in(wrong, {"a": [{"b": 1, "c": 2}, 3]})
