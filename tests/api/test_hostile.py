"""What somebody sends who means harm: cut off in bounds, while others are served."""

import gzip
import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

SOON = datetime.now(UTC) + timedelta(hours=2)
PATH = {
    "start": SOON.isoformat(), "seconds": [0, 600], "lat": [50, 50], "lon": [4, 5],
    "alt": [35000, 35000],
}  # fmt: skip


@pytest.fixture(scope="module")
def north(service):
    service.register("north", "south")
    with service.client("party", "north") as client:
        yield client


def put(client, body, key, *, intent="x", **headers):
    return client.put(
        f"/v1/intents/{intent}",
        content=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={"Idempotency-Key": key, "Content-Type": "application/json", **headers},
    )


def well(service):
    """See that another is served, and soon."""
    with service.client("party", "south") as other:
        begun = time.monotonic()
        assert other.get("/v1/intents").status_code == 200
        assert time.monotonic() - begun < 5.0


DEEP = 10_000


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("deep lists", b'{"extent":' + b"[" * DEEP + b"]" * DEEP + b"}"),
        ("deep objects", b'{"extent":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}"),
        ("a deep unknown field", b'{"x":' + b"[" * DEEP + b"]" * DEEP + b"}"),
        ("cut off", b'{"extent": {"start": "2030'),
        ("not UTF-8", b'{"extent": "\xff\xfe"}'),
        ("nothing", b""),
        ("a number", b"1"),
        ("null", b"null"),
        ("twice the same field", b'{"extent": [], "extent": 1}'),
    ],
)
def test_bodies_that_are_none(service, north, name, body):
    answer = put(north, body, f"none-{name}")
    assert answer.status_code in (400, 422), (name, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    well(service)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lat", [1e308, 50]),
        ("lon", [1e308, -1e308]),
        ("alt", [1e308, 1e308]),
        ("seconds", [0, 1e308]),
        ("seconds", [-1e308, 0]),
        ("seconds", [0, 0]),
        ("seconds", []),
        ("lat", [50]),
        ("start", "0001-01-01T00:00:00Z"),
        ("start", "9999-12-31T23:59:59Z"),
        ("start", "2030-01-01T00:00:00"),
        ("gap", [10**18]),
        ("gap", [-1]),
        ("protection", [1e308, 1]),
        ("protection", [0, 0]),
        ("reference", "moon"),
    ],
)
def test_values_that_cannot_be(service, north, field, value):
    answer = put(north, {"extent": {**PATH, field: value}}, f"value-{field}-{value}")
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize("raw", [b"1e999", b"-1e999", b"NaN", b"Infinity", b"1" * 5000])
def test_numbers_that_are_none(service, north, raw):
    body = json.dumps({"extent": PATH}).encode().replace(b"35000, 35000", raw + b", 35000")
    assert put(north, body, "number").status_code in (400, 422)


@pytest.mark.parametrize(
    "volume",
    [
        {"centre": [0, 0], "radius": 1e308},
        {"centre": [0, 0], "radius": -1},
        {"centre": [91, 0], "radius": 10},
        {"corners": [[0, 0], [0, 1e308], [1, 1]]},
        {"corners": [[0, 0], [10, 10], [0, 10], [10, 0]]},
        {"corners": [[0, 0]] * 3},
        {"corners": [[0, k * 0.001] for k in range(5000)]},
        {"corners": [[-80, -170], [-80, 0], [80, 0], [80, -170]]},
        {},
    ],
)
def test_volumes_that_cannot_be(service, north, volume):
    times = {"start": SOON.isoformat(), "end": (SOON + timedelta(hours=1)).isoformat()}
    answer = put(north, {"extent": [{**times, **volume}]}, f"volume-{len(str(volume))}")
    assert answer.status_code in (400, 422), answer.text


def test_a_body_of_100_megabytes_is_cut_off(service, north):
    def megabytes():
        for _ in range(100):
            yield b" " * 1_000_000

    begun = time.monotonic()
    try:
        answer = north.put(
            "/v1/intents/x",
            content=megabytes(),
            headers={"Idempotency-Key": "large", "Content-Type": "application/json"},
        )
        assert answer.status_code == 413, answer.text
    except httpx.TransportError:
        pass  # cut off in the middle
    assert time.monotonic() - begun < 20.0
    well(service)


def test_a_gzip_bomb_is_not_unpacked(service, north):
    bomb = gzip.compress(b" " * 50_000_000)
    answer = put(north, bomb, "bomb", **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415, answer.text
    well(service)


def test_one_byte_a_second_is_cut_off(start):
    service = start(config="[limits]\nreading = 1.0\n")
    service.register("north", "south")
    address = urlsplit(service.url)
    head = (
        f"PUT /v1/intents/x HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {service.token()}\r\nIdempotency-Key: slow\r\n"
        "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    )

    def drip(held):
        with socket.create_connection((address.hostname, address.port), timeout=20) as stream:
            stream.sendall(head.encode())
            begun = time.monotonic()
            while time.monotonic() - begun < 15:
                try:
                    stream.sendall(b"{")
                    stream.settimeout(0.5)
                    if stream.recv(1000) is not None:
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            held.append(time.monotonic() - begun)

    held = []
    threads = [threading.Thread(target=drip, args=(held,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    well(service)
    for thread in threads:
        thread.join()
    assert len(held) == 20
    assert max(held) < 10.0
    well(service)


@pytest.mark.parametrize(
    "intent",
    ["..%2f..%2fetc", "%00", "a%0d%0aX-Injected:%201", "a%2fb", "%F0%9F%9B%A9", "x" * 201, "a:b"],
)
def test_paths_that_mean_something_else(service, north, intent):
    answer = put(north, {"extent": PATH}, "path", intent=intent)
    assert answer.status_code in (200, 400, 404, 405, 422), answer.text
    assert "x-injected" not in answer.headers
    if answer.status_code == 200:
        assert answer.json()["intent"] == "🛩"


@pytest.mark.parametrize(
    "line",
    ["Idempotency-Key: a\r\nX-Injected: 1", "X-Request-Id: a\x0bb", "If-Match: \"1\"\r\n x",
     "Transfer-Encoding: chunked\r\nContent-Length: 5", "Host: evil\r\nHost: evil"],
)  # fmt: skip
def test_headers_that_mean_something_else(service, line):
    address = urlsplit(service.url)
    request = (
        f"GET /v1/intents HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {service.token()}\r\n{line}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=10) as stream:
        stream.sendall(request.encode("latin-1"))
        heard = b""
        while piece := stream.recv(65536):
            heard += piece
            if len(heard) > 100_000:
                break
    assert not heard or heard.startswith(b"HTTP/1.1 ")
    head = heard.partition(b"\r\n\r\n")[0].lower()
    assert b"x-injected" not in head
    assert b" 500 " not in heard.partition(b"\r\n")[0]
    well(service)
