"""What whoever runs the service relies on: logs, metrics, health, limits, pages."""

import gzip
import json
import re
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from detente.api.caller import MAY
from detente.api.pages import MEANING
from detente.api.problem import PROBLEMS
from tests.api.service import running_service

START = (datetime.now(UTC) + timedelta(hours=2)).isoformat()


def flight(lat=50.0, **more):
    return {
        "extent": {
            "start": START,
            "seconds": [0, 600, 1200],
            "lat": [lat, lat + 0.01234567, lat],
            "lon": [4.0, 5.0, 6.0],
            "alt": [35000, 35000, 35000],
        }
    } | more


@pytest.fixture(scope="module")
def service():
    """A service with short limits, and two parties."""
    config = "[limits]\nreading = 1.0\nbody = 20000\nheader = 9000\n"
    with running_service(config=config) as started:
        started.register("north", "south")
        with started.client("party", "north") as north:
            started.north = north
            yield started


def put(client, name, body, key=None, **headers):
    given = {"Idempotency-Key": key or name} | headers
    return client.put(f"/v1/intents/{name}", headers=given, json=body)


def raw(service, *pieces, pause=0.0, within=8.0):
    """Send bytes as they are; give what comes until the other side closes, and after how long."""
    host, port = service.url.removeprefix("http://").split(":")
    begun = time.monotonic()
    got = b""
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(within)
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            while piece := connection.recv(65536):
                got += piece
        except ConnectionError:
            pass
    return got, time.monotonic() - begun


def test_each_request_has_an_id(service):
    made = {service.north.get("/health").headers["X-Request-Id"] for _ in range(5)}
    assert len(made) == 5
    kept = service.north.get("/health", headers={"X-Request-Id": "ours-7"})
    assert kept.headers["X-Request-Id"] == "ours-7"
    for strange in ("", "x" * 65, "a b", 'a"b', "ü", "../x", "{x}"):
        answer = service.north.get("/health", headers=[("X-Request-Id", strange.encode())])
        assert answer.headers["X-Request-Id"] not in (strange, "")
    assert '"request":"ours-7"' in service.log


