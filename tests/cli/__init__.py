"""Whole-system tests: the real command in a process of its own."""
