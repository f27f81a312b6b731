"""Conflicts: broad phase, exact phase, and the standing indexes."""

from detente.detect.detection import detect_conflicts
from detente.detect.index import Index
from detente.detect.volumes import VolumeIndex

__all__ = ["Index", "VolumeIndex", "detect_conflicts"]
