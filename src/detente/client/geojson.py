"""Intents and constraints as GeoJSON, which :func:`read_filings` reads again."""

from collections.abc import Iterator, Mapping
from typing import Any

from detente.airspace import Flights
from detente.authority.extent import Extent, Path4D, trajectory_of, volumes_of
from detente.authority.notice import OwnIntent, PublicConstraint, SharedIntent
from detente.authority.register import Intent
from detente.formats.volumes import volume_feature
from detente.formats.writing import flight_features

__all__ = ["Shown", "to_geojson"]

Shown = OwnIntent | SharedIntent | Intent | PublicConstraint
"""What has a place."""


def to_geojson(*things: Shown) -> dict[str, Any]:
    """Write intents and constraints as a GeoJSON FeatureCollection.

    A trajectory is a line with its times; each volume is a feature. Of a flight that was not
    accepted it is what was asked for. What has no place any more has no feature.
    """
    features = [feature for thing in things for feature in _features(thing)]
    return {"type": "FeatureCollection", "features": features}


_SHOWN = (
    "party", "version", "state", "precedence", "because", "constraints", "reason", "cycle",
    "ended", "effect", "permitted",
)  # fmt: skip


def _features(thing: Shown) -> Iterator[dict[str, Any]]:
    extent: Extent | None
    elsewhere: Extent = ()
    if isinstance(thing, PublicConstraint):
        name, extent = thing.constraint, thing.volumes
        facts: dict[str, Any] = {"constraint": name}
    else:
        name = thing.id if isinstance(thing, Intent) else thing.intent
        asked = (
            None if isinstance(thing, SharedIntent)
            else thing.proposal if isinstance(thing, Intent) else thing.asked
        )  # fmt: skip
        extent, elsewhere = thing.extent or asked, thing.off_nominal
        facts = {"intent": name}
    for field in _SHOWN:
        value = getattr(thing, field, None)
        if value:
            facts[field] = list(value) if isinstance(value, tuple) else value
    if extent:
        yield from _extent_features(name, extent, facts)
    if elsewhere:
        yield from _extent_features(f"{name}:off", elsewhere, {**facts, "off_nominal": True})


def _extent_features(
    name: str, extent: Extent, facts: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    if isinstance(extent, Path4D):
        flight = trajectory_of(extent, name, "")
        (feature,) = flight_features(Flights.from_trajectories([flight]))
        own = {k: v for k, v in feature["properties"].items() if k not in ("party", "priority")}
        yield {**feature, "properties": {**own, **facts}}
        return
    for k, volume in enumerate(extent, 1):
        id = name if len(extent) == 1 else f"{name}/{k}"
        feature = volume_feature(volumes_of((volume,), id)[0])
        yield {**feature, "properties": {**feature["properties"], **facts}}
