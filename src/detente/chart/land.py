"""Coastlines and borders for the pages (Natural Earth 1:50m; see ``data/README.md``)."""

import base64
from importlib.resources import files

__all__ = ["SOURCE", "land"]

SOURCE = "Coastlines and borders: Natural Earth, public domain"
"""Where the land comes from, as the pages say it."""


def land() -> str:
    """Give the gzipped TopoJSON of the world's countries, as base64 text."""
    data = files(__package__).joinpath("data", "land.json.gz").read_bytes()
    return base64.b64encode(data).decode("ascii")
