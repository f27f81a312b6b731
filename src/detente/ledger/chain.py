"""The chain of entries: each one's hash covers its body and the hash before it.

So no entry can be changed, left out, put in or moved without every later hash being wrong.
The hash has no key: whoever may write the file can build a whole new chain. Against that, and
against the last entries being cut off, note the head (position and hash) somewhere else and
give it to :func:`verify`.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from detente.errors import InputError

__all__ = ["GENESIS", "START", "Broken", "Entry", "Head", "extend", "link", "verify"]

_TAG = b"detente ledger entry 1\n"

GENESIS = sha256(b"detente ledger 1\n").digest()
"""What stands before the first entry in place of a hash."""


class Entry(NamedTuple):
    """One entry of a ledger.

    Attributes
    ----------
    position : counted from 1, without a gap.
    hash : 32 bytes, see :func:`link`.
    body : one JSON object, UTF-8; opaque here.
    """

    position: int
    hash: bytes
    body: bytes


Head = tuple[int, bytes]
"""The last entry's position and hash."""

START: Head = (0, GENESIS)
"""The head of an empty ledger."""


class Broken(InputError):  # noqa: N818
    """A ledger that is not what was written: damaged, or edited by hand.

    Parameters
    ----------
    position : the first at which it shows.
    what : what is wrong there.
    file : the ledger, where it is known.
    """

    def __init__(self, position: int, what: str, *, file: str | None = None) -> None:
        self.position = position
        super().__init__(
            f"broken at position {position:,}: {what}",
            file=file,
            mend="keep the file as evidence, and restore a copy that verifies",
        )


def link(previous: bytes, body: bytes) -> bytes:
    """Give an entry's hash: SHA-256 over a tag, the previous hash and the body.

    The tag and the previous hash have fixed lengths and the body is all that follows, so no
    two pairs make the same bytes. The tag keeps this hash apart from any other use of SHA-256
    (an entry's hash is never that of a document). The position needs no place in it: it is
    the number of links from :data:`GENESIS`.

    Parameters
    ----------
    previous : 32 bytes, the hash of the entry before, or GENESIS.
    body : the entry's body.

    >>> link(GENESIS, b"{}").hex()[:16]
    'cc3d3564f706b33e'
    """
    if len(previous) != 32:
        raise ValueError(f"a hash has 32 bytes, not {len(previous)}")
    return sha256(_TAG + previous + body).digest()


def extend(head: Head, bodies: Iterable[bytes]) -> list[Entry]:
    """Give the entries that the bodies become after a head.

    >>> [entry.position for entry in extend(START, [b"{}", b"{}"])]
    [1, 2]
    """
    position, previous = head
    entries = []
    for body in bodies:
        position += 1
        previous = link(previous, body)
        entries.append(Entry(position, previous, body))
    return entries


def verify(entries: Iterable[Entry], after: Head = START, *, noted: Head | None = None) -> Head:
    """Go through entries and check that they are one chain.

    Parameters
    ----------
    entries : in the order of their positions, from the one that follows ``after``.
    after : the head that they continue.
    noted : a head that was noted elsewhere earlier; the chain must pass through it. Only this
        finds a chain that was rebuilt as a whole, or whose end was cut off.

    Returns
    -------
    The head that was reached.

    Raises
    ------
    Broken : with the first position where it breaks, and what is wrong there.

    >>> verify(extend(START, [b"{}", b"{}"]))[0]
    2
    """
    position, previous = after
    tag, hashed = _TAG, sha256
    due, seen = (0, b"") if noted is None else noted
    if noted is not None and due <= position and noted != after:
        raise _not_as_noted(due, position)
    stream = iter(entries)
    for entry in stream:
        if entry[0] != position + 1:
            raise _misplaced(entry[0], position + 1)
        try:
            right = hashed(tag + previous + entry[2]).digest()
        except TypeError as error:
            raise Broken(position + 1, "its body is not bytes") from error
        if right != entry[1]:
            raise _changed(entry, right, next(stream, None))
        position, previous = position + 1, right
        if position == due and previous != seen:
            raise _not_as_noted(due, position)
    if due > position:
        raise Broken(position + 1, f"it ends here, but position {due:,} was noted earlier")
    return position, previous


def _misplaced(found: int, due: int) -> Broken:
    if found > due:
        return Broken(due, f"missing: position {found:,} stands in its place")
    return Broken(due, f"out of order: position {found:,} stands in its place")


def _changed(entry: Entry, right: bytes, following: Entry | None) -> Broken:
    """Say what was changed, from which of the two hashes the next entry was built on."""
    position = entry.position
    if following is not None and following.position == position + 1:
        if following.hash == sha256(_TAG + entry.hash + following.body).digest():
            return Broken(position, "its body was changed, or what stood before it")
        if following.hash == sha256(_TAG + right + following.body).digest():
            return Broken(position, "its hash was changed")
    return Broken(position, f"it does not follow position {position - 1:,}")


def _not_as_noted(due: int, position: int) -> Broken:
    return Broken(min(due, position) or 1, "its hash is not the one that was noted earlier")
