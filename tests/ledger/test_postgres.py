"""What can happen to a server, and what it must be like."""

import signal
from contextlib import contextmanager
from os import urandom
from threading import Event, Thread
from time import monotonic, sleep

import psycopg
import pytest

from detente.errors import InputError
from detente.ledger import START, Overtaken, Unavailable, open_ledger, verify
from detente.ledger.chain import extend
from detente.ledger.session import Target
from tests.ledger.full import fill
from tests.ledger.server import binaries, running_server

BODIES = [b'{"n":%d}' % n for n in range(2000)]


@pytest.fixture(scope="module")
def own():
    """Run a server that may be stopped and misconfigured."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed on this machine")
    with running_server() as started:
        yield started


@pytest.fixture
def url(own, request):
    return own.url(f"s{abs(hash(request.node.name))}")


@contextmanager
def setting(server, name, value):
    """Change a setting of the running server for a while."""
    with server.connect() as connection:
        connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
    wait_for(server, name, value)
    try:
        yield
    finally:
        with server.connect() as connection:
            connection.execute(f"ALTER SYSTEM RESET {name}")
            connection.execute("SELECT pg_reload_conf()")
        wait_for(server, name, "on")


def wait_for(server, name, value):
    due = monotonic() + 10
    while monotonic() < due:
        with server.connect() as connection:
            if connection.execute(f"SHOW {name}").fetchone() == (value,):
                return
        sleep(0.01)
    raise AssertionError(f"{name} is not {value}")


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_may_lose_what_it_acknowledged_is_refused(own, url, name):
    with setting(own, name, "off"):
        with pytest.raises(InputError, match=f"{name} = off.*{name} = on in its.*unsafe=yes"):
            open_ledger(url, create=True)
        with open_ledger(f"{url}&unsafe=yes", create=True) as ledger:
            ledger.append(0, BODIES[:1])
    with open_ledger(url) as ledger:
        assert ledger.head()[0] == 1


def test_it_is_refused_when_it_comes_back_so_as_well(own, url):
    with open_ledger(url, create=True) as ledger:
        with setting(own, "fsync", "off"):
            own.stop()
            own.start()
            with pytest.raises(Unavailable):
                ledger.append(0, BODIES[:1])  # the connection was cut
            with pytest.raises(Unavailable, match="fsync = off"):
                ledger.append(0, BODIES[:1])
        ledger.append(0, BODIES[:1])


@pytest.mark.parametrize(
    ("stands", "becomes"),
    [("off", "on"), ("local", "on"), ("on", "on"), ("remote_apply", "remote_apply")],
)
def test_every_commit_waits_for_the_disk(own, url, stands, becomes):
    options = f"&options=-c%20synchronous_commit%3D{stands}"
    with open_ledger(url + options, create=True) as ledger, ledger._writer.use() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == (becomes,)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_a_server_stopped_and_started_again_under_a_writer_and_a_follower(own, url, how):
    with open_ledger(url, create=True) as ledger:
        acknowledged, followed, cut, over = [], [], [], Event()

        def write():
            # as a desk does: after trouble, read what is there, and go on from that
            while not over.is_set():
                body = b'{"n":%d}' % len(acknowledged)
                try:
                    ledger.append(len(acknowledged), [body])
                except Unavailable as error:
                    cut.append(error)
                    sleep(0.01)
                except Overtaken:
                    there = [e.body for e in ledger.read(len(acknowledged))]
                    assert there == [body]  # the one whose answer was cut off
                    acknowledged.append(body)
                else:
                    acknowledged.append(body)

        def follow():
            followed.extend(ledger.follow(0))

        threads = [Thread(target=write), Thread(target=follow)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            wait_for_more(acknowledged, 20)
            own.stop(how)
            sleep(0.1)
            own.start()
        wait_for_more(acknowledged, 20)
        over.set()
        threads[0].join()
        assert cut
        assert all("try again" in error.mend for error in cut)
        assert list(ledger.read()) == extend(START, acknowledged)
        wait_for_more(followed, len(acknowledged) - len(followed))
    threads[1].join()
    assert followed == extend(START, acknowledged)


def wait_for_more(entries, count):
    due, count = monotonic() + 20, len(entries) + count
    while len(entries) < count:
        assert monotonic() < due
        sleep(0.005)


def test_while_the_server_is_away_all_say_so_and_a_follower_does_not_just_end(own, url):
    ledger = open_ledger(url, create=True)
    ledger.append(0, BODIES[:2])
    own.stop()
    try:
        for use in (
            lambda: ledger.append(2, BODIES[2:3]),
            lambda: ledger.append(2, BODIES[2:3]),
            ledger.head,
            lambda: list(ledger.read()),
            lambda: list(ledger.follow(0, timeout=0.1)),
        ):
            with pytest.raises(Unavailable, match="check that the server runs"):
                use()
        with ledger.turn():
            pass  # nobody waits for a turn that cannot be had
        with pytest.raises(InputError, match=r"cannot be reached.*check that the server runs"):
            open_ledger(url)
    finally:
        own.start()
    ledger.append(2, BODIES[2:3])
    assert verify(ledger.read())[0] == 3
    ledger.close()


def test_a_reader_needs_no_more_than_to_read(own, url):
    schema = Target.parse(url).schema
    with open_ledger(url, create=True) as ledger:
        ledger.append(0, BODIES[:2])
        with own.connect() as connection:
            connection.execute("DROP ROLE IF EXISTS reader")
            connection.execute("CREATE ROLE reader LOGIN")
            connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader")
            connection.execute(f"GRANT SELECT ON {schema}.entry TO reader")
        as_reader = url.replace("detente@", "reader@")
        with open_ledger(as_reader, read_only=True) as reader:
            following = reader.follow(0, timeout=5)
            assert [next(following).position for _ in range(2)] == [1, 2]
            ledger.append(2, BODIES[2:3])
            assert next(following).position == 3
        with pytest.raises(InputError, match=r"cannot be written.*no right to insert"):
            open_ledger(as_reader)
        with own.connect() as connection:
            connection.execute("DROP OWNED BY reader")


def test_one_who_was_given_a_schema_makes_the_ledger_and_cannot_change_it(own, url):
    schema = Target.parse(url).schema
    with own.connect() as connection:
        connection.execute("CREATE ROLE owner LOGIN")
        connection.execute(f"CREATE SCHEMA {schema} AUTHORIZATION owner")
    with open_ledger(url.replace("detente@", "owner@"), create=True) as ledger:
        ledger.append(0, BODIES[:2])
        with ledger._writer.use() as connection:
            for verb in (
                f"UPDATE {schema}.entry SET body = ''",
                f"DELETE FROM {schema}.entry",
                f"TRUNCATE {schema}.entry",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(verb)
        assert verify(ledger.read())[0] == 2
    with own.connect() as connection:
        connection.execute("DROP OWNED BY owner; DROP ROLE owner")


def test_it_says_what_the_database_holds_instead(own, url):
    schema = Target.parse(url).schema
    with own.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.entry (body text)")
        with pytest.raises(InputError, match="not a ledger; name another schema"):
            open_ledger(url, create=True)
        connection.execute(f"COMMENT ON TABLE {schema}.entry IS 'detente ledger, layout 2'")
        with pytest.raises(InputError, match=r"layout 2.*use the newer Detente"):
            open_ledger(url)
    with pytest.raises(InputError, match=r"cannot be reached.*nowhere"):
        open_ledger(url.replace("/postgres?", "/nowhere?"))


@pytest.mark.parametrize("option", ["schema=North", "schema=a-b", "schema=", "unsafe=maybe"])
def test_an_option_that_cannot_be_is_refused_and_no_password_is_said(option):
    with pytest.raises(InputError) as raised:
        open_ledger(f"postgresql://me:secret@localhost/air?password=secret&{option}")
    assert "secret" not in str(raised.value)
    assert "localhost/air" in str(raised.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://localhost/air?speed=9", 'not a URL.*invalid URI query parameter: "speed"'),
        ("postgresql://me:secret%zz@localhost/air", "not a URL of PostgreSQL's; write"),
        ("postgresql://localhost/air?password=secret&speed=%zz", 'query parameter: "speed"; write'),
        ("postgresql://[localhost/air", "Invalid IPv6 URL; write"),
    ],
)
def test_a_url_that_cannot_be_read_is_refused_and_no_password_is_said(url, said):
    with pytest.raises(InputError, match=said) as raised:
        open_ledger(url)
    assert "secret" not in str(raised.value)


def test_a_turn_is_one_at_a_time_among_processes_and_threads(url):
    ledgers = [open_ledger(url, create=True) for _ in range(2)]
    inside, most = [], []

    def take(ledger, number):
        for _ in range(10):
            with ledger.turn():
                inside.append(number)
                most.append(len(inside))
                sleep(0.001)
                inside.remove(number)

    start = monotonic()
    threads = [Thread(target=take, args=(ledgers[n % 2], n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 40
    assert max(most) == 1
    assert monotonic() - start < 5, "turns were waited for until the time was out"
    for ledger in ledgers:
        ledger.close()


def test_one_who_keeps_the_turn_does_not_stop_the_others(url):
    with (
        open_ledger(url, create=True) as holder,
        open_ledger(url) as other,
        holder.turn(),
        other.turn(),
    ):
        other.append(0, BODIES[:1])
        with pytest.raises(Overtaken):
            holder.append(0, BODIES[:1])
    with open_ledger(url) as ledger:
        start = monotonic()
        with ledger.turn():
            assert monotonic() - start < 0.9  # it was given back


def test_a_follower_is_told_at_once(url):
    with open_ledger(url, create=True) as ledger, open_ledger(url) as other:
        delays = []
        following = ledger.follow(0, timeout=10)
        for n in range(6):
            sent = []

            def append(after=n, sent=sent):
                sleep(0.05)
                sent.append(monotonic())
                other.append(after, BODIES[after : after + 1])

            thread = Thread(target=append)
            thread.start()
            assert next(following).position == n + 1
            delays.append(monotonic() - sent[0])
            thread.join()
        assert sorted(delays)[2] < 0.15, "it was found by looking, every 0.5 s, not by being told"


def test_a_full_disk_of_the_server_is_said_and_harms_nothing(own, url):
    bodies = [urandom(500_000).hex().encode() for _ in range(2)]
    acknowledged = []
    own.stop()
    own.start(largest_file=16 << 20)  # one piece of its log, and no more
    try:
        with open_ledger(url, create=True) as ledger:
            with pytest.raises(Unavailable, match="could not"):
                fill(ledger, acknowledged, bodies)
            assert 4 < len(acknowledged) < 40
            assert list(ledger.read()) == extend(START, acknowledged)
            ledger.append(len(acknowledged), [b"{}"])  # for a small one there is room
    finally:
        own.stop()
        own.start()
    with open_ledger(url) as ledger:
        ledger.append(len(acknowledged) + 1, bodies)
        assert verify(ledger.read())[0] == len(acknowledged) + 3


def test_a_hand_that_forged_the_head_gets_nobody_to_build_on_it(own, url):
    schema = Target.parse(url).schema
    with open_ledger(url, create=True) as ledger:
        ledger.append(0, BODIES[:3])
        with own.connect() as connection:
            connection.execute(f"ALTER TABLE {schema}.entry DISABLE TRIGGER ALL")
            connection.execute(
                f"UPDATE {schema}.entry SET hash = %s WHERE position = 3", (b"f" * 32,)
            )
        with pytest.raises(Overtaken):
            ledger.append(3, BODIES[3:4])  # it remembers the hash that it wrote


def test_the_server_keeps_positions_apart_whatever_code_writes(own, url):
    schema = Target.parse(url).schema
    with open_ledger(url, create=True) as ledger:
        ledger.append(0, BODIES[:2])
    with own.connect() as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(f"INSERT INTO {schema}.entry VALUES (2, %s, '')", (b"f" * 32,))
