"""Reports: attributed line by line, traced to the ledger, and written without a way out."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from detente.record.entry import Indicated
from detente.record.html import html_of
from detente.record.json import json_of
from detente.record.markdown import markdown_of
from detente.record.prose import compared, spoken_by
from detente.record.report import Kind, Report, report_of
from detente.record.sections import sections
from detente.watch.track import Deviation, Indication
from tests.record.scene import EVENT, entered, filed, hour, said, seen
from tests.record.worlds import filings, statements, tracks

QUICK = settings(max_examples=60, deadline=None)

VERBS = {
    "declares": "declared", "confirms": "confirmed", "indicates": "indicated",
    "denies": "denied", "cannot confirm": "could not confirm", "did not coordinate": "said",
}  # fmt: skip


def a_report() -> Report:
    one = seen(callsign="QQ1", synthetic=True)
    indication = Indication("a biplane", "a farmer", hour(13), 0.5, "from below")
    one = replace(one, indications=(Indicated(indication, 70),), position=60, latest=65)
    one = replace(one, history=tuple(replace(h, position=60) for h in one.history))
    return report_of(
        entered(),
        [
            said("US", "indicates", id="us", name="A. B.", role="spokesman", claim="it flew",
                 hedge="indications", outlet="RT", via=("AFP",), published=30,
                 citation="A page, 2 May 2030", grade="B2", position_in_ledger=21),
            said("Iran", "denies", id="iran", anonymous=True, role="an official",
                 claim="it was theirs", outlet="Reuters", said=None, published=26,
                 position_in_ledger=22),
            said("UN", "cannot confirm", id="un", claim="it flew", position_in_ledger=23),
            said("UN", "confirms", id="un-2", name="Off", on_record=False, role="observer",
                 claim="it flew low", position_in_ledger=24),
            said("US", "denies", id="back", name="A. B.", role="spokesman",
                 on="authority/us", claim="he said so", said=3, position_in_ledger=25),
        ],
        [one],
        [replace(filed(unseen=hour(2)), position=50, latest=55, noticed=56)],
        at=hour(30),
        position=99,
    )  # fmt: skip


EXPECTED = [
    ("seen", "the sensor radar-1",
     "Synthetic: the sensor radar-1 saw an aircraft (track t1) on 1 May 2030 from 12:00 to 12:02 "
     "UTC, from 46.50° N 8.50° E to 46.52° N 8.50° E, at 9,000 ft (pressure altitude). No intent "
     "matched it: it was undeclared. It sent callsign QQ1, which proves nothing.", (60, 65)),
    ("seen", "a farmer",
     "Synthetic: a farmer indicated on 1 May 2030, 13:00 UTC that track t1 looked like “a "
     "biplane”, 50 % sure as they say (note: “from below”). It proves nothing.", (70,)),
    ("seen", "north",
     "Synthetic: party north declared a flight (intent north/1) to the authority, filed on 1 May "
     "2030, 00:00 UTC. It is activated.", (50, 55)),
    ("seen", "the watch",
     "The watch did not see a flight that matches intent north/1 from 1 May 2030, 02:00 UTC on, "
     "where it should have. That denies nothing.", (56,)),
    ("said", "US (A. B., spokesman)",
     "On 1 May 2030, 01:00 UTC US (A. B., spokesman) indicated (to AFP, quoted by RT) that “it "
     "flew” (hedged: “indications”). [published on 2 May 2030, 06:00 UTC; statement authority/us] "
     "Source: “A page, 2 May 2030”. Withdrawn by authority/back.", (21, 25)),
    ("said", "Iran (unnamed, an official)",
     "Iran (unnamed, an official) denied (to Reuters) that “it was theirs”. [when it was "
     "said is not known; published on 2 May 2030, 02:00 UTC; statement authority/iran]", (22,)),
    ("said", "UN (N. N.)",
     "On 1 May 2030, 01:00 UTC UN (N. N.) could not confirm (to the authority) that “it flew”. "
     "[statement authority/un]", (23,)),
    ("said", "UN (off the record, observer)",
     "On 1 May 2030, 01:00 UTC UN (off the record, observer) confirmed (to the authority) "
     "that “it flew low”. [statement authority/un-2]", (24,)),
    ("said", "US (A. B., spokesman)",
     "On 1 May 2030, 03:00 UTC US (A. B., spokesman) denied (to the authority) that “he said so”. "
     "[of statement authority/us; statement authority/back]", (25,)),
    ("differ", "the record",
     "On “Did aircraft fly over the lake?” they differ: UN confirms it (authority/un-2); track t1 "
     "affirms that something flew; Iran, unnamed denies it (authority/iran).", (22, 24, 60)),
    ("stands", "the record", "“Did aircraft fly over the lake?” stands contested.",
     (22, 24, 50, 56, 60, 65)),
    ("stands", "the record",
     "Rule 17: Iran denies what UN (weakly), north and track t1 affirm.",
     (22, 24, 50, 56, 60, 65)),
    ("stands", "the record",
     "Rule 6: authority/us: withdrawn by authority/back.", (21, 25)),
    ("stands", "the authority",
     "The authority grades authority/us B2 (usually reliable; probably true).", (21,)),
    ("unknown", "the record",
     "The answer to “Did aircraft fly over the lake?”: it stands contested.",
     (22, 24, 50, 56, 60, 65)),
    ("unknown", "the record",
     "No statement that its reader may see answers “Was it coordinated?”.", (1,)),
    ("unknown", "the record",
     "“Did aircraft fly over the lake?” UN (N. N.) could not confirm it (authority/un).", (23,)),
    ("unknown", "the record",
     "Whose aircraft track t1 was, and what it did: no intent on record matches it.", (60, 65)),
    ("unknown", "the record",
     "Who spoke in authority/iran: they are not named.", (22,)),
]  # fmt: skip


@pytest.mark.parametrize("line", EXPECTED, ids=lambda line: f"{line[0]}-{line[3]}")
def test_what_a_report_says(line):
    lines = [(x.kind.value, x.speaker, x.text, x.entries) for x in a_report().lines]
    assert line in lines


def test_a_report_of_nothing_says_so():
    report = report_of(entered(), [])
    texts = [line.text for line in report.lines]
    assert report.standing.value == "unconfirmed"
    assert "Nobody whom its reader may see takes a side, so nobody differs." in texts
    assert "What flew: no track that its reader may see belongs to the event." in texts
    assert (
        texts.count(
            "No statement that its reader may see answers “Did aircraft fly over the lake?”."
        )
        == 1
    )


@given(statements(), tracks(), filings())
@QUICK
def test_no_line_states_a_claim_without_who_claims_it(made, seen, filed):
    """A claim stands in lines of its own statement only, behind its speaker and their verb."""
    report = report_of(entered(), made, seen, filed)
    by_name = {one.name: one for one in made}
    told = set()
    for line in report.lines:
        assert line.speaker
        for token in re.findall(r"claim\d+qq", line.text):
            (name,) = line.statements
            statement = by_name[name].statement
            assert statement.claim == token
            assert line.kind is Kind.SAID
            speaker = spoken_by(statement.speaker, on_record=statement.on_record)
            assert line.speaker == speaker
            before = line.text.split(f"“{token}”")[0].lower()
            assert before.index(speaker.lower()) < before.index(VERBS[statement.position.value])
            told.add(name)
    assert told == {row.name for row in report.standings.statements}


@given(statements(), tracks(), filings())
@QUICK
def test_every_line_traces_to_the_ledger(made, seen, filed):
    known = {1, *(one.position for one in made), *(one.graded for one in made)}
    known |= {p for one in (*seen, *filed) for p in (one.position, one.latest)}
    report = report_of(entered(), made, seen, filed)
    for line in report.lines:
        assert line.entries
        assert set(line.entries) <= known
        positions = {one.position for one in made if one.name in line.statements}
        assert positions <= set(line.entries) or "grades" in line.text


@given(statements(), tracks())
@QUICK
def test_who_is_not_shown_where_the_ledger_has_it_gets_no_entries(made, seen):
    bare = [replace(one, position=0, graded=0) for one in made]
    hidden = [replace(o, position=0, latest=0, history=()) for o in seen]
    event = replace(entered(), position=0, latest=0)
    report = report_of(event, bare, hidden)
    assert all(not line.entries for line in report.lines)
    assert "ledger" not in markdown_of([report])


@given(statements(), tracks(), filings(), st.randoms())
@QUICK
def test_the_same_record_gives_the_same_report(made, seen, filed, rng):
    mixed = list(made)
    rng.shuffle(mixed)
    one = report_of(entered(), made, seen, filed)
    assert json_of([one]) == json_of([report_of(entered(), mixed, seen, filed)])


def test_what_an_authority_grades_is_under_no_question():
    parts = dict(sections(a_report()))
    *asked, (heading, grades) = parts[Kind.STANDS]
    assert heading == "How the authority grades it"
    assert all("grades" in line.text for line in grades)
    assert all("grades" not in line.text for _, lines in asked for line in lines)


def test_a_quotation_repeats_its_origin_and_not_the_other_way():
    """Also for a reader who is not shown which was entered first."""
    told = [
        said("US", "indicates", id="a-copy", outlet="RT", via=("AFP",), position_in_ledger=0),
        said("US", "indicates", id="b", outlet="AFP", position_in_ledger=0),
    ]
    texts = [line.text for line in report_of(entered(), told).lines if line.kind is Kind.SAID]
    assert ["It repeats authority/b, and counts once" in text for text in texts] == [False, True]


def test_a_deviation_is_told_by_its_side():
    one = seen(conformance="nonconforming", intent="north/1")
    for deviation, words in (
        (
            Deviation(9_260.0, -2_000.0, -43.9),
            "9,260 m beside it, 2,000 ft below it and 44 s early",
        ),
        (Deviation(0.0, 2_000.0, 44.0), "2,000 ft above it and 44 s late"),
    ):
        off = replace(one, track=replace(one.track, deviation=deviation))
        assert compared(off).endswith(f"did not conform to it ({words}).")


def test_a_name_off_the_record_is_nowhere():
    assert "Off" not in markdown_of([a_report()])
    assert "Off" not in html_of([a_report()])
    assert b'"Off' not in json_of([a_report()])


def test_no_quotation_ends_before_its_end():
    """Who puts a mark into a claim, or a bracket into a name, does not get out of it."""
    bad = said(
        "X) The authority confirms it. (", "denies", name="The authority confirms. It is so, and",
        role="] It is so. [", claim="a”. The authority confirmed “b\n\n# It is so",
        citation="”. It is so.", hedge="”) It is so. (“", outlet="the farm. It is so] [", id="bad",
        via=("It is so) (",), position_in_ledger=30,
    )  # fmt: skip
    for line in report_of(entered(), [bad]).lines:
        bare = re.sub(r"“[^“”]*”", "", line.text)
        bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", bare)
        assert "\n" not in line.text
        assert not re.search(r"[“”()\[\]]", bare)
        assert "It is so" not in bare


class Page(HTMLParser):
    """Reads a page, and sees that what opens closes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        assert not {name for name, _ in attributes} & {"src", "href", "style", "onclick"}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


