"""One contract, and every backend keeps it."""

import tracemalloc
from itertools import islice
from threading import Barrier, Thread
from time import monotonic, sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.ledger import GENESIS, START, Overtaken, Unavailable, link, open_ledger, verify
from detente.ledger.chain import extend

BODIES = [b'{"n":%d}' % n for n in range(2000)]


def test_an_empty_ledger_has_the_genesis_for_its_head(backend):
    with backend.open() as ledger:
        assert ledger.head() == (0, GENESIS)
        assert list(ledger.read()) == []
        assert verify(ledger.read()) == START


def test_what_was_appended_is_read_chained_in_order(backend):
    ledger = backend.open()
    ledger.append(0, BODIES[:2])
    ledger.append(2, BODIES[2:3])
    ledger.append(3, [])
    entries = list(ledger.read())
    first = link(GENESIS, BODIES[0])
    assert entries[0] == (1, first, BODIES[0])
    assert entries[1] == (2, link(first, BODIES[1]), BODIES[1])
    assert [entry.body for entry in entries] == BODIES[:3]
    assert verify(entries) == ledger.head() == entries[-1][:2]


def test_any_bytes_come_back_as_they_were(backend):
    bodies = [b"", b"\x00\xff'\"\\", "é\u2028".encode(), bytes(range(256)) * 4000]
    ledger = backend.open()
    ledger.append(0, bodies)
    assert [entry.body for entry in ledger.read()] == bodies


def test_a_piece_is_read_from_any_position_and_no_more_than_asked(backend):
    ledger = backend.open()
    ledger.append(0, BODIES)
    chain = extend(START, BODIES)
    for after, limit in ((0, None), (1, 1), (700, 600), (1999, 5), (2000, None), (5000, None)):
        until = None if limit is None else after + limit
        assert list(ledger.read(after, limit)) == chain[after:until]
    assert list(ledger.read(limit=0)) == []


@pytest.mark.parametrize("after", [0, 1, 3, 4, 1000])
def test_an_append_elsewhere_than_at_the_head_is_overtaken_and_writes_nothing(backend, after):
    ledger = backend.open()
    ledger.append(0, BODIES[:2])
    for handle in (ledger, backend.open()):
        with pytest.raises(Overtaken):
            handle.append(after, BODIES[5:9])
    assert [entry.body for entry in ledger.read()] == BODIES[:2]
    ledger.append(2, BODIES[2:3])  # and it goes on
    assert verify(backend.open().read())[0] == 3


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([0, 0, 0, 1, 2, -1]), st.integers(0, 3)),
        max_size=12,
    )
)
def test_any_interleaving_of_writers_makes_one_chain(backend, steps):
    backend.fresh()
    try:
        writers = [backend.open() for _ in range(3)]
        bodies = []
        for number, (writer, behind, size) in enumerate(steps):
            after = max(0, len(bodies) - behind)
            new = [b'{"step":%d,"n":%d}' % (number, n) for n in range(size)]
            if after != len(bodies) and new:
                with pytest.raises(Overtaken):
                    writers[writer].append(after, new)
            else:
                writers[writer].append(after, new)
                bodies += new
        for writer in writers:
            assert list(writer.read()) == extend(START, bodies)
            assert writer.head() == (extend(START, bodies) or [START])[-1][:2]
    finally:
        backend.close()


