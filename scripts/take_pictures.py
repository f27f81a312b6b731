"""Take the pictures in docs/pictures from the pages that `make run` leaves under out/.

    make run
    uv run --with pillow python scripts/take_pictures.py

Needs a Chromium on the PATH (Debian: apt-get install chromium). The picture is 1280 x 800 and
has 256 colours at most, so that it stays small.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "out" / "conflicts.html"
PICTURE = ROOT / "docs" / "pictures" / "conflicts.png"
SIZE = (1280, 800)
LARGEST = 400_000
FLIGHT = "AFL2603"
"""The flight of that day whose conflict is shown: one in the middle of the map."""


def take(browser_path: str) -> bytes:
    """Open the page, select one conflict, and take its picture in the light theme."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(
            viewport={"width": SIZE[0], "height": SIZE[1]},
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.goto(PAGE.as_uri())
        page.wait_for_selector("html[data-ready=yes][data-drawn=whole]")
        page.fill("#filter", FLIGHT)
        page.click("#list button")
        page.fill("#filter", "")
        # From the conflict, far enough to see where it lies.
        for _ in range(2):
            page.click("#zoom-out")
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        page.wait_for_selector("html[data-drawn=whole]")
        picture = page.screenshot()
        browser.close()
        return picture


def main() -> int:
    """Take and shrink the picture; say how large it is."""
    browser = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if browser is None:
        print("no Chromium is installed: put one on the PATH", file=sys.stderr)
        return 2
    if not PAGE.exists():
        print(f"{PAGE.relative_to(ROOT)} is missing: make run", file=sys.stderr)
        return 2
    picture = Image.open(io.BytesIO(take(browser))).convert("RGB")
    # An octree keeps the few strong colours, which a median cut gives up for greys.
    picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(PICTURE, optimize=True)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes")
    return 0 if size < LARGEST else 1


if __name__ == "__main__":
    sys.exit(main())
