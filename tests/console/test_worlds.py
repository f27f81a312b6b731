"""Of two worlds that differ only in another's flights, a party's browser receives the same."""

import re
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from detente.api.console import is_built
from detente.authority import Charter, Volume4D
from detente.authority import command as c
from detente.authority.disclosure import constraints_for
from detente.record.statement import Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Fix, Track
from tests.api.stage import Outside
from tests.console.conftest import NO_MAP, Visit
from tests.console.proxy import Proxy
from tests.console.scene import flight

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning"),
]

ACROSS = ((47.3, 6.0), (47.3, 10.0))
ELSEWHERE = ((44.0, 6.0), (44.0, 10.0))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    if not is_built():
        pytest.skip("the console is not built: make console")
    with closing(Outside(tmp_path_factory.mktemp("worlds"), int(time.time()), 10_000)) as stage:
        yield stage


def world(stage, which):
    """Let the same be asked by A in both; in the second the other is busier, and seen."""
    desk = stage.begin()
    now = datetime.fromtimestamp(stage.seconds, UTC)
    count = iter(range(1000))

    def say(kind, **what):
        # long enough ago that whoever looks back finds it
        at = now - timedelta(hours=1)
        return desk.submit(kind(at=at, key=f"k{next(count)}", **what))

    say(c.Found, charter=Charter())
    for party in ("north", "cinder"):
        say(c.RegisterParty, party=party, highest="state")
    # it may join one; who else may, and what others there are, is not its affair
    say(c.FormCoalition, coalition="open", invited=("north", "cinder")[: 1 + which])
    if which:
        say(c.FormCoalition, coalition="cinder-pact", invited=("cinder",))
        say(c.Join, by="cinder", coalition="cinder-pact")
        say(c.RegisterParty, party="cinder-ash", highest="state")
    hour = now + timedelta(hours=1)
    # what stands in A's way lies in the same place; what it is called and what else there is do not
    say(
        c.File,
        by="cinder",
        intent=("cinder-1", "cinder-deepest")[which],
        precedence=("", "scheduled")[which],
        extent=flight(hour, ACROSS, level=35_000.0),
    )
    if which:
        for k in range(12):
            say(
                c.File,
                by="cinder",
                intent=f"cinder-raid-{k}",
                extent=flight(hour + timedelta(minutes=3 * k), ELSEWHERE),
            )
        say(
            c.Observe, tracks=(Track("stranger", Conformance.UNDECLARED, now, Fix(now, 47.0, 8.0)),)
        )
        say(
            c.EnterStatement,
            by="cinder",
            statement=Statement(
                "hearsay",
                Subject(SubjectKind.INTENT, "cinder/cinder-raid-1"),
                Speaker("cinder"),
                Position.DECLARES,
            ),
        )
    say(c.File, by="north", intent="NORTH-1", extent=flight(hour, ACROSS, level=39_000.0))
    return hour


def received(browser, stage, which):
    """Do what a party does, and give all that its browser was sent by then."""
    hour = world(stage, which)
    context = browser.new_context(viewport={"width": 1000, "height": 480}, reduced_motion="reduce")
    context.add_init_script(NO_MAP)
    with Proxy(f"http://127.0.0.1:{stage.config.port}") as proxy:
        one = Visit(context, proxy.url)
        page = one.sign_in(stage.token("party", "north"))
        page.keyboard.press("e")
        page.get_by_label("Identifier").fill("NORTH-2")
        page.get_by_label("Departs, UTC").fill(f"{hour:%Y-%m-%d %H:%M:%S}")
        for k, (lat, lon) in enumerate(ACROSS, 1):
            page.get_by_role("button", name="Add a row").click()
            page.get_by_label(f"Lat {k}").fill(str(lat))
            page.get_by_label(f"Lon {k}").fill(str(lon))
        page.get_by_label("UTC 2").fill(f"{hour + timedelta(minutes=25):%H:%M:%S}")
        page.get_by_label("Level 1").fill("350")
        page.get_by_role("button", name="File it").click()
        answer = page.get_by_role("region", name="What became of it")
        answer.get_by_text("It is refused.").wait_for()
        answer.get_by_role("button", name=re.compile("^Take ")).first.click()
        answer.get_by_text("It is accepted").wait_for()
        # what was known a little earlier is asked for too
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Traffic").click()
        for _ in range(6):
            page.keyboard.press("[")
        page.get_by_text("30 min ago, as known then").wait_for()
        page.locator(".panel").get_by_text("NORTH-1", exact=True).wait_for()
        page.get_by_role("button", name="Now", exact=True).click()
        text = page.locator(".panel").inner_text()
        page.get_by_role("button", name="Record").click()
        page.get_by_text("No event is on record.").wait_for()
        page.keyboard.press("y")
        page.get_by_role("button", name="open you may join").click()
        page.get_by_role("button", name="Join", exact=True).click()
        page.get_by_role("button", name="open you share nothing").wait_for()
        page.get_by_text("north (you)").wait_for()
        text += "".join(page.locator(".panel, .facts").all_inner_texts())
        page.goto("about:blank")
        context.close()
        assert one.complaints == []
        exchanges = {exchange for talk in proxy.talks for exchange in exchanges_of(talk)}
    # the page's own files are the same for all; one may be on its way when the page is left
    return {one for one in exchanges if not one[0].startswith(b"GET /console/")}, text


