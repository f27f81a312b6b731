"""What people do with the console, each on a page of their own, before a real authority."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from detente.api.console import is_built
from tests.api.service import running_service
from tests.console.proxy import Proxy
from tests.console.scene import FLIGHT, LATE, begin

pytestmark = pytest.mark.browser

SMALL = (1000, 480)


@cache
def now():
    """Give the minute in which the first test of the module began, not that of its import."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """An authority in the middle of an hour over the Alps."""
    if not is_built():
        pytest.skip("the console is not built: make console")
    directory = tmp_path_factory.mktemp("alps")
    begin(directory / "airspace.ledger", now())
    with running_service(directory, options=["--port", "0"]) as started:
        yield started


@pytest.fixture
def tower(service, visit):
    return visit(size=SMALL).sign_in(service.token("authority", "tower"))


@pytest.fixture
def charting(service, visit):
    """Give the authority's page with the map."""
    return visit(size=SMALL, drawn=True).sign_in(service.token("authority", "tower"))


@pytest.fixture
def north(service, visit):
    return visit(size=SMALL, theme="dark").sign_in(service.token("party", "north"))


def group(page, name):
    """Give a group of the work list."""
    return page.get_by_role("region", name=name, exact=True)


def typed(minutes):
    return f"{now() + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


def test_a_refusal_says_nothing_of_the_other_and_has_ways_out(tower, north):
    north.keyboard.press("e")
    north.get_by_label("Identifier").fill("MEDEVAC-1")
    north.get_by_label("Departs, UTC").fill(typed(60))
    for k, (lon, time) in enumerate(
        (("6.0", ""), ("10.0E", f"{now() + timedelta(minutes=85):%H:%M}"))
    ):
        north.get_by_role("button", name="Add a row").click()
        north.get_by_label(f"Lat {k + 1}").fill("47.3")
        north.get_by_label(f"Lon {k + 1}").fill(lon)
        north.get_by_label(f"UTC {k + 1}").fill(time)
    north.get_by_label("Level 1").fill("FL410")
    north.get_by_role("button", name="File it").click()
    answer = north.get_by_role("region", name="What became of it")
    answer.get_by_text("It is refused.").wait_for()
    take = answer.get_by_role("button", name=re.compile("^Take "))
    assert take.count() >= 2
    assert not re.search(f"{FLIGHT}|south", north.content(), re.IGNORECASE)

    # the authority sees it, and what is in its way
    refused = group(tower, "Refused").get_by_role("button", name="north/MEDEVAC-1")
    refused.click()
    facts = tower.get_by_role("complementary")
    facts.get_by_role("button", name=f"south/{FLIGHT}").wait_for()
    assert facts.get_by_role("button", name="Accept in spite of conflicts").is_visible()

    take.first.click()
    answer.get_by_text("It is accepted").wait_for()
    refused.wait_for(state="hidden")
    assert "accepted" in facts.inner_text()

    # why it is held, its party is told, and reads again after a reload
    facts.get_by_label("Reason").fill("an air show")
    facts.get_by_role("button", name="Hold").click()
    for reloaded in (False, True):
        if reloaded:
            north.reload()
            north.get_by_role("status").filter(has_text="Live").wait_for()
        north.keyboard.press("Control+k")
        north.keyboard.type("MEDEVAC-1")
        north.get_by_role("option", name="MEDEVAC-1").first.click()
        own = north.get_by_role("complementary")
        own.get_by_text("an air show").wait_for()
        assert "held · by the authority" in own.inner_text()
        # it is on the ground
        assert own.get_by_role("button", name="Withdraw").is_visible()
        assert own.get_by_role("button", name="Report it off nominal").count() == 0


def test_what_was_known_then(tower, north):
    """Ten minutes ago nothing was closed yet; the party's page knows what it was told."""
    for page, own in ((tower, FLIGHT), (north, "NORTH-19")):
        page.keyboard.press("t")
        row = page.locator(".panel").get_by_text(own, exact=True)
        row.wait_for()
        page.keyboard.press("Control+k")
        page.keyboard.type("fire-1")
        page.get_by_role("option", name="fire-1").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("[")
        # by its own keys the slider leaves now too
        page.get_by_label("The time that is looked at").press("ArrowLeft")
        page.keyboard.press("[")
        page.get_by_text(re.compile("1. min ago, as known then")).wait_for()
        page.get_by_role("status").filter(has_text="Past").wait_for()
        # what is near now is said all the same
        page.get_by_role("alert").get_by_role("button", name=re.compile("^Alert")).wait_for()
        row.wait_for()
        page.keyboard.press("Control+k")
        page.keyboard.type("fire-1")
        page.get_by_text("Nothing is called that.").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.get_by_role("status").filter(has_text="Live").wait_for()


def test_what_was_public_before_it_came_a_party_knew_from_then_on(service, visit):
    page = visit(size=SMALL).sign_in(service.token("party", LATE))
    slider = page.get_by_label("The time that is looked at")

    def look(minutes):
        """Look at so many minutes after the hour that was written; a step is 10.8 s."""
        ago = datetime.now(UTC) - now() - timedelta(minutes=minutes)
        slider.fill(str(-round(ago.total_seconds() / 10.8)))

    look(-2)
    page.get_by_text("as known then").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("fire-1")
    page.get_by_role("option", name="fire-1").wait_for()
    page.keyboard.press("Escape")
    look(-4.5)
    page.get_by_text("not registered yet").wait_for()
    page.get_by_text("You were not registered then. What was public is shown.").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("fire-1")
    page.get_by_role("option", name="fire-1").wait_for()
    page.keyboard.press("Escape")
    look(-8)
    page.keyboard.press("Control+k")
    page.keyboard.type("fire-1")
    page.get_by_text("Nothing is called that.").wait_for()

    # so it is for whoever is no party
    page = visit(size=SMALL).sign_in(service.token("observer", "press"))
    slider = page.get_by_label("The time that is looked at")
    for minutes, found in ((-8, "Nothing is called that."), (-4.5, "fire-1")):
        look(minutes)
        page.get_by_text("as known then").wait_for()
        page.get_by_role("status").filter(has_text="Past").wait_for()
        page.keyboard.press("Control+k")
        page.keyboard.type("fire-1")
        page.locator("dialog, [role=dialog]").get_by_text(found).first.wait_for()
        page.keyboard.press("Escape")


