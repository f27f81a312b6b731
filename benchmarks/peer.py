"""Run a peer in the peers' own locked environment (benchmarks/peers) and in its own process."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

__all__ = ["Pairs", "answer", "run_peer"]

Pairs = set[tuple[str, str]]
_PROJECT = Path(__file__).parent / "peers"


def _uv() -> str:
    own = sorted(Path(".uv").glob("*/bin/uv"))
    found = shutil.which("uv") or (str(own[-1]) if own else None)
    if found is None:
        raise FileNotFoundError("uv is needed for the peers' environment: install it, or make test")
    return found


def run_peer(script: str, *args: object) -> None:
    """Run ``benchmarks/peers/<script>``; its environment is made on first use."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command = [_uv(), "run", "--quiet", "--locked", "--project", str(_PROJECT), "python"]
    done = subprocess.run(
        [*command, str(_PROJECT / script), *map(str, args)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def answer(pairs: Path, times: Path) -> tuple[Pairs, dict[str, Any]]:
    """Read what a peer found and how long it took."""
    table = pq.read_table(pairs)
    found = set(zip(table["a"].to_pylist(), table["b"].to_pylist(), strict=True))
    measured: dict[str, Any] = json.loads(times.read_text(encoding="utf-8"))
    return found, measured
