"""The watch: what sensors saw, joined to tracks and matched to what was declared.

Pure: sightings and the time come in, tracks and alerts come out; no clock and no socket. What
the ledger holds of it is here; :class:`detente.watch.watch.Watch`, which makes it and takes the
engine, is fetched from its own file.
"""

from detente.watch.track import Conformance, Deviation, Fix, Indication, Track, Unseen

__all__ = ["Conformance", "Deviation", "Fix", "Indication", "Track", "Unseen"]
