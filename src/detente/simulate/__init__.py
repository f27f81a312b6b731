"""Synthetic air traffic over Europe."""

from detente.simulate.day import simulate

__all__ = ["simulate"]
