"""``detente report``: from a ledger and from a service, for the authority and for a party."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from detente.authority import command as c
from detente.cli import main
from detente.ledger import open_ledger
from detente.ledger.desk import Desk
from detente.record.grade import RELIABILITY
from detente.record.occurrence import Occurrence
from detente.record.report import Report
from detente.record.statement import Grade, Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Fix, Track
from tests.api.service import running_service
from tests.authority.scene import MINUTE, NOON

EVENT = Occurrence(
    "ev", "aircraft are said to have flown", NOON, NOON + timedelta(hours=1),
    centre=(50.0, 5.0), radius=80_000.0, questions=(("flown", "Did aircraft of A fly there?"),),
)  # fmt: skip
FIX = Fix(NOON + MINUTE, 50.0, 5.0, 20_000.0)
SEEN = Track("radar-7", Conformance.UNDECLARED, NOON, FIX, sources=("radar",))


def said(id, side, position, **more):
    return Statement(
        id, Subject(SubjectKind.EVENT, "ev"), Speaker(side), position,
        claim="aircraft of A flew there", **more,
    )  # fmt: skip


def story():
    steps = [
        c.RegisterParty(at=NOON, party="A"),
        c.RegisterParty(at=NOON, party="B"),
        c.Observe(at=NOON + MINUTE, tracks=(SEEN,)),
        c.EnterOccurrence(at=NOON + 2 * MINUTE, occurrence=EVENT, shared=("A",)),
        c.EnterStatement(
            at=NOON + 3 * MINUTE, statement=said("q", "B", Position.CONFIRMS), public=True
        ),
        c.EnterStatement(at=NOON + 9 * MINUTE, by="A", statement=said("no", "", Position.DENIES)),
        c.GradeStatement(
            at=NOON + 9 * MINUTE, statement="A/no", grade=Grade("C", 3, "as before")
        ),
    ]  # fmt: skip
    return [msgspec.structs.replace(step, key=str(k)) for k, step in enumerate(steps)]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "airspace.ledger"
    with Desk.open(str(path), create=True) as desk:
        if not desk.state.founded:
            from detente.authority import Charter

            desk.submit(c.Found(at=NOON, charter=Charter(), key="found"))
        for step in story():
            desk.submit(step)
    return str(path)


def asked(capsys, *tokens):
    code = main(["report", *tokens])
    out, err = capsys.readouterr()
    return code, out, err


def of(out):
    return msgspec.json.decode(out, type=list[Report])


def test_the_authority_reads_all_and_each_line_is_in_the_ledger(capsys, ledger):
    code, out, _ = asked(capsys, "--ledger", ledger, "--format", "json")
    (report,) = of(out)
    with open_ledger(ledger) as opened:
        head = opened.head()[0]
    assert (code, report.event, report.position) == (0, "ev", head)
    assert all(line.entries and max(line.entries) <= head for line in report.lines)
    text = " ".join(line.text for line in report.lines)
    for words in ("radar-7", "as before", RELIABILITY["C"], "A/no", "authority/q"):
        assert words in text
    assert report.standing == "contested"


def test_it_is_as_it_was_known_at_a_time(capsys, ledger):
    at = (NOON + 5 * MINUTE).isoformat()
    _, out, _ = asked(capsys, "--ledger", ledger, "--at", at, "--event", "ev", "--format", "json")
    (report,) = of(out)
    assert "A/no" not in out
    assert report.standing != "contested"
    _, out, _ = asked(capsys, "--ledger", ledger, "--at", NOON.isoformat(), "--format", "json")
    assert of(out) == []


def test_a_party_reads_what_it_may_see_and_no_entry_is_counted(capsys, ledger):
    _, out, _ = asked(capsys, "--ledger", ledger, "--party", "A", "--format", "json")
    (report,) = of(out)
    text = " ".join(line.text for line in report.lines)
    assert "A/no" in text
    assert "authority/q" in text
    for kept in ("radar-7", "as before", RELIABILITY["C"]):
        assert kept not in text
    assert not any(line.entries for line in report.lines)
    assert report.position == 0
    assert asked(capsys, "--ledger", ledger, "--party", "B", "--format", "json")[1] == "[]\n"


@pytest.mark.parametrize(("ending", "begins"), [("md", "# Event ev"), ("html", "<!doctype html>")])
def test_it_is_written_as_the_file_is_called(capsys, ledger, tmp_path, ending, begins):
    out = tmp_path / f"report.{ending}"
    code, printed, _ = asked(capsys, "--ledger", ledger, "--out", str(out))
    assert (code, printed) == (0, f"written: {out}\n")
    assert out.read_text().lower().startswith(begins.lower())


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (["--event", "none"], "no event 'none'"),
        (["--at", "noon"], "at"),
        (["--party", "Z"], "no party 'Z'"),
        (["--out", "x.pdf"], ".pdf"),
    ],
)
def test_what_cannot_be_reported_is_said(capsys, ledger, tokens, words):
    code, _, err = asked(capsys, "--ledger", ledger, *tokens)
    assert code == 2
    assert words in err


def test_a_service_answers_what_the_token_may_see(capsys, monkeypatch):
    with running_service() as service:
        service.register("A", "B")
        now = datetime.now(UTC)
        with service.client("authority", "tower") as http:
            for path, body in (
                ("occurrences/ev", {"occurrence": EVENT, "shared": ["A"]}),
                ("statements/q", {"statement": said("q", "B", Position.CONFIRMS)}),
            ):
                answer = http.put(
                    f"/v1/{path}", content=msgspec.json.encode(body),
                    headers={"Idempotency-Key": path, "Content-Type": "application/json"},
                )  # fmt: skip
                assert answer.status_code == 200, answer.text
        monkeypatch.setenv("DETENTE_URL", service.url)
        seen = {}
        for role, who in (("authority", "tower"), ("party", "A"), ("party", "B")):
            monkeypatch.setenv("DETENTE_TOKEN", service.token(role, who))
            code, out, _ = asked(capsys, "--format", "json")
            assert code == 0
            seen[who] = out
            before = (now - timedelta(days=1)).isoformat()
            code, _, err = asked(capsys, "--event", "ev", "--at", before)
            assert (code, "no event" in err) == (2, True)
            code, out, _ = asked(capsys, "--at", before)
            assert (code, out) == (0, f"no event is on record as of {before}\n")
    assert "authority/q" in seen["tower"]
    assert [report.event for report in of(seen["A"])] == ["ev"]
    assert "authority/q" not in seen["A"]
    assert of(seen["B"]) == []
