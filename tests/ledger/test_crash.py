"""Processes that are killed, disks that are full."""

import json
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import sleep

import pytest

from detente.ledger import START, Unavailable, open_ledger, verify
from detente.ledger.chain import extend
from tests.ledger.full import fill

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", range(2))
def test_killed_writers_lose_nothing_they_acknowledged(stored, seed):
    stored.open()
    writers = {
        name: subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.appender", str(stored.target), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for name in ("a", "b")
    }
    assert all(writer.stdout.readline() == "ready\n" for writer in writers.values())
    for writer in writers.values():
        writer.stdin.write("go\n")
        writer.stdin.flush()
    acknowledged = {name: int(writer.stdout.readline()) for name, writer in writers.items()}
    sleep(Random(seed).uniform(0, 0.1))
    for writer in writers.values():
        writer.send_signal(signal.SIGKILL)
    for name, writer in writers.items():
        lines = writer.stdout.read().splitlines(keepends=True)
        whole = [line for line in lines if line.endswith("\n")]
        acknowledged[name] = int(whole[-1]) if whole else acknowledged[name]
        assert writer.wait() == -signal.SIGKILL
        writer.stdin.close()
        writer.stdout.close()
    stored.close()
    with stored.open(create=True) as ledger:
        if stored.kind == "postgres":
            sleep(0.05)  # the server may still be carrying out what the dead asked for
        entries = list(ledger.read())
        position = verify(entries)[0]
        found = [json.loads(entry.body) for entry in entries]
        for name, count in acknowledged.items():
            own = [body["n"] for body in found if body["by"] == name]
            # the one append that was not acknowledged yet is there as a whole, or not at all
            assert len(own) in (count, count + 3)
            assert own == list(range(len(own)))
        ledger.append(ledger.head()[0], [b"{}"])
        assert verify(ledger.read())[0] > position


@contextmanager
def files_of_at_most(size):
    """Let this process's files not grow beyond so many bytes: writing fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_harms_nothing(tmp_path):
    path = tmp_path / "a.ledger"
    body = b'{"x":"%s"}' % (b"x" * 10_000)
    with open_ledger(path, create=True) as ledger:
        acknowledged = []
        with files_of_at_most(500_000), pytest.raises(Unavailable, match="full") as failed:
            fill(ledger, acknowledged, [body, body])
        assert "try again" in failed.value.mend
        assert 10 < len(acknowledged) < 100
        assert list(ledger.read()) == extend(START, acknowledged)
        ledger.append(len(acknowledged), [b"{}"])  # there is room again
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ledger"]
    with open_ledger(path, read_only=True) as ledger:
        assert verify(ledger.read())[0] == len(acknowledged) + 1


def test_no_room_in_the_file_is_said_too(tmp_path):
    with open_ledger(tmp_path / "a.ledger", create=True) as ledger:
        ledger.append(0, [b"{}"])
        ledger._writer.execute("PRAGMA max_page_count = 8")
        with pytest.raises(Unavailable, match="no room left"):
            ledger.append(1, [b"x" * 5000] * 20)
        assert verify(ledger.read())[0] == 1
        ledger._writer.execute("PRAGMA max_page_count = 1000000")
        ledger.append(1, [b"x" * 5000] * 20)
        assert verify(ledger.read())[0] == 21
