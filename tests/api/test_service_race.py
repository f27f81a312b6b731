"""Several servers on one ledger, each with many clients that want the same places."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Barrier

import pytest

from detente.authority import Charter, Grid, decode_outcome
from detente.authority.rule import broken
from detente.ledger import verify
from detente.ledger.desk import Desk
from tests.api.crashing import charter_file
from tests.api.service import Service
from tests.ledger.server import binaries, running_server

pytestmark = pytest.mark.skipif(
    binaries() is None, reason="no PostgreSQL server is installed on this machine"
)

SERVERS, CLIENTS, ROUNDS, SETS = 4, 8, 4, 4
START = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
CHARTER = Charter(
    horizontal=100.0, vertical=50.0, probes=0, coalition_probes=0,
    grid=Grid(delay_most=0, level_steps=(), offsets=()),
)  # fmt: skip
PARTIES = [f"p{n:02}" for n in range(SERVERS * CLIENTS)]


@pytest.fixture(scope="module")
def ledger():
    with running_server() as server:
        yield server.url("race")


@pytest.fixture(scope="module")
def servers(ledger, tmp_path_factory):
    """Servers of their own, as on several machines, and not one that starts several."""
    directory = tmp_path_factory.mktemp("race")
    options = ["--ledger", ledger, "--port", "0"]
    first = ["--create", "--charter", charter_file(directory, CHARTER)]
    with ExitStack() as stack:

        def begun(*more):
            service = Service(directory, options=[*options, *more])
            stack.callback(service.kill)
            return service

        started = [begun(*first).ready()]
        started[0].register(*PARTIES)
        others = [begun() for _ in range(SERVERS - 1)]
        yield started + [service.ready() for service in others]


def flight(k):
    """Give the flight of a set; those of different sets are far apart."""
    lat = 40.0 + 0.1 * k
    return {"extent": {"start": START.isoformat(), "seconds": [0, 60], "lat": [lat, lat],
                       "lon": [7.0, 7.01], "alt": [200, 200]}}  # fmt: skip


def file_all(client, party, sets, together):
    """File a flight of each set, in the party's own order; tell which were accepted."""
    together.wait(60)
    accepted = []
    for k in Random(party).sample(sets, len(sets)):
        answer = client.put(
            f"/v1/intents/{k}", headers={"Idempotency-Key": f"{k}"}, json=flight(k)
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        if answer.json()["state"] == "accepted":
            accepted.append(k)
    return accepted


def views(server):
    """Give all that each party sees at a server, and all that the authority does."""
    seen = []
    for party in PARTIES:
        with server.client("party", party) as client:
            seen += [client.get(path).text for path in ("/v1/intents", "/v1/constraints")]
    with server.client("authority", "tower") as tower:
        seen += [tower.get("/v1/airspace/intents?limit=1000").text]
    return "\n".join(seen)


def test_of_those_who_want_one_place_exactly_one_is_accepted(servers, ledger):
    won, together = Counter(), Barrier(len(PARTIES))
    with ExitStack() as stack, ThreadPoolExecutor(len(PARTIES)) as pool:
        clients = [
            stack.enter_context(servers[n % SERVERS].client("party", party))
            for n, party in enumerate(PARTIES)
        ]
        for n in range(ROUNDS):
            wanted = list(range(n * SETS, (n + 1) * SETS))
            work = [
                pool.submit(file_all, client, party, wanted, together)
                for client, party in zip(clients, PARTIES, strict=True)
            ]
            accepted = [one.result(60) for one in work]
            assert sorted(k for own in accepted for k in own) == wanted
            for k, own in enumerate(accepted):
                won[k % SERVERS] += len(own)
    assert max(won.values()) < ROUNDS * SETS, "one was always first: that is no race"
    assert all(server.process.poll() is None for server in servers)
    # each takes up what the others wrote
    due = time.monotonic() + 20
    while len(seen := {views(server) for server in servers}) > 1:
        assert time.monotonic() < due, "they see different things"
        time.sleep(0.1)
    (text,) = seen
    assert text.count('"refused"') >= (len(PARTIES) - 1) * ROUNDS * SETS
    with Desk.open(ledger) as desk:
        entries = list(desk.ledger.read())
        verify(entries, noted=desk.ledger.head())
        filed = [one for entry in entries if (one := decode_outcome(entry.body)).by in PARTIES]
        assert len(filed) == len(PARTIES) * ROUNDS * SETS
        assert sum(i.accepted for i in desk.state.intents.values()) == ROUNDS * SETS
        assert broken(desk.state) == []
