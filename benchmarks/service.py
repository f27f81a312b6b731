"""The service over HTTP: decisions and reads a second, and ten times more than it can do."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table
from tests.api.crashing import charter_file, crash
from tests.api.service import Service, running_service
from tests.ledger.server import running_server

from benchmarks.filings import CHARTER, NOON, PARTIES, lanes
from benchmarks.load import Answers, Load, loading, request
from benchmarks.result import Result, write
from detente.authority import Path4D
from detente.authority.command import File

__all__ = ["run"]

CLIENTS = 64
_WARM = 400
_CROWD = 2_000
"""Connections that ask for more than can be done."""
_TIMES = 10
_BOUND, _CALM = 2_000.0, 500.0
"""Milliseconds, in an overload and after it."""
_CONFIG = """
[limits]
requests = 100000000
open_intents = 100000000
"""


class City:
    """A service in which the parties of the filings may file, and whoever sends it load."""

    def __init__(self, service: Service, load: Load) -> None:
        self._load = load
        self._tokens = {party: service.token("party", party) for party in PARTIES}
        self._later = datetime.now(UTC).replace(microsecond=0) - NOON

    def file(self, filings: list[File], clients: int = CLIENTS, *, rate: float = 0.0) -> Answers:
        """File all."""
        return self._load.send([self._filing(one) for one in filings], clients, rate=rate)

    def read(self, filings: list[File]) -> Answers:
        """Let each party read what it filed."""
        asked = [
            request("GET", f"/v1/intents/{one.intent}", self._tokens[one.by]) for one in filings
        ]
        return self._load.send(asked, CLIENTS)

    def _filing(self, filing: File) -> bytes:
        extent = filing.extent
        assert isinstance(extent, Path4D)
        moved = msgspec.structs.replace(extent, start=extent.start + self._later)
        return request(
            "PUT", f"/v1/intents/{filing.intent}", self._tokens[filing.by],
            msgspec.json.encode({"extent": moved}), filing.key,
        )  # fmt: skip


@contextmanager
def city(warm: list[File]) -> Iterator[City]:
    """Run one, its ledger on a disk, one process; some flights are filed."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        options = ["--create", "--port", "0", "--charter", charter_file(folder, CHARTER)]
        with (
            running_service(folder, config=_CONFIG, options=options) as service,
            loading(service.url) as load,
        ):
            service.register(*PARTIES, highest="state")
            begun = City(service, load)
            answered(begun.file(warm))
            yield begun


def answered(answers: Answers) -> Answers:
    """See that every request was answered as it should be."""
    if set(answers.status.tolist()) != {200}:
        raise AssertionError(np.unique(answers.status, return_counts=True))
    return answers


def speed(count: int, runs: int) -> tuple[list[Answers], list[Answers]]:
    """File in a dense place, and read, in turns; give the answers of each run."""
    filings = lanes(_WARM + count * runs)
    filed, read = [], []
    with city(filings[:_WARM]) as place:
        for k in range(runs):
            part = filings[_WARM + k * count : _WARM + (k + 1) * count]
            filed.append(answered(place.file(part)))
            read.append(answered(place.read(part)))
    return filed, read


class Seconds:
    """What one second of an overload was like."""

    def __init__(self, phase: str, offered: float, answers: Answers) -> None:
        self.phase, self.offered = phase, offered
        self.decided = answers.where(answers.status == 200)
        self.turned = answers.where((answers.status == 503) | (answers.status == 429))
        self.wrong = len(answers) - len(self.decided) - len(self.turned)


def overload(seconds: int) -> tuple[float, list[Seconds]]:
    """Offer half of what can be done, then ten times as much, then half again.

    Returns
    -------
    what can be done, decisions a second; what each second was like.
    """
    warm, told, done = lanes(_WARM), [], 0
    with city(warm) as place:

        def some(count: int) -> list[File]:
            nonlocal done
            done += count
            return _mixed(lanes(_WARM + done)[-count:], warm)

        able = answered(place.file(some(2_000))).rate
        for phase, rate in (
            ("before", able / 2), ("during", able * _TIMES), ("after", able / 2),
        ):  # fmt: skip
            answers = place.file(some(round(rate * seconds)), _CROWD, rate=rate)
            # by when it was sent
            told += [
                Seconds(phase, rate, answers.where((answers.sent >= k) & (answers.sent < k + 1)))
                for k in range(seconds)
            ]
    return able, told


def _mixed(filings: list[File], taken: list[File]) -> list[File]:
    """Have every other be filed where another party's flight is: the dearest decision there is."""
    others = dict(zip(PARTIES, PARTIES[1:] + PARTIES[:1], strict=True))
    return [
        msgspec.structs.replace(filing, extent=there.extent, by=others[there.by])
        if k % 2
        else filing
        for k, (filing, there) in enumerate(zip(filings, cycle(taken), strict=False))
    ]


