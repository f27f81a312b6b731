"""The record, coalitions and parties on the console, each on a page of their own."""

import re
from datetime import UTC, datetime
from functools import cache
from itertools import count

import pytest

from detente.api.console import is_built
from tests.api.service import running_service
from tests.console.scene import begin

pytestmark = pytest.mark.browser

SMALL = (1000, 480)
KEYS = count()


@cache
def now():
    """Give the minute in which the first test of the module began, not that of its import."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """An authority in the middle of an hour over the Alps."""
    if not is_built():
        pytest.skip("the console is not built: make console")
    directory = tmp_path_factory.mktemp("alps")
    begin(directory / "airspace.ledger", now())
    with running_service(directory, options=["--port", "0"]) as started:
        yield started


def entered(service, visit, role, who, theme="light"):
    return visit(size=SMALL, theme=theme).sign_in(service.token(role, who))


def done(page, words):
    """Do or open something from the palette, with the keyboard alone."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    page.get_by_role("option", name=re.compile(words.split()[0])).first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="hidden")


def typed(page, *texts):
    """Type into one field after the other, from the one that has the focus; press the button."""
    page.locator(".form :focus").wait_for()
    for k, text in enumerate(texts):
        if k:
            page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    # in a field it may be a suggestion that is entered
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def asked(service, role, who, method, path, body=None, **headers):
    headers["Idempotency-Key"] = f"asked-{next(KEYS)}"
    with service.client(role, who) as client:
        answer = client.request(method, path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_parties_and_coalitions_from_the_register_to_leaving(service, visit):
    tower = entered(service, visit, "authority", "tower")
    facts = tower.get_by_role("complementary")
    done(tower, "Register a party")
    typed(tower, "harbour", "The Harbour", "medical")
    facts.get_by_text("it may file").wait_for()
    facts.get_by_label("Reason, which it is told").fill("no contact")
    facts.get_by_role("button", name="Suspend").click()
    facts.get_by_text("suspended: it files no more").wait_for()
    tower.get_by_role("button", name="harbour suspended medical").wait_for()
    assert "no contact" in str(asked(service, "party", "harbour", "GET", "/v1/notices"))
    done(tower, "Reinstate")
    facts.get_by_text("It may file again.").wait_for()

    # a name that nobody has is refused, and what was typed stays
    done(tower, "Form a coalition")
    typed(tower, "alpine", "The Alps", "north, soth")
    tower.get_by_text("no party is called soth").wait_for()
    tower.get_by_label("Who may join, with commas").fill("north, south")
    tower.get_by_role("button", name="Form it").click()
    facts.get_by_text("north, south").wait_for()
    tower.get_by_role("button", name="alpine The Alps 0 members, 2 invited").wait_for()

    north = entered(service, visit, "party", "north", "dark")
    about = north.get_by_role("complementary")
    north.get_by_role("button", name="Parties 1 waiting").wait_for()
    done(north, "alpine")
    done(north, "Decline")
    north.get_by_role("button", name="Parties", exact=True).wait_for()
    about.get_by_label("The other members see").select_option("volumes")
    about.get_by_role("button", name="Join", exact=True).click()
    about.get_by_text("north (you)").wait_for()
    path = "/v1/coalitions/alpine/membership"
    asked(service, "party", "south", "PUT", path, {"shares": "intents"})
    # what stood before one came is shown too, and at once
    north.keyboard.press("Escape")
    north.keyboard.press("y")
    shared = north.get_by_role("region", name="Shared with you")
    shared.get_by_role("button", name="south/SOUTH-77").wait_for()
    north.get_by_role("button", name="alpine you share volumes only 2 members").click()
    facts.get_by_text("shares intents").wait_for()

    lead = entered(service, visit, "lead", "alpine")
    done(lead, "Open parties")
    lead.get_by_role("button", name="alpine 2 members").click()
    led = lead.get_by_role("complementary")
    led.get_by_label("Parties, with commas").fill("east")
    led.get_by_role("button", name="Invite").click()
    led.get_by_text("Invited: east.").wait_for()
    facts.get_by_text("east", exact=True).wait_for()
    done(lead, "Remove south")
    led.get_by_role("button", name="Remove south from alpine").click()
    led.get_by_text("south is a member no more.").wait_for()
    # and what it shared is gone from the other's page
    shared.get_by_role("button", name="south/SOUTH-77").wait_for(state="hidden")

    done(north, "Leave")
    about.get_by_role("button", name="Leave it").click()
    about.get_by_text("You have put it aside.").wait_for()
    assert asked(service, "party", "north", "GET", "/v1/coalitions") == []
    north.get_by_role("region", name="Put aside").get_by_text("alpine").wait_for()


def test_an_event_is_amended_and_a_statement_shared_and_withdrawn(service, visit):
    tower = entered(service, visit, "authority", "tower")
    amends(service, tower)
    shares(service, tower, entered(service, visit, "party", "north", "dark"))


def amends(service, tower):
    """What it was before is what the ledger has of that time."""
    done(tower, "Amend the event")
    words = tower.get_by_label("What is said to have happened, in neutral words")
    words.fill("Two aircraft are said to have crossed the valley.")
    track = tower.get_by_label("Another track")
    track.fill("t-90")
    track.press("Enter")
    tower.get_by_role("button", name="Take t-90 away").wait_for()
    # another amends it meanwhile: that is said, and nothing that was typed is lost
    (known,) = asked(service, "authority", "tower", "GET", "/v1/airspace/occurrences")["items"]
    body = {"occurrence": {**known["occurrence"], "place": "Uri"}, "public": True}
    path = "/v1/occurrences/valley-1"
    asked(service, "authority", "desk", "PUT", path, body, **{"If-Match": '"1"'})
    tower.get_by_text("It is at version 2 by now").wait_for()
    assert words.input_value().startswith("Two aircraft")
    tower.get_by_role("button", name="Put mine over version 2").click()
    tower.get_by_role("button", name="Amend it").click()
    facts = tower.get_by_role("complementary")
    facts.get_by_text(re.compile("^3, amended")).wait_for()
    facts.get_by_role("button", name="3c1a2b").wait_for()
    amended = asked(service, "authority", "tower", "GET", "/v1/airspace/occurrences/valley-1")
    assert amended["occurrence"] == {
        **known["occurrence"],
        "description": "Two aircraft are said to have crossed the valley.",
        "tracks": ["t-90"],
    }
    record = tower.get_by_role("region", name="Record")
    record.get_by_text("Two aircraft are said").wait_for()
    done(tower, "As it was before")
    record.get_by_text("An aircraft that nobody declared is said").wait_for()
    tower.keyboard.press("n")
    record.get_by_text("Two aircraft are said").wait_for()


def shares(service, tower, north):
    """A party denies, lets another see that, and takes it back."""
    done(north, "Enter a statement")
    north.get_by_label("What they do with the claim").select_option("denies")
    north.get_by_label("Their role").fill("spokeswoman")
    north.get_by_label("The claim, as a clause").fill("an aircraft of the north's flew there")
    north.get_by_role("button", name="Put on record").click()
    record = north.get_by_role("region", name="Record")
    record.locator(".stands").get_by_text("contested").wait_for()
    told = asked(service, "party", "south", "GET", "/v1/statements")["items"]
    assert [one["name"] for one in told] == ["authority/s1"]

    done(north, "statement denies north")
    facts = north.get_by_role("complementary")
    assert "The authority's grade" not in facts.inner_text()
    facts.get_by_label("Parties, with commas").fill("south")
    facts.get_by_role("button", name="Share it").click()
    facts.get_by_text("Shared with south.").wait_for()
    told = asked(service, "party", "south", "GET", "/v1/statements")["items"]
    assert "north/" in told[-1]["name"]
    done(tower, "statement denies north")
    tower.get_by_text("north, south", exact=True).wait_for()

    done(north, "Withdraw it")
    north.get_by_role("heading", name="Withdraws north/").wait_for()
    north.get_by_role("button", name="Put on record").click()
    record.locator(".stands").get_by_text("unconfirmed").wait_for()
    assert record.locator(".voice").count() == 3
