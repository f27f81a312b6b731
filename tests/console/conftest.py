"""A browser that draws in 3D, and a service whose page it opens."""

import shutil

import pytest

from detente.api.console import is_built
from tests.api.service import running_service

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DRAWING = [
    "--no-sandbox",
    # WebGL in software: there is no graphics card here
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NO_MAP = """addEventListener("DOMContentLoaded", () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".ground { display: none }");
    document.adoptedStyleSheets.push(sheet);
});"""


@pytest.fixture(scope="module")
def service():
    if not is_built():
        pytest.skip("the console is not built: make console")
    with running_service() as started:
        yield started


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no Chromium is installed on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=DRAWING)
        yield chromium
        chromium.close()


class Visit:
    """One user's page, all that it asked for, and all that it complained of.

    ``may_fail``: the network is cut in this test, which a browser complains of by itself.
    """

    def __init__(self, context, url):
        self.page = context.new_page()
        self.url = url
        self.asked = []
        self.complaints = []
        self.may_fail = False
        self.page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("console", self._note)

    def _note(self, message):
        if self.may_fail and "net::ERR_" in message.text:
            return
        # drawing in software, the browser says so
        if message.type == "error" or (
            message.type == "warning" and "GPU" not in message.text and "perf" not in message.text
        ):
            self.complaints.append(f"{message.type}: {message.text}")

    def sign_in(self, token):
        self.page.goto(f"{self.url}/console/#token={token}")
        self.page.get_by_role("status").filter(has_text="Live").wait_for(timeout=20_000)
        return self.page


@pytest.fixture
def visit(browser, service):
    """Open a page; at the end nobody else was asked, and nothing was complained of.

    ``drawn``: with the map, whose first frame takes 3 s of a processor that has to draw it itself,
    and each second more half of one. It is left out where nothing is looked at or clicked there.
    """
    contexts, visits = [], []

    def opened(*, size=(1280, 800), theme="light", url=service.url, drawn=False):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        if not drawn:
            context.add_init_script(NO_MAP)
        contexts.append(context)
        visits.append(Visit(context, url))
        return visits[-1]

    yield opened
    for context in contexts:
        context.close()
    for one in visits:
        elsewhere = [
            request.url
            for request in one.asked
            if not request.url.startswith((one.url, "data:", "blob:"))
        ]
        assert elsewhere == []
        assert one.complaints == []
