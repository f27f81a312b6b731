import asyncio
import json
import os
import re
import stat
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import httpcore
import pytest

from detente.api.config import Webhooks
from detente.api.problem import ProblemError
from detente.api.reach import OutOfReach, caller, check_url
from tests.api.receiver import Receiver
from tests.api.service import running_service
from tests.ledger.server import binaries, running_server

KEYS = count()
CONFIG = """
[webhooks]
loopback = true
first = 0.05
attempts = 4
patience = 1.0
"""


def key():
    return {"Idempotency-Key": f"w{next(KEYS)}"}


def hear(party, times=1):
    """Have a party be told something."""
    for _ in range(times):
        answer = party.post("/v1/intents/none/withdraw", headers={**key(), "If-Match": '"1"'})
        assert answer.status_code == 404, answer.text


def register(party, url, **more):
    answer = party.put("/v1/webhook", headers=key(), json={"url": url, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def until(question):
    due = time.monotonic() + 10
    while not (found := question()):
        assert time.monotonic() < due
        time.sleep(0.02)
    return found


def acknowledged(party):
    return party.get("/v1/webhook").json()["acknowledged"]


@pytest.fixture(scope="module")
def service():
    with running_service(config=CONFIG) as started:
        yield started


@pytest.fixture
def party(service, request):
    """A party of this test's own."""
    name = re.sub("[^a-z]", "-", request.node.name)
    service.register(name)
    with service.client("party", name) as client:
        yield client


def documented():
    """Give the documentation's own check of a signature."""
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
    found = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], found)
    return found["is_genuine"]


def test_notices_are_sent_in_order_signed_and_in_the_same_bytes(party):
    is_genuine = documented()
    with Receiver() as receiver:
        registered = register(party, receiver.url)
        hear(party, 5)
        taken = receiver.wait(5)
    assert receiver.ids == [2, 3, 4, 5, 6]
    assert registered["acknowledged"] == 1
    page = party.get("/v1/notices?after=1").text
    assert page == '{"items":[' + ",".join(b.decode() for _, b in taken) + '],"next":null}'
    headers, body = taken[0]
    assert headers["content-type"] == "application/json"
    assert is_genuine(registered["secret"], headers, body)
    assert not is_genuine(registered["secret"], headers, body + b" ")
    assert not is_genuine(registered["secret"], {**headers, "webhook-id": "3"}, body)
    assert not is_genuine("whsec_AAAA", headers, body)
    assert "secret" not in party.get("/v1/webhook").json()


def test_what_is_not_taken_is_sent_again_before_what_follows(party):
    with Receiver(500, 302, 503) as receiver:
        register(party, receiver.url)
        hear(party, 2)
        receiver.wait(5)
        until(lambda: acknowledged(party) == 3)
    assert receiver.ids == [2, 2, 2, 2, 3]
    assert receiver.answered == [500, 302, 503, 200, 200]


def test_a_receiver_that_fails_is_parked_and_goes_on_when_asked(party):
    with Receiver(*[500] * 4) as receiver:
        register(party, receiver.url)
        hear(party, 2)
        parked = until(lambda: party.get("/v1/webhook").json().get("parked"))
        assert parked == "answered with status 500, 4 times"
        time.sleep(1.5)
        assert receiver.ids == [2] * 4
        assert "parked" not in party.post("/v1/webhook/resume", headers=key()).json()
        receiver.wait(6)
    assert receiver.ids == [2, 2, 2, 2, 2, 3]


def test_one_that_is_gone_is_asked_once(party):
    with Receiver(410) as receiver:
        register(party, receiver.url)
        hear(party)
        assert until(lambda: party.get("/v1/webhook").json().get("parked"))
        assert receiver.ids == [2]


def test_one_that_hangs_holds_up_no_other(service, party):
    service.register("other")
    with (
        Receiver(pause=3.0) as hanging,
        Receiver() as quick,
        service.client("party", "other") as other,
    ):
        register(party, hanging.url)
        register(other, quick.url)
        hear(party)
        hanging.wait(1)
        began = time.monotonic()
        hear(other, 3)
        quick.wait(3)
        assert time.monotonic() - began < 1.0
        parked = until(lambda: party.get("/v1/webhook").json().get("parked"))
    assert parked == "did not answer, 4 times"


def test_another_address_goes_on_where_the_first_was(party):
    with Receiver() as first, Receiver() as second:
        before = register(party, first.url)
        hear(party)
        first.wait(1)
        until(lambda: acknowledged(party) == 2)
        after = register(party, second.url)
        assert after["acknowledged"] == 2
        assert after["secret"] != before["secret"]
        hear(party)
        second.wait(1)
        # a sender that was about to send may still do so to where it went before
        assert (first.ids[0], second.ids) == (2, [3])
        already = len(first.ids)
        assert register(party, first.url, after=0)["acknowledged"] == 0
        first.wait(already + 3)
        assert first.ids[-3:] == [1, 2, 3]


