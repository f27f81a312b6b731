"""OGC API - Features, Part 1 (OGC 17-069r4): the airspace as layers of a GIS.

What a layer holds is what the caller may see, from the same functions as everything else. Heights
are properties, in feet above the airspace's reference: a third coordinate would be metres above
the ellipsoid, which a flight level is not.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import QueryParameter

from detente.api.airspace import clashes
from detente.api.answers import Asked
from detente.api.caller import Caller, Role, may
from detente.api.counter import Counter
from detente.api.filters import Filter, filter_of
from detente.api.problem import ProblemError
from detente.authority import State
from detente.authority.disclosure import (
    OwnIntent,
    SharedVolumes,
    constraints_for,
    own_after,
    shared_with,
)
from detente.authority.extent import Extent, Path4D, Volume4D, span, volumes_of
from detente.authority.register import Intent
from detente.formats.geometry import area_geometry, line_geometry

__all__ = ["FeaturesController"]

GEOJSON: Final = "application/geo+json"
_CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
CONFORMS: Final = (_CORE + "core", _CORE + "geojson")
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

COLLECTIONS: Final = {
    "constraints": ("Constraints in force", frozenset(Role)),
    "intents": ("Intents: a party's own; the authority's are all", {Role.PARTY, Role.AUTHORITY}),
    "shared": ("What other members of a coalition share", frozenset({Role.PARTY})),
    "conflicts": ("Intents that something is in the way of", frozenset({Role.AUTHORITY})),
}
"""Each layer, and whose it is; to the others it is unknown."""

Feature = dict[str, Any]


class FeaturesController(Controller):
    """``/features``."""

    path = "/features"
    tags = ("features",)

    @get(guards=[may("read")])
    async def landing(self, request: Asked) -> dict[str, Any]:
        """Give the landing page (7.2)."""
        here = _base(request)
        return {
            "title": "Detente",
            "description": "What the caller may see of an airspace",
            "links": [
                _link(here, "self", "application/json"),
                _link(f"{request.base_url}openapi.json", "service-desc",
                      "application/vnd.oai.openapi+json;version=3.1"),
                _link(f"{request.base_url}docs", "service-doc", "text/html"),
                _link(f"{here}/conformance", "conformance", "application/json"),
                _link(f"{here}/collections", "data", "application/json"),
            ],
        }  # fmt: skip

    @get("/conformance", guards=[may("read")])
    async def conformance(self) -> dict[str, Any]:
        """Name the requirements that are kept (7.4)."""
        return {"conformsTo": list(CONFORMS)}

    @get("/collections", guards=[may("read")])
    async def collections(self, request: Asked) -> dict[str, Any]:
        """List the layers (7.13)."""
        here = _base(request)
        return {
            "links": [_link(f"{here}/collections", "self", "application/json")],
            "collections": [
                _collection(here, id)
                for id, (_, roles) in COLLECTIONS.items()
                if request.user.role in roles
            ],
        }

    @get("/collections/{collection:str}", guards=[may("read")])
    async def collection(self, request: Asked, collection: str) -> dict[str, Any]:
        """Give one layer (7.14)."""
        _check(collection, request.user)
        return _collection(_base(request), collection)

    @get("/collections/{collection:str}/items", guards=[may("read")])
    async def items(
        self,
        request: Asked,
        counter: Counter,
        collection: str,
        bbox: str | None = None,
        when: Annotated[
            str | None,
            QueryParameter(name="datetime", description="An instant, or an interval with / and .."),
        ] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=10_000)] = 100,
        offset: Annotated[int, QueryParameter(ge=0, le=2**31)] = 0,
    ) -> Response[bytes]:
        """Give features of a layer (7.15), by area (7.15.3) and time (7.15.4)."""
        _check(collection, request.user)
        _known(request, {"bbox", "datetime", "limit", "offset"})
        begin, end = _interval(when)
        try:
            narrow = filter_of(bbox, begin, end)
        except ProblemError as error:
            raise ProblemError("malformed", error.problem.detail, field=error.problem.field,
                               mend=error.problem.mend) from None  # fmt: skip
        caller = request.user
        rows = await counter.read(lambda state: list(_rows(state, caller, collection, narrow)))
        taken = [_feature(*row) for row in rows[offset : offset + limit]]
        path = f"{_base(request)}/collections/{collection}"
        links = [
            _link(f"{path}/items", "self", GEOJSON),
            _link(path, "collection", "application/json"),
        ]
        if offset + limit < len(rows):
            links.append(_link(_following(request, path, limit, offset), "next", GEOJSON))
        return _geojson(
            {
                "type": "FeatureCollection",
                "features": taken,
                "numberMatched": len(rows),
                "numberReturned": len(taken),
                "links": links,
            }
        )

    @get("/collections/{collection:str}/items/{feature:path}", guards=[may("read")])
    async def item(
        self, request: Asked, counter: Counter, collection: str, feature: str
    ) -> Response[bytes]:
        """Give one feature (7.16)."""
        _check(collection, request.user)
        caller, id = request.user, feature.removeprefix("/")
        rows = await counter.read(lambda state: list(_rows(state, caller, collection, Filter())))
        for row in rows:
            if row[0] == id:
                path = f"{_base(request)}/collections/{collection}"
                links = [_link(f"{path}/items/{id}", "self", GEOJSON),
                         _link(path, "collection", "application/json")]  # fmt: skip
                return _geojson({**_feature(*row), "links": links})
        raise ProblemError("unknown", f"no feature {id!r}", field="feature")


Row = tuple[str, Extent | None, tuple[Volume4D, ...], dict[str, Any]]
"""Identifier, where, where else, properties."""


def _rows(state: State, caller: Caller, collection: str, narrow: Filter) -> Iterator[Row]:
    for row in _all_rows(state, caller, collection):
        if narrow.takes(row[1]) or (row[2] and narrow.takes(row[2])):
            yield row


def _all_rows(state: State, caller: Caller, collection: str) -> Iterator[Row]:
    if collection == "constraints":
        for c in constraints_for(state, caller.subject if caller.role is Role.PARTY else ""):
            facts = {"effect": c.effect, "permitted": c.permitted, "reason": c.reason}
            yield c.constraint, c.volumes, (), {"version": c.version, **facts}
    elif collection == "shared":
        for s in shared_with(state, caller.subject):
            if isinstance(s, SharedVolumes):
                yield s.handle, s.volumes, s.off_nominal, {}
            else:
                name, facts = f"{s.party}/{s.intent}", {"party": s.party, "state": s.state}
                yield name, s.extent, s.off_nominal, facts
    elif collection == "conflicts":
        for name, clash in clashes(state, ""):
            intent = state.intents[name]
            yield name, intent.proposal or intent.extent, (), msgspec.to_builtins(clash)
    elif caller.role is Role.AUTHORITY:
        for name, intent in sorted(state.intents.items()):
            yield name, intent.extent or intent.proposal, intent.off_nominal, {
                "party": intent.party, **_facts(intent),
            }  # fmt: skip
    else:
        for mine in own_after(state, caller.subject):
            yield mine.intent, mine.extent or mine.asked, mine.off_nominal, _facts(mine)


def _facts(intent: Intent | OwnIntent) -> dict[str, Any]:
    return {
        "version": intent.version,
        "state": intent.state,
        "precedence": intent.precedence,
        "cycle": intent.cycle,
    }


def _feature(
    id: str, extent: Extent | None, elsewhere: tuple[Volume4D, ...], facts: dict[str, Any]
) -> Feature:
    parts: Iterable[Extent] = [part for part in (extent, elsewhere) if part]
    geometries = [_geometry(part) for part in parts]
    geometry: Any = None
    if len(geometries) == 1:
        geometry = geometries[0]
    elif geometries:
        geometry = {"type": "GeometryCollection", "geometries": geometries}
    return {
        "type": "Feature",
        "id": id,
        "geometry": geometry,
        "properties": {**facts, **(_heights(extent) if extent else {})},
    }


def _geometry(extent: Extent) -> dict[str, Any]:
    if isinstance(extent, Path4D):
        return line_geometry(extent.lat, extent.lon)
    return area_geometry(volume.outline for volume in volumes_of(extent, ""))


def _heights(extent: Extent) -> dict[str, Any]:
    """Give when and between which heights an extent is."""
    if isinstance(extent, Path4D):
        begin, end = span(extent)
        low: float | None = min(extent.alt)
        high: float | None = max(extent.alt)
        reference = extent.reference
        times: list[datetime | None] = [begin, end]
    else:
        starts = [v.start for v in extent]
        ends = [v.end for v in extent]
        times = [_least(starts), _least(ends, most=True)]
        low, high = _least([v.lower for v in extent]), _least([v.upper for v in extent], most=True)
        reference = extent[0].reference
    return {
        "begin": times[0], "end": times[1], "lower_ft": low, "upper_ft": high,
        "altitude_reference": reference,
    }  # fmt: skip


def _least(values: list[Any], *, most: bool = False) -> Any:
    """Give the least or the most; None, which is without limit, before any number."""
    if any(value is None for value in values):
        return None
    return max(values) if most else min(values)


def _check(collection: str, caller: Caller) -> None:
    if collection not in COLLECTIONS or caller.role not in COLLECTIONS[collection][1]:
        raise ProblemError("unknown", f"no collection {collection!r}", field="collection")


def _known(request: Request[Any, Any, Any], names: set[str]) -> None:
    for name in request.query_params:
        if name not in names:
            raise ProblemError("malformed", f"no parameter {name!r}", field=name)


def _interval(when: str | None) -> tuple[datetime | None, datetime | None]:
    if when is None:
        return None, None
    first, cut, last = when.partition("/")
    return _instant(first), _instant(last if cut else first)


def _instant(text: str) -> datetime | None:
    if text in ("", ".."):
        return None
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        found = None
    if found is None or found.tzinfo is None:
        raise ProblemError(
            "malformed", f"{text[:40]!r} is no time", field="datetime",
            mend="give RFC 3339 with an offset, or an interval such as 2026-07-01T00:00:00Z/..",
        )  # fmt: skip
    return found


def _collection(here: str, id: str) -> dict[str, Any]:
    path = f"{here}/collections/{id}"
    return {
        "id": id,
        "title": COLLECTIONS[id][0],
        "itemType": "feature",
        "crs": [_CRS84],
        "extent": {"spatial": {"bbox": [[-180.0, -90.0, 180.0, 90.0]], "crs": _CRS84}},
        "links": [
            _link(path, "self", "application/json"),
            _link(f"{path}/items", "items", GEOJSON),
        ],
    }


def _base(request: Request[Any, Any, Any]) -> str:
    return f"{request.base_url}features"


def _following(request: Request[Any, Any, Any], path: str, limit: int, offset: int) -> str:
    kept = {k: v for k, v in request.query_params.items() if k in ("bbox", "datetime")}
    kept |= {"limit": str(limit), "offset": str(offset + limit)}
    return f"{path}/items?{urlencode(kept)}"


def _link(href: str, rel: str, type: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": type}


def _geojson(body: dict[str, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(body), media_type=GEOJSON)
