"""What one request may ask for, and how many: each limit over HTTP, by its name."""

from datetime import UTC, datetime, timedelta

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
LATER = SOON + timedelta(hours=1)

CONFIG = """
[limits]
fixes = 10
volumes = 2
corners = 5
area = 1000.0
duration = 7200.0
ahead = 86400.0
highest = 60000.0
open_intents = 3
body = 20000
"""


def path(n=2, alt=35_000.0, start=SOON, seconds=600.0, lat=50.0):
    step = seconds / (n - 1)
    return {
        "start": start.isoformat(), "seconds": [k * step for k in range(n)], "lat": [lat] * n,
        "lon": [4.0 + 0.1 * k for k in range(n)], "alt": [alt] * n,
    }  # fmt: skip


def volume(**changes):
    times = {"start": SOON.isoformat(), "end": LATER.isoformat()}
    return {"centre": [50.0, 4.0], "radius": 1000.0, **times, **changes}


def put(client, intent, extent, key=None):
    return client.put(
        f"/v1/intents/{intent}", json={"extent": extent}, headers={"Idempotency-Key": key or intent}
    )


def test_each_limit_is_named(start):
    service = start(config=CONFIG)
    service.register("north")
    corners = [[50.0 + 0.01 * k, 4.0 + 0.01 * (k % 2)] for k in range(6)]
    too_much = {
        "10 fixes": path(n=11),
        "60000 feet": path(alt=70_000.0),
        "7200 seconds": path(seconds=8000.0),
        "86400 seconds ahead": path(start=SOON + timedelta(days=2)),
        "2 volumes": [volume()] * 3,
        "5 corners": [{**volume(corners=corners), "centre": None, "radius": 0}],
        "1000 square kilometres": [volume(radius=50_000.0)],
    }
    with service.client() as north:
        for k, (limit, extent) in enumerate(too_much.items()):
            answer = put(north, f"m{k}", extent)
            assert answer.status_code == 422, (limit, answer.text)
            number, _, what = limit.partition(" ")
            assert what in answer.json()["detail"], answer.text
            assert answer.json()["mend"] == f"give {float(number):g} at most"
            assert answer.json()["field"].startswith("extent")
        assert put(north, "large", {**path(), "gap": [0] * 20_000}).status_code == 413
        for k in range(3):
            assert put(north, f"o{k}", path(lat=50.0 + k)).json()["state"] == "accepted"
        full = put(north, "o3", path(lat=55.0))
        assert full.status_code == 429
        assert full.headers["retry-after"]
        over = north.post(
            "/v1/intents/o0/withdraw", headers={"Idempotency-Key": "w", "If-Match": '"1"'}
        )
        assert over.status_code == 200, over.text
        assert put(north, "o3", path(lat=55.0), "again").status_code == 200


def test_requests_in_a_minute_are_counted_by_party_and_by_coalition(start):
    service = start(config="[limits]\nrequests = 30\ncoalition_requests = 40\n")
    service.register("north", "south", "east")
    with service.client("authority", "tower") as tower:
        made = tower.put(
            "/v1/coalitions/ring", json={"invited": ["north", "south"]},
            headers={"Idempotency-Key": "ring"},
        )  # fmt: skip
        assert made.status_code == 200, made.text

    def asked(party, times, join=False):
        with service.client("party", party) as client:
            if join:
                client.put("/v1/coalitions/ring/membership", json={"shares": "nothing"},
                           headers={"Idempotency-Key": "join"})  # fmt: skip
            return [client.get("/v1/constraints") for _ in range(times)]

    for party in ("north", "south"):
        asked(party, 0, join=True)
    # a minute may end in the middle: then all is counted anew, and asked again
    for _ in range(3):
        minute = datetime.now(UTC).minute
        answers = {party: asked(party, 35) for party in ("north", "south", "east")}
        if datetime.now(UTC).minute == minute:
            break
    counts = {
        party: sum(answer.status_code == 200 for answer in some) for party, some in answers.items()
    }
    assert counts["north"] <= 30
    assert counts["east"] <= 30
    assert counts["north"] + counts["south"] <= 40
    refused = next(a for a in answers["north"] if a.status_code == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_too_many_refusals_are_answered_429_and_nothing_is_looked_at(start, tmp_path):
    (tmp_path / "charter.toml").write_text("probes = 2\n")
    service = start(options=["--create", "--port", "0", "--charter", "charter.toml"])
    service.register("north", "south", highest="state")
    with service.client("party", "south") as south, service.client() as north:
        assert put(south, "s", path()).json()["state"] == "accepted"
        for k in range(2):
            assert put(north, f"p{k}", path()).json()["state"] == "refused"
        spent = put(north, "p2", path())
        assert spent.status_code == 429, spent.text
        assert 1 <= int(spent.headers["retry-after"]) <= 3600
        assert spent.json()["type"] == "/problems/too-many"
        free = put(north, "free", path(lat=60.0))
        assert free.status_code == 429
        again = put(north, "p2", path())
        assert (again.status_code, again.content) == (spent.status_code, spent.content)
        assert again.headers["retry-after"] == spent.headers["retry-after"]
        assert put(south, "s2", path(lat=52.0)).json()["state"] == "accepted"
