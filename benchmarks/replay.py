"""A ledger of a million entries read again: as a desk does that opens it, and as an audit does."""

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.archive import days, fill
from benchmarks.result import Result, peak_memory, start_peak, write
from detente.cli.audit import audit
from detente.ledger import open_ledger, verify
from detente.ledger.desk import replay

__all__ = ["run"]


def run(quick: bool) -> list[Result]:
    """Write it, and read it in the three ways in which it is read."""
    count = 20_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        target = f"{folder}/ledger"
        events = fill(target, days(count))
        size = Path(target).stat().st_size / events
        with open_ledger(target, read_only=True) as ledger:
            start = time.perf_counter()
            verify(ledger.read())
            chain = time.perf_counter() - start
            start_peak()
            start = time.perf_counter()
            state = replay(ledger.read())
            opened = time.perf_counter() - start
            peak = peak_memory()
            kept = len(state.intents)
            del state
            start = time.perf_counter()
            report = audit(ledger)
            audited = time.perf_counter() - start
        if report.events < events or report.conflicts:
            raise AssertionError(f"{report.events:,} events, {len(report.conflicts)} conflicts")

    def row(what: str, seconds: float, note: str) -> Result:
        speed = events / seconds
        note = f"{seconds:.1f} s; {note}"
        return Result(what, f"{speed:,.0f} events/s", "≥ 50,000/s", speed >= 50_000, note)

    mix = "nine of ten flights accepted, activated and ended, one refused with five alternatives"
    return [
        row(
            f"{events:,} events folded, as a desk does without a snapshot", opened,
            f"read from SQLite, decode, fold; {mix}; {size:.0f} bytes an event; {kept:,} intents "
            f"kept, {peak:,.0f} MB at most",
        ),
        row(
            "the same audited, as `detente ledger verify` does", audited,
            "read, chain, decode, fold, and the rule at its end",
        ),
        Result("the chain alone", f"{events / chain:,.0f} events/s", "", None, "read, SHA-256"),
    ]  # fmt: skip


if __name__ == "__main__":
    write(run("--quick" in sys.argv), sys.argv[1])
