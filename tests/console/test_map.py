"""The map where a flat one is cut, and at other times than now: what is drawn, picked, followed."""

import re
import time
from datetime import UTC, datetime

import pytest

from detente.api.console import is_built
from detente.earth import GEOD
from tests.api.service import running_service
from tests.console.edges import WAYS, begin

pytestmark = pytest.mark.browser

SMALL = (1000, 480)
PREPARED = """
document.addEventListener("mapview", (event) => { globalThis.view = event.detail; });
// where a place is on the screen, at a height in metres as it is drawn
globalThis.pixel = (lon, lat, up = 0) => {
  const [viewport] = view.moving._deck.getViewports();
  const near = view.globe ? lon : lon + 360 * Math.round((viewport.longitude - lon) / 360);
  return viewport.project([near, lat, up]).slice(0, 2);
};
globalThis.shown = () => {
  const [[marks, { shown }]] = view.scene.aircraft.drawn;
  return marks.base + 1000 * shown.seconds;
};
globalThis.where = (mark) => view.scene.aircraft.where(mark, shown());
// for each row of the screen, in how many columns there is something, and in which
globalThis.inked = (overlay) => {
  const deck = view[overlay]._deck;
  deck.redraw("test");
  const { width, height } = deck.canvas;
  const gl = deck.canvas.getContext("webgl2");
  const all = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, all);
  const rows = new Array(height).fill(0), columns = new Array(width).fill(0);
  for (let k = 3; k < all.length; k += 4) {
    if (!all[k]) continue;
    const n = (k - 3) / 4;
    rows[Math.floor(n / width)]++;
    columns[n % width]++;
  }
  return { rows, columns };
};
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    if not is_built():
        pytest.skip("the console is not built: make console")
    directory = tmp_path_factory.mktemp("edges")
    begin(directory / "airspace.ledger", datetime.now(UTC).replace(microsecond=0))
    with running_service(directory, options=["--port", "0"]) as started:
        yield started


@pytest.fixture
def page(service, visit):
    one = visit(size=SMALL, drawn=True)
    one.page.add_init_script(PREPARED)
    page = one.sign_in(service.token("authority", "tower"))
    page.keyboard.press("w")
    until(page, "view.scene.aircraft.length > 0 && view.scene.written")
    return page


def until(page, expression, arg=None, seconds=15):
    """Wait until something holds on the page, whose policy forbids it to wait by itself."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def look(page, lon, lat, zoom):
    """Look there, and wait until that is drawn."""
    page.evaluate(
        """async ([lon, lat, zoom]) => {
            view.map.jumpTo({ center: [lon, lat], zoom });
            const draws = () => new Promise((done) => requestAnimationFrame(done));
            for (let k = 0; k < 3; k++) await draws();
        }""",
        [lon, lat, zoom],
    )


def click(page, at):
    """Click on the map; give what is then chosen."""
    box = page.locator(".ground").bounding_box()
    page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    heading = page.locator(".facts h2")
    heading.wait_for()
    name = heading.inner_text()
    page.keyboard.press("Escape")
    heading.wait_for(state="detached")
    return name


def chosen_at(page, lon, lat):
    return click(page, page.evaluate("([lon, lat]) => pixel(lon, lat)", [lon, lat]))


def beside(way, at):
    """Give by how many metres the way over a place is longer than the shortest."""
    (lat0, lon0), (lat1, lon1) = way
    _, _, first = GEOD.inv(lon0, lat0, at[0], at[1])
    _, _, second = GEOD.inv(at[0], at[1], lon1, lat1)
    _, _, whole = GEOD.inv(lon0, lat0, lon1, lat1)
    return first + second - whole


def in_view(page, names):
    """Tell which marks are on the screen."""
    return page.evaluate(
        """(names) => names.filter((name) => {
            const at = where(name);
            if (!at) return false;
            const [x, y] = pixel(at[0], at[1]);
            const { clientWidth, clientHeight } = view.map.getCanvas();
            return x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight;
        })""",
        names,
    )


