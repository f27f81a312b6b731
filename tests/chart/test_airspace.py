"""The page of what is known: what is in it, and how it behaves in a real browser."""

import itertools
import json
import re
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from detente import Altitude, Circle, Constraint, Flights, InputError, Polygon, Separation, Volume
from detente.airspace import occupied_volumes
from detente.chart import STATES, DecisionRow, write_airspace_chart

from .pictures import pixels, settle, unnamed
from .scenes import HOSTILE, NOON, crossing, flight

SECOND = 1_000_000_000
ZONE = Constraint(
    "FIRE",
    (Volume("FIRE", Circle(46.2, 8.6, 9000.0), None, Altitude(14_000.0)),),
    "closed",
    "smoke",
)


def everything():
    """What an authority knows of three flights, an intent that is volumes, and a constraint."""
    flights, _ = crossing()
    square = Polygon(((46.7, 7.2), (46.9, 7.2), (46.9, 7.5), (46.7, 7.5)))
    survey = Volume("SURVEY", square, start=NOON, end=NOON + 1200 * SECOND, party="Green")
    return {
        "flights": flights,
        "states": {
            "EAST1": "activated",
            "NORTH2": "held",
            HOSTILE: "refused",
            "SURVEY": "accepted",
        },
        "volumes": [survey],
        "constraints": [ZONE],
        "decisions": [
            DecisionRow(NOON - 600 * SECOND, "EAST1", "accepted", "as filed"),
            DecisionRow(NOON - 86_400 * SECOND, "SURVEY", "accepted", "10 min later"),
            DecisionRow(NOON - 300 * SECOND, "NORTH2", "held", "FIRE was published"),
            DecisionRow(NOON - 200 * SECOND, HOSTILE, HOSTILE, HOSTILE),
        ],
        "note": "Ledger position 17.",
    }


def of_blue():
    """What Blue knows: its own flight, the constraint, and what Green's flight occupies."""
    flights, _ = crossing()
    shared = [
        replace(volume, id="k1", party="") for volume in occupied_volumes(flights[1], Separation())
    ]
    return {
        "flights": flights.take([0]),
        "states": everything()["states"],
        "constraints": [ZONE],
        "shared": shared,
        "decisions": everything()["decisions"][:1],
    }


def write(path, title="Known", **given):
    write_airspace_chart(path, title, **given)
    return path.read_text()


def data(text, name):
    return json.loads(re.search(rf'id="data-{name}">(.*?)</script>', text)[1])


def test_a_page_shows_what_is_given_and_nothing_else(tmp_path):
    text = write(tmp_path / "blue.html", **of_blue())
    assert data(text, "flights")["ids"] == ["EAST1"]
    assert data(text, "states") == [STATES.index("activated")]
    for other in ("NORTH2", "SURVEY", "Green", "Red"):
        assert other not in text
    rows = data(text, "volumes")
    assert {(row["id"], row["role"]) for row in rows} == {("FIRE", "constraint"), ("k1", "shared")}
    assert [row[1:] for row in data(text, "decisions")] == [["EAST1", "accepted", "as filed"]]
    assert sum(data(text, "about")["counts"]) == 1
    assert write(tmp_path / "again.html", **of_blue()) == text


def test_the_authority_sees_all_of_it(tmp_path):
    text = write(tmp_path / "all.html", **everything())
    about = data(text, "about")
    counts = dict(zip(about["states"], about["counts"], strict=True))
    assert {state: n for state, n in counts.items() if n} == {
        "activated": 1, "held": 1, "refused": 1, "accepted": 1,
    }  # fmt: skip
    (survey,) = [row for row in data(text, "volumes") if row["role"] == "intent"]
    assert (survey["id"], STATES[survey["state"]]) == ("SURVEY", "accepted")
    times = [row[0] for row in data(text, "decisions")]
    assert times == sorted(times)
    assert min(times) == -86_400_000


def test_a_flight_that_is_out_of_the_ordinary_is_never_left_out(tmp_path):
    many = [
        flight(f"F{i}", [(40 + i / 10, 0.1 * k + 0.001 * (k % 3)) for k in range(100)])
        for i in range(60)
    ]
    states = {one.id: "accepted" for one in many} | {"F7": "nonconforming", "F41": "held"}
    flights = Flights.from_trajectories(many)
    text = write(tmp_path / "few.html", flights=flights, states=states, most_fixes=40)
    ids = data(text, "flights")["ids"]
    assert len(ids) < 30
    assert {"F7", "F41"} <= set(ids)
    assert len(data(text, "states")) == len(ids)
    assert sum(data(text, "about")["counts"]) == 60
    assert "flights are not drawn" in text