def show(told: list[Seconds]) -> None:
    """Print an overload, a line for each second."""
    table = Table(title="Ten times what it can do, by the second in which it was sent")
    heads = ("", "offered/s", "decided", "p50 ms", "p99 ms", "turned away", "p50 ms", "p99 ms")
    for head in heads:
        table.add_column(head, justify="right")
    for one in told:
        cells = [one.phase, f"{one.offered:,.0f}"]
        for part in (one.decided, one.turned):
            cells.append(f"{len(part):,}")
            cells += [f"{part.percentile(p):.0f}" if len(part) else "" for p in (50, 99)]
        table.add_row(*cells)
    Console(stderr=True).print(table)


def stopped(kind: str, directory: str, ledger: str, processes: int, rounds: int) -> Result:
    """Stop servers dead under load; the checks raise where anything was lost."""
    start = time.perf_counter()
    witnesses, killed = crash(directory, ledger, processes=processes, rounds=rounds, seed=1)
    return Result(
        f"{killed} servers stopped by SIGKILL under load, {kind}: answers lost", "0", "0", True,
        f"{len(witnesses.answered):,} answers given again byte for byte, {witnesses.cut.total():,} "
        f"times asked again before; chain and rule checked; {time.perf_counter() - start:.0f} s",
    )  # fmt: skip


def run(quick: bool) -> list[Result]:
    """Measure each case on a service of its own."""
    count, runs, seconds, rounds = (1_500, 1, 3, 2) if quick else (8_000, 3, 8, 20)
    filed, read = speed(count, runs)
    held = waited(count)
    able, told = overload(seconds)
    show(told)
    with tempfile.TemporaryDirectory() as folder:
        crashes = [stopped("SQLite, one process", folder, "airspace.ledger", 1, rounds)]
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        crashes += [
            stopped("PostgreSQL, four processes", folder, server.url("crash"), 4, (rounds + 4) // 5)
        ]
    best, reads = max(filed, key=_rate), max(read, key=_rate)
    return [
        Result(
            "decisions over HTTP in one place of 5 km by 1 km", f"{best.rate:,.0f}/s",
            "≥ 1,000/s", best.rate >= 1_000,
            f"{CLIENTS} clients, each of which files the next when it has its answer; {count:,} "
            f"flights, SQLite, one process, durable; best of {runs}",
        ),
        Result(
            "the same: 99th percentile", f"{best.percentile(99):.1f} ms", "≤ 50 ms",
            best.percentile(99) <= 50.0, f"median {best.percentile(50):.1f} ms",
        ),
        Result(
            "1,000 offered a second: 99th percentile", f"{held.percentile(99):.1f} ms", "", None,
            f"over {CLIENTS} connections, whether or not answers keep up; median "
            f"{held.percentile(50):.1f} ms; {held.rate:,.0f}/s were sent",
        ),
        Result(
            "a party reads one of its intents", f"{reads.rate:,.0f}/s", "≥ 5,000/s",
            reads.rate >= 5_000,
            f"{CLIENTS} clients; 99th percentile {reads.percentile(99):.1f} ms",
        ),
        *overloaded(able, told),
        *crashes,
    ]  # fmt: skip


def waited(count: int) -> Answers:
    """Offer 1,000 decisions a second."""
    filings = lanes(_WARM + count)
    with city(filings[:_WARM]) as place:
        return answered(place.file(filings[_WARM:], rate=1_000.0))


def overloaded(able: float, told: list[Seconds]) -> list[Result]:
    """Say in a few figures what an overload was like."""
    during = [one for one in told if one.phase == "during"]
    last = told[-1]
    worst = max(one.decided.percentile(99) for one in during)
    decided = sum(len(one.decided) for one in during) / len(during)
    turned = sum(len(one.turned) for one in during) / len(during)
    away = [one.turned.percentile(p) for p in (50, 99) for one in during if len(one.turned)]
    wrong = sum(one.wrong for one in told)
    calm = next(
        (k for k, one in enumerate(one for one in told if one.phase == "after")
         if not len(one.turned) and one.decided.percentile(99) <= _CALM),
        None,
    )  # fmt: skip
    return [
        Result(
            f"{_TIMES} times what it can do: the 99th percentile of what is decided",
            f"{worst:,.0f} ms", f"≤ {_BOUND:,.0f} ms", worst <= _BOUND,
            f"the worst second; it can do {able:,.0f}/s, every other flight refused with "
            f"alternatives; while {able * _TIMES:,.0f}/s were offered over {_CROWD:,} connections, "
            f"{decided:,.0f}/s were decided and {turned:,.0f}/s turned away; what found no free "
            "connection was not sent",
        ),
        Result(
            "the same: what is turned away, median", f"{np.median(away[: len(away) // 2]):,.0f} ms",
            "", None,
            f"503; the 99th percentile of the worst second {max(away):,.0f} ms; client and server "
            f"share the machine; answered otherwise: {wrong}",
        ),
        Result(
            "the same: calm again after", "never" if calm is None else f"{calm + 1} s", "≤ 3 s",
            calm is not None and calm < 3 and not wrong,
            f"nothing turned away, and within {_CALM:,.0f} ms; in the last second "
            f"{last.decided.percentile(99):,.0f} ms",
        ),
    ]  # fmt: skip


def _rate(answers: Answers) -> float:
    return answers.rate


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
