"""``detente ledger``: a ledger that is whole, one that is not, and what was known when."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from detente.authority import Charter, Path4D, Sharing, Volume4D, decode_outcome, encode_outcome
from detente.authority.command import (
    File,
    FormCoalition,
    Found,
    Join,
    Override,
    PublishConstraint,
    RegisterParty,
)
from detente.authority.event import ConstraintPublished, IntentAccepted
from detente.authority.outcome import Outcome
from detente.authority.register import Effect, IntentState
from detente.ledger import Entry, open_ledger, verify
from detente.ledger.desk import Desk
from tests.cli.conftest import Run
from tests.ledger.conftest import server  # noqa: F401

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def path(
    lat: tuple[float, float], lon: tuple[float, float], start: datetime = NOON + HOUR
) -> Path4D:
    return Path4D(start, (0.0, 600.0), lat, lon, (35_000.0, 35_000.0))


EAST = path((50.0, 50.0), (4.0, 6.0))
NORTH = path((49.4, 50.6), (5.0, 5.0))
SOUTH = path((40.0, 41.0), (5.0, 5.0))
PLACE = Volume4D(centre=(50.0, 4.5), radius=9_000.0, start=NOON, end=NOON + 3 * HOUR)


def fill(target: str | Path) -> None:
    """Write what these tests look at: ten commands, a minute apart."""
    rows: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (Found, {"charter": Charter()}),
        *((RegisterParty, {"party": p}) for p in ("alfa", "bravo", "charlie")),
        (FormCoalition, {"coalition": "ab", "invited": ("alfa", "bravo")}),
        (Join, {"by": "alfa", "coalition": "ab", "shares": Sharing.VOLUMES}),
        (Join, {"by": "bravo", "coalition": "ab", "shares": Sharing.INTENTS}),
        (File, {"by": "alfa", "intent": "A-east", "extent": EAST}),
        (File, {"by": "bravo", "intent": "B-north", "extent": NORTH}),
        (File, {"by": "charlie", "intent": "C-south", "extent": SOUTH}),
    ]
    with Desk(open_ledger(target, create=True)) as desk:
        for k, (command, said) in enumerate(rows):
            desk.submit(command(at=NOON + k * timedelta(minutes=1), key=str(k), **said))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    fill(tmp_path / "a.ledger")
    return tmp_path / "a.ledger"


def entries_of(target: Path) -> list[Entry]:
    with open_ledger(target, read_only=True) as opened:
        return list(opened.read())


def append(target: Path, *bodies: bytes) -> None:
    with open_ledger(target) as opened:
        opened.append(opened.head()[0], bodies)


def forged(by: str, intent: str, extent: Any) -> bytes:
    """Give the entry that an authority without a rule would have written."""
    accepted = IntentAccepted(
        party=by, intent=intent, version=9, state=IntentState.ACCEPTED, extent=extent,
        precedence="other",
    )  # fmt: skip
    return encode_outcome(Outcome(1, NOON + HOUR, by, "", "", (accepted,)))


# verify


def test_a_whole_ledger_verifies_and_its_head_is_told(within: Run, ledger: Path) -> None:
    result = within("ledger", "verify", ledger)
    assert result.returncode == 0
    position, digest, _ = entries_of(ledger)[-1]
    assert "10 entries with 10 events; the chain holds" in result.stdout
    assert f"\nhead: {position}:{digest.hex()}\n" in result.stdout
    assert "3 parties\n" in result.stdout
    assert "3 intents: 2 accepted, 1 refused\n" in result.stdout
    assert "the rule holds" in result.stdout


def test_what_is_verified_is_not_changed(within: Run, ledger: Path) -> None:
    before = ledger.read_bytes()
    ledger.chmod(0o444)
    assert within("ledger", "verify", ledger).returncode == 0
    assert ledger.read_bytes() == before
    assert list(ledger.parent.iterdir()) == [ledger]


def test_the_head_that_it_told_is_expected_later(within: Run, ledger: Path) -> None:
    told = within("ledger", "verify", ledger).stdout
    noted = re.search(r"^head: (.*)$", told, re.MULTILINE)[1]
    append(ledger, forged("charlie", "C-2", path((30.0, 31.0), (5.0, 5.0))))
    assert within("ledger", "verify", ledger, "--expect", noted).returncode == 0
    another = noted[:-1] + ("0" if noted[-1] != "0" else "1")
    result = within("ledger", "verify", ledger, "--expect", another)
    assert result.returncode == 1
    assert "position 10: its hash is not the one that was noted earlier" in result.stdout
    result = within("ledger", "verify", ledger, "--expect", noted.replace("10:", "12:"))
    assert result.returncode == 1
    assert "position 12 was noted earlier" in result.stdout


@pytest.mark.parametrize("noted", ["7", "7:aa", "x:" + "0" * 64, "0:" + "0" * 64, "7:" + "g" * 64])
def test_a_head_that_is_none(within: Run, ledger: Path, noted: str) -> None:
    result = within("ledger", "verify", ledger, "--expect", noted)
    assert result.returncode == 2
    assert "is no head" in result.stderr


def by_hand(target: Path, text: str, *values: object) -> None:
    """Change the file past Detente, its triggers too."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        for trigger in ("entry_UPDATE", "entry_DELETE"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(text, values)


