"""Whoever looks back holds up nobody who files."""

import asyncio
import threading
import time
from datetime import UTC, datetime

import pytest

from detente.api.counter import Counter
from detente.api.hindsight import Hindsight
from detente.api.problem import ProblemError
from detente.authority import Charter
from detente.authority.command import File, Found, RegisterParty
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk
from detente.ledger.past import Past
from tests.authority.worlds import Plan, extent

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def desk():
    with Desk(MemoryLedger()) as opened:
        opened.submit(Found(at=NOON, key="1", charter=Charter()))
        opened.submit(RegisterParty(at=NOON, key="2", party="A"))
        yield opened


def test_a_filing_is_answered_while_somebody_looks_back(desk):
    begun, done = threading.Event(), threading.Event()

    def slow(state):
        begun.set()
        assert done.wait(10)
        return state.position

    async def both():
        counter, hindsight = Counter(desk), Hindsight(Past(desk.ledger))
        # more than the loop's own threads are, which streams and webhooks need
        looks = [asyncio.create_task(hindsight.ask(NOON, slow)) for _ in range(16)]
        await asyncio.to_thread(begun.wait, 10)
        filing = File(at=NOON, key="3", by="A", intent="x", extent=extent(Plan(0, 0, 0)))
        filed = await asyncio.wait_for(counter.submit(filing), 5)
        other = await asyncio.wait_for(asyncio.to_thread(lambda: 1), 5)
        assert not any(look.done() for look in looks)
        done.set()
        seen = await asyncio.gather(*looks)
        counter.close(), hindsight.close()
        return filed, other, seen

    filed, other, seen = asyncio.run(both())
    assert filed.contents[0].intent == "x"
    assert other == 1
    # the first had read what there was, the others what is there now
    assert (seen[0], set(seen[1:])) == (2, {3})


def test_only_so_many_may_wait(desk):
    done = threading.Event()

    async def ask():
        hindsight = Hindsight(Past(desk.ledger), most=2)
        looks = [
            asyncio.create_task(hindsight.ask(NOON, lambda state: done.wait(10))) for _ in range(2)
        ]
        await asyncio.sleep(0)
        with pytest.raises(ProblemError, match="more waits"):
            await hindsight.ask(NOON, lambda state: None)
        done.set()
        await asyncio.gather(*looks)
        assert await hindsight.ask(NOON, lambda state: state.position) == 2
        hindsight.close()

    asyncio.run(ask())


def test_a_fault_in_a_question_does_no_harm_to_the_next(desk):
    async def ask():
        hindsight = Hindsight(Past(desk.ledger))
        with pytest.raises(ZeroDivisionError):
            await hindsight.ask(NOON, lambda state: 1 // 0)
        assert await hindsight.ask(NOON, lambda state: state.position) == 2
        hindsight.close()

    asyncio.run(ask())


def test_who_goes_away_takes_the_question_along(desk):
    asked = []

    async def ask():
        hindsight = Hindsight(Past(desk.ledger), most=2)
        first = asyncio.create_task(hindsight.ask(NOON, lambda state: time.sleep(0.1)))
        gone = asyncio.create_task(hindsight.ask(NOON, asked.append))
        await asyncio.sleep(0.01)
        gone.cancel()
        await first
        assert await hindsight.ask(NOON, lambda state: state.position) == 2
        hindsight.close()

    asyncio.run(ask())
    assert not asked
