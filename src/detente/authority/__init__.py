"""The authority: parties file, it decides; it keeps them apart and tells each what it must.

Pure: ``decide(state, command) -> events`` and ``evolve(state, event) -> state``; no clock, no
chance, no disk. Whoever keeps the ledger calls it.
"""

from detente.authority.charter import Charter, Grid
from detente.authority.command import Command, decode_command, encode_command
from detente.authority.decision import decide, outcome_of, repeated
from detente.authority.disclosure import Notice, View, told, view
from detente.authority.event import Event
from detente.authority.evolution import evolve, fold
from detente.authority.extent import Extent, Path4D, Volume4D, path_of, volume4d_of
from detente.authority.outcome import Outcome, decode_outcome, encode_outcome
from detente.authority.register import AUTHORITY, Effect, IntentState, Sharing
from detente.authority.rejection import Rejected
from detente.authority.reporting import reports
from detente.authority.state import State, Tables

__all__ = [
    "AUTHORITY",
    "Charter",
    "Command",
    "Effect",
    "Event",
    "Extent",
    "Grid",
    "IntentState",
    "Notice",
    "Outcome",
    "Path4D",
    "Rejected",
    "Sharing",
    "State",
    "Tables",
    "View",
    "Volume4D",
    "decide",
    "decode_command",
    "decode_outcome",
    "encode_command",
    "encode_outcome",
    "evolve",
    "fold",
    "outcome_of",
    "path_of",
    "repeated",
    "reports",
    "told",
    "view",
    "volume4d_of",
]
