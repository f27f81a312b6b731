"""A client of the service: parties and the authority ask it from Python, or by commands.

Two kinds, of the same verbs: :class:`Client` and :class:`AsyncClient`. What they give are the
authority's own forms.
"""

from detente.client.call import Call, Listing
from detente.client.client import AsyncClient, Client, Token
from detente.client.flight import (
    Filing,
    Flight,
    Geojson,
    Volumes,
    extent_of,
    read_areas,
    read_filings,
)
from detente.client.forms import Clash, Entered, Head, Page, Planned, Roll, Webhook
from detente.client.geojson import to_geojson
from detente.client.problem import (
    ClientError,
    Forbidden,
    NotFound,
    Problem,
    TooMany,
    Unauthenticated,
    Unreachable,
    WrongVersion,
)
from detente.client.retry import Patience

__all__ = [
    "AsyncClient",
    "Call",
    "Clash",
    "Client",
    "ClientError",
    "Entered",
    "Filing",
    "Flight",
    "Forbidden",
    "Geojson",
    "Head",
    "Listing",
    "NotFound",
    "Page",
    "Patience",
    "Planned",
    "Problem",
    "Roll",
    "Token",
    "TooMany",
    "Unauthenticated",
    "Unreachable",
    "Volumes",
    "Webhook",
    "WrongVersion",
    "extent_of",
    "read_areas",
    "read_filings",
    "to_geojson",
]
