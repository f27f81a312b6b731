"""The ledger: the append-only, hash-chained log of what was filed, decided and said."""

from detente.ledger.chain import GENESIS, START, Broken, Entry, Head, link, verify
from detente.ledger.log import Ledger, Overtaken, Unavailable
from detente.ledger.memory import MemoryLedger
from detente.ledger.opening import open_ledger

__all__ = [
    "GENESIS",
    "START",
    "Broken",
    "Entry",
    "Head",
    "Ledger",
    "MemoryLedger",
    "Overtaken",
    "Unavailable",
    "link",
    "open_ledger",
    "verify",
]
