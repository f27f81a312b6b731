"""The service's description (OpenAPI 3.1), with who may ask, every problem, and examples."""

from typing import Any, Final

import msgspec
from litestar import Litestar, Request
from litestar.enums import MediaType, OpenAPIMediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.router import Router

from detente.api.problem import MEDIA_TYPE, PROBLEMS, Problem
from detente.api.reference import reference
from detente.api.sheet import POLICY
from detente.api.tokens import PUBLIC

__all__ = ["Specification", "openapi"]

_DESCRIPTION: Final = """\
The authority of an airspace, for parties that trust nobody: each talks to it alone, and learns \
its own verdicts and what is public. Every write takes an Idempotency-Key; sent again under the \
same key, it gets the first answer again. Times are UTC, places are degrees on WGS84, altitudes \
are feet."""

_PATH: Final = {
    "start": "2030-07-01T12:00:00Z",
    "seconds": [0, 600, 1200],
    "lat": [50.0, 50.0, 50.0],
    "lon": [4.0, 5.0, 6.0],
    "alt": [35000, 35000, 35000],
}
_VOLUME: Final = {
    "corners": [[50.0, 4.0], [50.0, 5.0], [51.0, 5.0], [51.0, 4.0]],
    "lower": 0,
    "upper": 20000,
    "start": "2030-07-01T12:00:00Z",
    "end": "2030-07-01T14:00:00Z",
}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Filing": {
        "A trajectory": {"extent": _PATH},
        "Volumes": {"extent": [_VOLUME]},
    },
    "OffNominal": {"Where it may be": {"volumes": [_VOLUME]}},
    "Closure": {"Closed to all": {"volumes": [_VOLUME], "reason": "fire fighting"}},
    "Registration": {"A party": {"name": "Northern Air"}},
    "Reason": {"A reason": {"reason": "medical flight"}},
}
"""Of the bodies that are sent, by their schemas' names."""

_ALWAYS: Final = (500, 503)
_WITH_TOKEN: Final = (401, 403, 429)
_ASKED: Final = (400, 422)
_NAMED: Final = (404,)
_WRITE: Final = (404, 409, 410, 412)
_BODY: Final = (408, 413, 415)


class Specification(OpenAPIRenderPlugin):
    """Writes the description: as JSON, or as a page that needs nothing from elsewhere.

    Parameters
    ----------
    path : where.
    page : as a page.
    """

    def __init__(self, path: str, *, page: bool) -> None:
        super().__init__(
            path=path,
            media_type=MediaType.HTML if page else OpenAPIMediaType.OPENAPI_JSON,
        )
        self._page = page
        self._written: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Write it, once."""
        if self._written is None:
            whole = described(request.app, openapi_schema)
            self._written = reference(whole) if self._page else msgspec.json.encode(whole)
        return self._written


def openapi(version: str) -> OpenAPIConfig:
    """Say how the service is described: at ``/docs`` and ``/docs/openapi.json``."""
    return OpenAPIConfig(
        title="Detente",
        version=version,
        description=_DESCRIPTION,
        security=[{"bearer": []}],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="JWT",
                    description="A token of the issuer that the service is configured with.",
                )
            }
        ),
        use_handler_docstrings=True,
        operation_id_creator=_name,
        openapi_router=Router(
            "/docs",
            route_handlers=[],
            include_in_schema=False,
            opt={PUBLIC: True},
            response_headers={"Content-Security-Policy": POLICY},
        ),
        render_plugins=[
            Specification("/", page=True),
            Specification("/openapi.json", page=False),
        ],
    )


def described(app: Litestar, found: dict[str, Any]) -> dict[str, Any]:
    """Complete the description that the framework makes.

    Parameters
    ----------
    app : its handlers say which scope they need.
    found : is not changed.
    """
    whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found, enc_hook=str))
    scopes = _scopes(app)
    (_, problem) = msgspec.json.schema_components(
        [Problem], ref_template="#/components/schemas/{name}"
    )
    components = whole["components"]
    components["schemas"] |= problem
    components["responses"] = {str(status): _problems(status) for status, _ in PROBLEMS.values()}
    for item in whole["paths"].values():
        for method, operation in item.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            _complete(method, operation, scopes.get(operation.get("operationId", "")))
    return whole


def _complete(method: str, operation: dict[str, Any], scope: str | None) -> None:
    public = operation.get("security") == [{}]
    if scope and not public:
        operation["security"] = [{"bearer": [scope]}]
    statuses = set(_ALWAYS)
    statuses |= set() if public else set(_WITH_TOKEN)
    if any(parameter.get("in") == "path" for parameter in operation.get("parameters", ())):
        statuses |= set(_NAMED)
    body = operation.get("requestBody")
    if body or operation.get("parameters"):
        statuses |= set(_ASKED)
    if method != "get":
        statuses |= set(_WRITE)
    if body:
        statuses |= set(_BODY)
        for content in body.get("content", {}).values():
            examples = EXAMPLES.get(str(content["schema"].get("$ref", "")).rpartition("/")[2])
            if examples and "examples" not in content:
                content["examples"] = {name: {"value": value} for name, value in examples.items()}
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def _problems(status: int) -> dict[str, Any]:
    """Describe what is answered with a status: one or more types of problem."""
    kinds = [kind for kind, (number, _) in PROBLEMS.items() if number == status]
    described: dict[str, Any] = {
        "description": "; ".join(PROBLEMS[kind][1] for kind in kinds),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {
                    kind: {
                        "value": {
                            "type": f"/problems/{kind}",
                            "title": PROBLEMS[kind][1],
                            "status": status,
                        }
                    }
                    for kind in kinds
                },
            }
        },
    }
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status in (429, 503):
        described["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return described


def _name(handler: HTTPRouteHandler, _: object, __: object) -> str:
    """Name an operation after its controller and its function."""
    *owner, name = handler.fn.__qualname__.rpartition("<locals>.")[2].split(".")
    return "_".join([*(part.removesuffix("Controller").lower() for part in owner), name])


def _scopes(app: Litestar) -> dict[str, str]:
    """Give the scope that each operation needs, by the operation's name."""
    found = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler):
                continue
            for guard in handler.guards or ():
                if scope := getattr(guard, "scope", None):
                    found[_name(handler, None, None)] = scope
    return found