def exchanges_of(talk):
    """Give what was asked and answered on a connection, but for dates and what is drawn by lot."""
    turns = []
    for answers, piece in talk:
        if not answers and (not turns or turns[-1][1]):
            turns.append([b"", b""])
        turns[-1][answers] += piece
    for asked, answer in turns:
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"chunked" in head.lower():
            body = b"".join(chunks(body))
        head = re.sub(rb"(?im)^(date|x-request-id):.*\r\n", b"", head + b"\r\n")
        # which second of the past is looked at follows from when the page does
        line = re.sub(rb"\?at=\S+", b"?at=then", asked.split(b"\r\n")[0])
        body = re.sub(rb'^\{"at":"[^"]+"', b'{"at":"then"', body)
        yield line, head, re.sub(rb"(?m)^retry: \d+$", b"retry", body)


def chunks(body):
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        yield rest[:length]
        body = rest[length + 2 :]


def test_a_party_receives_the_same(browser, stage):
    one, text = received(browser, stage, 0)
    other, other_text = received(browser, stage, 1)
    asked = {line.split()[1].partition(b"?")[0] for line, _, _ in one}
    own = {b"/v1/intents", b"/v1/events", b"/v1/intents/NORTH-2", b"/v1/charter"}
    own |= {b"/v1/memberships", b"/v1/shared", b"/v1/coalitions/open/membership"}
    assert own <= asked
    assert any(b"/v1/past" in line and b"NORTH-1" in body for line, _, body in one)
    assert any(b"text/event-stream" in head and b"NORTH-2" in body for _, head, body in one)
    assert one == other
    assert text == other_text
    assert not any(b"cinder" in body for _, _, body in one)


def test_what_leaks_would_show(browser, stage, monkeypatch):
    """The comparison is worth something: were another's flights counted for it, it would see."""
    plain = constraints_for

    def leaking(state, party):
        others = sum(intent.party != party for intent in state.intents.values())
        return [replace(x, reason=f"{others} flights") for x in plain(state, party)]

    monkeypatch.setattr("detente.api.constraints.constraints_for", leaking)
    sent = []
    for which in (0, 1):
        hour = world(stage, which)
        fire = Volume4D(centre=(40.0, 8.0), radius=10_000.0)
        stage.desks.desk.submit(
            c.PublishConstraint(
                at=hour - timedelta(hours=1), key="closed", constraint="fire-1", volumes=(fire,)
            )
        )
        context = browser.new_context(viewport={"width": 600, "height": 500})
        context.add_init_script(NO_MAP)
        with Proxy(f"http://127.0.0.1:{stage.config.port}") as proxy:
            one = Visit(context, proxy.url)
            with one.page.expect_response(lambda answer: "/v1/constraints" in answer.url) as found:
                one.sign_in(stage.token("party", "north"))
            found.value.finished()
            context.close()
            exchanges = {x for talk in proxy.talks for x in exchanges_of(talk)}
            sent.append({x for x in exchanges if b"/v1/constraints" in x[0]})
    assert len(sent[0]) == len(sent[1]) == 1
    assert sent[0] != sent[1]
