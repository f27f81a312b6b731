"""The record: who said what of a flight or an event, and what stands. Pure."""
