"""Opening a ledger by its name: a file, or a PostgreSQL database."""

from os import PathLike

from detente.ledger.log import Ledger

__all__ = ["open_ledger"]


def open_ledger(
    target: str | PathLike[str], *, create: bool = False, read_only: bool = False
) -> Ledger:
    """Open a ledger.

    Parameters
    ----------
    target : the path of an SQLite file, or a ``postgresql://`` URL (see
        :class:`~detente.ledger.postgres.PostgresLedger` for its options).
    create : make it where there is none yet.
    read_only : open it for reading only; it must be there.

    Raises
    ------
    InputError : there is none, it is no ledger, it was written by a newer Detente, it cannot
        be written, or it cannot be reached.

    >>> open_ledger("no/such.ledger")
    Traceback (most recent call last):
    detente.errors.InputError: no/such.ledger: no such ledger; check the path, or create it first
    """
    if create and read_only:
        raise ValueError("a ledger is created to be written: either create or read_only")
    if isinstance(target, str) and target.startswith(("postgresql://", "postgres://")):
        from detente.ledger.postgres import PostgresLedger

        return PostgresLedger(target, create=create, read_only=read_only)
    from detente.ledger.sqlite import SqliteLedger

    return SqliteLedger(target, create=create, read_only=read_only)
