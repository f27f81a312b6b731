"""Where a command writes: checked before the work."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from detente.errors import InputError

__all__ = ["FORMATS", "check_destination"]

FORMATS = (".parquet", ".csv", ".geojson")
"""The endings of what :mod:`detente.formats` writes."""


def check_destination(
    path: Path | None, option: str, endings: Sequence[str], taken: Iterable[Path | None] = ()
) -> None:
    """Refuse a file that could not be written, before an hour is spent on what goes into it.

    Parameters
    ----------
    path : the file to be written, or None for none.
    option : the option that named it.
    endings : the file name endings that are known, with their dots.
    taken : files that it must not replace: the inputs, and the other outputs.

    Raises
    ------
    InputError : an unknown ending, a missing or closed folder, a folder in the file's place,
        or one of ``taken``.
    """
    if path is None:
        return

    def refuse(what: str, mend: str) -> InputError:
        return InputError(what, file=str(path), field=option, mend=mend)

    if path.suffix.lower() not in endings:
        raise refuse(
            f"no format is known for the ending {path.suffix!r}", f"use {', '.join(endings)}"
        )
    folder = path.parent
    if not folder.is_dir():
        raise refuse(f"there is no folder {str(folder)!r}", "make it first")
    if path.is_dir():
        raise refuse("it is a folder", "name a file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise refuse(f"nothing may be written in {str(folder)!r}", "choose another folder")
    if any(other is not None and path.resolve() == other.resolve() for other in taken):
        raise refuse("it is named twice in this command", "choose another name")
