"""The watch as it is run: on recordings, on sockets, on a terminal."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from detente.authority.register import Alert
from detente.cli.watching.account import Account, News
from detente.cli.watching.screen import screen
from tests.cli.conftest import COMMAND
from tests.cli.skies import NOON, write_intents, write_seen
from tests.feeds.reports import msg

SHIFT = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def logging() -> Iterator[None]:
    """What a command of this process logs to is closed with its test."""
    yield
    structlog.reset_defaults()


def told(result: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def verdicts(lines: list[dict]) -> dict[str, str]:
    """The last verdict on each address."""
    tracks = (line["track"] for line in lines if "track" in line)
    return {track["address"]: track["conformance"] for track in tracks}


def replay(path, *options):
    return ("watch", "--replay", path, "--speed", "max", *options)


# --- recordings


def test_what_is_refused_is_told_as_json(within, tmp_path) -> None:
    seen = tmp_path / "day.sbs"
    seen.write_bytes(
        msg("4ca7b6") + b"garbage\n" + b"STA" + msg("4ca7b6")[3:] + msg("4ca7b6", lat=99.0)
    )
    result = within(*replay(seen, "--utc", "--json"))
    *_, end = told(result)
    (feed,) = end["end"]["feeds"]
    assert feed["received"] == 1
    assert sum(feed["refused"].values()) == 2
    assert feed["unwanted"] == {"SBS STA": 1}


def test_an_alert_that_lasts_is_one_line(capsys) -> None:
    alert = Alert("A1", "track:a", "track:b", NOON, 100.0)
    over = Alert("A1", "track:a", "track:b", NOON, 100.0, over=True)
    shown = screen(Account(()), None, json=False)
    for one in (alert, alert, over, alert):
        shown.show(News(0, (), (), (one,)))
    kinds = [line[22:35].strip() for line in capsys.readouterr().out.splitlines()]
    assert kinds == ["alert", "alert over", "alert"]


def test_a_recording_compared_with_flights_of_a_file(within, tmp_path) -> None:
    seen = write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0, "bbbbbb": 52.0})
    flights = write_intents(tmp_path / "flights.csv", {"A": 50.0})
    result = within(*replay(seen, "--intents", flights, "--json"))
    assert (result.returncode, result.stderr) == (1, "")
    *lines, end = told(result)
    assert verdicts(lines) == {"aaaaaa": "conforming", "bbbbbb": "undeclared"}
    assert end["end"]["found"]["undeclared"] == 1
    assert end["end"]["feeds"][0]["received"] == 120
    result = within(*replay(seen, "--intents", flights))
    assert result.returncode == 1
    assert "undeclared" in result.stdout
    assert "as Blue/A" in result.stdout
    assert "2 tracks (1 undeclared, 1 conforming" in result.stdout
    seen = write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0})
    result = within(*replay(seen, "--intents", flights))
    assert (result.returncode, result.stderr) == (0, "")


def test_the_same_at_any_speed(within, tmp_path) -> None:
    seen = write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0, "bbbbbb": 50.1})
    fast = within(*replay(seen, "--json"))
    began = time.monotonic()
    slow = within("watch", "--replay", seen, "--speed", "60", "--json")
    assert time.monotonic() - began > 0.9
    assert slow.stdout == fast.stdout
    assert told(fast)


def test_a_part_of_it_and_now(within, tmp_path) -> None:
    seen = write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0})
    begin = (NOON + timedelta(seconds=30)).isoformat()
    now = datetime.now(UTC).replace(microsecond=0)
    result = within(*replay(seen, "--begin", begin, "--shift", "--json"))
    *lines, end = told(result)
    assert end["end"]["feeds"][0]["received"] == 30
    first = datetime.fromisoformat(lines[0]["track"]["fix"][0])
    assert timedelta(0) <= first - now < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing to watch"),
        (("--sbs", "nowhere"), "sbs"),
        (("--sbs", "239.1.1.1@lo:30003"), "a group"),
        (("--asterix", "239.1.1.1:8600"), "without an interface"),
        (("--asterix", "192.0.2.1:8600"), "nothing can be heard"),
        (("--asterix", "127.0.0.1:0", "--edition", "21"), "edition"),
        (("--opensky", "none.json"), "no such file"),
        (("--opensky", "ftp://user:word@host/"), "no URL"),
        (("--sbs", "a:1", "--sbs", "a:1"), "twice"),
        (("--sbs", "a:1", "--queue", "0"), "queue"),
        (("--sbs", "a:1", "--silence", "0s"), "silence"),
        (("--sbs", "a:1", "--speed", "60"), "nothing is replayed"),
        (("--sbs", "a:1", "--replay", "x"), "at once"),
        (("--replay", "none.csv"), "no such file"),
        (("--replay", "seen.csv", "--speed", "0"), "speed"),
        (("--replay", "seen.csv", "--speed", "fast"), "speed"),
        (("--replay", "seen.csv", "--begin", "2026-07-01T12:00:00"), "naive"),
        (("--replay", "seen.csv", "--begin", "2030-01-01T00:00:00Z"), "no sighting"),
        (("--replay", "seen.csv", "--shift", "--begin", "2030-01-01T00:00:00Z"), "no sighting"),
        (("--replay", "seen.csv", "--day", "1 July"), "day"),
        (("--replay", "seen.csv", "--intents", "none.csv"), "no such file"),
        (("--replay", "lines.txt"), "utc"),
        (("--replay", "junk.txt"), "junk.txt"),
        (("--replay", "seen.csv", "--authority", "http://127.0.0.1:9"), "token"),
        (("--replay", "seen.csv", "--authority", "x", "--token", "a.b.c"), "url"),
        (
            ("--replay", "seen.csv", "--authority", "http://127.0.0.1:9", "--token", "a.b.c",
             "--within", "0.2s"), "--authority says where",
        ),
        (("--replay", "seen.csv", "--authority", "x", "--intents", "y"), "leave --intents out"),
    ],
)  # fmt: skip
def test_what_cannot_be_watched(within, tmp_path, monkeypatch, arguments, words) -> None:
    monkeypatch.delenv("DETENTE_TOKEN", raising=False)
    write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0})
    (tmp_path / "lines.txt").write_bytes(msg("aaaaaa"))
    (tmp_path / "junk.txt").write_text("a,b\n1,2\n")
    result = within("watch", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("detente: ")
    assert words in line
    assert "user:word" not in line


def test_every_option_is_on_the_page() -> None:
    shown = subprocess.run(
        [*COMMAND, "watch", "--help"], capture_output=True, text=True, check=True,
        env={**os.environ, "COLUMNS": "200"},
    ).stdout  # fmt: skip
    options = set(re.findall(r"--[a-z-]+", shown))
    page = Path("docs/watch.md").read_text()
    assert len(options) > 20
    assert {option for option in options if f"`{option}" not in page} == set()


# --- sockets


def test_a_terminal_has_a_table_and_ctrl_c_ends_it(tmp_path) -> None:
    seen = write_seen(tmp_path / "seen.csv", {"aaaaaa": 50.0}, seconds=range(1_000))
    screen, writer = pty.openpty()
    command = [*COMMAND, "watch", "--replay", str(seen), "--speed", "20"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "150", "LINES": "40"}
    with subprocess.Popen(command, stdout=writer, stderr=writer, env=environment) as process:
        os.close(writer)
        shown = b""
        with suppress(OSError):  # the other end was closed
            while select.select([screen], [], [], 60)[0]:
                shown += os.read(screen, 65_536)
                if b"1 undeclared" in shown:
                    process.send_signal(signal.SIGINT)
        os.close(screen)
        assert process.wait(20) == 1
    text = shown.decode()
    assert "aaaaaa" in text
    assert "verdict" in text
    assert "\x1b[" in text
    assert "1 track (1 undeclared" in text
