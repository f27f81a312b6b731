"""A service that is told to stop in the middle of its work."""

import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from detente.ledger.desk import Desk


def flight(number):
    start = datetime.now(UTC) + timedelta(hours=1 + number % 20)
    lat = -60.0 + number % 120
    return {
        "extent": {
            "start": start.isoformat(),
            "seconds": [0, 600],
            "lat": [lat, lat],
            "lon": [number // 120 % 300 - 150.0, number // 120 % 300 - 149.5],
            "alt": [35000, 35000],
        }
    }


def test_every_acknowledged_write_is_in_the_ledger(start, tmp_path):
    service = start(config="grace = 15\n")
    service.register("north", "south")
    acknowledged, faults = [], []

    def file(party, first):
        with service.client("party", party) as client:
            for number in range(first, first + 100_000):
                try:
                    answer = client.put(
                        f"/v1/intents/{number}",
                        headers={"Idempotency-Key": str(number)},
                        json=flight(number),
                    )
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    acknowledged.append((party, str(number)))
                else:
                    faults.append(answer.text)
                    return

    # one stream that would never end, and one connection that does nothing
    idle = httpx.Client(base_url=service.url, trust_env=False)
    idle.get("/health")
    following = service.client("party", "north")
    stream = following.send(following.build_request("GET", "/v1/events"), stream=True)
    assert stream.status_code == 200
    threads = [
        threading.Thread(target=file, args=(("north", "south")[n % 2], n * 100_000))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 50:
        time.sleep(0.01)
        assert not faults
    begun = time.monotonic()
    assert service.stop() == 0
    took = time.monotonic() - begun
    for thread in threads:
        thread.join(10)
    stream.close()
    following.close()
    idle.close()
    assert took < 10, "what never ends held it up"
    # 503 is what a request may be told that came too late
    assert all('"status":503' in fault for fault in faults), faults
    with Desk.open(service.ledger) as desk:
        known = {(intent.party, intent.id) for intent in desk.state.intents.values()}
    assert set(acknowledged) <= known
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{service.url}/health", trust_env=False)
