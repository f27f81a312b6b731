"""Feeds: sockets and files that sightings come by. The decoders are in ``formats``."""
