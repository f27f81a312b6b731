"""Over HTTP too: of two worlds that differ only in others' plans, A sees but one.

Status, headers but the date and the request's id, bodies, cursors, entity tags, the event stream
with its ids and signs of life, what is refused for coming too often, layers, webhooks.
"""

import logging
import re
from collections import Counter
from contextlib import closing
from datetime import timedelta
from itertools import count

import msgspec
import pytest
import structlog
from hypothesis import HealthCheck, event, given, settings

from detente.api.layers import LAYERS
from detente.authority import Charter, Sharing
from detente.authority import command as c
from detente.record.occurrence import Occurrence
from detente.record.statement import Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Fix, Track
from tests.api.asking import Request
from tests.api.hearing import world_on
from tests.api.leaks import LEAKS
from tests.api.receiver import Receiver
from tests.api.stage import Inside, Outside
from tests.authority.comparison import Told, check
from tests.authority.worlds import MOST_STEPS, NOON, Plan, drawn, extent, off_nominal, pairs

# the framework's, of handlers that are not this test's matter
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")

EXAMPLES = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALL = [1] * MOST_STEPS
REQUESTS = 30
"""A minute; few enough that A sometimes asks too often."""


@pytest.fixture(scope="module", autouse=True)
def _quiet():
    """Log nothing: of so many requests it would take longer than they do."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    with closing(Inside(tmp_path_factory.mktemp("inside"), NOON.timestamp(), REQUESTS)) as stage:
        yield stage


@EXAMPLES
@given(pairs)
def test_a_cannot_tell_worlds_apart(inside, pair):
    for name, times in check(pair, world_on(inside)).items():
        if times:
            event(name)


def test_the_worlds_are_worth_telling_apart(inside):
    """A gets every kind of answer, and much is the same for it though others did much else."""
    reached: Counter[str] = Counter()
    for seed in range(18):
        reached.update(check(drawn(seed, ALL), world_on(inside)))
    least = {
        "all the same for A": 8,
        "all the same for A, and others were busier": 6,
        "all the same for A, who was refused or held": 3,
        "A refused: conflict": 4,
        "A offered": 3,
        "A took an alternative": 1,
        "A released by itself": 3,
        "A planned in a cycle": 2,
        "A warned": 12,
        "another warned": 12,
        "A told: OccurrenceEntered": 12,
        "A told: StatementEntered": 4,
        "StatementGraded": 1,
        "A was reported something": 12,
        "A was reported something of the past": 6,
        **{f"A answered {status}": 1 for status in (200, 400, 403, 404, 409, 410, 412, 422, 429)},
    }
    assert {name: reached[name] for name in least if reached[name] < least[name]} == {}


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_leak_is_found(leak, inside, monkeypatch):
    leak(monkeypatch)

    def look():
        for seed in range(12):
            check(drawn(seed, ALL), world_on(inside))

    with pytest.raises(Told):
        look()


def test_nor_through_a_socket(tmp_path):
    """The same through the server that answers in earnest."""
    with closing(Outside(tmp_path, NOON.timestamp(), REQUESTS)) as stage:
        reached: Counter[str] = Counter()
        for seed in (0, 1, 4):
            reached.update(check(drawn(seed, ALL), world_on(stage)))
        assert reached["all the same for A, and others were busier"] == 3


def test_nor_by_webhooks(tmp_path):
    """Each notice is sent to A at the same time, in the same words, in the same order."""
    pair, said, sent = drawn(4, ALL), [], []
    for which in (0, 1):
        with (
            Receiver() as receiver,
            closing(Outside(tmp_path / str(which), NOON.timestamp(), 10_000)) as stage,
        ):
            world = world_on(stage, receiver)(pair, which, said).run()
            said = world.said or said
            sent.append([
                (h["webhook-id"], h["webhook-timestamp"], body) for h, body in receiver.taken
            ])  # fmt: skip
    assert len(sent[0]) > 10
    assert sent[0] == sent[1]
    bodies = b"".join(body for *_, body in sent[0])
    assert all(kind in bodies for kind in (b"ToldAlert", b"ToldOccurrence", b"ToldStatement"))


NAMES = {
    "intent": ("theirs", "nobody"),
    "party": ("cinder", "noname"),
    "coalition": ("secret", "nought"),
    "feature": ("cinder/theirs", "noname/nobody"),
    "event": ("strikes", "nothing"),
    "statement": ("hearsay", "unheard"),
    "by": ("cinder", "noname"),
    "track": ("stranger", "somebody"),
}
"""By path parameter: a name that somebody else has, and one that nobody has."""
PUBLIC = ("offer", "constraint", "cycle", "kind", "path", "collection", "name")
"""What is named alike by all: points of the grid, what is announced to everybody, files."""
PARTIES = ("A", "cinder", "denim")
CALLERS = (("party", "A"), ("lead", "others"), ("observer", "press"), (None, ""))
KEYS = count()
BODIES = {
    "nonconforming": {"volumes": off_nominal(Plan(0, 0, 0))},
    "contingency": {"volumes": off_nominal(Plan(0, 0, 0))},
    "membership": {"shares": "intents"},
    "invitations": {"parties": ["A"]},
    "share": {"public": True},
    "grade": {"reliability": "A"},
    "aircraft": {"callsign": "KL123"},
    "indications": {"what": "F-4", "by": "me", "at": NOON},
    "suspend": {"reason": "so"},
    "{coalition:str}": {"invited": ["A"]},
    "{party:str}": {"highest": "state"},
    "{intent:str}": {"extent": extent(Plan(1, 0, 2))},
    **{verb: {"reason": "so"} for verb in ("hold", "impose", "override", "release")},
}
"""By the path's last part, or its template: what is sent."""


