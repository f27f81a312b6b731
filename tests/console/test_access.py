"""Each screen, by day and by night, wide and narrow: nothing that keeps anybody out, nothing cut.

With DETENTE_PICTURES=1 in the environment each screen is also written to docs/pictures.
"""

import os
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from detente.api.console import is_built
from tests.api.service import running_service
from tests.console.scene import FLIGHT, begin

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "docs" / "pictures" if os.environ.get("DETENTE_PICTURES") else None
WIDE, NARROW = (1280, 800), (390, 780)
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = (
    (WIDE, "light", {"type": "tag", "values": ALL}),
    (WIDE, "dark", {"type": "rule", "values": ["color-contrast"]}),
    (NARROW, "dark", {"type": "tag", "values": ALL}),
)
"""Sizes and themes, and what axe looks at: a theme changes only colours, a size no colour."""


LOOK = """async what => {
    const { violations } = await axe.run(document, { runOnly: what, resultTypes: ["violations"] });
    const html = (one) => one.nodes.map((node) => node.html.slice(0, 120)).join(" | ");
    return violations.map((one) => `${one.id}: ${html(one)}`);
}"""


@cache
def now():
    """Give the minute in which the first test of the module began, not that of its import."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    if not is_built():
        pytest.skip("the console is not built: make console")
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make console")
    directory = tmp_path_factory.mktemp("alps")
    begin(directory / "airspace.ledger", now())
    with running_service(directory, options=["--port", "0"]) as started:
        yield started


def take(page, name):
    """Take a picture, where they are asked for; of fewer colours where Pillow is there."""
    if PICTURES is None:
        return
    page.wait_for_timeout(1500)
    path = PICTURES / f"console-{name}.png"
    page.screenshot(path=path)
    with suppress(ImportError):
        from PIL import Image

        Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
            path, optimize=True
        )


def opened(page, key, title):
    """Open a panel, where it is not."""
    region = page.get_by_role("region", name=title, exact=True)
    if not region.count():
        page.locator(f".tab[aria-keyshortcuts={key}]").click()
    region.wait_for()


def row(page, group, k=0):
    opened(page, "w", "Work")
    page.get_by_role("region", name=group, exact=True).get_by_role("button").nth(k).click()
    page.get_by_role("complementary").wait_for()


def work(page):
    opened(page, "w", "Work")
    page.get_by_role("region", name="Alerts", exact=True).wait_for()


def alert(page):
    row(page, "Alerts")


def track(page):
    row(page, "Tracks that nobody declared")
    page.get_by_text("two engines, smoke").wait_for()


def held(page):
    row(page, "Held")


def traffic(page):
    opened(page, "t", "Traffic")
    page.get_by_label("Find").wait_for()


def constraint(page):
    opened(page, "c", "Constraint")
    page.get_by_label("Effect").select_option("limited")
    for lat, lon in (("46.2", "7.2"), ("46.2", "8.0"), ("46.6", "7.6")):
        page.get_by_role("button", name="Type one").click()
        page.get_by_label("Lat").last.fill(lat)
        page.get_by_label("Lon").last.fill(lon)


def plan(page):
    opened(page, "p", "Plan")
    page.get_by_role("button", name="Work out the plan").click()
    page.get_by_role("table").wait_for()


def record(page):
    opened(page, "r", "Record")
    page.locator(".stands").wait_for()


def statement(page):
    page.get_by_role("button", name="Enter a statement").click()
    page.get_by_label("How it hedges").wait_for()


def parties(page):
    opened(page, "y", "Parties")
    page.get_by_role("button", name="Form a coalition").click()
    page.locator(".panel").get_by_role("button", name="north").click()
    page.get_by_role("button", name="Suspend").wait_for()


def legend(page):
    opened(page, "l", "Legend")
    page.get_by_text("Marks", exact=True).wait_for()


def palette(page):
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find or do").fill("north")
    page.locator("[role=option]").first.wait_for()


def keys(page):
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keys").wait_for()


def refused(page):
    """A flight that crosses another's, whose name is nobody's business."""
    opened(page, "e", "File")
    page.get_by_label("Identifier").fill("MEDEVAC-1")
    page.get_by_label("Departs, UTC").fill(f"{now() + timedelta(hours=1):%Y-%m-%d %H:%M}")
    for k, (lat, lon) in enumerate((("47.3", "6"), ("47.3", "10")), 1):
        page.get_by_role("button", name="Add a row").click()
        page.get_by_label(f"Lat {k}").fill(lat)
        page.get_by_label(f"Lon {k}").fill(lon)
    page.get_by_label("Speed, kt").fill("394")
    page.get_by_label("Level 1").fill("410")
    page.get_by_role("button", name="File it").click()
    page.get_by_text("It is refused.").wait_for()
    assert FLIGHT not in page.content()


def adrift(page):
    opened(page, "o", "Off nominal")
    page.get_by_role("button", name="10 NM around").click()
    page.get_by_role("button", name="Add a volume").click()


def shown(page):
    """An own flight, beside the map."""
    opened(page, "t", "Traffic")
    page.locator(".panel").get_by_role("button", name=re.compile("NORTH-1 ")).click()
    page.get_by_role("button", name="End", exact=True).wait_for()


SCREENS = {
    "authority": (work, alert, track, held, traffic, constraint, plan, record, statement, parties,
                  legend, palette, keys),
    "party": (work, refused, adrift, shown),
}  # fmt: skip


@pytest.mark.parametrize("role", SCREENS)
def test_everybody_can_use_each_screen(service, visit, role):
    # a canvas is nothing to axe
    one = visit(size=WIDE, drawn=PICTURES is not None)
    page = one.sign_in(service.token(role, "tower" if role == "authority" else "north"))
    page.evaluate(AXE.read_text())
    found = []
    for screen in SCREENS[role]:
        screen(page)
        for size, theme, what in LOOKS:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.wait_for_function(
                "dark => (document.documentElement.dataset.theme === 'dark') === dark",
                arg=theme == "dark",
            )
            if size == NARROW and page.locator(".facts").count():
                # there it has the place of the panel
                close = page.get_by_role("button", name=re.compile("^Close .")).first
                if close.is_visible():
                    close.click()
            where = f"{role}, {screen.__name__}, {size[0]}, {theme}"
            faults = page.evaluate(LOOK, what)
            found += [f"{where}: {fault}" for fault in faults]
            if page.evaluate("document.documentElement.scrollWidth") > size[0]:
                found.append(f"{where}: wider than the page")
            if (size, theme) == (WIDE, "light"):
                take(page, f"{role}-{screen.__name__}")
            elif screen in (held, refused) and (size, theme) == (NARROW, "dark"):
                take(page, f"{role}-{screen.__name__}-phone")
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        page.keyboard.press("Escape")
    assert "\n".join(found) == ""