def test_writers_at_once_lose_nothing_and_write_nothing_twice(backend):
    writers, rounds = 4, 15
    ledgers = [backend.open() for _ in range(2)]  # two threads on each
    barrier = Barrier(writers)
    overtaken = []

    def write(writer):
        ledger = ledgers[writer % 2]
        barrier.wait()
        for number in range(rounds):
            new = [b'{"writer":%d,"n":%d}' % (writer, 2 * number + n) for n in range(2)]
            while True:
                after = ledger.head()[0]
                sleep(0.001)  # so that they meet
                try:
                    ledger.append(after, new)
                    break
                except Overtaken:
                    overtaken.append(writer)

    threads = [Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(ledgers[0].read())
    assert verify(entries)[0] == 2 * writers * rounds
    for writer in range(writers):
        own = [e.body for e in entries if e.body.startswith(b'{"writer":%d,' % writer)]
        assert own == [b'{"writer":%d,"n":%d}' % (writer, n) for n in range(2 * rounds)]
    assert overtaken  # else they never met, and nothing was tried


def test_a_follower_gets_what_is_there_and_what_comes(backend):
    ledger, other = backend.open(), backend.open()
    ledger.append(0, BODIES[:3])
    got = []

    def follow():
        for entry in ledger.follow(1, timeout=30):
            got.append(entry)
            if entry.position == 40:
                break

    thread = Thread(target=follow)
    thread.start()
    for after in range(3, 40):
        (other if after % 2 else ledger).append(after, BODIES[after : after + 1])
    thread.join(10)
    assert got == extend(START, BODIES[:40])[1:]


def test_a_follower_ends_after_its_time_without_news(backend):
    ledger = backend.open()
    ledger.append(0, BODIES[:2])
    start = monotonic()
    assert len(list(ledger.follow(0, timeout=0.15))) == 2
    assert 0.15 <= monotonic() - start < 5
    assert list(ledger.follow(2, timeout=0)) == []


def test_a_follower_without_a_time_ends_when_the_ledger_is_closed(backend):
    ledger = backend.open()
    ledger.append(0, BODIES[:1])
    following = ledger.follow(0)
    assert next(following).position == 1
    thread = Thread(target=lambda: (sleep(0.1), ledger.close()))
    thread.start()
    assert list(following) == []
    thread.join()


def test_a_closed_ledger_says_so(backend):
    ledger = backend.open()
    ledger.close()
    ledger.close()
    for use in (lambda: ledger.append(0, BODIES[:1]), ledger.head, lambda: list(ledger.read())):
        with pytest.raises(Unavailable, match="closed"):
            use()
    assert list(ledger.follow(0, timeout=1)) == []


def test_in_turn_or_not_an_append_is_an_append(backend):
    ledger, other = backend.open(), backend.open()
    with ledger.turn():
        ledger.append(0, BODIES[:1])
    with other.turn():
        other.append(1, BODIES[1:2])
    ledger.append(2, BODIES[2:3])
    assert verify(other.read())[0] == 3


def test_a_long_ledger_is_read_without_holding_it(stored):
    ledger = stored.open()
    ledger.append(0, [b"x" * 1000] * 10_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in ledger.read()) == 10_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_500_000, "10 MB were read, and 512 entries at a time may be held"


def test_reading_goes_on_while_others_append(stored):
    ledger, other = stored.open(), stored.open()
    ledger.append(0, BODIES[:600])
    reading = ledger.read()
    assert len(list(islice(reading, 10))) == 10
    other.append(600, BODIES[600:700])
    assert sum(1 for _ in reading) == 690


def test_opened_again_it_is_all_there(stored):
    stored.open().append(0, BODIES[:5])
    stored.close()
    assert verify(stored.open(read_only=True).read())[0] == 5
    assert stored.open(create=True).head()[0] == 5  # create does no harm to one that is there


def test_a_ledger_for_reading_only_refuses_to_append(stored):
    stored.open().append(0, BODIES[:1])
    reader = stored.open(read_only=True)
    with pytest.raises(InputError, match="reading only"):
        reader.append(1, BODIES[:1])
    with reader.turn():
        assert next(iter(reader.follow(0, timeout=1))).body == BODIES[0]


def test_one_that_is_not_there_is_not_made_unasked(stored):
    for read_only in (False, True):
        with pytest.raises(InputError, match=r"no .*ledger.*create it first"):
            stored.open(read_only=read_only)
    with pytest.raises(ValueError, match="either"):
        open_ledger(stored.target, create=True, read_only=True)


@pytest.mark.parametrize("verb", ["UPDATE entry SET body = hash", "DELETE FROM entry"])
def test_the_store_itself_refuses_to_change_what_was_written(stored, verb):
    stored.open().append(0, BODIES[:2])
    if stored.kind == "sqlite":
        import sqlite3

        connection = sqlite3.connect(stored.target)
    else:
        connection = stored.server.connect()
        connection.execute(f'SET search_path = "{stored.target.rpartition("schema=")[2]}"')
    with pytest.raises(Exception, match="append-only"):
        connection.execute(verb)
    connection.close()
    assert verify(stored.open().read())[0] == 2


EDITS = {
    "body": ("3: its body was changed", "UPDATE entry SET body = ? WHERE position = 3", b"{}"),
    "hash": ("3: its hash was changed", "UPDATE entry SET hash = ? WHERE position = 3", b"h" * 32),
    "last body": ("6: it does not follow", "UPDATE entry SET body = ? WHERE position = 6", b"{}"),
    "deleted": ("3: missing: position 4 stands", "DELETE FROM entry WHERE position = 3"),
    "first deleted": ("1: missing: position 2", "DELETE FROM entry WHERE position = 1"),
    "forged": ("7: it does not follow", "INSERT INTO entry VALUES (7, ?, ?)", b"f" * 32, b"{}"),
    "a gap": ("7: missing: position 9", "INSERT INTO entry VALUES (9, ?, ?)", b"f" * 32, b"{}"),
    "swapped": (
        "3: it does not follow",
        "UPDATE entry SET position = 99 WHERE position = 3;"
        "UPDATE entry SET position = 3 WHERE position = 4;"
        "UPDATE entry SET position = 4 WHERE position = 99",
    ),
    "bodies swapped": (
        "3: it does not follow",
        "UPDATE entry SET body = CASE position WHEN 3 THEN ? ELSE ? END WHERE position IN (3, 4)",
        BODIES[3],
        BODIES[2],
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_ledger_edited_by_hand_is_found_with_the_position(stored, edit):
    said, text, *values = EDITS[edit]
    with stored.open() as ledger:
        ledger.append(0, BODIES[:6])
        stored.by_hand(text, *values)
        with pytest.raises(InputError, match=f"broken at position {said}") as found:
            verify(ledger.read())
        assert found.value.position == int(said.split(":")[0])


def test_an_end_that_was_cut_off_is_found_only_with_a_head_noted_elsewhere(stored):
    ledger = stored.open()
    ledger.append(0, BODIES[:6])
    noted = ledger.head()
    stored.by_hand("DELETE FROM entry WHERE position > 4")
    assert verify(ledger.read())[0] == 4
    with pytest.raises(InputError, match="position 5: it ends here, but position 6 was noted"):
        verify(ledger.read(), noted=noted)