def test_the_antimeridian_and_the_poles_are_ordinary_places(page):
    date = ["track:t-seen", "intent:north/DATE-2", "track:t-date", "track:t-met"]
    assert in_view(page, date) == date
    for name in ("DATE-2", "POLE-N", "POLE-S", "HIGH-N"):
        at = page.evaluate("(mark) => where(mark)", f"intent:north/{name}")
        assert beside(WAYS[name], at) < 1.0, name
    assert page.get_by_text(re.compile("beyond 85°")).is_visible()
    for middle in (0.0, 180.0):
        look(page, middle, 0.0, 0.5)
        for overlay in ("still", "moving"):
            ink = page.evaluate("(overlay) => inked(overlay)", overlay)
            assert 0 < max(ink["rows"]) < 0.45 * len(ink["columns"]), (middle, overlay)
            # in the copy of the world on either side
            west, east = page.evaluate("[-180, 180].map((lon) => view.map.project([lon, 0]).x)")
            for x in {west, east}:
                if 20 < x < len(ink["columns"]) - 20:
                    assert sum(ink["columns"][int(x) - 12 : int(x) + 12]) > 0, (middle, x)
    # all of it below the sign
    look(page, 180.0, 2.0, 4.2)
    texts = page.evaluate("view.scene.written.props.data.map((row) => row.text)")
    assert sorted(text.partition("\n")[0] for text in texts if text.startswith("DATE-")) == [
        "DATE-BOX", "DATE-RING",
    ]  # fmt: skip
    for side in (179.3, -179.3):
        assert chosen_at(page, side, 6.0) == "DATE-BOX"
    assert chosen_at(page, -179.8, -4.4) == "DATE-RING"
    assert chosen_at(page, 179.55, 0.95) == "DATE and MET"
    look(page, 180.0, -16.0, 4.2)
    for side in (179.3, -179.3):
        assert chosen_at(page, side, -11.6) == "north/DATE-2"
    assert chosen_at(page, 179.3, -19.5) == "north/WORK-1"
    # the globe has the poles
    page.get_by_role("button", name="Globe").first.click()
    until(page, "view.map.getProjection()?.type === 'globe'")
    # the middle of what goes around a pole, what is beside it, and a flight that goes over it
    look(page, 0.0, 84.0, 0.5)
    assert chosen_at(page, 140.0, 88.4) == "NORTH-CAP"
    assert chosen_at(page, -100.0, 88.4) == "NORTH-CAP"
    assert chosen_at(page, 100.0, 84.5) == "NORTH-RING"
    for name in ("POLE-N", "HIGH-N"):
        at = page.evaluate("(mark) => where(mark)", f"intent:north/{name}")
        assert chosen_at(page, *at[:2]) == f"north/{name}"
    look(page, 0.0, -84.0, 0.5)
    assert chosen_at(page, -60.0, -89.4) == "SOUTH-BOX"
    names = page.evaluate("view.scene.written.props.data.map((row) => row.text)")
    assert "SOUTH-BOX" in names
    # what is on the other side of the Earth is neither drawn nor picked
    ink = page.evaluate("inked('still')")
    assert 0 < sum(ink["rows"]) < 0.05 * len(ink["rows"]) * len(ink["columns"])
    page.keyboard.press("f")
    zoom = page.evaluate("view.map.getZoom()")
    assert -1.0 <= zoom < 2.0


