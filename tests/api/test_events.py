import json
import os
import signal
import socket
import time
from contextlib import ExitStack
from itertools import count, pairwise

import pytest

from tests.api.follower import following
from tests.api.service import running_service
from tests.ledger.server import binaries, running_server

KEYS = count()
VOLUME = {"corners": [[50.0, 4.0], [50.0, 5.0], [51.0, 5.0]], "lower": 0, "upper": 1000}
CONFIG = """
heartbeat = 0.5
buffer = 10
[limits]
followers = 3
[keys]
skew = 0.0
"""


def key():
    return {"Idempotency-Key": f"k{next(KEYS)}"}


def publish(authority, name, *, reason=""):
    answer = authority.put(
        f"/v1/constraints/{name}", headers=key(), json={"volumes": [VOLUME], "reason": reason}
    )
    assert answer.status_code == 200, answer.text


def ask_in_vain(party):
    """Have one party be told something: that there is no such intent."""
    answer = party.post("/v1/intents/none/withdraw", headers={**key(), "If-Match": '"1"'})
    assert answer.status_code == 404, answer.text


def names(events):
    return [event.contents[0].get("constraint") for event in events]


def numbers(party):
    return [n["number"] for n in party.get("/v1/notices?limit=1000").json()["items"]]


@pytest.fixture(scope="module")
def service():
    with running_service(config=CONFIG) as started:
        started.register("north", "south", "slow")
        yield started


@pytest.fixture
def people(service):
    """The authority, and two parties."""
    with ExitStack() as stack:
        who = ("authority", "tower"), ("party", "north"), ("party", "south")
        yield [stack.enter_context(service.client(*each)) for each in who]


def test_every_follower_hears_what_notices_say_in_the_same_bytes(people):
    authority, north, _ = people
    with following(north) as one, following(north) as two:
        publish(authority, "same")
        ask_in_vain(north)
        heard = one.take(2)
        assert [str(event) for event in two.take(2)] == [str(event) for event in heard]
    assert [event.name for event in heard] == ["constraint", "refusal"]
    page = north.get("/v1/notices", params={"after": heard[0].id - 1})
    assert page.text == '{"items":[' + ",".join(e.data for e in heard) + '],"next":null}'


def test_what_is_read_from_the_ledger_is_what_was_heard(people):
    authority, north, _ = people
    with following(north) as live:
        for name in "pqr":
            publish(authority, f"again-{name}")
        heard = live.take(3)
    # the first of all is no longer at hand: it was told before anybody followed
    with following(north, after=0) as again:
        whole = again.take(heard[-1].id)
    assert [event.id for event in whole] == numbers(north)
    assert whole[0].name == "party"
    assert [str(event) for event in whole[-3:]] == [str(event) for event in heard]


def test_notices_come_in_pages(people):
    authority, north, _ = people
    for name in "abc":
        publish(authority, f"page-{name}")
    paged, after = [], 0
    while after is not None:
        page = north.get("/v1/notices", params={"after": after, "limit": 2}).json()
        assert len(page["items"]) <= 2
        paged += page["items"]
        after = page["next"]
    assert paged == north.get("/v1/notices?limit=1000").json()["items"]
    assert [notice["number"] for notice in paged] == list(range(1, len(paged) + 1))


def test_who_is_cut_off_goes_on_without_loss_or_repeats(people):
    authority, north, _ = people
    with following(north) as follower:
        publish(authority, "cut-1")
        publish(authority, "cut-2")
        heard = follower.take(1)
    publish(authority, "cut-3")
    for _ in range(2):
        with following(north, last=heard[-1].id) as follower:
            heard += follower.take(1)
    assert names(heard) == ["cut-1", "cut-2", "cut-3"]
    assert [event.id for event in heard] == numbers(north)[-3:]


def test_who_was_told_nothing_yet_knows_where_to_go_on(people):
    authority, north, _ = people
    with following(north) as follower:
        follower.beat()
        assert int(follower.last) == numbers(north)[-1]
        assert len(follower.retries) == 1
    publish(authority, "later")
    with following(north, last=follower.last) as again:
        assert names(again.take(1)) == ["later"]


def test_only_what_concerns_a_party_reaches_it(people):
    _, north, south = people
    with following(north) as theirs, following(south) as own:
        theirs.beat()
        for _ in range(20):
            ask_in_vain(south)
        heard = own.take(20)
        # nothing between its signs of life, and its count is its own
        theirs.beat()
        ask_in_vain(north)
        (refused,) = theirs.take(1)
    assert refused.id == numbers(north)[-1]
    assert [event.id for event in heard] == numbers(south)[-20:]


def test_signs_of_life_keep_their_times_whatever_is_told(people):
    _, north, _ = people
    with following(north) as quiet:
        still = [quiet.beat() for _ in range(4)]
    with following(north) as busy:
        while len(busy.beats) < 4:
            ask_in_vain(north)
            busy.take(1)
    for beats in (still, busy.beats):
        for before, after in pairwise(beats):
            assert after - before == pytest.approx(0.5, abs=0.2)


def test_a_party_has_so_many_followers_and_no_more(people):
    _, north, south = people
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(following(north))
        refused = north.get("/v1/events")
        assert refused.status_code == 429
        assert refused.json()["type"] == "/problems/too-many"
        assert refused.headers["retry-after"]
        with following(south) as other:
            other.beat()
    due = time.monotonic() + 5
    while north.get("/v1/notices", params={"limit": 1}).is_success and time.monotonic() < due:
        with north.stream("GET", "/v1/events") as response:
            if response.status_code == 200:
                return
    pytest.fail("places are not given back")


