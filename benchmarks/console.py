"""The console in a browser: ten thousand tracks and two thousand intents, on the page's own clock.

Chromium without a window draws in software. The tracks come as the watch sends them, each told
anew every ten seconds.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from tests.api.service import Service, running_service
from tests.console.conftest import BROWSER, DRAWING

import detente
from benchmarks.filings import CHARTER, PARTIES
from benchmarks.result import Result, write
from detente.api.console import is_built
from detente.api.watch import Observation
from detente.authority import Path4D
from detente.authority.command import File, Found, RegisterParty
from detente.earth import GEOD
from detente.ledger.desk import Desk
from detente.watch.track import Conformance, Fix, Track

__all__ = ["run"]

F8 = NDArray[np.float64]

_EVERY: Final = 10
"""Seconds after which the watch tells a track again in which nothing changed."""
_SPEED: Final = 230.0
_FRAME, _PAINT, _BUNDLE = 8.0, 2_000.0, 1_500_000
_KINDS: Final = (*Conformance,)
_SHARES: Final = (0.02, 0.88, 0.05, 0.05)

# All callbacks of a frame have the same time; what they take together is its work.
_METER: Final = """
globalThis.frames = [];
const ask = requestAnimationFrame.bind(globalThis);
globalThis.requestAnimationFrame = (call) => ask((at) => {
  const begun = performance.now();
  try { call(at); } finally {
    const took = performance.now() - begun;
    const last = frames.at(-1);
    if (last && last[0] === at) last[1] += took;
    else frames.push([at, took]);
  }
});
document.addEventListener("mapview", (event) => { globalThis.view = event.detail; });
"""


class Sky:
    """Straight flights over Europe, and what the watch says of them.

    Parameters
    ----------
    count : how many fly.
    """

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(1)
        self._begun = datetime.now(UTC)
        self._lat, self._lon = rng.uniform(38, 58, count), rng.uniform(-8, 28, count)
        self._course = rng.uniform(0, 360, count)
        self._level = 1000.0 * rng.integers(29, 42, count)
        self._kind = rng.choice(len(_KINDS), count, p=_SHARES)

    def observation(self, part: int, parts: int) -> bytes:
        """Give every so-manieth track, where it is now."""
        now = datetime.now(UTC)
        some = slice(part, None, parts)
        flown = np.full(len(self._lat[some]), _SPEED * (now - self._begun).total_seconds())
        lon, lat, back = GEOD.fwd(self._lon[some], self._lat[some], self._course[some], flown)
        names = range(part, len(self._lat), parts)
        rows = zip(names, lat.tolist(), lon.tolist(), (back + 180.0).tolist(), strict=True)
        tracks = tuple(
            Track(
                f"t-{k}", _KINDS[self._kind[k]], self._begun,
                Fix(now, y, x, float(self._level[k]), None, 50.0),
                speed=_SPEED, course=course % 360.0, climb=0.0, address=f"{k:06x}",
                callsign=f"FLT{k}", squawk="1000", sources=("asterix-1",), synthetic=True,
            )
            for k, y, x, course in rows
        )  # fmt: skip
        return msgspec.json.encode(Observation(tracks=tracks))


def intents(count: int, now: datetime) -> list[File]:
    """Give flights of eight fixes over Europe, all in the air now."""
    rng = np.random.default_rng(3)
    filings = []
    for k in range(count):
        course = rng.uniform(0, 360) + np.cumsum(rng.normal(0.0, 12.0, 7))
        lon, lat = [rng.uniform(-8, 28)], [rng.uniform(38, 58)]
        for each in course.tolist():
            x, y, _ = GEOD.fwd(lon[-1], lat[-1], each, _SPEED * 900.0)
            lon.append(x)
            lat.append(y)
        path = Path4D(
            start=now - timedelta(seconds=int(rng.integers(60, 3_600))),
            seconds=tuple(900.0 * step for step in range(8)), lat=tuple(lat), lon=tuple(lon),
            alt=(25_000.0 + 8.0 * k,) * 8,
        )  # fmt: skip
        at = now - timedelta(hours=2)
        filings.append(File(at=at, by=PARTIES[k % 4], key=f"{k}", intent=f"{k}", extent=path))
    return filings


class Watch:
    """Posts what is seen: all at once, then a part of it each second until it is stopped."""

    def __init__(self, service: Service, sky: Sky) -> None:
        self._client = service.client("authority", "tower")
        self._sky = sky
        self._sent = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go)
        for part in range(_EVERY):
            self._post(part)

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()
        self._client.close()

    def _go(self) -> None:
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            self._post(self._sent % _EVERY)
            due += 1.0

    def _post(self, part: int) -> None:
        self._sent += 1
        headers = {"Idempotency-Key": f"seen-{self._sent}", "Content-Type": "application/json"}
        body = self._sky.observation(part, _EVERY)
        self._client.post("/v1/watch", content=body, headers=headers).raise_for_status()


@contextmanager
def airspace(flights: int) -> Iterator[Service]:
    """Run a service in whose airspace so many intents are in the air."""
    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        at = now - timedelta(hours=3)
        with Desk.open(Path(folder) / "airspace.ledger", create=True) as desk:
            desk.submit(Found(at=at, key="charter", charter=CHARTER))
            for party in PARTIES:
                desk.submit(RegisterParty(at=at, key=party, party=party, highest="state"))
            desk.submit_all(intents(flights, now))
            states = [intent.state for intent in desk.state.intents.values()]
        if len(states) != flights or set(states) != {"accepted"}:
            raise AssertionError(np.unique(states, return_counts=True))
        with running_service(folder, options=["--port", "0"]) as service:
            yield service


def opened(browser: Browser, service: Service) -> tuple[Page, float]:
    """Open the page anew, signed in; give it when it is live, and in how many ms it was."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(_METER)
    begun = time.perf_counter()
    page.goto(f"{service.url}/console/#token={service.token('authority', 'tower')}")
    page.get_by_role("status").filter(has_text="Live").wait_for(timeout=120_000)
    return page, 1e3 * (time.perf_counter() - begun)