@pytest.mark.parametrize("state", [None, "lost"])
def test_an_intent_with_no_known_state_is_refused(tmp_path, state):
    given = everything()
    given["states"] = {**given["states"], "SURVEY": state}
    if state is None:
        del given["states"]["SURVEY"]
    with pytest.raises(InputError, match="SURVEY"):
        write(tmp_path / "page.html", **given)
    with pytest.raises(InputError, match="nothing to draw"):
        write(tmp_path / "page.html", flights=None, states={})
    assert not (tmp_path / "page.html").exists()


def test_every_state_has_a_look():
    source = files("detente.chart").joinpath("page", "states.js").read_text()
    looks = source[source.index("const LOOKS") : source.index("const SAID")]
    assert set(re.findall(r"^  (\w+): \{", looks, re.M)) == set(STATES)


@pytest.fixture
def show(opened):
    def open_page(given, *, size=(1280, 800), theme="light", title="Known"):
        return opened(lambda path: write(path, title, **given), size=size, theme=theme)

    return open_page


def colours(page, canvas="live"):
    """The colours that are drawn without a shade of another, as #rrggbb, with how many pixels."""
    flat = pixels(page, canvas).reshape(-1, 4)
    shades, count = np.unique(flat[flat[:, 3] == 255][:, :3], axis=0, return_counts=True)
    return {
        "#" + bytes(shade).hex(): int(n) for shade, n in zip(shades.tolist(), count, strict=True)
    }


@pytest.mark.browser
def test_colours_say_the_party_or_the_state(show):
    page = show(everything())
    page.fill("#slider", "500000")
    settle(page)
    assert page.inner_text("#found") == "4 intents"
    assert "1 held" in page.inner_text("#summary")
    assert page.inner_text("#note") == "Ledger position 17."
    assert page.evaluate("detente.colours()") == "party"
    blue, orange, green, vermilion = "#0072b2", "#d08a00", "#00855f", "#c8400a"
    by_party = colours(page)
    page.keyboard.press("f")
    settle(page)
    assert page.evaluate("detente.colours()") == "state"
    by_state = colours(page)
    # Held is orange and refused vermilion; no party has the colour of what is refused.
    assert vermilion in by_state
    assert vermilion not in by_party
    assert {green, orange} <= set(by_state)
    assert blue in by_party
    page.click("text=By party")
    settle(page)
    assert colours(page) == by_party


def dashes(strip):
    """How a line across a strip of (height, width, 4) is drawn: its runs, share and pixels."""
    far = np.abs(strip[..., :3].astype(int) - np.median(strip[..., :3], axis=(0, 1))).max(axis=2)
    ink = far / far.max()
    on = ink.max(axis=0) > 0.5
    return np.count_nonzero(np.diff(on.astype(int)) == 1), on.mean(), ink.sum(axis=0)[on].mean()


def unlike(mark, other):
    """The share of two marks that is in one of them only, where they lie best on each other."""
    shifts = itertools.product((-1, 0, 1), repeat=2)
    return min((mark ^ np.roll(other, by, (0, 1))).sum() for by in shifts) / (mark | other).sum()


@pytest.mark.browser
def test_states_differ_without_colour(show):
    # over the open sea, along the equator: level lines on one ground
    flights = [
        flight(state, [(0.3 * i - 1, 0.02 * k - 31) for k in range(121)], every=10, party="One")
        for i, state in enumerate(STATES)
    ]
    flights.append(flight("other", [(-1.3, -31), (-1.3, -30)], every=1200, party="Two"))
    states = {state: state for state in STATES} | {"other": "accepted"}
    page = show({"flights": Flights.from_trajectories(flights), "states": states})
    page.fill("#slider", "300000")
    settle(page)
    assert page.evaluate("detente.colours()") == "party"
    live, base = pixels(page, "live"), pixels(page, "base")
    marks, ways = {}, {}
    for craft in page.evaluate("detente.aircraft()"):
        if craft["id"] == "other":
            continue
        x, y = round(craft["x"]), round(craft["y"])
        own = np.abs(live[y - 16 : y + 17, x - 16 : x + 17].astype(int) - (0, 0x72, 0xB2, 255))
        marks[craft["id"]] = own.max(axis=2) < 60
        ways[craft["id"]] = dashes(base[y - 5 : y + 6, x + 30 : x + 210])
    assert set(marks) == set(STATES)
    for a, b in itertools.combinations(STATES, 2):
        assert unlike(marks[a], marks[b]) > 0.2, (a, b)
        (runs, share, wide), (other_runs, other_share, other_wide) = ways[a], ways[b]
        assert (
            abs(runs - other_runs) > 2
            or abs(share - other_share) > 0.15
            or abs(wide - other_wide) > 0.5
        ), (a, b, ways[a], ways[b])


