"""The watch: what sensors saw, joined to tracks and matched to what was declared.

Pure: sightings and the time come in, tracks and alerts come out; no clock and no socket.
"""
