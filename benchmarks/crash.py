"""Writers stopped dead under load, on both backends: what they were answered is there."""

import sys
import tempfile
import time
from collections.abc import Callable

from rich.progress import track
from tests.ledger.outage import Account, Writers, stop_writers
from tests.ledger.server import running_server

from benchmarks.result import Result, write

__all__ = ["run"]

_ON_ONE = 10
"""Writers that are stopped on one ledger; the next begin another."""


def stopped(kind: str, kills: int, target: Callable[[int], str]) -> tuple[Account, float]:
    """Stop so many writers; the checks raise where anything was lost."""
    whole, start = Account(), time.perf_counter()
    with Writers() as writers:
        for n in track(range(kills // _ON_ONE), f"stopping writers, {kind}"):
            seeds = range(n * _ON_ONE, (n + 1) * _ON_ONE)
            whole.add(stop_writers(target(n), seeds, writers))
    return whole, time.perf_counter() - start


def run(quick: bool) -> list[Result]:
    """Stop half of them on SQLite, half on PostgreSQL."""
    kills = 10 if quick else 100
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        embedded = stopped("SQLite", kills, lambda n: f"{folder}/{n}")
    with running_server() as server:
        shared = stopped("PostgreSQL", kills, lambda n: server.url(f"crash_{n}"))
    return [
        Result(
            f"{kills} desks stopped by SIGKILL under load, {kind}: answers lost", "0", "0", True,
            f"{len(account.answered):,} answers given again byte for byte; of "
            f"{account.there + account.lost:,} commands under way {account.there:,} had been "
            f"written, whole, and {account.lost:,} not at all; chain and rule checked after each; "
            f"{seconds:.0f} s",
        )
        for kind, (account, seconds) in (("SQLite", embedded), ("PostgreSQL", shared))
    ]  # fmt: skip


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
