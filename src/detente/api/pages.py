"""Pages for people, without a token: what each problem means, and the description."""

from html import escape
from typing import Any, Final

from litestar import Controller, MediaType, Request, Response, get

from detente.api.problem import PROBLEMS, ProblemError
from detente.api.sheet import POLICY, sheet
from detente.api.specification import Specification
from detente.api.tokens import PUBLIC

__all__ = ["MEANING", "PagesController"]

MEANING: Final[dict[str, tuple[str, str]]] = {
    "invalid": (
        "A value was understood and cannot be: outside its limits, not on the Earth, not finite, "
        "a polygon that crosses itself.",
        "`field` names it and `mend` says what can be. The limits are in the service's "
        "configuration.",
    ),
    "malformed": (
        "The request is not of the form that this resource takes: no JSON, a field missing or "
        "unknown, a parameter of another type.",
        "Compare it with the description at /docs.",
    ),
    "unauthenticated": (
        "There is no bearer token, or one that does not hold: expired, not yet valid, of another "
        "issuer or audience, signed with a key that is not known, or claiming a scope that its "
        "role cannot have.",
        "Get another token, and send it as Authorization: Bearer TOKEN. The header "
        "WWW-Authenticate says what was wrong with this one.",
    ),
    "forbidden": (
        "The token holds, but its role or its scopes do not allow this, or the authority did not "
        "register the party.",
        "Ask with a token that has the scope; what each role may is in the table of roles.",
    ),
    "suspended": (
        "The authority suspended the party: it may end and withdraw what it has, and file "
        "nothing new.",
        "Ask the authority.",
    ),
    "unknown": (
        "There is nothing under this name that you may know of. What is not there and what is "
        "another's get the same answer.",
        "Look at the name; lists show all that you may see.",
    ),
    "method": ("The resource is there, but takes no such method.", "Allowed are those at /docs."),
    "slow": (
        "The request did not arrive as a whole in the time that one may take.",
        "Send it faster, or in smaller parts.",
    ),
    "state": (
        "What was asked cannot be done in the state that it is in: a flight that ended cannot be "
        "amended.",
        "Read it again, and act on the state it is in.",
    ),
    "exists": ("It is there already.", "Read it; with If-Match it can be changed."),
    "conflict": (
        "Where the flight would be is not free.",
        "Take one of its alternatives, or file another.",
    ),
    "expired": (
        "An alternative may be taken only for a while, and that is over; its place may have gone "
        "to another.",
        "Amend the intent: it gets new alternatives, if there are any.",
    ),
    "version": (
        "If-Match names another version than there is: somebody, or the authority, changed it "
        "since; or there is no If-Match.",
        "Read it again, and give the ETag of that answer.",
    ),
    "too-large": (
        "The request is larger than the service takes.",
        "File fewer fixes or volumes at a time.",
    ),
    "media-type": (
        "The body is in a form that is not taken, or it is compressed.",
        "Send JSON, as it is.",
    ),
    "key": (
        "The Idempotency-Key was used before, for another request.",
        "Give each request a key of its own, and the same key only to the same request.",
    ),
    "time": (
        "Not at this time: a flight that begins in the past, an activation too early.",
        "Amend the times, or ask again when the time has come.",
    ),
    "no-key": (
        "Every write needs an Idempotency-Key, so that it can be sent again without being done "
        "twice.",
        "Add the header, with a value that you have not used: a UUID will do.",
    ),
    "too-many": (
        "You sent more requests than one party, or one coalition, may; or entered more statements "
        "than one party may.",
        "Wait as long as Retry-After says.",
    ),
    "fault": (
        "The service failed where it should not have; nothing about it is told here.",
        "Send the same request again, under the same Idempotency-Key. If it fails again, give "
        "the operator the X-Request-Id.",
    ),
    "busy": (
        "More commands wait to be decided on than the service takes. Nothing was decided.",
        "Send the same request again, with the same Idempotency-Key, after Retry-After.",
    ),
    "unavailable": (
        "The service cannot decide now: the ledger cannot be written, the service is starting or "
        "stopping, or it has too much to do. Whether a write was done may not be known.",
        "Send the same request again, under the same Idempotency-Key: what was done is not done "
        "twice.",
    ),
}
"""Of each type of problem: what it means, and how to mend it."""

_JSON = Specification("/openapi.json", page=False)


class PagesController(Controller):
    """Pages that anybody may read."""

    path = "/"
    opt = {PUBLIC: True}  # noqa: RUF012
    include_in_schema = False

    @get("/problems")
    async def problems(self) -> Response[bytes]:
        """List the types of problem."""
        rows = "".join(
            f'<tr><td><a href="/problems/{kind}">{kind}</a></td><td>{status}</td>'
            f"<td>{escape(title)}</td></tr>"
            for kind, (status, title) in PROBLEMS.items()
        )
        return _page("Problems", f"<h1>Problems</h1><table>{rows}</table>")

    @get("/problems/{kind:str}")
    async def problem(self, kind: str) -> Response[bytes]:
        """Explain a type of problem (RFC 9457, 4)."""
        if kind not in MEANING:
            raise ProblemError("unknown", "no such type of problem", mend="see /problems")
        status, title = PROBLEMS[kind]
        meaning, mend = MEANING[kind]
        return _page(
            title,
            f"<h1>{escape(title)}</h1><p class=note>type <code>/problems/{kind}</code>, "
            f"status {status}</p><h2>What it means</h2><p>{escape(meaning)}</p>"
            f"<h2>How to mend it</h2><p>{escape(mend)}</p>"
            '<p><a href="/problems">all problems</a> · <a href="/docs">the description</a></p>',
        )

    @get("/openapi.json")
    async def openapi(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Give the description."""
        found = request.app.openapi_schema.to_schema()
        return Response(_JSON.render(request, found), media_type=_JSON.media_type)


def _page(title: str, body: str) -> Response[bytes]:
    return Response(
        sheet(title, body),
        media_type=MediaType.HTML,
        headers={"Content-Security-Policy": POLICY},
    )
