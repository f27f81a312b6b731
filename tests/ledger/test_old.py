"""Ledgers of every schema there was are read by today's code; ``scripts/keep_ledger.py``."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from detente.authority import IntentState, State, decode_outcome, fold, told, view
from detente.authority import event as e
from detente.authority.disclosure import ToldAlert
from detente.authority.outcome import SCHEMA
from detente.ledger import Broken, Entry, MemoryLedger, verify
from detente.ledger.desk import Desk, replay

OLD = Path(__file__).parent / "old"
HEADS = {
    1: (41, "bf212d6fee8c2379b19563062bec737123fbab7bb6b0aa2cf2705f8d5c16aca3"),
    2: (53, "2db5cc9c7e3e7387b50ebd4fa6c35bb73184ede444681cf667fc74b5efc2ddb5"),
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


def test_what_the_second_schema_adds():
    """The watch and the record, beside all that the first one says."""
    state = replay(entries_of(2))
    assert {name: i.state for name, i in state.intents.items()} == {
        name: i.state for name, i in replay(entries_of(1)).intents.items()
    }
    stranger = state.tracks["t1"]
    assert (stranger.track.ended, stranger.track.squawk, stranger.track.kind) == (
        True,
        "7000",
        "F4",
    )
    assert stranger.indications[0].indication.what == "F-4"
    deviation = state.tracks["t2"].track.deviation
    assert deviation is not None
    assert (deviation.lateral, deviation.vertical, deviation.time) == (900.0, 400.0, 12.5)
    assert state.intents["C/rescue"].aircraft.address == "4ca1fa"
    assert (set(state.alerts), set(state.unseen)) == (set(), {"A/planned"})
    event = state.occurrences["strikes"]
    assert (event.version, event.public, event.occurrence.tracks) == (2, True, ("t1",))
    denial, doubt = (state.statements[name] for name in ("authority/s1", "A/s1"))
    assert (denial.public, denial.statement.position.value) == (True, "denies")
    assert denial.grade is not None
    assert (denial.grade.reliability, denial.grade.credibility) == ("B", 3)
    assert (doubt.shared, doubt.statement.speaker.side, doubt.grade) == (("B",), "A", None)
    warned = {
        party: sum(
            isinstance(content, ToldAlert)
            for position in state.heard(party)
            for content in told(
                state, decode_outcome(entries_of(2)[position - 1].body), position, party
            ).contents
        )
        for party in state.parties
    }
    assert warned == {"A": 2, "B": 0, "C": 2}


@pytest.mark.parametrize("schema", HEADS)
def test_a_desk_goes_on_from_it(schema):
    ledger = MemoryLedger()
    ledger.append(0, [entry.body for entry in entries_of(schema)])
    with Desk(ledger) as desk:
        assert desk.state.position == HEADS[schema][0]
        first = decode_outcome(entries_of(schema)[1].body)
        again = desk.state.answered(first.by, first.key)
        assert again is not None
        assert again.position == 2
