"""Over HTTP too: of two worlds that differ only in others' plans, A sees but one.

Status, headers but the date and the request's id, bodies, cursors, entity tags, the event stream
with its ids and signs of life, what is refused for coming too often, layers, webhooks.
"""

import logging
from collections import Counter
from contextlib import closing

import pytest
import structlog
from hypothesis import HealthCheck, event, given, settings

from tests.api.hearing import world_on
from tests.api.leaks import LEAKS
from tests.api.receiver import Receiver
from tests.api.stage import Inside, Outside
from tests.authority.comparison import Told, check
from tests.authority.worlds import MOST_STEPS, NOON, drawn, pairs

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
    pair, said, sent = drawn(0, ALL), [], []
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
