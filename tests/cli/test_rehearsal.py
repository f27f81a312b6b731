"""A day that is rehearsed: what each party is shown, and that the ledger of it is whole."""

import io
import json
import re
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detente.authority import Charter, Path4D
from detente.authority.command import Found
from detente.cli import main
from detente.ledger.desk import Desk
from tests.cli.conftest import HEADER, Run

FIVE = datetime(2026, 7, 1, 5, tzinfo=UTC)


def _row(flight: str, operator: str, at: datetime, lat: float, lon: float) -> str:
    return f"{flight},{operator},{at.isoformat()},{lat:.4f},{lon:.4f},35000\n"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every ten minutes of 16 hours, two flights meet at 50 N 5 E, of operators that differ."""
    path = tmp_path_factory.mktemp("day") / "day.csv"
    rows = []
    for k in range(96):
        at, later = FIVE + timedelta(minutes=10 * k), FIVE + timedelta(minutes=10 * k + 20)
        east, north = f"EST{k:03d}X", f"NTH{k:03d}X"
        rows += [
            _row(east, f"OP{k % 6}", at, 50.0, 4.0),
            _row(east, f"OP{k % 6}", later, 50.0, 6.0),
        ]
        rows += [
            _row(north, f"OQ{k % 5}", at, 49.4, 5.0),
            _row(north, f"OQ{k % 5}", later, 50.6, 5.0),
        ]
    path.write_text(HEADER + "".join(rows))
    return path


@pytest.fixture(scope="module")
def rehearsed(day: Path) -> tuple[str, Path]:
    """What it printed, and where it left the ledger and the maps."""
    out = day.parent / "out"
    with redirect_stdout(io.StringIO()) as said:
        assert main(["rehearse", str(day), "--out", str(out)]) == 0
    return said.getvalue(), out


def _parts(text: str) -> dict[str, str]:
    """Take the report apart by what is said to be seen by whom."""
    found = re.split(r"^what (\w+) saw$|^what (the authority) knows$", text, flags=re.MULTILINE)
    names = [a or b for a, b in zip(found[1::3], found[2::3], strict=True)]
    return dict(zip(names, found[3::3], strict=True))


def test_it_says_what_each_saw(rehearsed: tuple[str, Path]) -> None:
    parts = _parts(rehearsed[0])
    assert list(parts) == ["north", "south", "east", "the authority"]
    filed = [
        int(re.search(r"filed (\d+) flights", parts[p])[1]) for p in ("north", "south", "east")
    ]
    assert sum(filed) == 192
    assert min(filed) > 40
    for party in ("north", "south", "east"):
        assert re.search(r"\d+ refusals?: .*for other traffic", parts[party])
        assert re.search(r"took \d+ alternatives?: ", parts[party])
        assert "constraint closure was published (search and rescue)" in parts[party]
        assert "constraint closure was lifted" in parts[party]
    assert re.search(
        r"in coalition neighbours \(north, south\): it saw where [1-9]", parts["north"]
    )
    assert re.search(
        r"in coalition neighbours \(north, south\): it saw where [1-9]", parts["south"]
    )
    assert "of others' flights: nothing" in parts["east"]
    assert re.search(r"conflicts kept apart: \d+ pairs of flights", parts["the authority"])
    assert re.search(r" held: [1-9]\d*, and \d+ of them released", rehearsed[0])
    assert re.search(r"planned jointly: [1-9]", rehearsed[0])
    assert "the chain holds" in rehearsed[0]
    assert "the rule holds" in rehearsed[0]


def test_what_a_party_sees_holds_nothing_of_others(
    within: Run, rehearsed: tuple[str, Path]
) -> None:
    text, out = rehearsed
    everything = json.loads(within("ledger", "show", out / "airspace.ledger", "--json").stdout)
    fleet: dict[str, set[str]] = {"north": set(), "south": set(), "east": set()}
    for intent in everything["intents"]:
        fleet[intent["party"]].add(intent["id"])
    assert sum(map(len, fleet.values())) == 192
    parts = _parts(text)
    for party, own in fleet.items():
        others = set().union(*(ids for p, ids in fleet.items() if p != party))
        page = (out / f"{party}.html").read_text()
        when = (FIVE + timedelta(hours=12)).isoformat()
        ask = ("show", out / "airspace.ledger", "--party", party, "--at", when, "--json")
        in_the_evening = within("ledger", *ask).stdout
        for shown in (parts[party], page, in_the_evening):
            seen = set(re.findall(r"\b(?:EST|NTH)\d{3}X\b", shown))
            assert seen & own
            assert not seen & others
    seen = set(re.findall(r"\b(?:EST|NTH)\d{3}X\b", (out / "authority.html").read_text()))
    assert seen == set().union(*fleet.values())


def test_the_same_flights_and_seed_give_the_same_ledger(within: Run, tmp_path: Path) -> None:
    rows = [_row(f"F{k}", f"OP{k}", FIVE + timedelta(minutes=m), 50.0, lon)
            for k in range(8) for m, lon in ((k, 4.0), (k + 20, 6.0))]  # fmt: skip
    (tmp_path / "few.csv").write_text(HEADER + "".join(rows))
    heads = []
    for out, seed in (("a", 7), ("b", 7), ("c", 8)):
        result = within("rehearse", "few.csv", "--out", out, "--seed", seed,
                         "--parties", "blue,red")  # fmt: skip
        assert result.returncode == 0, result.stderr
        heads.append(re.search(r"^head: (.*)$", result.stdout, re.MULTILINE)[1])
        assert (tmp_path / out / "blue.html").exists()
    assert heads[0] == heads[1] != heads[2]


def test_a_ledger_is_replaced_only_when_asked_and_only_a_rehearsals(
    within: Run, crossing: Path, tmp_path: Path
) -> None:
    assert within("rehearse", crossing, "--out", "out").returncode == 0
    ledger = tmp_path / "out" / "airspace.ledger"
    before = ledger.read_bytes()
    refused = within("rehearse", crossing, "--out", "out")
    assert refused.returncode == 2
    assert "say --again" in refused.stderr
    assert ledger.read_bytes() == before
    assert within("rehearse", crossing, "--out", "out", "--again").returncode == 0
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "airspace.ledger"
    _found(real)
    refused = within("rehearse", crossing, "--out", "real", "--again")
    assert refused.returncode == 2
    assert "not a rehearsal's ledger" in refused.stderr
    assert within("ledger", "verify", real).returncode == 0


def _found(path: Path) -> None:
    with Desk.open(path, create=True) as desk:
        desk.submit(Found(at=FIVE, key="1", charter=Charter(name="FIR")))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "out"), "no file of flights"),
        (("crossing.csv",), "--out"),
        (("crossing.csv", "--out", "none/out"), "no folder"),
        (("crossing.csv", "--out", "crossing.csv"), "no folder"),
        (("crossing.csv", "--out", "out", "--parties", "one"), "two or more"),
        (("crossing.csv", "--out", "out", "--parties", "a,a"), "each once"),
        (("crossing.csv", "--out", "out", "--parties", "a,../b"), "'../b'"),
        (("crossing.csv", "--out", "out", "--parties", "a,authority"), "is taken"),
        (("crossing.csv", "--out", "out", "--seed", "-1"), "seed"),
        (("crossing.csv", "--out", "out", "--horizontal", "5"), "5"),
        (("crossing.csv", "crossing.csv", "--out", "out"), "another file"),
        (("nothing.csv", "--out", "out"), "nothing.csv"),
    ],
)
def test_bad_usage(
    within: Run, crossing: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = within("rehearse", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [crossing.name]


def test_a_live_day_stops_at_this_moment(day: Path, tmp_path: Path):
    out = tmp_path / "live"
    before = datetime.now(UTC).replace(microsecond=0)
    with redirect_stdout(io.StringIO()):
        assert main(["rehearse", str(day), "--out", str(out), "--live"]) == 0
    with Desk.open(out / "airspace.ledger") as desk:
        states = {intent.state.value for intent in desk.state.intents.values()}
        (closure,) = desk.state.constraints.values()
        starts = [
            i.extent.start
            for i in desk.state.intents.values()
            if i.state.value == "accepted" and isinstance(i.extent, Path4D)
        ]
        named = {i.state.value for i in desk.state.intents.values() if i.aircraft is not None}
        callsigns = {i.aircraft.callsign for i in desk.state.intents.values() if i.aircraft}
    assert named == states - {"ended", "refused"}
    assert all(re.fullmatch(r"(EST|NTH)\d\d\dX", callsign) for callsign in callsigns)
    assert {"accepted", "activated", "ended"} <= states
    assert closure.id == "closure"
    assert max(starts) >= before
    assert max(starts) <= datetime.now(UTC) + timedelta(hours=6)
