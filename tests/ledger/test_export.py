import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from detente.errors import InputError
from detente.ledger import Broken, Entry, MemoryLedger, verify
from detente.ledger.chain import START, extend
from detente.ledger.export import export_ledger


def outcome(n, at="2026-05-01T10:00:00.000000001Z", **more):
    events = [{"type": "intent_filed", "id": f"é{n}"}, {"type": "intent_accepted"}][: 1 + n % 2]
    return {"at": at, "by": "UN", "key": str(n), "events": events} | more


def ledger_of(*bodies):
    ledger = MemoryLedger()
    ledger.append(0, bodies)
    return ledger


BODIES = [json.dumps(outcome(n), ensure_ascii=bool(n % 3)).encode() for n in range(20_000)]


def test_json_lines_hold_the_chain_itself(tmp_path):
    ledger = ledger_of(*BODIES[:50], b"\r\n" + json.dumps(outcome(50), indent=1).encode())
    assert export_ledger(ledger, tmp_path / "a.jsonl") == 51
    lines = (tmp_path / "a.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    entries = []
    for line in lines[:50]:
        whole = json.loads(line)
        body = line.partition(b'"body":')[2][:-1]
        entries.append(Entry(whole["position"], bytes.fromhex(whole["hash"]), body))
        assert whole["body"] == outcome(whole["position"] - 1)
    assert entries == list(ledger.read(limit=50))
    assert verify(entries)[0] == 50
    assert json.loads(lines[50])["body"] == outcome(50)


def test_parquet_has_a_column_for_each_thing_one_asks_for(tmp_path):
    ledger = ledger_of(*BODIES)
    export_ledger(ledger, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.num_rows == 20_000
    assert pq.ParquetFile(tmp_path / "a.parquet").num_row_groups == 2
    assert table["position"].to_pylist() == list(range(1, 20_001))
    assert table["hash"].to_pylist() == [entry.hash.hex() for entry in ledger.read()]
    assert [body.encode() for body in table["body"].to_pylist()] == BODIES
    assert table["kinds"][2:4].to_pylist() == [
        ["intent_filed"],
        ["intent_filed", "intent_accepted"],
    ]
    assert set(table["by"].to_pylist()) == {"UN"}
    ten = int(datetime(2026, 5, 1, 10, tzinfo=UTC).timestamp())
    assert table["at"].cast("int64")[7].as_py() == ten * 10**9 + 1


def test_any_rfc_3339_time_becomes_utc(tmp_path):
    times = ["2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00Z", "2026-05-01T10:00:00.5+00:00"]
    export_ledger(
        ledger_of(*(json.dumps(outcome(0, at)).encode() for at in times)), tmp_path / "a.parquet"
    )
    at = pq.read_table(tmp_path / "a.parquet")["at"]
    assert str(at.type) == "timestamp[ns, tz=UTC]"
    first, second, third = at.cast("int64").to_pylist()
    assert first == second == third - 500_000_000


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_an_empty_ledger_and_a_part_of_one(tmp_path, suffix):
    told = []
    path = tmp_path / f"a.{suffix}"
    assert export_ledger(MemoryLedger(), path) == 0
    ledger = ledger_of(*BODIES[:3000])
    assert export_ledger(ledger, path, after=1000, progress=lambda *n: told.append(n)) == 2000
    assert told == [(1024, 2000), (2000, 2000)]
    if suffix == "parquet":
        assert pq.read_table(path)["position"][0].as_py() == 1001
    else:
        assert path.read_bytes().startswith(b'{"position":1001,')
    assert export_ledger(ledger, path, after=5000) == 0


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"at":1,"events":[]}', b'"\xff"'])
def test_a_body_that_is_no_outcome_is_said_with_its_position(tmp_path, suffix, body):
    ledger = ledger_of(*BODIES[:3], body, *BODIES[3:5])
    with pytest.raises(Broken, match="position 4: its body is no outcome"):
        export_ledger(ledger, tmp_path / f"a.{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-05-01T10:00:00"])
def test_a_time_that_is_none_is_said_with_its_position(tmp_path, at):
    ledger = ledger_of(*BODIES[:3], json.dumps(outcome(3, at)).encode(), *BODIES[3:5])
    with pytest.raises(Broken, match="position 4: its time is no time"):
        export_ledger(ledger, tmp_path / "a.parquet")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"end it in \.jsonl, \.parquet"):
        export_ledger(MemoryLedger(), tmp_path / "a.csv")


def test_what_is_exported_is_the_ledger_up_to_its_head_then(tmp_path):
    ledger = ledger_of(*BODIES[:2000])

    def append_more(done, total):
        ledger.append(ledger.head()[0], BODIES[:1])

    export_ledger(ledger, tmp_path / "a.jsonl", progress=append_more)
    assert len((tmp_path / "a.jsonl").read_bytes().splitlines()) == 2000
    assert ledger.head()[0] > 2000
    assert verify(ledger.read())[0] == extend(START, BODIES[:2000])[-1].position + 2
