"""A folder that a command puts a ledger of its own into: checked before the work, and cleared."""

import os
from collections.abc import Iterable
from pathlib import Path

from detente.errors import InputError

__all__ = ["LEDGER", "check_folder", "cleared"]

LEDGER = "airspace.ledger"
"""What the ledger is called there."""


def check_folder(out: Path, charter: str, what: str, *, again: bool) -> None:
    """Refuse a folder in which something would be lost.

    Parameters
    ----------
    out : the folder; it may be missing where its parent is there.
    charter : the name of the airspace: only a ledger of this name is ever replaced.
    what : makes such ledgers, such as "rehearsal".
    again : replace one.

    Raises
    ------
    InputError : no folder; one that cannot be written; a ledger that would be lost.
    """
    from detente.authority.event import Founded
    from detente.cli.audit import outcome_in, reading

    ledger = out / LEDGER
    folder = out if out.is_dir() else out.parent
    if (out.exists() and not out.is_dir()) or not folder.is_dir():
        raise InputError("no folder", file=str(out), field="out", mend="name one, or make it")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError("nothing may be written there", file=str(folder), field="out")
    if not ledger.exists():
        return
    if not again:
        raise InputError(
            "a ledger is there", file=str(ledger), field="out",
            mend=f"say --again to replace an earlier {what}'s, or name another folder",
        )  # fmt: skip
    with reading(str(ledger)) as opened:
        first = [outcome_in(entry).events[0] for entry in opened.read(0, 1)]
    if first and not (isinstance(first[0], Founded) and first[0].charter.name == charter):
        raise InputError(
            f"not a {what}'s ledger; it is never replaced", file=str(ledger), field="out",
            mend="name another folder",
        )  # fmt: skip


def cleared(out: Path, others: Iterable[str] = ()) -> Path:
    """Make room for a new ledger, and for other files; give the ledger's path."""
    out.mkdir(exist_ok=True)
    ledger = out / LEDGER
    for end in ("", "-wal", "-shm", ".snapshot"):
        ledger.with_name(ledger.name + end).unlink(missing_ok=True)
    for name in others:
        (out / name).unlink(missing_ok=True)
    return ledger
