r"""Take the pictures in docs/pictures from the pages that these leave under out/.

    make run
    .venv/bin/detente resolve data/switzerland-2018-08-01.parquet --party airline \
        --drop-outliers --map out/plan.html
    uv run --with pillow python scripts/take_pictures.py [NAME...]

Needs a Chromium on the PATH (Debian: apt-get install chromium). Each picture is 1280 x 800 and
has 256 colours at most, so that it stays small.
"""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
SIZE = (1280, 800)
LARGEST = 400_000
FLIGHT = "AFL2603"
"""The flight of that day whose conflict is shown: one in the middle of the map."""


REFUSED = "EWG1NY"
"""A flight of the party north that was refused, and took an alternative."""


def show_conflict(page: Page) -> None:
    """Select one conflict, far enough away to see where it lies."""
    page.fill("#filter", FLIGHT)
    page.click("#list button")
    page.fill("#filter", "")
    for _ in range(2):
        page.click("#zoom-out")


def show_change(page: Page) -> None:
    """Select the dearest change that leaves the route: both of its ways are to be seen."""
    page.fill("#filter", "km to the")
    page.click("#list button")
    page.fill("#filter", "")
    page.click("#zoom-out")
    page.eval_on_selector(".rest", "side => side.scrollTo(0, 0)")


def show_refusal(page: Page) -> None:
    """Select what was decided on one flight, on the authority's page as on its party's."""
    page.fill("#filter", REFUSED)
    page.click("#list button")
    page.click("#fit")


PICTURES: dict[str, Callable[[Page], None]] = {
    "conflicts": show_conflict,
    "plan": show_change,
    "authority": show_refusal,
    "north": show_refusal,
}


def take(browser: Browser, name: str) -> bytes:
    """Open a page, show what its picture is of, and take it in the light theme."""
    page = browser.new_page(
        viewport={"width": SIZE[0], "height": SIZE[1]},
        color_scheme="light",
        reduced_motion="reduce",
    )
    page.goto((ROOT / "out" / f"{name}.html").as_uri())
    page.wait_for_selector("html[data-ready=yes][data-drawn=whole]")
    PICTURES[name](page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    page.wait_for_selector("html[data-drawn=whole]")
    picture = page.screenshot()
    page.close()
    return picture


def main() -> int:
    """Take and shrink the pictures; say how large they are."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        print("no Chromium is installed: put one on the PATH", file=sys.stderr)
        return 2
    names = sys.argv[1:] or list(PICTURES)
    missing = [name for name in names if not (ROOT / "out" / f"{name}.html").exists()]
    if missing:
        print(
            f"out/{missing[0]}.html is missing: see the first lines of this file", file=sys.stderr
        )
        return 2
    sizes = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name in names:
            picture = Image.open(io.BytesIO(take(browser, name))).convert("RGB")
            # An octree keeps the few strong colours, which a median cut gives up for greys.
            picture = picture.quantize(
                256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
            )
            path = ROOT / "docs" / "pictures" / f"{name}.png"
            picture.save(path, optimize=True)
            sizes.append(path.stat().st_size)
            print(f"{path.relative_to(ROOT)}: {sizes[-1]:,} bytes")
        browser.close()
    return 0 if max(sizes) < LARGEST else 1


if __name__ == "__main__":
    sys.exit(main())