def test_a_slow_reader_is_dropped_and_goes_on_later(service, people):
    authority, _, _ = people
    with service.client("party", "slow") as slow:
        before = numbers(slow)[-1]
        path = f"/v1/events?after={before}"
        connection = stalled(service.url, path, slow.headers["authorization"])
        # more than the buffers of a connection hold
        for number in range(30):
            publish(authority, f"much-{number}", reason="x" * 900_000)
        due = time.monotonic() + 10
        while followers(authority) and time.monotonic() < due:
            time.sleep(0.1)
        assert followers(authority) == 0
        taken = ids(connection)
        assert taken == list(range(before + 1, before + 1 + len(taken)))
        assert 0 < len(taken) < 30
        with following(slow, last=taken[-1]) as again:
            rest = again.take(30 - len(taken), within=20)
    assert [*taken, *(event.id for event in rest)] == list(range(before + 1, before + 31))


def stalled(url, path, authorization):
    """Open a stream that is not read."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((host, int(port)))
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\n\r\n"
    connection.sendall(request.encode())
    connection.settimeout(10)
    return connection


def ids(connection):
    """Read to the end, and give the numbers of the notices that came whole."""
    with connection:
        read = b""
        while piece := connection.recv(1 << 20):
            read += piece
    whole = [part for part in read.split(b"\n\n")[:-1] if b"data: " in part]
    return [int(part.partition(b"id: ")[2].split(b"\n")[0]) for part in whole]


def followers(authority):
    text = authority.get("/metrics").text
    (line,) = [row for row in text.splitlines() if row.startswith("detente_event_followers ")]
    return float(line.split()[1])


@pytest.mark.parametrize(
    ("headers", "query", "field"),
    [
        ({"Last-Event-ID": "x"}, {}, "Last-Event-ID"),
        ({"Last-Event-ID": "-1"}, {}, "Last-Event-ID"),
        ({}, {"after": 10**9}, "after"),
        ({"Last-Event-ID": "1000000000"}, {"after": 0}, "after"),
    ],
)
def test_a_number_that_was_not_given_out_is_refused(people, headers, query, field):
    _, north, _ = people
    answer = north.get("/v1/events", headers=headers, params=query)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


def test_the_authority_follows_the_whole_ledger(people):
    authority, north, _ = people
    with following(authority, "/v1/ledger/events") as live:
        ask_in_vain(north)
        publish(authority, "seen")
        heard = live.take(2)
    assert {event.name for event in heard} == {"outcome"}
    entries = authority.get("/v1/ledger", params={"after": heard[0].id - 1}).json()
    assert [entry["position"] for entry in entries] == [event.id for event in heard]
    assert [entry["outcome"] for entry in entries] == [json.loads(e.data) for e in heard]
    with following(authority, "/v1/ledger/events", after=0) as again:
        assert [event.id for event in again.take(3)] == [1, 2, 3]


def test_who_may_follow(service, people):
    _, north, _ = people
    assert north.get("/v1/ledger/events").status_code == 403
    for role in ("authority", "observer", "lead"):
        with service.client(role, "x") as other:
            assert other.get("/v1/events").status_code == 403
    with service.client(scopes=["read"]) as reader:
        assert reader.get("/v1/events").status_code == 403
        assert reader.get("/v1/notices").status_code == 403


def test_a_stream_ends_with_its_token(service):
    with service.client(token=service.token(seconds=2)) as north, following(north) as follower:
        assert follower.rest() == []
        assert 1 < len(follower.beats) < 5
    with service.client(token=service.token(seconds=-1)) as late:
        assert late.get("/v1/events").status_code == 401


def test_streams_end_in_order_when_the_service_stops(start):
    service = start(config=CONFIG)
    service.register("north")
    with service.client() as north, following(north) as one, following(north) as two:
        one.beat()
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert one.rest() == two.rest() == []
        assert len(one.retries) == len(two.retries) == 2
        assert service.stop() == 0
        assert time.monotonic() - began < 5


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server on this machine")
def test_what_another_process_decided_is_told_by_this_one(tmp_path):
    with running_server() as server, ExitStack() as stack:
        url = server.url(f"events_{os.getpid()}")
        services = []
        for name in "ab":
            (tmp_path / name).mkdir()
            services.append(
                stack.enter_context(
                    running_service(
                        tmp_path / name,
                        config=CONFIG,
                        options=["--create", "--port", "0", "--ledger", url],
                        environment={"DETENTE_KEYS_DEVELOPMENT": str(tmp_path / "key")},
                    )
                )
            )
        here, there = services
        tokens = [
            here.token(*who, key=tmp_path / "key")
            for who in (("authority", "tower"), ("party", "north"))
        ]
        authority = stack.enter_context(there.client(token=tokens[0]))
        north = stack.enter_context(here.client(token=tokens[1]))
        away = stack.enter_context(there.client(token=tokens[1]))
        registered = authority.put("/v1/parties/north", headers=key(), json={})
        assert registered.status_code == 200
        with following(north, after=0) as follower:
            assert follower.take(1)[0].name == "party"
            began = time.monotonic()
            publish(authority, "elsewhere")
            (heard,) = follower.take(1)
            assert time.monotonic() - began < 1.0
            with following(away, last=heard.id) as moved:
                publish(authority, "further")
                assert str(moved.take(1)) == str(follower.take(1))
