"""A quantum: writes are answered only at its multiples, whatever comes of them; reads at once."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.service import running_service

QUANTUM = 60.0


@pytest.fixture(scope="module")
def paced(tmp_path_factory):
    with running_service(
        tmp_path_factory.mktemp("paced"), config=f"quantum = {QUANTUM}"
    ) as service:
        service.register("north")
        yield service


def flight():
    start = datetime.now(UTC) + timedelta(hours=2)
    return {
        "start": start.isoformat(), "seconds": [0, 600], "lat": [50, 50], "lon": [4, 5],
        "alt": [35000, 35000],
    }  # fmt: skip


def milliseconds(ask, times=5):
    """Give how long each of some requests took, and their statuses."""
    taken, statuses = [], set()
    for turn in range(times):
        begun = time.perf_counter()
        statuses.add(ask(turn).status_code)
        taken.append((time.perf_counter() - begun) * 1e3)
    return taken, statuses


@pytest.mark.parametrize(
    ("name", "headers", "status"),
    [
        ("accepted", {}, 200),
        ("unknown", {"If-Match": '"1"'}, 404),
        ("keyless", None, 400),
        ("large", {"Content-Encoding": "gzip"}, 415),
    ],
)
def test_a_write_is_answered_at_a_multiple(paced, name, headers, status):
    with paced.client() as client:

        def ask(turn):
            key = {} if headers is None else {"Idempotency-Key": f"{name}{turn}", **headers}
            return client.put(f"/v1/intents/{name}{turn}", json={"extent": flight()}, headers=key)

        taken, statuses = milliseconds(ask)
    assert statuses == {status}
    assert min(taken) >= QUANTUM
    # the machine may be busy, but not always
    assert min(each % QUANTUM for each in taken) < QUANTUM / 3, taken


def test_a_read_is_answered_at_once(paced):
    with paced.client() as client:
        taken, statuses = milliseconds(lambda _: client.get("/v1/intents"))
    assert statuses == {200}
    assert statistics.median(taken) < QUANTUM


def test_many_wait_together(paced):
    """Nobody waits for the others' waiting."""
    with paced.client() as client, ThreadPoolExecutor(16) as pool:
        begun = time.perf_counter()
        answers = list(
            pool.map(
                lambda k: client.put(
                    f"/v1/intents/many{k}",
                    json={"extent": flight()},
                    headers={"Idempotency-Key": f"many{k}"},
                ),
                range(64),
            )
        )
        taken = time.perf_counter() - begun
    assert {answer.status_code for answer in answers} == {200}
    assert taken < 64 * QUANTUM * 1e-3 / 2
