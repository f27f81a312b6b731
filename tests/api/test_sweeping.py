"""What is over ends by the service's clock, and its party is told."""

import time
from datetime import UTC, datetime, timedelta


def test_an_intent_whose_time_is_over_ends_by_itself(start):
    service = start(config="sweep = 1.0\n")
    service.register("north")
    begin = datetime.now(UTC) - timedelta(seconds=30)
    path = {
        "start": begin.isoformat(), "seconds": [0, 33], "lat": [50, 50], "lon": [4, 4.1],
        "alt": [3000, 3000],
    }  # fmt: skip
    with service.client() as north:
        filed = north.put(
            "/v1/intents/short", json={"extent": path}, headers={"Idempotency-Key": "short"}
        )
        assert filed.json()["state"] == "accepted", filed.text
        until = time.monotonic() + 20
        while north.get("/v1/intents/short").json()["state"] != "ended":
            assert time.monotonic() < until
            time.sleep(0.2)
        told = north.get("/v1/notices").json()["items"][-1]
    assert told["contents"][0]["ended"] == "expired"