@pytest.mark.browser
def test_what_is_shared_is_hatched_while_it_holds(show):
    page = show(of_blue())
    assert page.locator("#colours").is_hidden()  # one party: nothing to choose
    assert page.locator("#parties-part").is_hidden()
    page.evaluate("detente.look(8.0, 46.5, 60000)")
    page.fill("#slider", "600000")
    settle(page)
    held = page.evaluate("detente.holding()")
    assert {row["role"] for row in held} == {"constraint", "shared"}
    box = page.locator("#live").bounding_box()
    # Where Green's flight is, away from Blue's: lines across, with nothing between them.
    x, y = int(box["width"] / 2), int(box["height"] / 2) + 80
    alpha = pixels(page, "live")[y, x - 30 : x + 30, 3]
    stripes = np.count_nonzero(np.diff((alpha > 40).astype(int)) == 1)
    assert 5 <= stripes <= 12
    page.click("#roles >> text=shared volumes")
    settle(page)
    assert {row["role"] for row in page.evaluate("detente.holding()")} == {"constraint"}
    assert not pixels(page, "live")[y, x - 30 : x + 30, 3].any()


@pytest.mark.browser
def test_the_legend_hides_and_shows(show):
    page = show(everything())
    page.fill("#slider", "500000")
    settle(page)
    assert {a["id"] for a in page.evaluate("detente.aircraft()")} == {"EAST1", "NORTH2", HOSTILE}
    page.click("#states >> text=held")
    page.click("#parties >> text=Blue")
    settle(page)
    assert [a["id"] for a in page.evaluate("detente.aircraft()")] == [HOSTILE]
    page.click("#parties >> text=Green")
    settle(page)
    assert [row["id"] for row in page.evaluate("detente.holding()")] == ["FIRE"]
    for name in ("#states >> text=held", "#parties >> text=Blue", "#parties >> text=Green"):
        page.click(name)
    settle(page)
    assert len(page.evaluate("detente.aircraft()")) == 3


@pytest.mark.browser
def test_a_decision_leads_to_its_intent(show):
    page = show(everything())
    rows = page.locator("#list button")
    assert rows.count() == 4
    assert rows.nth(3).locator(".moment").inner_text() == "07-31 12:00:00"
    assert rows.nth(1).inner_text().split("\n") == [
        "11:55:00",
        "NORTH2",
        "held",
        "FIRE was published",
    ]
    page.fill("#slider", "0")
    rows.nth(3).click()
    settle(page)
    assert page.evaluate("detente.chosen().kind") == "volume"
    assert page.inner_text("#facts-title") == "SURVEY"
    assert "10 min later" in page.inner_text("#facts-rows")
    page.fill("#filter", "held")
    assert rows.count() == 1
    page.locator("#live").focus()
    page.keyboard.press("n")
    settle(page)
    assert page.evaluate("detente.chosen()") == {"kind": "flight", "of": 1}
    assert "held: FIRE was published" in page.inner_text("#facts-rows")
    craft = next(a for a in page.evaluate("detente.aircraft()") if a["id"] == "NORTH2")
    box = page.locator("#live").bounding_box()
    assert (craft["x"], craft["y"]) == pytest.approx((box["width"] / 2, box["height"] / 2), abs=2)


@pytest.mark.browser
def test_decisions_alone_are_a_page(show):
    page = show({"flights": None, "states": {}, "decisions": everything()["decisions"][:1]})
    assert page.inner_text("#found") == "No intent"
    page.locator("#list button").click()
    assert page.evaluate("detente.chosen()") is None
    assert page.inner_text("#said") == "EAST1 is not on the map"


@pytest.mark.browser
def test_hostile_names_are_only_text_and_controls_have_names(show):
    page = show(everything() | {"note": HOSTILE}, title=HOSTILE)
    for _ in range(4):
        page.keyboard.press("n")
        settle(page)
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelectorAll('img, #list script').length") == 0
    assert unnamed(page) == []


@pytest.mark.browser
@pytest.mark.parametrize(("size", "theme"), [((1280, 800), "dark"), ((390, 844), "light")])
def test_it_fits_the_screen(show, size, theme):
    given = everything()
    states = given["states"] | {f"X{i}": state for i, state in enumerate(STATES)}
    more = [flight(f"X{i}", [(46, 7 + i / 10), (47, 8)], every=900) for i in range(len(STATES))]
    given |= {"states": states, "flights": Flights.from_trajectories([*given["flights"], *more])}
    page = show(given, size=size, theme=theme)
    page.locator("#list button").nth(1).click()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    panel = page.locator(".rest").bounding_box()
    for selector in ("#states button", "#parties button", "#roles button", "#list button"):
        for box in (row.bounding_box() for row in page.locator(selector).all()):
            assert box["x"] >= panel["x"]
            assert box["x"] + box["width"] <= panel["x"] + panel["width"]
    cut = "(rows) => rows.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"
    assert page.eval_on_selector_all("#states .name", cut) == []
    for selector in ("#play", "#slider", "#zoom-in", "#colours", "#facts"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
