"""What a party does with its flights: as volumes, by hundreds of places, and off nominal."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from detente.api.console import is_built
from tests.api.service import running_service
from tests.console.scene import begin

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
def north(service, visit):
    return visit(size=SMALL).sign_in(service.token("party", "north"))


@pytest.fixture
def own(service):
    """Give one of the north's intents, as the service has it."""
    with service.client("party", "north") as client:
        yield lambda intent: client.get(f"/v1/intents/{intent}").json()


def do(page, *words):
    """Find something in the palette and do it, by keyboard alone."""
    for word in words:
        page.keyboard.press("Control+k")
        focus(page, "[role=combobox]")
        page.keyboard.type(word)
        first = re.compile(re.escape(word.split()[0]), re.IGNORECASE)
        page.locator("[role=option]:first-child").filter(has_text=first).wait_for()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").wait_for(state="hidden")
        if word.isupper():
            # a flight: what can be done about it is there with its facts
            page.locator(".facts h2").filter(has_text=word).wait_for()
            page.locator(".facts .actions button").first.wait_for()


def focus(page, where):
    """Wait until what is typed goes there: the page draws in software, and is slow."""
    page.wait_for_function("where => document.activeElement.closest(where)", arg=where)


def typed(minutes):
    return f"{now() + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


def written(minutes):
    return f"{now() + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


def test_volumes_are_filed_changed_and_flown_and_the_flight_goes_astray(north, own):
    do(north, "new flight as volumes")
    focus(north, "[data-panel=file]")
    north.keyboard.press("Tab")
    north.keyboard.type("SURVEY-1")
    north.get_by_label("Shape").select_option("circle")
    north.get_by_label("Radius, NM").fill("3")
    north.get_by_role("button", name="Type one").press("Enter")
    focus(north, "[aria-label='Lat 1']")
    north.keyboard.type("45.2")
    north.keyboard.press("Tab")
    north.keyboard.type("7E")
    for label, value in (
        ("From level, FL", "100"), ("To level, FL", "120"),
        ("From, UTC", typed(-1)), ("To, UTC", typed(20)),
    ):  # fmt: skip
        north.get_by_label(label).fill(value)
    north.get_by_role("button", name="Add a volume").press("Enter")
    north.get_by_label("Shape").select_option("polygon")
    # drawn on the map it is as a constraint is: test_flows has that
    corners = (("45.1", "7.1"), ("45.1", "7.2"), ("45.2", "7.2"))
    for k, (lat, lon) in enumerate(corners, 1):
        north.get_by_role("button", name="Type one").press("Enter")
        north.get_by_label(f"Lat {k}").fill(lat)
        north.get_by_label(f"Lon {k}").fill(lon)
    north.get_by_label("Lat 2").fill("x")
    north.get_by_label("Lat 2").press("Enter")
    north.get_by_text("volume 2, row 2: the latitude is not clear").first.wait_for()
    north.get_by_label("Lat 2").fill("45.1")
    north.keyboard.press("Enter")
    answer = north.get_by_role("region", name="What became of it")
    answer.get_by_text("It is accepted").wait_for()
    first, second = own("SURVEY-1")["extent"]
    assert (first["centre"], first["radius"], first["lower"]) == ([45.2, 7], 5556, 10_000)
    assert second["corners"] == [[float(lat), float(lon)] for lat, lon in corners]
    assert second["start"] == first["end"] == written(20)

    do(north, "SURVEY-1", "Change", "move the flight")
    north.get_by_label("Feet higher").fill("-500")
    north.keyboard.press("Enter")
    north.get_by_text("Moved volumes 1 to 2").wait_for()
    assert own("SURVEY-1")["version"] == 1  # nothing was sent by that
    north.get_by_role("button", name="Amend it").press("Enter")
    facts = north.get_by_role("complementary")
    facts.get_by_text("accepted").wait_for()
    north.wait_for_function("() => document.querySelector('.facts dl').innerText.endsWith('2')")
    assert [v["lower"] for v in own("SURVEY-1")["extent"]] == [9500, 9500]

    do(north, "Activate")
    facts.get_by_text("activated").wait_for()
    do(north, "Name its aircraft")
    focus(north, ".facts form")
    north.keyboard.type("NOR12")
    facts.get_by_label("Address").fill("4b1a2c")
    north.keyboard.press("Enter")
    facts.get_by_text("NOR12 · 4b1a2c").wait_for()
    do(north, "Name another", "Name none")
    facts.get_by_text("NOR12", exact=False).first.wait_for(state="hidden")
    assert not any(own("SURVEY-1")["aircraft"].values())

    do(north, "report the flight")
    panel = north.get_by_role("region", name="Off nominal")
    panel.get_by_role("button", name="Its declared volumes").press("Enter")
    panel.get_by_label("To level, FL").fill("150")
    panel.get_by_role("button", name="Report it").press("Enter")
    facts.get_by_text("nonconforming").wait_for()
    reported = own("SURVEY-1")
    assert [v["upper"] for v in reported["off_nominal"]] == [15_000, 11_500]
    panel.get_by_label("What becomes of it").select_option("final")
    panel.get_by_role("button", name="What was last reported").press("Enter")
    panel.get_by_role("button", name="Declare the contingency").press("Enter")
    facts.get_by_text("contingent").wait_for()
    assert own("SURVEY-1")["state"] == "contingent"
    do(north, "SURVEY-1", "End")
    facts.get_by_text("ended").wait_for()


