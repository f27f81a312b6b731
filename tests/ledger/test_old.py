"""Ledgers of every schema there was are read by today's code; ``scripts/keep_ledger.py``."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from detente.authority import IntentState, State, decode_outcome, fold, told, view
from detente.authority import event as e
from detente.authority.outcome import SCHEMA
from detente.ledger import Broken, Entry, MemoryLedger, verify
from detente.ledger.desk import Desk, replay

OLD = Path(__file__).parent / "old"
HEADS = {
    1: (41, "bf212d6fee8c2379b19563062bec737123fbab7bb6b0aa2cf2705f8d5c16aca3"),
}
"""By schema, the head as it was noted when the file was made."""
KINDS = {*e.Event.__subclasses__(), *e.IntentEvent.__subclasses__()} - {e.IntentEvent}


class Line(msgspec.Struct):
    position: int
    hash: str
    body: msgspec.Raw


def entries_of(schema: int) -> list[Entry]:
    lines = (OLD / f"schema-{schema}.jsonl").read_bytes().splitlines()
    rows = (msgspec.json.decode(line, type=Line) for line in lines)
    return [Entry(row.position, bytes.fromhex(row.hash), bytes(row.body)) for row in rows]


def test_there_is_one_of_each_schema():
    kept = {int(path.stem.removeprefix("schema-")) for path in OLD.glob("*.jsonl")}
    assert kept == set(HEADS) == set(range(1, SCHEMA + 1))


@pytest.mark.parametrize("schema", HEADS)
def test_it_is_as_it_was_written(schema):
    entries = entries_of(schema)
    position, digest = HEADS[schema]
    head = (position, bytes.fromhex(digest))
    assert verify(entries, noted=head) == head
    spoilt = [*entries[:5], entries[5]._replace(body=b"{}"), *entries[6:]]
    with pytest.raises(Broken, match="position 6"):
        verify(spoilt)


def test_every_kind_of_event_has_an_example():
    """Run the script again when a kind is new; of a released schema, add a ledger instead."""
    seen = Counter(
        type(event) for entry in entries_of(SCHEMA) for event in decode_outcome(entry.body).events
    )
    assert KINDS - set(seen) == set()


@pytest.mark.parametrize("schema", HEADS)
def test_it_decodes_folds_and_tells(schema):
    entries = entries_of(schema)
    state = State()
    for entry in entries:
        outcome = decode_outcome(entry.body)
        assert outcome.schema == schema
        fold(state, outcome)
    state.settle()
    assert state.position == len(entries)
    for party in state.parties:
        assert view(state, party).notices == len(state.heard(party)) > 0
        for number, position in enumerate(state.heard(party), 1):
            notice = told(state, decode_outcome(entries[position - 1].body), position, party)
            assert notice.number == number
            assert notice.contents


def test_what_the_first_schema_says():
    """What was true in that story, in whatever form it is kept now."""
    state = replay(entries_of(1))
    assert (state.charter.name, set(state.parties)) == ("kept", {"A", "B", "C"})
    assert {name: (i.state, i.version) for name, i in state.intents.items()} == {
        "A/east": (IntentState.ENDED, 6),
        "B/north": (IntentState.ENDED, 5),
        "C/first": (IntentState.ENDED, 2),
        "C/rescue": (IntentState.ENDED, 7),
        "A/planned": (IntentState.ACCEPTED, 2),
        "B/planned": (IntentState.ACCEPTED, 2),
        "C/area": (IntentState.ACCEPTED, 2),
    }
    assert set(state.constraints) == {"stays"}
    assert set(state.coalitions["g"].members) == {"A", "B"}
    assert state.cycles["day"].published is not None


def test_a_desk_goes_on_from_it():
    ledger = MemoryLedger()
    ledger.append(0, [entry.body for entry in entries_of(1)])
    with Desk(ledger) as desk:
        assert desk.state.position == HEADS[1][0]
        first = decode_outcome(entries_of(1)[1].body)
        again = desk.state.answered(first.by, first.key)
        assert again is not None
        assert again.position == 2
