"""Manoeuvres, and the search over them for a plan in which nothing conflicts."""

from detente.resolve.alternatives import Alternative, find_alternatives
from detente.resolve.manoeuvre import Manoeuvres
from detente.resolve.plan import Plan
from detente.resolve.resolution import resolve_conflicts

__all__ = ["Alternative", "Manoeuvres", "Plan", "find_alternatives", "resolve_conflicts"]