def test_a_flight_of_500_places_is_changed_and_nothing_of_it_is_lost(service, north, own):
    count = range(500)
    extent = {
        "start": written(400), "seconds": [7.125 * k for k in count],
        "lat": [44.0 + round(0.0012345 * k, 7) for k in count], "lon": [5.5] * 500,
        "alt": [39_000.0 + 4 * k for k in count], "gap": [120], "protection": [4000.0, 900.0],
    }  # fmt: skip
    with service.client("party", "north") as client:
        filed = client.put(
            "/v1/intents/LONG-1", headers={"Idempotency-Key": "l"}, json={"extent": extent}
        )
        assert filed.json()["state"] == "accepted", filed.text
    do(north, "LONG-1", "Change")
    north.get_by_text("to 15 of 500").wait_for()
    assert north.locator(".places tbody tr").count() == 15
    north.get_by_label("Row", exact=True).fill("400")
    north.keyboard.press("Enter")
    north.get_by_label("Level 400").fill("412")
    do(north, "move the flight")
    focus(north, ".moving")
    north.keyboard.type("5")
    north.keyboard.press("Tab")
    north.keyboard.type("500")
    north.keyboard.press("Enter")
    north.get_by_text("Moved rows 1 to 500").wait_for()
    north.get_by_role("button", name="Amend it").click()
    north.get_by_role("region", name="What became of it").get_by_text("It is accepted").wait_for()
    amended = own("LONG-1")
    after = amended["extent"]
    alt = [feet + 500 for feet in extent["alt"]]
    alt[399] = 41_700
    assert amended["version"] == 2
    assert after["start"] == written(405)
    assert after["seconds"] == [round(1000 * s) / 1000 for s in extent["seconds"]]
    assert after["lat"] == pytest.approx(extent["lat"], abs=1e-7)
    assert after["alt"] == alt
    assert (after["gap"], after["protection"]) == ([120], [4000.0, 900.0])

    # volumes come out of a file too
    ring = [[7, 45], [7.1, 45], [7.1, 45.1], [7, 45]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    north.locator("input[type=file]").set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": json.dumps(shape).encode()}
    )
    north.get_by_label("Lat 3").wait_for()
    assert north.get_by_label("It is written as").input_value() == "volumes"
    assert not re.search("Lat 4", north.content())
