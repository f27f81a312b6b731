"""A progress bar: on stderr, and only where somebody watches; and how long work takes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.resolve.seat import Progress as Standing

__all__ = ["progress", "standing", "timed"]

Progress = Callable[[int, int], None]


@contextmanager
def progress(title: str) -> Iterator[Progress | None]:
    """Show a bar while the work lasts; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Bars(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


@contextmanager
def standing(title: str) -> Iterator["Callable[[Standing], None] | None"]:
    """Show how far a search is, while it lasts; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True, markup=False).status(title) as line:

        def tell(now: "Standing") -> None:
            left = f"{now.conflicts:,} conflicts left, cost {now.cost:,}, {now.seconds:.0f} s"
            line.update(f"{title}: {now.stage}: {left}")

        yield tell


@contextmanager
def timed(seconds: dict[str, float], what: str) -> Iterator[None]:
    """Note how long the work took, in seconds, under its name."""
    start = perf_counter()
    yield
    seconds[what] = perf_counter() - start
