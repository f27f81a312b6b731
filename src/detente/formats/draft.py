"""Writing a file whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from detente.errors import InputError

__all__ = ["draft"]


@contextmanager
def draft(path: Path, suffixes: Sequence[str]) -> Iterator[Path]:
    """Give a name beside ``path`` to write to; it takes the real name only when all went well.

    Parameters
    ----------
    path : where the file is to stand.
    suffixes : the endings that are known.

    Raises
    ------
    InputError : another ending, no such directory, or it cannot be written there.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(
            f"cannot write a file ending in {path.suffix!r}",
            file=str(path),
            mend=f"end it in {', '.join(suffixes)}",
        )
    if not path.parent.is_dir():
        raise InputError("no such directory", file=str(path.parent), mend="make it first")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error}", file=str(path)) from error
    finally:
        beside.unlink(missing_ok=True)
