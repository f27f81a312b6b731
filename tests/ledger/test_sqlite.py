"""What can happen to a file."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.ledger import START, Unavailable, open_ledger, verify
from detente.ledger.chain import extend
from detente.ledger.sqlite import APPLICATION, LAYOUT

BODIES = [b'{"n":%d,"x":"%s"}' % (n, b"x" * 300) for n in range(400)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.ledger"


def written(path, bodies=BODIES):
    with open_ledger(path, create=True) as ledger:
        ledger.append(0, bodies)
        return ledger.head()


def test_every_commit_is_synced(path):
    with open_ledger(path, create=True) as ledger:
        settings = {
            name: ledger._writer.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "fullfsync", "checkpoint_fullfsync")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
    }


def test_closed_it_is_one_file_whoever_had_it_open(path):
    written(path)
    with open_ledger(path, read_only=True) as reader:
        assert reader.head()[0] == 400
        next(reader.read())
    assert [file.name for file in path.parent.iterdir()] == ["a.ledger"]
    with open_ledger(path) as writer, open_ledger(path, read_only=True) as reader:
        writer.append(400, [b"{}"])
        assert reader.head()[0] == 401
    assert [file.name for file in path.parent.iterdir()] == ["a.ledger"]


def test_a_name_with_marks_that_a_url_would_take_apart(tmp_path):
    path = tmp_path / "a b?mode=ro#c%20é.ledger"
    written(path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_it_says_what_the_file_is_instead(tmp_path, path):
    cases = {
        "text": (lambda p: p.write_text("position,hash\n" * 999), "not a ledger; check the path"),
        "empty": (lambda p: p.touch(), "empty, not a ledger; create it first"),
        "other": (other_database, "an SQLite file, but not a ledger"),
        "newer": (newer_ledger, f"a ledger of layout {LAYOUT + 1}.*use the newer Detente"),
        "directory": (lambda p: p.mkdir(), "a directory; name a file in it"),
    }
    for name, (make, said) in cases.items():
        make(tmp_path / name)
        for read_only in (False, True):
            with pytest.raises(InputError, match=said) as raised:
                open_ledger(tmp_path / name, read_only=read_only)
            assert raised.value.file == str(tmp_path / name)
    with pytest.raises(InputError, match="no such directory; make it first"):
        open_ledger(tmp_path / "no" / "a.ledger", create=True)
    written(tmp_path / "empty")  # create makes a ledger of an empty file
    with pytest.raises(InputError, match="not a ledger"):
        open_ledger(tmp_path / "other", create=True)


def other_database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (position, hash, body)")


def newer_ledger(path):
    written(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        connection.execute(f"PRAGMA user_version = {LAYOUT + 1}")


READ_ONLY = """
import os, sys
from detente.errors import InputError
from detente.ledger import open_ledger, verify
from detente.ledger.sqlite import SqliteLedger
path = sys.argv[1]
if os.geteuid() == 0:
    os.setuid(65534)  # root may write whatever it is forbidden
try:
    open_ledger(path)
except InputError as error:
    print(error)
with open_ledger(path, read_only=True) as ledger:
    print(verify(ledger.read())[0])
"""


@pytest.mark.parametrize("directory", [0o555, 0o777])
def test_a_file_that_may_not_be_written_is_read_all_the_same(directory):
    # not in tmp_path, which is open to its owner only
    place = Path(tempfile.mkdtemp())
    try:
        path = place / "a.ledger"
        written(path)
        path.chmod(0o444)
        place.chmod(directory)
        run = subprocess.run(
            [sys.executable, "-c", READ_ONLY, path], capture_output=True, text=True, check=False
        )
        assert run.stderr == ""
        said, read = run.stdout.splitlines()
        assert "it cannot be written; allow writing" in said
        assert read == "400"
    finally:
        place.chmod(0o777)
        shutil.rmtree(place)


def test_one_that_can_no_longer_be_written_says_so(path):
    written(path)
    with open_ledger(path) as ledger:
        ledger._writer.execute("PRAGMA query_only = ON")
        with pytest.raises(Unavailable, match="no longer be written"):
            ledger.append(400, [b"{}"])


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_acknowledged_in_a_file_that_was_taken_away(path, replaced):
    written(path)
    with open_ledger(path) as ledger:
        path.rename(f"{path}.old")
        if replaced:
            shutil.copy(f"{path}.old", path)
        with pytest.raises(Unavailable, match="moved, removed or replaced"):
            ledger.append(400, [b"{}"])
        Path(f"{path}.old").rename(path)
        ledger.append(400, [b"{}"])
    with open_ledger(path) as ledger:
        assert ledger.head()[0] == 401


def test_a_writer_that_holds_it_too_long_is_said(path, monkeypatch):
    written(path)
    monkeypatch.setattr("detente.ledger.sqlite._BUSY", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_ledger(path) as ledger:
            with pytest.raises(Unavailable, match="another process has been writing"):
                ledger.append(400, [b"{}"])
            other.execute("ROLLBACK")
            ledger.append(400, [b"{}"])
            assert ledger.head()[0] == 401


def test_many_may_make_it_at_once(path):
    run = (
        "import sys; from detente.ledger import open_ledger; open_ledger(sys.argv[1], create=True)"
    )
    makers = [subprocess.Popen([sys.executable, "-c", run, path]) for _ in range(4)]
    assert [maker.wait() for maker in makers] == [0] * 4
    with open_ledger(path) as ledger:
        ledger.append(0, [b"{}"])


# a power cut: the -wal as it may be found afterwards


@pytest.fixture
def crashed(path):
    """Give a ledger's files as its process left them, with 20 appends in the -wal."""
    copy = path.with_name("crashed.ledger")
    with open_ledger(path, create=True) as ledger:
        for n in range(20):
            ledger.append(n, BODIES[n : n + 1])
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    return copy


