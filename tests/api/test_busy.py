"""More filings than can be decided on: turned away at once, and taken when they come again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.service import running_service

CLIENTS = 8


@pytest.fixture(scope="module")
def small():
    with running_service(config="[limits]\nwaiting = 1\n") as service:
        service.register("north")
        yield service


def flight(number):
    start = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    lat = [number % 140 - 70.0] * 2
    return {"extent": {"start": start, "seconds": [0, 60], "lat": lat, "lon": [4.0, 4.1],
                       "alt": [35000, 35000]}}  # fmt: skip


def file(client, name, body):
    return client.put(f"/v1/intents/{name}", headers={"Idempotency-Key": name}, json=body)


def test_what_is_turned_away_is_told_to_come_again_and_then_taken(small):
    together = threading.Barrier(CLIENTS)

    def pilot(which):
        turned = []
        with small.client("party", "north") as client:
            for number in range(5):
                name, body = f"{which}-{number}", flight(which * 5 + number)
                together.wait(30)
                while (answer := file(client, name, body)).status_code == 503:
                    turned.append(answer)
                assert answer.json()["state"] == "accepted"
        return turned

    with ThreadPoolExecutor(CLIENTS) as pool:
        turned = [answer for answers in pool.map(pilot, range(CLIENTS)) for answer in answers]
    assert turned, "nobody had to wait"
    for answer in turned:
        assert answer.json()["type"] == "/problems/busy"
        assert answer.headers["Retry-After"] == "1"
        assert answer.headers["X-Request-Id"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_flight_in_distress_is_heard_while_filings_are_turned_away(small):
    ended = threading.Event()
    turned = []

    def crowd(which):
        with small.client("party", "north") as client:
            number = 0
            while not ended.is_set():
                number += 1
                answer = file(client, f"c{which}-{number}", flight(number))
                if answer.status_code == 503:
                    turned.append(answer)

    with small.client("party", "north") as client:
        flights = [f"d{number}" for number in range(10)]
        for number, name in enumerate(flights):
            body = flight(number)
            body["extent"]["start"] = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
            assert file(client, name, body).status_code == 200
            path = f"/v1/intents/{name}/activate"
            answer = client.post(path, headers={"Idempotency-Key": f"a-{name}", "If-Match": '"1"'})
            assert answer.status_code == 200, answer.text
        threads = [threading.Thread(target=crowd, args=(which,)) for which in range(3)]
        for thread in threads:
            thread.start()
        now = datetime.now(UTC)
        times = {"start": now.isoformat(), "end": (now + timedelta(hours=1)).isoformat()}
        volume = {"centre": [10.0, 10.0], "radius": 100.0, "lower": 0, "upper": 100, **times}
        try:
            for name in flights:
                answer = client.post(
                    f"/v1/intents/{name}/contingency",
                    headers={"Idempotency-Key": f"e-{name}", "If-Match": '"2"'},
                    json={"volumes": [volume]},
                )
                assert answer.status_code == 200, answer.text
        finally:
            ended.set()
            for thread in threads:
                thread.join()
    assert turned, "there was room for all"
