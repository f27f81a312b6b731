"""A million standing intents: a decision, memory, and a restart from a snapshot."""

import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.archive import fill, standing
from benchmarks.filings import across
from benchmarks.result import Result, write
from detente.authority import outcome_of
from detente.ledger.desk import Desk

__all__ = ["run"]

_ASKED = 1_000


def opened(target: str) -> dict[str, float]:
    """Open a ledger in a fresh process, decide, and close it: seconds, MB and µs."""
    filings = across(_ASKED, 3, fixes=3)
    before = _resident()
    start = time.perf_counter()
    desk = Desk.open(target)
    state = desk.state
    outcome_of(state, filings[0])  # lays out what stands
    taken = {"open": time.perf_counter() - start, "memory": _resident() - before}
    each = np.empty(_ASKED)
    for k, filed in enumerate(filings):
        begun = time.perf_counter()
        outcome_of(state, filed)
        each[k] = time.perf_counter() - begun
    taken |= {"decision": float(np.median(each)) * 1e6, "intents": len(state.intents)}
    taken["high"] = float(np.percentile(each, 99)) * 1e6
    begun = time.perf_counter()
    desk.submit(filings[0])
    taken["submit"] = (time.perf_counter() - begun) * 1e3
    start = time.perf_counter()
    desk.close()
    return taken | {"close": time.perf_counter() - start}


def run(quick: bool) -> list[Result]:
    """Measure at 10,000 and at 1,000,000, each in processes of their own."""
    few, many = (1_000, 20_000) if quick else (10_000, 1_000_000)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        small = _measured(f"{folder}/few", few)[-1]
        large, again = _measured(f"{folder}/many", many)
        size = Path(f"{folder}/many.snapshot").stat().st_size
    factor = again["decision"] / small["decision"]
    name = f"{many:,} standing intents of three fixes"
    return [
        Result(
            f"a decision among {name}: median", f"{again['decision']:.0f} µs",
            f"≤ 2 times that among {few:,}", factor <= 2.0,
            f"{factor:.2f} times the {small['decision']:.0f} µs among {few:,}; 99th percentiles "
            f"{again['high']:.0f} and {small['high']:.0f} µs; without the append",
        ),
        Result(
            "memory of one", f"{again['memory'] * 1e6 / many:,.0f} bytes", "", None,
            f"resident, {again['memory']:,.0f} MB in all: its intent, the answer that is kept, "
            "and the index",
        ),
        Result(
            f"restart with {many:,} from a snapshot", f"{again['open']:.1f} s", "≤ 15 s",
            again["open"] <= 15.0,
            f"until the first decision; {size / 1e6:,.0f} MB; without one {large['open']:.1f} s; "
            f"to write one {large['close']:.1f} s",
        ),
    ]  # fmt: skip


def _measured(target: str, count: int) -> list[dict[str, float]]:
    """Open a ledger of so many twice: without a snapshot, and with the one that was kept."""
    with get_context("spawn").Pool(1, maxtasksperchild=1) as fresh:
        fresh.apply(_fill, (target, count))
        found: Any = [fresh.apply(opened, (target,)) for _ in range(2)]
    return list(found)


def _fill(target: str, count: int) -> None:
    fill(target, standing(count))
    Path(f"{target}.snapshot").unlink()


def _resident() -> float:
    """Give this process's resident memory in MB of 1e6 bytes (Linux, proc(5))."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
