"""Conflicts: broad phase, exact phase, and the standing index."""

from detente.detect.detection import detect_conflicts
from detente.detect.index import Index

__all__ = ["Index", "detect_conflicts"]