def test_a_body_edited_by_hand_is_found(within: Run, ledger: Path) -> None:
    body = entries_of(ledger)[7].body
    other = body.replace(b"35000.0", b"33000.0")
    assert other != body
    by_hand(ledger, "UPDATE entry SET body = ? WHERE position = 8", other)
    result = within("ledger", "verify", ledger)
    assert result.returncode == 1
    assert "broken at position 8: its body was changed" in result.stdout


def test_an_entry_taken_out_by_hand_is_found(within: Run, ledger: Path) -> None:
    by_hand(ledger, "DELETE FROM entry WHERE position = 6")
    result = within("ledger", "verify", ledger)
    assert result.returncode == 1
    assert "broken at position 6: missing" in result.stdout


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"{}", "its body is no outcome"),
        (b"\xff", "its body is no outcome"),
        (forged("alfa", "A", EAST).replace(b'"schema":1', b'"schema":99'), "schema 99"),
        (
            forged("alfa", "A", EAST).replace(b"IntentAccepted", b"IntentReleased"),
            "cannot follow what stands before it",
        ),
    ],
)
def test_an_entry_that_chains_but_says_nothing(
    within: Run, ledger: Path, body: bytes, what: str
) -> None:
    append(ledger, body)
    for command in ("verify", "show"):
        result = within("ledger", command, ledger)
        assert result.returncode == 1
        assert "position 11" in result.stdout
        assert what in result.stdout


def test_a_chain_that_breaks_the_rule_is_found(within: Run, ledger: Path) -> None:
    """It chains and folds: only the rule itself says that it was not written by an authority."""
    append(ledger, forged("bravo", "B-north", NORTH))
    result = within("ledger", "verify", ledger)
    assert result.returncode == 1
    assert "the chain holds" in result.stdout
    assert "the rule is broken: 1 pair" in result.stdout
    assert "alfa/A-east and bravo/B-north from 2026-07-01T13:0" in result.stdout


def test_what_was_overridden_is_no_breach(within: Run, ledger: Path) -> None:
    with Desk(open_ledger(ledger)) as desk:
        asked = {"party": "bravo", "intent": "B-north", "version": 1, "reason": "ambulance"}
        desk.submit(Override(at=NOON + HOUR / 2, key="o", **asked))
    result = within("ledger", "verify", ledger)
    assert result.returncode == 0
    assert "overridden by the authority: 1 pair" in result.stdout


