"""The console in a browser, before a real authority: who gets in, what is shown, what is asked."""

import re

import pytest

from detente.api.console import POLICY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def flown(service):
    """Two parties, one flight of each, one place that is closed."""
    from datetime import UTC, datetime, timedelta

    service.register("blue", "red")
    start = (datetime.now(UTC) + timedelta(minutes=2)).isoformat()
    for party, lat in (("blue", 47.0), ("red", 48.0)):
        with service.client("party", party) as client:
            answer = client.put(
                f"/v1/intents/{party.upper()}-1",
                headers={"Idempotency-Key": f"{party}-1"},
                json={
                    "extent": {
                        "start": start,
                        "seconds": [0, 3600],
                        "lat": [lat, lat],
                        "lon": [6, 10],
                        "alt": [35000, 35000],
                    }
                },
            )
            assert answer.json()["state"] == "accepted", answer.text
    with service.client("authority", "tower") as tower:
        answer = tower.put(
            "/v1/constraints/FIRE-1",
            headers={"Idempotency-Key": "fire-1"},
            json={"volumes": [{"centre": [46.5, 8], "radius": 20000}], "reason": "a forest fire"},
        )
        assert answer.status_code == 200, answer.text
    return service


def test_anybody_may_have_the_page_and_it_may_ask_nobody_else(service):
    with service.client(None) as nobody:
        root = nobody.get("/")
        assert (root.status_code, root.headers["location"]) == (307, "/console/")
        page = nobody.get("/console/")
        assert page.headers["content-security-policy"] == POLICY
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "unsafe" not in POLICY
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=", page.text)
        (script,) = re.findall(r'src="(/console/assets/[^"]+\.js)"', page.text)
        for coding in ("br", "gzip"):
            with nobody.stream("GET", script, headers={"Accept-Encoding": coding}) as answer:
                assert answer.headers["content-encoding"] == coding
                assert "immutable" in answer.headers["cache-control"]
                assert len(b"".join(answer.iter_raw())) < 1_000_000
        plain = nobody.get(script, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        for name in ("assets/none.js", ".built-from", "..%2fpyproject.toml", "%2e%2e/errors.py"):
            assert nobody.get(f"/console/{name}").status_code == 404


def test_a_token_is_pasted_and_forgotten(flown, visit):
    one = visit(size=(800, 500))
    page = one.page
    page.goto(f"{one.url}/console/")
    page.get_by_label("Token").fill("nonsense")
    page.get_by_role("button", name="Sign in").click()
    assert "not a token" in page.get_by_role("alert").inner_text()
    # as a terminal breaks it
    token = flown.token("observer", "visitor")
    page.get_by_label("Token").fill(f" {token[:60]}\n  {token[60:]}\n")
    page.get_by_label("Token").press("Enter")
    page.get_by_role("status").filter(has_text="Live").wait_for()
    assert page.get_by_text("visitor").is_visible()
    page.reload()
    page.get_by_role("status").filter(has_text="Live").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Token").wait_for()
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    page.get_by_label("Token").wait_for()


def test_a_party_signs_in_by_a_link_and_asks_for_its_own_alone(flown, visit):
    one = visit(size=(800, 500), theme="dark", drawn=True)
    token = flown.token("party", "blue")
    page = one.sign_in(token)
    assert page.url == f"{one.url}/console/"
    page.keyboard.press("t")
    page.get_by_text("BLUE-1").wait_for()
    assert page.get_by_text("red").count() == 0
    # the token is in one header of requests to the service's own routes, and nowhere else
    assert not [r.url for r in one.asked if token in r.url.partition("#")[0]]
    bearing = [r for r in one.asked if "authorization" in r.all_headers()]
    assert bearing
    assert all(r.url.startswith(f"{one.url}/v1/") for r in bearing)
    assert not [r.url for r in bearing if {"cookie", "referer"} & r.all_headers().keys()]
    assert not [r.url for r in one.asked if re.search("/v1/(airspace|ledger|parties)", r.url)]


def test_the_authority_sees_all_and_what_is_decided_meanwhile(flown, visit):
    one = visit(size=(800, 500), drawn=True)
    page = one.sign_in(flown.token("authority", "tower"))
    page.get_by_role("button", name="Traffic").click()
    page.get_by_role("button", name=re.compile("BLUE-1 blue")).click()
    assert "accepted" in page.get_by_role("complementary").inner_text()
    assert page.get_by_role("button", name=re.compile("RED-1 red")).is_visible()
    # the ground, what stands still on it, and what moves
    page.locator(".ground canvas").nth(2).wait_for()
    with flown.client("party", "red") as red:
        withdrawn = red.post(
            "/v1/intents/RED-1/end", headers={"Idempotency-Key": "red-2", "If-Match": '"1"'}
        )
        assert withdrawn.status_code == 200, withdrawn.text
    page.get_by_text("RED-1").wait_for(state="hidden", timeout=5000)


def test_a_phone_shows_the_same(flown, visit):
    one = visit(size=(390, 700))
    page = one.sign_in(flown.token("authority", "tower"))
    page.get_by_role("button", name="Traffic").click()
    page.get_by_text("BLUE-1").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