def test_every_answer_is_guarded(service):
    for answer in (
        service.north.get("/v1/intents"),
        service.north.get("/v1/intents/none"),
        service.north.get("/nowhere"),
        service.north.delete("/v1/intents"),
        httpx.get(f"{service.url}/v1/intents", trust_env=False),
        service.north.get("/docs"),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "X-Request-Id" in answer.headers


def test_logs_say_who_did_what_and_nothing_of_plans(service):
    answer = put(service.north, "secret-name", flight(lat=61.7654321, precedence="state"))
    assert answer.status_code == 200, answer.text
    service.north.get("/v1/intents/other-name?bbox=1,2,3,4")
    put(service.north, "bad-name", flight(precedence="no-such-class"))
    put(service.north, "worse-name", {"extent": "no-extent"})
    lines = [json.loads(line) for line in service.log.splitlines()]
    filed = [x for x in lines if x.get("route") == "/v1/intents/{intent}" and x["method"] == "PUT"]
    assert filed[-1].keys() == {
        "event", "level", "timestamp", "request", "method", "route", "status", "ms", "role",
        "subject",
    }  # fmt: skip
    assert {"subject": "north", "role": "party"}.items() <= filed[-1].items()
    for told in ("61.76", "secret-name", "other-name", "bad-name", "no-such-class", "no-extent",
                 "bbox", "eyJ", "35000"):  # fmt: skip
        assert told not in service.log, told


def test_metrics_are_the_authority_s_and_name_nobody(service):
    assert service.north.get("/metrics").status_code == 403
    assert httpx.get(f"{service.url}/metrics", trust_env=False).status_code == 401
    with service.client("party", "south") as south:
        crossing = flight(lat=52.0)
        assert put(service.north, "m1", crossing).json()["state"] == "accepted"
        assert put(south, "m2", crossing).json()["state"] == "refused"
        assert put(south, "m3", crossing, key="m2").status_code == 422
    with service.client("authority", "tower") as tower:
        answer = tower.get("/metrics")
        (position,) = [
            line for line in answer.text.splitlines() if line.startswith("detente_ledger_position")
        ]
        assert int(float(position.split()[1])) == tower.get("/v1/ledger/head").json()["position"]
    assert answer.headers["Content-Type"].startswith("text/plain")
    text = answer.text
    for line in (
        'detente_requests_total{method="PUT",route="/v1/intents/{intent}",status="200"}',
        'detente_request_seconds_bucket{le="0.05",method="PUT",route="/v1/intents/{intent}"}',
        'detente_decisions_total{outcome="accepted"}',
        'detente_decisions_total{outcome="refused"}',
        'detente_refusals_total{kind="conflict"}',
        "detente_batch_commands_count",
        "detente_event_followers 0.0",
        "detente_waiting_commands 0.0",
    ):
        assert line in text, line
    for name in ("north", "south", "tower", "m1", "m2", "nowhere"):
        assert name not in text
    # paths that are not there make no series of their own
    for number in range(5):
        service.north.request("GET", f"/nowhere/{number}")
        service.north.request(f"ODD{number}", "/nowhere")
    with service.client("authority", "tower") as tower:
        assert tower.get("/metrics").text.count('route="none"') <= text.count('route="none"') + 60
        assert "ODD" not in tower.get("/metrics").text


def test_health_and_readiness_tell_nothing_else(service):
    assert httpx.get(f"{service.url}/health", trust_env=False).json() == {"status": "alive"}
    assert httpx.get(f"{service.url}/ready", trust_env=False).json() == {"status": "ready"}


def test_what_is_too_large_or_of_another_form(service):
    def post(content, **headers):
        return service.north.put(
            "/v1/intents/x", content=content, headers={"Idempotency-Key": "x"} | headers
        )

    kind = {"Content-Type": "application/json"}
    bomb = gzip.compress(b" " * 10_000_000)
    for answer, status in (
        (post(b" " * 20_001, **kind), 413),
        (post(iter([b" " * 10_000] * 100), **kind), 413),
        (post(bomb, **kind, **{"Content-Encoding": "gzip"}), 415),
        (post(b"{}", **kind, **{"Content-Encoding": "identity, br"}), 415),
        (post(b"[" * 10_000, **kind), 400),
        (post(b'{"extent": 1e999}', **kind), 400),
        (post(b"\xff\xfe", **kind), 400),
        (post(b"", **kind), 400),
        (post(b"extent=1", **{"Content-Type": "application/x-www-form-urlencoded"}), 400),
    ):
        assert answer.status_code in (status, 422), (status, answer.text)
        assert answer.status_code == status or status == 400
        problem = answer.json()
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert problem["status"] == answer.status_code
        assert problem["type"].removeprefix("/problems/") in PROBLEMS


def test_a_slow_client_is_cut_off_while_others_are_served(service):
    head = (
        "PUT /v1/intents/slow HTTP/1.1\r\nHost: x\r\nIdempotency-Key: slow\r\n"
        f"Authorization: {service.north.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    ).encode()
    found = {}

    def slow(name, *pieces):
        found[name] = raw(service, *pieces, pause=0.1)

    drip = [bytes([byte]) for byte in b'{"extent": {"start": "2030-01-01T00:00:00Z", "seco']
    threads = [
        threading.Thread(target=slow, args=("body", head, *drip)),
        threading.Thread(target=slow, args=("nothing more", head)),
        threading.Thread(target=slow, args=("half a head", b"GET /health HT")),
        threading.Thread(target=slow, args=("a head in drops", *[b"G", b"E", b"T", b" "] * 12)),
        threading.Thread(target=slow, args=("silent",)),
        threading.Thread(target=slow, args=("idle", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")),
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert service.north.get("/v1/intents").status_code == 200
    for thread in threads:
        thread.join()
    # one that sends on does not hear why
    assert found["body"][0] == b"" or b" 408 " in found["body"][0].split(b"\r\n")[0]
    assert b" 408 " in found["nothing more"][0].split(b"\r\n")[0]
    assert b"/problems/slow" in found["nothing more"][0]
    for name, (_, took) in found.items():
        assert took < 7.0, name
    assert found["silent"][0] == b""


def test_heads_that_are_no_heads(service):
    for head, status in (
        (b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 500 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"4"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n b\r\n\r\n", b"4"),
        (b"\x16\x03\x01\x02\x00", b"400"),
        (b"GET /health\r\n\r\n", b"4"),
    ):
        got, _ = raw(service, head)
        assert got.startswith(b"HTTP/1.1 " + status), (head[:60], got[:200])
    for path in (
        "/v1/intents/%00",
        "/v1/intents/a%0d%0aSet-Cookie:%20a=b",
        "/problems/..%2f..%2fx",
    ):
        answer = service.north.get(path)
        assert answer.status_code in (400, 404, 422), path
        assert "Set-Cookie" not in answer.headers


def test_every_problem_has_its_page(service):
    assert set(MEANING) == set(PROBLEMS)
    with service.client(None) as anybody:
        index = anybody.get("/problems").text
        for kind, (status, title) in PROBLEMS.items():
            answer = anybody.get(f"/problems/{kind}")
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            for told in (title, str(status), "How to mend it"):
                assert told in answer.text
            assert f'href="/problems/{kind}"' in index
        assert anybody.get("/problems/none").status_code == 404


def test_pages_need_nothing_from_elsewhere(service):
    for path in ("/docs", "/problems", "/problems/version"):
        answer = httpx.get(f"{service.url}{path}", trust_env=False)
        assert answer.status_code == 200
        assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|https?://", answer.text)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    reference = httpx.get(f"{service.url}/docs", trust_env=False).text
    for told in ("/v1/intents/{intent}", "Idempotency-Key", "Path4D", "scope <code>file</code>"):
        assert told in reference
    # every link on the sheet leads somewhere
    anchors = set(re.findall(r'id="([^"]+)"', reference))
    assert set(re.findall(r'href="#([^"]+)"', reference)) <= anchors


def test_the_description_says_who_may_ask_and_what_may_come(service):
    answer = httpx.get(f"{service.url}/openapi.json", trust_env=False)
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    assert described == httpx.get(f"{service.url}/docs/openapi.json", trust_env=False).json()
    named = re.findall(r'"\$ref":"#/components/(\w+)/([^"]+)"', answer.text)
    for group, name in named:
        assert name in described["components"][group], name
    file = described["paths"]["/v1/intents/{intent}"]["put"]
    assert file["security"] == [{"bearer": ["file"]}]
    assert {"200", "401", "403", "409", "412", "413", "429"} <= file["responses"].keys()
    operations = [
        operation
        for item in described["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    for operation in operations:
        (need,) = operation.get("security", described["security"])
        assert need == {} or set(need["bearer"]) <= set(MAY)
        assert operation.get("description") or operation.get("summary")
    # its examples are taken, but for their times
    for example in file["requestBody"]["content"]["application/json"]["examples"].values():
        refused = put(service.north, "example", example["value"])
        assert refused.json().get("type") in (None, "/problems/time", "/problems/invalid")
        assert "extent" in refused.json().get("field", "extent")
