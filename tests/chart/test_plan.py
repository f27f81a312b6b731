"""The page of a plan: what is in it, and how it behaves in a real browser."""

import json
import re

import numpy as np
import pytest

from detente import Circle, Flights, InputError, Separation, Volume
from detente.chart import write_plan_chart
from detente.chart.plan import _planned
from detente.chart.traffic import Clock
from detente.resolve import Manoeuvres, resolve_conflicts

from .pictures import pixels, settle, unnamed
from .scenes import HOSTILE, NOON, crossing, flight
from .test_writing import unpack

MINUTE = 60_000
LATER = Manoeuvres(level_steps=(), offsets=())


def later():
    """EAST1, NORTH2 and the one with the hostile name, brought apart by delays alone."""
    flights, _ = crossing()
    return flights, resolve_conflicts(flights, manoeuvres=LATER, threads=1)


def stuck():
    """The same, where none may do anything."""
    flights, _ = crossing()
    return flights, resolve_conflicts(flights, manoeuvres=Manoeuvres.none(), threads=1)


def data(text, name):
    return json.loads(re.search(rf'id="data-{name}">(.*?)</script>', text)[1])


def write(scene, path, **options):
    flights, plan = scene
    write_plan_chart(flights, plan, path, **options)
    return path.read_text()


def test_a_page_holds_both_versions_of_each_moved_flight(tmp_path):
    flights, plan = later()
    text = write((flights, plan), tmp_path / "plan.html")
    planned = unpack(data(text, "planned"))
    filed = unpack(data(text, "flights")["packed"])
    assert len(filed["size"]) == 3
    assert planned["of"] == [flights.ids.index(change.flight) for change in plan.changes]
    assert 1 <= len(planned["of"]) < 3
    fixes = 21
    for row, change in enumerate(plan.changes):
        at, of = row * fixes, planned["of"][row] * fixes
        for k in range(fixes):
            assert planned["time"][at + k] - filed["time"][of + k] == change.delay * 1000
            assert planned["lat"][at + k] == filed["lat"][of + k]
    said = data(text, "changes")
    assert [row["words"] for row in said] == [
        f"{change.delay // 60} min later" for change in plan.changes
    ]
    assert [row["cost"] for row in said] == [change.cost for change in plan.changes]
    about = data(text, "about")
    assert (about["before"], about["after"]) == (plan.before.pairs, 0)
    assert plan.before.pairs > 0


def test_what_is_left_points_at_the_flights_as_planned(tmp_path):
    zone = Volume("ZONE", Circle(46.5, 8.9, 9000.0))
    flights, _ = crossing()
    # EAST1 may be delayed, but not around the zone.
    limits = {id: Manoeuvres.none() for id in flights.ids} | {"EAST1": LATER}
    plan = resolve_conflicts(flights, volumes=[zone], manoeuvres=limits, threads=1)
    assert "EAST1" in [change.flight for change in plan.changes]
    text = write((flights, plan), tmp_path / "plan.html", volumes=[zone])
    after = unpack(data(text, "after")["packed"])
    joined = [*flights.ids, *(change.flight for change in plan.changes)]
    rows = plan.remainder.table.to_pylist()
    assert [joined[i] for i in after["a"]] == [row["a"] for row in rows]
    own = [i for i, row in zip(after["a"], rows, strict=True) if row["a"] == "EAST1"]
    assert own == [3]
    assert data(text, "unsolved") == list(plan.unsolved)


def test_thinning_keeps_both_versions(tmp_path):
    flights, plan = later()
    far = [
        flight(f"FAR{i}", [(10 + i + 0.001 * k * (k % 3), k / 10) for k in range(200)])
        for i in range(30)
    ]
    many = Flights.from_trajectories([*flights, *far])
    plan = resolve_conflicts(many, manoeuvres=LATER, threads=1)
    text = write((many, plan), tmp_path / "plan.html", most_fixes=300)
    ids = data(text, "flights")["ids"]
    moved = [change.flight for change in plan.changes]
    assert len(ids) < len(many)
    assert [ids[i] for i in unpack(data(text, "planned"))["of"]] == moved
    assert "flights are not drawn" in text


def test_the_same_plan_gives_the_same_bytes_and_another_is_refused(tmp_path):
    flights, plan = later()
    first = write((flights, plan), tmp_path / "a.html")
    assert write((flights, plan), tmp_path / "b.html") == first
    with pytest.raises(InputError, match="other flights"):
        write_plan_chart(flights.take([0, 1]), plan, tmp_path / "c.html")
    assert not (tmp_path / "c.html").exists()


def test_planned_fixes_are_whole_numbers():
    one = Flights.from_trajectories([flight("A", [(46.5, 7), (46.5, 8)])])
    columns = unpack(_planned(one, np.array([4]), Clock.spanning(NOON, NOON + 10**12)))
    assert columns["of"] == [4]
    assert columns["lon"] == [700000, 800000]


@pytest.fixture
def show(opened):
    def open_page(scene, *, size=(1280, 800), theme="light", **options):
        return opened(lambda path: write(scene, path, **options), size=size, theme=theme)

    return open_page


def places(page):
    settle(page)
    return {craft["id"]: (craft["x"], craft["y"]) for craft in page.evaluate("detente.aircraft()")}


