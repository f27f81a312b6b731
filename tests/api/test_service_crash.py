"""Servers stopped dead under load: what clients were answered, they are answered again."""

import pytest

from tests.api.crashing import crash
from tests.ledger.server import binaries, running_server


def test_a_server_stopped_dead_loses_no_answer(tmp_path):
    witnesses, killed = crash(tmp_path, "airspace.ledger", rounds=3, seed=1)
    assert killed == 3
    assert witnesses.cut.total() >= 3
    assert len(witnesses.answered) > 100


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server is installed")
def test_of_servers_on_one_ledger_any_may_be_stopped_dead_or_all(tmp_path):
    with running_server() as postgres:
        ledger = postgres.url("service")
        witnesses, killed = crash(tmp_path, ledger, processes=4, rounds=1, seed=2)
    assert killed == 1 + 5
    assert witnesses.cut.total() >= 2
    assert len(witnesses.answered) > 100
