"""Synthetic air traffic over Europe."""

from detente.simulate.day import simulate_flights

__all__ = ["simulate_flights"]
