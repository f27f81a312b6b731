"""One measured figure, with its target beside it; and the machine it was measured on."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

__all__ = ["Result", "best", "machine", "peak_memory", "read", "start_peak", "write"]

T = TypeVar("T")


@dataclass(frozen=True)
class Result:
    """A row of the table.

    ``kept`` is None where the figure has no target: a peer's, or one that explains another.
    """

    what: str
    value: str
    target: str = ""
    kept: bool | None = None
    note: str = ""


def write(results: list[Result], path: str) -> None:
    """Hand results to the runner."""
    Path(path).write_text(json.dumps([asdict(r) for r in results]), encoding="utf-8")


def read(path: Path) -> list[Result]:
    """Take results from a topic's process."""
    return [Result(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def best(function: Callable[[], T], runs: int = 5) -> tuple[float, float, T]:
    """Run warm and give the least seconds, the median, and the last answer."""
    answer = function()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = function()
        seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds), answer


def start_peak() -> None:
    """Begin anew to record this process's largest resident memory (Linux, proc(5))."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory() -> float:
    """Give the largest resident memory since :func:`start_peak`, in MB of 1e6 bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise OSError("this system does not report VmHWM")


def machine() -> dict[str, str]:
    """Say what this ran on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        fields = dict(
            (part.strip() for part in line.split(":", 1))
            for line in info.read_text(encoding="utf-8").splitlines()
            if ":" in line
        )
        cpu = (
            f"{fields.get('model name', cpu)}, family {fields.get('cpu family', '?')}, "
            f"model {fields.get('model', '?')}"
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    packages = []
    for name in ("numpy", "numba", "llvmlite", "pyarrow", "shapely", "pyproj"):
        try:
            packages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            packages.append(f"{name} not installed")
    return {
        "Processor": cpu,
        "Cores": str(len(os.sched_getaffinity(0))),
        "Memory": f"{memory:.0f} GB",
        "System": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
        "Libraries": ", ".join(packages),
    }
