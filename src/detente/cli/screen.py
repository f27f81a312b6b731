"""Writing for a reader: rich's tables and styles, as wide as the terminal."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["show", "table"]

_WIDTH = 132
"""Columns, where the summary goes to a file or a program."""


def show(draw: Callable[["Console"], None]) -> None:
    """Print what is drawn on a console."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else _WIDTH
    console = Console(width=wide, highlight=False, markup=False, emoji=False)
    # Captured, because rich answers a closed pipe with exit code 1, which means conflicts.
    with console.capture() as text:
        draw(console)
    for line in text.get().splitlines():
        sys.stdout.write(f"{line.rstrip()}\n")


def table(numbers: tuple[str, ...], words: tuple[str, ...]) -> "Table":
    """Make a table with columns of numbers, and then of words."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in numbers:
        made.add_column(name, justify="right", no_wrap=True)
    for name in words:
        made.add_column(name, overflow="fold")
    return made