@pytest.mark.browser
def test_before_and_after(show):
    flights, plan = later()
    page = show((flights, plan), separation=Separation())
    pairs = plan.before.pairs
    assert page.inner_text("#found") == f"{pairs} → 0 pairs in conflict"
    assert "5\u00a0NM" in page.inner_text("#summary")
    assert "found no conflict" in page.inner_text("#checked")
    assert page.evaluate("detente.state()") == "plan"
    assert page.evaluate("detente.marks().length") == 0
    page.fill("#slider", str(8 * MINUTE))
    after, picture = places(page), pixels(page, "base")
    page.click("text=As filed >> nth=0")
    assert page.evaluate("detente.state()") == "filed"
    settle(page)
    assert page.evaluate("detente.marks().length") == len(plan.before)
    before = places(page)
    moved = {change.flight for change in plan.changes}
    assert set(before) == set(flights.ids)
    for id in flights.ids:
        if id in moved:
            # not yet gone, or not yet as far
            assert id not in after or after[id] != pytest.approx(before[id], abs=3)
        else:
            assert after[id] == pytest.approx(before[id])
    page.wait_for_selector("html[data-drawn=whole]")
    assert (pixels(page, "base") != picture).any()
    page.keyboard.press("f")
    assert page.evaluate("detente.state()") == "plan"
    assert page.locator("#show-plan").is_checked()


@pytest.mark.browser
def test_a_click_in_the_list_shows_what_changed_and_why(show):
    flights, plan = later()
    page = show((flights, plan))
    dearest = max(plan.changes, key=lambda change: change.cost)
    rows = page.locator("#list button")
    assert rows.count() == len(plan.changes)
    rows.nth(0).click()
    settle(page)
    assert page.evaluate("detente.chosen().kind") == "change"
    facts = page.inner_text("#facts-rows")
    assert f"{dearest.delay // 60} min later" in facts
    assert f"{dearest.cost}" in facts
    assert f"in conflict as filed with {len(dearest.reasons)} other" in facts
    assert page.locator("#facts .profile path").count() == 2
    worst = max((c for c in plan.before if dearest.flight in (c.a, c.b)), key=lambda c: c.severity)
    view = page.evaluate("detente.view()")
    assert (view["lat"], view["lon"]) == pytest.approx((worst.lat, worst.lon), abs=1e-3)
    assert page.evaluate("detente.time()") == pytest.approx((worst.closest - NOON) / 1e6, abs=1)
    page.keyboard.press("f")
    settle(page)
    assert page.evaluate("detente.chosen().kind") == "change"  # stays, in the other state
    page.keyboard.press("Escape")
    assert page.evaluate("detente.chosen()") is None
    page.keyboard.press("n")
    assert page.evaluate("detente.chosen()") == {
        "kind": "change",
        "of": plan.changes.index(dearest),
    }


@pytest.mark.browser
def test_charts_say_what_the_plan_says(show):
    flights, plan = later()
    page = show((flights, plan))
    counted = page.locator("#delays tbody tr td:nth-child(2)").all_text_contents()
    assert sum(map(int, counted)) == len(plan.changes)
    longest = max(change.delay for change in plan.changes) // 60
    assert f"longest {longest} min" in page.inner_text("#delays")
    assert page.locator("#delays rect").count() == longest
    rows = page.locator("#burden tr")
    said = {
        row.locator("button").inner_text(): row.locator("td:nth-child(3)").inner_text()
        for row in rows.all()
    }
    assert said == {one.party: str(one.cost) for one in plan.accounts if one.cost or one.share}
    assert sum(map(int, said.values())) == plan.cost
    assert f"{plan.fairness.jain:.2f}" in page.inner_text("#fairness")
    page.locator("#burden button").nth(0).click()
    assert page.input_value("#filter") == page.locator("#burden button").nth(0).inner_text()
    first = next(iter(said))
    own = [change for change in plan.changes if change.party == first]
    assert page.locator("#list button").count() == len(own)


@pytest.mark.browser
def test_what_is_left_is_shown_with_its_reason(show):
    flights, plan = stuck()
    page = show((flights, plan))
    assert page.inner_text("#found").startswith(f"{plan.before.pairs} → {plan.before.pairs} pair")
    assert "in conflict" in page.inner_text("#checked")
    assert page.inner_text("#nothing") == "No flight is moved."
    left = page.locator("#left-list button")
    assert left.count() == len(plan.remainder)
    assert "both flights are fixed" in left.nth(0).inner_text()
    left.nth(0).click()
    settle(page)
    assert page.evaluate("detente.chosen().kind") == "conflict"
    assert "both flights are fixed" in page.inner_text("#facts-rows")
    assert page.evaluate("detente.marks().length") == len(plan.remainder)


@pytest.mark.browser
def test_hostile_names_are_only_text_and_controls_have_names(show):
    page = show(later(), title=HOSTILE)
    for _ in range(2):
        page.keyboard.press("n")
        settle(page)
    page.keyboard.press("f")
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelectorAll('img, #list script').length") == 0
    assert unnamed(page) == []
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"live", "show-filed", "play", "slider", "filter", "others", "BUTTON"} <= reached


@pytest.mark.browser
@pytest.mark.parametrize(("size", "theme"), [((1280, 800), "dark"), ((390, 844), "light")])
def test_it_fits_the_screen(show, size, theme):
    page = show(later(), size=size, theme=theme)
    page.locator("#list button").nth(0).click()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for selector in ("#play", "#slider", "#zoom-in", ".states", "#facts"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
    # The charts and the list stay within the panel.
    panel = page.locator(".rest").bounding_box()
    for selector in ("#delays svg", ".burden", "#list"):
        box = page.locator(selector).bounding_box()
        assert box["x"] + box["width"] <= panel["x"] + panel["width"]
