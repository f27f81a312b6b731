"""Servers replaced in turn while many file: nobody hears of it but to ask again."""

import signal

import httpx
import pytest

from tests.api.crashing import await_, check_ledger, children, kill_all, started
from tests.api.witness import Witnesses
from tests.ledger.pilot import PARTIES
from tests.ledger.server import binaries, running_server

RETRYABLE = {
    httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError,
}  # fmt: skip
"""Refused or reset, and no part of an answer: not one that is late, nor one that cannot be read."""


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server is installed")
def test_all_servers_replaced_in_turn_lose_no_answer(tmp_path):
    with running_server() as postgres:
        ledger = postgres.url("service")
        service = started(tmp_path, ledger, processes=2)
        try:
            service.register(*PARTIES)
            # while servers start, not so many that all is asked again for long
            with Witnesses(service, 3, seed=3, pause=0.02) as witnesses:
                witnesses.until(40)
                before = children(service)
                service.process.send_signal(signal.SIGHUP)
                await_(lambda: not set(before) & set(children(service)))
                witnesses.until(40)
            assert len(children(service)) == 2
            assert witnesses.cut.keys() <= RETRYABLE
            witnesses.check(service)
            assert service.stop() == 0
        finally:
            if service.process.poll() is None:
                kill_all(service)
        check_ledger(ledger, witnesses)
    assert len(witnesses.answered) > 100
