"""A process in which many file at one desk until it is killed; it prints what it is answered.

Run, it loads and compiles everything and opens nothing. For each line "TARGET SEED" that it is
given it forks such a process, and says when that has ended.
"""

import os
import sys
from threading import Event, Lock, Thread
from time import sleep

import msgspec

from detente.authority import encode_command
from detente.ledger import MemoryLedger, Unavailable
from detente.ledger.desk import Desk
from tests.ledger.pilot import PARTIES, Pilot, found

PILOTS = 8


class Crew:
    """Several pilots at one desk, each in a thread of its own.

    Parameters
    ----------
    say : is given, one at a time, ``(b"sent", command)`` before a command is sent, and
        ``(b"answered", command, answer)`` after, as JSON.
    """

    def __init__(self, desk, seed, say, pilots=PILOTS):
        self._desk, self._say, self._lock, self._stop = desk, say, Lock(), Event()
        self.tried_again = 0
        self._threads = [
            Thread(target=self._work, args=(Pilot(f"{seed}-{k}", PARTIES[k % 4], seed),))
            for k in range(pilots)
        ]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, pilot):
        while not self._stop.is_set():
            command = pilot.draw()
            body = encode_command(command)
            self._tell(b"sent", body)
            answer = self._submitted(command)
            self._tell(b"answered", body, msgspec.json.encode(answer))
            pilot.hear(command, answer)

    def _submitted(self, command):
        while True:
            try:
                return self._desk.submit(command)
            except Unavailable:
                self.tried_again += 1
                sleep(0.02)

    def _tell(self, *words):
        with self._lock:
            self._say(words)


def _print(words):
    line = b"\t".join(words) + b"\n"
    while line:
        line = line[os.write(1, line) :]


def _warm():
    with Desk(MemoryLedger()) as desk:
        found(desk)
        pilots = [Pilot(party, party, 0) for party in PARTIES]
        for k in range(200):
            pilot = pilots[k % 4]
            command = pilot.draw()
            pilot.hear(command, desk.submit(command))


if __name__ == "__main__":
    _warm()
    _print([b"ready"])
    for line in sys.stdin:
        target, seed = line.split()
        child = os.fork()
        if not child:
            Crew(Desk.open(target), seed, _print).start()
            sleep(60)
            os._exit(1)
        _print([b"begun", b"%d" % child])
        _, status = os.waitpid(child, 0)
        # what it was printing when it died may lack its end
        _print([b"\nended", b"%d" % status])