def paints(browser: Browser, service: Service, times: int) -> list[Result]:
    """Measure the first paint, each time by a browser that has nothing of it yet."""
    painted, live = [], []
    for _ in range(times):
        page, taken = opened(browser, service)
        painted.append(
            page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        )
        live.append(taken)
        page.context.close()
    middle = float(np.median(painted))
    return [
        Result(
            f"the first paint, of a local server: median of {times}",
            f"{middle:.0f} ms", "≤ 2 s", middle <= _PAINT,
            f"first-contentful-paint, nothing cached; the longest {max(painted):.0f} ms",
        ),
        Result("until all of it is read, and live: median", f"{np.median(live) / 1e3:.1f} s"),
    ]  # fmt: skip


def frames(page: Page, least: int, seconds: float) -> tuple[F8, float, float]:
    """Let the page draw so many frames, and for so long.

    Returns
    -------
    the script's ms in each frame; all script's ms in a second; how long it was, in seconds.
    """
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    before, begun = _script(devtools), time.perf_counter()
    page.evaluate("void (frames.length = 0)")
    page.wait_for_timeout(1e3 * seconds)
    while page.evaluate("frames.length") < least:
        page.wait_for_timeout(1_000)
    lasted = time.perf_counter() - begun
    script = _script(devtools) - before
    work = np.array(page.evaluate("frames"))[:, 1]
    devtools.detach()
    return work, 1e3 * script / lasted, lasted


def _script(devtools: CDPSession) -> float:
    told: dict[str, Any] = devtools.send("Performance.getMetrics")
    return next(row["value"] for row in told["metrics"] if row["name"] == "ScriptDuration")


def drawing(page: Page, tracks: int, flights: int, quick: bool) -> list[Result]:
    """Measure frames in which everything is drawn anew, and those in which it need not be."""
    for _ in range(60):
        marks = page.evaluate("view.scene.aircraft.length")
        if marks == tracks + flights:
            break
        page.wait_for_timeout(500)
    else:
        raise AssertionError(f"{marks} marks")
    least, seconds = (20, 2.0) if quick else (100, 20.0)
    page.evaluate("void (view.restless = true)")
    page.wait_for_timeout(3_000)
    busy, _, lasted = frames(page, least, seconds)
    page.evaluate("void (view.restless = false)")
    calm, script, whole = frames(page, 1, seconds)
    middle, high = np.percentile(busy, [50, 99])
    return [
        Result(
            f"{tracks:,} moving tracks and {flights:,} intents, every frame drawn: "
            "the script's work for a frame, median",
            f"{middle:.1f} ms", "≤ 8 ms", bool(middle <= _FRAME),
            f"99th percentile {high:.1f} ms, longest {busy.max():.1f} ms; {len(busy):,} frames "
            f"in {lasted:.0f} s, all their callbacks: the map's, its ground's, the panels'; "
            "the rest of the time the processor draws",
        ),
        Result(
            "the same, drawn when a mark moved by a third of a pixel: median, 99th percentile",
            f"{np.median(calm):.1f} ms, {np.percentile(calm, 99):.1f} ms",
            note=f"{len(calm):,} frames in {whole:.0f} s; all script of the page, with what "
            f"takes up {tracks // _EVERY:,} tracks each second, {script:.0f} ms a second",
        ),
    ]  # fmt: skip


def bundle(asked: list[str]) -> list[Result]:
    """Weigh what the page loaded, compressed; the map's data apart."""
    folder = Path(detente.__file__).parent / "console"
    sizes = {
        name: (folder / f"{name}.br").stat().st_size
        for name in {url.partition("/console/")[2] or "index.html" for url in asked}
        if (folder / f"{name}.br").exists()
    }
    ground = {name: size for name, size in sizes.items() if name.endswith(".json")}
    code = sum(sizes.values()) - sum(ground.values())
    if not ground or code < 100_000:
        raise AssertionError(sizes)
    return [
        Result(
            "the bundle, compressed, without the map's data",
            f"{code / 1e6:.2f} MB", "≤ 1.5 MB", code <= _BUNDLE,
            f"{len(sizes) - len(ground)} files as the page loads them; the map's data besides, "
            f"from afar, {sum(ground.values()) / 1e6:.2f} MB",
        )
    ]  # fmt: skip


def run(quick: bool) -> list[Result]:
    """Measure one page of an authority's."""
    if BROWSER is None or not is_built():
        missing = "Chromium is not installed" if BROWSER is None else "not built: make console"
        return [Result("the console", "not measured", note=missing)]
    tracks, flights = (1_000, 200) if quick else (10_000, 2_000)
    with airspace(flights) as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=DRAWING)
        with Watch(service, Sky(tracks)):
            painted = paints(browser, service, 2 if quick else 5)
            page, _ = opened(browser, service)
            drawn = drawing(page, tracks, flights, quick)
            asked = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        browser.close()
    return [*drawn, *painted, *bundle([*asked, "/console/"])]


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
