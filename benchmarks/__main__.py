"""Measure, with the peers beside it: ``python -m benchmarks [--only day,index] [--quick]``.

Each topic runs in a process of its own. Results are kept in benchmarks/results.json, so that
one topic can be measured again alone, and are written out in benchmarks/RESULTS.md. A quick
run only prints.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.result import Result, machine, read

TOPICS = {
    "day": "A European day, all pairs",
    "scaling": "How the cost grows",
    "index": "A standing index",
    "resolve": "A day planned jointly",
    "authority": "An authority under load",
    "standing": "A million standing intents",
    "replay": "A million events read again",
    "decoders": "Decoding what sensors send",
    "watch": "Ten thousand aircraft, watched",
    "alerts": "Short-term alerts",
    "simulation": "Whole histories, simulated",
    "crash": "Stopped dead under load",
    "service": "The service over HTTP",
    "followers": "Event followers",
    "console": "The console in a browser",
    "timing": "The same answer in two airspaces",
    "accuracy": "Undeclared flights found",
    "matching": "Ten thousand tracks matched",
    "start": "The first call",
    "reference": "Exactness against the independent reference",
    "snapshot": "minisky and bluesky-simulator",
    "traffic_cpa": "traffic's closest_point_of_approach",
}
_HERE = Path(__file__).parent
_KEPT = {True: "yes", False: "NO", None: ""}


def measure(topic: str, quick: bool) -> list[Result]:
    """Run one topic in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.json"
        command = [sys.executable, "-m", f"benchmarks.{topic}", str(out)]
        subprocess.run(command + ["--quick"] * quick, check=True)
        return read(out)


def show(console: Console, topic: str, results: list[Result]) -> None:
    """Print one topic."""
    table = Table(title=TOPICS[topic], title_justify="left", show_lines=True)
    for head in ("What", "Measured", "Target", "Kept", "Note"):
        table.add_column(head)
    for row in results:
        style = "red" if row.kept is False else None
        table.add_row(row.what, row.value, row.target, _KEPT[row.kept], row.note, style=style)
    console.print(table)


def page(kept: dict[str, Any]) -> str:
    """Write the page of results."""
    lines = [
        "# Results",
        "",
        "Written by `make bench`. Warm, reading not counted, unless a row says otherwise.",
        "",
    ]
    for topic, title in TOPICS.items():
        if topic not in kept:
            continue
        entry = kept[topic]
        lines += [
            f"## {title}",
            "",
            f"`benchmarks/{topic}.py`, {entry['date']}.",
            "",
            "| what | measured | target | kept | note |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {r['what']} | {r['value']} | {r['target']} | {_KEPT[r['kept']]} | {r['note']} |"
            for r in entry["results"]
        ]
        lines += [""]
    machines = {json.dumps(entry["machine"]): entry["machine"] for entry in kept.values()}
    lines += ["## The machine", ""]
    for one in machines.values():
        lines += [f"- {name}: {value}" for name, value in one.items()] + [""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Measure what was asked for; 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", help=f"some of {','.join(TOPICS)}", default=",".join(TOPICS))
    parser.add_argument("--quick", action="store_true", help="small inputs; writes nothing")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    unknown = sorted(set(chosen) - set(TOPICS))
    if unknown:
        parser.error(f"no such topic: {', '.join(unknown)}; there are {', '.join(TOPICS)}")
    console = Console()
    store = _HERE / "results.json"
    missed = 0
    for topic in chosen:
        with console.status(f"{TOPICS[topic]} ..."):
            results = measure(topic, arguments.quick)
        show(console, topic, results)
        missed += sum(row.kept is False for row in results)
        if not arguments.quick:
            # Read now and not before: a topic takes minutes, and another run may have written.
            kept = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
            kept[topic] = {
                "date": datetime.now(UTC).date().isoformat(),
                "machine": machine(),
                "results": [asdict(row) for row in results],
            }
            store.write_text(
                json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
            (_HERE / "RESULTS.md").write_text(page(kept), encoding="utf-8")
    console.print(f"{missed} targets missed" if missed else "every target kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