@pytest.fixture
def theirs(inside):
    """Cinder has a flight that was refused, and a coalition; A may know of neither."""
    desk = inside.begin()
    flight = {"at": NOON, "extent": extent(Plan(0, 0, 0))}
    for k, command in enumerate((
        c.Found(at=NOON, charter=Charter()),
        *(c.RegisterParty(at=NOON, party=party, highest="state") for party in PARTIES),
        c.FormCoalition(at=NOON, coalition="secret", invited=("cinder",)),
        c.FormCoalition(at=NOON, coalition="others", invited=("denim",)),
        c.Join(at=NOON, by="cinder", coalition="secret", shares=Sharing.INTENTS),
        c.File(by="denim", intent="first", **flight),
        c.File(by="cinder", intent="theirs", **flight),
        c.EnterStatement(at=NOON, by="cinder", statement=Statement(
            "hearsay", Subject(SubjectKind.INTENT, "cinder/theirs"), Speaker(""),
            Position.DECLARES)),
        c.EnterOccurrence(at=NOON, occurrence=Occurrence(
            "strikes", "It is said.", NOON, NOON + timedelta(hours=1))),
        c.Observe(at=NOON, tracks=(
            Track("stranger", Conformance.UNDECLARED, NOON, Fix(NOON, 47.0, 8.0)),)),
    )):  # fmt: skip
        desk.submit(msgspec.structs.replace(command, at=NOON, key=f"k{k}"))
    state = desk.state
    assert state.intents["cinder/theirs"].offers
    assert all((state.statements, state.occurrences, state.tracks))
    return inside


def test_what_is_anothers_is_unknown(theirs):
    """Every resource with a name in its path: what is there and what is not get one answer."""
    seen: Counter[str] = Counter()
    for route in theirs.app.routes:
        names = set(re.findall(r"{(\w+):\w+}", route.path))
        assert names <= {*NAMES, *PUBLIC}, route.path
        for method in sorted(getattr(route, "methods", ())) if names & {*NAMES} else ():
            for caller in CALLERS:
                for collection in LAYERS if "collection" in names else ("",):
                    theirs.seconds += 60  # another budget of requests
                    there, not_there = (
                        _asked(theirs, method, route.path, caller, which, collection)
                        for which in (0, 1)
                    )
                    assert there == not_there
                    seen[caller[0], there[0]] += 1
    # that others' are found where they are one's own is for other tests; here nothing is
    assert {status for _, status in seen} == {204, 401, 403, 404}, seen
    assert seen["party", 404] >= 12, seen
    assert seen["lead", 404] >= 2, seen


def test_a_name_that_another_has_is_free(theirs):
    there, not_there = (
        _asked(theirs, "PUT", "/v1/intents/{intent:str}", CALLERS[0], which, version=None)
        for which in (0, 1)
    )
    assert there == not_there
    assert there[0] == 200


def _asked(stage, method, path, caller, which, collection="", version='"1"'):
    """Ask; give the status, and the answer with what was asked for written alike."""
    names = {name: pair[which] for name, pair in NAMES.items()}
    names |= {"offer": "delay+300s", "collection": collection}
    target = re.sub(r"{(\w+):\w+}", lambda found: names[found[1]], path)
    headers = [("Idempotency-Key", f"key-{next(KEYS)}")]
    if version:
        headers.append(("If-Match", version))
    body = BODIES.get(path.rsplit("/", 1)[1]) if method in ("PUT", "POST") else None
    if body is not None:
        headers.append(("Content-Type", "application/json"))
    if body is None and method == "PUT" and path == "/v1/statements/{statement:str}":
        about = Subject(SubjectKind.INTENT, "A/none")
        said = Statement(names["statement"], about, Speaker(""), Position.DENIES)
        body = {"statement": said}
        headers.append(("Content-Type", "application/json"))
    content = b"" if body is None else msgspec.json.encode(body)
    exchange = stage.ask(Request(*caller, method, target, tuple(headers), content))
    text = exchange.shown.partition(b"\n")[2].decode()
    for name, pair in NAMES.items():
        text = text.replace(pair[which], name)
    return exchange.status, text
