"""The record: who said what of a flight or an event, and what stands. Pure."""

from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Position, Speaker, Statement, Subject, SubjectKind

__all__ = [
    "Grade",
    "Occurrence",
    "Position",
    "Speaker",
    "Statement",
    "Subject",
    "SubjectKind",
]
