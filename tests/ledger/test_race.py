"""Several processes, each with many writers, that want the same places on one ledger."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from detente.authority import Charter, Grid
from detente.authority.command import Found, RegisterParty
from detente.ledger import verify
from detente.ledger.desk import Desk, replay
from tests.ledger.outage import ROOT, check_rule
from tests.ledger.pilot import NOON
from tests.ledger.racer import digest

CHARTER = Charter(
    horizontal=100.0, vertical=50.0, probes=0, coalition_probes=0,
    grid=Grid(delay_most=0, level_steps=(), offsets=()),
)  # fmt: skip


def line(process):
    return process.stdout.readline().decode()


def race(processes, sets):
    """Let all file the flights of some sets; give what was accepted of each."""
    for process in processes:
        process.stdin.write(json.dumps(sets).encode() + b"\n")
        process.stdin.flush()
    return [json.loads(line(process)) for process in processes]


@pytest.mark.parametrize(("stored", "count"), [("postgres", 4), ("sqlite", 2)], indirect=["stored"])
def test_of_those_who_want_one_place_exactly_one_is_accepted(stored, count):
    writers, rounds, sets = 8, 5, 4
    with Desk.open(stored.target, create=True) as desk:
        desk.submit(Found(at=NOON, key="charter", charter=CHARTER))
        names = [f"p{n:02}" for n in range(count * writers)]
        for name in names:
            desk.submit(RegisterParty(at=NOON, key=name, party=name))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.racer", str(stored.target), *names[n::count]],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )
        for n in range(count)
    ]  # fmt: skip
    won = Counter()
    try:
        assert [line(process) for process in processes] == ["ready\n"] * count
        for n in range(rounds):
            wanted = list(range(n * sets, (n + 1) * sets))
            # each round another is told first
            order = [(n + k) % count for k in range(count)]
            accepted = race([processes[k] for k in order], wanted)
            assert sorted(k for own in accepted for k in own) == wanted
            won.update({k: len(own) for k, own in zip(order, accepted, strict=True)})
        for process in processes:
            process.stdin.close()
        known = [line(process) for process in processes]
        assert [process.wait(30) for process in processes] == [0] * count
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stdout.close()
    with stored.open() as ledger:
        state = replay(ledger.read())
        head = verify(ledger.read())
    assert head[0] == 1 + len(names) * (1 + rounds * sets)
    assert set(known) == {f"{head[0]} {digest(state)}\n"}
    assert sum(intent.accepted for intent in state.intents.values()) == rounds * sets
    assert max(won.values()) < rounds * sets, "one was always first: that is no race"
    check_rule(state)