def test_the_same_request_gets_the_same_secret(party):
    with Receiver() as receiver:
        same = key()
        asked = [
            party.put("/v1/webhook", headers=same, json={"url": receiver.url}) for _ in range(2)
        ]
        assert asked[0].json() == asked[1].json()
        other = party.put("/v1/webhook", headers=same, json={"url": receiver.url + "2"})
        assert other.json()["type"] == "/problems/key"
        assert party.get("/v1/webhook").json()["url"] == receiver.url


def test_what_is_let_go_is_sent_nothing(party):
    assert party.get("/v1/webhook").status_code == 404
    with Receiver() as receiver:
        register(party, receiver.url)
        assert party.delete("/v1/webhook", headers=key()).status_code == 204
        assert party.delete("/v1/webhook", headers=key()).status_code == 404
        hear(party)
        time.sleep(1.2)
        assert receiver.taken == []


def test_deliveries_go_on_after_a_crash(start, tmp_path):
    service = start(config=CONFIG)
    service.register("north")
    with Receiver() as receiver, service.client() as north:
        register(north, receiver.url)
        hear(north, 3)
        receiver.wait(3)
        until(lambda: acknowledged(north) == 4)
        receiver.statuses += [500] * 3
        hear(north, 2)
        receiver.wait(4)
        service.kill()
        assert 200 not in receiver.answered[3:]
        again = start(config=CONFIG, options=["--port", "0"])
        until(lambda: receiver.ids[-1] == 6)
        done = [id for id, status in zip(receiver.ids, receiver.answered, strict=True)
                if status == 200]  # fmt: skip
        assert done == [2, 3, 4, 5, 6]
        kept = tmp_path / "airspace.ledger.webhooks"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert again.stop() == 0


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server on this machine")
def test_one_of_two_processes_sends_and_the_other_takes_over(tmp_path):
    with running_server() as server, ExitStack() as stack:
        url = server.url(f"webhooks_{os.getpid()}")
        services = []
        for name in "ab":
            (tmp_path / name).mkdir()
            started = running_service(
                tmp_path / name,
                config=CONFIG,
                options=["--create", "--port", "0", "--ledger", url],
                environment={"DETENTE_KEYS_DEVELOPMENT": str(tmp_path / "key")},
            )
            services.append(stack.enter_context(started))
        here, there = services
        tower = here.token("authority", "tower", key=tmp_path / "key")
        north = here.token("party", "north", key=tmp_path / "key")
        with here.client(token=tower) as authority:
            answer = authority.put("/v1/parties/north", headers=key(), json={})
            assert answer.status_code == 200, answer.text
        receiver = stack.enter_context(Receiver())
        asks = stack.enter_context(there.client(token=north))
        register(asks, receiver.url)
        hear(asks, 3)
        receiver.wait(3)
        time.sleep(1.2)
        assert receiver.ids == [2, 3, 4]
        # whichever sends, the other is left
        there.kill()
        with here.client(token=north) as left:
            hear(left, 2)
            receiver.wait(5)
            assert sorted(set(receiver.ids)) == [2, 3, 4, 5, 6]
            assert receiver.ids[-2:] == [5, 6]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://exam ple.org/",
        "https://example.org/\u00e9",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a00:1]/",
        "https://[64:ff9b::a00:1]/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1%25eth0]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_a_url_that_leads_behind_the_walls_is_refused(url):
    with pytest.raises(ProblemError) as refused:
        check_url(url, Webhooks())
    assert refused.value.problem.field == "url"
    assert check_url("https://example.org:8443/a?b=c", Webhooks())
    assert check_url("https://93.184.216.34/", Webhooks())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1"])
def test_what_counts_is_where_a_name_leads(host):
    async def call(webhooks):
        async with caller(webhooks) as pool:
            url = f"http://{host}:{receiver.url.split(':')[2]}"
            return await pool.request("POST", url, content=b"{}", headers={"webhook-id": "1"})

    with Receiver() as receiver:
        with pytest.raises(OutOfReach):
            asyncio.run(call(Webhooks(private=True)))
        assert receiver.taken == []
        try:
            assert asyncio.run(call(Webhooks(loopback=True))).status == 200
        except httpcore.ConnectError:
            assert host == "localhost"  # only where it is ::1 alone


def test_the_service_refuses_such_a_url(party):
    answer = party.put("/v1/webhook", headers=key(), json={"url": "https://10.0.0.1/"})
    assert answer.status_code == 422
    assert answer.json()["field"] == "url"
    assert json.loads(answer.text)["mend"]
