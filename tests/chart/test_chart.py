"""The page of conflicts in a real browser, opened from a file with no network."""

import math
from itertools import pairwise

import numpy as np
import pytest

from detente import Altitude, Circle, Polygon, Separation, Volume
from detente.chart import write_conflict_chart

from .pictures import pixels, settle, unnamed
from .scenes import HOSTILE, conflict, conflicts, crossing, round_the_world

pytestmark = pytest.mark.browser


@pytest.fixture
def show(opened):
    def open_page(flights, found, *, size=(1280, 800), theme="light", **options):
        def write(path):
            write_conflict_chart(flights, found, path, **options)

        return opened(write, size=size, theme=theme)

    return open_page


def test_it_opens_and_draws_with_no_network(show):
    page = show(*crossing(), separation=Separation(), title="A test")
    assert page.title() == "A test"
    assert "2 pairs in conflict" in page.inner_text("#found")
    assert "5\u00a0NM" in page.inner_text("#summary")
    assert len(np.unique(pixels(page, "base").view(np.uint32))) > 20
    live = pixels(page, "live")
    assert (live[..., 3] > 0).sum() > 200
    assert [a["id"] for a in page.evaluate("detente.aircraft()")] == ["EAST1", "NORTH2", HOSTILE]


def test_the_slider_moves_the_aircraft(show):
    page = show(*crossing())
    page.fill("#slider", "60000")
    settle(page)
    before, picture = page.evaluate("detente.aircraft()"), pixels(page, "live")
    assert page.inner_text("#hour") == "12:01:00"
    page.fill("#slider", "660000")
    settle(page)
    after = page.evaluate("detente.aircraft()")
    assert page.inner_text("#hour") == "12:11:00"
    assert after[0]["x"] > before[0]["x"] + 50
    assert after[1]["y"] < before[1]["y"] - 50
    assert (pixels(page, "live") != picture).any()


def test_aircraft_stand_where_they_were_recorded(show):
    flights, found = crossing()
    page = show(flights, found)
    page.fill("#slider", "330000")
    page.evaluate("detente.look(8, 46, 40000)")
    settle(page)
    box = page.locator("#stage").bounding_box()
    drawn = {a["id"]: (a["x"], a["y"]) for a in page.evaluate("detente.aircraft()")}
    # Half-way between the fixes at 5 and 6 minutes, by the orthographic equations
    # (Snyder 1987, 20-3 and 20-4).
    for name, lat, lon in (("EAST1", 46.5, 7.55), ("NORTH2", 46.05, 8.0)):
        phi, phi0, dlon = math.radians(lat), math.radians(46), math.radians(lon - 8)
        x = box["width"] / 2 + 40000 * math.cos(phi) * math.sin(dlon)
        y = box["height"] / 2 - 40000 * (
            math.cos(phi0) * math.sin(phi) - math.sin(phi0) * math.cos(phi) * math.cos(dlon)
        )
        assert drawn[name] == pytest.approx((x, y), abs=0.6)


def test_a_click_in_the_list_flies_to_the_conflict(show):
    page = show(*crossing())
    rows = page.locator("#list button")
    assert rows.count() == 2
    assert "NORTH2" in rows.nth(0).inner_text()  # the worst first
    rows.nth(1).click()
    assert page.evaluate("detente.chosen()") == {"kind": "conflict", "of": 0}
    assert page.inner_text("#hour") == "12:10:00"
    view = page.evaluate("detente.view()")
    assert (view["lat"], view["lon"]) == pytest.approx((46.5, 8.0), abs=1e-3)
    settle(page)
    assert page.inner_text("#facts-title") == "EAST1 and NORTH2"
    assert "12:09:30–12:10:30" in page.inner_text("#facts-rows")
    assert rows.nth(1).get_attribute("aria-pressed") == "true"


def test_a_click_on_the_map_selects_what_is_there(show):
    page = show(*crossing(), volumes=[Volume("ZONE", Circle(45.4, 9.1, 15000.0), Altitude(1e4))])
    box = page.locator("#live").bounding_box()

    def click(place):
        page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])
        settle(page)

    marks = page.evaluate("detente.marks()")
    click(next(m for m in marks if m["conflict"] == 0))
    assert page.evaluate("detente.chosen()") == {"kind": "conflict", "of": 0}
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.fill("#slider", "120000")
    settle(page)
    craft = page.evaluate("detente.aircraft()")[1]
    page.mouse.move(box["x"] + craft["x"], box["y"] + craft["y"])
    assert "NORTH2" in page.inner_text("#card")
    click(craft)
    assert page.evaluate("detente.chosen()") == {"kind": "flight", "of": 1}
    page.click("#facts-links button >> nth=0")
    assert page.evaluate("detente.chosen()") == {"kind": "conflict", "of": 1}