def test_an_accepted_flight_in_a_constraint_is_a_breach(within: Run, ledger: Path) -> None:
    with Desk(open_ledger(ledger)) as desk:
        said = {"constraint": "fire", "volumes": (PLACE,), "reason": "fire"}
        desk.submit(PublishConstraint(at=NOON + HOUR / 2, key="c", **said))
    assert within("ledger", "verify", ledger).returncode == 0
    append(ledger, forged("alfa", "A-east", EAST))
    result = within("ledger", "verify", ledger)
    assert result.returncode == 1
    assert "alfa/A-east and constraint:fire from" in result.stdout


OVER = Volume4D(
    centre=(50.0, 5.5), radius=9_000.0, lower=30_000.0, upper=40_000.0, start=NOON + HOUR,
    end=NOON + 2 * HOUR,
)  # fmt: skip


@pytest.mark.parametrize(
    ("accepted", "pairs"),
    [
        ([("bravo", (OVER,))], ["alfa/A-east and bravo/forged-0"]),
        ([("alfa", (OVER,))], []),
        ([("bravo", (replace(OVER, upper=34_000.0),))], []),
        (
            [("bravo", (OVER,)), ("charlie", (replace(OVER, radius=4_000.0),))],
            ["alfa/A-east and bravo/forged-0", "bravo/forged-0 and charlie/forged-1",
             "alfa/A-east and charlie/forged-1"],
        ),
    ],
    ids=["path and volume", "one party's", "below", "volume and volume"],
)  # fmt: skip
def test_volumes_that_break_the_rule(
    within: Run, ledger: Path, accepted: list[tuple[str, Any]], pairs: list[str]
) -> None:
    append(ledger, *(forged(by, f"forged-{k}", v) for k, (by, v) in enumerate(accepted)))
    result = within("ledger", "verify", ledger)
    assert result.returncode == (1 if pairs else 0)
    assert sorted(re.findall(r"^  (.*) from", result.stdout, re.MULTILINE)) == sorted(pairs)


@pytest.mark.parametrize(("permitted", "code"), [(("alfa",), 0), (("bravo",), 1)])
def test_who_may_enter_a_limited_constraint_breaks_no_rule(
    within: Run, ledger: Path, permitted: tuple[str, ...], code: int
) -> None:
    published = ConstraintPublished(
        constraint="c", version=1, volumes=(PLACE,), effect=Effect.LIMITED, permitted=permitted,
        reason="",
    )  # fmt: skip
    append(ledger, encode_outcome(Outcome(1, NOON + HOUR, "authority", "", "", (published,))))
    assert within("ledger", "verify", ledger).returncode == code


@pytest.mark.parametrize("command", ["verify", "show", "export"])
def test_what_is_no_ledger(within: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "a.txt").write_text("a text that is long enough to be no database\n" * 30)
    more = ("--out", "x.jsonl") if command == "export" else ()
    for name, what in (("a.txt", "not a ledger"), ("none", "no such ledger"), (".", "a directory")):
        result = within("ledger", command, name, *more)
        assert result.returncode == 2
        assert what in result.stderr


def test_a_ledger_on_a_server(within: Run, server: Any) -> None:  # noqa: F811
    url = server.url("detente_cli")
    fill(url)
    result = within("ledger", "verify", url)
    assert result.returncode == 0
    assert "10 entries with 10 events; the chain holds" in result.stdout
    shown = within("ledger", "show", url, "--party", "charlie", "--json")
    assert [own["intent"] for own in json.loads(shown.stdout)["intents"]] == ["C-south"]


# show


def test_what_was_known_at_a_time(within: Run, ledger: Path) -> None:
    at = (NOON + timedelta(minutes=8, seconds=30)).isoformat()
    shown = within("ledger", "show", ledger, "--at", at)
    assert shown.returncode == 0
    assert "9 entries" in shown.stdout
    assert "2 intents: 1 accepted, 1 refused" in shown.stdout
    assert "B-north" in shown.stdout
    assert "C-south" not in shown.stdout
    known = json.loads(within("ledger", "show", ledger, "--at", at, "--json").stdout)
    assert {intent["id"]: intent["state"] for intent in known["intents"]} == {
        "A-east": "accepted", "B-north": "refused",
    }  # fmt: skip
    assert (known["position"], known["hash"]) == (9, entries_of(ledger)[8].hash.hex())
    before = within("ledger", "show", ledger, "--at", "2026-06-30T00:00:00Z", "--json").stdout
    assert json.loads(before)["parties"] == []


