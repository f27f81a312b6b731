"""Measurements of Detente, with its peers beside it: ``make bench``."""
