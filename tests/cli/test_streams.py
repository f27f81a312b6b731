"""What a shell sees: closed pipes, interrupts, terminals, and the time until an answer."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Run


def test_a_closed_pipe_is_quiet(crossing: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "detect", str(crossing)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=300) == 141


def test_an_interrupt_is_clean(tmp_path: Path) -> None:
    flights = tmp_path / "flights.csv"
    os.mkfifo(flights)
    out = tmp_path / "found.parquet"
    process = subprocess.Popen(
        [*COMMAND, "detect", str(flights), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with flights.open("wb"):  # waits until the command reads
        process.send_signal(signal.SIGINT)
        told, error = process.communicate(timeout=300)
    assert process.returncode == 130
    assert told == ""
    assert error.strip() == "interrupted"
    assert sorted(tmp_path.iterdir()) == [flights]


def on_a_terminal(*arguments: str) -> tuple[bytes, bytes, int]:
    """Run with a terminal as stderr: what it shows there, what it prints, and the exit code."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=writer,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(writer)
    shown = b""
    try:
        while piece := os.read(reader, 65536):
            shown += piece
    except OSError:  # the terminal's other end was closed
        pass
    os.close(reader)
    told, _ = process.communicate(timeout=300)
    return shown, told, process.returncode


def test_progress_is_for_terminals(crossing: Path) -> None:
    shown, told, code = on_a_terminal("detect", str(crossing))
    assert code == 1
    assert b"reading crossing.csv" in shown
    assert b"\x1b" not in told
    shown, told, code = on_a_terminal("resolve", str(crossing))
    assert code == 0
    assert b"conflicts left, cost" in shown
    assert b"\x1b" not in told


@pytest.mark.parametrize(
    ("command", "option"), [("detect", "--time-buffer"), ("resolve", "--fairness")]
)
def test_help_does_not_wait_for_the_engine(command: str, option: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "detente", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert option in shown.stdout
    loaded = {line.rpartition("|")[2].strip() for line in shown.stderr.splitlines()}
    assert "detente.cli.detection" in loaded
    assert not loaded & {"numpy", "numba", "pyarrow", "shapely", "pyproj", "ortools"}


def test_version(detente: Run) -> None:
    result = detente("--version")
    assert (result.returncode, result.stdout) == (0, "detente 0.1.0\n")


def test_help_alone(detente: Run) -> None:
    assert "simulate" in detente().stdout


def test_a_narrow_encoding_is_no_reason_to_fail(crossing: Path) -> None:
    crossing.write_text(crossing.read_text().replace("EAST1", "ŁÓDŹ"), encoding="utf-8")
    result = subprocess.run(
        [*COMMAND, "detect", str(crossing)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert r"\u0141\xd3D\u0179 (Blue)" in result.stdout
