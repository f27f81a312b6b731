"""The line before a desk: everybody is served, once, in order, whatever befalls who serves."""

from threading import Lock, Thread, get_ident
from time import monotonic, sleep

import pytest

from detente.ledger.line import Line


class Counter:
    """Where a line is served; ``before`` may hold up or end the one who serves."""

    def __init__(self, before=lambda batch: None, most=4):
        self.free, self.batches, self.before, self.rests = Lock(), [], before, 0
        self.line = Line(lambda: self.free, self.serve, self.rest, most)

    def serve(self, batch):
        assert self.free.locked()
        self.batches.append(list(batch))
        self.before(batch)

    def rest(self):
        self.rests += 1
        return False

    @property
    def served(self):
        return [item for batch in self.batches for item in batch]


def waiting(counter, items, count):
    """Let threads wait while the desk is taken, each behind the one before; give them."""
    threads = []
    for k in range(count):
        thread = Thread(target=counter.line.wait, args=(items(k),), daemon=True)
        thread.start()
        threads.append(thread)
        until(lambda: len(counter.line) == sum(len(items(j)) for j in range(k + 1)))  # noqa: B023
    return threads


def until(holds):
    due = monotonic() + 10
    while not holds():
        assert monotonic() < due
        sleep(0.001)


def joined(threads):
    for thread in threads:
        thread.join(10)
    return not any(thread.is_alive() for thread in threads)


def test_those_who_wait_are_served_together_in_order():
    counter = Counter()
    with counter.free:
        threads = waiting(counter, lambda k: [k], 10)
    assert joined(threads)
    assert counter.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert len(counter.line) == 0
    assert counter.rests == 3  # what is left to do is not put off until nobody waits


def test_one_who_brings_many_is_served_in_as_many_turns():
    counter = Counter()
    with counter.free:
        threads = waiting(counter, lambda k: [f"{k}.{n}" for n in range(6)], 2)
    assert joined(threads)
    assert counter.served == [f"{k}.{n}" for k in range(2) for n in range(6)]
    counter.line.wait([])


def test_under_load_everybody_is_served_once():
    counter = Counter(before=lambda batch: sleep(0.0005))
    done = []

    def work(k):
        for n in range(50):
            counter.line.wait([(k, n)])
            done.append((k, n))

    threads = [Thread(target=work, args=(k,), daemon=True) for k in range(16)]
    for thread in threads:
        thread.start()
    assert joined(threads)
    assert sorted(counter.served) == sorted(done) == [(k, n) for k in range(16) for n in range(50)]
    assert len(counter.batches) < 400
    for k in range(16):
        assert [n for one, n in counter.served if one == k] == list(range(50))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_who_is_ended_while_serving_leaves_the_rest_to_the_next():
    ended = []

    def end(batch):
        if not ended:
            ended.append(get_ident())
            raise SystemExit

    counter = Counter(before=end)
    with counter.free:
        threads = waiting(counter, lambda k: [(k, n) for n in range(3)], 4)
    assert joined(threads)
    assert ended[0] in [thread.ident for thread in threads]
    # the rest of its own was not served by anybody
    assert counter.served == [(0, 0), (0, 1), (0, 2), (1, 0), *((k, n) for k in range(1, 4)
                              for n in range(3) if (k, n) != (1, 0))]  # fmt: skip
    counter.line.wait(["next"])
    assert counter.served[-1] == "next"


def test_one_who_is_interrupted_while_it_waits_holds_up_nobody(monkeypatch):
    counter = Counter()
    with counter.free:
        threads = waiting(counter, lambda k: [k], 2)

        class Interrupted:
            """A lock on which somebody waits who presses the keys."""

            def __init__(self):
                self.real = Lock()
                self.times = 0

            def acquire(self, blocking=True):
                self.times += 1
                if self.times == 2:
                    raise KeyboardInterrupt
                return self.real.acquire(blocking)

            def release(self):
                self.real.release()

        monkeypatch.setattr("detente.ledger.line.Lock", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            counter.line.wait(["gone"])
        monkeypatch.undo()
    assert joined(threads)
    assert counter.served == [0, 1]
    counter.line.wait(["next"])
    assert counter.served[-1] == "next"