@pytest.mark.parametrize("read_only", [False, True])
def test_after_a_crash_all_is_there(crashed, read_only):
    with open_ledger(crashed, read_only=read_only) as ledger:
        assert list(ledger.read()) == extend(START, BODIES[:20])


def test_garbage_after_the_last_append_is_no_entry(crashed):
    with Path(f"{crashed}-wal").open("ab") as wal:
        wal.write(os.urandom(5000))
    with open_ledger(crashed) as ledger:
        assert list(ledger.read()) == extend(START, BODIES[:20])
        ledger.append(20, BODIES[20:21])
    with open_ledger(crashed) as ledger:
        assert verify(ledger.read())[0] == 21


@pytest.mark.parametrize("damage", ["cut", "garbage", "zeros"])
def test_a_torn_last_append_takes_only_itself(crashed, damage):
    wal = Path(f"{crashed}-wal")
    whole = wal.read_bytes()
    torn = {"cut": b"", "garbage": os.urandom(700), "zeros": bytes(700)}[damage]
    wal.write_bytes(whole[:-700] + torn)
    with open_ledger(crashed) as ledger:
        assert list(ledger.read()) == extend(START, BODIES[:19])
        ledger.append(19, BODIES[19:20])
        assert verify(ledger.read())[0] == 20


# damage to the file itself


def test_a_body_that_was_damaged_is_found_with_its_position(path):
    written(path)
    content = path.read_bytes()
    for position in (1, 57, 399):
        at = content.index(b'{"n":%d,' % (position - 1)) + 20
        path.write_bytes(content[:at] + b"y" + content[at + 1 :])
        with open_ledger(path) as ledger, pytest.raises(InputError, match="body was changed") as e:
            verify(ledger.read())
        assert e.value.position == position


def test_a_page_that_was_lost_is_found(path):
    head = written(path)
    content = path.read_bytes()
    pages = len(content) // 4096
    assert pages > 20
    found = []
    for page in range(0, pages, 3):
        path.write_bytes(content[: 4096 * page] + bytes(4096) + content[4096 * (page + 1) :])
        with pytest.raises(InputError) as raised, open_ledger(path) as ledger:
            verify(ledger.read(), noted=head)
        if page > 1:
            found.append(raised.value.position)
    # the first entry of the page, not of what was being read with it
    assert len(set(found)) == len(found) > 5
    assert max(found) > 300


def test_a_file_that_was_cut_is_found(path):
    head = written(path)
    content = path.read_bytes()
    for kept in (0.2, 0.5, 0.99):
        path.write_bytes(content[: int(len(content) * kept)])
        with pytest.raises(InputError), open_ledger(path) as ledger:
            verify(ledger.read(), noted=head)


@cache
def small():
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "a.ledger"
        return written(path, BODIES[:30]), path.read_bytes()


def test_a_damaged_position_does_not_make_reading_go_round(path):
    content = bytearray(small()[1])
    entry = extend(START, BODIES[:30])[-1]
    # in its record the position stands before the hash
    content[content.rindex(bytes([entry.position]), 0, content.index(entry.hash))] = 5
    path.write_bytes(content)
    with open_ledger(path) as ledger, pytest.raises(InputError, match="out of order"):
        verify(islice(ledger.read(29), 1000))
    with open_ledger(path) as ledger, pytest.raises(InputError, match="broken at position 30: "):
        verify(islice(ledger.read(), 1000))


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.booleans())
def test_any_damaged_byte_is_harmless_or_found(share, bits, early):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "a.ledger"
        head, content = small()[0], bytearray(small()[1])
        content[int(share * (600 if early else len(content)))] ^= bits
        path.write_bytes(content)
        try:
            with open_ledger(path) as ledger:
                assert list(islice(ledger.read(), 1000)) == extend(START, BODIES[:30])
        except (InputError, Unavailable):
            return
        except AssertionError:
            with open_ledger(path) as ledger, pytest.raises((InputError, Unavailable)):
                verify(islice(ledger.read(), 1000), noted=head)