HOSTILE = "<script>alert(1)</script> ![x](http://x) **bold** &lt; 1. # `x` | ~~"


def hostile() -> Report:
    event = replace(EVENT, description=HOSTILE, place=HOSTILE,
                    questions=(("flown", HOSTILE), ("with", "<b>"), ("", "")))  # fmt: skip
    bad = said(HOSTILE, "denies", id="x<i>", name=HOSTILE, role=HOSTILE, claim=HOSTILE,
               citation=HOSTILE, outlet=HOSTILE, via=(HOSTILE,))  # fmt: skip
    return report_of(entered(event), [bad, said("1. A", "confirms", name="", said=None)])


def test_the_page_is_whole_loads_nothing_and_escapes():
    for report in (a_report(), hostile()):
        text = html_of([report, report])
        page = Page(text)
        assert not page.open
        assert "script" not in page.tags
        assert set(page.tags) <= {
            "html", "head", "meta", "title", "style", "body", "main", "article", "section",
            "h1", "h2", "h3", "p", "ul", "li", "span",
        }  # fmt: skip
        shown = "".join(page.said)
        assert all(line.text in shown for line in report.lines)
    style = re.search(r"<style>(.*)</style>", text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in text


def test_markdown_escapes():
    text = markdown_of([hostile()])
    for line in text.splitlines():
        plain = re.sub(r"\\.", "", re.sub(r"^(#+|-) ", "", line))
        assert not re.search(r"[<>`*\[\]|~#]", plain), line
    assert "- 1\\. A" in text


def test_json_is_the_report_itself():
    report = a_report()
    assert msgspec.json.decode(json_of([report]), type=tuple[Report, ...]) == (report,)
    assert json.loads(json_of([report]))[0]["standing"] == "contested"
