import shutil

import pytest

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# not for the session: while it runs, no other test of its process can have an event loop
@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no Chromium is installed on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Write a page and open it; at the end nothing may have been asked for or complained of."""
    contexts, complaints = [], []

    def open_page(write, *, size=(1280, 800), theme="light"):
        path = tmp_path / "page.html"
        write(path)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            reduced_motion="reduce",
            offline=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                complaints.append(f"asked for {request.url}") if request.url != path.as_uri() else 0
            ),
        )
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=yes][data-drawn=whole]", timeout=15000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