def test_the_authority_is_shown_all(within: Run, ledger: Path) -> None:
    shown = within("ledger", "show", ledger).stdout
    for name in (
        "alfa",
        "bravo",
        "charlie",
        "ab",
        "A-east",
        "B-north",
        "C-south",
        "5 alternatives",
    ):
        assert name in shown


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_party_is_shown_its_own_and_what_is_shared(
    within: Run, ledger: Path, form: tuple[str, ...]
) -> None:
    with Desk(open_ledger(ledger)) as desk:
        extent = path((45.0, 46.0), (5.0, 5.0))
        desk.submit(File(at=NOON + HOUR / 2, by="bravo", key="9", intent="B-2", extent=extent))
    shown = {
        p: within("ledger", "show", ledger, "--party", p, *form).stdout
        for p in ("alfa", "bravo", "charlie")
    }
    for party, seen, unseen in (
        ("alfa", ("A-east", "B-2", "bravo"), ("B-north", "C-south", "charlie")),
        ("bravo", ("B-north", "B-2", "alfa"), ("A-east", "C-south", "charlie")),
        ("charlie", ("C-south",), ("A-east", "B-north", "B-2", "alfa", "bravo")),
    ):
        assert all(name in shown[party] for name in seen), party
        assert not any(name in shown[party] for name in unseen), party
    # where alfa's flight may be is shared with bravo, under a name that says nothing
    assert re.search(r"\b[0-9a-f]{16}\b", shown["bravo"])
    assert not re.search(r"\b[0-9a-f]{16}\b", shown["charlie"])
    # neither position nor hash, which count what others do
    assert not any(re.search(r"11 entries|position", text) for text in shown.values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--party", "delta"), "no party 'delta'"),
        (("--party", "alfa", "--at", "2026-07-01T12:00:30Z"), "as of 2026-07-01T12:00:30Z"),
        (("--at", "2026-07-01T12:00:00"), "a naive time"),
        (("--at", "noon"), "cannot be read"),
    ],
)
def test_what_cannot_be_shown(
    within: Run, ledger: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = within("ledger", "show", ledger, *arguments)
    assert result.returncode == 2
    assert said in result.stderr


# export


def test_a_copy_can_be_checked_by_others(within: Run, ledger: Path, tmp_path: Path) -> None:
    result = within("ledger", "export", ledger, "--out", "a.jsonl")
    assert (result.returncode, result.stdout) == (0, "written: a.jsonl: 10 entries\n")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    copied = [
        Entry(row["position"], bytes.fromhex(row["hash"]), msgspec.json.encode(row["body"]))
        for row in rows
    ]
    assert verify(copied)[0] == 10
    assert decode_outcome(copied[8].body).events[0].intent == "B-north"
    assert within("ledger", "export", ledger, "--out", "a.parquet").returncode == 0
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 10


def test_a_copy_never_replaces_the_ledger(within: Run, ledger: Path) -> None:
    named = ledger.rename(ledger.with_suffix(".jsonl"))
    before = named.read_bytes()
    assert within("ledger", "export", named, "--out", named).returncode == 2
    assert within("ledger", "export", named, "--out", "a.csv").returncode == 2
    assert named.read_bytes() == before


def test_what_cannot_be_read_is_not_copied(within: Run, ledger: Path, tmp_path: Path) -> None:
    append(ledger, b"[]")
    result = within("ledger", "export", ledger, "--out", "a.jsonl")
    assert result.returncode == 1
    assert "position 11" in result.stdout
    assert not (tmp_path / "a.jsonl").exists()