def test_times_other_than_now_have_what_is_there_then(page):
    look(page, 180.0, 0.0, 6.0)
    page.evaluate("view.map.jumpTo({ center: where('track:t-seen').slice(0, 2), zoom: 7 })")
    at = page.evaluate("where('track:t-seen')")
    click_at = page.evaluate("([x, y]) => pixel(x, y)", at[:2])
    box = page.locator(".ground").bounding_box()
    page.mouse.click(box["x"] + click_at[0], box["y"] + click_at[1])
    page.get_by_role("heading", name="DATE1").wait_for()
    assert "FL330" in page.locator(".facts").inner_text()
    page.keyboard.press("o")
    sign = page.get_by_role("status").filter(has_text="Following DATE1")
    sign.wait_for()
    middle = """(mark) => {
        const at = where(mark);
        if (!at) return false;
        const { lng, lat } = view.map.getCenter();
        const lon = ((at[0] - lng + 540) % 360 + 360) % 360 - 180;
        return Math.hypot(lon, at[1] - lat) < 0.02;
    }"""
    until(page, middle, "track:t-seen")
    # ahead it is where it is planned, and crosses the antimeridian at 5 minutes a second
    page.get_by_label("Speed").select_option("300")
    until(page, "where('intent:north/DATE-1')?.[0] < -178.5", seconds=30)
    page.get_by_role("button", name="Hold the time").click()
    until(page, middle, "intent:north/DATE-1")
    at = page.evaluate("where('intent:north/DATE-1')")
    assert beside(WAYS["DATE-1"], at) < 2.0
    assert page.evaluate("view.scene.aircraft.seen.at.size") == 0
    # in the past it is where it was seen
    page.get_by_role("button", name="Now", exact=True).click()
    page.keyboard.press("[")
    page.get_by_role("status").filter(has_text="Past").wait_for()
    until(page, "where('track:t-seen')?.[0] < 179.2")
    until(page, middle, "track:t-seen")
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 380, box["y"] + 250, steps=4)
    page.mouse.up()
    sign.wait_for(state="detached")
    until(page, f"(mark) => !({middle})(mark)", "track:t-seen")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    _planned(page)


def _planned(page):
    """What is planned comes and goes in its time, and is as high as it is."""
    look(page, 180.0, 16.0, 7.2)
    drawn = """() => {
        const { scene } = view;
        const names = (areas) => [...new Set(areas.map((area) => area.name))];
        return {
            closed: names(scene.closed), volumes: names(scene.volumes),
            adrift: names(scene.adrift),
            corner: scene.volumes.find(({ name }) => name === "north/WORK-1")?.volume.corners[0][1],
            later: where("intent:north/LATER-1"), over: where("intent:north/OVER-1"),
        };
    }"""

    def at(minutes):
        """Go five minutes on until it is so many ahead."""
        for _ in range((minutes - at.now) // 5):
            page.keyboard.press("]")
        at.now = minutes
        until(
            page,
            f"Math.abs(shown() - Date.now() - {minutes} * 60000) < 60000",
        )
        page.wait_for_timeout(150)
        return page.evaluate(drawn)

    at.now = 0
    now = page.evaluate(drawn)
    assert now["later"] is None
    assert "SOON" not in now["closed"]
    assert now["volumes"] == ["north/WORK-1"]
    assert now["corner"] == 179.0
    assert now["adrift"] == ["north/DATE-2"]
    soon = at(25)
    assert beside(WAYS["LATER-1"], soon["later"]) < 1.0
    assert soon["over"] is None
    assert soon["volumes"] == ["north/WORK-1"]
    assert soon["corner"] == 180.0 or soon["corner"] == -180.0
    # its label is beside it and says how high it is
    labels = page.evaluate("view.scene.written.props.data.map((row) => row.text)")
    assert "LATER-1\nFL380" in labels
    # raised, it is picked where it is drawn, above its place
    page.keyboard.press("h")
    until(page, "view.map.getPitch() > 54.9")
    lon, lat, up = soon["later"]
    higher = "([x, y, z]) => pixel(x, y)[1] - pixel(x, y, 4 * z)[1] > 10"
    until(page, higher, [lon, lat, up])
    high = page.evaluate("([x, y, z]) => pixel(x, y, 4 * z)", [lon, lat, up])
    assert click(page, high) == "north/LATER-1"
    later = at(45)
    assert "SOON" in later["closed"]
    assert later["volumes"] == later["adrift"] == []
    assert later["later"][0] != soon["later"][0]
    last = at(75)
    assert last["later"] is None
    assert "SOON" not in last["closed"]