def test_the_keyboard_does_everything(show):
    page = show(*crossing())
    start = page.evaluate("detente.time()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("detente.time()") == start + 10_000
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("detente.time()") == start - 10_000
    scale = page.evaluate("detente.view().scale")
    page.keyboard.press("+")
    assert page.evaluate("detente.view().scale") == pytest.approx(1.5 * scale)
    page.keyboard.press("-")
    lon = page.evaluate("detente.view().lon")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("detente.view().lon") > lon
    page.keyboard.press("Home")
    page.keyboard.press("n")
    assert page.evaluate("detente.chosen().of") == 1  # the first in time
    page.keyboard.press("n")
    assert page.evaluate("detente.chosen().of") == 0
    page.keyboard.press("Escape")
    assert page.evaluate("detente.chosen()") is None
    page.keyboard.press("Space")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    settle(page)
    page.keyboard.press("Space")
    assert page.get_attribute("#play", "aria-label") == "Play"
    assert page.evaluate("detente.time()") > 600_000
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.focus("#filter")
    page.keyboard.type("n east1")
    assert page.locator("#list button").count() == 0
    page.fill("#filter", "east1")
    assert page.locator("#list button").count() == 1


def test_every_control_has_a_name_and_can_be_reached(show):
    page = show(*crossing())
    assert unnamed(page) == []
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"live", "zoom-in", "play", "slider", "speed", "filter", "BUTTON"} <= reached


def test_hostile_names_are_only_text(show):
    page = show(*crossing(), title=HOSTILE)
    page.click("#list button >> nth=0")
    settle(page)
    shown = HOSTILE.replace("\u2028", "")
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelectorAll('img, b b, #list script').length") == 0
    assert shown in page.text_content("h1").replace("\u2028", "")
    assert shown in page.text_content("#facts-title").replace("\u2028", "")
    assert "<b>Red</b>" in page.inner_text("#parties")


def length(run):
    return sum(math.dist(a, b) for a, b in pairwise(run))


def test_no_streak_across_the_map(show):
    """On screen a track is never longer than on the Earth, and never leaps."""
    flights = round_the_world()
    page = show(flights, conflicts())
    scale = 340.0
    earth = {  # great-circle lengths by hand, in Earth radii
        "NORTH POLE": math.radians(29 + 6 + 25),
        "SOUTH POLE": math.radians(40),
        "PACIFIC": 1.31,
        "DATELINE": 0.36,
    }
    for lon, lat in ((180, 60), (0, 90), (-179.9, -75), (179.9, 0), (10, -89.99)):
        page.evaluate(f"detente.look({lon}, {lat}, {scale})")
        for name, radians in earth.items():
            runs = page.evaluate("(id) => detente.runs(id)", name)
            assert sum(map(length, runs)) <= radians * scale * 1.02
            steps = [math.dist(a, b) for run in runs for a, b in pairwise(run)]
            # Long legs are drawn in pieces of 2 degrees at most.
            assert all(step <= math.radians(2.01) * scale for step in steps)
    page.evaluate(f"detente.look(180, 89.9, {scale})")
    assert sum(map(length, page.evaluate("detente.runs('NORTH POLE')"))) > 0.9 * scale
    assert len(page.evaluate("detente.runs('NORTH POLE')")) == 1


def test_nothing_is_drawn_where_nothing_was_recorded(show):
    page = show(round_the_world(), conflicts())
    page.evaluate("detente.look(5, 0, 1000)")
    runs = page.evaluate("detente.runs('PAUSE')")
    assert [len(run) for run in runs] == [2, 2]
    assert sum(map(length, runs)) == pytest.approx(2 * math.radians(1) * 1000, rel=0.02)
    page.fill("#slider", "90000")
    settle(page)
    assert "PAUSE" not in [a["id"] for a in page.evaluate("detente.aircraft()")]


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_the_screen_in_both_themes(show, size, theme):
    zone = Polygon(((40, 170), (40, -170), (50, -170), (50, 170)))
    found = conflicts(
        conflict("DATELINE", "ZONE", 3600, (52, 179), kind="flight-volume"),
    )
    page = show(round_the_world(), found, volumes=[Volume("ZONE", zone)], size=size, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (theme == "light")
    for selector in ("#play", "#slider", "#zoom-in", "#stage"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]


def test_tens_of_thousands_of_conflicts_are_drawn_in_seconds(show):
    """One path of them all would keep the browser busy for minutes."""
    flights, _ = crossing()
    rows = [
        conflict("EAST1", "NORTH2", i % 1200, (46 + i % 97 / 97, 7.5 + i % 89 / 89))
        for i in range(70_000)
    ]
    page = show(flights, conflicts(*rows))
    assert page.evaluate("detente.marks().length") == 70_000
