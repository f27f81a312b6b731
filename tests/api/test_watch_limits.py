"""What the watch may report at once, and how much a party may say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from detente.authority import decode_outcome
from detente.authority.event import IntentAccepted, StatementEntered, TracksReported
from detente.ledger import open_ledger
from detente.watch.track import Conformance, Fix, Track
from tests.api.service import running_service

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def service():
    with running_service(config="[limits]\nstatements = 3\nobserved = 4000000\n") as started:
        started.register("north", "south")
        yield started


def observed(service, tracks, key, **more):
    body = msgspec.json.encode({"tracks": tracks, **more})
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    with service.client("authority", "tower") as tower:
        return tower.post("/v1/watch", content=body, headers=headers)


def tracks(n, name="t", **wrong):
    many = [
        Track(f"{name}{k}", Conformance.UNDECLARED, NOW, Fix(NOW, 47.0, 8.0, 35_000.0, None, 80.0),
              callsign=f"ABC{k}", sources=("radar", "sbs"))
        for k in range(n)
    ]  # fmt: skip
    if wrong:
        k = wrong["at"]
        many[k] = msgspec.structs.replace(many[k], fix=Fix(NOW, 470.0, 8.0))
    return many


def outcomes(service):
    ledger = open_ledger(service.ledger)
    try:
        return [decode_outcome(entry.body) for entry in ledger.read()]
    finally:
        ledger.close()


def events(service, kind):
    return [event for one in outcomes(service) for event in one.events if isinstance(event, kind)]


def test_ten_thousand_tracks_are_recorded_in_parts(service):
    answer = observed(service, tracks(10_000), "many")
    assert answer.status_code == 200, answer.text
    assert answer.json()["tracks"] == 10_000
    parts = events(service, TracksReported)
    assert {len(part.tracks) for part in parts} == {500}
    assert [t.id for part in parts for t in part.tracks] == [f"t{k}" for k in range(10_000)]
    again = observed(service, tracks(10_000), "many")
    assert (again.status_code, again.content) == (200, answer.content)
    assert len(events(service, TracksReported)) == len(parts)
    other = observed(service, tracks(10_000, "o"), "many")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key")


def test_between_two_parts_others_are_heard(service):
    """A party files while 10,000 tracks are recorded, and does not wait for the last of them."""
    before = len(outcomes(service))
    with ThreadPoolExecutor(1) as threads, service.client("party", "north") as north:
        reporting = threads.submit(observed, service, tracks(10_000), "beside")
        filed = 0
        while not reporting.done():
            filed += 1
            extent = {
                "start": (NOW + timedelta(hours=2)).isoformat(), "seconds": [0, 600],
                "lat": [0.1 * filed] * 2, "lon": [4.0, 5.0], "alt": [35_000] * 2,
            }  # fmt: skip
            answer = north.put(f"/v1/intents/b{filed}", json={"extent": extent},
                               headers={"Idempotency-Key": f"b{filed}"})  # fmt: skip
            assert answer.status_code == 200, answer.text
    assert reporting.result().status_code == 200
    kinds = [type(outcome.events[0]) for outcome in outcomes(service)[before:]]
    first = kinds.index(TracksReported)
    last = len(kinds) - kinds[::-1].index(TracksReported)
    assert IntentAccepted in kinds[first:last]


def test_what_is_followed_is_counted(service):
    with service.client("authority", "tower") as tower:
        text = tower.get("/metrics").text
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(found['detente_tracks{conformance="undeclared"}']) == 10_000
    assert float(found['detente_tracks{conformance="conforming"}']) == 0
    assert float(found['detente_observed_total{kind="track"}']) >= 10_000
    assert {found[f"detente_{name}"] for name in ("alerts", "unseen", "statements")} == {"0.0"}


def test_what_is_wrong_is_named_by_its_place_in_the_request(service):
    before = len(events(service, TracksReported))
    answer = observed(service, tracks(1_200, "w", at=1_100), "wrong")
    assert answer.status_code == 422
    assert answer.json()["field"] == "tracks/1100/fix"
    assert [len(part.tracks) for part in events(service, TracksReported)[before:]] == [500, 500]
    unseen = [{"intent": "north/none", "since": NOW}]
    answer = observed(service, tracks(600, "u"), "unknown", unseen=unseen)
    assert (answer.status_code, answer.json()["field"]) == (404, "unseen/0/intent")


def test_nothing_at_all_may_be_reported(service):
    answer = observed(service, [], "nothing")
    assert (answer.status_code, answer.json()["tracks"]) == (200, 0)


def test_only_the_watch_may_send_so_much(service):
    assert observed(service, tracks(30_000), "too many").status_code == 413
    large = {"extent": None, "gap": [0] * 600_000}
    with service.client("party", "north") as north:
        answer = north.put("/v1/intents/x", json=large, headers={"Idempotency-Key": "large"})
        assert answer.status_code == 413
        answer = north.post("/v1/watch", json=large, headers={"Idempotency-Key": "large"})
        assert answer.status_code == 403


def test_an_event_has_a_place_of_some_size(service):
    what = {"id": "wide", "description": "It is said.", "start": NOW.isoformat(),
            "end": NOW.isoformat()}  # fmt: skip
    places = {
        "corners": {"corners": [[40 + 0.001 * k, 5 + (k % 2)] for k in range(1_001)]},
        "square kilometres": {"centre": [47, 8], "radius": 700_000},
    }
    with service.client("authority", "tower") as tower:
        for limit, place in places.items():
            answer = tower.put("/v1/occurrences/wide", json={"occurrence": what | place},
                               headers={"Idempotency-Key": f"wide-{limit}"})  # fmt: skip
            assert answer.status_code == 422
            assert limit in answer.json()["detail"]
            assert answer.json()["field"].startswith("occurrence")


def test_a_party_may_say_only_so_much_in_an_hour(service):
    with service.client("authority", "tower") as tower:
        what = {"id": "e", "description": "It is said.", "start": NOW.isoformat(),
                "end": (NOW + timedelta(hours=1)).isoformat()}  # fmt: skip
        entered = tower.put("/v1/occurrences/e", json={"occurrence": what, "public": True},
                            headers={"Idempotency-Key": "e"})  # fmt: skip
        assert entered.status_code == 200, entered.text

    def said(party, id, role="party"):
        body = {"id": id, "about": {"kind": "event", "id": "e"}, "speaker": {"side": ""},
                "position": "denies"}  # fmt: skip
        with service.client(role, party) as client:
            return client.put(f"/v1/statements/{id}", json={"statement": body},
                              headers={"Idempotency-Key": f"{party}-{id}"})  # fmt: skip

    for attempt in range(2):  # an hour may end in between
        hour = datetime.now(UTC).hour
        answers = [said("north", f"s{attempt}{k}") for k in range(5)]
        if datetime.now(UTC).hour == hour:
            break
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 3600
    assert answers[-1].json()["detail"] == "too many statements in this hour"
    # what was answered is answered again, and others have their own hour
    assert said("north", f"s{attempt}0").content == answers[0].content
    assert said("south", "s0").status_code == 200
    assert all(said("tower", f"a{k}", "authority").status_code == 200 for k in range(5))
    with service.client("party", "north") as north:
        shared = north.post(f"/v1/statements/s{attempt}0/share", json={"public": True},
                            headers={"Idempotency-Key": "share"})  # fmt: skip
        assert shared.status_code == 429
    assert len(events(service, StatementEntered)) >= 9


def test_of_many_tracks_the_last_fixes_are_enough(service):
    for k in range(3):
        begun = NOW - timedelta(minutes=1)
        fix = Fix(begun + timedelta(seconds=10 * k), 47.0, 8.0 + k / 100, 35_000.0, None, 80.0)
        long = [msgspec.structs.replace(x, first=begun, fix=fix) for x in tracks(2, "long")]
        answer = observed(service, long, f"long-{k}")
        assert answer.status_code == 200, answer.text
    with service.client("authority", "tower") as tower:

        def paths(url, of, **asked):
            rows = tower.get(url, params=asked).json()[of]
            of_each = {seen["track"]["id"]: seen["path"] for seen in rows}
            return of_each["long0"], of_each["long1"]

        whole = tower.get("/v1/airspace/tracks/long0").json()["path"]
        assert len(whole) == 3
        every = paths("/v1/airspace/tracks", "items")
        last = paths("/v1/airspace/tracks", "items", fixes=1)
        assert every[0] == whole
        assert last[0] == whole[-1:]
        then = paths(
            "/v1/airspace/past", "tracks", at="2190-01-01T00:00:00Z", fixes=2, track="long0"
        )
        assert (then[0], then[1]) == (whole, every[1][-2:])
        assert tower.get("/v1/airspace/tracks", params={"fixes": 0}).status_code == 400
