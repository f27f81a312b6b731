"""Several server processes on one PostgreSQL ledger."""

import os
import re
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from detente.ledger.desk import Desk
from tests.api.service import running_service
from tests.ledger.server import binaries, running_server

pytestmark = pytest.mark.skipif(
    binaries() is None, reason="no PostgreSQL server is installed on this machine"
)


def flight(number):
    start = datetime.now(UTC) + timedelta(hours=1)
    lat, lon = number % 120 - 60.0, number // 120 - 150.0
    return {
        "extent": {
            "start": start.isoformat(),
            "seconds": [0, 60],
            "lat": [lat, lat],
            "lon": [lon, lon + 0.1],
            "alt": [35000, 35000],
        }
    }


def pids(service):
    ready = re.findall(r'"pid":([0-9]+),"event":"ready"', service.log)
    return [int(pid) for pid in ready if Path(f"/proc/{pid}").exists()]


def await_(condition, within=60.0):
    due = time.monotonic() + within
    while not condition():
        assert time.monotonic() < due
        time.sleep(0.05)


def test_replaced_in_turn_and_after_a_crash_without_losing_an_answer(tmp_path):
    with running_server() as postgres:
        url = postgres.url("service")
        options = ["--ledger", url, "--create", "--port", "0", "--processes", "2"]
        with running_service(tmp_path, options=options) as service:
            first = pids(service)
            assert len(first) == 2
            service.register("north")
            acknowledged, faults = [], []
            done = threading.Event()

            def file():
                """Send each until it is answered, as the rules for clients say."""
                for number in range(100_000):
                    if done.is_set():
                        return
                    while True:
                        try:
                            # a connection each, so that any process may get it
                            with service.client("party", "north") as client:
                                answer = client.put(
                                    f"/v1/intents/{number}",
                                    headers={"Idempotency-Key": str(number)},
                                    json=flight(number),
                                )
                        except httpx.TransportError:
                            continue
                        if answer.status_code != 503:
                            break
                    if answer.status_code != 200:
                        faults.append(answer.text)
                        return
                    acknowledged.append(str(number))

            thread = threading.Thread(target=file)
            thread.start()
            await_(lambda: len(acknowledged) > 5)
            service.process.send_signal(signal.SIGHUP)
            await_(lambda: len(pids(service)) == 2 and not set(pids(service)) & set(first))
            before = len(acknowledged)
            victim = pids(service)[0]
            os.kill(victim, signal.SIGKILL)
            await_(lambda: len(pids(service)) == 2 and victim not in pids(service))
            assert "process-ended" in service.log
            await_(lambda: len(acknowledged) > before + 5)
            done.set()
            thread.join(30)
            assert faults == []
            # each process answers what the others wrote
            for _ in range(6):
                with service.client("party", "north") as client:
                    known = client.get(f"/v1/intents/{acknowledged[-1]}")
                assert known.status_code == 200
            with service.client("authority", "tower") as tower:
                text = tower.get("/metrics").text
            # of both together, those that ended too
            (counted,) = re.findall(r'detente_decisions_total{outcome="accepted"} ([0-9.]+)', text)
            assert float(counted) >= len(acknowledged)
            assert service.stop() == 0
        with Desk.open(url) as desk:
            assert set(acknowledged) <= {intent.id for intent in desk.state.intents.values()}
