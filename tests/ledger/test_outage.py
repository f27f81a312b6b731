"""Desks that are stopped dead under load, and a server that is stopped dead under a desk."""

import signal
from time import sleep

import pytest

from detente.ledger.desk import Desk
from tests.ledger.outage import Account, Writers, stop_writers
from tests.ledger.pilot import found
from tests.ledger.server import binaries, running_server
from tests.ledger.writer import Crew


@pytest.fixture(scope="module")
def writers():
    with Writers() as started:
        yield started


def test_a_desk_stopped_dead_loses_no_answer(stored, writers):
    account = stop_writers(stored.target, range(10), writers)
    assert len(account.answered) > 20
    assert account.there + account.lost > 10


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server is installed")
def test_a_server_stopped_dead_loses_no_answer_and_its_writers_go_on():
    account = Account()
    with running_server() as server:
        target = server.url()
        with Desk.open(target, create=True) as desk:
            found(desk)
            crew = Crew(desk, 1, lambda words: account.hear(*words))
            crew.start()
            for _ in range(3):
                answered = len(account.answered)
                while len(account.answered) < answered + 50:
                    sleep(0.005)
                server.stop(signal.SIGQUIT)
                server.start()
            crew.stop()
        assert crew.tried_again
        assert account.sent.keys() == account.answered.keys()
        account.check(target)
