"""Stop writers dead at random moments, and see that nothing they were answered is lost."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from select import select
from time import monotonic

import msgspec

from detente.authority import decode_command, decode_outcome
from detente.ledger import verify
from detente.ledger.desk import Desk
from tests.authority.plain import extent_of
from tests.ledger.pilot import CHARTER, found
from tests.reference.rule import Checker

ROOT = Path(__file__).parents[2]


@dataclass
class Account:
    """What was sent, and what was answered as JSON, by key.

    ``there`` counts what was written and not answered; ``lost`` what was neither.
    """

    sent: dict = field(default_factory=dict)
    answered: dict = field(default_factory=dict)
    there: int = 0
    lost: int = 0

    def hear(self, kind, body, answer=b""):
        """Take down what a crew says."""
        command = decode_command(body)
        self.sent[command.key] = command
        if kind == b"answered":
            self.answered[command.key] = answer

    def add(self, other):
        """Take down what another account says."""
        self.sent |= other.sent
        self.answered |= other.answered
        self.there += other.there
        self.lost += other.lost

    def check(self, target):
        """Open the ledger again and check it against what was said.

        All that was answered is answered so again. What was not is there or is not; sent again,
        it gets an answer that stays the same. Nothing is there twice, the chain verifies, and
        nobody is too near to another.
        """
        with Desk.open(target) as desk:
            head = desk.ledger.head()
            for key, said in self.answered.items():
                assert msgspec.json.encode(desk.submit(self.sent[key])) == said, key
            assert desk.ledger.head() == head, "something was carried out a second time"
            for key in self.sent.keys() - self.answered.keys():
                command = self.sent[key]
                known = desk.state.answered(command.by, key)
                first = msgspec.json.encode(desk.submit(command))
                assert msgspec.json.encode(desk.submit(command)) == first, key
                position = desk.state.answered(command.by, key).position
                assert position == known.position if known else position > head[0], key
                self.there, self.lost = self.there + bool(known), self.lost + (not known)
            check_rule(desk.state)
            entries = list(desk.ledger.read())
        verify(entries, noted=head)
        keys = [key for entry in entries if (key := decode_outcome(entry.body).key)]
        assert len(set(keys)) == len(keys), "a command was carried out twice"


def check_rule(state):
    """See by the slow path that no two accepted intents of different parties conflict."""
    checker = Checker((CHARTER.horizontal, CHARTER.vertical))
    for intent in state.intents.values():
        if intent.accepted:
            extent = extent_of(intent.extent, CHARTER.volume_buffer)
            checker.put(intent.name, intent.party, extent)
    assert checker.violations() == []


class Writers:
    """Starts processes that write, one after the other, and stops each dead (SIGKILL)."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.writer"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        self._rest = b""

    def __enter__(self):
        assert self._line() == b"ready"
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.communicate()

    def stop_one(self, target, seed):
        """Let one write, stop it a random while after its first answer; give its account."""
        self._process.stdin.write(f"{target} {seed}\n".encode())
        self._process.stdin.flush()
        begun, process = self._line().split(b"\t")
        assert begun == b"begun"
        lines = [self._line()]
        while not lines[-1].startswith(b"answered"):
            lines.append(self._line())
        due = monotonic() + Random(seed).uniform(0.0, 0.2)
        while monotonic() < due:
            line = self._line(due - monotonic())
            lines += [] if line is None else [line]
        os.kill(int(process), signal.SIGKILL)
        while not lines[-1].startswith(b"ended"):
            lines.append(self._line())
        assert lines[-1] == b"ended\t%d" % signal.SIGKILL
        account = Account()
        # the last before that is empty, or what it was saying when it was stopped
        for line in lines[:-2]:
            account.hear(*line.split(b"\t"))
        return account

    def _line(self, seconds=None):
        """Give the next line; None when so many seconds have passed without one."""
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            if seconds is not None and not select([pipe], [], [], max(0.0, seconds))[0]:
                return None
            more = os.read(pipe, 1 << 16)
            assert more, "the writer is gone"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def stop_writers(target, seeds, writers, progress=lambda: None):
    """Stop a writer dead for each seed, all on one ledger; check after each; give all said."""
    with Desk.open(target, create=True) as desk:
        found(desk)
    whole = Account()
    for seed in seeds:
        one = writers.stop_one(target, seed)
        one.check(target)
        whole.add(one)
        progress()
    Account(whole.sent, whole.answered).check(target)
    return whole
