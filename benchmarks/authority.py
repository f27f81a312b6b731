"""Decisions a second, durable: many who file at once in one place, on SQLite and PostgreSQL."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
from tests.ledger.server import running_server

from benchmarks.filings import across, founding, lanes, tiles
from benchmarks.result import Result, write
from detente.authority.command import Command, File
from detente.ledger.desk import Desk

__all__ = ["run"]

THREADS = 64
_WARM = 400
_DISK = Path("/var/tmp")  # where /tmp is in memory, this is not


def served(desk: Desk, filings: Sequence[Command], threads: int) -> tuple[float, Counter[str]]:
    """Let threads file all, each one after the other; give seconds and the answers' states."""
    rest, states = iter(filings), list[Counter[str]]()

    def work() -> None:
        states.append(Counter(desk.submit(command).contents[0].state.value for command in rest))

    clerks = [Thread(target=work) for _ in range(threads)]
    start = time.perf_counter()
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return time.perf_counter() - start, sum(states, Counter[str]())


@contextmanager
def ledger() -> Iterator[str]:
    """Give where a new ledger may be: on a disk."""
    with tempfile.TemporaryDirectory(dir=_DISK) as folder:
        yield f"{folder}/ledger"


def begin(desk: Desk, warm: Sequence[Command]) -> None:
    """Found the airspace, and file some, so that all is compiled and loaded."""
    for command in [*founding(), *warm]:
        desk.submit(command)


def rate(filings: Sequence[File], refused: int = 0) -> float:
    """Give decisions a second, on a ledger of its own."""
    with ledger() as target, Desk.open(target, create=True) as desk:
        begin(desk, filings[:_WARM])
        seconds, states = served(desk, filings[_WARM:], THREADS)
    expected = Counter(accepted=len(filings) - _WARM - refused, refused=refused)
    if states != +expected:
        raise AssertionError(f"{states}, not {expected}")
    return (len(filings) - _WARM) / seconds


def latency(filings: Sequence[File]) -> tuple[float, float]:
    """Give the median and the 99th percentile of one writer's wait for an answer, in ms."""
    taken = np.empty(len(filings) - _WARM)
    with ledger() as target, Desk.open(target, create=True) as desk:
        begin(desk, filings[:_WARM])
        for k, command in enumerate(filings[_WARM:]):
            start = time.perf_counter()
            desk.submit(command)
            taken[k] = time.perf_counter() - start
    return float(np.median(taken)) * 1e3, float(np.percentile(taken, 99)) * 1e3


def disk() -> float:
    """Give the median milliseconds in which the disk makes 4 KiB durable."""
    taken = []
    with tempfile.TemporaryFile(dir=_DISK) as file:
        for _ in range(200):
            os.write(file.fileno(), b"x" * 4096)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - start)
    return float(np.median(taken)) * 1e3


def shared(count: int, processes: int) -> float:
    """Give decisions a second of several processes on one PostgreSQL ledger, neighbours apart."""
    with running_server() as server:
        target = server.url()
        with Desk.open(target, create=True) as desk:
            begin(desk, ())
        clerks = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.authority", "--clerk", target, str(count),
                 f"{k}/{processes}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for k in range(processes)
        ]  # fmt: skip
        for clerk in clerks:
            assert clerk.stdout is not None
            clerk.stdout.readline()
        start = time.perf_counter()
        for clerk in clerks:
            assert clerk.stdin is not None
            clerk.stdin.write("go\n")
            clerk.stdin.flush()
        said = [Counter[str](json.loads(clerk.stdout.readline())) for clerk in clerks]
        seconds = time.perf_counter() - start
        for clerk in clerks:
            clerk.wait()
    total = sum(said, Counter[str]())
    if total != Counter(accepted=count - _WARM * processes):
        raise AssertionError(f"{total} of {count:,}")
    return (count - _WARM * processes) / seconds


def clerk(target: str, count: int, share: str) -> None:
    """File a share of the lanes from this process."""
    k, of = map(int, share.split("/"))
    filings = lanes(count)[k::of]
    desk = Desk.open(target)
    for command in filings[:_WARM]:
        desk.submit(command)
    print("ready", flush=True)
    sys.stdin.readline()
    _, states = served(desk, filings[_WARM:], THREADS // of)
    print(json.dumps(states), flush=True)


def run(quick: bool) -> list[Result]:
    """Measure each case on ledgers of its own."""
    count, runs = (1_400, 1) if quick else (8_400, 3)

    refused = (count - _WARM) // 10
    cases = [(lanes(count), 0), (tiles(count), 0), (across(count), 0),
             (lanes(count, taken=10), refused)]  # fmt: skip
    # in turns, so that a slow minute of the machine is not one case's alone
    rates = [[rate(*case) for case in cases] for _ in range(runs)]
    dense, volumes, spread, refusals = map(max, zip(*rates, strict=True))
    both = shared(count, 2)
    middle, high = latency(lanes(1_400))
    kind = f"{THREADS} threads file {count - _WARM:,} flights, SQLite; best of {runs}"
    return [
        Result(
            "decisions in one place of 5 km by 1 km: trajectories", f"{dense:,.0f}/s",
            "≥ 2,000/s", dense >= 2_000,
            f"{kind}; six fixes each, up to 800 at a time, neighbours 10 cm or 0 ft clear of "
            "the minima; an answer only after fsync",
        ),
        Result(
            "the same: volumes", f"{volumes:,.0f}/s", "≥ 2,000/s", volumes >= 2_000,
            "in 5 km by 5 km, one volume each: squares that share edges, circles that touch",
        ),
        Result(
            "spread over a country", f"{spread:,.0f}/s", "≥ in one place, within 5 %",
            spread >= 0.95 * dense, "900 km by 600 km, a day; trajectories",
        ),
        Result(
            "in one place, every tenth refused with alternatives", f"{refusals:,.0f}/s", "", None,
            "up to 5 each, of 549 points of the grid",
        ),
        Result(
            "one writer alone, from filing to answer: median", f"{middle:.2f} ms", "", None,
            f"99th percentile {high:.2f} ms; of which the disk's own fsync of 4 KiB "
            f"{disk():.2f} ms",
        ),
        Result(
            "in one place, PostgreSQL, two processes", f"{both:,.0f}/s", "≥ 800/s", both >= 800,
            f"{THREADS // 2} threads each; each folds what the other wrote; neighbours are filed "
            "in different processes",
        ),
        Result(
            "InterUSS DSS, all flights in one S2 cell", "2 to 8/s", "", None,
            "as its issue tracker reports (interuss/dss #1512); not measured here",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "--clerk":
        clerk(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        write(run("--quick" in sys.argv), sys.argv[1])