def test_what_is_drawn_on_the_map_is_closed_and_holds_flights_up(charting, north):
    tower = charting
    tower.keyboard.press("c")
    tower.get_by_label("Identifier").fill("storm-1")
    tower.get_by_label("Reason, which all may read").fill("thunder")
    tower.get_by_role("button", name="Take from the map").click()
    box = tower.locator(".ground").bounding_box()
    for k, (right, down) in enumerate(((0.3, 0.3), (0.7, 0.3), (0.7, 0.75)), 1):
        tower.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])
        tower.get_by_label(f"Lat {k}").wait_for()
    # a fourth without the map
    tower.get_by_role("button", name="Type one").click()
    tower.get_by_label("Lat 4").fill(tower.get_by_label("Lat 3").input_value())
    tower.get_by_label("Lon 4").fill(tower.get_by_label("Lon 1").input_value())
    tower.get_by_role("button", name="Publish it to all").click()
    became = tower.get_by_role("region", name="What became of it")
    became.get_by_text("It holds up:").wait_for()
    held = became.get_by_role("listitem").first.inner_text().strip()
    tower.keyboard.press("w")
    group(tower, "Held").get_by_text(held, exact=True).wait_for()
    # its party is told why
    group(north, "Held").get_by_role("button").first.click()
    facts = north.get_by_role("complementary")
    facts.get_by_text("a constraint is in its way").wait_for()
    facts.get_by_role("button", name="storm-1").click()
    assert "thunder" in facts.inner_text()

    tower.keyboard.press("Control+k")
    tower.keyboard.type("storm-1")
    tower.keyboard.press("Enter")
    facts = tower.get_by_role("complementary")
    facts.get_by_role("button", name="Lift …").click()
    facts.get_by_role("button", name="Lift it for all").click()
    group(tower, "Held").get_by_text(held, exact=True).wait_for(state="hidden")


def test_a_lost_connection_is_said_and_made_again(service, visit):
    with Proxy(service.url) as proxy:
        one = visit(size=SMALL, url=proxy.url)
        one.may_fail = True
        page = one.sign_in(service.token("party", "north"))
        proxy.cut()
        page.get_by_role("alert").filter(has_text="Stale").wait_for()
        extent = {
            "start": f"{now() + timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ}", "seconds": [0, 900],
            "lat": [46, 46.5], "lon": [7, 7], "alt": [9000, 9000],
        }  # fmt: skip
        with service.client("party", "north") as client:
            filed = client.put(
                "/v1/intents/UNHEARD-1", headers={"Idempotency-Key": "u"}, json={"extent": extent}
            )
            assert filed.json()["state"] == "accepted"
        proxy.mend()
        page.evaluate("dispatchEvent(new Event('online'))")
        page.get_by_role("status").filter(has_text="Live").wait_for()
        # what was told meanwhile is there
        page.keyboard.press("t")
        page.locator(".panel").get_by_text("UNHEARD-1").wait_for()


def test_the_standing_follows_what_is_said(tower):
    tower.keyboard.press("r")
    panel = tower.get_by_role("region", name="Record")
    stands = panel.locator(".stands")
    stands.get_by_text("unconfirmed").wait_for()
    panel.get_by_role("button", name="Enter a statement").click()
    panel.get_by_label("Who speaks: the side").fill("north")
    panel.get_by_label("What they do with the claim").select_option("denies")
    panel.get_by_label("The claim, as a clause").fill(
        "an aircraft of the north's flew over the valley"
    )
    panel.get_by_label("Said, UTC").fill(typed(-1))
    panel.get_by_role("button", name="Put on record").click()
    stands.get_by_text("contested").wait_for()
    voices = panel.locator(".voice .row-name").all_inner_texts()
    assert voices == ["east", "north"]
    tower.keyboard.press("w")
    group(tower, "Contested").get_by_text("valley-1").wait_for()


def test_a_plan_is_looked_at_and_then_published(tower):
    tower.keyboard.press("p")
    tower.get_by_role("button", name="Work out the plan").click()
    burden = tower.get_by_role("table")
    burden.get_by_role("row", name=re.compile("^north 3 ")).wait_for()
    assert tower.get_by_role("img", name=re.compile("^east: 3 flights")).is_visible()
    # beside one another, and each alone
    sides = tower.locator(".side-name")
    assert re.match("Before 9 flights, [1-9] conflicts", sides.nth(0).inner_text())
    assert re.match("After [1-9] moved, none refused", sides.nth(1).inner_text())
    assert tower.locator(".ground").count() == 2
    for side in ("Before", "After"):
        tower.get_by_role("radio", name=side, exact=True).check()
        tower.wait_for_function("document.querySelectorAll('.ground').length === 1")
        sides.filter(has_text=re.compile(f"^{side}")).wait_for()
    tower.get_by_role("button", name="Discard").click()
    burden.wait_for(state="hidden")
    tower.get_by_role("button", name="Work out the plan").click()
    tower.get_by_role("button", name="Publish the plan").click()
    tower.get_by_text("It is published.").wait_for()
    tower.get_by_role("button", name=re.compile("afternoon published")).wait_for()
