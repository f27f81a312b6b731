import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.cli import main

COMMAND = [sys.executable, "-m", "detente"]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def detente(tmp_path: Path) -> Run:
    """Run the command in an empty folder."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture) -> Run:
    """Run the same in this process: the engine is imported once, and not for each case."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(tmp_path)
        tokens = [str(argument) for argument in arguments]
        code = main(tokens)
        return subprocess.CompletedProcess(tokens, code, *capfd.readouterr())

    return run


HEADER = "flight_id,party,time,lat,lon,alt_baro_ft\n"


def fixes(flight: str, party: str, *rows: str) -> str:
    return "".join(f"{flight},{party},{row}\n" for row in rows)


EAST = fixes("EAST1", "Blue", "2026-07-01T12:00:00Z,50,4,35000", "2026-07-01T12:20:00Z,50,6,35000")
NORTH = fixes("NORTH1", "Red", "2026-07-01T12:00:00Z,49,5,35000", "2026-07-01T12:20:00Z,51,5,35000")
ABOVE = fixes("ABOVE1", "Red", "2026-07-01T12:00:00Z,49,5,36000", "2026-07-01T12:20:00Z,51,5,36000")


@pytest.fixture
def crossing(tmp_path: Path) -> Path:
    """EAST1 and NORTH1 meet at 50 N 5 E at 12:10, on one level."""
    path = tmp_path / "crossing.csv"
    path.write_text(HEADER + EAST + NORTH)
    return path


@pytest.fixture
def separated(tmp_path: Path) -> Path:
    """The same, on adjacent flight levels."""
    path = tmp_path / "separated.csv"
    path.write_text(HEADER + EAST + ABOVE)
    return path
