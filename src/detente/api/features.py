"""OGC API - Features, Part 1 (OGC 17-069r4): the airspace as layers of a GIS."""

from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Request, Response, get
from litestar.params import QueryParameter

from detente.api.answers import Asked
from detente.api.caller import Caller, may
from detente.api.counter import Counter
from detente.api.filters import Filter, filter_of
from detente.api.layers import LAYERS
from detente.api.problem import ProblemError
from detente.api.shapes import Row, feature_of
from detente.authority import State

__all__ = ["FeaturesController"]

GEOJSON: Final = "application/geo+json"
_CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
CONFORMS: Final = (_CORE + "core", _CORE + "geojson")
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


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
                for id, layer in LAYERS.items()
                if request.user.role in layer.roles
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
        rows = await counter.read(lambda state: _rows(state, caller, collection, narrow))
        taken = [feature_of(row) for row in rows[offset : offset + limit]]
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
        rows = await counter.read(lambda state: _rows(state, caller, collection, Filter()))
        for row in rows:
            if row.id == id:
                path = f"{_base(request)}/collections/{collection}"
                links = [_link(f"{path}/items/{id}", "self", GEOJSON),
                         _link(path, "collection", "application/json")]  # fmt: skip
                return _geojson({**feature_of(row), "links": links})
        raise ProblemError("unknown", f"no feature {id!r}", field="feature")


def _rows(state: State, caller: Caller, collection: str, narrow: Filter) -> list[Row]:
    return [row for row in LAYERS[collection].rows(state, caller) if row.is_in(narrow)]


def _check(collection: str, caller: Caller) -> None:
    if collection not in LAYERS or caller.role not in LAYERS[collection].roles:
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
        "title": LAYERS[id].title,
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
